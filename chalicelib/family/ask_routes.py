"""Requests to a family's owner, and what waits for him to pay, over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.campaigns.gifts import SkuId
from chalicelib.campaigns.pickup import PointId
from chalicelib.campaigns.problems import NOT_DELIVERED_THERE, NOT_RUNNING, REGION_NEEDED, SKU_UNKNOWN
from chalicelib.campaigns.shipping import ProvinceName
from chalicelib.core import clock, cursor
from chalicelib.core.cursor import Page
from chalicelib.core.errors import INVALID_FIELD, NOT_FOUND, RippleError
from chalicelib.edge.operation import USER, Answer, Call, operation
from chalicelib.family import asks, problems, waiting
from chalicelib.family.ask_items import LISTED, ToPay
from chalicelib.family.ask_problems import ASK_MOST, ASK_UNKNOWN, ASKER_GONE, NOT_ASKER, OWNER_ASKS
from chalicelib.family.ask_views import (
    AskToPay,
    AskView,
    MemberOrder,
    ask_to_pay,
    ask_views,
    member_orders,
)
from chalicelib.family.items import Ask, Cart, family_key
from chalicelib.family.money_problems import ASK_OVER, FAMILY_CAP_REACHED, PRICE_CHANGED, WALLET_SHORT
from chalicelib.family.plugged import CARTS
from chalicelib.family.waiting import Listing
from chalicelib.orders.placing import REFUSALS

SPENDING = (problems.FAMILY_ENDED, problems.FAMILY_FROZEN, problems.MEMBER_FROZEN, problems.COOLING)
DECIDING = (problems.FAMILY_UNKNOWN, problems.NOT_OWNER, ASK_UNKNOWN, ASK_OVER, OWNER_ASKS)
ORDERING = (*DECIDING, *SPENDING, ASKER_GONE, PRICE_CHANGED, *REFUSALS)
"""What deciding with an order can be refused for, beside what its play refuses."""


class Asked(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What somebody asks his owner to pay for."""

    act: Annotated[str, Meta(pattern=r"^[a-z_]{1,32}$")]
    """group_open | group_join | group_solo | bargain_buy | card_buy"""
    target: Annotated[str, Meta(pattern=r"^[0-9A-Z-]{1,64}$")]
    """The campaign; for `group_join` the group, for `bargain_buy` the bargain."""
    sku_id: SkuId | None = None
    """Needed only where there are several."""
    province: ProvinceName | None = None
    """Where the goods go; needed only where the freight depends on it."""
    pickup_point: PointId | None = None
    """Where he fetches goods that are not sent; needed only where there are several points."""
    terms: Annotated[str, Meta(max_length=16)] | None = None
    """For `card_buy`: which edition of the merchant's terms he has read."""


class Asks(msgspec.Struct, kw_only=True):
    """A page of requests, newest first."""

    asks: list[AskView]
    cursor: str | None
    now: datetime


class MemberOrders(msgspec.Struct, kw_only=True):
    """A page of orders that the caller pays; it may have fewer than were asked for, and yet go on."""

    orders: list[MemberOrder]
    cursor: str | None
    now: datetime


@operation(
    auth=USER,
    body=Asked,
    answer=AskView,
    status=201,
    idempotent=True,
    name="ask_owner",
    summary="Ask the owner to pay for something",
    description="It is quoted now and nothing is held. Its play may refuse as an order would be refused.",
    problems=(
        problems.FAMILY_UNKNOWN,
        *SPENDING,
        OWNER_ASKS,
        ASK_MOST,
        NOT_FOUND,
        NOT_RUNNING,
        SKU_UNKNOWN,
        REGION_NEEDED,
        NOT_DELIVERED_THERE,
    ),
)
def ask(call: Call[Asked]) -> AskView:
    """Make a request to the owner."""
    asked = call.body
    if asked.act not in CARTS:
        there = " ".join(sorted(CARTS))
        reason = (f"不能申请；可申请的有 {there}", f"nothing of that name can be asked for; these can: {there}")
        raise RippleError(INVALID_FIELD, "/act", reason=reason)
    cart = Cart(
        act=asked.act,
        target=asked.target,
        sku_id=asked.sku_id,
        province=asked.province,
        pickup_point=asked.pickup_point,
        terms=asked.terms,
    )
    return _shown(call, asks.ask(call.intent, call.path["family_id"], cart))


