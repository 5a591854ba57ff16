"""Campaigns that give cash, and what brings it: an order, a friend's step, commission, a packet that is unlocked."""

from __future__ import annotations

from typing import Any

from chalicelib.campaigns.gifts import AsCash
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import read_one
from chalicelib.rewards.cash import Cash, CashTally, cash_key, cash_of
from infra.local.client import Person
from infra.local.seed import demo_offer
from tests.campaigns.rewards import LIMITED
from tests.inviting import shop as inviting
from tests.redpacket import shop as packets
from tests.rewards import shop
from tests.thanks.shop import SOON
from tests.town import Town

CASH = AsCash(hold_days=0, claim_days=30)
"""It can be claimed at once."""

HELD = {"as": "cash", "hold_days": 2, "claim_days": 10}
"""It can be claimed after two days, for ten."""

BUDGET = 100_000
AMOUNT = 500


def gift(amount: int = AMOUNT, **form: Any) -> dict[str, Any]:
    """So much cash."""
    return {"amount": amount, "form": {**HELD, **form}}


def plain(town: Town, **changes: Any) -> str:
    """A campaign with a budget of cash, out of which the tests' own source gives."""
    offer = shop.offer()
    after = {"gift": gift(), "budget": {"cash": BUDGET}}
    return town.campaign({**offer, "after_order": after, **changes})


def thanking(town: Town, **form: Any) -> str:
    """A campaign whose orders bring their buyers cash."""
    sheet = {**demo_offer()["rule_sheet"], "result": LIMITED}
    return town.campaign(
        shipping=SOON, rule_sheet=sheet, after_order={"gift": gift(**form), "budget": {"cash": BUDGET}}
    )


def inviting_offer(**changes: Any) -> dict[str, Any]:
    """Friends' steps, a number of friends, and their orders bring cash."""
    return inviting.bare(budget={"cash": BUDGET}, **changes)


def unlocking(town: Town, **changes: Any) -> str:
    """One friend and three bring cash."""
    return town.campaign(packets.unlock_offer(form=HELD, budget={"cash": BUDGET}, **changes))


def give(town: Town, campaign: str, person: Person, ref: str, amount: int = AMOUNT, **more: Any) -> str:
    """Give somebody cash at once; its id."""
    shop.give(town, campaign, person, ref, amount, more.pop("form", CASH), **more)
    return cash_of(ref)


def cash(town: Town, person: Person, cash_id: str) -> Cash:
    """Cash as it is stored."""
    found = read_one(Cash, cash_key(MerchantId(town.merchant.mid), person.uid, cash_id))
    assert found is not None
    return found


def all_cash(town: Town, person: Person) -> list[Cash]:
    """All that somebody has been given, the first first."""
    found = [item for item in town.items() if isinstance(item, Cash) and item.uid == person.uid]
    return sorted(found, key=lambda one: (one.created_at, one.amount))


def tally(town: Town, campaign: str) -> dict[str, int]:
    """Where a campaign's cash is."""
    parts = [item for item in town.items() if isinstance(item, CashTally) and item.pk.endswith(f"C#{campaign}")]
    names = ("claimable", "flight", "paid", "returned")
    return {name: sum(getattr(part, name) or 0 for part in parts) for name in names}


def budget(town: Town, campaign: str) -> tuple[int, int]:
    """What is left of a campaign's cash, and what is promised or spent of it."""
    found = shop.budgets(town, campaign)["cash"]
    return found["left"], found["taken"]
