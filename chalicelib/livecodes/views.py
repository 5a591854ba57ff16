"""What whoever scanned sees of a live code, and of his place."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from chalicelib.campaigns.views import WhyNot, why_not
from chalicelib.core import clock, files
from chalicelib.core.errors import Language, RippleError
from chalicelib.livecodes import problems, rules
from chalicelib.livecodes.service import Placed
from chalicelib.livecodes.states import Standing
from chalicelib.livecodes.targets import GroupTo, PageTo, StoreTo
from chalicelib.sharing.views import Share


class GroupShown(msgspec.Struct, kw_only=True, tag_field="kind", tag="group"):
    """A community to join: the user presses long upon the picture of its QR code."""

    picture_url: str | None
    """None where the QR code is over."""
    picture_until: datetime | None
    """Before when the link is good; the same call has the next."""
    until: datetime
    """Before when the QR code is good."""


class PageShown(msgspec.Struct, kw_only=True, tag_field="kind", tag="page"):
    """A page of the mini-program, for ``wx.navigateTo``."""

    path: str


class StoreShown(msgspec.Struct, kw_only=True, tag_field="kind", tag="store"):
    """A store, for ``wx.openLocation``."""

    name: str
    address: str
    phone: str
    latitude: float
    longitude: float


AnyShown = GroupShown | PageShown | StoreShown


class PlaceView(msgspec.Struct, kw_only=True):
    """Where I am sent."""

    number: int
    """Which of the code's targets."""
    title: str
    to: AnyShown
    standing: Literal["good", "expired", "closed"]
    why_not: WhyNot | None
    """Why it is not good."""
    placed_at: datetime


class LivePlace(msgspec.Struct, kw_only=True):
    """The answer to whoever asks for a place."""

    live_id: str
    place: PlaceView
    now: datetime


class LiveCodePage(msgspec.Struct, kw_only=True):
    """A live code as whoever scanned it sees it."""

    live_id: str
    title: str
    text: str
    status: Literal["live", "paused", "ended"]
    campaign_id: str | None
    place: PlaceView | None
    """Mine, if I have one."""
    can_place: bool
    """Whether asking for a place would be answered with one."""
    why_not: WhyNot | None
    share: Share | None
    now: datetime


def place_view(placed: Placed, language: Language) -> PlaceView:
    """Somebody's place."""
    target, now = placed.target, clock.now()
    standing = rules.standing(target, now)
    refused = {Standing.EXPIRED: problems.QR_EXPIRED, Standing.CLOSED: problems.TARGET_CLOSED}.get(standing)
    return PlaceView(
        number=target.number,
        title=target.title,
        to=_shown(placed, now),
        standing=standing.value,
        why_not=why_not(RippleError(refused) if refused else None, language),
        placed_at=placed.place.at,
    )


def live_place(placed: Placed, language: Language) -> LivePlace:
    """Where somebody is sent."""
    return LivePlace(live_id=placed.code.lid, place=place_view(placed, language), now=clock.now())


def _shown(placed: Placed, now: datetime) -> AnyShown:
    to = placed.target.to
    match to:
        case GroupTo():
            file = placed.target.file
            lent = files.lent(file, to.until) if file is not None and now < to.until else None
            url, picture_until = lent if lent is not None else (None, None)
            return GroupShown(picture_url=url, picture_until=picture_until, until=to.until)
        case PageTo():
            return PageShown(path=to.path)
        case StoreTo():
            return StoreShown(
                name=to.name, address=to.address, phone=to.phone, latitude=to.latitude, longitude=to.longitude
            )
