"""Held acts over HTTP: what waits for a merchant, and his decision."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Literal

import msgspec

from chalicelib.accounts.mask import seen
from chalicelib.core import clock, cursor
from chalicelib.core.cursor import Page
from chalicelib.core.errors import NOT_FOUND, Language, localised
from chalicelib.edge.operation import MERCHANT, Call, operation
from chalicelib.sharing import held
from chalicelib.sharing.problems import FROZEN, NOT_HELD
from chalicelib.sharing.verdict import WEIGHTS

POSITION = re.compile(r"20\d\d-[0-9T:.-]+Z#[\x21-\x7e]{1,200}")
MOST_AT_ONCE = 25

Note = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
HeldId = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{1,128}$")]


class Why(msgspec.Struct, kw_only=True):
    """One thing that speaks against an act."""

    code: str
    detail: str


class HeldView(msgspec.Struct, kw_only=True):
    """An act that waits."""

    held_id: str
    play: str
    object_id: str
    nickname: str
    """Who did it, masked."""
    why: list[Why]
    rules_version: int
    held_at: datetime
    decides_at: datetime | None
    """When it decides itself, by its campaign's published policy."""


class HeldPage(msgspec.Struct, kw_only=True):
    """A page of what waits, longest waiting first."""

    held: list[HeldView]
    cursor: str | None
    now: datetime


class Ruling(msgspec.Struct, forbid_unknown_fields=True):
    """A decision's reason, for the audit log."""

    note: Note | None = None


class Rulings(msgspec.Struct, forbid_unknown_fields=True):
    """One decision about several."""

    held_ids: Annotated[list[HeldId], msgspec.Meta(min_length=1, max_length=MOST_AT_ONCE)]
    decision: Literal["approve", "reject"]
    note: Note | None = None


class Decided(msgspec.Struct, kw_only=True):
    """What became of an act: moot where what it was for had ended otherwise."""

    held_id: str
    decision: held.Decision


class DecidedAll(msgspec.Struct, kw_only=True):
    """What became of each."""

    lines: list[held.Line]


@operation(auth=MERCHANT, role="operator", query=Page, answer=HeldPage, summary="Acts that wait for a decision")
def waiting(call: Call[None]) -> HeldPage:
    """What the risk rules hold, of all plays."""
    asked: Page = call.query
    found, more = held.listed(call.mid, asked.limit, cursor.position(asked.cursor, POSITION))
    shown = [_view(each, call.language) for each in found]
    return HeldPage(held=shown, cursor=cursor.of_position(more), now=clock.now())


@operation(
    auth=MERCHANT,
    role="operator",
    body=Ruling,
    answer=Decided,
    idempotent=True,
    summary="Let a held act count",
    problems=(NOT_FOUND, NOT_HELD, FROZEN),
)
def approve(call: Call[Ruling]) -> Decided:
    """Approve one."""
    return _decided(call, yes=True)


@operation(
    auth=MERCHANT,
    role="operator",
    body=Ruling,
    answer=Decided,
    idempotent=True,
    summary="Refuse a held act",
    problems=(NOT_FOUND, NOT_HELD, FROZEN),
)
def reject(call: Call[Ruling]) -> Decided:
    """Reject one."""
    return _decided(call, yes=False)


@operation(
    auth=MERCHANT,
    role="operator",
    body=Rulings,
    answer=DecidedAll,
    idempotent=True,
    summary="Decide several held acts",
    description="At most 25. Each is decided by itself, and nothing twice.",
)
def decide_all(call: Call[Rulings]) -> DecidedAll:
    """Approve or reject several, and say of each what became of it."""
    asked, yes = call.body, call.body.decision == "approve"
    lines = held.decide_all(call.intent, asked.held_ids, yes=yes, note=asked.note, language=call.language)
    return DecidedAll(lines=lines)


def _decided(call: Call[Ruling], *, yes: bool) -> Decided:
    held_id = call.path["held_id"]
    return Decided(held_id=held_id, decision=held.decide(call.intent, held_id, yes=yes, note=call.body.note))


def _view(each: held.Held, language: Language) -> HeldView:
    about = each.about
    why = [
        Why(code=signal.value, detail=localised((WEIGHTS[signal].zh, WEIGHTS[signal].en), language))
        for signal in about.verdict.reasons
    ]
    return HeldView(
        held_id=each.held_id,
        play=each.play,
        object_id=about.object_id,
        nickname=seen(each.user),
        why=why,
        rules_version=about.verdict.version,
        held_at=about.held_at,
        decides_at=each.decides_at,
    )
