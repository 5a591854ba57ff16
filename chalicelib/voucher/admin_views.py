"""What a merchant sees of batches and of keys."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from chalicelib.core import clock
from chalicelib.voucher import looking
from chalicelib.voucher.binding import Bound
from chalicelib.voucher.items import Batch, Part


class BatchCounts(msgspec.Struct, kw_only=True):
    """Where the codes of a batch are; the four together are its size."""

    redeemed: int
    revoked: int
    expired: int
    left: int


class RevokedRange(msgspec.Struct, kw_only=True):
    """Serials that are revoked, both ends among them."""

    first: int
    last: int
    closed: bool
    """Whether what nobody redeemed of it is counted and given back."""


class BatchRecord(msgspec.Struct, kw_only=True):
    """A batch as its merchant sees it."""

    batch_id: str
    campaign_id: str
    status: str
    """making | live | revoked | expired"""
    label: str
    size: int
    letters: int
    """Of each code."""
    key_version: int
    since: datetime
    until: datetime | None
    counts: BatchCounts
    ranges: list[RevokedRange]
    made: int | None
    """How many codes of a stored batch are written, while it is being made."""
    created_at: datetime
    created_by: str
    ended_at: datetime | None
    why_ended: str | None
    now: datetime


class Batches(msgspec.Struct, kw_only=True):
    """A page of batches; where one version of the key is asked for it may have fewer than it may, and yet go on."""

    batches: list[BatchRecord]
    cursor: str | None
    now: datetime


class KeysSeen(msgspec.Struct, kw_only=True):
    """Which key new batches get, and what an older one still makes codes of."""

    version: int
    behind: list[BatchRecord]
    """Of this page, the live batches with an older key: what somebody who knows that could redeem."""
    cursor: str | None
    now: datetime


class KeyRetired(msgspec.Struct, kw_only=True):
    """The key that new batches get from now on."""

    version: int
    now: datetime


class BoundAll(msgspec.Struct, kw_only=True):
    """What became of each."""

    lines: list[Bound]
    bound: int
    """How many are their users' alone now."""


def record(batch: Batch) -> BatchRecord:
    """A batch, and where its codes are: one read of its parts, however many codes it has."""
    return records([batch])[0]


def records(batches: Sequence[Batch]) -> list[BatchRecord]:
    """Some batches, in their order."""
    parts = looking.parts(batches)
    return [_record(batch, parts[batch.bid]) for batch in batches]


def _record(batch: Batch, parts: Sequence[Part]) -> BatchRecord:
    return BatchRecord(
        batch_id=batch.bid,
        campaign_id=batch.cid,
        status=batch.status.value,
        label=batch.label,
        size=batch.size,
        letters=batch.letters,
        key_version=batch.key_version,
        since=batch.since,
        until=batch.until,
        counts=BatchCounts(
            redeemed=sum(part.redeemed for part in parts),
            revoked=sum(part.revoked for part in parts),
            expired=sum(part.expired for part in parts),
            left=sum(part.left for part in parts),
        ),
        ranges=[RevokedRange(first=one.first, last=one.last, closed=one.closed) for one in batch.ranges],
        made=batch.made,
        created_at=batch.created_at,
        created_by=batch.created_by,
        ended_at=batch.ended_at,
        why_ended=batch.why_ended,
        now=clock.now(),
    )
