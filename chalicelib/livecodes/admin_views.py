"""What a merchant sees of his live codes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

import msgspec

from chalicelib.accounts.mask import seen
from chalicelib.core import clock
from chalicelib.livecodes import listing, marks
from chalicelib.livecodes.items import LIVE, LiveCode, Part
from chalicelib.livecodes.listing import Day, Scanned
from chalicelib.livecodes.targets import AnyTo, Target
from chalicelib.sharing import objects
from chalicelib.sharing.views import CameBy


class TargetRecord(msgspec.Struct, kw_only=True):
    """A target, and how many were sent there."""

    number: int
    title: str
    to: AnyTo
    state: Literal["open", "closed"]
    capacity: int
    taken: int
    left: int
    expired: bool
    """Whether its QR code is over: nobody new is sent there until another picture is set."""
    parts: int
    """In how many parts it is counted."""


class LiveCodeLine(msgspec.Struct, kw_only=True):
    """A live code in the list."""

    live_id: str
    name: str
    title: str
    status: Literal["live", "paused", "ended"]
    edition: int
    campaign_id: str | None
    targets: int
    capacity: int
    """Of its open targets together."""
    created_at: datetime


class LiveCodes(msgspec.Struct, kw_only=True):
    """A page of live codes, the newest first."""

    live_codes: list[LiveCodeLine]
    cursor: str | None


class LiveCodeRecord(msgspec.Struct, kw_only=True):
    """A live code as its merchant sees it: counted exactly."""

    live_id: str
    name: str
    title: str
    text: str
    campaign_id: str | None
    status: Literal["live", "paused", "ended"]
    edition: int
    page: str
    """Its page in the mini-program."""
    scene: str
    """What its printed code says."""
    targets: list[TargetRecord]
    created_at: datetime
    created_by: str
    updated_at: datetime
    now: datetime


class PrintedCode(msgspec.Struct, kw_only=True):
    """The picture to print: the same for ever."""

    url: str
    until: datetime
    """Before when the link is good; the same call has the next."""
    page: str
    scene: str
    now: datetime


class ScanRecord(msgspec.Struct, kw_only=True):
    """Somebody who was sent to a target."""

    user_id: str
    nickname: str
    """Masked."""
    at: datetime
    turn: int
    """How often he had been sent somewhere by this code: 2 and more after a target was closed."""
    came_by: CameBy | None
    """By whose share of the live code he came."""


class Scans(msgspec.Struct, kw_only=True):
    """A page of those who were sent to a target, the latest first."""

    scans: list[ScanRecord]
    cursor: str | None
    now: datetime


class DayRecord(msgspec.Struct, kw_only=True):
    """How many were sent to a target on a day in China."""

    day: str
    scans: int


class Days(msgspec.Struct, kw_only=True):
    """A page of a target's days, the latest first; days without anybody are left out."""

    days: list[DayRecord]
    cursor: str | None
    now: datetime


def line(code: LiveCode) -> LiveCodeLine:
    """A live code, without counting."""
    return LiveCodeLine(
        live_id=code.lid,
        name=code.name,
        title=code.title,
        status=code.status.value,
        edition=code.edition,
        campaign_id=code.campaign,
        targets=len(code.targets),
        capacity=sum(target.capacity for target in code.targets if target.state == "open"),
        created_at=code.created_at,
    )


def record(code: LiveCode) -> LiveCodeRecord:
    """A live code, with how many were sent to each target."""
    parts, now = listing.parts(code), clock.now()
    return LiveCodeRecord(
        live_id=code.lid,
        name=code.name,
        title=code.title,
        text=code.text,
        campaign_id=code.campaign,
        status=code.status.value,
        edition=code.edition,
        page=objects.opened(LIVE, code.lid),
        scene=marks.scene(code.lid),
        targets=[_target(target, parts[target.number], now) for target in code.targets],
        created_at=code.created_at,
        created_by=code.created_by,
        updated_at=code.updated_at,
        now=now,
    )


def _target(target: Target, parts: Sequence[Part], now: datetime) -> TargetRecord:
    return TargetRecord(
        number=target.number,
        title=target.title,
        to=target.to,
        state=target.state.value,
        capacity=target.capacity,
        taken=sum(part.taken for part in parts),
        left=sum(part.left for part in parts),
        expired=target.is_over(now),
        parts=target.parts,
    )


def scans(found: Sequence[Scanned], cursor: str | None) -> Scans:
    """Who was sent to a target; strangers' names are masked for their merchant too."""
    records = [
        ScanRecord(
            user_id=one.scan.uid,
            nickname=seen(one.user),
            at=one.scan.at,
            turn=one.scan.turn,
            came_by=CameBy.of(one.scan.came_by),
        )
        for one in found
    ]
    return Scans(scans=records, cursor=cursor, now=clock.now())


def days(found: Sequence[Day], cursor: str | None) -> Days:
    """How many were sent to a target by day."""
    return Days(days=[DayRecord(day=one.day, scans=one.scans) for one in found], cursor=cursor, now=clock.now())
