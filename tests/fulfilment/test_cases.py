"""After-sale: what a buyer asks for, who decides it, and what each ending leaves behind."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.campaigns.items import StockShard
from chalicelib.campaigns.offer import Fulfilment
from chalicelib.core import clock
from chalicelib.core.errors import RippleError
from chalicelib.fulfilment import rules
from chalicelib.fulfilment.items import CaseLine
from chalicelib.groupbuy.items import Group, Limit, Seat
from chalicelib.orders.items import Line, Order, Payment
from tests import invariants
from tests.fulfilment.shop import OTHER, PARCEL, Bought, bought, won
from tests.fulfilment.test_delivery import code
from tests.town import Town


def money(town: Town, order: Bought) -> tuple[int, int, int]:
    """What of an order's payment is live, owed and refunded."""
    (paid,) = [item for item in town.items() if isinstance(item, Payment) and item.oid == order.order_id]
    return paid.live_fen, paid.owed_fen, paid.refunded_fen


def settle(town: Town) -> None:
    town.stream()
    clock.advance(60)
    town.hear()
    town.pass_time(600)


def taken(town: Town) -> int:
    return sum(item.taken for item in town.items() if isinstance(item, StockShard))


def test_asked_granted_and_refunded_in_part(town: Town) -> None:
    order = bought(town)
    order.send(PARCEL).expect(200)
    (case,) = order.ask(amount_fen=900, note="a scratch").expect(201)["cases"]
    assert (case["state"], case["amount_fen"], case["goods_back"]) == ("asked", 900, False)
    (listed,) = town.admin.get("/v1/admin/cases")["cases"]
    assert (listed["order_id"], listed["case"], listed["note"]) == (order.order_id, 1, "a scratch")
    record = order.desk("cases/1/grant", {"answer": "sorry"}).expect(200)
    assert (record["cases"][0]["state"], record["state"]) == ("paid_back", "confirmed")
    assert money(town, order) == (8000, 900, 0)
    settle(town)
    assert money(town, order) == (8000, 0, 900)
    (back,) = order.shown["payments"][0]["refunds"]
    assert (back["amount_fen"], back["why"]) == (900, "after_sale")
    assert town.admin.get("/v1/admin/cases")["cases"] == []
    assert order.shown["goods"]["state"] == "sent"
    invariants.at_rest(town.items(), town.sim.world)


def test_a_part_and_the_rest_end_the_order_and_its_goods_are_not_told(town: Town) -> None:
    order = bought(town)
    order.refund(900).expect(200)
    assert order.record["state"] == "confirmed"
    order.refund().expect(200)
    assert (order.record["state"], money(town, order)) == ("refund", (0, 8900, 0))
    town.stream()
    assert [r["amount"]["refund"] for r in town.refunds(order.order_id)] == [900]
    clock.advance(59)
    town.minute()
    assert len(town.refunds(order.order_id)) == 1
    clock.advance(2)
    town.minute()
    assert [r["amount"]["refund"] for r in town.refunds(order.order_id)] == [900, 8000]
    clock.advance(60)
    town.hear()
    town.pass_time(600)
    assert money(town, order) == (0, 0, 8900)
    assert code(order.refund()) == (409, "order_not_deliverable")
    invariants.at_rest(town.items(), town.sim.world)


def test_a_purchase_that_is_refunded_before_it_goes_gives_its_units_and_limit_back(town: Town) -> None:
    order = bought(town)
    assert taken(town) == 1
    order.refund().expect(200)
    assert taken(town) == 0
    assert [limit.units for limit in town.items() if isinstance(limit, Limit)] == [0]


