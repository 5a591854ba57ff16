"""Telling WeChat how goods went out: until it knows, it holds the money (rules W17).

Each revision of a shipment is told as a whole. One that a later one has overtaken is not told any more, and none of an
order whose money went back. What WeChat already has as we would tell it counts as told.
"""

from __future__ import annotations

from datetime import timedelta

from pynamodb.expressions.update import Action

from chalicelib.accounts.items import User, user_key
from chalicelib.campaigns.offer import Fulfilment
from chalicelib.core import clock, log
from chalicelib.core.errors import Unknown
from chalicelib.core.outbox import Done, Effect, EffectClass, Later, OutboxEntry
from chalicelib.core.rate import Rate
from chalicelib.core.store import read, read_one
from chalicelib.core.transaction import Transaction
from chalicelib.fulfilment.delivery import UPLOAD
from chalicelib.fulfilment.items import Shipment, shipment_key
from chalicelib.merchants.service import app_account, pay_account
from chalicelib.orders import stuck
from chalicelib.orders.items import Order, Receiver, order_key, receiver_key
from chalicelib.orders.numbers import trade_number
from chalicelib.orders.prepay import describe
from chalicelib.orders.states import Delivery, OrderState
from chalicelib.orders.steps import PRESALE
from chalicelib.orders.stuck import Reason
from chalicelib.wechat import shipping
from chalicelib.wechat.http import Quota, WechatError
from chalicelib.wechat.shipping import Logistics, Parcel

KINDS = {
    Fulfilment.EXPRESS: Logistics.EXPRESS,
    Fulfilment.CITY: Logistics.CITY,
    Fulfilment.VIRTUAL: Logistics.VIRTUAL,
    Fulfilment.PICKUP: Logistics.PICKUP,
}

SAME = "10060023"
"""WeChat has exactly that already."""
ALREADY = frozenset({"10060002", "10060003"})
"""WeChat takes no more for this payment; perhaps because it has what we tell."""
NO_MORE = frozenset({"10060004"})
"""The payment can no longer be shipped: it was settled, or went back."""

UNSEEN = "268546002"
"""No such payment waits for its goods, perhaps not yet."""
SEEN_WITHIN = timedelta(minutes=10)
PAID_FOR = (OrderState.PAID, OrderState.CONFIRMED)

NOT_NEWER = "268485216"
"""WeChat was told later things, or just this: a revision is told under the time at which it was made."""

REFUSED = timedelta(minutes=15)
"""The pause after a refusal: a person must look at it."""

SLOW = timedelta(hours=24)
"""How long WeChat may give no answer before somebody hears that it does not know of the goods."""


def deliver(entry: OutboxEntry) -> Done | Later:
    """Tell WeChat of a shipment's revision; telling it again is the same."""
    mid, oid, revision = entry.mid, entry.payload["oid"], entry.payload["revision"]
    over = Done(lambda tx: stuck.add_end(tx, mid, UPLOAD, entry.number))
    keys = order_key(mid, oid), shipment_key(mid, oid)
    found = read(*keys)
    order, shipment = found.item(Order, keys[0]), found.item(Shipment, keys[1])
    if order is None or shipment is None or shipment.revision != revision or shipment.told == revision:
        return over
    if order.state != OrderState.CONFIRMED:
        log.info("upload_dropped", oid=oid, state=order.state.value)
        return over
    facts: stuck.Facts = {"revision": revision, "total_fen": order.cash_fen}
    try:
        return _told(order, shipment, facts)
    except Quota:
        _look_at(entry, facts)
        return Later(timedelta(minutes=1), "quota")
    except Unknown:
        _look_at(entry, facts)
        raise


def _look_at(entry: OutboxEntry, facts: stuck.Facts) -> None:
    """Say so once WeChat has been silent for longer than it should."""
    if clock.now() >= entry.created_at + SLOW:
        stuck.record(entry.mid, Reason.UPLOAD_SLOW, entry.number, facts, effect=UPLOAD)


