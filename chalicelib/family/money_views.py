"""What people of a family see of its wallet: the ledger's rows, and the sums of a month."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec

from chalicelib.accounts import mask, nicknames
from chalicelib.core import clock, cursor
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import query
from chalicelib.family import ledger, purse, summary
from chalicelib.family.items import Family, Member
from chalicelib.family.ledger import Row, Sight
from chalicelib.family.rows import Move, Spend
from chalicelib.family.states import MemberState
from chalicelib.family.summary import MemberSum, Month
from chalicelib.orders.lines import Promise

STAYS = Promise(
    "充入后归家庭使用，由家庭成员下单时抵扣，不再是您的个人余额",
    "It is the family's to spend from then on, and no longer your own balance.",
)
FILLED = (STAYS, purse.ENDS)
"""What is said of what somebody put in."""


class Filled(msgspec.Struct, kw_only=True):
    """What somebody put into the wallet."""

    family_id: str
    filled_fen: int
    promises: list[Promise]
    """That it is the family's from then on."""


class Someone(msgspec.Struct, kw_only=True):
    """Somebody of the family, as its others see him: masked."""

    user_id: str
    nickname: str


class LedgerRow(msgspec.Struct, kw_only=True):
    """What an order took of the wallet, or what came into it or left it otherwise."""

    kind: str
    """spend | move"""
    at: datetime
    """When it was ordered, or came in."""
    why: str
    """order; of a move filled | topped_up | top_up_back | code | code_undone | adjusted"""
    title: str | None
    """What the order buys."""
    by: Someone | None
    """Who ordered, or put it in; none where the shop did."""
    payer: Someone | None
    """Whose money it was: who owned the wallet then; none for a move."""
    granted_fen: int
    """Given value: what the order took, or what came in or, negative, left."""
    paid_fen: int
    """Bought value, likewise."""
    state: str | None
    """held | captured | released; none for a move"""
    approved: bool
    """Whether the owner approved it beyond the member's caps."""
    back_fen: int
    """What of it came back after the order was paid."""
    ended_at: datetime | None
    """When the order was paid, or released."""
    back_at: datetime | None
    """When something came back last."""
    order_id: str | None
    """Of a spend, and of a top-up that came or went back: its buyer and the owner are told."""


class Ledger(msgspec.Struct, kw_only=True):
    """A page of the ledger, newest first; a member's page may be shorter than its limit."""

    rows: list[LedgerRow]
    cursor: str | None
    now: datetime


class MemberMonth(msgspec.Struct, kw_only=True):
    """What one member's orders of the month come to, in fen."""

    member: Someone
    spent_fen: int
    """What counts in his caps."""
    approved_fen: int
    """What the owner approved beyond them."""
    captured_fen: int
    """Of both, what orders were paid with, also where some of it came back."""
    held_fen: int
    """Of both, what may still come back unspent."""
    back_fen: int
    """Of what was captured, what came back."""
    orders: int
    """How many took something, those that were released left out."""


class MovedMonth(msgspec.Struct, kw_only=True):
    """What came in or, negative, left for one reason."""

    why: str
    granted_fen: int
    paid_fen: int


class MonthSummary(msgspec.Struct, kw_only=True):
    """A month of the wallet: of its owner all, of a member what is his."""

    family_id: str
    month: str
    members: list[MemberMonth]
    moves: list[MovedMonth]
    whole: bool
    """Whether this is all of the month; else its parts are to be added, by ``cursor``."""
    cursor: str | None
    now: datetime


def page(mid: MerchantId, sight: Sight, limit: int, before: str | None) -> Ledger:
    """A page of what somebody sees of the ledger."""
    rows, more = ledger.newest(sight.family, limit, before)
    shown = [row for row in rows if sight.shows(row)]
    people = _people(mid, {uid for row in shown for uid in _named(row)})
    return Ledger(rows=[_row(row, people, sight) for row in shown], cursor=cursor.of_position(more), now=clock.now())


def month(mid: MerchantId, sight: Sight, named: str, since: str | None) -> MonthSummary:
    """What somebody sees of a month; its owner also of members who spent nothing."""
    sums = summary.month(sight, named, since)
    quiet = {uid: MemberSum() for uid in [str(sight.uid), *(_belonging(sight.family) if sight.all else [])]}
    there = {**quiet, **sums.members}
    people = _people(mid, there)
    return MonthSummary(
        family_id=sight.family.fid,
        month=named,
        members=[_member(people.get(uid) or _nobody(uid), his) for uid, his in sorted(there.items())],
        moves=_moves(sums),
        whole=since is None and sums.after is None,
        cursor=cursor.of_position(sums.after),
        now=clock.now(),
    )


def _named(row: Row) -> tuple[str, ...]:
    return (row.uid, row.payer) if isinstance(row, Spend) else (row.by,)


def _people(mid: MerchantId, uids: Iterable[str]) -> dict[str, Someone]:
    """Those of them who are users: a merchant's key is none."""
    called = nicknames.seen(mid, uids)
    return {uid: Someone(user_id=uid, nickname=name) for uid, name in called.items()}


def _nobody(uid: str) -> Someone:
    """Somebody who is no user any more."""
    return Someone(user_id=uid, nickname=mask.NOBODY)


def _belonging(family: Family) -> list[str]:
    there = query(family.pk, begins=Member.prefix, limit=100).items
    return [str(one.uid) for one in there if isinstance(one, Member) and one.state is not MemberState.REMOVED]


def _row(row: Row, people: dict[str, Someone], sight: Sight) -> LedgerRow:
    order = sight.order(row)
    return _moved(row, people, order) if isinstance(row, Move) else _spent(row, people, order)


def _spent(row: Spend, people: dict[str, Someone], order: str | None) -> LedgerRow:
    return LedgerRow(
        kind="spend",
        at=row.at,
        why="order",
        title=row.title,
        by=people.get(row.uid) or _nobody(row.uid),
        payer=people.get(row.payer) or _nobody(row.payer),
        granted_fen=row.granted,
        paid_fen=row.paid,
        state=row.state.value,
        approved=row.ask is not None,
        back_fen=row.back_granted + row.back_paid,
        ended_at=row.captured_at or row.released_at,
        back_at=row.back_at,
        order_id=order,
    )


def _moved(row: Move, people: dict[str, Someone], order: str | None) -> LedgerRow:
    return LedgerRow(
        kind="move",
        at=row.at,
        why=row.why.value,
        title=None,
        by=people.get(row.by),
        payer=None,
        granted_fen=row.granted,
        paid_fen=row.paid,
        state=None,
        approved=False,
        back_fen=0,
        ended_at=None,
        back_at=None,
        order_id=order,
    )


def _member(who: Someone, his: MemberSum) -> MemberMonth:
    return MemberMonth(
        member=who,
        spent_fen=his.spent,
        approved_fen=his.approved,
        captured_fen=his.captured,
        held_fen=his.held,
        back_fen=his.back,
        orders=his.orders,
    )


def _moves(sums: Month) -> list[MovedMonth]:
    return [
        MovedMonth(why=why.value, granted_fen=granted, paid_fen=paid) for why, (granted, paid) in sums.moves.items()
    ]
