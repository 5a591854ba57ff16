"""Friends and crowds that are doubted: what they bring waits, or is nothing."""

from __future__ import annotations

import pytest

from chalicelib.core import clock
from tests.invite.family import lives
from tests.inviting.shop import (
    GIFT,
    POINTS,
    accepts,
    balance,
    bare,
    counted,
    days,
    friend_of,
    rewards,
    stage,
)
from tests.rewards.shop import rewards as told_of
from tests.town import Town


@pytest.mark.parametrize(
    ("rank", "gift", "becomes"),
    [(0, GIFT, "granted"), (1, GIFT, "review"), (1, POINTS, "granted"), (3, POINTS, "review"), (3, GIFT, "void")],
)
def test_what_wechat_thinks_of_a_friend_decides_what_he_brings(
    town: Town, rank: int, gift: dict[str, object], becomes: str
) -> None:
    campaign = town.campaign(bare(stages=[{"on": "accepted", "gift": gift, "hold_days": 1}], welcome={"gift": gift}))
    ann = town.person("ann")
    town.act("/_sim/ranks", name="ben", rank=rank)
    ben = friend_of(town, ann, campaign, "ben")
    days(town, 1.1)
    assert (stage(town, ann, ben, "accepted"), stage(town, ben, ben, "welcome")) == (becomes, becomes)
    (line,) = rewards(ann, campaign)["friends"][0]["stages"]
    assert line["why_not"] is None
    (told,) = told_of(ann)
    assert told["reason"] == ("未通过审核" if becomes == "void" else None)
    (seen,) = town.admin.get(f"/v1/admin/users/{ann.uid}/rewards")["rewards"]
    assert bool(seen["reasons"]) == (becomes in ("review", "void"))


def test_a_friend_of_whom_wechat_warns_counts_towards_no_threshold(town: Town) -> None:
    campaign = town.campaign(bare(thresholds=[{"friends": 2, "gift": POINTS}], count_after_days=1))
    ann = town.person("ann")
    for name, rank in (("ben", 4), ("cat", 3)):
        town.act("/_sim/ranks", name=name, rank=rank)
        friend_of(town, ann, campaign, name)
    days(town, 1.1)
    assert counted(town, ann, campaign) == 1
    assert [one["counted"] for one in rewards(ann, campaign)["friends"]] == [True, False]
    friend_of(town, ann, campaign)
    days(town, 1.1)
    assert rewards(ann, campaign)["thresholds"][0]["reached"]["state"] == "granted"


def test_a_friend_of_whom_wechat_says_nothing_brings_what_others_do(town: Town) -> None:
    campaign = town.campaign(bare(stages=[{"on": "accepted", "gift": GIFT, "hold_days": 1}]))
    ann = town.person("ann")
    town.act("/_sim/faults", endpoint="risk", kind="unreachable", count=None)
    ben = friend_of(town, ann, campaign)
    days(town, 1.1)
    assert stage(town, ann, ben, "accepted") == "granted"


def test_what_looks_made_waits_for_the_merchant_and_the_user_reads_nothing_of_it(town: Town) -> None:
    campaign = town.campaign(bare(stages=[{"on": "accepted", "gift": GIFT, "hold_days": 1}]))
    ann = town.person("ann")
    for n in range(5):
        clock.advance(200)
        farmed = lives(town.person(), f"10.{n}.0.7", "one-device-0001")
        accepts(farmed, ann, campaign).expect(201)
    days(town, 1.2)
    found = rewards(ann, campaign)["friends"]
    assert {one["stages"][0]["state"] for one in found} == {"checking"}
    assert {one["stages"][0]["why_not"] for one in found} == {None}
    admin = town.admin.get(f"/v1/admin/users/{ann.uid}/invites")
    assert {one["grants"][0]["note"] for one in admin["down"]} == {"chain"}
    assert balance(town, ann) == 0
