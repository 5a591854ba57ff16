"""Claiming a coupon, and giving some: one read round, one pure decision, one transaction each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.accounts.items import User, user_key
from chalicelib.campaigns import stock
from chalicelib.campaigns.gifts import Currency
from chalicelib.campaigns.kinds.coupon import COUPONS, CouponOffer
from chalicelib.campaigns.live import Live, live
from chalicelib.campaigns.stock import Shelf
from chalicelib.core import clock
from chalicelib.core.decision import Read, decided_or_refused
from chalicelib.core.errors import NOT_FOUND, UNAUTHENTICATED, RippleError
from chalicelib.core.idempotency import Intent, begin, part
from chalicelib.core.ids import CampaignId, UserId
from chalicelib.core.table import Key
from chalicelib.core.transaction import Transaction
from chalicelib.coupons import problems, rules
from chalicelib.coupons.items import ClaimLimit, limit_key, list_entry
from chalicelib.merchants import audit
from chalicelib.rewards import balances, telling
from chalicelib.rewards.items import Coupon, coupon_key, statement_entry
from chalicelib.rewards.posting import add_points_spent
from chalicelib.rewards.states import Why
from chalicelib.rewards.windows import windows

LETTERS = 16
"""Of a coupon's id."""


class Given(msgspec.Struct, kw_only=True):
    """What became of one user's coupon: its id, or the code of what forbids it."""

    user_id: str
    coupon_id: str | None = None
    code: str | None = None


def claim(intent: Intent, cid: CampaignId) -> Coupon:
    """Take a coupon of a template: one unit of its total, one of the user's own limit.

    Raises `NOT_RUNNING`, `NEW_CLAIMERS_ONLY`, and what `rules.insist_may_claim` raises.
    """
    mid, uid = intent.mid, UserId(intent.actor)
    mine, taken, me = (
        coupon_key(mid, uid, intent.ident("coupon", LETTERS)),
        limit_key(mid, uid, cid),
        user_key(mid, uid),
    )

    def attempt(read: Read) -> Coupon:
        campaign = live(mid, cid, CouponOffer)
        offer = campaign.offer
        price = offer.price_points
        shelf = Shelf(campaign, COUPONS, 1, read)
        purse = balances.keys(mid, uid, Currency.POINTS) if price is not None else []
        found = read(mine, taken, me, *purse, *shelf.keys)
        made = found.item(Coupon, mine)
        if made is not None:
            intent.insist_same(made.fingerprint or "")
            return made
        user, limit = found.item(User, me), found.item(ClaimLimit, taken)
        if user is None:
            raise RippleError(UNAUTHENTICATED)
        now = clock.now()
        campaign.insist_running(now)
        left = shelf.seen(found)
        points = balances.there(found, mid, uid, Currency.POINTS) if purse else 0
        rules.insist_may_claim(offer, limit, sum(shard.left for shard in left), points, now)
        coupon = new_coupon(mine, campaign, Why.CLAIMED, now)
        coupon.fingerprint, coupon.verdict = intent.fingerprint, rules.insist_welcome(offer, user, now)
        tx = Transaction()
        tx.put("coupon", coupon)
        _add_claim(tx, taken, offer, limit, now)
        stock.add_draw(tx, left, stock.draw(left, 1))
        if price is not None:
            ref = f"claim-{coupon.coupon_id}"
            add_points_spent(tx, mid, uid, price, ref, coupon.coupon_id, cid, campaign.version, found)
        tx.commit()
        return coupon

    return decided_or_refused(attempt)


def give_to(intent: Intent, cid: CampaignId, uids: Sequence[str], note: str) -> list[Given]:
    """Give a coupon of the template to each of the users; what cannot be given is said of each. Again is the same."""
    live(intent.mid, cid, CouponOffer)
    begin(intent)
    return [_given(part(intent, uid), cid, UserId(uid), note) for uid in dict.fromkeys(uids)]


def _given(intent: Intent, cid: CampaignId, uid: UserId, note: str) -> Given:
    mid = intent.mid
    mine, him = coupon_key(mid, uid, intent.ident("coupon", LETTERS)), user_key(mid, uid)

    def attempt(read: Read) -> Coupon:
        campaign = live(mid, cid, CouponOffer)
        shelf = Shelf(campaign, COUPONS, 1, read)
        found = read(mine, him, *shelf.keys)
        made = found.item(Coupon, mine)
        if made is not None:
            return made
        if found.item(User, him) is None:
            raise RippleError(NOT_FOUND)
        now = clock.now()
        campaign.insist_running(now)
        left = shelf.seen(found)
        if sum(shard.left for shard in left) < 1:
            raise RippleError(problems.CLAIMED_OUT)
        coupon = new_coupon(mine, campaign, Why.GIVEN, now)
        tx = Transaction()
        tx.put("coupon", coupon)
        stock.add_draw(tx, left, stock.draw(left, 1))
        audit.add(tx, mid, intent.actor, "coupon.give", coupon.coupon_id, campaign_id=cid, user_id=uid, note=note)
        telling.add_coupon(tx, "told", coupon, now)
        tx.commit()
        return coupon

    try:
        return Given(user_id=uid, coupon_id=decided_or_refused(attempt).coupon_id)
    except RippleError as refused:
        return Given(user_id=uid, code=refused.problem.code)


def _add_claim(tx: Transaction, key: Key, offer: CouponOffer, seen: ClaimLimit | None, now: datetime) -> None:
    """One more claim, under the limits of template and day; an older day counts as none."""
    day = clock.day_of(now).isoformat()
    when: dict[str, Condition] = {"limit": ClaimLimit.n.does_not_exist() | (ClaimLimit.n < offer.per_user)}
    actions: list[Action] = [ClaimLimit.n.add(1)]
    if seen is not None and seen.day == day:
        when["same_day"] = ClaimLimit.day == day
        if offer.per_user_a_day is not None:
            when["today"] = ClaimLimit.today < offer.per_user_a_day
        actions.append(ClaimLimit.today.add(1))
    else:
        when["new_day"] = ClaimLimit.day.does_not_exist() | (ClaimLimit.day < day)
        actions += [ClaimLimit.day.set(day), ClaimLimit.today.set(1)]
    tx.upsert("limit", key, actions, when=when)


def new_coupon(key: Key, campaign: Live[CouponOffer], why: Why, now: datetime) -> Coupon:
    """A coupon of the template, for whoever draws a unit of it in the same transaction."""
    offer = campaign.offer
    coupon = Coupon(
        *key,
        cid=campaign.cid,
        version=campaign.version,
        why=why,
        terms=offer.coupon,
        windows=windows(offer.validity, now, offer.instalments),
        created_at=now,
    )
    mid, uid, coupon_id = campaign.mid, coupon.uid, coupon.coupon_id
    coupon.gsi1pk, coupon.gsi1sk = statement_entry(mid, uid, now, coupon_id)
    coupon.gsi3pk, coupon.gsi3sk = list_entry(mid, campaign.cid, uid, coupon_id, now)
    return coupon
