"""My poster: whose code it is, when it is drawn anew, and what becomes of what cannot be drawn."""

from __future__ import annotations

import base64
from typing import Any

from botocore.exceptions import EndpointConnectionError

from chalicelib.core import clock, files
from tests.posters import shop
from tests.sharing.friends import enters, invitation
from tests.town import Town

HOUR = 3600


def scanned(town: Town, reply: Any) -> Any:
    """What a phone opens that scans the poster."""
    image = town.emulator.opened(reply["url"]).content
    return town.act("/_sim/scan", picture=base64.b64encode(image).decode())


def drawings(town: Town) -> int:
    return sum(call.service == "lambda" for call in town.emulator.calls)


def test_who_scans_my_poster_comes_by_me(town: Town) -> None:
    cid, person, share = shop.offered(town, shop.released(town))
    poster = shop.asks(person, share).expect(200)
    assert (poster["media"], poster["width"], poster["height"]) == ("image/jpeg", 1080, 1920)
    seen = scanned(town, poster)
    assert (seen["appid"], seen["page"], seen["scene"]) == (town.merchant.appid, "pages/campaign/index", share["scene"])
    friend = town.person("friend")
    entry = enters(friend, scene=seen["scene"], scene_value=1047).expect(200)
    assert (entry["open"]["kind"], entry["open"]["id"], entry["counted"]) == ("campaign", cid, True)


def test_it_is_drawn_once_a_look(town: Town) -> None:
    _, person, share = shop.offered(town, shop.released(town))
    first = shop.asks(person, share).expect(200)
    before = drawings(town)
    clock.advance(HOUR)
    again = shop.asks(person, share).expect(200)
    assert drawings(town) == before
    assert again["url"].partition("?")[0] == first["url"].partition("?")[0]
    person.api.call("PATCH", "/v1/me", {"nickname": "老陈"}).expect(200)
    named = shop.asks(person, share).expect(200)
    assert drawings(town) == before + 1
    assert named["url"].partition("?")[0] != first["url"].partition("?")[0]


def test_it_is_drawn_anew_before_its_file_goes(town: Town) -> None:
    _, person, share = shop.offered(town, shop.released(town), ends_at=clock.iso(clock.now().replace(month=12, day=31)))
    first = shop.asks(person, share).expect(200)
    clock.advance(28 * 24 * HOUR - 1)
    again = town.person(person.name)
    assert shop.asks(again, share).expect(200)["made_at"] == first["made_at"]
    clock.advance(1)
    assert shop.asks(again, share).expect(200)["made_at"] != first["made_at"]


def test_a_name_that_was_not_cleared_is_not_drawn(town: Town) -> None:
    _, person, share = shop.offered(town, shop.released(town))
    shop.asks(person, share).expect(200)
    before = drawings(town)
    person.api.call("PATCH", "/v1/me", {"nickname": "敏感待审"}).expect(200)
    shown = person.api.get("/v1/me")
    shop.asks(person, share).expect(200)
    assert (drawings(town) > before) is (shown["nickname_state"] == "shown")


def test_a_portrait_that_cannot_be_had_is_left_out_and_tried_again(town: Town) -> None:
    _, person, share = shop.offered(town, shop.released(town))
    town.listen()
    person.api.call("PATCH", "/v1/me", {"avatar_url": "https://thirdwx.qlogo.cn/mmopen/nobody/132"}).expect(200)
    assert shop.asks(person, share).expect(200)["left_out"] == [], "WeChat has not looked at it"
    town.stream()
    clock.advance(3)
    town.hear()
    poster = shop.asks(person, share).expect(200)
    (left,) = poster["left_out"]
    assert (left["part"], left["why"]) == ("person", "unreachable")
    before = drawings(town)
    shop.asks(person, share).expect(200)
    assert drawings(town) == before
    clock.advance(6 * HOUR)
    shop.asks(town.person(person.name), share).expect(200)
    assert drawings(town) == before + 1


