"""Who may export a batch's codes: pure decisions over what one read round found and the clock's instant.

The first file under a key version is the right of one key; every further one takes two people.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from chalicelib.core.errors import RippleError
from chalicelib.merchants.persons import person
from chalicelib.voucher import export_problems as problems
from chalicelib.voucher.export_forms import MOST_ON_SHEETS, Form
from chalicelib.voucher.export_states import ExportState, Why
from chalicelib.voucher.states import BatchState

if TYPE_CHECKING:
    from chalicelib.voucher.exports import Export
    from chalicelib.voucher.items import Batch

DAY = timedelta(days=1)
"""How long asking waits for approval, making may take, and a file stays."""

LINK = timedelta(minutes=10)
"""How long a link to a file opens it."""

MOST_EXPORTS = 99
"""Of one batch: an export's number has two digits."""


def insist_may_ask(batch: Batch, form: Form, exports: Sequence[Export], now: datetime) -> bool:
    """Whether asking is enough: no file was ever ready under the batch's key version.

    Raises `EXPORT_UNFIT`, `EXPORT_TOO_LARGE`, `EXPORT_UNDER_WAY`, `EXPORTS_FULL`.
    """
    if batch.status is not BatchState.LIVE:
        raise RippleError(problems.EXPORT_UNFIT, status=batch.status.value)
    if form is Form.PDF and batch.size > MOST_ON_SHEETS:
        raise RippleError(problems.EXPORT_TOO_LARGE, "/form", limit=MOST_ON_SHEETS, size=batch.size)
    for one in exports:
        if one.state is ExportState.MAKING or (one.state is ExportState.ASKED and now < one.until):
            raise RippleError(problems.EXPORT_UNDER_WAY, export=one.number, state=one.state.value)
    if len(exports) >= MOST_EXPORTS:
        raise RippleError(problems.EXPORTS_FULL, limit=MOST_EXPORTS)
    return not any(one.ready_at is not None and one.key_version == batch.key_version for one in exports)


def insist_may_approve(export: Export, batch: Batch, key: str, name: str, now: datetime) -> None:
    """Raise what forbids this key to approve: `EXPORT_GONE`, `EXPORT_NOT_ASKED`, `EXPORT_NEEDS_ANOTHER`.

    A key is taken for another person's when it is another key under another name.
    """
    if why_over(export, batch, now) is not None:
        raise RippleError(problems.EXPORT_GONE)
    if export.state is not ExportState.ASKED:
        raise RippleError(problems.EXPORT_NOT_ASKED, state=export.state.value)
    if key == export.by or person(name) == person(export.by_name):
        raise RippleError(problems.EXPORT_NEEDS_ANOTHER)


def insist_may_fetch(export: Export, batch: Batch, key: str, now: datetime) -> None:
    """Raise what forbids this key the file: `EXPORT_OF_ANOTHER`, `EXPORT_GONE`, `EXPORT_NOT_READY`."""
    if key != export.by:
        raise RippleError(problems.EXPORT_OF_ANOTHER)
    if why_over(export, batch, now) is not None:
        raise RippleError(problems.EXPORT_GONE)
    if export.state is not ExportState.READY:
        raise RippleError(problems.EXPORT_NOT_READY, state=export.state.value)


def why_over(export: Export, batch: Batch, now: datetime) -> Why | None:
    """Why nothing becomes of an export any more, whether or not that is written; None while something does."""
    if export.state is ExportState.GONE:
        return export.why
    if batch.status is not BatchState.LIVE:
        return Why.BATCH_ENDED
    if batch.key_version != export.key_version:
        return Why.KEY_CHANGED
    return LATE[export.state] if now >= export.until else None


LATE = {
    ExportState.ASKED: Why.NOT_APPROVED,
    ExportState.MAKING: Why.NOT_MADE,
    ExportState.READY: Why.DAY_OVER,
}
