"""Reading: one strong batch a use case, pages of an index, and single writes that move no value.

Keys of another merchant never come out of `core.table.table`, hence never into a read.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeVar

import msgspec
from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.core import chance
from chalicelib.core.aws import client
from chalicelib.core.config import config
from chalicelib.core.errors import BUSY, RippleError
from chalicelib.core.metrics import count
from chalicelib.core.table import Item, Key, decode

T = TypeVar("T", bound=Item)

WHOLE_ATTEMPTS = 5

BATCH = 100
"""Keys in one BatchGetItem (DynamoDB's limit)."""


CONFLICT_ATTEMPTS = 8
"""Tries of one frozen request that only ran into others, with jitter between them."""


def call(operation: str, **request: Any) -> Any:
    """One DynamoDB call. Storage that cannot be reached is `BUSY`: the caller may repeat the same request.

    A single write that met a transaction under way did nothing and is sent again.
    """
    for attempt in range(CONFLICT_ATTEMPTS):
        try:
            return getattr(client("dynamodb"), operation)(**request)
        except ClientError as refused:
            code = refused.response["Error"]["Code"]
            if code in THROTTLED:
                raise RippleError(BUSY) from refused
            if code != CONFLICT:
                raise
        except BotoCoreError as unreachable:
            raise RippleError(BUSY) from unreachable
        pause(attempt)
    raise RippleError(BUSY)


def pause(attempt: int) -> None:
    """Count a conflict and wait a little, at random and longer each time, before the same request is sent again."""
    count("TransactionConflict")
    time.sleep(chance.uniform(0, min(0.4, 0.01 * 2**attempt)))


CONFLICT = "TransactionConflictException"
THROTTLED = frozenset(
    {
        "ProvisionedThroughputExceededException",
        "ThrottlingException",
        "RequestLimitExceeded",
        "InternalServerError",
        "ServiceUnavailable",
    }
)


class Found(Mapping[Key, Item | None]):
    """What one read round found: every asked key is in it, with None where nothing stands."""

    def __init__(self, items: dict[Key, Item | None], *, whole: bool = False) -> None:
        self._items = items
        self.whole = whole
        """Whether it all stood so at one moment."""

    def __getitem__(self, key: Key) -> Item | None:
        return self._items[key]

    def __iter__(self) -> Iterator[Key]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def item(self, kind: type[T], key: Key) -> T | None:
        """The item at ``key``, which is a ``kind``."""
        return _as(kind, self._items[key])


def read(*keys: Key) -> Found:
    """One strong read round of at most 100 keys."""
    wanted = list(dict.fromkeys(keys))
    if len(wanted) > BATCH:
        raise ValueError(f"{len(wanted)} keys in one read round")
    items: dict[Key, Item | None] = dict.fromkeys(wanted)
    name = config().table
    ask: list[dict[str, Any]] = [{"pk": {"S": k.pk}, "sk": {"S": k.sk}} for k in wanted]
    for attempt in range(5):
        answer = call("batch_get_item", RequestItems={name: {"Keys": ask, "ConsistentRead": True}})
        for raw in answer["Responses"].get(name, []):
            item = decode(raw)
            items[item.key] = item
        ask = answer.get("UnprocessedKeys", {}).get(name, {}).get("Keys", [])
        if not ask:
            return Found(items)
        time.sleep(chance.uniform(0, 0.02 * 2**attempt))
    raise RippleError(BUSY)


class Contended(Exception):
    """The items of a whole read were being written all the time."""


def read_whole(*keys: Key) -> Found:
    """One read of items as they were at one moment: never half of a transaction. Raises `Contended`.

    It costs twice a strong read and fails while one of the items is being written, so it is for refusals only.
    """
    wanted = list(dict.fromkeys(keys))
    request = [{"Get": {"TableName": config().table, "Key": _raw(key)}} for key in wanted]
    for attempt in range(WHOLE_ATTEMPTS):
        try:
            answer = call("transact_get_items", TransactItems=request)
        except ClientError as refused:
            if refused.response["Error"]["Code"] != "TransactionCanceledException":
                raise
            time.sleep(chance.uniform(0, 0.02 * 2**attempt))
            continue
        raws = [response.get("Item") for response in answer["Responses"]]
        items = {key: decode(raw) if raw else None for key, raw in zip(wanted, raws, strict=True)}
        return Found(items, whole=True)
    raise Contended


def read_one(kind: type[T], key: Key) -> T | None:
    """One strong read of one item."""
    answer = call("get_item", TableName=config().table, Key=_raw(key), ConsistentRead=True)
    return _as(kind, decode(answer["Item"])) if "Item" in answer else None


class Page(msgspec.Struct, frozen=True):
    """One page of a query: keys in order, where they stand in the index, and where the next page begins."""

    keys: list[Key]
    positions: list[str]
    """The sort key of each in what was asked, the table or an index."""
    items: list[Item]
    after: dict[str, Any] | None


def query(
    pk: str,
    *,
    index: str | None = None,
    begins: str | None = None,
    at_most: str | None = None,
    at_least: str | None = None,
    limit: int = 50,
    forward: bool = True,
    after: dict[str, Any] | None = None,
) -> Page:
    """One page of a partition, or of an index partition (keys only there, and eventually consistent).

    ``begins`` goes with no bound.
    """
    names = {"#p": f"{index}pk" if index else "pk"}
    values: dict[str, Any] = {":p": {"S": pk}}
    condition = "#p = :p"
    if at_least is not None and at_most is not None:
        names["#s"] = f"{index}sk" if index else "sk"
        values |= {":from": {"S": at_least}, ":to": {"S": at_most}}
        condition += " AND #s BETWEEN :from AND :to"
        at_least = at_most = None
    for sign, bound in (("begins_with", begins), ("<=", at_most), (">=", at_least)):
        if bound is not None:
            names["#s"] = f"{index}sk" if index else "sk"
            values[":s"] = {"S": bound}
            condition += " AND begins_with(#s, :s)" if sign == "begins_with" else f" AND #s {sign} :s"
    request: dict[str, Any] = {
        "TableName": config().table,
        "KeyConditionExpression": condition,
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": values,
        "Limit": limit,
        "ScanIndexForward": forward,
        **({"IndexName": index} if index else {"ConsistentRead": True}),
        **({"ExclusiveStartKey": after} if after else {}),
    }
    answer = call("query", **request)
    keys = [Key(raw["pk"]["S"], raw["sk"]["S"]) for raw in answer["Items"]]
    positions = [raw[f"{index}sk" if index else "sk"]["S"] for raw in answer["Items"]]
    items = [] if index else [decode(raw) for raw in answer["Items"]]
    return Page(keys, positions, items, answer.get("LastEvaluatedKey"))


def spread(
    partitions: Iterable[str],
    index: str | None,
    limit: int,
    *,
    forward: bool,
    after: str | None,
    until: str | None = None,
) -> tuple[list[Key], str | None]:
    """One page of a listing that lies in several partitions, and the position that the next begins after.

    Each partition is asked for one page of keys and no item is read. ``until`` is a position that the listing ends
    before, going forward.
    """
    places: list[tuple[str, Key]] = []
    most = limit + 1 if after is None else limit + 2  # that of ``after`` comes again
    for partition in partitions:
        at_least, at_most = (after, None) if forward else (None, after)
        page = query(partition, index=index, limit=most, forward=forward, at_least=at_least, at_most=at_most)
        places += zip(page.positions, page.keys, strict=True)
    there = [(place, key) for place, key in places if place != after and (until is None or place < until)]
    there.sort(reverse=not forward)
    shown = there[:limit]
    return [key for _, key in shown], shown[-1][0] if len(there) > limit else None


def read_all(keys: Iterable[Key]) -> list[Item]:
    """The items of ``keys`` that exist, in their order (index pages are read this way)."""
    wanted = list(keys)
    found: list[Item] = []
    for start in range(0, len(wanted), BATCH):
        part = wanted[start : start + BATCH]
        batch = read(*part)
        found.extend(item for key in part if (item := batch[key]) is not None)
    return found


def _as(kind: type[T], item: Item | None) -> T | None:
    if item is None or isinstance(item, kind):
        return item
    raise TypeError(f"{type(item).__name__} at a key of {kind.__name__}")


def _raw(key: Key) -> dict[str, Any]:
    return {"pk": {"S": key.pk}, "sk": {"S": key.sk}}
