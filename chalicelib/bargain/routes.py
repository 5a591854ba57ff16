"""Bargain-help over HTTP."""

from __future__ import annotations

from typing import Annotated

import msgspec

from chalicelib.accounts.items import user_index
from chalicelib.accounts.tokens import LONGEST_TOKEN
from chalicelib.bargain import admin, buying, detail, problems, quotes, service
from chalicelib.bargain.items import BargainId
from chalicelib.bargain.states import HelpState
from chalicelib.bargain.views import (
    BargainOrder,
    BargainQuote,
    BargainRecord,
    Bargains,
    BargainView,
    HelpTaken,
    MyBargains,
    Started,
)
from chalicelib.campaigns.gifts import SkuId
from chalicelib.campaigns.kinds.bargain import BargainOffer
from chalicelib.campaigns.live import live
from chalicelib.campaigns.problems import NOT_DELIVERED_THERE, NOT_RUNNING, REGION_NEEDED, SKU_UNKNOWN, SOLD_OUT
from chalicelib.campaigns.shipping import ProvinceName
from chalicelib.core import clock, cursor
from chalicelib.core.cursor import Page
from chalicelib.core.errors import NOT_FOUND, localised
from chalicelib.core.ids import CampaignId
from chalicelib.edge.operation import MERCHANT, USER, Answer, Call, operation
from chalicelib.orders.placing import REFUSALS, PayWith, Wish
from chalicelib.orders.problems import TENDER_TWICE, TENDER_UNKNOWN
from chalicelib.orders.views import payable
from chalicelib.sharing.problems import TICKET_EXPIRED, TICKET_UNFIT, TOO_FAST
from chalicelib.sharing.tickets import seen_from

TOLD = {
    HelpState.COUNTED: ("助力成功", "Your help counts."),
    HelpState.HELD: ("助力已提交，正在确认", "Your help was sent and is being checked."),
}
OTHERWISE = ("本次助力未计入", "This help was not counted.")
"""What a helper is told; never why somebody looks at it."""

BUYING = (
    NOT_FOUND,
    problems.BARGAIN_ENDED,
    problems.BARGAIN_ENDING,
    problems.ORDER_OPEN,
    problems.NOT_AT_FLOOR,
    problems.EARLY_TRIES,
    REGION_NEEDED,
    NOT_DELIVERED_THERE,
)
"""What an order, and a quote of it, can be refused for."""


class Start(msgspec.Struct, forbid_unknown_fields=True):
    """What is to be bargained for; a SKU needs to be named only where the campaign has several."""

    sku_id: SkuId | None = None


class HelpWith(msgspec.Struct, forbid_unknown_fields=True):
    """A help, by somebody who has looked at what he helps."""

    help_ticket: Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_TOKEN)]
    """From the bargain's page."""


class AskBargainQuote(msgspec.Struct, forbid_unknown_fields=True):
    """What is to be quoted."""

    province: ProvinceName | None = None
    """Where the goods would go; needed only where the freight depends on it."""
    pay_with: PayWith = []


@operation(
    auth=USER,
    body=Start,
    answer=Started,
    status=201,
    idempotent=True,
    name="start_bargain",
    summary="Start a bargain",
    description="What each help will cut is fixed and told now, whoever helps.",
    problems=(
        NOT_FOUND,
        NOT_RUNNING,
        SKU_UNKNOWN,
        SOLD_OUT,
        problems.START_LIMIT,
        problems.ACTIVE_LIMIT,
        problems.BUDGET_SPENT,
    ),
)
def start(call: Call[Start]) -> Started:
    """Begin a bargain of one's own."""
    cid = CampaignId(call.path["campaign_id"])
    bargain = service.start(call.intent, cid, call.body.sku_id)
    note = detail.stock_note(live(call.mid, cid, BargainOffer).offer, call.language)
    shown = msgspec.structs.asdict(detail.card(bargain))
    return Started(**shown, slots_fen=bargain.slots, stock_note=note, now=clock.now())


@operation(
    auth=USER,
    answer=BargainView,
    name="show_bargain",
    summary="A bargain: price now, parts, helpers, end, and what I may do",
    problems=(NOT_FOUND,),
)
def show(call: Call[None]) -> BargainView:
    """One bargain as the caller sees it."""
    return _shown(call)


@operation(auth=USER, query=Page, answer=MyBargains, name="my_bargains", summary="My bargains, newest first")
def mine(call: Call[None]) -> MyBargains:
    """A page of the caller's own bargains."""
    page: Page = call.query
    after = cursor.decode(page.cursor, user_index(call.mid, call.uid), "gsi1", "B#")
    bargains, more = detail.mine(call.mid, call.uid, page.limit, after)
    return MyBargains(bargains=bargains, cursor=cursor.encode(more), now=clock.now())


