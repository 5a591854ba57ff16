"""The rules of words: pure decisions over a campaign's document, what one read round found, and the clock's instant."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from chalicelib.accounts.newcomer import verdict
from chalicelib.core import clock
from chalicelib.core.errors import RippleError
from chalicelib.rewards.problems import NEW_CLAIMERS_ONLY
from chalicelib.voucher import word_problems as problems

if TYPE_CHECKING:
    from chalicelib.accounts.items import User
    from chalicelib.campaigns.kinds.word import WordOffer
    from chalicelib.voucher.word_items import Spoken

DOUBTED = 3
"""WeChat's risk rank from which a word is refused: there is nobody to ask about it, and no time (rules 3.3)."""


def found_asked(said: Sequence[Spoken], ident: str) -> Spoken | None:
    """What the same request redeemed before."""
    return next((one for one in said if one.ident == ident), None)


def insist_may_redeem(offer: WordOffer, user: User, said: Sequence[Spoken], rank: int | None, now: datetime) -> None:
    """Raise `NEW_CLAIMERS_ONLY`, `WORD_LIMIT`, `WORD_LIMIT_TODAY`, `WORD_REFUSED`.

    A rank that nobody has asked for lately speaks against nobody.
    """
    if offer.only_new is not None and not verdict(user, offer.only_new, offer.starts_at, now).new:
        raise RippleError(NEW_CLAIMERS_ONLY)
    if len(said) >= offer.per_user:
        raise RippleError(problems.WORD_LIMIT, limit=offer.per_user)
    today = sum(clock.day_of(one.at) == clock.day_of(now) for one in said)
    if offer.per_user_a_day is not None and today >= offer.per_user_a_day:
        raise RippleError(problems.WORD_LIMIT_TODAY, limit=offer.per_user_a_day)
    if rank is not None and rank >= DOUBTED:
        raise RippleError(problems.WORD_REFUSED)
