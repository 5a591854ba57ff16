"""Exporting a batch's codes: somebody asks, somebody else agrees where the right was used, whoever asked gets a link.

Each of them is in the merchant's log. The file itself is made and removed by the export's due entry.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple, TypeVar

from chalicelib.core import clock, files
from chalicelib.core.decision import Read, decided_or_refused
from chalicelib.core.errors import NOT_FOUND, RippleError
from chalicelib.core.idempotency import Intent, add_record, record_key, recorded
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import Found, read_one
from chalicelib.core.table import Key
from chalicelib.core.transaction import Transaction
from chalicelib.merchants import audit
from chalicelib.merchants.items import ApiKey, api_key_key
from chalicelib.voucher import export_rules as rules
from chalicelib.voucher.export_forms import Form
from chalicelib.voucher.export_states import ExportState
from chalicelib.voucher.exports import Export, export_key, exports_of
from chalicelib.voucher.items import Batch, batch_key
from chalicelib.voucher.states import BatchState

T = TypeVar("T")


class Link(NamedTuple):
    """What opens an export's file, and how long; None where that is over."""

    export: Export
    url: str | None
    until: datetime


def listed(mid: MerchantId, bid: str) -> list[Export]:
    """All exports of a batch, the first one first. Raises NOT_FOUND."""
    if read_one(Batch, batch_key(mid, bid)) is None:
        raise RippleError(NOT_FOUND)
    return exports_of(mid, bid)


def ask(intent: Intent, bid: str, form: Form, *, bom: bool) -> Export:
    """Have a batch's codes written to a file: at once where the right was not used, else when another key agrees.

    Raises NOT_FOUND, `EXPORT_UNFIT`, `EXPORT_TOO_LARGE`, `EXPORT_UNDER_WAY`, `EXPORTS_FULL`.
    """
    mid = intent.mid
    keys = batch_key(mid, bid), record_key(intent), api_key_key(mid, intent.actor)

    def attempt(read: Read) -> Export:
        found = read(*keys)
        batch, key = _there(found.item(Batch, keys[0])), _there(found.item(ApiKey, keys[2]))
        if (before := recorded(intent, found[keys[1]])) is not None:
            return _there(read_one(Export, export_key(mid, bid, before["export"])))
        earlier, now = exports_of(mid, bid), clock.now()
        at_once = rules.insist_may_ask(batch, form, earlier, now)
        export = Export(
            *export_key(mid, bid, f"{len(earlier) + 1:02d}"),
            state=ExportState.MAKING if at_once else ExportState.ASKED,
            key_version=batch.key_version,
            bom=1 if bom else None,
            pdf=1 if form is Form.PDF else None,
            by=intent.actor,
            by_name=key.name,
            asked_at=now,
            until=now + rules.DAY,
            size=batch.size,
            done=0,
            marks=[],
        )
        export.set_due(now if at_once else export.until)
        tx = Transaction().put("export", export)
        same = {"live": Batch.status == BatchState.LIVE, "version": Batch.key_version == export.key_version}
        tx.check("batch", batch, when=same)
        add_record(tx, intent, export=export.number)
        told = {"state": export.state.value, "form": form.value}
        audit.add(tx, mid, intent.actor, "export.ask", _subject(export), **told)
        tx.commit()
        return export

    return decided_or_refused(attempt)


def approve(intent: Intent, bid: str, number: str) -> Export:
    """Agree to a further export that another key asked for.

    Raises NOT_FOUND, `EXPORT_GONE`, `EXPORT_NOT_ASKED`, `EXPORT_NEEDS_ANOTHER`.
    """
    mid = intent.mid
    keys = (
        export_key(mid, bid, number),
        batch_key(mid, bid),
        record_key(intent),
        api_key_key(mid, intent.actor),
    )

    def attempt(read: Read) -> Export:
        found = read(*keys)
        export, batch = _pair(found, keys[0], keys[1])
        key = _there(found.item(ApiKey, keys[3]))
        if recorded(intent, found[keys[2]]) is not None:
            return export
        now = clock.now()
        rules.insist_may_approve(export, batch, intent.actor, key.name, now)
        until = now + rules.DAY
        agreed = [
            Export.state.set(ExportState.MAKING),
            Export.approved_by.set(intent.actor),
            Export.until.set(until),
        ]
        tx = Transaction()
        tx.update("export", export, agreed, when={"asked": Export.state == ExportState.ASKED}, due=now)
        same = {"live": Batch.status == BatchState.LIVE, "version": Batch.key_version == export.key_version}
        tx.check("batch", batch, when=same)
        add_record(tx, intent)
        audit.add(tx, mid, intent.actor, "export.approve", _subject(export), asked_by=export.by)
        tx.commit()
        export.state, export.approved_by, export.until = ExportState.MAKING, intent.actor, until
        return export

    return decided_or_refused(attempt)


def link(intent: Intent, bid: str, number: str) -> Link:
    """A link to a file, for the key that asked for it; the same request again gets what is left of its time.

    Raises NOT_FOUND, `EXPORT_OF_ANOTHER`, `EXPORT_GONE`, `EXPORT_NOT_READY`.
    """
    mid = intent.mid
    keys = export_key(mid, bid, number), batch_key(mid, bid), record_key(intent)

    def attempt(read: Read) -> Link:
        found = read(*keys)
        export, batch = _pair(found, keys[0], keys[1])
        now = clock.now()
        if (before := recorded(intent, found[keys[2]])) is not None:
            return _link(export, clock.parse(before["until"]), now)
        rules.insist_may_fetch(export, batch, intent.actor, now)
        until = min(now + rules.LINK, export.until)
        tx = Transaction()
        tx.check("export", export, when={"ready": Export.state == ExportState.READY})
        same = {"live": Batch.status == BatchState.LIVE, "version": Batch.key_version == export.key_version}
        tx.check("batch", batch, when=same)
        add_record(tx, intent, until=clock.iso(until))
        audit.add(tx, mid, intent.actor, "export.link", _subject(export), until=clock.iso(until))
        tx.commit()
        return _link(export, until, now)

    return decided_or_refused(attempt)


def add_finished(tx: Transaction, export: Export) -> None:
    """Note in ``tx`` that an export's file is there."""
    audit.add(tx, export.mid, "system", "export.finish", _subject(export), codes=str(export.size))


def _link(export: Export, until: datetime, now: datetime) -> Link:
    seconds = int((until - now).total_seconds())
    return Link(export, files.link(export.file, export.called, seconds) if seconds > 0 else None, until)


def _subject(export: Export) -> str:
    return f"{export.bid}/{export.number}"


def _pair(found: Found, export_at: Key, batch_at: Key) -> tuple[Export, Batch]:
    return _there(found.item(Export, export_at)), _there(found.item(Batch, batch_at))


def _there(item: T | None) -> T:
    """Raises NOT_FOUND where nothing stands."""
    if item is None:
        raise RippleError(NOT_FOUND)
    return item
