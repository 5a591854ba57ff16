"""A play of the tests: a jar that strangers put marbles into, one each, where a doubtful marble waits.

Its rules are those of any play that holds acts: a decision counts the marble under the jar's own conditions, a jar that
is full makes what still waits moot, one that is frozen is left alone, and what nobody decides decides itself.
"""

from __future__ import annotations

import base64
from datetime import timedelta
from enum import StrEnum

from pynamodb.attributes import UnicodeAttribute

from chalicelib.core import clock, due
from chalicelib.core.decision import Read, decided_or_refused
from chalicelib.core.errors import NOT_FOUND, RippleError
from chalicelib.core.ids import MerchantId, UserId
from chalicelib.core.table import IntAttribute, Item, Key, StateAttribute, StructAttribute, TimeAttribute, table
from chalicelib.core.times import Time, timed
from chalicelib.core.transaction import Transaction
from chalicelib.sharing import held
from chalicelib.sharing.held import About, Decision, Holding, Sign
from chalicelib.sharing.plugged import HELD
from chalicelib.sharing.problems import FROZEN, NOT_HELD
from chalicelib.sharing.verdict import Outcome, Signal, Verdict
from tests.town import Town

POLICY = timedelta(hours=2)
VERDICT = Verdict(Outcome.HOLD, [Signal.RECIPROCAL, Signal.ADDRESS_CROWDED])


class MarbleState(StrEnum):
    HELD = "held"
    COUNTED = "counted"
    REJECTED = "rejected"
    MOOT = "moot"


ENDS = {
    Decision.APPROVED: MarbleState.COUNTED,
    Decision.REJECTED: MarbleState.REJECTED,
    Decision.MOOT: MarbleState.MOOT,
}


class Jar(Item):
    """``marbles`` of ``room`` are in it, ``held`` wait."""

    letter = "CUP"
    prefix = "META"

    marbles = IntAttribute()
    room = IntAttribute()
    held = IntAttribute()
    frozen = IntAttribute(default=0)


class Marble(Item):
    letter = "CUP"
    prefix = "MARBLE#"

    state = StateAttribute(MarbleState)
    verdict = StructAttribute[Verdict](Verdict)
    held_at = TimeAttribute()
    decided_by = UnicodeAttribute(null=True)


def jar_key(mid: str, name: str) -> Key:
    return table(MerchantId(mid)).key("CUP", name)


def marble_key(mid: str, name: str, uid: str) -> Key:
    return table(MerchantId(mid)).key("CUP", name, sk=f"MARBLE#{uid}")


def id_of(key: Key) -> str:
    """What the desk calls a held act."""
    text = f"{key.pk.partition('|')[2]}|{key.sk}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def jar(town: Town, name: str, *, room: int = 9, frozen: int = 0) -> Key:
    """An empty jar."""
    made = Jar(*jar_key(town.merchant.mid, name), marbles=0, room=room, held=0, frozen=frozen)
    town.emulator.restore(made)
    return made.key


def hold(town: Town, name: str, *uids: str) -> list[Key]:
    """Marbles that wait, one of each."""
    keys = []
    for uid in uids:
        key = marble_key(town.merchant.mid, name, uid)
        marble = Marble(*key, state=MarbleState.HELD, verdict=VERDICT, held_at=clock.now())
        marble.gsi3pk, marble.gsi3sk = held.entry(key, clock.now())
        marble.set_due(clock.now() + POLICY)
        tx = Transaction().put("marble", marble)
        tx.update("jar", jar_key(town.merchant.mid, name), [Jar.held.add(1)], when={})
        tx.commit()
        keys.append(key)
    return keys


def decide(mid: MerchantId, key: Key, yes: bool, actor: str, note: str | None, *, sign: Sign) -> Decision:
    """See `held.Decide`."""
    place = Key(key.pk, "META")

    def attempt(read: Read) -> Decision:
        found = read(key, place)
        marble, into = found.item(Marble, key), found.item(Jar, place)
        if marble is None or into is None:
            raise RippleError(NOT_FOUND)
        if marble.state != MarbleState.HELD:
            raise RippleError(NOT_HELD)
        if into.frozen:
            raise RippleError(FROZEN)
        decision = Decision.REJECTED
        if yes:
            decision = Decision.APPROVED if into.marbles < into.room else Decision.MOOT
        counted = [Jar.marbles.add(1)] if decision is Decision.APPROVED else []
        tx = Transaction()
        tx.update("jar", into, [Jar.held.add(-1), *counted], when={"seen": Jar.marbles == into.marbles})
        ended = [Marble.state.set(ENDS[decision]), Marble.decided_by.set(actor)]
        unlisted = [Marble.gsi3pk.remove(), Marble.gsi3sk.remove()]
        tx.update("marble", marble, [*ended, *unlisted], when={"held": Marble.state == MarbleState.HELD}, due=None)
        sign(tx, decision)
        tx.commit()
        return decision

    return decided_or_refused(attempt)


@timed(Time("its time is over", "it counts", "it waits"))
def marble_due(marble: Marble) -> None:
    """What nobody decided counts, by the policy."""
    decide(marble.mid, marble.key, True, "policy", None, sign=lambda tx, decision: None)


HOLDING = Holding(
    play="jar",
    waits=lambda marble: marble.state is MarbleState.HELD,
    about=lambda marble: About(
        object_id=marble.pk.split("#", 1)[1],
        uid=UserId(marble.sk.split("#", 1)[1]),
        held_at=marble.held_at,
        verdict=marble.verdict,
    ),
    decide=decide,
)

HELD[Marble] = HOLDING
due.register({Marble: marble_due})
