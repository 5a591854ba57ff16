"""A merchant says how he pays cash: whoever changes it names the edition that he read; the log tells what changed."""

from __future__ import annotations

from chalicelib.core import clock
from chalicelib.core.decision import decided
from chalicelib.core.errors import INVALID_FIELD, RippleError
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import read_one
from chalicelib.core.transaction import Transaction
from chalicelib.merchants import audit
from chalicelib.merchants.cash import CashSetup, CashTerms, forget, setup_key
from chalicelib.merchants.editions import changes, edition_after
from chalicelib.merchants.problems import CASH_TERMS_CHANGED
from chalicelib.merchants.service import bill_due_at


def say(mid: MerchantId, actor: str, edition: str | None, terms: CashTerms) -> CashSetup:
    """Replace the terms that were read as ``edition``, None where there were none; again is the same.

    The first time, the comparison of the operations account with its bills begins with today. Raises
    `CASH_TERMS_CHANGED`, and `INVALID_FIELD` where one limit lets nobody reach another.
    """
    _insist_fits(terms)
    key, made = setup_key(mid), edition_after("cash", edition, terms)

    def attempt() -> CashSetup:
        found = read_one(CashSetup, key)
        if found is not None and found.edition == made:
            return found
        before = found.edition if found is not None else None
        if before != edition:
            raise RippleError(CASH_TERMS_CHANGED, "/edition", edition=before)
        now = clock.now()
        tx = Transaction()
        if found is None:
            today = clock.day_of(now)
            found = CashSetup(*key, terms=terms, edition=made, said_at=now, flow_day=today.isoformat())
            found.set_due(bill_due_at(today))
            tx.put("cash", found)
            changed = changes(None, terms)
        else:
            said = [CashSetup.terms.set(terms), CashSetup.edition.set(made), CashSetup.said_at.set(now)]
            tx.update("cash", found, said, when={"edition": CashSetup.edition == edition})
            changed = changes(found.terms, terms)
            found.terms, found.edition, found.said_at = terms, made, now
        audit.add(tx, mid, actor, "cash.terms", mid, **changed)
        tx.commit()
        forget(mid)
        return found

    return decided(attempt)


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
