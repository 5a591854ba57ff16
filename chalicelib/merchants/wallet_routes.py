"""A merchant's declaration over HTTP: his filing, and the terms under which he sells value that is spent later."""

from __future__ import annotations

from datetime import datetime

import msgspec

from chalicelib.core.store import read_one
from chalicelib.edge.operation import MERCHANT, Call, operation
from chalicelib.merchants import wallet_changes
from chalicelib.merchants.problems import WALLET_TERMS_CHANGED
from chalicelib.merchants.wallet import NAMED_FEN, UNNAMED_FEN, WalletSetup, WalletTerms, wallet_key


class WalletView(msgspec.Struct, kw_only=True):
    """What the merchant has declared. Before that there is no edition, and nothing of the kind may be sold."""

    edition: str | None
    terms: WalletTerms | None
    cap_fen: int | None
    """The most bought value that one wallet may hold when more is bought."""
    unnamed_cap_fen: int = UNNAMED_FEN
    named_cap_fen: int = NAMED_FEN
    """What the law allows of cards without and with a real name (rules M1)."""
    said_at: datetime | None


class WalletSaid(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What the merchant declares from now on, and the edition that this replaces: null the first time."""

    edition: str | None
    terms: WalletTerms


@operation(
    auth=MERCHANT,
    role="viewer",
    answer=WalletView,
    summary="The merchant's filing and terms for value that is spent later",
    name="show_wallet",
)
def show(call: Call[None]) -> WalletView:
    """The declaration as it stands."""
    return _view(read_one(WalletSetup, wallet_key(call.mid)))


@operation(
    auth=MERCHANT,
    role="owner",
    body=WalletSaid,
    answer=WalletView,
    summary="Declare the filing and the terms for value that is spent later",
    description="Terms that the law makes void (no refund, no replacement, no transfer) are refused.",
    problems=(WALLET_TERMS_CHANGED,),
    name="say_wallet",
)
def say(call: Call[WalletSaid]) -> WalletView:
    """Replace the declaration as a whole; what changed stands in the audit log."""
    return _view(wallet_changes.say(call.mid, call.key_id, call.body.edition, call.body.terms))


def _view(setup: WalletSetup | None) -> WalletView:
    if setup is None:
        return WalletView(edition=None, terms=None, cap_fen=None, said_at=None)
    return WalletView(edition=setup.edition, terms=setup.terms, cap_fen=setup.terms.cap_fen, said_at=setup.said_at)
