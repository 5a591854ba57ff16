"""Codes over HTTP, for merchants: batches, what becomes of them, single codes, and redeeming at the counter."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec

from chalicelib.campaigns.problems import NOT_RUNNING
from chalicelib.core.errors import NOT_FOUND
from chalicelib.core.ids import CampaignId
from chalicelib.edge.operation import MERCHANT, Call, operation
from chalicelib.voucher import admin_views, ending, looking, minting, problems
from chalicelib.voucher.admin_views import BatchRecord
from chalicelib.voucher.items import MOST_SERIALS

Note = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Serial = Annotated[int, msgspec.Meta(ge=0, lt=MOST_SERIALS)]
Instant = Annotated[datetime, msgspec.Meta(tz=True)]


class NewBatch(msgspec.Struct, forbid_unknown_fields=True):
    """A batch that is to be minted."""

    size: Annotated[int, msgspec.Meta(ge=1, le=MOST_SERIALS)]
    label: Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
    letters: Annotated[int, msgspec.Meta(ge=8, le=10)] | None = None
    """Of short codes, which are stored one by one; where it is absent codes have 14 letters, or 16 if they bring goods,
    cash, or are sold."""
    since: Instant | None = None
    """From when on its codes are good; from the campaign's beginning where it is absent."""
    until: Instant | None = None
    """Before when; the campaign's end where it is absent."""


class Reason(msgspec.Struct, forbid_unknown_fields=True):
    """Why, for the audit log."""

    note: Note


class Serials(Reason, forbid_unknown_fields=True):
    """Which codes, both ends among them, and why."""

    first: Serial = 0
    last: Serial = 0


class OneCode(Reason, forbid_unknown_fields=True):
    """Which code, and why."""

    serial: Serial = 0


@operation(
    auth=MERCHANT,
    role="operator",
    body=NewBatch,
    answer=BatchRecord,
    status=201,
    idempotent=True,
    name="mint_codes",
    summary="Mint a batch of codes",
    description="What the codes hold is reserved of the campaign's total. Of up to a million codes nothing is stored.",
    problems=(NOT_FOUND, NOT_RUNNING, problems.CODES_SHORT, problems.BATCHES_FULL),
)
def mint(call: Call[NewBatch]) -> BatchRecord:
    """Mint a batch."""
    asked = call.body
    wish = minting.Wish(size=asked.size, letters=asked.letters, since=asked.since, until=asked.until, label=asked.label)
    return admin_views.record(minting.mint(call.intent, CampaignId(call.path["campaign_id"]), wish))


@operation(
    auth=MERCHANT,
    role="viewer",
    answer=BatchRecord,
    name="inspect_batch",
    summary="A batch, and how many of its codes are redeemed, revoked, expired and left",
    problems=(NOT_FOUND,),
)
def inspect(call: Call[None]) -> BatchRecord:
    """Look at a batch."""
    return admin_views.record(looking.batch(call.mid, call.path["batch_id"]))


@operation(
    auth=MERCHANT,
    role="operator",
    body=Reason,
    answer=BatchRecord,
    idempotent=True,
    name="revoke_batch",
    summary="Revoke a batch: none of its codes is good from now on",
    problems=(NOT_FOUND, problems.BATCH_ENDED, problems.SOLD_ONE_BY_ONE),
)
def revoke(call: Call[Reason]) -> BatchRecord:
    """Revoke a batch."""
    return admin_views.record(ending.revoke(call.intent, call.path["batch_id"], call.body.note))
