"""The page about rewarded invitations shows answers as they are, and all options."""

from __future__ import annotations

import re
from typing import Any

import msgspec
import pytest

from chalicelib.campaigns.kinds.invite import InviteOffer, StageOn
from chalicelib.campaigns.offer import Offer
from chalicelib.core import clock
from chalicelib.invite.items import Rewards
from chalicelib.invite.reward_views import SEEN
from chalicelib.rewards.states import NONE_LEFT, NOT_IN_TIME, ORDER_REFUNDED
from infra.local.endpoint import ROOT
from tests.documents import rows, shape, shown
from tests.inviting.shop import accepts, buys_alone, days, offer, rewards
from tests.town import Town

PAGE = (ROOT / "docs/invites.md").read_text()
SHOWN = shown(PAGE)


@pytest.fixture
def answers(town: Town) -> dict[str, Any]:
    campaign = town.campaign(offer())
    ann = town.person("ann")
    clock.advance(1)
    ben = town.person("ben")
    accepted = accepts(ben, ann, campaign).expect(201)
    buys_alone(town, ben, town.campaign())
    town.stream()
    days(town, 2.1)
    return {
        "accepted": accepted,
        "rewards": rewards(ann, campaign),
        "inviters": town.admin.get(f"/v1/admin/campaigns/{campaign}/inviters"),
    }


@pytest.mark.parametrize("name", SHOWN)
def test_an_answer_is_shown_as_it_is(answers: dict[str, Any], name: str) -> None:
    assert shape(SHOWN[name]) == shape(answers[name])
    assert set(SHOWN) == set(answers)


def test_every_option_is_told() -> None:
    own = {field.name for field in msgspec.structs.fields(InviteOffer)}
    common = {field.name for field in msgspec.structs.fields(Offer)}
    table = PAGE.split("## For a merchant")[1].split("**What a step takes")[0]
    assert rows(table) == (own - common) | {"kind"}


def test_every_word_that_an_answer_may_say_is_told() -> None:
    notes = (ORDER_REFUNDED, NOT_IN_TIME, NONE_LEFT)
    said = {*SEEN.values(), *notes, *(one.value for one in Rewards), *(one.value for one in StageOn)}
    assert said <= set(re.findall(r"`(\w+)`", PAGE))
