"""Mini-program codes of shares: made once, kept for ever, and scanned they say by whom one came."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.core import clock
from chalicelib.core.errors import BUSY, RippleError
from chalicelib.core.ids import MerchantId
from chalicelib.core.rate import Rate
from chalicelib.sharing import minicodes
from chalicelib.sharing.items import Entry, MiniCode
from chalicelib.sharing.minicodes import LEASE, SAMPLE
from chalicelib.sharing.plugged import KINDS
from infra.local.client import Person, Reply
from tests.emulator import Call
from tests.sharing.friends import enters, invitation, shared
from tests.town import Death, Town

SCANNED = 1047
"""WeChat's number of a mini-program code that is scanned."""


class Shop:
    def __init__(self, town: Town) -> None:
        self.town = town
        self.mid = MerchantId(town.merchant.mid)
        self.ann = town.person("ann")
        self.campaign = town.campaign()
        self.share = shared(self.ann, self.campaign)
        self.path = f"/v1/shares/{self.share['share_id']}/code"

    def asks(self) -> Reply:
        return self.ann.api.call("POST", self.path)

    @property
    def made(self) -> int:
        """How often WeChat made a code."""
        return len(self.town.sim.world.pages.codes)

    @property
    def row(self) -> MiniCode:
        [found] = [item for item in self.town.items() if isinstance(item, MiniCode)]
        return found

    def scans(self, url: str) -> dict[str, Any]:
        """What the phone opens that sees the picture behind a link."""
        picture = self.town.emulator.opened(url)
        assert picture.status_code == 200
        opened: dict[str, Any] = self.town.act("/_sim/scan", picture=base64.b64encode(picture.content).decode())
        return opened


@pytest.fixture
def shop(town: Town, monkeypatch: pytest.MonkeyPatch) -> Shop:
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    return Shop(town)


def test_a_code_is_a_picture_behind_a_link_of_ten_minutes(shop: Shop) -> None:
    answer = shop.asks().expect(200)
    assert answer["page"] == "pages/campaign/index"
    assert answer["scene"] == shop.share["scene"]
    assert answer["media"] == "image/jpeg"
    assert clock.parse(answer["until"]) == clock.now() + timedelta(minutes=10)
    assert "X-Amz-Expires=600" in answer["url"]
    picture = shop.town.emulator.opened(answer["url"])
    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/jpeg")
    assert list(shop.town.emulator.pictures()) == [shop.row.file]
    assert str(shop.row.file).startswith(f"codes/{shop.town.merchant.mid}/")


def test_whoever_scans_it_is_known(shop: Shop) -> None:
    opened = shop.scans(shop.asks().expect(200)["url"])
    assert (opened["appid"], opened["page"]) == (shop.town.merchant.appid, "pages/campaign/index")
    ben = shop.town.person("ben")
    entry = enters(ben, scene=opened["scene"], scene_value=opened["scene_value"]).expect(200)
    assert opened["scene_value"] == SCANNED
    assert entry["open"]["path"] == shop.share["path"]
    assert (entry["counted"], entry["evidence"]) == (True, "opened")
    assert entry["inviter"] is not None
    [noted] = [item for item in shop.town.items() if isinstance(item, Entry)]
    assert (noted.sharer, noted.share, noted.scene_value) == (shop.ann.uid, shop.share["share_id"], SCANNED)


def test_a_code_is_made_once_for_ever(shop: Shop) -> None:
    first = shop.asks().expect(200)
    clock.advance(400 * 86_400)
    shop.ann.come_back()
    again = shop.asks().expect(200)
    assert {**again, "url": "", "until": ""} == {**first, "url": "", "until": ""}
    assert (shop.made, shop.row.asked) == (1, 1)
    assert shop.row.made_at is not None


def test_a_code_that_is_there_costs_one_read_and_nothing_else(shop: Shop) -> None:
    page, scene = "pages/campaign/index", shop.share["scene"]
    name = minicodes.code(shop.mid, page, scene)
    with shop.town.emulator.counting() as calls:
        assert minicodes.code(shop.mid, page, scene) == name
    assert [call.operation for call in calls] == ["GetItem"]
    assert json.loads(calls[0].body)["ConsistentRead"] is True


