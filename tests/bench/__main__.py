"""`python -m tests.bench [NAME …]`: the named benches, or all of them into build/bench.json.

`python -m tests.bench pin` writes down what every action takes from storage, and says what that changed.
"""

from __future__ import annotations

import contextlib
import io
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import msgspec

import tests.conftest  # noqa: F401 - the environment and the emulator behind every client
from tests.bench import capacity
from tests.bench.figures import Figure

NAMES = ("capacity", "options", "orders", "imports", "edge", "cpu", "codes", "pictures", "sweep", "graph", "heat")


def run(name: str) -> dict[str, object]:
    """One bench's figures."""
    bench: Callable[[], list[Figure]] = import_module(f"tests.bench.{name}").figures
    with contextlib.redirect_stdout(io.StringIO()):
        # The application's own log lines are not the answer.
        return {"bench": name, "figures": bench()}


def main(names: list[str]) -> int:
    """Print one JSON object a bench; all of them also go into build/bench.json."""
    if names == ["pin"]:
        with contextlib.redirect_stdout(io.StringIO()):
            changed = capacity.pin()
        print("\n".join(changed) or "nothing changed")
        return 0
    unknown = sorted(set(names) - set(NAMES))
    if unknown:
        print(f"no bench {', '.join(unknown)}; there are {', '.join(NAMES)}", file=sys.stderr)
        return 2
    results = []
    for name in names or NAMES:
        results.append(run(name))
        print(msgspec.json.encode(results[-1]).decode())
    if not names:
        out = Path("build/bench.json")
        out.parent.mkdir(exist_ok=True)
        out.write_bytes(msgspec.json.format(msgspec.json.encode(results), indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
