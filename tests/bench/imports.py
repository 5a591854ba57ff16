"""Cold start: what importing the application costs beside what it cannot do without, and what is shipped."""

from __future__ import annotations

import compileall
import subprocess
import sys
from functools import partial
from pathlib import Path

from tests.bench.figures import Figure, paired_ratio

REFERENCE = "import chalice, pynamodb.models, jwt"
ROOT = Path(__file__).parents[2]
FIRST = (
    "import app; served = next(s for s in app.app.served if s.name == 'POST /v1/groups/{group_id}/seats');"
    "served.insist(); served.decode_body; served.decode_query"
)
"""A cold start and what its first request imports: the heaviest that users wait for."""
COUNT = "import sys; before = set(sys.modules); import app; print(len(set(sys.modules) - before))"


def figures() -> list[Figure]:
    """imports.ratio, imports.first_ratio, imports.api_modules, artefact.mb."""
    # Compiled, as it is shipped, also where the environment keeps Python from writing bytecode.
    compileall.compile_file(ROOT / "app.py", quiet=1)
    compileall.compile_dir(ROOT / "chalicelib", quiet=1)
    _run("import app")
    _run(REFERENCE)
    _run(FIRST)
    ratio, first = (paired_ratio(partial(_timed, what), partial(_timed, REFERENCE)) for what in ("import app", FIRST))
    found = [
        Figure("imports.ratio", round(ratio, 3), "ratio", 1.15, REFERENCE),
        Figure("imports.first_ratio", round(first, 3), "ratio", 1.3, REFERENCE),
        Figure("imports.api_modules", float(_run(COUNT)), "modules"),
    ]
    artefact = ROOT / "build" / "ripple.zip"
    if artefact.exists():
        found.append(Figure("artefact.mb", round(artefact.stat().st_size / 1e6, 2), "MB", 20))
    return found


def _timed(statement: str) -> float:
    """CPU seconds of ``statement`` in a fresh interpreter."""
    return float(_run(f"import time; t = time.process_time(); {statement}; print(time.process_time() - t)"))


def _run(program: str) -> str:
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.strip()
