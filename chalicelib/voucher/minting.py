"""Minting a batch: its item and its parts are written, and no code is; those of a stored batch are, a few at a time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import msgspec
from pynamodb.expressions.update import Action

from chalicelib.campaigns import stock
from chalicelib.campaigns.items import StockShard, stock_key
from chalicelib.campaigns.kinds.codes import CodesOffer, Funding
from chalicelib.campaigns.live import Live, live
from chalicelib.core import clock
from chalicelib.core.decision import Read, decided_or_refused
from chalicelib.core.errors import INVALID_FIELD, RippleError
from chalicelib.core.idempotency import Intent, add_record, record_key, recorded
from chalicelib.core.ids import CampaignId, MerchantId
from chalicelib.core.store import read
from chalicelib.core.table import Key
from chalicelib.core.transaction import Transaction
from chalicelib.merchants import audit
from chalicelib.voucher import codes, problems
from chalicelib.voucher.items import (
    FEWEST_A_PART,
    MOST_BATCHES,
    MOST_PARTS,
    Batch,
    Numbers,
    Part,
    ShortCode,
    batch_id,
    batch_key,
    batches_listed,
    listed_under,
    numbers_key,
    part_key,
    short_key,
)
from chalicelib.voucher.states import BatchState

ROWS_AT_ONCE = 90
"""Stored codes written by one transaction."""


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What a batch is to be."""

    size: int
    letters: int | None = None
    """8, 9 or 10 of stored codes; the campaign decides between 14 and 16 where it is not said."""
    since: datetime | None = None
    until: datetime | None = None
    label: str = ""


