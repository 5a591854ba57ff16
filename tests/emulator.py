"""The embedded AWS in this process, behind botocore: real DynamoDB, S3, SQS and Secrets Manager at 1–2 ms a call.

Every call of the code under test passes `Emulator.gate`, where a test may count calls and put faults around one.
"""

from __future__ import annotations

import gc
import io
import json
import pickle
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from types import ModuleType, SimpleNamespace
from typing import Any, NamedTuple, TypeVar
from urllib.parse import parse_qs, urlsplit

from botocore import UNSIGNED
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders
from ministack.services import dynamodb, s3, secretsmanager, sqs

from chalicelib.core import aws, chance, clock, files
from chalicelib.core.config import config
from chalicelib.core.table import Item, Key
from chalicelib.core.transaction import update_one
from tests.pictures import remembered

SERVICES: dict[str, ModuleType] = {"dynamodb": dynamodb, "s3": s3, "sqs": sqs, "secrets-manager": secretsmanager}


FURNISHED = (
    *(dynamodb._tables, s3._buckets, secretsmanager._secrets),
    *(sqs._queues, sqs._queue_name_to_url),
)
"""Where the services keep what a fresh one has already."""


def draws(event: dict[str, Any]) -> dict[str, Any]:
    """The function that draws, imported when it is first asked: a test of cold starts sees what the API imports."""
    from chalicelib.pictures import drawing

    return drawing.drawn(event)


REMEMBERS = ("chalicelib.notices.setup", "chalicelib.notices.card_making")
"""What keeps something of a merchant in the process, if it was imported."""

FUNCTIONS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {"ripple-test-pictures": draws}
"""The stack's functions that others ask, by name."""

INDEXES = ("gsi1", "gsi2", "gsi3")

MASTER = "7" * 64
"""What the stack's master key is here, always: the same codes in every run."""


class Raw(io.BytesIO):
    """A body as urllib3 hands it to botocore."""

    def stream(self, *_: Any, **__: Any) -> Iterator[bytes]:
        yield self.getvalue()


class Asked(NamedTuple):
    """A request as far as the services look at it."""

    method: str
    url: str
    headers: dict[str, str]


@dataclass
class Call:
    """One call that the code under test made."""

    service: str
    operation: str
    body: bytes
    request: Asked | None = field(default=None, repr=False)
    answer: AWSResponse | None = field(default=None, repr=False)
    """What it was answered, once it took effect."""


T = TypeVar("T")
Fault = Callable[[Call], "Exception | AWSResponse | None"]


