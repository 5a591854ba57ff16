"""Acts outside our storage: owed in the transaction that decides them, carried out later, once each in effect.

An entry is delivered at once by the table's stream and driven again by the sweeper. Both take the same lease first.
Two classes: ``same-number`` effects (refund, transfer, upload) are repeated under their number until the outcome is
known; ``once`` effects (message) are marked in the transaction that decides to act, before the call, and an unknown
outcome is not repeated.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Any

import msgspec
from pynamodb.attributes import UnicodeAttribute
from pynamodb.expressions.update import Action

from chalicelib.core import clock, log, rate
from chalicelib.core.errors import Unknown
from chalicelib.core.ids import MerchantId, derived
from chalicelib.core.lazily import Registry
from chalicelib.core.metrics import count
from chalicelib.core.rate import Rate
from chalicelib.core.table import Item, Key, StructAttribute, TimeAttribute, table
from chalicelib.core.times import Time, span, timed
from chalicelib.core.transaction import Transaction, update_one

REDRIVE = timedelta(seconds=60)
"""When the sweeper looks after an entry that the stream should have delivered."""


class EffectClass(StrEnum):
    """How an unknown outcome is treated."""

    SAME_NUMBER = "same_number"
    ONCE = "once"


class OutboxEntry(Item):
    """One act owed to the outside."""

    letter = "X"
    prefix = "X#"

    effect = UnicodeAttribute()
    number = UnicodeAttribute()
    """The number under which the outside knows the act, derived from the state that owes it."""
    payload = StructAttribute[dict[str, Any]](dict[str, Any])
    created_at = TimeAttribute()
    marked_at = TimeAttribute(null=True)


class Done(msgspec.Struct, frozen=True):
    """The act's outcome is known; ``settle`` adds what follows from it to the transaction that ends the entry."""

    settle: Callable[[Transaction], None] | None = None


class Later(msgspec.Struct, frozen=True):
    """The act is under way or cannot be done yet: come back after ``pause``."""

    pause: timedelta
    why: str
    accepted: bool = False
    """The outside has it and works on it: that it takes long is no trouble."""


class Once(msgspec.Struct, frozen=True):
    """To be done now, and never again."""

    decide: Callable[[Transaction], None]
    """Adds to the transaction that marks the entry all that the decision takes and rests on."""
    act: Callable[[], Done | Later]
    """`Later` where it was surely not done. Raises `Unknown` where it may have been."""


Deliver = Callable[[OutboxEntry], "Done | Later | Once"]


class Effect(msgspec.Struct, frozen=True):
    """A registered kind of act. One of the class ``once`` acts in the `Once` that ``deliver`` returns, nowhere else."""

    repeat: EffectClass
    deliver: Deliver
    rate: Rate | None = None
    """How often a merchant's acts of this kind may be tried."""
    uncertain: Callable[[OutboxEntry, Transaction], None] | None = None
    """Of the class ``once``: adds what follows when nobody knows whether it was done."""


EFFECTS: Registry[str, Effect] = Registry()
"""Every kind of act by name, filled by app.py."""


def register(effects: Mapping[str, Effect]) -> None:
    """Name the acts that entries may owe."""
    EFFECTS.update(effects)


def entry_key(mid: MerchantId, effect: str, number: str) -> Key:
    """Where the act ``number`` of a kind stands while it is owed."""
    return table(mid).key("X", derived(mid, effect, number), sk="X#")


def owe(tx: Transaction, name: str, mid: MerchantId, effect: str, number: str, payload: dict[str, Any]) -> None:
    """Owe an act in ``tx``; the same number cannot be owed twice at the same time."""
    instant = clock.now()
    entry = OutboxEntry(
        *entry_key(mid, effect, number), effect=effect, number=number, payload=payload, created_at=instant
    )
    entry.set_due(instant + REDRIVE)
    tx.put(name, entry)


@timed(
    Time(
        f"something outside is owed: at once by the table's stream, after {span(REDRIVE)} otherwise",
        "it is done, in effect once: a refund, a report to WeChat, what follows from an order",
        "it stays owed, under its number",
    ),
    Time(
        f"where the merchant's acts of the kind are at their rate, at a turn of its own within {span(rate.FAR)}",
        "it is done then, so that a backlog does not flood whoever is outside",
        "it stays owed",
    ),
)
def deliver(entry: OutboxEntry) -> None:
    """Carry out a leased entry and settle it (the due handler of `OutboxEntry`)."""
    effect = EFFECTS[entry.effect]
    leased = {"leased": OutboxEntry.gsi2sk == entry.gsi2sk}
    if entry.marked_at is not None:
        _give_up(entry, effect)
        return
    try:
        if effect.rate:
            rate.insist_turn(entry, entry.effect, effect.rate)
    except rate.Crowded:
        emit_age(entry)
        raise
    try:
        outcome = effect.deliver(entry)
        if isinstance(outcome, Once):
            outcome = _once(entry, effect, outcome)
    except Unknown:
        emit_age(entry)
        _learn(entry, effect, well=False)
        raise
    if outcome is None:
        return
    _learn(entry, effect, well=isinstance(outcome, Done) or outcome.accepted)
    if isinstance(outcome, Later):
        if not outcome.accepted:
            emit_age(entry)
        log.info("effect_later", effect=entry.effect, number=entry.number, why=outcome.why)
        release: list[Action] = [OutboxEntry.marked_at.remove()] if effect.repeat is EffectClass.ONCE else []
        update_one(entry, release, when=leased, due=clock.now() + outcome.pause)
        return
    tx = Transaction()
    if outcome.settle:
        outcome.settle(tx)
    tx.delete("entry", entry, when=leased)
    tx.commit()
    log.info("effect_done", effect=entry.effect, number=entry.number)


def _once(entry: OutboxEntry, effect: Effect, once: Once) -> Done | Later | None:
    """Mark the entry with all that the decision takes, then act; None where nobody knows whether it was done."""
    tx = Transaction()
    once.decide(tx)
    unmarked = {"leased": OutboxEntry.gsi2sk == entry.gsi2sk, "unmarked": OutboxEntry.marked_at.does_not_exist()}
    tx.update("entry", entry, [OutboxEntry.marked_at.set(clock.now())], when=unmarked)
    tx.commit()
    try:
        return once.act()
    except Unknown as unknown:
        log.warning("effect_unknown", effect=entry.effect, number=entry.number, why=str(unknown))
        _learn(entry, effect, well=False)
        _give_up(entry, effect)
        return None


def _give_up(entry: OutboxEntry, effect: Effect) -> None:
    """It was marked and has no outcome: it may have been done, and is not done again."""
    count("EffectUncertain", effect=entry.effect)
    tx = Transaction()
    if effect.uncertain:
        effect.uncertain(entry, tx)
    tx.delete("entry", entry, when={"leased": OutboxEntry.gsi2sk == entry.gsi2sk})
    tx.commit()


def _learn(entry: OutboxEntry, effect: Effect, *, well: bool) -> None:
    """Let the rate follow how it went."""
    if effect.rate:
        (rate.speed_up if well else rate.slow_down)(entry.mid, entry.effect, effect.rate)


def emit_age(entry: OutboxEntry) -> None:
    """Report how long an act has been owed, in seconds, when it is not done at a try."""
    count("OutboxAge", (clock.now() - entry.created_at).total_seconds(), effect=entry.effect)
