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
DRAWING = (
    "import sys, app; from chalicelib.core import lazily; lazily.everything();"
    "[(s.insist(), s.decode_body, s.decode_query) for s in app.app.served];"
    "print(sum(name.split('.')[0] in ('PIL', 'qrcode', 'zxingcpp') for name in sys.modules))"
)
"""Everything that any route, timer or consumer imports, and how much of it draws pictures."""
COUNT = "import sys; before = set(sys.modules); import app; print(len(set(sys.modules) - before))"


def figures() -> list[Figure]:
    """imports.ratio, .first_ratio, .api_modules, .drawing_modules; artefact.mb, artefact.pictures_mb."""
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
    found.append(Figure("imports.drawing_modules", float(_run(DRAWING)), "modules", 0))
    artefact = ROOT / "build" / "ripple.zip"
    for name, path in (("artefact.mb", artefact), ("artefact.pictures_mb", artefact.with_name("pictures.zip"))):
        if path.exists():
            found.append(Figure(name, round(path.stat().st_size / 1e6, 2), "MB", 20))
    return found


def _timed(statement: str) -> float:
    """CPU seconds of ``statement`` in a fresh interpreter."""
    return float(_run(f"import time; t = time.process_time(); {statement}; print(time.process_time() - t)"))


def _run(program: str) -> str:
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.strip()
