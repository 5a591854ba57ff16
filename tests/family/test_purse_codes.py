"""Codes that bring value for a family's wallet: given, or bought where they are sold; undone, it comes back whole."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from chalicelib.core.ids import MerchantId
from chalicelib.core.table import Key
from chalicelib.family.items import belonging_key, family_key
from chalicelib.family.states import FamilyState
from infra.local.client import Person
from tests.family.topup_shop import as_if, holds, listed, moves, purse_codes, put_right
from tests.town import Town
from tests.voucher import owner
from tests.voucher import shop as codes

ENDED = "family_ended"


def family_at(town: Town, fid: str) -> Key:
    return family_key(MerchantId(town.merchant.mid), fid)


def belongs_at(town: Town, person: Person) -> Key:
    return belonging_key(MerchantId(town.merchant.mid), person.uid)


@pytest.mark.parametrize("sold", [False, True])
def test_a_code_fills_the_wallet_of_its_redeemers_family(town: Town, sold: bool) -> None:
    bid, ann, ben = purse_codes(town, sold=sold), town.person(), town.person()
    fid = listed(town, ann, ben)
    shown = codes.previews(ben, codes.code(town, bid)).expect(200)
    assert (shown["can_redeem"], shown["how"], shown["brings"]) == (True, "redeem", {"kind": "purse", "fen": 500})
    key = "one-key-to-redeem-it"
    for _ in range(2):
        codes.redeems(ben, codes.code(town, bid), key=key).expect(201)
    there = (0, 500) if sold else (500, 0)
    assert holds(town, fid) == (*there, 0)
    assert moves(town, fid) == [("code", *there)]


@pytest.mark.parametrize("sold", [False, True])
def test_undone_it_leaves_the_wallet_that_it_came_to_whoever_belongs_there_now(town: Town, sold: bool) -> None:
    bid, ann, ben = purse_codes(town, sold=sold), town.person(), town.person()
    fid = listed(town, ann, ben)
    codes.redeems(ben, codes.code(town, bid)).expect(201)
    with as_if(town, belongs_at(town, ben), fid=None):
        assert owner.undo(town, bid, 0).status == 200
    assert holds(town, fid) == (0, 0, 0)
    assert [row[0] for row in moves(town, fid)] == ["code", "code_undone"]
    codes.redeems(ann, codes.code(town, bid)).expect(201)
    assert sum(holds(town, fid)) == 500


@pytest.mark.parametrize("sold", [False, True])
def test_what_was_spent_of_it_is_not_undone(town: Town, sold: bool) -> None:
    bid, ann = purse_codes(town, sold=sold), town.person()
    fid = listed(town, ann)
    codes.redeems(ann, codes.code(town, bid)).expect(201)
    # Of the other kind there is enough.
    put_right(town, fid, **({"paid": -1, "granted": 900} if sold else {"granted": -1, "paid": 900}))
    refused = owner.undo(town, bid, 0)
    assert (refused.status, refused.code) == (409, "code_not_undone")
    assert "not there any more" in refused.detail


def test_whoever_is_in_no_family_is_told_to_create_one(town: Town) -> None:
    bid, ann = purse_codes(town), town.person()
    shown = codes.previews(ann, codes.code(town, bid)).expect(200)
    assert (shown["can_redeem"], shown["why_not"]["code"]) == (False, "code_needs_family")
    refused = codes.redeems(ann, codes.code(town, bid))
    assert (refused.status, refused.body["code"]) == (409, "code_needs_family")
    assert codes.used(town, bid) is None
    fid = listed(town, ann)
    codes.redeems(ann, codes.code(town, bid)).expect(201)
    assert holds(town, fid) == (500, 0, 0)


def test_a_full_wallet_leaves_a_code_that_was_sold_free(town: Town) -> None:
    bid, ann = purse_codes(town, sold=True), town.person()
    fid = listed(town, ann, paid=99_501)
    refused = codes.redeems(ann, codes.code(town, bid))
    assert (refused.status, refused.body["code"], refused.body["room_fen"]) == (409, "family_wallet_full", 499)
    assert codes.used(town, bid) is None
    put_right(town, fid, paid=-1)
    codes.redeems(ann, codes.code(town, bid)).expect(201)
    given = purse_codes(town)
    codes.redeems(ann, codes.code(town, given)).expect(201)
    assert holds(town, fid) == (500, 100_000, 0)


@pytest.mark.parametrize(("status", "code"), [("frozen", None), ("closing", ENDED), ("closed", ENDED)])
def test_a_family_that_ends_takes_nothing_more(town: Town, status: str, code: str | None) -> None:
    bid, ann = purse_codes(town), town.person()
    fid = listed(town, ann)
    with as_if(town, family_at(town, fid), status=FamilyState(status)):
        assert codes.redeems(ann, codes.code(town, bid)).body.get("code") == code
        assert holds(town, fid) == (0 if code else 500, 0, 0)


@pytest.mark.parametrize("turn", ["left", "ended", "full"])
def test_what_happens_in_between_is_decided_anew(town: Town, turn: str) -> None:
    bid, ann = purse_codes(town, sold=True), town.person()
    fid = listed(town, ann)
    acts = {
        "left": (as_if(town, belongs_at(town, ann), fid=None), "code_needs_family"),
        "ended": (as_if(town, family_at(town, fid), status=FamilyState.CLOSING), ENDED),
        "full": (as_if(town, family_at(town, fid), arriving=99_900), "family_wallet_full"),
    }
    act, code = acts[turn]
    with ExitStack() as meanwhile:
        town.emulator.meanwhile(lambda: meanwhile.enter_context(act), "TransactWriteItems")
        assert codes.redeems(ann, codes.code(town, bid)).body["code"] == code
        assert (codes.used(town, bid), holds(town, fid)[1]) == (None, 0)


def test_the_staff_redeem_it_for_whoever_shows_his_pass(town: Town) -> None:
    bid, ann = purse_codes(town), town.person()
    fid = listed(town, ann)
    shown = ann.api.get("/v1/me/pass")["qr"]
    body = {"code": codes.code(town, bid), "pass": shown}
    done = town.admin.call("POST", "/v1/admin/codes/redeem", body).expect(201)
    assert (done["hand_over"], done["user_id"], holds(town, fid)) == (None, ann.uid, (500, 0, 0))
    alone = town.admin.call("POST", "/v1/admin/codes/redeem", {"code": codes.code(town, bid, 1)})
    assert alone.body["code"] == "code_needs_user"
