"""An API Gateway proxy event, read once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from chalicelib.core.errors import KEY_REQUIRED, RippleError
from chalicelib.core.ids import new_ulid
from chalicelib.edge.language import preferred

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
_IDEMPOTENCY_KEY = re.compile(r"[\x21-\x7e]{8,255}")


class Request:
    """What the dispatcher needs of an event; ``mid`` and ``route`` are filled in as they become known."""

    __slots__ = ("event", "headers", "language", "method", "mid", "request_id", "route")

    def __init__(self, event: Mapping[str, Any]) -> None:
        self.event = event
        self.headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
        self.request_id = _request_id(self.headers, event)
        self.language = preferred(self.headers.get("accept-language") or "")
        self.method: str = event["httpMethod"]
        self.mid: str | None = None
        self.route: str | None = None

    @property
    def client_ip(self) -> str:
        """The address the gateway saw; X-Forwarded-For is the client's own word and never used."""
        identity = (self.event.get("requestContext") or {}).get("identity") or {}
        return identity.get("sourceIp") or ""

    @property
    def query(self) -> Mapping[str, list[str]]:
        """Every value of every query parameter, decoded by the gateway."""
        several = self.event.get("multiValueQueryStringParameters")
        if several is not None:
            return {name: list(values or ()) for name, values in several.items()}
        return {name: [value] for name, value in (self.event.get("queryStringParameters") or {}).items()}

    def idempotency_key(self) -> str:
        """The header's value. Raises `RippleError` KEY_REQUIRED when it is missing, ill-formed or sent twice."""
        key = self.headers.get("idempotency-key") or ""
        several = self.event.get("multiValueHeaders") or {}
        sent = {value for name, values in several.items() if name.lower() == "idempotency-key" for value in values}
        if not _IDEMPOTENCY_KEY.fullmatch(key) or len(sent) > 1:
            raise RippleError(KEY_REQUIRED)
        return key

    def already_has(self, etag: str) -> bool:
        """Whether If-None-Match names ``etag`` (weak comparison, RFC 9110 §13.1.2)."""
        asked = self.headers.get("if-none-match")
        if not asked:
            return False
        return asked.strip() == "*" or etag in {one.strip().removeprefix("W/") for one in asked.split(",")}


def _request_id(headers: Mapping[str, str], event: Mapping[str, Any]) -> str:
    for offered in (headers.get("x-request-id"), (event.get("requestContext") or {}).get("requestId")):
        if offered and _REQUEST_ID.fullmatch(offered):
            return offered
    return new_ulid()
