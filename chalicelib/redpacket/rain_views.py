"""Looking at a rain: as somebody who may claim of it, and as its merchant."""

from __future__ import annotations

from datetime import datetime

import msgspec

from chalicelib.accounts.items import User, user_key
from chalicelib.campaigns import stock
from chalicelib.campaigns.gifts import Gift
from chalicelib.campaigns.items import StockShard
from chalicelib.campaigns.kinds.rain import RainOffer, escrow
from chalicelib.campaigns.live import Live, live
from chalicelib.campaigns.views import WhyNot, why_not
from chalicelib.core import clock
from chalicelib.core.errors import UNAUTHENTICATED, Language, RippleError, localised
from chalicelib.core.ids import CampaignId, MerchantId, UserId
from chalicelib.core.store import Found, read
from chalicelib.core.table import Key
from chalicelib.notices.asking import Ask
from chalicelib.redpacket import messages, rain
from chalicelib.redpacket import rain_problems as problems
from chalicelib.redpacket import rain_rules as rules
from chalicelib.redpacket.rain_items import RainLimit, rain_limit_key
from chalicelib.redpacket.rain_rules import BurstState, Left
from chalicelib.rewards.items import Grant, grant_key
from chalicelib.rewards.states import ENDED, GrantState
from chalicelib.sharing import tickets
from chalicelib.sharing.sightings import Seen

LEFT: dict[Left, tuple[str, str]] = {
    Left.PLENTY: ("充足", "There are plenty."),
    Left.FEW: ("所剩不多", "Few are left."),
    Left.NONE: ("已领完", "All are claimed."),
}
"""How much is left, in both languages."""

TOLD = {
    "granted": ("领取成功，一分钟内到账", "It is yours, within a minute."),
    "checking": ("已提交，正在确认", "Your claim was sent and is being checked."),
    "not_given": ("本次领取未计入", "This claim was not counted."),
}
"""What a claimer is told."""


class MyClaim(msgspec.Struct, kw_only=True):
    """What I claimed of a burst."""

    state: str
    """granted: at once, or within a minute | checking: it is looked at first | not_given"""
    gift: Gift
    claimed_at: datetime


class BurstView(msgspec.Struct, kw_only=True):
    """A burst as users see it."""

    burst: int
    """Its number, from 1 on."""
    at: datetime
    until: datetime
    """The last instant of it."""
    count: int
    """How many gifts there are, for all together."""
    gift: Gift
    """What everybody gets who claims."""
    state: str
    """coming | running | over"""
    left: str | None
    """plenty | few | none, of the one that runs."""
    left_said: str | None
    """The same in the client's language."""
    my_claim: MyClaim | None


class RainView(msgspec.Struct, kw_only=True):
    """The bursts of a campaign: what has been, is and comes."""

    campaign_id: str
    title: str
    status: str
    bursts: list[BurstView]
    bursts_each: int | None
    """Of how many one person may claim."""
    may_claim: bool
    """Whether a claim of the running burst would be taken now."""
    why_not: WhyNot | None
    help_ticket: str | None
    """To claim with, from ten minutes before a burst on; not within two seconds."""
    ask: Ask
    now: datetime


class ClaimTaken(msgspec.Struct, kw_only=True):
    """What a claim came to."""

    campaign_id: str
    burst: int
    my_claim: MyClaim
    detail: str
    now: datetime


class BurstRecord(msgspec.Struct, kw_only=True):
    """A burst as its merchant sees it."""

    burst: int
    at: datetime
    until: datetime
    count: int
    gift: Gift
    state: str
    claimed: int
    left: int
    """Of a burst that is over: what nobody claimed, or the merchant refused. It is given to nobody."""
    claimed_total: int
    """What was claimed comes to, in fen or points."""


class RainRecord(msgspec.Struct, kw_only=True):
    """The bursts of a campaign as its merchant sees them."""

    campaign_id: str
    bursts: list[BurstRecord]
    now: datetime


