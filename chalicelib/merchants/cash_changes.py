"""A merchant says how he pays cash, and within which limits."""

from __future__ import annotations

from datetime import datetime

from chalicelib.core import clock
from chalicelib.core.errors import INVALID_FIELD, RippleError
from chalicelib.core.ids import MerchantId
from chalicelib.merchants.cash import CashSetup, CashTerms, forget, setup_key
from chalicelib.merchants.editions import replace
from chalicelib.merchants.problems import CASH_TERMS_CHANGED
from chalicelib.merchants.service import bill_due_at


def say(mid: MerchantId, actor: str, edition: str | None, terms: CashTerms) -> CashSetup:
    """Replace the terms that were read as ``edition``, None where there were none; again is the same.

    The first time, the comparison of the operations account with its bills begins with today. Raises
    `CASH_TERMS_CHANGED`, and `INVALID_FIELD` where one limit lets nobody reach another.
    """
    _insist_fits(terms)
    setup = replace(CashSetup, setup_key(mid), actor, edition, terms, changed=CASH_TERMS_CHANGED, begin=_compare)
    forget(mid)
    return setup


def _compare(setup: CashSetup, now: datetime) -> None:
    """From today on its bills are compared."""
    today = clock.day_of(now)
    setup.flow_day = today.isoformat()
    setup.set_due(bill_due_at(today))


def _insist_fits(terms: CashTerms) -> None:
    """What may be given at once may be paid on one day, what may be paid on a day in one year; words say something."""
    for name, wider in (("most_fen", "fen_a_day"), ("fen_a_day", "fen_a_year")):
        most = getattr(terms.limits, wider)
        if getattr(terms.limits, name) > most:
            reason = (f"不得超过 {wider}（{most}）", f"it is more than {wider}, which is {most}")
            raise RippleError(INVALID_FIELD, f"/terms/limits/{name}", reason=reason)
    for name in ("post", "description"):
        if terms.commission is not None and not getattr(terms.commission, name).strip():
            reason = ("不能为空白", "it is blank")
            raise RippleError(INVALID_FIELD, f"/terms/commission/{name}", reason=reason)
