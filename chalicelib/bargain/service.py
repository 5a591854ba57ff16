"""Starting a bargain, helping and giving up: one read round, one pure decision, one transaction."""

from __future__ import annotations

from datetime import datetime, timedelta

from pynamodb.expressions.update import Action

from chalicelib.accounts.items import User, user_index, user_key
from chalicelib.accounts.mask import public_avatar, public_name
from chalicelib.bargain import endings, problems, rules
from chalicelib.bargain.items import (
    BARGAIN,
    HELPABLE,
    PLAY,
    Bargain,
    BargainId,
    Help,
    Limit,
    bargain_id,
    bargain_key,
    campaign_of,
    help_key,
    limit_key,
    list_entry,
)
from chalicelib.bargain.states import BargainState, HelpState
from chalicelib.campaigns import stock
from chalicelib.campaigns.kinds.bargain import BUDGET, BargainOffer, BargainSku, Reserve
from chalicelib.campaigns.kinds.slots import slots
from chalicelib.campaigns.live import Live, live
from chalicelib.campaigns.offer import find_sku, sku_of
from chalicelib.campaigns.stock import Drawn, Shelf
from chalicelib.core import clock
from chalicelib.core.decision import Read, decided_or_refused
from chalicelib.core.errors import NOT_FOUND, UNAUTHENTICATED, RippleError
from chalicelib.core.idempotency import Intent
from chalicelib.core.ids import CampaignId, MerchantId, UserId
from chalicelib.core.transaction import UNSET, Transaction
from chalicelib.sharing import firsts, held, limits, pace, tickets
from chalicelib.sharing.items import Entry, entry_key
from chalicelib.sharing.rules import attributed
from chalicelib.sharing.verdict import Facts, Value, Verdict, judge


def start(intent: Intent, cid: CampaignId, sku_id: str | None) -> Bargain:
    """Start a bargain: its slots are fixed, its discount is reserved and, where the campaign says so, its unit taken.

    Raises `NOT_RUNNING`, `SKU_UNKNOWN`, `START_LIMIT`, `ACTIVE_LIMIT`, `SOLD_OUT`, `BUDGET_SPENT`.
    """
    mid, uid = intent.mid, UserId(intent.actor)
    keys = bargain_key(mid, bargain_id(cid, intent.ident("bargain", 16))), limit_key(mid, uid, cid)

    def attempt(read: Read) -> Bargain:
        campaign = live(mid, cid, BargainOffer)
        offer = campaign.offer
        asked = find_sku(offer.skus, sku_id)
        at_start, limited = offer.reserve is Reserve.START, offer.budget_fen is not None
        shelf = Shelf(campaign, asked.sku_id if asked and at_start else None, 1, read)
        purse = Shelf(campaign, BUDGET if asked and limited else None, asked.cut_fen if asked else 0, read)
        found = read(*keys, *shelf.keys, *purse.keys)
        made = found.item(Bargain, keys[0])
        if made is not None:
            intent.insist_same(made.fingerprint)
            return made
        sku = sku_of(offer.skus, sku_id)
        now = clock.now()
        campaign.insist_running(now)
        left, funds = shelf.seen(found), purse.seen(found)
        limit = found.item(Limit, keys[1])
        rules.insist_may_start(offer, limit, sum(s.left for s in left), sum(s.left for s in funds), sku.cut_fen)
        units, escrow = stock.draw(left, 1 if at_start else 0), stock.draw(funds, sku.cut_fen if limited else 0)
        bargain = _bargain(intent, campaign, sku, units, escrow, now)
        tx = Transaction()
        tx.put("bargain", bargain)
        limits.add_start(tx, keys[1], starts=offer.limits.starts, active=offer.limits.active)
        stock.add_draw(tx, left, units)
        stock.add_draw(tx, funds, escrow, name="budget")
        tx.commit()
        return bargain

    return decided_or_refused(attempt)


