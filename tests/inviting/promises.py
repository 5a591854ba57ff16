"""What holds of rewarded invitations: each thing once, as it was promised, and never before its time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

from chalicelib.accounts.items import User
from chalicelib.campaigns.items import Campaign
from chalicelib.campaigns.kinds.invite import InviteOffer, StageOn
from chalicelib.campaigns.offer import MOST_LEVELS
from chalicelib.core import clock, due
from chalicelib.core.ids import MerchantId
from chalicelib.core.outbox import entry_key
from chalicelib.invite import rules
from chalicelib.invite.friends import (
    FOLLOWER,
    Friend,
    Progress,
    commission_ref,
    level_of,
    stage_ref,
    threshold_ref,
)
from chalicelib.invite.items import Edge, Rewards
from chalicelib.invite.promising import SOURCE, WELCOME
from chalicelib.orders.follows import FOLLOWS
from chalicelib.orders.items import Order
from chalicelib.orders.states import OrderState
from chalicelib.rewards.items import Grant
from chalicelib.rewards.states import ENDED, MINOR, GrantState, Why
from chalicelib.sharing.firsts import FIRST_HELP
from tests.breaking import Break, change, nothing, the
from tests.invariants import Books, invariant, settled
from tests.inviting.shop import buys_alone, friend_of, offer
from tests.orders.promises import orders
from tests.town import Town

GIVEN = (GrantState.GRANTED, GrantState.CLAWING, GrantState.CLAWED)


def rules_of(books: Books) -> dict[str, InviteOffer]:
    """The rules of every campaign that rewards invitations."""
    found = [(str(campaign.cid), campaign.draft) for campaign in books.of(Campaign) if campaign.version]
    return {cid: said for cid, said in found if isinstance(said, InviteOffer)}


def friends(books: Books) -> dict[str, Friend]:
    """Those who may bring something."""
    return {one.uid: one for one in books.of(Friend)}


def edges(books: Books) -> dict[str, Edge]:
    """Who was invited, by whom he is."""
    return {edge.child: edge for edge in books.of(Edge)}


def ours(books: Books) -> dict[tuple[str, str], Grant]:
    """What invitations bring, by user and reference."""
    return {(one.uid, one.ref): one for one in books.of(Grant) if one.source == SOURCE}


def users(books: Books) -> dict[str, User]:
    """Everybody."""
    return {user.uid: user for user in books.of(User)}


def offer_of(books: Books, friend: Friend) -> InviteOffer:
    """The rules that hold for a friend."""
    return books.seen(rules_of)[friend.cid]


def promised_to(friend: Friend, said: InviteOffer) -> dict[tuple[str, str], int]:
    """What a friend's acceptance promised: to whom, for what, and how much."""
    stages = {(friend.inviter, stage_ref(friend.uid, stage.on.value)): stage.gift.amount for stage in said.stages}
    if said.welcome is not None:
        stages[friend.uid, stage_ref(friend.uid, WELCOME)] = said.welcome.gift.amount
    return stages


@invariant("Whoever accepts where rewards run and are left is promised each stage once, and his welcome; nobody else.")
def stages_are_promised_once(books: Books) -> Iterator[str]:
    wanted = dict[tuple[str, str], int]()
    for edge in books.of(Edge):
        friend = books.seen(friends).get(edge.child)
        if (friend is not None) != (edge.rewards is Rewards.PROMISED):
            yield f"{edge.child}: {edge.rewards}"
        if friend is not None:
            wanted |= promised_to(friend, offer_of(books, friend))
            if (friend.inviter, friend.cid) != (edge.parent, edge.board) or not edge.verdict.new:
                yield f"{edge.child} brings {friend.inviter} something in {friend.cid}"
    there = {who: one.gift.amount for who, one in books.seen(ours).items() if one.ref.startswith("inv.")}
    for who in wanted.items() ^ there.items():
        yield str(who)


@invariant("A threshold is granted once, to whom as many friends count as it needs, each of whom counts once.")
def thresholds_are_as_counted(books: Books) -> Iterator[str]:
    counts = Counter((str(one.inviter), one.cid) for one in books.of(Friend) if one.counted_at is not None)
    told = {(str(one.uid), one.cid): one.n for one in books.of(Progress)}
    for who in counts.keys() | told.keys():
        if counts[who] != told.get(who, 0):
            yield f"{who}: {told.get(who)}, not {counts[who]}"
    wanted = set[tuple[str, str]]()
    for (uid, cid), n in told.items():
        reached = [one for one in books.seen(rules_of)[cid].thresholds if one.friends <= n]
        wanted |= {(uid, threshold_ref(cid, one.friends)) for one in reached}
    for who in wanted ^ {who for who in books.seen(ours) if who[1].startswith("thr.")}:
        yield str(who)


