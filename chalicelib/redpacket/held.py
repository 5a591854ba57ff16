"""Helps and claims that wait for a decision: the merchant's, or in time the published policy's. Each takes effect once.

A decision looks at the packet's state and room and never at the clock, so that nothing that was promised is lost to the
hour at which somebody looked. What nobody needs any more gives its limit back.
"""

from __future__ import annotations

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.accounts.items import User, user_key
from chalicelib.core import clock
from chalicelib.core.errors import RippleError
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import read
from chalicelib.core.table import Key
from chalicelib.core.times import Time, span, timed
from chalicelib.core.transaction import Transaction, update_one
from chalicelib.redpacket import rules, service, values
from chalicelib.redpacket.items import PACKET, PLAY, Act, Claim, Limit, Packet, limit_key, packet_key
from chalicelib.redpacket.states import ActState, PacketKind
from chalicelib.sharing import firsts, limits
from chalicelib.sharing.held import About, Decision, Holding, Sign
from chalicelib.sharing.messages import add_told
from chalicelib.sharing.problems import NOT_HELD
from chalicelib.sharing.verdict import Outcome, Signal
from chalicelib.sharing.verdict import Verdict as Judged

DECISIONS = {
    ActState.COUNTED: Decision.APPROVED,
    ActState.OWED: Decision.APPROVED,
    ActState.REJECTED: Decision.REJECTED,
    ActState.MOOT: Decision.MOOT,
}


def decide(mid: MerchantId, key: Key, yes: bool, actor: str, note: str | None, *, sign: Sign) -> Decision:
    """The merchant takes a held act or refuses it; one that is needed no more is moot. Raises `NOT_HELD`."""
    rid, uid = key.pk.split("#", 1)[1], key.sk.split("#", 1)[1]
    place, taken, helper = packet_key(mid, rid), limit_key(mid, uid, rid.split("-", 1)[0]), user_key(mid, uid)
    found = read(place, key, taken, helper)
    packet, act = found.item(Packet, place), found[key]
    if packet is None or not isinstance(act, Act) or act.state is not ActState.HELD:
        raise RippleError(NOT_HELD)
    tx = Transaction()
    decision = DECISIONS[_add(tx, packet, act, found.item(Limit, taken), found.item(User, helper), yes=yes)]
    sign(tx, decision)
    tx.commit()
    return decision


def about(act: Act) -> About:
    """What an act is, as its merchant reads it in the queue."""
    judged = Judged(Outcome.HOLD, [Signal(reason) for reason in act.reasons], act.thresholds)
    return About(object_id=act.rid, uid=act.uid, held_at=act.created_at, verdict=judged)


HOLDING = Holding(PLAY, lambda act: act.state is ActState.HELD, about, decide)
"""How helps and claims wait for the merchant."""


@timed(
    Time(
        "the merchant has not decided a help or claim in the campaign's time, at the latest "
        f"{span(rules.CHECKING)} before its packet's end",
        "it is approved, if there is room for it",
        "it counts for nothing yet; its packet does not end before it is decided",
    ),
    Time(
        f"a claim owes its share: at once by the table's stream, after {span(rules.REDRIVE)} otherwise",
        "the share is given, once",
        "it is his, and listed as on its way",
    ),
)
def act_due(act: Act) -> None:
    """The policy approves an act that nobody has decided; a claim's value is given (the due handler of both)."""
    leased = {"leased": Act.gsi2sk == act.gsi2sk}
    if act.state is ActState.OWED and isinstance(act, Claim):
        values.grant_share(act)
    elif act.state is not ActState.HELD or act.passes_at is None:
        update_one(act, [], when=leased, due=None)
    elif clock.now() < act.passes_at:
        update_one(act, [], when=leased, due=act.passes_at)
    else:
        _pass(act)


def _pass(act: Act) -> None:
    place, taken, helper = (
        packet_key(act.mid, act.rid),
        limit_key(act.mid, act.uid, act.cid),
        user_key(act.mid, act.uid),
    )
    found = read(place, taken, helper)
    packet = found.item(Packet, place)
    if packet is None:
        raise LookupError(f"the packet of an act: {act.rid}")
    tx = Transaction()
    _add(tx, packet, act, found.item(Limit, taken), found.item(User, helper), yes=True, leased=True)
    tx.commit()


def _add(
    tx: Transaction,
    packet: Packet,
    act: Act,
    limit: Limit | None,
    actor: User | None,
    *,
    yes: bool,
    leased: bool = False,
) -> ActState:
    state = rules.decided_as(packet, yes=yes)
    if state in (ActState.COUNTED, ActState.OWED):
        _add_taken(tx, packet)
        if state is ActState.COUNTED and actor is not None:
            firsts.add_first_help(tx, actor, service.target(act.rid))
    else:
        _add_none(tx, packet)
    _add_end(tx, packet, act, state, leased=leased)
    if state is ActState.MOOT:
        limits.add_back(tx, limit_key(act.mid, act.uid, act.cid), limit, act.day)
    add_told(tx, act.mid, act.uid, act.cid, DECISIONS[state], (PACKET, act.rid))
    return state


def _add_taken(tx: Transaction, packet: Packet) -> None:
    """The act is the next that counts, also after the packet's end."""
    actions, due = service.taking(packet, clock.now())
    when: dict[str, Condition] = {
        "status": Packet.status == packet.status,
        "waits": Packet.held >= 1,
        "n": Packet.n == packet.n,
    }
    if packet.kind is PacketKind.UNLOCK:
        when["granted"] = Packet.granted == packet.granted
    tx.update("packet", packet, [*actions, Packet.held.add(-1)], when=when, due=due)


def _add_none(tx: Transaction, packet: Packet) -> None:
    """The act counts for nothing, and nobody waits for it any more."""
    when = {
        "status": Packet.status == packet.status,
        "waits": Packet.held >= 1,
        "n": Packet.n == packet.n,
    }
    tx.update("packet", packet, [Packet.held.add(-1)], when=when)


def _add_end(tx: Transaction, packet: Packet, act: Act, state: ActState, *, leased: bool) -> None:
    """The act is decided, once; ``leased`` where a worker has taken its entry. A claim is owed its share then."""
    when: dict[str, Condition] = {"held": Act.state == ActState.HELD}
    if leased:
        when["leased"] = Act.gsi2sk == act.gsi2sk
    now = clock.now()
    actions: list[Action] = [
        Act.state.set(state),
        Act.decided_at.set(now),
        Act.gsi3pk.remove(),
        Act.gsi3sk.remove(),
    ]
    if state in (ActState.COUNTED, ActState.OWED):
        actions.append(Act.slot.set(packet.n))
    if state is ActState.OWED:
        friend, own = packet.share(packet.n)
        actions += [Claim.friend.set(friend), Claim.own.set(own)]
    tx.update("act", act, actions, when=when, due=now if state is ActState.OWED else None)
