"""What cash takes from storage, from the gift to the account at WeChat: its part of `capacity`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chalicelib.cash import offering, service
from chalicelib.cash.timers import cash_due
from chalicelib.core import clock
from chalicelib.rewards.cash import cash_key, cash_of
from chalicelib.rewards.grants import grant_due
from chalicelib.rewards.items import grant_key
from tests.bench.packets import leased
from tests.cash import acts, shop
from tests.rewards import shop as rewards
from tests.town import Town

Measure = Callable[[str, Callable[[], Any]], Any]


def measure_all(town: Town, measure: Measure) -> None:
    """Cash that is given, asked for, paid, comes to nothing in time and too late, is returned, or taken back."""
    mid, campaign = shop.mid_of(town), shop.opened(town)
    shop.set_up(town, shop.with_limits(times_a_day=10))
    town.hear()
    ann = town.person("una")
    rewards.promise(town, campaign, ann, "first", 100, shop.AT_ONCE, seconds=0)
    given = leased(grant_key(mid, ann.uid, "first"))
    measure("cash.given", lambda: grant_due(given))

    def asks(ref: str) -> Any:
        return service.tap(mid, ann.uid, cash_of(ref), real_name=None, address=None)

    for ref in ("second", "third", "fourth", "fifth"):
        shop.given(town, campaign, ann, ref, form=acts.ONE_DAY)
    asks("second")
    town.sim.faults.add("transfer", "unreachable")
    measure("cash.tap", lambda: asks("first"))
    first = shop.cash(town, ann, "first")
    measure("cash.asked", lambda: offering.offer(first, None))
    measure("cash.tap_again", lambda: asks("first"))
    acts.confirming(town, ann, "first")()
    measure("cash.paid", town.hear)
    acts.failing(town, ann, ref="second")()
    measure("cash.failed", town.hear)
    acts.lost(town, ann, "lost", "third")
    clock.advance(60)
    looked = leased(cash_key(mid, ann.uid, cash_of("third")))
    measure("cash.offered_again", lambda: cash_due(looked))
    measure("cash.cancel", lambda: service.cancel(mid, ann.uid, cash_of("third")))
    measure("cash.shown", lambda: service.shown(mid, ann.uid, cash_of("third")))
    asks("fourth")
    clock.advance(shop.DAY + 1)
    late = leased(cash_key(mid, ann.uid, cash_of("fourth")))
    measure("cash.failed_too_late", lambda: cash_due(late))
    over = leased(cash_key(mid, ann.uid, cash_of("fifth")))
    measure("cash.expired", lambda: cash_due(over))
    measure("cash.mine", lambda: service.mine(mid, ann.uid, 20, None))
