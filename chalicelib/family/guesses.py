"""Wrong codes of invitations that a user tried: five in five minutes or twenty on a day, and he tries none for a while.

What he types while he is locked out counts for nothing, be it a good code or none, and is answered alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta

from chalicelib.core import clock
from chalicelib.core.decision import decided
from chalicelib.core.errors import RippleError
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import read_one
from chalicelib.core.table import IntAttribute, Item, Key, StructAttribute, table
from chalicelib.core.transaction import upsert_one
from chalicelib.family.people_problems import INVITATION_UNKNOWN, INVITATIONS_LOCKED
from chalicelib.family.standing import same

FEW = 5
WITHIN = timedelta(minutes=5)
MANY = 20
"""On one day in China."""
KEPT = timedelta(days=2)


class InvitationGuesses(Item):
    """When a user tried codes of no invitation lately."""

    letter = "U"
    prefix = "FGUESS"

    at = StructAttribute[list[int]](list[int])
    """Seconds since 1970, those of the last day alone."""
    turn = IntAttribute()
    """How many there ever were, so that of two at once none is lost."""


def guesses_key(mid: MerchantId, uid: str) -> Key:
    """Where a user's stand."""
    return table(mid).key("U", uid, sk=InvitationGuesses.prefix)


def locked_until(at: Sequence[int], now: datetime) -> datetime | None:
    """Until when whoever tried wrong codes at these seconds may try none; None while he may."""
    today = clock.day_of(now)
    if sum(clock.day_of(_instant(second)) == today for second in at) >= MANY:
        return datetime.combine(today + timedelta(days=1), time(), clock.BEIJING)
    if len(at) < FEW or at[-1] - at[-FEW] >= WITHIN.total_seconds():
        return None
    until = _instant(at[-FEW]) + WITHIN
    return until if now < until else None


def insist_free(guesses: InvitationGuesses | None, now: datetime) -> None:
    """Raise `INVITATIONS_LOCKED` for whoever tried wrong codes too often."""
    if guesses is not None and (until := locked_until(guesses.at, now)) is not None:
        raise RippleError(INVITATIONS_LOCKED, until=clock.iso(until))


@contextmanager
def counted(mid: MerchantId, uid: str) -> Iterator[None]:
    """What turns out to be `INVITATION_UNKNOWN` in the block is noted; if it is one too many, `INVITATIONS_LOCKED`."""
    try:
        yield
    except RippleError as refused:
        if refused.problem is INVITATION_UNKNOWN:
            decided(lambda: _note(mid, uid))
        raise


def _note(mid: MerchantId, uid: str) -> None:
    """One wrong code more, unless he is locked out. Raises `INVITATIONS_LOCKED`."""
    key, now = guesses_key(mid, uid), clock.now()
    seen = read_one(InvitationGuesses, key)
    insist_free(seen, now)
    lately = [second for second in (seen.at if seen is not None else []) if _instant(second) > now - timedelta(days=1)]
    at, turn = [*lately, int(now.timestamp())], seen.turn if seen is not None else None
    actions = [
        InvitationGuesses.at.set(at),
        InvitationGuesses.turn.set((turn or 0) + 1),
        InvitationGuesses.ttl.set(int((now + KEPT).timestamp())),
    ]
    upsert_one(key, actions, when={"turn": same(InvitationGuesses.turn, turn)})
    if (until := locked_until(at, now)) is not None:
        raise RippleError(INVITATIONS_LOCKED, until=clock.iso(until))


def _instant(second: int) -> datetime:
    return datetime.fromtimestamp(second, UTC)
