"""A small client of the public API and of the WeChat simulator, for the walk, the seed and the end-to-end tests."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import urllib3

from chalicelib.core import chance


@dataclass(frozen=True)
class Reply:
    """An HTTP answer; ``body`` is the decoded JSON, the text of anything else, or None where there is none."""

    status: int
    headers: Mapping[str, str]
    body: Any

    def expect(self, *statuses: int) -> Any:
        """The body of an answer that has one of ``statuses``; AssertionError with the answer otherwise."""
        if self.status not in statuses:
            raise AssertionError(f"expected {statuses}, got {self.status}: {self.body}")
        return self.body


class Send(Protocol):
    """What carries a request to Ripple."""

    def __call__(self, method: str, path: str, headers: Mapping[str, str], body: bytes | None) -> Reply: ...


def body_of(headers: Mapping[str, str], raw: bytes | str) -> Any:
    """What an answer says: the text of a text, decoded JSON otherwise; None where there is nothing."""
    if headers.get("content-type", "").startswith("text/"):
        return raw.decode() if isinstance(raw, bytes) else raw
    return json.loads(raw) if raw else None


class HttpSend:
    """Requests over HTTP to a base URL."""

    def __init__(self, base: str, connections: int = 64) -> None:
        self.base = base
        self.pool = urllib3.PoolManager(maxsize=connections, retries=False, timeout=urllib3.Timeout(120))

    def __call__(self, method: str, path: str, headers: Mapping[str, str], body: bytes | None) -> Reply:
        """One request."""
        answer = self.pool.request(method, self.base + path, headers=dict(headers), body=body)
        lower = {name.lower(): value for name, value in answer.headers.items()}
        return Reply(answer.status, lower, body_of(lower, answer.data))


@dataclass(frozen=True)
class Api:
    """Ripple's API as one caller sees it."""

    send: Send
    token: str | None = None

    def call(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        key: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """One request; ``key`` is the Idempotency-Key, and a POST always has one."""
        sent = {"Accept": "application/json", **(headers or {})}
        if self.token:
            sent.setdefault("Authorization", f"Bearer {self.token}")
        if method == "POST":
            sent.setdefault("Idempotency-Key", key or chance.token_hex(16))
        raw = None
        if body is not None:
            raw = json.dumps(body, ensure_ascii=False).encode()
            sent.setdefault("Content-Type", "application/json")
        return self.send(method, path, sent, raw)

    def get(self, path: str) -> Any:
        """The body of a GET that succeeds."""
        return self.call("GET", path).expect(200)

    def post(self, path: str, body: object = None, *, key: str | None = None) -> Any:
        """The body of a POST that succeeds."""
        return self.call("POST", path, {} if body is None else body, key=key).expect(200, 201, 202, 204)


@dataclass
class Person:
    """A WeChat user with the mini-program of one merchant open."""

    api: Api
    wechat: Send
    appid: str
    name: str
    uid: str = ""
    refresh_token: str = field(default="", repr=False)

    @classmethod
    def login(cls, send: Send, wechat: Send, appid: str, name: str) -> Person:
        """`wx.login` at the simulator, then Ripple's login."""
        person = cls(Api(send), wechat, appid, name)
        person.come_back()
        return person

    def come_back(self) -> None:
        """Log in again, as the same user."""
        anybody = Api(self.api.send)
        answer = anybody.post("/v1/login", {"appid": self.appid, "code": f"test:{self.name}"})
        self.api = Api(self.api.send, answer["access_token"])
        self.uid, self.refresh_token = answer["user"]["user_id"], answer["refresh_token"]

    def open(self, campaign_id: str, sku_id: str | None = None, *, key: str | None = None) -> Reply:
        """Open a group."""
        body = {"sku_id": sku_id} if sku_id else {}
        return self.api.call("POST", f"/v1/campaigns/{campaign_id}/groups", body, key=key)

    def join(self, group_id: str, sku_id: str | None = None, *, key: str | None = None) -> Reply:
        """Take a seat."""
        body = {"sku_id": sku_id} if sku_id else {}
        return self.api.call("POST", f"/v1/groups/{group_id}/seats", body, key=key)

    def buy(self, campaign_id: str, sku_id: str | None = None, *, key: str | None = None) -> Reply:
        """Buy alone."""
        body = {"sku_id": sku_id} if sku_id else {}
        return self.api.call("POST", f"/v1/campaigns/{campaign_id}/orders", body, key=key)

    def pay(self, seat: Mapping[str, Any], **options: Any) -> Reply:
        """Confirm the payment that ``seat`` asks for, as the user does in WeChat."""
        body = json.dumps({"params": seat["pay"], **options}).encode()
        return self.wechat("POST", "/_sim/pay", {"Content-Type": "application/json"}, body)

    def confirm_transfer(self, params: Mapping[str, str], **options: Any) -> Reply:
        """Confirm the transfer that ``params`` open, as the user does in WeChat."""
        body = json.dumps({"params": params, "name": self.name, **options}).encode()
        return self.wechat("POST", "/_sim/confirm-transfer", {"Content-Type": "application/json"}, body)

    def group(self, group_id: str) -> Any:
        """The group's page."""
        return self.api.get(f"/v1/groups/{group_id}")

    def order(self, order_id: str) -> Any:
        """One of my orders."""
        return self.api.get(f"/v1/orders/{order_id}")
