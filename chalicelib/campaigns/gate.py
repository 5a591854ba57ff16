"""The publish gate: named checks of what the platform and the law forbid; what fails one is not published.

A check is a pure function of the document and the time. What holds for every campaign stands in `checks` and
`copy_lint`, what holds for one play beside its document in `campaigns.kinds`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

import msgspec

from chalicelib.campaigns.offer import Offer

RULES_VERSION = 4
"""Which checks there are and what they insist on; raised when that changes. Words have a hash of their own."""


class Finding(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why a check refuses: its name, the field, and a sentence in both languages."""

    check: str
    pointer: str
    zh: str
    en: str
    word: str | None = None
    """The words that are meant, as they stand in the field, where the check is about words."""
    allowable: bool = False
    """Whether an owner may let this word stand in this field."""


Document = TypeVar("Document", bound=Offer)
Look = Callable[[Document, datetime], Iterator[Finding]]


class Check(NamedTuple):
    """A check, and the documents that it looks at."""

    name: str
    of: type[Offer]
    look: Look[Any]


CHECKS: list[Check] = []
"""Every check; where plays look for the same thing in their own fields, the name is the same."""


def check(name: str, of: type[Document]) -> Callable[[Look[Document]], Look[Document]]:
    """Register a check of the documents ``of`` a kind, or of all, under its name."""

    def add(look: Look[Document]) -> Look[Document]:
        for other in CHECKS:
            if other.name == name and (issubclass(of, other.of) or issubclass(other.of, of)):
                raise ValueError(f"two checks of {of.__name__} are called {name}")
        CHECKS.append(Check(name, of, look))
        return look

    return add


def checks(offer: Offer) -> dict[str, Look[Any]]:
    """The checks that look at ``offer``, by name."""
    return {one.name: one.look for one in CHECKS if isinstance(offer, one.of)}


def findings(offer: Offer, now: datetime) -> list[Finding]:
    """Everything that forbids publishing ``offer`` at ``now``."""
    return [found for look in checks(offer).values() for found in look(offer, now)]
