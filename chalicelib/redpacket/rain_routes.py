"""A rain over HTTP."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from chalicelib.accounts.tokens import LONGEST_TOKEN
from chalicelib.campaigns.problems import NOT_RUNNING
from chalicelib.core.errors import NOT_FOUND, RippleError
from chalicelib.core.ids import CampaignId
from chalicelib.edge.operation import MERCHANT, USER, Call, operation
from chalicelib.redpacket import rain, rain_problems, rain_views
from chalicelib.redpacket.rain_views import ClaimTaken, RainRecord, RainView
from chalicelib.rewards.problems import NEW_CLAIMERS_ONLY
from chalicelib.sharing.problems import TICKET_EXPIRED, TICKET_UNFIT, TOO_FAST
from chalicelib.sharing.tickets import seen_from


class Claiming(msgspec.Struct, forbid_unknown_fields=True):
    """A claim, by somebody who has looked at the bursts."""

    help_ticket: Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_TOKEN)]
    """From the page of the bursts."""


@operation(
    auth=USER,
    answer=RainView,
    name="show_bursts",
    summary="The bursts of a rain: what has been, is and comes, and the ticket to claim with",
    problems=(NOT_FOUND,),
)
def show(call: Call[None]) -> RainView:
    """The bursts of a campaign as the caller sees them."""
    seen = seen_from(call.client_ip, call.headers)
    return rain_views.show(call.mid, call.uid, CampaignId(call.path["campaign_id"]), call.language, seen)


@operation(
    auth=USER,
    body=Claiming,
    answer=ClaimTaken,
    status=201,
    idempotent=True,
    name="claim_burst",
    summary="Claim of a burst",
    description="Once a user and burst, under whatever key. Everybody gets the same, while any is left.",
    problems=(
        NOT_FOUND,
        NOT_RUNNING,
        TICKET_UNFIT,
        TICKET_EXPIRED,
        TOO_FAST,
        rain_problems.RAIN_NOT_YET,
        rain_problems.RAIN_OVER,
        rain_problems.RAIN_GONE,
        rain_problems.RAIN_LIMIT,
        NEW_CLAIMERS_ONLY,
        rain_problems.RAIN_REFUSED,
    ),
)
def claim(call: Call[Claiming]) -> ClaimTaken:
    """Take one of the burst's gifts."""
    cid, number = CampaignId(call.path["campaign_id"]), _number(call)
    grant = rain.claim(call.intent, cid, number, call.body.help_ticket)
    return rain_views.taken(cid, number, grant, call.language)


@operation(
    auth=MERCHANT,
    role="viewer",
    answer=RainRecord,
    name="inspect_bursts",
    summary="The bursts of a rain with what was claimed of each",
    problems=(NOT_FOUND,),
)
def inspect(call: Call[None]) -> RainRecord:
    """The bursts of a campaign of the merchant."""
    return rain_views.inspect(call.mid, CampaignId(call.path["campaign_id"]))


def _number(call: Call[Any]) -> int:
    """Which burst is meant. Raises `NOT_FOUND`."""
    text = call.path["burst"]
    if not text.isdecimal() or not text.isascii() or len(text) > 3:
        raise RippleError(NOT_FOUND)
    return int(text)
