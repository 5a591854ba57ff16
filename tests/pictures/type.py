"""The real font and emoji in the in-process bucket."""

from __future__ import annotations

from functools import cache
from typing import Any

from ministack.services import s3

from chalicelib.core import chance, files
from chalicelib.core.config import config
from chalicelib.pictures import typeface
from tests.emulator import Emulator
from tests.pictures.archive import KEY, archive


def lay(emulator: Emulator) -> None:
    """Put the archive where the function that draws looks for it: at once, and not counted."""
    called = len(emulator.calls)
    s3._buckets[config().type_bucket]["objects"][KEY] = _stored()
    del emulator.calls[called:]


@cache
def opened(emulator: Emulator) -> None:
    """Open the font and emoji in this process, once: whatever becomes of the bucket, it draws with them.

    The archive does not stay there, where each snapshot of a town would copy it.
    """
    with chance.seeded(0):
        # A process draws this once, and what it draws later must not hang on it.
        lay(emulator)
        typeface.font(16)
    del s3._buckets[config().type_bucket]["objects"][KEY]


@cache
def _stored() -> dict[str, Any]:
    """What the embedded S3 holds of it, once it was put."""
    files.s3().put_object(Bucket=config().type_bucket, Key=KEY, Body=archive())
    held: dict[str, Any] = s3._buckets[config().type_bucket]["objects"][KEY]
    return held
