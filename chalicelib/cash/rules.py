"""The rules of cash: who may ask for it when, what doubts, and how long is waited before it is asked again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from chalicelib.cash.problems import (
    CASH_DAY_FULL,
    CASH_NAME_NEEDED,
    CASH_NOT_YET,
    CASH_OVER,
    CASH_PAUSED,
    CASH_YEAR_FULL,
)
from chalicelib.core import clock
from chalicelib.core.errors import RippleError
from chalicelib.rewards.states import CashState, Why
from chalicelib.sharing.verdict import Signal

if TYPE_CHECKING:
    # Storage stands behind them, and rules load none.
    from chalicelib.cash.items import CashDay, CashPause, CashYear
    from chalicelib.merchants.cash import CashLimits, CashTerms, Commission, Marketing
    from chalicelib.rewards.cash import Cash

NAME_NEEDED_FEN = 200_000
"""From this on WeChat refuses a transfer without the payee's name (rules M4)."""

SURELY_ABSENT = timedelta(seconds=90)
"""That WeChat knows no such number counts if it was asked so long after the latest intent: no function runs longer."""

PAUSE = timedelta(minutes=5)
"""How long nothing is offered after a refusal that is the account's."""

FIRST_LOOK = timedelta(seconds=60)
"""When it is asked first what became of an attempt."""

UNFUNDED = timedelta(minutes=30)
"""An attempt that WeChat has taken so long ago, and whose money it has not locked, lacks it, as a rule."""

LONGEST_SENDING = timedelta(minutes=5)
LONGEST_WAITING = timedelta(minutes=30)
"""Between two questions: WeChat tells of an end by itself, as a rule."""

CONFIRM_TIME = timedelta(hours=24)
"""How long a user may confirm; WeChat's own closing may lag behind."""

GIVE_UP = timedelta(days=1)
"""How long after its time an attempt is offered again of which WeChat knows nothing."""

SURE = timedelta(days=25)
"""How long an attempt is offered again: WeChat knows of the last 30 days only."""

FORGOTTEN = timedelta(days=29)
"""From then on it proves nothing that WeChat does not know an attempt."""

LONGER = timedelta(days=1)
"""How long a user may still ask for what a pause kept from him."""

REVIEW = timedelta(days=7)
"""How long the merchant may look before a doubtful user's cash is returned."""

CLEARED_FOR = timedelta(days=3)
"""How long at least he may ask for what the merchant lets him have."""

HIGH = 3
"""The rank of WeChat's from which on nobody gets cash unseen."""


def paused(pause: CashPause | None, now: datetime) -> bool:
    """Whether nothing is offered now; when that is over one attempt is let through, which ends it or begins it anew."""
    return pause is not None and pause.until > now


def said(at: datetime) -> tuple[str, str]:
    """An instant as users read it, in both languages: in Beijing's time, to the minute after it."""
    local = (at + timedelta(seconds=59, milliseconds=999)).astimezone(clock.BEIJING)
    return f"{local.month}月{local.day}日{local:%H:%M}", f"{local:%Y-%m-%d %H:%M} (Beijing)"


def scene(terms: CashTerms, why: Why) -> Marketing | Commission | None:
    """Where WeChat has approved that it is transferred; None where nothing of the kind is."""
    return terms.commission if why is Why.INVITE_COMMISSION else terms.marketing


def refused_till(until: datetime) -> RippleError:
    """`CASH_PAUSED`, and when it is worth trying again."""
    return RippleError(CASH_PAUSED, retry_at=clock.iso(until), at=said(until))


def insist_may_tap(
    cash: Cash,
    pause: CashPause | None,
    limits: CashLimits,
    day: CashDay | None,
    year: CashYear | None,
    name: str | None,
    now: datetime,
) -> None:
    """Raise what keeps its user from asking for cash that is claimable."""
    if cash.revoked or now > cash.until:
        raise RippleError(CASH_OVER)
    if now < cash.since:
        raise RippleError(CASH_NOT_YET, since=clock.iso(cash.since), at=said(cash.since))
    if pause is not None and paused(pause, now):
        raise refused_till(pause.until)
    if cash.amount >= NAME_NEEDED_FEN and not (name or "").strip():
        raise RippleError(CASH_NAME_NEEDED, "/real_name")
    times, fen = (day.times, day.fen) if day is not None else (0, 0)
    if times >= limits.times_a_day or fen + cash.amount > limits.fen_a_day:
        raise RippleError(CASH_DAY_FULL)
    if (year.fen if year is not None else 0) + cash.amount > limits.fen_a_year:
        raise RippleError(CASH_YEAR_FULL)


def doubts(cash: Cash, rank: int | None) -> str | None:
    """Why the merchant is to look at a user before he gets cash: a code; None where nothing speaks against him."""
    if cash.cleared:
        return None
    if rank is None or rank < HIGH:
        return None
    return Signal.RANK_HIGH.value if rank == HIGH else Signal.RANK_WORST.value


def look_again(cash: Cash, now: datetime) -> datetime:
    """When it is asked again what became of an attempt: after a quarter of the time that it has been on its way."""
    longest = LONGEST_WAITING if cash.state is CashState.WAITING else LONGEST_SENDING
    begun = cash.tapped_at or now
    return now + min(longest, max(FIRST_LOOK, (now - begun) / 4))


def is_old(cash: Cash, now: datetime) -> bool:
    """Whether an attempt is so old that WeChat is soon to forget it: for a person to look at."""
    return cash.tapped_at is not None and now >= cash.tapped_at + SURE


def is_forgotten(cash: Cash, now: datetime) -> bool:
    """Whether WeChat may have known an attempt and know it no longer."""
    return cash.tapped_at is None or now >= cash.tapped_at + FORGOTTEN
