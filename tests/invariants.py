"""What must hold of everything that is stored, as one registry: each promise has a name, a sentence, and a mutant.

A room adds its own in its `promises.py` with `invariant`, which hold at any moment, and `settled`, which hold when
nothing is due any more.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from importlib import import_module
from typing import Any, TypeVar, cast

from chalicelib.core.table import Item
from infra.local.wechat_sim.world import World

ROOMS = (
    *("core", "accounts", "merchants", "campaigns", "sharing", "orders", "fulfilment"),
    *("groupbuy", "bargain", "redpacket", "coupons", "invite", "inviting", "rewards", "thanks", "risk", "cash"),
    *("voucher", "posters", "livecodes", "punchcards", "notices", "recall", "push"),
)
"""Whose promises are looked at: a new play adds its name here."""

I = TypeVar("I", bound=Item)  # noqa: E741
T = TypeVar("T")


@dataclass
class Books:
    """Everything that is stored, and what WeChat knows."""

    items: list[Item]
    wechat: World | None = None
    quiet: datetime | None = None
    """Since when nothing was left to do but to compare bills; now, unless it is said."""
    _by_kind: dict[type[Item], list[Item]] = field(default_factory=lambda: defaultdict(list))
    _views: dict[Any, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for item in self.items:
            self._by_kind[type(item)].append(item)

    def of(self, kind: type[I]) -> list[I]:
        """Every item of a kind."""
        return cast("list[I]", self._by_kind[kind])

    def seen(self, view: Callable[[Books], T]) -> T:
        """What ``view`` makes of the books, made once."""
        if view not in self._views:
            self._views[view] = view(self)
        return cast("T", self._views[view])


Look = Callable[[Books], Iterator[str]]
"""Yields a line for everything that breaks the promise."""


@dataclass(frozen=True)
class Invariant:
    """A promise: its sentence, and how to find what breaks it."""

    name: str
    sentence: str
    look: Look


class BrokenPromise(AssertionError):
    """What is stored breaks a promise."""


ONLY = os.environ.get("RIPPLE_ONLY_INVARIANT")
"""The one promise that is looked at, where one is named: to show that it needs no other's help."""

ALWAYS: dict[str, Invariant] = {}
"""Holds at any moment, between any two writes."""
AT_REST: dict[str, Invariant] = {}
"""Holds when nothing is due any more."""


def invariant(sentence: str) -> Callable[[Look], Look]:
    """Register what holds at any moment."""
    return lambda look: _add(ALWAYS, sentence, look)


def settled(sentence: str) -> Callable[[Look], Look]:
    """Register what holds when nothing is due any more."""
    return lambda look: _add(AT_REST, sentence, look)


def _add(registry: dict[str, Invariant], sentence: str, look: Look) -> Look:
    name = look.__name__
    assert name not in ALWAYS, name
    assert name not in AT_REST, name
    registry[name] = Invariant(name, sentence, look)
    return look


def check(items: list[Item], wechat: World | None = None) -> None:
    """Raise `BrokenPromise` naming every promise that is broken now."""
    _insist(Books(items, wechat), list(ALWAYS.values()))


def at_rest(items: list[Item], wechat: World | None = None, quiet: datetime | None = None) -> None:
    """After everything that is due was done: nothing is undecided, nothing is owed, and WeChat's books are ours."""
    _insist(Books(items, wechat, quiet), [*ALWAYS.values(), *AT_REST.values()])


def _insist(books: Books, promises: list[Invariant]) -> None:
    looked_at = [p for p in promises if ONLY in (None, p.name)]
    broken = [f"broken: {p.name}: {p.sentence} But: {line}" for p in looked_at for line in p.look(books)]
    if broken:
        raise BrokenPromise("\n".join(broken))


MODULES = (
    *(f"tests.{room}.promises" for room in ROOMS),
    "tests.voucher.promises_goods",
    "tests.voucher.promises_exports",
    "tests.voucher.promises_words",
    "tests.family.promises_asks",
    "tests.family.promises_money",
    "tests.family.promises_people",
    "tests.family.promises_desk",
    "tests.family.promises_shared",
    "tests.family.promises_paid",
    "tests.core.promises_time",
    "tests.notices.promises_cards",
)
"""Where they stand."""

for _module in MODULES:
    import_module(_module)