@pytest.mark.parametrize("skus", [1, 2])
def test_a_seat_that_is_refunded_before_it_goes_gives_its_units_and_part_back(town: Town, skus: int) -> None:
    goods = [{**town.sku(), "sku_id": f"box-{n}"} for n in range(skus)]
    leader, opened = town.person(), None
    campaign = town.campaign(size=2, units_per_seat=3, skus=goods)
    opened = leader.open(campaign, "box-0").expect(201)
    leader.pay(opened).expect(200)
    town.hear()
    member = town.person()
    joined = member.join(opened["group_id"], f"box-{skus - 1}").expect(201)
    member.pay(joined).expect(200)
    town.hear()
    town.minute()
    order = Bought(town, member, joined["order_id"])
    assert taken(town) == 6
    order.refund().expect(200)
    assert taken(town) == 3
    seat = next(i for i in town.items() if isinstance(i, Seat) and i.order == order.order_id)
    limit = next(i for i in town.items() if isinstance(i, Limit) and member.uid in i.pk)
    assert (seat.state, limit.parts, limit.units) == ("refunded", 0, 0)
    assert member.group(opened["group_id"])["my_seat"]["state"] == "refunded"
    assert [group.status for group in town.items() if isinstance(group, Group)] == ["succeeded"]


def test_what_had_gone_out_does_not_come_back_to_stock_by_itself(town: Town) -> None:
    order, _ = won(town)
    order.send(PARCEL).expect(200)
    order.ask(goods_back=True).expect(201)
    order.desk("cases/1/grant").expect(200)
    order.mine("cases/1/send-back", OTHER).expect(200)
    record = order.desk("cases/1/goods-came").expect(200)
    assert (record["state"], record["cases"][0]["parcel"]["number"], taken(town)) == ("refund", "ST0002", 2)
    settle(town)
    invariants.at_rest(town.items(), town.sim.world)


def test_a_case_stands_in_the_way_of_sending_receiving_refunding_and_another_case(town: Town) -> None:
    order = bought(town)
    order.send(PARCEL, complete=False).expect(200)
    order.ask().expect(201)
    for reply in (order.send(OTHER), order.refund(100), order.ask()):
        assert code(reply) == (409, "case_open")
    order.mine("cases/1/withdraw").expect(200)
    order.send(OTHER).expect(200)
    order.ask().expect(201)
    assert code(order.received()) == (409, "case_open")
    assert code(order.desk("correct", {"parcels": [PARCEL]})) == (409, "case_open")
    clock.advance(11 * 86_400)
    town.minute()
    assert order.record["goods"]["state"] == "sent"
    order.desk("cases/2/refuse", {"answer": "it is fine"}).expect(200)
    town.minute()
    assert order.record["goods"]["state"] == "done"
    assert [case["state"] for case in order.record["cases"]] == ["withdrawn", "refused"]


def test_who_is_not_answered_is_stuck_money_until_he_is(town: Town) -> None:
    order = bought(town)
    order.send(PARCEL).expect(200)
    order.ask().expect(201)
    clock.advance(48 * 3600)
    town.minute()
    (row,) = town.admin.get("/v1/admin/stuck")["stuck"]
    assert (row["reason"], row["order_id"], row["number"]) == (
        "case_unanswered",
        order.order_id,
        f"{order.order_id}-case-1",
    )
    assert order.record["cases"][0]["late"]
    order.desk("cases/1/refuse", {"answer": "no"}).expect(200)
    assert order.stuck() == []


def test_goods_that_are_not_sent_back_in_a_week_end_the_case(town: Town) -> None:
    order = bought(town)
    order.send(PARCEL).expect(200)
    order.ask(goods_back=True).expect(201)
    order.desk("cases/1/grant", {"answer": "to our shop"}).expect(200)
    clock.advance(7 * 86_400)
    town.minute()
    assert order.shown["cases"][0]["state"] == "withdrawn"
    assert code(order.mine("cases/1/send-back", OTHER)) == (409, "case_decided")


