"""Words that the gate refuses and an owner lets stand: one word in one field, as its text is now, for a reason.

What no owner may let stand (a forced or rewarded share, invented people, random cuts, levels) stays refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.campaigns.copy_lint import folded, texts
from chalicelib.campaigns.gate import Finding, findings
from chalicelib.campaigns.offer import Offer
from chalicelib.core.errors import INVALID_FIELD, RippleError


class Wish(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """A word that is to stand, as a finding names it."""

    pointer: Annotated[str, Meta(pattern=r"^(/[A-Za-z0-9_]+)+$", max_length=100)]
    """The field in the document."""
    word: Annotated[str, Meta(min_length=1, max_length=60)]
    reason: Annotated[str, Meta(min_length=1, max_length=200)]
    """Why it is lawful there."""


class Allowed(msgspec.Struct, kw_only=True, frozen=True):
    """A word that may stand: where, why, by whose key and since when."""

    pointer: str
    word: str
    reason: str
    by: str
    at: datetime


def granted(offer: Offer, wishes: Sequence[Wish], before: Sequence[Allowed], by: str, at: datetime) -> list[Allowed]:
    """What is allowed from now on; what was allowed in the same words before stays as it is.

    Raises `INVALID_FIELD` for a word that is not there or that nobody may allow, and for a reason that says nothing.
    """
    refused = {_place(found.pointer, found.word): found for found in findings(offer, at) if found.word is not None}
    known = {(one.pointer, one.word, one.reason): one for one in before}
    given: dict[tuple[str, str], Allowed] = {}
    for n, wish in enumerate(wishes):
        place = _place(wish.pointer, wish.word)
        found = refused.get(place)
        if found is None:
            raise _wrong(n, "word", "该字段中没有被拦截的此用语", "the gate does not refuse it in that field")
        if not found.allowable:
            raise _wrong(n, "word", "此类用语不可放行", "no owner may let that stand")
        if place in given:
            raise _wrong(n, "word", "重复", "it is named twice")
        if not folded(wish.reason):
            raise _wrong(n, "reason", "请填写理由", "say why")
        now = Allowed(pointer=wish.pointer, word=wish.word, reason=wish.reason, by=by, at=at)
        given[place] = known.get((wish.pointer, wish.word, wish.reason), now)
    return list(given.values())


def same(allowed: Sequence[Allowed], wishes: Sequence[Wish]) -> bool:
    """Whether ``allowed`` is what ``wishes`` ask for."""
    return [(one.pointer, one.word, one.reason) for one in allowed] == [(w.pointer, w.word, w.reason) for w in wishes]


def kept(allowed: Iterable[Allowed], before: Offer, after: Offer) -> list[Allowed]:
    """What stays allowed when a document is edited: words in texts that did not change."""
    old, new = texts(before), texts(after)
    return [one for one in allowed if old.get(one.pointer) == new.get(one.pointer)]


def without(allowed: Iterable[Allowed], refused: Iterable[Finding]) -> list[Finding]:
    """The findings that no permission answers."""
    places = {_place(one.pointer, one.word) for one in allowed}
    return [f for f in refused if not (f.allowable and f.word is not None and _place(f.pointer, f.word) in places)]


def told(allowed: Iterable[Allowed]) -> str:
    """What the audit log says of it."""
    return "; ".join(f"{one.pointer} {one.word}: {one.reason}" for one in allowed)


def _place(pointer: str, word: str) -> tuple[str, str]:
    return pointer, folded(word)


def _wrong(n: int, field: str, zh: str, en: str) -> RippleError:
    return RippleError(INVALID_FIELD, f"/allowed/{n}/{field}", reason=(zh, en))
