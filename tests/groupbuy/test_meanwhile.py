"""What happens between a use case's read and its write: each condition loses to the act it guards against."""

from __future__ import annotations

from typing import Any

from chalicelib.core import clock
from chalicelib.groupbuy.items import Seat
from infra.local.client import Person, Reply
from tests import invariants
from tests.orders.test_late_payment import pay_late, released
from tests.town import Town


def code(reply: Reply) -> tuple[int, str]:
    return reply.status, reply.body.get("code", "")


def held(town: Town, group_id: str) -> tuple[Person, dict[str, Any]]:
    member = town.person()
    seat = member.join(group_id).expect(201)
    member.pay(seat, notify=False).expect(200)
    return member, seat


def tell(town: Town, seat: dict[str, Any]) -> int:
    status: int = town.act("/_sim/notify", out_trade_no=f"{seat['order_id']}-1")["status"]
    return status


def test_a_join_loses_the_last_seat_to_another(town: Town) -> None:
    _, opened = town.opened(town.campaign(size=2))
    first, second = town.person(), town.person()
    town.emulator.meanwhile(lambda: first.join(opened["group_id"]).expect(201))
    assert code(second.join(opened["group_id"])) == (409, "group_full")


def test_a_join_loses_to_the_groups_end(town: Town) -> None:
    _, opened = town.opened(town.campaign(group_seconds=3600))
    late = town.person()

    def end() -> None:
        clock.advance(3600)
        town.minute()

    town.emulator.meanwhile(end)
    assert code(late.join(opened["group_id"])) == (409, "group_ended")


def test_a_join_loses_to_the_same_users_other_join(town: Town) -> None:
    _, opened = town.opened(town.campaign())
    member = town.person()
    town.emulator.meanwhile(lambda: member.join(opened["group_id"]).expect(201))
    assert code(member.join(opened["group_id"])) == (409, "already_seated")


def test_a_released_seat_is_taken_again_by_one_of_two_orders(town: Town) -> None:
    _, opened = town.opened(town.campaign())
    member, _ = released(town, opened["group_id"])
    town.emulator.meanwhile(lambda: member.join(opened["group_id"]).expect(201))
    assert code(member.join(opened["group_id"])) == (409, "already_seated")


def test_a_released_seat_that_was_taken_and_released_meanwhile_is_another_one(town: Town) -> None:
    _, opened = town.opened(town.campaign())
    member, _ = released(town, opened["group_id"])

    def take_and_leave() -> None:
        again = member.join(opened["group_id"]).expect(201)
        member.api.post(f"/v1/orders/{again['order_id']}/cancel")
        town.minute()

    town.emulator.meanwhile(take_and_leave)
    seat = member.join(opened["group_id"]).expect(201)
    member.pay(seat).expect(200)
    town.hear()
    orders = member.api.get("/v1/orders")["orders"]
    assert sorted(order["state"] for order in orders) == ["paid", "released", "released"]
    assert [item.take for item in town.items() if isinstance(item, Seat) and item.uid == member.uid] == [3]


def test_limits_lose_to_the_same_users_other_taps(town: Town) -> None:
    campaign = town.campaign(limits={"open": 1, "join": 1, "take_part": 5})
    (_, one), (_, two) = town.opened(campaign), town.opened(campaign)
    member = town.person()
    town.emulator.meanwhile(lambda: member.join(one["group_id"]).expect(201))
    assert code(member.join(two["group_id"])) == (409, "join_limit")
    town.emulator.meanwhile(lambda: member.open(campaign).expect(201))
    assert code(member.open(campaign)) == (409, "opening_pending")


def test_taking_part_is_limited_across_opening_and_joining(town: Town) -> None:
    campaign = town.campaign(limits={"open": 5, "join": 5, "take_part": 1})
    _, one = town.opened(campaign)
    member = town.person()
    town.emulator.meanwhile(lambda: member.join(one["group_id"]).expect(201))
    assert code(member.open(campaign)) == (409, "part_limit")


