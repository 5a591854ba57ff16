"""The checks of a campaign that gives money: what its merchant must have ready, and how much, how early.

Where nothing is given as cash they find nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import msgspec

from chalicelib.campaigns.gate import Finding, Shop, shop_check
from chalicelib.campaigns.gifts import AsCash, Gift
from chalicelib.campaigns.offer import Offer
from chalicelib.campaigns.reward_checks import given
from chalicelib.core.money import yuan
from chalicelib.merchants.cash_lacks import LEAST_FEN, lacks

OF_FORM = ("marketing", "commission")
"""What is missing for one form of cash and not for its budget."""


@shop_check("CASH_READY", Offer)
def cash_ready(offer: Offer, now: datetime, shop: Shop) -> Iterator[Finding]:
    """The merchant may transfer, WeChat knows from where and what for, and his account has the whole budget (M4)."""
    gifts, earned = _cash(offer.gifts), _cash(offer.earned)
    if not gifts:
        return
    budget = "/after_order/budget/cash" if offer.after_order is not None else "/budget/cash"
    budget_fen = (offer.gives.cash or 0) if offer.gives is not None else 0
    given_away, commission = len(gifts) > len(earned), bool(earned)
    for lack in lacks(shop.cash, shop.operations_fen, gifts=given_away, commission=commission, budget_fen=budget_fen):
        pointer = budget
        if lack.code in OF_FORM:
            pointer = _place(offer, earned[0] if lack.code == "commission" else gifts[0])
        yield Finding("CASH_READY", pointer, lack.zh, lack.en)


@shop_check("CASH_SANE", Offer)
def cash_sane(offer: Offer, now: datetime, shop: Shop) -> Iterator[Finding]:
    """Each gift can be transferred at once, and nothing is paid out before there was time to look (rules 3.3, M4)."""
    for pointer, gift in given(offer):
        if not isinstance(gift.form, AsCash):
            continue
        if gift.amount < LEAST_FEN:
            zh, en = f"现金每份不低于 {yuan(LEAST_FEN)}", f"WeChat transfers {yuan(LEAST_FEN)} at least."
            yield Finding("CASH_SANE", pointer, zh, en)
        if shop.cash is not None and gift.amount > shop.cash.limits.most_fen:
            most = yuan(shop.cash.limits.most_fen)
            zh = f"现金每份不超过现金设置中的单笔上限 {most}：请降低金额，或先调整 limits.most_fen"
            en = f"One transfer is {most} at most by your cash set-up: lower it, or raise limits.most_fen first."
            yield Finding("CASH_SANE", pointer, zh, en)
    early = [form for form in _cash(offer.unheld) if form.hold_days == 0]
    for place in dict.fromkeys(_place(offer, form) for form in early):
        zh = "好友行为带来的现金须至少等待一天再领取，以便核查：请增加 hold_days"
        en = "Cash for what friends do waits for a day at least, so that it can be looked at: raise hold_days."
        yield Finding("CASH_SANE", f"{place}/hold_days", zh, en)


def _cash(gifts: Sequence[Gift]) -> list[AsCash]:
    return [gift.form for gift in gifts if isinstance(gift.form, AsCash)]


def _place(offer: Offer, form: AsCash) -> str:
    """Where in the document a form stands."""
    return next(pointer for pointer, other in _forms("", offer) if other is form)


def _forms(pointer: str, value: Any) -> Iterator[tuple[str, AsCash]]:
    if isinstance(value, AsCash):
        yield pointer, value
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from _forms(f"{pointer}/{name}", getattr(value, name))
    elif isinstance(value, list):
        for n, one in enumerate(value):
            yield from _forms(f"{pointer}/{n}", one)
