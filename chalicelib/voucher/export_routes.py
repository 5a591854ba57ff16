"""Exports of codes over HTTP."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from chalicelib.core.errors import INVALID_FIELD, NOT_FOUND, RippleError
from chalicelib.edge.operation import MERCHANT, Call, operation
from chalicelib.voucher import export_problems as problems
from chalicelib.voucher import export_views as views
from chalicelib.voucher import exporting
from chalicelib.voucher.export_forms import Form
from chalicelib.voucher.export_views import ExportLink, Exports, ExportView

BATCH = re.compile(r"[0-9]{5}")
NUMBER = re.compile(r"[0-9]{2}")


class ToExport(msgspec.Struct, forbid_unknown_fields=True):
    """How the file is to be written."""

    form: Form = Form.CSV
    """A line a code, or sheets of QR codes to be printed and cut: of 600 codes at most."""
    bom: bool = False
    """A CSV with a mark at its beginning, by which Excel in China takes it for UTF-8."""


@operation(
    auth=MERCHANT,
    role="operator",
    body=ToExport,
    answer=ExportView,
    status=201,
    idempotent=True,
    name="export_codes",
    summary="Have a batch's codes written to a file",
    description="The first file under a key version is made at once; for a further one another person's key has to"
    " approve. Every asking is in the merchant's log.",
    problems=(
        NOT_FOUND,
        problems.EXPORT_UNFIT,
        problems.EXPORT_TOO_LARGE,
        problems.EXPORT_UNDER_WAY,
        problems.EXPORTS_FULL,
    ),
)
def ask(call: Call[ToExport]) -> ExportView:
    """Ask for an export."""
    asked = call.body
    if asked.bom and asked.form is not Form.CSV:
        reason = ("仅 CSV 文件可加此标记", "a CSV alone has such a mark")
        raise RippleError(INVALID_FIELD, "/bom", reason=reason)
    return views.export(exporting.ask(call.intent, _batch(call), asked.form, bom=asked.bom))


@operation(
    auth=MERCHANT,
    role="viewer",
    answer=Exports,
    name="list_exports",
    summary="A batch's exports, and how far their files are",
    problems=(NOT_FOUND,),
)
def listed(call: Call[None]) -> Exports:
    """All exports of a batch."""
    return views.exports(exporting.listed(call.mid, _batch(call)))


@operation(
    auth=MERCHANT,
    role="operator",
    answer=ExportView,
    idempotent=True,
    name="approve_export",
    summary="Agree to a further export that somebody else asked for",
    problems=(NOT_FOUND, problems.EXPORT_GONE, problems.EXPORT_NOT_ASKED, problems.EXPORT_NEEDS_ANOTHER),
)
def approve(call: Call[None]) -> ExportView:
    """Approve an export."""
    return views.export(exporting.approve(call.intent, _batch(call), _number(call)))


@operation(
    auth=MERCHANT,
    role="operator",
    answer=ExportLink,
    idempotent=True,
    name="link_to_export",
    summary="A link to an export's file, for ten minutes",
    description="For the key that asked for the export, and nobody else. Every link is in the merchant's log; the same"
    " request again answers with what is left of its time.",
    problems=(NOT_FOUND, problems.EXPORT_OF_ANOTHER, problems.EXPORT_GONE, problems.EXPORT_NOT_READY),
)
def link(call: Call[None]) -> ExportLink:
    """Hand out a link."""
    return views.link(exporting.link(call.intent, _batch(call), _number(call)))


def _batch(call: Call[Any]) -> str:
    """Which batch is meant. Raises `NOT_FOUND`."""
    return _like(BATCH, call.path["batch_id"])


def _number(call: Call[Any]) -> str:
    """Which of its exports. Raises `NOT_FOUND`."""
    return _like(NUMBER, call.path["export"])


def _like(form: re.Pattern[str], text: str) -> str:
    if not form.fullmatch(text):
        raise RippleError(NOT_FOUND)
    return text
