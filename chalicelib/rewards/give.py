"""Giving a gift and taking it back, inside somebody's transaction: what it does to the user's account or coupons.

Whoever gives records the legs on his own item (`Posted`), in the same transaction and under a condition of his own, so
that it happens once.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec

from chalicelib.accounts.items import User, user_key
from chalicelib.campaigns.gifts import AsCash, AsCoupon, AsPoints, Currency, Gift
from chalicelib.campaigns.stock import Drawn
from chalicelib.core import clock
from chalicelib.core.ids import CampaignId, MerchantId, derived
from chalicelib.core.store import Found
from chalicelib.core.table import Key
from chalicelib.core.transaction import Transaction
from chalicelib.rewards import balances, cash, minors
from chalicelib.rewards.cash import Cash
from chalicelib.rewards.items import LOCKED, USED, Coupon, Leg, Window, account_key, coupon_key, statement_entry
from chalicelib.rewards.states import ON_ITS_WAY, TAKEN_BACK, CashState, Why

OWED = "owed"
"""Why a coupon is invalid that was used before it was to come back."""


class Origin(msgspec.Struct, frozen=True, kw_only=True):
    """Where a gift comes from."""

    mid: MerchantId
    cid: CampaignId
    version: int
    why: Why
    ref: str
    """Unique among all that its user is ever given."""
    subject: str
    """What it is for."""


class Taken(NamedTuple):
    """What came back of a gift, and what did not."""

    legs: list[Leg]
    back: int
    debt: int


def user(uid: str) -> str:
    """The account of what a user has in his hands: balance, or points."""
    return f"user:{uid}"


def coupons(uid: str) -> str:
    """The account of what a user has as coupons, in the fen that they take off."""
    return f"coupons:{uid}"


def campaign(cid: str) -> str:
    """The account that a campaign's gifts come from."""
    return f"campaign:{cid}"


def coupon_of(ref: str) -> str:
    """The id of the coupon that a gift of this reference is."""
    return derived("coupon", ref, length=16)


def keys(mid: MerchantId, uid: str, gift: Gift) -> list[Key]:
    """What is read before a gift is given."""
    return balances.keys(mid, uid, Currency.POINTS) if isinstance(gift.form, AsPoints) else []


def owns_budget(gift: Gift) -> bool:
    """Whether what a gift becomes owns what was drawn for it, so that its giver does no longer."""
    return isinstance(gift.form, AsCash)


def add(
    tx: Transaction,
    name: str,
    uid: str,
    gift: Gift,
    origin: Origin,
    found: Found,
    now: datetime,
    drawn: Sequence[Drawn] = (),
) -> list[Leg]:
    """The user has it when ``tx`` commits. Returns the legs, which the giver writes down.

    ``drawn`` is what was drawn for it of the campaign's budget: cash takes that over (`owns_budget`). What is nothing
    for minors he has only as long as he is none.
    """
    mid, holder = origin.mid, user(uid)
    if minors.is_kept_from(origin.why, gift.form):
        tx.check("receiver", user_key(mid, uid), when={"no_minor": User.minor_since.does_not_exist()})
    if isinstance(gift.form, AsCash):
        holder = cash.account(uid)
        about = msgspec.structs.asdict(origin)
        cash.add(tx, name, uid, gift.amount, gift.form, drawn, now, **about)
    elif isinstance(gift.form, AsCoupon):
        holder = coupons(uid)
        tx.put(name, _coupon(uid, gift, gift.form, origin, now))
    elif isinstance(gift.form, AsPoints):
        balances.add_points(tx, name, mid, uid, gift.amount, balances.until(now, gift.form.valid_days), found)
    else:
        balances.add_balance(tx, name, mid, uid, gift.amount)
    return moved(campaign(origin.cid), holder, gift.currency, gift.amount)


def taken_keys(mid: MerchantId, uid: str, gift: Gift, ref: str) -> list[Key]:
    """What is read before a gift is taken back."""
    if isinstance(gift.form, AsCash):
        return [cash.cash_key(mid, uid, cash.cash_of(ref)), account_key(mid, uid, gift.currency)]
    if isinstance(gift.form, AsCoupon):
        return [coupon_key(mid, uid, coupon_of(ref)), account_key(mid, uid, gift.currency)]
    return [account_key(mid, uid, gift.currency)]


def all_there(found: Found, mid: MerchantId, uid: str, gift: Gift, ref: str) -> bool:
    """Whether a gift that is no cash can be taken back whole, by what `taken_keys` found."""
    if isinstance(gift.form, AsCoupon):
        return coupon_unused(found, mid, uid, ref) is True
    return balances.there(found, mid, uid, gift.currency) >= gift.amount


