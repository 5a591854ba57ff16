"""Instances of one artefact share it, and another artefact is another."""

from __future__ import annotations

import tempfile
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from infra.local.unpacking import KEPT, share


def instance(home: Path, name: str, says: str) -> Path:
    """What an instance whose artefact says that finds, unpacked as the embedded AWS does it."""
    runtime = SimpleNamespace(zipfile=zipfile)
    share(runtime)
    archive, code = home / f"{name}.zip", home / name
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr(zipfile.ZipInfo("room/app.py"), says)
    code.mkdir()
    with runtime.zipfile.ZipFile(archive) as opened:
        opened.extractall(code)
    return code / "room" / "app.py"


def test_the_same_artefact_is_unpacked_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    one, same, other = (instance(tmp_path, name, says) for name, says in (("a", "1"), ("b", "1"), ("c", "2")))
    assert [found.read_text() for found in (one, same, other)] == ["1", "1", "2"]
    assert one.resolve() == same.resolve() != other.resolve()
    assert len([*(tmp_path / KEPT).iterdir()]) == 2
