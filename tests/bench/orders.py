"""What lists of orders read, and what goods on their way write: the same whether there are hundreds or 10⁵ orders."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from chalicelib.accounts.items import user_index
from chalicelib.campaigns.offer import Fulfilment
from chalicelib.core import chance, clock
from chalicelib.core.aws import client
from chalicelib.core.ids import MerchantId, derived
from chalicelib.orders.items import Line, Order, Payment, Terms, order_key, paid_on, payment_key, shard_of
from chalicelib.orders.states import Delivery, OrderState
from chalicelib.orders.steps import delivery_list
from tests.bench.capacity import SCALE, warm_caches
from tests.bench.figures import Figure
from tests.bench.meter import Cost, metered
from tests.conftest import EMULATOR, START
from tests.fulfilment.shop import PARCEL, bought
from tests.town import Town

FEW = 400
"""Enough that every page of a list is full in each of its shards."""

WRITES = {"send": 17, "told": 11, "received": 7, "ask": 8, "grant": 27}
"""Write units of what becomes of an order after it is confirmed."""


def figures() -> list[Figure]:
    """<list>.read_units and .round_trips with few orders and with 10⁵, and <act>.write_units."""
    few, many = _lists(FEW), _lists(SCALE)
    found = []
    for name, cost in many.items():
        found.append(Figure(f"{name}.read_units.at_scale", cost.read_units, "read units", few[name].read_units))
        found.append(Figure(f"{name}.round_trips.at_scale", cost.round_trips, "calls", few[name].round_trips))
    for name, cost in _acts().items():
        found.append(Figure(f"orders.{name}.write_units", cost.write_units, "write units", WRITES[name]))
    return found


def _lists(orders: int) -> dict[str, Cost]:
    """One page of twenty of each list, in a shop with so many orders, all of one user and one day."""
    EMULATOR.fresh()
    with clock.fixed(START), chance.seeded(7), warm_caches():
        town = Town(EMULATOR)
        try:
            buyer = town.person()
            _fill(MerchantId(town.merchant.mid), town.campaign(), buyer.uid, orders)
            today = clock.now().astimezone(clock.BEIJING).date()
            asked: dict[str, Callable[[], Any]] = {
                "orders.mine": lambda: buyer.api.get("/v1/orders?limit=20")["orders"],
                "orders.listed": lambda: town.admin.get("/v1/admin/orders?limit=20")["orders"],
                "orders.of_day": lambda: town.admin.get(f"/v1/admin/orders?limit=20&day={today}")["orders"],
                "orders.payments": lambda: town.admin.get(f"/v1/admin/payments?limit=20&day={today}")["payments"],
            }
            measured = {}
            for name, ask in asked.items():
                ask()
                with metered(town.emulator) as measured[name]:
                    shown = ask()
                assert len(shown) == 20, name
            return measured
        finally:
            town.close()


def _fill(mid: MerchantId, campaign: str, uid: str, orders: int) -> None:
    """Put paid and confirmed orders as they are stored, all like the first but for where they stand."""
    dynamodb = client("dynamodb")
    like, paid = (item.serialize() for item in _order(mid, campaign, uid))
    for start in range(0, orders, 12):
        requests = []
        for n in range(start, min(start + 12, orders)):
            oid, at = derived("order", str(n)), clock.iso(START - timedelta(milliseconds=n))
            pk = order_key(mid, oid).pk
            day, shard = (START - timedelta(milliseconds=n)).astimezone(clock.BEIJING).date(), shard_of(pk)
            own = {"pk": pk, "gsi1sk": f"O#{at}#{oid}", "gsi3pk": delivery_list(mid, Delivery.WAITING, shard)}
            of_day = {"pk": pk, "gsi1pk": paid_on(mid, day, shard), "gsi1sk": f"{at}#{oid}#1"}
            for raw, moved in ((like, {**own, "gsi3sk": f"{at}#{oid}"}), (paid, of_day)):
                item = {**raw, **{name: {"S": value} for name, value in moved.items()}}
                requests.append({"PutRequest": {"Item": item}})
        dynamodb.batch_write_item(RequestItems={"ripple-test": requests})


def _order(mid: MerchantId, campaign: str, uid: str) -> tuple[Order, Payment]:
    order = Order(
        *order_key(mid, "first"),
        uid=uid,
        play="groupbuy",
        object_id=f"{campaign}-1",
        role="solo",
        version=1,
        state=OrderState.CONFIRMED,
        lines=[Line("box-1", "tea", 1, 100)],
        fulfilment=Fulfilment.EXPRESS,
        total_fen=100,
        deadline=START,
        intent_at=START,
        body_hash="h",
        captured=1,
        paid_at=START,
        terms=Terms(48, 10, 7, presale=False),
        delivery=Delivery.WAITING,
        fingerprint="f",
        created_at=START,
        gsi1pk=user_index(mid, uid),
    )
    payment = Payment(
        *payment_key(mid, "first", 1),
        uid=uid,
        object_id=order.object_id,
        total_fen=100,
        live_fen=100,
        transaction_id="4200",
        paid_at=START,
        recorded_at=START,
    )
    return order, payment


def _acts() -> dict[str, Cost]:
    """What an order's goods and its case write, each act once."""
    EMULATOR.fresh()
    with clock.fixed(START), chance.seeded(7), warm_caches():
        town = Town(EMULATOR)
        try:
            arriving, asking = bought(town), bought(town)
            town.admin.get("/v1/admin/merchant")
            measured: dict[str, Cost] = {}
            acts: dict[str, Callable[[], Any]] = {
                "send": lambda: arriving.send(PARCEL).expect(200),
                "told": town.stream,
                "received": lambda: arriving.received().expect(200),
                "ask": lambda: asking.ask().expect(201),
                "grant": lambda: asking.desk("cases/1/grant").expect(200),
            }
            for name, act in acts.items():
                with metered(town.emulator) as measured[name]:
                    act()
            return measured
        finally:
            town.close()
