"""What holds of codes for goods, of their orders, and of the units of stock that wait for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from chalicelib.campaigns.items import Campaign, StockShard
from chalicelib.campaigns.kinds.codes import CodesOffer, Funding
from chalicelib.orders.items import Order
from chalicelib.orders.play import PaymentRef
from chalicelib.orders.states import Delivery, OrderState
from chalicelib.voucher.goods import PLAY, code_of, goods_of, object_id
from chalicelib.voucher.items import Batch, Part, Used
from chalicelib.voucher.states import CodeState
from tests.breaking import Break, change
from tests.invariants import Books, invariant
from tests.town import Town
from tests.voucher import goods_shop, shop

PAYABLE = (OrderState.HELD, OrderState.CLOSING)


def offers(books: Books) -> dict[str, CodesOffer]:
    """The documents of campaigns whose codes bring goods, by campaign."""
    found = [(str(campaign.cid), campaign.draft) for campaign in books.of(Campaign) if campaign.version]
    return {cid: offer for cid, offer in found if isinstance(offer, CodesOffer) and offer.goods}


def ordered(books: Books) -> list[Order]:
    """The orders of codes."""
    return [order for order in books.of(Order) if order.play == PLAY]


def is_over(order: Order) -> bool:
    """Whether all money of an order that stood went back."""
    return order.state is OrderState.REFUND and order.delivery is not None


def names_its_code(order: Order) -> bool:
    """Whether an order has its code: one that may be paid or stands, also when its money went back after that."""
    return order.state in (*PAYABLE, OrderState.CONFIRMED) or is_over(order)


def owns_its_unit(order: Order) -> bool:
    """Whether an order owns a unit of stock: one that may be paid or stands, and one of which something was sent."""
    return names_its_code(order) and not (is_over(order) and order.delivery is Delivery.WAITING)


@invariant("A code for goods is redeemed exactly when an order has it, and the two name one another.")
def codes_and_orders_agree(books: Books) -> Iterator[str]:
    has = {str(order.oid): order.object_id for order in books.seen(ordered) if names_its_code(order)}
    for code in books.of(Used):
        if code.cid not in books.seen(offers):
            continue
        wanted = has.pop(code.order, None) if code.order is not None else None
        mine = object_id(code.cid, code.bid, code.serial)
        if (code.state is CodeState.REDEEMED) != (code.order is not None) or (code.order and wanted != mine):
            yield f"{code.bid}-{code.serial} is {code.state}, its order {code.order}, which names {wanted}"
    yield from (f"{oid} names {code}, which does not name it" for oid, code in has.items())


@invariant("An order of a code is its holder's, costs what the code says, and holds no unit of stock by itself.")
def code_orders_are_true(books: Books) -> Iterator[str]:
    codes = {code.order: code for code in books.of(Used) if code.order is not None}
    for order in books.seen(ordered):
        brings = goods_of(books.seen(offers)[PaymentRef.of(order).cid])
        (line,) = order.lines
        if (line.sku_id, line.quantity, line.price_fen) != (brings.sku.sku_id, 1, brings.price_fen):
            yield f"{order.oid} is of {line}"
        if order.units:
            yield f"{order.oid} says that it owns {order.units}"
        code = codes.get(order.oid)
        if code is not None and (code.uid != order.uid or code_of(order.object_id) != (code.bid, code.serial)):
            yield f"{order.oid} of {order.uid} has the code {code.bid}-{code.serial} of {code.uid}"


@invariant(
    "Units taken from a goods campaign's stock are those of its free codes, of orders, and of codes that were sold."
)
def units_of_codes_are_owned(books: Books) -> Iterator[str]:
    taken: dict[str, int] = defaultdict(int)
    for shard in books.of(StockShard):
        if shard.cid in books.seen(offers):
            taken[shard.cid] += shard.taken
    lots = {(batch.mid, batch.bid): batch for batch in books.of(Batch)}
    for batch in lots.values():
        if batch.cid in taken and books.seen(offers)[batch.cid].funding is Funding.SOLD:
            taken[batch.cid] -= batch.size
    for part in books.of(Part):
        batch = lots[part.mid, part.bid]
        if batch.cid in taken and books.seen(offers)[batch.cid].funding is Funding.GIFT:
            taken[batch.cid] -= part.left
    for order in books.seen(ordered):
        cid = str(PaymentRef.of(order).cid)
        if books.seen(offers)[cid].funding is Funding.GIFT and owns_its_unit(order):
            taken[cid] -= 1
    for cid, units in taken.items():
        if units:
            yield f"{cid}: {units} more taken than owned"


def situation(town: Town) -> None:
    """A code that is ordered with and paid, one that may be paid, one whose order was given up, and one free."""
    ann, ben, cat = town.person(), town.person(), town.person()
    bid = goods_shop.minted(town, goods_shop.PRICE)
    goods_shop.pays(town, ann, goods_shop.orders(ann, shop.code(town, bid, 0)).expect(201))
    goods_shop.orders(ben, shop.code(town, bid, 1)).expect(201)
    goods_shop.gives_up(town, cat, goods_shop.orders(cat, shop.code(town, bid, 2)).expect(201))


def _lost_units(books: Books) -> None:
    """What the codes for goods hold that are left is forgotten."""
    lots = {(batch.mid, batch.bid) for batch in books.of(Batch) if batch.cid in books.seen(offers)}
    for part in books.of(Part):
        if (part.mid, part.bid) in lots:
            part.left = 0


BREAKS: dict[str, Break] = {
    "codes_and_orders_agree": change(Order, {"state": OrderState.RELEASED}, play=PLAY, state=OrderState.HELD),
    "code_orders_are_true": change(Order, {"uid": "somebody"}, play=PLAY, state=OrderState.HELD),
    "units_of_codes_are_owned": _lost_units,
}
