"""The font and emoji are fetched once, whole or not at all, and are what they are said to be."""

from __future__ import annotations

import tempfile
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from PIL import Image, ImageDraw

from chalicelib.core import files
from chalicelib.core.config import config
from chalicelib.pictures import typeface
from tests.emulator import Emulator
from tests.pictures.archive import KEY, archive


@pytest.fixture
def instance(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """A new instance of the function: nothing is opened, nothing in its temporary directory."""
    typeface.forget()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    yield tmp_path
    typeface.forget()


def darkness(letter: str, *, bold: bool) -> int:
    image = Image.new("L", (120, 120))
    ImageDraw.Draw(image).text((10, 100), letter, 255, typeface.font(90, bold=bold), anchor="ls")
    return sum(image.histogram()[128:])


def test_an_instance_fetches_the_archive_once(type_there: Emulator, instance: Path) -> None:
    with type_there.counting() as calls:
        typeface.font(20)
        typeface.font(40, bold=True)
        typeface.emoji("😀", 20)
        typeface.forget()
        typeface.font(20)
    assert [call.operation for call in calls] == ["GetObject"]
    assert [path.name for path in instance.iterdir()] == [f"ripple-{KEY}"]


def test_one_font_serves_every_use_of_a_size(type_there: Emulator, instance: Path) -> None:
    assert typeface.font(20) is typeface.font(20)
    assert typeface.font(20) is not typeface.font(20, bold=True)


def test_an_instance_that_dies_while_unpacking_leaves_nothing_that_is_used(
    type_there: Emulator, instance: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(zipfile.ZipFile, "extract", dies)
        with pytest.raises(KeyboardInterrupt):
            typeface.font(20)
    assert not (instance / f"ripple-{KEY}").exists()
    assert typeface.font(20).getlength("涟") == 20


def test_what_another_process_has_not_finished_is_not_used(type_there: Emulator, instance: Path) -> None:
    other = instance / f"ripple-{KEY}-half"
    other.mkdir()
    (other / typeface.FONT).write_bytes(b"half")
    assert typeface.font(20).getlength("涟") == 20


def test_whoever_unpacks_at_the_same_time_finds_the_first_ones(type_there: Emulator, instance: Path) -> None:
    place = instance / f"ripple-{KEY}"
    threads = [threading.Thread(target=typeface._unpack, args=(archive(), place)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [path.name for path in instance.iterdir()] == [place.name]
    assert typeface.font(20).getlength("涟") == 20


def test_a_truncated_archive_is_not_kept(emulator: Emulator, instance: Path) -> None:
    files.s3().put_object(Bucket=config().type_bucket, Key=KEY, Body=archive()[:100_000])
    with pytest.raises(zipfile.BadZipFile):
        typeface.font(20)
    assert not list(instance.iterdir())


def test_where_there_is_no_archive_nothing_is_drawn(emulator: Emulator, instance: Path) -> None:
    with pytest.raises(ClientError, match="NoSuchKey"):
        typeface.font(20)


@pytest.mark.usefixtures("type_opened")
class TestOpened:
    def test_a_directory_that_cannot_be_made_is_said(self, tmp_path: Path) -> None:
        (tmp_path / "place").write_bytes(b"")
        with pytest.raises(OSError, match="place"):
            typeface._unpack(archive(), tmp_path / "place" / "inside")

    @pytest.mark.parametrize("letter", "涟漪镕喆A9é¥￥…—「」①㊙★♥☎→㎡々ーかЖΩ☆〇")
    def test_letters_that_the_font_has(self, letter: str) -> None:
        assert typeface.has(letter)

    @pytest.mark.parametrize("letter", ["م", "א", "ก", "한", "༺", "𓀀", "𠮷", "❤", "😀", "𝓐", "\U0010ffff", "\ufdd0"])
    def test_letters_that_it_has_not(self, letter: str) -> None:
        assert not typeface.has(letter)

    def test_it_has_letters_beyond_the_first_plane(self) -> None:
        assert sum(typeface.has(chr(point)) for point in range(0x2CB00, 0x2CC00)) >= 20

    def test_bold_is_bolder(self) -> None:
        assert darkness("国", bold=True) > 1.3 * darkness("国", bold=False)

    def test_chinese_letters_are_square_and_latin_ones_are_not(self) -> None:
        assert [typeface.advance(letter) for letter in "国。「"] == [1, 1, 1]
        assert typeface.advance("i") < typeface.advance("i", bold=True) < typeface.advance("W") < 1

    @pytest.mark.parametrize("cluster", ["😀", "👍🏽", "🇨🇳", "1️⃣", "❤️", "❤", "👩‍🚀", "👨‍👩‍👧‍👦", "🏳️‍🌈", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "©", "👁️‍🗨️"])
    def test_emoji_are_coloured_squares(self, cluster: str) -> None:
        drawn = typeface.emoji(cluster, 48)
        assert drawn is not None and drawn.size == (48, 48) and drawn.mode == "RGBA"
        assert drawn.getchannel("A").getextrema()[1] == 255

    def test_a_heart_is_red(self) -> None:
        drawn = typeface.emoji("❤️", 48)
        assert drawn is not None
        red, green, blue, alpha = drawn.crop((24, 24, 25, 25)).tobytes()
        assert alpha == 255 and red > 180 > 90 > max(green, blue)

    @pytest.mark.parametrize("cluster", ["国", "", "A", "🇽🇽", "👩‍🚀‍🦄", "1", "\ufe0f", "../font.ttf"])
    def test_what_is_no_emoji(self, cluster: str) -> None:
        assert typeface.emoji(cluster, 48) is None
        assert not typeface.is_emoji(cluster)
