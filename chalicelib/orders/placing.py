"""Making an order inside a play's own transaction, and asking WeChat Pay to collect it after the commit."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.accounts.items import User, user_index, user_key
from chalicelib.accounts.tokens import LONGEST_TOKEN
from chalicelib.campaigns import pickup
from chalicelib.campaigns.gifts import SkuId
from chalicelib.campaigns.live import Live
from chalicelib.campaigns.offer import Goods, Offer
from chalicelib.campaigns.pickup import PointId
from chalicelib.campaigns.problems import NOT_DELIVERED_THERE, REGION_NEEDED
from chalicelib.campaigns.shipping import ProvinceName
from chalicelib.core import clock
from chalicelib.core.errors import UNAUTHENTICATED, Problem, RippleError
from chalicelib.core.idempotency import Intent
from chalicelib.core.store import Found
from chalicelib.core.table import Key
from chalicelib.core.transaction import Transaction
from chalicelib.orders import follows, messages, payers, prepay, problems, receiver, tenders
from chalicelib.orders.items import Line, Order, Terms, order_key
from chalicelib.orders.play import PaymentRef
from chalicelib.orders.quoted import Cost
from chalicelib.orders.receiver import Address
from chalicelib.orders.states import OrderState
from chalicelib.orders.tenders import MOST_PARTS, Pay

REFUSALS: tuple[Problem, ...] = (
    REGION_NEEDED,
    NOT_DELIVERED_THERE,
    problems.QUOTE_EXPIRED,
    problems.QUOTE_UNFIT,
    problems.TENDER_UNKNOWN,
    problems.TENDER_TWICE,
    problems.PAYMENT_CHANGED,
    problems.PAYMENT_REFUSED,
    problems.NOT_PAYABLE,
    problems.PAY_WINDOW_OVER,
    problems.RECEIVER_ELSEWHERE,
    problems.RECEIVER_KEY_MISSING,
)
"""What making an order can be refused for, whatever it is of."""


PayWith = Annotated[list[Pay], Meta(max_length=MOST_PARTS)]
"""What a buyer names to pay with."""


class Wish(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What a buyer asks for. A SKU needs to be named only where the campaign has several."""

    sku_id: SkuId | None = None
    receiver: Address | None = None
    """Who gets the goods, where they are sent; it may also be said later, as long as they are not."""
    province: ProvinceName | None = None
    """Where the goods go; needed only where the freight depends on it and no quote says it."""
    quote: Annotated[str, Meta(min_length=1, max_length=LONGEST_TOKEN)] | None = None
    """A quote that the buyer was given for just this: he pays what it says."""
    pickup_point: PointId | None = None
    """Where the buyer fetches goods that are not sent; needed only where there are several points."""
    pay_with: PayWith = []
    """What pays before money does, in this order; money pays the rest."""
    payer: Annotated[str, Meta(pattern=r"^[0-9A-Z]{1,40}$")] | None = None
    """The buyer's family, where its owner is to pay the money; without any money to pay it says nothing."""


def province_of(wish: Wish) -> str | None:
    """Where the goods go, as far as the buyer has said."""
    return wish.receiver.province_name if wish.receiver else wish.province


class Placed(msgspec.Struct, frozen=True):
    """An order, and what its client needs to pay for it.

    ``pay`` is None when WeChat gave no answer yet, and where its client is not who pays.
    """

    order: Order
    pay: dict[str, str] | None


def keys(intent: Intent) -> tuple[Key, Key]:
    """The order that this request makes, and who makes it: what its read round begins with."""
    return order_key(intent.mid, intent.ident("order")), user_key(intent.mid, intent.actor)


def reads(intent: Intent, wish: Wish) -> list[Key]:
    """What the read round of a new order begins with. Raises `TENDER_UNKNOWN`, `TENDER_TWICE`."""
    wanted = tenders.keys(intent.mid, intent.actor, wish.pay_with)
    return [*keys(intent), *wanted, *payers.keys(intent.mid, intent.actor, wish.payer)]


