"""Segments and recalls over HTTP, for merchants."""

from __future__ import annotations

import re

import msgspec

from chalicelib.core import cursor
from chalicelib.core.cursor import Page
from chalicelib.core.errors import NOT_FOUND, RippleError
from chalicelib.edge.operation import MERCHANT, Call, operation
from chalicelib.merchants.problems import SEGMENTS_CHANGED
from chalicelib.merchants.segments import SegmentSetup, SegmentTerms
from chalicelib.recall import problems, service, views
from chalicelib.recall.states import Segment
from chalicelib.recall.views import People, SegmentsView

PLACE = re.compile(r"[0-9][0-9TZ:.#-]{8,40}#[0-9A-Z]{1,40}")
"""Where somebody stands in a list of people."""


class SegmentsSaid(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What the merchant says from now on, and the edition that this replaces: null the first time."""

    edition: str | None
    terms: SegmentTerms


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


def _segment(name: str) -> Segment:
    """Raises `NOT_FOUND` for what is none."""
    try:
        return Segment(name)
    except ValueError:
        raise RippleError(NOT_FOUND) from None


def _segments(call: Call[None] | Call[SegmentsSaid], setup: SegmentSetup | None) -> SegmentsView:
    return views.segments(setup, service.sizes(call.mid, setup.terms) if setup is not None else {})
