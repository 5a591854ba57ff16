"""Posters: composed, looked at, and kept."""

from __future__ import annotations

import io

from PIL import Image

from chalicelib.core import files
from chalicelib.pictures import composer, lint, marking
from chalicelib.pictures.errands import DrawnPoster, DrawPoster, Refused
from chalicelib.pictures.opening import NotTaken

QUALITIES = (90, 84, 76, 66, 54, 40, 24)
"""Of a JPEG, tried one after another until it is small enough."""

MOST = 1024 * 1024
"""Bytes of a poster: what a mini-program saves and a chat passes on without delay."""


def done(errand: DrawPoster) -> DrawnPoster | Refused:
    """Keep the poster under its name, and marked under another where that is wanted; say what is wrong with it."""
    try:
        page = composer.page(errand)
    except NotTaken as refused:
        return Refused(why=refused.why, which=refused.which)
    judged = lint.judged(page)
    faults = [*errand.faults, *judged.faults]
    content = encoded(page.image)
    files.keep(errand.into, content, "image/jpeg")
    if errand.marked_into is not None:
        files.keep(errand.marked_into, encoded(marking.marked(page, faults)), "image/jpeg")
    return DrawnPoster(
        width=page.image.width,
        height=page.image.height,
        size=len(content),
        faults=faults,
        left_out=page.left_out,
        reads=judged.reads,
    )


def encoded(image: Image.Image) -> bytes:
    """A JPEG of at most `MOST` bytes; its colours as fine as its light, or red letters would blur."""
    content = b""
    for quality in QUALITIES:
        into = io.BytesIO()
        image.save(into, "JPEG", quality=quality, subsampling=0)
        content = into.getvalue()
        if len(content) <= MOST:
            break
    return content
