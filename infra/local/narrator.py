"""What the walk is told with: requests and answers as they happen, and waiting for what happens by itself."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from typing import Any

from infra.local.client import Api, HttpSend, Person, Reply

SHOWN = 400
"""Letters of an answer that are shown."""


class Narrator:
    """Prints each request and its answer as it happens."""

    def __init__(self, send: HttpSend) -> None:
        self.send = send

    def __call__(self, method: str, path: str, headers: Mapping[str, str], body: bytes | None) -> Reply:
        """One request, shown."""
        reply = self.send(method, path, headers, body)
        print(f"  {method} {path}" + (f"  {_told(json.loads(body))}" if body and body != b"{}" else ""))
        text = _told(reply.body)
        print(f"  → {reply.status} {text[:SHOWN]}{'…' if len(text) > SHOWN else ''}")
        return reply


def quiet(api: Api) -> Api:
    """The same caller, whose requests are not shown."""
    return Api(api.send.send if isinstance(api.send, Narrator) else api.send, api.token)


def until(there: Callable[[], Any], what: str) -> None:
    """Wait for what happens by itself. Raises AssertionError, which names it, after twenty seconds."""
    for _ in range(200):
        if there():
            return
        time.sleep(0.1)
    raise AssertionError(f"{what} did not come")


def until_paid(person: Person, order_id: str) -> None:
    """Wait until WeChat's notification of a payment has arrived."""
    asking = quiet(person.api)
    until(lambda: asking.get(f"/v1/orders/{order_id}")["state"] != "held", "the payment's notification")
    print("  (WeChat Pay's notification has arrived)")


def _told(value: Any) -> str:
    return json.dumps(_shortened(value), ensure_ascii=False)


def _shortened(value: Any) -> Any:
    """Long opaque texts (tokens, signatures) cut, so that the rest can be read."""
    if isinstance(value, dict):
        return {key: _shortened(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_shortened(each) for each in value]
    if isinstance(value, str) and len(value) > 60:
        return value[:20] + "…"
    return value