def show(mid: MerchantId, uid: UserId, cid: CampaignId, language: Language, seen: Seen) -> RainView:
    """The campaign's bursts as this user sees them. Raises `NOT_FOUND`."""
    campaign = live(mid, cid, RainOffer)
    offer, now = campaign.offer, clock.now()
    near = rules.near(offer, now, tickets.LIFE)
    every = stock.keys(campaign, escrow(near)) if near is not None else []
    few = stock.some(every)
    claims = {n: grant_key(mid, uid, rain.ref(cid, n)) for n in range(1, len(offer.bursts) + 1)}
    me, limited = user_key(mid, uid), rain_limit_key(mid, uid, cid)
    found = read(me, limited, *claims.values(), *few, *tickets.keys(mid, uid))
    user = found.item(User, me)
    if user is None:
        raise RippleError(UNAUTHENTICATED)
    mine = {n: grant for n, key in claims.items() if (grant := found.item(Grant, key)) is not None}
    shards = _shards(found, few)
    left = rules.left_of(shards, every=len(few) == len(every)) if near is not None else None
    refused = _refusal(campaign, user, found.item(RainLimit, limited), left, now)
    has = near is not None and near in mine
    soon = near is not None and (refused is None or refused.problem is problems.RAIN_NOT_YET)
    return RainView(
        campaign_id=cid,
        title=offer.title,
        status=campaign.status.value,
        bursts=[_burst(offer, n, mine.get(n), left if n == near else None, now, language) for n in claims],
        bursts_each=offer.bursts_each,
        may_claim=refused is None and not has,
        why_not=None if has else why_not(refused, language),
        help_ticket=tickets.issue(user, rain.target(cid), seen, found) if soon and not has else None,
        ask=messages.asked_of_rain(mid, language),
        now=now,
    )


def taken(cid: CampaignId, number: int, grant: Grant, language: Language) -> ClaimTaken:
    """What a claim came to, as its claimer is told; never why somebody looks at it."""
    mine = _mine(grant)
    said: str = localised(TOLD[mine.state], language)
    return ClaimTaken(campaign_id=cid, burst=number, my_claim=mine, detail=said, now=clock.now())


def inspect(mid: MerchantId, cid: CampaignId) -> RainRecord:
    """The campaign's bursts with what was claimed of them, exactly. Raises `NOT_FOUND`."""
    campaign = live(mid, cid, RainOffer)
    places = {n: stock.keys(campaign, escrow(n)) for n in range(1, len(campaign.offer.bursts) + 1)}
    found = read(*(key for keys in places.values() for key in keys))
    now = clock.now()
    records = [_record(campaign.offer, n, _shards(found, keys), now) for n, keys in places.items()]
    return RainRecord(campaign_id=cid, bursts=records, now=now)


def _refusal(
    campaign: Live[RainOffer],
    user: User,
    limit: RainLimit | None,
    left: Left | None,
    now: datetime,
) -> RippleError | None:
    """What a claim of the burst that runs, or comes next, would be refused for now."""
    offer = campaign.offer
    try:
        campaign.insist_running(now)
        rules.insist_may_claim(offer, user, limit, now)
        rules.insist_open(rules.next_of(offer, now), now)
    except RippleError as refused:
        return refused
    return RippleError(problems.RAIN_GONE) if left is Left.NONE else None


def _shards(found: Found, keys: list[Key]) -> list[StockShard]:
    return [shard for key in keys if (shard := found.item(StockShard, key)) is not None]


def _burst(
    offer: RainOffer, number: int, claim: Grant | None, left: Left | None, now: datetime, language: Language
) -> BurstView:
    burst = offer.bursts[number - 1]
    state = rules.state_of(burst, now)
    shown = left if state is BurstState.RUNNING else None
    return BurstView(
        burst=number,
        at=burst.at,
        until=burst.until,
        count=burst.count,
        gift=offer.gift(number),
        state=state.value,
        left=shown.value if shown else None,
        left_said=localised(LEFT[shown], language) if shown else None,
        my_claim=_mine(claim) if claim is not None else None,
    )


def _mine(grant: Grant) -> MyClaim:
    """A claim as its claimer sees it."""
    state = "not_given" if grant.state in ENDED else "checking"
    if grant.state is GrantState.GRANTED or (grant.state is GrantState.HELD and not grant.note):
        state = "granted"
    return MyClaim(state=state, gift=grant.gift, claimed_at=grant.created_at)


def _record(offer: RainOffer, number: int, shards: list[StockShard], now: datetime) -> BurstRecord:
    burst = offer.bursts[number - 1]
    claimed = sum(shard.taken for shard in shards)
    return BurstRecord(
        burst=number,
        at=burst.at,
        until=burst.until,
        count=burst.count,
        gift=offer.gift(number),
        state=rules.state_of(burst, now).value,
        claimed=claimed,
        left=sum(shard.left for shard in shards),
        claimed_total=claimed * burst.amount,
    )
