"""Asking WeChat Pay to collect an order: the body is frozen with the order, every call is preceded by its intent."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from pynamodb.expressions.update import Action

from chalicelib.accounts.items import User
from chalicelib.core import clock, log
from chalicelib.core.config import config
from chalicelib.core.errors import RippleError, Unknown
from chalicelib.core.ids import MerchantId
from chalicelib.core.money import Fen
from chalicelib.core.transaction import Lost, update_one
from chalicelib.merchants.service import pay_account
from chalicelib.orders.items import Order
from chalicelib.orders.numbers import trade_number
from chalicelib.orders.play import PaymentRef
from chalicelib.orders.problems import NOT_PAYABLE, PAY_WINDOW_OVER, PAYMENT_CHANGED, PAYMENT_REFUSED
from chalicelib.orders.states import OrderState
from chalicelib.wechat import pay
from chalicelib.wechat.http import WechatError

LAST_CALL = timedelta(seconds=60)
"""No prepay call begins later than this before the deadline: WeChat raises a nearer ``time_expire`` past it."""

PREPAY_LIFE = timedelta(minutes=110)
"""How long a ``prepay_id`` is handed out again; WeChat keeps it for two hours (wechat.md 7.3)."""

DESCRIPTION_BYTES = 127

MOST_ATTEMPTS = 5


class AttemptClosed(Exception):
    """WeChat will collect no more under this number."""


def body(order: Order, openid: str) -> dict[str, Any]:
    """What WeChat Pay is asked to collect, from fields frozen on the order."""
    return pay.jsapi_body(
        pay_account(order.mid),
        out_trade_no=trade_number(order.oid, order.attempt),
        description=describe(order),
        total=Fen(order.cash_fen),
        openid=openid,
        time_expire=order.deadline,
        notify_url=notify_url(order.mid),
        attach=PaymentRef.of(order).attach(),
    )


def describe(order: Order) -> str:
    """What the payer reads: the first line's title, cut to what WeChat takes."""
    return order.lines[0].title.encode()[:DESCRIPTION_BYTES].decode(errors="ignore")


def notify_url(mid: MerchantId) -> str:
    """Where WeChat Pay tells of payments and refunds; the merchant stands in the path, since no query is allowed."""
    return f"{config().public_url}/notify/wechat/{mid}/pay"


def freeze(order: Order, openid: str) -> None:
    """Give an order the hash of the body that every prepay of it will send, if there is one, and its first intent."""
    order.body_hash = pay.body_hash(body(order, openid))[:32] if order.cash_fen else None
    order.intent_at = clock.now()


def first_prepay(order: Order, user: User) -> dict[str, str] | None:
    """Ask for the first time, straight after the commit that recorded the intent; None when no answer decided it.

    The ``prepay_id`` is handed to the client and not stored: a repeat asks again with the same body.
    """
    try:
        prepay_id = _ask(order, user)
    except Unknown as unknown:
        log.warning("prepay_undecided", oid=order.oid, why=str(unknown))
        return None
    except AttemptClosed:
        return None
    return pay.client_params(pay_account(order.mid), prepay_id)


def repeat_prepay(order: Order, user: User) -> dict[str, str] | None:
    """Ask again on the user's wish: a known ``prepay_id`` is returned without a call, else intent, call, and keep it.

    Raises `NOT_PAYABLE`, `PAY_WINDOW_OVER`, `PAYMENT_CHANGED`, `PAYMENT_REFUSED`.
    """
    instant = clock.now()
    _insist_payable(order, instant)
    account = pay_account(order.mid)
    if order.prepay_id and instant < order.intent_at + PREPAY_LIFE:
        return pay.client_params(account, order.prepay_id)
    held = {"held": Order.state == OrderState.HELD, "in_time": Order.deadline >= instant + LAST_CALL}
    try:
        update_one(order, [Order.intent_at.set(instant)], when=held)
    except Lost as lost:
        raced = lost.item("item")
        raise _not_payable(raced if isinstance(raced, Order) else order) from None
    try:
        prepay_id = _ask(order, user)
    except Unknown as unknown:
        log.warning("prepay_undecided", oid=order.oid, why=str(unknown))
        return None
    except AttemptClosed:
        return _next_attempt(order, user)
    try:
        update_one(order, [Order.prepay_id.set(prepay_id)], when={"same": Order.intent_at == instant})
    except Lost:
        log.info("prepay_raced", oid=order.oid)
    return pay.client_params(account, prepay_id)


def _next_attempt(order: Order, user: User) -> dict[str, str] | None:
    """WeChat says that the attempt is closed while the order is still held: collect under the next number.

    The older attempt stays watched: should WeChat contradict itself, whatever comes second is refunded.
    """
    closed, instant = order.attempt, clock.now()
    if closed >= MOST_ATTEMPTS:
        raise RippleError(PAYMENT_REFUSED, wechat_code="ORDER_CLOSED", order_id=order.oid)
    order.attempt, order.prepay_id = closed + 1, None
    freeze(order, user.openid)
    held = {
        "held": Order.state == OrderState.HELD,
        "in_time": Order.deadline >= instant + LAST_CALL,
        "attempt": Order.attempt == closed,
    }
    actions: list[Action] = [
        Order.attempt.set(order.attempt),
        Order.body_hash.set(order.body_hash),
        Order.intent_at.set(order.intent_at),
        Order.prepay_id.remove(),
    ]
    try:
        update_one(order, actions, when=held)
    except Lost as lost:
        raced = lost.item("item")
        if isinstance(raced, Order) and raced.state == OrderState.HELD and raced.attempt > closed:
            return None
        raise _not_payable(raced if isinstance(raced, Order) else order) from None
    log.warning("prepay_attempt", oid=order.oid, attempt=order.attempt)
    return first_prepay(order, user)


def _insist_payable(order: Order, instant: datetime) -> None:
    if order.state != OrderState.HELD or instant > order.deadline - LAST_CALL:
        raise _not_payable(order)


def _not_payable(order: Order) -> RippleError:
    if order.state == OrderState.HELD:
        return RippleError(PAY_WINDOW_OVER)
    return RippleError(NOT_PAYABLE, state=order.state.value)


def _ask(order: Order, user: User) -> str:
    asked = body(order, user.openid)
    if pay.body_hash(asked)[:32] != order.body_hash:
        raise RippleError(PAYMENT_CHANGED, order_id=order.oid)
    try:
        return pay.prepay(pay_account(order.mid), asked)
    except WechatError as refused:
        if refused.code in ("ORDER_PAID", "ORDERPAID"):
            raise RippleError(NOT_PAYABLE, state="paid") from None
        if refused.code == "ORDER_CLOSED":
            raise AttemptClosed from None
        log.error(
            "prepay_refused", oid=order.oid, wechat_code=refused.code, status=refused.status, rid=refused.request_id
        )
        raise RippleError(PAYMENT_REFUSED, wechat_code=refused.code, order_id=order.oid) from None
