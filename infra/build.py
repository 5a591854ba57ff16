"""``python -m infra.build``: the artefact and the template, ``build/ripple.zip`` and ``build/template.yaml``.

Both are functions of the sources alone. Nothing is done again while these are unchanged.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from infra import artefact, template, typeface
from infra.lock import locked

ROOT = Path(__file__).absolute().parents[1]
FETCHED = ROOT / "build" / "fetched"
"""Published packages as they came; every build on this machine starts from them."""

STAGE = "api"
"""The one Chalice stage; deployments differ by parameters only."""


@dataclass(frozen=True)
class Built:
    """What a build leaves behind."""

    directory: Path

    @property
    def zip(self) -> Path:
        """The artefact of all functions but the one that draws."""
        return self.directory / "ripple.zip"

    @property
    def pictures(self) -> Path:
        """The artefact of the function that draws."""
        return self.directory / "pictures.zip"

    @property
    def type(self) -> Path:
        """The fonts and emoji that it draws with."""
        return self.directory / "type.zip"

    @property
    def template(self) -> Path:
        """The CloudFormation template."""
        return self.directory / "template.yaml"

    @property
    def megabytes(self) -> float:
        """Size of the artefact in MB (10^6 bytes)."""
        return self.zip.stat().st_size / 1e6


def build(directory: Path = ROOT / "build", *, again: bool = False) -> Built:
    """Build into ``directory`` unless it holds the outcome of the same sources; ``again`` builds in any case.

    Raises `SystemExit` when the artefact is larger than allowed.
    """
    directory.mkdir(parents=True, exist_ok=True)
    built = Built(directory)
    with locked(directory / "lock"):
        stamp, wanted = directory / "sources.sha256", _fingerprint()
        if (
            not again
            and stamp.exists()
            and stamp.read_text() == wanted
            and all(part.exists() for part in (built.zip, built.pictures, built.type, built.template))
        ):
            return built
        stamp.unlink(missing_ok=True)
        _package(built)
        stamp.write_text(wanted)
    return built


def _package(built: Built) -> None:
    work = built.directory / "work"
    shutil.rmtree(work, ignore_errors=True)
    project, out, app = work / "project", work / "out", work / "app"
    _lay_out(project)
    additions = work / "additions.json"
    additions.write_text(json.dumps(template.additions()), encoding="utf-8")
    _chalice(project, additions, out)
    packaged = json.loads((out / "sam.json").read_text(encoding="utf-8"))
    built.template.write_text(template.dump(template.finish(packaged)), encoding="utf-8")
    with zipfile.ZipFile(out / "deployment.zip") as archive:
        archive.extractall(app)
    artefact.compile_tree(app)
    artefact.write_zip([_dependencies(built.directory), app], built.zip)
    everything = [_dependencies(built.directory), _dependencies(built.directory, pictures=True), app]
    artefact.write_zip(everything, built.pictures)
    typeface.write(built.type)
    shutil.rmtree(work)
    for made in (built.zip, built.pictures):
        if (megabytes := made.stat().st_size / 1e6) > artefact.LIMIT_MB:
            sys.exit(f"{made.name} has {megabytes:.1f} MB, allowed are {artefact.LIMIT_MB}")


def _lay_out(project: Path) -> None:
    """The project as Chalice packages it: the sources without requirements, which are fetched once and kept."""
    project.mkdir(parents=True)
    shutil.copy(ROOT / "app.py", project)
    shutil.copytree(ROOT / "chalicelib", project / "chalicelib", ignore=shutil.ignore_patterns("__pycache__"))
    (project / ".chalice").mkdir()
    shutil.copy(ROOT / ".chalice" / "config.json", project / ".chalice")


def _chalice(project: Path, additions: Path, out: Path) -> None:
    command = ["package", "--stage", STAGE, "--merge-template", str(additions), str(out)]
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "RIPPLE_"))}
    environment |= {"AWS_DEFAULT_REGION": "us-east-1", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0"}
    program = [sys.executable, "-c", "from chalice.cli import main; main()", "--project-dir", str(project), *command]
    done = subprocess.run(program, env=environment, cwd=project, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"chalice package failed:\n{done.stdout}{done.stderr}")


def _dependencies(directory: Path, *, pictures: bool = False) -> Path:
    pinned = artefact.requirements((ROOT / "requirements.txt").read_text(encoding="utf-8"), pictures=pictures)
    recipe = (ROOT / "infra" / "artefact.py").read_bytes()
    fetched = FETCHED / ("pictures" if pictures else "all")
    kept = directory / "dependencies" / fetched.name
    fetched.mkdir(parents=True, exist_ok=True)
    with locked(fetched / "lock"):
        raw = _made_once(fetched, pinned.encode(), lambda place: artefact.fetch(pinned, place))
    return _made_once(kept, pinned.encode() + recipe, lambda place: artefact.prepare(raw, place))


def _made_once(parent: Path, inputs: bytes, make: Callable[[Path], None]) -> Path:
    """The tree made from ``inputs`` and this Python; those made from others are removed."""
    kept = parent / hashlib.sha256(inputs + sys.version.encode()).hexdigest()[:16]
    if not kept.exists():
        for old in parent.glob("?" * 16):
            shutil.rmtree(old)
        make(kept)
    return kept


def _sources() -> Iterator[Path]:
    for name in ("app.py", "requirements.txt", ".chalice/config.json"):
        yield ROOT / name
    for pattern in ("chalicelib/**/*", "infra/*.py", "infra/*.yaml"):
        yield from sorted(path for path in ROOT.glob(pattern) if path.is_file() and "__pycache__" not in path.parts)


def _fingerprint() -> str:
    digest = hashlib.sha256(sys.version.encode())
    for path in _sources():
        content = path.read_bytes()
        digest.update(f"{path.relative_to(ROOT)}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def main() -> None:
    """Build and say how large the artefact is."""
    built = build(again="--again" in sys.argv[1:])
    print(f"{built.zip.relative_to(ROOT)}: {built.megabytes:.1f} MB; {built.template.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
