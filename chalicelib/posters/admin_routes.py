"""Merchants' posters over HTTP."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from chalicelib.accounts.routes import AVATAR
from chalicelib.campaigns.offer import PosterId
from chalicelib.campaigns.posters import template_index
from chalicelib.core import cursor
from chalicelib.core.cursor import Page
from chalicelib.core.errors import NOT_FOUND, RippleError
from chalicelib.edge.operation import MERCHANT, Call, operation
from chalicelib.pictures.document import Format, Layout, Poster, Words
from chalicelib.pictures.errands import Sharer
from chalicelib.pictures.problems import PICTURES_BUSY
from chalicelib.posters import everyday, releasing, templates, views
from chalicelib.posters import problems as refusals
from chalicelib.posters.picture_routes import ULID
from chalicelib.posters.views import EverydayList, EverydayView, Preview, Templates, TemplateView
from chalicelib.sharing.refusals import CODE_UNAVAILABLE, PAGE_NOT_RELEASED

Edition = Annotated[int, Meta(ge=1)]

EXAMPLE = Poster(
    name="秋茶",
    format=Format.TALL,
    layout=Layout.BAND,
    words=Words(
        title="秋茶上新 好友同享",
        subtitle="明前龙井 · 产地直发",
        benefit="两人成团 立省 30 元",
        points=["当季新茶，七日内炒制", "顺丰包邮，坏单包赔", "不满意七天可退"],
        action="长按识别，马上来拼",
        note="活动至 11 月 30 日，每人限购两份",
    ),
)
EXAMPLE_IDS = ("3FHAEJ13PY567TXMMMCV7S841D", "SAMXP6DFBYCXF3AKVHQRQ6QBY0")
"""Of released posters, in examples."""


class NewPoster(msgspec.Struct, forbid_unknown_fields=True):
    """What a new poster says."""

    poster: Poster


class PosterEdit(msgspec.Struct, forbid_unknown_fields=True):
    """A draft's new document, and the edition that it replaces."""

    edition: Edition
    poster: Poster


class ToRelease(msgspec.Struct, forbid_unknown_fields=True):
    """Which edition of the draft was looked at."""

    edition: Edition


class ToLookAt(msgspec.Struct, forbid_unknown_fields=True):
    """For whom the poster is to be drawn."""

    nickname: Annotated[str, Meta(min_length=1, max_length=32)] | None = "小雨"
    avatar_url: Annotated[str, Meta(pattern=AVATAR, max_length=500)] | None = None


class ToStand(msgspec.Struct, forbid_unknown_fields=True):
    """Which posters stand for a kind from now on, and the edition that this replaces (0: nothing was said)."""

    edition: Annotated[int, Meta(ge=0)]
    posters: dict[Format, PosterId]
    """By their format; a format that is left out has none."""


@operation(
    auth=MERCHANT, role="viewer", query=Page, answer=Templates, name="list_posters", summary="The merchant's posters"
)
def listed(call: Call[None]) -> Templates:
    """A page of posters, the newest first."""
    page: Page = call.query
    after = cursor.decode(page.cursor, template_index(call.mid), "gsi1")
    found, more = templates.templates(call.mid, page.limit, after)
    return Templates(posters=[views.template(item) for item in found], cursor=cursor.encode(more))


@operation(
    auth=MERCHANT,
    role="operator",
    body=NewPoster,
    answer=TemplateView,
    status=201,
    idempotent=True,
    name="create_poster",
    summary="Write a poster",
    problems=(refusals.PICTURE_UNKNOWN, refusals.PICTURE_HAS_CODE),
    example=NewPoster(poster=EXAMPLE),
)
def create(call: Call[NewPoster]) -> TemplateView:
    """A new draft."""
    return views.template(templates.create(call.intent, call.body.poster))


@operation(
    auth=MERCHANT, role="viewer", answer=TemplateView, name="show_poster", summary="A poster", problems=(NOT_FOUND,)
)
def show(call: Call[None]) -> TemplateView:
    """Its draft, and what of it was released."""
    return views.template(templates.template(call.mid, _poster(call)))