def _told(order: Order, shipment: Shipment, facts: stuck.Facts) -> Done | Later:
    try:
        _tell(order, shipment)
    except WechatError as refused:
        had = refused.code == SAME or (refused.code in ALREADY | {NOT_NEWER} and _has(order, shipment))
        if refused.code == NOT_NEWER and not had:
            raise Unknown("WeChat was told later things") from None
        if not had:
            log.error("upload_refused", oid=order.oid, wechat_code=refused.code, rid=refused.request_id)
            over = refused.code in ALREADY | NO_MORE
            effect = None if over else UPLOAD
            stuck.record(order.mid, Reason.UPLOAD_REFUSED, shipment.number, facts, code=refused.code, effect=effect)
            if over:
                given_up = Shipment.refused.set(refused.code)
                return Done(lambda tx: _settle(tx, shipment, given_up))
            return Later(REFUSED, refused.code)
    return Done(lambda tx: _settle(tx, shipment, Shipment.told.set(shipment.revision)))


EFFECT = Effect(EffectClass.SAME_NUMBER, deliver, Rate(normal=50, slow=5))
"""How the outbox tells WeChat of shipments."""


def declare(entry: OutboxEntry) -> Done | Later:
    """Tell WeChat until when goods go out that are made after they are sold, as long as they have not gone."""
    mid, oid = entry.mid, entry.number
    over = Done(lambda tx: stuck.add_end(tx, mid, PRESALE, oid))
    order = read_one(Order, order_key(mid, oid))
    if order is None or order.state not in PAID_FOR or order.delivery not in (None, Delivery.WAITING):
        return over
    until, number = order.ship_by, trade_number(oid, order.captured)
    if until is None or until <= clock.now():
        return over
    try:
        shipping.declare_presale(app_account(mid), out_trade_no=number, until=until)
    except Quota:
        return Later(timedelta(minutes=1), "quota")
    except WechatError as refused:
        if refused.code == UNSEEN and clock.now() < entry.created_at + SEEN_WITHIN:
            return Later(timedelta(minutes=1), refused.code)
        log.error("presale_refused", oid=oid, wechat_code=refused.code, rid=refused.request_id)
        facts: stuck.Facts = {"total_fen": order.cash_fen}
        stuck.record(mid, Reason.PRESALE_REFUSED, oid, facts, code=refused.code, effect=PRESALE)
        return Later(REFUSED, refused.code)
    return over


DECLARE = Effect(EffectClass.SAME_NUMBER, declare, Rate(normal=50, slow=5))
"""How the outbox tells WeChat of presales."""


def _tell(order: Order, shipment: Shipment) -> None:
    keys = user_key(order.mid, order.payer or order.uid), receiver_key(order.mid, order.oid)
    found = read(*keys)
    payer, receiver = found.item(User, keys[0]), found.item(Receiver, keys[1])
    phone = receiver.phone if receiver and receiver.sealed else None
    shipping.upload(
        app_account(order.mid),
        mchid=pay_account(order.mid).mchid,
        out_trade_no=trade_number(order.oid, order.captured),
        openid=payer.openid if payer else "",
        logistics=KINDS[order.fulfilment],
        parcels=[Parcel(parcel.carrier, parcel.number, phone) for parcel in shipment.parcels],
        split=bool(shipment.split),
        complete=bool(shipment.complete),
        description=describe(order),
        at=shipment.revised_at,
    )


def _has(order: Order, shipment: Shipment) -> bool:
    """Whether WeChat has the parcels that we would tell it of."""
    number = trade_number(order.oid, order.captured)
    seen = shipping.look(app_account(order.mid), mchid=pay_account(order.mid).mchid, out_trade_no=number)
    if seen is None:
        return False
    ours = {(parcel.carrier, parcel.number) for parcel in shipment.parcels}
    return {(parcel.carrier, parcel.number) for parcel in seen.parcels} == ours


def _settle(tx: Transaction, shipment: Shipment, outcome: Action) -> None:
    """What became of this revision; a later one is told by its own act."""
    tx.update("shipment", shipment, [outcome], when={"same": Shipment.revision == shipment.revision})
    stuck.add_end(tx, shipment.mid, UPLOAD, shipment.number)
