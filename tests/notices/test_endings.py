"""Reminders of orders, groups, bargains and packets: at the moment of most use, once, not without a reason."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.core import clock
from chalicelib.notices.items import Notice, Plan
from chalicelib.notices.moments import Moment
from infra.local.client import Person
from tests.bargain import shop as bargains
from tests.family.asks_shop import buys
from tests.family.shop import household
from tests.notices import shop
from tests.notices.heard import heard
from tests.redpacket import shop as packets
from tests.town import Town

MINUTE, HOUR = 60, 3600
BEIJING = timedelta(hours=8)
GROUP, BARGAIN, UNLOCK, PAY = Moment.GROUP_ENDING, Moment.BARGAIN_ENDING, Moment.UNLOCK_ENDING, Moment.PAY_ENDING


def plans(town: Town) -> list[str]:
    """When plans are looked at, in Beijing."""
    return [f"{item.due + BEIJING:%H:%M}" for item in town.items() if isinstance(item, Plan) and item.due is not None]


def reminded(town: Town, person: Person, seconds: float) -> list[tuple[str, list[str]]]:
    """What somebody is told while time passes."""
    before = len(heard(town, person))
    town.pass_time(seconds)
    return [(moment, said) for moment, _, said in heard(town, person)[before:]]


def held(town: Town, person: Person) -> str:
    """An order that waits for its payment for a quarter of an hour."""
    oid: str = person.buy(town.campaign()).expect(201)["order_id"]
    return oid


def test_whoever_may_pay_is_reminded_five_minutes_before_he_may_no_longer(town: Town) -> None:
    shop.says(town, PAY)
    ann = town.person("ann")
    oid = held(town, ann)
    shop.consents(town, ann, PAY, about=("order", oid))
    shop.consents(town, ann, PAY, about=("order", oid))
    assert plans(town) == ["20:10"]
    assert reminded(town, ann, 9 * MINUTE) == []
    assert reminded(town, ann, 3 * MINUTE) == [
        ("pay_ending", ["2026年秋茶礼盒", "89.00元", oid, "2026年11月11日 20:15"])
    ]
    assert reminded(town, ann, HOUR) == [] and plans(town) == []


def test_who_has_given_up_or_paid_is_not_reminded_of_his_order(town: Town) -> None:
    shop.says(town, PAY)
    ann, ben = town.person("ann"), town.person("ben")
    given_up, bought = held(town, ann), ben.buy(town.campaign()).expect(201)
    for person, oid in ((ann, given_up), (ben, bought["order_id"])):
        shop.consents(town, person, PAY, about=("order", oid))
    town.pass_time(8 * MINUTE)
    ann.api.post(f"/v1/orders/{given_up}/cancel", {})
    ben.pay(bought).expect(200)
    town.hear()
    assert (reminded(town, ann, HOUR), reminded(town, ben, 0), plans(town)) == ([], [], [])


def test_who_pays_for_another_is_reminded_and_the_buyer_is_not(town: Town) -> None:
    shop.says(town, PAY)
    mum, ann = town.person("mum"), town.person("ann")
    oid = buys(ann, town.campaign(), household(town, mum, ann)).expect(201)["order_id"]
    for person in (mum, ann):
        shop.consents(town, person, PAY, about=("order", oid))
    assert [moment for moment, _ in reminded(town, mum, 14 * MINUTE)] == ["pay_ending"]
    assert heard(town, ann) == []


def led(town: Town, seconds: int, **changes: Any) -> tuple[Person, str]:
    """A leader who lets himself be reminded, in a group of three."""
    leader, opened = town.opened(town.campaign(group_seconds=seconds, **changes))
    shop.consents(town, leader, GROUP, about=("group", opened["group_id"]))
    return leader, opened["group_id"]


@pytest.mark.parametrize(("hours", "told_at"), [(24, "18:00"), (12, "21:55"), (1, "20:30")])
def test_a_member_is_reminded_of_seats_left_before_the_end_and_not_at_night(
    town: Town, hours: int, told_at: str
) -> None:
    shop.says(town, GROUP)
    leader, gid = led(town, hours * HOUR)
    town.joined(gid)
    assert plans(town) == [told_at]
    ((moment, said),) = reminded(town, leader, hours * HOUR - 3 * MINUTE)
    assert (moment, said[:5]) == ("group_ending", ["2026年秋茶礼盒 三人团", "3", "2", "1", "69.00元"])
    assert heard(town, leader)[0][1] == f"pages/group/index?g={gid}"


def test_a_group_that_is_full_or_closed_reminds_nobody(town: Town) -> None:
    shop.says(town, GROUP)
    (ann, full), (ben, closed), (cat, taken) = led(town, HOUR), led(town, HOUR), led(town, HOUR, size=2)
    for _ in range(2):
        town.joined(full)
    town.admin.post(f"/v1/admin/groups/{closed}/close")
    town.pass_time(20 * MINUTE)
    town.person().join(taken).expect(201)
    assert (reminded(town, ann, HOUR), heard(town, ben), heard(town, cat), plans(town)) == ([], [], [], [])
    assert not [item for item in town.items() if isinstance(item, Notice)]


@pytest.mark.parametrize(("hours", "told_at"), [(10, ["08:00"]), (4, [])])
def test_whoever_asks_for_it_at_night_is_reminded_in_the_morning_if_that_is_in_time(
    town: Town, hours: int, told_at: list[str]
) -> None:
    shop.says(town, GROUP)
    clock.advance(3 * HOUR)
    led(town, hours * HOUR)
    assert plans(town) == told_at


def test_who_is_told_that_he_has_paid_is_reminded_of_the_group_that_he_paid_for(town: Town) -> None:
    shop.says(town, GROUP, Moment.PAID)
    ann = town.person("ann")
    shop.consents(town, ann, GROUP, Moment.PAID)
    opened = ann.open(town.campaign(group_seconds=HOUR)).expect(201)
    ann.pay(opened).expect(200)
    town.hear()
    town.stream()
    assert plans(town) == ["20:30"]
    assert [moment for moment, _ in reminded(town, ann, HOUR)] == ["group_ending"]


def test_an_owner_is_reminded_of_his_bargain_while_helps_are_missing_or_while_it_can_be_bought(town: Town) -> None:
    shop.says(town, BARGAIN)
    ann, ben, cat = bargains.grown(town, "ann", "ben", "cat")
    campaign = town.campaign(
        bargains.offer(cuts=2, bargain_seconds=HOUR, claim_seconds=6 * HOUR, pay_window_seconds=900)
    )
    open_still, at_floor = bargains.started(ann, campaign), bargains.started(ben, campaign)
    for owner, bid in ((ann, open_still), (ben, at_floor)):
        shop.consents(town, owner, BARGAIN, about=("bargain", bid))
    for friend in (ann, cat):
        bargains.helps(friend, at_floor).expect(201)
    assert reminded(town, ann, 31 * MINUTE) == [
        ("bargain_ending", ["秋茶礼盒砍价", "2", "99.00元", "2026年11月11日 21:11"])
    ]
    assert heard(town, ben) == [] and plans(town) == ["21:55"], "its claim window ends at night"
    ((_, said),) = reminded(town, ben, 2 * HOUR)
    assert said == ["秋茶礼盒砍价", "0", "69.00元", "2026年11月12日 02:11"]


def test_a_bargain_that_is_bought_given_up_or_anothers_reminds_nobody(town: Town) -> None:
    shop.says(town, BARGAIN)
    ann, ben = bargains.grown(town, "ann", "ben")
    campaign = town.campaign(bargains.offer())
    bought, given_up = bargains.started(ann, campaign), bargains.started(ann, campaign)
    shop.consents(town, ben, BARGAIN, about=("bargain", bought))
    assert plans(town) == []
    for bid in (bought, given_up):
        shop.consents(town, ann, BARGAIN, about=("bargain", bid))
    ann.pay(bargains.buys(ann, bought).expect(201)).expect(200)
    town.hear()
    bargains.cancels(ann, given_up).expect(200)
    assert (reminded(town, ann, HOUR), heard(town, ben), plans(town)) == ([], [], [])


def test_an_owner_is_reminded_of_a_packet_that_friends_open_while_a_node_is_missing(town: Town) -> None:
    shop.says(town, UNLOCK)
    ann, ben, cat, dan = packets.grown(town, "ann", "ben", "cat", "dan")
    campaign = town.campaign(packets.unlock_offer())
    rid, closed, full = (packets.started(ann, campaign) for _ in range(3))
    shop.consents(town, ben, UNLOCK, about=("packet", rid))
    assert plans(town) == []
    for one in (rid, closed, full):
        shop.consents(town, ann, UNLOCK, about=("packet", one))
    packets.helps(ben, rid).expect(201)
    packets.closes(town, closed).expect(200)
    for friend in (ben, cat, dan):
        packets.helps(friend, full).expect(201)
    assert reminded(town, ann, HOUR) == [("unlock_ending", ["好友一起拆", "2", "2026年11月11日 21:11"])]
    assert plans(town) == [] and len([item for item in town.items() if isinstance(item, Notice)]) == 1


def test_an_owner_is_told_how_many_friends_the_next_node_needs(town: Town) -> None:
    shop.says(town, UNLOCK)
    (ann,) = packets.grown(town, "ann")
    rid = packets.started(ann, town.campaign(packets.unlock_offer()))
    shop.consents(town, ann, UNLOCK, about=("packet", rid))
    assert [said[1] for _, said in reminded(town, ann, HOUR)] == ["1"]


@pytest.mark.parametrize("ident", ["none", "0-0", "_", "9PBQQW5R9QXQHHNSD2HPAXK3YV-7KG0AJDDFH849EPG"])
def test_what_never_was_reminds_of_nothing(town: Town, ident: str) -> None:
    shop.says(town, GROUP)
    ann = town.person("ann")
    for kind in ("order", "group", "bargain", "packet"):
        shop.consents(town, ann, GROUP, about=(kind, ident))
    assert plans(town) == []


def test_what_is_anothers_reminds_of_nothing(town: Town) -> None:
    shop.says(town, GROUP, PAY)
    _, gid = led(town, HOUR)
    eve, order = town.person("eve"), held(town, town.person())
    shop.consents(town, eve, GROUP, about=("group", gid))
    shop.consents(town, eve, PAY, about=("order", order))
    taken = eve.join(gid).expect(201)
    shop.consents(town, eve, GROUP, about=("group", gid))
    assert plans(town) == ["20:30"], "the leader's alone: who has not paid has no seat yet"
    eve.pay(taken).expect(200)
    town.hear()
    shop.consents(town, eve, GROUP, about=("group", gid))
    assert plans(town) == ["20:30", "20:30"]
