"""The situations of a code for goods in which things may happen at the same time: their side of the proof harness."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.core import clock
from chalicelib.core.errors import RippleError
from chalicelib.core.ids import MerchantId
from chalicelib.orders.items import order_key
from chalicelib.voucher.items import batch_key
from infra.local.client import Person
from tests.fulfilment.shop import PARCEL
from tests.orders.purse import purse
from tests.proof.acts import falls_due, one_key, people, told
from tests.proof.stage import Act, Scene
from tests.town import Town
from tests.voucher import goods_shop, shop
from tests.voucher.goods_shop import PRICE, gives_up, minted, orders


def an_order(person: Person, text: str, key: str = "orders", **wish: Any) -> Act:
    """He orders with a code, as often as his request is sent."""
    return lambda: orders(person, text, key=one_key(person, key), **wish)


def order_due(town: Town, order: Mapping[str, Any]) -> Act:
    return falls_due(town, order_key(MerchantId(town.merchant.mid), order["order_id"]))


def batch_due(town: Town, bid: str) -> Act:
    return falls_due(town, batch_key(MerchantId(town.merchant.mid), bid))


def revoking(town: Town, bid: str) -> Act:
    """The merchant ends the batch."""
    return lambda: goods_shop.revokes(town, bid)


def revoking_code(town: Town, bid: str, serial: int = 0) -> Act:
    """The merchant ends one code, if it is free."""
    return lambda: _done(lambda: goods_shop.revokes_code(town, bid, serial))


def revoking_range(town: Town, bid: str, last: int = 2) -> Act:
    """The merchant ends the first codes."""
    return lambda: _done(lambda: goods_shop.revokes_range(town, bid, 0, last))


def _done(act: Callable[[], Any]) -> str:
    """Whether it was done, or what it was refused for."""
    try:
        act()
    except RippleError as refused:
        if refused.problem.status >= 500:
            raise
        return refused.problem.code
    return "done"


def late(town: Town, order: Mapping[str, Any]) -> Act:
    """Money comes for an order that was given up; told as often as WeChat likes."""
    goods_shop.paid_at_last(town, order)
    return told(town, order)


def one_code(town: Town) -> Mapping[str, Act]:
    """Two want one code, one of them twice and another too, of which he may redeem one; the merchant ends it."""
    ann, ben = people(town, "ann", "ben")
    bid = minted(town)
    text = shop.code(town, bid)
    return {
        "ann orders": an_order(ann, text),
        "ann orders with another key": an_order(ann, text, "orders anew"),
        "ann orders with another code": an_order(ann, shop.code(town, bid, 1), "orders more"),
        "ben orders": an_order(ben, text),
        "the merchant revokes the code": revoking_code(town, bid),
        "the merchant revokes the batch": revoking(town, bid),
    }


def priced(town: Town) -> Mapping[str, Act]:
    """A code that was ordered with before is ordered with for a price, of which a purse pays a part."""
    ann, ben = people(town, "ann", "ben")
    bid = minted(town, PRICE)
    text = shop.code(town, bid)
    gives_up(town, ben, orders(ben, text).expect(201))
    own = purse(town, ann, 300)
    return {
        "ann orders": an_order(ann, text, pay_with=[own]),
        "ben orders again": an_order(ben, text, "orders again"),
        "the merchant revokes the code": revoking_code(town, bid),
        "the merchant revokes some": revoking_range(town, bid),
    }


def paying(town: Town) -> Mapping[str, Act]:
    """An order is paid at WeChat and nobody has been told, its time is over, and its batch may end."""
    ann, ben = people(town, "ann", "ben")
    bid = minted(town, PRICE)
    text = shop.code(town, bid)
    order = orders(ann, text).expect(201)
    ann.pay(order, notify=False).expect(200)
    clock.advance(1000)
    return {
        "ann's payment is told": told(town, order),
        "ann's order falls due": order_due(town, order),
        "ben orders": an_order(ben, text),
        "the merchant revokes the batch": revoking(town, bid),
    }


def unpaid(town: Town, **changes: Any) -> Mapping[str, Act]:
    """An order that nobody has paid is released, while the code, some codes or all of them end."""
    ann, ben = people(town, "ann", "ben")
    bid = minted(town, PRICE, **changes)
    text = shop.code(town, bid)
    order = orders(ann, text, pay_with=[purse(town, ann, 300)]).expect(201)
    ann.api.post(f"/v1/orders/{order['order_id']}/cancel")
    ends: dict[str, Act] = {
        "the merchant revokes some": revoking_range(town, bid),
        "the merchant revokes the batch": revoking(town, bid),
        "the batch falls due": batch_due(town, bid),
    }
    return {
        "ann's order falls due": order_due(town, order),
        "ann orders again": an_order(ann, text, "orders again"),
        "ben orders": an_order(ben, text),
        "the merchant revokes the code": revoking_code(town, bid),
        **({} if changes else ends),
    }


def unpaid_and_sold(town: Town) -> Mapping[str, Act]:
    return unpaid(town, funding="sold")


def late_money(town: Town) -> Mapping[str, Act]:
    """Money comes for an order that was given up, while its code is wanted by others, or ends."""
    ann, ben = people(town, "ann", "ben")
    bid = minted(town, PRICE)
    text = shop.code(town, bid)
    order = orders(ann, text, pay_with=[purse(town, ann, 300)]).expect(201)
    gives_up(town, ann, order)
    return {
        "ann's payment is told": late(town, order),
        "ann orders with another code": an_order(ann, shop.code(town, bid, 1), "orders more"),
        "ben orders": an_order(ben, text),
        "the merchant revokes the code": revoking_code(town, bid),
        "the merchant revokes some": revoking_range(town, bid),
        "the merchant revokes the batch": revoking(town, bid),
    }


def late_for_two(town: Town) -> Mapping[str, Act]:
    """Two gave the same code up, and money comes for both."""
    ann, ben = people(town, "ann", "ben")
    bid = minted(town, PRICE)
    text = shop.code(town, bid)
    given_up = []
    for person in (ann, ben):
        given_up.append(orders(person, text).expect(201))
        gives_up(town, person, given_up[-1])
    return {
        "ann's payment is told": late(town, given_up[0]),
        "ben's payment is told": late(town, given_up[1]),
        "ann orders again": an_order(ann, text, "orders again"),
    }


def given_back(town: Town) -> Mapping[str, Act]:
    """All money of orders goes back: of one that was paid, of one that asked for none, of one whose code was sold."""
    ann, ben, cat = people(town, "ann", "ben", "cat")
    bids = minted(town, PRICE), minted(town), minted(town, PRICE, funding="sold")
    made = []
    for person, bid in zip((ann, ben, cat), bids, strict=True):
        made.append(orders(person, shop.code(town, bid)).expect(201))
        if made[-1]["pay"]:
            goods_shop.pays(town, person, made[-1])
    first, second, third = made
    send = f"/v1/admin/orders/{first['order_id']}/send"
    return {
        "its money goes back": lambda: goods_shop.refunds(town, first, key="one-key-to-refund-it"),
        "it is sent": lambda: town.admin.call("POST", send, {"parcels": [PARCEL]}, key="one-key-to-send-it"),
        "what cost nothing ends": lambda: goods_shop.refunds(town, second, key="one-key-to-end-it"),
        "what was sold goes back": lambda: goods_shop.refunds(town, third, key="one-key-for-the-sold"),
        "the merchant revokes the batch": revoking(town, bids[0]),
    }


BUILDS: tuple[Callable[[Town], Mapping[str, Act]], ...] = (
    *(one_code, priced, paying, unpaid, unpaid_and_sold, late_money, late_for_two, given_back),
)
SCENES = [Scene(f"goods_{build.__name__}", build) for build in BUILDS]
