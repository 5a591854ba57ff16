"""Accepting an invitation: once for good, by an act of its own, whoever shared first."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from chalicelib.accounts import newcomer, tombstone
from chalicelib.accounts.items import User, UserState, user_key
from chalicelib.accounts.newcomer import NewUser, Verdict
from chalicelib.campaigns.live import Live, any_live
from chalicelib.core import clock
from chalicelib.core.decision import Read, decided_or_refused
from chalicelib.core.errors import UNAUTHENTICATED, RippleError
from chalicelib.core.idempotency import Intent
from chalicelib.core.ids import CampaignId, MerchantId, UserId
from chalicelib.core.store import Found, read_one
from chalicelib.core.table import Item
from chalicelib.core.transaction import Transaction
from chalicelib.invite import promising, rules
from chalicelib.invite.codes import INVITE
from chalicelib.invite.counting import NOTICED
from chalicelib.invite.items import (
    Descendants,
    Edge,
    InviteCode,
    Rewards,
    Via,
    bound,
    children_index,
    code_key,
    descendants_key,
    edge_key,
    shard_of,
    spread_of,
)
from chalicelib.invite.problems import INVITE_UNKNOWN, INVITED_ALREADY
from chalicelib.invite.rules import EVERYBODY
from chalicelib.sharing.items import Entry, Sharing, entry_key, share_id, share_key
from chalicelib.sharing.risk import rank_of
from chalicelib.sharing.sightings import Seen, marks


class Invitation(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody accepts: whose share, of what."""

    uid: UserId
    share: str
    via: Via
    kind: str
    object: str
    campaign: CampaignId | None
    since: datetime
    """Since when it stands."""


def accept(intent: Intent, share: str | None, code: str | None, seen: Seen) -> tuple[Edge, User | None]:
    """Bind the caller to whoever shared or gave the code; again to the same one changes nothing.

    The edge, and the inviter where he was looked at. Raises `INVITE_UNKNOWN`, `SELF_INVITE`, `INVITER_NEWER`,
    `INVITED_ALREADY`.
    """
    mid, uid = intent.mid, UserId(intent.actor)
    source = share_key(mid, share) if share is not None else code_key(mid, code or "")
    pointer = "/share_id" if share is not None else "/code"
    own = edge_key(mid, uid), user_key(mid, uid)

    def attempt(read: Read) -> tuple[Edge, User | None]:
        found = read(source, *own)
        edge, child = found.item(Edge, own[0]), found.item(User, own[1])
        offered = _invitation(mid, found[source])
        if edge is not None:
            return _same(intent, edge, offered), None
        if offered is None:
            raise RippleError(INVITE_UNKNOWN, pointer)
        if child is None:
            raise RippleError(UNAUTHENTICATED)
        return _bind(intent, read, child, offered, seen, pointer)

    edge, inviter = decided_or_refused(attempt)
    if edge.rewards is Rewards.PROMISED and (child := read_one(User, own[1])) is not None:
        rank_of(child, seen.address)  # it stands on him, for when what was promised is decided
    return edge, inviter


def _bind(
    intent: Intent, read: Read, child: User, offered: Invitation, seen: Seen, pointer: str
) -> tuple[Edge, User | None]:
    mid, now = intent.mid, clock.now()
    keys = (
        user_key(mid, offered.uid),
        edge_key(mid, offered.uid),
        descendants_key(mid, offered.uid),
        entry_key(mid, child.uid, offered.kind, offered.object),
    )
    campaign = any_live(mid, offered.campaign) if offered.campaign else None
    promise = promising.of(campaign, child, offered.uid, now)
    found = read(*keys, *tombstone.keys(child), *(promise.keys if promise else ()))
    parent = found.item(User, keys[0])
    if parent is None or parent.status is not UserState.ACTIVE:
        raise RippleError(INVITE_UNKNOWN, pointer)
    rules.insist_may_bind(child, parent, pointer)
    above, first, entry = found.item(Edge, keys[1]), found.item(Descendants, keys[2]), found.item(Entry, keys[3])
    came = entry if entry is not None and entry.share == offered.share else None
    shard, where = shard_of(child.uid, spread_of(first)), marks(mid, seen)
    verdict = _verdict(child, campaign, offered.since, found, now)
    tx = Transaction()
    edge = Edge(
        *edge_key(mid, child.uid),
        parent=parent.uid,
        ancestors=rules.ancestors(parent.uid, above.ancestors if above else []),
        via=offered.via,
        share=offered.share,
        board=rules.board_of(campaign, now),
        verdict=verdict,
        rewards=promise.add(tx, found, new=verdict.new) if promise else None,
        evidence=came.evidence if came else None,
        scene_value=came.scene_value if came else None,
        device=where.device,
        network=where.network,
        request=intent.ident("invite"),
        fingerprint=intent.fingerprint,
        bound_at=now,
        gsi1pk=children_index(mid, parent.uid, shard),
        gsi1sk=bound(now, child.uid),
    )
    edge.set_due(now + NOTICED)
    tx.put("edge", edge)
    tx.check(
        "parent",
        parent,
        when={"active": User.status == UserState.ACTIVE, "registered_first": User.created_at <= child.created_at},
    )
    tx.commit()
    return edge, parent


def _same(intent: Intent, edge: Edge, offered: Invitation | None) -> Edge:
    """The edge that stands, if it is what is asked for. Raises `INVITED_ALREADY`."""
    if edge.request == intent.ident("invite"):
        intent.insist_same(edge.fingerprint)
        return edge
    if offered is None or offered.uid != edge.parent:
        raise RippleError(INVITED_ALREADY)
    return edge


def _invitation(mid: MerchantId, source: Item | None) -> Invitation | None:
    if isinstance(source, Sharing):
        return Invitation(
            uid=UserId(source.uid),
            share=source.share_id,
            via=Via.SHARE,
            kind=source.kind,
            object=source.object,
            campaign=CampaignId(source.campaign) if source.campaign else None,
            since=source.created_at,
        )
    if isinstance(source, InviteCode):
        uid = UserId(source.uid)
        return Invitation(
            uid=uid,
            share=share_id(mid, uid, INVITE, EVERYBODY),
            via=Via.CODE,
            kind=INVITE,
            object=EVERYBODY,
            campaign=None,
            since=source.created_at,
        )
    return None


def _verdict(child: User, campaign: Live[Any] | None, since: datetime, found: Found, now: datetime) -> Verdict:
    """Whether he is new by his campaign's definition, or has never ordered where there is none (rules 3.2)."""
    rule = NewUser()
    if campaign is not None:
        offer = campaign.offer
        rule, since = getattr(offer, "new_user", rule), offer.starts_at
    verdict = newcomer.verdict(child, rule, since, now)
    return newcomer.of_somebody_returned(verdict) if tombstone.returned(found, child) else verdict
