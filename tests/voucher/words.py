"""Campaigns of words, and people who type them."""

from __future__ import annotations

from typing import Any

from chalicelib.campaigns.items import StockShard
from chalicelib.core import clock
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import read_one
from chalicelib.voucher.items import Guesses, guesses_key
from chalicelib.voucher.word_items import Spoken, WordDay
from infra.local.client import Person, Reply
from infra.local.seed import demo_offer
from tests.town import Town
from tests.voucher import shop

HAPPY = "双十一快乐"
BALANCE: dict[str, Any] = {"kind": "gift", "gift": {"amount": 100, "form": {"as": "balance"}}}
POINTS = shop.POINTS
AMOUNT_COUPON = shop.AMOUNT_COUPON
COUPON = shop.COUPON


def offer(brings: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """双十一快乐, a hundred times, once a user, for the demo's fortnight."""
    demo = demo_offer(now=clock.now())
    brings = brings or COUPON
    total, gift = changes.get("total", 100), brings.get("gift")
    currency = "points" if gift and gift["form"]["as"] == "points" else "fen"
    return {
        **{name: demo[name] for name in ("starts_at", "ends_at")},
        "kind": "word",
        "title": "双十一口令福利",
        "share": {"title": "来直播间听口令"},
        "rule_sheet": {
            "rules_text": "在小程序内输入主播所说的口令，每人限兑一次，先到先得，领完即止。",
            "eligibility": "所有用户均可兑换。",
            "result": "兑换后立即到账，每份相同。",
            "refund_terms": "口令福利为赠送，不涉及退款。",
            "host_name": "演示商户",
            "host_contact": "400-000-0000",
        },
        "word": HAPPY,
        "brings": brings,
        "total": total,
        **({"budget": {currency: total * gift["amount"]}} if gift else {}),
        **changes,
    }


def spoken(town: Town, brings: dict[str, Any] | None = None, **changes: Any) -> str:
    """A running campaign of a word."""
    return town.campaign(offer(brings, **changes))


def drafted(town: Town, **changes: Any) -> str:
    draft: str = town.admin.post("/v1/admin/campaigns", {"offer": offer(**changes)})["campaign_id"]
    return draft


def publishes(town: Town, cid: str, *, key: str | None = None) -> Reply:
    return town.admin.call("POST", f"/v1/admin/campaigns/{cid}/publish", {}, key=key)


def ends(town: Town, cid: str) -> None:
    town.admin.post(f"/v1/admin/campaigns/{cid}/end")


def says(person: Person, text: str = HAPPY, *, key: str | None = None) -> Reply:
    """Somebody types it."""
    return shop.redeems(person, text, key=key)


def asks(person: Person, text: str = HAPPY) -> Reply:
    return shop.previews(person, text)


def record(town: Town, cid: str) -> dict[str, Any]:
    """What its merchant sees of a word."""
    found: dict[str, Any] = town.admin.get(f"/v1/admin/campaigns/{cid}/word")
    return found


def redemptions(town: Town, cid: str) -> list[Spoken]:
    return [item for item in town.items() if isinstance(item, Spoken) and item.cid == cid]


def counted(town: Town, cid: str) -> dict[str, int]:
    """How many redemptions each day has by its shards."""
    days: dict[str, int] = {}
    for item in town.items():
        if isinstance(item, WordDay) and item.cid == cid:
            day = item.pk.split("#")[2]
            days[day] = days.get(day, 0) + item.n
    return days


def taken(town: Town, cid: str) -> tuple[int, int]:
    """What is left and what is taken, by the shards."""
    shards = [item for item in town.items() if isinstance(item, StockShard) and item.cid == cid]
    return sum(shard.left for shard in shards), sum(shard.taken for shard in shards)


def guessed(town: Town, person: Person) -> int:
    """How often somebody guessed wrong lately."""
    found = read_one(Guesses, guesses_key(MerchantId(town.merchant.mid), person.uid))
    return len(found.at) if found is not None else 0
