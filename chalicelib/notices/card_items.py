"""What is stored of live cards: for each thing that is sent so, what its cards say."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import msgspec
from pynamodb.expressions.update import Action

from chalicelib.core.ids import MerchantId
from chalicelib.core.table import IntAttribute, Item, Key, StructAttribute, TimeAttribute, table
from chalicelib.notices.card_rules import PACE, Activity, Standing


class Card(Item):
    """The live cards of one thing: its due entry is when they are looked at."""

    letter = "CARD"
    prefix = "META"

    activities = StructAttribute[list[Activity]](list[Activity])
    edition = IntAttribute(default=0)
    """Grows whenever something is written here that another writer must not pass over."""
    called_at = TimeAttribute(null=True)
    """When WeChat was told last: written before it is, and again when it has answered."""
    calling = IntAttribute(null=True)
    """1 from before WeChat is told until it is known what became of that."""
    created_at = TimeAttribute()

    @property
    def kind(self) -> str:
        """What kind of thing it is of."""
        return self.pk.split("#", 2)[1]

    @property
    def ident(self) -> str:
        """Which one."""
        return self.pk.split("#", 2)[2]

    def free_at(self, now: datetime) -> datetime:
        """From when on WeChat may be told again."""
        return max(now, self.called_at + PACE) if self.called_at else now

    def is_held(self, now: datetime) -> bool:
        """Whether a worker may be telling WeChat right now, or waits for its answer or for a turn."""
        held = self.calling is not None or self.queued is not None
        return held and self.due is not None and self.due > now


class Carded(msgspec.Struct, frozen=True):
    """A kind of thing that is sent as a live card."""

    key: Callable[[MerchantId, str], Key]
    """Where a thing stands, by its id."""
    standing: Callable[[Item | None], Standing | None]
    """How it stands, from what stands there; None where there is nothing."""
    mark: Callable[[], Action]
    """Writes on the thing that it has cards, so that the table's stream tells of its changes."""


def card_key(mid: MerchantId, kind: str, ident: str) -> Key:
    """Where the live cards of a thing stand."""
    return table(mid).key("CARD", kind, ident)
