"""Whatever is sent, the answer is one that the client can understand, and never a 5xx."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.edge.gateway_event import Reply
from tests.edge.sample import KEYED, LOGGED_IN, ask

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
NAMES = st.sampled_from(["lines", "pay_fen", "note", "labels", "code", "sku", "units"])
NEAR = st.dictionaries(NAMES, JSON | st.lists(st.dictionaries(NAMES, JSON, max_size=3), max_size=3), max_size=5)
FRAGMENTS = st.lists(
    st.sampled_from(
        [
            *'{}[]",:',
            "\\",
            "\\u0000",
            "\\ud800",
            "\\n",
            '"a"',
            '"lines"',
            "NaN",
            "1e999",
            "-0",
            "null",
            "\x00",
            " ",
            "团",
        ]
    ),
    max_size=60,
).map("".join)


def send(body: bytes) -> Reply:
    headers = {**KEYED, "Content-Type": "application/json"}
    return ask("POST", "/v1/groups/G1/orders", headers=headers, body=body, base64=True)


def insist_clear(reply: Reply, *statuses: int) -> None:
    assert reply.status in statuses, reply.text
    if reply.status >= 400:
        assert reply.headers["Content-Type"] == "application/problem+json"
        assert reply.json["status"] == reply.status
        assert reply.json["detail"]


@given(st.binary(max_size=200))
def test_any_bytes_are_answered_clearly(body: bytes) -> None:
    insist_clear(send(body), 400, 422)


@given(FRAGMENTS)
def test_anything_that_looks_like_json_is_answered_clearly(body: str) -> None:
    insist_clear(send(body.encode()), 400, 422)


@given(JSON | NEAR)
def test_any_json_is_answered_clearly(body: Any) -> None:
    reply = send(json.dumps(body).encode())
    insist_clear(reply, 201, 400, 422)
    if reply.status == 422:
        assert reply.json["errors"][0]["pointer"] == "" or reply.json["errors"][0]["pointer"].startswith("/")


@given(st.dictionaries(st.text(max_size=12), st.lists(st.text(max_size=12), max_size=2), max_size=3))
def test_any_query_is_answered_clearly(query: dict[str, list[str]]) -> None:
    insist_clear(
        ask("GET", "/v1/groups", headers=LOGGED_IN, query={k: v or [""] for k, v in query.items()}), 200, 400, 422
    )


@given(st.text(max_size=150))
def test_any_path_is_answered_clearly(path: str) -> None:
    insist_clear(ask("GET", f"/v1/words/{path}"), 200, 404)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.sampled_from(["Authorization", "Idempotency-Key", "X-Request-Id", "Accept-Language", "Content-Type"]),
        st.text(max_size=80),
    )
)
def test_any_headers_are_answered_clearly(headers: dict[str, str]) -> None:
    reply = ask("POST", "/v1/groups/G1/orders", headers=headers, body={})
    insist_clear(reply, 400, 401, 415, 422)
    assert reply.headers["X-Request-Id"].isascii()


@pytest.mark.parametrize(
    "body", ['{"lines": "' + "团" * 30_000, '"' * 60_000, "[" * 60_000, "{" * 60_000, '[{"a":[' * 9_000]
)
def test_large_hostile_bodies_are_answered_clearly(body: str) -> None:
    insist_clear(send(body.encode()), 400, 413, 422)