def test_every_share_has_a_code_of_its_own_and_every_kind_a_page(shop: Shop) -> None:
    own = invitation(shop.ann)
    answer = shop.ann.api.call("POST", f"/v1/shares/{own['share_id']}/code").expect(200)
    assert (answer["page"], answer["scene"]) == ("pages/invite/index", own["scene"])
    assert shop.scans(answer["url"])["scene"] == own["scene"]
    shop.asks().expect(200)
    assert len(shop.town.emulator.pictures()) == shop.made == 2


def test_the_sample_is_nobodys_share_on_the_page_of_campaigns(shop: Shop) -> None:
    assert SAMPLE.page == KINDS["campaign"].page.partition("?")[0]
    assert len(SAMPLE.scene) == len(shop.share["scene"])
    file = minicodes.code(shop.mid, *SAMPLE)
    assert file in shop.town.emulator.pictures()
    assert enters(shop.ann, scene=SAMPLE.scene, scene_value=SCANNED).body["code"] == "share_unknown"


def test_nobody_has_a_code_of_anothers_share_made(shop: Shop) -> None:
    ben = shop.town.person("ben")
    assert ben.api.call("POST", shop.path).body["code"] == "share_unknown"
    assert shop.ann.api.call("POST", f"/v1/shares/{'0' * 16}/code").status == 404
    assert shop.made == 0


def asks_meanwhile(shop: Shop, operation: str) -> list[Reply]:
    """Ann asks, and asks once more just before the first request's next call of that kind."""
    answers: list[Reply] = []
    shop.town.emulator.meanwhile(lambda: answers.append(shop.asks()), operation)
    answers.append(shop.asks())
    return answers


def test_of_two_who_ask_at_once_one_has_it_made(shop: Shop) -> None:
    second, first = asks_meanwhile(shop, "UpdateItem")
    assert (second.status, first.status) == (200, 200)
    assert shop.made == 1


def test_who_comes_while_it_is_made_is_told_to_come_back(shop: Shop) -> None:
    second, first = asks_meanwhile(shop, "PutObject")
    assert (second.status, second.body["code"]) == (429, "pictures_busy")
    assert first.status == 200
    assert (shop.made, shop.row.asked) == (1, 1)


