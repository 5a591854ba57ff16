"""What a rain and thanks for an order take from storage: their part of `capacity`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chalicelib.core import clock
from tests.bargain.shop import LOOKED, grown
from tests.thanks.shop import bursts, claim_key, claims, giving, handle, key_of, orders, pouring, tell
from tests.town import Town

Measure = Callable[[str, Callable[[], Any]], Any]

BUDGETS = {"rain.claim": 9}


def measure_all(town: Town, measure: Measure) -> None:
    """A burst is looked at and claimed of, and an order brings a coupon and points."""
    (ann,) = grown(town, "rain-ann")
    campaign = pouring(town)
    bursts(ann, campaign)
    given = measure("rain.page", lambda: bursts(ann, campaign))["help_ticket"]
    clock.advance(LOOKED)
    measure("rain.claim", lambda: claims(ann, campaign, 1, given, key="one-key-for-one-tap")).expect(201)
    measure("rain.claim_again", lambda: claims(ann, campaign, 1, given, key="one-key-for-one-tap")).expect(201)
    measure("rain.granted", lambda: handle(claim_key(town, ann, campaign, 1)))
    bought = orders(town, giving(town, hold="none"), "thanked-ann")
    measure("thanks.promised", lambda: tell(town, bought))
    measure("thanks.granted", lambda: handle(key_of(town, bought, "gift")))
