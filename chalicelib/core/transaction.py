"""One use case, one transaction: named actions, named conditions, and a loss that says which condition was not met."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from botocore.exceptions import ClientError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.operand import Path, Value
from pynamodb.expressions.update import Action, Update

from chalicelib.core import chance
from chalicelib.core.config import config
from chalicelib.core.errors import BUSY, RippleError
from chalicelib.core.store import CONFLICT_ATTEMPTS, call, pause
from chalicelib.core.table import Item, Key, decode, due_entry

TRANSIENT = {"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"}


KEYS = ("pk", "sk")


COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class Unset:
    """Leave the due entry as it is."""


UNSET = Unset()


class Loss(NamedTuple):
    """One condition that did not hold: ``action.condition``, and the item in the way (None where there is none)."""

    name: str
    item: Item | None


class Lost(Exception):
    """A transaction that changed nothing because conditions did not hold, in the order of its actions."""

    def __init__(self, losses: list[Loss]) -> None:
        super().__init__(", ".join(loss.name for loss in losses))
        self.losses = losses

    @property
    def name(self) -> str:
        """The first condition that lost."""
        return self.losses[0].name

    def item(self, action: str) -> Item | None:
        """The item in the way of ``action``, or None where that action did not lose or nothing stands there."""
        return next((loss.item for loss in self.losses if loss.name.split(".")[0] == action), None)

    def has(self, *names: str) -> bool:
        """Whether one of ``names`` (an action, or ``action.condition``) lost."""
        return any(loss.name in names or loss.name.split(".")[0] in names for loss in self.losses)


@dataclass
class _Step:
    name: str
    key: Key
    request: dict[str, Any]
    when: Mapping[str, Condition]


class Transaction:
    """Actions in order; nothing happens before `commit`."""

    def __init__(self) -> None:
        self._steps: list[_Step] = []

    def put(self, name: str, item: Item, *, when: Mapping[str, Condition] | None = None) -> Transaction:
        """Write a new item; without ``when`` under the condition ``name.absent``."""
        conditions = {"absent": type(item).pk.does_not_exist()} if when is None else when
        return self._add(name, item.key, "Put", {"Item": item.serialize()}, conditions)

    def update(
        self,
        name: str,
        target: Item | Key,
        actions: Sequence[Action] = (),
        *,
        when: Mapping[str, Condition],
        due: datetime | Unset | None = UNSET,
    ) -> Transaction:
        """Change an item that must exist; ``due`` sets its next event, None removes it."""
        key = target.key if isinstance(target, Item) else target
        when = {"exists": Item.pk.exists(), **when}
        return self._add(name, key, "Update", {}, when, [*actions, *due_actions(key, due)])

    def upsert(
        self, name: str, key: Key, actions: Sequence[Action], *, when: Mapping[str, Condition] | None = None
    ) -> Transaction:
        """Change an item, or begin it where nothing stands (counters whose absence means zero)."""
        return self._add(name, key, "Update", {}, when or {}, list(actions))

    def delete(self, name: str, target: Item | Key, *, when: Mapping[str, Condition]) -> Transaction:
        """Remove an item."""
        return self._add(name, target.key if isinstance(target, Item) else target, "Delete", {}, when)

    def check(self, name: str, target: Item | Key, *, when: Mapping[str, Condition]) -> Transaction:
        """Only insist on something."""
        return self._add(name, target.key if isinstance(target, Item) else target, "ConditionCheck", {}, when)

    def _add(
        self,
        name: str,
        key: Key,
        kind: str,
        body: dict[str, Any],
        when: Mapping[str, Condition],
        actions: Sequence[Action] = (),
    ) -> Transaction:
        if any(step.name == name or step.key == key for step in self._steps):
            raise ValueError(f"{name} or its item is in this transaction already")
        names: dict[str, str] = {}
        values: dict[str, Any] = {}
        request: dict[str, Any] = {"TableName": config().table, **body}
        if kind != "Put":
            request["Key"] = {"pk": {"S": key.pk}, "sk": {"S": key.sk}}
        if actions:
            request["UpdateExpression"] = Update(*actions).serialize(names, values)
        conditions = list(when.values())
        if conditions:
            joined = conditions[0]
            for condition in conditions[1:]:
                joined = joined & condition
            request["ConditionExpression"] = joined.serialize(names, values)
            request["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
        if names:
            request["ExpressionAttributeNames"] = {placeholder: path for path, placeholder in names.items()}
        if values:
            request["ExpressionAttributeValues"] = values
        self._steps.append(_Step(name, key, {kind: request}, dict(when)))
        return self

    def commit(self) -> None:
        """Write everything or nothing. Raises `Lost`; conflicts and throttles are retried with everything frozen."""
        request = {
            "TransactItems": [step.request for step in self._steps],
            "ClientRequestToken": chance.token_hex(16),
        }
        for attempt in range(CONFLICT_ATTEMPTS):
            try:
                call("transact_write_items", **request)
                return
            except ClientError as refused:
                code = refused.response["Error"]["Code"]
                if code != "TransactionCanceledException" and code != "TransactionInProgressException":
                    raise
                reasons = refused.response.get("CancellationReasons", [])
                losses = self._losses(reasons)
                if losses:
                    raise Lost(losses) from None
                if any(reason.get("Code", "None") not in {"None", *TRANSIENT} for reason in reasons):
                    raise
            pause(attempt)
        raise RippleError(BUSY)

    def commit_lightly(self) -> None:
        """`commit`, as the one write that `update_one` makes where there is only that: for what moves no value."""
        if len(self._steps) == 1:
            _alone(self)
        else:
            self.commit()

    def _losses(self, reasons: Sequence[Mapping[str, Any]]) -> list[Loss]:
        losses = []
        for step, reason in zip(self._steps, reasons, strict=False):
            if reason.get("Code") != "ConditionalCheckFailed":
                continue
            raw = reason.get("Item") or None
            item = decode(raw) if raw else None
            unmet = next((n for n, c in step.when.items() if not holds(c, raw or {})), "changed")
            losses.append(Loss(f"{step.name}.{unmet}", item))
        return losses


def update_one(
    target: Item | Key,
    actions: Sequence[Action],
    *,
    when: Mapping[str, Condition],
    due: datetime | Unset | None = UNSET,
) -> None:
    """One conditional write outside a transaction, for what moves no value. Raises `Lost` under the name ``item``."""
    _alone(Transaction().update("item", target, actions, when=when, due=due))


def upsert_one(key: Key, actions: Sequence[Action], *, when: Mapping[str, Condition]) -> None:
    """`update_one` of an item that need not exist yet."""
    _alone(Transaction().upsert("item", key, actions, when=when))


def beginning(item: Item) -> list[Action]:
    """What makes of nothing an item like ``item``: everything that it has, for an `upsert` that may begin it."""
    named = type(item).get_attributes().items()
    return [kind.set(value) for n, kind in named if n not in KEYS and (value := getattr(item, n)) is not None]


def _alone(tx: Transaction) -> None:
    (step,) = tx._steps
    try:
        call("update_item", **step.request["Update"])
    except ClientError as refused:
        if refused.response["Error"]["Code"] != "ConditionalCheckFailedException":
            raise
        raw: Any = refused.response.get("Item") or None
        unmet = next((n for n, c in step.when.items() if not holds(c, raw or {})), "changed")
        raise Lost([Loss(f"item.{unmet}", decode(raw) if raw else None)]) from None


def due_actions(key: Key, due: datetime | Unset | None) -> list[Action]:
    """What sets, moves or removes the due entry of the item at ``key``; what went wrong before counts no more."""
    if isinstance(due, Unset):
        return []
    fresh: list[Action] = [Item.fails.remove(), Item.waits.remove(), Item.queued.remove()]
    if due is None:
        return [Item.gsi2pk.remove(), Item.gsi2sk.remove(), *fresh]
    return [*due_moves(key, due), *fresh]


def due_moves(key: Key, due: datetime) -> list[Action]:
    """What moves the due entry of the item at ``key`` and changes nothing else."""
    pk, sk = due_entry(key.pk, due)
    return [Item.gsi2pk.set(pk), Item.gsi2sk.set(sk)]


def holds(condition: Condition, raw: Mapping[str, Any]) -> bool:
    """Whether ``condition`` holds for a raw item: names the lost one among several of an action."""
    sign, operands = condition.operator, condition.values
    if sign == "AND":
        return all(holds(part, raw) for part in operands)
    if sign == "OR":
        return any(holds(part, raw) for part in operands)
    if sign == "attribute_exists":
        return _path(operands[0]) in raw
    if sign == "attribute_not_exists":
        return _path(operands[0]) not in raw
    if sign == "begins_with":
        return str(_operand(operands[0], raw) or "").startswith(_operand(operands[1], raw))
    left, *rest = (_operand(operand, raw) for operand in operands)
    if left is None or None in rest:
        return False
    return left in rest if sign == "IN" else bool(COMPARE[sign](left, rest[0]))


def _path(operand: Any) -> str:
    return str(operand.path[0]) if isinstance(operand, Path) else str(operand.attr_name)


def _operand(operand: Any, raw: Mapping[str, Any]) -> Any:
    typed = operand.value if isinstance(operand, Value) else raw.get(_path(operand))
    if typed is None:
        return None
    kind, text = next(iter(typed.items()))
    return Decimal(text) if kind == "N" else text
