"""What a client sees of top-ups: what one costs and promises before it is ordered, its order, and what went back."""

from __future__ import annotations

from datetime import datetime

import msgspec

from chalicelib.campaigns.kinds.topup import TopUpOffer
from chalicelib.campaigns.live import Live, live
from chalicelib.campaigns.views import WhyNot, why_not
from chalicelib.core import clock
from chalicelib.core.errors import Language, RippleError
from chalicelib.core.ids import CampaignId, MerchantId, UserId
from chalicelib.core.store import read
from chalicelib.family import lots, purse, standing, topup_back, topup_rules
from chalicelib.family.items import Family, Member
from chalicelib.family.topup import denomination
from chalicelib.family.topup_rules import REFUND_WITHIN
from chalicelib.merchants import wallet
from chalicelib.merchants.wallet import Declared
from chalicelib.orders.items import Order, Payment
from chalicelib.orders.lines import Promise
from chalicelib.orders.play import PaymentRef
from chalicelib.orders.views import OrderHeld

PROMISES = (
    Promise("等额到账，不赠送、不打折", "It is worth just what it costs: no bonus."),
    Promise("储值不过期", "What is bought never expires."),
    Promise(
        f"购买后 {REFUND_WITHIN.days} 天内可无理由退还未使用的部分，原路退回",
        f"For {REFUND_WITHIN.days} days whoever bought it may have back what is not spent, the way it was paid.",
    ),
    Promise("仅限本店使用", "It is good in this shop alone."),
    Promise("仅限本家庭成员使用，不可提现", "The family's members alone spend it, and it is never paid out as cash."),
    Promise("消费时先用赠送的，再用储值", "What was given is spent first, what was bought after that."),
    purse.ENDS,
)
"""What everybody is told before he pays, and the house keeps."""


class TopUpQuote(msgspec.Struct, kw_only=True):
    """What a top-up costs and promises, and the merchant's terms; nothing is held by asking."""

    campaign_id: str
    family_id: str
    sku_id: str
    title: str
    value_fen: int
    total_fen: int
    """What is paid, with WeChat Pay alone: just its value."""
    cap_fen: int
    """The most bought value that the wallet may hold when more is bought."""
    room_fen: int
    """How much may still be bought for it."""
    can_top_up: bool
    why_not: WhyNot | None
    filing_number: str
    filed_with: str
    terms: str
    """The edition of the terms, to be sent with the order by whoever has read them."""
    terms_zh: str
    terms_en: str
    promises: list[Promise]
    refund_days: int
    pay_window_seconds: int
    version: int
    rules_hash: str
    now: datetime


class TopUpHeld(OrderHeld, kw_only=True):
    """A new top-up, and what ``wx.requestPayment`` takes; without ``pay`` (202) ask again."""

    campaign_id: str
    family_id: str


class MayGoBack(msgspec.Struct, kw_only=True):
    """What may go back now to whoever bought it, and until when he may ask for it himself."""

    refundable_fen: int
    until: datetime
    why_not: WhyNot | None


class TopUpShown(msgspec.Struct, kw_only=True):
    """A top-up as whoever bought it sees it."""

    order_id: str
    family_id: str
    campaign_id: str
    title: str
    state: str
    """As of every order: confirmed once its value was there, refund once all of it has gone back."""
    value_fen: int
    paid_at: datetime | None
    back_fen: int
    """What of it has gone back, or is on its way."""
    refund: MayGoBack | None
    """None before it is paid."""
    now: datetime


class TopUpBack(msgspec.Struct, kw_only=True):
    """What goes back of a top-up, the way it was paid; its value has left the wallet."""

    family_id: str
    order_id: str
    refund_fen: int
    refund_number: str
    now: datetime


def quote(
    mid: MerchantId, uid: UserId, cid: CampaignId, fid: str, sku_id: str | None, language: Language
) -> TopUpQuote:
    """What it costs and promises, and why it cannot be had now.

    Raises NOT_FOUND, `FAMILY_UNKNOWN`, `SKU_UNKNOWN`, `TOPUP_CLOSED`.
    """
    family, member = standing.seen(read(*standing.keys(mid, fid, uid)), mid, fid, uid)
    campaign = live(mid, cid, TopUpOffer)
    bought = denomination(campaign.offer, sku_id)
    declared = topup_rules.in_force(wallet.declared(mid))
    refusal = _refusal(campaign, declared, family, member, bought.value_fen)
    terms = declared.terms
    return TopUpQuote(
        campaign_id=cid,
        family_id=fid,
        sku_id=bought.sku_id,
        title=bought.title,
        value_fen=bought.value_fen,
        total_fen=bought.value_fen,
        cap_fen=terms.cap_fen,
        room_fen=purse.room_fen(family, terms.cap_fen),
        can_top_up=refusal is None,
        why_not=why_not(refusal, language),
        filing_number=terms.filing_number,
        filed_with=terms.filed_with,
        terms=declared.edition,
        terms_zh=terms.terms_zh,
        terms_en=terms.terms_en,
        promises=list(PROMISES),
        refund_days=REFUND_WITHIN.days,
        pay_window_seconds=campaign.offer.pay_window_seconds,
        version=campaign.version,
        rules_hash=campaign.hash,
        now=clock.now(),
    )


def shown(mid: MerchantId, uid: UserId, fid: str, oid: str, language: Language) -> TopUpShown:
    """A top-up of his, and what may go back of it. Raises `NOT_FOUND`."""
    seen = topup_back.seen(mid, uid, fid, oid)
    order, payment = seen.order, seen.payment
    return TopUpShown(
        order_id=oid,
        family_id=fid,
        campaign_id=PaymentRef.of(order).cid,
        title=order.lines[0].title,
        state=order.state.value,
        value_fen=order.total_fen,
        paid_at=order.paid_at if payment is not None else None,
        back_fen=order.total_fen - payment.live_fen if payment is not None else 0,
        refund=_may_go_back(order, payment, seen.family, language) if payment is not None else None,
        now=clock.now(),
    )


def _may_go_back(order: Order, payment: Payment, family: Family, language: Language) -> MayGoBack:
    fen, refused = 0, None
    try:
        topup_rules.insist_may_return(order)
        topup_rules.insist_in_time(order, clock.now())
        fen = topup_rules.returnable(payment, lots.left_of(family, order.oid), None)
    except RippleError as refusal:
        refused = refusal
    until = topup_rules.refund_until(order)
    return MayGoBack(refundable_fen=fen, until=until, why_not=why_not(refused, language))


def _refusal(
    campaign: Live[TopUpOffer], declared: Declared, family: Family, member: Member, fen: int
) -> RippleError | None:
    try:
        campaign.insist_running(clock.now())
        topup_rules.insist_may_buy(family, member)
        purse.insist_room(family, fen, declared.terms.cap_fen)
    except RippleError as refused:
        return refused
    return None
