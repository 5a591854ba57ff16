"""A day of trade."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.core import clock
from tests.town import Town


@pytest.fixture
def traded(town: Town) -> dict[str, Any]:
    """A day on which a group succeeded, one failed and was refunded, and somebody bought alone; its first order."""
    campaign = town.campaign(size=2, group_seconds=3600)
    _, opened = town.opened(campaign)
    town.joined(opened["group_id"])
    town.opened(campaign)
    alone = town.person()
    alone.pay(alone.buy(campaign).expect(201)).expect(200)
    town.hear()
    clock.advance(3600)
    town.minute()
    town.stream()
    clock.advance(60)
    town.hear()
    return opened
