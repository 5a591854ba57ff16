"""The rules of a bargain: pure decisions over what one read round found."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from chalicelib.accounts.newcomer import Verdict, verdict
from chalicelib.bargain import problems
from chalicelib.bargain.states import BargainState, HelpState
from chalicelib.campaigns.kinds.bargain import Reserve, WhoMayHelp
from chalicelib.campaigns.problems import SOLD_OUT
from chalicelib.core import clock
from chalicelib.core.errors import RippleError
from chalicelib.orders.states import OrderState
from chalicelib.sharing.verdict import Outcome

if TYPE_CHECKING:
    from chalicelib.accounts.items import User
    from chalicelib.bargain.items import Bargain, Help, Limit
    from chalicelib.campaigns.kinds.bargain import BargainOffer
    from chalicelib.orders.items import Order
    from chalicelib.sharing.verdict import Verdict as Judged

LAST_ORDER = timedelta(minutes=2)
"""No order is made later than this before an end: else buying, cancelling and buying again would keep a unit."""

MOST_EARLY = 3
"""Early orders of one bargain: each of them freezes it for a pay window."""

CHECKING = timedelta(minutes=10)
"""What the merchant has at least for a help that is held."""

SETTLE_AGAIN = timedelta(minutes=1)
"""How long a bargain past its end waits for its held helps before it is looked at again."""


def price_of(bargain: Bargain) -> int:
    """What it costs now, in fen."""
    return price_after(bargain, bargain.helps)


def price_after(bargain: Bargain, helps: int) -> int:
    """What it costs when so many slots are taken."""
    return bargain.start_fen - sum(bargain.slots[:helps])


def insist_may_start(offer: BargainOffer, limit: Limit | None, stock_left: int, budget_left: int, cut_fen: int) -> None:
    """Raise what forbids starting a bargain now; what is left counts only where it is taken at the start."""
    if limit is not None and (limit.starts or 0) >= offer.limits.starts:
        raise RippleError(problems.START_LIMIT, limit=offer.limits.starts)
    if limit is not None and (limit.active or 0) >= offer.limits.active:
        raise RippleError(problems.ACTIVE_LIMIT, limit=offer.limits.active)
    if offer.reserve is Reserve.START and stock_left < 1:
        raise RippleError(SOLD_OUT)
    if offer.budget_fen is not None and budget_left < cut_fen:
        raise RippleError(problems.BUDGET_SPENT)


def insist_may_help(
    offer: BargainOffer, bargain: Bargain, given: Help | None, limit: Limit | None, uid: str, now: datetime
) -> None:
    """Raise what forbids helping now, whoever the helper is beside that."""
    if bargain.uid == uid:
        raise RippleError(problems.OWN_BARGAIN)
    if given is not None:
        raise RippleError(problems.ALREADY_HELPED)
    insist_open(bargain, now)
    if limit is not None and (limit.helps or 0) >= offer.limits.helps:
        raise RippleError(problems.HELP_LIMIT, limit=offer.limits.helps)
    today = clock.day_of(now).isoformat()
    if limit is not None and limit.day == today and (limit.today or 0) >= offer.limits.helps_a_day:
        raise RippleError(problems.HELP_DAY_LIMIT, limit=offer.limits.helps_a_day)


def insist_open(bargain: Bargain, now: datetime) -> None:
    """Raise what keeps a bargain from being helped: its end, its floor, an order under way."""
    if bargain.status is BargainState.FLOOR:
        raise RippleError(problems.AT_FLOOR)
    if bargain.status is BargainState.ORDERING:
        raise RippleError(problems.BARGAIN_FROZEN)
    if bargain.status is not BargainState.ACTIVE or now > bargain.expires_at:
        raise RippleError(problems.BARGAIN_ENDED, status=bargain.status.value)


def insist_welcome(offer: BargainOffer, user: User, now: datetime) -> Verdict | None:
    """The verdict on a newcomer where only those may help. Raises `NEW_HELPERS_ONLY`."""
    if offer.who_may_help is WhoMayHelp.ANY:
        return None
    found = verdict(user, offer.new_user, offer.starts_at, now)
    if not found.new:
        raise RippleError(problems.NEW_HELPERS_ONLY)
    return found


def taken_as(judged: Judged, bargain: Bargain, now: datetime) -> HelpState:
    """What a help becomes at once: counted or held. Raises `HELP_REFUSED`, `HELP_LATE`, `HELPS_CHECKING`."""
    if judged.outcome is Outcome.DENY:
        raise RippleError(problems.HELP_REFUSED)
    if judged.outcome is Outcome.ALLOW:
        return HelpState.COUNTED
    if now > bargain.expires_at - CHECKING:
        raise RippleError(problems.HELP_LATE)
    if bargain.held >= len(bargain.slots):
        raise RippleError(problems.HELPS_CHECKING)
    return HelpState.HELD


def decided_as(bargain: Bargain, *, yes: bool) -> HelpState:
    """What a held help becomes when somebody decides: by state and room, never by the clock."""
    if bargain.status not in (BargainState.ACTIVE, BargainState.SETTLING):
        return HelpState.MOOT
    return HelpState.COUNTED if yes else HelpState.REJECTED


def passes_at(offer: BargainOffer, bargain: Bargain, now: datetime) -> datetime:
    """When a help that is held now is approved by itself, ten minutes before the end at the latest."""
    return min(now + timedelta(seconds=offer.held_helps_pass_after_seconds), bargain.expires_at - CHECKING)


def is_frozen(bargain: Bargain) -> bool:
    """Whether an early order keeps its price and its time where they are."""
    return bargain.status is BargainState.ORDERING and bargain.before is BargainState.ACTIVE


def ends_at(bargain: Bargain, now: datetime) -> datetime:
    """When its time is over; of one that is frozen, if its order were given up now."""
    if is_frozen(bargain):
        return now + timedelta(milliseconds=bargain.rest_ms or 0)
    return bargain.expires_at


def insist_may_buy(offer: BargainOffer, bargain: Bargain, now: datetime) -> None:
    """Raise what forbids an order now; the stock is looked at where it is taken."""
    if bargain.status is BargainState.FLOOR:
        if bargain.claim_until is None or now > bargain.claim_until - LAST_ORDER:
            raise RippleError(problems.BARGAIN_ENDING)
        return
    if bargain.status is BargainState.ORDERING:
        raise RippleError(problems.ORDER_OPEN)
    if bargain.status is not BargainState.ACTIVE or now > bargain.expires_at:
        raise RippleError(problems.BARGAIN_ENDED, status=bargain.status.value)
    if not offer.early_purchase:
        raise RippleError(problems.NOT_AT_FLOOR, left=len(bargain.slots) - bargain.helps)
    if bargain.buys >= MOST_EARLY:
        raise RippleError(problems.EARLY_TRIES, limit=MOST_EARLY)
    if now > bargain.expires_at - LAST_ORDER:
        raise RippleError(problems.BARGAIN_ENDING)


def pay_until(offer: BargainOffer, bargain: Bargain, now: datetime) -> datetime:
    """Until when an order made now may be paid: at the floor not beyond the claim window, which runs on."""
    window = now + timedelta(seconds=offer.pay_window_seconds)
    return min(window, bargain.claim_until) if bargain.claim_until else window


def buys(bargain: Bargain, order: Order) -> bool:
    """Whether a captured payment buys the bargain. Time plays no part: the money is there."""
    own = bargain.status is BargainState.ORDERING and bargain.order == order.oid
    return own and order.state in (OrderState.HELD, OrderState.CLOSING)
