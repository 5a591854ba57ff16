"""Asking the drawing function. Whoever asks waits; what it writes has a name that the asker gave."""

from __future__ import annotations

import time
from typing import TypeVar

import msgspec

from chalicelib.core import functions, log
from chalicelib.core.config import config
from chalicelib.core.errors import RippleError, Unknown
from chalicelib.pictures.errands import Answer, Errand, Refused
from chalicelib.pictures.problems import PICTURES_BUSY

SECONDS = 15.0
"""A cold start fetches the fonts and draws in four."""

RETRY_SECONDS = 2
"""After which whoever is told that pictures are busy may ask again."""

T = TypeVar("T", bound=Answer)


WAITS = (SECONDS, 10.0, 6.0, 3.0)
"""For which a process waits, one client each; with less time left nothing is asked for any more."""


def within(seconds: float) -> float:
    """The instant, of this process, so many seconds from now: until when a request waits for all that it asks."""
    return time.monotonic() + seconds


def ask(errand: Errand, wanted: type[T], until: float | None = None) -> T | Refused:
    """What became of the errand, waiting `SECONDS` and not beyond ``until``.

    Raises `Unknown` where the function is busy, fails or says nothing: ask again.
    """
    left = SECONDS if until is None else until - time.monotonic()
    seconds = next((wait for wait in WAITS if wait <= left), None)
    if seconds is None:
        raise Unknown("pictures: no time is left")
    try:
        said = functions.invoke(config().picture_function, msgspec.json.encode(errand), seconds)
        answer: T | Refused = msgspec.json.decode(said, type=wanted | Refused)
    except functions.Failed as failed:
        log.error("drawing_failed", errand=type(errand).__name__, function_error=failed.kind)
        raise Unknown("pictures: the function failed") from failed
    except msgspec.MsgspecError as garbled:
        log.error("drawing_garbled", raised=garbled)
        raise Unknown("pictures: no answer") from garbled
    return answer


def asked(errand: Errand, wanted: type[T], until: float | None = None) -> T | Refused:
    """`ask` for a request, whose client can repeat it. Raises `PICTURES_BUSY` where there is no answer."""
    try:
        return ask(errand, wanted, until)
    except Unknown as unknown:
        log.warning("pictures_busy", errand=type(errand).__name__, why=str(unknown))
        raise RippleError(PICTURES_BUSY, retry_after=RETRY_SECONDS) from unknown
