"""Grants that wait for the merchant: what he sees of one, and his decision, which takes effect once."""

from __future__ import annotations

from chalicelib.core import clock
from chalicelib.core.errors import RippleError
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import read
from chalicelib.core.table import Key
from chalicelib.core.transaction import Transaction
from chalicelib.rewards import grants
from chalicelib.rewards.items import Grant
from chalicelib.rewards.states import MINOR, GrantState
from chalicelib.rewards.words import signals
from chalicelib.sharing.held import About, Decision, Holding, Sign
from chalicelib.sharing.problems import NOT_HELD
from chalicelib.sharing.verdict import Outcome, Verdict

REFUSED = "refused"
"""Why a grant ended that the merchant refused."""


def decide(mid: MerchantId, key: Key, yes: bool, actor: str, note: str | None, *, sign: Sign) -> Decision:
    """The merchant lets a grant become value, or refuses it; moot where a minor may not have it. Raises `NOT_HELD`."""
    grant = read(key).item(Grant, key)
    if grant is None or grant.state is not GrantState.REVIEW:
        raise RippleError(NOT_HELD)
    tx = Transaction()
    decision = Decision.APPROVED if yes else Decision.REJECTED
    if yes and grants.is_kept(grant):
        grants.add_end(tx, grant, GrantState.VOID, MINOR, {})
        decision = Decision.MOOT
    elif yes:
        grants.add_granted(tx, grant, {})
    else:
        grants.add_end(tx, grant, GrantState.VOID, REFUSED, {})
    sign(tx, decision)
    tx.commit()
    return decision


def about(grant: Grant) -> About:
    """What a grant is, as its merchant reads it in the queue: whose statement has it, and what speaks against it."""
    judged = Verdict(Outcome.HOLD, signals(grant.note))
    since = clock.parse(grant.gsi3sk.split("#", 1)[0])
    return About(object_id=grant.uid, uid=grant.uid, held_at=since, verdict=judged)


HOLDING = Holding("rewards", lambda grant: grant.state is GrantState.REVIEW, about, decide)
"""How grants wait for the merchant."""
