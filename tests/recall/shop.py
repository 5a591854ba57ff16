"""A merchant who sorts his people, and what they buy of him."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from chalicelib.core import clock
from chalicelib.core.ids import MerchantId
from chalicelib.core.outbox import OutboxEntry
from chalicelib.core.store import read_one
from chalicelib.core.table import Key
from chalicelib.notices.moments import Moment
from chalicelib.orders.follows import FOLLOWS
from chalicelib.recall.items import Buyer, buyer_key, recall_key
from chalicelib.rewards.items import Coupon
from infra.local.client import Person, Reply
from tests.fulfilment.shop import Bought
from tests.notices import shop as notices
from tests.town import Town

DAY = 86_400
PRICE = 8900
"""What one buys alone for, in fen."""
PATH, RECALLS = "/v1/admin/segments", "/v1/admin/recalls"
TERMS: dict[str, Any] = {
    "counting": True,
    "vip_orders": 3,
    "vip_spent_fen": 50_000,
    "asleep_days": 60,
    "lost_days": 180,
    "inviter_friends": 2,
    "inviter_campaign": None,
}


def sorts(town: Town, **changes: Any) -> str:
    """The merchant says where segments begin; which edition that is."""
    body = {"edition": town.admin.get(PATH)["edition"], "terms": {**TERMS, **changes}}
    edition: str = town.admin.call("PUT", PATH, body).expect(200)["edition"]
    return edition


def buys(town: Town, campaign: str, who: Person, *pay_with: dict[str, Any]) -> Bought:
    """Somebody buys alone and pays; nobody was told yet."""
    made = who.api.call("POST", f"/v1/campaigns/{campaign}/orders", {"pay_with": list(pay_with)}).expect(201)
    if made["pay"]:
        who.pay(made).expect(200)
        town.hear()
    return Bought(town, who, made["order_id"])


def entries(town: Town, bought: Bought) -> list[Key]:
    """Where it is owed that somebody is told of an order, the confirmation first."""
    owed = [item for item in town.items() if isinstance(item, OutboxEntry) and item.effect == FOLLOWS]
    mine = [entry for entry in owed if entry.payload["oid"] == bought.order_id]
    return [entry.key for entry in sorted(mine, key=lambda entry: entry.payload["event"])]


def row(town: Town, person: Person) -> Buyer | None:
    """What somebody's orders come to, as it is stored."""
    return read_one(Buyer, buyer_key(MerchantId(town.merchant.mid), person.uid))


def sums(town: Town, person: Person) -> tuple[int, int, str | None]:
    """How many orders of somebody's count, what he has paid, and his tier."""
    found = row(town, person)
    assert found is not None
    return found.orders, found.spent_fen, found.tier.value if found.tier else None


def sizes(town: Town) -> dict[str, int]:
    """How many are in each segment that is not empty."""
    shown = town.admin.get(PATH)["segments"]
    return {one["segment"]: one["people"] for one in shown if one["people"]}


def names(town: Town, segment: str, query: str = "") -> list[str]:
    """Who is in a segment, by id."""
    return [one["user_id"] for one in town.admin.get(f"{PATH}/{segment}/users{query}")["users"]]


def wish(campaign: str, segment: str = "asleep", *, days: float = 3, **changes: Any) -> dict[str, Any]:
    """What the merchant asks for to tell a segment something."""
    until = clock.iso(clock.now() + timedelta(days=days))
    return {"segment": segment, "campaign_id": campaign, "until": until, **changes}


def starts(town: Town, campaign: str, segment: str = "asleep", *, key: str | None = None, **changes: Any) -> Reply:
    """The merchant starts a recall."""
    return town.admin.call("POST", RECALLS, wish(campaign, segment, **changes), key=key)


def recalls(town: Town, campaign: str, segment: str = "asleep", **changes: Any) -> str:
    """The id of a recall that runs."""
    rid: str = starts(town, campaign, segment, **changes).expect(201)["recall_id"]
    return rid


def recalled(town: Town, campaign: str) -> str:
    """The same of a merchant who has just said what is needed for it."""
    sorts(town)
    notices.says(town, Moment.RECALL)
    return recalls(town, campaign)


def shown(town: Town, rid: str) -> Any:
    """A recall as its merchant sees it."""
    return town.admin.get(f"{RECALLS}/{rid}")


def cancels(town: Town, rid: str, *, key: str | None = None) -> Reply:
    """The merchant ends it."""
    return town.admin.call("POST", f"{RECALLS}/{rid}/cancel", {}, key=key)


def came(town: Town, rid: str) -> dict[str, int]:
    """What came of the people of a recall."""
    names = ("reached", "told", "without_consent", "unwanted", "lately")
    return {name: shown(town, rid)[name] for name in names if shown(town, rid)[name]}


def key_of(town: Town, rid: str) -> Key:
    """Where a recall stands."""
    return recall_key(MerchantId(town.merchant.mid), rid)


def coupons(town: Town, person: Person, rid: str) -> list[Coupon]:
    """What somebody has of a recall."""
    return [item for item in town.items() if isinstance(item, Coupon) and (item.uid, item.subject) == (person.uid, rid)]


def asleep(town: Town, *names: str, agree: bool = True, **terms: Any) -> list[Person]:
    """People who bought and were not seen for a day, after which they are asleep; they agreed to a message or not."""
    sorts(town, **{"asleep_days": 1, "lost_days": 30, **terms})
    notices.says(town, Moment.RECALL, Moment.THANKS)
    campaign, there = town.campaign(), [town.person(name) for name in names]
    for who in there:
        buys(town, campaign, who)
        if agree:
            notices.consents(town, who, Moment.RECALL)
    town.stream()
    clock.advance(DAY)
    return there
