"""Rewarded invitations over HTTP."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.campaigns.kinds.invite import InviteOffer
from chalicelib.campaigns.live import live
from chalicelib.core import clock
from chalicelib.core.cursor import Page
from chalicelib.core.errors import NOT_FOUND
from chalicelib.core.ids import CampaignId
from chalicelib.edge.operation import MERCHANT, USER, Call, operation
from chalicelib.invite import board, rewarded, views
from chalicelib.invite.reward_views import InviterRecord, Inviters, MyRewards


class Most(msgspec.Struct, forbid_unknown_fields=True):
    """How many of the first."""

    limit: Annotated[int, Meta(ge=1, le=50)] = 20


@operation(
    auth=USER,
    query=Page,
    answer=MyRewards,
    summary="What a campaign that rewards invitations has brought me",
    problems=(NOT_FOUND,),
)
def mine(call: Call[None]) -> MyRewards:
    """My friends and how far each is, thresholds, commission; and whether the budget reaches for more."""
    page: Page = call.query
    campaign = live(call.mid, CampaignId(call.path["campaign_id"]), InviteOffer)
    friends, more = rewarded.friends(call.mid, call.uid, campaign.cid, page.limit, page.cursor, call.language)
    own = rewarded.own(campaign, call.uid, call.language)
    return MyRewards(
        left=rewarded.left(campaign),
        welcome=own.welcome,
        counted=own.counted,
        thresholds=own.thresholds,
        commission=rewarded.commission(campaign, call.uid),
        friends=friends,
        cursor=more,
        now=clock.now(),
    )


@operation(
    auth=MERCHANT,
    role="viewer",
    query=Most,
    answer=Inviters,
    summary="Who brings most through a campaign that rewards invitations",
    problems=(NOT_FOUND,),
)
def inviters(call: Call[None]) -> Inviters:
    """The first of its leaderboard, with what counts and which thresholds are reached."""
    most: Most = call.query
    campaign = live(call.mid, CampaignId(call.path["campaign_id"]), InviteOffer)
    leaders = board.leaders(call.mid, campaign.cid, most.limit)
    progress = rewarded.progress(campaign, [one.standing.uid for one in leaders])
    lines = [
        InviterRecord(
            user_id=standing.uid,
            nickname=views.person(user).nickname,
            invited=standing.score,
            counted=progress.get(standing.uid, 0),
            thresholds=[t.friends for t in campaign.offer.thresholds if t.friends <= progress.get(standing.uid, 0)],
        )
        for standing, user in leaders
    ]
    return Inviters(inviters=lines, now=clock.now())
