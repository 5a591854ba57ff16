"""What a redeemed code or word says in its user's statement, and what it moved (`rewards.lines`)."""

from __future__ import annotations

from chalicelib.campaigns.gifts import AsCash, AsCoupon
from chalicelib.campaigns.kinds.word import WordOffer
from chalicelib.campaigns.live import live
from chalicelib.core.ids import CampaignId
from chalicelib.rewards.cash import cash_of
from chalicelib.rewards.give import coupon_of
from chalicelib.rewards.lines import Line, Listed, moved, named
from chalicelib.rewards.states import Why
from chalicelib.rewards.words import Standing
from chalicelib.voucher.finding import document_of
from chalicelib.voucher.items import Used
from chalicelib.voucher.word_items import Spoken


def of_used(used: Used, uid: str) -> Line | None:
    """A code that brought a gift; a coupon with terms of its own, and an order, say themselves what they are."""
    gift = document_of(used.mid, used.cid).gift
    if used.uid != uid or used.at is None or used.legs is None or gift is None:
        return None
    return Line(
        at=used.at,
        ref=used.ref,
        why=Why.CODE,
        state=Standing.GRANTED,
        amount=gift.amount,
        currency=gift.currency,
        form=named(gift.form),
        cid=used.cid,
        version=used.version,
        subject=f"{used.bid}-{used.serial}",
        ended_at=used.at,
        coupon=coupon_of(used.ref) if isinstance(gift.form, AsCoupon) else None,
        cash=cash_of(used.ref) if isinstance(gift.form, AsCash) else None,
    )


USED = Listed(of_used, moved)


def of_spoken(spoken: Spoken, uid: str) -> Line | None:
    """A word that brought a gift; a coupon with terms of its own says itself what it is."""
    offer = live(spoken.mid, CampaignId(spoken.cid), WordOffer).offer
    if offer.gift is None:
        return None
    return Line(
        at=spoken.at,
        ref=spoken.ref,
        why=Why.WORD,
        state=Standing.GRANTED,
        amount=offer.gift.amount,
        currency=offer.gift.currency,
        form=named(offer.gift.form),
        cid=spoken.cid,
        version=spoken.version,
        subject=offer.word,
        ended_at=spoken.at,
        coupon=coupon_of(spoken.ref) if isinstance(offer.gift.form, AsCoupon) else None,
    )


SPOKEN = Listed(of_spoken, moved)
