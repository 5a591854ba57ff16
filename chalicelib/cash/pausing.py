"""A campaign's cash waits while its merchant's account is refused: one attempt at a time is tried then."""

from __future__ import annotations

from datetime import datetime

from chalicelib.cash import rules
from chalicelib.cash.items import CashPause, pause_key
from chalicelib.core import clock, log
from chalicelib.core.ids import MerchantId
from chalicelib.core.metrics import count
from chalicelib.core.transaction import Lost, Transaction, update_one, upsert_one
from chalicelib.merchants import cash as merchants
from chalicelib.rewards.cash import Cash

ACCOUNT = frozenset({"NOT_ENOUGH", "NO_AUTH", "SIGN_ERROR", "ACCOUNT_ERROR", "RULE_LIMIT", "MCH_NOT_EXISTS"})
"""Refusals that any other offer of the merchant's would get as well."""


def pause(mid: MerchantId, cid: str, code: str) -> None:
    """WeChat has refused for a reason that is the account's: the campaign's cash waits, and somebody hears of it."""
    now = clock.now()
    ring(mid, cid, code)
    begun = [
        CashPause.since.set(CashPause.since | now),
        CashPause.until.set(now + rules.PAUSE),
        CashPause.why.set(code),
    ]
    upsert_one(pause_key(mid, cid), begun, when={})


def stopped_until(mid: MerchantId, pause: CashPause | None, now: datetime) -> datetime | None:
    """Until when nothing of a campaign's cash is offered, whose pause this is; None where it is."""
    terms = merchants.terms(mid)
    if terms is None or terms.paused:
        return now + rules.PAUSE
    return pause.until if pause is not None and rules.paused(pause, now) else None


def kept_until(cash: Cash, pause: CashPause | None, now: datetime) -> datetime | None:
    """Until when its user cannot ask for cash, whose campaign's pause this is, so that it does not end; None if he can.

    While a pause stands and nobody has been tried yet it is as if it went on, for no longer than `rules.LONGER`.
    """
    terms = merchants.terms(cash.mid)
    if terms is None or terms.paused or rules.scene(terms, cash.why) is None:
        return now + rules.PAUSE
    return max(pause.until, now) if pause is not None and pause.until + rules.LONGER > now else None


def ring(mid: MerchantId, cid: str, code: str) -> None:
    """Somebody hears that a campaign's cash waits for its merchant's account, and of WeChat's word for it."""
    count("CashPaused", mid=mid, campaign=cid, wechat_code=code)
    log.error("cash_paused", campaign=cid, wechat_code=code)


def add_probe(tx: Transaction, seen: CashPause | None, now: datetime) -> None:
    """What ``tx`` lets be offered is the one attempt that is tried; whoever wants the same must wait for it."""
    if seen is not None:
        as_seen = {"as_seen": CashPause.until == seen.until}
        tx.update("pause", seen, [CashPause.until.set(now + rules.PAUSE)], when=as_seen)


def give_back(mid: MerchantId, cid: str, seen: CashPause | None, probed_at: datetime) -> None:
    """The attempt that was tried was refused for a reason of its own, which says nothing of the account: try another.

    One that WeChat never takes would else be tried each time, and keep everybody waiting.
    """
    if seen is None:
        return
    as_probed = {"as_probed": CashPause.until == probed_at + rules.PAUSE}
    try:
        update_one(pause_key(mid, cid), [CashPause.until.set(clock.now())], when=as_probed)
    except Lost:
        log.info("cash_pause_moved", campaign=cid)


def end(mid: MerchantId, cid: str, seen: CashPause | None) -> None:
    """An offer was accepted: whatever kept the campaign's cash waiting is over."""
    if seen is None:
        return
    tx = Transaction()
    tx.delete("pause", seen, when={"same": CashPause.since == seen.since})
    try:
        tx.commit()
    except Lost:
        log.info("cash_pause_moved", campaign=cid)
    else:
        log.info("cash_resumed", campaign=cid)
