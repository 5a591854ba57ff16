"""What is stored of live codes: the code, the parts of its targets, who was sent where, and how many a day."""

from __future__ import annotations

from typing import NewType

from pynamodb.attributes import UnicodeAttribute

from chalicelib.core.ids import MerchantId
from chalicelib.core.table import IntAttribute, Item, Key, StateAttribute, StructAttribute, TimeAttribute, table
from chalicelib.livecodes.states import LiveState, TargetState
from chalicelib.livecodes.targets import Target
from chalicelib.sharing.rules import Attribution

LiveId = NewType("LiveId", str)

LETTERS = 16
"""Of an id: ``l=`` and that are 18 of the 32 letters of a scene."""

LIVE = "live"
"""The kind of a live code, as something that is shared and opened."""


class LiveCode(Item):
    """A live code with its targets; ``edition`` counts its merchant's changes."""

    letter = "LV"
    prefix = "META"

    name = UnicodeAttribute()
    """What its merchant calls it."""
    title = UnicodeAttribute()
    text = UnicodeAttribute()
    """What people read, over and under its title."""
    campaign = UnicodeAttribute(null=True)
    status = StateAttribute(LiveState)
    edition = IntAttribute()
    targets = StructAttribute[list[Target]](list[Target])
    fingerprint = UnicodeAttribute()
    created_at = TimeAttribute()
    created_by = UnicodeAttribute()
    updated_at = TimeAttribute()

    @property
    def lid(self) -> LiveId:
        """Its id."""
        return LiveId(self.pk.split("#", 1)[1])


class Part(Item):
    """A part of a target: ``left + taken`` of all of them are its capacity."""

    letter = "LV"
    prefix = "PART"

    left = IntAttribute()
    taken = IntAttribute()
    """How many were ever sent there by this part; never fewer."""
    state = StateAttribute(TargetState)
    """Of its target."""
    until = TimeAttribute(null=True)
    """Before when its target is good, of a group."""

    @property
    def target(self) -> int:
        """Its target's number."""
        return int(self.pk.split("#")[3])

    @property
    def number(self) -> int:
        """Which of its parts, from 0 on."""
        return int(self.pk.split("#")[4])


class Place(Item):
    """Where somebody was sent by a live code: one a person and code, which later calls answer."""

    letter = "U"
    prefix = "LVC#"

    target = IntAttribute()
    part = IntAttribute()
    turn = IntAttribute()
    """How often he was sent somewhere."""
    at = TimeAttribute()
    came_by = StructAttribute[Attribution](Attribution, null=True)
    """By whose share he came, then."""

    @property
    def lid(self) -> LiveId:
        """Of which live code."""
        return LiveId(self.sk.removeprefix(self.prefix))

    @property
    def uid(self) -> str:
        """Whose."""
        return self.pk.split("#", 1)[1]


class Scan(Item):
    """That somebody was sent to a target, and when; it stays when he is sent elsewhere later."""

    letter = "LV"
    prefix = "S#"

    turn = IntAttribute()
    at = TimeAttribute()
    came_by = StructAttribute[Attribution](Attribution, null=True)

    @property
    def uid(self) -> str:
        """Who."""
        return self.sk.split("#")[2]


class ScanDay(Item):
    """How many were sent to a part of a target on a day in China."""

    letter = "LV"
    prefix = "DAY#"

    n = IntAttribute()

    @property
    def day(self) -> str:
        """Which, as 2026-11-11."""
        return self.sk.removeprefix(self.prefix)


def live_key(mid: MerchantId, lid: str) -> Key:
    """Where a live code stands."""
    return table(mid).key("LV", lid)


def part_key(mid: MerchantId, lid: str, target: int, part: int) -> Key:
    """Where a part of a target stands."""
    return table(mid).key("LV", lid, "P", str(target), str(part), sk="PART")


def place_key(mid: MerchantId, uid: str, lid: str) -> Key:
    """Where it stands where somebody was sent."""
    return table(mid).key("U", uid, sk=f"LVC#{lid}")


def scans(mid: MerchantId, lid: str, target: int, part: int) -> str:
    """The partition of those who were sent to a part of a target, in the order of time."""
    return table(mid).pk("LV", lid, "S", str(target), str(part))


def days(mid: MerchantId, lid: str, target: int, part: int) -> str:
    """The partition of a part's days."""
    return table(mid).pk("LV", lid, "D", str(target), str(part))


def listed(mid: MerchantId) -> str:
    """The index partition of a merchant's live codes."""
    return table(mid).pk("LV")
