"""The artefact is small, complete, compiled, and the same bytes whenever it is built."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra import artefact
from infra.build import Built, build
from tests.infra.parts import Resources, of_type

RUNTIME_GLIBC = 26
"""Lambda's Python 3.11 runs on Amazon Linux 2 with glibc 2.26."""


@pytest.fixture(scope="session")
def unpacked(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The artefact as a function finds it."""
    place = tmp_path_factory.mktemp("task")
    with zipfile.ZipFile(built.zip) as archive:
        archive.extractall(place)
    return place


@pytest.fixture(scope="session")
def names(built: Built) -> list[str]:
    """The artefact's entries."""
    with zipfile.ZipFile(built.zip) as archive:
        return archive.namelist()


@pytest.fixture(scope="session")
def drawing(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The artefact of the function that draws, as it finds it."""
    place = tmp_path_factory.mktemp("pictures")
    with zipfile.ZipFile(built.pictures) as archive:
        archive.extractall(place)
    return place


def test_building_again_gives_the_same_bytes(built: Built, tmp_path: Path) -> None:
    again = build(tmp_path, again=True)
    assert again.zip.read_bytes() == built.zip.read_bytes()
    assert again.pictures.read_bytes() == built.pictures.read_bytes()
    assert again.template.read_bytes() == built.template.read_bytes()


def test_nothing_is_built_twice_for_the_same_sources(built: Built) -> None:
    before = built.zip.stat().st_mtime_ns
    assert build(built.directory).zip.stat().st_mtime_ns == before


def test_it_is_small(built: Built) -> None:
    assert built.megabytes <= artefact.LIMIT_MB
    assert built.pictures.stat().st_size / 1e6 <= artefact.LIMIT_MB


def test_what_draws_is_in_one_artefact_alone(unpacked: Path, drawing: Path) -> None:
    drawn_with = {"PIL", "pillow.libs", "qrcode", "zxingcpp.cpython-311-x86_64-linux-gnu.so"}
    assert drawn_with <= {path.name for path in drawing.iterdir()}
    assert not drawn_with & {path.name for path in unpacked.iterdir()}
    assert {path.name for path in unpacked.iterdir()} <= {path.name for path in drawing.iterdir()}


def test_every_source_has_its_bytecode(names: list[str]) -> None:
    sources = [name for name in names if name.endswith(".py")]
    compiled = set(names)
    missing = [
        name for name in sources if re.sub(r"([^/]+)\.py$", r"__pycache__/\1.cpython-311.pyc", name) not in compiled
    ]
    assert sources
    assert not missing


def test_bytecode_is_never_checked_against_its_source(unpacked: Path) -> None:
    """PEP 552: flags 1 are hash-based and unchecked; the times in the zip would always look wrong."""
    for path in unpacked.rglob("*.pyc"):
        assert int.from_bytes(path.read_bytes()[4:8], "little") == 1, path


def test_only_services_that_are_called_are_described(unpacked: Path) -> None:
    described = {path.name for path in (unpacked / "botocore" / "data").iterdir() if path.is_dir()}
    assert described == set(artefact.SERVICES)


def test_nothing_of_the_workstation_is_shipped(names: list[str]) -> None:
    assert not [name for name in names if re.match(r"(infra|tests|bin|pip|setuptools|click|inquirer)\b", name)]
    assert {name for name in names if name.startswith("chalice/") and name.endswith(".py")} == {
        "chalice/__init__.py",
        "chalice/app.py",
    }


def test_entries_have_one_order_and_one_date(built: Built) -> None:
    with zipfile.ZipFile(built.zip) as archive:
        entries = archive.infolist()
    assert [entry.filename for entry in entries] == sorted(entry.filename for entry in entries)
    assert {entry.date_time for entry in entries} == {artefact.EPOCH}


def shared_objects(unpacked: Path) -> Iterator[Path]:
    return (path for path in unpacked.rglob("*.so*") if path.is_file())


def test_binaries_run_where_the_functions_run(drawing: Path) -> None:
    """Whatever is in the other artefact is in this one too."""
    found = list(shared_objects(drawing))
    assert found
    for path in found:
        needed = [int(minor) for minor in re.findall(rb"GLIBC_2\.(\d+)", path.read_bytes())]
        assert max(needed, default=0) <= RUNTIME_GLIBC, path.name


def test_it_holds_everything_it_imports(unpacked: Path, resources: Resources) -> None:
    """On a bare interpreter: no site-packages, no environment, nothing of this project but the artefact."""
    handlers = [function["Handler"] for function in of_type(resources, "AWS::Serverless::Function").values()]
    lazily = "boto3, jwt, cryptography.hazmat.primitives.ciphers.aead, msgspec, botocore.session"
    program = (
        f"import sys; sys.path.insert(0, {str(unpacked)!r}); import app, {lazily};"
        "from chalicelib.core.lazily import everything; everything();"
        f"assert all(callable(getattr(app, name.split('.')[1])) for name in {handlers!r});"
        "session = botocore.session.get_session();"
        f"[session.create_client(name, region_name='cn-north-1') for name in {artefact.SERVICES!r}]"
    )
    subprocess.run([sys.executable, "-I", "-S", "-B", "-c", program], check=True, env={})


def test_it_draws_on_a_bare_interpreter(drawing: Path) -> None:
    program = (
        f"import sys; sys.path.insert(0, {str(drawing)!r});"
        "from chalicelib.pictures import composer, faces, finishing, qr, sent, sheets;"
        "from PIL import features; assert all(map(features.check, ('jpg', 'zlib', 'webp', 'freetype2', 'libtiff')));"
        "assert sent.reads(qr.image('drawn and read', 8)) == 'drawn and read'"
    )
    subprocess.run([sys.executable, "-I", "-S", "-B", "-c", program], check=True, env={})
