"""A live code from its making to its end: one identity one group, exact, and turning to the next when one is full."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.core import clock
from chalicelib.core.store import Contended, Found
from chalicelib.core.table import Key
from infra.local.client import Person
from tests.livecodes import pictures, shop
from tests.sharing.friends import comes_by, enters
from tests.town import Town, send


def test_the_first_is_sent_to_the_first_and_stays_there(town: Town) -> None:
    lid = shop.made(town, shop.group(1), shop.page())
    ann, ben = town.person("ann"), town.person("ben")
    first = shop.takes(ann, lid).expect(200)
    assert first["live_id"] == lid
    assert (first["place"]["number"], first["place"]["standing"], first["place"]["why_not"]) == (1, "good", None)
    assert first["place"]["to"]["kind"] == "group"
    assert pictures.id_of(town, "QR1") in first["place"]["to"]["picture_url"]
    assert shop.sent_to(ben, lid) == 2, "the first is full, and it turned in the same call"
    assert (shop.sent_to(ann, lid), shop.sent_to(ben, lid)) == (1, 2)
    assert len(shop.scanned(town, lid)) == len(shop.places(town, lid)) == shop.counted(town, lid) == 2


def test_where_to_is_said_in_full(town: Town) -> None:
    lid = shop.made(town, shop.page(1, path="pages/member/index?from=code"), shop.store())
    assert shop.takes(town.person(), lid).expect(200)["place"]["to"] == {
        "kind": "page",
        "path": "pages/member/index?from=code",
    }
    assert shop.takes(town.person(), lid).expect(200)["place"]["to"] == {
        "kind": "store",
        "name": "湖畔茶铺",
        "address": "杭州市西湖区龙井路1号",
        "phone": "0571-88880000",
        "latitude": 30.2489,
        "longitude": 120.1285,
    }


def test_all_full_is_refused_and_rings(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    lid = shop.made(town, shop.group(1), shop.group(1))
    for name in ("ann", "ben"):
        shop.takes(town.person(name), lid).expect(200)
    assert '"LiveCodeFull"' not in capsys.readouterr().out
    refused = shop.takes(town.person("cat"), lid)
    assert (refused.status, refused.body["code"]) == (409, "live_code_full")
    assert refused.body["next"]
    told = capsys.readouterr().out
    assert '"LiveCodeFull":1' in told
    assert '"event":"live_code_full"' in told
    assert shop.sent_to(town.person("ann"), lid) == 1, "who has a place keeps it"


def test_nobody_is_refused_on_what_a_few_parts_show(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where so much is going on that no whole read can be had."""
    lid = shop.made(town, *[shop.group(1)] * 6)
    for n in range(5):
        shop.takes(town.person(f"p{n}"), lid).expect(200)

    def contended(*keys: Key) -> Found:
        raise Contended

    monkeypatch.setattr("chalicelib.core.decision.read_whole", contended)
    assert shop.sent_to(town.person("ann"), lid) == 6
    assert shop.takes(town.person("ben"), lid).body["code"] == "live_code_full"


def test_a_code_without_targets_is_full(town: Town) -> None:
    lid = shop.made(town)
    assert shop.takes(town.person(), lid).body["code"] == "live_code_full"
    shop.adds(town, lid, shop.store()).expect(201)
    assert shop.sent_to(town.person(), lid) == 1