def test_a_merchant_who_does_not_look_at_what_came_back_is_late(town: Town) -> None:
    order = bought(town)
    order.send(PARCEL).expect(200)
    order.ask(goods_back=True).expect(201)
    order.desk("cases/1/grant").expect(200)
    order.mine("cases/1/send-back", OTHER, key="sent-back-once").expect(200)
    order.mine("cases/1/send-back", OTHER, key="sent-back-once").expect(200)
    clock.advance(7 * 86_400)
    town.minute()
    assert order.stuck() == ["case_unanswered"]
    order.desk("cases/1/goods-came").expect(200)
    assert order.stuck() == []


def test_what_was_received_may_be_asked_back_for_a_week_and_stays_received(town: Town) -> None:
    order = bought(town)
    order.send(PARCEL).expect(200)
    order.received()
    clock.advance(7 * 86_400)
    order.buyer.come_back()
    order.ask(amount_fen=1).expect(201)
    order.desk("cases/1/grant").expect(200)
    assert order.record["goods"]["state"] == "done"
    clock.advance(1)
    assert code(order.ask(amount_fen=1)) == (409, "after_sale_over")


@pytest.mark.parametrize(
    ("what", "answer", "pointer"),
    [
        ({"amount_fen": 8901}, (409, "refund_too_much"), "/amount_fen"),
        ({"amount_fen": 0}, (422, "invalid_field"), "/amount_fen"),
        ({"lines": [{"sku_id": "box-1", "quantity": 2}]}, (422, "invalid_field"), "/lines/0"),
        ({"lines": [{"sku_id": "other", "quantity": 1}]}, (422, "invalid_field"), "/lines/0"),
        ({"lines": [{"sku_id": "box-1", "quantity": 1}] * 2}, (422, "invalid_field"), "/lines/0"),
        ({"goods_back": True}, (409, "nothing_to_return"), None),
        ({"reason": "because"}, (422, "invalid_field"), "/reason"),
    ],
)
def test_what_cannot_be_asked_for_is_refused_and_leaves_nothing(
    town: Town, what: dict[str, Any], answer: tuple[int, str], pointer: str | None
) -> None:
    order = bought(town)
    reply = order.ask(**what)
    assert code(reply) == answer
    if pointer:
        assert pointer in str(reply.body)
    assert order.shown["cases"] == []


@pytest.mark.parametrize("case", ["0", "2", "x", "²", "1000"])
def test_a_case_that_is_none_is_not_there(town: Town, case: str) -> None:
    order = bought(town)
    order.ask().expect(201)
    assert order.mine(f"cases/{case}/withdraw").status == 404


def test_a_case_may_be_decided_once(town: Town) -> None:
    order = bought(town)
    assert order.ask(key="asked-with-one-tap").status == 201
    assert len(order.ask(key="asked-with-one-tap").expect(201)["cases"]) == 1
    assert order.desk("cases/1/grant", key="granted-with-one-tap").status == 200
    assert order.desk("cases/1/grant", key="granted-with-one-tap").status == 200
    for what, body in (("grant", {}), ("refuse", {"answer": "no"}), ("goods-came", {})):
        assert code(order.desk(f"cases/1/{what}", body)) == (409, "case_decided")
    assert code(order.mine("cases/1/withdraw")) == (409, "case_decided")
    settle(town)
    assert len(town.refunds(order.order_id)) == 1


def test_the_merchant_may_grant_another_amount_but_no_more_than_there_is(town: Town) -> None:
    order = bought(town)
    order.ask(amount_fen=500).expect(201)
    assert code(order.desk("cases/1/grant", {"amount_fen": 8901})) == (409, "refund_too_much")
    record = order.desk("cases/1/grant", {"amount_fen": 300}).expect(200)
    assert record["cases"][0]["amount_fen"] == 300
    assert money(town, order) == (8600, 300, 0)


def test_fifty_refunds_and_twenty_cases_are_the_most(town: Town) -> None:
    order = bought(town)
    for _ in range(20):
        order.ask(amount_fen=1).expect(201)
        order.mine("cases/1/withdraw")
        which = len(order.record["cases"])
        order.mine(f"cases/{which}/withdraw")
    assert code(order.ask()) == (409, "too_many_cases")
    for _ in range(49):
        order.refund(1).expect(200)
    assert code(order.refund(1)) == (409, "refunds_used_up"), "the last one takes all that is left, or it never could"
    assert order.shown["state"] == "confirmed"
    order.refund().expect(200)
    town.stream()
    town.pass_time(2 * 51 * 62, tick=62)
    assert money(town, order) == (0, 0, 8900)
    assert order.stuck() == []


