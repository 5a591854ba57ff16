"""What a merchant sees of what he decides about families: their names, and what he puts right in their wallets."""

from __future__ import annotations

from datetime import datetime

import msgspec

from chalicelib.family.adjustments import Adjustment
from chalicelib.family.items import Family


class HiddenFamilyName(msgspec.Struct, kw_only=True):
    """A family's name that others than its owner do not see."""

    family_id: str
    name: str
    state: str
    """review: WeChat is in doubt; unchecked: it has not looked; shown or refused once it is decided"""
    label: int | None
    """What WeChat thinks it is: 10001 advertising, 20001 politics, 20002 porn, 20003 abuse, …"""
    trace_id: str | None
    """Under which WeChat finds its check again."""
    since: datetime


class HiddenFamilyNames(msgspec.Struct, kw_only=True):
    """A page of names that wait to be cleared, longest waiting first."""

    names: list[HiddenFamilyName]
    cursor: str | None


class AdjustmentRecord(msgspec.Struct, kw_only=True):
    """Value that the merchant puts into a wallet or takes out of it."""

    adjustment_id: str
    family_id: str
    state: str
    """waiting | done | refused | lapsed"""
    kind: str
    """granted | paid"""
    fen: int
    """What comes in or, negative, leaves."""
    note: str
    asked_by: str
    """The id of the key."""
    asked_by_name: str
    decided_by: str | None
    """The key that approved or refused it, where it waited."""
    asked_at: datetime
    until: datetime
    """Before this another person's key may approve it."""
    decided_at: datetime | None


class Adjustments(msgspec.Struct, kw_only=True):
    """A page of the adjustments that wait for another key, longest waiting first."""

    adjustments: list[AdjustmentRecord]
    cursor: str | None
    now: datetime


def hidden_name(family: Family) -> HiddenFamilyName:
    """A name that waits, or was just decided."""
    check = family.name_check
    return HiddenFamilyName(
        family_id=family.fid,
        name=family.name,
        state=family.name_state.value,
        label=check.label if check else None,
        trace_id=check.trace_id if check else None,
        since=family.named_at or family.created_at,
    )


def adjustment(shown: Adjustment) -> AdjustmentRecord:
    """One adjustment."""
    return AdjustmentRecord(
        adjustment_id=shown.adjustment_id,
        family_id=shown.fid,
        state=shown.state.value,
        kind=shown.kind.value,
        fen=shown.fen,
        note=shown.note,
        asked_by=shown.by,
        asked_by_name=shown.by_name,
        decided_by=shown.decided_by,
        asked_at=shown.asked_at,
        until=shown.until,
        decided_at=shown.decided_at,
    )
