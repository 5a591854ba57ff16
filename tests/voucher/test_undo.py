"""Undoing a redemption: all that it brought goes back, or nothing does; once, and in time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.core import clock
from infra.local.client import Person
from tests.coupons import shop as coupons
from tests.town import Town
from tests.voucher import desk, shop

WHY = {
    "not redeemed": "it is not redeemed",
    "twice": "a redemption of it was undone before",
    "cash": "cash is not undone",
    "late": "the time for it is over",
    "gone": "what it brought is not there any more",
}


def why_not(town: Town, bid: str, serial: int = 0) -> str:
    """Why it is refused, in English."""
    body = {"batch_id": bid, "serial": serial, "note": "点错了"}
    path, spoken = "/v1/admin/codes/undo", {"Accept-Language": "en"}
    refusal = town.admin.call("POST", path, body, headers=spoken).expect(409)
    assert refusal["code"] == "code_not_undone"
    reason: str = refusal["reason"]
    return reason


def redeemed(town: Town, brings: dict[str, Any], **changes: Any) -> tuple[Person, str, str]:
    """Somebody who has redeemed the first of nine codes; its campaign, its batch."""
    ann, cid = town.person("ann"), shop.campaign(town, brings, **changes)
    bid = shop.minted(town, cid, 9)
    shop.redeems(ann, shop.code(town, bid), key="first-of-ann").expect(201)
    return ann, cid, bid


@pytest.mark.parametrize("brings", [shop.COUPON, shop.FIVE_YUAN, shop.POINTS, shop.AMOUNT_COUPON])
def test_all_that_it_brought_goes_back_and_somebody_else_redeems_the_code(town: Town, brings: dict[str, Any]) -> None:
    ann, cid, bid = redeemed(town, brings)
    ben = town.person("ben")
    assert desk.counts(town, bid) == (1, 0, 0, 8)
    undone = desk.undoes(town, bid, key="one-key-to-undo").expect(200)
    assert (undone["state"], undone["undone"], undone["user_id"], undone["note"]) == ("restored", True, None, "点错了")
    assert desk.counts(town, bid) == (0, 0, 0, 9)
    assert desk.status_of(town, bid, 0)["standing"] == "restored"
    accounts = ann.api.get("/v1/me/accounts")
    assert (accounts["fen"]["balance"], accounts["points"]["balance"]) == (0, 0)
    states = [piece["state"] for one in ann.api.get("/v1/me/coupons")["coupons"] for piece in one["pieces"]]
    assert set(states) <= {"invalid"}
    again = shop.redeems(ann, shop.code(town, bid), key="first-of-ann").expect(201)
    assert (again["undone"], again["coupon_id"]) == (True, None)
    assert desk.undoes(town, bid, key="one-key-to-undo").expect(200)["state"] == "restored"
    assert desk.undoes(town, bid).expect(200)["state"] == "restored", "again by another key is the same"
    shop.redeems(ben, shop.code(town, bid)).expect(201)
    assert desk.counts(town, bid) == (1, 0, 0, 8)
    assert desk.undoes(town, bid, key="one-key-to-undo").expect(200)["user_id"] == ben.uid, "nothing is undone again"
    assert why_not(town, bid) == WHY["twice"]
    requests = desk.status_of(town, bid, 0)["code"]["requests"]
    assert [(one["user_id"], one["undone_at"] is not None) for one in requests] == [(ann.uid, True), (ben.uid, False)]
    assert desk.balanced(town, ann, ben)
    assert [subject for _, subject in desk.audited(town, "codes.undo")] == [f"{bid}-0"]
    assert shop.escrow(town, cid) == (991, 9), "what a code holds is drawn when it is minted"


def test_whoever_redeemed_it_may_redeem_it_again(town: Town) -> None:
    ann, _, bid = redeemed(town, shop.FIVE_YUAN)
    desk.undoes(town, bid).expect(200)
    shop.redeems(ann, shop.code(town, bid)).expect(201)
    assert ann.api.get("/v1/me/accounts")["fen"]["balance"] == 500
    lines = [(one["why"], one["state"], one["amount"]) for one in ann.api.get("/v1/me/rewards")["rewards"]]
    assert sorted(lines) == sorted({*lines}), "no line twice"
    assert desk.balanced(town, ann)


def test_an_undone_redemption_counts_for_no_limit(town: Town) -> None:
    ann, _, bid = redeemed(town, shop.POINTS)
    assert shop.redeems(ann, shop.code(town, bid, 1)).expect(409)["code"] == "code_limit"
    desk.undoes(town, bid).expect(200)
    shop.redeems(ann, shop.code(town, bid, 1)).expect(201)
    assert shop.redeems(ann, shop.code(town, bid)).expect(409)["code"] == "code_limit"


def test_it_may_be_undone_until_its_very_last_instant(town: Town) -> None:
    _, _, bid = redeemed(town, shop.POINTS, undo_minutes=30)
    until = f"{clock.now() + timedelta(minutes=30):%FT%TZ}"
    assert desk.status_of(town, bid, 0)["undo_until"] == until
    clock.advance(1800.001)
    assert why_not(town, bid) == WHY["late"]
    assert desk.status_of(town, bid, 0)["undo_until"] is None
    clock.advance(-0.001)
    desk.undoes(town, bid).expect(200)


def test_no_minutes_are_not_a_moment(town: Town) -> None:
    _, _, bid = redeemed(town, shop.POINTS, undo_minutes=0)
    clock.advance(0.001)
    assert why_not(town, bid) == WHY["late"]


def test_what_is_not_redeemed_is_not_undone(town: Town) -> None:
    _, _, bid = redeemed(town, shop.POINTS)
    assert desk.undoes(town, bid, 1).expect(409)["code"] == "code_not_undone"
    desk.acts(town, bid, "revoke-code", {"serial": 2}).expect(200)
    assert why_not(town, bid, 2) == WHY["not redeemed"]
    assert desk.undoes(town, "65535").expect(404)["code"] == "not_found"


def test_a_coupon_that_is_locked_or_used_stays(town: Town) -> None:
    ann, _, bid = redeemed(town, shop.AMOUNT_COUPON)
    mine = ann.api.get("/v1/me/coupons")["coupons"][0]["coupon_id"]
    order = coupons.buys(ann, town.campaign(), mine).expect(201)
    assert why_not(town, bid) == WHY["gone"]
    ann.pay(order).expect(200)
    town.hear()
    assert why_not(town, bid) == WHY["gone"]
    assert coupons.piece(ann, mine) == "used"
    assert desk.counts(town, bid) == (1, 0, 0, 8)


def test_a_coupon_with_terms_of_its_own_that_an_order_gave_back_goes(town: Town) -> None:
    ann, _, bid = redeemed(town, shop.COUPON)
    mine = ann.api.get("/v1/me/coupons")["coupons"][0]["coupon_id"]
    order = coupons.buys(ann, town.campaign(), mine).expect(201)
    assert why_not(town, bid) == WHY["gone"]
    ann.api.post(f"/v1/orders/{order['order_id']}/cancel")
    town.minute()
    desk.undoes(town, bid).expect(200)
    assert coupons.piece(ann, mine) == "invalid"


def test_balance_that_is_spent_stays_spent(town: Town) -> None:
    ann, _, bid = redeemed(town, shop.FIVE_YUAN)
    pay = {"pay_with": [{"tender": "balance", "ref": "fen", "fen": 1}]}
    sku = Town.sku()["sku_id"]
    body = {"sku_id": sku, **pay}
    ann.api.call("POST", f"/v1/campaigns/{town.campaign()}/orders", body).expect(201)
    assert why_not(town, bid) == WHY["gone"]
    assert ann.api.get("/v1/me/accounts")["fen"] == {"balance": 499, "held": 1, "debt": 0}


def test_points_that_are_spent_stay_spent(town: Town) -> None:
    ann, _, bid = redeemed(town, shop.POINTS)
    coupons.claimed(ann, coupons.template(town, price_points=1))
    assert why_not(town, bid) == WHY["gone"]
    assert desk.balanced(town, ann)


def test_other_balance_of_his_makes_up_for_what_is_spent(town: Town) -> None:
    """Balance is one purse: what is there in full goes back, whichever yuan it was."""
    ann, _, bid = redeemed(town, shop.FIVE_YUAN)
    other = shop.batch(town, shop.FIVE_YUAN, size=9)
    shop.redeems(ann, shop.code(town, other)).expect(201)
    body = {"sku_id": Town.sku()["sku_id"], "pay_with": [{"tender": "balance", "ref": "fen", "fen": 500}]}
    ann.api.call("POST", f"/v1/campaigns/{town.campaign()}/orders", body).expect(201)
    desk.undoes(town, bid).expect(200)
    assert why_not(town, other) == WHY["gone"]
    assert desk.balanced(town, ann)


@pytest.mark.parametrize("drained", [False, True])
@pytest.mark.parametrize(
    ("act", "body", "state"), [("revoke", {}, "revoked"), ("revoke-range", {"first": 0, "last": 3}, "revoked")]
)
def test_after_its_batch_or_range_has_ended_a_code_does_not_live_again(
    town: Town, act: str, body: dict[str, Any], state: str, drained: bool
) -> None:
    ann, cid, bid = redeemed(town, shop.FIVE_YUAN)
    desk.acts(town, bid, act, body).expect(200)
    if drained:
        town.pass_time(180)
    assert desk.undoes(town, bid).expect(200)["state"] == state
    town.pass_time(180)
    gone = 9 if act == "revoke" else 4
    assert desk.counts(town, bid) == (0, gone, 0, 9 - gone)
    assert shop.escrow(town, cid) == (991 + gone, 9 - gone)
    ann.come_back()
    assert shop.redeems(ann, shop.code(town, bid)).expect(409)["code"] == "code_invalid"
    assert desk.balanced(town, ann)


@pytest.mark.parametrize("ticked", [False, True])
def test_after_its_time_is_over_it_is_expired(town: Town, ticked: bool) -> None:
    cid = shop.campaign(town, shop.POINTS)
    bid = shop.minted(town, cid, 9, until=clock.iso(clock.now() + timedelta(hours=1)))
    ann = town.person("ann")
    shop.redeems(ann, shop.code(town, bid)).expect(201)
    (town.pass_time if ticked else clock.advance)(3600)
    desk.undoes(town, bid).expect(200)
    assert desk.status_of(town, bid, 0)["standing"] == "expired"
    town.pass_time(180)
    assert desk.counts(town, bid) == (0, 0, 9, 0)
    assert shop.escrow(town, cid) == (1000, 0)


def test_by_its_letters_too_also_by_those_of_a_retired_key(town: Town) -> None:
    _, _, bid = redeemed(town, shop.POINTS)
    text = shop.code(town, bid)
    desk.retires(town)
    desk.acts(town, bid, "rekey").expect(200)
    assert desk.status(town, text)["standing"] == "redeemed"
    undone = town.admin.call("POST", "/v1/admin/codes/undo", {"code": text, "note": "点错了"}).expect(200)
    assert undone["state"] == "restored"
    assert desk.status(town, text)["standing"] == "key_retired"
    forged = town.admin.call("POST", "/v1/admin/codes/undo", {"code": desk.forged(town, bid), "note": "x"}).expect(409)
    assert forged["code"] == "code_forged"
    typo = town.admin.call("POST", "/v1/admin/codes/undo", {"code": "K7M2Q", "note": "x"}).expect(422)
    assert typo["code"] == "code_mistyped"


@pytest.mark.parametrize(
    "which",
    [{}, {"batch_id": "00000"}, {"serial": 0}, {"code": "K7M2Q", "serial": 0}, {"code": "K7M2Q", "batch_id": "00000"}],
)
def test_a_code_is_named_in_one_way(town: Town, which: dict[str, Any]) -> None:
    for path, more in (("undo", {"note": "x"}), ("status", {})):
        refusal = town.admin.call("POST", f"/v1/admin/codes/{path}", {**which, **more}).expect(422)
        assert (refusal["code"], refusal["errors"][0]["pointer"]) == ("invalid_field", "/code")
