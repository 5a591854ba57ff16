"""What is stored of a day's comparison with WeChat's bill."""

from __future__ import annotations

from datetime import date

from pynamodb.attributes import UnicodeAttribute

from chalicelib.core.ids import MerchantId
from chalicelib.core.table import IntAttribute, Item, Key, TimeAttribute, table


class DayBill(Item):
    """How a day's comparison with WeChat's bill ended; the sums are WeChat's."""

    letter = "BILL"
    prefix = "META"

    payments = IntAttribute()
    paid_fen = IntAttribute()
    refunds = IntAttribute()
    refunded_fen = IntAttribute()
    differences = IntAttribute()
    compared_at = TimeAttribute(null=True)
    """Absent as long as somebody has only asked for it."""
    line = IntAttribute(null=True)
    """How many lines are compared of a bill that is not through yet."""
    digest = UnicodeAttribute(null=True)
    """Of that bill's file."""

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
