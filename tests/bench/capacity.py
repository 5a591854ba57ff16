"""Round trips and write units of each action, alone and with many groups in the table."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from chalicelib.core import chance, clock
from chalicelib.core.aws import client
from chalicelib.core.config import config
from chalicelib.core.ids import derived
from chalicelib.groupbuy.items import Seat
from chalicelib.groupbuy.states import SeatState
from tests.bench.figures import Figure
from tests.bench.meter import Cost, metered
from tests.conftest import EMULATOR, START
from tests.town import Town

SCALE = 100_000

BUDGETS = {
    "groupbuy.open": 13,
    "groupbuy.join": 11,
    "groupbuy.paid": 10,
    "groupbuy.paid_closing": 13,
    "groupbuy.paid_leader": 16,
}


def figures() -> list[Figure]:
    """<action>.round_trips and .write_units for every action of the group-buy."""
    found = []
    for suffix, crowd in (("", 0), (".at_scale", SCALE)):
        for action, cost in costs(crowd).items():
            found.append(Figure(f"{action}.round_trips{suffix}", cost.round_trips, "calls", 2))
            found.append(Figure(f"{action}.write_units{suffix}", cost.write_units, "write units", BUDGETS[action]))
    return found


def costs(crowd: int = 0) -> dict[str, Cost]:
    """What each action costs with warm caches, as on a function that has served a request before.

    ``crowd`` is how many seats of other groups of the same campaign stand in the table.
    """
    EMULATOR.fresh()
    with clock.fixed(START), chance.seeded(7), warm_caches():
        town = Town(EMULATOR)
        try:
            return _costs(town, crowd)
        finally:
            town.close()


@contextmanager
def warm_caches() -> Iterator[None]:
    """Campaigns and merchants are kept for 30 s, as deployed."""
    before = os.environ["RIPPLE_CACHE_SECONDS"]
    os.environ["RIPPLE_CACHE_SECONDS"] = "30"
    config.cache_clear()
    try:
        yield
    finally:
        os.environ["RIPPLE_CACHE_SECONDS"] = before
        config.cache_clear()


def _fill(campaign: str, mid: str, seats: int) -> None:
    """Put many held seats, each with its group's partition, through the ordinary write path."""
    dynamodb = client("dynamodb")
    for start in range(0, seats, 25):
        requests = []
        for n in range(start, min(start + 25, seats)):
            pk = f"{mid}|G#{campaign}-{derived('crowd', str(n // 3), length=16)}"
            seat = Seat(
                pk,
                f"SEAT#{derived('uid', str(n))}",
                order=derived("order", str(n)),
                state=SeatState.PAID,
                sku="crowd",
                created_at=START,
                gsi1pk=f"{mid}|U#{derived('uid', str(n))}",
                gsi1sk=f"G#{n}",
            )
            requests.append({"PutRequest": {"Item": seat.serialize()}})
        dynamodb.batch_write_item(RequestItems={"ripple-test": requests})


def _costs(town: Town, crowd: int) -> dict[str, Cost]:
    campaign = town.campaign(size=3)
    _fill(campaign, town.merchant.mid, crowd)
    town.opened(campaign)
    leader, member, last = town.person(), town.person(), town.person()
    measured: dict[str, Cost] = {}

    def measure(name: str, act: Callable[[], Any]) -> Any:
        with metered(town.emulator) as cost:
            result = act()
        measured[name] = cost
        return result

    seat = measure("groupbuy.open", lambda: leader.open(campaign)).expect(201)
    leader.pay(seat).expect(200)
    measure("groupbuy.paid_leader", town.hear)
    taken = measure("groupbuy.join", lambda: member.join(seat["group_id"])).expect(201)
    member.pay(taken).expect(200)
    measure("groupbuy.paid", town.hear)
    ending = last.join(seat["group_id"]).expect(201)
    last.pay(ending).expect(200)
    measure("groupbuy.paid_closing", town.hear)
    return measured
