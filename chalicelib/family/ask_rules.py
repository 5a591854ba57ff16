"""The rules of requests to an owner: pure decisions over what one read round found."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from chalicelib.core.errors import RippleError
from chalicelib.family import caps, standing
from chalicelib.family.ask_problems import ASK_MOST, ASK_UNKNOWN, ASKER_GONE, NOT_ASKER, OWNER_ASKS
from chalicelib.family.items import month_of
from chalicelib.family.money_problems import ASK_OVER, PRICE_CHANGED
from chalicelib.family.problems import NOT_OWNER
from chalicelib.family.states import AskState, MemberState

if TYPE_CHECKING:
    from chalicelib.family.items import Ask, Family, Member

LIFE = timedelta(hours=24)
"""How long a request may be decided."""

MOST_OPEN = 5
"""Open requests of one member."""


def insist_may_ask(family: Family, uid: str) -> None:
    """Raise `OWNER_ASKS` for who asks himself."""
    if family.owner == uid:
        raise RippleError(OWNER_ASKS)


def is_open(ask: Ask, now: datetime) -> bool:
    """Whether it may still be approved."""
    return ask.state is AskState.OPEN and now <= ask.until


def still_open(asks: Sequence[Ask], now: datetime) -> list[str]:
    """Which of somebody's requests are open now. Raises `ASK_MOST` where they are as many as there may be."""
    left = [ask.ask_id for ask in asks if is_open(ask, now)]
    if len(left) >= MOST_OPEN:
        raise RippleError(ASK_MOST, limit=MOST_OPEN)
    return left


def seen_by(ask: Ask | None, family: Family, uid: str) -> Ask:
    """The request, for who asked and for the owner. Raises `ASK_UNKNOWN` for anybody else."""
    if ask is None or uid not in (ask.uid, family.owner):
        raise RippleError(ASK_UNKNOWN)
    return ask


def insist_owner(family: Family, ask: Ask, uid: str) -> None:
    """Raise `NOT_OWNER` for who does not own the family, and `OWNER_ASKS` where the owner by now is who asked."""
    if family.owner != uid:
        raise RippleError(NOT_OWNER)
    if ask.uid == uid:
        raise RippleError(OWNER_ASKS)


def of_asker(ask: Ask, uid: str) -> Ask:
    """The request, for who asked. Raises `NOT_ASKER`."""
    if ask.uid != uid:
        raise RippleError(NOT_ASKER)
    return ask


def insist_fits(ask: Ask | None, uid: str, total_fen: int, now: datetime) -> None:
    """Raise `ASK_OVER` for a request that this buyer has not open, and `PRICE_CHANGED`."""
    if ask is None or ask.uid != uid or not is_open(ask, now):
        raise RippleError(ASK_OVER)
    if ask.total_fen != total_fen:
        raise RippleError(PRICE_CHANGED, total_fen=total_fen, asked_fen=ask.total_fen)


def insist_may_approve(family: Family | None, member: Member | None, ask: Ask, now: datetime) -> None:
    """Raise what an approval would be refused for by the family, its wallet and who asks; its play may refuse besides.

    Raises `ASKER_GONE`, and what `standing.insist_may_spend` and `caps.Room.all_of` raise.
    """
    if family is None or member is None or member.state is MemberState.REMOVED:
        raise RippleError(ASKER_GONE)
    standing.insist_may_spend(family, member, now)
    caps.room(family, member, month_of(now)).all_of(ask.total_fen)


def ended_as(ask: Ask, state: AskState) -> bool:
    """Whether it has that state already. Raises `ASK_OVER` where it ended otherwise."""
    if ask.state not in (AskState.OPEN, state):
        raise RippleError(ASK_OVER)
    return ask.state is state
