"""What must hold of words and of whoever redeemed them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime

from chalicelib.campaigns import spelling
from chalicelib.campaigns.items import Campaign, Spelled, StockShard, spelled_key
from chalicelib.campaigns.kinds.brings import BringsCoupon
from chalicelib.campaigns.kinds.word import WORD, WordOffer
from chalicelib.campaigns.states import CampaignState
from chalicelib.core import clock
from chalicelib.rewards.give import coupon_of
from chalicelib.rewards.items import Coupon
from chalicelib.voucher.word_items import Spoken, WordDay
from tests.breaking import Break, change, drop
from tests.invariants import Books, invariant
from tests.town import Town
from tests.voucher import words


def documents(books: Books) -> dict[str, WordOffer]:
    """Words that were published, by campaign."""
    return {
        str(campaign.cid): campaign.draft
        for campaign in books.of(Campaign)
        if campaign.version and isinstance(campaign.draft, WordOffer)
    }


def redemptions(books: Books) -> dict[tuple[str, str], list[Spoken]]:
    """What each user has redeemed of each word, in order."""
    found: dict[tuple[str, str], list[Spoken]] = defaultdict(list)
    for one in sorted(books.of(Spoken), key=lambda one: one.number):
        found[one.cid, one.uid].append(one)
    return found


@invariant(
    "Of a word exactly so many units are taken, shard by shard, as were redeemed on all days, and never too many."
)
def words_are_counted(books: Books) -> Iterator[str]:
    there = Counter(one.cid for one in books.of(Spoken))
    days, taken = Counter[tuple[str, int]](), dict[tuple[str, int], int]()
    for day in books.of(WordDay):
        days[day.cid, day.shard] += day.n
    for shard in books.of(StockShard):
        if shard.budget == WORD:
            taken[shard.cid, shard.shard] = shard.taken
    for key, n in taken.items():
        if days.pop(key, 0) != n:
            yield f"{key}: {n} taken, and its days count otherwise"
    yield from (f"{key}: {n} counted of no shard" for key, n in days.items())
    for cid, offer in books.seen(documents).items():
        units = sum(n for (of, _), n in taken.items() if of == cid)
        if there[cid] != units or units > offer.total:
            yield f"{cid}: {units} taken, {there[cid]} redeemed, of {offer.total}"


@invariant("A day's count of a word is what was redeemed on that day.")
def word_days_are_true(books: Books) -> Iterator[str]:
    said = Counter((one.cid, clock.day_of(one.at)) for one in books.of(Spoken))
    counted = Counter[tuple[str, date]]()
    for day in books.of(WordDay):
        counted[day.cid, date.fromisoformat(day.pk.split("#")[2])] += day.n
    if said != counted:
        yield f"{said} redeemed, {counted} counted"


@invariant("Nobody redeems a word more often than he may, altogether or on a day, and his redemptions are numbered.")
def words_are_limited(books: Books) -> Iterator[str]:
    for (cid, uid), mine in books.seen(redemptions).items():
        offer = books.seen(documents)[cid]
        most = max(Counter(clock.day_of(one.at) for one in mine).values())
        numbered = [one.number for one in mine] == list(range(1, len(mine) + 1))
        if not numbered or len(mine) > offer.per_user or most > (offer.per_user_a_day or offer.per_user):
            yield f"{uid} has redeemed {cid} {len(mine)} times, {most} on a day"


@invariant("A word is redeemed within its campaign's time.")
def words_are_in_time(books: Books) -> Iterator[str]:
    for one in books.of(Spoken):
        offer = books.seen(documents)[one.cid]
        if not offer.starts_at <= one.at < offer.ends_at:
            yield f"{one.pk} {one.sk} was redeemed at {one.at}"


@invariant("Whoever redeemed a word has just what it brings: the legs of its gift, in his statement, or its coupon.")
def words_bring_what_they_say(books: Books) -> Iterator[str]:
    coupons = {(coupon.pk, coupon.coupon_id): coupon for coupon in books.of(Coupon)}
    for one in books.of(Spoken):
        offer = books.seen(documents)[one.cid]
        if isinstance(offer.brings, BringsCoupon):
            coupon = coupons.get((one.pk, coupon_of(one.ref)))
            fits = one.legs is None and coupon is not None and coupon.terms == offer.brings.coupon
        else:
            gift = offer.brings.gift
            got = [leg for leg in one.legs or [] if leg.amount > 0]
            whole = [(leg.currency, leg.amount) for leg in got] == [(gift.currency, gift.amount)]
            fits = whole and one.gsi1pk is not None and one.posted_at == one.at
        if not fits:
            yield f"{one.pk} {one.sk}: {one.legs}"


@invariant("The word of a campaign that is not over leads to it, so that no other that is not over has the same.")
def words_lead_somewhere(books: Books) -> Iterator[str]:
    leads = {item.key: item for item in books.of(Spelled)}
    for campaign in books.of(Campaign):
        offer = campaign.draft
        if not (campaign.version and isinstance(offer, WordOffer)):
            continue
        there = leads.get(spelled_key(campaign.mid, spelling.normal(offer.word)))
        over = campaign.status is CampaignState.ENDED or clock.now() >= offer.ends_at
        if there is None or (not over and (there.cid, there.until) != (campaign.cid, offer.ends_at)):
            yield f"{offer.word} of {campaign.cid} leads to {there and there.cid}"


def situation(town: Town) -> None:
    """Two words, one for balance and one for a coupon, that somebody has redeemed."""
    ann = town.person("ann of the words")
    words.spoken(town, words.BALANCE, word="老友记", per_user=3)
    words.spoken(town, words.COUPON, word="新茶上市")
    for text in ("老友记", "老友记", "新茶上市"):
        words.says(ann, text).expect(201)


LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def _skipped(books: Books) -> None:
    """Somebody's second redemption is called his third."""
    second = next(one for one in books.of(Spoken) if one.number == 2)
    second.sk = f"WRD#{second.cid}#3"


BREAKS: dict[str, Break] = {
    "words_are_counted": change(WordDay, {"n": 7}),
    "word_days_are_true": change(WordDay, {"n": 7}),
    "words_are_limited": _skipped,
    "words_are_in_time": change(Spoken, {"at": LONG_AGO}),
    "words_bring_what_they_say": change(Spoken, {"legs": []}),
    "words_lead_somewhere": drop(Spelled),
}
