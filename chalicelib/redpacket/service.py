"""Starting a packet, helping and claiming: one read round, one pure decision, one transaction."""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.accounts.items import User, user_key
from chalicelib.accounts.mask import public_avatar, public_name
from chalicelib.campaigns.live import live
from chalicelib.campaigns.offer import Offer
from chalicelib.core import clock
from chalicelib.core.decision import Read, decided_or_refused
from chalicelib.core.errors import NOT_FOUND, UNAUTHENTICATED, RippleError
from chalicelib.core.idempotency import Intent
from chalicelib.core.ids import CampaignId, UserId
from chalicelib.core.transaction import UNSET, Transaction, Unset
from chalicelib.redpacket import creating, plans, problems, rules
from chalicelib.redpacket.items import (
    PACKET,
    Act,
    Claim,
    Limit,
    Packet,
    PacketId,
    Unlock,
    act_key,
    campaign_of,
    limit_key,
    packet_id,
    packet_key,
)
from chalicelib.redpacket.states import ActState, PacketKind, PacketState
from chalicelib.rewards.funds import Funds
from chalicelib.rewards.items import statement_entry
from chalicelib.rewards.rules import value_of
from chalicelib.sharing import firsts, held, limits, pace, tickets
from chalicelib.sharing.items import Entry, entry_key
from chalicelib.sharing.rules import attributed
from chalicelib.sharing.verdict import Facts, Verdict, judge

A = TypeVar("A", bound=Act)


def start(intent: Intent, cid: CampaignId) -> Packet:
    """Start a packet to be unlocked, or give one: all that it promises is reserved.

    Raises `NOT_FOUND` where users start none, `NOT_RUNNING`, `PACKETS_SPENT`, what `rules.insist_may_start` raises.
    """
    mid, uid = intent.mid, UserId(intent.actor)
    place, taken, me = (
        packet_key(mid, packet_id(cid, intent.ident("packet", 16))),
        limit_key(mid, uid, cid),
        user_key(mid, uid),
    )

    def attempt(read: Read) -> Packet:
        campaign = live(mid, cid, Offer)
        plan = plans.started(campaign.offer)
        funds = Funds(campaign, {plan.currency: plan.total}, read)
        found = read(place, taken, me, *funds.keys)
        made, user = found.item(Packet, place), found.item(User, me)
        if made is not None:
            intent.insist_same(made.fingerprint)
            return made
        if user is None:
            raise RippleError(UNAUTHENTICATED)
        now = clock.now()
        campaign.insist_running(now)
        rules.insist_may_start(plan, found.item(Limit, taken), user)
        drawn = funds.drawn(found)
        if drawn is None:
            raise RippleError(problems.PACKETS_SPENT)
        packet = creating.packet(
            mid,
            packet_id(cid, intent.ident("packet", 16)),
            plan,
            uid,
            drawn[plan.currency],
            version=campaign.version,
            now=now,
            fingerprint=intent.fingerprint,
        )
        tx = Transaction()
        tx.put("packet", packet)
        limits.add_start(tx, taken, starts=plan.starts, active=plan.active)
        funds.add_drawn(tx, drawn)
        tx.commit()
        return packet

    return decided_or_refused(attempt)


def help_with(intent: Intent, rid: PacketId, ticket: str) -> tuple[Packet, Unlock]:
    """Confirm for a friend's packet, once: it counts at once, or waits for the merchant; what is denied writes nothing.

    Raises as `_acted`.
    """
    return _acted(intent, rid, ticket, Unlock)


def claim(intent: Intent, rid: PacketId, ticket: str, named: int | None = None) -> tuple[Packet, Claim]:
    """Claim the next share of a packet, once; its value follows at once, in a transaction of its own.

    ``named`` is what the claimer was told that he gets. Raises `SHARE_MOVED` where that is another by now, and as
    `_acted`.
    """
    return _acted(intent, rid, ticket, Claim, named)


