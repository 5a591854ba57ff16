"""What goes back to API Gateway: status, headers and body, as a proxy integration wants them."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

import msgspec

from chalicelib.core.errors import RippleError
from chalicelib.edge import problem
from chalicelib.edge.operation import Answer, Operation
from chalicelib.edge.request import Request

COMMON_HEADERS: Mapping[str, str] = {
    "Content-Type": "application/json",
    "Cache-Control": "no-store",
    "Vary": "Accept-Language",
    "X-Content-Type-Options": "nosniff",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
}

_encode = msgspec.json.Encoder().encode
_encode_any = msgspec.json.Encoder(enc_hook=str).encode

Proxy = dict[str, Any]


def success(answered: Any, operation: Operation, headers: Mapping[str, str], request: Request) -> Proxy:
    """The answer of an operation, or 304 where the client has it; ``headers`` are the operation's prepared ones."""
    status, sent = operation.status, {**headers, "X-Request-Id": request.request_id}
    if isinstance(answered, Answer):
        status = answered.status or status
        sent.update(answered.headers)
        etag = answered.headers.get("ETag")
        if etag is not None and status == 200 and request.method == "GET" and request.already_has(etag):
            return _proxy(304, sent, "")
        answered = answered.body
    if answered is None:
        return _proxy(status, sent, "")
    if isinstance(answered, bytes):
        return _as_is(status, sent, answered)
    return _proxy(status, sent, _encode(answered).decode())


def refusal(raised: RippleError, request: Request) -> Proxy:
    """The problem document of ``raised`` in the client's language."""
    body = problem.document(raised, request.language, request.request_id)
    headers = {
        **COMMON_HEADERS,
        "Content-Type": problem.CONTENT_TYPE,
        "Content-Language": problem.CONTENT_LANGUAGE[request.language],
        "X-Request-Id": request.request_id,
    }
    status = raised.problem.status
    if status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="ripple"'
    retry_after = raised.facts.get("retry_after", 1 if status == 503 else None)
    if retry_after is not None:
        headers["Retry-After"] = str(retry_after)
    return _proxy(status, headers, _encode_any(body).decode())


def _as_is(status: int, headers: dict[str, str], body: bytes) -> Proxy:
    if headers["Content-Type"].startswith(("text/", "application/json")):
        return _proxy(status, headers, body.decode())
    return {**_proxy(status, headers, base64.b64encode(body).decode()), "isBase64Encoded": True}


def _proxy(status: int, headers: dict[str, str], body: str) -> Proxy:
    return {"statusCode": status, "headers": headers, "body": body, "isBase64Encoded": False}
