"""What every merchant is promised."""

from __future__ import annotations

from collections.abc import Iterator

from chalicelib.core import clock
from chalicelib.merchants.items import ApiKey, Merchant, Role
from tests.breaking import Break
from tests.invariants import Books, invariant
from tests.merchants.cash import set_up
from tests.town import Town


@invariant("Every merchant has an owner key that is not revoked.")
def somebody_owns_it(books: Books) -> Iterator[str]:
    owned = {key.pk for key in books.of(ApiKey) if is_live_owner(key)}
    for merchant in books.of(Merchant):
        if merchant.pk not in owned:
            yield merchant.pk


def is_live_owner(key: ApiKey) -> bool:
    """Whether somebody can do everything with it."""
    return key.role is Role.OWNER and key.revoked_at is None


def situation(town: Town) -> None:
    """He says how he pays cash."""
    set_up(town)


def _nobody_owns_it(books: Books) -> None:
    for key in books.of(ApiKey):
        key.revoked_at = clock.parse("2026-11-11T12:00:00.000Z")


BREAKS: dict[str, Break] = {
    "somebody_owns_it": _nobody_owns_it,
}