@operation(
    auth=USER,
    query=Page,
    answer=Asks,
    name="list_asks",
    summary="Requests to the owner, newest first: all of them for him, his own for a member",
    problems=(problems.FAMILY_UNKNOWN,),
)
def listed(call: Call[None]) -> Asks:
    """A page of what the caller may see."""
    page: Page = call.query
    place = asks.place_of(call.mid, call.uid, call.path["family_id"])
    after = cursor.decode(page.cursor, *place, LISTED)
    found, more = asks.listed(place, page.limit, after)
    shown = ask_views(call.mid, call.path["family_id"], found, call.uid, call.language)
    return Asks(asks=shown, cursor=cursor.encode(more), now=clock.now())


@operation(
    auth=USER,
    answer=AskView,
    name="show_ask",
    summary="A request to the owner",
    problems=(problems.FAMILY_UNKNOWN, ASK_UNKNOWN),
)
def show(call: Call[None]) -> AskView:
    """One request, for who asked and for the owner."""
    return _shown(call, asks.one(call.mid, call.uid, *_which(call)))


@operation(
    auth=USER,
    answer=AskView,
    idempotent=True,
    name="approve_ask",
    summary="Let the wallet pay for a request, all of it",
    description="Outside the asker's caps, under the balance and price of now. Again is the same.",
    problems=(*ORDERING, WALLET_SHORT, FAMILY_CAP_REACHED),
)
def approve(call: Call[None]) -> AskView:
    """Approve a request."""
    return _shown(call, asks.approve(call.mid, call.uid, *_which(call)))


@operation(
    auth=USER,
    answer=AskToPay,
    also=(202,),
    idempotent=True,
    name="pay_ask",
    summary="Pay for a request myself, with WeChat Pay",
    description="Makes the order with the caller as its payer. Again asks for payment parameters again.",
    problems=ORDERING,
)
def pay(call: Call[None]) -> Answer[AskToPay]:
    """Take a request upon oneself."""
    taken, order, params = asks.pay(call.mid, call.uid, *_which(call))
    return Answer(ask_to_pay(taken, order, params, call.uid, call.language), status=200 if params else 202)


@operation(
    auth=USER,
    answer=AskView,
    idempotent=True,
    name="refuse_ask",
    summary="Refuse a request",
    problems=DECIDING,
)
def refuse(call: Call[None]) -> AskView:
    """Do not pay for a request; again is the same."""
    return _shown(call, asks.refuse(call.mid, call.uid, *_which(call)))


@operation(
    auth=USER,
    answer=AskView,
    idempotent=True,
    name="withdraw_ask",
    summary="I no longer ask",
    problems=(problems.FAMILY_UNKNOWN, ASK_UNKNOWN, NOT_ASKER, ASK_OVER),
)
def withdraw(call: Call[None]) -> AskView:
    """End a request of one's own; again is the same."""
    return _shown(call, asks.withdraw(call.mid, call.uid, *_which(call)))


@operation(
    auth=USER,
    query=Page,
    answer=MemberOrders,
    name="orders_to_pay",
    summary="Orders of the family that wait for me to pay them, those that end soonest first",
    description="Each gives payment parameters to the caller: `POST /v1/orders/{order_id}/prepay`.",
    problems=(problems.FAMILY_UNKNOWN,),
)
def to_pay(call: Call[None]) -> MemberOrders:
    """A page of what the caller can pay now."""
    return _orders(call, waiting.to_pay)


@operation(
    auth=USER,
    query=Page,
    answer=MemberOrders,
    name="orders_paid",
    summary="Orders of the family that I have paid myself, newest first",
    description="Whatever became of them since; for 400 days.",
    problems=(problems.FAMILY_UNKNOWN,),
)
def paid(call: Call[None]) -> MemberOrders:
    """A page of what the caller has paid with WeChat Pay."""
    return _orders(call, waiting.paid)


def _orders(call: Call[None], listed: Listing) -> MemberOrders:
    """A page of those orders of a family whose payer the caller is."""
    page: Page = call.query
    fid = call.path["family_id"]
    waiting.insist_known(call.mid, call.uid, fid)
    after = cursor.decode(page.cursor, family_key(call.mid, fid).pk, begins=ToPay.prefix)
    found, more = listed(call.mid, call.uid, fid, page.limit, after)
    shown = member_orders(call.mid, found, call.uid)
    return MemberOrders(orders=shown, cursor=cursor.encode(more), now=clock.now())


def _which(call: Call[None]) -> tuple[str, str]:
    return call.path["family_id"], call.path["ask_id"]


def _shown(call: Call[Asked] | Call[None], asked: Ask) -> AskView:
    (shown,) = ask_views(call.mid, asked.fid, [asked], call.uid, call.language)
    return shown