def mint(intent: Intent, cid: CampaignId, wish: Wish) -> Batch:
    """Make a batch of codes, which draws what they hold.

    Raises `NOT_RUNNING` for a campaign that is over, `CODES_SHORT`, `BATCHES_FULL`, and INVALID_FIELD.
    """
    mid = intent.mid
    keys = record_key(intent), numbers_key(mid)

    def attempt(read: Read) -> Batch:
        campaign = live(mid, cid, CodesOffer)
        offer = campaign.offer
        escrow, units = offer.unit
        shelf = stock_key(mid, cid, escrow, 0)
        found = read(*keys, shelf)
        if (made := recorded(intent, found[keys[0]])) is not None:
            return batch(read, mid, made["batch"])
        now = clock.now()
        letters, since, until = _fitting(campaign, wish, now)
        numbers, left = found.item(Numbers, keys[1]), found.item(StockShard, shelf)
        number = (numbers.batches or 0) if numbers is not None else 0
        version = (numbers.key_version or 0) if numbers is not None else 0
        if number >= MOST_BATCHES:
            raise RippleError(problems.BATCHES_FULL, limit=MOST_BATCHES)
        if left is None or left.left < wish.size * units:
            raise RippleError(problems.CODES_SHORT, "/size", left=left.left // units if left is not None else 0)
        new = Batch(
            *batch_key(mid, batch_id(number)),
            cid=cid,
            version=campaign.version,
            status=BatchState.LIVE,
            size=wish.size,
            letters=letters,
            key_version=version,
            epoch=1,
            parts=min(MOST_PARTS, max(1, wish.size // FEWEST_A_PART)),
            escrow=escrow,
            units=units,
            since=since,
            until=until,
            ranges=[],
            label=wish.label,
            fingerprint=intent.fingerprint,
            created_at=now,
            created_by=intent.actor,
        )
        new.gsi1pk, new.gsi1sk = batches_listed(mid), f"{listed_under(cid)}{new.bid}"
        if new.stored:
            new.status, new.made = BatchState.MAKING, 0
        new.set_due(now if new.stored else until)
        tx = Transaction().put("batch", new)
        for number_of, size in enumerate(stock.split(wish.size, new.parts)):
            key = part_key(mid, new.bid, number_of)
            tx.put(f"part{number_of}", Part(*key, epoch=1, redeemed=0, revoked=0, expired=0, left=size))
        as_seen = {
            "number": Numbers.batches == number if number else Numbers.batches.does_not_exist(),
            "key": Numbers.key_version == version if version else Numbers.key_version.does_not_exist(),
        }
        tx.upsert("numbers", keys[1], [Numbers.batches.set(number + 1)], when=as_seen)
        stock.add_draw(tx, [left], [stock.Drawn(0, wish.size * units)])
        add_record(tx, intent, batch=new.bid)
        audit.add(tx, mid, intent.actor, "codes.mint", new.bid, campaign_id=cid, size=str(wish.size), label=wish.label)
        tx.commit()
        return new

    return decided_or_refused(attempt)


def batch(read: Read, mid: MerchantId, bid: str) -> Batch:
    """The batch of that id. Raises LookupError for none, since somebody made it."""
    key = batch_key(mid, bid)
    found = read(key).item(Batch, key)
    if found is None:
        raise LookupError(f"a batch that was minted: {bid}")
    return found


def make(leased: Batch) -> None:
    """Write the next rows of a leased batch of stored codes; with the last of them it is live."""
    done = leased.made or 0
    serials = range(done, min(leased.size, done + ROWS_AT_ONCE))
    tx = Transaction()
    again = dict(leased.redrawn or {})
    for row in _drawn(leased, serials):
        tx.put(f"row{row.serial}", row)
        if row.n is not None:
            again[str(row.serial)] = row.n
    over = serials.stop >= leased.size
    actions: list[Action] = [Batch.made.remove() if over else Batch.made.set(serials.stop)]
    if over:
        actions.append(Batch.status.set(BatchState.LIVE))
    if again:
        actions.append(Batch.redrawn.set(again))
    when = {
        "leased": Batch.gsi2sk == leased.gsi2sk,
        "making": Batch.status == BatchState.MAKING,
        "made": Batch.made == done,
    }
    tx.update("batch", leased, actions, when=when, due=leased.until if over else clock.now())
    tx.commit()


def _drawn(leased: Batch, serials: range) -> Iterator[ShortCode]:
    """The rows of the next codes, under letters that no other code has."""
    taken = set[Key]()
    firsts = {serial: _key(leased, serial, 0) for serial in serials}
    there = {key for key, item in read(*firsts.values()).items() if item is not None}
    for serial, first in firsts.items():
        key, n = first, 0
        while key in taken or key in there or (n and read(key)[key] is not None):
            n += 1
            key = _key(leased, serial, n)
        taken.add(key)
        yield ShortCode(*key, bid=leased.bid, serial=serial, n=n or None)


def _key(leased: Batch, serial: int, n: int) -> Key:
    """Where the row of a code stands, whose letters are drawn for the n-th time."""
    mid = leased.mid
    return short_key(mid, codes.finder(mid, codes.stored(mid, leased.bid, serial, n, leased.letters)))


def _fitting(campaign: Live[CodesOffer], wish: Wish, now: datetime) -> tuple[int, datetime, datetime | None]:
    """How many letters, from when and until when. Raises `NOT_RUNNING`, and INVALID_FIELD for what does not fit."""
    offer = campaign.offer
    campaign.insist_not_over(now)
    sold = offer.funding is Funding.SOLD
    since, until = wish.since or offer.starts_at, wish.until or offer.ends_at
    if sold and wish.until is not None:
        raise unfit("/until", "已售出的兑换码不能设置有效期", "codes that are sold do not expire")
    if since < offer.starts_at:
        raise unfit("/since", "早于活动开始时间", "it is before the campaign begins")
    if not since < until <= offer.ends_at or until <= now:
        raise unfit(
            "/until",
            "须晚于开始时间和现在，且不晚于活动结束时间",
            "it must be after its beginning and now, and within the campaign",
        )
    letters = wish.letters
    if letters is None:
        return (16 if offer.is_worth_money else 14), since, None if sold else until
    most = codes.most_stored(letters, offer.is_worth_money)
    if wish.size > most:
        reason = (
            f"{letters} 位短码最多 {most} 个",
            f"there may be {most} codes of {letters} letters, or they are guessed",
        )
        raise unfit("/size", *reason)
    return letters, since, None if sold else until


def unfit(pointer: str, zh: str, en: str) -> RippleError:
    """A field that does not fit, and why."""
    return RippleError(INVALID_FIELD, pointer, reason=(zh, en))
