"""The OpenAPI 3.1 document, made from what the operations declare; the same app always gives the same bytes."""

from __future__ import annotations

from collections import defaultdict
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import msgspec

from chalicelib.core.errors import (
    BUSY,
    FORBIDDEN,
    INTERNAL,
    INVALID_FIELD,
    KEY_REQUIRED,
    KEY_REUSED,
    MALFORMED,
    NOT_FOUND,
    TOO_LARGE,
    UNAUTHENTICATED,
    UNSUPPORTED_MEDIA,
    Problem,
)
from chalicelib.edge import problem
from chalicelib.edge.operation import CALLBACK, JSON, MERCHANT, USER
from chalicelib.edge.routing import PARAMETER_LIMIT, parameters_of
from chalicelib.edge.schemas import REFERENCE, Schemas

if TYPE_CHECKING:
    from chalicelib.edge.app import App, Served

_DESCRIPTION = """\
Growth backend for WeChat mini-programs. Amounts are integers of fen (`*_fen`); times are RFC 3339 in UTC; an integral
float such as `87.0` is not an integer. Every error is `application/problem+json` with a stable `code`, in Chinese or
English by `Accept-Language`; errors of the gateway itself (throttled, unknown path) have the same form."""

_SECURITY_SCHEMES: dict[str, Any] = {
    USER: {"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": "The access token of a user."},
    MERCHANT: {"type": "http", "scheme": "bearer", "description": "An API key of a merchant."},
    CALLBACK: {
        "type": "apiKey",
        "in": "header",
        "name": "Wechatpay-Signature",
        "description": "WeChat Pay's over timestamp, nonce and body. WeChat's own stands in the query.",
    },
}

_PROBLEM_SCHEMA: dict[str, Any] = {
    "title": "Problem",
    "description": "RFC 9457 problem details; the facts of a problem are further members.",
    "type": "object",
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "Stable: decide by this."},
        "detail": {"type": "string", "description": "For people, in the language asked for."},
        "request_id": {"type": "string"},
        "next": {"type": "string", "description": "What can be done instead, in the language asked for."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "pointer": {"type": "string", "description": "RFC 6901 into the body, or ?name in the query."},
                    "detail": {"type": "string"},
                },
                "required": ["pointer", "detail"],
            },
        },
    },
    "required": ["type", "title", "status", "code", "detail", "request_id"],
}

_PARAMETER_PATTERN = "^[^\\u0000-\\u0020\\u007f-\\u009f/\\\\#|]+$"

_IDEMPOTENCY_KEY: dict[str, Any] = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "The same key and request again give the same answer, and nothing happens twice.",
    "schema": {"type": "string", "minLength": 8, "maxLength": 255, "pattern": "^[!-~]+$"},
}
_REQUEST_ID_HEADER: dict[str, Any] = {
    "description": "The client's X-Request-Id where it sent a good one, else the gateway's.",
    "schema": {"type": "string"},
}


def document(app: App) -> dict[str, Any]:
    """The whole document. Paths, schemas and codes are in a stable order."""
    ordered = sorted(app.served, key=lambda served: (served.template, served.method))
    schemas = Schemas(served.operation for served in ordered)
    paths: dict[str, dict[str, Any]] = {}
    used: set[str] = set()
    names: dict[str, str] = {}
    for served in ordered:
        paths.setdefault(served.template, {})[served.method.lower()] = _operation(served, schemas, names)
        if served.operation.auth in _SECURITY_SCHEMES:
            used.add(served.operation.auth)
    return {
        "openapi": "3.1.0",
        "info": {"title": app.app_name, "version": "1", "description": _DESCRIPTION},
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "paths": paths,
        "components": {
            "schemas": dict(sorted({**schemas.components, "Problem": _PROBLEM_SCHEMA}.items())),
            "parameters": {"IdempotencyKey": _IDEMPOTENCY_KEY},
            "headers": {"RequestId": _REQUEST_ID_HEADER},
            "securitySchemes": {str(name): _SECURITY_SCHEMES[name] for name in sorted(used)},
        },
    }


