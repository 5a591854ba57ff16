"""Functions of the embedded AWS share one unpacked artefact, as they share a read-only one in Lambda.

It unpacks the artefact anew for each instance that it starts: half a second of its only process and 34 MB each, which
thirty instances at once made half a minute.
"""

from __future__ import annotations

import hashlib
import tempfile
import zipfile
from collections.abc import Iterable
from pathlib import Path
from threading import Lock
from types import SimpleNamespace
from typing import Any

KEPT = "unpacked"
"""Of the scratch space: an archive by its hash."""

_ONE_AT_A_TIME = Lock()


class Shared(zipfile.ZipFile):
    """An archive that is unpacked once, and then only pointed at."""

    def extractall(self, path: Any = None, members: Iterable[Any] | None = None, pwd: bytes | None = None) -> None:
        """Make the empty directory ``path`` a link to what the archive holds."""
        assert self.filename is not None
        kept = Path(tempfile.gettempdir(), KEPT, hashlib.sha256(Path(self.filename).read_bytes()).hexdigest())
        with _ONE_AT_A_TIME:
            if not kept.exists():
                kept.parent.mkdir(exist_ok=True)
                half = kept.with_suffix(".new")
                super().extractall(half)
                half.rename(kept)
        Path(path).rmdir()
        Path(path).symlink_to(kept)


def share(runtime: Any) -> None:
    """Let a module that unpacks with `zipfile` do it so."""
    runtime.zipfile = SimpleNamespace(**{**vars(zipfile), "ZipFile": Shared})
