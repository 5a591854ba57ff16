"""The dispatcher: one way in and one way out for every request, whatever becomes of it.

Chalice packages the routes; its own request pipeline is not used, since its 415, 401 and 500 would never pass here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING, Any

import msgspec
from chalice.app import Chalice

from chalicelib.core import log, metrics
from chalicelib.core.errors import FORBIDDEN, INTERNAL, RippleError, Unknown
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

Route = tuple[str, str, Callable[..., Any]]
"""Method, path template, operation."""

_sorted_json = msgspec.json.Encoder(order="sorted").encode


@dataclass(frozen=True, slots=True)
class Served:
    """An operation at its place; how its body and query are read is prepared by its first request."""

    method: str
    template: str
    operation: Operation
    handler: Callable[[Call[Any]], Any]
    authenticate: Authenticate | None
    decode_body: Callable[[bytes, str], tuple[Any, Any]] | None
    decode_query: Callable[[Mapping[str, list[str]]], Any]
    headers: Mapping[str, str]
    name: str


class App(Chalice):
    """A Chalice app whose HTTP side is this dispatcher; schedules and consumers remain Chalice's."""

    def __init__(self, name: str, *, authenticate: Mapping[Auth, Authenticate]) -> None:
        super().__init__(name, configure_logs=False)
        self.served: list[Served] = []
        self._authenticate = authenticate
        self._routes: Routes[Served] = Routes()

    def serve(self, routes: Iterable[Route]) -> None:
        """Serve operations: in the package's API definition and in the dispatcher's table.

        Raises TypeError for what is not an operation, ValueError for a place taken or an authenticator missing.
        """
        for method, template, handler in routes:
            operation = operation_of(handler)
            authenticate = self._authenticate.get(operation.auth)
            if authenticate is None and operation.auth not in (PUBLIC, CALLBACK):
                raise ValueError(f"no authenticator for {operation.auth.name} at {method} {template}")
            served = Served(
                method=method,
                template=template,
                operation=operation,
                handler=handler,
                authenticate=authenticate,
                decode_body=None if operation.body is None else _when_asked(partial(body_decoder, operation.body)),
                decode_query=_when_asked(partial(query_decoder, operation.query, others=operation.auth is CALLBACK)),
                headers={**COMMON_HEADERS, "Cache-Control": operation.cache, "Content-Type": operation.media},
                name=f"{method} {template}",
            )
            self._routes.add(method, template, served)
            self.served.append(served)
            media = ["*/*"] if operation.auth is CALLBACK else ["application/json"]
            name = re.sub(r"[^A-Za-z0-9]+", "_", served.name)
            self.route(template, methods=[method], content_types=media, name=name)(_only_dispatched)

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
        served, path = self._routes.find(request.event)
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


def _when_asked(make: Callable[[], Callable[..., Any]]) -> Callable[..., Any]:
    """What ``make`` makes, made when it is first needed: a cold start answers one route, not all of them."""
    made: list[Callable[..., Any]] = []

    def asked(*arguments: Any) -> Any:
        if not made:
            made.append(make())
        return made[0](*arguments)

    return asked


def _only_dispatched(**_: str) -> None:
    raise AssertionError("requests are answered by App.__call__")
