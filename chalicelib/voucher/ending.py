"""What makes codes good no more: one is revoked, a range, a whole batch, a key. The fence is the batch's epoch.

Each raises the epoch of the batch and of all its parts in one transaction, so that a redemption that was decided before
is decided anew; what was not redeemed is counted and given back afterwards (`timers`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from pynamodb.expressions.update import Action

from chalicelib.campaigns.kinds.codes import Funding
from chalicelib.core import clock
from chalicelib.core.decision import Read, decided_or_refused
from chalicelib.core.errors import NOT_FOUND, RippleError
from chalicelib.core.idempotency import Intent, add_record, record_key, recorded
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import read_one
from chalicelib.core.transaction import UNSET, Transaction, Unset
from chalicelib.merchants import audit
from chalicelib.orders import stuck
from chalicelib.voucher import problems, redeeming, rules
from chalicelib.voucher.finding import document_of, place_in, used
from chalicelib.voucher.items import (
    MOST_RANGES,
    Batch,
    Numbers,
    Part,
    Range,
    Used,
    batch_key,
    numbers_key,
    part_key,
    used_key,
)
from chalicelib.voucher.minting import batch, unfit
from chalicelib.voucher.states import FREE, BatchState

Add = Callable[[Transaction, Batch, datetime], None]
"""Adds to a transaction what changes on a batch as it was seen."""

MOST_KEYS = 29
"""Versions of a merchant's key: a code has one letter for it."""


def revoke(intent: Intent, bid: str, note: str) -> Batch:
    """End a whole batch. Raises `NOT_FOUND`, `BATCH_ENDED`, `SOLD_ONE_BY_ONE`."""

    def add(tx: Transaction, seen: Batch, now: datetime) -> None:
        _insist_not_sold(seen)
        add_end(tx, seen, BatchState.REVOKED, note, now)

    return _changed(intent, bid, "codes.revoke", add, note=note)


def revoke_range(intent: Intent, bid: str, first: int, last: int, note: str) -> Batch:
    """End the codes from one serial to another. Raises also `RANGE_UNFIT`, and INVALID_FIELD for no range of it."""

    def add(tx: Transaction, seen: Batch, now: datetime) -> None:
        _insist_not_sold(seen)
        if not first <= last < seen.size:
            raise unfit(
                "/last", "须不小于起始序号且小于批次数量", "it must not be below the first, and within the batch"
            )
        if len(seen.ranges) >= MOST_RANGES or any(first <= one.last and one.first <= last for one in seen.ranges):
            raise RippleError(problems.RANGE_UNFIT)
        ranges = [*seen.ranges, Range(first=first, last=last)]
        add_epoch(tx, seen, [Batch.ranges.set(ranges)], due=now)

    return _changed(intent, bid, "codes.revoke-range", add, first=str(first), last=str(last), note=note)


def rekey(intent: Intent, bid: str, note: str) -> Batch:
    """Give a batch its merchant's newest key: its codes are others from now on, and the old ones are refused.

    Raises also `BATCH_STORED`, `KEY_SAME`.
    """

    def add(tx: Transaction, seen: Batch, now: datetime) -> None:
        if seen.stored:
            raise RippleError(problems.BATCH_STORED)
        newest = key_version(seen.mid)
        if newest <= seen.key_version:
            raise RippleError(problems.KEY_SAME)
        add_epoch(tx, seen, [Batch.key_version.set(newest)], due=UNSET)

    return _changed(intent, bid, "codes.rekey", add, note=note)


def revoke_code(intent: Intent, bid: str, serial: int, note: str) -> Used:
    """End one code that is free; one that was sold is owed for, which is said among stuck money.

    Raises `NOT_FOUND`, `BATCH_ENDED`, `CODE_NOT_FREE`. Again is the same.
    """
    mid = intent.mid
    code, lot = used_key(mid, bid, serial), batch_key(mid, bid)

    def attempt(read: Read) -> Used:
        found = read(code, lot, record_key(intent))
        seen, there = found.item(Used, code), found.item(Batch, lot)
        if there is None or serial >= there.size:
            raise RippleError(NOT_FOUND)
        if recorded(intent, found[record_key(intent)]) is not None and seen is not None:
            return seen
        if there.status is not BatchState.LIVE:
            raise RippleError(problems.BATCH_ENDED, status=there.status.value)
        if there.in_range(serial) or (seen is not None and seen.state not in FREE):
            raise rules.not_free(rules.standing(there, place_in(there, serial), seen, clock.now()))
        offer = document_of(mid, there.cid)
        tx = Transaction()
        redeeming.add_revoked(tx, offer, there, serial, seen, note)
        if offer.funding is Funding.SOLD:
            facts: stuck.Facts = {"batch_id": bid, "serial": serial, "note": note}
            stuck.add(tx, mid, stuck.Reason.CODE_REFUND_OWED, f"{bid}-{serial}", facts)
        audit.add(tx, mid, intent.actor, "codes.revoke-code", f"{bid}-{serial}", note=note)
        add_record(tx, intent)
        tx.commit()
        return used(read, mid, bid, serial)

    return decided_or_refused(attempt)


