"""CPU of a full join (hold and paid notification) beside the same storage calls made with a bare boto3 client.

Both sides get the same recorded answers instead of a network; WeChat's side is answered from memory too. Ours includes
everything the functions do: dispatch, authentication, decisions, RSA and AES, serialising, logs.
"""

from __future__ import annotations

import contextlib
import io
import itertools
import json
from collections.abc import Iterator
from typing import Any

import boto3
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders

from chalicelib.core import chance, clock
from chalicelib.wechat.http import Response, use_transport
from tests.bench.capacity import warm_caches
from tests.bench.figures import Figure, cpu_seconds, paired_ratio
from tests.conftest import EMULATOR, START
from tests.emulator import Asked, Call, Raw
from tests.town import Town, send

ROUNDS = 60
OPERATIONS = {"BatchGetItem": "batch_get_item", "TransactWriteItems": "transact_write_items"}

Recorded = list[tuple[Call, bytes]]


class Recording:
    """What one join said to storage and to WeChat, and what they answered."""

    def __init__(self) -> None:
        self.storage: Recorded = []
        self.wechat: list[Response] = []
        self.requests: list[tuple[str, str, dict[str, str], bytes]] = []


def figures() -> list[Figure]:
    """cpu.join_ratio."""
    EMULATOR.fresh()
    EMULATOR.signs = True
    with clock.fixed(START), chance.seeded(7), warm_caches(), contextlib.redirect_stdout(io.StringIO()):
        recording = _record()
        ratio = paired_ratio(lambda: cpu_seconds(_ours(recording), ROUNDS), lambda: _bare(recording), 9)
    EMULATOR.signs = False
    note = "the same four storage calls with a bare boto3 client"
    return [Figure("cpu.join_ratio", round(ratio, 2), "ratio", 1.5, note)]


def _record() -> Recording:
    town = Town(EMULATOR)
    recording = Recording()
    try:
        _, opened = town.opened(town.campaign())
        town.joined(opened["group_id"])
        member = town.person()
        serve = EMULATOR._serve
        told = town.sim.deliver

        def recording_serve(request: Asked, call: Call) -> AWSResponse:
            answer = serve(request, call)
            recording.storage.append((call, answer.content))
            return answer

        def heard(url: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes] | None:
            path = "/" + url.split("/", 3)[3]
            recording.requests.append(("POST", path, headers, body))
            return told(url, headers, body)

        EMULATOR._serve = recording_serve  # type: ignore[method-assign]
        seat = _said(recording, member, opened["group_id"])
        member.pay(seat).expect(200)
        town.sim.deliver = heard
        town.hear()
        EMULATOR._serve = serve  # type: ignore[method-assign]
    finally:
        town.close()
    assert [call.operation for call, _ in recording.storage] == [*OPERATIONS, *OPERATIONS]
    return recording


def _said(recording: Recording, member: Any, group_id: str) -> dict[str, Any]:
    """Join, keeping the request and WeChat's answer."""
    from chalicelib.wechat import http

    inner = http.transport()

    class Keeping:
        def send(self, method: str, url: str, headers: dict[str, str], body: bytes | None, timeout: float) -> Response:
            answer = inner.send(method, url, headers, body, timeout)
            recording.wechat.append(answer)
            return answer

    headers = {
        "Authorization": f"Bearer {member.api.token}",
        "Content-Type": "application/json",
        "Idempotency-Key": "one-tap-of-a-bench",
    }
    request = ("POST", f"/v1/groups/{group_id}/seats", headers, b"{}")
    recording.requests.append(request)
    with use_transport(Keeping()):
        seat: dict[str, Any] = send(*request).expect(201)
    return seat


def _ours(recording: Recording) -> Any:
    """One full join of ours with every answer from the recording."""

    class Answering:
        def send(self, method: str, url: str, headers: dict[str, str], body: bytes | None, timeout: float) -> Response:
            return recording.wechat[0]

    def join() -> None:
        answers = itertools.cycle(recording.storage)
        serve = EMULATOR._serve
        EMULATOR._serve = lambda request, call: _answer(request, next(answers)[1])  # type: ignore[method-assign]
        try:
            with use_transport(Answering()):
                for request in recording.requests:
                    assert send(*request).status in (201, 204)
        finally:
            EMULATOR._serve = serve  # type: ignore[method-assign]

    return join


def _bare(recording: Recording) -> float:
    """CPU seconds of the same calls with a bare client at its defaults."""
    client = boto3.client("dynamodb")
    answers: Iterator[tuple[Call, bytes]] = itertools.cycle(recording.storage)

    def stubbed(request: AWSPreparedRequest, **details: object) -> Any:
        return _answer(request, next(answers)[1])

    client.meta.events.register("before-send.dynamodb", stubbed)
    asked = [(getattr(client, OPERATIONS[call.operation]), json.loads(call.body)) for call, _ in recording.storage]

    def join() -> None:
        for ask, arguments in asked:
            ask(**arguments)

    join()
    return cpu_seconds(join, ROUNDS)


def _answer(request: Asked | AWSPreparedRequest, body: bytes) -> AWSResponse:
    return AWSResponse(str(request.url), 200, HTTPHeaders(), Raw(body))
