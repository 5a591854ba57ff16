"""What happened to an order, and why, put together from what is stored of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Protocol

import msgspec

from chalicelib.core.errors import Language, localised
from chalicelib.fulfilment.file import File
from chalicelib.fulfilment.items import Case
from chalicelib.fulfilment.states import CaseState, Reason
from chalicelib.orders.items import Refund
from chalicelib.orders.views import WHY


class Event(msgspec.Struct, kw_only=True):
    """One thing that happened to an order, and why."""

    at: datetime
    what: str
    detail: str
    amount_fen: int | None = None


SAID: dict[str, tuple[str, str]] = {
    "placed": ("下单", "It was placed."),
    "paid": ("支付成功", "It was paid."),
    "paid_with": ("抵扣：{what}", "A part was paid with {what}."),
    "returned": ("抵扣退回：{what}", "What it was paid with went back: {what}"),
    "confirmed": ("活动成功，订单生效", "Its play succeeded: the goods are owed."),
    "sent": ("已发货 {what}", "A parcel was sent: {what}"),
    "delivered": ("已全部发出", "All of it was sent."),
    "received_user": ("买家确认收货", "The buyer said that it arrived."),
    "received_wechat": ("微信确认收货", "WeChat told that it counts as received."),
    "received_code": ("凭取货码核销", "It was handed over against the buyer's code."),
    "received_payment": ("支付后即时到账", "It arrived with its payment."),
    "received_time": ("超过期限，自动确认收货", "Nobody said otherwise in time: it counts as received."),
    "case_asked": ("买家申请售后：{what}", "The buyer asked for money back: {what}"),
    "case_answered": ("商家答复：{what}", "The merchant answered: {what}"),
    "case_paid_back": ("售后同意退款", "The case ended with money back."),
    "case_refused": ("售后被拒绝", "The case was refused."),
    "case_withdrawn": ("售后撤销", "The case was withdrawn."),
    "returning": ("买家已寄回 {what}", "The buyer sent it back: {what}"),
    "refunded": ("退款到账：{what}", "Money is back: {what}"),
    "owed": ("发起退款：{what}", "Money is owed back: {what}"),
}
"""What a timeline says, in both languages."""


REASONS: dict[str, tuple[str, str]] = {
    Reason.CHANGED_MIND: ("不想要了", "he changed his mind"),
    Reason.NOT_ARRIVED: ("未收到货", "it did not arrive"),
    Reason.DAMAGED: ("商品破损", "it is damaged"),
    Reason.WRONG: ("发错商品", "it is the wrong thing"),
    Reason.OTHER: ("其他原因", "another reason"),
}
"""Why a buyer wants his money, in both languages."""


def timeline(file: File, language: Language) -> list[Event]:
    """Everything that happened to an order, first things first; WeChat's whole seconds come after the order itself."""
    placed = file.order.created_at
    return sorted(_events(file, language), key=lambda event: max(event.at, placed))


def _events(file: File, language: Language) -> Iterator[Event]:
    order, shipment = file.order, file.shipment

    def said(at: datetime, what: str, about: str = "", amount_fen: int | None = None) -> Event:
        return Event(at=at, what=what, detail=localised(SAID[what], language).format(what=about), amount_fen=amount_fen)

    yield said(order.created_at, "placed", amount_fen=order.total_fen)
    for payment in file.payments:
        yield said(payment.paid_at, "paid", amount_fen=payment.total_fen)
    for part in order.paid_with if order.paid_at else ():
        yield said(order.paid_at, "paid_with", f"{part.tender} {part.ref}", part.fen)
    if order.confirmed_at:
        yield said(order.confirmed_at, "confirmed")
    if shipment:
        for parcel in shipment.parcels:
            yield said(parcel.sent_at, "sent", f"{parcel.carrier} {parcel.number}")
        if shipment.sent_at:
            yield said(shipment.sent_at, "delivered")
        if shipment.done_at:
            yield said(shipment.done_at, f"received_{shipment.done_by}")
    for case in file.cases:
        yield from _case_events(case, said, language)
    for refund in file.refunds:
        yield from _refund_events(refund, said, language)


class _Said(Protocol):
    def __call__(self, at: datetime, what: str, about: str = "", amount_fen: int | None = None) -> Event: ...


def _case_events(case: Case, said: _Said, language: Language) -> Iterator[Event]:
    yield said(case.asked_at, "case_asked", localised(REASONS[case.reason], language), case.amount_fen)
    if case.answered_at and case.answer:
        yield said(case.answered_at, "case_answered", case.answer)
    if case.parcel:
        yield said(case.parcel.sent_at, "returning", f"{case.parcel.carrier} {case.parcel.number}")
    if case.ended_at and case.state in (CaseState.PAID_BACK, CaseState.REFUSED, CaseState.WITHDRAWN):
        yield said(case.ended_at, f"case_{case.state.value}", amount_fen=case.amount_fen)


def _refund_events(refund: Refund, said: _Said, language: Language) -> Iterator[Event]:
    why = localised(WHY[refund.why], language)
    for part in refund.back or ():
        yield said(refund.owed_at, "returned", f"{part.tender} {part.ref}", part.fen)
    if refund.amount_fen:
        yield said(refund.owed_at, "owed", why, refund.amount_fen)
        if refund.refunded_at:
            yield said(refund.refunded_at, "refunded", why, refund.amount_fen)
