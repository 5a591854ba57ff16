"""What is stored of a user: himself, the look-up by his openid, and his refresh-token families."""

from __future__ import annotations

from enum import StrEnum

import msgspec
from pynamodb.attributes import UnicodeAttribute

from chalicelib.core.ids import MerchantId, UserId, derived
from chalicelib.core.table import (
    IntAttribute,
    Item,
    Key,
    StateAttribute,
    StructAttribute,
    TimeAttribute,
    foreign_key,
    table,
)


class UserState(StrEnum):
    """Whether a user may act."""

    ACTIVE = "active"
    BLOCKED = "blocked"


class NameState(StrEnum):
    """Whether others may see the name that a user gave himself (rules W14)."""

    SHOWN = "shown"
    REVIEW = "review"
    """WeChat is in doubt: the merchant decides."""
    UNCHECKED = "unchecked"
    """WeChat has not looked at it yet: it is asked again while he is there, and at his next visit."""
    REFUSED = "refused"


class AvatarState(StrEnum):
    """Whether others may see the picture that a user chose (rules W14)."""

    SHOWN = "shown"
    UNCHECKED = "unchecked"
    """WeChat has not said yet what it thinks of it."""
    REFUSED = "refused"


class NameCheck(msgspec.Struct, frozen=True):
    """What WeChat said of a name: its label, and under which id it finds the check again."""

    label: int
    trace_id: str


class User(Item):
    """A user of one merchant. His openid stands here and in his look-up's key, nowhere else (rules D1)."""

    letter = "U"
    prefix = "META"

    appid = UnicodeAttribute()
    openid = UnicodeAttribute()
    unionid = UnicodeAttribute(null=True)
    nickname = UnicodeAttribute(null=True)
    """The name he gave himself; others see it by `accounts.mask` only."""
    name_state = StateAttribute(NameState, null=True)
    """Whether they may; absent where there is no name, or none that was ever checked."""
    naming = UnicodeAttribute(null=True)
    """New with each name, check and decision, so that what was asked or decided about an older one changes nothing."""
    named_at = TimeAttribute(null=True)
    name_check = StructAttribute[NameCheck](NameCheck, null=True)
    rank = IntAttribute(null=True)
    """WeChat's risk rank, 0 to 4; absent where it did not say."""
    rank_at = TimeAttribute(null=True)
    """When it was asked."""
    avatar_url = UnicodeAttribute(null=True)
    """The picture that he chose; others see it by `accounts.mask` only."""
    avatar_state = StateAttribute(AvatarState, null=True)
    """Whether they may; absent where nobody would tell us what WeChat thinks of it: then they may."""
    picturing = UnicodeAttribute(null=True)
    """New with each picture and each time that WeChat is to look: what it says of an older one changes nothing."""
    pictured_at = TimeAttribute(null=True)
    """When he chose it, where it is looked at."""
    looked_at = TimeAttribute(null=True)
    """Since when WeChat looks at it; absent until it does."""
    status = StateAttribute(UserState)
    created_at = TimeAttribute()
    came_back_at = TimeAttribute(null=True)
    """When he first was here again, `visits.APART` after that or later; nothing of later visits is kept."""
    first_order_at = TimeAttribute(null=True)
    """When his first order was confirmed."""
    last_order_at = TimeAttribute(null=True)
    followed_by = StructAttribute[list[str]](list[str], null=True)
    """Who acts when an order of his is confirmed, whatever it is of (`orders.follows`)."""
    awaited = StructAttribute[list[str]](list[str], null=True)
    """Which of his first acts somebody waits for (`sharing.firsts`)."""
    minor_since = TimeAttribute(null=True)
    """Since when he is known to be a minor: he gets neither cash nor rewards for inviting (rules D3)."""
    minor_by = UnicodeAttribute(null=True)
    """Who says so: ``family``, or the merchant's key, which no family contradicts."""

    @property
    def uid(self) -> UserId:
        """His id."""
        return UserId(self.pk.split("#", 1)[1])

    def is_same_person(self, other: User) -> bool:
        """Whether both are one person, as far as we can tell: one account, or two of one unionid."""
        return self.uid == other.uid or (self.unionid is not None and self.unionid == other.unionid)


class OpenIdLookup(Item):
    """Which user an openid is."""

    letter = "OID"
    prefix = "UID"

    owner = UnicodeAttribute()
    uid = UnicodeAttribute()


class Trace(Item):
    """What WeChat was asked to look at, by the trace id under which it tells later what it saw.

    It may tell so early that we have not stored yet what was asked: then there is a verdict and no user.
    """

    letter = "TRC"
    prefix = "META"

    uid = UnicodeAttribute(null=True)
    picturing = UnicodeAttribute(null=True)
    """Of his picture at that time."""
    risky = StructAttribute[bool](bool, null=True)
    """What WeChat saw, where it told that first."""


class TokenFamily(Item):
    """The refresh tokens of one login. None is stored: each follows from the family's seed and turn."""

    letter = "U"
    prefix = "TOK#"

    seed = UnicodeAttribute()
    """Random, one per family; tokens are its HMAC under the merchant's key, so that the table alone makes none."""
    turn = IntAttribute()
    """Which token of the family is the current one."""
    turned_at = TimeAttribute()
    revoked_at = TimeAttribute(null=True)


def user_key(mid: MerchantId, uid: str) -> Key:
    """Where a user stands."""
    return table(mid).key("U", uid)


def name_index(mid: MerchantId) -> str:
    """The index partition that lists the names which others do not see yet."""
    return table(mid).pk("NAMES", "0")


def user_index(mid: MerchantId, uid: str) -> str:
    """The index partition of what belongs to a user."""
    return table(mid).pk("U", uid)


def openid_key(appid: str, openid: str) -> Key:
    """Where the user of an openid is looked up."""
    return foreign_key("OID", appid, openid, sk="UID")


def trace_key(mid: MerchantId, trace_id: str) -> Key:
    """Where stands what WeChat was asked under ``trace_id``, which may be any text."""
    return table(mid).key("TRC", derived("trace", trace_id))


def family_key(mid: MerchantId, uid: str, family: str) -> Key:
    """Where a refresh-token family stands."""
    return table(mid).key("U", uid, sk=f"TOK#{family}")