def buyer(found: Found, intent: Intent) -> User:
    """Who makes the order. Raises `UNAUTHENTICATED` for a user that is no more."""
    user = found.item(User, keys(intent)[1])
    if user is None:
        raise RippleError(UNAUTHENTICATED)
    return user


def made_before(found: Found, intent: Intent) -> Order | None:
    """The order, if this request has made it already. Raises `KEY_REUSED`."""
    order = found.item(Order, keys(intent)[0])
    if order is not None:
        intent.insist_same(order.fingerprint)
    return order


def new_order(
    intent: Intent,
    user: User,
    ref: PaymentRef,
    campaign: Live[Offer],
    goods: Goods,
    wish: Wish,
    found: Found,
    *,
    cost: Cost,
    deadline: datetime,
) -> Order:
    """The order of a request, held until ``deadline``, with the body that every prepay of it will send frozen.

    Raises INVALID_FIELD for a pick-up point that the offer has not, or that the goods do not need, and what forbids
    paying with what the wish names, or by whom.
    """
    now = clock.now()
    offer = campaign.offer
    shipping = offer.shipping
    bill = tenders.bill_of(intent.mid, ref.uid, goods, cost, wish.pay_with)
    lines = [Line(goods.sku_id, goods.title, cost.units, cost.price_fen)]
    terms = Terms(shipping.within_hours, shipping.complete_days, shipping.return_days, shipping.presale)
    order = Order(
        *keys(intent)[0],
        uid=ref.uid,
        play=ref.play,
        object_id=ref.object_id,
        role=ref.role,
        version=cost.version,
        state=OrderState.HELD,
        lines=lines,
        fulfilment=goods.fulfilment,
        terms=terms,
        province=cost.province,
        pickup_point=pickup.chosen(offer.pickup_points, goods, wish.pickup_point),
        freight_fen=cost.freight_fen or None,
        total_fen=cost.total_fen,
        parts=tenders.parts(bill, found) or None,
        deadline=deadline,
        fingerprint=intent.fingerprint,
        created_at=now,
    )
    order.follows = follows.of(campaign, user) or None
    order.gsi1pk, order.gsi1sk = user_index(intent.mid, ref.uid), f"O#{clock.iso(now)}#{order.oid}"
    order.set_due(deadline)
    collected_from = user
    if wish.payer is not None and order.cash_fen:
        collected_from = payers.chosen(bill, wish.payer, found)
        order.payer = collected_from.uid
    prepay.freeze(order, collected_from.openid)
    return order


def add(tx: Transaction, order: Order, wish: Wish, found: Found, *, about: messages.About | None = None) -> None:
    """Write the new order with who gets its goods, what it is paid with, and who else pays.

    The buyer of one that is paid already is told, of what of the play it is ``about`` where that has a page.
    """
    tx.put("order", order)
    receiver.add(tx, order, wish.receiver)
    tenders.add_hold(tx, order, found, captured=not order.cash_fen)
    payers.add(tx, order, wish.payer, found)
    if order.state is OrderState.CONFIRMED:
        follows.add_confirmed(tx, order)
    if order.paid_at is not None:
        messages.add_paid(tx, order, about)


def asked(order: Order, user: User, *, new: bool) -> Placed:
    """Ask WeChat Pay to collect: for the first time straight after the commit, or again when the request is repeated.

    An order that is no longer payable, that money pays nothing of, or that somebody else pays for is answered without
    asking.
    """
    if order.payer is not None:
        return Placed(order, None)
    if new and order.cash_fen:
        return Placed(order, prepay.first_prepay(order, user))
    if order.state != OrderState.HELD or clock.now() > order.deadline - prepay.LAST_CALL:
        return Placed(order, None)
    return Placed(order, prepay.repeat_prepay(order, user))
