"""Exports on the deployed stack: two people, a file in a private bucket, a link that nobody can stretch."""

from __future__ import annotations

import csv
from collections.abc import Callable
from typing import Any

import pytest
import urllib3

from infra.local.client import Api
from tests.e2e.conftest import Shop
from tests.e2e.waiting import wait_for
from tests.voucher import shop as documents

SIZE = 2000


@pytest.fixture(scope="module")
def exports(shop: Shop) -> str:
    """Where a batch's exports are."""
    cid = shop.published(documents.offer(total=SIZE))
    minted = shop.admin.call("POST", f"/v1/admin/campaigns/{cid}/batches", {"size": SIZE, "label": "随箱卡片"})
    return f"/v1/admin/batches/{minted.expect(201)['batch_id']}/exports"


def ready(api: Api, exports: str, number: str, run: Callable[[str], None]) -> dict[str, Any]:
    """An export whose file is there, soon."""

    def look() -> dict[str, Any] | None:
        run("sweeper")
        found: dict[str, Any]
        [found] = [one for one in api.get(exports)["exports"] if one["export"] == number]
        return found if found["state"] == "ready" else None

    found: dict[str, Any] = wait_for(look)
    return found


def test_a_file_of_codes_is_private_but_for_its_link(shop: Shop, exports: str, run: Callable[[str], None]) -> None:
    asked = shop.admin.call("POST", exports, {}).expect(201)
    assert ready(shop.admin, exports, asked["export"], run)["done"] == SIZE
    link = shop.admin.call("POST", f"{exports}/01/link").expect(200)
    answer = urllib3.request("GET", link["url"])
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/csv; charset=utf-8")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{link["file_name"]}"'
    rows = list(csv.reader(answer.data.decode().splitlines()))
    assert [row[0] for row in rows[1:]] == [str(serial) for serial in range(SIZE)]
    assert len({row[1] for row in rows[1:]}) == SIZE
    bare, _, _ = link["url"].partition("?")
    stretched = link["url"].replace("X-Amz-Expires=600", "X-Amz-Expires=6000")
    assert stretched != link["url"]
    for forged in (bare, stretched, link["url"].replace("/01.csv", "/02.csv")):
        assert urllib3.request("GET", forged).status == 403


def test_a_further_file_takes_two_people(shop: Shop, exports: str, run: Callable[[str], None]) -> None:
    fang = Api(shop.send, shop.admin.post("/v1/admin/keys", {"name": "王芳", "role": "operator"})["api_key"])
    assert fang.call("POST", f"{exports}/01/link").expect(409)["code"] == "export_of_another"
    assert fang.call("POST", exports, {"bom": True}).expect(201)["state"] == "asked"
    assert fang.call("POST", f"{exports}/02/approve").expect(409)["code"] == "export_needs_another"
    assert shop.admin.call("POST", f"{exports}/02/approve").expect(200)["state"] == "making"
    ready(fang, exports, "02", run)
    link = fang.call("POST", f"{exports}/02/link").expect(200)
    assert urllib3.request("GET", link["url"]).data.startswith(b"\xef\xbb\xbfserial,code\r\n")
    log = shop.admin.get("/v1/admin/audit")["entries"]
    batch = exports.split("/")[4]
    done = [entry["action"] for entry in reversed(log) if entry["subject"] == f"{batch}/02"]
    assert done == ["export.ask", "export.approve", "export.finish", "export.link"]
