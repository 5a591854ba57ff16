"""Helps that wait for a decision: the merchant's, or in time the published policy's. Each takes effect once.

A decision looks at the bargain's state and room and never at the clock, so that nothing that was promised to a helper
is lost to the hour at which somebody looked.
"""

from __future__ import annotations

from datetime import timedelta

from pynamodb.expressions.condition import Condition

from chalicelib.accounts.items import User, user_key
from chalicelib.bargain import rules, service
from chalicelib.bargain.items import BARGAIN, PLAY, Bargain, Help, Limit, bargain_key, help_key, limit_key
from chalicelib.bargain.states import HelpState
from chalicelib.campaigns.kinds.bargain import BargainOffer
from chalicelib.campaigns.live import live
from chalicelib.core import clock
from chalicelib.core.errors import RippleError
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import read
from chalicelib.core.table import Key
from chalicelib.core.times import Time, span, timed
from chalicelib.core.transaction import UNSET, Transaction, update_one
from chalicelib.sharing import firsts, limits
from chalicelib.sharing.held import About, Decision, Holding, Sign
from chalicelib.sharing.messages import add_told
from chalicelib.sharing.problems import FROZEN, NOT_HELD
from chalicelib.sharing.verdict import Outcome, Signal
from chalicelib.sharing.verdict import Verdict as Judged

DECISIONS = {
    HelpState.COUNTED: Decision.APPROVED,
    HelpState.REJECTED: Decision.REJECTED,
    HelpState.MOOT: Decision.MOOT,
}

LOOK_AGAIN = timedelta(minutes=1)
"""How soon the policy looks again at a help of a frozen bargain, whose order may be given up at any time."""


def decide(mid: MerchantId, key: Key, yes: bool, actor: str, note: str | None, *, sign: Sign) -> Decision:
    """The merchant takes a held help or refuses it; one that is needed no more is moot. Raises `NOT_HELD`, `FROZEN`."""
    bid, uid = key.pk.split("#", 1)[1], key.sk.removeprefix(Help.prefix)
    place, whose, taken = keys(mid, bid, uid)
    helper = user_key(mid, uid)
    found = read(place, whose, taken, helper)
    bargain, given = found.item(Bargain, place), found.item(Help, whose)
    if bargain is None or given is None or given.state is not HelpState.HELD:
        raise RippleError(NOT_HELD)
    tx = Transaction()
    decision = DECISIONS[_add(tx, bargain, given, found.item(Limit, taken), found.item(User, helper), yes=yes)]
    sign(tx, decision)
    tx.commit()
    return decision


def about(given: Help) -> About:
    """What a help is, as its merchant reads it in the queue."""
    reasons = [Signal(reason) for reason in given.reasons]
    judged = Judged(Outcome.HOLD, reasons, given.thresholds)
    return About(object_id=given.bid, uid=given.uid, held_at=given.created_at, verdict=judged)


HOLDING = Holding(PLAY, lambda given: given.state is HelpState.HELD, about, decide)
"""How helps wait for the merchant."""


def keys(mid: MerchantId, bid: str, uid: str) -> tuple[Key, Key, Key]:
    """What a decision's read round needs: the bargain, the help, and the helper's limit."""
    return bargain_key(mid, bid), help_key(mid, bid, uid), limit_key(mid, uid, bid.split("-", 1)[0])


@timed(
    Time(
        f"the merchant has not decided it in the campaign's time, at the latest {span(rules.CHECKING)} "
        "before its bargain's end",
        "it is approved and takes the next slot, if there is one",
        "it counts for nothing yet; its bargain does not end before it is decided",
    ),
    Time(
        f"every {span(LOOK_AGAIN)} from then on, while an early order keeps its bargain's price where it is",
        "it is looked at again",
        "it waits on",
    ),
)
def help_due(given: Help) -> None:
    """The policy approves a help that nobody has decided (the due handler of `Help`)."""
    leased = {"leased": Help.gsi2sk == given.gsi2sk}
    if given.state is not HelpState.HELD:
        update_one(given, [], when=leased, due=None)
        return
    place, _, taken = keys(given.mid, given.bid, given.uid)
    helper = user_key(given.mid, given.uid)
    found = read(place, taken, helper)
    bargain = found.item(Bargain, place)
    if bargain is None:
        raise LookupError(f"the bargain of a help: {given.bid}")
    if rules.is_frozen(bargain):
        update_one(given, [], when=leased, due=clock.now() + LOOK_AGAIN)
        return
    tx = Transaction()
    _add(tx, bargain, given, found.item(Limit, taken), found.item(User, helper), yes=True, leased=True)
    tx.commit()


def _add(
    tx: Transaction,
    bargain: Bargain,
    given: Help,
    limit: Limit | None,
    helper: User | None,
    *,
    yes: bool,
    leased: bool = False,
) -> HelpState:
    if rules.is_frozen(bargain):
        raise RippleError(FROZEN)
    state = rules.decided_as(bargain, yes=yes)
    if state is HelpState.COUNTED:
        _add_slot(tx, bargain)
        if helper is not None:
            firsts.add_first_help(tx, helper, service.target(given.bid))
    else:
        _add_none(tx, bargain)
    _add_end(tx, given, bargain, state, leased=leased)
    if state is HelpState.MOOT:
        limits.add_back(tx, limit_key(given.mid, given.uid, given.cid), limit, given.day)
    add_told(tx, given.mid, given.uid, given.cid, DECISIONS[state], (BARGAIN, given.bid))
    return state


def _add_slot(tx: Transaction, bargain: Bargain) -> None:
    """The help takes the next slot; the last one opens the claim window, also after the bargain's end."""
    offer = live(bargain.mid, bargain.cid, BargainOffer).offer
    actions, claim_until = service.slot_actions(bargain, offer, clock.now())
    when = {
        "status": Bargain.status == bargain.status,
        "helps": Bargain.helps == bargain.helps,
        "waits": Bargain.held >= 1,
    }
    due = claim_until if claim_until is not None else UNSET
    tx.update("bargain", bargain, [*actions, Bargain.held.add(-1)], when=when, due=due)


def _add_none(tx: Transaction, bargain: Bargain) -> None:
    """The help takes no slot, and nobody waits for it any more."""
    when = {"status": Bargain.status == bargain.status, "waits": Bargain.held >= 1}
    tx.update("bargain", bargain, [Bargain.held.add(-1)], when=when)


def _add_end(tx: Transaction, given: Help, bargain: Bargain, state: HelpState, *, leased: bool) -> None:
    """The help is decided, once; ``leased`` where a worker has taken its entry."""
    when: dict[str, Condition] = {"held": Help.state == HelpState.HELD}
    if leased:
        when["leased"] = Help.gsi2sk == given.gsi2sk
    actions = [Help.state.set(state), Help.decided_at.set(clock.now()), Help.gsi3pk.remove(), Help.gsi3sk.remove()]
    if state is HelpState.COUNTED:
        actions += [Help.slot.set(bargain.helps), Help.cut_fen.set(bargain.slots[bargain.helps])]
    tx.update("help", given, actions, when=when, due=None)