@invariant("Commission is of an order that counts, for its buyer's inviter or for his, and never more than is said.")
def commission_is_within_bounds(books: Books) -> Iterator[str]:
    for (uid, ref), one in books.seen(ours).items():
        if one.why is not Why.INVITE_COMMISSION:
            continue
        order = books.seen(orders)[one.subject]
        friend, edge, level = books.seen(friends)[order.uid], books.seen(edges)[order.uid], level_of(ref)
        said = offer_of(books, friend)
        assert said.commission is not None
        most = rules.commission(said.commission, level, rules.paid_goods(order, order.cash_fen))
        if not 1 <= level <= min(MOST_LEVELS, said.commission.levels) or edge.ancestors[level - 1] != uid:
            yield f"{ref} for {uid}"
        if not 0 < one.gift.amount <= most or not rules.counts(said, order, friend.until):
            yield f"{ref}: {one.gift.amount} of {most}"


@invariant("Nothing is given before its hold is over, nor for an order that may still go back.")
def holds_are_held(books: Books) -> Iterator[str]:
    for (uid, ref), one in books.seen(ours).items():
        if one.state not in GIVEN or one.posted_at is None:
            continue
        if (least := hold_of(books, one)) is None or one.posted_at < least:
            yield f"{ref} of {uid}: given at {one.posted_at}, not from {least} on"


def hold_of(books: Books, one: Grant) -> datetime | None:
    """From when on something may be given; None where nobody can say."""
    said = books.seen(rules_of)[one.cid]
    if one.why is Why.INVITE_THRESHOLD:
        return one.created_at
    if one.why in (Why.INVITE_COMMISSION, Why.INVITE_FIRST_ORDER):
        oid = one.subject if one.why is Why.INVITE_COMMISSION else books.seen(friends)[one.subject].order
        order = books.seen(orders).get(oid or "")
        if order is None or order.confirmed_at is None or order.ask_until is None:
            return None
        stage = said.stage(StageOn.FIRST_ORDER)
        kept = said.commission if one.why is Why.INVITE_COMMISSION else stage
        assert kept is not None
        return max(order.ask_until, order.confirmed_at + timedelta(days=kept.hold_days))
    what = one.ref.rpartition(".")[2]
    of_stage = said.welcome if what == WELCOME else said.stage(StageOn(what))
    assert of_stage is not None
    return one.created_at + timedelta(days=of_stage.hold_days)


@invariant("Somebody is awaited by just what is promised for what he has yet to do.")
def who_is_awaited_is_awaited_by_a_promise(books: Books) -> Iterator[str]:
    for user in books.of(User):
        friend = books.seen(friends).get(user.uid)
        helps = _promised(books, friend, StageOn.FIRST_HELP)
        if helps != (FIRST_HELP in (user.awaited or [])):
            yield f"{user.uid} is awaited: {user.awaited}"
        orders_ = _promised(books, friend, StageOn.FIRST_ORDER)
        rate = friend is not None and friend.over_at is None and offer_of(books, friend).commission is not None
        followed = FOLLOWER in (user.followed_by or [])
        ending = friend is not None and friend.over_at is None and followed and not rate
        if followed != (orders_ or rate) and not (ending and not orders_):
            yield f"{user.uid} is followed: {user.followed_by}"


def _promised(books: Books, friend: Friend | None, on: StageOn) -> bool:
    if friend is None:
        return False
    grant = books.seen(ours).get((friend.inviter, stage_ref(friend.uid, on.value)))
    return grant is not None and grant.state is GrantState.PROMISED


def minors(books: Books) -> set[str]:
    """Who gets nothing for inviting."""
    return {user.uid for user in books.of(User) if user.minor_since is not None}


@invariant("A first order is one order, heard of by its stage.")
def first_orders_are_ones(books: Books) -> Iterator[str]:
    for friend in books.of(Friend):
        grant = books.seen(ours).get((friend.inviter, stage_ref(friend.uid, StageOn.FIRST_ORDER.value)))
        reached = grant is not None and grant.state not in (GrantState.PROMISED, GrantState.LAPSED)
        nobodys = grant is not None and grant.note == MINOR
        if reached != (friend.order is not None) and not nobodys:
            yield f"{friend.uid}: {friend.order}"
        if friend.order is not None and books.seen(orders)[friend.order].uid != friend.uid:
            yield f"{friend.uid} did not make {friend.order}"


@invariant("A friend of whom something is awaited has a time at which somebody looks.")
def friends_are_looked_after(books: Books) -> Iterator[str]:
    for friend in books.of(Friend):
        if (friend.due is None) != (friend.over_at is not None):
            yield friend.uid


