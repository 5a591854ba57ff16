"""Pictures that merchants send: taken once a key, refused with a reason, kept without anything beside their pixels."""

from __future__ import annotations

import base64

import pytest
from botocore.exceptions import EndpointConnectionError

from chalicelib.core.ids import MerchantId
from chalicelib.core.store import read_one
from chalicelib.posters.items import Picture, picture_key
from tests.livecodes.pictures import qr_file
from tests.posters import shop
from tests.town import Town


def test_a_picture_is_taken_once_a_key(town: Town) -> None:
    content = shop.picture(1080, 720)
    first = shop.sends(town.admin, content, key="one-key-for-one-picture").expect(201)
    assert shop.sends(town.admin, content, key="one-key-for-one-picture").expect(201) == first
    assert (first["width"], first["height"], first["reads"]) == (1080, 720, None)
    assert town.emulator.opened(first["url"]).status_code == 200
    other = shop.sends(town.admin, shop.picture(900, 900), key="one-key-for-one-picture")
    assert other.expect(409)["code"] == "idempotency_key_reused"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not_a_picture"),
        (b"GIF89a" + b"\0" * 100, "not_a_picture"),
        (shop.picture()[:-2000], "truncated"),
        (shop.picture(8, 8), "too_small"),
    ],
)
def test_what_is_no_picture_is_refused_with_a_reason(town: Town, content: bytes, why: str) -> None:
    refused = shop.sends(town.admin, content).expect(422)
    assert (refused["code"], refused["why"], refused["errors"][0]["pointer"]) == ("picture_refused", why, "/content")
    assert refused["detail"]
    assert not [item for item in town.items() if isinstance(item, Picture)]
    assert not [name for name in town.emulator.pictures() if name.startswith("sent/")]


def test_what_is_too_large_is_refused_before_it_is_looked_at(town: Town) -> None:
    refused = shop.sends(town.admin, b"\xff\xd8\xff" + b"\0" * 3_000_000).expect(422)
    assert (refused["code"], refused["errors"][0]["pointer"]) == ("invalid_field", "/content")
    assert shop.sends(town.admin, b"\0" * 3_100_000).expect(413)["code"] == "too_large"
    garbled = town.admin.call("POST", "/v1/admin/pictures", {"name": "x", "content": "not base64!"})
    assert garbled.expect(422)["errors"][0]["pointer"] == "/content"
    assert not [call for call in town.emulator.calls if call.service == "lambda"]


def test_pictures_are_listed_and_shown(town: Town) -> None:
    idents = [shop.sent(town, shop.picture(600 + n, 600)) for n in range(3)]
    page = town.admin.get("/v1/admin/pictures?limit=2")
    rest = town.admin.get(f"/v1/admin/pictures?limit=2&cursor={page['cursor']}")
    assert sorted(one["picture_id"] for one in [*page["pictures"], *rest["pictures"]]) == sorted(idents)
    assert town.admin.get(f"/v1/admin/pictures/{idents[0]}")["width"] == 600
    assert town.admin.call("GET", "/v1/admin/pictures/nothing").status == 404
    assert town.admin.call("GET", f"/v1/admin/pictures/{'0' * 26}").status == 404


def test_a_poster_names_pictures_that_were_sent(town: Town) -> None:
    ident = shop.sent(town, shop.picture(1200, 640))
    shop.released(town, shop.document(layout="photo", picture=ident))
    missing = shop.writes(town, shop.document(background="0" * 26)).expect(422)
    assert (missing["code"], missing["errors"][0]["pointer"]) == ("picture_unknown", "/poster/background")


def test_a_picture_whose_answer_was_lost_is_there_once(town: Town) -> None:
    content, key = shop.picture(), "one-key-for-one-picture"

    lost = EndpointConnectionError(endpoint_url="https://lambda")
    town.emulator.after = lambda call: lost if call.service == "lambda" else None
    assert shop.sends(town.admin, content, key=key).status == 429
    town.emulator.after = None
    ident = shop.sends(town.admin, content, key=key).expect(201)["picture_id"]
    assert read_one(Picture, picture_key(MerchantId(town.merchant.mid), ident)) is not None
    [file] = [name for name in town.emulator.pictures() if name.startswith("sent/")]
    assert file.startswith(f"sent/{town.merchant.mid}/{ident}-")


def test_a_picture_with_a_code_of_its_own_is_on_no_poster(town: Town) -> None:
    coded = shop.sent(town, base64.b64decode(qr_file("https://example.com/elsewhere")))
    refused = shop.writes(town, shop.document(picture=coded, layout="photo")).expect(422)
    assert (refused["code"], refused["errors"][0]["pointer"]) == ("picture_has_code", "/poster/picture")


def test_of_two_pictures_under_one_key_each_has_a_file_of_its_own(town: Town) -> None:
    """The one that comes late is refused, and its file, which is written last, is not the other's."""
    key, first, second = (
        "one-key-for-two-pictures",
        shop.picture(600, 600, "#112233"),
        shop.picture(600, 600, "#332211"),
    )
    town.emulator.meanwhile(lambda: shop.sends(town.admin, first, key=key).expect(201), "PutObject")
    assert shop.sends(town.admin, second, key=key).expect(409)["code"] == "idempotency_key_reused"
    ident, alone = shop.sends(town.admin, first, key=key).expect(201)["picture_id"], shop.sent(town, first)
    files = [row.file for row in (stored(town, ident), stored(town, alone))]
    assert town.emulator.pictures()[files[0]] == town.emulator.pictures()[files[1]]


def stored(town: Town, ident: str) -> Picture:
    found = read_one(Picture, picture_key(MerchantId(town.merchant.mid), ident))
    assert found is not None
    return found
