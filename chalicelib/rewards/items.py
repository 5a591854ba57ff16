"""What is stored of value: accounts, postings, grants and coupons, all of them where their user is."""

from __future__ import annotations

from datetime import datetime

import msgspec
from pynamodb.attributes import UnicodeAttribute

from chalicelib.accounts.items import user_index
from chalicelib.accounts.newcomer import Verdict
from chalicelib.campaigns.gifts import CouponTerms, Currency, Gift
from chalicelib.campaigns.stock import Drawn
from chalicelib.core import clock
from chalicelib.core.ids import CampaignId, MerchantId, UserId
from chalicelib.core.table import IntAttribute, Item, Key, StateAttribute, StructAttribute, TimeAttribute, table
from chalicelib.rewards.rules import Pace
from chalicelib.rewards.states import GrantState, PieceState, Why

MOST_PIECES = 12
"""Of one coupon: a year of months."""


class Leg(msgspec.Struct, frozen=True, array_like=True):
    """One side of a posting: what an account gains or, negative, loses."""

    account: str
    currency: Currency
    amount: int


class Posted(Item):
    """Whatever moves value is its own posting: all legs, which sum to nothing, written once and never changed."""

    legs = StructAttribute[list[Leg]](list[Leg], null=True)
    """Absent until the value moves."""
    posted_at = TimeAttribute(null=True)
    back = StructAttribute[list[Leg]](list[Leg], null=True)
    """The reversal, where one was made."""
    back_at = TimeAttribute(null=True)

    @property
    def all_legs(self) -> list[Leg]:
        """What it moved, and what of that it moved back."""
        return [*(self.legs or []), *(self.back or [])]


class Posting(Posted):
    """Value that moved for no grant: spent, come back, expired."""

    letter = "U"
    prefix = "PST#"

    why = StateAttribute(Why)
    subject = UnicodeAttribute()
    """What it was for: an order, a coupon, a day."""
    cid = UnicodeAttribute(null=True)
    """The campaign that it has to do with, and by which of its versions."""
    version = IntAttribute(null=True)

    @property
    def uid(self) -> UserId:
        """Whose."""
        return UserId(self.pk.split("#", 1)[1])

    @property
    def ref(self) -> str:
        """What it is called among its user's postings."""
        return self.sk.removeprefix(self.prefix)


class Grant(Posted):
    """Value on its way to a user: once for each reference, whatever becomes of it."""

    letter = "U"
    prefix = "GRT#"

    state = StateAttribute(GrantState)
    source = UnicodeAttribute()
    """Who decides about it, by name in `plugged.SOURCES`."""
    why = StateAttribute(Why)
    gift = StructAttribute[Gift](Gift)
    cid = UnicodeAttribute()
    version = IntAttribute()
    subject = UnicodeAttribute()
    """What it is for: an order, a friend, a packet, a burst."""
    drawn = StructAttribute[list[Drawn]](list[Drawn])
    """What of its campaign's budget it holds or has spent, by shard; empty where its promise holds that elsewhere."""
    hold_until = TimeAttribute(null=True)
    """Before this it becomes no value; absent while what it is promised for has not happened."""
    escrow = UnicodeAttribute(null=True)
    """What that is of, where it is not the budget of its currency."""
    note = UnicodeAttribute(null=True)
    """Why it waits for the merchant, or why it ended without value: a code, or several with commas between them."""
    debt = IntAttribute(null=True)
    """What could not be taken back."""
    created_at = TimeAttribute()
    ended_at = TimeAttribute(null=True)

    @property
    def uid(self) -> UserId:
        """Whose."""
        return UserId(self.pk.split("#", 1)[1])

    @property
    def ref(self) -> str:
        """What it is called among its user's grants."""
        return self.sk.removeprefix(self.prefix)


class Lot(msgspec.Struct, frozen=True, array_like=True):
    """Points that expire together."""

    until: datetime
    amount: int


class Account(Item):
    """What a user has of a currency, given and never bought. What orders hold of it is apart."""

    letter = "U"
    prefix = "ACC#"

    balance = IntAttribute()
    held = IntAttribute(null=True)
    """Held by orders that may still be paid."""
    lots = StructAttribute[list[Lot]](list[Lot], null=True)
    """Of what expires: the earliest first; their sum is the balance."""
    debt = IntAttribute(null=True)
    """What was to be taken back and was not there."""

    @property
    def uid(self) -> UserId:
        """Whose."""
        return UserId(self.pk.split("#", 1)[1])

    @property
    def currency(self) -> Currency:
        """Of what."""
        return Currency(self.sk.removeprefix(self.prefix))


class Window(msgspec.Struct, frozen=True, array_like=True):
    """When a piece of a coupon may be used: from, and before."""

    since: datetime
    until: datetime


