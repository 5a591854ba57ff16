"""What the ground floor promises."""

from __future__ import annotations

from collections.abc import Iterator

from chalicelib.core.due import DEAD
from chalicelib.core.outbox import OutboxEntry
from tests.breaking import Break, change, nothing
from tests.invariants import Books, invariant, settled


@invariant("An act that is owed has a time at which somebody will look after it.")
def acts_are_looked_after(books: Books) -> Iterator[str]:
    for entry in books.of(OutboxEntry):
        if not entry.due:
            yield entry.number


@settled("No act is owed any more.")
def acts_are_done(books: Books) -> Iterator[str]:
    for entry in books.of(OutboxEntry):
        yield entry.number


@settled("No entry is dead.")
def nothing_is_dead(books: Books) -> Iterator[str]:
    for item in books.items:
        if item.gsi2pk == DEAD:
            yield f"{item.pk} {item.sk}"


BREAKS: dict[str, Break] = {
    "acts_are_looked_after": change(OutboxEntry, {"gsi2pk": None, "gsi2sk": None}),
    "acts_are_done": nothing,
    "nothing_is_dead": change(OutboxEntry, {"gsi2pk": DEAD}),
}
