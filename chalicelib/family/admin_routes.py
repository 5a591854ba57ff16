"""Families over HTTP, for their merchant."""

from __future__ import annotations

import re
from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.core import clock, cursor
from chalicelib.core.cursor import Page
from chalicelib.core.errors import INVALID_FIELD, NOT_FOUND, RippleError
from chalicelib.edge.operation import MERCHANT, Call, operation
from chalicelib.family import adjusting, admin, admin_views, desk_views, freezing, names
from chalicelib.family import admin_problems as problems
from chalicelib.family.adjustments import waiting_index
from chalicelib.family.admin_views import Families, FamilyRecord, UserFamily
from chalicelib.family.desk_views import AdjustmentRecord, Adjustments, HiddenFamilyName, HiddenFamilyNames
from chalicelib.family.items import hidden_names_index
from chalicelib.family.problems import FAMILY_ENDED
from chalicelib.family.states import FamilyState, Kind

PLACE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z#[0-9A-HJKMNP-TV-Z]{1,40}")
"""Where a page of families goes on."""

MOST_FEN = 10_000_000
"""Of one adjustment, either way."""
UNFIT = (problems.ADJUST_SHORT, problems.PAID_CAP)
Note = Annotated[str, Meta(min_length=1, max_length=200)]


class FamiliesAsked(Page):
    """Which families, and which page of them."""

    status: FamilyState | None = None


