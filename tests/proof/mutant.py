"""A deliberately broken build: one line of the code that becomes another, and one for every named condition."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
TRANSACTION = "core/transaction.py"


class Site(NamedTuple):
    """Where a condition stands: file, function, and its name there."""

    path: str
    function: str
    name: str


class Named(NamedTuple):
    """A condition as a write carries it: who insists, on which of the write's items, on what."""

    path: str
    function: str
    step: str
    name: str

    def __str__(self) -> str:
        return f"{self.path}: {self.function}: {self.step}.{self.name}"

    def naming(self, name: str) -> Named:
        """Another condition of the same item; ``exists`` is every update's, whoever makes it."""
        return Named(TRANSACTION, "update", self.step, name) if name == "exists" else self._replace(name=name)

    @property
    def site(self) -> Site:
        """Where it stands in the code."""
        return Site(f"chalicelib/{self.path}", self.function, self.name)

    @classmethod
    def of(cls, text: str) -> Named:
        """The condition that is written so."""
        path, function, rest = text.split(": ")
        step, name = rest.rsplit(".", 1)
        return cls(path, function, step, name)


@dataclass(frozen=True)
class Mutant:
    """One line of ``path`` that becomes another; ``old`` stands there exactly once after ``line`` lines."""

    name: str
    path: str
    old: str
    new: str
    line: int = 0
    site: Site | None = None

    def sabotaged(self, source: str) -> str:
        """The source with the mutant in it."""
        lines = source.splitlines(keepends=True)
        head, tail = "".join(lines[: self.line]), "".join(lines[self.line :])
        assert (self.line and self.old in tail) or source.count(self.old) == 1, f"{self.name} fits nowhere or often"
        return head + tail.replace(self.old, self.new, 1)


def sabotage(path: str, why: str, old: str, new: str) -> Mutant:
    """A mutant by hand: in ``path`` (once, whole lines or parts of one) ``old`` becomes ``new``."""
    return Mutant(f"{path.removeprefix('chalicelib/')}: {why}", path, old, new)


def conditions() -> Iterator[Mutant]:
    """A mutant for every named condition in the code: without it."""
    for file in sorted((ROOT / "chalicelib").rglob("*.py")):
        path, source = str(file.relative_to(ROOT)), file.read_text()
        tree = ast.parse(source)
        methods = [node for kind in tree.body if isinstance(kind, ast.ClassDef) for node in kind.body]
        for function in [*tree.body, *methods]:
            if isinstance(function, ast.FunctionDef):
                names = Counter[str]()
                for name, old, new, line in _conditions_in(function, source):
                    names[name] += 1
                    again = f" ({names[name]})" if names[name] > 1 else ""
                    what = f"{path.removeprefix('chalicelib/')}: {function.name} without {name}{again}"
                    yield Mutant(what, path, old, new, line, Site(path, function.name, name))


def _conditions_in(function: ast.FunctionDef, source: str) -> Iterator[tuple[str, str, str, int]]:
    for node in ast.walk(function):
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and is_condition(value):
                    yield str(key.value), _entry(source, key, value), "**{}", key.lineno - 1
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript) and is_condition(node.value):
            named = node.targets[0].slice
            assert isinstance(named, ast.Constant)
            yield str(named.value), ast.get_source_segment(source, node) or "", "pass", node.lineno - 1


def _entry(source: str, key: ast.expr, value: ast.expr) -> str:
    """The text of a dict literal's entry."""
    lines = source.splitlines(keepends=True)
    assert value.end_lineno is not None
    assert value.end_col_offset is not None
    written = "".join(lines[key.lineno - 1 : value.end_lineno]).encode()
    tail = len(lines[value.end_lineno - 1].encode()) - value.end_col_offset
    return written[key.col_offset : len(written) - tail].decode()


def is_condition(value: ast.expr) -> bool:
    """Whether an expression is a condition on an item's attribute, such as ``Seat.state == SeatState.HELD``."""
    if isinstance(value, ast.BinOp):
        return is_condition(value.left) and is_condition(value.right)
    if isinstance(value, ast.Compare):
        return _attribute(value.left)
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute):
        return value.func.attr in ("exists", "does_not_exist", "is_in", "startswith") and _attribute(value.func.value)
    return False


def _attribute(value: ast.expr) -> bool:
    """``Seat.state`` or ``PIECES[n]``, not ``seat.state``."""
    if isinstance(value, ast.Subscript):
        return isinstance(value.value, ast.Name) and value.value.id.isupper()
    return isinstance(value, ast.Attribute) and isinstance(value.value, ast.Name) and value.value.id[0].isupper()
