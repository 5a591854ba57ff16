"""What a redeemed code says in its user's statement, and what it moved (`rewards.lines`)."""

from __future__ import annotations

from chalicelib.campaigns.gifts import AsCash, AsCoupon
from chalicelib.rewards.cash import cash_of
from chalicelib.rewards.give import coupon_of
from chalicelib.rewards.lines import Line, Listed, moved, named
from chalicelib.rewards.states import Why
from chalicelib.rewards.words import Standing
from chalicelib.voucher.finding import document_of
from chalicelib.voucher.items import Used


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
