"""What a user does with his cash: asks for it, looks at it, takes the asking back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec
from pynamodb.expressions.update import Action

from chalicelib.accounts.items import User, UserState, user_index, user_key
from chalicelib.accounts.problems import USER_BLOCKED
from chalicelib.campaigns.live import any_live
from chalicelib.cash import offering, pausing, rules
from chalicelib.cash.items import CashDay, CashPause, CashYear, day_key, pause_key, year_entry, year_key
from chalicelib.cash.problems import CASH_NOT_SENT, CASH_OVER, CASH_SETTLED
from chalicelib.cash.sealed import opened, sealed
from chalicelib.core import clock, log
from chalicelib.core.decision import Read, decided_or_refused
from chalicelib.core.errors import NOT_FOUND, UNAUTHENTICATED, RippleError
from chalicelib.core.ids import CampaignId, MerchantId
from chalicelib.core.seal import Unsealable
from chalicelib.core.store import query, read_all, read_one
from chalicelib.core.transaction import Transaction
from chalicelib.merchants import cash as merchants
from chalicelib.merchants.cash import CashTerms
from chalicelib.merchants.service import pay_account
from chalicelib.rewards import cash as store
from chalicelib.rewards import minors
from chalicelib.rewards.cash import LISTED, Cash, cash_key
from chalicelib.rewards.states import ON_ITS_WAY, CashState
from chalicelib.sharing import held, risk
from chalicelib.wechat import transfer

DAY_KEPT = timedelta(days=60)
"""How long a day's count outlives its day: longer than any attempt that may give it back."""


class Tapped(msgspec.Struct, frozen=True):
    """A user's cash, and what opens WeChat's page where that waits for him."""

    cash: Cash
    confirm: dict[str, str] | None


def tap(mid: MerchantId, uid: str, cash_id: str, *, real_name: str | None, address: str | None) -> Tapped:
    """He asks for it: that is committed, and then offered to WeChat once. Asked again, what stands is the answer.

    Raises NOT_FOUND, USER_BLOCKED, `CASH_NOT_FOR_MINORS`, `CASH_PAUSED`, and what `rules.insist_may_tap` raises.
    """
    key, me = cash_key(mid, uid, cash_id), user_key(mid, uid)

    def attempt(read: Read) -> tuple[Cash, CashPause | None, bool]:
        now = clock.now()
        today = clock.day_of(now).isoformat()
        counted = day_key(mid, uid, today), year_key(mid, uid, today[:4])
        found = read(key, me, *counted)
        cash, user = found.item(Cash, key), found.item(User, me)
        if cash is None:
            raise RippleError(NOT_FOUND)
        if user is None:
            raise RippleError(UNAUTHENTICATED)
        if cash.state is CashState.RETURNED:
            raise RippleError(CASH_OVER)
        if cash.state is not CashState.CLAIMABLE:
            return cash, None, False
        if user.status is UserState.BLOCKED:
            raise RippleError(USER_BLOCKED)
        minors.insist_cash_is_for(user)
        waits = pause_key(mid, cash.cid)
        pause = read(waits).item(CashPause, waits)
        terms = insist_paying(mid)
        day, year = found.item(CashDay, counted[0]), found.item(CashYear, counted[1])
        rules.insist_may_tap(cash, pause, terms.limits, day, year, real_name, now)
        doubt = rules.doubts(cash, risk.rank_of(user, address))
        tx = Transaction()
        if doubt is not None:
            _add_review(tx, cash, doubt, now)
            tx.commit()
            return cash, pause, False
        title = any_live(mid, CampaignId(cash.cid)).offer.title
        cash.body = _sealed(cash, offering.body(cash, user, terms, title, real_name))
        tx.check("user", user, when={"no_minor": User.minor_since.does_not_exist()})
        _add_tap(tx, cash, today, now)
        _add_taken(tx, cash, today, terms)
        store.add_moved(tx, cash, CashState.SENDING)
        pausing.add_probe(tx, pause, now)
        tx.commit()
        cash.state, cash.day, cash.intent_at, cash.tapped_at = CashState.SENDING, today, now, now
        return cash, pause, True

    cash, pause, begun = decided_or_refused(attempt)
    return told(offering.offer(cash, pause) if begun else cash)


def cancel(mid: MerchantId, uid: str, cash_id: str) -> Cash:
    """He takes the asking back: nothing more is offered, and how the attempt ends WeChat says.

    Raises NOT_FOUND, `CASH_NOT_SENT` where nothing is on its way, `CASH_SETTLED` where he has it.
    """
    key = cash_key(mid, uid, cash_id)

    def attempt(read: Read) -> Cash:
        cash = read(key).item(Cash, key)
        if cash is None:
            raise RippleError(NOT_FOUND)
        if cash.state is CashState.CANCELLING:
            return cash
        if cash.state not in ON_ITS_WAY:
            raise RippleError(CASH_SETTLED if cash.state is CashState.PAID else CASH_NOT_SENT)
        tx = Transaction()
        when = {"attempt": Cash.n == cash.n, "on_its_way": Cash.state == cash.state}
        tx.update("cash", cash, [Cash.state.set(CashState.CANCELLING)], when=when, due=clock.now())
        tx.commit()
        cash.state = CashState.CANCELLING
        return cash

    return decided_or_refused(attempt)


