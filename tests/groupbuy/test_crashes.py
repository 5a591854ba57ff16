"""Whatever dies, and at whatever call: repeated with the same key and left to the sweeper, every promise is kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.core import clock
from tests import invariants
from tests.emulator import Call, Emulator
from tests.town import Death, Town


def storage(call: Call) -> bool:
    return call.service == "dynamodb"


def die_at(emulator: Emulator, k: int, *, after: bool) -> Callable[[], bool]:
    """Die at the k-th storage call from now; returns whether it came to that."""
    seen = [0]

    def fault(call: Call) -> Exception | None:
        if not storage(call):
            return None
        seen[0] += 1
        if seen[0] == k:
            emulator.before = emulator.after = None
            raise Death
        return None

    if after:
        emulator.after = fault
    else:
        emulator.before = fault
    return lambda: seen[0] >= k


def survive(town: Town, k: int, after: bool, act: Callable[[], Any]) -> bool:
    """Run ``act``, dying at call ``k``; True when it died."""
    died = die_at(town.emulator, k, after=after)
    try:
        act()
    except Death:
        pass
    finally:
        town.emulator.before = town.emulator.after = None
    invariants.check(town.items())
    return died()


POINTS = [(k, after) for k in range(1, 9) for after in (False, True)]


@pytest.mark.parametrize(("k", "after"), POINTS)
def test_opening_survives(town: Town, k: int, after: bool) -> None:
    campaign = town.campaign(size=2)
    leader = town.person()
    survive(town, k, after, lambda: leader.open(campaign, key="tap-to-open"))
    seat = leader.open(campaign, key="tap-to-open").expect(201)
    leader.pay(seat).expect(200)
    town.hear()
    town.joined(seat["group_id"])
    assert leader.group(seat["group_id"])["status"] == "succeeded"
    town.pass_time(180)
    invariants.at_rest(town.items())


@pytest.mark.parametrize(("k", "after"), POINTS)
def test_joining_survives(town: Town, k: int, after: bool) -> None:
    leader, opened = town.opened(town.campaign(size=2))
    member = town.person()
    survive(town, k, after, lambda: member.join(opened["group_id"], key="tap-to-join"))
    seat = member.join(opened["group_id"], key="tap-to-join").expect(201)
    member.pay(seat).expect(200)
    town.hear()
    assert leader.group(opened["group_id"])["status"] == "succeeded"


@pytest.mark.parametrize("role", ["leader", "member", "last"])
@pytest.mark.parametrize(("k", "after"), POINTS)
def test_a_payment_survives(town: Town, role: str, k: int, after: bool) -> None:
    campaign = town.campaign(size=2 if role == "last" else 3, group_seconds=3600)
    if role == "leader":
        person = town.person()
        seat = person.open(campaign).expect(201)
    else:
        _, opened = town.opened(campaign)
        person = town.person()
        seat = person.join(opened["group_id"]).expect(201)
    person.pay(seat).expect(200)
    survive(town, k, after, town.hear)
    clock.advance(20)
    town.hear()
    assert person.order(seat["order_id"])["state"] == "paid"
    assert person.group(seat["group_id"])["status"] == ("succeeded" if role == "last" else "open")
    town.pass_time(3900)
    town.stream()
    town.pass_time(120)
    invariants.at_rest(town.items())


@pytest.mark.parametrize(("k", "after"), [(k, after) for k in range(1, 26) for after in (False, True)])
def test_the_end_of_a_group_survives(town: Town, k: int, after: bool) -> None:
    leader, opened = town.opened(town.campaign(group_seconds=3600))
    town.joined(opened["group_id"])
    clock.advance(3600)

    def end() -> None:
        town.minute()
        town.stream()

    survive(town, 32 + k, after, end)
    town.pass_time(600)
    assert leader.group(opened["group_id"])["status"] == "failed"
    invariants.at_rest(town.items())
    assert len(town.refunds(opened["order_id"])) == 1


@pytest.mark.parametrize(("k", "after"), [(k, after) for k in range(1, 14) for after in (False, True)])
def test_the_release_of_an_unpaid_seat_survives(town: Town, k: int, after: bool) -> None:
    leader, opened = town.opened(town.campaign(size=2))
    late = town.person()
    seat = late.join(opened["group_id"]).expect(201)
    clock.advance(1000)
    survive(town, 32 + k, after, town.minute)
    town.pass_time(600)
    assert late.order(seat["order_id"])["state"] == "released"
    assert leader.group(opened["group_id"])["left"] == 1
