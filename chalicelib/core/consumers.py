"""How the three background functions begin: the minute's sweep, a queue of shards, the table's stream."""

from __future__ import annotations

import json
from typing import Any

from chalicelib.core import due, log
from chalicelib.core.table import Key

SPARE_MILLISECONDS = 15_000
"""No new entry is begun with less time left: one entry asks WeChat a few times, each bounded by its timeout."""


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
    """New outbox entries and their like from the table's stream, each by itself: what fails the sweeper finds."""
    log.clear()
    for record in event["Records"]:
        image = record["dynamodb"]["NewImage"]
        key = Key(image["pk"]["S"], image["sk"]["S"])
        if context.get_remaining_time_in_millis() <= SPARE_MILLISECONDS:
            log.warning("stream_left_to_sweeper", pk=key.pk)
            continue
        try:
            due.handle(key, image["gsi2sk"]["S"])
        except Exception as error:
            log.error("stream_record_failed", pk=key.pk, raised=error)
    return {"batchItemFailures": []}
