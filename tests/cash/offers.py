"""Watching offers in the moment in which they arrive at WeChat: each was intended, and is the same as before."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from chalicelib.cash.numbers import parse
from chalicelib.core import clock
from chalicelib.core.table import decode
from chalicelib.rewards.cash import Cash
from chalicelib.rewards.states import ON_ITS_WAY
from infra.local.wechat_sim.world import World

FRESH = timedelta(seconds=60)
"""No function runs longer than so long after it wrote down what it will do."""

UNINTENDED, CHANGED = "unintended", "changed"


def wrong(items: Iterable[dict[str, Any]], world: World, offer: dict[str, Any]) -> list[tuple[str, str]]:
    """What is wrong with an offer as it arrives while ``items`` are stored: each kind with its number.

    What WeChat knows may be offered late: its end may have been heard of meanwhile, and nothing comes of the offer.
    """
    number = str(offer["out_bill_no"])
    known = next((t for (_, name), t in world.transfers.items() if name == number), None)
    if known is not None and known.body != offer:
        return [(CHANGED, number)]
    if _intended(items, number) or (known is not None and known.over):
        return []
    return [(UNINTENDED, number)]


def _intended(items: Iterable[dict[str, Any]], number: str) -> bool:
    attempt, now = parse(number), clock.now()
    for raw in items:
        if attempt and raw["sk"]["S"] == f"CSH#{attempt.cash_id}" and raw["pk"]["S"].endswith(f"|U#{attempt.uid}"):
            cash = decode(raw)
            assert isinstance(cash, Cash)
            begun = cash.intent_at
            same = cash.n == attempt.n and cash.state in ON_ITS_WAY
            return same and begun is not None and begun <= now <= begun + FRESH
    return False