def test_who_waits_is_answered_when_it_is_there(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    unfinished: list[Callable[[], None]] = []

    def sleeps(seconds: float) -> None:
        waited.append(seconds)
        if len(waited) == 2:
            unfinished.pop()()

    monkeypatch.setattr("time.sleep", sleeps)
    shop.asks().expect(200)
    done = shop.row
    shop.town.emulator.restore(half(done))
    unfinished.append(lambda: shop.town.emulator.restore(done))
    shop.asks().expect(200)
    assert (waited, shop.made) == ([0.3, 0.6], 1)


def half(done: MiniCode) -> MiniCode:
    """The code as it was while it was made."""
    until = clock.now() + LEASE
    return MiniCode(*done.key, page=done.page, scene=done.scene, asked=1, leased_until=until)


@pytest.mark.parametrize("service", ["before", "after"])
@pytest.mark.parametrize("number", range(1, 5))
def test_whoever_dies_leaves_the_code_to_the_next_after_the_lease(shop: Shop, number: int, service: str) -> None:
    """Dies at the lease, the token of the pace, the file, the end; before it and after it."""
    seen = []

    def dies(call: Call) -> None:
        if call.operation in ("UpdateItem", "PutObject"):
            seen.append(call.operation)
            if len(seen) == number:
                raise Death

    setattr(shop.town.emulator, service, dies)
    with pytest.raises(Death):
        shop.asks()
    setattr(shop.town.emulator, service, None)
    assert seen[-1] == ("UpdateItem", "UpdateItem", "PutObject", "UpdateItem")[number - 1]
    at_once = shop.asks()
    clock.advance(LEASE.total_seconds())
    opened = shop.scans(shop.asks().expect(200)["url"])
    assert opened["scene"] == shop.share["scene"]
    untouched, done = (number, service) == (1, "before"), (number, service) == (4, "after")
    assert at_once.status == (200 if untouched or done else 429)
    assert shop.made <= shop.row.asked == (1 if untouched or done else 2)


@pytest.mark.parametrize("kind", ["busy", "lost", "garbled", "5xx", "unreachable", "quota"])
def test_without_wechat_there_is_no_code_and_the_next_asks_at_once(shop: Shop, kind: str) -> None:
    shop.town.act("/_sim/faults", endpoint="code", kind=kind, count=1)
    refused = shop.asks()
    assert (refused.status, refused.body["code"]) == (503, "code_unavailable")
    assert shop.town.emulator.pictures() == {}
    assert shop.row.file is None
    assert shop.row.leased_until is None
    shop.asks().expect(200)
    assert shop.row.asked == 2


def test_wechats_quota_is_said_and_over_the_next_minute(shop: Shop) -> None:
    shop.town.act("/_sim/allowances", api="code", minute=0)
    assert shop.asks().body["code"] == "code_unavailable"
    clock.advance(60)
    shop.town.act("/_sim/allowances", api="code", minute=1)
    shop.asks().expect(200)


def test_a_merchant_asks_for_fewer_than_wechat_makes(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    assert minicodes.CODES.normal * 60 < 5_000
    monkeypatch.setattr("chalicelib.sharing.minicodes.CODES", Rate(normal=2, slow=1))
    campaign, answers = town.campaign(), []
    for name in ("ann", "ben", "cat"):
        person: Person = town.person(name)
        answers.append(person.api.call("POST", f"/v1/shares/{shared(person, campaign)['share_id']}/code").status)
    assert answers == [200, 200, 429]
    assert len(town.sim.world.pages.codes) == 2


@pytest.mark.parametrize(
    ("language", "words"), [("zh", "线上版本没有页面"), ("en", "has no page pages/campaign/index")]
)
def test_a_page_that_is_not_released_is_named(shop: Shop, language: str, words: str) -> None:
    page = {"appid": shop.town.merchant.appid, "page": "pages/campaign/index"}
    shop.town.act("/_sim/pages", **page, released=False)
    refused = shop.ann.api.call("POST", shop.path, headers={"Accept-Language": language})
    assert (refused.status, refused.body["code"], refused.body["page"]) == (409, "page_not_released", page["page"])
    assert words in refused.body["detail"]
    assert refused.body["next"]
    shop.town.act("/_sim/pages", **page, released=True)
    asked = shop.row.asked
    assert (shop.asks().status, shop.row.asked) == (409, asked), "WeChat is not asked again at once"
    clock.advance(minicodes.REFUSED.total_seconds())
    shop.asks().expect(200)


def test_a_request_that_wechat_finds_wrong_is_no_problem_of_the_users(shop: Shop) -> None:
    shop.town.sim.world.merchants[shop.town.merchant.mchid].appsecret = "another"
    refused = shop.asks()
    assert (refused.status, refused.body["code"]) == (503, "code_unavailable")


@pytest.mark.parametrize("before", [True, False])
def test_a_code_whose_picture_is_not_kept_is_made_again(shop: Shop, before: bool) -> None:
    def fails(call: Call) -> Exception | None:
        return RippleError(BUSY) if call.operation == "PutObject" else None

    setattr(shop.town.emulator, "before" if before else "after", fails)
    refused = shop.asks()
    shop.town.emulator.before = shop.town.emulator.after = None
    assert (refused.status, refused.body["code"]) == (503, "busy")
    assert shop.row.file is None
    shop.asks().expect(200)
    assert len(shop.town.emulator.pictures()) == 1


def test_who_is_overtaken_gives_nobodys_lease_up(shop: Shop) -> None:
    """WeChat answers so late that another has asked in the meantime: that one's lease stays."""
    answers: list[Reply] = []

    def late(call: Call) -> Exception | None:
        if call.operation != "PutObject":
            return None
        shop.town.emulator.before = overtaken
        clock.advance(LEASE.total_seconds())
        with pytest.raises(Death):
            shop.asks()
        shop.town.emulator.before = None
        return RippleError(BUSY)

    def overtaken(call: Call) -> Exception | None:
        if call.operation == "PutObject":
            raise Death
        return None

    shop.town.emulator.before = late
    answers.append(shop.asks())
    assert answers[0].status == 503
    assert shop.row.leased_until == clock.now() + LEASE
    assert shop.asks().body["code"] == "pictures_busy"


def test_two_merchants_codes_are_apart(shop: Shop) -> None:
    other = shop.town.second()
    first, second = (minicodes.code(mid, *SAMPLE) for mid in (shop.mid, MerchantId(other.mid)))
    assert first != second
    codes = shop.town.sim.world.pages.codes.values()
    assert {code.appid for code in codes} == {shop.town.merchant.appid, other.appid}
