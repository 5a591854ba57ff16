"""Red packets over HTTP."""

from __future__ import annotations

from typing import Annotated

import msgspec

from chalicelib.accounts.items import user_index
from chalicelib.accounts.tokens import LONGEST_TOKEN
from chalicelib.campaigns.problems import NOT_RUNNING
from chalicelib.campaigns.views import why_not
from chalicelib.core import clock, cursor
from chalicelib.core.cursor import Page
from chalicelib.core.errors import NOT_FOUND, Language, localised
from chalicelib.core.ids import CampaignId
from chalicelib.edge.operation import MERCHANT, USER, Call, operation
from chalicelib.redpacket import admin, detail, problems, service, values
from chalicelib.redpacket.brought import brought
from chalicelib.redpacket.items import Act, Packet, PacketId
from chalicelib.redpacket.states import ActState
from chalicelib.redpacket.views import (
    ActTaken,
    MyPackets,
    OrderPacket,
    PacketRecord,
    Packets,
    PacketView,
    StartedPacket,
)
from chalicelib.rewards.items import ENTRIES
from chalicelib.rewards.problems import CASH_NOT_FOR_MINORS
from chalicelib.sharing.problems import TICKET_EXPIRED, TICKET_UNFIT, TOO_FAST
from chalicelib.sharing.tickets import seen_from

TOLD = {
    ActState.COUNTED: ("助力成功", "Your help counts."),
    ActState.OWED: ("领取成功，马上到账", "It is yours and on its way."),
    ActState.GRANTED: ("领取成功", "It is yours."),
    ActState.HELD: ("已提交，正在确认", "It was sent and is being checked."),
}
OTHERWISE = ("本次操作未计入", "This was not counted.")
"""What somebody is told of his help or claim; never why it is looked at."""

ACTING = (
    NOT_FOUND,
    NOT_RUNNING,
    TICKET_UNFIT,
    TICKET_EXPIRED,
    TOO_FAST,
    problems.OWN_PACKET,
    problems.ALREADY_ACTED,
    problems.PACKET_FULL,
    problems.PACKET_ENDED,
    problems.ACT_LIMIT,
    problems.ACT_DAY_LIMIT,
    problems.NEW_ONLY,
    problems.ACT_REFUSED,
    problems.ACT_LATE,
    problems.ACTS_CHECKING,
)
"""What a help or claim can be refused for."""


class TakePart(msgspec.Struct, forbid_unknown_fields=True):
    """A help or a claim, by somebody who has looked at the packet."""

    help_ticket: Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_TOKEN)]
    """From the packet's page."""


class TakeShare(TakePart, forbid_unknown_fields=True):
    """A claim, and what its button named."""

    amount: Annotated[int, msgspec.Meta(ge=1, le=10_000_000)] | None = None
    """What the button said that the claimer gets: where the next share is another by now, the claim is refused."""


@operation(
    auth=USER,
    answer=StartedPacket,
    status=201,
    idempotent=True,
    name="start_packet",
    summary="Start a packet that friends unlock, or give a new user one",
    description="What it gives is fixed and reserved now. Which of both it is, its campaign says.",
    problems=(
        NOT_FOUND,
        NOT_RUNNING,
        problems.START_LIMIT,
        problems.ACTIVE_LIMIT,
        problems.CUSTOMERS_ONLY,
        CASH_NOT_FOR_MINORS,
        problems.PACKETS_SPENT,
    ),
)
def start(call: Call[None]) -> StartedPacket:
    """Begin a packet of one's own."""
    packet = service.start(call.intent, CampaignId(call.path["campaign_id"]))
    shown = msgspec.structs.asdict(detail.card(packet))
    nodes = detail.nodes(packet, values.plan_of(packet), call.language, own=True)
    return StartedPacket(**shown, nodes=nodes, now=clock.now())


@operation(
    auth=USER,
    answer=PacketView,
    name="show_packet",
    summary="A packet: what it needs, who took part, what the next tap gives, end, and what I may do",
    problems=(NOT_FOUND,),
)
def show(call: Call[None]) -> PacketView:
    """One packet as the caller sees it."""
    seen = seen_from(call.client_ip, call.headers)
    return detail.show(call.mid, call.uid, PacketId(call.path["packet_id"]), call.language, seen)


