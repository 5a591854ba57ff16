"""What holds of goods on their way, and of what was asked for afterwards."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from chalicelib.core import clock
from chalicelib.core.outbox import OutboxEntry
from chalicelib.fulfilment.items import NOT_SHIPPED, Case, Shipment
from chalicelib.fulfilment.rules import TO_SEND
from chalicelib.fulfilment.states import OPEN_CASES, CaseState
from chalicelib.orders.items import Order, Payment, Refund
from chalicelib.orders.states import Delivery, OrderState
from chalicelib.orders.steps import delivery_index
from chalicelib.orders.stuck import StuckMoney
from tests.breaking import Break, change, drop
from tests.fulfilment.shop import PARCEL, bought
from tests.invariants import Books, invariant, settled
from tests.orders.promises import orders
from tests.town import Town

OUT = (Delivery.PART, Delivery.SENT, Delivery.DONE)
CONFIRMED = (OrderState.CONFIRMED, OrderState.REFUND)


def shipments(books: Books) -> dict[str, Shipment]:
    """Every shipment by its order."""
    return {str(shipment.oid): shipment for shipment in books.of(Shipment)}


def captures(books: Books) -> dict[str, list[Payment]]:
    """The payments of every order."""
    found: dict[str, list[Payment]] = defaultdict(list)
    for payment in books.of(Payment):
        found[str(payment.oid)].append(payment)
    return found


def stuck(books: Books) -> set[tuple[str, str]]:
    """What is stuck: reason and number."""
    return {(row.reason, row.number) for row in books.of(StuckMoney)}


@invariant("Goods went out only of an order that was paid and whose play had succeeded, and their shipment says how.")
def goods_are_paid(books: Books) -> Iterator[str]:
    paid, sent = books.seen(captures), books.seen(shipments)
    for order in books.of(Order):
        if (order.delivery in OUT) != (order.oid in sent):
            yield f"{order.oid} is {order.delivery}, its shipment {sent.get(order.oid)}"
        if order.delivery is not None and (order.state not in CONFIRMED or not (paid[order.oid] or not order.cash_fen)):
            yield f"{order.oid} is {order.delivery} and {order.state}"
        if order.state is OrderState.CONFIRMED and order.delivery is None:
            yield f"{order.oid} is confirmed, its goods nowhere"


@invariant("An order is in the list of where its goods are while it is confirmed, and in no other.")
def lists_are_true(books: Books) -> Iterator[str]:
    for order in books.of(Order):
        confirmed = order.state is OrderState.CONFIRMED and order.delivery is not None
        wanted = delivery_index(order, order.delivery) if confirmed else (None, None)
        if (order.gsi3pk, order.gsi3sk) != wanted:
            yield f"{order.oid} is {order.delivery} and listed in {order.gsi3pk}"


@invariant("Goods that are not received have a time at which somebody looks, a late mark, or a case that is open.")
def goods_are_looked_after(books: Books) -> Iterator[str]:
    for order in books.of(Order):
        if order.state is not OrderState.CONFIRMED or order.delivery is Delivery.DONE or order.case is not None:
            continue
        late = order.delivery in TO_SEND and (NOT_SHIPPED, order.number) in books.seen(stuck)
        if not order.due and not late:
            yield f"{order.oid} is {order.delivery}"


@invariant("Goods that were received stay received.")
def received_stays(books: Books) -> Iterator[str]:
    for oid, shipment in books.seen(shipments).items():
        order = books.seen(orders)[oid]
        if (order.delivery is Delivery.DONE) != (shipment.done_at is not None):
            yield f"{oid} is {order.delivery}, received at {shipment.done_at}"
        if (order.delivery in (Delivery.SENT, Delivery.DONE)) != bool(shipment.complete):
            yield f"{oid} is {order.delivery}, complete {shipment.complete}"


@invariant("What WeChat must be told of goods has an act that tells it.")
def uploads_are_driven(books: Books) -> Iterator[str]:
    owed = {entry.number for entry in books.of(OutboxEntry)}
    for oid, shipment in books.seen(shipments).items():
        over = books.seen(orders)[oid].state is OrderState.REFUND or shipment.refused
        if shipment.told != shipment.revision and shipment.number not in owed and not over:
            yield f"{shipment.number}, {shipment.told} is told"


@invariant("An order's open case is the one that it names, and somebody will look after it or was told.")
def cases_are_the_orders(books: Books) -> Iterator[str]:
    opened: dict[str, list[int]] = defaultdict(list)
    for case in books.of(Case):
        listed = case.gsi1pk is not None
        if case.state in OPEN_CASES:
            opened[str(case.oid)].append(case.which)
            if not case.due and not case.late:
                yield f"{case.number} is {case.state} and forgotten"
        if listed != (case.state in OPEN_CASES):
            yield f"{case.number} is {case.state}, listed {listed}"
    for oid, order in books.seen(orders).items():
        if opened[oid] != ([] if order.case is None else [order.case]):
            yield f"{oid} names {order.case}, open are {opened[oid]}"


@invariant("A case that ended with money names the refund that it ended with, of that amount, and no other does.")
def cases_name_their_money(books: Books) -> Iterator[str]:
    refunds = {r.number: r.amount_fen + sum(part.fen for part in r.back or ()) for r in books.of(Refund)}
    for case in books.of(Case):
        wanted = case.amount_fen if case.state is CaseState.PAID_BACK else None
        if refunds.get(case.refund or "") != wanted:
            yield f"{case.number} is {case.state} with {case.refund}"


@settled("WeChat was told of goods that went out, of none before they were owed, and never more often than it takes.")
def wechat_knows_what_went_out(books: Books) -> Iterator[str]:
    if books.wechat is None:
        return
    for (_, number), told in books.wechat.shipments.items():
        oid = number.split("-")[0]
        order, shipment = books.seen(orders)[oid], books.seen(shipments).get(oid)
        if not told.uploads:
            continue
        if shipment is None or number != order.number:
            yield f"{number} was told and nothing went out"
            continue
        if any(order.confirmed_at is None or upload.at < order.confirmed_at for upload in told.uploads):
            yield f"{number} was told before it was owed"
        ours = [(p.carrier, p.number) for p in shipment.parcels]
        known = [(p["express_company"], p["tracking_no"]) for p in told.uploads[-1].shipping_list if "tracking_no" in p]
        if shipment.told == shipment.revision and known != ours:
            yield f"{number}: WeChat knows {known}, we sent {ours}"
    for oid, shipment in books.seen(shipments).items():
        live = books.seen(orders)[oid].state is OrderState.CONFIRMED
        if live and shipment.told != shipment.revision and not shipment.refused:
            yield f"{oid}: {shipment.told} of {shipment.revision} is told"


def situation(town: Town) -> None:
    """An order of which everything went out and arrived, one on its way, one with an open case, one partly refunded."""
    arrived, going, asking, back = (bought(town) for _ in range(4))
    for order in (arrived, going, asking):
        order.send(PARCEL).expect(200)
    town.stream()
    arrived.received().expect(200)
    asking.ask().expect(201)
    back.ask(amount_fen=100).expect(201)
    back.desk("cases/1/grant").expect(200)
    clock.advance(1)


def tell_too_much(books: Books) -> None:
    """WeChat was told of a parcel that never went."""
    assert books.wechat is not None
    told = next(shipment for shipment in books.wechat.shipments.values() if shipment.uploads)
    told.uploads[-1].shipping_list[0]["tracking_no"] = "invented"


BREAKS: dict[str, Break] = {
    "goods_are_paid": drop(Shipment),
    "lists_are_true": change(Order, {"gsi3pk": None, "gsi3sk": None}, delivery=Delivery.SENT),
    "goods_are_looked_after": change(Order, {"gsi2pk": None, "gsi2sk": None}, delivery=Delivery.SENT, case=None),
    "received_stays": change(Order, {"delivery": Delivery.SENT}, delivery=Delivery.DONE),
    "uploads_are_driven": change(Shipment, {"told": 0}, told=1),
    "cases_are_the_orders": change(Order, {"case": None}, case=1),
    "cases_name_their_money": change(Case, {"amount_fen": 1}, state=CaseState.PAID_BACK),
    "wechat_knows_what_went_out": tell_too_much,
}
