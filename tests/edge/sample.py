"""A small app with one operation of every kind, on which the promises of the edge are tested."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from chalicelib.core.errors import PROBLEMS, UNAUTHENTICATED, Problem, RippleError, Unknown
from chalicelib.core.ids import MerchantId
from chalicelib.edge import routes
from chalicelib.edge.app import App
from chalicelib.edge.operation import CALLBACK, MERCHANT, PUBLIC, USER, Answer, Call, operation
from tests.edge.gateway_event import Reply, answered, gateway_event

SEATS_TAKEN = PROBLEMS.get("sample_seats_taken") or Problem(
    "sample_seats_taken",
    409,
    "座位已满，还剩 {left} 个",
    "All seats are taken, {left} left.",
    ("开一个新团", "Open a group of your own."),
)


class Line(msgspec.Struct, forbid_unknown_fields=True):
    sku: Annotated[str, Meta(min_length=1, max_length=20)]
    units: Annotated[int, Meta(ge=1, le=9)] = 1


class Order(msgspec.Struct, forbid_unknown_fields=True):
    lines: Annotated[list[Line], Meta(min_length=1, max_length=3)]
    pay_fen: Annotated[int, Meta(ge=0, le=1000)] = 0
    note: Annotated[str, Meta(max_length=50, extra_json_schema={"x-multiline": True})] = ""
    labels: dict[str, Annotated[int, Meta(ge=0)]] = {}
    code: Annotated[str, Meta(pattern="^[A-Z]+$")] | None = None


class Page(msgspec.Struct, forbid_unknown_fields=True):
    limit: Annotated[int, Meta(ge=1, le=100)] = 20
    open_only: bool = False
    cursor: str | None = None
    above: float = 0.0


class Echo(msgspec.Struct, forbid_unknown_fields=True):
    said: dict[str, Any]


@dataclass(frozen=True)
class Known:
    mid: MerchantId
    actor: str
    role: str | None


def user(headers: Mapping[str, str]) -> Known:
    if headers.get("authorization") != "Bearer good":
        raise RippleError(UNAUTHENTICATED)
    return Known(MerchantId("M1"), "U1", None)


def merchant(headers: Mapping[str, str]) -> Known:
    scheme, _, role = (headers.get("authorization") or "").partition(" ")
    if scheme != "Key":
        raise RippleError(UNAUTHENTICATED)
    return Known(MerchantId("M2"), "K1", role)


@operation(
    auth=USER, body=Order, answer=Echo, status=201, idempotent=True, summary="Order", example=Order([Line("TEA")])
)
def order(call: Call[Order]) -> Echo:
    intent = call.intent
    return Echo(
        {
            "mid": call.mid,
            "uid": call.uid,
            "gid": call.path["gid"],
            "lines": [[line.sku, line.units] for line in call.body.lines],
            "note": call.body.note,
            "key": intent.key,
            "route": intent.route,
            "fingerprint": intent.fingerprint,
        }
    )


@operation(auth=USER, answer=Echo, query=Page, summary="List", problems=(SEATS_TAKEN,))
def listed(call: Call[None]) -> Echo:
    page: Page = call.query
    return Echo({"limit": page.limit, "open_only": page.open_only, "cursor": page.cursor})


@operation(auth=USER, summary="Leave")
def leave(call: Call[None]) -> None:
    return None


@operation(auth=MERCHANT, role="operator", answer=Echo, summary="Pause", also=(202,))
def pause(call: Call[None]) -> Answer[Echo]:
    return Answer(Echo({"key_id": call.key_id, "role": call.role}), status=202, headers={"Location": "/v1/admin/x"})


@operation(auth=CALLBACK, summary="Paid")
def paid(call: Call[None]) -> None:
    RECEIVED.append((call.mid, call.raw))


RECEIVED: list[tuple[str, bytes]] = []


class Fail(msgspec.Struct, forbid_unknown_fields=True):
    how: str


@operation(auth=PUBLIC, body=Fail, answer=Echo, summary="Fail", problems=(SEATS_TAKEN,))
def fail(call: Call[Fail]) -> Echo:
    if call.body.how == "full":
        raise RippleError(SEATS_TAKEN, pointer="/seat", left=0)
    if call.body.how == "unknown":
        raise Unknown("timeout")
    if call.body.how == "unencodable":
        return Echo({"x": object()})
    raise ZeroDivisionError("secret-openid-oABC")


@operation(auth=PUBLIC, answer=Echo, summary="A word", cache="public, max-age=60")
def word(call: Call[None]) -> Echo:
    return Echo({"word": call.path["word"], "language": call.language, "ip": call.client_ip})


@operation(auth=PUBLIC, answer=bytes, summary="A picture", media="image/png")
def picture(call: Call[None]) -> Answer[bytes]:
    return Answer(b"\x89PNG\x00")


def sample_app() -> App:
    app = App("sample", authenticate={USER: user, MERCHANT: merchant})
    app.serve(
        [
            ("GET", "/v1/health", routes.health),
            ("GET", "/v1/openapi.json", routes.openapi(app)),
            ("POST", "/v1/groups/{gid}/orders", order),
            ("GET", "/v1/groups", listed),
            ("DELETE", "/v1/groups/{gid}/seat", leave),
            ("POST", "/v1/admin/groups/{gid}/pause", pause),
            ("POST", "/notify/wechat/{mid}/pay", paid),
            ("POST", "/v1/fail", fail),
            ("GET", "/v1/words/{word}", word),
            ("GET", "/v1/words/picture", picture),
        ]
    )
    return app


APP = sample_app()
LOGGED_IN = {"Authorization": "Bearer good"}
KEYED = {**LOGGED_IN, "Idempotency-Key": "key-0001"}
GOOD_ORDER: dict[str, Any] = {"lines": [{"sku": "TEA", "units": 2}]}


def ask(method: str, path: str, resource: str | None = None, **event: Any) -> Reply:
    """One request to the sample app."""
    return answered(APP(gateway_event(method, path, resource, **event), None))


def send_order(body: Any, **headers: str) -> Reply:
    """An order with everything right but perhaps the body or a header (``Content_Type`` for Content-Type)."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    if not isinstance(body, dict | list):
        named.setdefault("Content-Type", "application/json")
    return ask("POST", "/v1/groups/G1/orders", "/v1/groups/{gid}/orders", headers={**KEYED, **named}, body=body)
