"""The card that a page gives: the same for one user and object, written down once."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from chalicelib.core import clock
from chalicelib.core.errors import BUSY, RippleError
from chalicelib.core.ids import MerchantId, UserId
from chalicelib.core.rate import Rate
from chalicelib.sharing import plugged, shares
from chalicelib.sharing.items import Sharing
from chalicelib.sharing.objects import Kind, Shareable, Sharers
from infra.local.client import Person
from tests.emulator import Call
from tests.sharing.friends import enters, invitation, shared
from tests.town import Town

SCENE = re.compile(r"[0-9a-zA-Z!#$&'()*+,/:;=?@\-._~]{1,32}")
"""What WeChat takes as a code's scene."""


def rows(town: Town) -> list[Sharing]:
    return [item for item in town.items() if isinstance(item, Sharing)]


def test_a_card_is_the_same_whenever_one_looks_and_each_has_his_own(town: Town) -> None:
    campaign = town.campaign()
    ann, ben = town.person("ann"), town.person("ben")
    first = shared(ann, campaign)
    clock.advance(60)
    assert shared(ann, campaign) == first
    assert shared(ben, campaign)["share_id"] != first["share_id"]
    assert first["path"] == f"pages/campaign/index?c={campaign}&s={first['share_id']}"
    assert (first["title"], first["short_link"]) == ("一起拼2026年秋茶礼盒", None)


def test_a_scene_is_one_that_wechat_takes_and_names_nobody(town: Town) -> None:
    campaign = town.campaign()
    leader, seat = town.opened(campaign)
    for share in (shared(leader, campaign), leader.group(seat["group_id"])["share"], invitation(leader)):
        assert SCENE.fullmatch(share["scene"])
        assert leader.uid not in share["path"]


def test_a_second_look_writes_nothing(town: Town) -> None:
    campaign = town.campaign()
    leader, seat = town.opened(campaign)
    looks: list[Callable[[], object]] = [
        lambda: shared(leader, campaign),
        lambda: leader.group(seat["group_id"]),
        lambda: invitation(leader),
    ]
    for number, look in enumerate(looks, 1):
        with town.emulator.counting() as first:
            look()
        with town.emulator.counting() as second:
            look()
        writes = [[call.operation for call in calls if call.operation == "UpdateItem"] for calls in (first, second)]
        assert writes == [["UpdateItem"], []]
        assert len(rows(town)) == number


@pytest.mark.parametrize("before", [True, False])
def test_a_look_does_not_fail_for_a_share_that_cannot_be_written(town: Town, before: bool) -> None:
    campaign, ann = town.campaign(), town.person("ann")

    def busy(call: Call) -> Exception | None:
        return RippleError(BUSY) if call.operation == "UpdateItem" else None

    setattr(town.emulator, "before" if before else "after", busy)
    share = shared(ann, campaign)
    town.emulator.before = town.emulator.after = None
    assert len(rows(town)) == (0 if before else 1)
    assert shared(ann, campaign) == share
    assert len(rows(town)) == 1
    enters(town.person("ben"), scene=share["scene"]).expect(200)


