"""What a merchant sees of single codes, and what the staff see of what they redeemed."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from chalicelib.campaigns.kinds.brings import BringsAtCounter, Brought, shown
from chalicelib.campaigns.kinds.codes import CodesOffer
from chalicelib.core import clock
from chalicelib.core.errors import Language, localised
from chalicelib.voucher import values
from chalicelib.voucher.items import Asked, Used
from chalicelib.voucher.looking import Seen
from chalicelib.voucher.rules import why_not_undone
from chalicelib.voucher.service import Redemption
from chalicelib.voucher.states import SAID, CodeState
from chalicelib.voucher.views import how


class CodeRequest(msgspec.Struct, kw_only=True):
    """A request that redeemed a code."""

    at: datetime
    user_id: str | None
    by: str | None
    """The staff's key; null where its user redeemed it himself."""
    undone_at: datetime | None


class CodeRecord(msgspec.Struct, kw_only=True):
    """A code that something happened to."""

    batch_id: str
    serial: int
    state: str
    """unused | redeemed | restored | revoked | expired"""
    bound_to: str | None
    """The only user who may redeem it."""
    user_id: str | None
    """Who has redeemed it."""
    by: str | None
    """The staff's key that redeemed it."""
    redeemed_at: datetime | None
    order_id: str | None
    coupon_id: str | None
    cash_id: str | None
    undone: bool
    """Whether a redemption of it was undone: no second one can be."""
    requests: list[CodeRequest]
    """All that redeemed it, undone ones too."""
    note: str | None
    """Why it was revoked or undone."""


class CodesUsed(msgspec.Struct, kw_only=True):
    """A page of codes that something happened to, by serial; it may be empty, and yet go on."""

    codes: list[CodeRecord]
    cursor: str | None
    now: datetime


class CodeStatus(msgspec.Struct, kw_only=True):
    """All that its merchant may know of a code."""

    standing: str
    """mistyped | forged | unknown | making | live | not_yet | redeemed | restored | revoked | range_revoked | expired |
    key_retired"""
    detail: str
    batch_id: str | None = None
    serial: int | None = None
    label: str | None = None
    """Of its batch."""
    batch_status: str | None = None
    campaign_id: str | None = None
    campaign_status: str | None = None
    """Codes are redeemed while it is published, within its time; sold ones also afterwards."""
    title: str | None = None
    """The campaign's."""
    brings: Brought | None = None
    hand_over: str | None = None
    """What the staff hand over; null where what it brings goes to an account."""
    how: str | None = None
    """redeem | order | counter: by which act it is redeemed."""
    since: datetime | None = None
    until: datetime | None = None
    """It may be redeemed before this; null where it does not expire."""
    undo_until: datetime | None = None
    """Its redemption may be undone until then; null where it may not."""
    code: CodeRecord | None = None
    """Null where nothing has happened to it."""
    now: datetime


class RedeemedAtCounter(msgspec.Struct, kw_only=True):
    """What the staff have redeemed."""

    batch_id: str
    serial: int
    campaign_id: str
    title: str
    brings: Brought
    hand_over: str | None
    """What to hand over now; null where what it brings went to the user's account, or was undone."""
    user_id: str | None
    redeemed_at: datetime
    coupon_id: str | None
    undone: bool
    """Whether it was undone since."""
    undo_until: datetime | None
    now: datetime


def record(used: Used, offer: CodesOffer) -> CodeRecord:
    """A code that something happened to."""
    done = used.state is CodeState.REDEEMED
    return CodeRecord(
        batch_id=used.bid,
        serial=used.serial,
        state=used.state.value,
        bound_to=used.bound,
        user_id=used.uid,
        by=used.by,
        redeemed_at=used.at,
        order_id=used.order,
        coupon_id=values.coupon_brought(offer, used) if done else None,
        cash_id=values.cash_brought(offer, used) if done else None,
        undone=bool(used.undone),
        requests=[_request(one) for one in used.asked or []],
        note=used.note,
    )


def status(seen: Seen, language: Language) -> CodeStatus:
    """All that is known of a code; of one that is none, only that."""
    told = CodeStatus(standing=seen.standing.value, detail=localised(SAID[seen.standing], language), now=clock.now())
    batch, campaign = seen.batch, seen.campaign
    if batch is None or campaign is None:
        return told
    offer = campaign.offer
    return msgspec.structs.replace(
        told,
        batch_id=batch.bid,
        serial=seen.serial,
        label=batch.label,
        batch_status=batch.status.value,
        campaign_id=batch.cid,
        campaign_status=campaign.status.value,
        title=offer.title,
        brings=shown(offer.brings),
        hand_over=handed(offer),
        how=how(offer),
        since=batch.since,
        until=batch.until,
        undo_until=undo_until(offer, seen.used),
        code=record(seen.used, offer) if seen.used is not None else None,
    )


def at_counter(done: Redemption) -> RedeemedAtCounter:
    """What was redeemed, and what is to be handed over for it."""
    used, offer = done.used, done.offer
    return RedeemedAtCounter(
        batch_id=used.bid,
        serial=used.serial,
        campaign_id=used.cid,
        title=offer.title,
        brings=shown(offer.brings),
        hand_over=None if done.undone else handed(offer),
        user_id=None if done.undone else used.uid,
        redeemed_at=done.at,
        coupon_id=None if done.undone else values.coupon_brought(offer, used),
        undone=done.undone,
        undo_until=undo_until(offer, used),
        now=clock.now(),
    )


def handed(offer: CodesOffer) -> str | None:
    """What the staff hand over for a code."""
    return offer.brings.title if isinstance(offer.brings, BringsAtCounter) else None


def undo_until(offer: CodesOffer, used: Used | None) -> datetime | None:
    """Until when a redemption may be undone; None where it may not, or there is none."""
    if used is None or used.at is None or why_not_undone(offer, used, clock.now()) is not None:
        return None
    return used.at + timedelta(minutes=offer.undo_minutes)


def _request(one: Asked) -> CodeRequest:
    return CodeRequest(at=one.at, user_id=one.uid, by=one.by, undone_at=one.undone_at)
