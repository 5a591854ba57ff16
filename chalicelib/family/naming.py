"""The name of a family: WeChat is asked when it is given, and until it is cleared its owner alone sees it (rules W14).

What WeChat is in doubt of, or did not look at, waits for the merchant (`items.hidden_names_index`).
"""

from __future__ import annotations

from datetime import datetime

import msgspec
from pynamodb.expressions.update import Action

from chalicelib.accounts import names
from chalicelib.accounts.items import NameCheck, NameState, User
from chalicelib.accounts.problems import TEXT_REFUSED
from chalicelib.core.errors import INVALID_FIELD, RippleError
from chalicelib.family.items import Family, hidden_names_index, place

POINTER = "/name"


class Named(msgspec.Struct, frozen=True):
    """A name, and whether others may see it."""

    name: str
    state: NameState
    check: NameCheck | None
    at: datetime

    def actions(self, family: Family) -> list[Action]:
        """What gives it to a family that has another, and lists it where it waits for the merchant."""
        said: list[Action] = [Family.name.set(self.name), Family.name_state.set(self.state)]
        said.append(Family.named_at.set(self.at))
        said.append(Family.name_check.set(self.check) if self.check is not None else Family.name_check.remove())
        if not waits(self.state):
            return [*said, Family.gsi1pk.remove(), Family.gsi1sk.remove()]
        where = hidden_names_index(family.mid)
        return [*said, Family.gsi1pk.set(where), Family.gsi1sk.set(place(self.at, family.fid))]


def waits(state: NameState) -> bool:
    """Whether a name waits for the merchant."""
    return state in names.WAITING


def stripped(name: str) -> str:
    """A name as it is kept. Raises `INVALID_FIELD` where nothing of it is left."""
    if not (kept := name.strip()):
        raise RippleError(INVALID_FIELD, POINTER, reason=("不能为空", "it is empty"))
    return kept


def judged(user: User, name: str, now: datetime) -> Named:
    """What WeChat says of a name that ``user`` gives. Raises `TEXT_REFUSED` for one that nobody may see."""
    found = names.asked(user, name)
    if found is None:
        return Named(name, NameState.UNCHECKED, None, now)
    state = names.STATES[found.suggest]
    if state is NameState.REFUSED:
        raise RippleError(TEXT_REFUSED, POINTER)
    return Named(name, state, NameCheck(found.label, found.trace_id), now)


def changed(family: Family, user: User, name: str, now: datetime) -> Named | None:
    """Likewise, for a family that has a name; None where that is it and stays as it is. Raises `TEXT_REFUSED`."""
    if name == family.name and family.name_state in (NameState.SHOWN, NameState.REVIEW):
        return None
    if name == family.name and family.name_state is NameState.REFUSED:
        raise RippleError(TEXT_REFUSED, POINTER)
    return judged(user, name, now)