def test_only_its_owner_shares_what_is_his(world: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(plugged.KINDS, "bowl", Kind(page="pages/bowl?b={id}", sharers=Sharers.OWNER))
    mid, ann, ben = MerchantId("m1"), UserId("ANN"), UserId("BEN")
    bowl = Shareable(kind="bowl", id="B1", title="a bowl", owner=ann)
    assert shares.shown(mid, ben, bowl, None) is None
    assert shares.shown(mid, ann, bowl, None) is not None


def test_two_who_look_at_once_write_it_once(town: Town) -> None:
    campaign, ann = town.campaign(), town.person("ann")
    town.emulator.meanwhile(lambda: shared(ann, campaign), "UpdateItem")
    share = shared(ann, campaign)
    [row] = rows(town)
    assert row.share_id == share["share_id"]


class Shop:
    def __init__(self, town: Town) -> None:
        self.town = town
        self.ann = town.person("ann")
        self.share = shared(self.ann, town.campaign())
        self.path = f"/v1/shares/{self.share['share_id']}"

    def links(self) -> list[str]:
        return list(self.town.sim.world.short_links.get(self.town.merchant.appid, {}))


@pytest.fixture
def shop(town: Town) -> Shop:
    return Shop(town)


def test_a_short_link_is_made_once_and_opens_the_page(shop: Shop) -> None:
    made = shop.ann.api.post(f"{shop.path}/short-link")
    clock.advance(86_400)
    shop.ann.come_back()
    assert shop.ann.api.post(f"{shop.path}/short-link") == made
    assert shop.links() == [made["short_link"]]
    page = shop.town.act("/_sim/open-link", appid=shop.town.merchant.appid, link=made["short_link"])["page_url"]
    assert page == shop.share["path"]


def test_a_page_shows_the_link_while_it_lives_and_makes_none(shop: Shop) -> None:
    campaign = shop.share["path"].partition("c=")[2].partition("&")[0]
    made = shop.ann.api.post(f"{shop.path}/short-link")
    assert shared(shop.ann, campaign)["short_link"] == made["short_link"]
    clock.advance(29 * 86_400)
    shop.ann.come_back()
    assert shared(shop.ann, campaign)["short_link"] is None
    again = shop.ann.api.post(f"{shop.path}/short-link")
    assert shop.links() == [made["short_link"], again["short_link"]]
    assert shared(shop.ann, campaign)["short_link"] == again["short_link"]


def test_two_who_ask_at_once_are_answered_one_link(shop: Shop) -> None:
    answers = []

    def other(call: Call) -> None:
        if call.operation == "UpdateItem" and b"short_link" in call.body:
            shop.town.emulator.before = None
            answers.append(shop.ann.api.post(f"{shop.path}/short-link"))

    shop.town.emulator.before = other
    answers.append(shop.ann.api.post(f"{shop.path}/short-link"))
    assert answers[0] == answers[1]


@pytest.mark.parametrize("kind", ["quota", "busy", "lost", "garbled", "5xx"])
def test_without_wechat_there_is_no_link_and_the_card_stays(shop: Shop, kind: str) -> None:
    shop.town.act("/_sim/faults", endpoint="short_link", kind=kind, count=1)
    refused = shop.ann.api.call("POST", f"{shop.path}/short-link")
    assert (refused.status, refused.body["code"]) == (503, "short_link_unavailable")
    shop.ann.api.post(f"{shop.path}/short-link")


def test_the_days_quota_is_said_and_over_the_next_day(shop: Shop) -> None:
    shop.town.sim.world.short_links_a_day = 0
    assert shop.ann.api.call("POST", f"{shop.path}/short-link").status == 503
    shop.town.sim.world.short_links_a_day = 1
    shop.ann.api.post(f"{shop.path}/short-link")


def test_a_merchant_asks_for_no_more_links_a_second_than_a_days_quota_lasts(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chalicelib.sharing.links.LINKS", Rate(normal=2, slow=1))
    campaign = town.campaign()
    answers = []
    for name in ("ann", "ben", "cat"):
        person = town.person(name)
        share = shared(person, campaign)["share_id"]
        answers.append(person.api.call("POST", f"/v1/shares/{share}/short-link").status)
    assert answers == [200, 200, 503]


def test_nobody_has_anything_made_for_anothers_share(shop: Shop) -> None:
    ben = shop.town.person("ben")
    for what in ("short-link", "private-card"):
        assert ben.api.call("POST", f"{shop.path}/{what}").body["code"] == "share_unknown"
        assert shop.ann.api.call("POST", f"/v1/shares/{'0' * 16}/{what}").status == 404
    assert shop.links() == []


def test_a_private_card_is_the_same_for_six_days_and_older_ones_are_kept(shop: Shop) -> None:
    first = shop.ann.api.post(f"{shop.path}/private-card")
    clock.advance(6 * 86_400 - 1)
    shop.ann.come_back()
    assert shop.ann.api.post(f"{shop.path}/private-card") == first
    clock.advance(1)
    second = shop.ann.api.post(f"{shop.path}/private-card")
    [row] = rows(shop.town)
    assert [activity.id for activity in row.activities] == [first["activity_id"], second["activity_id"]]
    clock.advance(120 * 86_400)
    shop.ann.come_back()
    third = shop.ann.api.post(f"{shop.path}/private-card")
    [row] = rows(shop.town)
    assert [activity.id for activity in row.activities] == [third["activity_id"]]


def test_without_wechat_there_is_no_private_card(shop: Shop) -> None:
    shop.town.act("/_sim/faults", endpoint="activity", kind="unreachable", count=1)
    refused = shop.ann.api.call("POST", f"{shop.path}/private-card")
    assert (refused.status, refused.body["code"]) == (503, "private_card_unavailable")


def test_a_person_has_a_share_of_each_object(town: Town) -> None:
    ann: Person = town.person("ann")
    ids = {shared(ann, town.campaign())["share_id"] for _ in range(3)} | {invitation(ann)["share_id"]}
    assert len(ids) == 4
