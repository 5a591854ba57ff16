"""Transport to WeChat, what can go wrong on the way, and the mini-program API's own error codes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Protocol
from urllib.parse import urlencode

import msgspec
import urllib3

from chalicelib.core import clock, errors, log
from chalicelib.core.config import config

CONNECT_SECONDS = 1.0
"""A connection that takes longer is not going to answer within API Gateway's 29 s with retries to spare."""

USER_AGENT = "ripple"


class Unknown(errors.Unknown):
    """No answer, or one that decides nothing (timeout, 5xx, busy, unverifiable): the act may or may not have happened.

    Ask again with the same numbers; never a failure.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Quota(Unknown):
    """WeChat said to slow down: surely not carried out; come again later with the same numbers."""


class Unsent(Unknown):
    """The request never left: no access token could be had, or no connection was made. Surely not carried out."""


class WechatError(Exception):
    """A definite refusal. ``code`` is WeChat's (a number as text, or a Pay code such as ``NOT_ENOUGH``)."""

    def __init__(self, code: str, *, status: int, message: str = "", request_id: str | None = None) -> None:
        super().__init__(f"{code} ({status})")
        self.code = code
        self.status = status
        self.message = message
        self.request_id = request_id


class Response(msgspec.Struct, frozen=True):
    """An HTTP answer; header names are lower-case."""

    status: int
    headers: dict[str, str]
    body: bytes


class Transport(Protocol):
    """What carries a request. ``timeout`` is the seconds to wait for the answer once connected.

    One that is shorter than a connection may take is for both together.
    """

    def send(self, method: str, url: str, headers: dict[str, str], body: bytes | None, timeout: float) -> Response:
        """Send once, never twice. Raises `Unsent` where nobody took it, `Unknown` when no whole answer came back."""
        ...


class Pool:
    """The real transport: one urllib3 connection pool for the process, without retries or redirects."""

    def __init__(self) -> None:
        self._pool = urllib3.PoolManager(num_pools=4, maxsize=4, retries=False)

    def send(self, method: str, url: str, headers: dict[str, str], body: bytes | None, timeout: float) -> Response:
        """See `Transport`."""
        whole = timeout if timeout < CONNECT_SECONDS else None
        limit = urllib3.Timeout(total=whole, connect=CONNECT_SECONDS, read=timeout)
        try:
            answer = self._pool.request(
                method, url, headers=headers, body=body, timeout=limit, retries=False, redirect=False
            )
        except urllib3.exceptions.NewConnectionError as nobody:
            raise Unsent("connection") from nobody
        except urllib3.exceptions.ConnectTimeoutError as nobody:
            raise Unsent("timeout") from nobody
        except urllib3.exceptions.TimeoutError as late:
            raise Unknown("timeout") from late
        except urllib3.exceptions.HTTPError as broken:
            raise Unknown("connection") from broken
        return Response(answer.status, {name.lower(): value for name, value in answer.headers.items()}, answer.data)


_transport: Transport | None = None


def transport() -> Transport:
    """The transport of this process."""
    global _transport
    if _transport is None:
        _transport = Pool()
    return _transport


@contextmanager
def use_transport(other: Transport) -> Iterator[None]:
    """Send everything through ``other`` for the block, in all threads."""
    global _transport
    before, _transport = _transport, other
    try:
        yield
    finally:
        _transport = before


def json_object(body: bytes) -> dict[str, Any]:
    """The JSON object in ``body``. Raises ValueError for anything else, whatever is wrong with it."""
    try:
        document = msgspec.json.decode(body)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as wrong:
        raise ValueError("not JSON") from wrong
    if not isinstance(document, dict):
        raise ValueError("not a JSON object")
    return document


def seconds_left(until: datetime | None, usual: float) -> float:
    """How long a call may take: as long as it ``usual``-ly does, and not past ``until``. Raises `Unknown` when late."""
    if until is None:
        return usual
    left = (until - clock.now()).total_seconds()
    if left <= 0:
        raise Unknown("out of time")
    return min(usual, left)


BUSY = -1
QUOTA = frozenset({44991, 45009, 45011})


def call_api(
    method: str, path: str, query: dict[str, str], body: dict[str, Any] | None = None, *, timeout: float
) -> dict[str, Any]:
    """One call of the mini-program API, whose errors come with HTTP status 200 and an ``errcode``.

    The content type of an answer says nothing (some are text/plain JSON), and success often omits ``errcode``.
    Raises `Unknown`, `Quota`, `WechatError` (code = errcode as text).
    """
    return _document(path, _answered(method, path, query, body, timeout))


def call_api_for_file(method: str, path: str, query: dict[str, str], body: dict[str, Any], *, timeout: float) -> bytes:
    """`call_api` where success is a file and only errors are JSON: what begins like JSON, or says that it is."""
    answer = _answered(method, path, query, body, timeout)
    if answer.body[:1] == b"{" or "json" in answer.headers.get("content-type", ""):
        _document(path, answer)
        raise Unknown("answer without a file")
    return answer.body


def _answered(method: str, path: str, query: dict[str, str], body: dict[str, Any] | None, timeout: float) -> Response:
    url = f"{config().wechat_api_url}{path}?{urlencode(query)}" if query else f"{config().wechat_api_url}{path}"
    headers = {"Accept": "application/json", "User-Agent": USER_AGENT}
    payload = None
    if body is not None:
        headers["Content-Type"] = "application/json"
        payload = msgspec.json.encode(body)
    answer = transport().send(method, url, headers, payload, timeout)
    if answer.status != 200:
        log.warning("wechat_api_status", path=path, status=answer.status)
        raise Unknown(f"status {answer.status}")
    return answer


def _document(path: str, answer: Response) -> dict[str, Any]:
    """What was answered as JSON; an ``errcode`` is raised."""
    try:
        document = json_object(answer.body)
    except ValueError:
        log.warning("wechat_api_garbled", path=path)
        raise Unknown("garbled answer") from None
    errcode = document.get("errcode", 0)
    if errcode == 0:
        return document
    if not isinstance(errcode, int):
        raise Unknown("garbled answer")
    message = str(document.get("errmsg", ""))
    rid = message.rpartition("rid: ")[2] if "rid: " in message else None
    log.warning("wechat_api_error", path=path, errcode=errcode, rid=rid)
    if errcode == BUSY:
        raise Unknown("busy")
    if errcode in QUOTA:
        raise Quota(f"errcode {errcode}")
    raise WechatError(str(errcode), status=answer.status, message=message, request_id=rid)
