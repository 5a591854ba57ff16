"""What speaks against a helper: what ordinary people share costs them nothing, the rest waits or is refused."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.core import clock
from infra.local.client import Person, Reply
from tests.bargain.shop import LOOKED, bargain, gives, grown, help_of, helps, offer, page, started
from tests.town import Town

DEVICE = "one-phone-of-many"
DAY = 86_400


@pytest.fixture
def bid(town: Town) -> str:
    (ann,) = grown(town, "ann")
    return started(ann, town.campaign(offer()))


def looks(person: Person, bid: str) -> str:
    """He looks at the page from the one device; his ticket."""
    seen: Any = person.api.call("GET", f"/v1/bargains/{bid}", headers={"X-Device-Id": DEVICE}).expect(200)
    given: str = seen["help_ticket"]
    return given


def helps_from_there(person: Person, bid: str) -> Reply:
    given = looks(person, bid)
    clock.advance(LOOKED)
    return gives(person, bid, given)


@pytest.mark.parametrize("kind", ["busy", "quota", "5xx", "unreachable", "lost", "slow", "garbled"])
def test_where_wechat_tells_no_rank_a_newcomer_among_many_counts_at_once(town: Town, bid: str, kind: str) -> None:
    for _ in range(21):
        page(town.person(), bid)
    town.act("/_sim/faults", endpoint="risk", kind=kind, count=None)
    ben = town.person("ben")
    assert helps(ben, bid).expect(201)["my_help"] == {"state": "counted", "cut_fen": 1000}
    kept = help_of(town, bid, ben)
    assert kept is not None
    assert kept.reasons == ["rank_unknown", "young_account", "address_crowded"]


def test_the_worst_rank_is_refused_without_a_reason_and_nothing_is_written(town: Town, bid: str) -> None:
    town.act("/_sim/ranks", name="ben", rank=4)
    (ben,) = grown(town, "ben")
    given = page(ben, bid)["help_ticket"]
    clock.advance(LOOKED)
    before = [item.serialize() for item in town.items()]
    refused = gives(ben, bid, given).expect(409)
    assert (refused["code"], refused["detail"], refused["next"]) == ("help_not_taken", "本次助力未成功", "看看其他活动")
    assert not any(word in str(refused) for word in ("rank", "risk", "风险"))
    assert [item.serialize() for item in town.items()] == before
    assert town.admin.get("/v1/admin/held")["held"] == []


def test_the_fourth_account_on_a_device_within_a_day_waits(town: Town, bid: str) -> None:
    *others, ben = grown(town, "cat", "dan", "eve", "ben")
    for other in others:
        looks(other, bid)
        clock.advance(60)
    assert helps_from_there(ben, bid).expect(201)["my_help"] == {"state": "checking", "cut_fen": None}
    (waiting,) = town.admin.get("/v1/admin/held")["held"]
    assert [why["code"] for why in waiting["why"]] == ["device_shared"]
    assert (bargain(town, bid).helps, bargain(town, bid).held) == (0, 1)


def test_three_accounts_on_a_device_or_a_fourth_a_day_later_count_at_once(town: Town) -> None:
    ann, *others, ben = grown(town, "ann", "cat", "dan", "eve", "ben")
    bid = started(ann, town.campaign(offer(bargain_seconds=2 * DAY)))
    states = [helps_from_there(other, bid).expect(201)["my_help"]["state"] for other in others[:2]]
    looks(others[2], bid)
    clock.advance(DAY)
    ben.come_back()
    states.append(helps_from_there(ben, bid).expect(201)["my_help"]["state"])
    assert states == ["counted"] * 3
