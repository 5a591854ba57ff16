"""Packet campaigns, people who have been here for a while, and what they do with packets."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from chalicelib.campaigns.gifts import ESCROWS, Currency
from chalicelib.campaigns.items import StockShard
from chalicelib.core import clock, due
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import read_one
from chalicelib.redpacket.items import (
    Act,
    Claim,
    Limit,
    Packet,
    Unlock,
    act_key,
    limit_key,
    order_packet_id,
    packet_key,
)
from chalicelib.rewards.items import Account, account_key
from infra.local.client import Person, Reply
from infra.local.seed import demo_offer
from tests.risk.play import id_of
from tests.town import Town

HOUR = 3600
LOOKED = 3
"""Seconds that somebody looks at a page before he taps."""
GROWN = 660
"""Seconds after which an account is no longer young."""

BUDGET = 1_000_000
BALANCE = {"as": "balance"}
POINTS = {"as": "points"}
COUPON = {"as": "coupon", "title": "秋茶券", "threshold_fen": 5000}


def told(*friends: int, only_new: bool = False) -> dict[str, str]:
    """A rule sheet that tells how many friends each node takes, and who may help."""
    steps = "、".join(f"{number} 位好友" for number in friends)
    who = "从未在本店下单的用户" if only_new else "所有用户"
    return {
        "rules_text": f"发起后邀请{steps}确认，每一档金额固定，确认即得。"
        if friends
        else "每位好友领取一份，金额固定。",
        "eligibility": f"所有用户均可发起，{who}可以参与，同一好友对同一红包只能参与一次。",
        "result": "达成后一分钟内到账，逾期未达成的部分不发放。先到先得，送完即止。",
        "refund_terms": "本活动不收取费用。",
        "host_name": "演示商户",
        "host_contact": "400-000-0000",
    }


def unlock_offer(**changes: Any) -> dict[str, Any]:
    """Nodes of one and of three friends: ¥1 and ¥2 more of balance."""
    nodes = changes.get("nodes", [{"friends": 1, "amount": 100}, {"friends": 3, "amount": 200}])
    return {
        **_common(),
        "rule_sheet": told(*(node["friends"] for node in nodes), only_new=changes.get("who_may_help") == "new_user"),
        "kind": "unlock",
        "title": "好友一起拆",
        "nodes": nodes,
        "form": BALANCE,
        "budget": {"fen": BUDGET},
        "packet_seconds": HOUR,
        "limits": {"starts": 10, "active": 3, "helps": 10, "helps_a_day": 10},
        **changes,
    }


def gift_offer(**changes: Any) -> dict[str, Any]:
    """A coupon of ¥5 for somebody who never ordered here."""
    return {
        **_common(),
        "rule_sheet": told(only_new=True),
        "kind": "gift",
        "title": "老客送新客",
        "gift": {"amount": 500, "form": COUPON},
        "budget": {"fen": BUDGET},
        "packet_seconds": HOUR,
        **changes,
    }


def goods(shares: list[dict[str, int]] | None = None, **options: Any) -> dict[str, Any]:
    """What is sold alone, whose orders bring a packet: two shares of ¥4 and ¥2, with ¥2 for the buyer each."""
    after = {"budget": {"fen": BUDGET}, **options.pop("after", {})}
    alike = [{"friend": 400, "own": 200}, {"friend": 200, "own": 200}]
    limits = {"claims": 10, "claims_a_day": 10}
    packet = {"shares": shares or alike, "form": BALANCE, "life_seconds": HOUR, **limits, **options.pop("packet", {})}
    demo = demo_offer(now=clock.now())
    sheet = {**demo["rule_sheet"], "result": "付款后可得红包分给好友，先到先得，送完即止。"}
    return {**demo, "rule_sheet": sheet, "after_order": {"packet": packet, **after}, **options}


def _common() -> dict[str, Any]:
    demo = demo_offer(now=clock.now())
    kept = {name: demo[name] for name in ("starts_at", "ends_at")}
    return {**kept, "description": "邀请好友一起拆，金额固定并提前公示。", "share": {"title": "一起拆红包"}}


def grown(town: Town, *names: str) -> list[Person]:
    """People who have been here long enough to be trusted."""
    found = [town.person(name) for name in names]
    clock.advance(GROWN)
    return found


def starts(person: Person, campaign: str, *, key: str | None = None) -> Reply:
    """Start a packet, or give one."""
    return person.api.call("POST", f"/v1/campaigns/{campaign}/packets", {}, key=key)


def started(person: Person, campaign: str) -> str:
    """A packet of his, by its id."""
    rid: str = starts(person, campaign).expect(201)["packet_id"]
    return rid


def bought(town: Town, person: Person, campaign: str) -> str:
    """He has bought alone and paid, and nobody has heard of it but the order: its id."""
    order = person.buy(campaign).expect(201)
    person.pay(order).expect(200)
    town.hear()
    oid: str = order["order_id"]
    return oid


def brought(town: Town, person: Person, campaign: str) -> str:
    """The packet that an order of his brought, by its id."""
    oid = bought(town, person, campaign)
    town.stream()
    return of_order(campaign, oid)


def of_order(campaign: str, oid: str) -> str:
    """The id of the packet that the order brings, if it brings one."""
    from chalicelib.core.ids import CampaignId

    return order_packet_id(CampaignId(campaign), oid)


def refunds(town: Town, oid: str, amount_fen: int | None = None, *, key: str | None = None) -> Reply:
    """The merchant gives money of an order back, all of it unless he says less."""
    body: dict[str, Any] = {"note": "sold out", **({"amount_fen": amount_fen} if amount_fen else {})}
    return town.admin.call("POST", f"/v1/admin/orders/{oid}/refund", body, key=key)


def page(person: Person, rid: str) -> Any:
    """The packet's page."""
    return person.api.get(f"/v1/packets/{rid}")