def help_with(intent: Intent, bid: BargainId, ticket: str) -> tuple[Bargain, Help]:
    """Help somebody's bargain, once: it counts at once, or waits for the merchant; what is denied writes nothing.

    Raises `NOT_RUNNING`, what `rules.insist_may_help`, `rules.insist_welcome` and `rules.taken_as` raise, and what is
    wrong with the ticket.
    """
    mid, uid, cid = intent.mid, UserId(intent.actor), campaign_of(bid)
    entry, own_pace = entry_key(mid, uid, BARGAIN, bid), pace.pace_key(mid, uid)
    place, mine, taken, me = (
        bargain_key(mid, bid),
        help_key(mid, bid, uid),
        limit_key(mid, uid, cid),
        user_key(mid, uid),
    )

    def attempt(read: Read) -> tuple[Bargain, Help]:
        campaign = live(mid, cid, BargainOffer)
        offer = campaign.offer
        found = read(place, mine, taken, me, entry, own_pace)
        bargain, user, limit = found.item(Bargain, place), found.item(User, me), found.item(Limit, taken)
        if bargain is None:
            raise RippleError(NOT_FOUND)
        if user is None:
            raise RippleError(UNAUTHENTICATED)
        done = found.item(Help, mine)
        if done is not None and done.request == intent.ident("help"):
            intent.insist_same(done.fingerprint)
            return bargain, done
        now = clock.now()
        campaign.insist_not_paused()
        rules.insist_may_help(offer, bargain, done, limit, uid, now)
        newcomer = rules.insist_welcome(offer, user, now)
        seen = tickets.opened(mid, uid, target(bid), ticket)
        facts = Facts(
            value=Value.PRICE_CUT,
            own=seen.same_person,
            rank=seen.rank,
            account_age=now - user.created_at,
            looked=now - seen.seen_at,
            device_accounts=seen.device_accounts,
            address_accounts=seen.address_accounts,
            star=seen.star,
            chain=seen.chain,
            reciprocal=_has_helped(read, bargain, limit, uid),
            helps_this_minute=_in_minute(bargain, now),
            acts_this_hour=pace.acts_this_hour(found, own_pace, now),
        )
        verdict = judge(facts)
        state = rules.taken_as(verdict, bargain, now)
        given = _help(intent, bargain, user, state, verdict, now)
        given.verdict = newcomer
        given.came_by = attributed(found.item(Entry, entry), now)
        tx = Transaction()
        if state is HelpState.COUNTED:
            given.slot, given.cut_fen = bargain.helps, bargain.slots[bargain.helps]
            _add_counted(tx, bargain, offer, now)
            firsts.add_first_help(tx, user, target(bid))
        else:
            given.gsi3pk, given.gsi3sk = held.entry(given.key, given.created_at)
            given.set_due(rules.passes_at(offer, bargain, now))
            _add_held(tx, bargain, now)
        tx.put("help", given)
        most, a_day = offer.limits.helps, offer.limits.helps_a_day
        limits.add_help(tx, taken, helps=most, a_day=a_day, seen=limit, day=given.day, owner=bargain.uid)
        tx.commit()
        pace.note(own_pace, found, now)
        bargain.helps += state is HelpState.COUNTED
        return bargain, given

    return decided_or_refused(attempt)


def cancel(mid: MerchantId, uid: UserId, bid: BargainId) -> None:
    """Its owner gives a bargain up; doing it twice is doing it once. Raises `BARGAIN_ORDERING`, `BARGAIN_ENDED`."""
    key = bargain_key(mid, bid)

    def attempt(read: Read) -> None:
        bargain = read(key).item(Bargain, key)
        if bargain is None or bargain.uid != uid:
            raise RippleError(NOT_FOUND)
        if bargain.status is BargainState.CANCELLED:
            return
        if bargain.status is BargainState.ORDERING:
            raise RippleError(problems.BARGAIN_ORDERING)
        if bargain.status not in (*HELPABLE, BargainState.FLOOR):
            raise RippleError(problems.BARGAIN_ENDED, status=bargain.status.value)
        tx = Transaction()
        when = {"status": Bargain.status == bargain.status}
        tx.update("bargain", bargain, endings.ended(BargainState.CANCELLED), when=when, due=None)
        endings.add_back(tx, bargain)
        tx.commit()

    decided_or_refused(attempt)


def target(bid: str) -> str:
    """What a help ticket for this bargain is for."""
    return f"{PLAY}:{bid}"


