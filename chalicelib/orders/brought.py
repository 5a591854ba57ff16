"""What an order brings its buyer beside its goods: promised before he pays, and told afterwards by who follows it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Protocol

import msgspec

from chalicelib.campaigns.gifts import AfterOrder, AsCash, AsCoupon, AsPoints, Form, Gift, Hold, Shares
from chalicelib.core.errors import Language
from chalicelib.core.money import yuan
from chalicelib.core.store import Found, read
from chalicelib.core.table import Key
from chalicelib.orders.plugged import BROUGHT

if TYPE_CHECKING:
    from chalicelib.orders.items import Order


class Brought(msgspec.Struct, kw_only=True):
    """One thing that an order brings."""

    what: str
    """after_order: a gift | after_order_points"""
    state: str
    """coming | granted | not_given | taken_back"""
    gift: Gift
    detail: str
    """In the client's language."""
    given_at: datetime | None
    cash_id: str | None
    """Of cash that was given: where it is claimed."""


class Brings(Protocol):
    """Tells what orders brought."""

    def keys(self, order: Order) -> list[Key]:
        """What is read for it."""
        ...

    def told(self, order: Order, found: Found, language: Language) -> list[Brought]:
        """What the order brought, by what was found."""
        ...


def brought(order: Order, language: Language) -> list[Brought]:
    """What an order brings, as its followers tell it; nothing is read for one that nobody follows."""
    tellers = [BROUGHT[name] for name in order.follows or () if name in BROUGHT]
    keys = [key for teller in tellers for key in teller.keys(order)]
    found = read(*keys) if keys else Found({})
    return [one for teller in tellers for one in teller.told(order, found, language)]


def in_words(gift: Gift) -> tuple[str, str]:
    """A gift in both languages."""
    if isinstance(gift.form, AsPoints):
        return f"{gift.amount} 积分", f"{gift.amount} points"
    if isinstance(gift.form, AsCash):
        return f"{yuan(gift.amount)} 现金", f"{yuan(gift.amount)} in cash"
    if not isinstance(gift.form, AsCoupon):
        return f"{yuan(gift.amount)} 余额", f"{yuan(gift.amount)} of balance"
    if not gift.form.threshold_fen:
        return f"{yuan(gift.amount)} 优惠券", f"a {yuan(gift.amount)} coupon"
    least = yuan(gift.form.threshold_fen)
    return f"{yuan(gift.amount)} 优惠券（满 {least} 可用）", f"a {yuan(gift.amount)} coupon (from {least})"


def promised(after: AfterOrder | None) -> list[tuple[str, str]]:
    """What is said before the payment of what it will bring, in both languages: only while the budget lasts."""
    if after is None:
        return []
    least = after.least_paid_fen
    zh_if, en_if = (f"实付满 {yuan(least)} ", f" of {yuan(least)} or more") if least else ("", "")
    said = list[tuple[str, str]]()
    if after.gift is not None:
        zh, en = in_words(after.gift)
        if isinstance(after.gift.form, AsCash):
            zh, en = f"{zh}（未成年人除外）", f"{en} (not for minors)"
        zh_when, en_when = _when(after.hold, after.gift.form)
        said.append((f"{zh_if}付款成功后赠 {zh}，{zh_when}", f"A paid order{en_if} brings {en}, {en_when}"))
    if after.points_per_yuan:
        zh_when, en_when = _when(Hold.UNTIL_COMPLETE)
        zh = f"{zh_if}现金实付每满 1 元赠 {after.points_per_yuan} 积分，{zh_when}"
        en = f"A paid order{en_if} brings {after.points_per_yuan} points for each whole yuan of money, {en_when}"
        said.append((zh, en))
    if after.packet is not None:
        shares = len(after.packet.shares)
        zh = f"{zh_if}付款成功后得 {shares} 份红包，可分给好友{_own_zh(after.packet)}"
        said.append((zh, f"A paid order{en_if} brings a packet of {shares} shares for friends{_own_en(after.packet)}"))
    return [(f"{zh}；预算有限，赠完即止", f"{en}; while the budget lasts.") for zh, en in said]


def _when(hold: Hold, form: Form | None = None) -> tuple[str, str]:
    if hold is Hold.NONE:
        return "随即到账", "at once"
    zh, en = "收货且售后期结束后", "once its goods have arrived and the time for after-sale is over"
    if isinstance(form, AsCash):
        zh_more, en_more = (
            (f"再过 {form.hold_days} 天", f" and {form.hold_days} days more") if form.hold_days else ("", "")
        )
        return (
            f"{zh}{zh_more}可领取，{form.claim_days} 天内有效",
            f"to be claimed for {form.claim_days} days {en}{en_more}",
        )
    return f"{zh}到账", en


def _own_zh(packet: Shares) -> str:
    return "，好友领取后自己也得一份" if any(share.own for share in packet.shares) else ""


def _own_en(packet: Shares) -> str:
    return ", and something of each that a friend claims" if any(share.own for share in packet.shares) else ""
