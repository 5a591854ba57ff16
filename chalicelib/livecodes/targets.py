"""What a live code leads to: a community's QR code, a page of the mini-program, a store."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.livecodes.states import TargetState

MOST_OF_GROUP = 500
"""Members of a WeChat group."""
MOST_BY_SCANNING = 200
"""Members of a WeChat group up to which scanning its QR code is enough; whoever comes later must be invited."""
MOST_PLACES = 1_000_000
"""Places of a page or a store."""

Title = Annotated[str, Meta(min_length=1, max_length=40)]


class GroupTo(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True, tag_field="kind", tag="group"):
    """A community: the picture of its QR code."""

    picture_id: Annotated[str, Meta(pattern=r"^[0-9A-Za-z_-]{1,64}$")]
    """Of `POST /v1/admin/pictures`."""
    until: Annotated[datetime, Meta(tz=True)]
    """Before when its QR code is good; WeChat's is for seven days."""
    by_hand: bool = False
    """Whether staff invite those who cannot join by scanning, so that there may be more than `MOST_BY_SCANNING`."""


class PageTo(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True, tag_field="kind", tag="page"):
    """A page of the mini-program."""

    path: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*(\?[ -~]*)?$", max_length=256)]
    """Without a leading slash, as WeChat has it."""


class StoreTo(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True, tag_field="kind", tag="store"):
    """A store that people go to."""

    name: Title
    address: Annotated[str, Meta(min_length=1, max_length=120)]
    phone: Annotated[str, Meta(pattern=r"^[0-9+() -]{5,30}$")]
    latitude: Annotated[float, Meta(ge=-90, le=90)]
    """Of GCJ-02, which WeChat's maps take."""
    longitude: Annotated[float, Meta(ge=-180, le=180)]


AnyTo = GroupTo | PageTo | StoreTo


class Wish(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """A target as its merchant wants it."""

    title: Title
    """What people read over it."""
    to: AnyTo
    capacity: Annotated[int, Meta(ge=1, le=MOST_PLACES)]
    """How many people are sent there."""


class Target(msgspec.Struct, kw_only=True, frozen=True):
    """A target as it is stored: its places are counted in its parts."""

    number: int
    """From 1 on, in the order in which they are used."""
    title: str
    to: AnyTo
    file: str | None
    """The picture's, of a group."""
    capacity: int
    parts: int
    state: TargetState

    @property
    def until(self) -> datetime | None:
        """Before when it is good; None: as long as it is open."""
        return self.to.until if isinstance(self.to, GroupTo) else None

    def is_over(self, now: datetime) -> bool:
        """Whether its QR code is good no more."""
        return self.until is not None and now >= self.until
