"""What is stored of sharing: who shares what, who opened it, and the codes that lead there."""

from __future__ import annotations

from datetime import datetime

import msgspec
from pynamodb.attributes import UnicodeAttribute

from chalicelib.core.ids import MerchantId, UserId, derived
from chalicelib.core.table import IntAttribute, Item, Key, StateAttribute, StructAttribute, TimeAttribute, table
from chalicelib.sharing.rules import Evidence

SHARE_LETTERS = 16


class Activity(msgspec.Struct, frozen=True):
    """A private card that WeChat made for a share."""

    id: str
    made_at: datetime


class Sharing(Item):
    """One user's share of one object: written when it is first shown to him, and the same for ever."""

    letter = "SHR"
    prefix = "META"

    uid = UnicodeAttribute()
    kind = UnicodeAttribute()
    object = UnicodeAttribute()
    title = UnicodeAttribute()
    campaign = UnicodeAttribute(null=True)
    ends_at = TimeAttribute(null=True)
    """When its campaign ends."""
    created_at = TimeAttribute()
    short_link = UnicodeAttribute(null=True)
    link_until = TimeAttribute(null=True)
    """The link is shown before this."""
    activities = StructAttribute[list[Activity]](list[Activity])
    """Its private cards that may still be proved, the newest last."""

    @property
    def share_id(self) -> str:
        """Its id."""
        return self.pk.split("#", 1)[1]


class Entry(Item):
    """That somebody opened an object through others' shares: one a person and object, whatever he opened it by."""

    letter = "U"
    prefix = "ENT#"

    share = UnicodeAttribute()
    """The last valid share that he came by."""
    sharer = UnicodeAttribute()
    scene_value = IntAttribute()
    """WeChat's number of the way he came."""
    evidence = StateAttribute(Evidence)
    campaign = UnicodeAttribute(null=True)
    first_at = TimeAttribute()
    """When he first came, by whichever share."""
    opened_at = TimeAttribute()
    """When he came by this one."""
    until = TimeAttribute()
    """What he does before this is attributed to the sharer."""


class MiniCode(Item):
    """WeChat's code for a page and a scene: made once, and kept for ever."""

    letter = "WXC"
    prefix = "META"

    page = UnicodeAttribute()
    scene = UnicodeAttribute()
    asked = IntAttribute()
    """How often somebody set out to ask WeChat for it: once, unless he died or was refused."""
    leased_until = TimeAttribute(null=True)
    """Somebody is asking WeChat for it; from then on others may."""
    refused_until = TimeAttribute(null=True)
    """WeChat knows no such page; until then nobody asks again."""
    file = UnicodeAttribute(null=True)
    """What its picture is called, once it is kept."""
    media = UnicodeAttribute(null=True)
    """``image/png`` or ``image/jpeg``."""
    made_at = TimeAttribute(null=True)


def share_id(mid: MerchantId, uid: UserId, kind: str, ident: str) -> str:
    """The id of a user's share of an object: always the same, and it reveals neither."""
    return derived("share", mid, uid, kind, ident, length=SHARE_LETTERS)


def share_key(mid: MerchantId, share: str) -> Key:
    """Where a share stands."""
    return table(mid).key("SHR", share)


def entry_key(mid: MerchantId, uid: UserId, kind: str, ident: str) -> Key:
    """Where a user's entry to an object stands."""
    return table(mid).key("U", uid, sk=f"ENT#{kind}#{ident}")


def mini_code_key(mid: MerchantId, page: str, scene: str) -> Key:
    """Where the code of a page and a scene stands."""
    return table(mid).key("WXC", derived("mini code", page, scene))
