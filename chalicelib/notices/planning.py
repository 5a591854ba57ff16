"""Reminders: one plan for a user and an object, which picks the one moment of most use and gives up when it is gone."""

from __future__ import annotations

from datetime import datetime

from chalicelib.core import clock, log
from chalicelib.core.errors import RippleError
from chalicelib.core.ids import MerchantId, UserId
from chalicelib.core.store import read
from chalicelib.core.times import Time, timed
from chalicelib.core.transaction import Lost, Transaction, update_one
from chalicelib.merchants.service import merchant
from chalicelib.notices import rules
from chalicelib.notices.items import Consent, Habit, Notice, Plan, consent_key, habit_key, notice_key, plan_key
from chalicelib.notices.plugged import REASONS
from chalicelib.notices.reasons import Reason
from chalicelib.notices.setup import Voice, voice, voice_now
from chalicelib.notices.telling import owe_message


def add(tx: Transaction, mid: MerchantId, uid: UserId, kind: str, ident: str) -> None:
    """Plan in ``tx`` to remind a user of an object, if there is something to be reminded of and it is not planned."""
    plan = _new(mid, uid, kind, ident)
    if plan is not None and read(plan.key)[plan.key] is None:
        tx.put("plan", plan)


def plan(mid: MerchantId, uid: UserId, kind: str, ident: str) -> None:
    """Plan to remind a user of an object of which he was just told. Nothing depends on it."""
    tx = Transaction()
    try:
        new = _new(mid, uid, kind, ident)
        if new is not None:
            tx.put("plan", new)
            tx.commit()
    except (Lost, RippleError) as why:
        log.info("not_planned", uid=uid, kind=kind, ident=ident, why=str(why))


def _new(mid: MerchantId, uid: UserId, kind: str, ident: str) -> Plan | None:
    said = voice(mid)
    reason = REASONS[kind].reason(mid, uid, ident) if kind in REASONS else None
    if reason is None or not said.tells(reason.moment):
        return None
    now = clock.now()
    at = rules.when(reason, said.terms, merchant(mid).time_zone, now, None)
    if at is None:
        return None
    plan = Plan(*plan_key(mid, uid, kind, ident), created_at=now, moment=reason.moment)
    plan.set_due(at)
    return plan


@timed(
    Time(
        "a reminder's best moment, in waking hours; at the end of a day with enough of them, the next",
        "the user is told, if its reason stands, he wants it and has consented; else it is given up",
        "he is told when the outage ends, if that is in time and no night",
    )
)
def plan_due(plan: Plan) -> None:
    """Look at a plan whose time has come: tell, come again, or give up (the due handler of `Plan`)."""
    kind, ident = plan.object
    mid, uid, leased = plan.mid, plan.uid, {"leased": Plan.gsi2sk == plan.gsi2sk}
    said = voice_now(mid)
    reason = REASONS[kind].reason(mid, uid, ident)
    at = _when(mid, uid, ident, said, reason) if reason is not None else None
    if reason is None or at is None:
        Transaction().delete("plan", plan, when=leased).commit()
        return
    if at > clock.now():
        update_one(plan, [Plan.moment.set(reason.moment)], when=leased, due=at)
        return
    tx = Transaction()
    tx.delete("plan", plan, when=leased)
    owe_message(tx, "told", mid, uid, reason.moment, reason.known_as(ident), reason.facts, about=(kind, ident))
    try:
        tx.commit()
    except Lost as lost:
        if not lost.has("told"):
            raise
        Transaction().delete("plan", plan, when=leased).commit()


def _when(mid: MerchantId, uid: UserId, ident: str, said: Voice, reason: Reason) -> datetime | None:
    """When he is told of it; None where he need not be, or may not."""
    keys = {t.template_id: consent_key(mid, uid, t.template_id) for t in said.of(reason.moment)}
    told, mine = notice_key(mid, uid, reason.moment, reason.known_as(ident)), habit_key(mid, uid)
    found = read(told, mine, *keys.values())
    notice, habit = found.item(Notice, told), found.item(Habit, mine)
    if notice is not None and notice.taken:
        return None
    consents = {name: row for name, key in keys.items() if (row := found.item(Consent, key)) is not None}
    language = habit.language if habit else None
    if rules.with_consent(said, reason.moment, language, consents) is None:
        return None
    if habit is not None and rules.unwanted(reason.moment, habit):
        return None
    return rules.when(reason, said.terms, merchant(mid).time_zone, clock.now(), habit)
