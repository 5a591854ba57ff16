"""What is stored of a merchant: itself, what it said, the look-up by its mini-program, its API keys, and its log."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from pynamodb.attributes import UnicodeAttribute

from chalicelib.core.ids import MerchantId
from chalicelib.core.table import Item, Key, StateAttribute, StructAttribute, TimeAttribute, foreign_key, table


class Role(StrEnum):
    """What an API key may do; each may do what the one before may."""

    VIEWER = "viewer"
    OPERATOR = "operator"
    OWNER = "owner"


class Merchant(Item):
    """A merchant; its secrets are in Secrets Manager."""

    letter = "MER"
    prefix = "META"

    name = UnicodeAttribute()
    appid = UnicodeAttribute()
    mchid = UnicodeAttribute()
    time_zone = UnicodeAttribute(default="Asia/Shanghai")
    created_at = TimeAttribute()
    bill_day = UnicodeAttribute(null=True)
    """The next day in China whose books are compared with WeChat's bill; its due entry asks for that."""


class Setup(Item):
    """What a merchant said of one subject, in the edition that stands; each subject has terms of its own form."""

    terms = StructAttribute[Any](Any)
    edition = UnicodeAttribute()
    """Changes with each change of the terms."""
    said_at = TimeAttribute()
    """When the merchant said his terms last."""


class AppLookup(Item):
    """Which merchant a mini-program belongs to."""

    letter = "APP"
    prefix = "MID"

    owner = UnicodeAttribute()


class ApiKey(Item):
    """An API key; the key itself was shown once and is stored as its hash."""

    letter = "MER"
    prefix = "KEY#"

    name = UnicodeAttribute()
    role = StateAttribute(Role)
    hash = UnicodeAttribute()
    created_at = TimeAttribute()
    revoked_at = TimeAttribute(null=True)
    fingerprint = UnicodeAttribute(null=True)
    """Of the request that made it; the first key was made by onboarding."""
    last_used = UnicodeAttribute(null=True)
    """The day of its last use; written at most once a day."""

    @property
    def key_id(self) -> str:
        """Its id, which is no secret."""
        return self.sk.split("#", 1)[1]


class Audit(Item):
    """One thing that somebody did with a key."""

    letter = "MER"
    prefix = "AUD#"

    actor = UnicodeAttribute()
    action = UnicodeAttribute()
    subject = UnicodeAttribute()
    detail = StructAttribute[dict[str, str]](dict[str, str])
    at = TimeAttribute()


def merchant_key(mid: MerchantId) -> Key:
    """Where a merchant stands."""
    return table(mid).key("MER")


def app_key(appid: str) -> Key:
    """Where the merchant of a mini-program is looked up."""
    return foreign_key("APP", appid, sk="MID")


def api_key_key(mid: MerchantId, key_id: str) -> Key:
    """Where an API key stands."""
    return table(mid).key("MER", sk=f"KEY#{key_id}")


def audit_key(mid: MerchantId, at: str, ident: str) -> Key:
    """Where an audit entry stands."""
    return table(mid).key("MER", sk=f"AUD#{at}#{ident}")
