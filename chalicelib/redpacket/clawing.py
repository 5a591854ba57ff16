"""An order went back after it had brought a packet: what friends and buyer got comes back, as far as it is there.

One transaction a claim, under the packet's lease; the packet stays due until none is left. What is not there any more
is the buyer's recorded debt, never a claimer's: it was his order that went back.
"""

from __future__ import annotations

from pynamodb.expressions.update import Action

from chalicelib.campaigns.gifts import AsCoupon, Gift
from chalicelib.core import clock, log
from chalicelib.core.store import Found, read
from chalicelib.core.table import Key
from chalicelib.core.transaction import Transaction, update_one
from chalicelib.redpacket import creating, rules, values
from chalicelib.redpacket.items import Claim, Packet
from chalicelib.redpacket.plans import Plan
from chalicelib.redpacket.states import ActState, PacketState
from chalicelib.rewards import balances, give
from chalicelib.rewards.items import Leg


def claw(packet: Packet) -> None:
    """Take back claim by claim; wait for what is held or locked, and end when nothing is left."""
    plan, waits = values.plan_of(packet), False
    for act in values.acts(packet):
        if not isinstance(act, Claim):
            continue
        if act.state is ActState.HELD:
            waits = True
        elif act.state is ActState.OWED:
            _take_owed(packet, act)
        elif act.state is ActState.GRANTED:
            waits = not _take_granted(packet, act, plan) or waits
    if waits:
        leased = {"leased": Packet.gsi2sk == packet.gsi2sk}
        update_one(packet, [], when=leased, due=clock.now() + rules.LOOK_AGAIN)
    else:
        _end(packet)


def _take_owed(packet: Packet, claim: Claim) -> None:
    """A share that nobody has yet is reserved again, whole."""
    amount = (claim.friend or 0) + (claim.own or 0)
    tx = Transaction()
    _add_reserved(tx, packet, amount)
    actions = [Claim.state.set(ActState.CLAWED), Claim.debt.set(0)]
    tx.update("claim", claim, actions, when={"owed": Claim.state == ActState.OWED}, due=None)
    _commit(tx, packet, amount)


def _take_granted(packet: Packet, claim: Claim, plan: Plan) -> bool:
    """What is there of a share comes back; False where an order that may still be paid holds some of it."""
    theirs, own = plan.given(claim.friend or 0), claim.own or 0
    mid, currency = packet.mid, packet.currency
    keys: list[Key] = [
        *give.taken_keys(mid, claim.uid, theirs, values.to_claimer(packet).ref),
        *balances.keys(mid, packet.uid, currency),
    ]
    found = read(*keys)
    tx = Transaction()
    legs = _add_friends(tx, packet, claim, theirs, found)
    if legs is None:
        return False
    back = balances.to_take(found, mid, packet.uid, currency, own)
    if back is None:
        return False
    friends = sum(leg.amount for leg in legs if leg.amount > 0)
    debt = theirs.amount + own - friends - back
    if back or debt:
        balances.add_taken(tx, "owner", mid, packet.uid, currency, back, found, debt=debt)
    legs += give.moved(give.user(packet.uid), give.campaign(packet.cid), currency, back)
    _add_reserved(tx, packet, friends + back)
    actions: list[Action] = [
        Claim.state.set(ActState.CLAWED),
        Claim.back.set(legs),
        Claim.back_at.set(clock.now()),
        Claim.debt.set(debt),
    ]
    tx.update("claim", claim, actions, when={"granted": Claim.state == ActState.GRANTED})
    _commit(tx, packet, friends + back)
    return True


def _add_friends(tx: Transaction, packet: Packet, claim: Claim, theirs: Gift, found: Found) -> list[Leg] | None:
    """What the claimer still has of it leaves him; None where it must be waited for. Returns the legs."""
    mid, uid, currency, source = packet.mid, claim.uid, packet.currency, give.campaign(packet.cid)
    if isinstance(theirs.form, AsCoupon):
        origin = values.to_claimer(packet)
        unused = give.coupon_unused(found, mid, uid, origin.ref)
        if unused is None:
            return None
        if not unused:
            give.add_coupon_owed(tx, "friend", uid, origin)
            return []
        give.add_coupon_taken(tx, "friend", uid, origin)
        return give.moved(give.coupons(uid), source, currency, theirs.amount)
    back = balances.to_take(found, mid, uid, currency, theirs.amount)
    if back is None:
        return None
    if back:
        balances.add_taken(tx, "friend", mid, uid, currency, back, found)
    return give.moved(give.user(uid), source, currency, back)


def _add_reserved(tx: Transaction, packet: Packet, amount: int) -> None:
    actions = [Packet.res.add(amount), Packet.spent.add(-amount)]
    when = {"leased": Packet.gsi2sk == packet.gsi2sk, "clawing": Packet.status == PacketState.CLAWING}
    tx.update("packet", packet, actions, when=when)


def _commit(tx: Transaction, packet: Packet, amount: int) -> None:
    tx.commit()
    packet.res += amount
    packet.spent -= amount


def _end(packet: Packet) -> None:
    when = {
        "leased": Packet.gsi2sk == packet.gsi2sk,
        "clawing": Packet.status == PacketState.CLAWING,
        "none_held": Packet.held == 0,
    }
    tx = Transaction()
    actions = [Packet.status.set(PacketState.CLAWED), *creating.add_back(tx, packet)]
    tx.update("packet", packet, actions, when=when, due=None)
    tx.commit()
    log.info("packet_clawed", rid=packet.rid, debt=packet.spent)
