"""Live codes over HTTP, for merchants."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec

from chalicelib.core import clock, cursor, files
from chalicelib.core.cursor import Page
from chalicelib.core.errors import NOT_FOUND, RippleError
from chalicelib.edge.operation import MERCHANT, Answer, Call, operation
from chalicelib.livecodes import admin, admin_views, listing, marks, problems, target_admin
from chalicelib.livecodes.admin import Texts
from chalicelib.livecodes.admin_views import Days, LiveCodeRecord, LiveCodes, PrintedCode, Scans
from chalicelib.livecodes.items import LIVE, listed
from chalicelib.livecodes.targets import GroupTo, PageTo, Wish
from chalicelib.pictures.problems import PICTURES_BUSY
from chalicelib.sharing import minicodes, objects
from chalicelib.sharing.refusals import CODE_UNAVAILABLE, PAGE_NOT_RELEASED

MOST_AT_ONCE = 20
"""Targets of a new live code."""
PLACE = re.compile(r"S#[0-9T:.Z-]{20,30}#[0-9A-Z]{1,40}#[0-9]{1,6}")
"""After whom a page of scans begins."""
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
"""Before which day a page of days begins."""

Edition = Annotated[int, msgspec.Meta(ge=1)]


class Said(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What a live code says."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
    """What you call it; nobody else reads that."""
    title: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
    """What people read over it, and on the card when somebody shares it."""
    text: Annotated[str, msgspec.Meta(min_length=1, max_length=500, extra_json_schema={"x-multiline": True})]
    """What people read under that."""
    campaign_id: Annotated[str, msgspec.Meta(pattern=r"^[0-9A-Z]{1,40}$")] | None = None
    """A published campaign that it belongs to."""

    def texts(self) -> Texts:
        """As a live code has them."""
        return Texts(name=self.name, title=self.title, text=self.text, campaign_id=self.campaign_id)


class NewLiveCode(Said, forbid_unknown_fields=True, kw_only=True):
    """A live code that is to be made, with its first targets in their order."""

    targets: Annotated[list[Wish], msgspec.Meta(max_length=MOST_AT_ONCE)] = []


class EditedLiveCode(Said, forbid_unknown_fields=True, kw_only=True):
    """What a live code is to say, and the edition that was read."""

    edition: Edition


class EditedTarget(Wish, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """A target as it is to be, and the edition of the live code that was read."""

    edition: Edition

    def wish(self) -> Wish:
        """The target alone."""
        return Wish(title=self.title, to=self.to, capacity=self.capacity)


GROUP = Wish(
    title="湖畔茶友1群",
    to=GroupTo(picture_id="AR3JXXEA07JQ1CJK2C6YPJVA4W", until=datetime(2026, 11, 18, 12, tzinfo=UTC)),
    capacity=200,
)
"""A target of examples."""

MADE = (NOT_FOUND, problems.WRONG_STATE, problems.TARGETS_FULL, problems.PICTURE_UNKNOWN)
EDITED = (NOT_FOUND, problems.WRONG_STATE, problems.EDITED_MEANWHILE)


@operation(
    auth=MERCHANT,
    role="operator",
    body=NewLiveCode,
    answer=LiveCodeRecord,
    status=201,
    idempotent=True,
    name="create_live_code",
    summary="Make a live code: one printed code whose target turns to the next when one is full",
    problems=(problems.TARGETS_FULL, problems.PICTURE_UNKNOWN),
    example=NewLiveCode(
        name="收银台立牌",
        title="加入湖畔茶友群",
        text="新茶到店、品茶会，都在群里说。",
        targets=[GROUP, Wish(title="会员中心", to=PageTo(path="pages/member/index"), capacity=1_000_000)],
    ),
)
def create(call: Call[NewLiveCode]) -> LiveCodeRecord:
    """Make a live code; it runs at once."""
    return admin_views.record(admin.create(call.intent, call.body.texts(), call.body.targets))


@operation(auth=MERCHANT, role="viewer", query=Page, answer=LiveCodes, name="list_live_codes", summary="Live codes")
def codes(call: Call[None]) -> LiveCodes:
    """A page of the merchant's live codes, the newest first."""
    page: Page = call.query
    found, more = admin.live_codes(call.mid, page.limit, cursor.decode(page.cursor, listed(call.mid), "gsi1"))
    return LiveCodes(live_codes=[admin_views.line(code) for code in found], cursor=cursor.encode(more))


@operation(
    auth=MERCHANT,
    role="viewer",
    answer=LiveCodeRecord,
    name="inspect_live_code",
    summary="A live code, and how many were sent to each of its targets",
    problems=(NOT_FOUND,),
)
def inspect(call: Call[None]) -> LiveCodeRecord:
    """Look at a live code."""
    return admin_views.record(admin.live_code(call.mid, call.path["live_id"]))


@operation(
    auth=MERCHANT,
    role="operator",
    body=EditedLiveCode,
    answer=LiveCodeRecord,
    name="edit_live_code",
    summary="Say other texts of a live code",
    problems=EDITED,
)
def edit(call: Call[EditedLiveCode]) -> LiveCodeRecord:
    """Edit a live code."""
    asked = call.body
    return admin_views.record(admin.edit(call.mid, call.key_id, call.path["live_id"], asked.edition, asked.texts()))


