"""A campaign that rewards invitations, people who invite through it, and what their friends do."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from chalicelib.campaigns.gifts import ESCROWS, Currency
from chalicelib.campaigns.items import StockShard
from chalicelib.core import clock
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import read_one
from chalicelib.invite.friends import Friend, Progress, commission_ref, friend_key, progress_key, stage_ref
from chalicelib.rewards.items import Account, Grant, account_key, grant_key
from infra.local.client import Person, Reply
from tests.fulfilment.shop import Bought
from tests.invite.family import by_share
from tests.sharing.friends import shared
from tests.town import Town

DAY = 86_400
GIFT = {"amount": 500, "form": {"as": "balance"}}
POINTS = {"amount": 200, "form": {"as": "points"}}
COUPON = {"amount": 300, "form": {"as": "coupon", "title": "新人券"}}

SHEET = {
    "rules_text": "好友通过您的邀请卡片接受邀请并完成对应步骤后，您可获得对应奖励；名额有限，先到先得。",
    "eligibility": "所有用户均可邀请，从未在本店下单的用户接受邀请才计入。",
    "result": "每一步的奖励金额固定，等待期结束后发放到余额、积分或券包。",
    "refund_terms": "好友的订单全额退款后，对应奖励收回。",
    "host_name": "演示商户",
    "host_contact": "400-000-0000",
}


def plain(now: datetime, **changes: Any) -> dict[str, Any]:
    """The document of a campaign with everything, running from an hour before ``now`` for thirty days."""
    now = now.replace(microsecond=0)
    return {
        "kind": "invite",
        "title": "邀请好友来喝茶",
        "description": "好友接受邀请、首次助力、首次下单，您都有奖励。",
        "rule_sheet": SHEET,
        "stages": [
            {"on": "accepted", "gift": POINTS, "hold_days": 3},
            {"on": "first_help", "gift": {**POINTS, "amount": 300}, "hold_days": 1},
            {"on": "first_order", "gift": GIFT, "hold_days": 7},
        ],
        "welcome": {"gift": COUPON},
        "thresholds": [
            {"friends": 2, "gift": {**GIFT, "amount": 700}},
            {"friends": 3, "gift": {**GIFT, "amount": 900}},
        ],
        "count_after_days": 2,
        "commission": {"percent_bp": 500, "most": 1000, "levels": 2, "second_bp": 100},
        "budget": {"fen": 100_000, "points": 100_000},
        "starts_at": (now - timedelta(hours=1)).isoformat(),
        "ends_at": (now + timedelta(days=30)).isoformat(),
        "share": {"title": "一起来喝茶"},
        **changes,
    }


def offer(**changes: Any) -> dict[str, Any]:
    """It, as of now."""
    return plain(clock.now(), **changes)


def bare(**changes: Any) -> dict[str, Any]:
    """It with nothing but what ``changes`` say."""
    document = offer(**changes)
    for name in ("stages", "welcome", "thresholds", "commission"):
        if name not in changes:
            del document[name]
    return document


def accepts(person: Person, inviter: Person, campaign: str, *, key: str | None = None) -> Reply:
    """He accepts another's invitation by his card of the campaign."""
    return by_share(person, shared(inviter, campaign), key=key)


def friend_of(town: Town, inviter: Person, campaign: str, name: str | None = None) -> Person:
    """Somebody who has just registered and accepted."""
    clock.advance(1)
    inviter.come_back()
    friend = town.person(name)
    accepts(friend, inviter, campaign).expect(201)
    return friend


def buys_alone(town: Town, person: Person, goods: str) -> Bought:
    """He buys alone, and the order is confirmed; the stream has not told of it yet."""
    person.come_back()
    seat = person.buy(goods).expect(201)
    person.pay(seat).expect(200)
    town.hear()
    return Bought(town, person, seat["order_id"])


def received(order: Bought) -> None:
    """It is sent and has arrived."""
    order.send({"carrier": "YTO", "number": f"YT{order.order_id[:10]}"}).expect(200)
    order.buyer.come_back()
    order.received().expect(200)


def days(town: Town, number: float) -> None:
    """So many days go by; workers act every hour."""
    town.pass_time(number * DAY, tick=3600)


def rewards(person: Person, campaign: str, query: str = "") -> Any:
    """His page of the campaign."""
    person.come_back()
    return person.api.get(f"/v1/campaigns/{campaign}/rewards{query}")


def grant(town: Town, person: Person, ref: str) -> Grant | None:
    """A grant of his."""
    return read_one(Grant, grant_key(MerchantId(town.merchant.mid), person.uid, ref))


def stage(town: Town, inviter: Person, friend: Person, what: str) -> str | None:
    """Where the grant for a stage of a friend's is."""
    found = grant(town, inviter, stage_ref(friend.uid, what))
    return found.state.value if found else None


def earned(town: Town, person: Person, campaign: str, order: str, level: int = 1) -> Grant | None:
    """What somebody has of an order's commission."""
    return grant(town, person, commission_ref(campaign, order, level))


def state(found: Grant | None) -> tuple[str, int, str | None] | None:
    """Where a grant is, what it is worth, and its note."""
    return (found.state.value, found.gift.amount, found.note) if found else None


def friend(town: Town, person: Person) -> Friend:
    """What he may bring, as it is stored."""
    found = read_one(Friend, friend_key(MerchantId(town.merchant.mid), person.uid))
    assert found is not None
    return found


def counted(town: Town, person: Person, campaign: str) -> int:
    """How many of his friends count."""
    found = read_one(Progress, progress_key(MerchantId(town.merchant.mid), person.uid, campaign))
    return found.n if found else 0


def balance(town: Town, person: Person, currency: Currency = Currency.FEN) -> int:
    """What he has."""
    found = read_one(Account, account_key(MerchantId(town.merchant.mid), person.uid, currency))
    return found.balance if found else 0


def left(town: Town, campaign: str, currency: Currency = Currency.FEN) -> int:
    """What nobody holds of a campaign's budget."""
    shards = [item for item in town.items() if isinstance(item, StockShard) and item.cid == campaign]
    return sum(shard.left for shard in shards if shard.pk.split("#")[3] == ESCROWS[currency])
