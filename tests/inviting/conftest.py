"""What tests of rewarded invitations begin with."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from infra.local.client import Person
from tests.inviting.shop import friend_of, offer
from tests.town import Town


class Pair(NamedTuple):
    """Ann, who invites through a campaign, and Ben, who has accepted."""

    ann: Person
    ben: Person
    campaign: str


@pytest.fixture
def pair(town: Town) -> Pair:
    """The two of them."""
    campaign = town.campaign(offer())
    ann = town.person("ann")
    return Pair(ann, friend_of(town, ann, campaign, "ben"), campaign)
