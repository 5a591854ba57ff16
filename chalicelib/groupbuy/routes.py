"""Group-buy over HTTP."""

from __future__ import annotations

import msgspec

from chalicelib.accounts.items import user_index
from chalicelib.campaigns.offer import SkuId
from chalicelib.campaigns.problems import NOT_RUNNING, SKU_UNKNOWN, SOLD_OUT
from chalicelib.core import clock, cursor
from chalicelib.core.cursor import Page
from chalicelib.core.errors import NOT_FOUND
from chalicelib.core.ids import CampaignId
from chalicelib.edge.operation import USER, Answer, Call, operation
from chalicelib.groupbuy import detail, problems, service
from chalicelib.groupbuy.items import GroupId
from chalicelib.groupbuy.views import Groups, GroupView, MyGroups, Quote, SeatHeld
from chalicelib.orders.placing import Placed
from chalicelib.orders.problems import PAY_WINDOW_OVER, PAYMENT_CHANGED, PAYMENT_REFUSED
from chalicelib.orders.views import payable

HOLDING = (
    NOT_FOUND,
    NOT_RUNNING,
    SKU_UNKNOWN,
    SOLD_OUT,
    problems.PART_LIMIT,
    PAYMENT_CHANGED,
    PAYMENT_REFUSED,
    PAY_WINDOW_OVER,
)
"""What holding a seat can be refused for, whosever group it is."""


class TakeSeat(msgspec.Struct, forbid_unknown_fields=True):
    """Which SKU the seat is for; needed only where the campaign has several."""

    sku_id: SkuId | None = None


class AskQuote(msgspec.Struct, forbid_unknown_fields=True):
    """What is to be quoted."""

    sku_id: SkuId | None = None
    leader: bool = False


@operation(
    auth=USER,
    body=AskQuote,
    answer=Quote,
    summary="What a seat costs and why",
    problems=(NOT_FOUND, NOT_RUNNING, SKU_UNKNOWN),
)
def quote(call: Call[AskQuote]) -> Quote:
    """Price, its lines and the promises that go with it; nothing is held."""
    return detail.quote(call.mid, CampaignId(call.path["campaign_id"]), call.body.sku_id, leader=call.body.leader)


@operation(
    auth=USER,
    body=TakeSeat,
    answer=SeatHeld,
    status=201,
    also=(202,),
    idempotent=True,
    summary="Open a group",
    description="Holds the leader's seat. It opens when he has paid; 202 without `pay`: ask the order for prepay.",
    problems=(
        *HOLDING,
        problems.OPENING_PENDING,
        problems.OPEN_LIMIT,
    ),
)
def open_group(call: Call[TakeSeat]) -> Answer[SeatHeld]:
    """Open a group of one's own."""
    return _answer(service.open_group(call.intent, CampaignId(call.path["campaign_id"]), call.body.sku_id))


@operation(
    auth=USER,
    body=TakeSeat,
    answer=SeatHeld,
    status=201,
    also=(202,),
    idempotent=True,
    summary="Take a seat in a group",
    description="Holds a seat until `pay_until`. Repeated with the same Idempotency-Key, the same seat is answered.",
    problems=(
        *HOLDING,
        problems.GROUP_FULL,
        problems.GROUP_ENDED,
        problems.GROUP_ENDING,
        problems.ALREADY_SEATED,
        problems.SEAT_TRIES,
        problems.JOIN_LIMIT,
    ),
)
def join(call: Call[TakeSeat]) -> Answer[SeatHeld]:
    """Hold a seat in somebody's group."""
    return _answer(service.join_group(call.intent, GroupId(call.path["group_id"]), call.body.sku_id))


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


@operation(auth=USER, query=Page, answer=MyGroups, summary="My groups, newest first")
def mine(call: Call[None]) -> MyGroups:
    """A page of the groups the caller has, or had, a seat in."""
    page: Page = call.query
    after = cursor.decode(page.cursor, user_index(call.mid, call.uid), "gsi1", "G#")
    groups, more = detail.mine(call.mid, call.uid, page.limit, after)
    return MyGroups(groups=groups, cursor=cursor.encode(more), now=clock.now())


def _answer(held: Placed) -> Answer[SeatHeld]:
    shown = payable(held.order, held.pay)
    seat = SeatHeld(
        order_id=held.order.oid,
        group_id=held.order.object_id,
        state=shown.order.state,
        total_fen=held.order.total_fen,
        pay_until=held.order.deadline,
        pay=shown.pay,
        now=shown.order.now,
    )
    undecided = held.pay is None and shown.order.payable
    return Answer(seat, status=202 if undecided else 201)
