"""What our dispatcher costs beside a bare Chalice route that does the same: read JSON, answer JSON."""

from __future__ import annotations

import contextlib
import io
import json
from typing import Any

import msgspec
from chalice.app import Chalice

from chalicelib.edge.app import App
from chalicelib.edge.operation import PUBLIC, Call, operation
from tests.bench.figures import Figure, cpu_seconds, paired_ratio
from tests.edge.gateway_event import gateway_event

ROUTES = 40
ROUNDS = 400


class Asked(msgspec.Struct, forbid_unknown_fields=True):
    """A small request."""

    sku_id: str
    quantity: int


class Answered(msgspec.Struct):
    """A small answer."""

    sku_id: str
    total_fen: int


@operation(auth=PUBLIC, body=Asked, answer=Answered, summary="Priced")
def priced(call: Call[Asked]) -> Answered:
    """Answer what was asked."""
    return Answered(call.body.sku_id, call.body.quantity * 100)


def figures() -> list[Figure]:
    """edge.ratio: routing, validation and serialising, logs and metrics included."""
    ours = App("ours", authenticate={})
    ours.serve([("POST", f"/v1/things{n}/{{thing}}/priced", priced) for n in range(ROUTES)])
    bare = _bare()
    event = gateway_event(
        "POST", "/v1/things7/abc/priced", "/v1/things7/{thing}/priced", body={"sku_id": "tea", "quantity": 3}
    )
    with contextlib.redirect_stdout(io.StringIO()):
        assert json.loads(ours(event, None)["body"]) == json.loads(bare(event, None)["body"])
        ratio = paired_ratio(
            lambda: cpu_seconds(lambda: ours(event, None), ROUNDS),
            lambda: cpu_seconds(lambda: bare(event, None), ROUNDS),
        )
    return [Figure("edge.ratio", round(ratio, 2), "ratio", 3, "a bare Chalice route, 40 routes, the same JSON")]


def _bare() -> Chalice:
    app = Chalice("bare", configure_logs=False)
    for n in range(ROUTES):

        def view(thing: str) -> dict[str, Any]:
            request = app.current_request
            assert request is not None
            asked = request.json_body
            return {"sku_id": asked["sku_id"], "total_fen": asked["quantity"] * 100}

        app.route(f"/v1/things{n}/{{thing}}/priced", methods=["POST"], name=f"priced{n}")(view)
    return app
