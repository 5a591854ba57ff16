"""What a client sees of a bargain: what it needs, who has helped, what I may do now and why not."""

from __future__ import annotations

from datetime import datetime

import msgspec

from chalicelib.accounts.newcomer import Verdict
from chalicelib.campaigns.views import WhyNot
from chalicelib.core.money import Saving
from chalicelib.notices.asking import Ask
from chalicelib.orders.lines import Quoted
from chalicelib.orders.views import OrderHeld
from chalicelib.sharing.views import CameBy, Share


class Slot(msgspec.Struct, kw_only=True):
    """One part of the whole cut: the same whoever takes it."""

    cut_fen: int
    taken: bool


class Helper(msgspec.Struct, kw_only=True):
    """Somebody who helped, as strangers see him: masked."""

    nickname: str
    avatar_url: str | None
    cut_fen: int
    at: datetime


class MyHelp(msgspec.Struct, kw_only=True):
    """The caller's own help."""

    state: str
    """counted | checking | not_counted"""
    cut_fen: int | None


class BargainCard(msgspec.Struct, kw_only=True):
    """A bargain in a list."""

    bargain_id: str
    campaign_id: str
    sku_id: str
    status: str
    """active | settling | floor | ordering | bought | expired | missed | cancelled | closed"""
    need: int
    """Parts of the whole cut, the owner's own too."""
    have: int
    left: int
    price_fen: int
    ends_at: datetime
    """While an early order freezes it, when it would end if that were given up now."""
    claim_until: datetime | None
    """Until when it may be bought at the floor, once it is there."""


class BargainView(BargainCard, kw_only=True):
    """A bargain as the caller sees it."""

    title: str
    start_price_fen: int
    floor_price_fen: int
    reference_price_fen: int
    reference_basis: str
    saving: Saving
    """Of the price now."""
    slots: list[Slot]
    self_cut: bool
    """Whether the first part is the owner's own."""
    helps: list[Helper]
    owner: str
    """His name, masked."""
    mine: bool
    my_help: MyHelp | None
    order_id: str | None
    """For its owner: the order that is live, or that bought it."""
    may_help: bool
    may_buy: bool
    why_not: WhyNot | None
    """Why its owner may not buy, or anybody else not help."""
    help_ticket: str | None
    """To be sent with a help, not before two seconds and within ten minutes; only where helping is possible."""
    stock_note: str | None
    """That stock is not reserved, where it is not."""
    share: Share | None
    ask: Ask
    now: datetime


class MyBargains(msgspec.Struct, kw_only=True):
    """A page of the caller's bargains, newest first."""

    bargains: list[BargainCard]
    cursor: str | None
    now: datetime


class Started(BargainCard, kw_only=True):
    """A bargain that has begun, and what each part cuts."""

    slots_fen: list[int]
    stock_note: str | None
    now: datetime


class HelpTaken(msgspec.Struct, kw_only=True):
    """What became of a help, and of the bargain with it."""

    bargain: BargainCard
    my_help: MyHelp
    detail: str
    now: datetime


class BargainOrder(OrderHeld, kw_only=True):
    """An order of what was bargained for, and what ``wx.requestPayment`` takes; without ``pay`` (202) ask again."""

    bargain_id: str


class BargainQuote(Quoted, kw_only=True):
    """What a bargain costs now and why; the price may move until it is ordered."""

    bargain_id: str


class HelpRecord(msgspec.Struct, kw_only=True):
    """A help as the merchant sees it."""

    user_id: str
    nickname: str
    state: str
    """counted | held | rejected | moot"""
    slot: int | None
    """Which part it took, from 1."""
    cut_fen: int | None
    reasons: list[str]
    """The signals that the verdict on it found."""
    thresholds: int
    """The version of the thresholds it was judged by."""
    since: datetime
    decided_at: datetime | None
    passes_at: datetime | None
    """When a held one is approved by itself."""
    verdict: Verdict | None
    """Why he counted as new, where only new users may help."""
    came_by: CameBy | None
    """By whose share he came; sharing itself is never rewarded."""


class BargainRecord(msgspec.Struct, kw_only=True):
    """A bargain as its merchant sees it."""

    bargain: BargainCard
    owner_id: str
    held: int
    """Helps that wait for a decision."""
    start_price_fen: int
    slots_fen: list[int]
    reserved_fen: int
    """What of the campaign's budget it holds while it is not over."""
    spent_fen: int
    """What it has used of it."""
    closing: bool
    """Closed by the merchant while it is being paid for."""
    order_id: str | None
    created_at: datetime
    helps: list[HelpRecord]
    now: datetime


class Bargains(msgspec.Struct, kw_only=True):
    """A page of a campaign's bargains, newest first."""

    bargains: list[BargainCard]
    cursor: str | None
    now: datetime
