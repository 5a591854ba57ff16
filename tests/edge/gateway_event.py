"""API Gateway REST proxy events, and the answers to them, as tests want to write and read them."""

from __future__ import annotations

import json as json_
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

QueryValue = str | list[str]


@dataclass(frozen=True)
class Reply:
    """A proxy answer; header names as sent, ``json`` is None where the body is none."""

    status: int
    headers: dict[str, str]
    text: str
    json: Any


def gateway_event(
    method: str,
    path: str,
    resource: str | None = None,
    headers: Mapping[str, str] | None = None,
    body: Any = None,
    query: Mapping[str, QueryValue] | None = None,
    *,
    base64: bool = False,
    source_ip: str = "127.0.0.1",
    gateway_id: str = "5f0c4b1e-gateway-request",
) -> dict[str, Any]:
    """The event for one request. A dict or list becomes JSON with its Content-Type; str and bytes go as they are.

    ``resource`` is the path template; without it the dispatcher matches the path itself.
    """
    sent = dict(headers or {})
    if isinstance(body, dict | list):
        body = json_.dumps(body, ensure_ascii=False)
        sent.setdefault("Content-Type", "application/json")
    if base64:
        body = b64encode(body if isinstance(body, bytes) else body.encode()).decode()
    elif isinstance(body, bytes):
        body = body.decode("utf-8", "surrogateescape")
    several = {name: [value] if isinstance(value, str) else value for name, value in (query or {}).items()}
    return {
        "resource": resource or path,
        "path": path,
        "httpMethod": method,
        "headers": sent,
        "multiValueHeaders": {name: [value] for name, value in sent.items()},
        "queryStringParameters": {name: values[-1] for name, values in several.items()} or None,
        "multiValueQueryStringParameters": several or None,
        "pathParameters": _path_parameters(resource, path),
        "stageVariables": None,
        "requestContext": {
            "resourcePath": resource or path,
            "httpMethod": method,
            "requestId": gateway_id,
            "stage": "api",
            "path": f"/api{path}",
            "identity": {"sourceIp": source_ip},
        },
        "body": body,
        "isBase64Encoded": base64,
    }


def answered(response: dict[str, Any]) -> Reply:
    """What the client reads of a proxy answer."""
    text = response["body"]
    is_json = text and "json" in response["headers"]["Content-Type"]
    return Reply(response["statusCode"], response["headers"], text, json_.loads(text) if is_json else None)


def _path_parameters(resource: str | None, path: str) -> dict[str, str] | None:
    if resource is None:
        return None
    pairs = zip(resource.split("/"), path.split("/"), strict=True)
    return {wanted[1:-1]: given for wanted, given in pairs if wanted.startswith("{")} or None