def test_its_merchant_hears_once_that_a_tenth_is_left(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    lid = shop.made(town, shop.group(10), shop.group(10))
    for n in range(17):
        shop.takes(town.person(f"p{n}"), lid).expect(200)
    assert '"LiveCodeLow"' not in capsys.readouterr().out
    shop.takes(town.person("p17"), lid).expect(200)
    assert capsys.readouterr().out.count('"LiveCodeLow":1') == 1
    shop.takes(town.person("p18"), lid).expect(200)
    assert '"LiveCodeLow"' not in capsys.readouterr().out


def test_an_old_qr_code_is_said_and_takes_nobody_new(town: Town) -> None:
    lid = shop.made(town, shop.group(5, days=1), shop.page())
    ann = town.person("ann")
    shop.takes(ann, lid).expect(200)
    clock.advance(86_400)
    ann.come_back()
    place = shop.takes(ann, lid).expect(200)["place"]
    assert (place["number"], place["standing"], place["to"]["picture_url"]) == (1, "expired", None)
    assert place["why_not"]["code"] == "live_qr_expired"
    assert shop.sent_to(town.person("ben"), lid) == 2
    shop.retargets(town, lid, 1, to={"picture_id": "QR2", "until": clock.iso(shop.in_days(7))}).expect(200)
    place = shop.takes(ann, lid).expect(200)["place"]
    assert (place["number"], place["standing"]) == (1, "good")
    assert pictures.id_of(town, "QR2") in place["to"]["picture_url"]
    assert shop.sent_to(town.person("cat"), lid) == 1, "the first target has room again"


def test_where_only_old_qr_codes_have_room_that_is_said(town: Town) -> None:
    lid = shop.made(town, shop.group(5, days=1))
    clock.advance(86_400)
    assert shop.takes(town.person(), lid).body["code"] == "live_qr_expired"


def test_a_link_of_a_picture_ends_with_its_qr_code(town: Town) -> None:
    lid = shop.made(town, shop.group(5, days=1))
    clock.advance(86_400 - 90)
    place = shop.takes(town.person(), lid).expect(200)["place"]
    assert "Expires=90" in place["to"]["picture_url"]


def test_who_was_sent_to_a_closed_target_is_sent_on_and_takes_a_place_there(town: Town) -> None:
    lid = shop.made(town, shop.group(3), shop.group(1), shop.page())
    ann, ben = town.person("ann"), town.person("ben")
    shop.takes(ann, lid).expect(200)
    shop.takes(ben, lid).expect(200)
    shop.turns(town, lid, 1, "close").expect(200)
    seen = shop.looks(ann, lid)
    assert (seen["place"]["standing"], seen["place"]["why_not"]["code"]) == ("closed", "live_target_closed")
    assert (seen["can_place"], seen["why_not"]) == (True, None)
    assert (shop.sent_to(ann, lid), shop.sent_to(ben, lid)) == (2, 3)
    shop.turns(town, lid, 1, "reopen").expect(200)
    assert shop.sent_to(ann, lid) == 2, "nobody is sent back"
    assert (shop.target(town, lid, 1)["taken"], shop.target(town, lid, 2)["taken"]) == (2, 1)
    assert [scan["turn"] for scan in shop.scans(town, lid, 2)["scans"]] == [2]


def test_who_cannot_be_sent_on_is_told(town: Town) -> None:
    lid = shop.made(town, shop.group(3))
    ann = town.person("ann")
    shop.takes(ann, lid).expect(200)
    shop.turns(town, lid, 1, "close").expect(200)
    assert shop.takes(ann, lid).body["code"] == "live_code_full"
    seen = shop.looks(ann, lid)
    assert (seen["place"]["standing"], seen["can_place"], seen["why_not"]["code"]) == (
        "closed",
        False,
        "live_code_full",
    )
    shop.turns(town, lid, 1, "reopen").expect(200)
    assert shop.sent_to(ann, lid) == 1
    assert shop.target(town, lid, 1)["taken"] == 1


@pytest.mark.parametrize("act", ["pause", "end"])
def test_a_code_that_does_not_run_gives_no_place_and_takes_none_away(town: Town, act: str) -> None:
    lid = shop.made(town, shop.group())
    ann, ben = town.person("ann"), town.person("ben")
    shop.takes(ann, lid).expect(200)
    shop.moves(town, lid, act).expect(200)
    assert shop.takes(ben, lid).body["code"] == "live_code_not_running"
    assert shop.sent_to(ann, lid) == 1
    seen = shop.looks(ben, lid)
    assert (seen["can_place"], seen["why_not"]["code"]) == (False, "live_code_not_running")
    assert (seen["share"] is None) == (act == "end")
    again = shop.moves(town, lid, "resume")
    assert again.status == (200 if act == "pause" else 409)
    assert shop.takes(ben, lid).status == again.status


def test_looking_takes_nothing(town: Town) -> None:
    lid = shop.made(town, shop.group(1))
    ann = town.person("ann")
    for _ in range(2):
        seen = shop.looks(ann, lid)
        assert (seen["status"], seen["place"], seen["can_place"], seen["why_not"]) == ("live", None, True, None)
    assert shop.target(town, lid, 1)["taken"] == 0
    shop.takes(ann, lid).expect(200)
    seen = shop.looks(ann, lid)
    assert (seen["place"]["number"], seen["can_place"]) == (1, True)
    assert shop.looks(town.person("ben"), lid)["why_not"]["code"] == "live_code_full"


def test_the_printed_codes_scene_leads_to_it_and_nobody_is_said_to_have_shared_it(town: Town) -> None:
    lid = shop.made(town, shop.group())
    ann = town.person("ann")
    opened: Any = {"kind": "live", "id": lid, "path": f"pages/live/index?l={lid}"}
    ways: list[dict[str, Any]] = [{"scene": f"l={lid}"}, {"query": f"l={lid}&from=poster"}]
    for way in ways:
        said = enters(ann, **way).expect(200)
        assert (said["open"], said["inviter"], said["counted"], said["why_not"]) == (opened, None, False, "no_share")
    unknown = enters(ann, scene="l=" + "0" * 16)
    assert (unknown.status, unknown.body["code"]) == (404, "share_unknown")
    shop.takes(ann, lid).expect(200)
    assert shop.scans(town, lid, 1)["scans"][0]["came_by"] is None


def test_who_comes_by_a_friends_card_is_attributed(town: Town) -> None:
    lid = shop.made(town, shop.group())
    ann, ben = town.person("ann"), town.person("ben")
    ben.api.call("PATCH", "/v1/me", {"nickname": "本本"}).expect(200)
    share = shop.looks(ann, lid)["share"]
    assert share["path"] == f"pages/live/index?l={lid}&s={share['share_id']}"
    assert comes_by(ben, share)["open"]["path"] == share["path"]
    assert enters(ben, scene=f"l={lid}").expect(200)["inviter"] is None
    shop.takes(ben, lid).expect(200)
    (scan,) = shop.scans(town, lid, 1)["scans"]
    assert (scan["user_id"], scan["nickname"], scan["turn"]) == (ben.uid, "本**", 1)
    assert (scan["came_by"]["user_id"], scan["came_by"]["evidence"]) == (ann.uid, "opened")


def test_who_comes_a_month_later_came_by_nobody(town: Town) -> None:
    lid = shop.made(town, shop.page())
    ann, ben = town.person("ann"), town.person("ben")
    comes_by(ben, shop.looks(ann, lid)["share"])
    clock.advance(30 * 86_400)
    ben.come_back()
    shop.takes(ben, lid).expect(200)
    assert shop.scans(town, lid, 1)["scans"][0]["came_by"] is None


def test_nobody_of_another_shop_finds_it(town: Town) -> None:
    lid = shop.made(town, shop.group())
    stranger = Person.login(send, town.control, town.second().appid, "ann")
    assert shop.takes(stranger, lid).status == 404
    assert enters(stranger, scene=f"l={lid}").status == 404
    assert shop.takes(town.person("ann"), lid).status == 200
