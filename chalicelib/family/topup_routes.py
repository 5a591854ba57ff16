"""Topping a family's wallet up over HTTP, and having that back."""

from __future__ import annotations

from typing import Annotated

import msgspec

from chalicelib.campaigns.gifts import SkuId
from chalicelib.campaigns.problems import NOT_RUNNING, SKU_UNKNOWN
from chalicelib.core import clock
from chalicelib.core.errors import NOT_FOUND
from chalicelib.core.ids import CampaignId
from chalicelib.edge.operation import USER, Answer, Call, operation
from chalicelib.family import topup, topup_back, topup_problems, topup_views
from chalicelib.family.money_problems import ADULTS_ONLY
from chalicelib.family.problems import FAMILY_ENDED, FAMILY_FROZEN, FAMILY_UNKNOWN, MEMBER_FROZEN, NOT_OWNER
from chalicelib.family.topup import Wanted
from chalicelib.family.topup_views import TopUpBack, TopUpHeld, TopUpQuote, TopUpShown
from chalicelib.orders.problems import PAYMENT_CHANGED, PAYMENT_REFUSED
from chalicelib.orders.views import payable

FamilyIdText = Annotated[str, msgspec.Meta(pattern=r"^[0-9A-HJKMNP-TV-Z]{26}$")]
Edition = Annotated[str, msgspec.Meta(pattern=r"^[0-9A-HJKMNP-TV-Z]{16}$")]


class TopUpAsked(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Which wallet is to be topped up, and by which denomination; the only one needs no name."""

    family_id: FamilyIdText
    sku_id: SkuId | None = None


class TopUp(TopUpAsked, forbid_unknown_fields=True, kw_only=True):
    """The same, by somebody who has read the terms."""

    terms: Edition
    """Which edition of them, as the quote said."""


@operation(
    auth=USER,
    body=TopUpAsked,
    answer=TopUpQuote,
    name="quote_topup",
    summary="What a top-up costs and promises, and under which terms",
    description="Show it all before anybody pays: promises, filing and terms. Nothing is held by asking.",
    problems=(NOT_FOUND, FAMILY_UNKNOWN, SKU_UNKNOWN, topup_problems.TOPUP_CLOSED),
)
def quote(call: Call[TopUpAsked]) -> TopUpQuote:
    """Price, promises, filing and terms."""
    cid, asked = CampaignId(call.path["campaign_id"]), call.body
    return topup_views.quote(call.mid, call.uid, cid, asked.family_id, asked.sku_id, call.language)


@operation(
    auth=USER,
    body=TopUp,
    answer=TopUpHeld,
    status=201,
    also=(202,),
    idempotent=True,
    name="top_up",
    summary="Top a family's wallet up",
    description="By its owner, or by an adult where it is a purse; paid with WeChat Pay alone. The room for it is held"
    " until `pay_until`.",
    problems=(
        NOT_FOUND,
        FAMILY_UNKNOWN,
        FAMILY_ENDED,
        FAMILY_FROZEN,
        MEMBER_FROZEN,
        NOT_RUNNING,
        SKU_UNKNOWN,
        topup_problems.TOPUP_CLOSED,
        topup_problems.TOPUP_TERMS,
        NOT_OWNER,
        ADULTS_ONLY,
        topup_problems.WALLET_FULL,
        PAYMENT_CHANGED,
        PAYMENT_REFUSED,
    ),
)
def top_up(call: Call[TopUp]) -> Answer[TopUpHeld]:
    """Order value for a wallet."""
    cid, asked = CampaignId(call.path["campaign_id"]), call.body
    wanted = Wanted(fid=asked.family_id, sku_id=asked.sku_id, terms=asked.terms)
    placed = topup.order(call.intent, cid, wanted)
    shown = payable(placed.order, placed.pay)
    held = TopUpHeld(
        order_id=placed.order.oid,
        state=shown.order.state,
        total_fen=placed.order.total_fen,
        cash_fen=placed.order.cash_fen,
        pay_until=placed.order.deadline,
        pay=shown.pay,
        now=shown.order.now,
        campaign_id=cid,
        family_id=asked.family_id,
    )
    return Answer(held, status=202 if placed.pay is None and shown.order.payable else 201)


@operation(
    auth=USER,
    answer=TopUpShown,
    name="show_topup",
    summary="A top-up of mine, and what may go back of it",
    problems=(NOT_FOUND,),
)
def show(call: Call[None]) -> TopUpShown:
    """A top-up as its buyer sees it."""
    return topup_views.shown(call.mid, call.uid, call.path["family_id"], call.path["order_id"], call.language)


@operation(
    auth=USER,
    answer=TopUpBack,
    idempotent=True,
    name="refund_topup",
    summary="Have a top-up back: what is still there of it, the way it was paid",
    description="By whoever bought it, for seven days and without a reason.",
    problems=(
        NOT_FOUND,
        topup_problems.TOPUP_UNPAID,
        topup_problems.TOPUP_LATE,
        topup_problems.TOPUP_SPENT,
        topup_problems.TOPUP_REFUNDS,
    ),
)
def refund(call: Call[None]) -> TopUpBack:
    """Take the rest of a top-up back."""
    fid, oid = call.path["family_id"], call.path["order_id"]
    back = topup_back.refund(call.intent, fid, oid)
    return TopUpBack(family_id=fid, order_id=oid, refund_fen=back.fen, refund_number=back.number, now=clock.now())