def add_taken(tx: Transaction, name: str, uid: str, gift: Gift, origin: Origin, found: Found) -> Taken | None:
    """As much of a gift as is there goes back when ``tx`` commits; the rest is its user's recorded debt.

    None, and nothing in ``tx``, where it must be waited for: an order that may still be paid holds it, or its transfer
    is on its way (`hurry`).
    """
    if isinstance(gift.form, AsCash):
        return _cash_taken(tx, name, uid, gift, origin, found)
    if not isinstance(gift.form, AsCoupon):
        back = balances.to_take(found, origin.mid, uid, gift.currency, gift.amount)
        if back is None:
            return None
        debt = gift.amount - back
        balances.add_taken(tx, name, origin.mid, uid, gift.currency, back, found, debt=debt)
        return Taken(moved(user(uid), campaign(origin.cid), gift.currency, back), back, debt)
    if (unused := coupon_unused(found, origin.mid, uid, origin.ref)) is None:
        return None
    if unused:
        add_coupon_taken(tx, name, uid, origin)
        return Taken(moved(coupons(uid), campaign(origin.cid), Currency.FEN, gift.amount), gift.amount, 0)
    add_coupon_owed(tx, "coupon", uid, origin)
    balances.add_taken(tx, name, origin.mid, uid, Currency.FEN, 0, found, debt=gift.amount)
    return Taken([], 0, gift.amount)


def hurry(found: Found, mid: MerchantId, uid: str, gift: Gift, ref: str) -> None:
    """Do what helps a gift come back that must be waited for: a transfer that is on its way is withdrawn."""
    there = found.item(Cash, cash.cash_key(mid, uid, cash.cash_of(ref))) if isinstance(gift.form, AsCash) else None
    if there is not None and not there.revoked:
        cash.call_back(there)


def _cash_taken(tx: Transaction, name: str, uid: str, gift: Gift, origin: Origin, found: Found) -> Taken | None:
    """Cash that nobody has asked for is its campaign's again; what was paid is his debt."""
    there = found.item(Cash, cash.cash_key(origin.mid, uid, cash.cash_of(origin.ref)))
    if there is None:
        raise LookupError(f"the cash of a gift: {origin.ref}")
    if there.state in ON_ITS_WAY:
        return None
    if there.state is CashState.RETURNED:
        return Taken([], 0, 0)
    if there.state is CashState.PAID:
        balances.add_taken(tx, name, origin.mid, uid, gift.currency, 0, found, debt=gift.amount)
        return Taken([], 0, gift.amount)
    cash.add_returned(tx, there, TAKEN_BACK)
    return Taken(moved(cash.account(uid), campaign(origin.cid), gift.currency, gift.amount), gift.amount, 0)


def coupon_unused(found: Found, mid: MerchantId, uid: str, ref: str) -> bool | None:
    """Whether a gift's coupon is not used; None while an order holds it."""
    coupon = found.item(Coupon, coupon_key(mid, uid, coupon_of(ref)))
    if coupon is None:
        raise LookupError(f"the coupon of a gift: {ref}")
    taken = coupon.taken(0)
    if taken is not None and taken.startswith(LOCKED):
        return None
    return taken is None


def add_coupon_taken(tx: Transaction, name: str, uid: str, origin: Origin) -> None:
    """A gift's coupon that nobody uses is invalid from now on."""
    actions = [Coupon.invalid_at.set(Coupon.invalid_at | clock.now()), Coupon.invalid_why.set(TAKEN_BACK)]
    key = coupon_key(origin.mid, uid, coupon_of(origin.ref))
    tx.update(name, key, actions, when={"free": Coupon.p0.does_not_exist()})


def add_coupon_owed(tx: Transaction, name: str, uid: str, origin: Origin) -> None:
    """A gift's coupon that is used and is owed from now on: the order that used it does not make it good again."""
    actions = [
        Coupon.invalid_at.set(Coupon.invalid_at | clock.now()),
        Coupon.invalid_why.set(Coupon.invalid_why | OWED),
    ]
    key = coupon_key(origin.mid, uid, coupon_of(origin.ref))
    tx.update(name, key, actions, when={"used": Coupon.p0.startswith(USED)})


def moved(source: str, target: str, currency: Currency, amount: int) -> list[Leg]:
    """The two legs of so much that goes from one account to another; none where nothing goes."""
    return [Leg(source, currency, -amount), Leg(target, currency, amount)] if amount else []


def _coupon(uid: str, gift: Gift, form: AsCoupon, origin: Origin, now: datetime) -> Coupon:
    coupon_id = coupon_of(origin.ref)
    coupon = Coupon(
        *coupon_key(origin.mid, uid, coupon_id),
        cid=origin.cid,
        version=origin.version,
        why=origin.why,
        subject=origin.subject,
        terms=form.terms(gift.amount),
        windows=[Window(now, now + timedelta(days=form.valid_days))],
        created_at=now,
    )
    coupon.gsi1pk, coupon.gsi1sk = statement_entry(origin.mid, uid, now, coupon_id)
    return coupon
