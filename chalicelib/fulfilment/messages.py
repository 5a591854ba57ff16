"""What a buyer is told of his goods by WeChat's messages, and what whoever looks at an order is asked to agree to."""

from __future__ import annotations

from chalicelib.campaigns.offer import Fulfilment
from chalicelib.core import clock
from chalicelib.core.errors import Language
from chalicelib.core.ids import UserId
from chalicelib.core.transaction import Transaction
from chalicelib.fulfilment.carriers import carrier_name
from chalicelib.notices.asking import Ask, ask
from chalicelib.notices.moments import Moment
from chalicelib.notices.telling import tell
from chalicelib.orders.items import Order
from chalicelib.orders.messages import ORDER
from chalicelib.orders.states import OrderState

WAYS = {Fulfilment.CITY: "商家配送", Fulfilment.VIRTUAL: "无需物流"}
"""How goods go out without a carrier."""

NO_NUMBER = "-"


def add_sent(tx: Transaction, order: Order, number: str, parcels: list[tuple[str, str]]) -> None:
    """The buyer is told of goods that go out in ``tx``: the first of the new ``parcels``, and how many more there are.

    ``number`` is that of the shipment's revision. Where nothing new went out he is told nothing.
    """
    if order.fulfilment is Fulfilment.EXPRESS and not parcels:
        return
    carrier, parcel = WAYS.get(order.fulfilment, NO_NUMBER), NO_NUMBER
    if parcels:
        carrier, parcel = carrier_name(parcels[0][0]), parcels[0][1]
    more = f"+{len(parcels) - 1}" if len(parcels) > 1 else ""
    facts: dict[str, str | int] = {
        "title": order.lines[0].title,
        "order": order.oid,
        "carrier": carrier,
        "parcel": parcel + more,
        "at": clock.iso(clock.now()),
    }
    buyer, opens = UserId(order.uid), (ORDER, order.oid)
    tell(tx, "shipped_told", order.mid, buyer, Moment.SHIPPED, number, facts, about=opens)


def asked(order: Order, language: Language) -> Ask:
    """What somebody is asked to let himself be told, who looks at his order: until he pays, then, and after it all."""
    if order.state is OrderState.HELD:
        return ask(order.mid, language, Moment.PAY_ENDING, Moment.PAID)
    if order.state is OrderState.CONFIRMED and order.done_at is not None:
        return ask(order.mid, language, Moment.REFUNDED, Moment.RECALL)
    if order.state in (OrderState.PAID, OrderState.CONFIRMED):
        return ask(order.mid, language, Moment.SHIPPED, Moment.REFUNDED)
    return ask(order.mid, language, *((Moment.REFUNDED,) if order.state is OrderState.REFUND else ()))
