"""What words are drawn with: one open Chinese font in two weights, and Twemoji.

Both come in one archive (infra/typeface.py) whose name is its digest. An instance fetches it once, into its temporary
directory; several processes that fetch at the same time do no harm, since a directory appears complete or not at all.
"""

from __future__ import annotations

import io
import shutil
import tempfile
import zipfile
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFont

from chalicelib.core import files
from chalicelib.core.config import config

FONT = "font.ttf"
EMOJI = "emoji/"

WEIGHTS = {False: 400, True: 700}
"""On the font's one axis: of plain and of bold words."""

EM = 1000
"""Units of the font's square."""

AS_EMOJI = "\ufe0f"
"""Behind a letter that is to be an emoji rather than a sign of the font."""

NO_LETTER = "\U0010ffff"
"""What no font has, by Unicode's promise."""


class Type(NamedTuple):
    """The archive, unpacked."""

    font: Path
    archive: zipfile.ZipFile
    """Emoji are read from it one by one: few of its four thousand are ever wanted."""
    emoji: dict[str, str]
    """Entries of the archive by their emoji, without `AS_EMOJI`."""


@lru_cache(maxsize=16)
def font(size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    """The font at so many pixels an em. Words are set by `typeset`, so its simple layout does.

    Each takes seven megabytes, and ten milliseconds to be made; a poster needs about ten.
    """
    made = ImageFont.truetype(_type().font, size, layout_engine=ImageFont.Layout.BASIC)
    made.set_variation_by_axes([WEIGHTS[bold]])
    return made


@lru_cache(maxsize=8192)
def has(letter: str) -> bool:
    """Whether the font has a letter, a single code point: what it has not it draws as its one figure for that."""
    return _figure(letter) != _figure(NO_LETTER)


@lru_cache(maxsize=8192)
def advance(letter: str, *, bold: bool = False) -> float:
    """How far a letter takes the pen, in ems: one for Chinese letters."""
    return font(EM, bold=bold).getlength(letter) / EM


@lru_cache(maxsize=64)
def ink(letter: str, *, bold: bool = False) -> tuple[float, float]:
    """Where a letter's black begins and ends, in ems right of the pen."""
    canvas = Image.new("L", (4 * EM, 3 * EM))
    ImageDraw.Draw(canvas).text((2 * EM, 2 * EM), letter, 255, font(EM, bold=bold), anchor="ls")
    left, _, right, _ = canvas.getbbox() or (2 * EM, 0, 2 * EM, 0)
    return left / EM - 2, right / EM - 2


def is_emoji(cluster: str) -> bool:
    """Whether there is an emoji of just these code points."""
    return cluster.replace(AS_EMOJI, "") in _type().emoji


@lru_cache(maxsize=256)
def emoji(cluster: str, size: int) -> Image.Image | None:
    """The emoji, a square of so many pixels in RGBA that is not to be written on; None where there is none."""
    if (entry := _type().emoji.get(cluster.replace(AS_EMOJI, ""))) is None:
        return None
    drawn = Image.open(io.BytesIO(_type().archive.read(entry))).convert("RGBA")
    return drawn.resize((size, size), Image.Resampling.LANCZOS)


def forget() -> None:
    """Forget everything that was opened; the archive is looked for anew."""
    for kept in (font, has, advance, ink, emoji, _figure):
        kept.cache_clear()
    if _type.cache_info().currsize:
        _type().archive.close()
    _type.cache_clear()


@lru_cache(maxsize=8)
def _figure(letter: str) -> tuple[tuple[int, int], bytes]:
    drawn = font(24).getmask(letter)
    return drawn.size, bytes(drawn)


@cache
def _type() -> Type:
    place = Path(tempfile.gettempdir()) / f"ripple-{config().type_key.replace('/', '-')}"
    if not place.exists():
        _unpack(files.whole(config().type_bucket, config().type_key), place)
    archive = zipfile.ZipFile(place / "type.zip")
    entries = [name for name in archive.namelist() if name.startswith(EMOJI)]
    return Type(place / FONT, archive, {_letters(entry).replace(AS_EMOJI, ""): entry for entry in entries})


def _letters(entry: str) -> str:
    """``emoji/1f44d-1f3fb.png`` is a thumb of a light skin."""
    points = entry.removeprefix(EMOJI).removesuffix(".png").split("-")
    return "".join(chr(int(point, 16)) for point in points)


def _unpack(content: bytes, place: Path) -> None:
    """Let ``place`` hold the archive and its font, all at once; if another was faster, his is as good."""
    work = Path(tempfile.mkdtemp(dir=place.parent, prefix=f"{place.name}-"))
    try:
        (work / "type.zip").write_bytes(content)
        with zipfile.ZipFile(work / "type.zip") as archive:
            archive.extract(FONT, work)
        work.rename(place)
    except OSError:
        if not place.exists():
            raise
    finally:
        shutil.rmtree(work, ignore_errors=True)
