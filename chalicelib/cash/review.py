"""Cash that waits for the merchant because something speaks against its user: his decision takes effect once."""

from __future__ import annotations

from pynamodb.expressions.update import Action

from chalicelib.cash import rules, settling
from chalicelib.core import clock
from chalicelib.core.errors import RippleError
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import read
from chalicelib.core.table import Key
from chalicelib.core.transaction import Transaction
from chalicelib.rewards.cash import Cash
from chalicelib.rewards.review import REFUSED
from chalicelib.rewards.states import CashState
from chalicelib.rewards.words import signals
from chalicelib.sharing.held import About, Decision, Holding, Sign
from chalicelib.sharing.problems import NOT_HELD
from chalicelib.sharing.verdict import Outcome, Verdict


def decide(mid: MerchantId, key: Key, yes: bool, actor: str, note: str | None, *, sign: Sign) -> Decision:
    """The merchant lets a user ask for his cash, whatever WeChat thinks of him, or takes it back. Raises `NOT_HELD`."""
    cash = read(key).item(Cash, key)
    if cash is None or cash.state is not CashState.REVIEW:
        raise RippleError(NOT_HELD)
    tx = Transaction()
    if yes:
        _add_cleared(tx, cash)
    else:
        settling.add_unasked(tx, cash, REFUSED)
    decision = Decision.APPROVED if yes else Decision.REJECTED
    sign(tx, decision)
    tx.commit()
    return decision


def _add_cleared(tx: Transaction, cash: Cash) -> None:
    until = max(cash.until, clock.now() + rules.CLEARED_FOR)
    actions: list[Action] = [
        Cash.state.set(CashState.CLAIMABLE),
        Cash.cleared.set(1),
        Cash.until.set(until),
        Cash.note.remove(),
        Cash.gsi3pk.remove(),
        Cash.gsi3sk.remove(),
    ]
    tx.update("cash", cash, actions, when={"review": Cash.state == CashState.REVIEW}, due=until)


def about(cash: Cash) -> About:
    """What it is, as its merchant reads it in the queue: which of whose cash, and what speaks against him."""
    judged = Verdict(Outcome.HOLD, signals(cash.note))
    since = clock.parse(cash.gsi3sk.split("#", 1)[0])
    return About(object_id=cash.cash_id, uid=cash.uid, held_at=since, verdict=judged)


HOLDING = Holding("cash", lambda cash: cash.state is CashState.REVIEW, about, decide)
"""How cash waits for the merchant."""
