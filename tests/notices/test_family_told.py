"""A family's owner is told of requests to him, whoever asks of what came of it; each of each once."""

from __future__ import annotations

import pytest

from chalicelib.accounts.mask import NOBODY
from chalicelib.notices.moments import Moment
from infra.local.client import Person
from tests.family.asks_shop import asked, asks, decides
from tests.family.shop import household
from tests.family.shop import member_of as member
from tests.notices import shop
from tests.notices.test_rewards_told import owed
from tests.orders.test_tenders import SOLO
from tests.town import Town

REQUEST, ANSWER = Moment.FAMILY_REQUEST, Moment.FAMILY_ANSWER
DAY = 86_400


@pytest.fixture
def home(town: Town) -> tuple[Person, Person, str]:
    """An owner and a member who want to be told of three requests, and their family."""
    shop.says(town, REQUEST, ANSWER)
    mum, ann = town.person("mum"), town.person("ann")
    fid = household(town, mum, ann, granted=10_000, paid=20_000)
    for _ in range(3):
        shop.consents(town, mum, REQUEST)
        shop.consents(town, ann, ANSWER)
    return mum, ann, fid


def told(town: Town, person: Person) -> list[tuple[str, list[str]]]:
    """The page that each message opens, and what it says."""
    return [(one["page"], list(one["data"].values())) for one in shop.messages(town, person)]


def test_the_owner_is_told_who_asks_for_what_and_until_when(town: Town, home: tuple[Person, Person, str]) -> None:
    mum, ann, fid = home
    ann.api.call("PATCH", "/v1/me", {"nickname": "安小妮"}).expect(200)
    town.stream()
    campaign = town.campaign()
    for _ in range(2):
        asks(ann, fid, campaign, key="one-tap-of-a-daughter").expect(201)
    town.stream()
    town.pass_time(180)
    said = ["2026年秋茶礼盒", "安**", f"{SOLO / 100:.2f}元", "2026年11月12日 20:00"]
    assert told(town, mum) == [(f"pages/family/index?f={fid}", said)]
    assert told(town, ann) == []


def test_who_has_no_name_that_others_may_see_has_none_in_a_message(
    town: Town, home: tuple[Person, Person, str]
) -> None:
    mum, ann, fid = home
    asked(ann, fid, town.campaign())
    town.stream()
    ((_, said),) = told(town, mum)
    assert said[1] == NOBODY


@pytest.mark.parametrize(
    ("what", "word"), [("approve", "已同意"), ("pay", "已同意"), ("refuse", "已拒绝"), ("wait", "已过期")]
)
def test_whoever_asked_is_told_what_came_of_it_once(
    town: Town, home: tuple[Person, Person, str], what: str, word: str
) -> None:
    mum, ann, fid = home
    ask_id = asked(ann, fid, town.campaign())
    town.stream()
    if what == "wait":
        town.pass_time(DAY + 120, tick=600)
    else:
        for _ in range(2):
            decides(mum, fid, ask_id, what).expect(200)
    town.stream()
    town.pass_time(180)
    ((page, said),) = told(town, ann)
    assert (page, said[:3]) == (f"pages/family/index?f={fid}", ["2026年秋茶礼盒", f"{SOLO / 100:.2f}元", word])
    assert len(told(town, mum)) == 1


def test_of_what_he_withdrew_himself_nobody_is_told(town: Town, home: tuple[Person, Person, str]) -> None:
    _, ann, fid = home
    decides(ann, fid, asked(ann, fid, town.campaign()), "withdraw").expect(200)
    town.stream()
    assert told(town, ann) == []


def test_a_refused_approval_tells_nothing(town: Town, home: tuple[Person, Person, str]) -> None:
    mum, ann, fid = home
    ask_id = asked(ann, fid, town.campaign())
    mum.api.call("POST", f"/v1/families/{fid}/members/{ann.uid}/freeze", {}).expect(200)
    decides(mum, fid, ask_id, "approve").expect(409)
    town.stream()
    assert told(town, ann) == [] and member(town, fid, ann).approved in (None, 0)


def test_each_is_asked_for_what_he_waits_for(town: Town, home: tuple[Person, Person, str]) -> None:
    mum, ann, fid = home
    for person, moment in ((mum, REQUEST), (ann, ANSWER)):
        wanted = {"template_ids": [shop.template_id(moment)]}
        assert person.api.get(f"/v1/families/{fid}")["ask"] == wanted
        assert person.api.get("/v1/me/family")["family"]["ask"] == wanted


def test_nothing_is_owed_where_the_merchant_has_no_template(town: Town) -> None:
    shop.says(town, Moment.PAID)
    mum, ann = town.person("mum"), town.person("ann")
    fid, campaign = household(town, mum, ann, granted=10_000, paid=20_000), town.campaign()
    for what in ("approve", "refuse"):
        decides(mum, fid, asked(ann, fid, campaign), what).expect(200)
    asked(ann, fid, campaign)
    town.pass_time(DAY + 120, tick=600)
    assert owed(town) == []
