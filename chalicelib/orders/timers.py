"""An order whose time is over: ask WeChat, then close, then release; a payment that lands in between is honoured."""

from __future__ import annotations

from datetime import timedelta

from chalicelib.core import clock, log, rate
from chalicelib.core.errors import RippleError, Unknown
from chalicelib.core.rate import Rate
from chalicelib.core.store import read_one
from chalicelib.core.transaction import update_one
from chalicelib.merchants.service import pay_account
from chalicelib.orders import payment, stuck
from chalicelib.orders.items import Order, Payment, payment_key
from chalicelib.orders.numbers import trade_number
from chalicelib.orders.play import PLAYS, PaymentRef
from chalicelib.orders.problems import NOTIFICATION_MISPLACED
from chalicelib.orders.states import OrderState
from chalicelib.orders.steps import CLOSING_SLOW
from chalicelib.orders.stuck import Reason
from chalicelib.wechat import pay
from chalicelib.wechat.http import WechatError
from chalicelib.wechat.pay import Closed
from chalicelib.wechat.trade import Trade, TradeState

CLOSING = "wechat_closing"
RATE = Rate(normal=50, slow=50)
"""Attempts a second about which WeChat is asked: each is two or three questions."""

PROOF = timedelta(seconds=90)
"""How long after the latest intent an unknown order proves that no payment can come: a function lives under 60 s."""


def order_due(order: Order) -> None:
    """Drive an order past its deadline, or cancelled, to released or paid."""
    leased = {"leased": Order.gsi2sk == order.gsi2sk}
    if order.state == OrderState.HELD:
        if clock.now() < order.deadline:
            update_one(order, [], when=leased, due=order.deadline)
            return
        held = {"held": Order.state == OrderState.HELD}
        update_one(order, [Order.state.set(OrderState.CLOSING)], when={**leased, **held})
    closing = read_one(Order, order.key)
    if closing is None or closing.gsi2sk != order.gsi2sk:
        return
    order = closing
    try:
        again = unsettled(order)
    except Unknown:
        _look_at(order)
        raise
    if again is not None:
        update_one(order, [], when=leased, due=clock.now() + again)
        return
    current = read_one(Order, order.key)
    if current is None or current.gsi2sk != order.gsi2sk:
        return
    if current.state != OrderState.CLOSING:
        confirmed = current.state == OrderState.CONFIRMED
        update_one(order, [], when=leased, due=current.ship_by if confirmed else None)
        return
    PLAYS[order.play].release(current)
    log.info("order_released", oid=order.oid)


def _look_at(order: Order) -> None:
    """Say so once WeChat has not told for hours whether a closing order was paid."""
    if order.state == OrderState.CLOSING and clock.now() >= order.deadline + CLOSING_SLOW:
        facts: stuck.Facts = {"total_fen": order.cash_fen, "deadline": clock.iso(order.deadline)}
        stuck.record(order.mid, Reason.CLOSING_SLOW, trade_number(order.oid, order.attempt), facts)


def unsettled(order: Order) -> timedelta | None:
    """Make sure of every attempt that it is captured or closed; otherwise say when to ask again.

    Raises `Unknown`, and `Crowded` where WeChat is asked at its rate.
    """
    for attempt in range(order.attempt, 0, -1):
        again = _close(order, attempt)
        if again is not None:
            return again
    return None


def _close(order: Order, attempt: int) -> timedelta | None:
    """Make sure that an attempt is captured or closed; otherwise say when to ask again."""
    if read_one(Payment, payment_key(order.mid, order.oid, attempt)) is not None:
        return None
    rate.insist_turn(order, CLOSING, RATE)
    account, number = pay_account(order.mid), trade_number(order.oid, attempt)
    try:
        trade = pay.query(account, number)
        if trade is not None and trade.captured:
            _captured(order, trade)
            return None
        if trade is not None and trade.state in (TradeState.CLOSED, TradeState.REVOKED):
            return None
        closed = pay.close(account, number)
        if closed is Closed.PAID:
            _captured(order, pay.query(account, number))
            return None
    except WechatError as refused:
        log.error("close_refused", oid=order.oid, wechat_code=refused.code, rid=refused.request_id)
        raise Unknown(f"WeChat refused to answer: {refused.code}") from None
    if closed is Closed.NOT_EXIST:
        proven = order.intent_at + PROOF
        return None if clock.now() >= proven else proven - clock.now()
    return None


def _captured(order: Order, trade: Trade | None) -> None:
    """Take a capture that WeChat told when asked.

    One that does not fit its order is stuck money and ends the attempt all the same: its number is used up, so that no
    other payment can come, and the order need not hold anybody up.
    """
    if trade is None or not trade.captured:
        raise Unknown("WeChat says paid and not paid")
    try:
        payment.take(PaymentRef.of(order), trade)
    except RippleError as refused:
        if refused.problem is not NOTIFICATION_MISPLACED:
            raise
