"""Campaigns of codes for goods, and people who order with a code."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.accounts.items import User, user_key
from chalicelib.core import clock
from chalicelib.core.errors import RippleError
from chalicelib.core.idempotency import Intent
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import read_one
from chalicelib.core.transaction import update_one
from chalicelib.orders.items import Order, order_key
from chalicelib.voucher import codes, ending, letters
from chalicelib.voucher.items import Redeemed, Used, redeemed_key
from infra.local.client import Person, Reply
from tests import invariants
from tests.town import Town
from tests.voucher import shop

CODES = 20
"""How many codes a campaign of goods has: one unit of stock each."""

PRICE = 990
FREIGHT = {"kind": "flat", "fen": 600}

SKU: dict[str, Any] = {
    "sku_id": "box-1",
    "title": "2026年秋茶礼盒",
    "fulfilment": "express",
    "reference_price_fen": 9900,
    "reference_basis": "近 7 日最低成交价",
}


def goods(price_fen: int = 0, *, total: int = CODES, **sku: Any) -> dict[str, Any]:
    """What each code brings: a box, for a price."""
    return {"kind": "goods", "sku": {**SKU, "stock": total, **sku}, "price_fen": price_fen}


def campaign(
    town: Town, price_fen: int = 0, *, total: int = CODES, sku: Mapping[str, Any] | None = None, **changes: Any
) -> str:
    """A running campaign of codes for goods."""
    return town.campaign(shop.offer(goods(price_fen, total=total, **(sku or {})), total=total, **changes))


def minted(town: Town, price_fen: int = 0, *, size: int = 10, **changes: Any) -> str:
    """A batch of a campaign of its own."""
    return shop.minted(town, campaign(town, price_fen, **changes), size)


def forged(town: Town) -> str:
    """A code of the right form that nobody made."""
    version, other = (codes.code_of(MerchantId(town.merchant.mid), n, codes.Size(16), "00000", 0) for n in (0, 1))
    body = version[0] + other[1:-1]
    return letters.grouped(body + letters.check_letter(body))


def orders(person: Person, text: str, *, key: str | None = None, **wish: Any) -> Reply:
    """Order with a code."""
    return person.api.call("POST", "/v1/codes/order", {"code": text, **wish}, key=key)


def quotes(person: Person, text: str, **asked: Any) -> Reply:
    """Ask what is still paid."""
    return person.api.call("POST", "/v1/codes/quote", {"code": text, **asked})


def pays(town: Town, person: Person, order: Mapping[str, Any]) -> None:
    """He pays, and we are told."""
    person.pay(order).expect(200)
    town.hear()


def gives_up(town: Town, person: Person, order: Mapping[str, Any]) -> None:
    """He cancels his order, and it is proven unpaid."""
    person.api.post(f"/v1/orders/{order['order_id']}/cancel")
    town.minute()


def paid_at_last(town: Town, order: Mapping[str, Any]) -> str:
    """WeChat contradicts itself: what was closed was paid after all; returns its number."""
    number = f"{order['order_id']}-1"
    trade = town.sim.world.orders[town.merchant.mchid, number]
    trade.closed, trade.paid_at, trade.transaction_id = False, clock.now(), f"42{order['order_id']}"
    return number


def paid_late(town: Town, order: Mapping[str, Any]) -> None:
    """That, and we are told so."""
    town.act("/_sim/notify", out_trade_no=paid_at_last(town, order))


def refunds(town: Town, order: Mapping[str, Any], *, key: str | None = None) -> Reply:
    """The merchant gives all of an order's money back."""
    return town.admin.call("POST", f"/v1/admin/orders/{order['order_id']}/refund", {"note": "sold out"}, key=key)


def returned(town: Town, order: Mapping[str, Any]) -> list[int]:
    """What WeChat sent back of an order, refund by refund."""
    return [refund["amount"]["refund"] for refund in town.refunds(order["order_id"])]


def revokes(town: Town, bid: str, *, key: str = "one-key-to-revoke-it") -> Reply:
    """The merchant ends a batch."""
    return town.admin.call("POST", f"/v1/admin/batches/{bid}/revoke", {"note": "印错了"}, key=key)


def revokes_code(town: Town, bid: str, serial: int = 0, *, key: str = "one-key-to-revoke-one") -> Used:
    """The merchant ends one code."""
    return ending.revoke_code(_intent(town, key, "revoke-code"), bid, serial, "丢失了")


def revokes_range(town: Town, bid: str, first: int, last: int, *, key: str = "one-key-to-revoke-some") -> None:
    """The merchant ends some."""
    ending.revoke_range(_intent(town, key, "revoke-range"), bid, first, last, "丢失了")


def binds(town: Town, bid: str, person: Person, serial: int = 0) -> None:
    """A code that something happened to is somebody's alone from now on."""
    seen = used(town, bid, serial)
    update_one(seen, [Used.bound.set(person.uid), Used.turn.add(1)], when={})


def has_ordered(town: Town, person: Person) -> bool:
    """Whether somebody is no newcomer any more."""
    found = read_one(User, user_key(MerchantId(town.merchant.mid), person.uid))
    return found is not None and found.first_order_at is not None


def undoes(town: Town, bid: str, serial: int = 0) -> str:
    """Why the merchant may not undo a redemption."""
    body = {"batch_id": bid, "serial": serial, "note": "弄错了"}
    reply = town.admin.call("POST", "/v1/admin/codes/undo", body, headers={"Accept-Language": "en"})
    return str(reply.body["reason"]) if reply.status == 409 else ""


def refused(act: Callable[[], Any]) -> str:
    """The code of what an act is refused for."""
    try:
        act()
    except RippleError as problem:
        return problem.problem.code
    return ""


def rekeys(town: Town, bid: str) -> None:
    """The merchant's key is retired, and the batch gets the new one."""
    ending.retire_key(_intent(town, "one-key-to-retire-it", "retire"), "泄露")
    ending.rekey(_intent(town, "one-key-to-rekey-it", "rekey"), bid, "泄露")


def stored(town: Town, order: Mapping[str, Any]) -> Order:
    """The order as it is stored."""
    found = read_one(Order, order_key(MerchantId(town.merchant.mid), order["order_id"]))
    assert found is not None
    return found


def used(town: Town, bid: str, serial: int = 0) -> Used:
    """The code as it is stored."""
    found = shop.used(town, bid, serial)
    assert found is not None
    return found


def taken(town: Town, bid: str, person: Person) -> int:
    """How many codes of its campaign somebody has redeemed."""
    cid = shop.stored_batch(town, bid).cid
    found = read_one(Redeemed, redeemed_key(MerchantId(town.merchant.mid), person.uid, cid))
    return found.n if found is not None else 0


def stock(town: Town, bid: str) -> tuple[int, int]:
    """What is left and what is taken of its campaign's goods."""
    return shop.escrow(town, shop.stored_batch(town, bid).cid)


def at_rest(town: Town, seconds: int = 4 * 3600) -> None:
    """Let everything happen that is due; all promises hold then."""
    town.pass_time(seconds, tick=300)
    town.stream()
    town.hear()
    invariants.at_rest(town.items(), town.sim.world)


def _intent(town: Town, key: str, route: str) -> Intent:
    return Intent(mid=MerchantId(town.merchant.mid), actor="the-owner", route=route, key=key, fingerprint=key)
