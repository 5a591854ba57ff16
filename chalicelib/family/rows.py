"""What is stored of a wallet's movements: what each order takes of it, and what came in or left otherwise."""

from __future__ import annotations

from datetime import datetime

from pynamodb.attributes import UnicodeAttribute

from chalicelib.core import clock
from chalicelib.core.ids import MerchantId
from chalicelib.core.table import IntAttribute, Item, Key, StateAttribute, TimeAttribute, table
from chalicelib.family.items import FamilyId
from chalicelib.family.states import SpendState, Why


class Spend(Item):
    """What one order takes of a wallet, and what became of it: the memory of its tender, and a line of the ledger."""

    letter = "F"
    prefix = "SPD#"

    uid = UnicodeAttribute()
    """Who ordered."""
    payer = UnicodeAttribute()
    """Who owned the wallet then."""
    state = StateAttribute(SpendState)
    granted = IntAttribute()
    paid = IntAttribute()
    """Fen of either kind that it took."""
    back_granted = IntAttribute(default=0)
    back_paid = IntAttribute(default=0)
    """Of them, what came back after the order was paid."""
    month = UnicodeAttribute()
    """Which month of its member it counts in."""
    restored = IntAttribute(null=True)
    """What of it was taken off that month again because it came back after the order was paid."""
    ask = UnicodeAttribute(null=True)
    """The request that the owner approved; then it counts in no cap."""
    title = UnicodeAttribute()
    """What the order's first line buys."""
    at = TimeAttribute()
    captured_at = TimeAttribute(null=True)
    released_at = TimeAttribute(null=True)
    back_at = TimeAttribute(null=True)
    """When something came back last."""

    @property
    def fid(self) -> FamilyId:
        """Of which family's wallet."""
        return FamilyId(self.pk.split("#", 1)[1])

    @property
    def oid(self) -> str:
        """The order."""
        return self.sk.rsplit("#", 1)[1]

    @property
    def total(self) -> int:
        """All that it took, in fen."""
        return self.granted + self.paid

    @property
    def live(self) -> int:
        """What of it still pays, or is held to."""
        return 0 if self.state is SpendState.RELEASED else self.total - self.back_granted - self.back_paid


class Move(Item):
    """Value that came into a wallet or left it otherwise than by an order of its members; once for each ``ref``."""

    letter = "F"
    prefix = "MOV#"

    why = StateAttribute(Why)
    granted = IntAttribute()
    paid = IntAttribute()
    """Fen of either kind that came in or, negative, left."""
    by = UnicodeAttribute()
    """Whose act: a user's id, or the merchant's key."""
    subject = UnicodeAttribute()
    """What it was for: an order, a code, a request of the merchant's."""
    note = UnicodeAttribute(null=True)
    at = TimeAttribute()

    @property
    def fid(self) -> FamilyId:
        """Of which family's wallet."""
        return FamilyId(self.pk.split("#", 1)[1])

    @property
    def ref(self) -> str:
        """What it is called among its wallet's."""
        return self.sk.rsplit("#", 1)[1]


def spend_key(mid: MerchantId, fid: str, ordered_at: datetime, oid: str) -> Key:
    """Where it stands what an order takes of a wallet; by time, so that the ledger is one query."""
    return table(mid).key("F", fid, sk=f"SPD#{clock.iso(ordered_at)}#{oid}")


def move_key(mid: MerchantId, fid: str, at: datetime, ref: str) -> Key:
    """Where a move stands. ``at`` must follow from ``ref``, which happens once: an order's or a code's own time."""
    return table(mid).key("F", fid, sk=f"MOV#{clock.iso(at)}#{ref}")
