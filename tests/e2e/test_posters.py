"""Pictures on the deployed stack: drawn by a function of their own, kept in a private bucket, scanned by a phone."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from typing import Any

import pytest
import urllib3
import zxingcpp
from PIL import Image

from infra.local.client import Api, Person
from tests.e2e.conftest import Shop
from tests.e2e.waiting import wait_for
from tests.livecodes import shop as live
from tests.livecodes.pictures import qr_file
from tests.pictures.reading import pages, read
from tests.posters import shop as posters
from tests.voucher import shop as documents


def drawn(api: Api, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
    """What an errand of drawing is answered once the function has time; a cold one fetches its fonts first."""

    def has() -> Any:
        reply = api.call(method, path, body)
        return None if reply.status == 429 else reply.expect(200, 201)

    return wait_for(has, seconds=60)


def fetched(url: str) -> bytes:
    answer = urllib3.request("GET", url)
    assert answer.status == 200
    return bytes(answer.data)


def scanned(shop: Shop, picture: bytes) -> dict[str, Any]:
    """What a phone opens that scans it."""
    asked = {"picture": base64.b64encode(picture).decode()}
    found: dict[str, Any] = Api(shop.wechat).call("POST", "/_sim/scan", asked).expect(200, 201)
    return found


@pytest.fixture(scope="module")
def released(shop: Shop) -> str:
    """A poster that people may get."""
    made = shop.admin.post("/v1/admin/posters", {"poster": posters.document()})["poster_id"]
    drawn(shop.admin, "POST", f"/v1/admin/posters/{made}/release", {"edition": 1})
    return str(made)


def mine(shop: Shop, released: str, person: Person) -> tuple[dict[str, Any], dict[str, Any]]:
    """Somebody's poster of a campaign, and the campaign's share that it is of."""
    campaign = shop.campaign(posters=[released])
    share = person.api.get(f"/v1/campaigns/{campaign}")["share"]
    return drawn(person.api, "POST", f"/v1/shares/{share['share_id']}/poster", {"format": "tall"}), share


def pictured(person: Person, address: str) -> None:
    """He has chosen a picture, and WeChat has told that it saw nothing in it."""
    person.api.call("PATCH", "/v1/me", {"avatar_url": address}).expect(200)
    wait_for(lambda: person.api.get("/v1/me")["avatar_state"] == "shown")


def test_who_scans_a_poster_comes_by_whom_it_shows(shop: Shop, released: str) -> None:
    host, friend = shop.person(), shop.person()
    pictured(host, "https://thirdwx.qlogo.cn/mmopen/vi_32/host/132")
    poster, share = mine(shop, released, host)
    assert poster["left_out"] == []
    picture = fetched(poster["url"])
    assert Image.open(io.BytesIO(picture)).size == (1080, 1920)
    seen = scanned(shop, picture)
    assert (seen["appid"], seen["scene"]) == (shop.merchant.appid, share["scene"])
    entry = friend.api.call("POST", "/v1/entries", {"scene": seen["scene"], "scene_value": 1047}).expect(200)
    assert (entry["open"]["kind"], entry["counted"]) == ("campaign", True)
    bare = poster["url"].partition("?")[0]
    assert urllib3.request("GET", bare).status == 403, "nobody sees it without a link"


@pytest.mark.parametrize(("fault", "why"), [("huge", "too_large"), ("svg", "not_a_picture"), ("slow", "unreachable")])
def test_a_hostile_portrait_is_left_out(shop: Shop, released: str, fault: str, why: str) -> None:
    host = shop.person()
    address = f"https://thirdwx.qlogo.cn/mmopen/vi_32/{fault}/132"
    pictured(host, address)
    wanted = {"endpoint": "portrait", "kind": fault, "count": 1, "match": f"/{fault}/"}
    Api(shop.wechat).call("POST", "/_sim/faults", wanted).expect(200, 201)
    poster, _ = mine(shop, released, host)
    assert [(left["part"], left["why"]) for left in poster["left_out"]] == [("person", why)]
    assert scanned(shop, fetched(poster["url"]))["page"] == "pages/campaign/index"


def test_a_picture_that_is_none_is_refused(shop: Shop) -> None:
    refused = posters.sends(shop.admin, b"<svg xmlns='http://www.w3.org/2000/svg'/>").expect(422)
    assert (refused["code"], refused["why"]) == ("picture_refused", "not_a_picture")


def test_a_live_code_sends_each_to_his_group(shop: Shop) -> None:
    group = base64.b64decode(qr_file("https://weixin.qq.com/g/a-group"))
    picture = posters.sends(shop.admin, group).expect(201)["picture_id"]
    targets = [live.group(1, picture=picture), live.group(1, picture=picture)]
    made = shop.admin.call("POST", "/v1/admin/live-codes", live.wish(*targets)).expect(201)["live_id"]
    printed = drawn(shop.admin, "POST", f"/v1/admin/live-codes/{made}/code")
    seen = scanned(shop, fetched(printed["url"]))
    people = [shop.person() for _ in range(3)]
    entry = people[0].api.call("POST", "/v1/entries", {"scene": seen["scene"], "scene_value": 1047}).expect(200)
    assert (entry["open"]["kind"], entry["open"]["id"]) == ("live", made)
    first, second, third = (live.takes(person, made) for person in people)
    assert [first.expect(200)["place"]["number"], second.expect(200)["place"]["number"]] == [1, 2]
    assert third.expect(409)["code"] == "live_code_full"
    assert fetched(first.body["place"]["to"]["picture_url"])[:4] == b"\x89PNG"


def test_a_batch_is_printed_as_qr_codes(shop: Shop, run: Callable[[str], None]) -> None:
    cid = shop.published(documents.offer(total=40))
    minted = shop.admin.call("POST", f"/v1/admin/campaigns/{cid}/batches", {"size": 40, "label": "台卡"})
    path = f"/v1/admin/batches/{minted.expect(201)['batch_id']}/exports"
    asked = shop.admin.call("POST", path, {"form": "pdf"}).expect(201)

    def ready() -> bool:
        run("sweeper")
        return bool(shop.admin.get(path)["exports"][0]["state"] == "ready")

    wait_for(ready, seconds=60)
    link = shop.admin.call("POST", f"{path}/{asked['export']}/link").expect(200)
    codes = [text for page in pages(fetched(link["url"])) for text in read(page)]
    assert len(set(codes)) == 40
    shop.person().api.call("POST", "/v1/codes/preview", {"code": codes[0]}).expect(200)


def test_a_pass_is_shown_as_a_qr_code(shop: Shop) -> None:
    person = shop.person()
    shown = drawn(person.api, "GET", "/v1/me/pass/qr")
    picture = Image.open(io.BytesIO(base64.b64decode(shown["content"]))).convert("L")
    [seen] = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)
    assert seen.text == shown["text"]
