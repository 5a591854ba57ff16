"""What is stored of a user: himself, the look-up by his openid, and his refresh-token families."""

from __future__ import annotations

from enum import StrEnum

from pynamodb.attributes import UnicodeAttribute

from chalicelib.core.ids import MerchantId, UserId
from chalicelib.core.table import IntAttribute, Item, Key, StateAttribute, TimeAttribute, foreign_key, table


class UserState(StrEnum):
    """Whether a user may act."""

    ACTIVE = "active"
    BLOCKED = "blocked"


class User(Item):
    """A user of one merchant. His openid stands here and in his look-up's key, nowhere else (rules D1)."""

    letter = "U"
    prefix = "META"

    appid = UnicodeAttribute()
    openid = UnicodeAttribute()
    unionid = UnicodeAttribute(null=True)
    nickname = UnicodeAttribute(null=True)
    avatar_url = UnicodeAttribute(null=True)
    status = StateAttribute(UserState)
    created_at = TimeAttribute()
    first_order_at = TimeAttribute(null=True)
    """When his first order was confirmed."""
    last_order_at = TimeAttribute(null=True)

    @property
    def uid(self) -> UserId:
        """His id."""
        return UserId(self.pk.split("#", 1)[1])


class OpenIdLookup(Item):
    """Which user an openid is."""

    letter = "OID"
    prefix = "UID"

    owner = UnicodeAttribute()
    uid = UnicodeAttribute()


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


def user_index(mid: MerchantId, uid: str) -> str:
    """The index partition of what belongs to a user."""
    return table(mid).pk("U", uid)


def openid_key(appid: str, openid: str) -> Key:
    """Where the user of an openid is looked up."""
    return foreign_key("OID", appid, openid, sk="UID")


def family_key(mid: MerchantId, uid: str, family: str) -> Key:
    """Where a refresh-token family stands."""
    return table(mid).key("U", uid, sk=f"TOK#{family}")
