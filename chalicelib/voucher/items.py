"""What is stored of codes: batches, their parts, the codes that something happened to, and who guessed wrong."""

from __future__ import annotations

from datetime import datetime
from typing import NewType

import msgspec
from pynamodb.attributes import ListAttribute, UnicodeAttribute

from chalicelib.accounts.newcomer import Verdict
from chalicelib.core.ids import CampaignId, MerchantId
from chalicelib.core.table import IntAttribute, Item, Key, StateAttribute, StructAttribute, TimeAttribute, table
from chalicelib.rewards.items import Posted
from chalicelib.voucher.codes import LONGEST_STORED
from chalicelib.voucher.states import BatchState, CodeState

BatchId = NewType("BatchId", str)

MOST_BATCHES = 1 << 16
"""Of one merchant: a code has 16 bits for its batch's number."""
MOST_SERIALS = 1 << 20
"""Codes of one batch: a code has 20 bits for its serial."""
MOST_PARTS = 32
FEWEST_A_PART = 64
"""Codes: a small batch has fewer parts."""
MOST_RANGES = 20
"""Revoked ranges of one batch."""
BLOCK = 1000
"""Serials whose codes are stored together."""


class Range(msgspec.Struct, frozen=True, kw_only=True):
    """Serials that are revoked, both ends among them."""

    first: int
    last: int
    upto: int = 0
    """Before this serial, what nobody redeemed of it has been counted and given back."""

    @property
    def closed(self) -> bool:
        """Whether that is so of all of it."""
        return self.upto > self.last


class Batch(Item):
    """Codes that were minted together; ``epoch`` grows whenever some of them stop being good."""

    letter = "VB"
    prefix = "META"

    cid = UnicodeAttribute()
    version = IntAttribute()
    """The campaign's snapshot by which its codes are redeemed."""
    status = StateAttribute(BatchState)
    size = IntAttribute()
    letters = IntAttribute()
    """Of each code: 14 or 16 of one that is stored when it is used, 8 to 10 of one that is stored when it is made."""
    key_version = IntAttribute()
    epoch = IntAttribute()
    parts = IntAttribute()
    escrow = UnicodeAttribute()
    """What each code holds until it is redeemed or ends: of which escrow or SKU of its campaign, and how much."""
    units = IntAttribute()
    since = TimeAttribute()
    until = TimeAttribute(null=True)
    """Before this its codes may be redeemed; absent where they never expire."""
    ranges = StructAttribute[list[Range]](list[Range])
    made = IntAttribute(null=True)
    """How many of its stored codes are written, while they are being made."""
    redrawn = StructAttribute[dict[str, int]](dict[str, int], null=True)
    """By serial, how often the letters of a stored code were drawn again; of all others they were drawn once."""
    label = UnicodeAttribute()
    """What its merchant calls it."""
    fingerprint = UnicodeAttribute()
    created_at = TimeAttribute()
    created_by = UnicodeAttribute()
    ended_at = TimeAttribute(null=True)
    why_ended = UnicodeAttribute(null=True)

    @property
    def bid(self) -> BatchId:
        """Its id: its number among its merchant's, in five digits."""
        return BatchId(self.pk.split("#", 1)[1])

    @property
    def stored(self) -> bool:
        """Whether each of its codes has a row from the start."""
        return self.letters <= LONGEST_STORED

    def part_of(self, serial: int) -> int:
        """Which part counts a code."""
        return serial % self.parts

    def in_range(self, serial: int) -> bool:
        """Whether a code is in a revoked range."""
        return any(one.first <= serial <= one.last for one in self.ranges)


class Part(Item):
    """A part of a batch: where each of its codes is, counted; the four together are its size."""

    letter = "VB"
    prefix = "PART"

    epoch = IntAttribute()
    redeemed = IntAttribute()
    revoked = IntAttribute()
    expired = IntAttribute()
    left = IntAttribute()

    @property
    def bid(self) -> BatchId:
        """Whose."""
        return BatchId(self.pk.split("#")[1])

    @property
    def number(self) -> int:
        """Which."""
        return int(self.pk.rsplit("#", 1)[1])


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A request that redeemed a code: asked again, it is answered from here."""

    ident: str
    fingerprint: str
    uid: str | None
    by: str | None
    """The key of the merchant's that redeemed it, where staff did."""
    at: datetime
    undone_at: datetime | None = None


