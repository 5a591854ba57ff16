"""Where the drawing function begins: one errand, one answer. Each errand loads what it draws with."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

import msgspec

from chalicelib.core import log
from chalicelib.pictures.errands import Answer, CheckPicture, DrawPoster, DrawQr, DrawSheet, Errand

DRAWERS = {DrawPoster: "finishing", CheckPicture: "sent", DrawQr: "qr", DrawSheet: "sheets"}
"""Which module does an errand, by its ``done``."""


def drawn(event: dict[str, Any]) -> dict[str, Any]:
    """Do the errand and tell what became of it, both in JSON's own types. Raises ValidationError."""
    log.clear()
    errand: Errand = msgspec.convert(event, Errand)
    module = import_module(f"chalicelib.pictures.{DRAWERS[type(errand)]}")
    done: Callable[[Any], Answer] = module.done
    answer = done(errand)
    log.info("drawn", errand=type(errand).__name__, answer=type(answer).__name__)
    told: dict[str, Any] = msgspec.to_builtins(answer)
    return told
