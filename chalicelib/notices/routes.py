"""Consents and wishes of a user over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec

from chalicelib.core import clock
from chalicelib.edge.operation import USER, Call, operation
from chalicelib.notices import consents, wants
from chalicelib.notices.consents import About, Answer
from chalicelib.notices.items import Consent
from chalicelib.notices.moments import Sort
from chalicelib.notices.problems import TEMPLATE_UNUSED

TemplateId = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{16,64}$")]


class Object(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What is on the page on which the user was asked."""

    kind: Literal["order", "group", "bargain", "packet", "coupon", "cash", "reward"]
    id: Annotated[str, msgspec.Meta(pattern=r"^[0-9A-Za-z_-]{1,64}$")]


class Asked(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What ``wx.requestSubscribeMessage`` told: each template with the user's answer, and where he was asked."""

    results: Annotated[dict[TemplateId, Answer], msgspec.Meta(min_length=1, max_length=3)]
    about: Object | None = None
    """He is reminded of it once, when that is of most use, if there is something to be reminded of."""


class Left(msgspec.Struct, kw_only=True):
    """How many messages each template may bring him now."""

    left: dict[str, int]


class Wishes(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What the user wants none of; all of this replaces what he said before."""

    unwanted: Annotated[list[Literal["reminder", "offer"]], msgspec.Meta(max_length=2)]


class ConsentView(msgspec.Struct, kw_only=True):
    """A template's consents."""

    template_id: str
    left: int
    off_at: datetime | None
    """Since when he wants none of it, as WeChat told."""

    @classmethod
    def of(cls, consent: Consent) -> ConsentView:
        """As it stands."""
        return cls(template_id=consent.template_id, left=consent.left, off_at=consent.off_at)


class NoticesView(msgspec.Struct, kw_only=True):
    """What the user is told."""

    unwanted: list[Sort]
    consents: list[ConsentView]
    now: datetime


@operation(
    auth=USER,
    body=Asked,
    answer=Left,
    idempotent=True,
    name="report_consents",
    summary="What I answered when I was asked for messages",
    description="One consent is one message. Each act of asking has a key of its own.",
    problems=(TEMPLATE_UNUSED,),
)
def report(call: Call[Asked]) -> Left:
    """Note the consents, and plan to remind of what is on the page."""
    asked = call.body
    about = About(asked.about.kind, asked.about.id) if asked.about else None
    return Left(left=dict(consents.report(call.intent, asked.results, about, call.language)))


@operation(auth=USER, answer=NoticesView, name="my_notices", summary="What I am told")
def mine(call: Call[None]) -> NoticesView:
    """Wishes and consents."""
    return _view(call)


@operation(auth=USER, body=Wishes, answer=NoticesView, name="want_notices", summary="Say what I do not want to be told")
def want(call: Call[Wishes]) -> NoticesView:
    """Replace the wishes."""
    wants.say(call.mid, call.uid, [Sort(sort) for sort in call.body.unwanted])
    return _view(call)


def _view(call: Call[None] | Call[Wishes]) -> NoticesView:
    ear = wants.heard(call.mid, call.uid)
    unwanted = (ear.habit.unwanted if ear.habit else None) or []
    return NoticesView(unwanted=unwanted, consents=[ConsentView.of(row) for row in ear.consents], now=clock.now())
