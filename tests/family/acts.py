"""What people of a family do with its wallet, in tests: order, fill, look, ask and approve."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from chalicelib.core import clock, due
from chalicelib.core.errors import BUSY, RippleError
from chalicelib.core.idempotency import Intent
from chalicelib.core.ids import CampaignId
from chalicelib.family.items import Ask, Cart, ask_key
from chalicelib.family.rows import Spend
from chalicelib.family.states import AskState
from chalicelib.family.tender import approved
from chalicelib.groupbuy import solo
from chalicelib.orders.placing import Wish
from infra.local.client import Person, Reply
from tests.family.shop import family_of, household, member_of, mid_of, uid_of
from tests.rewards import shop as rewards
from tests.town import Town

SOLO, GROUP = 8900, 6900
"""What the demo campaign costs alone, and in a group."""


def wallet(fid: str, fen: int | None = None) -> dict[str, Any]:
    """How somebody says that a wallet pays."""
    return {"tender": "family", "ref": fid, **({} if fen is None else {"fen": fen})}


def buys(person: Person, campaign: str, *parts: dict[str, Any], what: str = "orders", key: str | None = None) -> Reply:
    """He orders, alone or as a leader."""
    return person.api.call("POST", f"/v1/campaigns/{campaign}/{what}", {"pay_with": list(parts)}, key=key)


def fills(person: Person, fid: str, fen: int, key: str | None = None) -> Reply:
    """He puts some of his balance in."""
    return person.api.call("POST", f"/v1/families/{fid}/fill", {"fen": fen}, key=key)


def balance(town: Town, person: Person, fen: int) -> None:
    """Somebody was given so much balance."""
    rewards.give(town, town.campaign(rewards.offer()), person, f"balance-of-{person.name}", fen)


def asks(
    town: Town, fid: str, person: Person, campaign: str, total: int = SOLO, name: str = "ask1", hours: int = 24
) -> str:
    """He has asked his owner to pay for it alone; returns the request's id."""
    now = clock.now()
    ask = Ask(
        *ask_key(mid_of(town), fid, name),
        uid=uid_of(person),
        state=AskState.OPEN,
        cart=Cart(act="solo", target=campaign),
        title="tea",
        total_fen=total,
        until=now + timedelta(hours=hours),
        fingerprint="-",
        created_at=now,
    )
    if Ask in due.HANDLERS:
        ask.set_due(ask.until)
    town.emulator.restore(ask)
    return name


def approves(town: Town, fid: str, owner: Person, person: Person, campaign: str, ask_id: str) -> str:
    """The owner approves: the order's state, or why not."""
    intent = Intent(mid=mid_of(town), actor=person.uid, route="family-ask", key=ask_id, fingerprint="-")
    wish = Wish(pay_with=[approved(fid, ask_id, owner.uid)])
    try:
        return solo.buy(intent, CampaignId(campaign), wish).order.state.value
    except RippleError as refused:
        if refused.problem is BUSY:
            raise
        return refused.problem.code


def paid_late(town: Town, order: Mapping[str, Any]) -> None:
    """WeChat closed the order's payment, and took it all the same."""
    number = f"{order['order_id']}-1"
    late = next(trade for (_, name), trade in town.sim.world.orders.items() if name == number)
    late.closed, late.paid_at, late.transaction_id = False, clock.now(), f"4200{order['order_id']}"


def stands(town: Town, fid: str) -> tuple[int, int, int]:
    """What was given of a wallet, what was bought, and how many orders hold something."""
    family = family_of(town, fid)
    return family.granted, family.paid, family.held


def spent(town: Town, fid: str, person: Person) -> tuple[int, int]:
    """What counts in his caps, and what was approved."""
    member = member_of(town, fid, person)
    return member.spent, member.approved


def spends(town: Town) -> list[Spend]:
    """All rows of orders."""
    return [item for item in town.items() if isinstance(item, Spend)]


def states(rows: Iterable[dict[str, Any]]) -> list[tuple[str, Any, int]]:
    """Rows of a ledger in short: why, state, how much."""
    return [(row["why"], row["state"], row["granted_fen"] + row["paid_fen"]) for row in rows]


def lived(town: Town) -> str:
    """A wallet that its owner filled, that one order holds, another was paid with, and a third, which he approved."""
    mum, ann, ben = town.person(), town.person(), town.person()
    fid = household(town, mum, ann, ben, granted=3000, paid=20_000)
    campaign = town.campaign()
    balance(town, mum, 10_000)
    fills(mum, fid, 10_000).expect(201)
    paid = buys(ann, campaign, wallet(fid, 4000)).expect(201)
    ann.pay(paid).expect(200)
    town.hear()
    ask_id = asks(town, fid, ann, campaign, name=f"asked-of-{mum.name}")
    assert approves(town, fid, mum, ann, campaign, ask_id) == "confirmed"
    buys(ben, campaign, wallet(fid, 4000)).expect(201)
    return fid
