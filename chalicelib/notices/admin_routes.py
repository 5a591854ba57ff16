"""A merchant's templates over HTTP, and what a user was told."""

from __future__ import annotations

from datetime import datetime

import msgspec

from chalicelib.core import cursor
from chalicelib.core.cursor import Page
from chalicelib.core.errors import NOT_FOUND
from chalicelib.core.ids import UserId
from chalicelib.core.store import read
from chalicelib.core.table import table
from chalicelib.edge.operation import MERCHANT, Call, operation
from chalicelib.notices import bans, changes, wants
from chalicelib.notices.items import Ban, Bans, Notice, NoticeSetup, bans_key, setup_key
from chalicelib.notices.moments import MOMENTS, Form, Moment, Sort
from chalicelib.notices.problems import NOTICES_CHANGED
from chalicelib.notices.routes import ConsentView
from chalicelib.notices.states import NoticeState
from chalicelib.notices.templates import NoticeTerms


class MomentView(msgspec.Struct, kw_only=True):
    """A moment of which users can be told."""

    moment: Moment
    sort: Sort
    facts: dict[str, Form]
    """What a template's fields may carry."""
    zh: str
    en: str


class NoticesSetup(msgspec.Struct, kw_only=True):
    """What the merchant tells users. Before he has said so there is no edition, and nobody is told anything."""

    edition: str | None
    terms: NoticeTerms | None
    said_at: datetime | None
    banned: list[Ban]
    """What WeChat no longer sends, until the merchant says that it is mended."""
    moments: list[MomentView]


class NoticesSaid(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What the merchant tells from now on, and the edition that this replaces: null the first time."""

    edition: str | None
    terms: NoticeTerms


class NoticeRecord(msgspec.Struct, kw_only=True):
    """What a user was told of one object at one moment, or why he was not."""

    moment: Moment
    object: str
    state: NoticeState
    why: str | None
    template_id: str | None
    msgid: str | None
    result: str | None
    """What WeChat told of its delivery: ok, or its code."""
    at: datetime


class UserNotices(msgspec.Struct, kw_only=True):
    """A page of what a user was told, by moment and object; his wishes and consents."""

    notices: list[NoticeRecord]
    unwanted: list[Sort]
    consents: list[ConsentView]
    cursor: str | None


@operation(
    auth=MERCHANT,
    role="viewer",
    answer=NoticesSetup,
    name="show_notices",
    summary="The merchant's message templates, and of what users can be told",
)
def show(call: Call[None]) -> NoticesSetup:
    """The templates as they stand."""
    return _view(call)


@operation(
    auth=MERCHANT,
    role="owner",
    body=NoticesSaid,
    answer=NoticesSetup,
    name="say_notices",
    summary="Replace the message templates as a whole",
    description="Each field is checked against WeChat's rules of its key.",
    problems=(NOTICES_CHANGED,),
)
def say(call: Call[NoticesSaid]) -> NoticesSetup:
    """Replace them; what changed stands in the audit log."""
    changes.say(call.mid, call.key_id, call.body.edition, call.body.terms)
    return _view(call)


@operation(
    auth=MERCHANT,
    role="operator",
    answer=NoticesSetup,
    name="mended_template",
    summary="Use a template again that WeChat had banned",
    problems=(NOT_FOUND,),
)
def mended(call: Call[None]) -> NoticesSetup:
    """The merchant has mended it at WeChat."""
    bans.mended(call.mid, call.key_id, call.path["template_id"])
    return _view(call)


@operation(
    auth=MERCHANT,
    role="viewer",
    query=Page,
    answer=UserNotices,
    name="user_notices",
    summary="What a user was told, and why not",
)
def of_user(call: Call[None]) -> UserNotices:
    """A page of it."""
    page: Page = call.query
    uid = UserId(call.path["user_id"])
    after = cursor.decode(page.cursor, table(call.mid).pk("U", uid), None, "MSG#")
    found, more = wants.told(call.mid, uid, page.limit, after)
    ear = wants.heard(call.mid, uid)
    return UserNotices(
        notices=[_record(notice) for notice in found],
        unwanted=(ear.habit.unwanted if ear.habit else None) or [],
        consents=[ConsentView.of(row) for row in ear.consents],
        cursor=cursor.encode(more),
    )


def _view(call: Call[None] | Call[NoticesSaid]) -> NoticesSetup:
    keys = setup_key(call.mid), bans_key(call.mid)
    found = read(*keys)
    setup, banned = found.item(NoticeSetup, keys[0]), found.item(Bans, keys[1])
    return NoticesSetup(
        edition=setup.edition if setup else None,
        terms=setup.terms if setup else None,
        said_at=setup.said_at if setup else None,
        banned=banned.bans if banned else [],
        moments=[
            MomentView(moment=moment, sort=told.sort, facts=dict(told.facts), zh=told.zh, en=told.en)
            for moment, told in MOMENTS.items()
        ],
    )


def _record(notice: Notice) -> NoticeRecord:
    return NoticeRecord(
        moment=notice.moment,
        object=notice.object,
        state=notice.state,
        why=notice.why,
        template_id=notice.template,
        msgid=notice.msgid,
        result=notice.result,
        at=notice.at,
    )