@settled("Whatever was done in time was heard of: each order that counts brings what it brings, or went back.")
def all_is_heard_of(books: Books) -> Iterator[str]:
    for order in books.of(Order):
        friend = books.seen(friends).get(order.uid)
        if friend is None or order.state is not OrderState.CONFIRMED or FOLLOWER not in (order.follows or []):
            continue
        said = offer_of(books, friend)
        if not rules.counts(said, order, friend.until):
            continue
        minor = books.seen(minors)
        first = said.stage(StageOn.FIRST_ORDER) is not None and friend.inviter not in minor
        if first and friend.order is None:
            yield f"{order.oid} was nobody's first"
        paid, above = rules.paid_goods(order, order.cash_fen), books.seen(edges)[order.uid].ancestors
        for level, uid in enumerate(above[: said.commission.levels] if said.commission else (), 1):
            assert said.commission is not None
            ref = commission_ref(friend.cid, order.oid, level)
            there = (uid, ref) in books.seen(ours) or uid in minor
            if rules.commission(said.commission, level, paid) and not there:
                yield f"{order.oid} brought {uid} nothing"


@settled("What went back brings nothing.")
def what_went_back_is_undone(books: Books) -> Iterator[str]:
    for (uid, ref), one in books.seen(ours).items():
        if one.why not in (Why.INVITE_COMMISSION, Why.INVITE_FIRST_ORDER):
            continue
        oid = one.subject if one.why is Why.INVITE_COMMISSION else books.seen(friends)[one.subject].order
        order = books.seen(orders).get(oid or "")
        if order is None or order.state is not OrderState.REFUND:
            continue
        if one.state not in (*ENDED, GrantState.CLAWED):
            yield f"{ref} of {uid} is {one.state}"


@settled("Whose time is over is over.")
def nobody_is_awaited_for_ever(books: Books) -> Iterator[str]:
    for friend in books.of(Friend):
        if friend.over_at is None:
            yield friend.uid


def situation(town: Town) -> None:
    """Ann has brought two, of whom one has bought something; a threshold is reached and one thing was given.

    Only what is due at once of this room's own falls due, so that nobody else's time goes by.
    """
    stages = [{**stage, "hold_days": 0 if stage["on"] == "accepted" else 7} for stage in offer()["stages"]]
    campaign, goods = town.campaign(offer(stages=stages, count_after_days=0)), town.campaign()
    zoe = town.person("zoe-who-invites-first")
    ann = friend_of(town, zoe, campaign, "ann-who-is-rewarded")
    ben = friend_of(town, ann, campaign, "ben-who-buys")
    friend_of(town, ann, campaign, "cat-who-accepts")
    order = buys_alone(town, ben, goods)
    told = entry_key(MerchantId(town.merchant.mid), FOLLOWS, order.order_id)
    for item in town.items():
        mine = isinstance(item, Friend) or (isinstance(item, Grant) and item.source == SOURCE) or item.key == told
        if mine and item.gsi2sk and (item.key == told or (item.due and item.due <= clock.now())):
            due.handle(item.key, item.gsi2sk)


def another_stage(books: Books) -> None:
    """A stage is granted to somebody else."""
    one = next(one for one in books.of(Grant) if one.ref.startswith("inv."))
    one.pk = one.pk[:-1] + "0"


def third_level(books: Books) -> None:
    """Commission of somebody who is two above goes to one who is three above."""
    one = next(one for one in books.of(Grant) if one.why is Why.INVITE_COMMISSION and level_of(one.ref) == 2)
    one.sk = one.sk[:-1] + "3"


def too_early(books: Books) -> None:
    """What is held is given."""
    one = next(one for one in books.of(Grant) if one.why is Why.INVITE_FIRST_ORDER and one.state is GrantState.HELD)
    one.state, one.posted_at = GrantState.GRANTED, one.created_at


def forget_the_order(books: Books) -> None:
    """A first order is nobody's."""
    next(one for one in books.of(Friend) if one.order is not None).order = None


def heard_by_nobody(books: Books) -> None:
    """An order that counts brought nobody anything."""
    lost = the(books, Grant, why=Why.INVITE_COMMISSION)
    books.items[:] = [item for item in books.items if item is not lost]


def gone_back(books: Books) -> None:
    """An order that brought something went back."""
    order = books.seen(orders)[the(books, Grant, why=Why.INVITE_COMMISSION).subject]
    order.state = OrderState.REFUND


BREAKS: dict[str, Break] = {
    "stages_are_promised_once": another_stage,
    "thresholds_are_as_counted": change(Progress, {"n": 7}),
    "commission_is_within_bounds": third_level,
    "holds_are_held": too_early,
    "who_is_awaited_is_awaited_by_a_promise": change(User, {"awaited": None}, awaited=[FIRST_HELP]),
    "first_orders_are_ones": forget_the_order,
    "friends_are_looked_after": change(Friend, {"gsi2pk": None, "gsi2sk": None}),
    "all_is_heard_of": heard_by_nobody,
    "what_went_back_is_undone": gone_back,
    "nobody_is_awaited_for_ever": nothing,
}
