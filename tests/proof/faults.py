"""What can go wrong at one call, and a gate that lets it go wrong there."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ConnectTimeoutError, ReadTimeoutError
from ministack.services import dynamodb

from chalicelib.wechat.http import Response, Unknown
from tests.emulator import Call, Raw, copied
from tests.proof.schedule import Scheduler
from tests.proof.trace import Trace, described
from tests.town import Death, Town

ENDPOINT = "the call's endpoint"


class Fault(StrEnum):
    """One thing that goes wrong at one call."""

    DIES_BEFORE = "dies before"
    DIES_AFTER = "dies after"
    UNREACHABLE = "cannot reach it"
    LOST_ANSWER = "loses the answer"
    THROTTLED = "is throttled"
    CONFLICT = "conflicts with another transaction"


WRITES = ("PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems", "TransactGetItems")


def possible(call: str) -> list[Fault]:
    """What can go wrong at a call: WeChat throttles nobody, and a plain read conflicts with nothing."""
    none = {Fault.THROTTLED, Fault.CONFLICT} if call == WECHAT else set[Fault]()
    return [f for f in Fault if f not in none and (f is not Fault.CONFLICT or call in WRITES)]


WECHAT = "WeChat"


@dataclass(frozen=True)
class Planned:
    """A fault at the ``call``-th call (from 1) of all that the actors make; written as it is made."""

    call: int
    fault: Fault

    def __repr__(self) -> str:
        return f"Planned({self.call}, Fault.{self.fault.name})"


class Gate:
    """Stands before storage and WeChat: every call is a turn, is written down, and may go wrong as planned."""

    def __init__(self, town: Town, scheduler: Scheduler, trace: Trace) -> None:
        self._town = town
        self._scheduler = scheduler
        self._trace = trace
        self.planned: Planned | None = None
        self.seen = 0
        self.operations: list[str] = []
        """What was called, in order."""
        self._now: Fault | None = None
        self.unsteady: random.Random | None = None
        """Where set, reads are now and then as weak as DynamoDB permits: an index that lags, half of a transaction."""
        self._before_all: dict[Any, Any] = {}
        self._commit: tuple[str, dict[Any, Any]] | None = None
        """Who committed last, and the tables before that; None when something else was called since."""

    def __enter__(self) -> Gate:
        emulator = self._town.emulator
        emulator.turn, emulator.before, emulator.after = self._turn, self._before, self._after
        self._town.transport.gate = self._platform
        self.seen, self.operations = 0, []
        self._commit, self._before_all = None, tables() if self.unsteady else {}
        return self

    def __exit__(self, *_: object) -> None:
        emulator = self._town.emulator
        emulator.turn = emulator.before = emulator.after = None
        self._town.transport.gate = None

    def _fault(self, operation: str) -> Fault | None:
        self.seen += 1
        self.operations.append(operation)
        return self.planned.fault if self.planned and self.planned.call == self.seen else None

    def _turn(self, call: Call) -> None:
        if _ours(call):
            self._scheduler.turn()

    def _before(self, call: Call) -> Exception | AWSResponse | None:
        if not _ours(call):
            return None
        fault = self._fault(call.operation)
        self._trace.note(described(call) + (f"   !! {fault}" if fault else ""))
        self._now = fault
        if self.unsteady and call.operation == "TransactWriteItems":
            self._commit = (self._trace.actor, tables())
        if fault is Fault.DIES_BEFORE:
            raise Death
        if fault is Fault.UNREACHABLE:
            return ConnectTimeoutError(endpoint_url=ENDPOINT)
        if fault is Fault.THROTTLED:
            return slow_down() if call.service == "s3" else refused("ThrottlingException")
        if fault is Fault.CONFLICT:
            return conflicted(call)
        return None

    def _after(self, call: Call) -> Exception | AWSResponse | None:
        if not _ours(call):
            return None
        if self._now is Fault.DIES_AFTER:
            raise Death
        if self._now is Fault.LOST_ANSWER:
            self._now = None
            return ReadTimeoutError(endpoint_url=ENDPOINT)
        weak = self.unsteady and call.service == "dynamodb" and call.answer and call.answer.status_code == 200
        return self._weakly(call) if weak else None

    def _weakly(self, call: Call) -> AWSResponse | None:
        """The answer to a read as another moment would have given it, when chance wants it and DynamoDB permits it."""
        assert self.unsteady is not None
        assert call.answer is not None
        commit, body = self._commit, json.loads(call.body)
        if call.operation != "TransactWriteItems":
            self._commit = None
        if call.operation == "Query" and "IndexName" in body and self.unsteady.random() < 0.3:
            self._trace.note("   ?? the index lags")
            return answered(self._town.emulator.as_of(self._before_all, call))
        if call.operation == "BatchGetItem" and commit and commit[0] != self._trace.actor:
            self._trace.note(f"   ?? half of what {commit[0]} commits")
            old, new = self._town.emulator.as_of(commit[1], call), json.loads(call.answer.content)
            for table, shown in new["Responses"].items():
                was = {(raw["pk"]["S"], raw["sk"]["S"]): raw for raw in old["Responses"][table]}
                now = {(raw["pk"]["S"], raw["sk"]["S"]): raw for raw in shown}
                seen = [(was, now)[self.unsteady.random() < 0.5].get(key) for key in sorted({**was, **now})]
                new["Responses"][table] = [raw for raw in seen if raw]
            return answered(new)
        return None

    def _platform(self, asked: str, send: Callable[[], Response]) -> Response:
        self._scheduler.turn()
        fault = self._fault(WECHAT)
        self._trace.note(asked + (f"   !! {fault}" if fault else ""))
        if fault is Fault.DIES_BEFORE:
            raise Death
        if fault is Fault.UNREACHABLE:
            raise Unknown("connection")
        answer = send()
        if fault is Fault.DIES_AFTER:
            raise Death
        if fault is Fault.LOST_ANSWER:
            raise Unknown("timeout")
        return answer


def _ours(call: Call) -> bool:
    """Whether the code under test could have made it; only the harness scans."""
    return call.service in ("dynamodb", "s3", "lambda") and call.operation != "Scan"


def refused(code: str, **more: object) -> AWSResponse:
    """DynamoDB's refusal with ``code``."""
    return answered({"__type": f"com.amazonaws.dynamodb.v20120810#{code}", "message": code, **more}, 400)


def slow_down() -> AWSResponse:
    """S3's refusal of too many requests."""
    body = b"<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>"
    return AWSResponse(ENDPOINT, 503, HTTPHeaders(), Raw(body))


def answered(body: dict[str, Any], status: int = 200) -> AWSResponse:
    """DynamoDB's answer with ``body``."""
    headers = HTTPHeaders()
    headers["Content-Type"] = "application/x-amz-json-1.0"
    return AWSResponse(ENDPOINT, status, headers, Raw(json.dumps(body).encode()))


def tables() -> dict[Any, Any]:
    """A copy of everything that is stored."""
    kept: dict[Any, Any] = copied(dynamodb._tables._data)
    return kept


def conflicted(call: Call) -> AWSResponse:
    """The refusal of a write that ran into a transaction."""
    if call.operation not in ("TransactWriteItems", "TransactGetItems"):
        return refused("TransactionConflictException")
    items = json.loads(call.body)["TransactItems"]
    reasons = [{"Code": "TransactionConflict" if n == 0 else "None"} for n in range(len(items))]
    return refused("TransactionCanceledException", CancellationReasons=reasons)
