"""Group-buy over HTTP."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from chalicelib.accounts.items import user_index
from chalicelib.campaigns.gifts import SkuId
from chalicelib.campaigns.problems import NOT_DELIVERED_THERE, NOT_RUNNING, REGION_NEEDED, SKU_UNKNOWN, SOLD_OUT
from chalicelib.campaigns.shipping import ProvinceName
from chalicelib.core import clock, cursor
from chalicelib.core.cursor import Page
from chalicelib.core.errors import NOT_FOUND
from chalicelib.core.ids import CampaignId
from chalicelib.edge.operation import MERCHANT, USER, Answer, Call, operation
from chalicelib.groupbuy import admin, detail, problems, quotes, service, solo
from chalicelib.groupbuy.items import GroupId
from chalicelib.groupbuy.states import SeatRole
from chalicelib.groupbuy.views import GroupCards, GroupRecord, Groups, GroupView, MyGroups, Quote, SeatHeld
from chalicelib.orders.placing import REFUSALS, PayWith, Placed, Wish
from chalicelib.orders.problems import TENDER_TWICE, TENDER_UNKNOWN
from chalicelib.orders.views import OrderHeld, payable

HOLDING = (
    NOT_FOUND,
    NOT_RUNNING,
    SKU_UNKNOWN,
    SOLD_OUT,
    problems.UNIT_LIMIT,
    *REFUSALS,
)
"""What an order can be refused for, in whosever group or in none."""


class Several(msgspec.Struct, forbid_unknown_fields=True):
    """Which groups: at most 40 ids, with commas between them."""

    ids: Annotated[str, msgspec.Meta(pattern=r"^[0-9A-Z-]{1,60}(,[0-9A-Z-]{1,60}){0,39}$")]


class AskQuote(msgspec.Struct, forbid_unknown_fields=True):
    """What is to be quoted."""

    sku_id: SkuId | None = None
    role: SeatRole = SeatRole.MEMBER
    """As a leader, as a member, or alone."""
    province: ProvinceName | None = None
    """Where the goods would go; needed only where the freight depends on it."""
    pay_with: PayWith = []


@operation(
    auth=USER,
    body=AskQuote,
    answer=Quote,
    summary="What a seat costs and why",
    problems=(
        NOT_FOUND,
        NOT_RUNNING,
        SKU_UNKNOWN,
        problems.NO_SOLO,
        REGION_NEEDED,
        NOT_DELIVERED_THERE,
        TENDER_UNKNOWN,
        TENDER_TWICE,
    ),
)
def quote(call: Call[AskQuote]) -> Quote:
    """Price, its lines and the promises that go with it; nothing is held."""
    asked, cid = call.body, CampaignId(call.path["campaign_id"])
    return quotes.quote(call.mid, call.uid, cid, asked.sku_id, asked.role, asked.province, asked.pay_with)


@operation(
    auth=USER,
    body=Wish,
    answer=SeatHeld,
    status=201,
    also=(202,),
    idempotent=True,
    summary="Open a group",
    description="Holds the leader's seat. It opens when he has paid; 202 without `pay`: ask the order for prepay.",
    problems=(
        *HOLDING,
        problems.PART_LIMIT,
        problems.OPENING_PENDING,
        problems.OPEN_LIMIT,
    ),
)
def open_group(call: Call[Wish]) -> Answer[SeatHeld]:
    """Open a group of one's own."""
    return _answer(service.open_group(call.intent, CampaignId(call.path["campaign_id"]), call.body))


@operation(
    auth=USER,
    body=Wish,
    answer=SeatHeld,
    status=201,
    also=(202,),
    idempotent=True,
    summary="Take a seat in a group",
    description="Holds a seat until `pay_until`. Repeated with the same Idempotency-Key, the same seat is answered.",
    problems=(
        *HOLDING,
        problems.PART_LIMIT,
        problems.NEW_USERS_ONLY,
        problems.GROUP_FULL,
        problems.GROUP_ENDED,
        problems.GROUP_ENDING,
        problems.ALREADY_SEATED,
        problems.SEAT_TRIES,
        problems.JOIN_LIMIT,
    ),
)
def join(call: Call[Wish]) -> Answer[SeatHeld]:
    """Hold a seat in somebody's group."""
    return _answer(service.join_group(call.intent, GroupId(call.path["group_id"]), call.body))


