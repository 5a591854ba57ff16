"""Merchants' pictures over HTTP."""

from __future__ import annotations

import re
from typing import Annotated

import msgspec

from chalicelib.core import cursor
from chalicelib.core.cursor import Page
from chalicelib.core.errors import NOT_FOUND, RippleError
from chalicelib.edge.operation import MERCHANT, Call, operation
from chalicelib.pictures.problems import PICTURES_BUSY
from chalicelib.posters import sending, views
from chalicelib.posters.items import picture_index
from chalicelib.posters.problems import PICTURE_REFUSED
from chalicelib.posters.views import Pictures, PictureView

ULID = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}")
MOST_LETTERS = 4_000_000
"""Of base64, which are 3 MB of a picture: what a request may hold with all that is around it is 6 MB."""


class NewPicture(msgspec.Struct, forbid_unknown_fields=True):
    """A picture to use on posters: PNG, JPEG or WebP."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
    content: Annotated[
        bytes, msgspec.Meta(min_length=1, max_length=3_000_000, extra_json_schema={"maxLength": MOST_LETTERS})
    ]
    """Base64."""


@operation(
    auth=MERCHANT,
    role="operator",
    body=NewPicture,
    answer=PictureView,
    status=201,
    idempotent=True,
    limit=MOST_LETTERS + 100_000,
    name="send_picture",
    summary="Send a picture to use on posters and live codes",
    description="It is opened, turned upright and written anew, so that nothing but its pixels is kept.",
    problems=(PICTURE_REFUSED, PICTURES_BUSY),
)
def send(call: Call[NewPicture]) -> PictureView:
    """Take a picture."""
    return views.picture(sending.send(call.intent, call.body.name, call.body.content))


@operation(
    auth=MERCHANT,
    role="viewer",
    query=Page,
    answer=Pictures,
    name="list_pictures",
    summary="What pictures were sent",
)
def listed(call: Call[None]) -> Pictures:
    """A page of pictures, the newest first."""
    page: Page = call.query
    after = cursor.decode(page.cursor, picture_index(call.mid), "gsi1")
    found, more = sending.pictures(call.mid, page.limit, after)
    return Pictures(pictures=[views.picture(item) for item in found], cursor=cursor.encode(more))


@operation(
    auth=MERCHANT,
    role="viewer",
    answer=PictureView,
    name="show_picture",
    summary="A picture that was sent, and a link to it",
    problems=(NOT_FOUND,),
)
def show(call: Call[None]) -> PictureView:
    """One picture."""
    ident = call.path["picture_id"]
    if not ULID.fullmatch(ident):
        raise RippleError(NOT_FOUND)
    return views.picture(sending.picture(call.mid, ident))
