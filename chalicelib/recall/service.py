"""What a merchant says of segments, and what he reads of them."""

from __future__ import annotations

from chalicelib.core import clock
from chalicelib.core.errors import RippleError
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import read_one
from chalicelib.merchants.editions import replace
from chalicelib.merchants.problems import SEGMENTS_CHANGED
from chalicelib.merchants.segments import SegmentSetup, SegmentTerms, segments_key
from chalicelib.recall import people, rules
from chalicelib.recall.people import Person, Size
from chalicelib.recall.problems import NO_SEGMENTS
from chalicelib.recall.states import Segment


def say(mid: MerchantId, actor: str, edition: str | None, terms: SegmentTerms) -> SegmentSetup:
    """Replace the terms that were read as ``edition``, None where there were none; again is the same.

    Orders are counted that are made from then on; a change reaches somebody's tier with his next order or return.
    Raises `SEGMENTS_CHANGED`, and `INVALID_FIELD` for terms that contradict themselves.
    """
    rules.insist_sensible(terms)
    return replace(SegmentSetup, segments_key(mid), actor, edition, terms, changed=SEGMENTS_CHANGED)


def said(mid: MerchantId) -> SegmentSetup | None:
    """What the merchant said."""
    return read_one(SegmentSetup, segments_key(mid))


def terms_of(mid: MerchantId) -> SegmentTerms:
    """By which terms people are sorted. Raises `NO_SEGMENTS`."""
    setup = said(mid)
    if setup is None:
        raise RippleError(NO_SEGMENTS)
    return setup.terms


def sizes(mid: MerchantId, terms: SegmentTerms) -> dict[Segment, Size]:
    """How many are in each segment now."""
    now = clock.now()
    return {segment: people.size(people.lists(mid, segment, terms, now)) for segment in Segment}


def page(
    mid: MerchantId, segment: Segment, terms: SegmentTerms, limit: int, after: str | None
) -> tuple[list[Person], str | None]:
    """A page of a segment, and the place that the next begins after."""
    uids, more = people.page(people.lists(mid, segment, terms, clock.now()), limit, after)
    return people.known(mid, uids, terms), more
