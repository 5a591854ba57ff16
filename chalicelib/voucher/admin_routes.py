"""Batches of codes over HTTP, for merchants: minting, looking, binding, and what makes codes good no more."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated

import msgspec

from chalicelib.campaigns.kinds.codes import CodesOffer
from chalicelib.campaigns.live import live
from chalicelib.campaigns.problems import NOT_RUNNING
from chalicelib.core import clock, cursor
from chalicelib.core.cursor import Page
from chalicelib.core.errors import NOT_FOUND
from chalicelib.core.ids import CampaignId
from chalicelib.edge.operation import MERCHANT, Call, operation
from chalicelib.voucher import admin_views, binding, code_views, ending, looking, minting, problems
from chalicelib.voucher.admin_views import Batches, BatchRecord, BoundAll
from chalicelib.voucher.code_views import CodeRecord, CodesUsed
from chalicelib.voucher.ending import MOST_KEYS
from chalicelib.voucher.finding import document_of
from chalicelib.voucher.items import MOST_SERIALS, batches_listed, listed_under
from chalicelib.voucher.states import CodeState

Note = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Serial = Annotated[int, msgspec.Meta(ge=0, lt=MOST_SERIALS)]
Instant = Annotated[datetime, msgspec.Meta(tz=True)]
UserIdText = Annotated[str, msgspec.Meta(pattern=r"^[0-9A-Z]{1,40}$")]

MOST_AT_ONCE = 100
"""Codes bound by one request."""
MOST_BATCHES_AT_ONCE = 20
"""Batches of one page: each is counted in up to 32 parts."""
PLACE = re.compile(r"[0-9]{7}")
"""The serial at which a page of codes begins."""


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


class Serials(Reason, forbid_unknown_fields=True, kw_only=True):
    """Which codes, both ends among them, and why."""

    first: Serial
    last: Serial


class OneCode(Reason, forbid_unknown_fields=True, kw_only=True):
    """Which code, and why."""

    serial: Serial


class Whose(msgspec.Struct, forbid_unknown_fields=True):
    """Which code is to be whose alone."""

    serial: Serial
    user_id: UserIdText


class Bindings(Reason, forbid_unknown_fields=True, kw_only=True):
    """Which codes are to be whose alone, and why."""

    codes: Annotated[list[Whose], msgspec.Meta(min_length=1, max_length=MOST_AT_ONCE)]


class FewBatches(msgspec.Struct, forbid_unknown_fields=True):
    """Which page of batches."""

    limit: Annotated[int, msgspec.Meta(ge=1, le=MOST_BATCHES_AT_ONCE)] = MOST_BATCHES_AT_ONCE
    cursor: Annotated[str, msgspec.Meta(min_length=1, max_length=1024)] | None = None


class SomeBatches(FewBatches):
    """Which page, and of batches whose codes are good by which version of the key."""

    key_version: Annotated[int, msgspec.Meta(ge=0, lt=MOST_KEYS)] | None = None


class SomeCodes(Page):
    """Which page, and of codes of which state."""

    state: CodeState | None = None


@operation(
    auth=MERCHANT,
    role="operator",
    body=NewBatch,
    answer=BatchRecord,
    status=201,
    idempotent=True,
    name="mint_codes",
    summary="Mint a batch of codes",
    description="What the codes hold is reserved of the campaign's total. Nothing is stored of unique codes until they "
    "are used; short ones are written one by one.",
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
    query=SomeBatches,
    answer=Batches,
    name="list_batches",
    summary="A campaign's batches, and where their codes are",
    problems=(NOT_FOUND,),
)
def listed(call: Call[None]) -> Batches:
    """A page of a campaign's batches, in the order in which they were minted."""
    cid = CampaignId(call.path["campaign_id"])
    live(call.mid, cid, CodesOffer)
    return _page(call, cid)


