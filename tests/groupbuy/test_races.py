"""Many at once, in threads, on the embedded DynamoDB: exactly what there is, is given."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from infra.local.client import Reply
from tests import invariants
from tests.town import Town

TRIALS = 5


def at_once(acts: Sequence[Callable[..., Any]]) -> list[Any]:
    together = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        together.wait()
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


@pytest.mark.parametrize("trial", range(TRIALS))
def test_the_last_seat_goes_to_exactly_one_of_sixteen(town: Town, trial: int) -> None:
    _, opened = town.opened(town.campaign(size=2))
    people = [town.person() for _ in range(16)]
    replies: list[Reply] = at_once([lambda p=p: p.join(opened["group_id"]) for p in people])
    assert sorted(reply.status for reply in replies) == [201] + [409] * 15
    assert {r.body["code"] for r in replies if r.status == 409} == {"group_full"}


@pytest.mark.parametrize("trial", range(TRIALS))
def test_the_last_two_payments_at_once_complete_the_group(town: Town, trial: int) -> None:
    _, opened = town.opened(town.campaign())
    numbers = []
    for _ in range(2):
        member = town.person()
        seat = member.join(opened["group_id"]).expect(201)
        member.pay(seat, notify=False).expect(200)
        numbers.append(f"{seat['order_id']}-1")
    tell = [lambda n=n: town.act("/_sim/notify", out_trade_no=n)["status"] for n in numbers * 2]
    assert at_once(tell) == [204] * 4
    page = member.group(opened["group_id"])
    assert (page["status"], page["paid"]) == ("succeeded", 3)


@pytest.mark.parametrize("trial", range(TRIALS))
def test_two_keys_of_one_user_are_one_seat(town: Town, trial: int) -> None:
    _, opened = town.opened(town.campaign())
    member = town.person()
    replies: list[Reply] = at_once([lambda: member.join(opened["group_id"])] * 4)
    assert sorted(reply.status for reply in replies) == [201, 409, 409, 409]
    assert {r.body["code"] for r in replies if r.status == 409} == {"already_seated"}


@pytest.mark.parametrize("trial", range(TRIALS))
def test_one_key_sent_four_times_at_once_is_one_seat_and_four_answers(town: Town, trial: int) -> None:
    _, opened = town.opened(town.campaign())
    member = town.person()
    replies: list[Reply] = at_once([lambda: member.join(opened["group_id"], key="one-tap-of-mine")] * 4)
    assert {reply.status for reply in replies} <= {201, 202}
    assert len({reply.body["order_id"] for reply in replies}) == 1


def test_one_user_opens_one_group_at_a_time_however_fast_he_taps(town: Town) -> None:
    campaign, leader = town.campaign(), town.person()
    replies: list[Reply] = at_once([lambda: leader.open(campaign)] * 4)
    assert sorted(reply.status for reply in replies) == [201, 409, 409, 409]
    assert {r.body["code"] for r in replies if r.status == 409} == {"opening_pending"}


def test_the_last_units_are_sold_once(town: Town) -> None:
    red, blue = {**town.sku(), "sku_id": "red", "stock": 40}, {**town.sku(), "sku_id": "blue", "stock": 3}
    campaign = town.campaign(size=20, skus=[red, blue])
    leader = town.person()
    seat = leader.open(campaign, "red").expect(201)
    leader.pay(seat).expect(200)
    town.hear()
    people = [town.person() for _ in range(8)]
    replies: list[Reply] = at_once([lambda p=p: p.join(seat["group_id"], "blue") for p in people])
    assert sorted(reply.status for reply in replies) == [201] * 3 + [409] * 5
    assert {r.body["code"] for r in replies if r.status == 409} == {"sold_out"}
    invariants.check(town.items())


def test_two_leaders_pay_for_the_last_units_at_once(town: Town) -> None:
    campaign = town.campaign(size=3, skus=[{**town.sku(), "stock": 4}])
    seats = []
    for _ in range(2):
        leader = town.person()
        seat = leader.open(campaign).expect(201)
        leader.pay(seat, notify=False).expect(200)
        seats.append((leader, seat))
    tell = [lambda s=s: town.act("/_sim/notify", out_trade_no=f"{s['order_id']}-1")["status"] for _, s in seats]
    assert at_once(tell) == [204, 204]
    assert sorted(leader.group(seat["group_id"])["status"] for leader, seat in seats) == ["failed", "open"]
