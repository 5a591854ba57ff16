"""A bargain campaign, people who have been here for a while, and what they do with it."""

from __future__ import annotations

from typing import Any

from chalicelib.bargain.items import Bargain, BargainId, Help, Limit, bargain_key, help_key, limit_key
from chalicelib.campaigns.items import StockShard
from chalicelib.campaigns.kinds.bargain import BUDGET
from chalicelib.core import clock
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import read_one
from infra.local.client import Person, Reply
from infra.local.seed import demo_offer
from tests.campaigns.bargains import told
from tests.risk.play import id_of
from tests.town import Town

HOUR = 3600
LOOKED = 3
"""Seconds that somebody looks at a page before he taps."""
GROWN = 660
"""Seconds after which an account is no longer young."""

SKU = {
    "sku_id": "box-1",
    "title": "2026年秋茶礼盒",
    "fulfilment": "express",
    "start_price_fen": 9900,
    "floor_price_fen": 6900,
    "reference_price_fen": 9900,
    "reference_basis": "近 7 日最低成交价",
    "stock": 100,
}


def offer(**changes: Any) -> dict[str, Any]:
    """A bargain of three cuts, with a budget, that may be bought early."""
    common = ("description", "starts_at", "ends_at", "share")
    demo = demo_offer(now=clock.now())
    helpers = changes.get("cuts", 3) - changes.get("self_cut", False)
    return {
        **{name: demo[name] for name in common},
        "rule_sheet": told(helpers=helpers, only_new=changes.get("who_may_help") == "new_user"),
        "kind": "bargain",
        "title": "秋茶礼盒砍价",
        "skus": [SKU],
        "cuts": 3,
        "early_purchase": True,
        "bargain_seconds": HOUR,
        "claim_seconds": HOUR,
        "budget_fen": 1_000_000,
        "limits": {"starts": 10, "active": 2, "helps": 10, "helps_a_day": 10},
        **changes,
    }


def grown(town: Town, *names: str) -> list[Person]:
    """People who have been here long enough to be trusted."""
    found = [town.person(name) for name in names]
    clock.advance(GROWN)
    return found


def starts(person: Person, campaign: str, sku: str | None = None, *, key: str | None = None) -> Reply:
    """Start a bargain."""
    body = {"sku_id": sku} if sku else {}
    return person.api.call("POST", f"/v1/campaigns/{campaign}/bargains", body, key=key)


def started(person: Person, campaign: str) -> str:
    """A bargain of his, by its id."""
    bid: str = starts(person, campaign).expect(201)["bargain_id"]
    return bid


def page(person: Person, bid: str) -> Any:
    """The bargain's page."""
    return person.api.get(f"/v1/bargains/{bid}")


def ticket(person: Person, bid: str) -> str:
    """What its page gives him for a help."""
    given: str = page(person, bid)["help_ticket"]
    return given


def gives(person: Person, bid: str, help_ticket: str, *, key: str | None = None) -> Reply:
    """Help with a ticket."""
    return person.api.call("POST", f"/v1/bargains/{bid}/helps", {"help_ticket": help_ticket}, key=key)


def helps(person: Person, bid: str) -> Reply:
    """Look, then help."""
    seen = page(person, bid)
    clock.advance(LOOKED)
    return gives(person, bid, seen["help_ticket"] or "none")


def buys(person: Person, bid: str, *, key: str | None = None, **wish: Any) -> Reply:
    """Order it."""
    return person.api.call("POST", f"/v1/bargains/{bid}/order", wish, key=key)


def cancels(person: Person, bid: str) -> Reply:
    """Give it up."""
    return person.api.call("POST", f"/v1/bargains/{bid}/cancel", {})


def closes(town: Town, bid: str, *, key: str | None = None) -> Reply:
    """Its merchant closes it."""
    return town.admin.call("POST", f"/v1/admin/bargains/{bid}/close", {}, key=key)


def befriend(owner: Person, campaign: str, *friends: Person) -> None:
    """Each of them has bargained too and was helped by ``owner``: their helps for him will be held."""
    for friend in friends:
        theirs = started(friend, campaign)
        helps(owner, theirs).expect(201)
        cancels(friend, theirs).expect(200)


def waiting(town: Town, owner: Person, friend: Person) -> str:
    """A help of his friend's that waits for the merchant, by its id in the queue."""
    campaign = town.campaign(offer())
    bid = started(owner, campaign)
    befriend(owner, campaign, friend)
    helps(friend, bid).expect(201)
    return id_of(help_key(MerchantId(town.merchant.mid), bid, friend.uid))


def decides(town: Town, bid: str, uid: str, *, yes: bool, key: str | None = None) -> Reply:
    """Its merchant takes a help that waits, or refuses it."""
    held_id = id_of(help_key(MerchantId(town.merchant.mid), bid, uid))
    path = f"/v1/admin/held/{held_id}/{'approve' if yes else 'reject'}"
    return town.admin.call("POST", path, {"note": "looked at it"}, key=key)


def bargain(town: Town, bid: str) -> Bargain:
    """The bargain as it is stored."""
    found = read_one(Bargain, bargain_key(MerchantId(town.merchant.mid), BargainId(bid)))
    assert found is not None
    return found


def help_of(town: Town, bid: str, person: Person) -> Help | None:
    """His help as it is stored."""
    return read_one(Help, help_key(MerchantId(town.merchant.mid), bid, person.uid))


def limit(town: Town, bid: str, person: Person) -> Limit:
    """What he has taken of the campaign."""
    found = read_one(Limit, limit_key(MerchantId(town.merchant.mid), person.uid, bid.split("-", 1)[0]))
    assert found is not None
    return found


def left(town: Town, name: str = "box-1") -> int:
    """Units of a SKU, or fen of the budget, that nobody holds."""
    shards = [item for item in town.items() if isinstance(item, StockShard)]
    return sum(shard.left for shard in shards if shard.pk.split("#")[3] == name)


def budget(town: Town) -> int:
    """What of the budget nobody holds."""
    return left(town, BUDGET)