@operation(
    auth=MERCHANT,
    role="operator",
    body=PosterEdit,
    answer=TemplateView,
    name="edit_poster",
    summary="Change a poster's draft",
    description="What was released stays as it is until the draft is released too.",
    problems=(NOT_FOUND, refusals.POSTER_EDITED_MEANWHILE, refusals.PICTURE_UNKNOWN, refusals.PICTURE_HAS_CODE),
    example=PosterEdit(edition=1, poster=EXAMPLE),
)
def edit(call: Call[PosterEdit]) -> TemplateView:
    """Replace the draft."""
    return views.template(templates.edit(call.mid, call.key_id, _poster(call), call.body.edition, call.body.poster))


@operation(
    auth=MERCHANT,
    role="operator",
    body=ToLookAt,
    answer=Preview,
    name="preview_poster",
    summary="How a draft looks, and what is wrong with it",
    description="Drawn for the person that is named, with a sample code. Every mistake says where it is and how to mend"
    " it; `marked_url` shows them.",
    problems=(NOT_FOUND, refusals.PICTURE_UNKNOWN, CODE_UNAVAILABLE, PAGE_NOT_RELEASED, PICTURES_BUSY),
    example=ToLookAt(nickname="小雨"),
)
def preview(call: Call[ToLookAt]) -> Preview:
    """A look at the draft."""
    person = Sharer(nickname=call.body.nickname, avatar_url=call.body.avatar_url)
    return views.preview(*releasing.preview(call.mid, _poster(call), person))


@operation(
    auth=MERCHANT,
    role="operator",
    body=ToRelease,
    answer=TemplateView,
    idempotent=True,
    name="release_poster",
    summary="Let people get a draft that has no mistake",
    description="It is drawn for three sample people; any of the ten mistakes refuses it (POSTER_LINT).",
    problems=(
        NOT_FOUND,
        refusals.POSTER_EDITED_MEANWHILE,
        refusals.POSTER_LINT,
        refusals.PICTURE_UNKNOWN,
        CODE_UNAVAILABLE,
        PAGE_NOT_RELEASED,
        PICTURES_BUSY,
    ),
    example=ToRelease(edition=1),
)
def release(call: Call[ToRelease]) -> TemplateView:
    """Release the draft."""
    return views.template(releasing.release(call.intent, _poster(call), call.body.edition))


@operation(
    auth=MERCHANT,
    role="operator",
    answer=TemplateView,
    idempotent=True,
    name="withdraw_poster",
    summary="Let nobody get a poster any more",
    description="Pictures that people have saved stay with them.",
    problems=(NOT_FOUND, refusals.POSTER_NOT_RELEASED),
)
def withdraw(call: Call[None]) -> TemplateView:
    """Withdraw it."""
    return views.template(templates.withdraw(call.intent, _poster(call)))


@operation(
    auth=MERCHANT,
    role="viewer",
    answer=EverydayList,
    name="list_everyday_posters",
    summary="Which posters stand for shares that no campaign has one for",
)
def all_everyday(call: Call[None]) -> EverydayList:
    """Every kind that can be shared."""
    return EverydayList(kinds=[views.everyday(kind, said) for kind, said in everyday.listed(call.mid).items()])


@operation(
    auth=MERCHANT,
    role="operator",
    body=ToStand,
    answer=EverydayView,
    name="say_everyday_posters",
    summary="Say which posters stand for a kind of share",
    problems=(refusals.KIND_UNKNOWN, refusals.EVERYDAY_EDITED_MEANWHILE, refusals.POSTER_NOT_RELEASED),
    example=ToStand(edition=0, posters=dict(zip(Format, EXAMPLE_IDS, strict=True))),
)
def say_everyday(call: Call[ToStand]) -> EverydayView:
    """Choose the everyday posters of a kind."""
    kind = call.path["kind"]
    return views.everyday(kind, everyday.say(call.mid, call.key_id, kind, call.body.edition, call.body.posters))


def _poster(call: Call[Any]) -> str:
    """Which poster is meant. Raises `NOT_FOUND`."""
    ident = call.path["poster_id"]
    if not ULID.fullmatch(ident):
        raise RippleError(NOT_FOUND)
    return ident
