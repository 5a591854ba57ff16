"""The rules of codes: pure decisions over a campaign's document, what one read round found, and the clock's instant."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from chalicelib.accounts.newcomer import Verdict, verdict
from chalicelib.campaigns.kinds.codes import CodesOffer, Funding
from chalicelib.core import clock
from chalicelib.core.errors import RippleError
from chalicelib.rewards import minors
from chalicelib.rewards.problems import NEW_CLAIMERS_ONLY
from chalicelib.voucher import problems
from chalicelib.voucher.states import ENDED, FREE, GOOD, SAID, BatchState, CodeStanding, CodeState

if TYPE_CHECKING:
    from chalicelib.accounts.items import User
    from chalicelib.campaigns.live import Live
    from chalicelib.voucher.finding import Place
    from chalicelib.voucher.items import Asked, Batch, Redeemed, Used


def found_asked(used: Used | None, ident: str) -> Asked | None:
    """What the same request did to a code before."""
    asked = used.asked or [] if used is not None else []
    return next((one for one in asked if one.ident == ident), None)


def is_alive(batch: Batch, serial: int) -> bool:
    """Whether a code that nothing happened to is good: its batch is live, and it is in no revoked range."""
    return batch.status is BatchState.LIVE and serial < batch.size and not batch.in_range(serial)


def end_of(batch: Batch, serial: int) -> CodeState | None:
    """What has become of a code that is free: nothing while it is alive."""
    if batch.status in ENDED and not batch.in_range(serial):
        return CodeState.EXPIRED if batch.status is BatchState.EXPIRED else CodeState.REVOKED
    return CodeState.REVOKED if batch.in_range(serial) else None


def standing(batch: Batch, place: Place, used: Used | None, now: datetime) -> CodeStanding:
    """Where a code of a batch is: its own end first, then its letters', its range's, its batch's, and its time."""
    if place.serial >= batch.size:
        return CodeStanding.UNKNOWN
    if place.letters != batch.letters:
        return CodeStanding.FORGED
    if used is not None and used.state not in FREE:
        return CodeStanding(used.state.value)
    if place.key_version not in (None, batch.key_version):
        return CodeStanding.KEY_RETIRED
    if not is_alive(batch, place.serial):
        return CodeStanding.RANGE_REVOKED if batch.in_range(place.serial) else CodeStanding(batch.status.value)
    if batch.until is not None and now >= batch.until:
        return CodeStanding.EXPIRED
    if now < batch.since:
        return CodeStanding.NOT_YET
    again = used is not None and used.state is CodeState.RESTORED
    return CodeStanding.RESTORED if again else CodeStanding.LIVE


def insist_good(
    batch: Batch, place: Place, used: Used | None, uid: str | None, now: datetime, *, staff: bool = False
) -> None:
    """Raise `CODE_INVALID` for whatever a guesser may not tell apart; and what its holder may know.

    So it is when its batch has ended or its range, when another has redeemed it, when it is bound to another, or its
    key is retired. ``staff`` are told which: `CODE_NOT_FREE`, `CODE_NEEDS_USER`, `CODE_BOUND`.
    """
    mine = used is not None and used.state is CodeState.REDEEMED and used.uid == uid
    if used is not None and mine and uid is not None and not staff:
        raise RippleError(problems.CODE_ALREADY_YOURS if used.order is None else problems.CODE_ORDERED)
    there = standing(batch, place, used, now)
    bound = used.bound if used is not None else None
    if staff:
        if there not in GOOD:
            raise not_free(there)
        if bound not in (None, uid):
            raise RippleError(problems.CODE_BOUND if uid is not None else problems.CODE_NEEDS_USER, "/pass")
    elif there not in GOOD or bound not in (None, uid):
        raise RippleError(problems.CODE_INVALID, "/code")
    if there is CodeStanding.NOT_YET:
        raise RippleError(problems.CODE_NOT_YET, since=clock.iso(batch.since))


def not_free(there: CodeStanding) -> RippleError:
    """What the merchant is told of a code that nobody can redeem: `CODE_NOT_FREE`, and where it is."""
    return RippleError(problems.CODE_NOT_FREE, standing=there.value, state=SAID[there])


def insist_may_redeem(offer: CodesOffer, user: User, taken: Redeemed | None, now: datetime) -> Verdict | None:
    """Raise `CASH_NOT_FOR_MINORS`, `NEW_CLAIMERS_ONLY`, `CODE_LIMIT`; the verdict on whether he is new, if asked."""
    found = None
    if offer.gives_cash:
        minors.insist_cash_is_for(user)
    if offer.only_new is not None:
        found = verdict(user, offer.only_new, offer.starts_at, now)
        if not found.new:
            raise RippleError(NEW_CLAIMERS_ONLY)
    if not has_room(offer, taken):
        raise RippleError(problems.CODE_LIMIT, limit=offer.per_user)
    return found


def has_room(offer: CodesOffer, taken: Redeemed | None) -> bool:
    """Whether one user may redeem one more of a campaign's codes."""
    return offer.per_user is None or taken is None or taken.n < offer.per_user


def takes_again(offer: CodesOffer, batch: Batch, used: Used, uid: str, taken: Redeemed | None) -> bool:
    """Whether money for a released order redeems its code once more: it is free and alive, and its payer has room.

    Time plays no part, as the money is there, nor does the key: it was a good code when he ordered with it.
    """
    free = used.state in FREE and used.bound in (None, uid) and is_alive(batch, used.serial)
    return free and has_room(offer, taken)


def insist_open(campaign: Live[CodesOffer], now: datetime) -> None:
    """Raise `NOT_RUNNING`; codes that were sold are good also after their campaign, unless it is paused."""
    if campaign.offer.funding is Funding.SOLD:
        campaign.insist_not_paused()
    else:
        campaign.insist_running(now)


NOT_REDEEMED = ("该码未处于已兑换状态", "it is not redeemed")
"""Why nothing is undone."""


def why_not_undone(offer: CodesOffer, used: Used, now: datetime) -> tuple[str, str] | None:
    """Why a redemption is not undone, in both languages; None where it may be."""
    if used.state is not CodeState.REDEEMED or used.at is None:
        return NOT_REDEEMED
    if used.undone:
        return "该码已撤销过一次", "a redemption of it was undone before"
    if used.order is not None:
        return "商品订单请走售后", "it was an order, which after-sale takes back"
    if offer.gives_cash:
        return "现金不可撤销", "cash is not undone"
    if now > used.at + timedelta(minutes=offer.undo_minutes):
        return "已超过可撤销时间", "the time for it is over"
    return None
