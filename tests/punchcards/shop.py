"""A merchant who sells punch cards, and families that buy and use them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.campaigns.items import StockShard
from chalicelib.core import clock, due
from chalicelib.core.store import read_one
from chalicelib.orders.items import Order, order_key
from chalicelib.punchcards.items import Card, CardUse, card_key
from infra.local.client import Person, Reply
from infra.local.seed import demo_offer
from tests.family.shop import mid_of
from tests.merchants.wallet import files
from tests.town import Town

TEN, PRICE = 10, 28_805
"""Units of the demo's card, and what it costs; a unit costs no whole fen."""

SKU: dict[str, Any] = {
    "sku_id": "ten",
    "title": "10 次洗剪吹",
    "units": TEN,
    "price_fen": PRICE,
    "stock": 100,
    "reference_price_fen": 38_000,
    "reference_basis": "门店价目表单次 38 元 × 10 次",
}


def offer(*, sku: Mapping[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """A campaign of punch cards for the demo's fortnight."""
    demo = demo_offer(now=clock.now())
    return {
        **{name: demo[name] for name in ("starts_at", "ends_at")},
        "kind": "punchcard",
        "title": "家庭洗剪吹次卡",
        "share": {"title": "家庭洗剪吹次卡"},
        "rule_sheet": {
            "rules_text": "次卡归家庭共有，成员到店出示次卡码，每次扣减一次。",
            "eligibility": "家庭成员均可购买和使用。",
            "result": "支付成功后次卡即时到账，不过期。",
            "refund_terms": "未用次数可联系商家按比例退款，原路退回。",
            "host_name": "演示商户",
            "host_contact": "400-000-0000",
        },
        "skus": [{**SKU, **(sku or {})}],
        **changes,
    }


def opened(town: Town, *, sku: Mapping[str, Any] | None = None, **changes: Any) -> str:
    """He has filed it, and sells it; returns the campaign."""
    files(town)
    return town.campaign(offer(sku=sku, **changes))


def buys(person: Person, cid: str, fid: str, *, key: str | None = None, **wish: Any) -> Reply:
    """Somebody orders a card for a family, and has read the terms, if the shop sells any."""
    body = {"family_id": fid, **({} if "terms" in wish else {"terms": terms_read(person, cid)}), **wish}
    return person.api.call("POST", f"/v1/campaigns/{cid}/cards", body, key=key)


def terms_read(person: Person, cid: str) -> str:
    """The edition that a buyer has read; another one where nothing is sold now."""
    return str(person.api.call("POST", f"/v1/campaigns/{cid}/cards/quote", {}).body.get("terms", "0" * 16))


def bought(town: Town, person: Person, fid: str, cid: str | None = None, **wish: Any) -> str:
    """Somebody has bought a card for a family, which has it; returns the order."""
    made = buys(person, cid or opened(town), fid, **wish).expect(201)
    if made["cash_fen"]:
        person.pay(made).expect(200)
        town.hear()
    town.stream()
    return str(made["order_id"])


def gives_up(town: Town, person: Person, made: Mapping[str, Any]) -> None:
    """He cancels it, and it is proven unpaid."""
    person.api.post(f"/v1/orders/{made['order_id']}/cancel")
    order = ordered(town, made["order_id"])
    assert order.gsi2sk is not None
    due.handle(order.key, order.gsi2sk)


def paid_at_last(town: Town, made: Mapping[str, Any]) -> str:
    """WeChat contradicts itself: what was closed was paid after all; returns its number."""
    number = f"{made['order_id']}-1"
    trade = town.sim.world.orders[town.merchant.mchid, number]
    trade.closed, trade.paid_at, trade.transaction_id = False, clock.now(), f"42{made['order_id']}"
    return number


def asks_pass(person: Person, fid: str, oid: str) -> Reply:
    """A member asks for a pass."""
    return person.api.call("POST", f"/v1/families/{fid}/cards/{oid}/pass", {})


def a_pass(person: Person, fid: str, oid: str) -> str:
    """What he shows."""
    return str(asks_pass(person, fid, oid).expect(200)["qr"])


def scans(town: Town, shown: str, units: int = 1, *, key: str | None = None) -> Reply:
    """The staff scan it."""
    return town.admin.call("POST", "/v1/admin/cards/use", {"pass": shown, "units": units}, key=key)


def uses(town: Town, person: Person, fid: str, oid: str, units: int = 1) -> str:
    """A member has used units; returns the use."""
    return str(scans(town, a_pass(person, fid, oid), units).expect(201)["use"]["use_id"])


def undoes(town: Town, fid: str, use_id: str, *, key: str | None = None) -> Reply:
    """The staff undo it."""
    body = {"family_id": fid, "use_id": use_id, "note": "扫错了"}
    return town.admin.call("POST", "/v1/admin/cards/undo", body, key=key)


def pays_back(town: Town, oid: str, amount_fen: int | None = None, *, key: str | None = None) -> Reply:
    """The shop's owner pays back what is not used."""
    body: dict[str, Any] = {"note": "搬家"}
    if amount_fen is not None:
        body["amount_fen"] = amount_fen
    return town.admin.call("POST", f"/v1/admin/cards/{oid}/refund", body, key=key)


def has_back(person: Person, fid: str, oid: str, *, key: str | None = None) -> Reply:
    """Whoever bought it wants back what is not used."""
    return person.api.call("POST", f"/v1/families/{fid}/cards/{oid}/refund", {}, key=key)


def ordered(town: Town, oid: str) -> Order:
    """The order as it stands."""
    found = read_one(Order, order_key(mid_of(town), oid))
    assert found is not None
    return found


def stored(town: Town, fid: str, oid: str) -> Card:
    """The card as it stands."""
    found = read_one(Card, card_key(mid_of(town), fid, oid))
    assert found is not None
    return found


def used(town: Town, oid: str) -> list[CardUse]:
    """Every use of a card."""
    return [item for item in town.items() if isinstance(item, CardUse) and item.oid == oid]


def stock(town: Town, cid: str) -> tuple[int, int]:
    """What is left and what is taken of a campaign's cards."""
    shards = [item for item in town.items() if isinstance(item, StockShard) and item.cid == cid]
    return sum(shard.left for shard in shards), sum(shard.taken for shard in shards)