@operation(
    auth=MERCHANT,
    role="viewer",
    query=SomeBatches,
    answer=Batches,
    name="list_all_batches",
    summary="All batches, also those of one version of the key",
)
def all_batches(call: Call[None]) -> Batches:
    """A page of the merchant's batches, by campaign."""
    return _page(call, None)


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
    role="viewer",
    query=SomeCodes,
    answer=CodesUsed,
    name="list_codes",
    summary="The codes of a batch that something happened to",
    description="By serial. A page looks at so much of the batch and no more: it may be empty, and yet have a cursor.",
    problems=(NOT_FOUND,),
)
def codes(call: Call[None]) -> CodesUsed:
    """A page of a batch's codes."""
    page: SomeCodes = call.query
    first = int(cursor.position(page.cursor, PLACE) or 0)
    batch = looking.batch(call.mid, call.path["batch_id"])
    found, more = looking.codes(batch, first, page.limit, page.state)
    offer = document_of(call.mid, batch.cid)
    return CodesUsed(
        codes=[code_views.record(used, offer) for used in found],
        cursor=cursor.of_position(f"{more:07d}") if more is not None else None,
        now=clock.now(),
    )


@operation(
    auth=MERCHANT,
    role="operator",
    body=Bindings,
    answer=BoundAll,
    idempotent=True,
    name="bind_codes",
    summary="Bind codes to users: nobody else may redeem them",
    description="What cannot be bound is said line by line.",
    problems=(NOT_FOUND,),
)
def bind(call: Call[Bindings]) -> BoundAll:
    """Give codes to users that are named."""
    wishes = [binding.Wish(serial=one.serial, user_id=one.user_id) for one in call.body.codes]
    lines = binding.bind(call.intent, call.path["batch_id"], wishes, call.body.note)
    return BoundAll(lines=lines, bound=sum(line.bound for line in lines))


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


@operation(
    auth=MERCHANT,
    role="operator",
    body=Serials,
    answer=BatchRecord,
    idempotent=True,
    name="revoke_range",
    summary="Revoke the codes of a batch from one serial to another",
    description="None of them is good from now on; what nobody redeemed of them goes back within minutes.",
    problems=(NOT_FOUND, problems.BATCH_ENDED, problems.RANGE_UNFIT, problems.SOLD_ONE_BY_ONE),
)
def revoke_range(call: Call[Serials]) -> BatchRecord:
    """Revoke some codes of a batch."""
    asked = call.body
    return admin_views.record(
        ending.revoke_range(call.intent, call.path["batch_id"], asked.first, asked.last, asked.note)
    )


@operation(
    auth=MERCHANT,
    role="operator",
    body=OneCode,
    answer=CodeRecord,
    idempotent=True,
    name="revoke_code",
    summary="Revoke one code",
    description="One that was sold is owed for: it stands among stuck money until somebody has paid it back.",
    problems=(NOT_FOUND, problems.BATCH_ENDED, problems.CODE_NOT_FREE),
)
def revoke_code(call: Call[OneCode]) -> CodeRecord:
    """Revoke a code."""
    used = ending.revoke_code(call.intent, call.path["batch_id"], call.body.serial, call.body.note)
    return code_views.record(used, document_of(call.mid, used.cid))


@operation(
    auth=MERCHANT,
    role="owner",
    body=Reason,
    answer=BatchRecord,
    idempotent=True,
    name="rekey_batch",
    summary="Give a batch the newest key: its codes are others from now on",
    description="Serials stay, and what was redeemed; the old letters are refused. Export the batch anew.",
    problems=(NOT_FOUND, problems.BATCH_ENDED, problems.KEY_SAME, problems.BATCH_STORED),
)
def rekey(call: Call[Reason]) -> BatchRecord:
    """Change a batch's key."""
    return admin_views.record(ending.rekey(call.intent, call.path["batch_id"], call.body.note))


def _page(call: Call[None], cid: CampaignId | None) -> Batches:
    page: SomeBatches = call.query
    begins = listed_under(cid) if cid is not None else ""
    after = cursor.decode(page.cursor, batches_listed(call.mid), "gsi1", begins)
    found, more = looking.batches(call.mid, cid, page.limit, after)
    wanted = [one for one in found if page.key_version is None or looking.has_key(one, page.key_version)]
    return Batches(batches=admin_views.records(wanted), cursor=cursor.encode(more), now=clock.now())
