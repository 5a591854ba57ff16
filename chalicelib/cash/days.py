"""What is stored of a day's comparison with the operations account's bill."""

from __future__ import annotations

from datetime import date

from pynamodb.attributes import UnicodeAttribute

from chalicelib.core.ids import MerchantId
from chalicelib.core.table import IntAttribute, Item, Key, TimeAttribute, table


class FlowDay(Item):
    """How a day's comparison with the fund flow bill ended; the sums are WeChat's."""

    letter = "FLOW"
    prefix = "META"

    transfers = IntAttribute()
    """Lines by which money left for users: it leaves when it is locked, and may come back."""
    transferred_fen = IntAttribute()
    returns = IntAttribute()
    """Lines by which a transfer's money came back."""
    returned_fen = IntAttribute()
    other_came_fen = IntAttribute()
    """What else came, such as what the merchant topped up."""
    other_went_fen = IntAttribute()
    balance_fen = IntAttribute(null=True)
    """What the account had after the last line; absent where nothing moved."""
    differences = IntAttribute()
    compared_at = TimeAttribute(null=True)
    """Absent as long as somebody has only asked for it."""
    done = IntAttribute(null=True)
    """How far a comparison is that is not through yet."""
    digest = UnicodeAttribute(null=True)
    """Of that bill's file."""

    @property
    def day(self) -> date:
        """In China."""
        return date.fromisoformat(self.pk.split("#", 1)[1])


def day_key(mid: MerchantId, day: date) -> Key:
    """Where a day's comparison stands."""
    return table(mid).key("FLOW", day.isoformat())


def days_index(mid: MerchantId) -> str:
    """The index partition that lists the days that were compared."""
    return table(mid).pk("FLOW")
