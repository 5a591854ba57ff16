"""The states of a campaign, as a table that can be printed."""

from __future__ import annotations

from enum import StrEnum


class CampaignState(StrEnum):
    """Where a campaign is."""

    DRAFT = "draft"
    PUBLISHED = "published"
    PAUSED = "paused"
    ENDED = "ended"


MOVES: dict[str, tuple[tuple[CampaignState, ...], CampaignState]] = {
    "publish": ((CampaignState.DRAFT,), CampaignState.PUBLISHED),
    "pause": ((CampaignState.PUBLISHED,), CampaignState.PAUSED),
    "resume": ((CampaignState.PAUSED,), CampaignState.PUBLISHED),
    "end": ((CampaignState.PUBLISHED, CampaignState.PAUSED), CampaignState.ENDED),
}
"""What a merchant may do with a campaign: from which states, and to which."""
