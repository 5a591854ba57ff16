"""What a client sees of codes: what one would bring, and what it brought."""

from __future__ import annotations

from datetime import datetime

import msgspec

from chalicelib.campaigns.kinds.brings import BringsAtCounter, BringsGoods, Brought, shown
from chalicelib.campaigns.kinds.codes import CodesOffer
from chalicelib.core import clock
from chalicelib.core.errors import Language, RippleError
from chalicelib.core.ids import MerchantId
from chalicelib.notices.asking import Ask, ask
from chalicelib.notices.moments import Moment
from chalicelib.voucher import values
from chalicelib.voucher.service import Preview, Redemption


class WhyNot(msgspec.Struct, kw_only=True):
    """Why something cannot be done now, as the refusal would say it."""

    code: str
    detail: str
    next: str | None


class CodePreview(msgspec.Struct, kw_only=True):
    """What a code would bring whoever asks."""

    kind: str
    """code | word"""
    campaign_id: str
    title: str
    brings: Brought
    until: datetime | None
    """Before this it may be redeemed; null where it does not expire."""
    can_redeem: bool
    how: str
    """redeem | order | counter: by which act it is redeemed."""
    why_not: WhyNot | None
    now: datetime


class CodeRedeemed(msgspec.Struct, kw_only=True):
    """What a code brought."""

    kind: str
    """code | word"""
    campaign_id: str
    title: str
    brings: Brought
    redeemed_at: datetime
    coupon_id: str | None
    cash_id: str | None
    undone: bool
    """Whether the shop undid it since."""
    ask: Ask
    now: datetime


def preview(seen: Preview, language: Language) -> CodePreview:
    """What it would bring, and why not."""
    offer = seen.offer
    return CodePreview(
        kind="code",
        campaign_id=seen.batch.cid,
        title=offer.title,
        brings=shown(offer.brings),
        until=seen.batch.until,
        can_redeem=seen.refusal is None,
        how=how(offer),
        why_not=refused(seen.refusal, language),
        now=clock.now(),
    )


def redeemed(seen: Redemption, language: Language) -> CodeRedeemed:
    """What it brought."""
    used, offer = seen.used, seen.offer
    coupon_id = None if seen.undone else values.coupon_brought(offer, used)
    cash_id = None if seen.undone else values.cash_brought(offer, used)
    return CodeRedeemed(
        kind="code",
        campaign_id=used.cid,
        title=offer.title,
        brings=shown(offer.brings),
        redeemed_at=seen.at,
        coupon_id=coupon_id,
        cash_id=cash_id,
        undone=seen.undone,
        ask=asked_for(used.mid, language, coupon_id, cash_id),
        now=clock.now(),
    )


def asked_for(mid: MerchantId, language: Language, coupon_id: str | None, cash_id: str | None) -> Ask:
    """Of what becomes of it somebody may want to be told."""
    ends = [Moment.REWARD_ENDING] if coupon_id is not None else []
    return ask(mid, language, *ends, *([Moment.CASH_ENDING, Moment.REWARD_ARRIVED] if cash_id is not None else ()))


def how(offer: CodesOffer) -> str:
    """By which act its codes are redeemed."""
    if isinstance(offer.brings, BringsGoods):
        return "order"
    return "counter" if isinstance(offer.brings, BringsAtCounter) else "redeem"


def refused(refusal: RippleError | None, language: Language) -> WhyNot | None:
    """A refusal as its reader is told of it."""
    if refusal is None:
        return None
    told = refusal.told(language)
    return WhyNot(code=refusal.problem.code, detail=told["detail"], next=told.get("next"))
