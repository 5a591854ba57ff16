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
from chalicelib.orders import messages, stuck
from chalicelib.orders.items import Payment, Refund, payment_key, refund_key
from chalicelib.orders.numbers import parse_refund_number
from chalicelib.orders.owing import REFUND, refund_index
from chalicelib.orders.prepay import notify_url
from chalicelib.orders.states import Disposition
from chalicelib.orders.stuck import Reason
from chalicelib.wechat import refunds
from chalicelib.wechat.http import Quota, WechatError
from chalicelib.wechat.refunds import RefundStatus

UNDER_WAY = timedelta(minutes=1)
"""The first pause of a refund that WeChat has accepted; a card takes days (wechat.md 7.6), and then WeChat tells us."""

REFUSED = timedelta(minutes=5)
"""The first pause of one that WeChat refused: the merchant's balance, or the payer's account, needs a person."""

LONGEST = timedelta(hours=1)

SLOW = timedelta(days=3)
"""How long a refund may be owed before somebody hears that it is not back: a card takes up to three days."""

TROUBLE = {RefundStatus.CLOSED: Reason.REFUND_CLOSED, RefundStatus.ABNORMAL: Reason.REFUND_ABNORMAL}
"""How a refund ends at WeChat without the money being back."""


def deliver(entry: OutboxEntry) -> Done | Later:
    """Ask WeChat to send money of one capture back; the same number again is the same refund (wechat.md 7.6)."""
    mid, facts = entry.mid, entry.payload
    row = read_one(Refund, refund_key(mid, facts["oid"], facts["attempt"], facts["cause"]))
    if row is not None and row.state == Disposition.REFUNDED:
        return Done()
    early = clock.parse(facts["at"]) - clock.now()
    if early > timedelta(0):
        return Later(early, "too soon after another", accepted=True)
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
        _look_at(entry)
        return Later(_pause(entry, UNDER_WAY), "quota")
    except Unknown:
        _look_at(entry)
        raise
    except WechatError as refused:
        log.error("refund_refused", number=entry.number, wechat_code=refused.code, rid=refused.request_id)
        _stuck(mid, Reason.REFUND_REFUSED, entry.number, facts["refund_fen"], code=refused.code)
        return Later(_pause(entry, REFUSED), refused.code)
    if refund.status is RefundStatus.SUCCESS:
        return Done(lambda tx: _settle(tx, mid, refund))
    if refund.status in TROUBLE:
        _stuck(mid, TROUBLE[refund.status], entry.number, facts["refund_fen"])
        return Later(_pause(entry, REFUSED), refund.status_name)
    _look_at(entry)
    return Later(_pause(entry, UNDER_WAY), refund.status_name, accepted=True)


def _look_at(entry: OutboxEntry) -> None:
    """Say so once a refund takes longer than any should."""
    if clock.now() >= entry.created_at + SLOW:
        _stuck(entry.mid, Reason.REFUND_SLOW, entry.number, entry.payload["refund_fen"])


def _pause(entry: OutboxEntry, first: timedelta) -> timedelta:
    """A quarter of the time that it has been owed already, at least ``first``."""
    return max(first, min(LONGEST, (clock.now() - entry.created_at) / 4))


EFFECT = Effect(EffectClass.SAME_NUMBER, deliver, Rate(normal=100, slow=5))
"""How the outbox sends money back: WeChat takes 150 refunds a second, and 6 of those that fail (wechat.md 7.6)."""


def told(mid: MerchantId, refund: refunds.Refund) -> None:
    """WeChat tells of a refund: SUCCESS settles it; that it will not come is for a person."""
    known = parse_refund_number(refund.out_refund_no)
    if known is None:
        log.warning("refund_not_ours", number=refund.out_refund_no)
        return
    if refund.status in TROUBLE:
        _stuck(mid, TROUBLE[refund.status], refund.out_refund_no, refund.refund)
        return
    if refund.status is not RefundStatus.SUCCESS:
        log.warning("refund_told_of_no_end", number=refund.out_refund_no, status=refund.status_name)
        return
    tx = Transaction()
    _settle(tx, mid, refund)
    try:
        tx.commit()
    except Lost:
        row = read_one(Refund, refund_key(mid, *known))
        if row is None or row.state != Disposition.REFUNDED:
            stuck.record(mid, Reason.REFUND_OF_NO_DEBT, refund.out_refund_no, {"refund_fen": refund.refund})


def _settle(tx: Transaction, mid: MerchantId, refund: refunds.Refund) -> None:
    """The money is back: its row ends, what was owed of its capture is refunded, and who paid it is told."""
    known = parse_refund_number(refund.out_refund_no)
    if known is None:
        raise Unknown("WeChat answered about another refund")
    oid, attempt, cause = known
    at, amount = refund.success_time or clock.now(), int(refund.refund)
    pk, sk = refund_index(mid, oid, attempt, cause, at)
    tx.update(
        "owed",
        refund_key(mid, oid, attempt, cause),
        [
            Refund.state.set(Disposition.REFUNDED),
            Refund.refunded_at.set(at),
            Refund.gsi1pk.set(pk),
            Refund.gsi1sk.set(sk),
        ],
        when={"owed": Refund.state == Disposition.OWED, "amount": Refund.amount_fen == amount},
    )
    tx.update(
        "payment",
        payment_key(mid, oid, attempt),
        [Payment.owed_fen.add(-amount), Payment.refunded_fen.add(amount)],
        when={"owes": Payment.owed_fen >= amount},
    )
    stuck.add_end(tx, mid, REFUND, refund.out_refund_no)
    messages.add_arrived(tx, mid, oid, attempt, cause, at)


def _stuck(mid: MerchantId, reason: Reason, number: str, amount_fen: int, *, code: str | None = None) -> None:
    stuck.record(mid, reason, number, {"refund_fen": amount_fen}, code=code, effect=REFUND)
