"""Who may have invited whom, and what an edge keeps of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from chalicelib.campaigns.gifts import AsCash
from chalicelib.campaigns.kinds.invite import Commission, InviteOffer, OrderKind
from chalicelib.core.errors import RippleError
from chalicelib.core.ids import UserId
from chalicelib.invite.problems import INVITER_NEWER, SELF_INVITE
from chalicelib.merchants.cash_lacks import LEAST_FEN

if TYPE_CHECKING:
    from chalicelib.accounts.items import User
    from chalicelib.campaigns.live import Live
    from chalicelib.orders.items import Order

DEPTH = 5
"""Ancestors that an edge keeps, and depths at which descendants are counted."""

EVERYBODY = "ALL"
"""The leaderboard of invites outside any campaign, and the object of a user's own invitation."""

GRACE = timedelta(days=1)
"""How late an act may be heard of that was in time."""

DAILY = timedelta(days=1)
"""How soon an order is looked at again of which nobody knows when it is over."""

JUST = timedelta(seconds=1)
"""After the last moment at which goods may be sent back."""

WHOLE_BP = 10_000


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


def kind_of(order: Order) -> OrderKind | None:
    """How an order was bought; None where no campaign can say that it counts, as what a code is redeemed for."""
    if order.play == OrderKind.BARGAIN:
        return OrderKind.BARGAIN
    if order.play == "voucher":
        return None
    return OrderKind.ALONE if order.role == "solo" else OrderKind.GROUP


def counts(offer: InviteOffer, order: Order, until: datetime) -> bool:
    """Whether an order brings whoever invited its buyer anything: of a kind that counts, in time, paid by money."""
    in_time = order.confirmed_at is not None and order.confirmed_at <= until
    return kind_of(order) in offer.orders_count and in_time and paid_goods(order, order.cash_fen) > 0


def paid_goods(order: Order, money_fen: int) -> int:
    """What money pays of an order's goods, where so much of it stays: its freight is paid first."""
    return max(0, min(order.goods_fen, money_fen - (order.freight_fen or 0)))


def commission(rate: Commission, level: int, goods_fen: int) -> int:
    """What somebody at a level gets of goods that money pays, in fen or points, rounded down.

    As cash it is nothing where it is less than WeChat transfers (rules M4).
    """
    amount = min(rate.most, goods_fen * rate.bp(level) // WHOLE_BP)
    return 0 if isinstance(rate.form, AsCash) and amount < LEAST_FEN else amount


def looked_at_again(order: Order, now: datetime) -> datetime | None:
    """When a confirmed order is looked at again that may still go back; None once it stays."""
    until = order.ask_until
    if until is None or order.case is not None:
        return now + DAILY
    return until + JUST if now <= until else None