def ticket(person: Person, rid: str) -> str:
    """What its page gives him for a help or claim."""
    given: str = page(person, rid)["help_ticket"]
    return given


def takes(person: Person, rid: str, help_ticket: str, what: str, *, key: str | None = None) -> Reply:
    """Help or claim with a ticket."""
    return person.api.call("POST", f"/v1/packets/{rid}/{what}", {"help_ticket": help_ticket}, key=key)


def helps(person: Person, rid: str) -> Reply:
    """Look, then help."""
    return _looks_and(person, rid, "helps")


def claims(person: Person, rid: str) -> Reply:
    """Look, then claim."""
    return _looks_and(person, rid, "claims")


def _looks_and(person: Person, rid: str, what: str) -> Reply:
    seen = page(person, rid)
    clock.advance(LOOKED)
    return takes(person, rid, seen["help_ticket"] or "none", what)


def closes(town: Town, rid: str, *, key: str | None = None) -> Reply:
    """Its merchant closes it."""
    return town.admin.call("POST", f"/v1/admin/packets/{rid}/close", {}, key=key)


def decides(town: Town, rid: str, uid: str, *, yes: bool, kind: type[Act] = Claim, key: str | None = None) -> Reply:
    """Its merchant takes an act that waits, or refuses it."""
    held_id = id_of(act_key(mid(town), kind, rid, uid))
    path = f"/v1/admin/held/{held_id}/{'approve' if yes else 'reject'}"
    return town.admin.call("POST", path, {"note": "looked at it"}, key=key)


def shady(town: Town, person: Person, rank: int = 1) -> None:
    """WeChat doubts him: where balance is given, what he does waits for the merchant."""
    town.act("/_sim/ranks", name=person.name, rank=rank)


def mid(town: Town) -> MerchantId:
    """Whose town it is."""
    return MerchantId(town.merchant.mid)


def packet(town: Town, rid: str) -> Packet:
    """The packet as it is stored."""
    found = read_one(Packet, packet_key(mid(town), rid))
    assert found is not None
    return found


def claim_of(town: Town, rid: str, person: Person) -> Claim:
    """His claim as it is stored."""
    found = read_one(Claim, act_key(mid(town), Claim, rid, person.uid))
    assert found is not None
    return found


def help_of(town: Town, rid: str, person: Person) -> Unlock:
    """His help as it is stored."""
    found = read_one(Unlock, act_key(mid(town), Unlock, rid, person.uid))
    assert found is not None
    return found


def limit(town: Town, rid: str, person: Person) -> Limit:
    """What he has taken of the campaign."""
    found = read_one(Limit, limit_key(mid(town), person.uid, rid.split("-", 1)[0]))
    assert found is not None
    return found


def account(town: Town, person: Person, currency: Currency = Currency.FEN) -> Account | None:
    """His account."""
    return read_one(Account, account_key(mid(town), person.uid, currency))


def has(town: Town, person: Person, currency: Currency = Currency.FEN) -> int:
    """What he has."""
    found = account(town, person, currency)
    return found.balance if found else 0


def debt(town: Town, person: Person, currency: Currency = Currency.FEN) -> int:
    """What he was to give back and had not."""
    found = account(town, person, currency)
    return (found.debt or 0) if found else 0


def budget(town: Town, currency: Currency = Currency.FEN) -> int:
    """What of all budgets nobody holds."""
    shards = [item for item in town.items() if isinstance(item, StockShard)]
    return sum(shard.left for shard in shards if shard.pk.split("#")[3] == ESCROWS[currency])


def look_after(town: Town, rid: str) -> None:
    """A worker takes the packet's entry, if it is due, and nobody else's."""
    found = packet(town, rid)
    if found.gsi2sk and found.due and found.due <= clock.now():
        due.handle(found.key, found.gsi2sk)


def until_end(town: Town, rid: str) -> None:
    """The very last instant of its time: a help still counts, and its end may be looked after."""
    clock.advance((packet(town, rid).expires_at - clock.now()) / timedelta(seconds=1))