def test_only_my_own_share_has_a_poster_for_me(town: Town) -> None:
    _, _, share = shop.offered(town, shop.released(town))
    assert shop.asks(town.person("other"), share).expect(404)["code"] == "share_unknown"


def test_there_is_none_once_the_campaign_is_over(town: Town) -> None:
    cid, person, share = shop.offered(town, shop.released(town))
    town.admin.post(f"/v1/admin/campaigns/{cid}/end")
    assert shop.asks(person, share).expect(409)["code"] == "campaign_not_running"


def test_an_invitation_has_the_everyday_poster(town: Town) -> None:
    shop.stands(town, "invite", square=shop.released(town, shop.document(format="square"))).expect(200)
    person = town.person("host")
    share = invitation(person)
    seen = scanned(town, shop.asks(person, share, "square").expect(200))
    assert (seen["page"], seen["scene"]) == ("pages/invite/index", share["scene"])


def test_a_poster_whose_code_cannot_be_read_is_given_to_nobody(town: Town, monkeypatch: Any) -> None:
    """It was released with a look at others: this one is broken on its way, as by a name that covers it."""
    from chalicelib.pictures.document import Fault, Mistake
    from chalicelib.posters import drawing

    _, person, share = shop.offered(town, shop.released(town))
    whole = drawing.drawn

    def broken(*asked: Any) -> Any:
        done = whole(*asked)
        done.faults.append(Fault(Mistake.CODE, "码", "code"))
        return done

    monkeypatch.setattr(drawing, "drawn", broken)
    assert shop.asks(person, share).expect(409)["code"] == "poster_unreadable"
    monkeypatch.undo()
    shop.asks(person, share).expect(200)


def test_a_poster_that_was_released_since_says_nothing_its_campaign_may_not(town: Town) -> None:
    """Whatever is lawful by itself was judged; what its campaign may not say is given to nobody there."""
    ident = shop.released(town)
    _, person, share = shop.offered(town, ident)
    shop.asks(person, share).expect(200)
    shop.edits(town, ident, 1, shop.document(words={**shop.WORDS, "subtitle": "余额可提现到微信零钱"})).expect(200)
    shop.releases(town, ident, 2).expect(200)
    assert shop.asks(person, share).expect(404)["code"] == "no_poster"
    shop.edits(town, ident, 2, shop.document(name="改回")).expect(200)
    shop.releases(town, ident, 3).expect(200)
    shop.asks(person, share).expect(200)


def test_an_everyday_poster_says_nothing_its_campaign_may_not(town: Town) -> None:
    usual = shop.released(town, shop.document(words={**shop.WORDS, "subtitle": "余额可提现到微信零钱"}))
    shop.stands(town, "campaign", tall=usual).expect(200)
    _, person, share = shop.offered(town)
    assert shop.asks(person, share).expect(404)["code"] == "no_poster"


def test_a_code_that_is_gone_is_made_anew(town: Town) -> None:
    _, person, share = shop.offered(town, shop.released(town))
    person.api.call("POST", f"/v1/shares/{share['share_id']}/code").expect(200)
    for name in town.emulator.pictures():
        if name.startswith("codes/"):
            files.keep(name, b"no picture", "image/jpeg")
    assert shop.asks(person, share).expect(429)["code"] == "pictures_busy"
    shop.asks(person, share).expect(200)


def test_a_busy_function_is_no_fault_of_ours(town: Town) -> None:
    _, person, share = shop.offered(town, shop.released(town))
    unreachable = EndpointConnectionError(endpoint_url="https://lambda")
    town.emulator.before = lambda call: unreachable if call.service == "lambda" else None
    busy = shop.asks(person, share)
    assert (busy.status, busy.expect(429)["code"], busy.headers["retry-after"]) == (429, "pictures_busy", "2")
    town.emulator.before = None
    shop.asks(person, share).expect(200)