@dataclass(eq=False)
class Emulator:
    """What the process's clients talk to, and what was said."""

    calls: list[Call] = field(default_factory=list)
    before: Fault | None = None
    """Asked before a call; an exception it returns is raised instead of the call, an answer it returns is given."""
    after: Fault | None = None
    """Asked after a call took effect; what it returns is raised or given instead of the answer."""
    turn: Callable[[Call], None] | None = None
    """Told of a call before anything else; it may keep the caller waiting while others go on."""
    written: Callable[[bytes], None] | None = None
    """Told of what a transaction has written, before anybody else can write."""
    signs: bool = False
    """Whether requests go botocore's whole way and are signed: nobody in this process looks at a signature, but it is a
    part of a call's CPU."""
    emptied: int = 0
    """How often it was made fresh."""
    _empty: bytes | None = None
    """What services that are fresh hold, written once."""
    _lock: threading.RLock = field(default_factory=threading.RLock)
    _here: threading.local = field(default_factory=threading.local)

    def signer(self, signature_version: Any, **_: Any) -> Any:
        """botocore's choose-signer hook: None leaves the choice to botocore, as of a link, which somebody looks at."""
        return None if self.signs or str(signature_version).endswith("-query") else UNSIGNED

    def shortcut(self, params: dict[str, Any], event_name: str, model: Any, **details: Any) -> Any:
        """botocore's before-call hook: a call to DynamoDB that succeeds is answered before it is made an HTTP request.

        Whatever else becomes of a call goes botocore's whole way, which knows what to repeat and what to raise.
        """
        if self.signs:
            return None
        asked = Asked(params["method"], params["url"], params["headers"])
        said = self._said(asked, Call("dynamodb", model.name, params["body"], asked))
        if isinstance(said, Exception) or said.status_code != 200:
            self._here.said = said
            return None
        parser = aws.client("dynamodb")._endpoint._response_parser_factory.create_parser("json")
        plain = {"status_code": 200, "headers": said.headers, "body": said.content}
        return said, parser.parse(plain, model.output_shape)

    def gate(self, request: AWSPreparedRequest, event_name: str, **details: Any) -> AWSResponse:
        """botocore's before-send hook."""
        _, service, operation = event_name.split(".")
        body: Any = request.body or b""
        if isinstance(body, io.IOBase):
            body = body.read()
        headers = {k: v.decode() if isinstance(v, bytes) else v for k, v in request.headers.items()}
        asked = Asked(str(request.method), str(request.url), headers)
        call = Call(service, operation, body.encode() if isinstance(body, str) else bytes(body), asked)
        said: AWSResponse | Exception = self._here.__dict__.pop("said", None) or self._said(asked, call)
        if isinstance(said, Exception):
            raise said
        return said

    def _said(self, asked: Asked, call: Call) -> AWSResponse | Exception:
        if self.turn and not self._here.__dict__.get("running"):
            # What a function calls is a part of the call that runs it, which has had its turn.
            self.turn(call)
        with self._lock:
            self.calls.append(call)
            if self.before and (fault := self.before(call)):
                return fault
            answer = call.answer = self._serve(asked, call)
            if self.written and call.operation == "TransactWriteItems" and answer.status_code == 200:
                self.written(call.body)
            if self.after and (fault := self.after(call)):
                return fault
        return answer

    def _serve(self, request: Asked, call: Call) -> AWSResponse:
        headers = {name.lower(): value for name, value in request.headers.items()}
        split = urlsplit(request.url)
        query, path, more = parse_qs(split.query, keep_blank_values=True), split.path or "/", {}
        if call.service == "s3":
            # The bucket is in the host's name, which the signature of a link covers.
            headers["host"], bucket = split.netloc, split.netloc.split(".", 1)[0]
            path, more = f"/{bucket}{split.path}", {"signed_path": path}
        if call.service == "lambda":
            return self._run(request, call)
        served = SERVICES[call.service].handle_request(request.method, path, headers, call.body, query, **more)
        try:
            served.send(None)
        except StopIteration as done:
            status, told, answer = done.value
        else:
            raise RuntimeError("the emulator suspended")
        content = answer.encode() if isinstance(answer, str) else answer
        said = HTTPHeaders()
        if call.service == "s3":
            for name, value in told.items():
                said[name] = value
        return AWSResponse(request.url, status, said, Raw(content))

    def _run(self, request: Asked, call: Call) -> AWSResponse:
        """A function of the stack, run here; one that fails is answered as Lambda answers it."""
        name = urlsplit(request.url).path.split("/")[3]
        said = HTTPHeaders()
        self._here.running = True
        try:
            told = json.dumps(
                remembered.done(FUNCTIONS[name], call.body, s3._buckets[config().picture_bucket]["objects"])
            )
        except Exception as failed:
            told = json.dumps({"errorType": type(failed).__name__, "errorMessage": str(failed)})
            said["X-Amz-Function-Error"] = "Unhandled"
        finally:
            self._here.running = False
        return AWSResponse(request.url, 200, said, Raw(told.encode()))

    def opened(self, link: str) -> AWSResponse:
        """What whoever opens a link to a file gets."""
        asked = Asked("GET", link, {})
        return self._serve(asked, Call("s3", "GetObject", b"", asked))

    def files(self) -> dict[str, bytes]:
        """Every file in the bucket of exports by its key."""
        return self._files(config().export_bucket)

    def pictures(self) -> dict[str, bytes]:
        """Every picture by its key."""
        return self._files(config().picture_bucket)

    def _files(self, bucket: str) -> dict[str, bytes]:
        objects = s3._buckets[bucket]["objects"]
        return {key: found["body"] for key, found in objects.items()}

    def uploads(self) -> dict[str, list[bytes]]:
        """The parts of every upload that was neither finished nor aborted, in their order."""
        uploads = s3._multipart_uploads.items()
        return {ident: [found["parts"][n]["body"] for n in sorted(found["parts"])] for ident, found in uploads}

    def as_of(self, tables: dict[Any, Any], call: Call) -> dict[str, Any]:
        """What a read would have been answered when the tables were so."""
        assert call.request is not None
        now, dynamodb._tables._data = dynamodb._tables._data, tables
        try:
            answer: dict[str, Any] = json.loads(self._serve(call.request, call).content)
        finally:
            dynamodb._tables._data = now
        return answer

    @contextmanager
    def counting(self) -> Iterator[list[Call]]:
        """The calls made inside the block."""
        start, inside = len(self.calls), list[Call]()
        yield inside
        inside.extend(self.calls[start:])

    def meanwhile(self, act: Callable[[], Any], operation: str = "TransactWriteItems") -> None:
        """Let ``act`` happen just before the next call of that kind: between the read of a use case and its write."""

        def before(call: Call) -> None:
            if call.operation == operation:
                self.before = None
                act()

        self.before = before

    def fresh(self) -> None:
        """Empty services, a new table, queue, bucket and master key, no faults."""
        self.emptied += 1
        for service in SERVICES.values():
            service.reset()
        self.before = self.after = self.turn = self.written = None
        if self._empty is None:
            self._furnish()
            self._empty = pickle.dumps([store._data for store in FURNISHED])
        for store, found in zip(FURNISHED, pickle.loads(self._empty), strict=True):
            store._data = found
        self.calls.clear()
        for name in REMEMBERS:
            if (room := sys.modules.get(name)) is not None:
                room.forget()

    def _furnish(self) -> None:
        name = "ripple-test"
        aws.client("dynamodb").create_table(
            TableName=name,
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
            AttributeDefinitions=[
                {"AttributeName": a, "AttributeType": "S"}
                for a in ("pk", "sk", *(f"{i}{part}" for i in INDEXES for part in ("pk", "sk")))
            ],
            GlobalSecondaryIndexes=[
                {
                    "IndexName": i,
                    "KeySchema": [
                        {"AttributeName": f"{i}pk", "KeyType": "HASH"},
                        {"AttributeName": f"{i}sk", "KeyType": "RANGE"},
                    ],
                    "Projection": {"ProjectionType": "KEYS_ONLY"},
                }
                for i in INDEXES
            ],
        )
        aws.client("sqs").create_queue(QueueName="due.fifo", Attributes={"FifoQueue": "true"})
        for bucket in (config().export_bucket, config().picture_bucket, config().type_bucket):
            files.s3().create_bucket(Bucket=bucket)
        aws.client("secretsmanager").create_secret(Name="ripple-test/master", SecretString=MASTER)

    def forget(self, key: Key) -> None:
        """Lose an item, as no code of ours does."""
        raw = {"pk": {"S": key.pk}, "sk": {"S": key.sk}}
        aws.client("dynamodb").delete_item(TableName="ripple-test", Key=raw)

    def restore(self, item: Item) -> None:
        """Put an item back as it was."""
        aws.client("dynamodb").put_item(TableName="ripple-test", Item=item.serialize())

    def write(self, raw: dict[str, Any]) -> None:
        """Put a raw item."""
        aws.client("dynamodb").put_item(TableName="ripple-test", Item=raw)

    def make_due(self, key: Key, instant: datetime) -> None:
        """Let an item be due at ``instant``."""
        update_one(key, [], when={}, due=instant)

    def shards_due(self) -> list[int]:
        """Where a sweeper would find something now, as the table shows it: past the calls that are counted."""
        until = f"{clock.iso(clock.now())}~"
        found = {raw["gsi2pk"]["S"] for raw in self.waiting() if raw["gsi2sk"]["S"] <= until}
        return sorted(int(name.removeprefix("DUE#")) for name in found if name.startswith("DUE#"))

    def waiting(self) -> list[dict[str, Any]]:
        """Everything that has a due entry, raw and not copied: to be looked at."""
        partitions = dynamodb._tables["ripple-test"]["items"].values()
        return [raw for partition in partitions for raw in partition.values() if "gsi2sk" in raw]

    def pour(self, items: Iterable[Item]) -> None:
        """Put very many items straight into the table and its indexes: no call is made, and no stream tells of them."""
        table = dynamodb._tables["ripple-test"]
        gc.disable()
        try:
            for item in items:
                dynamodb._set_item(table, item.pk, item.sk, item.serialize())
        finally:
            gc.freeze()
            gc.enable()

    def seen(self) -> list[dict[str, Any]]:
        """Everything in the table, raw and not copied: to be looked at."""
        partitions = dynamodb._tables["ripple-test"]["items"]
        return [partitions[pk][sk] for pk in sorted(partitions) for sk in sorted(partitions[pk])]

    def items(self) -> list[dict[str, Any]]:
        """A copy of everything in the table, raw: past botocore and past the calls that are counted."""
        return copied(self.seen())


EMULATOR = Emulator()
"""The one of this process: the clients are made once."""


def copied(value: T) -> T:
    """A deep copy, twenty times as fast as the copy module's."""
    made: T = pickle.loads(pickle.dumps(value, pickle.HIGHEST_PROTOCOL))
    return made


def install() -> Emulator:
    """Put the emulator behind this process's clients; call before the first client is made."""
    dynamodb.copy = SimpleNamespace(deepcopy=copied)
    for pure in ("_condition_syntax_error", "_number_size_bytes"):
        setattr(dynamodb, pure, lru_cache(maxsize=10_000)(getattr(dynamodb, pure)))
    tokens = lru_cache(maxsize=10_000)(dynamodb._tokenize)
    dynamodb._tokenize = lambda expression: list(tokens(expression))
    s3.new_uuid = lambda: chance.token_hex(16)
    aws._session().register("choose-signer", EMULATOR.signer)
    aws._session().register("before-call.dynamodb", EMULATOR.shortcut)
    aws._session().register("before-send", EMULATOR.gate)
    return EMULATOR
