"""What merchants see of their pictures and posters, and people of theirs."""

from __future__ import annotations

from datetime import datetime

import msgspec

from chalicelib.campaigns.posters import Template
from chalicelib.core import clock, files
from chalicelib.pictures.document import Fault, Format, LeftOut, Part, Poster
from chalicelib.posters.drawing import Seen
from chalicelib.posters.items import Everyday, Picture
from chalicelib.posters.mine import Mine
from chalicelib.posters.problems import WHY


class PictureView(msgspec.Struct, kw_only=True):
    """A picture that the merchant sent."""

    picture_id: str
    name: str
    width: int
    height: int
    media: str
    size: int
    """Bytes of what is kept."""
    reads: str | None
    """What a QR code in it says."""
    url: str
    """Opens it until then."""
    until: datetime
    created_at: datetime
    created_by: str


class Pictures(msgspec.Struct, kw_only=True):
    """A page of pictures, the newest first."""

    pictures: list[PictureView]
    cursor: str | None


class TemplateView(msgspec.Struct, kw_only=True):
    """A poster as its merchant sees it."""

    poster_id: str
    state: str
    """draft | released | withdrawn"""
    edition: int
    """Of the draft; a change and a release name it."""
    poster: Poster
    """The draft."""
    release: Poster | None
    """What was released last, which people get while the state is released."""
    released: int
    """How often it was released."""
    released_at: datetime | None
    created_at: datetime
    updated_at: datetime


class Templates(msgspec.Struct, kw_only=True):
    """A page of posters, the newest first."""

    posters: list[TemplateView]
    cursor: str | None


class Left(msgspec.Struct, kw_only=True):
    """What could not be drawn, and why."""

    part: Part
    why: str
    zh: str
    en: str


class Preview(msgspec.Struct, kw_only=True):
    """A draft as it would look, and its mistakes: without any, it may be released."""

    edition: int
    """Of the draft that was looked at: what a release names."""
    url: str
    marked_url: str | None
    """The same with every mistake marked."""
    until: datetime
    width: int
    height: int
    faults: list[Fault]
    left_out: list[Left]


class EverydayView(msgspec.Struct, kw_only=True):
    """Which posters stand for the shares of a kind where no campaign has one."""

    kind: str
    edition: int
    """0: nothing was said yet."""
    posters: dict[Format, str]
    """Ids of released posters, by their format."""


class EverydayList(msgspec.Struct, kw_only=True):
    """The same of every kind that can be shared."""

    kinds: list[EverydayView]


class MyPoster(msgspec.Struct, kw_only=True):
    """My poster of what I share: a JPEG."""

    url: str
    """Opens it until then: for `wx.downloadFile`, or as the source of an image."""
    until: datetime
    media: str
    width: int
    height: int
    left_out: list[Left]
    """What could not be drawn this time, such as my portrait; it is tried again after some hours."""
    made_at: datetime
    now: datetime


def picture(found: Picture) -> PictureView:
    """A picture, with a link to it."""
    url, until = files.lent(found.file)
    return PictureView(
        picture_id=found.picture_id,
        name=found.name,
        width=found.width,
        height=found.height,
        media=found.media,
        size=found.size,
        reads=found.reads,
        url=url,
        until=until,
        created_at=found.created_at,
        created_by=found.created_by,
    )


def template(found: Template) -> TemplateView:
    """A poster."""
    return TemplateView(
        poster_id=found.poster_id,
        state=found.state.value,
        edition=found.edition,
        poster=found.draft,
        release=found.release,
        released=found.released,
        released_at=found.released_at,
        created_at=found.created_at,
        updated_at=found.updated_at,
    )


def preview(edition: int, seen: Seen) -> Preview:
    """A draft as it would look."""
    return Preview(
        edition=edition,
        url=seen.picture.url,
        marked_url=seen.marked.url if seen.marked is not None else None,
        until=seen.picture.until,
        width=seen.width,
        height=seen.height,
        faults=list(seen.faults),
        left_out=[_left(one) for one in seen.left_out],
    )


def everyday(kind: str, said: Everyday | None) -> EverydayView:
    """The everyday posters of a kind."""
    return EverydayView(kind=kind, edition=said.edition if said else 0, posters=said.posters if said else {})


def mine(found: Mine) -> MyPoster:
    """My poster."""
    poster = found.poster
    return MyPoster(
        url=found.link.url,
        until=found.link.until,
        media="image/jpeg",
        width=poster.width,
        height=poster.height,
        left_out=[_left(one) for one in poster.left_out],
        made_at=poster.made_at,
        now=clock.now(),
    )


def _left(out: LeftOut) -> Left:
    zh, en = WHY[out.why]
    return Left(part=out.part, why=out.why, zh=zh, en=en)
