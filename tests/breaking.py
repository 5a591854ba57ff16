"""Breaking books by hand, to show that a promise can fail."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from chalicelib.core.table import Item
from tests.invariants import Books

T = TypeVar("T", bound=Item)
Break = Callable[[Books], None]


def the(books: Books, kind: type[T], /, **wanted: Any) -> T:
    """The first item of a kind that is as described."""
    found = (i for i in books.of(kind) if all(getattr(i, name) == value for name, value in wanted.items()))
    return next(found)


def drop(kind: type[Item]) -> Break:
    """Lose every item of a kind."""

    def act(books: Books) -> None:
        books.items[:] = [item for item in books.items if not isinstance(item, kind)]

    return act


def change(kind: type[Item], values: dict[str, Any], /, **wanted: Any) -> Break:
    """Write something else into the first item that is as described."""

    def act(books: Books) -> None:
        item = the(books, kind, **wanted)
        for name, value in values.items():
            setattr(item, name, value)

    return act


def nothing(books: Books) -> None:
    """For what does not hold in the books as they are, since they are not at rest."""
