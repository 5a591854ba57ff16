"""Every named condition refuses by itself: broken alone, under each write that carries it, nothing is written.

The races show that conditions are needed; some guard each other, so that no race gets past both. This holds each of
them to its word: just before a write one attribute is changed so that this one condition does not hold and all
others do, and the same request must be refused. What is never tried fails the test too.
"""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import pytest
from botocore.exceptions import ClientError
from pynamodb.expressions.condition import Condition

from chalicelib.core import due
from chalicelib.core.aws import client
from chalicelib.core.table import Item, Key
from chalicelib.core.transaction import Transaction, holds
from chalicelib.orders.items import Order
from tests.emulator import Call, Emulator
from tests.proof import counts
from tests.proof.mutants import ROOT, Site, conditions
from tests.proof.plays import SCENES
from tests.proof.stage import rest, set_scene
from tests.town import Town

Raw = dict[str, Any]


class Named(NamedTuple):
    """A condition as a transaction carries it."""

    path: str
    function: str
    step: str
    name: str


EXISTS = Named("chalicelib/core/transaction.py", "update", "", "exists")
"""The one that every update carries."""


class Breaker:
    """Stands before every write and breaks each condition that it has not broken yet."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        self._steps: dict[Key, tuple[str, str, str, Mapping[str, Condition]]] = {}
        self.broken: set[Named] = set()

    def learn(self, patch: pytest.MonkeyPatch) -> None:
        """Note which function names which conditions for an item."""
        add = Transaction._add

        def noting(tx: Transaction, name: str, key: Key, kind: str, body: Any, when: Any, actions: Any = ()) -> Any:
            frame = sys._getframe(1)
            while frame.f_code.co_filename.endswith("core/transaction.py") and frame.f_back is not None:
                frame = frame.f_back
            path = frame.f_code.co_filename.removeprefix(f"{ROOT}/")
            function = frame.f_code.co_qualname.split(".<locals>")[0].rsplit(".")[-1]
            self._steps[key] = (path, function, name, when)
            return add(tx, name, key, kind, body, when, actions)

        patch.setattr(Transaction, "_add", noting)

    def before(self, call: Call) -> None:
        """Try the call with each of its conditions broken, one at a time."""
        if call.operation not in ("TransactWriteItems", "UpdateItem"):
            return
        request = json.loads(call.body)
        if "ConditionExpression" not in call.body.decode():
            return
        self._emulator.before = None
        for key in list(keys_of(request)):
            path, function, step, when = self._steps.get(key, ("", "", "", {}))
            for name in when:
                named = Named(path, function, step, name) if name != "exists" else EXISTS._replace(step=step)
                if named not in self.broken and self._refused(call.operation, request, key, when, name):
                    self.broken.add(named)
        self._emulator.before = self.before

    def _refused(self, operation: str, request: Raw, key: Key, when: Mapping[str, Condition], name: str) -> bool:
        """Whether the condition could be broken alone; fails the test where the write went through all the same."""
        raw = stored(key)
        if not all(holds(condition, raw or {}) for condition in when.values()):
            return False
        for candidate in without(when[name], raw, key):
            others = [c for n, c in when.items() if n != name]
            if holds(when[name], candidate or {}) or not all(holds(c, candidate or {}) for c in others):
                continue
            self._put(key, candidate)
            before = self._emulator.items()
            try:
                with pytest.raises(ClientError, match="ConditionalCheckFailed|The conditional request failed"):
                    getattr(client("dynamodb"), SENDS[operation])(**{**request, **FRESH.get(operation, {})})
                assert self._emulator.items() == before
            finally:
                self._put(key, raw)
            return True
        return False

    def _put(self, key: Key, raw: Raw | None) -> None:
        if raw is None:
            self._emulator.forget(key)
        else:
            self._emulator.write(raw)


SENDS = {"TransactWriteItems": "transact_write_items", "UpdateItem": "update_item"}
FRESH = {"TransactWriteItems": {"ClientRequestToken": "another-token-for-the-attempt"}}


def keys_of(request: Raw) -> Iterator[Key]:
    """What a write is about."""
    for action in request.get("TransactItems", [{"Update": request}]):
        (body,) = action.values()
        raw = body.get("Key") or body["Item"]
        yield Key(raw["pk"]["S"], raw["sk"]["S"])


def stored(key: Key) -> Raw | None:
    """The item as it is."""
    raw = {"pk": {"S": key.pk}, "sk": {"S": key.sk}}
    item: Raw | None = client("dynamodb").get_item(TableName="ripple-test", Key=raw, ConsistentRead=True).get("Item")
    return item


def without(condition: Condition, raw: Raw | None, key: Key) -> Iterator[Raw | None]:
    """Items like ``raw`` for which the condition may not hold any more; None for no item."""
    base = raw or {"pk": {"S": key.pk}, "sk": {"S": key.sk}}
    sign, operands = condition.operator, condition.values
    if sign in ("AND", "OR"):
        for part in operands:
            if sign == "AND" or part.operator != "attribute_not_exists":
                yield from without(part, raw, key)
        return
    attribute = str(operands[0].attr_name if hasattr(operands[0], "attr_name") else operands[0].path[0])
    if sign == "attribute_exists":
        yield None if attribute == "pk" else {n: v for n, v in base.items() if n != attribute}
        return
    if sign == "attribute_not_exists":
        yield base if attribute == "pk" else {**base, attribute: {"S": "something"}}
        return
    kind, value = next(iter(operands[1].value.items()))
    others = [str(int(value) + step) for step in (-1, 0, 1)] if kind == "N" else ["!", "~", value + "~"]
    for other in others:
        yield {**base, attribute: {kind: other}}


def give_up(town: Town, patch: pytest.MonkeyPatch) -> None:
    """An entry whose handler fails until it is set aside."""

    def fail(item: Item) -> None:
        raise ZeroDivisionError(item.pk)

    town.person().open(town.campaign()).expect(201)
    handlers: dict[type[Item], due.Handler] = {**due.HANDLERS, Order: fail}
    with patch.context() as broken:
        broken.setattr(due, "HANDLERS", handlers)
        town.pass_time(7200)
    assert due.dead()


def test_every_condition_refuses_by_itself(world: Emulator) -> None:
    breaker = Breaker(world)
    with pytest.MonkeyPatch.context() as patch:
        breaker.learn(patch)
        for scene in SCENES.values():
            world.fresh()
            town = Town(world)
            with set_scene(town, scene) as stage:
                for act in stage.acts.values():
                    stage.reset()
                    world.before = breaker.before
                    act()
                    world.before = breaker.before
                    rest(town)
                    world.before = None
            town.close()
        world.fresh()
        town = Town(world)
        world.before = breaker.before
        give_up(town, patch)
        world.before = None
        town.close()
    counts.add("conditions broken alone", len(breaker.broken))
    tried: dict[Site, int] = Counter(Site(b.path, b.function, b.name) for b in breaker.broken)
    wanted: dict[Site, int] = defaultdict(int)
    for mutant in conditions():
        assert mutant.site is not None
        wanted[mutant.site] += 1
    missing = [f"{site}: {tried[site]} of {number}" for site, number in wanted.items() if tried[site] < number]
    assert not missing, "\n".join(missing)
