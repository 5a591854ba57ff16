"""Counting what an action costs: round trips, read units and write units, computed from the sizes of items.

A transactional write costs 2 units per KB, a plain one 1; an index entry put or removed 1, moved 2. A strong read
costs 1 unit per 4 KB of each item (of the whole page for a query), in a transaction 2, from an index a half; what is
not there costs as much as the smallest item. The embedded DynamoDB prices it otherwise or not at all, hence the meter
does: it looks at each written item before and after, and at each answer.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from chalicelib.core.aws import client
from tests.emulator import Call, Emulator

READS = {"GetItem", "BatchGetItem", "Query", "TransactGetItems"}
INDEXES = ("gsi1", "gsi2", "gsi3")


@dataclass
class Cost:
    """What one action took from storage."""

    operations: list[str] = field(default_factory=list)
    read_units: float = 0
    write_units: int = 0

    @property
    def round_trips(self) -> int:
        """Calls to DynamoDB."""
        return len(self.operations)


@contextmanager
def metered(emulator: Emulator) -> Iterator[Cost]:
    """What the block's storage calls cost."""
    cost = Cost()
    serve = emulator._serve

    def counting(request: Any, call: Call) -> Any:
        if call.service != "dynamodb" or call.operation == "Scan":
            # Only the harness scans.
            return serve(request, call)
        keys = _written(call)
        emulator._serve = serve  # type: ignore[method-assign]
        before = {_key(key): _get(key) for key in keys}
        try:
            answer = serve(request, call)
        finally:
            after = {_key(key): _get(key) for key in keys}
            emulator._serve = counting  # type: ignore[method-assign]
        cost.operations.append(call.operation)
        cost.read_units += read_units(call, answer)
        cost.write_units += _write_units(call, before, after)
        return answer

    emulator._serve = counting  # type: ignore[method-assign]
    try:
        yield cost
    finally:
        emulator._serve = serve  # type: ignore[method-assign]


def read_units(call: Call, answer: Any) -> float:
    """What a read costs; nothing for a write."""
    if call.operation not in READS or answer.status_code != 200:
        return 0
    asked, said = json.loads(call.body), json.loads(answer.content)
    if call.operation == "GetItem":
        return _blocks(said.get("Item"))
    if call.operation == "TransactGetItems":
        return sum(2 * _blocks(response.get("Item")) for response in said["Responses"])
    if call.operation == "BatchGetItem":
        wanted = sum(len(request["Keys"]) for request in asked["RequestItems"].values())
        items = [item for found in said["Responses"].values() for item in found]
        return sum(map(_blocks, items)) + wanted - len(items)
    page = max(1, math.ceil(sum(size(item) for item in said["Items"]) / 4096))
    return page / 2 if "IndexName" in asked else page


def _blocks(item: dict[str, Any] | None) -> int:
    return max(1, math.ceil(size(item) / 4096))


def _get(key: dict[str, Any]) -> dict[str, Any] | None:
    item: dict[str, Any] | None = client("dynamodb").get_item(TableName="ripple-test", Key=key).get("Item")
    return item


def _actions(call: Call) -> list[dict[str, Any]]:
    if call.operation in READS:
        return []
    body = json.loads(call.body)
    return [next(iter(a.values())) for a in body["TransactItems"]] if "TransactItems" in body else [body]


def _written(call: Call) -> list[dict[str, Any]]:
    return [{n: (a.get("Key") or a["Item"])[n] for n in ("pk", "sk")} for a in _actions(call)]


def _write_units(call: Call, before: dict[str, Any], after: dict[str, Any]) -> int:
    each = 2 if call.operation == "TransactWriteItems" else 1
    units = 0
    for key, old in before.items():
        new = after[key]
        units += each * max(1, math.ceil(max(size(old), size(new)) / 1024))
        units += sum(_index_units(index, old, new) for index in INDEXES)
    return units


def _index_units(index: str, old: dict[str, Any] | None, new: dict[str, Any] | None) -> int:
    was, now = _entry(index, old), _entry(index, new)
    if was == now:
        return 0
    return (was is not None) + (now is not None)


def _entry(index: str, item: dict[str, Any] | None) -> tuple[str, str] | None:
    if not item or f"{index}pk" not in item or f"{index}sk" not in item:
        return None
    return item[f"{index}pk"]["S"], item[f"{index}sk"]["S"]


def _key(raw: dict[str, Any]) -> str:
    return f"{raw['pk']['S']}/{raw['sk']['S']}"


def size(item: dict[str, Any] | None) -> int:
    """Bytes of an item as DynamoDB counts them: names, texts, and numbers at about one byte per two digits."""
    if not item:
        return 0
    total = 0
    for name, typed in item.items():
        kind, value = next(iter(typed.items()))
        total += len(name.encode()) + (math.ceil(len(value) / 2) + 1 if kind == "N" else len(str(value).encode()))
    return total
