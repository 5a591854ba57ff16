"""What a user sees of his cash: how much, for what, where it is, what he can do now, and why not."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from chalicelib.campaigns.views import WhyNot
from chalicelib.cash import rules, words
from chalicelib.cash.looking import Looked, Refusal
from chalicelib.cash.service import Tapped
from chalicelib.core import clock
from chalicelib.core.errors import Language, localised
from chalicelib.notices.asking import Ask, ask
from chalicelib.notices.moments import Moment
from chalicelib.rewards.cash import Cash
from chalicelib.rewards.states import CashState
from chalicelib.rewards.views import Named
from chalicelib.rewards.words import WHY

SOON, LONGEST = 3, 60
"""Seconds between two looks at what is on its way: a quarter of the time that it has been, within these bounds."""

MOVING = (CashState.SENDING, CashState.WAITING, CashState.CANCELLING)
"""What may be otherwise in a moment without its user's doing anything here."""


class NotYet(WhyNot, kw_only=True):
    """Why it would be refused now, and until when."""

    until: datetime | None
    """When it may be otherwise; None where that is not known."""


class Failed(msgspec.Struct, kw_only=True):
    """Why the attempt before came to nothing."""

    code: str
    """name_wrong | not_verified | account_barred | day_received | quota_received | not_confirmed | withdrawn
    | not_paid, which is everything else."""
    detail: str
    next: str
    """What he can do."""


class Confirm(msgspec.Struct, kw_only=True):
    """The arguments of ``wx.requestMerchantTransfer``: what opens WeChat's page."""

    mchId: str  # noqa: N815 - WeChat's spelling
    appId: str  # noqa: N815 - WeChat's spelling
    package: str


class CashView(msgspec.Struct, kw_only=True):
    """Cash as its user sees it."""

    cash_id: str
    amount_fen: int
    state: str
    """claimable | review | sending | waiting | cancelling | paid | returned"""
    detail: str
    """Where it is, in the client's language."""
    campaign: Named
    why: str
    """What it was given for."""
    why_detail: str
    created_at: datetime
    since: datetime
    """From when on it can be claimed."""
    until: datetime
    """The last instant at which it can be."""
    can_claim: bool
    why_not: NotYet | None
    """Why what is claimable cannot be claimed just now."""
    needs_name: bool
    """Whether WeChat checks the payee's real name: from 2,000 yuan on."""
    confirm_until: datetime | None
    """Of what WeChat waits for: the end of the time in which it can be confirmed."""
    failed: Failed | None
    """Of what can be claimed again: what became of the attempt before."""
    ended_at: datetime | None
    """When it was paid or returned."""


class CashPage(CashView, kw_only=True):
    """One piece of cash, and what to do with it next."""

    confirm: Confirm | None
    """Where WeChat waits for its user: what opens its page."""
    poll_after_seconds: int | None
    """When to look again at what is on its way; None where nothing happens by itself."""
    ask: Ask
    now: datetime


class MyCash(msgspec.Struct, kw_only=True):
    """A page of the caller's cash, newest first."""

    cash: list[CashView]
    cursor: str | None
    ask: Ask
    now: datetime


def listed(found: Looked, language: Language) -> list[CashView]:
    """Cash in a list."""
    return [CashView(**_shown(one, found, language)) for one in found.cash]


def page(tapped: Tapped, found: Looked, language: Language) -> CashPage:
    """Cash on its own page."""
    cash, now = tapped.cash, clock.now()
    confirm = msgspec.convert(tapped.confirm, Confirm) if tapped.confirm is not None else None
    return CashPage(
        **_shown(cash, found, language),
        confirm=confirm,
        poll_after_seconds=_poll(cash, now),
        ask=ask(cash.mid, language, *_moments(cash, now)),
        now=now,
    )


def _moments(cash: Cash, now: datetime) -> list[Moment]:
    """Of what its user may want to be told: of what can be claimed that it soon can or no longer can."""
    if cash.state is not CashState.CLAIMABLE or now > cash.until:
        return []
    return [Moment.REWARD_ARRIVED, Moment.CASH_ENDING] if now < cash.since else [Moment.CASH_ENDING]


def _shown(cash: Cash, found: Looked, language: Language) -> dict[str, Any]:
    refusal = found.refusals.get(cash.cash_id)
    return {
        "cash_id": cash.cash_id,
        "amount_fen": cash.amount,
        "state": cash.state.value,
        "detail": localised(words.where(cash, clock.now()), language),
        "campaign": Named(campaign_id=cash.cid, title=found.titles.get((cash.cid, cash.version))),
        "why": cash.why.value,
        "why_detail": localised(WHY[cash.why], language),
        "created_at": cash.created_at,
        "since": cash.since,
        "until": cash.until,
        "can_claim": cash.state is CashState.CLAIMABLE and refusal is None,
        "why_not": _why_not(refusal, language),
        "needs_name": cash.amount >= rules.NAME_NEEDED_FEN,
        "confirm_until": words.confirm_until(cash),
        "failed": _failed(cash, language),
        "ended_at": cash.ended_at,
    }


def _why_not(refusal: Refusal | None, language: Language) -> NotYet | None:
    if refusal is None:
        return None
    told = refusal.error.told(language)
    return NotYet(code=refusal.error.problem.code, detail=told["detail"], next=told.get("next"), until=refusal.until)


def _failed(cash: Cash, language: Language) -> Failed | None:
    why = words.failure(cash)
    if why is None or cash.state is not CashState.CLAIMABLE or clock.now() > cash.until:
        return None
    return Failed(code=why.code, detail=localised(why.said, language), next=localised(why.then, language))


def _poll(cash: Cash, now: datetime) -> int | None:
    if cash.state not in MOVING:
        return None
    been = (now - cash.tapped_at).total_seconds() if cash.tapped_at is not None else 0
    return max(SOON, min(LONGEST, int(been / 4)))
