"""The deployment artefact: what the functions import, compiled and nothing else, the same bytes for the same inputs.

Entries are sorted and dated 1980. Bytecode is of the kind that is never checked against its source, since the times in
the zip mean nothing and the place it runs from is read-only; without it an import takes twice as long.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

from chalice.deploy.packager import DependencyBuilder
from chalice.utils import OSUtils

SERVICES = ("dynamodb", "lambda", "s3", "secretsmanager", "sqs")
"""AWS services that the functions call; the SDK's descriptions of the four hundred others are left out."""

LIMIT_MB = 20.0
RUNS_AT = "/var/task"
EPOCH = (1980, 1, 1, 0, 0, 0)
UNUSED = ("bin", "boto3/data", "boto3/examples", "qrcode/tests")
UNUSED_OF_PILLOW = ("libavif", "_avif", "_imagingcms", "liblcms2", "_imagingtk")
"""Forms and screens that nobody draws: a third of it. A file is left out whose name begins so; nothing else links to
those."""
DROPPED_METADATA = ("RECORD", "INSTALLER", "REQUESTED", "direct_url.json", "WHEEL", "entry_points.txt", "top_level.txt")


PICTURES = "# What the function that draws pictures runs beside"
"""How the paragraph of the requirements begins that is in that function's artefact alone."""


def requirements(text: str, *, pictures: bool = False) -> str:
    """The packages that are shipped: all but Chalice, whose runtime the packager adds by itself.

    With ``pictures``, what of them is for the function alone that draws.
    """
    told = [part for part in text.split("\n\n") if part.startswith(PICTURES) is pictures]
    lines = (line.split("#", 1)[0].strip() for part in told for line in part.splitlines())
    return "".join(f"{line}\n" for line in sorted(lines) if line and not line.startswith("chalice=="))


def fetch(pinned: str, into: Path) -> None:
    """Fetch the packages for the Lambda runtime with Chalice's own resolver, as they are published."""
    fresh, listed = into.with_suffix(".tmp"), into.with_suffix(".txt")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    listed.write_text(pinned, encoding="utf-8")
    abi = f"cp{sys.version_info.major}{sys.version_info.minor}"
    DependencyBuilder(OSUtils()).build_site_packages(abi, str(listed), str(fresh))
    for wheel in fresh.glob("*.dist-info/WHEEL"):
        if "linux_x86_64" in (tag := wheel.read_text(encoding="utf-8").rpartition("Tag: ")[2]) and "many" not in tag:
            sys.exit(f"{wheel.parent.name} has no wheel that runs in Lambda: it was built on this machine")
    fresh.rename(into)


def prepare(fetched: Path, into: Path) -> None:
    """Prune and compile what was fetched."""
    fresh = into.with_suffix(".tmp")
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.copytree(fetched, fresh)
    _prune(fresh)
    compile_tree(fresh)
    fresh.rename(into)


def compile_tree(root: Path) -> None:
    """Write bytecode beside every source below ``root``, with a fixed hash seed, since constants may be sets."""
    program = (
        "import compileall, py_compile, sys;"
        f"sys.exit(not compileall.compile_dir(sys.argv[1], quiet=1, stripdir=sys.argv[1], prependdir={RUNS_AT!r},"
        " invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH))"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    subprocess.run([sys.executable, "-c", program, str(root)], check=True, env=environment)


def write_zip(roots: list[Path], target: Path) -> None:
    """Join the trees into one zip."""
    files = {str(path.relative_to(root)): path for root in roots for path in _files(root)}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[name].read_bytes())


def _prune(root: Path) -> None:
    for service in root.glob("botocore/data/*"):
        if service.is_dir() and service.name not in SERVICES:
            shutil.rmtree(service)
    for unused in UNUSED:
        shutil.rmtree(root / unused, ignore_errors=True)
    for undrawn in [path for path in root.rglob("*") if path.name.startswith(UNUSED_OF_PILLOW)]:
        undrawn.unlink()
    for scripts in root.glob("*.data"):
        shutil.rmtree(scripts)
    for path in list(root.rglob("*.dist-info/*")):
        if path.name in DROPPED_METADATA:
            path.unlink()


def _files(root: Path) -> Iterator[Path]:
    return (path for path in root.rglob("*") if path.is_file())