def test_the_last_unit_is_lost_to_another(town: Town) -> None:
    red, blue = {**town.sku(), "sku_id": "red", "stock": 4}, {**town.sku(), "sku_id": "blue", "stock": 1}
    leader = town.person()
    seat = leader.open(town.campaign(size=4, skus=[red, blue]), "red").expect(201)
    leader.pay(seat).expect(200)
    town.hear()
    first, second = town.person(), town.person()
    town.emulator.meanwhile(lambda: first.join(seat["group_id"], "blue").expect(201))
    assert code(second.join(seat["group_id"], "blue")) == (409, "sold_out")


def test_a_payment_that_was_not_the_last_becomes_it(town: Town) -> None:
    _, opened = town.opened(town.campaign())
    (_, one), (member, two) = held(town, opened["group_id"]), held(town, opened["group_id"])
    town.emulator.meanwhile(lambda: tell(town, one))
    assert tell(town, two) == 204
    page = member.group(opened["group_id"])
    assert (page["status"], page["paid"]) == ("succeeded", 3)


def test_a_payment_told_twice_at_once_is_recorded_once(town: Town) -> None:
    _, opened = town.opened(town.campaign())
    member, seat = held(town, opened["group_id"])
    town.emulator.meanwhile(lambda: tell(town, seat))
    assert tell(town, seat) == 204
    assert member.group(opened["group_id"])["paid"] == 2


def test_a_payment_wins_over_its_own_cancellation(town: Town) -> None:
    _, opened = town.opened(town.campaign())
    member, seat = held(town, opened["group_id"])
    town.emulator.meanwhile(lambda: member.api.post(f"/v1/orders/{seat['order_id']}/cancel"))
    assert tell(town, seat) == 204
    assert member.order(seat["order_id"])["state"] == "paid"
    town.pass_time(300)
    assert member.order(seat["order_id"])["state"] == "paid"


def test_a_release_loses_to_a_payment(town: Town) -> None:
    _, opened = town.opened(town.campaign(size=2))
    member = town.person()
    seat = member.join(opened["group_id"]).expect(201)
    member.api.post(f"/v1/orders/{seat['order_id']}/cancel")
    # WeChat closes the order and takes the money all the same.
    town.emulator.meanwhile(lambda: pay_late(town, seat["order_id"]))
    town.minute()
    assert member.order(seat["order_id"])["state"] == "paid"
    town.pass_time(300)
    assert member.group(opened["group_id"])["status"] == "succeeded"
    assert member.order(seat["order_id"])["state"] == "confirmed"


def test_an_outcome_loses_to_a_seat_that_is_taken_again(town: Town) -> None:
    _, opened = town.opened(town.campaign(size=2, group_seconds=3600))
    late, order_id = released(town, opened["group_id"])
    clock.advance(3600)
    town.emulator.meanwhile(lambda: pay_late(town, order_id))
    town.minute()
    page = late.group(opened["group_id"])
    assert (page["status"], page["paid"]) == ("succeeded", 2)
    town.pass_time(300)
    assert late.order(order_id)["state"] == "confirmed"


def test_an_honoured_price_counts_a_member_who_came_back_at_the_last_moment(town: Town) -> None:
    _, opened = town.opened(town.campaign(size=3, group_seconds=3600, at_expiry="honour_price"))
    late, order_id = released(town, opened["group_id"])
    clock.advance(3600)
    town.emulator.meanwhile(lambda: pay_late(town, order_id))
    town.minute()
    town.pass_time(120)
    page = late.group(opened["group_id"])
    assert (page["status"], page["why"], page["paid"]) == ("succeeded", "honour_price", 2)
    invariants.at_rest(town.items())


def test_a_prepay_loses_to_a_cancellation(town: Town) -> None:
    _, opened = town.opened(town.campaign())
    member = town.person()
    seat = member.join(opened["group_id"]).expect(201)
    path = f"/v1/orders/{seat['order_id']}"
    town.emulator.meanwhile(lambda: member.api.post(f"{path}/cancel"), "UpdateItem")
    assert code(member.api.call("POST", f"{path}/prepay", {})) == (409, "order_not_payable")


