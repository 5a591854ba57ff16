"""Claiming of a burst: one read round, one pure decision, one transaction. Whoever claims gets what all others get.

A claim is a user's grant, whose reference names campaign and burst: so it is one a person and burst, whatever the key
it is asked under. It takes one unit of the burst and nothing that others share.
"""

from __future__ import annotations

from chalicelib.accounts.items import User, user_key
from chalicelib.campaigns import stock
from chalicelib.campaigns.kinds.rain import RainOffer, escrow
from chalicelib.campaigns.live import live
from chalicelib.campaigns.stock import Shelf
from chalicelib.core import clock
from chalicelib.core.decision import Read, decided_or_refused
from chalicelib.core.errors import UNAUTHENTICATED, RippleError
from chalicelib.core.idempotency import Intent
from chalicelib.core.ids import CampaignId, UserId
from chalicelib.core.transaction import Transaction
from chalicelib.redpacket import rain_problems as problems
from chalicelib.redpacket import rain_rules as rules
from chalicelib.redpacket.rain_items import RainLimit, rain_limit_key
from chalicelib.rewards import grants
from chalicelib.rewards.give import Origin
from chalicelib.rewards.grants import Ask, Go, Ruling
from chalicelib.rewards.items import Grant, grant_key
from chalicelib.rewards.rules import value_of
from chalicelib.rewards.states import GrantState, Why
from chalicelib.sharing import tickets
from chalicelib.sharing.verdict import Facts, judge

RAIN = "rain"
"""What grants call who decides about them."""


class Raining:
    """Who decides about claims: they were judged when they were made."""

    def rule(self, grant: Grant) -> Ruling:
        """It is his at once, or the merchant is asked."""
        return Ask(grant.note) if grant.note else Go()


RAINING = Raining()
"""The one that is registered."""


def ref(cid: str, number: int) -> str:
    """What a claim is called among its user's grants."""
    return f"rain.{cid}.{number}"


def target(cid: str) -> str:
    """What a help ticket for the bursts of this campaign is for."""
    return f"{RAIN}:{cid}"


def claim(intent: Intent, cid: CampaignId, number: int, ticket: str) -> Grant:
    """Claim of a burst, once: it is his at once, or waits for the merchant; what is denied writes nothing.

    Raises `NOT_RUNNING`, `RAIN_GONE`, what `rules` raises, and what is wrong with the ticket.
    """
    mid, uid = intent.mid, UserId(intent.actor)
    mine, me, taken = grant_key(mid, uid, ref(cid, number)), user_key(mid, uid), rain_limit_key(mid, uid, cid)

    def attempt(read: Read) -> Grant:
        campaign = live(mid, cid, RainOffer)
        offer = campaign.offer
        burst = rules.burst_of(offer, number)
        shelf = Shelf(campaign, escrow(number), 1, read)
        found = read(mine, me, taken, *shelf.keys)
        done, user = found.item(Grant, mine), found.item(User, me)
        if done is not None:
            return done
        if user is None:
            raise RippleError(UNAUTHENTICATED)
        now = clock.now()
        campaign.insist_running(now)
        rules.insist_open(burst, now)
        limit = found.item(RainLimit, taken)
        rules.insist_may_claim(offer, user, limit, now)
        left = shelf.seen(found)
        units = stock.draw(left, 1)
        if not units:
            raise RippleError(problems.RAIN_GONE)
        seen = tickets.opened(mid, uid, target(cid), ticket)
        facts = Facts(
            value=value_of(offer.form),
            own=False,
            rank=seen.rank,
            account_age=now - user.created_at,
            reciprocal=False,
            helps_this_minute=0,
            looked=now - seen.seen_at,
            device_accounts=seen.device_accounts,
            address_accounts=seen.address_accounts,
            star=seen.star,
            chain=seen.chain,
        )
        origin = Origin(
            mid=mid,
            cid=cid,
            version=campaign.version,
            why=Why.RAIN,
            ref=ref(cid, number),
            subject=str(number),
        )
        note = rules.why_held(judge(facts))
        gift, place = offer.gift(number), escrow(number)
        grant = grants.new(RAIN, uid, gift, origin, GrantState.HELD, now, units, escrow=place, note=note)
        tx = Transaction()
        tx.put("claim", grant)
        stock.add_draw(tx, left, units)
        if offer.bursts_each is not None:
            room = RainLimit.claims.does_not_exist() | (RainLimit.claims < offer.bursts_each)
            tx.upsert("limit", taken, [RainLimit.claims.add(1)], when={"room": room})
        tx.commit()
        return grant

    return decided_or_refused(attempt)
