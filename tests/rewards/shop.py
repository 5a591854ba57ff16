"""A campaign that gives things away, a source of grants of the tests' own, and what the merchant does with both."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec

from chalicelib.campaigns.gifts import AsBalance, AsCoupon, AsPoints, Form, Gift
from chalicelib.campaigns.items import StockShard
from chalicelib.campaigns.live import any_live
from chalicelib.core import clock, due
from chalicelib.core.decision import decided
from chalicelib.core.ids import CampaignId, MerchantId
from chalicelib.core.store import read, read_one
from chalicelib.core.transaction import Transaction
from chalicelib.rewards import grants
from chalicelib.rewards.funds import Funds
from chalicelib.rewards.give import Origin
from chalicelib.rewards.grants import Ask, End, Go, Ruling, Wait
from chalicelib.rewards.items import Account, Grant, grant_key
from chalicelib.rewards.plugged import SOURCES
from chalicelib.rewards.states import GrantState, Why
from infra.local.client import Person, Reply
from infra.local.seed import demo_offer
from tests.town import Town

HOUR = 3600
GIFT = 100
"""What one gift of the campaign comes to, in fen or points."""

BALANCE, POINTS, COUPON = AsBalance(), AsPoints(valid_days=30), AsCoupon(title="谢谢惠顾")


def told(instant: datetime) -> str:
    """An instant as answers write it."""
    return str(msgspec.to_builtins(instant))


class Source:
    """Decides as a grant's subject says."""

    def rule(self, grant: Grant) -> Ruling:
        if grant.subject == "doubtful":
            return Ask("star,chain,odd")
        if grant.subject == "undone":
            return End(GrantState.VOID, "order_refunded")
        if grant.subject == "later" and clock.now() < grant.created_at + timedelta(days=1):
            return Wait(grant.created_at + timedelta(days=1))
        return End(GrantState.LAPSED, "not_in_time") if grant.state is GrantState.PROMISED else Go()


SOURCES["tests"] = Source()


def offer(fen: int | None = 100_000, points: int | None = 100_000, **changes: Any) -> dict[str, Any]:
    """A document that gives: nobody orders of it here, since what follows its orders is another room's."""
    parts = {"fen": fen, "points": points}
    budget = {name: total for name, total in parts.items() if total is not None}
    form = {"as": "points", "valid_days": 30} if fen is None else {"as": "balance"}
    after = {"gift": {"amount": GIFT, "form": form}, "budget": budget}
    demo = demo_offer("有礼秋茶", now=clock.now())
    sheet = {**demo["rule_sheet"], "result": "成团后按拼团价发货，赠礼先到先得，送完即止。"}
    return {**demo, "rule_sheet": sheet, "after_order": after, **changes}


def promise(
    town: Town,
    campaign: str,
    person: Person,
    ref: str,
    amount: int = GIFT,
    form: Form = BALANCE,
    *,
    subject: str = "an order",
    state: GrantState = GrantState.HELD,
    seconds: float = HOUR,
    why: Why = Why.AFTER_ORDER,
) -> bool:
    """Promise somebody a gift, once for each ``ref``; whether the budget reaches for it."""
    mid, cid, gift = MerchantId(town.merchant.mid), CampaignId(campaign), Gift(amount=amount, form=form)
    origin = Origin(mid=mid, cid=cid, version=1, why=why, ref=ref, subject=subject)

    def attempt() -> bool:
        funds = Funds(any_live(mid, cid), {gift.currency: gift.amount}, read)
        key = grant_key(mid, person.uid, ref)
        found = read(key, *funds.keys)
        if found[key] is not None:
            return True
        if (drawn := funds.drawn(found)) is None:
            return False
        (taken,) = drawn.values()
        tx = Transaction()
        until = clock.now() + timedelta(seconds=seconds)
        tx.put("grant", grants.new("tests", person.uid, gift, origin, state, until, taken))
        funds.add_drawn(tx, drawn)
        tx.commit()
        return True

    return decided(attempt)


def grant(town: Town, person: Person, ref: str) -> Grant:
    """A grant as it stands."""
    found = read_one(Grant, grant_key(MerchantId(town.merchant.mid), person.uid, ref))
    assert found is not None
    return found


def fall_due(town: Town, person: Person, ref: str) -> None:
    """A worker takes a grant now."""
    entry = grant(town, person, ref)
    assert entry.gsi2sk is not None
    due.handle(entry.key, entry.gsi2sk)


def give(
    town: Town, campaign: str, person: Person, ref: str, amount: int = GIFT, form: Form = BALANCE, **more: Any
) -> None:
    """Give somebody something at once."""
    assert promise(town, campaign, person, ref, amount, form, seconds=0, **more)
    fall_due(town, person, ref)


def undo(town: Town, person: Person, ref: str) -> None:
    """What a gift was for is undone."""
    grants.undo(grant_key(MerchantId(town.merchant.mid), person.uid, ref), "order_refunded")


def account(town: Town, person: Person, currency: str = "fen") -> Account:
    """Somebody's account."""
    return next(
        item
        for item in town.items()
        if isinstance(item, Account) and item.uid == person.uid and item.currency.value == currency
    )


def balance(town: Town, person: Person) -> tuple[int, int]:
    """What he has, and what orders hold of it."""
    own = account(town, person)
    return own.balance, own.held or 0


def rewards(person: Person, query: str = "", **headers: str) -> list[dict[str, Any]]:
    """His statement."""
    found: list[dict[str, Any]] = person.api.call("GET", f"/v1/me/rewards{query}", headers=headers).expect(200)[
        "rewards"
    ]
    return found


def recorded(town: Town, person: Person) -> list[dict[str, Any]]:
    """His statement as his merchant sees it."""
    found: list[dict[str, Any]] = town.admin.get(f"/v1/admin/users/{person.uid}/rewards")["rewards"]
    return found


def rebuilt(town: Town, person: Person) -> dict[str, Any]:
    """His books, rebuilt."""
    found: dict[str, Any] = town.admin.post(f"/v1/admin/users/{person.uid}/rebuild")
    return found


def budgets(town: Town, campaign: str) -> dict[str, dict[str, Any]]:
    """The campaign's budgets by name."""
    found = town.admin.get(f"/v1/admin/campaigns/{campaign}/budget")["budgets"]
    return {one["budget"]: one for one in found}


def change(town: Town, campaign: str, act: str, amount: int, budget: str = "fen", key: str | None = None) -> Reply:
    """Top up or release."""
    body = {"budget": budget, "amount": amount}
    return town.admin.call("POST", f"/v1/admin/campaigns/{campaign}/budget/{act}", body, key=key)


def audited(town: Town, action: str) -> tuple[str, dict[str, str]]:
    """Who did something, and what the audit log says of it."""
    entries = town.admin.get("/v1/admin/audit?limit=100")["entries"]
    (found,) = (entry for entry in entries if entry["action"] == action)
    return found["actor"], found["detail"]


def shards(town: Town, campaign: str, name: str = "~fen") -> list[StockShard]:
    """The shards of a budget."""
    found = [item for item in town.items() if isinstance(item, StockShard)]
    return [shard for shard in found if shard.cid == campaign and shard.budget == name]


def with_balance(fen: int | None = None) -> dict[str, Any]:
    """What an order says that is to be paid with balance."""
    return {"tender": "balance", "ref": "fen", **({"fen": fen} if fen else {})}
