"""An action that is asked twice happens once: the request's own identity, and the record that answers its repetition.

Where the action creates an item, that item's id is derived from the request and it carries the request's fingerprint.
Otherwise a `Record` is written inside the transaction. Only successes are recorded: a refusal may succeed on retry.
"""

from __future__ import annotations

import msgspec
from pynamodb.attributes import UnicodeAttribute

from chalicelib.core import clock
from chalicelib.core.decision import decided
from chalicelib.core.errors import KEY_REUSED, RippleError
from chalicelib.core.ids import ULID_LENGTH, MerchantId, derived
from chalicelib.core.store import read
from chalicelib.core.table import Item, Key, StructAttribute, table
from chalicelib.core.transaction import Transaction

RECORD_SECONDS = 72 * 3600
"""How long a record answers repetitions."""


class Intent(msgspec.Struct, frozen=True, kw_only=True):
    """What one request with an ``Idempotency-Key`` wants, identified by who asks, the route template and the key."""

    mid: MerchantId
    actor: str
    route: str
    key: str
    fingerprint: str
    """Hash of path parameters and body: the same key for something else is a mistake of the client."""

    def ident(self, kind: str, length: int = ULID_LENGTH) -> str:
        """The id of the ``kind`` that this request creates."""
        return derived(self.mid, self.actor, self.route, self.key, kind, length=length)

    def insist_same(self, fingerprint: str) -> None:
        """Raise `KEY_REUSED` unless what was created by this key is what this request asks for."""
        if fingerprint != self.fingerprint:
            raise RippleError(KEY_REUSED)


def fingerprint(path: dict[str, str], body: bytes) -> str:
    """The hash that tells one request from another: its path parameters and its body as decoded and written again."""
    return derived("fingerprint", *(f"{k}={v}" for k, v in sorted(path.items())), body.decode(), length=20)


class Record(Item):
    """What a request that created no item of its own has done."""

    letter = "I"
    prefix = "META"

    fingerprint = UnicodeAttribute()
    result = StructAttribute[dict[str, str]](dict[str, str])


def record_key(intent: Intent) -> Key:
    """Where the request's record stands."""
    return table(intent.mid).key("I", intent.ident("record"))


def add_record(tx: Transaction, intent: Intent, **result: str) -> None:
    """Write the record in the action's own transaction, under the name ``record``."""
    ttl = int(clock.now().timestamp()) + RECORD_SECONDS
    tx.put("record", Record(*record_key(intent), fingerprint=intent.fingerprint, result=result, ttl=ttl))


def begin(intent: Intent) -> None:
    """Note what a key is used for before the many parts of its request, each of which has an intent of its own.

    So it is used for nothing else. Raises `KEY_REUSED`.
    """

    def attempt() -> None:
        key = record_key(intent)
        if recorded(intent, read(key)[key]) is None:
            tx = Transaction()
            add_record(tx, intent)
            tx.commit()

    decided(attempt)


def part(intent: Intent, name: str) -> Intent:
    """The intent of one part of a request."""
    return msgspec.structs.replace(intent, key=f"{intent.key}/{name}")


def recorded(intent: Intent, record: Item | None) -> dict[str, str] | None:
    """What the request did before, or None if it did nothing yet."""
    if not isinstance(record, Record):
        return None
    intent.insist_same(record.fingerprint)
    return record.result
