"""What merchants see of the ledger: a user's books, rebuilt, and a campaign's budgets."""

from __future__ import annotations

from datetime import datetime

import msgspec


class SumShown(msgspec.Struct, kw_only=True):
    """What everything that was moved comes to, beside what is there."""

    account: str
    """fen | points | coupons | cash"""
    legs: int
    there: int
    differs: int


class RebuiltShown(msgspec.Struct, kw_only=True):
    """A user's books, rebuilt; nothing was changed."""

    sums: list[SumShown]
    agree: bool
    steady: bool
    """Whether the accounts stood still meanwhile; ask again where they did not."""
    now: datetime


class HourShown(msgspec.Struct, kw_only=True):
    """What was drawn in an hour."""

    since: datetime
    drawn: int


class BudgetShown(msgspec.Struct, kw_only=True):
    """One budget of a campaign."""

    budget: str
    """fen | points | cash; budget: what all cuts of a bargain campaign may come to; coupons | burst.<number>."""
    currency: str
    """fen | points | cash, which is in fen | pieces: coupons of a template, gifts of a burst."""
    said: int
    """What the campaign's document says."""
    added: int
    """What was put to it since, less what was released."""
    total: int
    left: int
    taken: int
    """Reserved by promises, and spent."""
    used_percent: int
    """Rounded down."""
    low: bool
    """Whether four fifths are used."""
    hours: list[HourShown]
    """Hours in which something was drawn, the latest last, as far as they were looked at: at most 48."""


class Budgets(msgspec.Struct, kw_only=True):
    """The budgets of a campaign."""

    campaign_id: str
    status: str
    budgets: list[BudgetShown]
    now: datetime
