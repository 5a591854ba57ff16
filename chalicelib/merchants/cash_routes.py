"""A merchant's cash over HTTP: how he pays it, what his operations account has, and what is still missing."""

from __future__ import annotations

import msgspec

from chalicelib.core.store import read_one
from chalicelib.edge.operation import MERCHANT, Call, operation
from chalicelib.merchants import cash_changes
from chalicelib.merchants.cash import CashSetup, CashTerms, setup_key
from chalicelib.merchants.cash_lacks import LEAST_FEN, Lack, lacks
from chalicelib.merchants.cash_views import Operations, operations
from chalicelib.merchants.problems import CASH_TERMS_CHANGED


class CashView(msgspec.Struct, kw_only=True):
    """How the merchant pays cash. Before he has said it, there is no edition and all is missing."""

    edition: str | None
    terms: CashTerms | None
    """``operations_fen`` in it is what the account has, whoever saw it."""
    operations: Operations | None
    missing: list[Lack]
    """What is to be done before a campaign that gives cash can be published."""


class CashSaid(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """How the merchant pays cash from now on, and the edition that this replaces: null the first time."""

    edition: str | None
    terms: CashTerms


@operation(
    auth=MERCHANT,
    role="viewer",
    answer=CashView,
    summary="How the merchant pays cash, and what is missing",
    name="show_cash",
)
def show(call: Call[None]) -> CashView:
    """The set-up as it stands, and what the publish gate would ask for."""
    return _view(read_one(CashSetup, setup_key(call.mid)))


@operation(
    auth=MERCHANT,
    role="owner",
    body=CashSaid,
    answer=CashView,
    summary="Say how the merchant pays cash",
    problems=(CASH_TERMS_CHANGED,),
    name="say_cash",
)
def say(call: Call[CashSaid]) -> CashView:
    """Replace the set-up as a whole; what changed stands in the audit log."""
    return _view(cash_changes.say(call.mid, call.key_id, call.body.edition, call.body.terms))


def _view(setup: CashSetup | None) -> CashView:
    if setup is None:
        missing = lacks(None, 0, gifts=True, commission=True, budget_fen=LEAST_FEN)
        return CashView(edition=None, terms=None, operations=None, missing=missing)
    seen = operations(setup)
    return CashView(
        edition=setup.edition,
        terms=msgspec.structs.replace(setup.terms, operations_fen=seen.balance_fen),
        operations=seen,
        missing=lacks(setup.terms, seen.balance_fen, gifts=True, commission=True, budget_fen=LEAST_FEN),
    )