class Coupon(Item):
    """A user's coupon, in one piece or in instalments; its terms are its own and never change.

    What became of a piece stands in an attribute of its own, so that an order's writes need not read the coupon.
    """

    letter = "U"
    prefix = "CPN#"

    cid = UnicodeAttribute()
    """Which campaign gave it."""
    version = IntAttribute()
    why = StateAttribute(Why)
    subject = UnicodeAttribute(null=True)
    """What it was given for."""
    terms = StructAttribute[CouponTerms](CouponTerms)
    windows = StructAttribute[list[Window]](list[Window])
    """One a piece."""
    p0 = UnicodeAttribute(null=True)
    """``locked <order>`` or ``used <order>``; absent while the piece is free. So are the others."""
    p1 = UnicodeAttribute(null=True)
    p2 = UnicodeAttribute(null=True)
    p3 = UnicodeAttribute(null=True)
    p4 = UnicodeAttribute(null=True)
    p5 = UnicodeAttribute(null=True)
    p6 = UnicodeAttribute(null=True)
    p7 = UnicodeAttribute(null=True)
    p8 = UnicodeAttribute(null=True)
    p9 = UnicodeAttribute(null=True)
    p10 = UnicodeAttribute(null=True)
    p11 = UnicodeAttribute(null=True)
    invalid_at = TimeAttribute(null=True)
    invalid_why = UnicodeAttribute(null=True)
    """A code: its gift was taken back, or is owed for; absent where its merchant declared it invalid."""
    invalid_note = UnicodeAttribute(null=True)
    """Why, in its merchant's words."""
    shared_with = UnicodeAttribute(null=True)
    """The family whose members may use it too, for as long as its owner has belonged to it since ``shared_at``."""
    shared_at = TimeAttribute(null=True)
    fingerprint = UnicodeAttribute(null=True)
    """Of the request that claimed it: repeated, it is the answer."""
    verdict = StructAttribute[Verdict](Verdict, null=True)
    """Why its owner counted as new, where only new users may claim."""
    created_at = TimeAttribute()

    @property
    def uid(self) -> UserId:
        """Whose."""
        return UserId(self.pk.split("#", 1)[1])

    @property
    def coupon_id(self) -> str:
        """Its id among its user's."""
        return self.sk.removeprefix(self.prefix)

    def taken(self, piece: int) -> str | None:
        """What stands of a piece."""
        found: str | None = getattr(self, f"p{piece}")
        return found

    def state(self, piece: int, now: datetime) -> PieceState:
        """Where a piece is: exactly one of the states, at any moment."""
        taken = self.taken(piece)
        if taken is not None:
            return PieceState.LOCKED if taken.startswith(LOCKED) else PieceState.USED
        if self.invalid_at is not None:
            return PieceState.INVALID
        window = self.windows[piece]
        if now >= window.until:
            return PieceState.EXPIRED
        return PieceState.LATER if now < window.since else PieceState.AVAILABLE


class Watch(Item):
    """What was seen of a campaign's budgets (`watch`); it is due while they move."""

    letter = "C"
    prefix = "WATCH"

    asked = IntAttribute(null=True)
    """How often the stream told that something moved."""
    paces = StructAttribute[dict[str, Pace]](dict[str, Pace], null=True)
    """By escrow; absent before the first look."""

    @property
    def cid(self) -> CampaignId:
        """Whose budgets."""
        return CampaignId(self.pk.split("#", 1)[1])


ENTRIES = "W#"
"""How the index entries of a statement begin."""

LOCKED, USED = "locked ", "used "

PIECES = (
    *(Coupon.p0, Coupon.p1, Coupon.p2, Coupon.p3, Coupon.p4, Coupon.p5),
    *(Coupon.p6, Coupon.p7, Coupon.p8, Coupon.p9, Coupon.p10, Coupon.p11),
)
"""The attribute of each piece."""


def account_key(mid: MerchantId, uid: str, currency: Currency) -> Key:
    """Where a user's account stands."""
    return table(mid).key("U", uid, sk=f"ACC#{currency.value}")


def posting_key(mid: MerchantId, uid: str, ref: str) -> Key:
    """Where a posting stands."""
    return table(mid).key("U", uid, sk=f"PST#{ref}")


def grant_key(mid: MerchantId, uid: str, ref: str) -> Key:
    """Where a grant stands."""
    return table(mid).key("U", uid, sk=f"GRT#{ref}")


def coupon_key(mid: MerchantId, uid: str, coupon_id: str) -> Key:
    """Where a coupon stands."""
    return table(mid).key("U", uid, sk=f"CPN#{coupon_id}")


def watch_key(mid: MerchantId, cid: str) -> Key:
    """Where the watch over a campaign's budgets stands."""
    return table(mid).key("C", cid, sk="WATCH")


def statement_entry(mid: MerchantId, uid: str, at: datetime, name: str) -> tuple[str, str]:
    """Where a user's statement finds what moves his value: its ``gsi1pk`` and ``gsi1sk``."""
    return user_index(mid, uid), f"{ENTRIES}{clock.iso(at)}#{name}"
