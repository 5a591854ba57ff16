"""The lint of the ten usual mistakes of posters: what is wrong with a page, each judged by a function of its own.

All are computed from the composed picture and its words; the same page has the same mistakes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from chalicelib.pictures import lint_clutter, lint_code, lint_places, lint_sight, lint_words
from chalicelib.pictures.document import Fault, Mistake
from chalicelib.pictures.page import Page
from chalicelib.pictures.phone import code_fault

JUDGES: dict[Mistake, Callable[[Page], Iterator[Fault]]] = {
    Mistake.PROPORTIONS: lint_places.proportions,
    Mistake.CLUTTER: lint_clutter.faults,
    Mistake.CONTRAST: lint_sight.contrast,
    Mistake.CODE: lint_code.faults,
    Mistake.TOO_MUCH_TEXT: lint_words.too_much,
    Mistake.EXAGGERATED: lint_words.exaggerated,
    Mistake.RESOLUTION: lint_places.resolution,
    Mistake.NO_ACTION: lint_words.no_action,
    Mistake.NO_BENEFIT: lint_words.no_benefit,
    Mistake.UNREADABLE: lint_sight.unreadable,
}


class Judged(NamedTuple):
    """What is wrong with a page, in the order of the ten, and what its code says at a phone's size."""

    faults: list[Fault]
    reads: str | None


def judged(page: Page) -> Judged:
    """Every mistake of a page; forbidden words are judged by whoever asked for the poster."""
    unread, reads = code_fault(page)
    found = list[Fault]()
    for mistake, judge in JUDGES.items():
        found += judge(page)
        if mistake is Mistake.CODE and unread is not None:
            found.append(unread)
    return Judged(found, reads)


def faults(page: Page) -> list[Fault]:
    """The mistakes alone."""
    return judged(page).faults
