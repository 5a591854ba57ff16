"""Campaigns that give something for an order, and rains; people who order and claim."""

from __future__ import annotations

from typing import Any

from chalicelib.campaigns.gifts import ESCROWS, Currency
from chalicelib.campaigns.items import StockShard
from chalicelib.core import clock, due
from chalicelib.core.ids import MerchantId
from chalicelib.core.outbox import OutboxEntry
from chalicelib.core.store import read, read_one
from chalicelib.core.table import Key
from chalicelib.orders.follows import FOLLOWS
from chalicelib.rewards.items import Account, Coupon, Grant, account_key, grant_key
from infra.local.client import Person, Reply
from infra.local.seed import demo_offer
from tests.bargain.shop import GROWN, LOOKED
from tests.campaigns.rewards import LIMITED, after_order, rain_offer
from tests.fulfilment.shop import PARCEL, Bought
from tests.town import Town

DAY = 86_400
SOON = {"within_hours": 48, "complete_days": 1, "return_days": 2}
"""Goods that count as received a day after they went out, and may be asked back for two days then."""
PRICE = 8900
"""What one buys alone for, in fen."""


def giving(town: Town, **changes: Any) -> str:
    """A campaign whose orders bring a coupon and ten points a yuan, with other ``after_order`` fields."""
    after = after_order(points_per_yuan=10, budget={"fen": 10_000, "points": 10_000})
    sheet = {**demo_offer()["rule_sheet"], "result": LIMITED}
    return town.campaign(shipping=SOON, rule_sheet=sheet, after_order={**after, **changes})


def orders(town: Town, campaign: str, name: str | None = None, *pay_with: dict[str, Any]) -> Bought:
    """Somebody who has bought alone there; what follows from it is not delivered yet."""
    buyer = town.person(name)
    made = buyer.api.call("POST", f"/v1/campaigns/{campaign}/orders", {"pay_with": list(pay_with)}).expect(201)
    if made["pay"]:
        buyer.pay(made).expect(200)
        town.hear()
    return Bought(town, buyer, made["order_id"])


def thanked(town: Town, campaign: str, name: str | None = None) -> Bought:
    """The same, and it was delivered."""
    bought = orders(town, campaign, name)
    town.stream()
    return bought


def arrive(bought: Bought) -> None:
    """Its goods go out and are received."""
    bought.send(PARCEL).expect(200)
    bought.buyer.come_back()
    bought.received().expect(200)


def pass_days(town: Town, days: float) -> None:
    """So many days pass, with the workers at work now and then, and the stream with them."""
    town.pass_time(days * DAY, tick=DAY / 4)
    town.stream()


def key_of(town: Town, bought: Bought, thing: str) -> Key:
    """Where a grant of an order stands."""
    return grant_key(MerchantId(town.merchant.mid), bought.buyer.uid, f"thx.{bought.order_id}.{thing}")


def grant(town: Town, bought: Bought, thing: str) -> Grant | None:
    """A grant of an order, as it is stored."""
    return read_one(Grant, key_of(town, bought, thing))


def tell(town: Town, bought: Bought) -> None:
    """Who follows the order is told that it is confirmed, and nothing else is delivered."""
    handle(entry_key(town, bought))


def entry_key(town: Town, bought: Bought) -> Key:
    """Where it is owed that somebody is told of the order."""
    entries = [item for item in town.items() if isinstance(item, OutboxEntry) and item.effect == FOLLOWS]
    return next(entry.key for entry in entries if entry.payload["oid"] == bought.order_id)


def handle(key: Key) -> None:
    """A worker takes what is due there."""
    found = read(key)[key]
    if found is not None and found.gsi2sk:
        due.handle(key, found.gsi2sk)


def states(town: Town, bought: Bought) -> dict[str, str]:
    """Where each grant of an order is."""
    there = {thing: grant(town, bought, thing) for thing in ("gift", "points")}
    return {thing: found.state.value for thing, found in there.items() if found is not None}


def account(town: Town, person: Person, currency: Currency) -> Account | None:
    """What somebody has."""
    return read_one(Account, account_key(MerchantId(town.merchant.mid), person.uid, currency))


def has(town: Town, person: Person, currency: Currency) -> int:
    """How much of a currency somebody has."""
    found = account(town, person, currency)
    return found.balance if found is not None else 0


def coupons(town: Town, person: Person) -> list[Coupon]:
    """Somebody's coupons."""
    return [item for item in town.items() if isinstance(item, Coupon) and item.uid == person.uid]


def left(town: Town, campaign: str, name: str) -> int:
    """What of a campaign's escrow nobody holds."""
    shards = [item for item in town.items() if isinstance(item, StockShard) and item.cid == campaign]
    return sum(shard.left for shard in shards if shard.pk.split("#")[3] == name)


def budget(town: Town, campaign: str, currency: Currency) -> int:
    """What of a campaign's budget nobody holds."""
    return left(town, campaign, ESCROWS[currency])


def raining(town: Town, **changes: Any) -> str:
    """A rain whose first burst begins in five minutes, and whose second in half an hour."""
    return town.campaign(rain_offer(clock.now(), **changes))


def pouring(town: Town) -> str:
    """A rain whose one burst runs for an hour from now on."""
    burst = {"at": clock.iso(clock.now()), "seconds": 3600, "count": 100, "amount": 200}
    return raining(town, bursts=[burst])


def bursts(person: Person, campaign: str) -> Any:
    """The page of a rain."""
    return person.api.get(f"/v1/campaigns/{campaign}/bursts")


def ticket(person: Person, campaign: str) -> str:
    """What its page gives him to claim with."""
    given: str = bursts(person, campaign)["help_ticket"]
    return given


def claims(person: Person, campaign: str, burst: int, help_ticket: str, *, key: str | None = None) -> Reply:
    """Claim with a ticket."""
    path = f"/v1/campaigns/{campaign}/bursts/{burst}/claims"
    return person.api.call("POST", path, {"help_ticket": help_ticket}, key=key)


def claim_key(town: Town, person: Person, campaign: str, burst: int) -> Key:
    """Where his claim stands."""
    return grant_key(MerchantId(town.merchant.mid), person.uid, f"rain.{campaign}.{burst}")


def claim(town: Town, person: Person, campaign: str, burst: int) -> Grant | None:
    """His claim, as it is stored."""
    return read_one(Grant, claim_key(town, person, campaign, burst))


def wait_for(campaign_page: Any, burst: int) -> None:
    """The burst begins."""
    at = clock.parse(campaign_page["bursts"][burst - 1]["at"])
    clock.advance(max(0.0, (at - clock.now()).total_seconds()))


__all__ = ["GROWN", "LOOKED"]
