"""What a paid order brings its buyer: a gift, and points for what money paid of it, out of its campaign's budget.

A confirmed order makes a grant for each, where the budget reaches; where it does not, none. Of points the most is
reserved that they may come to. What becomes of a grant follows from what still pays for the order when its time has
come, and that is a condition of the transaction that gives it: later only the end of all of it, or less than the
campaign asks for, takes it back.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from chalicelib.accounts.items import User, user_key
from chalicelib.campaigns.gifts import AfterOrder, AsCash, AsPoints, Gift, Hold
from chalicelib.campaigns.live import Live, any_live
from chalicelib.campaigns.offer import Offer
from chalicelib.core import clock, log
from chalicelib.core.decision import decided
from chalicelib.core.errors import Language, localised
from chalicelib.core.store import Found, read
from chalicelib.core.table import Key
from chalicelib.core.transaction import Transaction
from chalicelib.orders import standing
from chalicelib.orders.brought import Brought, in_words
from chalicelib.orders.items import Order, order_key
from chalicelib.orders.play import PaymentRef
from chalicelib.orders.standing import Stands
from chalicelib.orders.states import OrderState
from chalicelib.rewards import grants, minors
from chalicelib.rewards.funds import Funds
from chalicelib.rewards.give import Origin
from chalicelib.rewards.grants import End, Go, Less, Ruling, Wait
from chalicelib.rewards.items import Grant, grant_key
from chalicelib.rewards.lines import cash_given
from chalicelib.rewards.states import MINOR, ORDER_REFUNDED, TOO_LITTLE_PAID, GrantState, Why
from chalicelib.rewards.ungiven import ungiven

THANKS = "thanks"
"""What orders call who follows them, and grants who decides about them."""

LEAST_WAIT = timedelta(hours=1)
"""How soon an order is looked at again whose after-sale window has no length."""

OPEN_CASE = timedelta(days=1)
"""How often an order with an open case is looked at."""

INSTANT = timedelta(milliseconds=1)
"""What comes after the last instant at which a buyer may ask; storage keeps milliseconds."""

GIFT, POINTS = "gift", "points"
"""The two things, as their references end."""


def _undone(stands: Stands, after: AfterOrder) -> str | None:
    """Why an order brings nothing, if it does not."""
    if stands.order.state is not OrderState.CONFIRMED:
        return ORDER_REFUNDED
    return TOO_LITTLE_PAID if stands.live_fen < after.least_paid_fen else None


def _points_of(stands: Stands, after: AfterOrder) -> int:
    """What an order brings of points: for each whole yuan of money."""
    return after.points_per_yuan * (stands.money_fen // 100)


class Thanks:
    """Who follows orders of campaigns that give something for them, decides about their grants, and tells of them."""

    def confirmed(self, order: Order) -> None:
        """Promise what the order brings, each thing by itself, as far as the budget reaches."""
        campaign = any_live(order.mid, PaymentRef.of(order).cid)
        for thing in (GIFT, POINTS):
            decided(partial(_promise, campaign, order, thing))

    def returned(self, order: Order) -> None:
        """Take everything back where no money is left in the order, or too little; a part that went back waits."""
        after = any_live(order.mid, PaymentRef.of(order).cid).offer.after_order
        note = _undone(standing.of(order), after) if after is not None else None
        if note is not None:
            for key in self.keys(order):
                grants.undo(key, note)

    def rule(self, grant: Grant) -> Ruling:
        """What becomes of a grant whose time has come, by what still pays for its order."""
        order = read(key := order_key(grant.mid, grant.subject)).item(Order, key)
        after = any_live(grant.mid, PaymentRef.of(order).cid).offer.after_order if order is not None else None
        if order is None or after is None:
            raise LookupError(f"the order of a grant: {grant.ref}")
        stands = standing.of(order)
        if (note := _undone(stands, after)) is not None:
            return End(GrantState.VOID, note)
        of_points = grant.why is Why.AFTER_ORDER_POINTS
        if (of_points or after.hold is Hold.UNTIL_COMPLETE) and (until := _until(stands.order)) is not None:
            return Wait(until)
        if of_points and not _points_of(stands, after):
            return End(GrantState.VOID, TOO_LITTLE_PAID)
        if of_points and _points_of(stands, after) < grant.gift.amount:
            return Less(_points_of(stands, after))
        return Go(lambda tx: standing.add_as_seen(tx, stands))

    def keys(self, order: Order) -> list[Key]:
        """Where the grants of an order stand."""
        return [grant_key(order.mid, order.uid, _ref(order, thing)) for thing in (GIFT, POINTS)]

    def told(self, order: Order, found: Found, language: Language) -> list[Brought]:
        """What it brought, as its buyer reads it."""
        seen = [grant for key in self.keys(order) if (grant := found.item(Grant, key)) is not None]
        return [_told(grant, language) for grant in seen]


FOLLOWING = Thanks()
"""The one that is registered."""


def _promise(campaign: Live[Offer], order: Order, thing: str) -> None:
    """Reserve one thing for an order that is confirmed, once, if the budget reaches for it."""
    after = campaign.offer.after_order
    stands = standing.of(order)
    if after is None or _undone(stands, after) is not None:
        return
    gift = after.gift if thing == GIFT else _points(after, _points_of(stands, after))
    if gift is None:
        return
    key, buyer = grant_key(order.mid, order.uid, _ref(order, thing)), user_key(order.mid, order.uid)
    why = Why.AFTER_ORDER if thing == GIFT else Why.AFTER_ORDER_POINTS
    funds = Funds(campaign, {gift.currency: gift.amount}, read)
    found = read(key, *([buyer] if minors.is_kept_from(why, gift.form) else ()), *funds.keys)
    if found[key] is not None:
        return
    kept = buyer in found and minors.is_minor(found.item(User, buyer))
    drawn = funds.drawn(found)
    if drawn is None and not kept:
        log.info("thanks_without_budget", oid=order.oid, thing=thing)
        return
    origin = Origin(
        mid=order.mid,
        cid=campaign.cid,
        version=order.version,
        why=why,
        ref=_ref(order, thing),
        subject=order.oid,
    )
    tx = Transaction()
    tx.check("order", order_key(order.mid, order.oid), when={"confirmed": Order.state == OrderState.CONFIRMED})
    if kept or drawn is None:
        tx.put("grant", ungiven(THANKS, order.uid, gift, origin, MINOR))
    else:
        at_once = thing == GIFT and after.hold is Hold.NONE
        due = clock.now() if at_once else _until(stands.order) or clock.now()
        tx.put("grant", grants.new(THANKS, order.uid, gift, origin, GrantState.HELD, due, drawn[gift.currency]))
        funds.add_drawn(tx, drawn)
    tx.commit()


def _points(after: AfterOrder, points: int) -> Gift | None:
    """So many points as a gift; none where there are none."""
    return Gift(amount=points, form=AsPoints(valid_days=after.points_valid_days)) if points else None


def _until(order: Order) -> datetime | None:
    """When to look at an order again whose buyer may still ask for his money; None once he may not.

    Goods that have not arrived yet arrive now at the earliest.
    """
    now = clock.now()
    if order.ask_until is None:
        return now + max(LEAST_WAIT, timedelta(days=order.terms.return_days))
    if now <= order.ask_until:
        return order.ask_until + INSTANT
    return now + OPEN_CASE if order.case is not None else None


def _ref(order: Order, thing: str) -> str:
    """What a thing that an order brings is called among its buyer's grants."""
    return f"thx.{order.oid}.{thing}"


