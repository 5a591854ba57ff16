"""Who may have invited whom, and what an edge keeps of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from chalicelib.core.errors import RippleError
from chalicelib.core.ids import UserId
from chalicelib.invite.problems import INVITER_NEWER, SELF_INVITE

if TYPE_CHECKING:
    from chalicelib.accounts.items import User
    from chalicelib.campaigns.live import Live

DEPTH = 5
"""Ancestors that an edge keeps, and depths at which descendants are counted."""

EVERYBODY = "ALL"
"""The leaderboard of invites outside any campaign, and the object of a user's own invitation."""


def insist_may_bind(child: User, parent: User, pointer: str) -> None:
    """The inviter is another and registered first: so no chain of inviters ever comes round.

    Ids begin with the instant of their making, so that the order of ids is an order in time. Raises `SELF_INVITE`,
    `INVITER_NEWER`.
    """
    if parent.is_same_person(child):
        raise RippleError(SELF_INVITE, pointer)
    if parent.uid > child.uid or parent.created_at > child.created_at:
        raise RippleError(INVITER_NEWER, pointer)


def ancestors(parent: UserId, above: Sequence[UserId]) -> list[UserId]:
    """The nearest ancestors of somebody whom ``parent`` invites, who has those ``above`` him."""
    return [parent, *above][:DEPTH]


def board_of(campaign: Live[Any] | None, now: datetime) -> str:
    """Where an edge counts: on the board of the campaign it came through while that runs, else on everybody's."""
    return campaign.cid if campaign is not None and campaign.is_running(now) else EVERYBODY
