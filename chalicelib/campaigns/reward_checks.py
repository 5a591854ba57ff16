"""The checks of what a campaign gives, whatever its play. Nothing random can be expressed at all: a gift has an amount.

They look at what every document says of its gifts (`Offer.gifts`, `gives`, `friends_gain`, `is_virtual`), so that a
play need not be named here.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec

from chalicelib.campaigns import words_of_rewards
from chalicelib.campaigns.copy_lint import said
from chalicelib.campaigns.disclosure import names_limit
from chalicelib.campaigns.gate import Finding, check
from chalicelib.campaigns.gifts import AsBalance, Currency, Gift
from chalicelib.campaigns.offer import Fulfilment, Offer, Sells
from chalicelib.core.money import yuan

PRIZE_FEN = 5_000_000
"""The most that one gift may be worth: 50,000 yuan (rules L3)."""

POINTS_A_YUAN = 100
"""What points count as against that bound: a point is a fen."""


@check("NO_DRAW_IN_SHARE", Offer)
def no_draw_in_share(offer: Offer, now: datetime) -> Iterator[Finding]:
    """No text promises a draw or an uncertain gain: every campaign has a card that friends are sent (rules W6)."""
    yield from said("NO_DRAW_IN_SHARE", offer, words_of_rewards.DRAW)


@check("INVITEE_REWARD_ALLOWED", Offer)
def invitee_reward_allowed(offer: Offer, now: datetime) -> Iterator[Finding]:
    """Where something virtual is sold, nobody gains by joining a friend (rules W5)."""
    if not (offer.is_virtual and offer.friends_gain):
        return
    virtual = [n for n, sku in enumerate(offer.goods) if sku.fulfilment is Fulfilment.VIRTUAL]
    pointer = "/sells" if offer.sells is Sells.VIRTUAL else f"/skus/{virtual[0]}/fulfilment"
    zh = "虚拟商品的活动不得让被邀请的好友获利：请取消好友的奖励"
    en = "What is sold is virtual, so that friends may gain nothing by joining: take their gifts out."
    yield Finding("INVITEE_REWARD_ALLOWED", pointer, zh, en)


@check("PRIZE_CAP", Offer)
def prize_cap(offer: Offer, now: datetime) -> Iterator[Finding]:
    """No single gift is worth more than 50,000 yuan, points as fen (rules L3)."""
    for pointer, gift in given(offer):
        if not isinstance(gift.form, AsBalance) and gift.amount * 100 > PRIZE_FEN * POINTS_A_YUAN:
            zh = f"单份赠送的价值超过 {yuan(PRIZE_FEN)}（{POINTS_A_YUAN} 积分按 1 元计）"
            en = f"One gift is worth more than {yuan(PRIZE_FEN)} ({POINTS_A_YUAN} points count as a yuan)."
            yield Finding("PRIZE_CAP", pointer, zh, en)


@check("BUDGET_SET", Offer)
def budget_set(offer: Offer, now: datetime) -> Iterator[Finding]:
    """What is given has a budget that reaches for one of it, and whoever may miss it is told so beforehand."""
    place = "/after_order/budget" if offer.after_order is not None else "/budget"
    if offer.after_order is not None and not offer.goods:
        zh, en = "活动不销售商品，请删除下单奖励", "Nothing is sold here that could bring anything: remove it."
        yield Finding("BUDGET_SET", "/after_order", zh, en)
    elif offer.after_order is not None and not offer.gifts:
        zh, en = "下单奖励没有内容，请填写或删除", "A paid order brings nothing here: say what, or remove it."
        yield Finding("BUDGET_SET", "/after_order", zh, en)
    funds = dict(offer.gives.parts()) if offer.gives is not None else {}
    for currency in dict.fromkeys(gift.currency for gift in offer.gifts):
        most = offer.most_at_once(currency)
        if funds.get(currency, 0) < most:
            zh = f"预算不足以发放一份（至少 {most}）"
            en = f"The budget does not reach for one promise of it: {most} at least."
            yield Finding("BUDGET_SET", f"{place}/{currency.value}", zh, en)
    sheet = offer.rule_sheet
    told = any(names_limit(text) for text in (sheet.rules_text, sheet.eligibility, sheet.result))
    if offer.gifts and not told and any(_may_end(offer, currency, total) for currency, total in funds.items()):
        zh = "预算可能先于活动用完：规则说明须写明，例如“先到先得，送完即止”"
        en = 'The budget may end first, and the rules must say so, for instance "while it lasts".'
        yield Finding("BUDGET_SET", "/rule_sheet/rules_text", zh, en)


def _may_end(offer: Offer, currency: Currency, total: int) -> bool:
    """Whether a budget does not reach for everything that all of the stock can bring."""
    an_order = sum(gift.amount for gift in offer.gifts if gift.currency is currency)
    return not offer.goods or total < an_order * sum(sku.stock for sku in offer.goods)


def given(offer: Offer) -> Iterator[tuple[str, Gift]]:
    """Everything that it can give, with the field that says how much."""
    for gift in offer.gifts:
        yield next(_places("", offer, gift), "/after_order/points_per_yuan" if offer.after_order else ""), gift


AMOUNTS = ("amount", "friend", "own", "most")
"""What fields are called that say how much somebody gets."""


def _places(pointer: str, value: Any, gift: Gift) -> Iterator[str]:
    """Where in a document the amount of a gift stands: in a gift like it, or in a field of that number."""
    if isinstance(value, Gift):
        if value == gift:
            yield f"{pointer}/amount"
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            one = getattr(value, name)
            if name in AMOUNTS and one == gift.amount:
                yield f"{pointer}/{name}"
            yield from _places(f"{pointer}/{name}", one, gift)
    elif isinstance(value, list):
        for n, one in enumerate(value):
            yield from _places(f"{pointer}/{n}", one, gift)
