"""Campaigns of codes, their batches, and people who redeem."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.campaigns.items import StockShard
from chalicelib.core import clock
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import read_one
from chalicelib.voucher import codes, letters
from chalicelib.voucher.items import Batch, Part, Used, batch_key, part_key, used_key
from infra.local.client import Person, Reply
from infra.local.seed import demo_offer
from tests.town import Town

FIVE_YUAN: dict[str, Any] = {"kind": "gift", "gift": {"amount": 500, "form": {"as": "balance"}}}
POINTS = {"kind": "gift", "gift": {"amount": 30, "form": {"as": "points"}}}
AMOUNT_COUPON = {"kind": "gift", "gift": {"amount": 800, "form": {"as": "coupon", "title": "兑换券"}}}
CASH = {"kind": "gift", "gift": {"amount": 100, "form": {"as": "cash", "hold_days": 0}}}
COUPON: dict[str, Any] = {
    "kind": "coupon",
    "coupon": {"title": "满 50 减 10", "off": {"kind": "amount", "fen": 1000}, "threshold_fen": 5000},
    "validity": {"kind": "after_claim", "days": 30},
}
FORGED = "00000-00000-001W"
"""Letters that are right and name no code of anybody's."""
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
COUNTER = {"kind": "counter", "title": "免费咖啡一杯"}


def offer(brings: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """A campaign of up to 1,000 codes, one a user, for the demo's fortnight."""
    demo = demo_offer(now=clock.now())
    brings = brings or COUPON
    total = changes.get("total", 1000)
    gift = brings.get("gift")
    currency = {"points": "points", "cash": "cash"}.get(gift["form"]["as"], "fen") if gift else None
    return {
        **{name: demo[name] for name in ("starts_at", "ends_at")},
        "kind": "codes",
        "title": "秋茶兑换码",
        "share": {"title": "兑换秋茶好礼"},
        "rule_sheet": {
            "rules_text": "每人限兑一次，先到先得，兑完即止。",
            "eligibility": "持有兑换码的用户均可兑换。",
            "result": "兑换后立即到账。",
            "refund_terms": "兑换码不可退换。",
            "host_name": "演示商户",
            "host_contact": "400-000-0000",
        },
        "brings": brings,
        "total": total,
        **({"budget": {currency: total * gift["amount"]}} if gift else {}),
        **changes,
    }


def campaign(town: Town, brings: dict[str, Any] | None = None, **changes: Any) -> str:
    """A running one."""
    return town.campaign(offer(brings, **changes))


def told(seconds: float) -> str:
    """An instant so much later, as requests write it."""
    return (clock.now() + timedelta(seconds=seconds)).isoformat()


def mints(town: Town, cid: str, size: int = 200, *, key: str | None = None, **more: Any) -> Reply:
    body = {"size": size, "label": "双十一传单", **more}
    return town.admin.call("POST", f"/v1/admin/campaigns/{cid}/batches", body, key=key)


def minted(town: Town, cid: str, size: int = 200, **more: Any) -> str:
    """The id of a batch that there is now."""
    bid: str = mints(town, cid, size, **more).expect(201)["batch_id"]
    return bid


def batch(town: Town, brings: dict[str, Any] | None = None, *, size: int = 200, **changes: Any) -> str:
    """A batch of a campaign of its own."""
    return minted(town, campaign(town, brings, **changes), size)


def stored_batch(town: Town, bid: str) -> Batch:
    found = read_one(Batch, batch_key(MerchantId(town.merchant.mid), bid))
    assert found is not None
    return found


def code(town: Town, bid: str, serial: int = 0) -> str:
    """A code of it, as it is printed."""
    mid, seen = MerchantId(town.merchant.mid), stored_batch(town, bid)
    if seen.stored:
        n = (seen.redrawn or {}).get(str(serial), 0)
        return letters.grouped(codes.stored(mid, bid, serial, n, seen.letters))
    return letters.grouped(codes.code_of(mid, seen.key_version, codes.Size(seen.letters), bid, serial))


def redeems(person: Person, text: str, *, key: str | None = None) -> Reply:
    return person.api.call("POST", "/v1/codes/redeem", {"code": text}, key=key)


def previews(person: Person, text: str) -> Reply:
    return person.api.call("POST", "/v1/codes/preview", {"code": text})


def used(town: Town, bid: str, serial: int = 0) -> Used | None:
    return read_one(Used, used_key(MerchantId(town.merchant.mid), bid, serial))


def counts(town: Town, bid: str) -> dict[str, int]:
    """Where the codes of a batch are."""
    found: dict[str, int] = town.admin.get(f"/v1/admin/batches/{bid}")["counts"]
    return found


def part(town: Town, bid: str, number: int = 0) -> Part:
    found = read_one(Part, part_key(MerchantId(town.merchant.mid), bid, number))
    assert found is not None
    return found


def escrow(town: Town, cid: str) -> tuple[int, int]:
    """What is left and what is taken of what a campaign's codes hold."""
    shards = [item for item in town.items() if isinstance(item, StockShard) and item.cid == cid]
    return sum(shard.left for shard in shards), sum(shard.taken for shard in shards)
