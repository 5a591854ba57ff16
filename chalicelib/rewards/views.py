"""What users and merchants see of rewards: statements and accounts."""

from __future__ import annotations

from datetime import datetime

import msgspec

from chalicelib.campaigns.gifts import Currency
from chalicelib.core import clock
from chalicelib.core.errors import Language, localised
from chalicelib.core.ids import derived
from chalicelib.notices.asking import Ask
from chalicelib.rewards import balances, words
from chalicelib.rewards.cash import Cash
from chalicelib.rewards.items import Account, Coupon, Lot
from chalicelib.rewards.lines import Line
from chalicelib.rewards.statement import Statement


class Named(msgspec.Struct, kw_only=True):
    """A campaign, as it was called when it promised."""

    campaign_id: str
    title: str | None


class Piece(msgspec.Struct, kw_only=True):
    """One piece of a coupon."""

    state: str
    """later | available | locked | used | expired | invalid"""
    detail: str
    since: datetime
    until: datetime


class CouponShown(msgspec.Struct, kw_only=True):
    """The coupon that something was given as, and where it is now."""

    coupon_id: str
    title: str
    pieces: list[Piece]


class CashShown(msgspec.Struct, kw_only=True):
    """The cash that something was given as, and where it is now; its own page has the rest."""

    cash_id: str
    state: str
    """claimable | review | sending | waiting | cancelling | paid | returned"""
    detail: str
    since: datetime
    """From when on it can be claimed."""
    until: datetime
    """The last instant at which it can be."""


class RewardLine(msgspec.Struct, kw_only=True):
    """One thing that a user gained, lost or may yet get."""

    at: datetime
    ref: str
    why: str
    why_detail: str
    state: str
    """promised | held | review | granted | spent | expired | taken_back | lapsed | void"""
    state_detail: str
    amount: int
    """Negative for what he lost; of what is not granted, what he may get."""
    currency: str
    """fen | points | cash"""
    form: str
    """balance | points | coupon | cash"""
    campaign: Named | None
    subject: str | None
    """What it is for: an order, a packet; of what is for a friend's doing, only the merchant sees which."""
    until: datetime | None
    """Of what waits: until when."""
    ended_at: datetime | None
    reason: str | None
    """Why it ended without value."""
    back: int
    """Of it, what was taken back."""
    debt: int
    """What was to be taken back and was not there; nothing that comes later is taken for it."""
    coupon: CouponShown | None
    cash: CashShown | None


class Rewards(msgspec.Struct, kw_only=True):
    """A page of a user's statement, newest first; it may be shorter than was asked for."""

    rewards: list[RewardLine]
    cursor: str | None
    ask: Ask
    now: datetime


class Code(msgspec.Struct, kw_only=True):
    """One code of a reason, and what it means."""

    code: str
    detail: str


class RewardRecord(RewardLine, kw_only=True):
    """A line as the merchant sees it."""

    reasons: list[Code]
    """Why it waits for a check, or why it ended: with what users are not told."""
    budget_drawn: int
    """What of its campaign's budget it holds or has used itself."""


class RewardRecords(msgspec.Struct, kw_only=True):
    """A page of a user's statement as the merchant sees it."""

    rewards: list[RewardRecord]
    cursor: str | None
    now: datetime


class FenAccount(msgspec.Struct, kw_only=True):
    """Balance, in fen: given, never bought, never cashed; it does not expire."""

    balance: int
    held: int
    """Held by orders that are not paid yet."""
    debt: int


class LotShown(msgspec.Struct, kw_only=True):
    """Points that expire together."""

    amount: int
    until: datetime


class PointsAccount(msgspec.Struct, kw_only=True):
    """Points."""

    balance: int
    lots: list[LotShown]
    """The earliest to expire first; they are spent in this order."""
    debt: int


class CashAccount(msgspec.Struct, kw_only=True):
    """Cash, in fen: what there is of it stands by itself, gift by gift."""

    debt: int
    """Of gifts that were undone after they had been paid; it is taken off nothing."""


class Accounts(msgspec.Struct, kw_only=True):
    """What a user has."""

    fen: FenAccount
    points: PointsAccount
    cash: CashAccount
    now: datetime


def line(found: Statement, one: Line, language: Language) -> RewardLine:
    """A line as its user sees it."""
    told = words.told_user(one.reason) if one.state in (words.Standing.VOID, words.Standing.TAKEN_BACK) else None
    of_friend = one.why in words.OF_FRIENDS
    standing: str = localised(words.STANDINGS[one.state], language)
    cash = _cash(found.cash.get(one.cash or ""), language)
    return RewardLine(
        at=one.at,
        ref=derived(one.ref) if of_friend else one.ref,
        why=one.why.value,
        why_detail=localised(words.WHY[one.why], language),
        state=one.state.value,
        state_detail=cash.detail if cash and one.state is words.Standing.GRANTED else standing,
        amount=one.amount,
        currency=one.currency.value,
        form=one.form,
        campaign=_named(found, one),
        subject=None if of_friend else one.subject,
        until=one.until,
        ended_at=one.ended_at,
        reason=localised(told, language),
        back=one.back,
        debt=one.debt,
        coupon=_coupon(found.coupons.get(one.coupon or ""), language),
        cash=cash,
    )


def record(found: Statement, one: Line, language: Language) -> RewardRecord:
    """A line as the merchant sees it."""
    reasons = [
        Code(code=code, detail=localised(words.told_merchant(code), language)) for code in words.codes(one.reason)
    ]
    shown = line(found, one, language)
    all_of_it = {**msgspec.structs.asdict(shown), "ref": one.ref, "subject": one.subject}
    return RewardRecord(**all_of_it, reasons=reasons, budget_drawn=one.drawn)


def accounts(found: dict[Currency, Account]) -> Accounts:
    """What a user has, of points what has not expired."""
    fen, points, cash = (found.get(currency) for currency in (Currency.FEN, Currency.POINTS, Currency.CASH))
    lots: list[Lot] = balances.live(points) if points else []
    return Accounts(
        fen=FenAccount(
            balance=fen.balance if fen else 0,
            held=(fen.held or 0) if fen else 0,
            debt=(fen.debt or 0) if fen else 0,
        ),
        points=PointsAccount(
            balance=sum(lot.amount for lot in lots),
            lots=[LotShown(amount=lot.amount, until=lot.until) for lot in lots],
            debt=(points.debt or 0) if points else 0,
        ),
        cash=CashAccount(debt=(cash.debt or 0) if cash else 0),
        now=clock.now(),
    )


def _named(found: Statement, one: Line) -> Named | None:
    if one.cid is None:
        return None
    title = found.titles.get((one.cid, one.version)) if one.version is not None else None
    return Named(campaign_id=one.cid, title=title)


def _cash(cash: Cash | None, language: Language) -> CashShown | None:
    if cash is None:
        return None
    said = words.of_cash(cash, clock.now())
    return CashShown(
        cash_id=cash.cash_id,
        state=cash.state.value,
        detail=localised(said, language),
        since=cash.since,
        until=cash.until,
    )


def _coupon(coupon: Coupon | None, language: Language) -> CouponShown | None:
    if coupon is None:
        return None
    now, pieces = clock.now(), list[Piece]()
    for n, window in enumerate(coupon.windows):
        state = coupon.state(n, now)
        detail = localised(words.PIECES[state], language)
        pieces.append(Piece(state=state.value, detail=detail, since=window.since, until=window.until))
    return CouponShown(coupon_id=coupon.coupon_id, title=coupon.terms.title, pieces=pieces)
