"""Campaigns that give cash, and what brings it: an order, a friend's step, commission, a packet that is unlocked."""

from __future__ import annotations

from typing import Any

from chalicelib.rewards.cash import Cash
from infra.local.client import Person, Reply
from infra.local.seed import demo_offer
from tests.campaigns.rewards import LIMITED
from tests.cash import shop
from tests.inviting import shop as inviting
from tests.redpacket import shop as packets
from tests.rewards import shop as rewards
from tests.thanks.shop import SOON
from tests.town import Town

FORM = {"as": "cash", "hold_days": 2, "claim_days": 10}
"""It can be claimed after two days, for ten."""

BUDGET = 100_000


def gift(amount: int = 500) -> dict[str, Any]:
    """So much cash."""
    return {"amount": amount, "form": FORM}


def ready(town: Town) -> None:
    """The merchant pays cash, and has some."""
    shop.set_up(town)
    shop.fill(town)
    town.act("/_sim/scenes", mchid=town.merchant.mchid, scenes=["1000", "1005"])


def thanking(town: Town) -> str:
    """A campaign whose orders bring their buyers cash."""
    ready(town)
    sheet = {**demo_offer()["rule_sheet"], "result": LIMITED}
    after = {"gift": gift(), "budget": {"cash": BUDGET}}
    return town.campaign(shipping=SOON, rule_sheet=sheet, after_order=after)


def inviting_friends(town: Town, **changes: Any) -> str:
    """Friends' steps, a number of friends, and their orders bring cash, as far as ``changes`` say."""
    ready(town)
    return town.campaign(inviting.bare(budget={"cash": BUDGET}, **changes))


def unlocking(town: Town, **changes: Any) -> str:
    """One friend and three bring cash."""
    ready(town)
    return town.campaign(packets.unlock_offer(form=FORM, budget={"cash": BUDGET}, **changes))


def listed(person: Person, **headers: str) -> list[dict[str, Any]]:
    """His cash, as he reads it."""
    found: list[dict[str, Any]] = person.api.call("GET", "/v1/me/cash", headers=headers).expect(200)["cash"]
    return found


def page(person: Person, cash_id: str, **headers: str) -> Any:
    """One piece of it."""
    return person.api.call("GET", f"/v1/me/cash/{cash_id}", headers=headers).expect(200)


def claims(person: Person, cash_id: str, name: str | None = None) -> Reply:
    """He asks for it."""
    return person.api.call("POST", f"/v1/me/cash/{cash_id}/claim", {"real_name": name} if name else {})


def cancels(person: Person, cash_id: str) -> Reply:
    """He takes that back."""
    return person.api.call("POST", f"/v1/me/cash/{cash_id}/cancel", {})


def confirms(town: Town, person: Person, shown: dict[str, Any]) -> None:
    """He confirms on WeChat's page, and WeChat tells of it."""
    person.confirm_transfer(shown["confirm"]).expect(200)
    town.hear()


def all_cash(town: Town, person: Person) -> list[Cash]:
    """All that somebody has been given, the first first."""
    found = [item for item in town.items() if isinstance(item, Cash) and item.uid == person.uid]
    return sorted(found, key=lambda one: (one.created_at, one.amount))


def budget(town: Town, campaign: str) -> tuple[int, int]:
    """What is left of a campaign's cash, and what is promised or spent of it."""
    found = rewards.budgets(town, campaign)["cash"]
    return found["left"], found["taken"]