def test_all_that_is_left_is_asked_for_after_a_part_went_back(town: Town) -> None:
    order = bought(town)
    order.refund(100).expect(200)
    order.ask().expect(201)
    assert order.shown["cases"][0]["amount_fen"] == 8800
    order.desk("cases/1/grant").expect(200)
    assert order.shown["state"] == "refund"


def test_a_refund_that_wechat_refuses_after_sale_stays_owed_and_is_stuck(town: Town) -> None:
    order = bought(town)
    town.act("/_sim/faults", endpoint="refund", kind="not_enough", count=1)
    order.refund(900).expect(200)
    town.stream()
    assert (order.stuck(), money(town, order)) == (["refund_refused_not_enough"], (8000, 900, 0))
    town.pass_time(3600)
    assert (order.stuck(), money(town, order)) == ([], (8000, 0, 900))


def test_what_the_merchant_does_is_on_record(town: Town) -> None:
    order, other = bought(town), bought(town)
    order.send(PARCEL, key="sent-with-one-tap").expect(200)
    order.send(PARCEL, key="sent-with-one-tap").expect(200)
    order.desk("correct", {"parcels": [OTHER]}).expect(200)
    order.refund(100).expect(200)
    for _ in range(2):
        other.ask().expect(201)
        which = len(other.record["cases"])
        other.desk(f"cases/{which}/refuse", {"answer": "no"}).expect(200)
    other.ask().expect(201)
    other.desk("cases/3/grant").expect(200)
    told = [(e["action"], e["subject"].split("-")[0]) for e in town.admin.get("/v1/admin/audit?limit=100")["entries"]]
    acts = ["case.grant", "case.refuse", "case.refuse", "order.refund", "order.correct", "order.send"]
    assert sorted(action for action, _ in told if action.startswith(("order.", "case."))) == sorted(acts)
    assert {subject for action, subject in told if action.startswith("case.")} == {other.order_id}
    refund = next(e for e in town.admin.get("/v1/admin/audit?limit=100")["entries"] if e["action"] == "order.refund")
    assert refund["detail"] == {"amount_fen": "100", "note": "sorry"}


def an_order(quantities: list[int], freight: int = 0) -> Order:
    lines = [Line(f"sku-{n}", "tea", quantity, 100 + n) for n, quantity in enumerate(quantities)]
    total = sum(line.price_fen * line.quantity for line in lines) + freight
    return Order("m|O#1", "META", lines=lines, total_fen=total, fulfilment=Fulfilment.EXPRESS)


@given(st.lists(st.integers(1, 5), min_size=1, max_size=4), st.data())
def test_lines_cost_what_they_cost_and_all_of_them_all(quantities: list[int], data: st.DataObject) -> None:
    order = an_order(quantities, freight=7)
    asked = [data.draw(st.integers(0, quantity)) for quantity in quantities]
    lines = [CaseLine(f"sku-{n}", q) for n, q in enumerate(asked) if q]
    amount = rules.wanted(order, lines, None)
    if asked == quantities:
        assert amount == order.total_fen
    else:
        assert amount == sum((100 + n) * q for n, q in enumerate(asked))
    assert rules.wanted(order, lines, 5) == 5


@given(st.lists(st.integers(1, 5), min_size=1, max_size=4), st.integers(0, 3))
def test_more_than_was_bought_is_never_asked_for(quantities: list[int], which: int) -> None:
    line = CaseLine(f"sku-{which}", quantities[which] + 1 if which < len(quantities) else 1)
    with pytest.raises(RippleError):
        rules.wanted(an_order(quantities), [line], None)