class Noted(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Why: it is kept in the merchant's log."""

    note: Note


class Minority(Noted, forbid_unknown_fields=True, kw_only=True):
    """Whether somebody is a minor, and why that is known."""

    minor: bool


class NameDecided(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What becomes of a family's name; ``name`` is the one that was looked at."""

    name: Annotated[str, Meta(min_length=1, max_length=40)]
    shown: bool
    note: Note | None = None


class Adjusted(Noted, forbid_unknown_fields=True, kw_only=True):
    """What is put into a wallet or, below zero, taken out of it, and why."""

    kind: Kind
    fen: Annotated[int, Meta(ge=-MOST_FEN, le=MOST_FEN)]


@operation(
    auth=MERCHANT,
    role="viewer",
    query=FamiliesAsked,
    answer=Families,
    name="list_families",
    summary="Families, the newest first",
)
def listed(call: Call[None]) -> Families:
    """A page of the merchant's families."""
    page: FamiliesAsked = call.query
    found, more = admin.families(call.mid, page.status, page.limit, cursor.position(page.cursor, PLACE))
    return admin_views.families(found, cursor.of_position(more))


@operation(
    auth=MERCHANT,
    role="viewer",
    answer=FamilyRecord,
    name="inspect_family",
    summary="A family: its people, their caps and months, its wallet, and what that did lately",
    description="That a family with minors was looked at is in the merchant's log.",
    problems=(NOT_FOUND,),
)
def inspect(call: Call[None]) -> FamilyRecord:
    """Look at a family."""
    return _record(call)


@operation(
    auth=MERCHANT,
    role="viewer",
    answer=UserFamily,
    name="family_of_user",
    summary="Which family a user belongs to, and as what",
    description="That a minor was looked at is in the merchant's log.",
    problems=(NOT_FOUND,),
)
def of_user(call: Call[None]) -> UserFamily:
    """Look a user's family up."""
    return _of_user(call)


@operation(
    auth=MERCHANT,
    role="operator",
    body=Noted,
    answer=FamilyRecord,
    idempotent=True,
    name="freeze_family",
    summary="Nobody of a family spends any more, at once",
    description="Its owner cannot undo it. What orders hold of the wallet may still be paid with it.",
    problems=(NOT_FOUND, FAMILY_ENDED),
)
def freeze(call: Call[Noted]) -> FamilyRecord:
    """Freeze a family."""
    freezing.freeze(call.intent, call.path["family_id"], call.body.note)
    return _record(call)


@operation(
    auth=MERCHANT,
    role="operator",
    body=Noted,
    answer=FamilyRecord,
    idempotent=True,
    name="unfreeze_family",
    summary="Freeze a family no longer",
    description="Where its owner had frozen it before, he still does.",
    problems=(NOT_FOUND, FAMILY_ENDED, problems.FROZEN_BY_OWNER),
)
def unfreeze(call: Call[Noted]) -> FamilyRecord:
    """Unfreeze a family."""
    freezing.unfreeze(call.intent, call.path["family_id"], call.body.note)
    return _record(call)


@operation(
    auth=MERCHANT,
    role="operator",
    body=Noted,
    answer=FamilyRecord,
    idempotent=True,
    name="freeze_family_member",
    summary="Somebody spends nothing of his family's wallet any more, at once",
    description="The family's owner cannot undo it.",
    problems=(NOT_FOUND,),
)
def freeze_member(call: Call[Noted]) -> FamilyRecord:
    """Freeze a member."""
    freezing.freeze_member(call.intent, call.path["family_id"], call.path["user_id"], call.body.note)
    return _record(call)


@operation(
    auth=MERCHANT,
    role="operator",
    body=Noted,
    answer=FamilyRecord,
    idempotent=True,
    name="unfreeze_family_member",
    summary="Freeze a member no longer",
    description="Where the family's owner had frozen him before, he still does.",
    problems=(NOT_FOUND, problems.FROZEN_BY_OWNER),
)
def unfreeze_member(call: Call[Noted]) -> FamilyRecord:
    """Unfreeze a member."""
    freezing.unfreeze_member(call.intent, call.path["family_id"], call.path["user_id"], call.body.note)
    return _record(call)


@operation(
    auth=MERCHANT,
    role="operator",
    body=Minority,
    answer=UserFamily,
    idempotent=True,
    name="set_minor",
    summary="Say that a user is a minor, or is none any more",
    description="A minor gets no cash, and nothing for inviting or for having been invited; no leaderboard shows him."
    " No family undoes it. His role and his caps in his family are his owner's to change.",
    problems=(NOT_FOUND,),
)
def set_minor(call: Call[Minority]) -> UserFamily:
    """Say it."""
    freezing.set_minor(call.intent, call.path["user_id"], call.body.note, minor=call.body.minor)
    return _of_user(call)


@operation(
    auth=MERCHANT,
    role="operator",
    query=Page,
    answer=HiddenFamilyNames,
    name="hidden_family_names",
    summary="Names of families that wait to be cleared",
)
def hidden_names(call: Call[None]) -> HiddenFamilyNames:
    """Names that others than the owner do not see yet."""
    page: Page = call.query
    after = cursor.decode(page.cursor, hidden_names_index(call.mid), "gsi1")
    found, more = names.waiting(call.mid, page.limit, after)
    return HiddenFamilyNames(names=[desk_views.hidden_name(one) for one in found], cursor=cursor.encode(more))


@operation(
    auth=MERCHANT,
    role="operator",
    body=NameDecided,
    answer=HiddenFamilyName,
    idempotent=True,
    name="decide_family_name",
    summary="Show a family's name to its members, or never",
    problems=(NOT_FOUND, problems.NAME_NOT_WAITING),
)
def decide_name(call: Call[NameDecided]) -> HiddenFamilyName:
    """Clear a name, or refuse it."""
    said = call.body
    decided = names.decide(call.intent, call.path["family_id"], said.name, said.note, shown=said.shown)
    return desk_views.hidden_name(decided)


@operation(
    auth=MERCHANT,
    role="viewer",
    query=Page,
    answer=Adjustments,
    name="waiting_adjustments",
    summary="Adjustments of wallets that wait for another person's key",
)
def adjustments(call: Call[None]) -> Adjustments:
    """What waits to be approved."""
    page: Page = call.query
    after = cursor.decode(page.cursor, waiting_index(call.mid), "gsi1")
    found, more = adjusting.waiting(call.mid, page.limit, after)
    records = [desk_views.adjustment(one) for one in found]
    return Adjustments(adjustments=records, cursor=cursor.encode(more), now=clock.now())


@operation(
    auth=MERCHANT,
    role="operator",
    body=Adjusted,
    answer=AdjustmentRecord,
    status=201,
    idempotent=True,
    name="adjust_wallet",
    summary="Put value into a family's wallet, or take it out, with a reason",
    description="Up to 100 yuan a wallet and day happen at once; what is more waits up to 7 days for the key of another"
    " person. A minus takes no more than there is, and bought value stays below its legal cap.",
    problems=(NOT_FOUND, *UNFIT),
)
def adjust(call: Call[Adjusted]) -> AdjustmentRecord:
    """Put a wallet right."""
    asked = call.body
    if asked.fen == 0:
        raise RippleError(INVALID_FIELD, "/fen", reason=("不能为 0", "it is 0"))
    fid = call.path["family_id"]
    return desk_views.adjustment(adjusting.adjust(call.intent, fid, asked.kind, asked.fen, asked.note))


@operation(
    auth=MERCHANT,
    role="operator",
    answer=AdjustmentRecord,
    idempotent=True,
    name="approve_adjustment",
    summary="Agree to an adjustment that somebody else asked for",
    problems=(NOT_FOUND, *UNFIT, problems.ADJUST_DECIDED, problems.ADJUST_NEEDS_ANOTHER),
)
def approve(call: Call[None]) -> AdjustmentRecord:
    """Approve an adjustment; it happens now."""
    return desk_views.adjustment(adjusting.approve(call.intent, call.path["family_id"], call.path["adjustment_id"]))


@operation(
    auth=MERCHANT,
    role="operator",
    answer=AdjustmentRecord,
    idempotent=True,
    name="refuse_adjustment",
    summary="Refuse an adjustment that waits, or take one's own back",
    problems=(NOT_FOUND, problems.ADJUST_DECIDED),
)
def refuse(call: Call[None]) -> AdjustmentRecord:
    """Refuse an adjustment."""
    return desk_views.adjustment(adjusting.refuse(call.intent, call.path["family_id"], call.path["adjustment_id"]))


def _record(call: Call[None] | Call[Noted]) -> FamilyRecord:
    return admin_views.record(admin.inspect(call.mid, call.key_id, call.path["family_id"]))


def _of_user(call: Call[None] | Call[Minority]) -> UserFamily:
    return admin_views.of_user(admin.of_user(call.mid, call.key_id, call.path["user_id"]))
