"""What is stored of an order and its money: the order, one row per captured payment, one per refund of it."""

from __future__ import annotations

import zlib
from datetime import date, datetime, timedelta

import msgspec
from pynamodb.attributes import UnicodeAttribute

from chalicelib.campaigns.offer import Fulfilment
from chalicelib.campaigns.stock import Drawn
from chalicelib.core.ids import MerchantId, OrderId
from chalicelib.core.table import IntAttribute, Item, Key, StateAttribute, StructAttribute, TimeAttribute, table
from chalicelib.orders.numbers import refund_number, trade_number
from chalicelib.orders.states import Cause, Delivery, Disposition, OrderState

PAYMENT_SHARDS = 8
"""Index keys a merchant's payments of one day are spread over."""


def shard_of(pk: str) -> int:
    """Which shard of a merchant's lists an order is in."""
    return zlib.crc32(pk.encode()) % PAYMENT_SHARDS


class Line(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one line of an order buys."""

    sku_id: str
    title: str
    quantity: int
    price_fen: int


class Part(msgspec.Struct, frozen=True, array_like=True):
    """What something else than money pays of an order (`orders.tenders`)."""

    tender: str
    """The kind of it: a coupon, a wallet."""
    ref: str
    """Which one."""
    fen: int
    """How much of the order it pays."""
    back_fen: int = 0
    """Of it, what went back."""

    @property
    def live_fen(self) -> int:
        """What still pays."""
        return self.fen - self.back_fen


class Terms(msgspec.Struct, frozen=True, array_like=True):
    """What an order promises of its goods."""

    ship_hours: int
    """Within how many hours of the payment they are on their way."""
    complete_days: int
    """How many days after that they count as received."""
    return_days: int
    """For how many days after that their buyer may still ask for his money."""
    presale: bool
    """Whether WeChat is told that they go out later than others."""


class Order(Item):
    """One order, at most 1 KB: what WeChat is asked to collect is frozen here and checked against ``body_hash``."""

    letter = "O"
    prefix = "META"

    uid = UnicodeAttribute()
    play = UnicodeAttribute()
    object_id = UnicodeAttribute()
    """What of the play it pays for: a group."""
    role = UnicodeAttribute()
    """What the payer is there, in the play's own words."""
    version = IntAttribute()
    state = StateAttribute(OrderState)
    lines = StructAttribute[list[Line]](list[Line])
    fulfilment = StateAttribute(Fulfilment)
    freight_fen = IntAttribute(null=True)
    """Absent where there is none."""
    total_fen = IntAttribute()
    """What is paid: goods and freight."""
    parts = StructAttribute[list[Part]](list[Part], null=True)
    """What pays beside money; absent where nothing does."""
    backs = IntAttribute(null=True)
    """How often something went back of the parts alone."""
    units = StructAttribute[list[Drawn]](list[Drawn], null=True)
    """Units it took from stock itself, by shard; those of a group belong to the group."""
    deadline = TimeAttribute()
    """When it stops being payable; sent to WeChat as ``time_expire``."""
    intent_at = TimeAttribute()
    """When WeChat was last about to be asked to collect; a question sooner than 90 s after it proves nothing."""
    payer = UnicodeAttribute(null=True)
    """Who pays its money, where that is not its buyer (`orders.payers`)."""
    attempt = IntAttribute(default=1)
    """The number of the latest try to collect its money."""
    body_hash = UnicodeAttribute(null=True)
    """Absent where no money is asked for."""
    prepay_id = UnicodeAttribute(null=True)
    captured = IntAttribute(null=True)
    """The attempt whose capture pays for the promise; none where the parts pay all."""
    paid_at = TimeAttribute(null=True)
    confirmed_at = TimeAttribute(null=True)
    terms = StructAttribute[Terms](Terms)
    """What was promised of its goods."""
    province = UnicodeAttribute(null=True)
    """Where its goods go, where that decided the freight."""
    delivery = StateAttribute(Delivery, null=True)
    """Where its goods are, once it is confirmed."""
    done_at = TimeAttribute(null=True)
    """When its goods were received, or counted as that."""
    pickup_point = UnicodeAttribute(null=True)
    """The id of the point where its goods are fetched."""
    pickup_code = UnicodeAttribute(null=True)
    """What the buyer shows where he fetches the goods."""
    follows = StructAttribute[list[str]](list[str], null=True)
    """Who acts on its confirmation and on money that goes back (`orders.follows`); absent where nobody does."""
    cases = IntAttribute(default=0)
    """After-sale cases so far."""
    case = IntAttribute(null=True)
    """The one that is open; while one is, the order neither goes out nor counts as received."""
    fingerprint = UnicodeAttribute()
    created_at = TimeAttribute()

    @property
    def oid(self) -> OrderId:
        """Its id."""
        return OrderId(self.pk.split("#", 1)[1])

    @property
    def ship_by(self) -> datetime | None:
        """Until when its goods are promised to be on their way."""
        return self.paid_at + timedelta(hours=self.terms.ship_hours) if self.paid_at else None

    @property
    def ask_until(self) -> datetime | None:
        """The last instant at which its buyer may ask for his money; None until its goods have arrived."""
        return self.done_at + timedelta(days=self.terms.return_days) if self.done_at else None

    @property
    def paid_with(self) -> list[Part]:
        """What pays beside money."""
        return self.parts or []

    @property
    def cash_fen(self) -> int:
        """What money is asked for."""
        return self.total_fen - sum(part.fen for part in self.paid_with)

    @property
    def number(self) -> str:
        """What its goods are told by: WeChat's number of the payment, or its own where no money pays."""
        return trade_number(self.oid, self.captured) if self.captured else self.oid

    @property
    def goods_fen(self) -> int:
        """What its goods cost without freight."""
        return sum(line.price_fen * line.quantity for line in self.lines)


class Payment(Item):
    """One capture of one attempt."""

    letter = "O"
    prefix = "PAY#"

    uid = UnicodeAttribute()
    object_id = UnicodeAttribute()
    total_fen = IntAttribute()
    live_fen = IntAttribute()
    """Of it, what pays for the order; ``total = live + owed + refunded``, always."""
    owed_fen = IntAttribute(default=0)
    refunded_fen = IntAttribute(default=0)
    refunds = IntAttribute(default=0)
    """How many refunds of it were begun: the next one's cause."""
    refund_asked_at = TimeAttribute(null=True)
    """When the latest of them may be asked for: WeChat takes them a minute apart."""
    transaction_id = UnicodeAttribute()
    paid_at = TimeAttribute()
    recorded_at = TimeAttribute()

    @property
    def oid(self) -> OrderId:
        """Whose capture it is."""
        return OrderId(self.pk.split("#", 1)[1])

    @property
    def attempt(self) -> int:
        """Which attempt's capture it is."""
        return int(self.sk.removeprefix(self.prefix))

    @property
    def disposition(self) -> Disposition:
        """What it is as a whole: live while any of it is."""
        if self.live_fen:
            return Disposition.LIVE
        return Disposition.OWED if self.owed_fen else Disposition.REFUNDED


class Receiver(Item):
    """Who gets the goods of an order: sealed, and in clear only what lists and freight need."""

    letter = "O"
    prefix = "RCV"

    kind = UnicodeAttribute(default="address")
    sealed = UnicodeAttribute(null=True)
    """All of it, under the merchant's key and bound to this order; gone once it was erased."""
    name = UnicodeAttribute(null=True)
    """Masked, as is the phone."""
    phone = UnicodeAttribute(null=True)
    province = UnicodeAttribute(null=True)
    city = UnicodeAttribute(null=True)
    updated_at = TimeAttribute()
    erased_at = TimeAttribute(null=True)

    @property
    def oid(self) -> OrderId:
        """Whose goods."""
        return OrderId(self.pk.split("#", 1)[1])


class Refund(Item):
    """What goes back of an order at once: money of one capture, and of its parts what money does not reach for."""

    letter = "O"
    prefix = "RFD#"

    uid = UnicodeAttribute()
    amount_fen = IntAttribute()
    """Money; 0 where only parts go back."""
    back = StructAttribute[list[Part]](list[Part], null=True)
    """What goes back of each part; it is back as soon as this is written."""
    state = StateAttribute(Disposition)
    """Of the money: owed, then refunded."""
    why = StateAttribute(Cause)
    owed_at = TimeAttribute()
    refunded_at = TimeAttribute(null=True)
    billed = UnicodeAttribute(null=True)
    """The day of the bill that had it, where that is not the day on which it arrived."""

    @property
    def oid(self) -> OrderId:
        """Whose money it is."""
        return OrderId(self.pk.split("#", 1)[1])

    @property
    def attempt(self) -> int:
        """Which attempt's capture its money comes from; 0 where it has none."""
        return int(self.sk.removeprefix(self.prefix).split("-")[0])

    @property
    def number(self) -> str:
        """WeChat's ``out_refund_no``."""
        attempt, cause = self.sk.removeprefix(self.prefix).split("-")
        return refund_number(self.oid, int(attempt), int(cause))


def order_key(mid: MerchantId, oid: str) -> Key:
    """Where an order stands."""
    return table(mid).key("O", oid)


def receiver_key(mid: MerchantId, oid: str) -> Key:
    """Where the receiver of an order stands."""
    return table(mid).key("O", oid, sk="RCV")


def payment_key(mid: MerchantId, oid: str, attempt: int) -> Key:
    """Where the capture of an attempt stands."""
    return table(mid).key("O", oid, sk=f"PAY#{attempt}")


def refund_key(mid: MerchantId, oid: str, attempt: int, cause: int) -> Key:
    """Where a refund of an attempt's capture stands."""
    return table(mid).key("O", oid, sk=f"RFD#{attempt}-{cause}")


def refunded_on(mid: MerchantId, day: date, shard: int) -> str:
    """The index partition of a shard of what went back on a day of China."""
    return table(mid).pk("RFD", day.isoformat(), str(shard))


def paid_on(mid: MerchantId, day: date, shard: int) -> str:
    """The index partition of a shard of a day's captures; days are China's, since bills are cut there."""
    return table(mid).pk("PAY", day.isoformat(), str(shard))
