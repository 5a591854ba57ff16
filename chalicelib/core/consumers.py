"""How the three background functions begin: the minute's sweep, a queue of shards, the table's stream."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.core import due, log
from chalicelib.core.lazily import Registry
from chalicelib.core.table import Item, Key, class_of, decode

Told = Callable[[list[Any]], None]

SPARE_MILLISECONDS = 20_000
"""No new entry is begun with less time left: one entry asks WeChat twice, 9 s each through the fixed address."""


CHANGES: Registry[type[Item], Told] = Registry()
"""Who is told of items that changed, all of a batch together, by their class: those that the stream tells of though
they fall not due. A record may be repeated, late or lost."""


def notice(told: Mapping[type[Any], Told]) -> None:
    """Name who is told of changes by the class of the item."""
    CHANGES.update(told)


def swept(event: dict[str, Any]) -> dict[str, int]:
    """The minute's sweep: find the shards that have something due and queue them."""
    log.clear()
    ready = due.sweep()
    log.info("swept", shards=ready, tick=event.get("time"))
    return {"shards": len(ready)}


def worked(event: dict[str, Any], context: Any) -> dict[str, list[Any]]:
    """Messages of the due queue, each naming a shard."""
    log.clear()
    for record in event["Records"]:
        taken = due.work(
            int(json.loads(record["body"])["shard"]),
            until=lambda: context.get_remaining_time_in_millis() > SPARE_MILLISECONDS,
        )
        log.info("due_worked", shard=record["body"], taken=taken)
    return {"batchItemFailures": []}


def streamed(event: dict[str, Any], context: Any) -> dict[str, list[Any]]:
    """What the table's stream tells: new due entries, each by itself, and changes, together by their class.

    What fails here is found by the sweeper, or by the next change.
    """
    log.clear()
    changed = defaultdict[type[Item], list[Item]](list)
    for record in event["Records"]:
        image = record["dynamodb"]["NewImage"]
        key = Key(image["pk"]["S"], image["sk"]["S"])
        if context.get_remaining_time_in_millis() <= SPARE_MILLISECONDS:
            log.warning("stream_left_to_sweeper", pk=key.pk)
            continue
        try:
            if (kind := class_of(key)) in CHANGES:
                changed[kind].append(decode(image))
            else:
                due.handle(key, image["gsi2sk"]["S"])
        except Exception as error:
            log.error("stream_record_failed", pk=key.pk, raised=error)
    for kind, items in changed.items():
        try:
            CHANGES[kind](items)
        except Exception as error:
            log.error("stream_changes_failed", kind=kind.__name__, raised=error)
    return {"batchItemFailures": []}