def problems_of(served: Served) -> tuple[Problem, ...]:
    """Everything the operation can refuse with: its own problems and those that the edge raises for its kind."""
    operation = served.operation
    found = {*operation.problems, INTERNAL, TOO_LARGE, MALFORMED, BUSY, problem.OUTCOME_UNKNOWN}
    if operation.auth in (USER, MERCHANT):
        found.add(UNAUTHENTICATED)
    if operation.role not in (None, "viewer"):
        found.add(FORBIDDEN)
    if operation.body is not None:
        found |= {UNSUPPORTED_MEDIA, INVALID_FIELD}
    if operation.query is not None:
        found.add(INVALID_FIELD)
    if operation.idempotent:
        found |= {KEY_REQUIRED, KEY_REUSED}
    if parameters_of(served.template):
        found.add(NOT_FOUND)
    return tuple(sorted(found, key=lambda one: (one.status, one.code)))


def _operation(served: Served, schemas: Schemas, names: dict[str, str]) -> dict[str, Any]:
    operation = served.operation
    # Two rooms may both have a `show`: the later one is told apart by its place.
    name = operation.name
    if names.setdefault(name, served.name) != served.name:
        name = f"{name}_{served.method}_{served.template}".translate(str.maketrans("/.-", "___", "{}")).lower()
        names[name] = served.name
    described: dict[str, Any] = {"operationId": name, "summary": operation.summary, "tags": [_tag(served.template)]}
    text = operation.description or (served.handler.__doc__ or "").strip()
    if text:
        described["description"] = text
    if operation.role is not None:
        described["x-role"] = operation.role
    described["security"] = [{str(operation.auth): []}] if operation.auth in _SECURITY_SCHEMES else []
    parameters = _parameters(served, schemas)
    if parameters:
        described["parameters"] = parameters
    if operation.body is not None:
        content = {"schema": schemas.of(operation.body), **_example(operation.example)}
        described["requestBody"] = {"required": True, "content": {"application/json": content}}
    elif operation.auth is CALLBACK and served.method != "GET":
        described["requestBody"] = {"required": True, "content": {"*/*": {"schema": {}}}}
    described["responses"] = _responses(served, schemas)
    return described


def _parameters(served: Served, schemas: Schemas) -> list[dict[str, Any]]:
    operation = served.operation
    identifier = {"type": "string", "minLength": 1, "maxLength": PARAMETER_LIMIT, "pattern": _PARAMETER_PATTERN}
    parameters: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": identifier} for name in parameters_of(served.template)
    ]
    if operation.query is not None:
        for name, required, schema in schemas.parameters(operation.query):
            parameters.append({"name": name, "in": "query", "required": required, "schema": schema})
    if operation.idempotent:
        parameters.append({"$ref": "#/components/parameters/IdempotencyKey"})
    return parameters


def _responses(served: Served, schemas: Schemas) -> dict[str, Any]:
    operation = served.operation
    headers = {"X-Request-Id": {"$ref": "#/components/headers/RequestId"}}
    responses: dict[str, Any] = {}
    for status in (operation.status, *operation.also):
        responses[str(status)] = {"description": HTTPStatus(status).phrase, "headers": headers}
        if operation.answer is not None and status not in (204, 304):
            schema = schemas.of(operation.answer) if operation.media == JSON else {}
            content = {"schema": schema, **_example(operation.answer_example)}
            responses[str(status)]["content"] = {operation.media: content}
    by_status: dict[int, list[Problem]] = defaultdict(list)
    for one in problems_of(served):
        by_status[one.status].append(one)
    for status, group in sorted(by_status.items()):
        codes = {"type": "object", "properties": {"code": {"enum": [one.code for one in group]}}}
        responses[str(status)] = {
            "description": "\n".join(f"- `{one.code}`: {one.en}" for one in group),
            "headers": headers,
            "content": {
                problem.CONTENT_TYPE: {"schema": {"allOf": [{"$ref": REFERENCE.format(name="Problem")}, codes]}}
            },
        }
    return responses


def _example(example: Any) -> dict[str, Any]:
    return {} if example is None else {"example": msgspec.to_builtins(example)}


def _tag(template: str) -> str:
    words = [word for word in template.split("/") if word and word != "v1"]
    return "/".join(words[:2]) if words[0] == "admin" else words[0]
