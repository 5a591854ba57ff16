"""A merchant who sorts his people, and what they buy of him."""

from __future__ import annotations

from typing import Any

from chalicelib.core.ids import MerchantId
from chalicelib.core.outbox import OutboxEntry
from chalicelib.core.store import read_one
from chalicelib.core.table import Key
from chalicelib.orders.follows import FOLLOWS
from chalicelib.recall.items import Buyer, buyer_key
from infra.local.client import Person
from tests.fulfilment.shop import Bought
from tests.town import Town

DAY = 86_400
PRICE = 8900
"""What one buys alone for, in fen."""
PATH = "/v1/admin/segments"
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
