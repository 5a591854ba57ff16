"""A group on the live cards that its people send: how it stands, and that it may have changed."""

from __future__ import annotations

from collections.abc import Sequence

from pynamodb.expressions.update import Action

from chalicelib.core import clock, due
from chalicelib.core.table import Item
from chalicelib.groupbuy.items import GROUP, LIVE_STATES, Group, group_key
from chalicelib.groupbuy.states import GroupState
from chalicelib.notices import cards
from chalicelib.notices.card_items import Carded
from chalicelib.notices.card_rules import Run, Standing

MARK = "~"
"""The table's stream tells of every change of what has it (`infra/resources.yaml`)."""


def standing(group: Item | None) -> Standing | None:
    """Who has paid is there, and stays: a seat that is held may come free again."""
    if not isinstance(group, Group):
        return None
    run = Run.SUCCEEDED if group.status is GroupState.SUCCEEDED else Run.OVER
    return Standing(group.paid, group.need, Run.JOINING if group.status in LIVE_STATES else run)


def moved(groups: Sequence[Group]) -> None:
    """Groups that have cards have changed (what the stream tells of `Group`): who is full is settled before its minute.

    A group that no card was made of waits for the sweep.
    """
    for group in groups:
        if group.status is GroupState.SUCCEEDED and group.gsi2sk and group.due and group.due <= clock.now():
            due.handle(group.key, group.gsi2sk)
    cards.changed(GROUP, ((group.mid, group.gid) for group in groups))


def _mark() -> Action:
    return Group.live_card.set(MARK)


LIVE = Carded(key=group_key, standing=standing, mark=_mark)