def _move(act: str, summary: str, description: str) -> Callable[[Call[None]], LiveCodeRecord | Answer[LiveCodeRecord]]:
    def handler(call: Call[None]) -> LiveCodeRecord:
        return admin_views.record(admin.move(call.intent, call.path["live_id"], act))

    return operation(
        auth=MERCHANT,
        role="operator",
        answer=LiveCodeRecord,
        idempotent=True,
        name=f"{act}_live_code",
        summary=summary,
        description=description,
        problems=(NOT_FOUND, problems.WRONG_STATE),
    )(handler)


pause = _move("pause", "Pause a live code", "Within half a minute nobody is given a place; who has one keeps it.")
resume = _move("resume", "Resume a live code", "Places are given again within half a minute.")
end = _move("end", "End a live code for good", "Within half a minute nobody is given a place; who has one keeps it.")


@operation(
    auth=MERCHANT,
    role="operator",
    body=Wish,
    answer=LiveCodeRecord,
    status=201,
    idempotent=True,
    name="add_live_target",
    summary="Add a target behind the others",
    problems=MADE,
)
def add_target(call: Call[Wish]) -> LiveCodeRecord:
    """Add a target."""
    return admin_views.record(target_admin.add(call.intent, call.path["live_id"], call.body))


@operation(
    auth=MERCHANT,
    role="operator",
    body=EditedTarget,
    answer=LiveCodeRecord,
    name="edit_live_target",
    summary="Edit a target: a new picture of its QR code, another capacity or title",
    description="A capacity may be raised and lowered, not below the places that are taken. It stays what it is.",
    problems=(*EDITED, problems.CAPACITY_TAKEN, problems.PICTURE_UNKNOWN),
    example=EditedTarget(
        edition=1,
        title=GROUP.title,
        to=GroupTo(picture_id="V2Q8KDNM5T0WZ7C3RB9XEJ64HG", until=datetime(2026, 11, 24, 12, tzinfo=UTC)),
        capacity=GROUP.capacity,
    ),
)
def edit_target(call: Call[EditedTarget]) -> LiveCodeRecord:
    """Edit a target."""
    where = call.path["live_id"], _number(call)
    asked = call.body
    return admin_views.record(target_admin.edit(call.mid, call.key_id, *where, asked.edition, asked.wish()))


def _move_target(
    act: str, summary: str, description: str
) -> Callable[[Call[None]], LiveCodeRecord | Answer[LiveCodeRecord]]:
    def handler(call: Call[None]) -> LiveCodeRecord:
        return admin_views.record(target_admin.move(call.intent, call.path["live_id"], _number(call), act))

    return operation(
        auth=MERCHANT,
        role="operator",
        answer=LiveCodeRecord,
        idempotent=True,
        name=f"{act}_live_target",
        summary=summary,
        description=description,
        problems=(NOT_FOUND, problems.WRONG_STATE, problems.TARGET_STATE),
    )(handler)


close_target = _move_target(
    "close",
    "Close a target",
    "Nobody is sent there any more; who was is sent to the next when he opens the code again.",
)
reopen_target = _move_target("reopen", "Reopen a target", "Who was sent there and has not been sent on stays.")


@operation(
    auth=MERCHANT,
    role="viewer",
    query=Page,
    answer=Scans,
    name="list_live_scans",
    summary="Who was sent to a target, when, and by whose share",
    problems=(NOT_FOUND,),
)
def scans(call: Call[None]) -> Scans:
    """A page of those who were sent to a target, the latest first."""
    page: Page = call.query
    after = cursor.position(page.cursor, PLACE)
    code = admin.live_code(call.mid, call.path["live_id"])
    found, more = listing.scanned(code, target_admin.target_of(code, _number(call)), page.limit, after)
    return admin_views.scans(found, cursor.of_position(more))


@operation(
    auth=MERCHANT,
    role="viewer",
    query=Page,
    answer=Days,
    name="list_live_days",
    summary="How many were sent to a target, by day in China",
    problems=(NOT_FOUND,),
)
def days(call: Call[None]) -> Days:
    """A page of a target's days, the latest first."""
    page: Page = call.query
    before = cursor.position(page.cursor, DAY)
    code = admin.live_code(call.mid, call.path["live_id"])
    found, more = listing.counted(code, target_admin.target_of(code, _number(call)), page.limit, before)
    return admin_views.days(found, cursor.of_position(more))


@operation(
    auth=MERCHANT,
    role="operator",
    answer=PrintedCode,
    name="print_live_code",
    summary="The picture of a live code, to be printed",
    description="WeChat makes it when it is first asked for; it is the same for ever, whatever becomes of the targets.",
    problems=(NOT_FOUND, CODE_UNAVAILABLE, PAGE_NOT_RELEASED, PICTURES_BUSY),
)
def printed(call: Call[None]) -> PrintedCode:
    """The mini-program code that leads to a live code."""
    lid = admin.live_code(call.mid, call.path["live_id"]).lid
    page, scene = objects.page(LIVE), marks.scene(lid)
    file = minicodes.code(call.mid, page, scene)
    url, until = files.lent(file)
    return PrintedCode(url=url, until=until, page=page, scene=scene, now=clock.now())


def _number(call: Call[Any]) -> int:
    """Which target of the live code is meant."""
    text = call.path["number"]
    if not text.isdecimal() or not text.isascii() or len(text) > 3:
        raise RippleError(NOT_FOUND)
    return int(text)
