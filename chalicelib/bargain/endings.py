"""How a bargain ends: what it held of budget, stock and its owner's limit, and is not given, goes back."""

from __future__ import annotations

from collections.abc import Iterable

from pynamodb.expressions.update import Action

from chalicelib.bargain import rules
from chalicelib.bargain.items import Bargain, limit_key
from chalicelib.bargain.states import BargainState
from chalicelib.campaigns import stock
from chalicelib.campaigns.kinds.bargain import BUDGET
from chalicelib.campaigns.stock import Drawn
from chalicelib.core.transaction import Transaction
from chalicelib.sharing import limits


def ended(state: BargainState) -> list[Action]:
    """What ends a bargain as ``state``; helps that are still held become moot at their own time."""
    return [Bargain.status.set(state), Bargain.escrow.set([]), Bargain.units.set([])]


def add_bought(tx: Transaction, bargain: Bargain) -> list[Action]:
    """It is bought at its price now: what of its discount is not given goes back. Returns what changes on itself."""
    spent, back = stock.parted(bargain.escrow, bargain.start_fen - rules.price_of(bargain))
    limits.add_end(tx, limit_key(bargain.mid, bargain.uid, bargain.cid))
    add_to_budget(tx, bargain, back)
    return [Bargain.status.set(BargainState.BOUGHT), Bargain.escrow.set(spent)]


def add_back(tx: Transaction, bargain: Bargain) -> None:
    """Beside `ended`: all that it held goes back."""
    limits.add_end(tx, limit_key(bargain.mid, bargain.uid, bargain.cid))
    add_to_budget(tx, bargain, bargain.escrow)
    stock.add_return(tx, bargain.mid, bargain.cid, bargain.sku, bargain.units)


def add_to_budget(tx: Transaction, bargain: Bargain, back: Iterable[Drawn]) -> None:
    """What of its discount is not given goes back to the campaign's budget."""
    stock.add_return(tx, bargain.mid, bargain.cid, BUDGET, back, name="budget")
