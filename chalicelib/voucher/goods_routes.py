"""Ordering the goods of a code over HTTP."""

from __future__ import annotations

from typing import Any

import msgspec

from chalicelib.campaigns.problems import NOT_DELIVERED_THERE, NOT_RUNNING, REGION_NEEDED, SKU_UNKNOWN
from chalicelib.campaigns.shipping import ProvinceName
from chalicelib.edge.operation import USER, Answer, Call, operation
from chalicelib.orders.placing import REFUSALS, PayWith, Wish
from chalicelib.orders.play import PaymentRef
from chalicelib.orders.problems import TENDER_TWICE, TENDER_UNKNOWN
from chalicelib.orders.views import payable
from chalicelib.rewards.problems import NEW_CLAIMERS_ONLY
from chalicelib.sharing.sightings import Seen, seen_from
from chalicelib.voucher import buying, problems, quotes
from chalicelib.voucher.goods_views import CodeOrder, CodeQuote
from chalicelib.voucher.routes import CodeText

ORDERING = (
    problems.CODE_MISTYPED,
    problems.CODE_INVALID,
    problems.CODE_LOCKED,
    problems.CODE_NOT_YET,
    problems.CODE_ALREADY_YOURS,
    problems.CODE_ORDERED,
    problems.CODE_LIMIT,
    problems.CODE_NO_GOODS,
    NEW_CLAIMERS_ONLY,
    NOT_RUNNING,
    REGION_NEEDED,
    NOT_DELIVERED_THERE,
)
"""What an order with a code, and a quote of it, can be refused for."""


class AskCodeQuote(msgspec.Struct, forbid_unknown_fields=True):
    """A code for goods that is to be quoted."""

    code: CodeText
    province: ProvinceName | None = None
    """Where the goods would go; needed only where the freight depends on it."""
    pay_with: PayWith = []


class OrderWithCode(Wish, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """A code for goods, and what its holder wishes of the order."""

    code: CodeText


@operation(
    auth=USER,
    body=AskCodeQuote,
    answer=CodeQuote,
    name="quote_code",
    summary="What is still paid for the goods of a code, and why",
    description="Nothing is held by asking, but a wrong code counts as a guess.",
    problems=(*ORDERING, TENDER_UNKNOWN, TENDER_TWICE),
)
def quote(call: Call[AskCodeQuote]) -> CodeQuote:
    """Price, its lines and the promises that go with it; nothing is held."""
    asked = call.body
    return quotes.quote(call.mid, call.uid, asked.code, asked.province, asked.pay_with, _seen(call))


@operation(
    auth=USER,
    body=OrderWithCode,
    answer=CodeOrder,
    status=201,
    also=(202,),
    idempotent=True,
    name="order_with_code",
    summary="Redeem a code for goods, by ordering them",
    description="The code is used from now on; an order that is not paid until `pay_until` sets it free again. Where "
    "nothing is left to pay the order stands at once.",
    problems=(*ORDERING, SKU_UNKNOWN, *(each for each in REFUSALS if each not in ORDERING)),
)
def order(call: Call[OrderWithCode]) -> Answer[CodeOrder]:
    """Order what a code brings."""
    placed = buying.order(call.intent, call.body.code, call.body, _seen(call))
    shown = payable(placed.order, placed.pay)
    held = CodeOrder(
        order_id=placed.order.oid,
        state=shown.order.state,
        total_fen=placed.order.total_fen,
        cash_fen=placed.order.cash_fen,
        pay_until=placed.order.deadline,
        pay=shown.pay,
        now=shown.order.now,
        campaign_id=PaymentRef.of(placed.order).cid,
    )
    return Answer(held, status=202 if placed.pay is None and shown.order.payable else 201)


def _seen(call: Call[Any]) -> Seen:
    """Where a request comes from, for the sample of wrong guesses."""
    return seen_from(call.client_ip, call.headers)
