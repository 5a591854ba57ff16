"""The one table: keys that begin with their merchant, and the base of everything stored in it.

An item's class follows from the letter after the merchant in pk and the sk prefix together, so that one read round can
return items of several classes and a stream record or due entry names its own.
"""

from __future__ import annotations

import zlib
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar

import msgspec
from pynamodb.attributes import Attribute, UnicodeAttribute
from pynamodb.constants import NUMBER, STRING
from pynamodb.models import Model

from chalicelib.core import clock
from chalicelib.core.errors import NOT_FOUND, RippleError
from chalicelib.core.ids import MerchantId
from chalicelib.core.lazily import everything

E = TypeVar("E", bound=StrEnum)
S = TypeVar("S")

DUE_SHARDS = 32
"""How many index keys the due entries of all merchants are spread over."""

FOREIGN_KEYS = ("OID#", "APP#")
"""Partition keys that do not begin with their merchant: what is looked up before the merchant is known. Their items
name it in the attribute ``owner``. The due index (``DUE#``, ``DEAD#``) is shared; its base keys name the merchant."""


class Key(NamedTuple):
    """Where an item stands."""

    pk: str
    sk: str


class Table:
    """One merchant's part of the table: the only way to form a key."""

    def __init__(self, mid: MerchantId) -> None:
        if not mid or not mid.isalnum() or not mid.isascii():
            raise RippleError(NOT_FOUND)
        self.mid = mid

    def key(self, letter: str, *parts: str, sk: str = "META") -> Key:
        """``mid|LETTER#part#part`` / ``sk``."""
        return Key(self.pk(letter, *parts), sk)

    def pk(self, letter: str, *parts: str) -> str:
        """A partition key, also for the index partitions of this merchant."""
        return f"{self.mid}|" + "#".join((letter, *parts))


def table(mid: MerchantId) -> Table:
    """The merchant's part of the table. Raises `NOT_FOUND` for what cannot be a merchant's id."""
    return Table(mid)


def foreign_key(kind: str, *parts: str, sk: str) -> Key:
    """A key of one of the `FOREIGN_KEYS`, for look-ups that find the merchant."""
    if f"{kind}#" not in FOREIGN_KEYS:
        raise ValueError(f"{kind} keys begin with their merchant")
    return Key("#".join((kind, *parts)), sk)


class IntAttribute(Attribute[int]):
    """A whole number; money is always one (fen)."""

    attr_type = NUMBER

    def serialize(self, value: Any) -> str:
        return str(int(value))

    def deserialize(self, value: str) -> int:
        return int(value)


class TimeAttribute(Attribute[datetime]):
    """An instant as RFC 3339 text in UTC, which sorts and compares as time does."""

    attr_type = STRING

    def serialize(self, value: Any) -> str:
        return clock.iso(value)

    def deserialize(self, value: str) -> datetime:
        return clock.parse(value)


class StateAttribute(Attribute[E], Generic[E]):
    """One of the states of a state machine."""

    attr_type = STRING

    def __init__(self, states: type[E], **options: Any) -> None:
        super().__init__(**options)
        self.states = states

    def serialize(self, value: Any) -> str:
        return self.states(value).value

    def deserialize(self, value: str) -> E:
        return self.states(value)


class StructAttribute(Attribute[S], Generic[S]):
    """A frozen value as compact JSON text: read and written whole, never updated in part."""

    attr_type = STRING

    def __init__(self, of: Any, **options: Any) -> None:
        super().__init__(**options)
        self.decoder: msgspec.json.Decoder[S] = msgspec.json.Decoder(of)

    def serialize(self, value: Any) -> str:
        return msgspec.json.encode(value).decode()

    def deserialize(self, value: str) -> S:
        return self.decoder.decode(value)


ITEMS: dict[tuple[str, str], type[Item]] = {}
"""Every stored class by (letter, sk prefix), of the rooms that were needed so far."""


class Item(Model):
    """What every stored item has. A subclass names its ``letter`` (of pk) and ``prefix`` (of sk, up to ``#``)."""

    class Meta:
        table_name = "ripple"

    letter: ClassVar[str] = ""
    prefix: ClassVar[str] = ""

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    gsi1pk = UnicodeAttribute(null=True)
    gsi1sk = UnicodeAttribute(null=True)
    gsi2pk = UnicodeAttribute(null=True)
    gsi2sk = UnicodeAttribute(null=True)
    gsi3pk = UnicodeAttribute(null=True)
    gsi3sk = UnicodeAttribute(null=True)
    ttl = IntAttribute(null=True)
    fails = IntAttribute(null=True)
    """Handler errors in a row of its due entry."""
    waits = IntAttribute(null=True)
    """Undecided answers in a row of its due entry."""
    queued = IntAttribute(null=True)
    """The round of turns in which its due entry has a turn at an API (`core.rate`)."""

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if not cls.letter:
            return
        known = ITEMS.setdefault((cls.letter, cls.prefix), cls)
        if known is not cls:
            raise ValueError(f"{known.__name__} and {cls.__name__} share a key form")

    @property
    def key(self) -> Key:
        """Where it stands."""
        return Key(self.pk, self.sk)

    @property
    def mid(self) -> MerchantId:
        """Whose it is."""
        return MerchantId(self.pk.split("|", 1)[0])

    @property
    def due(self) -> datetime | None:
        """The earliest of its next events, if something must happen later."""
        return clock.parse(self.gsi2sk.split("#", 1)[0]) if self.gsi2sk else None

    def set_due(self, instant: datetime | None) -> None:
        """Give a new item its first due entry, or none."""
        self.gsi2pk, self.gsi2sk = due_entry(self.pk, instant) if instant else (None, None)


def due_entry(pk: str, instant: datetime) -> tuple[str, str]:
    """The index key under which the sweeper finds ``pk`` at ``instant``."""
    return f"DUE#{zlib.crc32(pk.encode()) % DUE_SHARDS:02d}", f"{clock.iso(instant)}#{pk}"


def class_of(key: Key) -> type[Item]:
    """The class of the item at ``key``; KeyError when nothing of that form is stored."""
    letter = key.pk.split("|", 1)[-1].split("#", 1)[0]
    head, mark, _ = key.sk.partition("#")
    if (letter, head + mark) not in ITEMS:
        everything()
    return ITEMS[letter, head + mark]


@cache
def needed(kind: type[Item]) -> frozenset[str]:
    """The attributes that every item of a class has."""
    return frozenset(attribute.attr_name for attribute in kind.get_attributes().values() if not attribute.null)


class Undecodable(Exception):
    """What stands there is no item that this code can read: of a class it does not know, or spoiled."""


def decode(raw: dict[str, Any]) -> Item:
    """The typed item of a raw DynamoDB map. Raises `Undecodable`."""
    key = Key(raw["pk"]["S"], raw["sk"]["S"])
    try:
        kind = class_of(key)
        if not raw.keys() >= needed(kind):
            raise ValueError(f"without {', '.join(sorted(needed(kind) - raw.keys()))}")
        item: Item = kind.from_raw_data(raw)
    except (KeyError, TypeError, ValueError, msgspec.MsgspecError) as wrong:
        raise Undecodable(f"{key.pk} {key.sk}: {wrong}") from wrong
    return item
