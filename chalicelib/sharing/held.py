"""Held acts of every play: what waits for the merchant, why, and his decision, which takes effect once.

A play names its items that may wait in `plugged.HELD`. The decision is its own transaction; who decided and the answer
to a repeated request are written in it too, so that there is never one without the other.
"""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

import msgspec

from chalicelib.accounts.items import User, user_key
from chalicelib.core import clock
from chalicelib.core.decision import Read, decided_or_refused
from chalicelib.core.errors import NOT_FOUND, Language, RippleError
from chalicelib.core.idempotency import Intent, add_record, begin, part, record_key, recorded
from chalicelib.core.ids import MerchantId, UserId
from chalicelib.core.store import read_all, spread
from chalicelib.core.table import Key, class_of, table
from chalicelib.core.transaction import Transaction
from chalicelib.merchants import audit
from chalicelib.sharing.plugged import HELD
from chalicelib.sharing.problems import NOT_HELD
from chalicelib.sharing.verdict import Verdict

SHARDS = 4
"""Index keys that a merchant's held acts are spread over."""


class Decision(StrEnum):
    """What became of a held act."""

    APPROVED = "approved"
    REJECTED = "rejected"
    MOOT = "moot"
    """What it was for has ended otherwise, so that it neither counts nor was refused."""


Sign = Callable[[Transaction, Decision], None]
"""Adds to the play's transaction who decided, and the answer to the same request sent again."""


class Decide(Protocol):
    """A play's decision about one of its held acts, in its own transaction, into which it calls ``sign``.

    Raises `NOT_HELD` where it waits no more, `FROZEN` where it cannot be decided now.
    """

    def __call__(
        self, mid: MerchantId, key: Key, yes: bool, actor: str, note: str | None, *, sign: Sign
    ) -> Decision: ...


class About(msgspec.Struct, frozen=True, kw_only=True):
    """What a held act is: of what, by whom, since when, and why it waits."""

    object_id: str
    uid: UserId
    held_at: datetime
    verdict: Verdict


class Holding(msgspec.Struct, frozen=True):
    """How a play's acts wait. ``waits`` says whether one does now."""

    play: str
    waits: Callable[[Any], bool]
    about: Callable[[Any], About]
    decide: Decide


class Held(msgspec.Struct, frozen=True):
    """A held act, and who did it."""

    held_id: str
    play: str
    about: About
    user: User | None
    decides_at: datetime | None
    """When it decides itself."""


class Line(msgspec.Struct, kw_only=True):
    """What became of one of several."""

    held_id: str
    outcome: str
    """approved | rejected | moot | refused"""
    code: str | None
    """The problem's, where it was refused."""
    detail: str | None


def entry(key: Key, held_at: datetime) -> tuple[str, str]:
    """Where a merchant finds the held act at ``key``: its ``gsi3pk`` and ``gsi3sk``, longest waiting first."""
    mid, _, place = key.pk.partition("|")
    shard = zlib.crc32(f"{key.pk} {key.sk}".encode()) % SHARDS
    return partition(MerchantId(mid), shard), f"{clock.iso(held_at)}#{place}#{key.sk}"


def partition(mid: MerchantId, shard: int) -> str:
    """One shard of a merchant's held acts."""
    return table(mid).pk("HOLD", str(shard))


def listed(mid: MerchantId, limit: int, after: str | None) -> tuple[list[Held], str | None]:
    """A page of what waits, longest waiting first, and the position that the next page begins after."""
    keys, more = spread([partition(mid, n) for n in range(SHARDS)], "gsi3", limit, forward=True, after=after)
    items = [item for item in read_all(keys) if type(item) in HELD and HELD[type(item)].waits(item)]
    told = [(item, HELD[type(item)].about(item)) for item in items]
    users = {user.uid: user for user in read_all(user_key(mid, a.uid) for _, a in told) if isinstance(user, User)}
    return [
        Held(_id_of(item.key), HELD[type(item)].play, about, users.get(about.uid), item.due) for item, about in told
    ], more


def decide(intent: Intent, held_id: str, *, yes: bool, note: str | None) -> Decision:
    """Approve or reject one held act; the same request again has the same answer and does nothing.

    Raises NOT_FOUND, `NOT_HELD`, and what its play refuses.
    """
    mid, key, record = intent.mid, _key_of(intent.mid, held_id), record_key(intent)

    def sign(tx: Transaction, decision: Decision) -> None:
        add_record(tx, intent, decision=decision.value)
        subject = f"{key.pk.partition('|')[2]} {key.sk}"
        said = {"decision": decision.value, **({"note": note} if note else {})}
        audit.add(tx, mid, intent.actor, "held.approve" if yes else "held.reject", subject, **said)

    def attempt(read: Read) -> Decision:
        found = read(record, key)
        if (before := recorded(intent, found[record])) is not None:
            return Decision(before["decision"])
        item = found[key]
        if item is None:
            raise RippleError(NOT_FOUND)
        holding = HELD[type(item)]
        if not holding.waits(item):
            raise RippleError(NOT_HELD)
        return holding.decide(mid, key, yes, intent.actor, note, sign=sign)

    return decided_or_refused(attempt)


def decide_all(intent: Intent, held_ids: list[str], *, yes: bool, note: str | None, language: Language) -> list[Line]:
    """Decide several, each by itself: what is refused is said of it and stops no other.

    Sent again, it decides nothing twice and goes on where it ended. Raises `KEY_REUSED`.
    """
    begin(intent)
    return [_line(intent, held_id, yes, note, language) for held_id in dict.fromkeys(held_ids)]


def _line(intent: Intent, held_id: str, yes: bool, note: str | None, language: Language) -> Line:
    try:
        decision = decide(part(intent, held_id), held_id, yes=yes, note=note)
    except RippleError as refused:
        if refused.problem.status >= 500:
            raise
        detail = refused.told(language)["detail"]
        return Line(held_id=held_id, outcome="refused", code=refused.problem.code, detail=detail)
    return Line(held_id=held_id, outcome=decision.value, code=None, detail=None)


def _id_of(key: Key) -> str:
    """A held act's name in a path: where it stands in its merchant's part of the table."""
    text = f"{key.pk.partition('|')[2]}|{key.sk}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _key_of(mid: MerchantId, held_id: str) -> Key:
    """The key that `_id_of` wrote, of an item that may wait. Raises NOT_FOUND."""
    try:
        place, _, sk = base64.urlsafe_b64decode(held_id + "=" * (-len(held_id) % 4)).decode().partition("|")
        key = table(mid).key(*place.split("#"), sk=sk)
        if class_of(key) in HELD and _id_of(key) == held_id:
            return key
    except (ValueError, binascii.Error, KeyError):
        pass
    raise RippleError(NOT_FOUND)
