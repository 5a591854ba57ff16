"""What delivery and after-sale are asked, and the pages they answer with."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from chalicelib.campaigns.gifts import SkuId
from chalicelib.core.cursor import Page
from chalicelib.core.money import PriceFen
from chalicelib.fulfilment.states import Reason
from chalicelib.fulfilment.views import CaseView, OrderCard
from chalicelib.orders.states import Delivery

Carrier = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Number = Annotated[str, Meta(pattern=r"^[A-Za-z0-9-]{4,64}$")]
Note = Annotated[str, Meta(min_length=1, max_length=200)]


class SentParcel(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A parcel: WeChat's id of its carrier, and the carrier's number."""

    carrier: Carrier
    number: Number


class Sending(msgspec.Struct, forbid_unknown_fields=True):
    """What went out. Goods that go without a carrier have no parcels."""

    parcels: Annotated[list[SentParcel], Meta(max_length=15)] = []
    complete: bool = True
    """False while more parcels follow."""
    message: Note | None = None
    """What the buyer reads of goods that are no thing."""


class Correction(msgspec.Struct, forbid_unknown_fields=True):
    """The parcels as they really are; WeChat takes one correction."""

    parcels: Annotated[list[SentParcel], Meta(min_length=1, max_length=15)]


class Shown(msgspec.Struct, forbid_unknown_fields=True):
    """What the buyer showed."""

    code: Annotated[str, Meta(min_length=1, max_length=32)]


class Scanned(msgspec.Struct, forbid_unknown_fields=True):
    """What the buyer's QR code says: his order and his code."""

    scanned: Annotated[str, Meta(min_length=1, max_length=200)]


class Line(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """How many of what."""

    sku_id: SkuId
    quantity: Annotated[int, Meta(ge=1, le=100_000)]


class Asking(msgspec.Struct, forbid_unknown_fields=True):
    """What a buyer asks for: all of the order, unless lines or an amount are said."""

    reason: Reason
    goods_back: bool = False
    """Whether the goods come back first."""
    note: Note | None = None
    lines: Annotated[list[Line], Meta(max_length=20)] = []
    amount_fen: PriceFen | None = None


class Grant(msgspec.Struct, forbid_unknown_fields=True):
    """The merchant agrees."""

    amount_fen: PriceFen | None = None
    """Where it is another one than was asked for."""
    answer: Note | None = None
    """Where to send goods that come back, for one."""


class Refusal(msgspec.Struct, forbid_unknown_fields=True):
    """The merchant does not agree."""

    answer: Note


class GivenBack(msgspec.Struct, forbid_unknown_fields=True):
    """What a merchant gives back by himself; all that is left unless he says less."""

    note: Note
    amount_fen: PriceFen | None = None


class Listing(Page, forbid_unknown_fields=True, kw_only=True):
    """The query of the merchant's orders."""

    delivery: Delivery = Delivery.WAITING
    day: date | None = None
    """The day of payment, in China's time."""


class ToSend(Page, forbid_unknown_fields=True, kw_only=True):
    """The query of the warehouse's sheet."""

    delivery: Literal["waiting", "part"] = "waiting"
    day: date | None = None
    """The day of payment, in China's time."""
    limit: Annotated[int, Meta(ge=1, le=200)] = 200


class Numbers(msgspec.Struct, forbid_unknown_fields=True):
    """The text of a CSV file with the columns 订单号, 快递公司, 运单号, or order_id, carrier, number, among others."""

    csv: Annotated[str, Meta(min_length=1, max_length=200_000, extra_json_schema={"x-multiline": True})]


class OrderCards(msgspec.Struct, kw_only=True):
    """A page of orders, earliest paid first."""

    orders: list[OrderCard]
    cursor: str | None


class Cases(msgspec.Struct, kw_only=True):
    """A page of open cases, the one that waits longest first."""

    cases: list[CaseView]
    cursor: str | None
