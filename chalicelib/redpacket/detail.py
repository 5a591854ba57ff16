"""Looking at packets: one as its owner, a friend or its merchant sees it, an order's, and listings of them."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from chalicelib.accounts.items import User, user_index, user_key
from chalicelib.accounts.mask import mask
from chalicelib.accounts.mask import seen as seen_name
from chalicelib.campaigns.gifts import Gift
from chalicelib.campaigns.live import Live, live
from chalicelib.campaigns.offer import Offer
from chalicelib.campaigns.views import why_not
from chalicelib.core import clock
from chalicelib.core.errors import NOT_FOUND, UNAUTHENTICATED, Language, RippleError, localised
from chalicelib.core.ids import CampaignId, MerchantId, UserId
from chalicelib.core.store import query, read, read_all, read_one, spread
from chalicelib.core.table import class_of
from chalicelib.orders.brought import in_words
from chalicelib.redpacket import messages, plans, rules, service, values, words
from chalicelib.redpacket.items import (
    LIST_SHARDS,
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
    list_partition,
    packet_key,
)
from chalicelib.redpacket.plans import Plan
from chalicelib.redpacket.states import ActState, PacketKind
from chalicelib.redpacket.views import (
    ActRecord,
    MyAct,
    NodeView,
    PacketCard,
    PacketRecord,
    PacketView,
    Taker,
    Tap,
    Worth,
)
from chalicelib.rewards.items import ENTRIES
from chalicelib.rewards.lines import named
from chalicelib.sharing import shares, tickets
from chalicelib.sharing.items import Sharing
from chalicelib.sharing.objects import Shareable
from chalicelib.sharing.tickets import Seen
from chalicelib.sharing.views import CameBy

PLACE = re.compile(r"[0-9]{4}-[0-9TZ:.-]{18,24}#[0-9A-Z-]{1,64}")
"""What a position in a campaign's listing looks like."""

LOOKED_THROUGH = 5
"""Pages of a statement that one request for a user's packets reads."""

SHOWN = {
    ActState.COUNTED: "counted",
    ActState.OWED: "on_its_way",
    ActState.GRANTED: "granted",
    ActState.CLAWED: "taken_back",
    ActState.HELD: "checking",
}
"""What somebody is told of his help or claim; anything else did not count."""


def show(mid: MerchantId, uid: UserId, rid: PacketId, language: Language, seen: Seen) -> PacketView:
    """A packet as this user sees it; a friend who may help or claim is given a ticket for it."""
    cid = campaign_of(rid)
    acts = [act_key(mid, kind, rid, uid) for kind in (Unlock, Claim)]
    keys = packet_key(mid, rid), limit_key(mid, uid, cid), user_key(mid, uid)
    sharing = shares.key_of(mid, uid, PACKET, rid)
    found = read(*keys, *acts, sharing, *tickets.keys(mid, uid))
    packet, user = found.item(Packet, keys[0]), found.item(User, keys[2])
    if packet is None:
        raise RippleError(NOT_FOUND)
    if user is None:
        raise RippleError(UNAUTHENTICATED)
    mine = found.item(Unlock, acts[0]) or found.item(Claim, acts[1])
    campaign = live(mid, cid, Offer)
    plan = plans.of(campaign.offer, packet.kind)
    now = clock.now()
    own = packet.uid == uid
    refused = _refusal(campaign, plan, packet, mine, found.item(Limit, keys[1]), user, now)
    owner = user if own else read_one(User, user_key(mid, packet.uid))
    may_act = not own and refused is None
    helped = packet.kind is PacketKind.UNLOCK
    return PacketView(
        **_card(packet),
        title=campaign.offer.title,
        owner=seen_name(owner),
        mine=own,
        next=tap(packet, plan, language),
        nodes=nodes(packet, plan, language, own=own),
        takers=_takers(packet, plan, language),
        gained=_gained(packet, plan, language) if own else None,
        order_id=packet.order if own else None,
        my_act=my_act(mine, plan, language) if mine else None,
        may_help=may_act and helped,
        may_claim=may_act and not helped,
        why_not=None if own else why_not(refused, language),
        help_ticket=tickets.issue(user, service.target(rid), seen, found, owner) if may_act else None,
        share=shares.shown(mid, uid, shareable(campaign, packet), found.item(Sharing, sharing)),
        ask=messages.asked(packet, language, own=own),
        now=now,
    )


def mine(
    mid: MerchantId, uid: UserId, limit: int, after: dict[str, Any] | None
) -> tuple[list[PacketCard], dict[str, Any] | None]:
    """A page of the user's packets, newest first; they stand among all that his statement tells of.

    Of that so many pages are looked through at most: what is found may be less than was asked for, or nothing yet.
    """
    for _ in range(LOOKED_THROUGH):
        page = query(user_index(mid, uid), index="gsi1", begins=ENTRIES, limit=limit, forward=False, after=after)
        after = page.after
        found = read_all(key for key in page.keys if class_of(key) is Packet)
        if found or after is None:
            break
    return [card(item) for item in found if isinstance(item, Packet)], after


def listed(mid: MerchantId, cid: CampaignId, limit: int, after: str | None) -> tuple[list[PacketCard], str | None]:
    """A page of a campaign's packets, newest first, and the position that the next begins after."""
    live(mid, cid, Offer)
    partitions = [list_partition(mid, cid, shard) for shard in range(LIST_SHARDS)]
    keys, more = spread(partitions, "gsi3", limit, forward=False, after=after)
    return [card(item) for item in read_all(keys) if isinstance(item, Packet)], more


