"""A grant that comes to nothing from the beginning: it takes nothing of a budget, and says why."""

from __future__ import annotations

from chalicelib.campaigns.gifts import Gift
from chalicelib.core import clock
from chalicelib.rewards import grants
from chalicelib.rewards.give import Origin
from chalicelib.rewards.items import Grant
from chalicelib.rewards.states import GrantState


def ungiven(source: str, uid: str, gift: Gift, origin: Origin, note: str) -> Grant:
    """What somebody would have got but for ``note``, which is one that users read."""
    now = clock.now()
    grant = grants.new(source, uid, gift, origin, GrantState.VOID, now, [], note=note)
    grant.ended_at = now
    grant.set_due(None)
    return grant
