"""What a batch's due entry does: rows of stored codes, revoked ranges, the end, and what is given back."""

from __future__ import annotations

from collections import Counter

import msgspec
from pynamodb.expressions.update import Action

from chalicelib.core import clock, log
from chalicelib.core.store import query, read
from chalicelib.core.times import Time, timed
from chalicelib.core.transaction import Transaction, update_one
from chalicelib.voucher import ending, minting, redeeming
from chalicelib.voucher.finding import document_of
from chalicelib.voucher.items import BLOCK, Batch, Part, Used, block, part_key
from chalicelib.voucher.states import ENDED, FREE, BatchState

PAGE = 250
MOST_BLOCKS = 200
"""Blocks of a range that one step asks for: some seconds of a worker's."""
MOST_ROWS = 10_000
"""Codes that something happened to that one step looks at, to the end of their block."""


@timed(
    Time(
        "codes that are stored are to be made: at once, some thousands a step",
        "their rows are written; the batch is live when all are there",
        "none of them can be redeemed",
    ),
    Time(
        "codes are revoked: at once, a range a step",
        "what nobody redeemed of them is counted and free again in the budget",
        "they are revoked from the first moment; the budget has them later",
    ),
    Time(
        "its end (`until`); at once when the merchant ends it",
        "it is over, and what is left of its codes is free again in the budget",
        "past its end no code is redeemed, whatever its state says",
    ),
)
def batch_due(leased: Batch) -> None:
    """Do the next thing that a leased batch is due for (the due handler of `Batch`)."""
    now = clock.now()
    if leased.status is BatchState.MAKING:
        minting.make(leased)
    elif (place := next((n for n, one in enumerate(leased.ranges) if not one.closed), None)) is not None:
        _range(leased, place)
    elif leased.status is BatchState.LIVE and leased.until is not None and now >= leased.until:
        tx = Transaction()
        ending.add_end(tx, leased, BatchState.EXPIRED, None, now)
        tx.commit()
        log.info("codes_expired", bid=leased.bid)
    elif leased.status is BatchState.LIVE:
        update_one(leased, [], when={"leased": Batch.gsi2sk == leased.gsi2sk}, due=leased.until)
    else:
        _drain(leased)


def _range(leased: Batch, place: int) -> None:
    """What of the next serials of a revoked range nobody redeemed is counted and given back, in one step."""
    one = leased.ranges[place]
    begin = max(one.first, one.upto)
    upto, unused = _unused(leased, begin, one.last)
    ranges = [*leased.ranges[:place], msgspec.structs.replace(one, upto=upto), *leased.ranges[place + 1 :]]
    tx = Transaction()
    for part, codes in sorted(unused.items()):
        counted = [Part.left.add(-codes), Part.revoked.add(codes)]
        tx.update(f"part{part}", part_key(leased.mid, leased.bid, part), counted, when={"there": Part.left >= codes})
    redeeming.add_back(tx, document_of(leased.mid, leased.cid), leased, sum(unused.values()))
    when = {"leased": Batch.gsi2sk == leased.gsi2sk, "ranges": Batch.ranges == leased.ranges}
    tx.update("batch", leased, [Batch.ranges.set(ranges)], when=when, due=clock.now())
    tx.commit()
    log.info("codes_range_counted", bid=leased.bid, first=begin, before=upto, unused=sum(unused.values()))


def _unused(leased: Batch, begin: int, last: int) -> tuple[int, dict[int, int]]:
    """How far a step goes, and by part how many codes up to there are free.

    The fence is up, so that none is redeemed meanwhile; a worker has time for so many blocks, or rows, and no more.
    """
    parts, upto, rows, taken = leased.parts, begin, 0, Counter[int]()
    for block_begin in range(begin // BLOCK * BLOCK, last + 1, BLOCK)[:MOST_BLOCKS]:
        if rows >= MOST_ROWS:
            break
        end, after = min(last, block_begin + BLOCK - 1), None
        while True:
            page = query(block(leased.mid, leased.bid, block_begin), begins=Used.prefix, limit=PAGE, after=after)
            there = [item for item in page.items if isinstance(item, Used) and begin <= item.serial <= end]
            taken.update(leased.part_of(item.serial) for item in there if item.state not in FREE)
            rows, after = rows + len(page.items), page.after
            if after is None:
                break
        upto = end + 1
    sizes = {part: len(range(begin + (part - begin) % parts, upto, parts)) for part in range(parts)}
    return upto, {part: free for part, size in sizes.items() if (free := size - taken[part])}


def _drain(leased: Batch) -> None:
    """What is left in the parts of an ended batch goes back, in one step; then nothing is due."""
    keys = [part_key(leased.mid, leased.bid, part) for part in range(leased.parts)]
    found = read(*keys)
    parts = [part for key in keys if (part := found.item(Part, key)) is not None and part.left]
    ended = Part.expired if leased.status is BatchState.EXPIRED else Part.revoked
    tx = Transaction()
    for part in parts:
        moved: list[Action] = [Part.left.set(0), ended.add(part.left)]
        tx.update(f"part{part.number}", part, moved, when={"left": Part.left == part.left})
    left = sum(part.left for part in parts)
    redeeming.add_back(tx, document_of(leased.mid, leased.cid), leased, left)
    when = {"leased": Batch.gsi2sk == leased.gsi2sk, "ended": Batch.status.is_in(*ENDED)}
    tx.update("batch", leased, [], when=when, due=None)
    tx.commit()
    log.info("codes_ended", bid=leased.bid, status=leased.status.value, left=left)
