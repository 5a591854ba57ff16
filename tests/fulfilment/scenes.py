"""Goods go out while their money goes back, arrive while somebody asks, and cases are decided by two sides at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.core import clock
from chalicelib.core.ids import MerchantId
from chalicelib.fulfilment.items import case_key
from chalicelib.merchants.items import merchant_key
from chalicelib.orders.items import order_key
from tests.fulfilment.shop import OTHER, PARCEL, Bought, bought, won
from tests.proof.acts import falls_due
from tests.proof.stage import Act, Scene
from tests.town import Town


def desk(order: Bought, who: str, what: str, body: Any = None) -> Act:
    """One tap of one of the merchant's people."""
    return lambda: order.desk(what, body, key=f"{who}-{what}-with-one-tap")


def mine(order: Bought, what: str, body: Any = None) -> Act:
    """One tap of the buyer's."""
    return lambda: order.mine(what, body, key=f"my-{what}-with-one-tap")


SHIPPING = {"within_hours": 48, "complete_days": 1, "return_days": 1}
"""Short times, so that no run has many days of bills to compare."""


def later(town: Town, days: int) -> None:
    """Days later; the bills of all of them have been compared."""
    clock.advance(days * 86_400)
    key = merchant_key(MerchantId(town.merchant.mid))
    for _ in range(days + 1):
        town.emulator.make_due(key, clock.now())
        falls_due(town, key)()


def sending(town: Town) -> Mapping[str, Act]:
    """The member of a group that succeeded, and one who fetches what he bought alone: nothing went out yet."""
    _, member = won(town, shipping=SHIPPING)
    fetched = bought(town, shipping=SHIPPING, fulfilment="pickup")
    code = fetched.shown["pickup_code"]
    member.buyer.come_back()
    return {
        "all of it is sent": desk(member, "ann", "send", {"parcels": [PARCEL]}),
        "a part is sent": desk(member, "ben", "send", {"parcels": [OTHER], "complete": False}),
        "all its money goes back": desk(member, "ann", "refund", {"note": "sold out"}),
        "its buyer asks for money": mine(member, "cases", {"reason": "changed_mind"}),
        "it is handed over": desk(fetched, "ann", "hand-over", {"code": code}),
        "all his money goes back": desk(fetched, "ben", "refund", {"note": "sold out"}),
    }


def settled(town: Town, order: Bought) -> Act:
    """Its buyer confirms in WeChat, and WeChat tells of it, as often as it likes."""
    number = f"{order.order_id}-1"

    def act() -> Any:
        if town.sim.world.shipments[town.merchant.mchid, number].received_at is None:
            town.act("/_sim/receive", out_trade_no=number)
        return town.act("/_sim/events", out_trade_no=number)["status"]

    return act


def arriving(town: Town) -> Mapping[str, Act]:
    """Parcels that went out a day ago, and their buyer says nothing."""
    order = bought(town, shipping=SHIPPING)
    order.send(PARCEL).expect(200)
    town.stream()
    town.listen()
    later(town, 1)
    order.buyer.come_back()
    mid = MerchantId(town.merchant.mid)
    return {
        "it is received": mine(order, "received"),
        "WeChat says that it was received": settled(town, order),
        "it counts as received": falls_due(town, order_key(mid, order.order_id)),
        "its buyer asks for money": mine(order, "cases", {"reason": "damaged", "goods_back": True}),
        "ann gives a part back": desk(order, "ann", "refund", {"note": "a scratch", "amount_fen": 100}),
        "ben gives a part back": desk(order, "ben", "refund", {"note": "a scratch", "amount_fen": 200}),
        "it is corrected": desk(order, "ann", "correct", {"parcels": [OTHER]}),
    }


def deciding(town: Town) -> Mapping[str, Act]:
    """Two cases that have waited too long: one for an answer, one for goods that were to come back."""
    asked, granted = bought(town, shipping=SHIPPING), bought(town, shipping=SHIPPING)
    granted.send(PARCEL).expect(200)
    town.stream()
    asked.ask().expect(201)
    granted.ask(goods_back=True).expect(201)
    granted.desk("cases/1/grant", {"answer": "send it to us"}).expect(200)
    later(town, 7)
    for order in (asked, granted):
        order.buyer.come_back()
    mid = MerchantId(town.merchant.mid)
    return {
        "it is granted": desk(asked, "ann", "cases/1/grant"),
        "it is refused": desk(asked, "ben", "cases/1/refuse", {"answer": "no"}),
        "it is withdrawn": mine(asked, "cases/1/withdraw"),
        "nobody answered": falls_due(town, case_key(mid, asked.order_id, 1)),
        "goods are sent back": mine(granted, "cases/1/send-back", OTHER),
        "goods are back": desk(granted, "ann", "cases/1/goods-came"),
        "nothing came back": falls_due(town, case_key(mid, granted.order_id, 1)),
    }


def late(town: Town) -> Mapping[str, Act]:
    """Goods that should have gone out by now, and nobody has sent them."""
    order = bought(town, shipping=SHIPPING)
    later(town, 2)
    order.buyer.come_back()
    return {
        "it is late": falls_due(town, order_key(MerchantId(town.merchant.mid), order.order_id)),
        "it is sent at last": desk(order, "ann", "send", {"parcels": [PARCEL]}),
        "its money goes back": desk(order, "ben", "refund", {"note": "sold out"}),
    }


SCENES = [Scene(build.__name__, build) for build in (sending, late, arriving, deciding)]
