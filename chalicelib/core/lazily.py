"""What a module names and a cold start does not need: imported when it is first used.

In ``with lazily():`` the import statements of that module import no room; each name stands for what it will be. A type
checker, an editor and import-linter read ordinary imports.
"""

from __future__ import annotations

import builtins
import sys
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from importlib import import_module
from threading import RLock
from typing import Any, TypeVar

K = TypeVar("K")
V = TypeVar("V")

ROOMS = "chalicelib."
"""What is not imported at once: the house's own modules."""

_named: list[Named] = []
"""What was named and not imported by `everything` yet."""

_one_at_a_time = RLock()


class Named:
    """Something in a module that need not be imported yet; its attributes are named likewise, a call calls it."""

    __slots__ = ("_module", "_path")

    def __init__(self, module: str, path: tuple[str, ...]) -> None:
        self._module = module
        self._path = path

    def __getattr__(self, name: str) -> Named:
        if name.startswith("__"):
            raise AttributeError(name)
        there = Named(self._module, (*self._path, name))
        if not self._path:
            _named.append(there)
        return there

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        return now(self)(*arguments, **options)

    def __repr__(self) -> str:
        return ".".join((self._module, *self._path))


@contextmanager
def lazily() -> Iterator[None]:
    """In the block, ``from chalicelib.… import …`` statements of the calling module only name what they import."""
    importer = sys._getframe(2).f_globals["__name__"]
    at_once = builtins.__import__

    def named(name: str, globals: Any = None, locals: Any = None, fromlist: Any = (), level: int = 0) -> Any:  # noqa: A002
        if fromlist and name.startswith(ROOMS) and globals is not None and globals.get("__name__") == importer:
            return Named(name, ())
        return at_once(name, globals, locals, fromlist, level)

    builtins.__import__ = named
    try:
        yield
    finally:
        builtins.__import__ = at_once


def now(what: V) -> V:
    """The thing itself. Raises ImportError or AttributeError where there is no such thing."""
    if not isinstance(what, Named):
        return what
    found: Any = import_module(what._module)
    for name in what._path:
        # As ``from package import name`` does it: an attribute, or else a module of the package.
        if not hasattr(found, name) and hasattr(found, "__path__"):
            import_module(f"{found.__name__}.{name}")
        found = getattr(found, name)
    thing: V = found
    return thing


def everything() -> None:
    """Import all that was named. After that every class, problem and handler of the house is known."""
    with _one_at_a_time:
        while _named:
            now(_named[-1])
            _named.pop()


class Registry(MutableMapping[K, V]):
    """What was registered, perhaps only named: the first look imports all keys, asking for a value that value."""

    def __init__(self) -> None:
        self._given: list[tuple[K, V]] = []
        self._entries: dict[K, V] = {}

    def _known(self) -> dict[K, V]:
        if self._given:
            with _one_at_a_time:
                self._entries.update({now(key): value for key, value in self._given})
                self._given.clear()
        return self._entries

    def __getitem__(self, key: K) -> V:
        return now(self._known()[key])

    def __setitem__(self, key: K, value: V) -> None:
        self._given.append((key, value))

    def __delitem__(self, key: K) -> None:
        del self._known()[key]

    def __iter__(self) -> Iterator[K]:
        return iter(self._known())

    def __len__(self) -> int:
        return len(self._known())
