"""Invites over HTTP."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.accounts.items import User, user_key
from chalicelib.campaigns.live import any_live
from chalicelib.core import clock
from chalicelib.core.cursor import Page
from chalicelib.core.errors import INVALID_FIELD, NOT_FOUND, UNAUTHENTICATED, RippleError
from chalicelib.core.ids import CampaignId, MerchantId, UserId
from chalicelib.core.store import read, read_one
from chalicelib.edge.operation import MERCHANT, USER, Call, operation
from chalicelib.invite import board, codes, graph, rewarded, service, views
from chalicelib.invite.items import (
    Descendants,
    Edge,
    OwnCode,
    descendants_key,
    edge_key,
    own_code_key,
)
from chalicelib.invite.problems import INVITE_UNKNOWN, INVITED_ALREADY, INVITER_NEWER, SELF_INVITE
from chalicelib.invite.rules import EVERYBODY
from chalicelib.invite.views import Accepted, Children, Code, GraphRecord, InvitedRecord, Invites, Leaderboard
from chalicelib.merchants.service import merchant
from chalicelib.notices.asking import ask
from chalicelib.notices.moments import Moment
from chalicelib.pictures import qr_shown
from chalicelib.pictures.problems import PICTURES_BUSY
from chalicelib.pictures.qr_shown import QrCode, ToDraw
from chalicelib.sharing import shares
from chalicelib.sharing.items import Sharing
from chalicelib.sharing.objects import Shareable
from chalicelib.sharing.rules import TIMELINE
from chalicelib.sharing.sightings import seen_from


class Accept(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Whose invitation: that of a share that I came by, or of a code that I typed; one of them."""

    share_id: Annotated[str, Meta(pattern=r"^[0-9A-HJKMNP-TV-Z]{16}$")] | None = None
    code: Annotated[str, Meta(pattern=r"^[0-9]{8}$")] | None = None
    scene_value: Annotated[int, Meta(ge=0, le=9999)] | None = None
    """WeChat's number of the way I came: whoever comes from Moments was invited by nobody (rules W3)."""


class First(msgspec.Struct, forbid_unknown_fields=True):
    """How many of the first."""

    limit: Annotated[int, Meta(ge=1, le=100)] = 20


class BothWays(Page):
    """Which page down, and which page up."""

    up_cursor: Annotated[str, Meta(min_length=1, max_length=1024)] | None = None


@operation(
    auth=USER,
    body=Accept,
    answer=Accepted,
    status=201,
    idempotent=True,
    summary="Accept an invitation, once for good",
    problems=(INVITE_UNKNOWN, SELF_INVITE, INVITER_NEWER, INVITED_ALREADY),
)
def accept(call: Call[Accept]) -> Accepted:
    """Say who invited me; never done by a login or by opening a card."""
    asked = call.body
    if (asked.share_id is None) == (asked.code is None):
        reason = ("share_id、code 必须且只能有一个", "exactly one of share_id and code")
        raise RippleError(INVALID_FIELD, "", reason=reason)
    if asked.share_id is not None and asked.scene_value in TIMELINE:
        raise RippleError(INVITE_UNKNOWN, "/scene_value")
    seen = seen_from(call.client_ip, call.headers)
    edge, inviter = service.accept(call.intent, asked.share_id, asked.code, seen)
    return Accepted(
        inviter=views.person(inviter or read_one(User, user_key(call.mid, edge.parent))),
        new_user=edge.verdict.new,
        rewards=views.told(edge),
        accepted_at=edge.bound_at,
        now=clock.now(),
    )


@operation(auth=USER, answer=Invites, summary="My invitation: who invited me, my code, whom I brought")
def mine(call: Call[None]) -> Invites:
    """The caller's own place in the graph."""
    mid, uid = call.mid, call.uid
    keys = edge_key(mid, uid), own_code_key(mid, uid), descendants_key(mid, uid), user_key(mid, uid)
    sharing = shares.key_of(mid, uid, codes.INVITE, EVERYBODY)
    found = read(*keys, sharing)
    edge, own, first = found.item(Edge, keys[0]), found.item(OwnCode, keys[1]), found.item(Descendants, keys[2])
    if found.item(User, keys[3]) is None:
        raise RippleError(UNAUTHENTICATED)
    by_depth = graph.counts(mid, uid, first)
    title = f"{merchant(mid).name}邀请您来逛逛"
    thing = Shareable(kind=codes.INVITE, id=EVERYBODY, title=title, owner=uid)
    return Invites(
        inviter=views.person(read_one(User, user_key(mid, edge.parent))) if edge else None,
        code=own.code if own else None,
        invited=by_depth[0],
        by_depth=by_depth,
        share=shares.shown(mid, uid, thing, found.item(Sharing, sharing)),
        ask=ask(mid, call.language, Moment.REWARD_ARRIVED, Moment.THANKS),
        now=clock.now(),
    )


