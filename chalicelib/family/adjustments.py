"""What is stored of an adjustment: how much of which kind, why, and the two keys that it may take."""

from __future__ import annotations

from pynamodb.attributes import UnicodeAttribute

from chalicelib.core.ids import MerchantId
from chalicelib.core.table import IntAttribute, Item, Key, StateAttribute, TimeAttribute, table
from chalicelib.family.items import FamilyId, place
from chalicelib.family.states import AdjustmentState, Kind

LETTERS = 12
"""Of an adjustment's id."""


class Adjustment(Item):
    """Value that the merchant puts into a wallet or takes out of it, with a reason: at once, or when another agrees."""

    letter = "F"
    prefix = "ADJ#"

    state = StateAttribute(AdjustmentState)
    kind = StateAttribute(Kind)
    fen = IntAttribute()
    """What comes in or, negative, leaves."""
    note = UnicodeAttribute()
    """Why, in the merchant's words."""
    by = UnicodeAttribute()
    """The key that asked."""
    by_name = UnicodeAttribute()
    """Whose key that is, as its owner called it."""
    decided_by = UnicodeAttribute(null=True)
    """The key that approved or refused it, where it waited."""
    asked_at = TimeAttribute()
    until = TimeAttribute()
    """Before this it may be approved."""
    decided_at = TimeAttribute(null=True)
    fingerprint = UnicodeAttribute()

    @property
    def fid(self) -> FamilyId:
        """Of which family's wallet."""
        return FamilyId(self.pk.split("#", 1)[1])

    @property
    def adjustment_id(self) -> str:
        """Its id among its family's."""
        return self.sk.removeprefix(self.prefix)

    def of(self, kind: Kind) -> int:
        """What comes in of a kind or, negative, leaves."""
        return self.fen if self.kind is kind else 0

    def list_to_decide(self) -> None:
        """It waits, and is listed for whoever may decide."""
        self.gsi1pk, self.gsi1sk = waiting_index(self.mid), place(self.asked_at, self.adjustment_id)
        self.set_due(self.until)


def adjustment_key(mid: MerchantId, fid: str, adjustment_id: str) -> Key:
    """Where an adjustment stands."""
    return table(mid).key("F", fid, sk=f"ADJ#{adjustment_id}")


def waiting_index(mid: MerchantId) -> str:
    """The index partition (gsi1) of a merchant's adjustments that wait for another key, by when they were asked for."""
    return table(mid).pk("FADJ", "0")
