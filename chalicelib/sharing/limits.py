"""What one user may take of a campaign whose objects friends help: taken with the promise, given back with its end.

A campaign's limits of a user lie on one item, which a play's own class gives a place (`HelpLimit`).
"""

from __future__ import annotations

from pynamodb.attributes import UnicodeAttribute
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.core.table import IntAttribute, Item, Key, StructAttribute
from chalicelib.core.transaction import Transaction

REMEMBERED = 8
"""Whom a user helped last: so many of them."""


class HelpLimit(Item):
    """What a user has taken of a campaign: absent counters are zero."""

    starts = IntAttribute(null=True)
    active = IntAttribute(null=True)
    """Of what he started, that is not over; only where the campaign limits it."""
    helps = IntAttribute(null=True)
    """Helps and claims."""
    day = UnicodeAttribute(null=True)
    """The merchant's day on which he helped last."""
    today = IntAttribute(null=True)
    """Helps on that day; on any other it counts as none."""
    helped = StructAttribute[list[str]](list[str], null=True)
    """Whom he helped last."""


def add_start(tx: Transaction, key: Key, *, starts: int, active: int | None) -> None:
    """He starts one of ``starts``, and where that is limited one of ``active`` that are not over."""
    when: dict[str, Condition] = {"starts": HelpLimit.starts.does_not_exist() | (HelpLimit.starts < starts)}
    actions: list[Action] = [HelpLimit.starts.add(1)]
    if active is not None:
        when["active"] = HelpLimit.active.does_not_exist() | (HelpLimit.active < active)
        actions.append(HelpLimit.active.add(1))
    tx.upsert("limit", key, actions, when=when)


def add_end(tx: Transaction, key: Key) -> None:
    """One of his is over; that he started it stays counted."""
    tx.update("limit", key, [HelpLimit.active.add(-1)], when={"counted": HelpLimit.active >= 1})


def add_help(
    tx: Transaction, key: Key, *, helps: int, a_day: int, seen: HelpLimit | None, day: str, owner: str
) -> None:
    """A help to ``owner`` on ``day``, under the limits of campaign and day; an older day counts as none."""
    when: dict[str, Condition] = {"helps": HelpLimit.helps.does_not_exist() | (HelpLimit.helps < helps)}
    actions: list[Action] = [HelpLimit.helps.add(1), HelpLimit.helped.set(_remembered(seen, owner))]
    if seen is not None and seen.helped is not None:
        when["as_seen"] = HelpLimit.helped == seen.helped
    else:
        when["none_yet"] = HelpLimit.helped.does_not_exist()
    if seen is not None and seen.day == day:
        when["same_day"] = HelpLimit.day == day
        when["today"] = HelpLimit.today < a_day
        actions.append(HelpLimit.today.add(1))
    else:
        when["new_day"] = HelpLimit.day.does_not_exist() | (HelpLimit.day < day)
        actions += [HelpLimit.day.set(day), HelpLimit.today.set(1)]
    tx.upsert("limit", key, actions, when=when)


def add_back(tx: Transaction, key: Key, seen: HelpLimit | None, day: str) -> None:
    """A held help of that ``day`` was not needed: its limit goes back, the day's only if it is still the same day."""
    when: dict[str, Condition] = {"counted": HelpLimit.helps >= 1}
    actions: list[Action] = [HelpLimit.helps.add(-1)]
    if seen is not None and seen.day == day:
        when["same_day"] = HelpLimit.day == day
        actions.append(HelpLimit.today.add(-1))
    else:
        when["later_day"] = HelpLimit.day > day
    tx.update("limit", key, actions, when=when)


def _remembered(seen: HelpLimit | None, owner: str) -> list[str]:
    """Whom he helped last, this one last of all."""
    before = [uid for uid in (seen.helped or [] if seen else []) if uid != owner]
    return [*before, owner][-REMEMBERED:]