@operation(auth=USER, answer=Code, summary="My invite code, made if I have none")
def code(call: Call[None]) -> Code:
    """Eight digits, the same whenever they are asked for."""
    return Code(code=codes.own(call.mid, call.uid))


@operation(
    auth=USER,
    body=ToDraw,
    answer=QrCode,
    name="invite_code_qr",
    summary="My invite code as a QR code, made if I have none",
    description="It says the eight digits: give what was scanned to `POST /v1/entries` as `text`.",
    problems=(PICTURES_BUSY,),
)
def code_qr(call: Call[ToDraw]) -> QrCode:
    """Draw the code."""
    return qr_shown.drawn(codes.own(call.mid, call.uid), call.body.form)


@operation(auth=USER, query=Page, answer=Children, summary="Those whom I invited, the newest first")
def children(call: Call[None]) -> Children:
    """A page of them, masked."""
    page: Page = call.query
    found, more = graph.children(call.mid, call.uid, page.limit, page.cursor)
    return Children(children=[views.child(bound) for bound in found], cursor=more, now=clock.now())


@operation(
    auth=USER, query=First, answer=Leaderboard, summary="Who brought most through a campaign", problems=(NOT_FOUND,)
)
def leaderboard(call: Call[None]) -> Leaderboard:
    """The campaign's leaderboard: who accepted an invitation through one of its shares while it ran."""
    campaign = any_live(call.mid, CampaignId(call.path["campaign_id"]))
    return _board(call, campaign.cid)


@operation(auth=USER, query=First, answer=Leaderboard, summary="Who brought most outside any campaign")
def everybodys_leaderboard(call: Call[None]) -> Leaderboard:
    """The leaderboard of plain invitations and codes."""
    return _board(call, EVERYBODY)


@operation(
    auth=MERCHANT,
    role="viewer",
    query=BothWays,
    answer=GraphRecord,
    summary="A user's place in the invite graph, up and down",
    problems=(NOT_FOUND,),
)
def inspect(call: Call[None]) -> GraphRecord:
    """One user of the merchant, those above him, and those whom he invited."""
    page: BothWays = call.query
    mid, uid = call.mid, UserId(call.path["user_id"])
    keys = user_key(mid, uid), descendants_key(mid, uid)
    found = read(*keys)
    if found.item(User, keys[0]) is None:
        raise RippleError(NOT_FOUND)
    down, more = graph.children(mid, uid, page.limit, page.cursor)
    grants = rewarded.records([bound.edge for bound in down])
    up, above = graph.ancestors(mid, uid, page.limit, page.up_cursor)
    return GraphRecord(
        user_id=uid,
        by_depth=graph.counts(mid, uid, found.item(Descendants, keys[1])),
        up=_named(mid, up),
        up_cursor=above,
        down=[views.record(bound, grants.get(bound.edge.child, [])) for bound in down],
        cursor=more,
        now=clock.now(),
    )


def _named(mid: MerchantId, uids: list[UserId]) -> list[InvitedRecord]:
    known = graph.users(mid, uids)
    return [InvitedRecord(user_id=uid, nickname=views.person(known.get(uid)).nickname) for uid in uids]


def _board(call: Call[None], name: str) -> Leaderboard:
    first: First = call.query
    leaders = board.leaders(call.mid, name, first.limit)
    own = board.standing(call.mid, name, call.uid)
    shown = [
        views.leader(rank, one.standing, one.user, me=one.standing.uid == call.uid)
        for rank, one in enumerate(leaders, 1)
    ]
    return Leaderboard(leaders=shown, mine=own.score if own else 0, now=clock.now())
