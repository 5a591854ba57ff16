"""What clients see of an order whole: its money, its goods, what was asked for afterwards, and how it came about."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from chalicelib.campaigns.pickup import PickupPoint
from chalicelib.core import clock
from chalicelib.core.errors import Language
from chalicelib.fulfilment import messages
from chalicelib.fulfilment.file import File
from chalicelib.fulfilment.items import Case, Parcel, Shipment
from chalicelib.fulfilment.rules import TO_SEND, said_by_qr
from chalicelib.fulfilment.timeline import Event, timeline
from chalicelib.notices.asking import Ask
from chalicelib.orders import payers
from chalicelib.orders.brought import Brought, brought
from chalicelib.orders.items import Order
from chalicelib.orders.states import Delivery
from chalicelib.orders.views import (
    OrderLine,
    OrderView,
    Paid,
    ReceiverShown,
    Returned,
    line_view,
    order_view,
    paid,
    receiver_shown,
    returned,
)

SOON, URGENT = timedelta(hours=24), timedelta(hours=8)
"""How long before goods are late they are said to be due soon, and urgently: 24 and 40 of 48 hours after payment."""


class ParcelView(msgspec.Struct, kw_only=True):
    """A parcel on its way."""

    carrier: str
    number: str
    sent_at: datetime


class Goods(msgspec.Struct, kw_only=True):
    """Where the goods of a confirmed order are."""

    state: str
    """waiting | part | sent | done"""
    urgency: str | None
    """While something is to be sent: on_time | soon | urgent | late."""
    ship_by: datetime | None
    parcels: list[ParcelView]
    message: str | None
    """What the seller says of goods that are no thing."""
    sent_at: datetime | None
    received_at: datetime | None
    received_by: str | None
    """user: he said so | wechat: it told us so | code: he showed it | time: nobody said otherwise"""
    told_wechat: bool
    """Whether WeChat knows how they went out; until then it holds the money."""
    corrected: bool


class AskedLine(msgspec.Struct, kw_only=True):
    """How many of what a case is about."""

    sku_id: str
    quantity: int


class CaseView(msgspec.Struct, kw_only=True):
    """What a buyer asked for after he had paid."""

    order_id: str
    case: int
    state: str
    """asked | granted | returning | paid_back | refused | withdrawn"""
    goods_back: bool
    reason: str
    note: str | None
    lines: list[AskedLine]
    amount_fen: int
    asked_at: datetime
    wait_until: datetime | None
    """When whoever owes the next step is late with it."""
    late: bool
    answer: str | None
    parcel: ParcelView | None
    ended_at: datetime | None


class OrderShown(OrderView, kw_only=True):
    """An order as its owner sees it: with every payment captured for it, its goods, and what he asked for.

    Who pays its money for him sees neither the receiver, nor how it is fetched, nor what it brought.
    """

    payments: list[Paid]
    returned: list[Returned]
    """What went back without money."""
    receiver: ReceiverShown | None
    """None where nobody was named yet, nothing is sent, or it was erased."""
    goods: Goods | None
    """None before it is confirmed."""
    pickup: PickupPoint | None
    """Where the goods are fetched; None where nobody comes for them."""
    pickup_code: str | None
    """What to show there, while they wait."""
    pickup_qr: str | None
    """The same as a QR code says it; staff scan it."""
    brought: list[Brought]
    """What it brings its buyer beside its goods."""
    cases: list[CaseView]
    ask: Ask


class OrderRecord(OrderView, kw_only=True):
    """An order as its merchant sees it, with everything that happened, first things first."""

    user_id: str
    payments: list[Paid]
    returned: list[Returned]
    """What went back without money."""
    receiver: ReceiverShown | None
    goods: Goods | None
    pickup: PickupPoint | None
    brought: list[Brought]
    cases: list[CaseView]
    timeline: list[Event]


class OrderCard(msgspec.Struct, kw_only=True):
    """An order in its merchant's list."""

    order_id: str
    user_id: str
    campaign_id: str
    fulfilment: str
    pickup_point: str | None
    """The id of the point where its goods are fetched."""
    lines: list[OrderLine]
    total_fen: int
    paid_at: datetime | None
    delivery: str | None
    urgency: str | None
    ship_by: datetime | None
    case_open: bool