@operation(
    auth=USER,
    body=HelpWith,
    answer=HelpTaken,
    status=201,
    idempotent=True,
    name="help_bargain",
    summary="Help somebody's bargain",
    description="Once a user and bargain. It counts at once, or is checked first; opening a card never counts.",
    problems=(
        NOT_FOUND,
        NOT_RUNNING,
        TICKET_UNFIT,
        TICKET_EXPIRED,
        TOO_FAST,
        problems.OWN_BARGAIN,
        problems.ALREADY_HELPED,
        problems.AT_FLOOR,
        problems.BARGAIN_FROZEN,
        problems.BARGAIN_ENDED,
        problems.HELP_LIMIT,
        problems.HELP_DAY_LIMIT,
        problems.NEW_HELPERS_ONLY,
        problems.HELP_REFUSED,
        problems.HELP_LATE,
        problems.HELPS_CHECKING,
    ),
)
def help_with(call: Call[HelpWith]) -> HelpTaken:
    """Take the next part of the cut for a friend."""
    bargain, given = service.help_with(call.intent, BargainId(call.path["bargain_id"]), call.body.help_ticket)
    said = localised(TOLD.get(given.state, OTHERWISE), call.language)
    return HelpTaken(bargain=detail.card(bargain), my_help=detail.my_help(given), detail=said, now=clock.now())


@operation(
    auth=USER,
    body=AskBargainQuote,
    answer=BargainQuote,
    name="quote_bargain",
    summary="What a bargain costs now and why",
    problems=(*BUYING, TENDER_UNKNOWN, TENDER_TWICE),
)
def quote(call: Call[AskBargainQuote]) -> BargainQuote:
    """Price, its lines and the promises that go with it; nothing is frozen."""
    asked, bid = call.body, BargainId(call.path["bargain_id"])
    return quotes.quote(call.mid, call.uid, bid, asked.province, asked.pay_with)


@operation(
    auth=USER,
    body=Wish,
    answer=BargainOrder,
    status=201,
    also=(202,),
    idempotent=True,
    name="buy_bargain",
    summary="Buy at the floor, or early at the price so far",
    description="Freezes the price until `pay_until`. While an order may still be paid, that one is the answer.",
    problems=(
        *BUYING,
        SOLD_OUT,
        problems.ORDER_CLOSING,
        problems.PRICE_MOVED,
        *REFUSALS,
    ),
)
def buy(call: Call[Wish]) -> Answer[BargainOrder]:
    """Order what was bargained for."""
    placed = buying.buy(call.intent, BargainId(call.path["bargain_id"]), call.body)
    shown = payable(placed.order, placed.pay)
    held = BargainOrder(
        order_id=placed.order.oid,
        state=shown.order.state,
        total_fen=placed.order.total_fen,
        cash_fen=placed.order.cash_fen,
        pay_until=placed.order.deadline,
        pay=shown.pay,
        now=shown.order.now,
        bargain_id=placed.order.object_id,
    )
    return Answer(held, status=202 if placed.pay is None and shown.order.payable else 201)


@operation(
    auth=USER,
    answer=BargainView,
    name="cancel_bargain",
    summary="Give a bargain up",
    problems=(NOT_FOUND, problems.BARGAIN_ORDERING, problems.BARGAIN_ENDED),
)
def cancel(call: Call[None]) -> BargainView:
    """End a bargain of one's own, however often it is asked."""
    service.cancel(call.mid, call.uid, BargainId(call.path["bargain_id"]))
    return _shown(call)


@operation(
    auth=MERCHANT,
    role="viewer",
    query=Page,
    answer=Bargains,
    name="list_bargains",
    summary="Bargains of a campaign, newest first",
    problems=(NOT_FOUND,),
)
def listed(call: Call[None]) -> Bargains:
    """A page of the campaign's bargains, whatever became of them."""
    page: Page = call.query
    after = cursor.position(page.cursor, detail.PLACE)
    bargains, more = detail.listed(call.mid, CampaignId(call.path["campaign_id"]), page.limit, after)
    return Bargains(bargains=bargains, cursor=cursor.of_position(more), now=clock.now())


@operation(
    auth=MERCHANT,
    role="viewer",
    answer=BargainRecord,
    name="inspect_bargain",
    summary="A bargain with its helps and their verdicts",
    problems=(NOT_FOUND,),
)
def inspect(call: Call[None]) -> BargainRecord:
    """One bargain of the merchant."""
    return detail.inspect(call.mid, BargainId(call.path["bargain_id"]))


@operation(
    auth=MERCHANT,
    role="operator",
    answer=BargainRecord,
    idempotent=True,
    name="close_bargain",
    summary="Close a bargain: nobody helps or buys any more",
    description="One that is being paid for is marked: a payment still buys it, otherwise it ends as closed.",
    problems=(NOT_FOUND, problems.BARGAIN_ENDED),
)
def close(call: Call[None]) -> BargainRecord:
    """End a bargain before its time."""
    bid = BargainId(call.path["bargain_id"])
    admin.close(call.intent, bid)
    return detail.inspect(call.mid, bid)


def _shown(call: Call[None]) -> BargainView:
    seen = seen_from(call.client_ip, call.headers)
    return detail.show(call.mid, call.uid, BargainId(call.path["bargain_id"]), call.language, seen)
