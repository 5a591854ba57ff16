"""What a merchant sees of cash: what he owes, how days compared, what a year's users were paid, one user's attempts."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from chalicelib.cash.admin import OneCash, Tried
from chalicelib.cash.days import FlowDay
from chalicelib.cash.items import CashPause
from chalicelib.cash.liability import Liability
from chalicelib.cash.years import Paid
from chalicelib.merchants.cash_views import Operations


class Paused(msgspec.Struct, kw_only=True):
    """A campaign's cash waits, since WeChat refuses the merchant's account."""

    why: str
    """WeChat's code."""
    since: datetime
    until: datetime
    """Then one is tried again."""


class CampaignCash(msgspec.Struct, kw_only=True):
    """What a campaign owes in cash: its budget is what is free, owed and paid."""

    campaign_id: str
    total_fen: int
    """The whole budget, with what was put to it and without what was released."""
    free_fen: int
    promised_fen: int
    """Of gifts that have not become cash yet."""
    claimable_fen: int
    """Users may ask for it, or will when its hold is over, or wait for the merchant's word."""
    in_flight_fen: int
    """Asked for, and not ended at WeChat."""
    owed_fen: int
    """Promised, claimable and in flight together."""
    paid_fen: int
    returned_fen: int
    """So much has come back to the budget in all; it is not counted again above."""
    steady: bool
    """Whether it all stood so at one moment; where not, some of it moved while it was read."""
    paused: Paused | None


class CampaignCashShown(CampaignCash, kw_only=True):
    """One campaign's, and when it was read."""

    now: datetime


class LiabilityShown(msgspec.Struct, kw_only=True):
    """A page of the campaigns that give cash; it may be shorter than its limit."""

    campaigns: list[CampaignCash]
    cursor: str | None
    operations: Operations | None
    """None where the merchant has not said how he pays cash."""
    now: datetime


class FlowDayShown(msgspec.Struct, kw_only=True):
    """A day's comparison with the operations account's bill; the sums are WeChat's."""

    day: date
    transfers: int
    transferred_fen: int
    """What left for users, with what came back later."""
    returns: int
    returned_fen: int
    """What came back of transfers, maybe of those of the day before."""
    other_came_fen: int
    """Topped up, and whatever else is no transfer."""
    other_went_fen: int
    balance_fen: int | None
    """What the account had at the end; null where nothing moved."""
    differences: int
    """Each is listed as stuck money."""
    compared_at: datetime | None
    """None as long as it was only asked for, or is not through."""


class FlowDays(msgspec.Struct, kw_only=True):
    """A page of days compared, latest first."""

    days: list[FlowDayShown]
    cursor: str | None


class YearLine(msgspec.Struct, kw_only=True):
    """What one user was paid in a year."""

    user_id: str
    nickname: str
    paid_times: int
    paid_fen: int
    asked_times: int
    asked_fen: int
    """Asked for and not refused: paid, or on its way at the year's end."""


class Year(msgspec.Struct, kw_only=True):
    """A page of a year's users, by their ids; it may be shorter than its limit."""

    year: str
    users: list[YearLine]
    cursor: str | None


class AttemptShown(msgspec.Struct, kw_only=True):
    """One attempt to transfer it."""

    number: str
    """WeChat's `out_bill_no`."""
    state: str | None
    """How it ended, in WeChat's word; null while it has not."""
    reason: str | None
    """WeChat's word for why it came to nothing."""
    transfer_bill_no: str | None
    ended_at: datetime | None
    booked: dict[str, int]
    """What each day's bill says of it, in fen: below zero what left."""


class UserCashLine(msgspec.Struct, kw_only=True):
    """One gift of cash, and what was tried to pay it."""

    cash_id: str
    campaign_id: str
    amount_fen: int
    state: str
    """claimable | review | sending | waiting | cancelling | paid | returned"""
    note: str | None
    """Why it waits for the merchant, or why it was returned: codes."""
    failed: str | None
    """WeChat's word for why the attempt before ended."""
    since: datetime
    until: datetime
    created_at: datetime
    asked_at: datetime | None
    """When the attempt that is on its way began."""
    ended_at: datetime | None
    attempts: list[AttemptShown]
    """The latest first, ten at most."""


class UserCash(msgspec.Struct, kw_only=True):
    """A page of a user's cash."""

    cash: list[UserCashLine]
    cursor: str | None


def owed(one: Liability) -> CampaignCash:
    """A campaign's line of the liability."""
    return CampaignCash(
        campaign_id=one.cid,
        total_fen=one.total,
        free_fen=one.free,
        promised_fen=one.promised,
        claimable_fen=one.claimable,
        in_flight_fen=one.in_flight,
        owed_fen=one.owed,
        paid_fen=one.paid,
        returned_fen=one.returned,
        steady=one.steady,
        paused=_paused(one.pause) if one.pause is not None else None,
    )


def _paused(pause: CashPause) -> Paused:
    return Paused(why=pause.why, since=pause.since, until=pause.until)


def day(one: FlowDay) -> FlowDayShown:
    """How a day's comparison ended."""
    return FlowDayShown(
        day=one.day,
        transfers=one.transfers,
        transferred_fen=one.transferred_fen,
        returns=one.returns,
        returned_fen=one.returned_fen,
        other_came_fen=one.other_came_fen,
        other_went_fen=one.other_went_fen,
        balance_fen=one.balance_fen,
        differences=one.differences,
        compared_at=one.compared_at,
    )


def year_line(person: Paid) -> YearLine:
    """One user's year."""
    return YearLine(
        user_id=person.uid,
        nickname=person.nickname,
        paid_times=person.paid_times,
        paid_fen=person.paid_fen,
        asked_times=person.asked_times,
        asked_fen=person.asked_fen,
    )


def cash_line(one: OneCash) -> UserCashLine:
    """One gift of cash."""
    cash = one.cash
    return UserCashLine(
        cash_id=cash.cash_id,
        campaign_id=cash.cid,
        amount_fen=cash.amount,
        state=cash.state.value,
        note=cash.note,
        failed=cash.failed,
        since=cash.since,
        until=cash.until,
        created_at=cash.created_at,
        asked_at=cash.tapped_at,
        ended_at=cash.ended_at,
        attempts=[_attempt(tried) for tried in one.tries],
    )


def _attempt(tried: Tried) -> AttemptShown:
    known = tried.known
    return AttemptShown(
        number=tried.number,
        state=known.state.value if known is not None and known.state is not None else None,
        reason=known.reason if known is not None else None,
        transfer_bill_no=known.bill_no if known is not None else None,
        ended_at=known.ended_at if known is not None else None,
        booked=(known.booked or {}) if known is not None else {},
    )