def test_a_cancellation_loses_to_a_payment(town: Town) -> None:
    _, opened = town.opened(town.campaign())
    member, seat = held(town, opened["group_id"])
    town.emulator.meanwhile(lambda: tell(town, seat), "UpdateItem")
    refused = member.api.call("POST", f"/v1/orders/{seat['order_id']}/cancel", {})
    assert code(refused) == (409, "order_not_cancellable")


def test_a_leader_finds_his_units_gone_between_read_and_write(town: Town) -> None:
    campaign = town.campaign(size=3, skus=[{**town.sku(), "stock": 4}])
    slow, fast = town.person(), town.person()
    first, second = slow.open(campaign).expect(201), fast.open(campaign).expect(201)
    slow.pay(first, notify=False).expect(200)
    fast.pay(second, notify=False).expect(200)
    town.emulator.meanwhile(lambda: tell(town, second))
    assert tell(town, first) == 204
    assert (slow.group(first["group_id"])["why"], fast.group(second["group_id"])["status"]) == ("no_stock", "open")


def test_a_leader_who_is_about_to_be_refused_finds_units_that_came_back(town: Town) -> None:
    campaign = town.campaign(size=3, skus=[{**town.sku(), "stock": 6}])
    slow, fast, idle = town.person(), town.person(), town.person()
    first, second, third = (person.open(campaign).expect(201) for person in (slow, fast, idle))
    fast.pay(second).expect(200)
    town.hear()
    slow.pay(first, notify=False).expect(200)
    idle.api.post(f"/v1/orders/{third['order_id']}/cancel")
    town.emulator.meanwhile(town.minute)
    assert tell(town, first) == 204
    assert slow.group(first["group_id"])["status"] == "open"


def test_two_workers_settle_a_group_once(town: Town) -> None:
    leader, opened = town.opened(town.campaign(group_seconds=3600))
    town.joined(opened["group_id"])
    clock.advance(3600)

    def another_worker() -> None:
        clock.advance(61)
        town.minute()

    town.emulator.meanwhile(another_worker)
    town.minute()
    town.pass_time(600)
    town.stream()
    town.pass_time(300)
    leader.come_back()
    assert len(town.refunds(opened["order_id"])) == 1
    invariants.at_rest(town.items())


def test_a_late_payment_loses_its_seat_to_a_newer_order_that_came_and_went(town: Town) -> None:
    _, opened = town.opened(town.campaign())
    member, old = released(town, opened["group_id"])

    def take_and_leave() -> None:
        again = member.join(opened["group_id"]).expect(201)
        member.api.post(f"/v1/orders/{again['order_id']}/cancel")
        town.minute()

    town.emulator.meanwhile(take_and_leave)
    assert pay_late(town, old) == "owed"
    assert member.group(opened["group_id"])["my_seat"]["state"] == "released"


def test_late_money_takes_no_part_that_was_used_up_meanwhile(town: Town) -> None:
    for limits in ({"open": 9, "join": 9, "take_part": 1}, {"open": 9, "join": 1, "take_part": 9}):
        campaign = town.campaign(limits=limits)
        (_, first), (_, second) = town.opened(campaign), town.opened(campaign)
        member, old = released(town, first["group_id"])
        elsewhere = second["group_id"]

        def sit_elsewhere(member: Person = member, group: str = elsewhere) -> None:
            member.join(group).expect(201)

        town.emulator.meanwhile(sit_elsewhere)
        assert pay_late(town, old) == "owed"
        assert member.group(elsewhere)["my_seat"]["state"] == "held"


def test_late_money_takes_no_seat_in_a_group_that_failed_meanwhile(town: Town) -> None:
    _, opened = town.opened(town.campaign(size=3, group_seconds=3600))
    member, old = released(town, opened["group_id"])
    clock.advance(3600)
    town.emulator.meanwhile(lambda: town.minute())
    assert pay_late(town, old) == "owed"
    assert member.group(opened["group_id"])["status"] == "failed"


def test_late_money_takes_no_seat_that_somebody_took_meanwhile(town: Town) -> None:
    _, opened = town.opened(town.campaign(size=3))
    _, old = released(town, opened["group_id"])
    town.joined(opened["group_id"])
    town.emulator.meanwhile(lambda: town.person().join(opened["group_id"]).expect(201))
    assert pay_late(town, old) == "owed"
