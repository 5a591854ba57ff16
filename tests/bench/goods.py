"""What ordering with a code takes from storage: its part of `capacity`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.bench.bargains import fall_due
from tests.town import Town
from tests.voucher import goods_shop, shop

Measure = Callable[[str, Callable[[], Any]], Any]

BUDGETS = {"voucher.order": 13}


def measure_all(town: Town, measure: Measure) -> None:
    """A code that brings goods for nothing, and one for a price: paid, not paid, and paid too late."""
    town.hear()
    ann, ben = town.person(), town.person()
    free, priced = goods_shop.minted(town), goods_shop.minted(town, goods_shop.PRICE)
    text, dear = shop.code(town, free), shop.code(town, priced)
    goods_shop.orders(ben, shop.code(town, free, 1)).expect(201)
    measure("voucher.quote", lambda: goods_shop.quotes(ann, text)).expect(200)
    measure("voucher.order", lambda: goods_shop.orders(ann, text, key="one-key-for-one-tap")).expect(201)
    measure("voucher.order_again", lambda: goods_shop.orders(ann, text, key="one-key-for-one-tap")).expect(201)
    order = goods_shop.orders(ben, shop.code(town, priced, 1)).expect(201)
    ben.pay(order).expect(200)
    measure("voucher.paid", town.hear)
    unpaid = measure("voucher.order_priced", lambda: goods_shop.orders(ann, dear)).expect(201)
    ann.api.post(f"/v1/orders/{unpaid['order_id']}/cancel")
    measure("voucher.released", lambda: fall_due(town, unpaid["order_id"]))
    measure("voucher.paid_late", lambda: goods_shop.paid_late(town, unpaid))
