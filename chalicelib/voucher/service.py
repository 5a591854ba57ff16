"""Redeeming a code: one read round, one pure decision, one transaction; and what a code would bring, before that."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import msgspec

from chalicelib.accounts.items import User, user_key
from chalicelib.campaigns.kinds.brings import BringsAtCounter, BringsGoods
from chalicelib.campaigns.kinds.codes import CodesOffer
from chalicelib.core import clock
from chalicelib.core.decision import Read, decided_or_refused
from chalicelib.core.errors import UNAUTHENTICATED, RippleError
from chalicelib.core.idempotency import Intent
from chalicelib.core.ids import CampaignId, MerchantId, UserId
from chalicelib.core.store import Found, read, read_one
from chalicelib.core.table import Key
from chalicelib.core.transaction import Transaction
from chalicelib.merchants import audit
from chalicelib.sharing.sightings import Seen
from chalicelib.voucher import finding, guesses, problems, purses, redeeming, rules, values
from chalicelib.voucher.finding import Place
from chalicelib.voucher.guesses import NOWHERE
from chalicelib.voucher.items import Asked, Batch, Guesses, Redeemed, Used, guesses_key, redeemed_key, used_key


class Redemption(msgspec.Struct, frozen=True, kw_only=True):
    """A code that was redeemed, and what it brought."""

    used: Used
    offer: CodesOffer
    at: datetime
    undone: bool = False
    """Whether that was undone since."""


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """What a code would bring, and why its holder may not redeem it now."""

    batch: Batch
    offer: CodesOffer
    refusal: RippleError | None


def redeem(intent: Intent, text: str, seen_from: Seen = NOWHERE) -> Redemption:
    """Redeem a code as its holder. Raises what `placed` and `redeemed` raise."""
    uid = UserId(intent.actor)
    with guessing(intent.mid, uid, seen_from):
        return redeemed(intent, placed(intent.mid, text), uid, by=None)


def redeemed(intent: Intent, place: Place, uid: UserId | None, *, by: str | None) -> Redemption:
    """Redeem a code for a user, or for somebody whom the staff hand it over to (``by`` is their key).

    Raises `NOT_RUNNING`, `CODE_NEEDS_ORDER`, `CODE_AT_COUNTER`, `CODE_NOT_AT_COUNTER`, `CODE_NEEDS_USER` and what
    `rules` and `purses` forbid; staff are told why a code is not good.
    """
    mid = intent.mid
    code, lot = place.keys

    def attempt(read: Read) -> Redemption:
        campaign = finding.campaign_there(mid, place.bid)
        offer = campaign.offer
        fid = purses.family_of(read, mid, uid, offer)
        his = [*his_keys(mid, uid, campaign.cid), *values.keys(mid, uid, offer)] if uid is not None else []
        found = read(code, lot, *his, *purses.keys(mid, fid))
        seen, batch = found.item(Used, code), found.item(Batch, lot)
        if (before := _answered(intent, seen, offer)) is not None:
            return before
        if batch is None:
            raise RippleError(problems.CODE_INVALID, "/code")
        now = clock.now()
        user = insist_free(found, mid, uid, by=by)
        rules.insist_good(batch, place, seen, uid, now, staff=by is not None)
        rules.insist_open(campaign, now)
        _insist_way(offer, uid, by)
        newcomer = None
        if user is not None:
            taken = found.item(Redeemed, redeemed_key(mid, user.uid, campaign.cid))
            newcomer = rules.insist_may_redeem(offer, user, taken, now)
        asked = Asked(ident=intent.ident("code"), fingerprint=intent.fingerprint, uid=uid, by=by, at=now)
        made = redeeming.used(batch, place.serial, seen, now, asked, uid=uid, by=by, verdict=newcomer, family=fid)
        tx = Transaction()
        legs = values.add(tx, offer, made, found, now)
        redeeming.add_redeemed(tx, batch, made, seen, legs)
        if uid is not None:
            redeeming.add_limit(tx, offer, batch, uid)
        if by is not None:
            audit.add(tx, mid, by, "codes.redeem", f"{place.bid}-{place.serial}", user_id=uid or "")
        tx.commit()
        return Redemption(used=made, offer=offer, at=now)

    return decided_or_refused(attempt)


def redeemed_before(intent: Intent, place: Place) -> Redemption | None:
    """What the same request has done to a code already; nothing else is looked at."""
    seen = read_one(Used, used_key(intent.mid, place.bid, place.serial))
    return _answered(intent, seen, finding.document_of(intent.mid, seen.cid)) if seen is not None else None


def _answered(intent: Intent, seen: Used | None, offer: CodesOffer) -> Redemption | None:
    """What a request has done to a code before. Raises `KEY_REUSED`."""
    before = rules.found_asked(seen, intent.ident("code"))
    if seen is None or before is None:
        return None
    intent.insist_same(before.fingerprint)
    return Redemption(used=seen, offer=offer, at=before.at, undone=before.undone_at is not None)


def preview(mid: MerchantId, uid: UserId, text: str, seen_from: Seen = NOWHERE) -> Preview:
    """What a code would bring its holder, and why not. Raises what `redeem` does of a code that is not good."""
    with guessing(mid, uid, seen_from):
        return _previewed(mid, uid, placed(mid, text))


def _previewed(mid: MerchantId, uid: UserId, place: Place) -> Preview:
    campaign = finding.campaign_there(mid, place.bid)
    code, lot, taken = *place.keys, redeemed_key(mid, uid, campaign.cid)
    offer = campaign.offer
    fid = purses.family_of(read, mid, uid, offer)
    found = read(code, lot, *his_keys(mid, uid, campaign.cid), *purses.keys(mid, fid))
    batch = found.item(Batch, lot)
    if batch is None:
        raise RippleError(problems.CODE_INVALID, "/code")
    user, now = insist_free(found, mid, uid, by=None), clock.now()
    refusal = None
    try:
        rules.insist_good(batch, place, found.item(Used, code), uid, now)
        rules.insist_open(campaign, now)
        if isinstance(offer.brings, BringsAtCounter):
            raise RippleError(problems.CODE_AT_COUNTER)
        if user is not None:
            rules.insist_may_redeem(offer, user, found.item(Redeemed, taken), now)
        purses.insist_fits(mid, offer, fid, found)
    except RippleError as refused:
        if refused.problem is problems.CODE_INVALID:
            raise
        refusal = refused
    return Preview(batch=batch, offer=offer, refusal=refusal)


@contextmanager
def guessing(mid: MerchantId, uid: UserId, seen_from: Seen) -> Iterator[None]:
    """What turns out to be `CODE_INVALID` in the block is a wrong guess, and is raised as `guesses.wrong` says.

    So it counts alike whether nobody made such a code or another has it, and nobody can tell one from the other.
    """
    try:
        yield
    except RippleError as refused:
        if refused.problem is not problems.CODE_INVALID:
            raise
        raise guesses.wrong(mid, uid, seen_from) from None


def placed(mid: MerchantId, text: str) -> Place:
    """The code of a batch that a user typed. Raises `CODE_MISTYPED`, `CODE_INVALID`."""
    place = finding.place_of(mid, text)
    if place is None:
        raise RippleError(problems.CODE_INVALID, "/code")
    return place


def his_keys(mid: MerchantId, uid: UserId, cid: CampaignId) -> list[Key]:
    """What is read of a user before a code of a campaign is redeemed by him: himself, his guesses, his limit."""
    return [user_key(mid, uid), guesses_key(mid, uid), redeemed_key(mid, uid, cid)]


def insist_free(found: Found, mid: MerchantId, uid: UserId | None, *, by: str | None) -> User | None:
    """The user, if there is one. Raises `UNAUTHENTICATED` where he is no more, `CODE_LOCKED` where he guessed wrong.

    Staff are told `PASS_UNFIT` instead, and nobody's guesses are looked at.
    """
    if uid is None:
        return None
    user = found.item(User, user_key(mid, uid))
    if user is None:
        raise RippleError(UNAUTHENTICATED) if by is None else RippleError(problems.PASS_UNFIT, "/pass")
    if by is None:
        guesses.insist_free(found.item(Guesses, guesses_key(mid, uid)), clock.now())
    return user


def _insist_way(offer: CodesOffer, uid: UserId | None, by: str | None) -> None:
    """Goods are ordered, what is handed over is redeemed by staff, and the rest goes to an account.

    Whether somebody is new is known of an account only.
    """
    if isinstance(offer.brings, BringsGoods):
        raise RippleError(problems.CODE_NEEDS_ORDER if by is None else problems.CODE_NOT_AT_COUNTER)
    handed = isinstance(offer.brings, BringsAtCounter)
    if handed and by is None:
        raise RippleError(problems.CODE_AT_COUNTER)
    if by is not None and offer.gives_cash:
        raise RippleError(problems.CODE_NOT_AT_COUNTER)
    if uid is None and not (handed and offer.only_new is None):
        raise RippleError(problems.CODE_NEEDS_USER, "/pass")
