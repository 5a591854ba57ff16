"""Breaks the books just before a write so that one of its conditions does not hold and all others do."""

from __future__ import annotations

import json
import re
import sys
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pytest
from botocore.exceptions import ClientError
from pynamodb.expressions.condition import Condition

from chalicelib.core.aws import client
from chalicelib.core.table import Key
from chalicelib.core.transaction import Transaction, holds
from tests.emulator import Call, Emulator
from tests.proof.mutant import ROOT, TRANSACTION, Named, Site, conditions

Raw = dict[str, Any]
SENDS = {"TransactWriteItems": "transact_write_items", "UpdateItem": "update_item"}
FRESH = {"TransactWriteItems": {"ClientRequestToken": "another-token-for-the-attempt"}}
LEASE = "gsi2sk = :seen"
"""What a lease insists on (`due.lease`): it names no condition, and the last one of its item is another write's."""

ROOM = f"{ROOT}/chalicelib/"


class Breaker(ABC):
    """Stands before every write; what is done about its conditions is the subclass's."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self._steps: dict[Key, tuple[Named, Mapping[str, Condition]]] = {}

    def learn(self, patch: pytest.MonkeyPatch) -> None:
        """Note which function names which conditions for an item."""
        add = Transaction._add

        def noting(tx: Transaction, name: str, key: Key, kind: str, body: Any, when: Any, actions: Any = ()) -> Any:
            frame = sys._getframe(1)
            while frame.f_code.co_filename.endswith(TRANSACTION) and frame.f_back is not None:
                frame = frame.f_back
            path = frame.f_code.co_filename
            function = frame.f_code.co_qualname.split(".<locals>")[0].rsplit(".")[-1]
            self._steps.pop(key, None)
            if path.startswith(ROOM):
                named = Named(path.removeprefix(ROOM), function, re.sub(r"\d+", "N", name), "")
                self._steps[key] = (named, when)
            return add(tx, name, key, kind, body, when, actions)

        patch.setattr(Transaction, "_add", noting)

    def before(self, call: Call) -> None:
        """See `Emulator.before`."""
        if call.operation not in ("TransactWriteItems", "UpdateItem"):
            return
        request = json.loads(call.body)
        if request.get("ConditionExpression") == LEASE:
            return
        self.emulator.before = None
        for key in list(keys_of(request)):
            if key in self._steps:
                whose, when = self._steps[key]
                self.carries(call.operation, request, key, whose, when)
        self.emulator.before = self.before

    @abstractmethod
    def carries(self, operation: str, request: Raw, key: Key, whose: Named, when: Mapping[str, Condition]) -> None:
        """Told of every item of every write, and of its conditions."""

    def insist_refused(self, operation: str, request: Raw, key: Key, candidate: Raw | None) -> None:
        """With the candidate in its item's place the write is refused, and changes nothing."""
        raw = stored(key)
        self._put(key, candidate)
        before = self.emulator.items()
        try:
            with pytest.raises(ClientError, match="ConditionalCheckFailed|The conditional request failed"):
                getattr(client("dynamodb"), SENDS[operation])(**{**request, **FRESH.get(operation, {})})
            assert self.emulator.items() == before
        finally:
            self._put(key, raw)

    def _put(self, key: Key, raw: Raw | None) -> None:
        if raw is None:
            self.emulator.forget(key)
        else:
            self.emulator.write(raw)


class Finder(Breaker):
    """Breaks each condition that it has not broken yet, and notes how."""

    def __init__(self, emulator: Emulator) -> None:
        super().__init__(emulator)
        self.scene = self.act = ""
        self.found: dict[str, Raw] = {}
        """How each was broken: in which scene and act, beside which others, what of the item (None: all)."""

    def carries(self, operation: str, request: Raw, key: Key, whose: Named, when: Mapping[str, Condition]) -> None:
        raw = stored(key)
        for name in when:
            named = str(whose.naming(name))
            if named in self.found or not all(holds(condition, raw or {}) for condition in when.values()):
                continue
            others = [c for n, c in when.items() if n != name]
            for candidate in without(when[name], raw, key):
                if not holds(when[name], candidate or {}) and all(holds(c, candidate or {}) for c in others):
                    self.insist_refused(operation, request, key, candidate)
                    how = {"beside": sorted({*when} - {name}), "changed": difference(raw or keys(key), candidate)}
                    self.found[named] = {"scene": self.scene, "act": self.act, **how}
                    break


@cache
def carried() -> frozenset[Site]:
    """Where the code carries a condition."""
    return frozenset(mutant.site for mutant in conditions() if mutant.site)


class Repeater(Breaker):
    """Breaks one condition as it was broken before, whether or not the code still carries it.

    Where it does, somewhere, writes of that function that go without are passed over.
    """

    def __init__(self, emulator: Emulator, named: Named, beside: list[str], changed: Raw | None) -> None:
        super().__init__(emulator)
        self._named = named
        self._beside = set(beside)
        self._changed = changed
        self.tried = False

    def carries(self, operation: str, request: Raw, key: Key, whose: Named, when: Mapping[str, Condition]) -> None:
        raw = stored(key)
        if self._named.name not in when and self._named.site in carried():
            return
        same = whose.naming(self._named.name) == self._named and {*when} - {self._named.name} == self._beside
        if self.tried or not same or not all(holds(condition, raw or {}) for condition in when.values()):
            return
        candidate = None if self._changed is None else {**(raw or keys(key)), **self._changed}
        self.tried = True
        left = None if candidate is None else {n: v for n, v in candidate.items() if v is not None}
        self.insist_refused(operation, request, key, left)


def difference(raw: Raw, candidate: Raw | None) -> Raw | None:
    """What makes ``raw`` the candidate: attributes, None for those that go; None where the whole item goes."""
    if candidate is None:
        return None
    return {n: candidate.get(n) for n in {**raw, **candidate} if raw.get(n) != candidate.get(n)}


def keys_of(request: Raw) -> Iterator[Key]:
    """What a write is about."""
    for action in request.get("TransactItems", [{"Update": request}]):
        (body,) = action.values()
        raw = body.get("Key") or body["Item"]
        yield Key(raw["pk"]["S"], raw["sk"]["S"])


def keys(key: Key) -> Raw:
    """An item with nothing but its key."""
    return {"pk": {"S": key.pk}, "sk": {"S": key.sk}}


def stored(key: Key) -> Raw | None:
    """The item as it is."""
    answer = client("dynamodb").get_item(TableName="ripple-test", Key=keys(key), ConsistentRead=True)
    item: Raw | None = answer.get("Item")
    return item


def without(condition: Condition, raw: Raw | None, key: Key) -> Iterator[Raw | None]:
    """Items like ``raw`` for which the condition may not hold any more; None for no item."""
    base = raw or keys(key)
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
