"""Cash over HTTP."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.accounts.items import user_index
from chalicelib.accounts.problems import USER_BLOCKED
from chalicelib.cash import looking, problems, service, views
from chalicelib.cash import notified as notices
from chalicelib.cash.service import Tapped
from chalicelib.cash.views import CashPage, MyCash
from chalicelib.core import clock, cursor
from chalicelib.core.cursor import Page
from chalicelib.core.errors import NOT_FOUND
from chalicelib.edge.operation import CALLBACK, USER, Answer, Call, operation
from chalicelib.notices.asking import ask
from chalicelib.notices.moments import Moment
from chalicelib.orders.problems import NOTIFICATION_MISPLACED, NOTIFICATION_REFUSED
from chalicelib.rewards.cash import LISTED
from chalicelib.rewards.problems import CASH_NOT_FOR_MINORS
from chalicelib.rewards.states import CashState

UNDECIDED = (CashState.REVIEW, CashState.SENDING, CashState.CANCELLING)
"""Somebody else has to do something before its user can."""


class Claim(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Who claims, where WeChat checks that."""

    real_name: Annotated[str, Meta(min_length=1, max_length=30)] | None = None
    """As WeChat knows it; for 2,000 yuan and more, else it is not used. It is passed on sealed and not kept."""


@operation(auth=USER, query=Page, answer=MyCash, name="my_cash", summary="My cash, newest first")
def mine(call: Call[None]) -> MyCash:
    """A page of the caller's cash."""
    page: Page = call.query
    after = cursor.decode(page.cursor, user_index(call.mid, call.uid), "gsi1", LISTED)
    found, more = service.mine(call.mid, call.uid, page.limit, after)
    shown = views.listed(looking.look(call.mid, call.uid, found), call.language)
    wanted = ask(call.mid, call.language, Moment.CASH_ENDING, Moment.REWARD_ARRIVED)
    return MyCash(cash=shown, cursor=cursor.encode(more), ask=wanted, now=clock.now())


@operation(
    auth=USER,
    answer=CashPage,
    name="show_cash",
    summary="One piece of my cash, and what opens WeChat's page",
    problems=(NOT_FOUND,),
)
def show(call: Call[None]) -> CashPage:
    """Cash of the caller's."""
    return _page(call, service.shown(call.mid, call.uid, call.path["cash_id"]))


@operation(
    auth=USER,
    body=Claim,
    answer=CashPage,
    also=(202,),
    name="claim_cash",
    summary="Claim cash",
    description="Answers 200 with `confirm` where WeChat waits for the user, and 202 while it is on its way or being"
    " checked. What is paid, or can be confirmed no more, is 200 without it. Safe to repeat: what stands is the"
    " answer, and one transfer is made.",
    problems=(
        NOT_FOUND,
        problems.CASH_NOT_YET,
        problems.CASH_OVER,
        problems.CASH_PAUSED,
        problems.CASH_NAME_NEEDED,
        problems.CASH_DAY_FULL,
        problems.CASH_YEAR_FULL,
        CASH_NOT_FOR_MINORS,
        USER_BLOCKED,
    ),
)
def claim(call: Call[Claim]) -> Answer[CashPage]:
    """Ask for cash: WeChat offers it to the caller, who confirms it there."""
    name = (call.body.real_name or "").strip() or None
    return _answer(
        call, service.tap(call.mid, call.uid, call.path["cash_id"], real_name=name, address=call.client_ip or None)
    )


@operation(
    auth=USER,
    answer=CashPage,
    also=(202,),
    name="cancel_cash",
    summary="Take back that I asked for cash",
    description="Answers 202 while WeChat withdraws it; it can be claimed again when that is done. A confirmation may"
    " be faster: then it is paid.",
    problems=(NOT_FOUND, problems.CASH_NOT_SENT, problems.CASH_SETTLED),
)
def cancel(call: Call[None]) -> Answer[CashPage]:
    """Withdraw what is on its way."""
    cancelled = service.cancel(call.mid, call.uid, call.path["cash_id"])
    return _answer(call, service.told(cancelled))


@operation(
    auth=CALLBACK,
    summary="WeChat Pay tells how transfers ended",
    problems=(NOTIFICATION_REFUSED, NOTIFICATION_MISPLACED, NOT_FOUND),
)
def notified(call: Call[None]) -> None:
    """Take a notification; 204 acknowledges it."""
    notices.notified(call.mid, call.headers, call.raw)


def _answer(call: Call[Claim] | Call[None], tapped: Tapped) -> Answer[CashPage]:
    undecided = tapped.cash.state in UNDECIDED
    return Answer(_page(call, tapped), status=202 if undecided else 200)


def _page(call: Call[Claim] | Call[None], tapped: Tapped) -> CashPage:
    return views.page(tapped, looking.look(call.mid, call.uid, [tapped.cash]), call.language)
