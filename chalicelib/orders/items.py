"""What is stored of an order: the order, one row per captured payment, and money that needs a person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import msgspec
from pynamodb.attributes import UnicodeAttribute

from chalicelib.campaigns.offer import Fulfilment
from chalicelib.campaigns.stock import Drawn
from chalicelib.core.ids import MerchantId, OrderId
from chalicelib.core.table import IntAttribute, Item, Key, StateAttribute, StructAttribute, TimeAttribute, table
from chalicelib.orders.states import Disposition, OrderState

PAYMENT_SHARDS = 8
"""Index keys a merchant's payments of one day are spread over."""


class Line(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one line of an order buys."""

    sku_id: str
    title: str
    quantity: int
    price_fen: int


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
    units = StructAttribute[list[Drawn]](list[Drawn], null=True)
    """Units it took from stock itself, by shard; those of a group belong to the group."""
    deadline = TimeAttribute()
    """When it stops being payable; sent to WeChat as ``time_expire``."""
    intent_at = TimeAttribute()
    """When WeChat was last about to be asked to collect; a question sooner than 90 s after it proves nothing."""
    attempt = IntAttribute(default=1)
    body_hash = UnicodeAttribute()
    prepay_id = UnicodeAttribute(null=True)
    captured = IntAttribute(null=True)
    """The attempt whose capture pays for the promise."""
    fingerprint = UnicodeAttribute()
    created_at = TimeAttribute()

    @property
    def oid(self) -> OrderId:
        """Its id."""
        return OrderId(self.pk.split("#", 1)[1])

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
    disposition = StateAttribute(Disposition)
    total_fen = IntAttribute()
    transaction_id = UnicodeAttribute()
    paid_at = TimeAttribute()
    recorded_at = TimeAttribute()
    refund_number = UnicodeAttribute(null=True)
    refunded_at = TimeAttribute(null=True)

    @property
    def oid(self) -> OrderId:
        """Whose capture it is."""
        return OrderId(self.pk.split("#", 1)[1])

    @property
    def attempt(self) -> int:
        """Which attempt's capture it is."""
        return int(self.sk.removeprefix(self.prefix))


class StuckMoney(Item):
    """Money that no rule can place: recorded once, alarmed, for a person to decide."""

    letter = "STUCK"
    prefix = "META"

    reason = UnicodeAttribute()
    number = UnicodeAttribute()
    """The out_trade_no or out_refund_no it is about."""
    facts = StructAttribute[dict[str, str | int | None]](dict[str, str | int | None])
    recorded_at = TimeAttribute()


class DayBill(Item):
    """How a day's comparison with WeChat's bill ended; the sums are WeChat's."""

    letter = "BILL"
    prefix = "META"

    payments = IntAttribute()
    paid_fen = IntAttribute()
    refunds = IntAttribute()
    refunded_fen = IntAttribute()
    differences = IntAttribute()
    compared_at = TimeAttribute()

    @property
    def day(self) -> date:
        """In China."""
        return date.fromisoformat(self.pk.split("#", 1)[1])


def bill_key(mid: MerchantId, day: date) -> Key:
    """Where a day's comparison stands."""
    return table(mid).key("BILL", day.isoformat())


def bill_index(mid: MerchantId) -> str:
    """The index partition that lists the days that were compared."""
    return table(mid).pk("BILL")


def order_key(mid: MerchantId, oid: str) -> Key:
    """Where an order stands."""
    return table(mid).key("O", oid)


def payment_key(mid: MerchantId, oid: str, attempt: int) -> Key:
    """Where the capture of an attempt stands."""
    return table(mid).key("O", oid, sk=f"PAY#{attempt}")


def paid_on(mid: MerchantId, day: date, shard: int) -> str:
    """The index partition of a shard of a day's captures; days are China's, since bills are cut there."""
    return table(mid).pk("PAY", day.isoformat(), str(shard))


def trade_number(oid: str, attempt: int) -> str:
    """WeChat's ``out_trade_no`` of a payment attempt (6–32 letters, unique per merchant)."""
    return f"{oid}-{attempt}"


def parse_trade_number(number: str) -> tuple[OrderId, int] | None:
    """The order and attempt of an ``out_trade_no`` of ours."""
    oid, _, attempt = number.rpartition("-")
    return _ours(oid, attempt, trade_number, number)


def refund_number(oid: str, attempt: int, cause: int = 0) -> str:
    """WeChat's ``out_refund_no``: one per capture and cause, from the state alone: a repeat is the same refund."""
    return f"{oid}-wechat-{attempt}-{cause}"


def parse_refund_number(number: str) -> tuple[OrderId, int] | None:
    """The order and attempt of an ``out_refund_no`` of ours."""
    oid, *rest = number.split("-")
    return _ours(oid, rest[1], refund_number, number) if len(rest) == 3 else None


def _ours(oid: str, attempt: str, made: Callable[[str, int], str], number: str) -> tuple[OrderId, int] | None:
    """The parts of a number, if it is exactly what we would make of them."""
    if not oid.isalnum() or not attempt.isdecimal() or not 1 <= len(attempt) <= 3 or int(attempt) < 1:
        return None
    return (OrderId(oid), int(attempt)) if made(oid, int(attempt)) == number else None
