"""What a merchant sees of exports."""

from __future__ import annotations

from datetime import datetime

import msgspec

from chalicelib.core import clock
from chalicelib.voucher.exporting import Link
from chalicelib.voucher.exports import Export


class ExportView(msgspec.Struct, kw_only=True):
    """One export of a batch's codes."""

    batch_id: str
    export: str
    """Its number, in two digits."""
    state: str
    """asked | making | ready | gone"""
    why: str | None
    """Of one that is gone: not_approved | batch_ended | key_changed | not_made | day_over"""
    key_version: int
    form: str
    """csv | pdf"""
    bom: bool
    asked_by: str
    """The id of the key that asked, which alone gets the file."""
    asked_by_name: str
    approved_by: str | None
    asked_at: datetime
    ready_at: datetime | None
    until: datetime
    """When asking lapses, making is given up, or the file goes."""
    size: int
    """Codes in the whole file."""
    done: int
    """Codes written so far."""


class Exports(msgspec.Struct, kw_only=True):
    """All exports of a batch, the first one first."""

    exports: list[ExportView]
    now: datetime


class ExportLink(msgspec.Struct, kw_only=True):
    """A link to a file. Whoever has it can read the codes."""

    url: str | None
    """Null in the repetition of a request whose time is over: ask with a new key."""
    file_name: str
    until: datetime


def export(shown: Export) -> ExportView:
    """One export."""
    return ExportView(
        batch_id=shown.bid,
        export=shown.number,
        state=shown.state.value,
        why=shown.why.value if shown.why is not None else None,
        key_version=shown.key_version,
        form=shown.form.value,
        bom=shown.bom is not None,
        asked_by=shown.by,
        asked_by_name=shown.by_name,
        approved_by=shown.approved_by,
        asked_at=shown.asked_at,
        ready_at=shown.ready_at,
        until=shown.until,
        size=shown.size,
        done=shown.done,
    )


def exports(shown: list[Export]) -> Exports:
    """All of them."""
    return Exports(exports=[export(one) for one in shown], now=clock.now())


def link(made: Link) -> ExportLink:
    """The link to one."""
    return ExportLink(url=made.url, file_name=made.export.called, until=made.until)