@operation(auth=USER, query=Page, answer=MyPackets, name="my_packets", summary="My packets, newest first")
def mine(call: Call[None]) -> MyPackets:
    """A page of the caller's own packets."""
    page: Page = call.query
    after = cursor.decode(page.cursor, user_index(call.mid, call.uid), "gsi1", ENTRIES)
    packets, more = detail.mine(call.mid, call.uid, page.limit, after)
    return MyPackets(packets=packets, cursor=cursor.encode(more), now=clock.now())


@operation(
    auth=USER,
    body=TakePart,
    answer=ActTaken,
    status=201,
    idempotent=True,
    name="help_packet",
    summary="Confirm for a friend's packet",
    description="Once a user and packet. It counts at once, or is checked first; opening a card never counts.",
    problems=ACTING,
)
def help_with(call: Call[TakePart]) -> ActTaken:
    """Be one of the friends that unlock it."""
    packet, act = service.help_with(call.intent, PacketId(call.path["packet_id"]), call.body.help_ticket)
    return _taken(packet, act, call.language)


@operation(
    auth=USER,
    body=TakeShare,
    answer=ActTaken,
    status=201,
    idempotent=True,
    name="claim_packet",
    summary="Claim a share of a friend's packet",
    description="Once a user and packet, the next share whoever claims it. Its value follows within a minute.",
    problems=(*ACTING, problems.SHARE_MOVED),
)
def claim(call: Call[TakeShare]) -> ActTaken:
    """Take the next share."""
    body, rid = call.body, PacketId(call.path["packet_id"])
    packet, act = service.claim(call.intent, rid, body.help_ticket, body.amount)
    return _taken(packet, act, call.language)


@operation(
    auth=USER,
    answer=OrderPacket,
    name="order_packet",
    summary="The packet that an order of mine brought, or why none",
    problems=(NOT_FOUND,),
)
def of_order(call: Call[None]) -> OrderPacket:
    """What there is to share after an order."""
    packet, refused = brought(call.mid, call.uid, call.path["order_id"])
    shown = detail.card(packet) if packet is not None else None
    return OrderPacket(packet=shown, why_not=why_not(refused, call.language), now=clock.now())


@operation(
    auth=MERCHANT,
    role="viewer",
    query=Page,
    answer=Packets,
    name="list_packets",
    summary="Packets of a campaign, newest first",
    problems=(NOT_FOUND,),
)
def listed(call: Call[None]) -> Packets:
    """A page of the campaign's packets, whatever became of them."""
    page: Page = call.query
    after = cursor.position(page.cursor, detail.PLACE)
    packets, more = detail.listed(call.mid, CampaignId(call.path["campaign_id"]), page.limit, after)
    return Packets(packets=packets, cursor=cursor.of_position(more), now=clock.now())


@operation(
    auth=MERCHANT,
    role="viewer",
    answer=PacketRecord,
    name="inspect_packet",
    summary="A packet with its helps or claims and their verdicts",
    problems=(NOT_FOUND,),
)
def inspect(call: Call[None]) -> PacketRecord:
    """One packet of the merchant."""
    return detail.inspect(call.mid, PacketId(call.path["packet_id"]))


@operation(
    auth=MERCHANT,
    role="operator",
    answer=PacketRecord,
    idempotent=True,
    name="close_packet",
    summary="Close a packet: nobody helps or claims any more",
    description="What was reached or claimed is kept, what waits is decided, the rest goes back to the budget.",
    problems=(NOT_FOUND, problems.PACKET_ENDED),
)
def close(call: Call[None]) -> PacketRecord:
    """End a packet before its time."""
    rid = PacketId(call.path["packet_id"])
    admin.close(call.intent, rid)
    return detail.inspect(call.mid, rid)


def _taken(packet: Packet, act: Act, language: Language) -> ActTaken:
    told = localised(TOLD.get(act.state, OTHERWISE), language)
    mine = detail.my_act(act, values.plan_of(packet), language)
    return ActTaken(packet=detail.card(packet), my_act=mine, detail=told, now=clock.now())