def inspect(mid: MerchantId, rid: PacketId) -> PacketRecord:
    """A packet as its merchant sees it: every help or claim with its verdict."""
    packet = read_one(Packet, packet_key(mid, rid))
    if packet is None:
        raise RippleError(NOT_FOUND)
    return PacketRecord(
        packet=card(packet),
        owner_id=packet.uid,
        order_id=packet.order,
        held=packet.held,
        granted=packet.granted,
        currency=packet.currency.value,
        reserved=packet.res,
        spent=packet.spent,
        created_at=packet.created_at,
        acts=[_record(act) for act in sorted(values.acts(packet), key=lambda a: (a.created_at, a.uid))],
        now=clock.now(),
    )


def card(packet: Packet) -> PacketCard:
    """A packet in a list."""
    return PacketCard(**_card(packet))


def nodes(packet: Packet, plan: Plan, language: Language, *, own: bool) -> list[NodeView]:
    """The nodes of one that is unlocked; ``own``: its owner asks, and is told where he claims them."""
    reached = packet.reached(packet.n)
    return [
        NodeView(
            friends=step.friends,
            gives=worth(plan.given(step.amount), language),
            reached=k < reached,
            granted=k < packet.granted,
            cash_id=values.cash_of_node(packet, plan, k) if own else None,
        )
        for k, step in enumerate(packet.steps or [])
    ]


def tap(packet: Packet, plan: Plan, language: Language) -> Tap | None:
    """What the next help or claim gives to both sides."""
    said = words.button(packet, plan)
    if said is None:
        return None
    you, owner = None, None
    if packet.steps:
        step = next(step for step in packet.steps if step.friends > packet.n)
        owner = worth(plan.given(step.amount), language)
    else:
        friend, own = packet.share(packet.n)
        you = worth(plan.given(friend), language)
        owner = worth(plan.given_to_owner(own), language) if own else None
    return Tap(button=localised(said, language), you=you, owner=owner)


def my_act(act: Act, plan: Plan, language: Language) -> MyAct:
    """A help or claim as its actor sees it: that it is looked at, not why."""
    return MyAct(state=SHOWN.get(act.state, "not_counted"), got=_got(act, plan, language))


def worth(gift: Gift, language: Language) -> Worth:
    """A gift as a client sees it."""
    said = localised(in_words(gift), language)
    return Worth(amount=gift.amount, currency=gift.currency.value, form=named(gift.form), detail=said)


def shareable(campaign: Live[Offer], packet: Packet) -> Shareable:
    """A packet as it is shared, by anybody who sees it."""
    sent = campaign.offer.share
    return Shareable(
        kind=PACKET,
        id=packet.rid,
        title=sent.title,
        image_url=sent.image_url,
        campaign=campaign.cid,
        ends_at=packet.expires_at,
    )


def _card(packet: Packet) -> dict[str, Any]:
    return {
        "packet_id": packet.rid,
        "campaign_id": packet.cid,
        "kind": packet.kind.value,
        "status": packet.status.value,
        "need": packet.size,
        "have": packet.n,
        "left": packet.size - packet.n,
        "ends_at": packet.expires_at,
    }


def _refusal(
    campaign: Live[Offer],
    plan: Plan,
    packet: Packet,
    mine: Act | None,
    limit: Limit | None,
    user: User,
    now: datetime,
) -> RippleError | None:
    """What a help or claim of this user would be refused for now."""
    try:
        campaign.insist_not_paused()
        rules.insist_may_act(plan, packet, mine, limit, user.uid, now)
        rules.insist_welcome(plan, campaign.offer.starts_at, user, now)
    except RippleError as refused:
        return refused
    return None


def _got(act: Act, plan: Plan, language: Language) -> Worth | None:
    if not isinstance(act, Claim) or act.friend is None:
        return None
    return worth(plan.given(act.friend), language)


def _takers(packet: Packet, plan: Plan, language: Language) -> list[Taker]:
    """Everybody whose help or claim counts, in order."""
    counted = [act for act in values.acts(packet) if act.slot is not None]
    counted.sort(key=lambda act: act.slot or 0)
    return [
        Taker(
            nickname=mask(act.nickname),
            avatar_url=act.avatar_url,
            got=_got(act, plan, language),
            at=act.decided_at or act.created_at,
        )
        for act in counted
    ]


def _gained(packet: Packet, plan: Plan, language: Language) -> Worth | None:
    """What it has brought its owner so far: nodes that were given, and his parts of shares that were claimed."""
    if packet.steps:
        sofar = sum(step.amount for step in packet.steps[: packet.granted])
        return worth(plan.given(sofar), language) if sofar else None
    own = sum(packet.share(slot)[1] for slot in range(packet.n))
    return worth(plan.given_to_owner(own), language) if own else None


def _record(act: Act) -> ActRecord:
    claim = act if isinstance(act, Claim) else None
    return ActRecord(
        user_id=act.uid,
        nickname=mask(act.nickname),
        state=act.state.value,
        slot=None if act.slot is None else act.slot + 1,
        friend_amount=claim.friend if claim else None,
        own_amount=claim.own if claim else None,
        debt=claim.debt if claim else None,
        reasons=act.reasons,
        thresholds=act.thresholds,
        since=act.created_at,
        decided_at=act.decided_at,
        passes_at=act.passes_at if act.state is ActState.HELD else None,
        verdict=act.verdict,
        came_by=CameBy.of(act.came_by),
    )
