"""Every invariant can fail: books that keep all promises, and one thing in them that is broken by hand."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from importlib import import_module

import pytest

from chalicelib.core import chance, clock
from tests import invariants
from tests.breaking import Break
from tests.conftest import EMULATOR, START
from tests.invariants import ALWAYS, AT_REST, Books
from tests.snapshot import Memory
from tests.town import Town

MODULES = [import_module(name) for name in invariants.MODULES]
BREAKS: dict[str, Break] = {name: broken for module in MODULES for name, broken in module.BREAKS.items()}
"""How each promise is broken."""


@pytest.fixture(scope="module")
def town() -> Iterator[Town]:
    """Where everything has happened that every room says must have for its promises to be of something."""
    EMULATOR.fresh()
    with clock.fixed(START), chance.seeded(7):
        place = Town(EMULATOR)
        for module in MODULES:
            if hasattr(module, "situation"):
                module.situation(place)
        yield place
        place.close()


@pytest.fixture(scope="module")
def kept(town: Town) -> tuple[bytes, Memory]:
    """What stands there and what WeChat knows of it, written once: a copy is read faster than made."""
    return pickle.dumps(town.items(), pickle.HIGHEST_PROTOCOL), Memory(town.sim.world)


@pytest.fixture
def books(kept: tuple[bytes, Memory]) -> Books:
    """The town's, to be broken."""
    items, wechat = kept
    return Books(pickle.loads(items), wechat.again())


def test_the_books_keep_what_always_holds(books: Books) -> None:
    invariants.check(books.items, books.wechat)


def test_every_promise_is_broken_by_something() -> None:
    assert set(BREAKS) == set(ALWAYS) | set(AT_REST)


@pytest.mark.parametrize("name", BREAKS)
def test_a_broken_promise_is_seen(books: Books, name: str) -> None:
    promise = {**ALWAYS, **AT_REST}[name]
    BREAKS[name](books)
    broken = Books(books.items, books.wechat)
    assert list(promise.look(broken))
    with pytest.raises(AssertionError, match=f"broken: {name}: "):
        invariants.at_rest(broken.items, books.wechat)


def test_a_promise_that_is_tried_alone_is_the_only_one(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    BREAKS["seats_add_up"](books)
    monkeypatch.setattr(invariants, "ONLY", "open_groups_are_listed")
    invariants.check(books.items)
    monkeypatch.setattr(invariants, "ONLY", "seats_add_up")
    with pytest.raises(invariants.BrokenPromise, match="broken: seats_add_up: "):
        invariants.check(books.items)