def slot_actions(bargain: Bargain, offer: BargainOffer, now: datetime) -> tuple[list[Action], datetime | None]:
    """What one more counted help changes, and with the last one until when the bargain may be claimed."""
    actions: list[Action] = [Bargain.helps.add(1)]
    if bargain.helps + 1 < len(bargain.slots):
        return actions, None
    claim_until = now + timedelta(seconds=offer.claim_seconds)
    return [*actions, Bargain.status.set(BargainState.FLOOR), Bargain.claim_until.set(claim_until)], claim_until


def _add_counted(tx: Transaction, bargain: Bargain, offer: BargainOffer, now: datetime) -> None:
    """The help takes the next slot; the last one opens the claim window."""
    actions, claim_until = slot_actions(bargain, offer, now)
    when = {
        "active": Bargain.status == BargainState.ACTIVE,
        "helps": Bargain.helps == bargain.helps,
        "in_time": Bargain.expires_at >= now,
    }
    due = claim_until if claim_until is not None else UNSET
    tx.update("bargain", bargain, [*actions, *_minute_actions(bargain, now)], when=when, due=due)


def _add_held(tx: Transaction, bargain: Bargain, now: datetime) -> None:
    """The help takes no slot yet, and only while the merchant has time to look at it."""
    when = {
        "active": Bargain.status == BargainState.ACTIVE,
        "room": Bargain.held < len(bargain.slots),
        "in_time": Bargain.expires_at >= now + rules.CHECKING,
    }
    tx.update("bargain", bargain, [Bargain.held.add(1), *_minute_actions(bargain, now)], when=when)


def _minute_actions(bargain: Bargain, now: datetime) -> list[Action]:
    helped = _in_minute(bargain, now)
    return [Bargain.minute.set(_minute(now)), Bargain.minute_helps.set(helped + 1)]


def _in_minute(bargain: Bargain, now: datetime) -> int:
    """How many helped it in the running minute."""
    return bargain.minute_helps or 0 if bargain.minute == _minute(now) else 0


def _minute(now: datetime) -> str:
    return f"{now:%Y%m%d%H%M}"


def _has_helped(read: Read, bargain: Bargain, mine: Limit | None, uid: UserId) -> bool:
    """Whether its owner has helped this helper in the same campaign: asked only of somebody who bargains there too."""
    if mine is None or not mine.starts:
        return False
    key = limit_key(bargain.mid, bargain.uid, bargain.cid)
    owners = read(key).item(Limit, key)
    return owners is not None and uid in (owners.helped or [])


def _bargain(
    intent: Intent,
    campaign: Live[BargainOffer],
    sku: BargainSku,
    units: list[Drawn],
    escrow: list[Drawn],
    now: datetime,
) -> Bargain:
    offer = campaign.offer
    own = 1 if offer.self_cut else 0
    bargain = Bargain(
        *bargain_key(intent.mid, bargain_id(campaign.cid, intent.ident("bargain", 16))),
        status=BargainState.ACTIVE,
        uid=intent.actor,
        sku=sku.sku_id,
        start_fen=sku.start_price_fen,
        slots=slots(sku.cut_fen, offer.cuts, offer.split),
        own=own,
        helps=own,
        held=0,
        version=campaign.version,
        expires_at=now + timedelta(seconds=offer.bargain_seconds),
        units=units,
        escrow=escrow,
        fingerprint=intent.fingerprint,
        created_at=now,
    )
    bargain.gsi1pk, bargain.gsi1sk = user_index(intent.mid, intent.actor), f"B#{clock.iso(now)}#{bargain.bid}"
    bargain.gsi3pk, bargain.gsi3sk = list_entry(bargain)
    bargain.set_due(bargain.expires_at)
    return bargain


def _help(intent: Intent, bargain: Bargain, user: User, state: HelpState, verdict: Verdict, now: datetime) -> Help:
    return Help(
        *help_key(intent.mid, bargain.bid, user.uid),
        state=state,
        day=clock.day_of(now).isoformat(),
        reasons=[signal.value for signal in verdict.reasons],
        thresholds=verdict.version,
        nickname=public_name(user),
        avatar_url=public_avatar(user),
        request=intent.ident("help"),
        fingerprint=intent.fingerprint,
        created_at=now,
    )