def shown(mid: MerchantId, uid: str, cash_id: str) -> Tapped:
    """One of his. Raises NOT_FOUND."""
    cash = read_one(Cash, cash_key(mid, uid, cash_id))
    if cash is None:
        raise RippleError(NOT_FOUND)
    return told(cash)


def mine(
    mid: MerchantId, uid: str, limit: int, after: dict[str, Any] | None
) -> tuple[list[Cash], dict[str, Any] | None]:
    """A page of a user's cash, newest first, and where the next begins."""
    page = query(user_index(mid, uid), index="gsi1", begins=LISTED, limit=limit, forward=False, after=after)
    return [item for item in read_all(page.keys) if isinstance(item, Cash)], page.after


def told(cash: Cash) -> Tapped:
    """What its user is shown: WeChat's page can be opened as long as WeChat waits for him."""
    open_until = cash.asked_at + rules.CONFIRM_TIME if cash.asked_at is not None else None
    if cash.state is not CashState.WAITING or cash.package is None or not open_until or clock.now() >= open_until:
        return Tapped(cash, None)
    try:
        package = opened(cash.mid, cash.key, cash.package)
    except Unsealable as unsealable:
        log.error("cash_package_unreadable", cash=cash.cash_id, reason=unsealable.reason)
        return Tapped(cash, None)
    return Tapped(cash, transfer.client_params(pay_account(cash.mid), package))


def insist_paying(mid: MerchantId) -> CashTerms:
    """How the merchant pays. Raises `CASH_PAUSED` while he does not."""
    terms = merchants.terms(mid)
    if terms is None or terms.paused:
        raise rules.refused_till(clock.now() + rules.PAUSE)
    return terms


def _sealed(cash: Cash, body: dict[str, Any]) -> str:
    """What will be offered, as it is stored. Raises `CASH_PAUSED` for a merchant who has no key to seal it with."""
    try:
        return sealed(cash.mid, cash.key, body)
    except Unsealable:
        log.error("cash_key_missing", mid=cash.mid)
        raise rules.refused_till(clock.now() + rules.PAUSE) from None


def _add_tap(tx: Transaction, cash: Cash, day: str, now: datetime) -> None:
    """The attempt begins: from here on it may exist at WeChat."""
    actions: list[Action] = [
        Cash.state.set(CashState.SENDING),
        Cash.body.set(cash.body),
        Cash.day.set(day),
        Cash.intent_at.set(now),
        Cash.tapped_at.set(now),
    ]
    when = {
        "claimable": Cash.state == CashState.CLAIMABLE,
        "attempt": Cash.n == cash.n,
        "begun": Cash.since <= now,
        "in_time": Cash.until >= now,
        "not_revoked": Cash.revoked.does_not_exist(),
    }
    tx.update("cash", cash, actions, when=when, due=now + rules.FIRST_LOOK)


def _add_review(tx: Transaction, cash: Cash, doubt: str, now: datetime) -> None:
    """Its merchant looks at him first."""
    pk, sk = held.entry(cash.key, now)
    listed = [Cash.gsi3pk.set(pk), Cash.gsi3sk.set(sk)]
    actions: list[Action] = [Cash.state.set(CashState.REVIEW), Cash.note.set(doubt), *listed]
    when = {
        "claimable": Cash.state == CashState.CLAIMABLE,
        "in_time": Cash.until >= now,
        "not_revoked": Cash.revoked.does_not_exist(),
    }
    tx.update("cash", cash, actions, when=when, due=now + rules.REVIEW)
    cash.state, cash.note = CashState.REVIEW, doubt


def _add_taken(tx: Transaction, cash: Cash, day: str, terms: CashTerms) -> None:
    """The day's and the year's limits have room for it, and have less then."""
    mid, uid, fen, limits = cash.mid, cash.uid, cash.amount, terms.limits
    ends = int((clock.parse(f"{day}T00:00:00+08:00") + DAY_KEPT).timestamp())
    of_day = {
        "times": CashDay.times.does_not_exist() | (CashDay.times < limits.times_a_day),
        "fen": CashDay.fen.does_not_exist() | (CashDay.fen <= limits.fen_a_day - fen),
    }
    tx.upsert(
        "day", day_key(mid, uid, day), [CashDay.times.add(1), CashDay.fen.add(fen), CashDay.ttl.set(ends)], when=of_day
    )
    pk, sk = year_entry(mid, uid, day[:4])
    of_year = {"fen": CashYear.fen.does_not_exist() | (CashYear.fen <= limits.fen_a_year - fen)}
    more = [CashYear.times.add(1), CashYear.fen.add(fen), CashYear.gsi1pk.set(pk), CashYear.gsi1sk.set(sk)]
    tx.upsert("year", year_key(mid, uid, day[:4]), more, when=of_year)
