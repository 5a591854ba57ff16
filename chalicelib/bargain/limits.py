"""What one user may take of a bargain campaign: taken where the promise is made, given back where it ends."""

from __future__ import annotations

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.bargain.items import Help, Limit
from chalicelib.bargain.rules import REMEMBERED
from chalicelib.campaigns.kinds.bargain import BargainLimits
from chalicelib.core.table import Key
from chalicelib.core.transaction import Transaction


def add_start(tx: Transaction, key: Key, limits: BargainLimits) -> None:
    """A bargain begins, and is one of its owner's that are not over."""
    when = {
        "starts": Limit.starts.does_not_exist() | (Limit.starts < limits.starts),
        "active": Limit.active.does_not_exist() | (Limit.active < limits.active),
    }
    tx.upsert("limit", key, [Limit.starts.add(1), Limit.active.add(1)], when=when)


def add_end(tx: Transaction, key: Key) -> None:
    """A bargain of his is over; that he started it stays counted."""
    tx.update("limit", key, [Limit.active.add(-1)], when={"counted": Limit.active >= 1})


def add_help(tx: Transaction, key: Key, limits: BargainLimits, seen: Limit | None, day: str, owner: str) -> None:
    """A help to ``owner`` on ``day``, under the limits of campaign and day; an older day counts as none."""
    when: dict[str, Condition] = {"helps": Limit.helps.does_not_exist() | (Limit.helps < limits.helps)}
    actions: list[Action] = [Limit.helps.add(1), Limit.helped.set(_remembered(seen, owner))]
    if seen is not None and seen.helped is not None:
        when["as_seen"] = Limit.helped == seen.helped
    else:
        when["none_yet"] = Limit.helped.does_not_exist()
    if seen is not None and seen.day == day:
        when["same_day"] = Limit.day == day
        when["today"] = Limit.today < limits.helps_a_day
        actions.append(Limit.today.add(1))
    else:
        when["new_day"] = Limit.day.does_not_exist() | (Limit.day < day)
        actions += [Limit.day.set(day), Limit.today.set(1)]
    tx.upsert("limit", key, actions, when=when)


def add_back(tx: Transaction, key: Key, seen: Limit | None, given: Help) -> None:
    """A held help was not needed: its limit goes back, the day's only if that is still the same day."""
    when: dict[str, Condition] = {"counted": Limit.helps >= 1}
    actions: list[Action] = [Limit.helps.add(-1)]
    if seen is not None and seen.day == given.day:
        when["same_day"] = Limit.day == given.day
        actions.append(Limit.today.add(-1))
    else:
        when["later_day"] = Limit.day > given.day
    tx.update("limit", key, actions, when=when)


def _remembered(seen: Limit | None, owner: str) -> list[str]:
    """Whom he helped last, this one last of all."""
    before = [uid for uid in (seen.helped or [] if seen else []) if uid != owner]
    return [*before, owner][-REMEMBERED:]
