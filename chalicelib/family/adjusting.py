"""Putting a wallet right: little at once, more when another person's key agrees; each once, with a reason, in the log.

The wallet, the move, the adjustment and the merchant's log are written together. A minus never takes more than there is
at that moment, whatever is spent meanwhile.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.core import clock, log
from chalicelib.core.decision import Read, decided_or_refused
from chalicelib.core.errors import NOT_FOUND, RippleError
from chalicelib.core.idempotency import Intent, add_record, record_key, recorded
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import query, read_all
from chalicelib.core.times import Time, span, timed
from chalicelib.core.transaction import Transaction, update_one
from chalicelib.family import admin_rules as rules
from chalicelib.family import purse
from chalicelib.family.adjustments import LETTERS, Adjustment, adjustment_key, waiting_index
from chalicelib.family.items import Family, family_key
from chalicelib.family.rows import Move, move_key
from chalicelib.family.standing import same
from chalicelib.family.states import AdjustmentState, Kind, Why
from chalicelib.merchants import audit, wallet
from chalicelib.merchants.items import ApiKey, api_key_key

T = TypeVar("T")


def most_paid(family: Family) -> int:
    """How much bought value a wallet may hold beside what is on its way to it, in fen; none before it was filed."""
    said = wallet.declared(family.mid)
    return said.terms.cap_fen - (family.arriving or 0) if said is not None else 0


def adjust(intent: Intent, fid: str, kind: Kind, fen: int, note: str) -> Adjustment:
    """Put so much in or, below zero, take it out: at once while keys alone have done little today, else it waits.

    Raises NOT_FOUND, `ADJUST_SHORT`, `PAID_CAP`.
    """
    mid = intent.mid
    key = adjustment_key(mid, fid, intent.ident("adjustment", LETTERS))
    keys = key, family_key(mid, fid), api_key_key(mid, intent.actor)

    def attempt(read: Read) -> Adjustment:
        found = read(*keys)
        family, asker = _there(found.item(Family, keys[1])), _there(found.item(ApiKey, keys[2]))
        if (made := found.item(Adjustment, key)) is not None:
            intent.insist_same(made.fingerprint)
            return made
        now = clock.now()
        rules.insist_fits(family, kind, fen, most_paid(family))
        alone = rules.alone(family, fen, now)
        made = Adjustment(
            *key,
            state=AdjustmentState.DONE if alone <= rules.ALONE_FEN else AdjustmentState.WAITING,
            kind=kind,
            fen=fen,
            note=note,
            by=intent.actor,
            by_name=asker.name,
            asked_at=now,
            until=now + rules.WAITS,
            fingerprint=intent.fingerprint,
        )
        tx, at_once = Transaction(), made.state is AdjustmentState.DONE
        if at_once:
            made.decided_at = now
            _add_value(tx, family, made, now, alone=alone)
        else:
            made.list_to_decide()
        tx.put("adjustment", made)
        _add_note(tx, intent, made, "family.adjust" if at_once else "family.adjust.ask")
        tx.commit()
        log.info("family_adjusted" if at_once else "family_adjustment_waits", fid=fid, kind=kind.value, fen=fen)
        return made

    return decided_or_refused(attempt)


def approve(intent: Intent, fid: str, adjustment_id: str) -> Adjustment:
    """Agree to what another person's key asked for; it happens now, if it still fits.

    Raises NOT_FOUND, `ADJUST_DECIDED`, `ADJUST_NEEDS_ANOTHER`, `ADJUST_SHORT`, `PAID_CAP`.
    """
    mid = intent.mid
    keys = (
        adjustment_key(mid, fid, adjustment_id),
        family_key(mid, fid),
        api_key_key(mid, intent.actor),
        record_key(intent),
    )

    def attempt(read: Read) -> Adjustment:
        found = read(*keys)
        asked, family = _there(found.item(Adjustment, keys[0])), _there(found.item(Family, keys[1]))
        key, now = _there(found.item(ApiKey, keys[2])), clock.now()
        if recorded(intent, found[keys[3]]) is not None:
            return asked
        rules.insist_may_approve(asked, intent.actor, key.name, now)
        rules.insist_fits(family, asked.kind, asked.fen, most_paid(family))
        tx = Transaction()
        _add_value(tx, family, asked, now)
        _add_decided(tx, asked, AdjustmentState.DONE, intent.actor, now)
        add_record(tx, intent)
        _add_note(tx, intent, asked, "family.adjust.approve")
        tx.commit()
        log.info("family_adjusted", fid=fid, kind=asked.kind.value, fen=asked.fen)
        return asked

    return decided_or_refused(attempt)


def refuse(intent: Intent, fid: str, adjustment_id: str) -> Adjustment:
    """It does not happen: another says so, or who asked takes it back. Raises NOT_FOUND, `ADJUST_DECIDED`."""
    mid = intent.mid
    keys = adjustment_key(mid, fid, adjustment_id), record_key(intent)

    def attempt(read: Read) -> Adjustment:
        found = read(*keys)
        asked, now = _there(found.item(Adjustment, keys[0])), clock.now()
        if recorded(intent, found[keys[1]]) is not None:
            return asked
        rules.insist_waits(asked, now)
        tx = Transaction()
        _add_decided(tx, asked, AdjustmentState.REFUSED, intent.actor, now)
        add_record(tx, intent)
        _add_note(tx, intent, asked, "family.adjust.refuse")
        tx.commit()
        return asked

    return decided_or_refused(attempt)


def waiting(
    mid: MerchantId, limit: int, after: dict[str, Any] | None
) -> tuple[list[Adjustment], dict[str, Any] | None]:
    """A page of the adjustments that wait for another key, longest waiting first."""
    page = query(waiting_index(mid), index="gsi1", limit=limit, after=after)
    there = [item for item in read_all(page.keys) if isinstance(item, Adjustment)]
    return [one for one in there if one.state is AdjustmentState.WAITING], page.after


@timed(
    Time(
        f"{span(rules.WAITS)} after one key asked to put a wallet right, and no other has approved",
        "it lapses and moves nothing",
        "past its end no other key approves it, whatever its state says",
    )
)
def adjustment_due(leased: Adjustment) -> None:
    """Nobody has approved it in time (the due handler of `Adjustment`)."""
    now, mine = clock.now(), {"leased": Adjustment.gsi2sk == leased.gsi2sk}
    if now < leased.until:
        update_one(leased, [], when=mine, due=leased.until)
        return
    waits = {**mine, "waiting": Adjustment.state == AdjustmentState.WAITING}
    update_one(leased, _over(AdjustmentState.LAPSED, now), when=waits, due=None)
    log.info("family_adjustment_lapsed", fid=leased.fid, adjustment=leased.adjustment_id)


def _add_value(tx: Transaction, family: Family, made: Adjustment, now: datetime, *, alone: int | None = None) -> None:
    """The wallet has it, and its ledger says so: never below zero, and no more bought value than is allowed.

    ``alone`` is what keys alone have put right today then, where this is one of those.
    """
    value = Family.granted if made.kind is Kind.GRANTED else Family.paid
    actions: list[Action] = [value.add(made.fen)]
    when = dict[str, Condition]()
    if alone is not None:
        actions += [Family.adjusted_on.set(rules.day_of(now)), Family.adjusted.set(alone)]
        when["day"] = same(Family.adjusted_on, family.adjusted_on)
        when["counted"] = same(Family.adjusted, family.adjusted)
    if made.fen < 0:
        when["there"] = value >= -made.fen
    elif made.kind is Kind.PAID:
        when["room"] = value <= most_paid(family) - made.fen
        when["arriving"] = purse.as_seen(family)
        actions.append(Family.credits.add(1))
    tx.update("family", family, actions, when=when)
    ref = f"adj-{made.adjustment_id}"
    move = Move(
        *move_key(made.mid, made.fid, now, ref),
        why=Why.ADJUSTED,
        by=made.by,
        subject=made.adjustment_id,
        note=made.note,
        at=now,
        granted=made.of(Kind.GRANTED),
        paid=made.of(Kind.PAID),
    )
    tx.put("move", move)


def _add_decided(tx: Transaction, asked: Adjustment, state: AdjustmentState, key: str, now: datetime) -> None:
    """It is decided, once."""
    decided = [*_over(state, now), Adjustment.decided_by.set(key)]
    tx.update("adjustment", asked, decided, when={"waiting": Adjustment.state == AdjustmentState.WAITING}, due=None)
    asked.state, asked.decided_by, asked.decided_at = state, key, now


def _over(state: AdjustmentState, now: datetime) -> list[Action]:
    """Nobody has to decide about it any more."""
    listed = [Adjustment.gsi1pk.remove(), Adjustment.gsi1sk.remove()]
    return [Adjustment.state.set(state), Adjustment.decided_at.set(now), *listed]


def _add_note(tx: Transaction, intent: Intent, made: Adjustment, action: str) -> None:
    """The merchant's log has it."""
    subject, told = f"{made.fid}/{made.adjustment_id}", {"kind": made.kind.value, "fen": str(made.fen)}
    audit.add(tx, intent.mid, intent.actor, action, subject, note=made.note, **told)


def _there(item: T | None) -> T:
    """Raises NOT_FOUND where nothing stands."""
    if item is None:
        raise RippleError(NOT_FOUND)
    return item
