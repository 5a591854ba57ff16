"""A top-up goes back: never money without its value, within seven days, and in one way only."""

from __future__ import annotations

import pytest

from chalicelib.core import clock
from chalicelib.core.errors import RippleError
from chalicelib.family.states import Mode
from chalicelib.family.topup_rules import returnable
from chalicelib.orders.items import Payment
from tests.family.acts import buys, wallet
from tests.family.test_topup import at_rest
from tests.family.topup_shop import holds, listed, looks, moves, opened, paid, put_right, refunds, stored, tops_up
from tests.fulfilment.shop import Bought
from tests.town import Town


def spent(town: Town, fid: str, fen: int) -> None:
    """So much of what was bought is spent; negative, it comes back."""
    put_right(town, fid, paid=-fen)


def returned(town: Town, oid: str) -> list[int]:
    return [refund["amount"]["refund"] for refund in town.refunds(oid)]


def test_whoever_bought_it_has_all_of_it_back(town: Town) -> None:
    cid, ann = opened(town), town.person()
    fid = listed(town, ann)
    oid = paid(town, ann, cid, fid)
    key = "one-key-to-have-it-back"
    first, again = (refunds(ann, fid, oid, key=key).expect(200) for _ in range(2))
    assert first == again
    assert (first["refund_fen"], first["refund_number"]) == (10_000, f"{oid}-wechat-1-0")
    assert (holds(town, fid), stored(town, oid).state) == ((0, 0, 0), "refund")
    assert moves(town, fid) == [("topped_up", 0, 10_000), ("top_up_back", 0, -10_000)]
    assert refunds(ann, fid, oid).body["code"] == "topup_not_refundable"
    at_rest(town)
    assert returned(town, oid) == [10_000]


def test_what_was_spent_of_it_stays_and_may_come_back_once_it_is_there_again(town: Town) -> None:
    cid, ann = opened(town), town.person()
    fid = listed(town, ann)
    oid = paid(town, ann, cid, fid)
    held = buys(ann, town.campaign(), wallet(fid, 7_000)).expect(201)
    ann.pay(held).expect(200)
    town.hear()
    assert refunds(ann, fid, oid).expect(200)["refund_fen"] == 3_000
    refused = refunds(ann, fid, oid)
    assert (refused.status, refused.body["code"], refused.body["left_fen"]) == (409, "topup_spent", 0)
    assert stored(town, oid).state == "confirmed"
    clock.advance(100)
    Bought(town, ann, held["order_id"]).refund(held["cash_fen"] + 2_000).expect(200)
    assert refunds(ann, fid, oid).expect(200)["refund_fen"] == 2_000
    town.stream()
    town.pass_time(300)
    assert returned(town, oid) == [3_000, 2_000]


def test_the_ledger_names_a_top_up_to_its_buyer_and_the_owner_alone(town: Town) -> None:
    cid, ann, ben, cat = opened(town), *(town.person(name) for name in ("ann", "ben", "cat"))
    fid = listed(town, ann, ben, cat, mode=Mode.PURSE)
    oid = paid(town, ben, cid, fid)
    refunds(ben, fid, oid).expect(200)
    for person, named in ((ben, oid), (ann, oid), (cat, None)):
        rows = person.api.get(f"/v1/families/{fid}/ledger")["rows"]
        assert {row["why"]: row["order_id"] for row in rows} == {"topped_up": named, "top_up_back": named}


def test_what_others_bought_is_not_his(town: Town) -> None:
    cid, ann = opened(town), town.person()
    fid = listed(town, ann, paid=30_000)
    oid = paid(town, ann, cid, fid)
    assert refunds(ann, fid, oid).expect(200)["refund_fen"] == 10_000
    assert holds(town, fid) == (0, 30_000, 0)


def test_value_that_is_spent_meanwhile_is_not_paid_back_too(town: Town) -> None:
    cid, ann = opened(town), town.person()
    fid = listed(town, ann)
    oid = paid(town, ann, cid, fid)
    town.emulator.meanwhile(lambda: spent(town, fid, 4_000), "TransactWriteItems")
    assert refunds(ann, fid, oid).expect(200)["refund_fen"] == 6_000
    assert holds(town, fid) == (0, 0, 0)