def order_shown(file: File, asker: str, language: Language) -> OrderShown:
    """The order as its owner, or whoever pays for him, sees it now."""
    order, own = file.order, file.order.uid == asker
    code = order.pickup_code if own and order.delivery == Delivery.WAITING else None
    return OrderShown(
        **msgspec.structs.asdict(order_view(order, payers.shown([order], asker).get(order.oid))),
        payments=paid(file.payments, file.refunds, language),
        returned=returned(0, file.refunds, language),
        receiver=receiver_shown(file.receiver) if own else None,
        goods=goods(order, file.shipment),
        pickup=file.point,
        pickup_code=code,
        pickup_qr=said_by_qr(order.oid, code) if code else None,
        brought=brought(order, language) if own else [],
        cases=[case_view(case) for case in file.cases],
        ask=messages.asked(order, language),
    )


def order_record(file: File, language: Language) -> OrderRecord:
    """The order as its merchant sees it now."""
    order = file.order
    return OrderRecord(
        **msgspec.structs.asdict(order_view(order, payers.shown([order], None).get(order.oid))),
        user_id=order.uid,
        payments=paid(file.payments, file.refunds, language),
        returned=returned(0, file.refunds, language),
        receiver=receiver_shown(file.receiver),
        goods=goods(order, file.shipment),
        pickup=file.point,
        brought=brought(order, language),
        cases=[case_view(case) for case in file.cases],
        timeline=timeline(file, language),
    )


def order_card(order: Order) -> OrderCard:
    """The order in a list."""
    shown = order_view(order)
    return OrderCard(
        order_id=order.oid,
        user_id=order.uid,
        campaign_id=shown.campaign_id,
        fulfilment=order.fulfilment.value,
        pickup_point=order.pickup_point,
        lines=[line_view(line) for line in order.lines],
        total_fen=order.total_fen,
        paid_at=order.paid_at,
        delivery=order.delivery.value if order.delivery else None,
        urgency=urgency(order),
        ship_by=order.ship_by,
        case_open=order.case is not None,
    )


def goods(order: Order, shipment: Shipment | None) -> Goods | None:
    """Where its goods are; None before there is anything to send."""
    if order.delivery is None:
        return None
    return Goods(
        state=order.delivery.value,
        urgency=urgency(order),
        ship_by=order.ship_by,
        parcels=[_parcel(parcel) for parcel in shipment.parcels] if shipment else [],
        message=shipment.message if shipment else None,
        sent_at=shipment.sent_at if shipment else None,
        received_at=shipment.done_at if shipment else None,
        received_by=shipment.done_by if shipment else None,
        told_wechat=shipment is not None and shipment.told == shipment.revision,
        corrected=bool(shipment and shipment.corrected),
    )


def urgency(order: Order) -> str | None:
    """How near the order is to being late; None where nothing is to be sent."""
    if order.delivery not in TO_SEND or order.ship_by is None:
        return None
    left = order.ship_by - clock.now()
    if left > SOON:
        return "on_time"
    if left > URGENT:
        return "soon"
    return "urgent" if left > timedelta(0) else "late"


def case_view(case: Case) -> CaseView:
    """A case as both sides see it."""
    return CaseView(
        order_id=case.oid,
        case=case.which,
        state=case.state.value,
        goods_back=bool(case.goods_back),
        reason=case.reason,
        note=case.note,
        lines=[AskedLine(sku_id=line.sku_id, quantity=line.quantity) for line in case.lines],
        amount_fen=case.amount_fen,
        asked_at=case.asked_at,
        wait_until=None if case.ended_at else case.wait_until,
        late=bool(case.late),
        answer=case.answer,
        parcel=_parcel(case.parcel) if case.parcel else None,
        ended_at=case.ended_at,
    )


def _parcel(parcel: Parcel) -> ParcelView:
    return ParcelView(carrier=parcel.carrier, number=parcel.number, sent_at=parcel.sent_at)
