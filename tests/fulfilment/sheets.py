"""The sheet of what is to be sent, and the file of numbers that comes back."""

from __future__ import annotations

import csv
import io
from typing import Any

from chalicelib.fulfilment.items import Shipment
from infra.local.client import Reply
from tests.fulfilment.shop import Bought, bought
from tests.orders.address import ADDRESS
from tests.town import Town

HEAD = "order_id,carrier,number"


def addressed(town: Town, name: str | None = None, **changes: str) -> Bought:
    """A confirmed order whose receiver is known."""
    order = bought(town, name)
    address = {**ADDRESS, **changes}
    order.buyer.api.call("PUT", f"/v1/orders/{order.order_id}/receiver", address).expect(200)
    return order


def ask(town: Town, query: str = "", language: str = "zh") -> Reply:
    headers = {"Accept-Language": language}
    return town.admin.call("GET", f"/v1/admin/orders/sheet?{query}", None, headers=headers)


def rows(reply: Reply) -> list[dict[str, str]]:
    """A sheet as a spreadsheet reads it."""
    text: str = reply.expect(200)
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:], newline=""), strict=True))


def file(*lines: str, head: str = HEAD) -> str:
    return "\r\n".join([head, *lines])


def give(town: Town, text: str, *, key: str | None = None, language: str = "zh") -> Reply:
    headers = {"Accept-Language": language}
    return town.admin.call("POST", "/v1/admin/orders/numbers", {"csv": text}, key=key, headers=headers)


def outcomes(report: Any) -> list[tuple[int, str, str | None]]:
    return [(line["line"], line["outcome"], line["code"]) for line in report["lines"]]


def counts(report: Any) -> tuple[int, int, int, int]:
    return report["sent"], report["already"], report["refused"], report["not_tried"]


def looks(town: Town) -> list[Any]:
    return [row for row in town.admin.get("/v1/admin/audit")["entries"] if row["action"] == "receiver.look"]


def shipments(town: Town) -> dict[str, Shipment]:
    return {str(item.oid): item for item in town.items() if isinstance(item, Shipment)}
