"""Redeeming a word that everybody may type: one read round, one pure decision, one transaction.

Nothing is written that others share but one shard of many. Who comes when all is taken reads his own items once and
none of the word's: which campaign a word is, the campaign, and that too little is left are the process's to remember.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TypeVar

import msgspec

from chalicelib.accounts.items import User, user_key
from chalicelib.campaigns import spelling, stock
from chalicelib.campaigns.items import Spelled, StockShard, spelled_key
from chalicelib.campaigns.kinds.word import WORD, WordOffer
from chalicelib.campaigns.live import Live, live
from chalicelib.campaigns.stock import Shelf
from chalicelib.core import clock
from chalicelib.core.config import config
from chalicelib.core.decision import REFUSAL, Read, decided_or_refused, refused_at_once
from chalicelib.core.errors import UNAUTHENTICATED, RippleError
from chalicelib.core.idempotency import Intent
from chalicelib.core.ids import CampaignId, MerchantId, UserId
from chalicelib.core.store import Found, read, read_one
from chalicelib.core.transaction import Transaction
from chalicelib.rewards.items import statement_entry
from chalicelib.sharing import risk
from chalicelib.voucher import guesses, letters, word_rules, word_values
from chalicelib.voucher import word_problems as problems
from chalicelib.voucher.items import Guesses, guesses_key
from chalicelib.voucher.word_items import Spoken, WordDay, spoken_key, word_day_key

T = TypeVar("T")


class Redeemed(msgspec.Struct, frozen=True, kw_only=True):
    """A word that was redeemed, and what it brought."""

    spoken: Spoken
    offer: WordOffer


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """What a word would bring, and why whoever asks may not redeem it now."""

    cid: CampaignId
    offer: WordOffer
    refusal: RippleError | None


class Round(msgspec.Struct, frozen=True, kw_only=True):
    """What one read round found of a user and of what is left."""

    found: Found
    said: Sequence[Spoken]
    """What he has redeemed already."""
    shelf: Shelf


def read_as_word(text: str) -> str | None:
    """The word that a text is, as it is compared; None for a text code, mistyped or not, and for what is no word."""
    word = spelling.normal(text)
    return word if spelling.can_be_word(word) and not letters.is_code(letters.normal(text)) else None


def redeem(intent: Intent, word: str) -> Redeemed:
    """Redeem a word (`read_as_word`). What no campaign has is a wrong guess: `CODE_INVALID`, `CODE_LOCKED`.

    Raises `NOT_RUNNING`, `WORD_GONE`, and what `word_rules` forbids.
    """
    mid, uid, ident = intent.mid, UserId(intent.actor), intent.ident("word")
    cid = _campaign_of(mid, uid, word)

    def attempt(read: Read) -> Redeemed:
        campaign = live(mid, cid, WordOffer)
        offer = campaign.offer
        seen = _round(campaign, uid, read)
        if (before := word_rules.found_asked(seen.said, ident)) is not None:
            intent.insist_same(before.fingerprint)
            return Redeemed(spoken=before, offer=offer)
        left, now = _insist_may_redeem(campaign, uid, seen), clock.now()
        drawn = stock.draw(left, 1)
        made = Spoken(
            *spoken_key(mid, uid, cid, len(seen.said) + 1),
            version=campaign.version,
            at=now,
            ident=ident,
            fingerprint=intent.fingerprint,
        )
        tx = Transaction()
        if legs := word_values.add(tx, offer, made, seen.found, now):
            made.legs, made.posted_at = legs, now
            made.gsi1pk, made.gsi1sk = statement_entry(mid, uid, now, made.ref)
        tx.put("word", made)
        stock.add_draw(tx, left, drawn)
        tx.upsert("day", word_day_key(mid, cid, clock.day_of(now), drawn[0].shard), [WordDay.n.add(1)])
        tx.commit()
        return Redeemed(spoken=made, offer=offer)

    return _decided(live(mid, cid, WordOffer), attempt)


def preview(mid: MerchantId, uid: UserId, word: str) -> Preview:
    """What a word would bring, and why not. Raises `CODE_LOCKED`, and for a wrong guess what `redeem` raises."""
    cid = _campaign_of(mid, uid, word)
    campaign = live(mid, cid, WordOffer)
    refusal = None
    try:
        _decided(campaign, lambda read: _insist_may_redeem(campaign, uid, _round(campaign, uid, read)))
    except RippleError as refused:
        if refused.problem.status != REFUSAL:
            raise
        refusal = refused
    return Preview(cid=cid, offer=campaign.offer, refusal=refusal)


def _decided(campaign: Live[WordOffer], attempt: Callable[[Read], T]) -> T:
    """One who comes when all is taken, as far as this process knows, costs one read."""
    short = Shelf(campaign, WORD, 1, read).is_short
    return refused_at_once(attempt) if short else decided_or_refused(attempt)


def _round(campaign: Live[WordOffer], uid: UserId, read: Read) -> Round:
    mid, offer = campaign.mid, campaign.offer
    shelf = Shelf(campaign, WORD, 1, read)
    mine = [spoken_key(mid, uid, campaign.cid, number) for number in range(1, offer.per_user + 1)]
    his = [user_key(mid, uid), guesses_key(mid, uid), *word_values.keys(mid, uid, offer)]
    found = read(*mine, *his, *shelf.keys)
    said = [one for key in mine if (one := found.item(Spoken, key)) is not None]
    return Round(found=found, said=said, shelf=shelf)


def _insist_may_redeem(campaign: Live[WordOffer], uid: UserId, seen: Round) -> list[StockShard]:
    """The shards that one may be taken from. Raises whatever forbids it."""
    mid, now = campaign.mid, clock.now()
    user = seen.found.item(User, user_key(mid, uid))
    if user is None:
        raise RippleError(UNAUTHENTICATED)
    guesses.insist_free(seen.found.item(Guesses, guesses_key(mid, uid)), now)
    campaign.insist_running(now)
    word_rules.insist_may_redeem(campaign.offer, user, seen.said, risk.known(user, now), now)
    left = seen.shelf.seen(seen.found)
    if not sum(shard.left for shard in left):
        raise RippleError(problems.WORD_GONE)
    return left


def _campaign_of(mid: MerchantId, uid: UserId, word: str) -> CampaignId:
    """The campaign of a word. Where there is none that is a wrong guess of the user's, and raised as one."""
    kept = _kept.get((mid, word))
    if kept is None or kept[0] <= time.monotonic():
        kept = _looked_up(mid, word)
    if kept[1] is None:
        raise guesses.wrong(mid, uid, of=guesses.WORD)
    return kept[1]


def _looked_up(mid: MerchantId, word: str) -> tuple[float, CampaignId | None]:
    """What a word leads to, and until when this process need not look again: a crowd mistypes as one."""
    there = read_one(Spelled, spelled_key(mid, word))
    cid = CampaignId(there.cid) if there is not None else None
    seconds = config().cache_seconds
    kept = time.monotonic() + (seconds if cid is not None else min(seconds, NONE_SECONDS)), cid
    if seconds > 0:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        _kept[mid, word] = kept
    return kept


NONE_SECONDS = 5.0
"""How long a process believes that there is no such word."""
MOST_KEPT = 10_000
"""Words of which a process remembers the campaign, or that there is none."""
_kept: dict[tuple[MerchantId, str], tuple[float, CampaignId | None]] = {}
