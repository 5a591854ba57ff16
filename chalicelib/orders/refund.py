"""Money going back: carried out from the outbox under the capture's number, settled by WeChat's conclusive answer."""

from __future__ import annotations

from datetime import timedelta

from chalicelib.core import clock, log
from chalicelib.core.errors import Unknown
from chalicelib.core.ids import MerchantId
from chalicelib.core.money import Fen
from chalicelib.core.outbox import Done, Effect, EffectClass, Later, OutboxEntry
from chalicelib.core.rate import Rate
from chalicelib.core.store import read_one
from chalicelib.core.transaction import Lost, Transaction
from chalicelib.merchants.service import pay_account
from chalicelib.orders import stuck
from chalicelib.orders.items import Payment, parse_refund_number, payment_key
from chalicelib.orders.prepay import notify_url
from chalicelib.orders.states import Disposition
from chalicelib.wechat import refunds
from chalicelib.wechat.http import Quota, WechatError
from chalicelib.wechat.refunds import Refund, RefundStatus

UNDER_WAY = timedelta(minutes=1)
"""The first pause of a refund that WeChat has accepted; a card takes days (wechat.md 7.6), and then WeChat tells us."""

REFUSED = timedelta(minutes=5)
"""The first pause of one that WeChat refused: the merchant's balance, or the payer's account, needs a person."""

LONGEST = timedelta(hours=1)


def deliver(entry: OutboxEntry) -> Done | Later:
    """Ask WeChat to send one capture back; the same number again is the same refund (wechat.md 7.6)."""
    mid, facts = entry.mid, entry.payload
    key = payment_key(mid, facts["oid"], facts["attempt"])
    payment = read_one(Payment, key)
    if payment is not None and payment.disposition == Disposition.REFUNDED:
        return Done()
    try:
        refund = refunds.refund(
            pay_account(mid),
            out_refund_no=entry.number,
            out_trade_no=facts["trade"],
            refund=Fen(facts["refund_fen"]),
            total=Fen(facts["total_fen"]),
            notify_url=notify_url(mid),
        )
    except Quota:
        return Later(_pause(entry, UNDER_WAY), "quota")
    except WechatError as refused:
        log.error("refund_refused", number=entry.number, wechat_code=refused.code, rid=refused.request_id)
        _stuck(mid, f"refund_refused_{refused.code.lower()}", entry.number, facts["refund_fen"])
        return Later(_pause(entry, REFUSED), refused.code)
    if refund.status is RefundStatus.SUCCESS:
        return Done(lambda tx: _settle(tx, mid, refund))
    if refund.status in (RefundStatus.CLOSED, RefundStatus.ABNORMAL):
        _stuck(mid, f"refund_{refund.status.value.lower()}", entry.number, facts["refund_fen"])
        return Later(_pause(entry, REFUSED), refund.status_name)
    return Later(_pause(entry, UNDER_WAY), refund.status_name, accepted=True)


def _pause(entry: OutboxEntry, first: timedelta) -> timedelta:
    """A quarter of the time that it has been owed already, at least ``first``."""
    return max(first, min(LONGEST, (clock.now() - entry.created_at) / 4))


EFFECT = Effect(EffectClass.SAME_NUMBER, deliver, Rate(normal=100, slow=5))
"""How the outbox sends money back: WeChat takes 150 refunds a second, and 6 of those that fail (wechat.md 7.6)."""


def told(mid: MerchantId, refund: Refund) -> None:
    """WeChat tells of a refund: SUCCESS settles the capture; anything else is for a person."""
    known = parse_refund_number(refund.out_refund_no)
    if known is None:
        log.warning("refund_not_ours", number=refund.out_refund_no)
        return
    if refund.status is not RefundStatus.SUCCESS:
        _stuck(mid, f"refund_{refund.status.value.lower()}", refund.out_refund_no, refund.refund)
        return
    tx = Transaction()
    _settle(tx, mid, refund)
    try:
        tx.commit()
    except Lost:
        payment = read_one(Payment, payment_key(mid, *known))
        if payment is None or payment.disposition != Disposition.REFUNDED:
            stuck.record(mid, "refund_of_no_debt", refund.out_refund_no, {"refund_fen": refund.refund})


def _settle(tx: Transaction, mid: MerchantId, refund: Refund) -> None:
    known = parse_refund_number(refund.out_refund_no)
    if known is None:
        raise Unknown("WeChat answered about another refund")
    tx.update(
        "payment",
        payment_key(mid, *known),
        [
            Payment.disposition.set(Disposition.REFUNDED),
            Payment.refunded_at.set(refund.success_time or clock.now()),
        ],
        when={"owed": Payment.disposition == Disposition.OWED, "number": Payment.refund_number == refund.out_refund_no},
    )
    stuck.add_end(tx, mid, refund.out_refund_no)


def _stuck(mid: MerchantId, reason: str, number: str, amount_fen: int) -> None:
    stuck.record(mid, reason, number, {"refund_fen": amount_fen}, stuck.REFUND)
