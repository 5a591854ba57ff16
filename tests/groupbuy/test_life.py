"""A group's life: opened, joined, completed, or ended with everybody's money back."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.core import clock, due
from chalicelib.core.table import Key
from chalicelib.groupbuy.items import Seat
from chalicelib.orders.items import Order
from infra.local.client import Person
from tests import invariants
from tests.town import Town


def test_three_people_complete_a_group(town: Town) -> None:
    leader, opened = town.opened(town.campaign())
    assert leader.group(opened["group_id"])["status"] == "open"
    town.joined(opened["group_id"])
    member, seat = town.joined(opened["group_id"])
    page = member.group(opened["group_id"])
    assert (page["status"], page["paid"], page["left"]) == ("succeeded", 3, 0)
    assert page["my_seat"] == {"state": "won", "order_id": seat["order_id"]}
    town.minute()
    assert {p.order(s["order_id"])["state"] for p, s in ((leader, opened), (member, seat))} == {"confirmed"}
    invariants.at_rest(town.items())


def test_nothing_personal_and_no_secret_is_ever_logged(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    openids = [town.act("/_sim/users", name=f"person-{n}", unionid=True)["openids"] for n in range(3)]
    leader, opened = town.opened(town.campaign(group_seconds=3600))
    leader.api.call("PATCH", "/v1/me", {"nickname": "王小明"}).expect(200)
    town.joined(opened["group_id"])
    town.pass_time(3700)
    town.stream()
    logged = capsys.readouterr().out
    assert "group_decided" in logged
    secrets = [o[town.merchant.appid] for o in openids] + ["王小明", leader.refresh_token, opened["pay"]["paySign"]]
    secrets += [str(leader.api.token), town.merchant.api_key, opened["pay"]["package"]]
    assert [secret for secret in secrets if secret in logged] == []


def test_a_group_is_nobodys_business_before_its_leader_has_paid(town: Town) -> None:
    campaign = town.campaign()
    leader, stranger = town.person(), town.person()
    seat = leader.open(campaign).expect(201)
    assert leader.group(seat["group_id"])["status"] == "pending"
    assert stranger.api.call("GET", f"/v1/groups/{seat['group_id']}").status == 404
    assert stranger.join(seat["group_id"]).status == 404
    assert stranger.api.get(f"/v1/campaigns/{campaign}/groups")["groups"] == []


def test_a_group_that_does_not_fill_ends_and_everybody_is_refunded(town: Town) -> None:
    leader, opened = town.opened(town.campaign(group_seconds=3600))
    member, seat = town.joined(opened["group_id"])
    town.pass_time(3600)
    page = leader.group(opened["group_id"])
    assert (page["status"], page["why"], page["my_seat"]["state"]) == ("failed", "expired", "lost")
    town.stream()
    assert {leader.order(opened["order_id"])["state"], member.order(seat["order_id"])["state"]} == {"refund"}
    town.pass_time(600)
    for order in (opened, seat):
        (refund,) = town.refunds(order["order_id"])
        assert (refund["amount"]["refund"], refund["status"]) == (order["total_fen"], "SUCCESS")
    invariants.at_rest(town.items())


def test_honour_price_ends_in_success_without_invented_members(town: Town) -> None:
    leader, opened = town.opened(town.campaign(group_seconds=3600, at_expiry="honour_price"))
    town.pass_time(3600)
    page = leader.group(opened["group_id"])
    assert (page["status"], page["why"], page["paid"]) == ("succeeded", "honour_price", 1)
    assert [m["leader"] for m in page["members"]] == [True]
    invariants.at_rest(town.items())


def test_a_leader_who_never_pays_leaves_nothing_behind(town: Town) -> None:
    campaign = town.campaign()
    leader = town.person()
    seat = leader.open(campaign).expect(201)
    town.pass_time(1200)
    assert leader.order(seat["order_id"])["state"] == "released"
    assert leader.group(seat["group_id"])["why"] == "void"
    assert leader.open(campaign).status == 201
    town.pass_time(1200)
    invariants.at_rest(town.items())


def test_a_held_seat_whose_time_is_over_is_free_again(town: Town) -> None:
    leader, opened = town.opened(town.campaign(size=2))
    late = town.person()
    seat = late.join(opened["group_id"]).expect(201)
    assert town.person().join(opened["group_id"]).body["code"] == "group_full"
    town.pass_time(1000)
    assert late.order(seat["order_id"])["state"] == "released"
    assert late.pay(seat).status == 409
    town.joined(opened["group_id"])
    assert leader.group(opened["group_id"])["status"] == "succeeded"


def test_a_payment_just_before_the_deadline_that_is_heard_of_a_day_later_fills_its_seat(town: Town) -> None:
    leader, opened = town.opened(town.campaign(size=2, group_seconds=3600))
    member = town.person()
    seat = member.join(opened["group_id"]).expect(201)
    town.act("/_sim/faults", endpoint="query", kind="5xx", count=10_000)
    clock.advance(880)
    member.pay(seat, notify=False).expect(200)
    town.pass_time(24 * 3600, tick=600)
    leader.come_back()
    assert leader.group(opened["group_id"])["status"] == "settling"
    town.sim.control("DELETE", "/_sim/faults", {})
    town.pass_time(600)
    assert leader.group(opened["group_id"])["status"] == "succeeded"
    town.pass_time(120)
    invariants.at_rest(town.items())


def test_a_cancelled_seat_paid_all_the_same_is_honoured(town: Town) -> None:
    leader, opened = town.opened(town.campaign(size=2))
    member = town.person()
    seat = member.join(opened["group_id"]).expect(201)
    member.api.post(f"/v1/orders/{seat['order_id']}/cancel")
    member.pay(seat, notify=False).expect(200)
    town.minute()
    assert leader.group(opened["group_id"])["status"] == "succeeded"
    assert member.order(seat["order_id"])["state"] == "paid"


def test_the_leaders_money_comes_back_when_the_units_are_gone(town: Town) -> None:
    campaign = town.campaign(size=3, skus=[{**town.sku(), "stock": 4}])
    slow, fast = town.person(), town.person()
    first = slow.open(campaign).expect(201)
    second = fast.open(campaign).expect(201)
    fast.pay(second).expect(200)
    town.hear()
    slow.pay(first).expect(200)
    town.hear()
    page = slow.group(first["group_id"])
    assert (page["status"], page["why"]) == ("failed", "no_stock")
    assert fast.group(second["group_id"])["status"] == "open"
    town.minute()
    town.stream()
    assert slow.order(first["order_id"])["state"] == "refund"
    assert town.person().open(campaign).body["code"] == "sold_out"


def test_an_open_group_can_always_be_filled(town: Town) -> None:
    campaign = town.campaign(size=3, skus=[{**town.sku(), "stock": 3}])
    _, opened = town.opened(campaign)
    assert town.person().open(campaign).body["code"] == "sold_out"
    town.joined(opened["group_id"])
    member, _ = town.joined(opened["group_id"])
    assert member.group(opened["group_id"])["status"] == "succeeded"


def test_with_several_skus_each_seat_takes_a_unit_of_its_own(town: Town) -> None:
    red, blue = {**town.sku(), "sku_id": "red", "stock": 2}, {**town.sku(), "sku_id": "blue", "stock": 2}
    campaign = town.campaign(size=2, skus=[red, blue], group_seconds=3600)
    leader = town.person()
    seat = leader.open(campaign, "red").expect(201)
    leader.pay(seat).expect(200)
    town.hear()
    member = town.person()
    assert member.join(seat["group_id"]).body["code"] == "sku_unknown"
    theirs = member.join(seat["group_id"], "blue").expect(201)
    invariants.check(town.items())
    member.pay(theirs).expect(200)
    town.hear()
    assert leader.group(seat["group_id"])["status"] == "succeeded"
    lonely = town.person()
    alone = lonely.open(campaign, "red").expect(201)
    lonely.pay(alone).expect(200)
    town.hear()
    town.pass_time(3700)
    town.stream()
    invariants.at_rest(town.items())


def first_and_last(town: Town) -> list[tuple[Person, dict[str, Any]]]:
    """Two who sit in a group, in the order in which its drain comes to them."""
    leader, opened = town.opened(town.campaign(group_seconds=3600))
    member, seat = town.joined(opened["group_id"])
    return sorted([(leader, opened), (member, seat)], key=lambda sitting: sitting[0].uid)


def test_a_seat_that_cannot_be_settled_delays_no_other_and_reaches_a_person(town: Town) -> None:
    broken, sound = first_and_last(town)
    lost = next(item for item in town.items() if isinstance(item, Order) and item.oid == broken[1]["order_id"])
    town.emulator.forget(lost.key)
    town.pass_time(3600)
    assert sound[0].order(sound[1]["order_id"])["state"] == "refund"
    town.pass_time(3600)
    town.emulator.restore(lost)
    (dead,) = due.dead()
    due.redrive(dead)
    broken[0].come_back()
    town.pass_time(900)
    assert broken[0].order(broken[1]["order_id"])["state"] == "refund"
    invariants.at_rest(town.items())


def test_an_order_that_cannot_be_read_delays_nobody_elses(town: Town) -> None:
    broken, sound = first_and_last(town)
    order_id = broken[1]["order_id"]
    good = next(raw for raw in town.emulator.items() if raw["pk"]["S"].endswith(f"O#{order_id}"))
    town.emulator.write({**good, "lines": {"S": "[{}]"}})
    town.pass_time(3600)
    town.emulator.write(good)
    assert sound[0].order(sound[1]["order_id"])["state"] == "refund"
    broken[0].come_back()
    town.pass_time(900)
    assert broken[0].order(order_id)["state"] == "refund"


def test_members_are_shown_however_many_seats_were_given_up(town: Town) -> None:
    leader, opened = town.opened(town.campaign(size=2))
    (seat,) = [item for item in town.items() if isinstance(item, Seat)]
    for n in range(120):
        gone = Seat(
            seat.pk, f"SEAT#0000{n:03d}", order="x", state="released", take=1, sku=seat.sku, created_at=clock.now()
        )
        town.emulator.restore(gone)
    assert [member["leader"] for member in leader.group(opened["group_id"])["members"]] == [True]
    for n in range(120):
        town.emulator.forget(Key(seat.pk, f"SEAT#0000{n:03d}"))
