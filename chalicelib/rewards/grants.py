"""Grants: value on its way to a user, from the promise over the hold to the account, and back if it is undone.

Whoever grants (an invite, a paid order, a burst of packets) adds a grant to his own transaction, under a reference that
names what it is for: so each happens once. What becomes of it is decided when its time has come, by its source.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Protocol

import msgspec
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.accounts.items import User, user_key
from chalicelib.campaigns import stock
from chalicelib.campaigns.gifts import ESCROWS, AsBalance, AsCash, Gift
from chalicelib.campaigns.stock import Drawn
from chalicelib.core import clock, log
from chalicelib.core.decision import decided
from chalicelib.core.ids import CampaignId
from chalicelib.core.store import Found, read, read_one
from chalicelib.core.table import Key
from chalicelib.core.times import timed
from chalicelib.core.transaction import Transaction, update_one
from chalicelib.rewards import give, minors, telling
from chalicelib.rewards.give import Origin
from chalicelib.rewards.items import Grant, grant_key, statement_entry
from chalicelib.rewards.plugged import SOURCES
from chalicelib.rewards.states import ENDED, MINOR, NOT_APPROVED, WAITING, GrantState, Why
from chalicelib.rewards.times import GRANT_TIMES, LOOK_AGAIN, REVIEW
from chalicelib.sharing import held


class Go(msgspec.Struct, frozen=True):
    """It is his."""

    insists: Callable[[Transaction], None] | None = None
    """Adds to the transaction what it rests on."""


class Wait(msgspec.Struct, frozen=True):
    """Look again then."""

    until: datetime


class End(msgspec.Struct, frozen=True):
    """It becomes no value, and why."""

    state: GrantState
    """VOID or LAPSED."""
    note: str


class Less(msgspec.Struct, frozen=True):
    """It is worth so much only: the rest is free again, and what becomes of it is asked anew."""

    amount: int


class Ask(msgspec.Struct, frozen=True):
    """The merchant is to look at it, and why."""

    note: str


Ruling = Go | Wait | End | Less | Ask


class Source(Protocol):
    """Who decides about grants of a kind."""

    def rule(self, grant: Grant) -> Ruling:
        """What becomes of a grant whose time has come; it may read. Raises `Unknown` to be asked again."""
        ...


def new(
    source: str,
    uid: str,
    gift: Gift,
    origin: Origin,
    state: GrantState,
    due: datetime,
    drawn: list[Drawn],
    *,
    escrow: str | None = None,
    note: str | None = None,
) -> Grant:
    """A grant that is looked at when it is ``due``, which is the end of the hold of one that is HELD.

    What is ``drawn`` of its campaign's budget is taken beside it; ``escrow`` is what that is of where it is not its
    currency's budget; ``note`` is why its source will ask.
    """
    now = clock.now()
    grant = Grant(
        *grant_key(origin.mid, uid, origin.ref),
        state=state,
        source=source,
        why=origin.why,
        gift=gift,
        cid=origin.cid,
        version=origin.version,
        subject=origin.subject,
        drawn=drawn,
        hold_until=due if state is GrantState.HELD else None,
        escrow=escrow,
        note=note,
        created_at=now,
    )
    grant.gsi1pk, grant.gsi1sk = statement_entry(origin.mid, uid, now, origin.ref)
    grant.set_due(due)
    return grant


def origin_of(grant: Grant) -> Origin:
    """Where a grant comes from."""
    return Origin(
        mid=grant.mid,
        cid=CampaignId(grant.cid),
        version=grant.version,
        why=grant.why,
        ref=grant.ref,
        subject=grant.subject,
    )


@timed(*GRANT_TIMES)
def grant_due(grant: Grant) -> None:
    """Decide about a leased grant (the due handler of `Grant`)."""
    leased = {"leased": Grant.gsi2sk == grant.gsi2sk}
    if grant.state is GrantState.CLAWING:
        _claw(grant)
        return
    if grant.state not in WAITING:
        update_one(grant, [], when=leased, due=None)
        return
    ruling = _unasked(grant) if grant.state is GrantState.REVIEW else SOURCES[grant.source].rule(grant)
    if isinstance(ruling, Go | Ask) and is_kept(grant):
        ruling = End(GrantState.VOID, MINOR)
    if isinstance(ruling, Wait):
        longer = [Grant.hold_until.set(ruling.until)] if grant.state is GrantState.HELD else []
        update_one(grant, longer, when=leased, due=ruling.until)
    elif isinstance(ruling, Go):
        tx = Transaction()
        if ruling.insists is not None:
            ruling.insists(tx)
        add_granted(tx, grant, leased)
        tx.commit()
        log.info("granted", ref=grant.ref, why=grant.why.value, amount=grant.gift.amount)
    elif isinstance(ruling, End):
        tx = Transaction()
        add_end(tx, grant, ruling.state, ruling.note, leased)
        tx.commit()
    elif isinstance(ruling, Less):
        _lessen(grant, ruling.amount, leased)
    else:
        _ask(grant, ruling.note, leased)


def is_kept(grant: Grant) -> bool:
    """Whether its user is a minor who may not have it, now; asked only where it is nothing for minors."""
    of_a_kind = minors.is_kept_from(grant.why, grant.gift.form)
    return of_a_kind and minors.is_minor(read_one(User, user_key(grant.mid, grant.uid)))


def add_reached(tx: Transaction, grant: Grant, due: datetime) -> None:
    """What a grant was promised for has happened; its hold ends when it is ``due``."""
    when = {"promised": Grant.state == GrantState.PROMISED}
    held_now = [Grant.state.set(GrantState.HELD), Grant.hold_until.set(due)]
    tx.update(f"grant {grant.ref}", grant, held_now, when=when, due=due)


def add_granted(tx: Transaction, grant: Grant, when: Mapping[str, Condition]) -> None:
    """A grant whose hold is over becomes value, and its user is told; what he has just tapped for he sees himself."""
    found = read(*keys) if (keys := give.keys(grant.mid, grant.uid, grant.gift)) else Found({})
    now = clock.now()
    origin = origin_of(grant)
    legs = give.add(tx, "value", grant.uid, grant.gift, origin, found, now, grant.drawn)
    if grant.why is not Why.RAIN or grant.state is GrantState.REVIEW:
        telling.add_arrived(tx, "told", grant.uid, grant.gift, origin, now)
    actions: list[Action] = [
        Grant.state.set(GrantState.GRANTED),
        Grant.legs.set(legs),
        Grant.posted_at.set(now),
        Grant.ended_at.set(now),
        Grant.gsi3pk.remove(),
        Grant.gsi3sk.remove(),
    ]
    if give.owns_budget(grant.gift):
        actions.append(Grant.drawn.set([]))
    conditions = {"as_seen": Grant.state == grant.state, "over": Grant.hold_until <= now, **when}
    tx.update("grant", grant, actions, when=conditions, due=None)


def add_end(tx: Transaction, grant: Grant, state: GrantState, note: str, when: Mapping[str, Condition]) -> None:
    """A waiting grant ends without value: what it held of the budget goes back."""
    actions: list[Action] = [
        Grant.state.set(state),
        Grant.note.set(note),
        Grant.drawn.set([]),
        Grant.ended_at.set(clock.now()),
        Grant.gsi3pk.remove(),
        Grant.gsi3sk.remove(),
    ]
    as_seen: dict[str, Condition] = {"as_seen": Grant.state == grant.state, "drawn": Grant.drawn == grant.drawn, **when}
    tx.update("grant", grant, actions, when=as_seen, due=None)
    _add_back(tx, grant, grant.drawn)


def undo(key: Key, note: str) -> None:
    """What a grant was for was undone: it becomes no value, or what it became goes back as far as it is there.

    Again is the same; where there is no grant nothing happens.
    """

    def attempt() -> None:
        grant = read_one(Grant, key)
        if grant is None or grant.state in (*ENDED, GrantState.CLAWING, GrantState.CLAWED):
            return
        tx = Transaction()
        if grant.state in WAITING:
            add_end(tx, grant, GrantState.VOID, note, {})
        else:
            granted = {"granted": Grant.state == GrantState.GRANTED}
            clawing = [Grant.state.set(GrantState.CLAWING), Grant.note.set(note)]
            tx.update("grant", grant, clawing, when=granted, due=clock.now())
        tx.commit()

    decided(attempt)


def _claw(grant: Grant) -> None:
    """Take back what is there, once; wait for an order that holds it."""
    when: dict[str, Condition] = {
        "leased": Grant.gsi2sk == grant.gsi2sk,
        "clawing": Grant.state == GrantState.CLAWING,
    }
    origin = origin_of(grant)
    found = read(*give.taken_keys(grant.mid, grant.uid, grant.gift, grant.ref))
    tx = Transaction()
    taken = give.add_taken(tx, "value", grant.uid, grant.gift, origin, found)
    if taken is None:
        give.hurry(found, grant.mid, grant.uid, grant.gift, grant.ref)
        update_one(grant, [], when=when, due=clock.now() + LOOK_AGAIN)
        return
    now = clock.now()
    kept, back = stock.parted(grant.drawn, taken.debt)
    actions: list[Action] = [
        Grant.state.set(GrantState.CLAWED),
        Grant.back.set(taken.legs),
        Grant.back_at.set(now),
        Grant.debt.set(taken.debt),
        Grant.drawn.set(kept),
        Grant.ended_at.set(now),
    ]
    tx.update("grant", grant, actions, when=when, due=None)
    _add_back(tx, grant, back)
    tx.commit()
    log.info("clawed_back", ref=grant.ref, back=taken.back, debt=taken.debt)


def _lessen(grant: Grant, amount: int, leased: Mapping[str, Condition]) -> None:
    """A held grant is worth less than was reserved for it."""
    kept, back = stock.parted(grant.drawn, amount)
    gift = msgspec.structs.replace(grant.gift, amount=amount)
    tx = Transaction()
    when = {**leased, "held": Grant.state == GrantState.HELD}
    tx.update("grant", grant, [Grant.gift.set(gift), Grant.drawn.set(kept)], when=when, due=clock.now())
    _add_back(tx, grant, back)
    tx.commit()


def _ask(grant: Grant, note: str, leased: Mapping[str, Condition]) -> None:
    """It waits for the merchant from now on."""
    when = {**leased, "held": Grant.state == GrantState.HELD}
    now = clock.now()
    pk, sk = held.entry(grant.key, now)
    listed = [Grant.gsi3pk.set(pk), Grant.gsi3sk.set(sk)]
    actions = [Grant.state.set(GrantState.REVIEW), Grant.note.set(note), *listed]
    update_one(grant, actions, when=when, due=now + REVIEW)


def _unasked(grant: Grant) -> Ruling:
    """What becomes of a grant that the merchant has not looked at: what is worth money is not given unseen."""
    if isinstance(grant.gift.form, AsBalance | AsCash):
        return End(GrantState.VOID, NOT_APPROVED)
    return Go()


def _add_back(tx: Transaction, grant: Grant, back: list[Drawn]) -> None:
    """So much of its campaign's budget is free again."""
    escrow = grant.escrow or ESCROWS[grant.gift.currency]
    stock.add_return(tx, grant.mid, grant.cid, escrow, back, name="budget")
