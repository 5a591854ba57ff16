"""Every document that can give cash, as it gives it; each passes the gate where its merchant is ready."""

from __future__ import annotations

from typing import Any

from chalicelib.core import clock
from infra.local.seed import demo_offer
from tests.campaigns.bargains import bargain_offer
from tests.campaigns.rewards import CASH, LIMITED, after_order, gift
from tests.inviting.shop import bare
from tests.redpacket.shop import unlock_offer

BUDGET = {"cash": 100_000}
AFTER = after_order(gift=gift(form=CASH), budget=BUDGET)
STAGES = [{"on": on, "gift": gift(200, CASH)} for on in ("accepted", "first_help", "first_order")]
COMMISSION = {"percent_bp": 500, "most": 1000, "form": CASH}


def sold(**changes: Any) -> dict[str, Any]:
    """A group-buy whose orders bring cash."""
    sheet = {**demo_offer()["rule_sheet"], "result": LIMITED}
    return {**demo_offer(now=clock.now()), "rule_sheet": sheet, "after_order": AFTER, **changes}


def bargained(**changes: Any) -> dict[str, Any]:
    """A bargain whose order brings cash."""
    document = bargain_offer(clock.now())
    sheet = {**document["rule_sheet"], "result": LIMITED}
    return {**document, "rule_sheet": sheet, "after_order": AFTER, **changes}


def unlocked(**changes: Any) -> dict[str, Any]:
    """A packet whose nodes are cash."""
    return unlock_offer(**{"form": CASH, "budget": BUDGET, **changes})


def staged(**changes: Any) -> dict[str, Any]:
    """Cash for what a friend does."""
    return bare(**{"stages": STAGES, "budget": BUDGET, **changes})


def counted(**changes: Any) -> dict[str, Any]:
    """Cash for so many friends."""
    thresholds = [{"friends": 2, "gift": gift(200, CASH)}]
    return bare(**{"thresholds": thresholds, "budget": BUDGET, **changes})


def commissioned(**changes: Any) -> dict[str, Any]:
    """Cash for what friends buy."""
    return bare(**{"commission": COMMISSION, "budget": BUDGET, **changes})


GIVING = {made.__name__: made for made in (sold, bargained, unlocked, staged, counted, commissioned)}
PLACES = {
    "sold": ("/after_order/gift/form", "/after_order/budget/cash"),
    "bargained": ("/after_order/gift/form", "/after_order/budget/cash"),
    "unlocked": ("/form", "/budget/cash"),
    "staged": ("/stages/0/gift/form", "/budget/cash"),
    "counted": ("/thresholds/0/gift/form", "/budget/cash"),
    "commissioned": ("/commission/form", "/budget/cash"),
}
"""Where each says that it gives cash, and how much in all."""
