"""What a merchant says as a whole: whoever changes it names the edition that he read; the log tells what changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

import msgspec

from chalicelib.core import clock
from chalicelib.core.decision import decided
from chalicelib.core.errors import Problem, RippleError
from chalicelib.core.ids import derived
from chalicelib.core.store import read_one
from chalicelib.core.table import Key
from chalicelib.core.transaction import Transaction
from chalicelib.merchants import audit
from chalicelib.merchants.items import Setup

S = TypeVar("S", bound=Setup)

EDITION_LETTERS = 16


def replace(
    kind: type[S],
    key: Key,
    actor: str,
    edition: str | None,
    terms: msgspec.Struct,
    *,
    changed: Problem,
    begin: Callable[[S, datetime], None] | None = None,
) -> S:
    """Replace the terms that were read as ``edition``, None where there were none; again is the same.

    ``begin`` adds what goes with the first ones. Raises ``changed`` where another edition stands.
    """
    subject = kind.prefix.lower()
    made = _edition_after(subject, edition, terms)

    def attempt() -> S:
        found = read_one(kind, key)
        if found is not None and found.edition == made:
            return found
        before = found.edition if found is not None else None
        if before != edition:
            raise RippleError(changed, "/edition", edition=before)
        now = clock.now()
        tx = Transaction()
        said = _changes(found.terms if found is not None else None, terms)
        if found is None:
            found = kind(*key, terms=terms, edition=made, said_at=now)
            if begin is not None:
                begin(found, now)
            tx.put("setup", found)
        else:
            new = [kind.terms.set(terms), kind.edition.set(made), kind.said_at.set(now)]
            tx.update("setup", found, new, when={"edition": kind.edition == edition})
            found.terms, found.edition, found.said_at = terms, made, now
        audit.add(tx, found.mid, actor, f"{subject}.terms", found.mid, **said)
        tx.commit()
        return found

    return decided(attempt)


def _edition_after(name: str, edition: str | None, said: msgspec.Struct) -> str:
    """What the edition of ``name`` is called in which ``said`` replaces another: the same for the same change alone."""
    return derived(name, edition or "", _json(said), length=EDITION_LETTERS)


def _changes(before: msgspec.Struct | None, after: msgspec.Struct) -> dict[str, str]:
    """By field, what it says now, and what it said."""
    changed = dict[str, str]()
    for name in after.__struct_fields__:
        now = getattr(after, name)
        if before is None:
            changed[name] = _json(now)
        elif getattr(before, name) != now:
            changed[name] = f"{_json(getattr(before, name))} → {_json(now)}"
    return changed


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
