"""Money that came in: whatever way we hear of it, it is recorded once and its play decides what it pays for."""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.accounts.items import User, user_key
from chalicelib.core import clock, log
from chalicelib.core.decision import decided
from chalicelib.core.errors import RippleError
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import read
from chalicelib.merchants.service import pay_account
from chalicelib.orders import payers, refund, stuck
from chalicelib.orders.genuine import genuine
from chalicelib.orders.items import Order, Payment, order_key, payment_key
from chalicelib.orders.numbers import parse_trade_number
from chalicelib.orders.play import PLAYS, Capture, PaymentRef
from chalicelib.orders.problems import NOTIFICATION_MISPLACED
from chalicelib.orders.stuck import Reason
from chalicelib.wechat import notification
from chalicelib.wechat.notification import Notification
from chalicelib.wechat.trade import Trade

PAID_EVENT = "TRANSACTION.SUCCESS"
REFUND_EVENTS = ("REFUND.SUCCESS", "REFUND.ABNORMAL", "REFUND.CLOSED")


def notified(mid: MerchantId, headers: Mapping[str, str], raw: bytes) -> None:
    """Take a notification of WeChat Pay. Returning is the acknowledgement; what is refused is a 4xx.

    Raises `NOTIFICATION_REFUSED` for what is not genuine, `NOTIFICATION_MISPLACED` for a genuine one that fits no order
    of ours (recorded once as stuck money). Anything else that escapes means that our storage failed; WeChat comes back.
    """
    account = pay_account(mid)
    with genuine():
        told = notification.read(account, headers, raw, clock.now())
        if told.event_type == PAID_EVENT:
            _paid(mid, notification.trade(told))
        elif told.event_type in REFUND_EVENTS:
            _refunded(mid, told)
        else:
            log.warning("notification_of_unknown_kind", kind=told.event_type)


def _paid(mid: MerchantId, trade: Trade) -> None:
    number = parse_trade_number(trade.out_trade_no)
    ref = PaymentRef.parse(mid, trade.attach)
    if number is None or ref is None:
        raise _misplaced(mid, Reason.PAYMENT_OF_NO_ORDER, trade)
    take(ref, trade)


def take(ref: PaymentRef, trade: Trade) -> str:
    """Record a captured trade: one read round, one transaction; returns what it was, ``duplicate`` where it is known.

    A lost condition means that the world moved: everything is read and decided anew, each time with a new token.
    """
    number = parse_trade_number(trade.out_trade_no)
    if number is None:
        raise _misplaced(ref.mid, Reason.PAYMENT_OF_NO_ORDER, trade)
    oid, attempt = number
    play = PLAYS[ref.play]
    keys = [order_key(ref.mid, oid), payment_key(ref.mid, oid, attempt), user_key(ref.mid, ref.uid)]

    def attempt_once() -> str:
        found = read(*keys, *play.reads(ref))
        order = found.item(Order, keys[0])
        payment = found.item(Payment, keys[1])
        user = found.item(User, keys[2])
        if order is None or PaymentRef.of(order) != ref or attempt > order.attempt:
            raise _misplaced(ref.mid, Reason.PAYMENT_OF_NO_ORDER, trade)
        _insist_fits(order, payers.paying(order, user), trade)
        if payment is not None:
            if payment.transaction_id != trade.transaction_id:
                raise _misplaced(ref.mid, Reason.SECOND_TRANSACTION, trade)
            return "duplicate"
        capture = Capture(
            oid=oid,
            attempt=attempt,
            total_fen=order.cash_fen,
            transaction_id=trade.transaction_id or "",
            paid_at=trade.success_time or clock.now(),
        )
        return play.capture(ref, order, capture, found)

    outcome = decided(attempt_once)
    log.info("payment_recorded", oid=oid, attempt=attempt, outcome=outcome)
    return outcome


def _insist_fits(order: Order, payer: User | None, trade: Trade) -> None:
    account = pay_account(order.mid)
    said = (trade.appid, trade.mchid, trade.total, trade.currency, trade.openid)
    ours = (account.appid, account.mchid, order.cash_fen, "CNY", payer.openid if payer else trade.openid)
    if said != ours:
        names = ("appid", "mchid", "total", "currency", "payer")
        differ = ",".join(n for n, a, b in zip(names, said, ours, strict=True) if a != b)
        raise _misplaced(order.mid, Reason.PAYMENT_DIFFERS, trade, differ=differ, expected_fen=order.cash_fen)


def _misplaced(mid: MerchantId, reason: Reason, trade: Trade, **facts: str | int | None) -> RippleError:
    told = {"total_fen": trade.total, "transaction": trade.transaction_id, **facts}
    stuck.record(mid, reason, trade.out_trade_no[:64], told)
    return RippleError(NOTIFICATION_MISPLACED)


def _refunded(mid: MerchantId, told: Notification) -> None:
    refund.told(mid, notification.refund(told))
