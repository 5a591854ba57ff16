"""What is stored of messages: that one was heard, where hearing it twice would count twice."""

from __future__ import annotations

from datetime import timedelta

from pynamodb.attributes import UnicodeAttribute

from chalicelib.core import clock
from chalicelib.core.ids import MerchantId, UserId
from chalicelib.core.table import Item, Key, table
from chalicelib.wechat.push import Message

KEPT = timedelta(days=1)
"""How long it is known: WeChat comes again within minutes, and a mall that was down forwards later."""


class Pushed(Item):
    """A message that was acted on, written with what it changed."""

    letter = "PSH"
    prefix = "META"

    event = UnicodeAttribute()
    uid = UnicodeAttribute()
    """Whom it is about."""


def pushed_key(mid: MerchantId, ident: str) -> Key:
    """Where it stands that a message was heard."""
    return table(mid).key("PSH", ident)


def pushed(mid: MerchantId, uid: UserId, message: Message) -> Pushed:
    """That a message about a user is heard now."""
    ttl = int((clock.now() + KEPT).timestamp())
    return Pushed(*pushed_key(mid, message.ident), event=message.kind, uid=uid, ttl=ttl)
