"""Telling a user of value that came to him by somebody else's act or by time; what he took himself he has seen."""

from __future__ import annotations

from datetime import datetime

from chalicelib.campaigns.gifts import AsCash, AsCoupon, AsPoints, Gift
from chalicelib.campaigns.live import any_live
from chalicelib.core import clock
from chalicelib.core.ids import CampaignId, MerchantId, UserId, derived
from chalicelib.core.transaction import Transaction
from chalicelib.notices.moments import Moment
from chalicelib.notices.setup import voice
from chalicelib.notices.telling import tell
from chalicelib.orders.brought import in_words
from chalicelib.rewards.cash import Cash, cash_of
from chalicelib.rewards.give import Origin, coupon_of
from chalicelib.rewards.items import Coupon
from chalicelib.rewards.reminding import POINTS
from chalicelib.rewards.words import OF_FRIENDS


def add_arrived(tx: Transaction, name: str, uid: str, gift: Gift, origin: Origin, now: datetime) -> None:
    """Tell a user of a gift that ``tx`` gives him; cash that has to wait is told of when it may be claimed."""
    if isinstance(gift.form, AsCash) and gift.form.hold_days:
        return
    reward, _ = in_words(gift)
    _add(tx, name, origin.mid, uid, origin.cid, origin.ref, reward, now, _about(gift, origin))


def add_claimable(tx: Transaction, name: str, cash: Cash, now: datetime) -> None:
    """Tell a user of cash whose hold is over: he may claim it from now on."""
    reward, _ = in_words(Gift(amount=cash.amount, form=AsCash()))
    _add(tx, name, cash.mid, cash.uid, CampaignId(cash.cid), cash.ref, reward, now, ("cash", cash.cash_id))


def add_coupon(tx: Transaction, name: str, coupon: Coupon, now: datetime) -> None:
    """Tell a user of a coupon of its template that its merchant gives him."""
    about = "coupon", coupon.coupon_id
    _add(tx, name, coupon.mid, coupon.uid, CampaignId(coupon.cid), coupon.coupon_id, coupon.terms.title, now, about)


def _add(
    tx: Transaction,
    name: str,
    mid: MerchantId,
    uid: str,
    cid: CampaignId,
    ident: str,
    reward: str,
    now: datetime,
    about: tuple[str, str],
) -> None:
    """What its campaign is called is read only where the merchant tells of rewards."""
    if voice(mid).tells(Moment.REWARD_ARRIVED):
        title = any_live(mid, cid).offer.title
        facts: dict[str, str | int] = {"title": title, "reward": reward, "at": clock.iso(now)}
        tell(tx, name, mid, UserId(uid), Moment.REWARD_ARRIVED, ident, facts, about=about)


def _about(gift: Gift, origin: Origin) -> tuple[str, str]:
    """What shows a gift: points are shown together, the rest as a line of the statement, under its name there."""
    if isinstance(gift.form, AsCoupon):
        return "coupon", coupon_of(origin.ref)
    if isinstance(gift.form, AsCash):
        return "cash", cash_of(origin.ref)
    if isinstance(gift.form, AsPoints):
        return "reward", POINTS
    return "reward", derived(origin.ref) if origin.why in OF_FRIENDS else origin.ref
