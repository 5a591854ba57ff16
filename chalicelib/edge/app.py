"""The dispatcher: one way in and one way out for every request, whatever becomes of it.

Chalice packages the routes; its own request pipeline is not used, since its 415, 401 and 500 would never pass here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from time import perf_counter
from typing import TYPE_CHECKING, Any

import msgspec
from chalice.app import Chalice, RouteEntry

from chalicelib.core import log, metrics
from chalicelib.core.errors import FORBIDDEN, INTERNAL, RippleError, Unknown
from chalicelib.core.lazily import Named, now
from chalicelib.edge.decode import body_bytes, body_decoder, insist_nothing, query_decoder
from chalicelib.edge.operation import (
    CALLBACK,
    PUBLIC,
    RANK,
    Auth,
    Authenticate,
    Call,
    Identity,
    Operation,
    operation_of,
)
from chalicelib.edge.problem import OUTCOME_UNKNOWN
from chalicelib.edge.request import Request
from chalicelib.edge.response import COMMON_HEADERS, Proxy, refusal, success
from chalicelib.edge.routing import Routes

if TYPE_CHECKING:
    from chalicelib.core.idempotency import Intent

Handler = Callable[..., Any]

Route = tuple[str, str, Handler]
"""Method, path template, operation."""

_sorted_json = msgspec.json.Encoder(order="sorted").encode


class Served:
    """An operation at its place; it is imported, and how its body and query are read prepared, by its first request.

    Raises TypeError for what is not an operation, ValueError where its authenticator is missing.
    """

    def __init__(self, method: str, template: str, handler: Handler, authenticate: Mapping[Auth, Authenticate]) -> None:
        self.method = method
        self.template = template
        self.name = f"{method} {template}"
        self._named = handler
        self._authenticate = authenticate

    @cached_property
    def handler(self) -> Handler:
        """The function."""
        return now(self._named)

    @cached_property
    def operation(self) -> Operation:
        """What it promises."""
        return operation_of(self.handler)

    @cached_property
    def authenticate(self) -> Authenticate | None:
        """Who finds out who asks; None where nobody is asked that."""
        auth = self.operation.auth
        found = now(self._authenticate.get(auth))
        if found is None and auth not in (PUBLIC, CALLBACK):
            raise ValueError(f"no authenticator for {auth.name} at {self.name}")
        return found

    def insist(self) -> None:
        """Raise now what its first request would meet."""
        _ = self.operation, self.authenticate

    @cached_property
    def decode_body(self) -> Callable[[bytes, str], tuple[Any, Any]] | None:
        """How its body is read; None where it has none."""
        return None if self.operation.body is None else body_decoder(self.operation.body)

    @cached_property
    def decode_query(self) -> Callable[[Mapping[str, list[str]]], Any]:
        """How its query is read."""
        return query_decoder(self.operation.query, others=self.operation.auth is CALLBACK)

    @cached_property
    def headers(self) -> Mapping[str, str]:
        """What every answer of it carries."""
        return {**COMMON_HEADERS, "Cache-Control": self.operation.cache, "Content-Type": self.operation.media}


class App(Chalice):
    """A Chalice app whose HTTP side is this dispatcher; schedules and consumers remain Chalice's."""

    def __init__(self, name: str, *, authenticate: Mapping[Auth, Authenticate]) -> None:
        self.served: list[Served] = []
        self._authenticate = authenticate
        self._table: Routes[Served] = Routes()
        self._unpackaged: list[Served] = []
        super().__init__(name, configure_logs=False)

    def serve(self, routes: Iterable[Route]) -> None:
        """Serve operations: in the package's API definition and in the dispatcher's table.

        Raises ValueError for a place taken; and, of what is not only named yet, what `Served` raises.
        """
        for method, template, handler in routes:
            served = Served(method, template, handler, self._authenticate)
            if not isinstance(handler, Named):
                served.insist()
            self._table.add(method, template, served)
            self.served.append(served)
            self._unpackaged.append(served)

    @property
    def routes(self) -> dict[str, dict[str, RouteEntry]]:
        """Chalice's own table: only who packages the app looks at it, and then it is written."""
        waiting, self._unpackaged = self._unpackaged, []
        for served in waiting:
            media = ["*/*"] if served.operation.auth is CALLBACK else ["application/json"]
            name = re.sub(r"[^A-Za-z0-9]+", "_", served.name)
            self.route(served.template, methods=[served.method], content_types=media, name=name)(_only_dispatched)
        return self._packaged

    @routes.setter
    def routes(self, packaged: dict[str, dict[str, RouteEntry]]) -> None:
        self._packaged = packaged

    def __call__(self, event: Any, context: Any) -> Any:
        """Answer an API Gateway event; anything else is Chalice's."""
        if not (isinstance(event, dict) and "httpMethod" in event and "requestContext" in event):
            return super().__call__(event, context)
        return self._respond(event)

    def _respond(self, event: Mapping[str, Any]) -> Proxy:
        started = perf_counter()
        request = Request(event)
        log.clear()
        log.bind(request_id=request.request_id)
        code = None
        try:
            response = self._perform(request)
        except RippleError as raised:
            response, code = refusal(raised, request), raised.problem.code
        except Unknown as raised:
            log.warning("outcome_unknown", route=request.route, reason=str(raised))
            response, code = refusal(RippleError(OUTCOME_UNKNOWN), request), OUTCOME_UNKNOWN.code
        except Exception as raised:
            # The one place that catches everything: whatever it was, the client gets a problem document.
            log.error("unhandled", raised=raised, route=request.route)
            response, code = refusal(RippleError(INTERNAL), request), INTERNAL.code
        status = response["statusCode"]
        if status >= 500:
            metrics.count("ServerErrors", route=request.route, code=code, request_id=request.request_id)
        # This one line is access log and metric: route templates and internal ids only, no path, no address.
        metrics.emit(
            {"RequestMs": round((perf_counter() - started) * 1000, 3)},
            unit="Milliseconds",
            event="request",
            route=request.route,
            status=status,
            code=code,
            request_id=request.request_id,
            mid=request.mid,
        )
        return response

    def _perform(self, request: Request) -> Proxy:
        served, path = self._table.find(request.event)
        operation = served.operation
        request.route = served.name
        identity = None
        if served.authenticate is not None:
            identity = served.authenticate(request.headers)
            request.mid = identity.mid
            if operation.role is not None and RANK.get(identity.role or "", -1) < RANK[operation.role]:
                raise RippleError(FORBIDDEN, needed=operation.role)
        elif operation.auth is CALLBACK:
            request.mid = path.get("mid")
        log.bind(route=served.name, mid=request.mid)
        key = request.idempotency_key() if operation.idempotent else None
        raw = body_bytes(request.event, operation.limit)
        query = served.decode_query(request.query)
        body = plain = None
        if served.decode_body is not None:
            body, plain = served.decode_body(raw, request.headers.get("content-type") or "")
        elif operation.auth is not CALLBACK:
            insist_nothing(raw)
        call = Call(
            operation=operation,
            identity=identity,
            path=path,
            body=body,
            query=query,
            raw=raw,
            headers=request.headers,
            request_id=request.request_id,
            language=request.language,
            client_ip=request.client_ip,
        )
        if key is not None and identity is not None:
            call.intended = _intent(identity, path, served.name, key, plain)
        return success(served.handler(call), operation, served.headers, request)


def _intent(identity: Identity, path: dict[str, str], route: str, key: str, plain: Any) -> Intent:
    # Imported late: it brings the storage client, which an app without idempotent operations does not load.
    from chalicelib.core.idempotency import Intent, fingerprint

    # The plain body, not the typed one: a default added to a type by a later release must not change the hash.
    hashed = fingerprint(path, b"" if plain is None else _sorted_json(plain))
    return Intent(mid=identity.mid, actor=identity.actor, route=route, key=key, fingerprint=hashed)


def _only_dispatched(**_: str) -> None:
    raise AssertionError("requests are answered by App.__call__")