def _acted(intent: Intent, rid: PacketId, ticket: str, kind: type[A], named: int | None = None) -> tuple[Packet, A]:
    """Help or claim.

    Raises `NOT_FOUND` where the packet takes no such act, `NOT_RUNNING`, what `rules.insist_may_act`,
    `rules.insist_welcome` and `rules.taken_as` raise, and what is wrong with the ticket.
    """
    mid, uid, cid = intent.mid, UserId(intent.actor), campaign_of(rid)
    entry, own_pace = entry_key(mid, uid, PACKET, rid), pace.pace_key(mid, uid)
    place, mine, taken, me = (
        packet_key(mid, rid),
        act_key(mid, kind, rid, uid),
        limit_key(mid, uid, cid),
        user_key(mid, uid),
    )

    def attempt(read: Read) -> tuple[Packet, A]:
        campaign = live(mid, cid, Offer)
        found = read(place, mine, taken, me, entry, own_pace)
        packet, user, limit = found.item(Packet, place), found.item(User, me), found.item(Limit, taken)
        if packet is None or kind is not acts_of(packet):
            raise RippleError(NOT_FOUND)
        if user is None:
            raise RippleError(UNAUTHENTICATED)
        done = found.item(kind, mine)
        if done is not None and done.request == intent.ident("act"):
            intent.insist_same(done.fingerprint)
            return packet, done
        now = clock.now()
        plan = plans.of(campaign.offer, packet.kind)
        campaign.insist_not_paused()
        rules.insist_may_act(plan, packet, done, limit, uid, now)
        rules.insist_named(packet, named)
        newcomer = rules.insist_welcome(plan, campaign.offer.starts_at, user, now)
        seen = tickets.opened(mid, uid, target(rid), ticket)
        facts = Facts(
            value=value_of(*plan.forms),
            own=seen.same_person,
            rank=seen.rank,
            account_age=now - user.created_at,
            looked=now - seen.seen_at,
            device_accounts=seen.device_accounts,
            address_accounts=seen.address_accounts,
            star=seen.star,
            chain=seen.chain,
            reciprocal=_has_helped(read, packet, limit, uid),
            helps_this_minute=_in_minute(packet, now),
            acts_this_hour=pace.acts_this_hour(found, own_pace, now),
        )
        verdict = judge(facts)
        state = rules.taken_as(verdict, packet, now)
        act = _act(intent, kind, packet, user, state, verdict, now)
        act.verdict = newcomer
        act.came_by = attributed(found.item(Entry, entry), now)
        tx = Transaction()
        if state is ActState.HELD:
            act.passes_at = rules.passes_at(plan, packet, now)
            act.gsi3pk, act.gsi3sk = held.entry(act.key, now)
            act.set_due(act.passes_at)
            _add_held(tx, packet, now)
        else:
            _take(act, packet, now)
            _add_taken(tx, packet, now)
            if kind is Unlock:
                firsts.add_first_help(tx, user, target(rid))
        tx.put("act", act)
        most, a_day = plan.helps, plan.helps_a_day
        limits.add_help(tx, taken, helps=most, a_day=a_day, seen=limit, day=act.day, owner=packet.uid)
        tx.commit()
        pace.note(own_pace, found, now)
        packet.n += state is not ActState.HELD
        if kind is Claim and packet.n == packet.size:
            packet.status = PacketState.DONE
        return packet, act

    return decided_or_refused(attempt)


def target(rid: str) -> str:
    """What a help ticket for this packet is for."""
    return f"{PACKET}:{rid}"


def acts_of(packet: Packet) -> type[Unlock] | type[Claim]:
    """What friends do for it."""
    return Unlock if packet.kind is PacketKind.UNLOCK else Claim


def taking(packet: Packet, now: datetime) -> tuple[list[Action], datetime | Unset | None]:
    """What one more act that counts changes on its packet, and when that is due then.

    A help that reaches a node makes it due now; a claim moves its share from what is reserved to what is spent.
    """
    actions: list[Action] = [Packet.n.add(1)]
    if packet.kind is PacketKind.UNLOCK:
        return actions, now if packet.reached(packet.n + 1) > packet.granted else UNSET
    amount = sum(packet.share(packet.n))
    actions += [Packet.res.add(-amount), Packet.spent.add(amount)]
    if packet.n + 1 < packet.size:
        return actions, UNSET
    return [*actions, Packet.status.set(PacketState.DONE)], None


def _take(act: Act, packet: Packet, now: datetime) -> None:
    """It is the next that counts; a claim has its share, and its value is owed."""
    act.slot = packet.n
    if isinstance(act, Claim):
        act.friend, act.own = packet.share(packet.n)
        act.set_due(now + rules.REDRIVE)


def _add_taken(tx: Transaction, packet: Packet, now: datetime) -> None:
    actions, due = taking(packet, now)
    when: dict[str, Condition] = {
        "active": Packet.status == PacketState.ACTIVE,
        "in_time": Packet.expires_at >= now,
        "n": Packet.n == packet.n,
    }
    if packet.kind is PacketKind.UNLOCK:
        when["granted"] = Packet.granted == packet.granted
    tx.update("packet", packet, [*actions, *_minute_actions(packet, now)], when=when, due=due)


def _add_held(tx: Transaction, packet: Packet, now: datetime) -> None:
    """The act takes nothing yet, and waits only while the merchant has time to look at it."""
    when = {
        "active": Packet.status == PacketState.ACTIVE,
        "room": Packet.held < packet.size,
        "in_time": Packet.expires_at >= now + rules.CHECKING,
    }
    tx.update("packet", packet, [Packet.held.add(1), *_minute_actions(packet, now)], when=when)


def _minute_actions(packet: Packet, now: datetime) -> list[Action]:
    return [Packet.minute.set(_minute(now)), Packet.minute_acts.set(_in_minute(packet, now) + 1)]


def _in_minute(packet: Packet, now: datetime) -> int:
    """How many helped or claimed in the running minute."""
    return packet.minute_acts or 0 if packet.minute == _minute(now) else 0


def _minute(now: datetime) -> str:
    return f"{now:%Y%m%d%H%M}"


def _has_helped(read: Read, packet: Packet, mine: Limit | None, uid: UserId) -> bool:
    """Whether its owner has helped this one in the same campaign: asked only of somebody who starts packets there."""
    if mine is None or not mine.starts:
        return False
    key = limit_key(packet.mid, packet.uid, packet.cid)
    owners = read(key).item(Limit, key)
    return owners is not None and uid in (owners.helped or [])


def _act(
    intent: Intent, kind: type[A], packet: Packet, user: User, state: ActState, verdict: Verdict, now: datetime
) -> A:
    act = kind(
        *act_key(intent.mid, kind, packet.rid, user.uid),
        state=state,
        day=clock.day_of(now).isoformat(),
        reasons=[signal.value for signal in verdict.reasons],
        thresholds=verdict.version,
        nickname=public_name(user),
        avatar_url=public_avatar(user),
        request=intent.ident("act"),
        fingerprint=intent.fingerprint,
        created_at=now,
    )
    if kind is Claim:
        act.gsi1pk, act.gsi1sk = statement_entry(intent.mid, user.uid, now, packet.rid)
    return act
