"""Goods on their way: each act once, WeChat told of each as it is, and none of what must not be."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.core import clock
from chalicelib.core.errors import Unknown
from chalicelib.fulfilment import upload
from chalicelib.fulfilment.items import Shipment
from chalicelib.orders.items import Order
from chalicelib.wechat import shipping, token
from chalicelib.wechat.http import WechatError
from tests import invariants
from tests.fulfilment.shop import OTHER, PARCEL, Bought, bought, won
from tests.town import Town


def shipment(town: Town) -> Shipment:
    (found,) = [item for item in town.items() if isinstance(item, Shipment)]
    return found


def code(reply: Any) -> tuple[int, str]:
    return reply.status, reply.body["code"]


def test_a_parcel_is_sent_wechat_is_told_and_it_arrives(town: Town) -> None:
    order = bought(town)
    assert (order.shown["goods"]["state"], order.shown["goods"]["urgency"]) == ("waiting", "on_time")
    sent = order.send(PARCEL).expect(200)
    assert (sent["goods"]["state"], sent["goods"]["told_wechat"]) == ("sent", False)
    town.stream()
    assert order.shown["goods"]["told_wechat"]
    (upload,) = order.uploads
    assert (upload["logistics_type"], upload["delivery_mode"]) == (1, 1)
    assert [(p["express_company"], p["tracking_no"]) for p in upload["shipping_list"]] == [("YTO", "YT0001")]
    done = order.received().expect(200)
    assert (done["goods"]["state"], done["goods"]["received_by"]) == ("done", "user")
    assert order.received().status == 200
    assert order.stuck() == []
    invariants.at_rest(town.items(), town.sim.world)


def test_parcels_go_one_by_one_and_wechat_knows_when_all_are_out(town: Town) -> None:
    order = bought(town)
    assert order.send(PARCEL, complete=False).expect(200)["goods"]["state"] == "part"
    town.stream()
    clock.advance(1)
    assert order.send(OTHER).expect(200)["goods"]["state"] == "sent"
    town.stream()
    assert [(u["delivery_mode"], u["all_delivered"], len(u["shipping_list"])) for u in order.uploads] == [
        (2, False, 1),
        (2, True, 2),
    ]


def test_only_the_latest_is_told_where_wechat_was_away(town: Town) -> None:
    order = bought(town)
    town.act("/_sim/faults", endpoint="upload", kind="unreachable", count=1)
    order.send(PARCEL, complete=False).expect(200)
    town.stream()
    order.send(OTHER).expect(200)
    town.pass_time(1800)
    town.stream()
    assert [len(u["shipping_list"]) for u in order.uploads] == [2]
    assert shipment(town).told == 2


def test_one_correction_and_no_more(town: Town) -> None:
    order = bought(town)
    assert code(order.desk("correct", {"parcels": [OTHER]})) == (409, "not_sent")
    order.send(PARCEL).expect(200)
    town.stream()
    clock.advance(1)
    assert order.desk("correct", {"parcels": [OTHER]}, key="one-correction").status == 200
    assert order.desk("correct", {"parcels": [OTHER]}, key="one-correction").status == 200
    town.stream()
    assert [u["shipping_list"][0]["tracking_no"] for u in order.uploads] == ["YT0001", "ST0002"]
    assert code(order.desk("correct", {"parcels": [PARCEL]})) == (409, "already_corrected")


@pytest.mark.parametrize("kind", ["lost", "5xx", "busy", "quota", "not_visible", "garbled"])
def test_an_answer_that_decides_nothing_is_asked_again_and_tells_once(town: Town, kind: str) -> None:
    order = bought(town)
    town.act("/_sim/faults", endpoint="upload", kind=kind, count=2)
    order.send(PARCEL).expect(200)
    town.stream()
    town.pass_time(3600)
    assert len(order.uploads) == 1
    assert order.shown["goods"]["told_wechat"]
    assert order.stuck() == []


def test_two_revisions_of_one_moment_are_both_told(town: Town) -> None:
    order = bought(town)
    order.send(PARCEL, complete=False).expect(200)
    town.stream()
    order.send(OTHER).expect(200)
    town.stream()
    assert (len(order.uploads), order.stuck()) == (2, [])


def test_a_slow_word_of_an_older_revision_does_not_undo_a_correction(town: Town) -> None:
    order = bought(town)
    order.send(PARCEL).expect(200)
    found = next(item for item in town.items() if isinstance(item, Order)), shipment(town)
    clock.advance(1)
    order.desk("correct", {"parcels": [OTHER]}).expect(200)
    town.stream()
    clock.advance(1)
    with pytest.raises(Unknown):
        upload._told(*found, {})
    assert [u["shipping_list"][0]["tracking_no"] for u in order.uploads] == ["ST0002"]


def test_what_wechat_calls_not_newer_since_it_has_it_is_told(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    order = bought(town)
    token.forget()  # one of another test would be refused in the place of what is to be lost
    town.act("/_sim/faults", endpoint="upload", kind="lost", count=1)
    order.send(PARCEL).expect(200)
    town.stream()

    def not_newer(*_: Any, **__: Any) -> None:
        raise WechatError(upload.NOT_NEWER, status=200)

    monkeypatch.setattr(shipping, "upload", not_newer)
    town.pass_time(600)
    assert (len(order.uploads), order.shown["goods"]["told_wechat"]) == (1, True)


def test_what_the_buyer_reads_of_the_first_parcel_stays(town: Town) -> None:
    order = bought(town)
    order.send(PARCEL, complete=False, message="the rest follows").expect(200)
    assert order.send(OTHER).expect(200)["goods"]["message"] == "the rest follows"


def test_a_refusal_of_wechats_is_stuck_money_and_tried_again(town: Town) -> None:
    order = bought(town)
    secret = town.sim.world.merchants[town.merchant.mchid]
    town.sim.world.orders[town.merchant.mchid, f"{order.order_id}-1"].body["payer"]["openid"] = "somebody"
    order.send(PARCEL).expect(200)
    town.stream()
    (row,) = town.admin.get("/v1/admin/stuck")["stuck"]
    assert (row["reason"], row["order_id"], row["retryable"]) == ("upload_refused_10060031", order.order_id, True)
    (openid,) = [o for (appid, o), _ in town.sim.world.openids.items() if appid == secret.appid][-1:]
    town.sim.world.orders[town.merchant.mchid, f"{order.order_id}-1"].body["payer"]["openid"] = openid
    assert town.admin.call("POST", f"/v1/admin/stuck/{row['stuck_id']}/retry", {}).status == 204
    town.minute()
    assert len(order.uploads) == 1
    assert order.stuck() == []


def test_a_payment_that_wechat_ships_no_more_is_told_of_once(town: Town) -> None:
    order = bought(town)
    order.send(PARCEL).expect(200)
    town.sim.world.orders[town.merchant.mchid, f"{order.order_id}-1"].paid_at = None
    town.stream()
    assert order.stuck() == ["upload_refused_10060004"]
    (row,) = town.admin.get("/v1/admin/stuck")["stuck"]
    assert town.admin.call("POST", f"/v1/admin/stuck/{row['stuck_id']}/resolve", {"note": "settled"}).status == 204


def test_nothing_goes_out_before_the_group_has_succeeded(town: Town) -> None:
    leader, opened = town.opened(town.campaign(size=2))
    order = Bought(town, leader, opened["order_id"])
    assert code(order.send(PARCEL)) == (409, "order_undecided")
    assert code(order.refund()) == (409, "order_undecided")
    assert code(order.ask()) == (409, "order_undecided")
    town.joined(opened["group_id"])
    town.minute()
    assert order.send(PARCEL).status == 200


def test_nothing_goes_out_of_an_order_that_was_never_paid_or_went_back(town: Town) -> None:
    held = town.person()
    seat = held.buy(town.campaign()).expect(201)
    assert code(Bought(town, held, seat["order_id"]).send(PARCEL)) == (409, "order_not_deliverable")
    back = bought(town)
    back.refund().expect(200)
    assert code(back.send(PARCEL)) == (409, "order_not_deliverable")
    town.stream()
    assert back.uploads == []


def test_an_upload_that_is_owed_is_dropped_when_the_money_went_back(town: Town) -> None:
    order = bought(town)
    order.send(PARCEL).expect(200)
    order.refund().expect(200)
    town.stream()
    assert order.uploads == []
    assert order.record["state"] == "refund"


@pytest.mark.parametrize(
    ("fulfilment", "parcels", "complete", "answer"),
    [
        ("express", [], True, 422),
        ("express", [PARCEL, PARCEL], True, 422),
        ("express", [{"carrier": "YTO", "number": f"YT{n:04}"} for n in range(16)], True, 422),
        ("city", [PARCEL], True, 422),
        ("city", [], False, 422),
        ("virtual", [PARCEL], True, 422),
        ("pickup", [], True, 409),
        ("city", [], True, 200),
        ("virtual", [], True, 200),
    ],
)
def test_parcels_fit_how_goods_go(
    town: Town, fulfilment: str, parcels: list[dict[str, str]], complete: bool, answer: int
) -> None:
    order = bought(town, fulfilment=fulfilment)
    reply = order.send(*parcels, complete=complete)
    assert reply.status == answer
    if answer == 422:
        assert reply.body["errors"][0]["pointer"].startswith("/parcels")


@pytest.mark.parametrize(("fulfilment", "kind"), [("city", 2), ("virtual", 3)])
def test_goods_without_a_carrier_are_told_as_what_they_are(town: Town, fulfilment: str, kind: int) -> None:
    order = bought(town, fulfilment=fulfilment)
    order.send(message="code 1234").expect(200)
    town.stream()
    (upload,) = order.uploads
    assert (upload["logistics_type"], len(upload["shipping_list"])) == (kind, 1)
    assert order.shown["goods"]["message"] == "code 1234"


def test_goods_are_handed_over_against_the_buyers_code_alone(town: Town) -> None:
    order = bought(town, fulfilment="pickup")
    shown = order.shown["pickup_code"]
    assert shown not in str(order.record)
    assert code(order.desk("hand-over", {"code": "WRONG123"})) == (409, "pickup_code_wrong")
    done = order.desk("hand-over", {"code": f" {shown.lower()} "}, key="handed-over").expect(200)
    assert (done["goods"]["state"], done["goods"]["received_by"]) == ("done", "code")
    assert order.desk("hand-over", {"code": shown.lower()}, key="handed-over-2").status == 409
    town.stream()
    assert [u["logistics_type"] for u in order.uploads] == [4]
    assert order.shown["pickup_code"] is None
    assert code(bought(town).desk("hand-over", {"code": "WRONG123"})) == (409, "not_pickup")


def test_goods_that_nobody_speaks_of_count_as_received_after_ten_days(town: Town) -> None:
    order = bought(town)
    order.send(PARCEL).expect(200)
    town.stream()
    clock.advance(10 * 86_400 - 1)
    town.minute()
    assert order.record["goods"]["state"] == "sent"
    clock.advance(1)
    town.minute()
    assert (order.record["goods"]["state"], order.record["goods"]["received_by"]) == ("done", "time")
    assert [item.due for item in town.items() if isinstance(item, Order)] == [None]


def test_goods_that_are_late_are_stuck_money_until_they_go(town: Town) -> None:
    order = bought(town)
    urgencies = []
    for hours in (0, 23, 1, 15, 1, 7, 1):
        clock.advance(hours * 3600)
        town.minute()
        urgencies.append(order.record["goods"]["urgency"])
    assert urgencies == ["on_time", "on_time", "soon", "soon", "urgent", "urgent", "late"]
    (row,) = town.admin.get("/v1/admin/stuck")["stuck"]
    assert (row["reason"], row["order_id"], row["retryable"]) == ("not_shipped", order.order_id, False)
    order.send(PARCEL, complete=False).expect(200)
    assert order.stuck() == ["not_shipped"]
    order.send(OTHER).expect(200)
    assert order.stuck() == []
    town.stream()
    invariants.at_rest(town.items(), town.sim.world)


def test_sending_twice_with_one_key_is_sending_once_and_another_key_is_too_late(town: Town) -> None:
    order = bought(town)
    for _ in range(2):
        assert order.send(PARCEL, key="one-key-for-it").status == 200
    assert code(order.send(OTHER)) == (409, "already_sent")
    order.received()
    assert code(order.send(OTHER)) == (409, "already_received")
    assert code(order.desk("correct", {"parcels": [OTHER]})) == (409, "already_received")


def test_nobody_elses_order_is_there(town: Town) -> None:
    order = bought(town)
    stranger = Bought(town, town.person(), order.order_id)
    assert stranger.received().status == 404
    assert stranger.ask().status == 404
    assert order.shown["cases"] == []
    assert town.admin.call("POST", "/v1/admin/orders/0000/send", {"parcels": [PARCEL]}).status == 404
    assert order.received().body["code"] == "not_sent"


def test_orders_are_listed_by_where_their_goods_are(town: Town) -> None:
    orders = [bought(town) for _ in range(4)]
    orders[0].send(PARCEL).expect(200)
    orders[1].send(PARCEL, complete=False).expect(200)
    orders[2].refund().expect(200)

    def listed(query: str) -> list[str]:
        return [row["order_id"] for row in town.admin.get(f"/v1/admin/orders?{query}")["orders"]]

    today = clock.now().astimezone(clock.BEIJING).date()
    assert listed("") == [orders[3].order_id]
    assert listed("delivery=sent") == [orders[0].order_id]
    assert listed(f"delivery=part&day={today}") == [orders[1].order_id]
    assert listed(f"delivery=part&day={today - timedelta(days=1)}") == []
    assert listed("delivery=done") == []
    assert listed("delivery=done&day=0001-01-01") == []
    orders[0].received()
    assert listed("delivery=done") == [orders[0].order_id]


def test_a_long_list_comes_in_pages_and_reads_what_it_shows(town: Town) -> None:
    campaign = town.campaign()
    placed = []
    for _ in range(9):
        buyer = town.person()
        seat = buyer.buy(campaign).expect(201)
        buyer.pay(seat).expect(200)
        town.hear()
        placed.append(seat["order_id"])
        clock.advance(60)
    seen, cursor = [], ""
    while cursor is not None:
        page = town.admin.get(f"/v1/admin/orders?limit=4{cursor and f'&cursor={cursor}'}")
        seen += [row["order_id"] for row in page["orders"]]
        cursor = page["cursor"]
    assert seen == placed
    assert town.admin.call("GET", "/v1/admin/orders?cursor=xx").status == 422


def test_the_timeline_tells_what_happened_and_why(town: Town) -> None:
    first, _ = won(town)
    clock.advance(60)
    first.send(PARCEL).expect(200)
    clock.advance(60)
    first.received()
    first.ask(amount_fen=100, note="a scratch").expect(201)
    clock.advance(60)
    first.desk("cases/1/grant", {"answer": "of course"}).expect(200)
    town.stream()
    clock.advance(60)
    town.hear()
    told = [event["what"] for event in first.record["timeline"]]
    assert told == [
        *("placed", "paid", "confirmed", "sent", "delivered", "received_user", "case_asked"),
        *("case_answered", "case_paid_back", "owed", "refunded"),
    ]
    assert all(event["detail"] for event in first.record["timeline"])