def retire_key(intent: Intent, note: str) -> int:
    """New batches get a new key from now on; those that have an older one keep it until they are given the new one.

    Returns its version. Raises `KEYS_FULL`.
    """
    mid = intent.mid
    keys = numbers_key(mid), record_key(intent)

    def attempt(read: Read) -> int:
        found = read(*keys)
        if (made := recorded(intent, found[keys[1]])) is not None:
            return int(made["version"])
        numbers = found.item(Numbers, keys[0])
        before = (numbers.key_version or 0) if numbers is not None else 0
        if before + 1 >= MOST_KEYS:
            raise RippleError(problems.KEYS_FULL)
        none = Numbers.key_version.does_not_exist()
        as_seen = {"version": Numbers.key_version == before if before else none}
        tx = Transaction().upsert("numbers", keys[0], [Numbers.key_version.set(before + 1)], when=as_seen)
        add_record(tx, intent, version=str(before + 1))
        audit.add(tx, mid, intent.actor, "codes.retire-key", str(before), note=note)
        tx.commit()
        return before + 1

    return decided_or_refused(attempt)


def key_version(mid: MerchantId) -> int:
    """The newest of a merchant's keys."""
    numbers = read_one(Numbers, numbers_key(mid))
    return (numbers.key_version or 0) if numbers is not None else 0


def add_end(tx: Transaction, seen: Batch, state: BatchState, note: str | None, now: datetime) -> None:
    """A batch ends, once; what was not redeemed of it is given back from now on."""
    why = [Batch.why_ended.set(note)] if note is not None else []
    add_epoch(tx, seen, [Batch.status.set(state), Batch.ended_at.set(now), *why], due=now)


def add_epoch(
    tx: Transaction,
    seen: Batch,
    actions: Sequence[Action],
    *,
    due: datetime | Unset | None,
) -> None:
    """Change a live batch as it was seen: whatever was decided by its epoch before is decided anew."""
    when = {
        "live": Batch.status == BatchState.LIVE,
        "epoch": Batch.epoch == seen.epoch,
        "ranges": Batch.ranges == seen.ranges,
    }
    tx.update("batch", seen, [Batch.epoch.set(seen.epoch + 1), *actions], when=when, due=due)
    for part in range(seen.parts):
        same = {"epoch": Part.epoch == seen.epoch}
        tx.update(f"part{part}", part_key(seen.mid, seen.bid, part), [Part.epoch.add(1)], when=same)


def _changed(intent: Intent, bid: str, act: str, add: Add, **detail: str) -> Batch:
    """Change a live batch, once a request. Raises `NOT_FOUND`, `BATCH_ENDED`."""
    mid = intent.mid
    keys = batch_key(mid, bid), record_key(intent)

    def attempt(read: Read) -> Batch:
        found = read(*keys)
        seen = found.item(Batch, keys[0])
        if seen is None:
            raise RippleError(NOT_FOUND)
        if recorded(intent, found[keys[1]]) is not None:
            return seen
        if seen.status is not BatchState.LIVE:
            raise RippleError(problems.BATCH_ENDED, status=seen.status.value)
        tx = Transaction()
        add(tx, seen, clock.now())
        audit.add(tx, mid, intent.actor, act, bid, **detail)
        add_record(tx, intent)
        tx.commit()
        return batch(read, mid, bid)

    return decided_or_refused(attempt)


def _insist_not_sold(seen: Batch) -> None:
    if document_of(seen.mid, seen.cid).funding is Funding.SOLD:
        raise RippleError(problems.SOLD_ONE_BY_ONE)
