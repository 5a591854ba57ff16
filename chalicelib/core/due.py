"""What must happen later: a sparse index of due times, a sweeper that finds shards, workers that lease and act.

The index is only a hint. A worker first moves an entry's due to now + lease under the condition that it still is what
the index said, which returns the item as it stands; only then does the handler act, and it removes or advances the due
in its own write under that same condition. A worker that dies leaves an entry that is due again when the lease ends.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, TypeVar

from botocore.exceptions import ClientError
from pynamodb.expressions.update import Action

from chalicelib.core import clock, log, rate
from chalicelib.core.aws import client
from chalicelib.core.config import config
from chalicelib.core.errors import BUSY, RippleError, Unknown
from chalicelib.core.lazily import Registry
from chalicelib.core.metrics import count, emit
from chalicelib.core.store import call
from chalicelib.core.table import DUE_SHARDS, Item, Key, Undecodable, decode, due_entry
from chalicelib.core.times import Timed
from chalicelib.core.transaction import Lost, due_moves, update_one

LEASE = timedelta(seconds=60)
"""How long an entry belongs to the worker that took it; longer than a function may run."""

DEAD_AFTER = 5
"""Handler errors in a row after which an entry is set aside for a person."""

LONGEST_WAIT = timedelta(minutes=5)
"""The longest pause before an undecided outside answer is asked for again."""

LONG_WAITS = 15
"""Undecided answers in a row, about an hour of them, after which somebody is told that an entry still waits."""

PAGE = 25

DEAD = "DEAD#"
"""The index key of what was set aside: one for all, since it is rare, and counted every minute."""

I = TypeVar("I", bound=Item)  # noqa: E741
Handler = Callable[[Any], None]

HANDLERS: Registry[type[Item], Handler] = Registry()
"""Who handles what falls due, filled by app.py."""


def register(handlers: Mapping[type[Any], Timed[Any]]) -> None:
    """Name the handlers of due entries, which say when they act, by the class of their item."""
    HANDLERS.update(handlers)


def shard_name(shard: int) -> str:
    """The index key of a shard."""
    return f"DUE#{shard:02d}"


def sweep() -> list[int]:
    """Find the shards that have something due and queue one message for each; returns them.

    Asks every shard for one key, whatever the number of entries, and once for the dead.
    """
    instant = clock.now()
    ready, oldest = [], 0.0
    for shard in range(DUE_SHARDS):
        entries = _entries(shard_name(shard), instant, limit=1)
        if entries:
            ready.append(shard)
            oldest = max(oldest, (instant - clock.parse(entries[0][1].split("#", 1)[0])).total_seconds())
    for start in range(0, len(ready), 10):
        _queue(ready[start : start + 10], instant)
    emit({"DueBacklogAge": oldest}, unit="Seconds")
    emit({"DeadEntries": len(dead())})
    return ready


def work(shard: int, *, until: Callable[[], bool] = lambda: True) -> int:
    """Handle what is due in a shard while ``until`` says there is time; returns how many entries were taken.

    When time runs out with entries left, the shard is queued again.
    """
    taken = 0
    while True:
        entries, mine = _entries(shard_name(shard), clock.now(), limit=PAGE), 0
        for key, seen in entries:
            if not until():
                _queue([shard], clock.now())
                return taken + mine
            mine += handle(key, seen)
        taken += mine
        if len(entries) < PAGE or not mine:
            return taken


def handle(key: Key, seen: str) -> bool:
    """Take one entry whose due is still ``seen`` and act on it; False when somebody else has it."""
    try:
        item = lease(key, seen)
    except Undecodable as undecodable:
        log.error("due_undecodable", pk=key.pk, sk=key.sk, raised=undecodable)
        _bury(key, None)
        return True
    except RippleError as busy:
        log.warning("due_lease_failed", pk=key.pk, sk=key.sk, raised=busy)
        return False
    if item is None:
        return False
    try:
        HANDLERS[type(item)](item)
    except rate.Crowded as crowded:
        turn = Item.queued.remove() if crowded.turn is None else Item.queued.set(crowded.turn)
        _put_off(item, crowded.until, turn)
    except (Unknown, Lost) as undecided:
        _wait(item, str(undecided))
    except Exception as error:
        if isinstance(error, RippleError) and error.problem is BUSY:
            _wait(item, "busy")
        else:
            _failed(item, error)
    return True


def lease(key: Key, seen: str) -> Item | None:
    """Move the entry's due to now + lease where it still is ``seen``, and return the item as it stands then.

    Raises `Undecodable`, and `BUSY` where storage gave no answer: if it did take the lease, the entry comes back.
    """
    pk, sk = due_entry(key.pk, clock.now() + LEASE)
    try:
        answer = call(
            "update_item",
            TableName=config().table,
            Key={"pk": {"S": key.pk}, "sk": {"S": key.sk}},
            UpdateExpression="SET gsi2pk = :p, gsi2sk = :s",
            ConditionExpression="gsi2sk = :seen",
            ExpressionAttributeValues={":p": {"S": pk}, ":s": {"S": sk}, ":seen": {"S": seen}},
            ReturnValues="ALL_NEW",
        )
    except ClientError as refused:
        if refused.response["Error"]["Code"] == "ConditionalCheckFailedException":
            return None
        raise
    return decode(answer["Attributes"])


def redrive(key: Key) -> None:
    """Give a dead entry another life, due at once. Raises `Lost` when it is not dead."""
    update_one(key, [], when={"dead": Item.gsi2pk == DEAD}, due=clock.now())


def dead(limit: int = 100) -> list[Key]:
    """The dead entries, oldest first."""
    return [key for key, _ in _entries(DEAD, None, limit=limit)]


def _entries(index_key: str, instant: datetime | None, limit: int) -> list[tuple[Key, str]]:
    condition, values = "gsi2pk = :p", {":p": {"S": index_key}}
    if instant is not None:
        condition += " AND gsi2sk <= :now"
        values[":now"] = {"S": clock.iso(instant) + "~"}
    answer = call(
        "query",
        TableName=config().table,
        IndexName="gsi2",
        KeyConditionExpression=condition,
        ExpressionAttributeValues=values,
        Limit=limit,
    )
    return [(Key(raw["pk"]["S"], raw["sk"]["S"]), raw["gsi2sk"]["S"]) for raw in answer["Items"]]


def _queue(shards: list[int], instant: datetime) -> None:
    client("sqs").send_message_batch(
        QueueUrl=config().due_queue_url,
        Entries=[
            {
                "Id": str(shard),
                "MessageBody": json.dumps({"shard": shard}),
                "MessageGroupId": str(shard),
                "MessageDeduplicationId": f"{shard}-{clock.iso(instant)}",
            }
            for shard in shards
        ],
    )


def _wait(item: Item, why: str) -> None:
    waits = (item.waits or 0) + 1
    pause = min(LONGEST_WAIT, timedelta(seconds=15 * 2 ** min(waits, 10)))
    log.warning("due_waits", pk=item.pk, sk=item.sk, waits=waits, why=why)
    if waits >= LONG_WAITS:
        count("DueWaitsLong")
    _put_off(item, clock.now() + pause, Item.waits.set(waits), Item.queued.remove())


def _failed(item: Item, error: Exception) -> None:
    fails = (item.fails or 0) + 1
    log.error("due_failed", pk=item.pk, sk=item.sk, fails=fails, raised=error)
    if fails >= DEAD_AFTER:
        _bury(item.key, item.gsi2sk)
        return
    pause = min(LONGEST_WAIT, timedelta(seconds=30 * 2**fails))
    _put_off(item, clock.now() + pause, Item.fails.set(fails), Item.queued.remove())


def _put_off(item: Item, until: datetime, *why: Action) -> None:
    """Come back then; where that cannot be written the lease ends by itself."""
    moves = due_moves(item.key, until)
    try:
        update_one(item, [*moves, *why], when={"leased": Item.gsi2sk == item.gsi2sk})
    except Lost:
        log.info("due_moved_meanwhile", pk=item.pk, sk=item.sk)
    except RippleError as busy:
        log.warning("due_not_put_off", pk=item.pk, sk=item.sk, raised=busy)


def _bury(key: Key, leased: str | None) -> None:
    """Set an entry aside; the next sweep counts it, whatever becomes of this process."""
    _, sk = due_entry(key.pk, clock.now())
    when = {"leased": Item.gsi2sk == leased} if leased else {}
    try:
        update_one(key, [Item.gsi2pk.set(DEAD), Item.gsi2sk.set(sk)], when=when)
    except Lost:
        log.info("due_moved_meanwhile", pk=key.pk, sk=key.sk)
    except RippleError as busy:
        log.warning("due_not_set_aside", pk=key.pk, sk=key.sk, raised=busy)
