"""The app as a WSGI callable, so that schemathesis can drive it in process."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, quote

from tests.edge.gateway_event import gateway_event


def wsgi(app: Callable[[Any, Any], Any]) -> Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]:
    """A WSGI application that hands each request to ``app`` as the gateway would: path encoded, body in base64."""

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        headers = {name[5:].replace("_", "-").title(): v for name, v in environ.items() if name.startswith("HTTP_")}
        if environ.get("CONTENT_TYPE"):
            headers["Content-Type"] = environ["CONTENT_TYPE"]
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        query = parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True)
        path = quote(environ.get("PATH_INFO", "").encode("latin-1"))
        event = gateway_event(
            environ["REQUEST_METHOD"], path, headers=headers, body=body or None, query=query, base64=bool(body)
        )
        response = app(event, None)
        status = HTTPStatus(response["statusCode"])
        start_response(f"{status.value} {status.phrase}", list(response["headers"].items()))
        text = response["body"]
        return [b64decode(text) if response["isBase64Encoded"] else text.encode()]

    return application
