"""The picture of a live code: printed once, and the same whatever becomes of its targets."""

from __future__ import annotations

import base64
from urllib.parse import urlsplit

from infra.local.client import Reply
from tests.livecodes import shop
from tests.sharing.friends import enters
from tests.town import Town

SCANNED = 1047
"""WeChat's number of a mini-program code that is scanned."""


def prints(town: Town, lid: str) -> Reply:
    return town.admin.call("POST", f"/v1/admin/live-codes/{lid}/code", {})


def test_what_is_printed_leads_to_a_place(town: Town) -> None:
    lid = shop.made(town, shop.group())
    printed = prints(town, lid).expect(200)
    assert (printed["page"], printed["scene"]) == ("pages/live/index", f"l={lid}")
    picture = town.emulator.opened(printed["url"])
    assert picture.status_code == 200
    seen = town.act("/_sim/scan", picture=base64.b64encode(picture.content).decode())
    assert (seen["page"], seen["scene"]) == (printed["page"], printed["scene"])
    ann = town.person("ann")
    opened = enters(ann, scene=seen["scene"], scene_value=SCANNED).expect(200)["open"]
    assert (opened["kind"], opened["id"]) == ("live", lid)
    assert shop.sent_to(ann, opened["id"]) == 1


def test_it_is_made_once_and_stays_the_same(town: Town) -> None:
    lid = shop.made(town, shop.group())
    first = prints(town, lid).expect(200)
    shop.turns(town, lid, 1, "close").expect(200)
    shop.adds(town, lid, shop.page()).expect(201)
    again = prints(town, lid).expect(200)
    assert urlsplit(again["url"]).path == urlsplit(first["url"]).path
    assert len(town.sim.world.pages.codes) == 1


def test_a_code_that_wechat_does_not_make_is_asked_for_again(town: Town) -> None:
    lid = shop.made(town)
    town.sim.world.pages.missing.add((town.merchant.appid, "pages/live/index"))
    refused = prints(town, lid)
    assert (refused.status, refused.body["code"]) == (409, "page_not_released")
    assert prints(town, "0" * 16).status == 404
