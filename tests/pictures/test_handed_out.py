"""QR codes that people are given promise: a reader reads just what the endpoint takes to which they are scanned."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

from chalicelib.core import clock
from infra.local.client import Api
from tests.campaigns.points import points_for
from tests.emulator import Call
from tests.fulfilment.shop import bought
from tests.pictures.reading import opened, painted, read, scanned
from tests.town import Town, send
from tests.voucher import desk, goods_shop, shop
from tests.voucher.files import colleague

FORMS = pytest.mark.parametrize("form", ["png", "svg"])


def seen(code: dict[str, Any]) -> str:
    """What a phone reads from the picture, which is what the answer says."""
    content = base64.b64decode(code["content"], validate=True)
    image = opened(content) if code["media"] == "image/png" else painted(content, 6)
    assert (code["margin"], code["level"]) == (4, "M")
    assert read(image) == read(scanned(image)) == [code["text"]]
    return str(code["text"])


@FORMS
def test_the_staff_scan_a_pass(town: Town, form: str) -> None:
    bid, ann, staff = shop.batch(town, shop.POINTS), town.person("ann"), desk.staff(town)
    code = ann.api.get(f"/v1/me/pass/qr?form={form}")
    assert (code["until"], code["now"]) == ("2026-11-11T12:02:00Z", "2026-11-11T12:00:00Z")
    clock.advance(60)
    scan = {"code": shop.code(town, bid), "pass": seen(code)}
    done = staff.call("POST", "/v1/admin/codes/redeem", scan).expect(201)
    assert done["user_id"] == ann.uid
    clock.advance(60)
    late = {"code": shop.code(town, bid, 1), "pass": code["text"]}
    assert staff.call("POST", "/v1/admin/codes/redeem", late).expect(422)["code"] == "pass_unfit"


@FORMS
def test_an_invite_code_is_scanned_into_the_mini_program(town: Town, form: str) -> None:
    ann, bob = town.person("ann"), town.person("bob")
    code = ann.api.post("/v1/invites/code/qr", {"form": form})
    assert code["text"] == ann.api.post("/v1/invites/code", {})["code"]
    entered = bob.api.call("POST", "/v1/entries", {"text": seen(code), "scene_value": 1047}).expect(200)
    assert (entered["open"]["kind"], entered["counted"]) == ("invite", True)
    assert ann.api.post("/v1/invites/code/qr", {"form": form}) == code


@FORMS
def test_the_staff_scan_who_fetches_an_order(town: Town, form: str) -> None:
    order = bought(town, fulfilment="pickup")
    path = f"/v1/orders/{order.order_id}/pickup/qr?form={form}"
    code = order.buyer.api.get(path)
    assert code["text"] == order.shown["pickup_qr"]
    handed = town.admin.call("POST", "/v1/admin/handovers", {"scanned": seen(code)}).expect(200)
    assert (handed["order_id"], handed["goods"]["state"]) == (order.order_id, "done")
    assert order.buyer.api.call("GET", path).expect(409)["code"] == "goods_not_waiting"


def test_what_is_sent_is_not_fetched_and_anothers_order_is_none(town: Town) -> None:
    sent, waiting = bought(town), bought(town, fulfilment="pickup")
    path = "/v1/orders/{}/pickup/qr"
    assert sent.buyer.api.call("GET", path.format(sent.order_id)).expect(409)["code"] == "not_pickup"
    assert sent.buyer.api.call("GET", path.format(waiting.order_id)).expect(404)["code"] == "not_found"


def test_an_order_that_is_not_confirmed_has_nothing_to_show(town: Town) -> None:
    campaign = town.campaign(skus=[{**town.sku(), "fulfilment": "pickup"}], **points_for("pickup"))
    leader, seat = town.opened(campaign)
    refused = leader.api.call("GET", f"/v1/orders/{seat['order_id']}/pickup/qr").expect(409)
    assert refused["code"] == "goods_not_waiting"


@FORMS
@pytest.mark.parametrize("letters", [8, 9, 10, 14, 16])
def test_a_code_is_looked_at_by_what_its_picture_says(town: Town, form: str, letters: int) -> None:
    stored = {"letters": letters} if letters < 14 else {}
    bid = goods_shop.minted(town) if letters == 16 else shop.minted(town, shop.campaign(town), 9, **stored)
    town.minute()
    ann, text = town.person("ann"), shop.code(town, bid)
    assert len(text.replace("-", "")) == letters
    typed = text.lower().replace("-", " ").replace("0", "o")
    code = ann.api.post("/v1/codes/qr", {"code": typed, "form": form})
    assert (code["text"], code["modules"]) == (text, 21)
    assert shop.previews(ann, seen(code)).expect(200)["how"] == ("order" if letters == 16 else "redeem")
    assert town.admin.post("/v1/admin/codes/qr", {"code": typed, "form": form}) == code
    if letters != 16:
        shop.redeems(ann, seen(code)).expect(201)


@pytest.mark.parametrize("typed", ["K7M2Q-9XW0T-3H6", "K7M2Q-9XW0T-3H6A", "三月里的秋茶", "😀", "=1+1", "-"])
def test_what_is_written_like_no_code_is_not_drawn(town: Town, typed: str) -> None:
    ann = town.person("ann")
    refused = ann.api.call("POST", "/v1/codes/qr", {"code": typed}).expect(422)
    assert (refused["code"], refused["errors"][0]["pointer"]) == ("code_mistyped", "/code")
    assert town.admin.call("POST", "/v1/admin/codes/qr", {"code": typed}).expect(422)["code"] == "code_mistyped"


@pytest.mark.parametrize("typed", ["", "A" * 65, "A" * 513, None, 7])
def test_what_is_no_text_of_a_code_is_named(town: Town, typed: object) -> None:
    for api, path in ((town.person().api, "/v1/codes/qr"), (town.admin, "/v1/admin/codes/qr")):
        refused = api.call("POST", path, {"code": typed}).expect(422)
        assert (refused["code"], refused["errors"][0]["pointer"]) == ("invalid_field", "/code")


def test_nobody_learns_from_a_picture_whether_a_code_is_good(town: Town) -> None:
    ann = town.person("ann")
    before = town.emulator.items()
    assert ann.api.post("/v1/codes/qr", {"code": shop.FORGED})["text"] == shop.FORGED
    assert town.emulator.items() == before
    assert town.admin.call("POST", "/v1/admin/codes/qr", {"code": shop.FORGED}).expect(409)["code"] == "code_forged"


def test_another_merchants_code_is_none_of_ours(town: Town) -> None:
    text = shop.code(town, shop.batch(town))
    other = Api(send, town.second().api_key)
    assert other.call("POST", "/v1/admin/codes/qr", {"code": text}).expect(409)["code"] == "code_forged"
    viewer = colleague(town, "访客", "viewer")
    assert viewer.call("POST", "/v1/admin/codes/qr", {"code": text}).expect(403)["code"] == "forbidden"


@pytest.mark.parametrize("form", ["gif", "PNG", "png,svg"])
def test_another_form_is_named(town: Town, form: str) -> None:
    ann = town.person("ann")
    asked = ann.api.call("GET", f"/v1/me/pass/qr?form={form}").expect(422)
    told = ann.api.call("POST", "/v1/invites/code/qr", {"form": form}).expect(422)
    assert [refused["errors"][0]["pointer"] for refused in (asked, told)] == ["?form", "/form"]


def test_whoever_comes_while_all_draw_is_told_to_ask_again(town: Town) -> None:
    ann = town.person("ann")

    def unreachable(call: Call) -> Exception | None:
        return EndpointConnectionError(endpoint_url="https://lambda") if call.service == "lambda" else None

    town.emulator.before = unreachable
    refused = ann.api.call("GET", "/v1/me/pass/qr")
    assert (refused.status, refused.body["code"], refused.headers["retry-after"]) == (429, "pictures_busy", "2")
    town.emulator.before = None
    seen(ann.api.get("/v1/me/pass/qr"))
