"""Who gets which poster, and when one that was made is still good: pure decisions over what was read."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from chalicelib.core.errors import RippleError
from chalicelib.pictures.document import Fault, Format, LeftOut, Mistake, Poster
from chalicelib.pictures.errands import Sharer
from chalicelib.posters.problems import (
    EVERYDAY_EDITED_MEANWHILE,
    PICTURE_HAS_CODE,
    PICTURE_UNKNOWN,
    POSTER_EDITED_MEANWHILE,
    POSTER_LINT,
    POSTER_NOT_RELEASED,
    POSTER_UNREADABLE,
)

if TYPE_CHECKING:
    from chalicelib.campaigns.posters import Template
    from chalicelib.posters.items import Everyday, MadePoster, Picture

KEPT = timedelta(days=28)
"""A made poster is shown for so long; its file goes after thirty days."""

AGAIN = timedelta(hours=6)
"""After which a poster is made again that lacks something: the portrait may be had by then."""

PATIENCE = 19.0
"""Seconds in which a request has its pictures, or is told to ask again; the API's function ends after 25."""

SAMPLES = (
    Sharer(nickname="小雨", avatar_url=None),
    Sharer(nickname="爱喝龙井的西湖老陈本人", avatar_url=None),
    Sharer(),
)
"""For whom a poster is made before it is released: with a short name, with a long one, with none."""


def look(poster: Poster, files: Mapping[str, str], person: Sharer, code: str) -> str:
    """A digest of all that a poster shows."""
    shown = [poster, sorted(files.items()), person, code]
    return hashlib.sha256(msgspec.json.encode(shown, order="sorted")).hexdigest()[:32]


def still_good(made: MadePoster | None, wanted: str, now: datetime) -> MadePoster | None:
    """What was made, where it looks so and is there."""
    return made if made is not None and made.look == wanted and now < made.until else None


def good_until(left_out: Sequence[LeftOut], now: datetime) -> datetime:
    """How long a poster is shown that was made now."""
    return now + (AGAIN if left_out else KEPT)


def insist_readable(faults: Sequence[Fault]) -> None:
    """Raise `POSTER_UNREADABLE` where the code of a finished poster is not to be read; other mistakes are names'."""
    if any(fault.mistake is Mistake.CODE for fault in faults):
        raise RippleError(POSTER_UNREADABLE)


def insist_fit(faults: Sequence[Fault], marked: str | None) -> None:
    """Raise `POSTER_LINT` with all that is wrong; ``marked`` links to a picture that shows where."""
    if faults:
        each = list({msgspec.json.encode(fault): fault for fault in faults}.values())
        raise RippleError(POSTER_LINT, faults=[msgspec.to_builtins(fault) for fault in each], marked_url=marked)


def insist_edition(template: Template, edition: int) -> None:
    """Raise `POSTER_EDITED_MEANWHILE` unless its draft is the one that was read."""
    if template.edition != edition:
        raise RippleError(POSTER_EDITED_MEANWHILE, "/edition", edition=template.edition)


def insist_pictures(poster: Poster, found: Mapping[str, Picture]) -> dict[str, str]:
    """Where the pictures of a document lie.

    Raises `PICTURE_UNKNOWN` for one that the merchant has not sent, `PICTURE_HAS_CODE` for one with a QR code in it.
    """
    for ident in poster.pictures:
        if ident not in found:
            raise RippleError(PICTURE_UNKNOWN, _place(poster, ident), picture_id=ident)
        if found[ident].reads is not None:
            raise RippleError(PICTURE_HAS_CODE, _place(poster, ident), picture_id=ident)
    return {ident: found[ident].file for ident in poster.pictures}


def insist_everyday(
    before: Everyday | None, edition: int, wanted: Mapping[Format, str], there: Mapping[str, Poster]
) -> None:
    """Raise `EVERYDAY_EDITED_MEANWHILE`, or `POSTER_NOT_RELEASED` for a poster that is none or of another format."""
    if edition != (before.edition if before is not None else 0):
        raise RippleError(EVERYDAY_EDITED_MEANWHILE, "/edition", edition=before.edition if before is not None else 0)
    for form, ident in wanted.items():
        if ident not in there or there[ident].format is not form:
            raise RippleError(POSTER_NOT_RELEASED, f"/posters/{form.value}", poster_id=ident)


def chosen(form: Format, named: Sequence[str], there: Mapping[str, Poster]) -> str | None:
    """The first of the named posters that people get in this format."""
    return next((ident for ident in named if ident in there and there[ident].format is form), None)


def _place(poster: Poster, ident: str) -> str:
    """The field of a poster's document that names a picture."""
    if ident in (poster.background, poster.picture):
        return "/poster/background" if ident == poster.background else "/poster/picture"
    return f"/poster/stickers/{[sticker.picture for sticker in poster.stickers].index(ident)}/picture"
