"""What a user's statement says of each kind of item: one line for each thing that he gained, lost or may yet get.

A room whose items stand in statements (`items.statement_entry`) names what they say and what they moved in
`plugged.LINES`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

import msgspec

from chalicelib.campaigns.gifts import AsCash, AsCoupon, Currency, Form
from chalicelib.rewards import cash, give
from chalicelib.rewards.cash import Cash, cash_of
from chalicelib.rewards.give import coupon_of
from chalicelib.rewards.items import Coupon, Grant, Leg, Posted, Posting
from chalicelib.rewards.states import INVALIDATED, NOT_CLAIMED, OF_TEMPLATE, WAITING, CashState, GrantState, Why
from chalicelib.rewards.words import Standing


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a statement, in no language yet."""

    at: datetime
    ref: str
    """Its name among its user's."""
    why: Why
    state: Standing
    amount: int
    """What he gains or, negative, loses; what he may get, of what is not granted."""
    currency: Currency
    form: str
    """balance | points | coupon | cash"""
    cid: str | None
    version: int | None
    subject: str | None
    until: datetime | None = None
    """When the hold or the check is over, or until when it can still happen."""
    ended_at: datetime | None = None
    reason: str | None = None
    """Why it waits for a check, or why it ended without value: codes."""
    back: int = 0
    """Of it, what was taken back."""
    debt: int = 0
    """What could not be taken back."""
    coupon: str | None = None
    """The id of the coupon that it is."""
    cash: str | None = None
    """The id of the cash that it is."""
    drawn: int = 0
    """What of its campaign's budget it holds or has used."""


class Listed(msgspec.Struct, frozen=True):
    """How a kind of item stands in statements."""

    line: Callable[[Any, str], Line | None]
    """What it says in the statement of a user, by his id; None where another line says it already."""
    legs: Callable[[Any], Iterable[Leg]]
    """Everything that it moved, and what stands below it and is in no statement of that user; it may read."""


STANDING = {
    GrantState.PROMISED: Standing.PROMISED,
    GrantState.HELD: Standing.HELD,
    GrantState.REVIEW: Standing.REVIEW,
    GrantState.GRANTED: Standing.GRANTED,
    GrantState.CLAWING: Standing.GRANTED,
    GrantState.CLAWED: Standing.TAKEN_BACK,
    GrantState.VOID: Standing.VOID,
    GrantState.LAPSED: Standing.LAPSED,
}


FORMS = {Currency.FEN: "balance", Currency.POINTS: "points", Currency.CASH: "cash"}
"""What a currency is given as, unless it is a coupon."""


def named(form: Form) -> str:
    """What a form is called: balance | points | coupon | cash."""
    return str(form.__struct_config__.tag)


def _until(grant: Grant) -> datetime | None:
    """A hold's end stands on the grant; its entry may be later for a moment, while somebody looks at it."""
    if grant.state is GrantState.HELD:
        return grant.hold_until
    return grant.due if grant.state in WAITING else None


def of_grant(grant: Grant, uid: str) -> Line:
    """A grant, from its promise to its end."""
    given = grant.legs is not None
    return Line(
        at=grant.created_at,
        ref=grant.ref,
        why=grant.why,
        state=STANDING[grant.state],
        amount=grant.gift.amount,
        currency=grant.gift.currency,
        form=named(grant.gift.form),
        cid=grant.cid,
        version=grant.version,
        subject=grant.subject,
        until=_until(grant),
        ended_at=grant.ended_at,
        reason=grant.note,
        back=-sum(leg.amount for leg in grant.back or [] if leg.amount < 0),
        debt=grant.debt or 0,
        coupon=coupon_of(grant.ref) if given and isinstance(grant.gift.form, AsCoupon) else None,
        cash=cash_given(grant),
        drawn=sum(part.units for part in grant.drawn),
    )


def cash_given(grant: Grant) -> str | None:
    """The id of the cash that a grant has become; None where it has become none."""
    return cash_of(grant.ref) if grant.legs is not None and isinstance(grant.gift.form, AsCash) else None


def of_posting(posting: Posting, uid: str) -> Line:
    """Value that moved for no grant; what moved back at once is told of as such."""
    his = give.user(uid), give.coupons(uid), cash.account(uid)
    (leg,) = (leg for leg in posting.legs or [] if leg.account in his)
    is_coupon = leg.account == give.coupons(uid)
    form = FORMS[leg.currency]
    expired = posting.why is Why.POINTS_EXPIRED
    gone = Standing.EXPIRED if expired else Standing.SPENT
    got = Standing.TAKEN_BACK if posting.back else Standing.GRANTED
    return Line(
        at=posting.posted_at,
        ref=posting.ref,
        why=posting.why,
        state=gone if leg.amount < 0 else got,
        amount=leg.amount,
        currency=leg.currency,
        form="coupon" if is_coupon else form,
        cid=posting.cid,
        version=posting.version,
        subject=posting.subject,
        ended_at=posting.posted_at,
        back=-sum(leg.amount for leg in posting.back or [] if leg.account in his),
        coupon=coupon_of(posting.ref) if is_coupon else None,
        cash=cash_of(posting.ref) if leg.currency is Currency.CASH else None,
    )


def of_coupon(coupon: Coupon, uid: str) -> Line | None:
    """A coupon that he claimed; one that was given is told of by the line of what gave it."""
    if coupon.why not in OF_TEMPLATE:
        return None
    return Line(
        at=coupon.created_at,
        ref=coupon.coupon_id,
        why=coupon.why,
        state=Standing.VOID if coupon.invalid_at is not None else Standing.GRANTED,
        amount=coupon.terms.off.most_fen * len(coupon.windows),
        currency=Currency.FEN,
        form="coupon",
        cid=coupon.cid,
        version=coupon.version,
        subject=coupon.subject,
        ended_at=coupon.invalid_at,
        reason=INVALIDATED if coupon.invalid_at is not None else None,
        coupon=coupon.coupon_id,
    )


def with_cash(line: Line, found: Cash | None) -> Line:
    """A line of cash, by what became of that: the cash holds the budget, and ends without value by itself."""
    if found is None:
        return line
    held = sum(part.units for part in found.drawn)
    if line.state is not Standing.GRANTED or found.state is not CashState.RETURNED:
        return msgspec.structs.replace(line, drawn=held)
    state = Standing.EXPIRED if found.note == NOT_CLAIMED else Standing.VOID
    return msgspec.structs.replace(line, drawn=held, state=state, reason=found.note, ended_at=found.ended_at)


def moved(item: Posted) -> list[Leg]:
    """What an item that is its own posting moved."""
    return item.all_legs


GRANTS = Listed(of_grant, moved)
POSTINGS = Listed(of_posting, moved)
COUPONS = Listed(of_coupon, lambda coupon: ())
"""What becomes of a coupon stands on itself and moves no account (`books`)."""
CASH = Listed(lambda item, uid: None, moved)
"""Cash is told of by the line of what gave it."""
