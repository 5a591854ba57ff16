"""What holds of packets, of helps and claims for them, and of what they hold of budgets and bring to accounts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from chalicelib.campaigns.gifts import ESCROWS, Currency
from chalicelib.campaigns.items import Campaign
from chalicelib.campaigns.kinds import AnyOffer
from chalicelib.orders.items import Order
from chalicelib.orders.states import OrderState
from chalicelib.redpacket import plans
from chalicelib.redpacket.items import LIVE_STATES, Act, Claim, Limit, Packet, Unlock
from chalicelib.redpacket.states import ActState, PacketKind, PacketState
from chalicelib.rewards import give
from chalicelib.rewards.items import Account, Grant, Leg, Posting
from chalicelib.rewards.states import MINOR, Why
from tests.breaking import Break, change, drop, nothing
from tests.invariants import Books, invariant, settled
from tests.orders.promises import orders
from tests.redpacket.shop import (
    bought,
    brought,
    claims,
    gift_offer,
    goods,
    grown,
    helps,
    look_after,
    of_order,
    refunds,
    shady,
    started,
    unlock_offer,
)
from tests.rewards.promises import HOLDERS, Holder
from tests.town import Town

TOOK = (ActState.COUNTED, ActState.OWED, ActState.GRANTED, ActState.CLAWED)
"""An act that counts, whatever became of its value."""

WATCHED = (*LIVE_STATES, PacketState.CLAWING)
"""A packet that something must still happen to."""


def offers(books: Books) -> dict[str, AnyOffer]:
    """The documents of all campaigns, by campaign."""
    return {str(campaign.cid): campaign.draft for campaign in books.of(Campaign) if campaign.version}


def packets(books: Books) -> dict[str, Packet]:
    """Every packet by its partition."""
    return {packet.pk: packet for packet in books.of(Packet)}


def every_act(books: Books) -> list[Act]:
    """All helps and claims."""
    return [*books.of(Unlock), *books.of(Claim)]


def done_for(books: Books) -> dict[str, list[Act]]:
    """The acts for every packet, by its partition."""
    found: dict[str, list[Act]] = defaultdict(list)
    for act in books.seen(every_act):
        found[act.pk].append(act)
    return found


def given_nodes(packet: Packet) -> int:
    """What of its nodes its owner has."""
    return sum(step.amount for step in (packet.steps or [])[: packet.granted])


def given_away(packet: Packet) -> int:
    """What of its total somebody else owns: cash that was given."""
    return given_nodes(packet) if packet.currency is Currency.CASH else 0


def of_packets(books: Books) -> Iterator[Holder]:
    """What packets hold of budgets and have spent."""
    for packet in books.of(Packet):
        yield packet.cid, ESCROWS[packet.currency], packet.drawn


HOLDERS.append(of_packets)


@invariant(
    "A packet holds of the budget what it reserves and what it spent: all that it promised, but for cash that it gave,"
    " until it is over."
)
def packets_are_whole(books: Books) -> Iterator[str]:
    for packet in books.of(Packet):
        holds, told = sum(part.units for part in packet.drawn), packet.res + packet.spent
        whole = packet.status in LIVE_STATES or packet.status is PacketState.DONE
        all_of_it = packet.total - given_away(packet)
        if holds != told or min(packet.res, packet.spent) < 0 or (whole and told != all_of_it):
            yield f"{packet.rid} is {packet.status} and holds {holds}: {packet.res} + {packet.spent} of {all_of_it}"


@invariant("A packet that is over reserves nothing.")
def packets_give_back(books: Books) -> Iterator[str]:
    for packet in books.of(Packet):
        if packet.status not in WATCHED and packet.res:
            yield f"{packet.rid} is {packet.status} and reserves {packet.res}"


@invariant(
    "What a packet spent is what its friends and owner were given or are owed, and what did not come back; cash apart."
)
def packets_spend_what_is_given(books: Books) -> Iterator[str]:
    for packet in books.of(Packet):
        out = given_nodes(packet) - given_away(packet)
        for act in books.seen(done_for)[packet.pk]:
            if isinstance(act, Claim) and act.state in (ActState.OWED, ActState.GRANTED):
                out += (act.friend or 0) + (act.own or 0)
            elif isinstance(act, Claim) and act.state is ActState.CLAWED:
                out += act.debt or 0
        if packet.spent != out:
            yield f"{packet.rid} spent {packet.spent}, out are {out}"


@invariant("A packet counts exactly the acts that are stored, those that wait apart, and never more than fill it.")
def packet_acts_are_counted(books: Books) -> Iterator[str]:
    for packet in books.of(Packet):
        acts = books.seen(done_for)[packet.pk]
        there = sum(act.state in TOOK for act in acts), sum(act.state is ActState.HELD for act in acts)
        if (packet.n, packet.held) != there or packet.n > packet.size:
            yield f"{packet.rid} counts {packet.n} and {packet.held} of {packet.size}; there are {there}"


@invariant("The next claim takes the next share, and each share is what was listed, whoever took it, and given once.")
def shares_are_as_listed(books: Books) -> Iterator[str]:
    for packet in books.of(Packet):
        acts = books.seen(done_for)[packet.pk]
        if sorted(act.slot for act in acts if act.slot is not None) != list(range(packet.n)):
            yield f"{packet.rid}: {[(act.sk, act.slot) for act in acts]} of {packet.n}"
        for act in acts:
            if not isinstance(act, Claim):
                continue
            listed = packet.share(act.slot) if act.slot is not None else (None, None)
            if (act.friend, act.own) != listed:
                yield f"{act.sk} took {act.friend} and {act.own}, not {listed}"


@invariant("Nodes are given in order, each once, none that was not reached, and all that were when a packet expires.")
def nodes_are_given(books: Books) -> Iterator[str]:
    posted = Counter(p.subject for p in books.of(Posting) if p.why is Why.PACKET_NODE)
    for packet in books.of(Packet):
        reached = packet.reached(packet.n)
        short = packet.status in (PacketState.EXPIRED, PacketState.DONE) and packet.granted < reached
        short = short and packet.note != MINOR
        if packet.granted > reached or short or posted[packet.rid] != packet.granted:
            yield f"{packet.rid} is {packet.status}: {packet.granted} of {reached} given, {posted[packet.rid]} posted"


@invariant("An act that waits is neither counted nor lost: it has its time, its merchant sees it, and no other.")
def packet_acts_wait(books: Books) -> Iterator[str]:
    for act in books.seen(every_act):
        held, packet = act.state is ActState.HELD, books.seen(packets)[act.pk]
        if bool(act.due) != (held or act.state is ActState.OWED) or held != bool(act.gsi3pk):
            yield f"{act.sk} is {act.state}: due {act.due}, listed {act.gsi3pk}"
        if (act.slot is not None) != (act.state in TOOK):
            yield f"{act.sk} is {act.state}: slot {act.slot}"
        if held and packet.status in (PacketState.EXPIRED, PacketState.CLAWED):
            yield f"{act.sk} waits, its packet is {packet.status}"
        full = packet.n >= packet.size or packet.status in (PacketState.CLAWING, PacketState.CLAWED)
        if act.state is ActState.MOOT and not full:
            yield f"{act.sk} was not needed by a packet that is {packet.status} with {packet.n}"


@invariant("A packet that something must still happen to has a time at which somebody will look after it.")
def packets_are_looked_after(books: Books) -> Iterator[str]:
    for packet in books.of(Packet):
        if (packet.status in WATCHED) != bool(packet.due):
            yield f"{packet.rid} is {packet.status}, due {packet.due}"


def _brings_packets(offer: AnyOffer) -> bool:
    return offer.kind in ("unlock", "gift") or plans.after_order(offer) is not None


@invariant("A claim moves value when it is granted and not before: its legs are both sides' parts and sum to nothing.")
def claims_are_posted(books: Books) -> Iterator[str]:
    for claim in books.of(Claim):
        moved = claim.legs is not None
        if moved != (claim.state is ActState.GRANTED or (claim.state is ActState.CLAWED and moved)):
            yield f"{claim.sk} is {claim.state} and moved {claim.legs}"
        if sum(leg.amount for leg in claim.all_legs):
            yield f"{claim.sk} moves {claim.all_legs}"
        packet = books.seen(packets)[claim.pk]
        came = sum(leg.amount for leg in claim.legs or [] if leg.amount > 0)
        if moved and came != (claim.friend or 0) + (claim.own or 0):
            yield f"{claim.sk} moved {came}, not {claim.friend} and {claim.own}"
        if moved and _to(claim.legs, give.user(packet.uid)) != claim.own:
            yield f"{claim.sk} brought its owner {claim.legs}, not {claim.own}"


def _to(legs: list[Leg] | None, account: str) -> int:
    return sum(leg.amount for leg in legs or [] if leg.account == account)


@invariant("What is taken back of a share and what is not there any more are together the share.")
def what_is_clawed_adds_up(books: Books) -> Iterator[str]:
    for claim in books.of(Claim):
        if claim.state is not ActState.CLAWED:
            if claim.back is not None or claim.debt is not None:
                yield f"{claim.sk} is {claim.state}: back {claim.back}, debt {claim.debt}"
            continue
        came = sum(leg.amount for leg in claim.legs or [] if leg.amount > 0)
        back = sum(leg.amount for leg in claim.back or [] if leg.amount > 0)
        if back + (claim.debt or 0) != came or (claim.debt or 0) < 0:
            yield f"{claim.sk}: {back} back and {claim.debt} debt of {came}"


@invariant("What could not be taken back is the debt of whoever was to give it, a packet's of its owner.")
def debts_are_written_down(books: Books) -> Iterator[str]:
    owed: dict[tuple[str, Currency], int] = defaultdict(int)
    for claim in books.of(Claim):
        packet = books.seen(packets)[claim.pk]
        owed[packet.uid, packet.currency] += claim.debt or 0
    for grant in books.of(Grant):
        owed[grant.uid, grant.gift.currency] += grant.debt or 0
    for account in books.of(Account):
        owed[account.uid, account.currency] -= account.debt or 0
    for (uid, currency), amount in owed.items():
        if amount:
            yield f"{uid}: {amount} {currency} of debt that nobody wrote down"


@invariant("An account is never below nothing.")
def accounts_are_not_overdrawn(books: Books) -> Iterator[str]:
    for account in books.of(Account):
        if account.balance < 0:
            yield f"{account.pk} {account.sk}: {account.balance}"


@invariant("A user's limit in a campaign counts the packets that he started, those that are not over, and his acts.")
def packet_limits_are_counted(books: Books) -> Iterator[str]:
    mine: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for packet in books.of(Packet):
        if packet.kind is PacketKind.ORDER:
            continue
        live = packet.kind is PacketKind.UNLOCK and packet.status in LIVE_STATES
        mine[packet.uid, packet.cid].update({"starts": 1, "active": int(live)})
    for act in books.seen(every_act):
        if act.state is not ActState.MOOT:
            mine[act.uid, act.cid].update({"helps": 1, act.day: 1})
    for limit in books.of(Limit):
        has = mine.pop((limit.pk.split("#", 1)[1], limit.sk.split("#", 1)[1]), Counter())
        told = limit.starts or 0, limit.active or 0, limit.helps or 0, limit.today or 0
        if told != (has["starts"], has["active"], has["helps"], has[limit.day or ""]):
            yield f"{limit.pk} {limit.sk} counts {told}, there is {dict(has)}"
    yield from (f"nobody counts {uid} in {cid}" for uid, cid in mine)


@invariant("Nobody has started, helped or claimed more than his campaign allows, at once, on a day or altogether.")
def packet_limits_hold(books: Books) -> Iterator[str]:
    kinds = {packet.pk: packet.kind for packet in books.of(Packet)}
    for act in books.seen(every_act):
        plan = plans.of(books.seen(offers)[act.cid], kinds[act.pk])
        days = [a for a in books.seen(every_act) if (a.uid, a.cid, a.day) == (act.uid, act.cid, act.day)]
        if sum(a.state is not ActState.MOOT for a in days) > plan.helps_a_day:
            yield f"{act.uid} has acted {len(days)} times on {act.day}"
    for limit in books.of(Limit):
        offer = books.seen(offers)[limit.sk.split("#", 1)[1]]
        plan = plans.after_order(offer) or plans.started(offer)
        over = (limit.starts or 0) > plan.starts or (limit.helps or 0) > plan.helps
        if over or (plan.active is not None and (limit.active or 0) > plan.active):
            yield f"{limit.pk} {limit.sk} has {limit.starts}, {limit.active}, {limit.helps}"


@invariant("Nobody helps or claims his own packet, and who claims finds it among what moved his value.")
def claims_are_by_others(books: Books) -> Iterator[str]:
    for act in books.seen(every_act):
        if books.seen(packets)[act.pk].uid == act.uid:
            yield f"{act.pk} {act.sk}"
        if isinstance(act, Claim) and (act.gsi1pk or "").split("#")[-1] != act.uid:
            yield f"{act.sk} is listed as {act.gsi1pk}"


@invariant("A packet that an order brought belongs to whoever ordered, and the order was confirmed.")
def packets_follow_orders(books: Books) -> Iterator[str]:
    for packet in books.of(Packet):
        order = books.seen(orders).get(packet.order or "")
        if (packet.kind is PacketKind.ORDER) != (order is not None):
            yield f"{packet.rid} is of {packet.kind}, its order {packet.order}"
        if order is not None and (order.uid != packet.uid or order.confirmed_at is None):
            yield f"{packet.rid} is of {order.oid}, which is {order.state}"


@settled("Every packet is over.")
def packets_end(books: Books) -> Iterator[str]:
    for packet in books.of(Packet):
        if packet.status in WATCHED:
            yield f"{packet.rid} is {packet.status}"


@settled("Every help and claim is decided, and what a claim is owed was given or taken back.")
def packet_acts_end(books: Books) -> Iterator[str]:
    for act in books.seen(every_act):
        if act.state in (ActState.HELD, ActState.OWED):
            yield f"{act.pk} {act.sk} is {act.state}"


@settled("What an order brought that went back is taken back.")
def packets_of_returned_orders_are_clawed(books: Books) -> Iterator[str]:
    gone = [order for order in books.of(Order) if order.state is OrderState.REFUND]
    for packet in books.of(Packet):
        if packet.order in [order.oid for order in gone] and packet.status is not PacketState.CLAWED:
            yield f"{packet.rid} is {packet.status}"


def situation(town: Town) -> None:
    """Packets of every kind: a node given and another reached, shares granted, owed, held and taken back."""
    ann, ben, cat, dan = grown(town, "rea", "rob", "roy", "rex")
    campaign = town.campaign(unlock_offer())
    first = started(ann, campaign)
    shady(town, dan)
    for friend in (ben, cat, dan):
        helps(friend, first).expect(201)
    look_after(town, first)
    fen = goods([{"friend": 400, "own": 200}] * 4)
    open_ = brought(town, ben, town.campaign(fen))
    claims(cat, open_).expect(201)
    town.stream()
    claims(dan, open_).expect(201)
    claims(ann, open_).expect(201)
    coupons = town.campaign(goods(packet={"form": {"as": "coupon", "title": "秋茶券"}}))
    oid = bought(town, ann, coupons)
    town.stream()
    back = of_order(coupons, oid)
    claims(cat, back).expect(201)
    town.stream()
    refunds(town, oid).expect(200)
    town.stream()
    look_after(town, back)
    points = goods(packet={"form": {"as": "points"}}, after={"budget": {"points": 100_000}})
    claims(cat, brought(town, ben, town.campaign(points))).expect(201)
    town.stream()
    started(ben, town.campaign(gift_offer()))
    claims(town.person(), started(ben, town.campaign(gift_offer()))).expect(201)


BREAKS: dict[str, Break] = {
    "packets_are_whole": change(Packet, {"drawn": []}, status=PacketState.ACTIVE),
    "packets_give_back": change(Packet, {"status": PacketState.EXPIRED}, status=PacketState.ACTIVE),
    "packets_spend_what_is_given": change(Packet, {"spent": 7}, kind=PacketKind.UNLOCK),
    "packet_acts_are_counted": change(Packet, {"held": 7}),
    "shares_are_as_listed": change(Claim, {"friend": 1}, state=ActState.GRANTED),
    "nodes_are_given": drop(Posting),
    "packet_acts_wait": change(Claim, {"gsi3pk": None}, state=ActState.HELD),
    "packets_are_looked_after": change(Packet, {"gsi2pk": None, "gsi2sk": None}, status=PacketState.ACTIVE),
    "claims_are_posted": change(Claim, {"legs": None}, state=ActState.GRANTED),
    "what_is_clawed_adds_up": change(Claim, {"debt": 7}, state=ActState.CLAWED),
    "debts_are_written_down": change(Account, {"debt": 7}),
    "accounts_are_not_overdrawn": change(Account, {"balance": -1}),
    "packet_limits_are_counted": change(Limit, {"helps": 99}),
    "packet_limits_hold": change(Limit, {"starts": 11}),
    "claims_are_by_others": change(Claim, {"gsi1pk": "somebody#else"}),
    "packets_follow_orders": change(Packet, {"order": "NOBODY"}, kind=PacketKind.ORDER),
    "packets_end": nothing,
    "packet_acts_end": nothing,
    "packets_of_returned_orders_are_clawed": change(Packet, {"status": PacketState.DONE}, status=PacketState.CLAWED),
}
