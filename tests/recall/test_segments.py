"""Segments: what orders come to, told in any order and twice, and who is where when."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.core import clock, due
from chalicelib.core.ids import MerchantId, UserId
from chalicelib.core.outbox import OutboxEntry
from chalicelib.core.store import read
from chalicelib.core.table import Key
from chalicelib.merchants.segments import SegmentTerms
from chalicelib.orders.follows import FOLLOWS
from chalicelib.orders.items import Order, order_key
from chalicelib.recall import people
from chalicelib.recall.following import FOLLOWING
from chalicelib.recall.states import Segment
from chalicelib.rewards.balance_tender import REF
from tests.bench.meter import metered
from tests.coupons.shop import gets, pays
from tests.invite.family import accepts, counted
from tests.recall.shop import DAY, PATH, PRICE, TERMS, buys, entries, names, row, sizes, sorts, sums
from tests.rewards.shop import BALANCE, give
from tests.rewards.shop import offer as giving
from tests.town import Town


def told(key: Key) -> None:
    """A worker takes what is due there."""
    found = read(key)[key]
    assert found is not None and found.gsi2sk is not None
    due.handle(key, found.gsi2sk)


def order(town: Town, oid: str) -> Order:
    found = read(at := order_key(MerchantId(town.merchant.mid), oid)).item(Order, at)
    assert found is not None
    return found


def test_before_anything_is_said_nobody_is_counted_and_it_costs_nothing(town: Town) -> None:
    assert town.admin.get(PATH) == {"edition": None, "terms": None, "said_at": None, "segments": []}
    refused = town.admin.call("GET", f"{PATH}/new/users")
    assert (refused.status, refused.body["code"]) == (409, "no_segments")
    ann = town.person("ann")
    bought = buys(town, town.campaign(), ann)
    assert order(town, bought.order_id).follows is None
    assert not [item for item in town.items() if isinstance(item, OutboxEntry) and item.effect == FOLLOWS]
    town.stream()
    assert row(town, ann) is None


def test_whoever_switches_it_off_counts_no_new_order_and_goes_on_with_the_old(town: Town) -> None:
    sorts(town)
    ann, campaign = town.person("ann"), town.campaign()
    first = buys(town, campaign, ann)
    sorts(town, counting=False)
    buys(town, campaign, ann)
    town.stream()
    assert sums(town, ann) == (1, PRICE, "new")
    first.refund(1000).expect(200)
    town.stream()
    assert sums(town, ann) == (1, PRICE - 1000, "new")


def test_orders_add_up_and_what_goes_back_counts_no_more(town: Town) -> None:
    sorts(town)
    ann, campaign = town.person("ann"), town.campaign()
    first, second, third = (buys(town, campaign, ann) for _ in range(3))
    town.stream()
    assert sums(town, ann) == (3, 3 * PRICE, "vip")
    third.refund().expect(200)
    town.stream()
    assert sums(town, ann) == (2, 2 * PRICE, "regular")
    second.refund(900).expect(200)
    town.stream()
    assert sums(town, ann) == (2, 2 * PRICE - 900, "regular")
    second.refund().expect(200)
    town.stream()
    assert sums(town, ann) == (1, PRICE, "new")
    first.refund().expect(200)
    town.stream()
    assert sums(town, ann) == (0, 0, None)
    assert sizes(town) == {}


def test_told_twice_and_of_the_return_before_the_confirmation_it_counts_the_same(town: Town) -> None:
    sorts(town)
    ann, campaign = town.person("ann"), town.campaign()
    bought = buys(town, campaign, ann)
    bought.refund(900).expect(200)
    confirmed, returned = entries(town, bought)
    told(returned)
    assert sums(town, ann) == (1, PRICE - 900, "new")
    seen = row(town, ann)
    told(confirmed)
    FOLLOWING.confirmed(order(town, bought.order_id))
    FOLLOWING.returned(order(town, bought.order_id))
    now = row(town, ann)
    assert seen is not None and now is not None and now.changes == seen.changes == 1


def test_a_return_of_all_before_the_confirmation_is_told_counts_nothing(town: Town) -> None:
    sorts(town)
    ann = town.person("ann")
    bought = buys(town, town.campaign(), ann)
    bought.refund().expect(200)
    for key in reversed(entries(town, bought)):
        told(key)
    assert sums(town, ann) == (0, 0, None)


def test_a_coupon_lowers_what_was_paid_and_a_balance_does_not(town: Town) -> None:
    sorts(town)
    ann, campaign = town.person("ann"), town.campaign()
    mine = gets(town, ann)
    give(town, town.campaign(giving()), ann, "given", form=BALANCE)
    buys(town, campaign, ann, *pays(mine), {"tender": "balance", "ref": REF, "fen": 100})
    town.stream()
    assert sums(town, ann) == (1, PRICE - 1000, "new")


def test_two_orders_of_one_person_counted_at_once_both_count(town: Town) -> None:
    sorts(town)
    ann, campaign = town.person("ann"), town.campaign()
    first, second = buys(town, campaign, ann), buys(town, campaign, ann)
    town.emulator.meanwhile(lambda: told(entries(town, second)[0]), "TransactWriteItems")
    told(entries(town, first)[0])
    assert sums(town, ann) == (2, 2 * PRICE, "regular")


def test_time_alone_moves_people_and_an_order_brings_them_back(town: Town) -> None:
    sorts(town)
    ann, ben, campaign = town.person("ann"), town.person("ben"), town.campaign()
    buys(town, campaign, ann)
    town.stream()
    town.pass_time(DAY, tick=DAY)
    for _ in range(3):
        ben.come_back()
        buys(town, campaign, ben)
    town.stream()
    assert sizes(town) == {"new": 1, "vip": 1}
    town.pass_time(59 * DAY - 60, tick=20 * DAY)
    assert sizes(town) == {"new": 1, "vip": 1}
    town.pass_time(60, tick=60)
    assert (sizes(town), names(town, "asleep")) == ({"asleep": 1, "vip": 1}, [ann.uid])
    town.pass_time(DAY, tick=DAY)
    assert names(town, "asleep") == [ann.uid, ben.uid]
    town.pass_time(119 * DAY, tick=40 * DAY)
    assert (names(town, "asleep"), names(town, "lost")) == ([ben.uid], [ann.uid])
    ann.come_back()
    buys(town, town.campaign(), ann)
    town.stream()
    assert (names(town, "regular"), names(town, "lost")) == ([ann.uid], [])


def test_a_page_tells_who_is_there_and_where_the_next_begins(town: Town) -> None:
    sorts(town)
    ann, ben, campaign = town.person("ann"), town.person("ben"), town.campaign()
    for who in (ann, ben):
        buys(town, campaign, who)
        town.pass_time(60)
    town.stream()
    first = town.admin.get(f"{PATH}/new/users?limit=1")
    assert first["users"] == [
        {
            "user_id": ann.uid,
            "nickname": first["users"][0]["nickname"],
            "last_order_at": first["users"][0]["last_order_at"],
            "orders": 1,
            "spent_fen": PRICE,
            "friends": 0,
            "segment": "new",
        }
    ]
    found = row(town, ann)
    assert found is not None and clock.parse(first["users"][0]["last_order_at"]) == found.last_at
    second = town.admin.get(f"{PATH}/new/users?limit=1&cursor={first['cursor']}")
    assert ([one["user_id"] for one in second["users"]], second["cursor"]) == ([ben.uid], None)
    clock.advance(61 * DAY)
    asleep = town.admin.get(f"{PATH}/asleep/users?limit=1")
    assert [one["user_id"] for one in asleep["users"]] == [ann.uid]
    assert names(town, "new", f"?cursor={asleep['cursor']}") == []
    assert town.admin.call("GET", f"{PATH}/nobody/users").status == 404
    wrong = town.admin.call("GET", f"{PATH}/new/users?cursor=bm90aGluZw")
    assert (wrong.status, wrong.body["errors"][0]["pointer"]) == (422, "?cursor")


def test_a_list_that_is_a_moment_late_puts_nobody_where_he_is_not(town: Town) -> None:
    sorts(town)
    ann = town.person("ann")
    buys(town, town.campaign(), ann)
    town.stream()
    mid, terms = MerchantId(town.merchant.mid), SegmentTerms(**TERMS)
    (one,) = people.known(mid, [UserId(ann.uid)], terms)
    there = [segment for segment in Segment if people.belongs(one, segment, terms, clock.now())]
    assert there == [Segment.NEW]


def test_inviters_are_found_by_the_friends_on_the_board_that_is_said(town: Town) -> None:
    sorts(town)
    ann, ben = town.person("ann"), town.person("ben")
    for who, friends in ((ann, 2), (ben, 1)):
        for n in range(friends):
            town.pass_time(1, tick=1)
            accepts(town.person(f"{who.name}s friend {n}"), who).expect(201)
    counted(town)
    assert names(town, "active_inviters") == [ann.uid]
    assert town.admin.get(f"{PATH}/active_inviters/users")["users"][0]["friends"] == 2
    sorts(town, inviter_friends=1)
    assert set(names(town, "active_inviters")) == {ann.uid, ben.uid}
    sorts(town, inviter_campaign="NOTHING")
    assert names(town, "active_inviters") == []


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"lost_days": 60}, "/terms/lost_days"),
        ({"vip_orders": 1}, "/terms/vip_orders"),
        ({"asleep_days": 0}, "/terms/asleep_days"),
        ({"secret": 1}, "/terms/secret"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(town: Town, changes: dict[str, Any], pointer: str) -> None:
    refused = town.admin.call("PUT", PATH, {"edition": None, "terms": {**TERMS, **changes}})
    assert (refused.status, refused.body["errors"][0]["pointer"]) == (422, pointer)
    assert town.admin.get(PATH)["edition"] is None


def test_another_who_read_something_else_is_told_so(town: Town) -> None:
    first = sorts(town)
    sorts(town, vip_orders=4)
    refused = town.admin.call("PUT", PATH, {"edition": first, "terms": TERMS})
    assert (refused.status, refused.body["code"]) == (409, "segment_terms_changed")


def test_counting_an_order_is_one_read_and_one_transaction(town: Town) -> None:
    sorts(town)
    bought = buys(town, town.campaign(), town.person("ann"))
    found = order(town, bought.order_id)
    with metered(town.emulator) as cost:
        FOLLOWING.confirmed(found)
    assert cost.operations == ["BatchGetItem", "TransactWriteItems"]
