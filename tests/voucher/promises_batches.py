"""What holds of batches: their parts agree, somebody looks after them, and what they store is there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from chalicelib.campaigns.items import Campaign
from chalicelib.campaigns.kinds.codes import CodesOffer
from chalicelib.core import clock
from chalicelib.core.due import LONGEST_WAIT
from chalicelib.core.ids import MerchantId
from chalicelib.voucher import codes
from chalicelib.voucher.items import (
    MOST_RANGES,
    Batch,
    Numbers,
    Part,
    ShortCode,
    Used,
    short_key,
)
from chalicelib.voucher.states import ENDED, BatchState
from tests.breaking import Break, change, drop, nothing
from tests.invariants import Books, invariant, settled

Place = tuple[str, str]
"""A merchant, and one of his batches."""


def documents(books: Books) -> dict[str, CodesOffer]:
    """What campaigns of codes say, by campaign."""
    offers = {str(one.cid): one.draft for one in books.of(Campaign) if one.version}
    return {cid: offer for cid, offer in offers.items() if isinstance(offer, CodesOffer)}


def batches(books: Books) -> dict[Place, Batch]:
    """Every batch."""
    return {(batch.mid, batch.bid): batch for batch in books.of(Batch)}


def parts(books: Books) -> dict[Place, list[Part]]:
    """The parts of every batch."""
    found: dict[Place, list[Part]] = defaultdict(list)
    for part in books.of(Part):
        found[part.mid, part.bid].append(part)
    return found


def rows(books: Books) -> dict[Place, list[Used]]:
    """The codes of every batch that something happened to."""
    found: dict[Place, list[Used]] = defaultdict(list)
    for code in books.of(Used):
        found[code.mid, code.bid].append(code)
    return found


@invariant("A batch that something must still happen to has a time at which somebody will look after it.")
def batches_are_looked_after(books: Books) -> Iterator[str]:
    for place, batch in books.seen(batches).items():
        left = sum(part.left for part in books.seen(parts)[place])
        waits = left if batch.status in ENDED else batch.status is BatchState.MAKING or batch.until is not None
        if batch.due is None and (waits or _is_open(batch)):
            yield f"{place} is {batch.status} with {left} left and {batch.ranges}, due at no time"
        late = batch.until is not None and batch.status not in ENDED
        if batch.due is not None and late and batch.due > max(batch.until, clock.now() + LONGEST_WAIT):
            yield f"{place} ends {batch.until}, due {batch.due}"


def _is_open(batch: Batch) -> bool:
    """Whether what is left of a revoked range is yet to be given back."""
    return any(not one.closed for one in batch.ranges)


@invariant("All parts of a batch have its epoch: what was decided by another one is decided anew.")
def parts_have_their_epoch(books: Books) -> Iterator[str]:
    for place, batch in books.seen(batches).items():
        if any(part.epoch != batch.epoch for part in books.seen(parts)[place]):
            yield f"{place} is at {batch.epoch}, its parts at {[part.epoch for part in books.seen(parts)[place]]}"


@invariant("A merchant's batches have numbers of their own, one after the other, and keys that he has.")
def batches_are_numbered(books: Books) -> Iterator[str]:
    numbers = {one.mid: (one.batches or 0, one.key_version or 0) for one in books.of(Numbers)}
    there: dict[str, list[Batch]] = defaultdict(list)
    for batch in books.of(Batch):
        there[batch.mid].append(batch)
    for mid in {*numbers, *there}:
        counted, newest = numbers.get(MerchantId(mid), (0, 0))
        if sorted(batch.bid for batch in there[mid]) != [f"{number:05}" for number in range(counted)]:
            yield f"{mid} counts {counted}, there are {[batch.bid for batch in there[mid]]}"
        if any(batch.key_version > newest for batch in there[mid]):
            yield f"{mid} has key {newest}, its batches have {[batch.key_version for batch in there[mid]]}"


@invariant("The revoked ranges of a batch lie in it, apart from each other, and are twenty at most.")
def ranges_are_apart(books: Books) -> Iterator[str]:
    for place, batch in books.seen(batches).items():
        ends = sorted((one.first, one.last) for one in batch.ranges)
        apart = all(before[1] < after[0] for before, after in pairwise(ends))
        if not apart or len(ends) > MOST_RANGES or any(not 0 <= a <= b < batch.size for a, b in ends):
            yield f"{place} of {batch.size} has {ends}"


@invariant("Each code of a batch that stores them leads to its place, under letters that no other code has.")
def stored_codes_are_there(books: Books) -> Iterator[str]:
    found: dict[Place, list[ShortCode]] = defaultdict(list)
    for row in books.of(ShortCode):
        found[row.mid, row.bid].append(row)
    for place, batch in books.seen(batches).items():
        written = (batch.made or 0) if batch.status is BatchState.MAKING else batch.size * batch.stored
        if sorted(row.serial for row in found[place]) != list(range(written)):
            yield f"{place} is {batch.status} and has written {written}; there are {len(found[place])}"
        again = {str(row.serial): row.n for row in found[place] if row.n is not None}
        if again != (batch.redrawn or {}):
            yield f"{place} has drawn again {batch.redrawn}, there are {again}"
        for row in found[place]:
            if row.pk != _row(batch.mid, batch.bid, row.serial, row.n or 0, batch.letters):
                yield f"{place} {row.serial} is found as {row.pk}"


@lru_cache(maxsize=10_000)
def _row(mid: MerchantId, bid: str, serial: int, n: int, letters: int) -> str:
    return short_key(mid, codes.finder(mid, codes.stored(mid, bid, serial, n, letters))).pk


@settled("A batch is over when its time is, and all that was left of it is given back.")
def batches_end(books: Books) -> Iterator[str]:
    for place, batch in books.seen(batches).items():
        left = sum(part.left for part in books.seen(parts)[place])
        late = batch.status is BatchState.LIVE and batch.until is not None and batch.until <= clock.now()
        begun = batch.status is BatchState.MAKING or _is_open(batch)
        if late or begun or (batch.status in ENDED and (left or batch.due is not None)):
            yield f"{place} is {batch.status} until {batch.until}, {left} left, {batch.ranges}, due {batch.due}"


BREAKS: dict[str, Break] = {
    "batches_are_looked_after": change(Batch, {"gsi2pk": None, "gsi2sk": None}, status=BatchState.LIVE),
    "parts_have_their_epoch": change(Part, {"epoch": 7}),
    "batches_are_numbered": change(Numbers, {"batches": 1}),
    "ranges_are_apart": change(Batch, {"size": 50}),
    "stored_codes_are_there": drop(ShortCode),
    "batches_end": nothing,
}