@operation(
    auth=USER,
    body=Wish,
    answer=OrderHeld,
    status=201,
    also=(202,),
    idempotent=True,
    summary="Buy alone at the solo price",
    description="Takes the units from stock until `pay_until`; paid for, the order is confirmed at once.",
    problems=(*HOLDING, problems.NO_SOLO),
)
def buy_alone(call: Call[Wish]) -> Answer[OrderHeld]:
    """Buy without a group."""
    placed = solo.buy(call.intent, CampaignId(call.path["campaign_id"]), call.body)
    return Answer(OrderHeld(**_held(placed)), status=_status(placed))


@operation(
    auth=USER,
    answer=GroupView,
    summary="A group: need, have, left, price, end, and what I may do",
    problems=(NOT_FOUND,),
)
def show(call: Call[None]) -> GroupView:
    """One group as the caller sees it."""
    return detail.show(call.mid, call.uid, GroupId(call.path["group_id"]), call.language)


@operation(auth=USER, answer=Groups, summary="Groups of a campaign that can be joined now", problems=(NOT_FOUND,))
def joinable(call: Call[None]) -> Groups:
    """Fewest missing first, then ending soonest."""
    return Groups(groups=detail.joinable(call.mid, CampaignId(call.path["campaign_id"])), now=clock.now())


@operation(auth=USER, query=Several, answer=GroupCards, summary="Several groups at once, with my seat in each")
def cards(call: Call[None]) -> GroupCards:
    """For a page that shows many groups, in one call; what does not exist is left out."""
    several: Several = call.query
    return GroupCards(groups=detail.cards(call.mid, call.uid, several.ids.split(",")), now=clock.now())


@operation(auth=USER, query=Page, answer=MyGroups, summary="My groups, newest first")
def mine(call: Call[None]) -> MyGroups:
    """A page of the groups the caller has, or had, a seat in."""
    page: Page = call.query
    after = cursor.decode(page.cursor, user_index(call.mid, call.uid), "gsi1", "G#")
    groups, more = detail.mine(call.mid, call.uid, page.limit, after)
    return MyGroups(groups=groups, cursor=cursor.encode(more), now=clock.now())


@operation(
    auth=MERCHANT,
    role="viewer",
    answer=Groups,
    summary="Open groups of a campaign, ending soonest",
    problems=(NOT_FOUND,),
)
def listed(call: Call[None]) -> Groups:
    """At most a hundred open groups, full ones too."""
    return Groups(groups=detail.listed(call.mid, CampaignId(call.path["campaign_id"])), now=clock.now())


@operation(
    auth=MERCHANT, role="viewer", answer=GroupRecord, summary="A group with its seats and orders", problems=(NOT_FOUND,)
)
def inspect(call: Call[None]) -> GroupRecord:
    """One group of the merchant."""
    return detail.inspect(call.mid, GroupId(call.path["group_id"]))


@operation(
    auth=MERCHANT,
    role="operator",
    answer=GroupRecord,
    idempotent=True,
    summary="Close a group: nobody joins any more, everybody is refunded",
    description="Held seats may still be paid for until their time is over; if that completes the group, it succeeds.",
    problems=(NOT_FOUND, problems.GROUP_ENDED),
)
def close(call: Call[None]) -> GroupRecord:
    """End a group before its time."""
    gid = GroupId(call.path["group_id"])
    admin.close_group(call.intent, gid)
    return detail.inspect(call.mid, gid)


def _answer(placed: Placed) -> Answer[SeatHeld]:
    return Answer(SeatHeld(**_held(placed), group_id=placed.order.object_id), status=_status(placed))


def _held(placed: Placed) -> dict[str, Any]:
    shown = payable(placed.order, placed.pay)
    return {
        "order_id": placed.order.oid,
        "state": shown.order.state,
        "total_fen": placed.order.total_fen,
        "cash_fen": placed.order.cash_fen,
        "pay_until": placed.order.deadline,
        "pay": shown.pay,
        "now": shown.order.now,
    }


def _status(placed: Placed) -> int:
    """202 while WeChat Pay has not answered an order that may still be paid."""
    return 202 if placed.pay is None and payable(placed.order, None).order.payable else 201
