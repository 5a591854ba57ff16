"""What is stored of an order's goods: how they went out, and what was asked for afterwards."""

from __future__ import annotations

from datetime import datetime

import msgspec
from pynamodb.attributes import UnicodeAttribute

from chalicelib.core import clock
from chalicelib.core.ids import MerchantId, OrderId
from chalicelib.core.table import IntAttribute, Item, Key, StateAttribute, StructAttribute, TimeAttribute, table
from chalicelib.fulfilment.states import CaseState
from chalicelib.orders.stuck import Reason

NOT_SHIPPED = Reason.NOT_SHIPPED
"""The reason under which a payment is stuck whose goods were not sent in time."""


class Parcel(msgspec.Struct, frozen=True):
    """A parcel on its way."""

    carrier: str
    """WeChat's id of the carrier, such as ``SF``."""
    number: str
    sent_at: datetime


class Shipment(Item):
    """How an order's goods went out. Each revision is told to WeChat as a whole, under its own number."""

    letter = "O"
    prefix = "SHP#"

    revision = IntAttribute()
    revised_at = TimeAttribute()
    """When it became this; WeChat is told so, and takes nothing older than it has."""
    parcels = StructAttribute[list[Parcel]](list[Parcel])
    split = IntAttribute()
    """1 where they go in several parcels: WeChat knows that from the first one on."""
    complete = IntAttribute()
    """1 once all are on their way."""
    corrected = IntAttribute(default=0)
    """1 once the one correction was made that WeChat takes."""
    message = UnicodeAttribute(null=True)
    """What the buyer reads of goods that are no thing."""
    sent_at = TimeAttribute(null=True)
    """When the last of them went out."""
    done_at = TimeAttribute(null=True)
    done_by = UnicodeAttribute(null=True)
    """user | wechat | code | payment | time"""
    told = IntAttribute(default=0)
    """The revision that WeChat has taken."""
    refused = UnicodeAttribute(null=True)
    """WeChat's reason for taking none any more."""

    @property
    def oid(self) -> OrderId:
        """Whose goods they are."""
        return OrderId(self.pk.split("#", 1)[1])

    @property
    def number(self) -> str:
        """The number of the act that tells WeChat of this revision."""
        return upload_number(self.oid, self.revision)


class CaseLine(msgspec.Struct, frozen=True):
    """How many of what a case is about."""

    sku_id: str
    quantity: int


class Case(Item):
    """What a buyer asked for after he had paid, and what became of it."""

    letter = "O"
    prefix = "AFT#"

    uid = UnicodeAttribute()
    state = StateAttribute(CaseState)
    goods_back = IntAttribute()
    """1 where the goods come back before the money goes."""
    reason = UnicodeAttribute()
    note = UnicodeAttribute(null=True)
    lines = StructAttribute[list[CaseLine]](list[CaseLine])
    amount_fen = IntAttribute()
    """What he asks for; what he got, once it was decided."""
    asked_at = TimeAttribute()
    wait_until = TimeAttribute()
    """When whoever owes the next step is late with it."""
    late = IntAttribute(default=0)
    """1 once the merchant was late."""
    answer = UnicodeAttribute(null=True)
    """What the merchant said."""
    answered_at = TimeAttribute(null=True)
    parcel = StructAttribute[Parcel](Parcel, null=True)
    """What came back."""
    refund = UnicodeAttribute(null=True)
    """The number its money goes back under."""
    ended_at = TimeAttribute(null=True)

    @property
    def oid(self) -> OrderId:
        """Whose order it is about."""
        return OrderId(self.pk.split("#", 1)[1])

    @property
    def number(self) -> str:
        """What it is called where something is wrong with it."""
        return case_number(self.oid, self.which)

    @property
    def which(self) -> int:
        """Which of the order's cases it is, from 1."""
        return int(self.sk.removeprefix(self.prefix))


def case_number(oid: str, which: int) -> str:
    """What a case is called where something is wrong with it."""
    return f"{oid}-case-{which}"


def upload_number(oid: str, revision: int) -> str:
    """The number of the act that tells WeChat of a shipment's revision."""
    return f"{oid}-{revision}"


def shipment_key(mid: MerchantId, oid: str) -> Key:
    """Where an order's shipment stands."""
    return table(mid).key("O", oid, sk="SHP#")


def case_key(mid: MerchantId, oid: str, which: int) -> Key:
    """Where a case of an order stands."""
    return table(mid).key("O", oid, sk=f"AFT#{which}")


def case_list(mid: MerchantId) -> str:
    """The index partition of a merchant's open cases, by when the next step is late."""
    return table(mid).pk("AFT", "open")


def case_place(case: Case, until: datetime) -> str:
    """Where an open case stands in that list."""
    return f"{clock.iso(until)}#{case.oid}#{case.which}"
