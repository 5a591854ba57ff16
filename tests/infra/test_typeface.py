"""What the drawing function draws with is the same archive whenever it is made, and says whose works it holds."""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path

import pytest

from chalicelib.pictures import typeface as used
from infra import typeface


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive."""
    target = tmp_path_factory.mktemp("type") / "type.zip"
    typeface.write(target)
    return target


def test_making_it_again_gives_the_same_bytes(made: Path, tmp_path: Path) -> None:
    typeface.write(tmp_path / "again.zip")
    assert (tmp_path / "again.zip").read_bytes() == made.read_bytes()


def test_it_holds_the_licences_of_what_it_holds(made: Path) -> None:
    with zipfile.ZipFile(made) as archive:
        font, emoji = archive.read("OFL.txt").decode(), archive.read("CC-BY.txt").decode()
    assert "SIL Open Font License, Version 1.1" in font and "Copyright" in font
    assert "Twemoji" in emoji and "Copyright" in emoji and "https://creativecommons.org/licenses/by/4.0/" in emoji


def test_it_is_what_the_function_looks_for(made: Path) -> None:
    assert (used.FONT, used.EMOJI) == (typeface.FONT, typeface.EMOJI)
    with zipfile.ZipFile(made) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        first = archive.read(f"{typeface.EMOJI}1f44d-1f3fb.png")
        assert archive.read(typeface.FONT)[:4] == struct.pack(">I", 0x00010000)
    assert len([name for name in names if name.startswith(typeface.EMOJI)]) > 3500
    assert first.startswith(b"\x89PNG") and struct.unpack(">II", first[16:24]) == (72, 72)
    assert len(names) == len(set(names))


def test_it_is_small_enough_to_be_fetched_in_a_moment(made: Path) -> None:
    assert made.stat().st_size < 20e6
