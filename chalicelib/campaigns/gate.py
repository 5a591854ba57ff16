"""The publish gate: named checks of what the platform and the law forbid; what fails one is not published.

A check is a pure function of the document and the time, and a few also of what their merchant is and has (`Shop`). What
holds for every campaign stands in `checks` and `copy_lint`, what holds for one play beside its document in
`campaigns.kinds`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import msgspec

from chalicelib.campaigns.offer import Offer

if TYPE_CHECKING:
    # Storage stands behind it, and rules load none.
    from chalicelib.merchants.cash import CashTerms
    from chalicelib.merchants.wallet import WalletTerms
    from chalicelib.pictures.document import Poster

RULES_VERSION = 8
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


class Shop(NamedTuple):
    """What a check may know of the merchant beside the document; nothing where he has said nothing yet."""

    cash: CashTerms | None = None
    """How he pays cash."""
    operations_fen: int = 0
    """What his operations account has, by whoever saw it last."""
    posters: Mapping[str, Poster] = MappingProxyType({})
    """His posters that are released, as far as the document names them."""
    wallet: WalletTerms | None = None
    """What he has declared of value that he sells to be spent later."""


UNKNOWN = Shop()
"""A merchant of whom nothing is known: what needs anything of him is refused."""

Document = TypeVar("Document", bound=Offer)
Look = Callable[[Document, datetime], Iterator[Finding]]
LookAround = Callable[[Document, datetime, Shop], Iterator[Finding]]


class Check(NamedTuple):
    """A check, and the documents that it looks at."""

    name: str
    of: type[Offer]
    look: LookAround[Any]


CHECKS: list[Check] = []
"""Every check; where plays look for the same thing in their own fields, the name is the same."""


def check(name: str, of: type[Document]) -> Callable[[Look[Document]], Look[Document]]:
    """Register a check of the documents ``of`` a kind, or of all, under its name."""

    def add(look: Look[Document]) -> Look[Document]:
        _register(Check(name, of, lambda offer, now, shop: look(offer, now)))
        return look

    return add


def shop_check(name: str, of: type[Document]) -> Callable[[LookAround[Document]], LookAround[Document]]:
    """Register a check that looks at the merchant too."""

    def add(look: LookAround[Document]) -> LookAround[Document]:
        _register(Check(name, of, look))
        return look

    return add


def checks(offer: Offer) -> dict[str, LookAround[Any]]:
    """The checks that look at ``offer``, by name."""
    return {one.name: one.look for one in CHECKS if isinstance(offer, one.of)}


def findings(offer: Offer, now: datetime, shop: Shop = UNKNOWN) -> list[Finding]:
    """Everything that forbids ``shop`` to publish ``offer`` at ``now``."""
    return [found for look in checks(offer).values() for found in look(offer, now, shop)]


def _register(one: Check) -> None:
    for other in CHECKS:
        if other.name == one.name and (issubclass(one.of, other.of) or issubclass(other.of, one.of)):
            raise ValueError(f"two checks of {one.of.__name__} are called {one.name}")
    CHECKS.append(one)
