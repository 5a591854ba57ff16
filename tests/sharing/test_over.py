"""What is over, or comes from Moments, or from oneself, brings nobody."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.accounts.items import User, user_key
from chalicelib.core import clock
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import read_one
from infra.local.client import Person
from infra.local.seed import demo_offer
from tests.invite.family import accepts, by_share, code_of, counted
from tests.sharing.friends import TIMELINE, comes_by, enters, invitation, shared
from tests.town import Town


def mine(person: Person, campaign: str) -> int:
    found: int = person.api.get(f"/v1/campaigns/{campaign}/leaderboard")["mine"]
    return found


def two(town: Town) -> tuple[Person, Person]:
    ann = town.person("ann")
    clock.advance(5)
    return ann, town.person("ben")


def test_a_campaign_that_its_merchant_ended_counts_nobody(town: Town) -> None:
    campaign = town.campaign()
    ann, ben = two(town)
    share = shared(ann, campaign)
    town.admin.post(f"/v1/admin/campaigns/{campaign}/end")
    clock.advance(60)
    assert comes_by(ben, share)["why_not"] == "ended"
    by_share(ben, share).expect(201)
    counted(town)
    assert mine(ann, campaign) == 0


def test_a_campaign_that_has_not_begun_counts_nobody(town: Town) -> None:
    begins = clock.iso(clock.now() + timedelta(hours=5))
    campaign = town.campaign({**demo_offer(now=clock.now()), "starts_at": begins})
    ann, ben = two(town)
    by_share(ben, shared(ann, campaign)).expect(201)
    counted(town)
    assert mine(ann, campaign) == 0


def test_whoever_says_that_he_comes_from_moments_is_invited_by_nobody(town: Town) -> None:
    ann, ben = two(town)
    said: dict[str, Any] = {"share_id": invitation(ann)["share_id"], "scene_value": TIMELINE}
    refused = ben.api.call("POST", "/v1/invites", said).expect(404)
    assert (refused["code"], refused["errors"][0]["pointer"]) == ("invite_unknown", "/scene_value")
    ben.api.call("POST", "/v1/invites", {**said, "scene_value": 1007}).expect(201)


def test_nobody_invites_another_account_of_his(town: Town) -> None:
    ann, ben = two(town)
    mid = MerchantId(town.merchant.mid)
    users = [read_one(User, user_key(mid, person.uid)) for person in (ann, ben)]
    assert users[0] and users[1] and users[0].unionid
    users[1].unionid = users[0].unionid
    town.emulator.restore(users[1])
    assert accepts(ben, ann).expect(409)["code"] == "invite_self"


@pytest.mark.parametrize("text", ["20261111 活动，我的邀请码 {}", "电话 13800001111 邀请码{}"])
def test_a_code_is_found_behind_other_numbers(town: Town, text: str) -> None:
    ann, ben = two(town)
    enters(ben, text=text.format(code_of(ann))).expect(200)
