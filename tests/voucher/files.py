"""Exports of codes: keys that ask, files that are made a minute at a time, what stands in them."""

from __future__ import annotations

import csv
from functools import lru_cache
from typing import Any

from chalicelib.core import due
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import read_one
from chalicelib.pictures import typeface
from chalicelib.voucher.exports import Export, export_key
from infra.local.client import Api, Reply
from tests.pictures import type as archived
from tests.pictures.reading import pages, read
from tests.town import Town, send
from tests.voucher import shop

PARTS = 400
"""Bytes of a part where tests want several."""


def colleague(town: Town, name: str = "王芳", role: str = "operator") -> Api:
    """Somebody with a key of his own."""
    return Api(send, town.admin.post("/v1/admin/keys", {"name": name, "role": role})["api_key"])


def asks(api: Api, bid: str, *, key: str | None = None, **how: Any) -> Reply:
    return api.call("POST", f"/v1/admin/batches/{bid}/exports", how, key=key)


def approves(api: Api, bid: str, export: str, *, key: str | None = None) -> Reply:
    return api.call("POST", f"/v1/admin/batches/{bid}/exports/{export}/approve", key=key)


def links(api: Api, bid: str, export: str, *, key: str | None = None) -> Reply:
    return api.call("POST", f"/v1/admin/batches/{bid}/exports/{export}/link", key=key)


def shown(api: Api, bid: str, export: str = "01") -> dict[str, Any]:
    """An export as the merchant sees it."""
    listed = api.get(f"/v1/admin/batches/{bid}/exports")["exports"]
    [found] = [one for one in listed if one["export"] == export]
    return dict(found)


def stored(town: Town, bid: str, export: str = "01") -> Export:
    found = read_one(Export, export_key(MerchantId(town.merchant.mid), bid, export))
    assert found is not None
    return found


def made(town: Town, bid: str, export: str = "01") -> dict[str, Any]:
    """An export whose file is there: a worker takes it as often as it takes, and nothing else."""
    for _ in range(60):
        if (found := shown(town.admin, bid, export))["state"] != "making":
            return found
        entry = stored(town, bid, export)
        due.handle(entry.key, entry.gsi2sk or "")
    raise AssertionError("it is not made")


def exported(town: Town, bid: str, **how: Any) -> str:
    """The first export of a batch by its owner, made; its number."""
    number: str = asks(town.admin, bid, **how).expect(201)["export"]
    assert made(town, bid, number)["state"] == "ready"
    return number


def fetched(town: Town, link: dict[str, Any]) -> bytes:
    """What a link opens."""
    answer = town.emulator.opened(link["url"])
    assert answer.status_code == 200
    return answer.content


def rows(content: bytes) -> list[list[str]]:
    """The lines of a file."""
    return list(csv.reader(content.decode("utf-8-sig").splitlines()))


def drawable(town: Town) -> None:
    """The drawing function has its fonts, as it has from its first errand on."""
    archived.lay(town.emulator)
    typeface.font(10)


@lru_cache(maxsize=64)
def on_sheets(content: bytes) -> list[str]:
    """What the QR codes of sheets say, in their order."""
    return [text for page in pages(content) for text in read(page)]


def expected(town: Town, bid: str) -> list[list[str]]:
    """What should stand in a batch's file."""
    size = shop.stored_batch(town, bid).size
    return [["serial", "code"], *([str(serial), shop.code(town, bid, serial)] for serial in range(size))]


def noted(town: Town, action: str) -> list[dict[str, Any]]:
    """What stands of it in the merchant's log, the last first."""
    return [entry for entry in town.admin.get("/v1/admin/audit?limit=100")["entries"] if entry["action"] == action]
