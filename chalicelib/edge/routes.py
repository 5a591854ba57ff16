"""What the edge itself answers: that it is alive, and what it can do."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from typing import Any

import msgspec

from chalicelib.edge.app import App
from chalicelib.edge.openapi import document
from chalicelib.edge.operation import PUBLIC, Answer, Call, operation


class Health(msgspec.Struct, forbid_unknown_fields=True):
    """The function answers; storage is not asked."""

    status: str


@operation(auth=PUBLIC, answer=Health, summary="Tell that the service answers")
def health(call: Call[None]) -> Health:
    """Liveness only: what depends on storage is seen by the alarms, not here."""
    return Health(status="ok")


def openapi(app: App) -> Callable[[Call[None]], dict[str, Any] | Answer[dict[str, Any]]]:
    """The operation that serves the document of ``app``; it is generated at the first request."""

    @cache
    def written() -> tuple[bytes, str]:
        body = msgspec.json.encode(document(app))
        return body, f'"{hashlib.sha256(body).hexdigest()[:32]}"'

    @operation(
        auth=PUBLIC,
        answer=dict[str, Any],
        summary="This document",
        cache="public, max-age=300",
        name="openapi",
        also=(304,),
    )
    def served(call: Call[None]) -> Answer[Any]:
        body, etag = written()
        return Answer(body, headers={"ETag": etag})

    return served
