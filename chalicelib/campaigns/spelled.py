"""Words by which users find a campaign: one that is not over has each, and a publication takes it."""

from __future__ import annotations

from datetime import datetime

from chalicelib.campaigns.items import Campaign, Spelled, campaign_key, spelled_key
from chalicelib.campaigns.problems import WORD_TAKEN
from chalicelib.campaigns.states import CampaignState
from chalicelib.core.decision import Read
from chalicelib.core.errors import RippleError
from chalicelib.core.transaction import Transaction


def add(tx: Transaction, draft: Campaign, read: Read, now: datetime) -> None:
    """The words of a campaign lead to it once ``tx``, its publication, commits. Raises `WORD_TAKEN`.

    A campaign that has ended never runs again, so that it need not be insisted on.
    """
    for n, word in enumerate(draft.draft.spelled):
        key = spelled_key(draft.mid, word)
        before = read(key).item(Spelled, key)
        made = Spelled(*key, cid=draft.cid, until=draft.draft.ends_at)
        if before is None:
            tx.put(f"word{n}", made)
            continue
        if not _is_over(before, read, now):
            raise RippleError(WORD_TAKEN, campaign_id=before.cid)
        tx.put(f"word{n}", made, when={"as_seen": Spelled.cid == before.cid})


def _is_over(before: Spelled, read: Read, now: datetime) -> bool:
    if now >= before.until:
        return True
    key = campaign_key(before.mid, before.cid)
    other = read(key).item(Campaign, key)
    return other is not None and other.status is CampaignState.ENDED
