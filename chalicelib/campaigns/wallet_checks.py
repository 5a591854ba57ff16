"""The check of what a shop keeps for its users: what is given of it, what is sold of it, and what texts make of it.

What is given is never money, and what is sold is sold by a merchant who has filed it, at its worth (rules M1, M2). A
document says that it sells such value by `Offer.prepaid`, or at least by `Offer.sells_prepaid`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from chalicelib.campaigns import words_of_rewards
from chalicelib.campaigns.copy_lint import said
from chalicelib.campaigns.gate import Finding, Shop, shop_check
from chalicelib.campaigns.gifts import BALANCE_FEN, AsBalance, AsCoupon, Hold
from chalicelib.campaigns.offer import Offer
from chalicelib.campaigns.reward_checks import given
from chalicelib.campaigns.words import Category
from chalicelib.core.money import yuan

NAME = "WALLET_KIND"


@shop_check(NAME, Offer)
def wallet_kind(offer: Offer, now: datetime, shop: Shop) -> Iterator[Finding]:
    """Balance and points are given, late enough to be sure; value is sold under a filing; no text makes money of it."""
    yield from _given(offer)
    yield from _sold(offer, shop)
    yield from said(NAME, offer, _promised(offer))


def _given(offer: Offer) -> Iterator[Finding]:
    for pointer, gift in given(offer):
        if isinstance(gift.form, AsBalance) and gift.amount > BALANCE_FEN:
            zh = f"单份赠送的余额超过 {yuan(BALANCE_FEN)}"
            en = f"One gift of balance is more than {yuan(BALANCE_FEN)}."
            yield Finding(NAME, pointer, zh, en)
    after = offer.after_order
    if after is not None and after.hold is Hold.NONE and after.gift and not isinstance(after.gift.form, AsCoupon):
        zh, en = (
            "余额、积分和现金须在售后期结束后发放，仅优惠券可即时到账",
            "Only a coupon may be given before after-sale is over.",
        )
        yield Finding(NAME, "/after_order/hold", zh, en)


def _sold(offer: Offer, shop: Shop) -> Iterator[Finding]:
    """Whoever sells it has filed it and goes on selling, and nothing is above what a card may hold."""
    if not offer.sells_prepaid:
        return
    place = offer.prepaid[0].pointer if offer.prepaid else "/kind"
    if shop.wallet is None:
        zh = "出售储值须先完成单用途预付卡备案：请在“储值设置”（PUT /v1/admin/wallet）填写备案号、备案机关与条款"
        en = (
            "Value that is spent later is sold by those alone who have filed it: say the filing and the terms first"
            " (PUT /v1/admin/wallet)."
        )
        yield Finding(NAME, place, zh, en)
        return
    if shop.wallet.paused:
        zh = "储值销售已暂停：请先在“储值设置”中恢复（paused 为 false）"
        en = "The sale of such value is paused: end that first (`paused` is false in PUT /v1/admin/wallet)."
        yield Finding(NAME, place, zh, en)
    for one in offer.prepaid:
        if one.fen > shop.wallet.cap_fen:
            most = yuan(shop.wallet.cap_fen)
            zh = f"单笔储值不得超过 {most}（不记名 1,000 元，记名 5,000 元）"
            en = f"At once {most} may be sold: a card may hold 1,000 yuan, and 5,000 where it has a real name."
            yield Finding(NAME, one.pointer, zh, en)


def _promised(offer: Offer) -> Category:
    """What its texts may not make of what a shop keeps; they may say that money is paid out, or value bought."""
    if offer.sells_prepaid:
        return words_of_rewards.PREPAID
    return words_of_rewards.KEPT_AS_MONEY if offer.gives_cash else words_of_rewards.CASHABLE