def test_its_buyer_sees_what_may_go_back_until_when_and_why_not(town: Town) -> None:
    cid, ann, ben = opened(town), town.person(), town.person()
    fid = listed(town, ann, ben)
    held = tops_up(town, ann, cid, fid).expect(201)["order_id"]
    assert looks(ann, fid, held).expect(200)["refund"] is None
    oid = paid(town, ann, cid, fid)
    spent(town, fid, 7_000)
    shown = looks(ann, fid, oid).expect(200)
    assert (shown["state"], shown["value_fen"], shown["back_fen"], shown["campaign_id"]) == (
        "confirmed",
        10_000,
        0,
        cid,
    )
    assert shown["refund"] == {"refundable_fen": 3_000, "until": "2026-11-18T12:00:00Z", "why_not": None}
    refunds(ann, fid, oid).expect(200)
    shown = looks(ann, fid, oid).expect(200)
    assert (shown["back_fen"], shown["refund"]["why_not"]["code"]) == (3_000, "topup_spent")
    assert looks(ben, fid, oid).status == 404
    clock.advance(8 * 86_400)
    ann.come_back()
    assert looks(ann, fid, oid).expect(200)["refund"]["why_not"]["code"] == "topup_refund_over"


@pytest.mark.parametrize(("seconds", "status"), [(0, 200), (1, 409)])
def test_he_may_ask_for_seven_days(town: Town, seconds: int, status: int) -> None:
    cid, ann = opened(town), town.person()
    fid = listed(town, ann)
    oid = paid(town, ann, cid, fid)
    clock.advance((stored(town, oid).paid_at - clock.now()).total_seconds() + 7 * 86_400 + seconds)
    ann.come_back()
    answer = refunds(ann, fid, oid)
    assert answer.status == status
    if seconds:
        assert answer.body["code"] == "topup_refund_over"
        back = town.admin.call("POST", f"/v1/admin/orders/{oid}/refund", {"note": "goodwill"})
        assert (back.status, holds(town, fid)) == (200, (0, 0, 0))


def test_nobody_else_has_it_back_nor_what_is_not_paid(town: Town) -> None:
    cid, ann, ben = opened(town), town.person(), town.person()
    fid, other = listed(town, ann, ben), listed(town, town.person())
    oid = paid(town, ann, cid, fid)
    assert refunds(ben, fid, oid).status == refunds(ann, other, oid).status == 404
    goods = ann.buy(town.campaign()).expect(201)
    assert refunds(ann, fid, goods["order_id"]).status == 404
    held = tops_up(town, ann, cid, fid).expect(201)
    refused = refunds(ann, fid, held["order_id"])
    assert (refused.body["code"], refused.body["state"]) == ("topup_not_refundable", "held")
    assert "held" not in refused.body["detail"]


def test_after_sale_names_the_way_in_which_it_goes_back(town: Town) -> None:
    cid, ann = opened(town), town.person()
    fid = listed(town, ann)
    oid = paid(town, ann, cid, fid)
    refused = ann.api.call("POST", f"/v1/orders/{oid}/cases", {"reason": "other"})
    assert (refused.status, refused.body["code"]) == (409, "topup_back_by_wallet")
    assert refused.body["path"] == f"POST /v1/families/{fid}/topups/{oid}/refund"
    assert "/v1/" not in refused.body["detail"] + refused.body["next"]


def test_the_merchant_gives_no_more_back_than_is_there(town: Town) -> None:
    cid, ann = opened(town), town.person()
    fid = listed(town, ann)
    oid = paid(town, ann, cid, fid)
    spent(town, fid, 4_000)
    path = f"/v1/admin/orders/{oid}/refund"
    refused = town.admin.call("POST", path, {"note": "all", "amount_fen": 6_001})
    assert (refused.status, refused.body["code"], refused.body["left_fen"]) == (409, "topup_spent", 6_000)
    part = {"note": "some", "amount_fen": 1_000}
    for _ in range(2):
        town.admin.call("POST", path, part, key="one-key-to-give-some").expect(200)
    assert holds(town, fid) == (0, 5_000, 0)
    town.admin.call("POST", path, {"note": "rest"}).expect(200)
    assert (holds(town, fid), stored(town, oid).state) == ((0, 0, 0), "confirmed")
    entries = town.admin.get("/v1/admin/audit?limit=50")["entries"]
    amounts = [entry["detail"]["amount_fen"] for entry in entries if entry["action"] == "order.refund"]
    assert sorted(amounts) == ["1000", "5000"]
    assert [row[2] for row in moves(town, fid) if row[0] != "adjusted"] == [10_000, -1_000, -5_000]


@pytest.mark.parametrize(("refunds", "there"), [(48, 1), (49, 10)])
def test_the_last_of_fifty_refunds_may_take_all_that_is_left(refunds: int, there: int) -> None:
    assert returnable(Payment(live_fen=10, refunds=refunds), there, None) == there


@pytest.mark.parametrize(("refunds", "there"), [(49, 9), (50, 10)])
def test_the_last_of_fifty_refunds_leaves_nothing_behind(refunds: int, there: int) -> None:
    with pytest.raises(RippleError) as refused:
        returnable(Payment(live_fen=10, refunds=refunds), there, None)
    assert refused.value.problem.code == "topup_refunds_used_up"