class Used(Posted):
    """A code that something happened to: receipt, posting and record of its requests in one.

    It stands in the statement of whoever redeemed it; ``turn`` counts its writes, each of which insists on what it saw.
    """

    letter = "VB"
    prefix = "V#"

    state = StateAttribute(CodeState)
    turn = IntAttribute()
    cid = UnicodeAttribute()
    version = IntAttribute()
    bound = UnicodeAttribute(null=True)
    """The only user who may redeem it; anybody may where absent."""
    uid = UnicodeAttribute(null=True)
    """Who has redeemed it; absent where it was handed over to somebody without an account."""
    by = UnicodeAttribute(null=True)
    """The merchant's key that redeemed it, where staff did."""
    at = TimeAttribute(null=True)
    """When."""
    order = UnicodeAttribute(null=True)
    """The order that it was redeemed by."""
    family = UnicodeAttribute(null=True)
    """The family whose wallet it has filled."""
    verdict = StructAttribute[Verdict](Verdict, null=True)
    """Whether its user was new, where only new ones may redeem, and what that was decided from."""
    undone = IntAttribute(null=True)
    """1 where a redemption of it was undone: no second one is."""
    asked = StructAttribute[list[Asked]](list[Asked], null=True)
    """Requests that redeemed it, by an order's apart: that is its own record."""
    note = UnicodeAttribute(null=True)
    """Why it was revoked or undone, in its merchant's words."""

    @property
    def bid(self) -> BatchId:
        """Its batch."""
        return BatchId(self.pk.split("#")[1])

    @property
    def serial(self) -> int:
        """Its number within that, from 0 on."""
        return int(self.sk.removeprefix(self.prefix))

    @property
    def ref(self) -> str:
        """What its redemption is called among what its user was given."""
        return ref_of(self.bid, self.serial, self.undone or 0)


class ShortCode(Item):
    """Where a stored code leads to; the code itself is not stored."""

    letter = "VS"
    prefix = "META"

    bid = UnicodeAttribute()
    serial = IntAttribute()
    n = IntAttribute(null=True)
    """How often it was drawn again because another code had its letters."""


class Numbers(Item):
    """How many batches a merchant has, and which key new ones get."""

    letter = "VN"
    prefix = "META"

    batches = IntAttribute(null=True)
    key_version = IntAttribute(null=True)
    """Absent is the first, 0."""


class Redeemed(Item):
    """How many codes of a campaign a user has redeemed."""

    letter = "U"
    prefix = "COD#"

    n = IntAttribute()


class Guesses(Item):
    """When a user guessed wrong lately."""

    letter = "U"
    prefix = "GUESS"

    at: ListAttribute[int] = ListAttribute()
    """Seconds since 1970, as a list of its own: a guess is added without reading."""


def batch_key(mid: MerchantId, bid: str) -> Key:
    """Where a batch stands."""
    return table(mid).key("VB", bid)


def part_key(mid: MerchantId, bid: str, part: int) -> Key:
    """Where a part of it stands."""
    return table(mid).key("VB", bid, "N", str(part), sk="PART")


def block(mid: MerchantId, bid: str, serial: int) -> str:
    """The partition of the codes around a serial that something happened to."""
    return table(mid).pk("VB", bid, "B", str(serial // BLOCK))


def used_key(mid: MerchantId, bid: str, serial: int) -> Key:
    """Where a code stands that something happened to."""
    return Key(block(mid, bid, serial), f"V#{serial:07d}")


def short_key(mid: MerchantId, found_by: str) -> Key:
    """Where it stands to which batch and serial a stored code leads."""
    return table(mid).key("VS", found_by)


def numbers_key(mid: MerchantId) -> Key:
    """Where a merchant's batches are counted."""
    return table(mid).key("VN")


def redeemed_key(mid: MerchantId, uid: str, cid: str) -> Key:
    """Where it stands how many codes of a campaign a user has redeemed."""
    return table(mid).key("U", uid, sk=f"COD#{cid}")


def guesses_key(mid: MerchantId, uid: str) -> Key:
    """Where a user's wrong guesses stand."""
    return table(mid).key("U", uid, sk="GUESS")


def batch_id(number: int) -> BatchId:
    """The id of a merchant's batch of that number."""
    return BatchId(f"{number:05d}")


def batches_listed(mid: MerchantId) -> str:
    """The index partition of a merchant's batches, by campaign and number."""
    return table(mid).pk("VB")


def listed_under(cid: CampaignId | str) -> str:
    """How the index rows of a campaign's batches begin."""
    return f"{cid}#"


def ref_of(bid: str, serial: int, turn: int) -> str:
    """What a code's redemption is called among what its user was given: its second after an undo is another."""
    return f"code-{bid}-{serial}-{turn}"
