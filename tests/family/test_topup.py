"""Buying value for a family's wallet: who may, how much, what becomes of the money whatever happens meanwhile."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

import pytest

from chalicelib.core import clock
from chalicelib.core.ids import MerchantId
from chalicelib.core.table import Key
from chalicelib.family.items import family_key, member_key
from chalicelib.family.states import FamilyState, MemberState, Mode, Role
from chalicelib.fulfilment.at_once import FOLLOWING
from chalicelib.merchants.wallet import NAMED_FEN, UNNAMED_FEN
from infra.local.client import Person
from tests import invariants
from tests.family import topup_shop as shop
from tests.family.topup_shop import as_if, holds, listed, moves, opened, paid, refunds, stored, tops_up
from tests.merchants.wallet import files
from tests.town import Town
from tests.voucher.goods_shop import paid_late


def at_rest(town: Town) -> None:
    """All promises hold once everything that is due was done."""
    town.pass_time(4 * 3600, tick=600)
    town.stream()
    town.pass_time(600)
    town.hear()
    invariants.at_rest(town.items(), town.sim.world)


def family_at(town: Town, fid: str) -> Key:
    return family_key(MerchantId(town.merchant.mid), fid)


def member_at(town: Town, fid: str, person: Person) -> Key:
    return member_key(MerchantId(town.merchant.mid), fid, person.uid)


def test_a_top_up_is_ordered_paid_and_there(town: Town) -> None:
    cid, ann = opened(town), town.person()
    fid = listed(town, ann)
    made = tops_up(town, ann, cid, fid).expect(201)
    assert (made["state"], made["total_fen"], made["cash_fen"], made["family_id"]) == ("held", 10_000, 10_000, fid)
    assert holds(town, fid) == (0, 0, 10_000)
    ann.pay(made).expect(200)
    town.hear()
    assert holds(town, fid) == (0, 10_000, 0)
    assert moves(town, fid) == [("topped_up", 0, 10_000)]
    town.stream()
    shown = ann.order(made["order_id"])
    assert (shown["state"], shown["goods"]["state"], shown["goods"]["received_by"]) == ("confirmed", "done", "payment")
    at_rest(town)


def test_the_same_request_is_the_same_order(town: Town) -> None:
    cid, ann = opened(town), town.person()
    fid = listed(town, ann)
    key = "one-key-to-top-it-up"
    first, again = (tops_up(town, ann, cid, fid, key=key).expect(201) for _ in range(2))
    assert first["order_id"] == again["order_id"]
    assert holds(town, fid) == (0, 0, 10_000)
    assert tops_up(town, ann, cid, fid, "five", key=key).body["code"] == "idempotency_key_reused"


def test_what_is_given_up_is_no_longer_on_its_way_and_money_for_it_is_owed_back(town: Town) -> None:
    cid, ann = opened(town), town.person()
    fid = listed(town, ann)
    made = tops_up(town, ann, cid, fid).expect(201)
    shop.gives_up(town, ann, made)
    assert (stored(town, made["order_id"]).state, holds(town, fid)) == ("released", (0, 0, 0))
    paid_late(town, made)
    assert (stored(town, made["order_id"]).state, holds(town, fid), moves(town, fid)) == ("refund", (0, 0, 0), [])
    at_rest(town)
    assert sum(refund["amount"]["refund"] for refund in town.refunds(made["order_id"])) == 10_000


def test_orders_that_may_still_be_paid_count_against_the_cap(town: Town) -> None:
    cid, ann = opened(town), town.person()
    fid = listed(town, ann, paid=40_000)
    tops_up(town, ann, cid, fid, "five").expect(201)
    assert tops_up(town, ann, cid, fid, "hundred").expect(201)
    refused = tops_up(town, ann, cid, fid, "hundred")
    assert (refused.status, refused.body["code"]) == (409, "family_wallet_full")
    assert (refused.body["cap_fen"], refused.body["room_fen"]) == (UNNAMED_FEN, 0)


def test_real_names_raise_the_cap(town: Town) -> None:
    cid, ann = opened(town), town.person()
    fid = listed(town, ann, paid=UNNAMED_FEN)
    assert tops_up(town, ann, cid, fid).body["code"] == "family_wallet_full"
    files(town, named=True)
    tops_up(town, ann, cid, fid).expect(201)
    shop.put_right(town, fid, paid=NAMED_FEN - 10_000 - 9_999 - UNNAMED_FEN)
    assert tops_up(town, ann, cid, fid).body["room_fen"] == 9_999


@pytest.mark.parametrize("before", [0, 10_000])
def test_two_at_once_do_not_pass_the_cap_together(town: Town, before: int) -> None:
    cid, ann = opened(town), town.person()
    fid = listed(town, ann, paid=30_000)
    if before:
        tops_up(town, ann, cid, fid).expect(201)
    town.emulator.meanwhile(lambda: tops_up(town, ann, cid, fid, "five").expect(201), "TransactWriteItems")
    refused = tops_up(town, ann, cid, fid, "five")
    assert (refused.body["code"], holds(town, fid)) == ("family_wallet_full", (0, 30_000, 50_000 + before))


@pytest.mark.parametrize(
    ("who", "mode", "status"),
    [
        ("owner", Mode.OWNER_PAYS, 201),
        ("owner", Mode.PURSE, 201),
        ("adult", Mode.PURSE, 201),
        ("adult", Mode.OWNER_PAYS, 403),
        ("minor", Mode.PURSE, 403),
        ("stranger", Mode.PURSE, 404),
    ],
)
def test_its_owner_tops_it_up_and_adults_where_it_is_a_purse(town: Town, who: str, mode: Mode, status: int) -> None:
    cid = opened(town)
    people = {name: town.person() for name in ("owner", "adult", "minor", "stranger")}
    fid = listed(town, people["owner"], people["adult"], minors=(people["minor"],), mode=mode)
    answer = tops_up(town, people[who], cid, fid)
    assert answer.status == status
    if status == 403:
        assert answer.body["code"] == ("family_adults_only" if who == "minor" else "family_not_owner")


TURNS: dict[str, tuple[str, dict[str, Any], str]] = {
    "frozen": ("family", {"status": FamilyState.FROZEN}, "family_frozen"),
    "closing": ("family", {"status": FamilyState.CLOSING}, "family_ended"),
    "no purse": ("family", {"mode": Mode.OWNER_PAYS}, "family_not_owner"),
    "member frozen": ("member", {"state": MemberState.FROZEN}, "family_member_frozen"),
    "no adult": ("member", {"role": Role.MINOR}, "family_adults_only"),
    "left": ("member", {"state": MemberState.REMOVED}, "family_unknown"),
}


@pytest.mark.parametrize("turn", TURNS)
def test_what_happens_in_between_is_decided_anew(town: Town, turn: str) -> None:
    cid, ann, ben = opened(town), town.person(), town.person()
    fid = listed(town, ann, ben, mode=Mode.PURSE)
    what, values, code = TURNS[turn]
    key = family_at(town, fid) if what == "family" else member_at(town, fid, ben)
    with ExitStack() as meanwhile:
        town.emulator.meanwhile(lambda: meanwhile.enter_context(as_if(town, key, **values)), "TransactWriteItems")
        assert tops_up(town, ben, cid, fid).body["code"] == code
        assert holds(town, fid) == (0, 0, 0)


def test_money_becomes_value_whatever_has_become_of_the_family(town: Town) -> None:
    cid, ann = opened(town), town.person()
    fid = listed(town, ann)
    made = tops_up(town, ann, cid, fid).expect(201)
    with as_if(town, family_at(town, fid), status=FamilyState.CLOSED):
        ann.pay(made).expect(200)
        town.hear()
        assert holds(town, fid) == (0, 10_000, 0)
        refunds(ann, fid, made["order_id"]).expect(200)
        assert holds(town, fid) == (0, 0, 0)


def test_whoever_has_not_read_the_terms_in_force_does_not_buy(town: Town) -> None:
    cid, ann = opened(town), town.person()
    fid = listed(town, ann)
    old = shop.terms_read(town)
    new = files(town, filing_number="330106AAA0002")
    refused = tops_up(town, ann, cid, fid, terms=old)
    assert (refused.status, refused.body["code"], refused.body["edition"]) == (409, "topup_terms_changed", new)


def test_nothing_is_sold_while_the_merchant_pauses_it(town: Town) -> None:
    cid, ann = opened(town), town.person()
    fid = listed(town, ann)
    bought = paid(town, ann, cid, fid)
    files(town, paused=True)
    assert tops_up(town, ann, cid, fid).body["code"] == "topup_closed"
    asked = {"family_id": fid, "sku_id": "hundred"}
    assert ann.api.call("POST", f"/v1/campaigns/{cid}/topups/quote", asked).body["code"] == "topup_closed"
    refunds(ann, fid, bought).expect(200)


@pytest.mark.parametrize(
    ("more", "status"),
    [({"pay_with": []}, 422), ({"sku_id": "none"}, 422), ({"terms": "x"}, 422), ({"sku_id": None}, 422)],
)
def test_money_alone_pays_and_every_field_is_looked_at(town: Town, more: dict[str, Any], status: int) -> None:
    cid, ann = opened(town), town.person()
    fid = listed(town, ann)
    assert tops_up(town, ann, cid, fid, **more).status == status
    assert holds(town, fid) == (0, 0, 0)


def test_a_quote_tells_price_promises_filing_and_terms_and_why_not(town: Town) -> None:
    cid, ann, ben = opened(town), town.person(), town.person()
    fid = listed(town, ann, ben, paid=95_000)
    asked = {"family_id": fid, "sku_id": "hundred"}
    told = ann.api.call("POST", f"/v1/campaigns/{cid}/topups/quote", asked).expect(200)
    assert (told["value_fen"], told["total_fen"], told["room_fen"], told["cap_fen"]) == (10_000, 10_000, 5_000, 100_000)
    assert (told["can_top_up"], told["why_not"]["code"], told["refund_days"]) == (False, "family_wallet_full", 7)
    assert told["terms"] == shop.terms_read(town)
    assert (told["filing_number"], told["filed_with"]) == ("330106AAA0001", "杭州市西湖区商务局")
    assert "never expires" in str(told["promises"])
    other = ben.api.call("POST", f"/v1/campaigns/{cid}/topups/quote", asked).expect(200)
    assert other["why_not"]["code"] == "family_not_owner"


def test_nobody_who_follows_a_buyer_hears_of_a_top_up(town: Town) -> None:
    cid, ann = opened(town), town.person()
    fid = listed(town, ann)
    made = tops_up(town, ann, cid, fid).expect(201)
    assert stored(town, made["order_id"]).follows == ["at_once"]


def test_a_campaign_that_is_over_sells_nothing(town: Town) -> None:
    cid, ann = opened(town), town.person()
    fid = listed(town, ann)
    clock.advance(60 * 86_400)
    ann.come_back()
    assert tops_up(town, ann, cid, fid).body["code"] == "campaign_not_running"


def test_what_was_delivered_once_is_not_delivered_again(town: Town) -> None:
    cid, ann = opened(town), town.person()
    fid = listed(town, ann)
    order = stored(town, paid(town, ann, cid, fid))
    FOLLOWING.confirmed(order)
    assert ann.order(order.oid)["goods"]["received_by"] == "payment"
