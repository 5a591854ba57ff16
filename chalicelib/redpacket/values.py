"""A packet's value on its way: a claim's to both sides in one transaction, a node's to the owner, each once."""

from __future__ import annotations

from collections.abc import Iterator

from pynamodb.expressions.update import Action

from chalicelib.accounts.items import User, user_key
from chalicelib.campaigns import stock
from chalicelib.campaigns.gifts import AsCash
from chalicelib.campaigns.live import live
from chalicelib.campaigns.offer import Offer
from chalicelib.core import clock, log
from chalicelib.core.store import Found, query, read, read_one
from chalicelib.core.table import Key
from chalicelib.core.transaction import Transaction, update_one
from chalicelib.redpacket import creating, plans, rules
from chalicelib.redpacket.items import Act, Claim, Packet, packet_key
from chalicelib.redpacket.plans import Plan
from chalicelib.redpacket.service import acts_of
from chalicelib.redpacket.states import ActState, PacketKind, PacketState
from chalicelib.rewards import give, minors, telling
from chalicelib.rewards.cash import cash_of
from chalicelib.rewards.give import Origin
from chalicelib.rewards.items import Leg, Posting, posting_key, statement_entry
from chalicelib.rewards.states import Why

PAGE = 50


def plan_of(packet: Packet) -> Plan:
    """What the packet was made by."""
    return plans.of(live(packet.mid, packet.cid, Offer).offer, packet.kind)


def to_claimer(packet: Packet) -> Origin:
    """Where what a claimer gets comes from."""
    why = Why.GIFT if packet.kind is PacketKind.GIFT else Why.PACKET_SHARE
    return _origin(packet, why, packet.rid)


def to_owner(packet: Packet, claim: Claim) -> Origin:
    """Where what a claim brings the owner comes from."""
    return _origin(packet, Why.PACKET_OWN, f"{packet.rid}-{claim.uid}")


def grant_share(claim: Claim) -> None:
    """What a claim is owed goes to both sides; one whose packet is being taken back waits for that.

    Its owner is told, and who claimed where that had to wait for a decision.
    """
    leased = {"leased": Claim.gsi2sk == claim.gsi2sk}
    packet = read_one(Packet, packet_key(claim.mid, claim.rid))
    if packet is None or claim.friend is None:
        raise LookupError(f"the packet of a claim: {claim.rid}")
    now = clock.now()
    if packet.status is PacketState.CLAWING:
        update_one(claim, [], when=leased, due=now + rules.LOOK_AGAIN)
        return
    plan = plan_of(packet)
    theirs = plan.given(claim.friend)
    its = plan.given_to_owner(claim.own) if claim.own else None
    keys = [
        *give.keys(claim.mid, claim.uid, theirs),
        *(give.keys(claim.mid, packet.uid, its) if its is not None else ()),
    ]
    found = _read(keys)
    tx = Transaction()
    legs = give.add(tx, "friend", claim.uid, theirs, to_claimer(packet), found, now)
    if claim.decided_at is not None:
        telling.add_arrived(tx, "friend_told", claim.uid, theirs, to_claimer(packet), now)
    if its is not None:
        legs += give.add(tx, "owner", packet.uid, its, to_owner(packet, claim), found, now)
        telling.add_arrived(tx, "owner_told", packet.uid, its, to_owner(packet, claim), now)
    actions = [Claim.state.set(ActState.GRANTED), Claim.legs.set(legs), Claim.posted_at.set(now)]
    tx.update("claim", claim, actions, when={"owed": Claim.state == ActState.OWED, **leased}, due=None)
    tx.commit()
    log.info("packet_share_granted", rid=packet.rid, friend=claim.friend, own=claim.own)


def is_kept(packet: Packet) -> bool:
    """Whether a node that was reached is nothing for its owner, who is a minor; asked only where one may be."""
    reached = packet.reached(packet.n) > packet.granted
    if not reached or not minors.is_kept_from(Why.PACKET_NODE, plan_of(packet).form):
        return False
    return minors.is_minor(read_one(User, user_key(packet.mid, packet.uid)))


def grant_node(packet: Packet) -> None:
    """The next node that was reached goes to the owner; while more are, the packet is due again at once."""
    now, k = clock.now(), packet.granted
    node = (packet.steps or [])[k]
    plan = plan_of(packet)
    gift, origin = plan.given(node.amount), _origin(packet, Why.PACKET_NODE, _node_ref(packet, k))
    found = _read(give.keys(packet.mid, packet.uid, gift))
    tx = Transaction()
    left, its = stock.parted(packet.drawn, packet.res + packet.spent - node.amount)
    posting = Posting(
        *posting_key(packet.mid, packet.uid, origin.ref),
        legs=give.add(tx, "value", packet.uid, gift, origin, found, now, its),
        posted_at=now,
        why=origin.why,
        subject=packet.rid,
        cid=packet.cid,
        version=packet.version,
    )
    posting.gsi1pk, posting.gsi1sk = statement_entry(packet.mid, packet.uid, now, origin.ref)
    tx.put("posting", posting)
    telling.add_arrived(tx, "told", packet.uid, gift, origin, now)
    actions: list[Action] = [Packet.granted.add(1), Packet.res.add(-node.amount)]
    actions.append(Packet.drawn.set(left) if give.owns_budget(gift) else Packet.spent.add(node.amount))
    due = max(packet.expires_at, now)
    if packet.reached(packet.n) > k + 1 or packet.status is PacketState.SETTLING:
        due = now
    last = k + 1 == len(packet.steps or [])
    if last:
        actions.append(Packet.status.set(PacketState.DONE))
        creating.add_end(tx, packet)
    when = {
        "leased": Packet.gsi2sk == packet.gsi2sk,
        "granted": Packet.granted == k,
        "n": Packet.n == packet.n,
    }
    tx.update("packet", packet, actions, when=when, due=None if last else due)
    tx.commit()
    log.info("packet_node_granted", rid=packet.rid, node=k, amount=node.amount)


def cash_of_node(packet: Packet, plan: Plan, k: int) -> str | None:
    """The id of the cash that a node has become; None where it has become none."""
    return cash_of(_node_ref(packet, k)) if k < packet.granted and isinstance(plan.form, AsCash) else None


def acts(packet: Packet) -> Iterator[Act]:
    """Every help or claim of a packet; those that were refused lie between the others."""
    kind, after = acts_of(packet), None
    while True:
        page = query(packet.pk, begins=kind.prefix, limit=PAGE, after=after)
        yield from (act for act in page.items if isinstance(act, Act))
        after = page.after
        if after is None:
            return


def owner_legs(packet: Packet) -> Iterator[tuple[Claim, list[Leg]]]:
    """What the claims of a packet brought its owner, and what of that went back, claim by claim; also what he owes for.

    They stand on the claims, which list under their claimers: his statement and his rebuild find them here. A packet
    that is unlocked has none.
    """
    for act in acts(packet) if packet.portions else ():
        if not isinstance(act, Claim):
            continue
        legs = [leg for leg in act.all_legs if leg.account == give.user(packet.uid)]
        if legs or act.debt:
            yield act, legs


def _node_ref(packet: Packet, k: int) -> str:
    """What a node is called among what its owner was given."""
    return f"{packet.rid}-{k}"


def _origin(packet: Packet, why: Why, ref: str) -> Origin:
    return Origin(mid=packet.mid, cid=packet.cid, version=packet.version, why=why, ref=ref, subject=packet.rid)


def _read(keys: list[Key]) -> Found:
    return read(*keys) if keys else Found({})
