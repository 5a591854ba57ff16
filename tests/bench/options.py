"""What a campaign's options cost beside the plain group-buy: the same life of a group, with one option set."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from chalicelib.campaigns.items import StockShard
from chalicelib.core import chance, clock
from chalicelib.core.ids import MerchantId
from chalicelib.notices import setup
from chalicelib.notices.moments import Moment
from infra.local.seed import demo_offer
from tests.bench.capacity import BUDGETS, warm_caches
from tests.bench.figures import Figure
from tests.bench.meter import Cost, metered
from tests.campaigns.newcomers import new_only
from tests.conftest import EMULATOR, START
from tests.notices import shop
from tests.town import Town

SKU = {**demo_offer()["skus"][0], "stock": 512}

OPTIONS: dict[str, dict[str, Any]] = {
    "several_skus": {"skus": [{**SKU, "sku_id": name} for name in ("red", "blue")]},
    "units_per_seat": {"units_per_seat": 3},
    "new_users": new_only(),
    "leader_price": {"skus": [{**SKU, "leader_price_fen": 5900}]},
    "honour_price": {"at_expiry": "honour_price"},
    "last_units": {},
    "messages": {},
}
"""By name, what is said differently from a plain group of three with one SKU.

``last_units`` are one a shard; with ``messages`` the shop tells of every moment that it can.
"""

ALONE = {"buy": 8, "bought": 10}
"""Budgets of buying alone, which no plain group has; bought, its goods are owed: two for their list and their time."""

MORE: dict[str, dict[str, int]] = {
    "several_skus": {"join": 2, "paid_leader": -2},
    "last_units": {"paid_leader": 2},
    "messages": {"paid_leader": 3, "paid": 3, "paid_closing": 3, "bought": 3},
}
"""Write units beyond an action's budget that an option may take.

Each stock shard written takes two, a message that is owed three.
"""


def figures() -> list[Figure]:
    """<action>.write_units.<option> wherever that is not what the plain group takes, and the cost of buying alone."""
    plain = _life({})
    budgets = {**BUDGETS, **{f"groupbuy.{name}": budget for name, budget in ALONE.items()}}
    found = [
        Figure(f"groupbuy.{name}.write_units", plain[f"groupbuy.{name}"].write_units, "write units", budget)
        for name, budget in ALONE.items()
    ]
    for option, changes in OPTIONS.items():
        life = _life(changes, crumbs=option == "last_units", messages=option == "messages")
        for action, cost in life.items():
            budget = budgets[action] + MORE.get(option, {}).get(action.removeprefix("groupbuy."), 0)
            if (cost.write_units, cost.round_trips) != (plain[action].write_units, plain[action].round_trips):
                found.append(Figure(f"{action}.write_units.{option}", cost.write_units, "write units", budget))
                found.append(Figure(f"{action}.round_trips.{option}", cost.round_trips, "calls"))
    return found


def _life(changes: dict[str, Any], *, crumbs: bool = False, messages: bool = False) -> dict[str, Cost]:
    EMULATOR.fresh()
    with clock.fixed(START), chance.seeded(7), warm_caches():
        town = Town(EMULATOR)
        if messages:
            shop.says(town, *Moment)
            setup.voice(MerchantId(town.merchant.mid))
        try:
            return _measured(town, town.campaign(**{"size": 3, "skus": [SKU], **changes}), crumbs=crumbs)
        finally:
            town.close()


def _measured(town: Town, campaign: str, *, crumbs: bool) -> dict[str, Cost]:
    warm, leader, member, last, alone = (town.person() for _ in range(5))
    warm.api.get(f"/v1/campaigns/{campaign}")
    if crumbs:
        _leave_one_a_shard(town)
    measured: dict[str, Cost] = {}

    def measure(name: str, act: Callable[[], Any]) -> Any:
        with metered(town.emulator) as cost:
            result = act()
        measured[f"groupbuy.{name}"] = cost
        return result

    sku = town.admin.get(f"/v1/admin/campaigns/{campaign}")["offer"]["skus"][0]["sku_id"]
    seat = measure("open", lambda: leader.open(campaign, sku)).expect(201)
    leader.pay(seat).expect(200)
    measure("paid_leader", town.hear)
    for person, paying in ((member, "paid"), (last, "paid_closing")):
        taken = measure("join", partial(person.join, seat["group_id"], sku)).expect(201)
        person.pay(taken).expect(200)
        measure(paying, town.hear)
    bought = measure("buy", lambda: alone.buy(campaign, sku)).expect(201)
    alone.pay(bought).expect(200)
    measure("bought", town.hear)
    return measured


def _leave_one_a_shard(town: Town) -> None:
    for shard in [item for item in town.items() if isinstance(item, StockShard)]:
        shard.left = 1
        town.emulator.restore(shard)
