"""Segments and recalls over HTTP, for merchants."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from chalicelib.campaigns.offer import Instant
from chalicelib.campaigns.problems import NOT_RUNNING
from chalicelib.core import cursor
from chalicelib.core.cursor import Page
from chalicelib.core.errors import NOT_FOUND, RippleError
from chalicelib.core.ids import CampaignId
from chalicelib.edge.operation import MERCHANT, Call, operation
from chalicelib.merchants.problems import SEGMENTS_CHANGED
from chalicelib.merchants.segments import SegmentSetup, SegmentTerms
from chalicelib.notices.moments import Moment
from chalicelib.recall import problems, recalls, service, views
from chalicelib.recall.items import recall_index
from chalicelib.recall.recalls import Wish
from chalicelib.recall.states import Segment
from chalicelib.recall.views import People, Recalls, RecallView, SegmentsView

PLACE = re.compile(r"[0-9][0-9TZ:.#-]{8,40}#[0-9A-Z]{1,40}")
"""Where somebody stands in a list of people."""


class SegmentsSaid(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What the merchant says from now on, and the edition that this replaces: null the first time."""

    edition: str | None
    terms: SegmentTerms


class NewRecall(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Whom to tell something, and what to give with it."""

    segment: Segment
    moment: Literal["recall", "thanks"] = "recall"
    """What it is; only active inviters are thanked."""
    campaign_id: Annotated[str, Meta(pattern=r"^[0-9A-Z]{1,40}$")]
    """A running coupon campaign."""
    until: Instant
    """When it stops at the latest, 30 days from now at most."""


@operation(
    auth=MERCHANT,
    role="viewer",
    answer=SegmentsView,
    summary="Segments: where each begins, and how many people are in it now",
    name="show_segments",
)
def show(call: Call[None]) -> SegmentsView:
    """The terms as they stand, and the sizes."""
    return _segments(call, service.said(call.mid))


@operation(
    auth=MERCHANT,
    role="owner",
    body=SegmentsSaid,
    answer=SegmentsView,
    summary="Say where segments begin, and whether orders are counted for them",
    description="Orders are counted that are made from then on. A new bound of `vip` holds for somebody's next order.",
    problems=(SEGMENTS_CHANGED,),
    example=SegmentsSaid(edition=None, terms=SegmentTerms()),
    name="say_segments",
)
def say(call: Call[SegmentsSaid]) -> SegmentsView:
    """Replace the terms as a whole; what changed stands in the audit log."""
    return _segments(call, service.say(call.mid, call.key_id, call.body.edition, call.body.terms))


@operation(
    auth=MERCHANT,
    role="viewer",
    query=Page,
    answer=People,
    summary="Who is in a segment now",
    problems=(NOT_FOUND, problems.NO_SEGMENTS),
    name="list_segment",
)
def listed(call: Call[None]) -> People:
    """A page of a segment: whose last order is longest ago first, of inviters who has the fewest friends."""
    asked: Page = call.query
    segment = _segment(call.path["segment"])
    terms = service.terms_of(call.mid)
    found, more = service.page(call.mid, segment, terms, asked.limit, cursor.position(asked.cursor, PLACE))
    return views.people(found, terms, cursor.of_position(more))


@operation(
    auth=MERCHANT,
    role="operator",
    body=NewRecall,
    answer=RecallView,
    status=201,
    idempotent=True,
    summary="Tell the people of a segment something, each with a coupon",
    description=(
        "Whoever has agreed to a message, wants offers and was told nothing by a recall in 30 days gets one coupon of "
        "the campaign and one message, in waking hours."
    ),
    problems=(NOT_RUNNING, problems.NO_SEGMENTS, problems.NO_TEMPLATE),
    example=NewRecall(
        segment=Segment.ASLEEP,
        campaign_id="01JCHEK4W0N8QZJ4T5V6B7X9YA",
        until=datetime(2026, 12, 5, 12, tzinfo=UTC),
    ),
    name="start_recall",
)
def start(call: Call[NewRecall]) -> RecallView:
    """Start a recall."""
    asked = call.body
    wish = Wish(asked.segment, Moment(asked.moment), CampaignId(asked.campaign_id), asked.until)
    return views.recall(recalls.start(call.intent, wish))


@operation(auth=MERCHANT, role="viewer", query=Page, answer=Recalls, summary="Recalls", name="list_recalls")
def all_recalls(call: Call[None]) -> Recalls:
    """A page of recalls, the newest first."""
    page: Page = call.query
    found, more = recalls.page(call.mid, page.limit, cursor.decode(page.cursor, recall_index(call.mid), "gsi1"))
    return Recalls(recalls=[views.recall(one) for one in found], cursor=cursor.encode(more))


@operation(
    auth=MERCHANT,
    role="viewer",
    answer=RecallView,
    summary="A recall, and what came of it so far",
    problems=(NOT_FOUND,),
    name="inspect_recall",
)
def inspect(call: Call[None]) -> RecallView:
    """Look at a recall."""
    return views.recall(recalls.one(call.mid, call.path["recall_id"]))


@operation(
    auth=MERCHANT,
    role="operator",
    answer=RecallView,
    idempotent=True,
    summary="End a recall before its end",
    description="Nobody is told anything more. Whoever has a coupon keeps it.",
    problems=(NOT_FOUND, problems.RECALL_OVER),
    name="cancel_recall",
)
def cancel(call: Call[None]) -> RecallView:
    """End a recall."""
    return views.recall(recalls.cancel(call.intent, call.path["recall_id"]))


def _segment(name: str) -> Segment:
    """Raises `NOT_FOUND` for what is none."""
    try:
        return Segment(name)
    except ValueError:
        raise RippleError(NOT_FOUND) from None


def _segments(call: Call[None] | Call[SegmentsSaid], setup: SegmentSetup | None) -> SegmentsView:
    return views.segments(setup, service.sizes(call.mid, setup.terms) if setup is not None else {})
