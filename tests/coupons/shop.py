"""Coupon templates, people who claim, and what they do with a coupon."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from chalicelib.campaigns.gifts import Currency
from chalicelib.campaigns.items import StockShard
from chalicelib.core import clock
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import read_one
from chalicelib.rewards import give
from chalicelib.rewards.items import (
    Account,
    Coupon,
    Leg,
    Lot,
    Posting,
    account_key,
    coupon_key,
    posting_key,
    statement_entry,
)
from chalicelib.rewards.states import Why
from infra.local.client import Person, Reply
from infra.local.seed import demo_offer
from tests.town import Town

DAY = 86_400
SOLO, GROUP = 8900, 6900
"""What the demo's box costs alone, and in a group."""

TEN_OFF = {"title": "满 50 减 10", "off": {"kind": "amount", "fen": 1000}, "threshold_fen": 5000}
STACKED = {**TEN_OFF, "stackable": True}
TENTH_OFF = {"title": "九折券", "off": {"kind": "percent", "percent": 10, "most_fen": 2000}, "stackable": True}


def offer(coupon: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """A template of a hundred coupons, one a user, good for thirty days."""
    demo = demo_offer(now=clock.now())
    return {
        **{name: demo[name] for name in ("starts_at", "ends_at")},
        "kind": "coupon",
        "title": "秋茶优惠券",
        "share": {"title": "领券买秋茶"},
        "rule_sheet": {
            "rules_text": "每人限领一张，下单时使用。",
            "eligibility": "所有用户均可领取。",
            "result": "领取后立即到账，有效期 30 天。",
            "refund_terms": "订单全额退款后券退回，有效期不变。",
            "host_name": "演示商户",
            "host_contact": "400-000-0000",
        },
        "coupon": coupon or TEN_OFF,
        "validity": {"kind": "after_claim", "days": 30},
        "total": 100,
        **changes,
    }


def template(town: Town, coupon: dict[str, Any] | None = None, **changes: Any) -> str:
    """A running one."""
    return town.campaign(offer(coupon, **changes))


def claims(person: Person, campaign: str, *, key: str | None = None) -> Reply:
    return person.api.call("POST", f"/v1/campaigns/{campaign}/coupons", {}, key=key)


def claimed(person: Person, campaign: str) -> str:
    """The id of a coupon that he has now."""
    coupon_id: str = claims(person, campaign).expect(201)["coupon_id"]
    return coupon_id


def gets(town: Town, person: Person, coupon: dict[str, Any] | None = None, **changes: Any) -> str:
    """A coupon of a template of its own."""
    return claimed(person, template(town, coupon, **changes))


def gives(town: Town, campaign: str, *people: Person | str, key: str | None = None) -> Reply:
    uids = [person if isinstance(person, str) else person.uid for person in people]
    path = f"/v1/admin/campaigns/{campaign}/coupons/give"
    return town.admin.call("POST", path, {"user_ids": uids, "note": "周年回馈"}, key=key)


def takes_back(town: Town, person: Person, coupon_id: str, *, key: str | None = None) -> Reply:
    path = f"/v1/admin/users/{person.uid}/coupons/{coupon_id}/invalidate"
    return town.admin.call("POST", path, {"reason": "发错了"}, key=key)


def pays(*refs: str) -> list[dict[str, Any]]:
    """How somebody says that coupons pay."""
    return [{"tender": "coupon", "ref": ref} for ref in refs]


def buys(
    person: Person, campaign: str, *refs: str, also: list[dict[str, Any]] | None = None, key: str | None = None
) -> Reply:
    """Order alone, paying with coupons and what else is said."""
    body = {"pay_with": [*pays(*refs), *(also or [])]}
    return person.api.call("POST", f"/v1/campaigns/{campaign}/orders", body, key=key)


def piece(person: Person, coupon_id: str, n: int = 0) -> str:
    """Where a piece is, as its owner sees it."""
    state: str = person.api.get(f"/v1/me/coupons/{coupon_id}")["pieces"][n]["state"]
    return state


def stored(town: Town, person: Person, coupon_id: str) -> Coupon:
    found = read_one(Coupon, coupon_key(MerchantId(town.merchant.mid), person.uid, coupon_id))
    assert found is not None
    return found


def left(town: Town, campaign: str) -> tuple[int, int]:
    """What is left and what is taken of a template."""
    shards = [item for item in town.items() if isinstance(item, StockShard) and item.cid == campaign]
    return sum(shard.left for shard in shards), sum(shard.taken for shard in shards)


def gift_of_points(town: Town, person: Person, points: int, until: datetime | None = None) -> None:
    """Points, with the posting that says where they come from."""
    mid, now = MerchantId(town.merchant.mid), clock.now()
    lots = [Lot(until or now + timedelta(days=90), points)]
    account = Account(*account_key(mid, person.uid, Currency.POINTS), balance=points, lots=lots)
    account.set_due(lots[0].until)
    town.emulator.restore(account)
    legs = [Leg("campaign:test", Currency.POINTS, -points), Leg(give.user(person.uid), Currency.POINTS, points)]
    posting = Posting(
        *posting_key(mid, person.uid, "test-gift"), why=Why.GIFT, subject="test", legs=legs, posted_at=now
    )
    posting.gsi1pk, posting.gsi1sk = statement_entry(mid, person.uid, now, "test-gift")
    town.emulator.restore(posting)


def points_of(town: Town, person: Person) -> int:
    found = read_one(Account, account_key(MerchantId(town.merchant.mid), person.uid, Currency.POINTS))
    return found.balance if found else 0