STATES = {
    GrantState.GRANTED: "granted",
    GrantState.CLAWING: "taken_back",
    GrantState.CLAWED: "taken_back",
    GrantState.VOID: "not_given",
    GrantState.LAPSED: "not_given",
}
"""How its buyer sees a grant; any other is on its way."""

CASH_SAID = {
    "coming": (
        "{what}将在收货且售后期结束后发放，等待期满可领取",
        "{what}: given once the goods have arrived and after-sale is over, to be claimed when its hold is over.",
    ),
    "soon": ("{what}即将发放", "{what}: about to be given."),
    "granted": ("{what}已发放，请在“我的现金”中领取", "{what}: given; claim it among your cash."),
}
"""What is said otherwise of cash, which somebody has to ask for."""

SAID = {
    "coming": ("{what}将在收货且售后期结束后到账", "{what}: once the goods have arrived and after-sale is over."),
    "soon": ("{what}即将到账", "{what}: on its way."),
    "granted": ("{what}已到账", "{what}: it is yours."),
    "not_given": ("订单退款，{what}不再发放", "{what}: not given, since the order was paid back."),
    "taken_back": ("订单退款，{what}已收回", "{what}: taken back, since the order was paid back."),
}

MINOR_SAID = ("{what}不向未成年人发放", "{what}: not given to minors.")
"""Of what ended since its buyer is one."""


def _told(grant: Grant, language: Language) -> Brought:
    state = STATES.get(grant.state, "coming")
    soon = state == "coming" and grant.due is not None and grant.due <= clock.now() + LEAST_WAIT
    said = {**SAID, **CASH_SAID} if isinstance(grant.gift.form, AsCash) else SAID
    told = MINOR_SAID if grant.note == MINOR else said["soon" if soon else state]
    sentence: str = localised(told, language)
    what: str = localised(in_words(grant.gift), language)
    return Brought(
        what=grant.why.value,
        state=state,
        gift=grant.gift,
        detail=sentence.format(what=what),
        given_at=grant.posted_at,
        cash_id=cash_given(grant),
    )
