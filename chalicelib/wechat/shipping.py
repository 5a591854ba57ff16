"""What WeChat is told about the goods of a payment; until it knows that they went out, the money stays frozen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import IntEnum
from typing import Any

import msgspec

from chalicelib.core.clock import BEIJING
from chalicelib.wechat.account import AppAccount
from chalicelib.wechat.http import Unknown, WechatError, call_api
from chalicelib.wechat.token import with_token

SHIPPING_SECONDS = 5.0
DESCRIPTION_CHARACTERS = 120
CONTACT_CARRIER = "SF"
"""The one carrier for which WeChat wants a phone."""

BY_MERCHANT = 1
UNIFIED, SPLIT = 1, 2
PRESALE = 1
NOT_VISIBLE = "10060001"
UNDECIDED = frozenset({"10060012", "10060019"})
"""Busy, and written by somebody else at the same moment: WeChat asks to try again."""


class NotVisible(Unknown):
    """The payment is not (yet) known here; it is not at once after it was paid."""


class Logistics(IntEnum):
    """WeChat's ways of handing over."""

    EXPRESS = 1
    CITY = 2
    VIRTUAL = 3
    PICKUP = 4


class Parcel(msgspec.Struct, frozen=True):
    """A parcel with a carrier. ``carrier`` is WeChat's delivery id; ``contact`` the receiver's phone, masked."""

    carrier: str
    number: str
    contact: str | None = None


class Shipped(msgspec.Struct, frozen=True):
    """What WeChat knows about the goods of a payment."""

    state: int
    """1 to ship, 2 shipped, 3 received, 4 done, 5 refunded, 6 to be settled."""
    complete: bool
    parcels: list[Parcel]


def upload(
    app: AppAccount,
    *,
    mchid: str,
    out_trade_no: str,
    openid: str,
    logistics: Logistics,
    parcels: Sequence[Parcel],
    split: bool,
    complete: bool,
    description: str,
    at: datetime,
) -> None:
    """Tell WeChat how the goods go out; ``parcels`` count for express only, and ``complete`` for ``split`` only.

    What is complete can be told anew once. Each telling needs a later ``at``, to the millisecond; in parts, each names
    the parcels of all parts so far. Raises `NotVisible`, other `Unknown`, `Quota`, and `WechatError`: 10060023 (known
    already), 10060002 and 10060003 (too often), 10060004 (refunded, received) and others.
    """
    item = {"item_desc": description[:DESCRIPTION_CHARACTERS]}
    express = logistics is Logistics.EXPRESS
    body: dict[str, Any] = {
        "order_key": {"order_number_type": BY_MERCHANT, "mchid": mchid, "out_trade_no": out_trade_no},
        "logistics_type": int(logistics),
        "delivery_mode": SPLIT if split else UNIFIED,
        "shipping_list": [_entry(parcel) | item for parcel in parcels] if express else [item],
        "upload_time": at.astimezone(BEIJING).isoformat(timespec="milliseconds"),
        "payer": {"openid": openid},
    }
    if split:
        body["is_all_delivered"] = complete
    _ask(app, "upload_shipping_info", body)


def _entry(parcel: Parcel) -> dict[str, Any]:
    entry: dict[str, Any] = {"tracking_no": parcel.number, "express_company": parcel.carrier}
    if parcel.carrier == CONTACT_CARRIER and parcel.contact:
        entry["contact"] = {"receiver_contact": parcel.contact}
    return entry


def look(app: AppAccount, *, mchid: str, out_trade_no: str) -> Shipped | None:
    """What WeChat knows about the payment's goods, or None where it does not know the payment.

    Raises `Unknown`, `Quota`, `WechatError`.
    """
    try:
        answer = _ask(app, "get_order", {"merchant_id": mchid, "merchant_trade_no": out_trade_no})
    except NotVisible:
        return None
    try:
        order = msgspec.convert(answer.get("order"), _Order)
        shipped = _shipped(order)
    except ValueError as wrong:
        raise Unknown("answer is no payment") from wrong
    if (order.merchant_id, order.merchant_trade_no) != (mchid, out_trade_no):
        raise Unknown("answer is about another payment")
    return shipped


def declare_presale(app: AppAccount, *, out_trade_no: str, until: datetime) -> None:
    """Tell WeChat that the goods go out as late as ``until``, of which it tells the payer.

    Raises `Unknown`, `Quota`, and `WechatError`: 268546001 (``until`` has passed), 268546002 (no such payment waits for
    its goods).
    """
    body = {"order_id": out_trade_no, "type": PRESALE, "delay_to": int(until.timestamp())}
    _ask(app, "opspecialorder", body)


def _ask(app: AppAccount, name: str, body: dict[str, Any]) -> dict[str, Any]:
    def call(token: str) -> dict[str, Any]:
        query = {"access_token": token}
        return call_api("POST", f"/wxa/sec/order/{name}", query, body, timeout=SHIPPING_SECONDS)

    try:
        return with_token(app, call)
    except WechatError as refusal:
        if refusal.code == NOT_VISIBLE:
            raise NotVisible("the payment is not visible") from refusal
        if refusal.code in UNDECIDED:
            raise Unknown(f"errcode {refusal.code}") from refusal
        raise


class _Contact(msgspec.Struct):
    receiver_contact: str = ""


class _Entry(msgspec.Struct):
    tracking_no: str = ""
    express_company: str = ""
    contact: _Contact = msgspec.field(default_factory=_Contact)


class _Shipping(msgspec.Struct):
    logistics_type: int
    finish_shipping: bool
    shipping_list: list[_Entry]


class _Order(msgspec.Struct):
    merchant_id: str
    merchant_trade_no: str
    order_state: int
    shipping: dict[str, Any]
    """Empty before anything was told."""


def _shipped(order: _Order) -> Shipped:
    if not order.shipping:
        return Shipped(order.order_state, complete=False, parcels=[])
    shipping = msgspec.convert(order.shipping, _Shipping)
    entries = shipping.shipping_list if shipping.logistics_type == Logistics.EXPRESS else []
    parcels = [_parcel(entry) for entry in entries]
    return Shipped(order.order_state, shipping.finish_shipping, parcels)


def _parcel(entry: _Entry) -> Parcel:
    if not entry.tracking_no or not entry.express_company:
        raise ValueError("a parcel without a number or a carrier")
    return Parcel(entry.express_company, entry.tracking_no, entry.contact.receiver_contact or None)
