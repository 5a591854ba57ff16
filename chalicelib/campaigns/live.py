"""Campaigns as plays read them: a published one under its snapshot in force, kept for a moment."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar, cast

from chalicelib.campaigns.items import Campaign, Snapshot, campaign_key, snapshot_key
from chalicelib.campaigns.kinds import AnyOffer
from chalicelib.campaigns.offer import Offer
from chalicelib.campaigns.problems import NOT_RUNNING
from chalicelib.campaigns.states import CampaignState
from chalicelib.core.config import config
from chalicelib.core.errors import NOT_FOUND, RippleError
from chalicelib.core.ids import CampaignId, MerchantId
from chalicelib.core.store import read
from chalicelib.merchants.segments import SegmentSetup, segments_key

Document = TypeVar("Document", bound=Offer)
D_co = TypeVar("D_co", bound=Offer, covariant=True)


@dataclass(frozen=True)
class Live(Generic[D_co]):
    """A published campaign, and what its merchant said that concerns orders; at most `Config.cache_seconds` old."""

    mid: MerchantId
    cid: CampaignId
    status: CampaignState
    version: int
    hash: str
    offer: D_co
    shards: dict[str, int]
    """How many stock shards each SKU and each escrow has."""
    is_counted: bool = False
    """Whether its merchant has what people buy counted for their segments (`merchants.segments`)."""

    def is_running(self, now: datetime) -> bool:
        """Whether it is within its window, neither paused nor ended."""
        return self.status is CampaignState.PUBLISHED and self.offer.starts_at <= now < self.offer.ends_at

    def insist_running(self, now: datetime) -> None:
        """Raise `NOT_RUNNING` outside the campaign's window and while it is paused or ended."""
        if not self.is_running(now):
            raise RippleError(NOT_RUNNING, status=self.status.value)

    def insist_not_over(self, now: datetime) -> None:
        """Raise `NOT_RUNNING` once it has ended; before it begins, and while it is paused, it may be made ready."""
        if self.status is CampaignState.ENDED or now >= self.offer.ends_at:
            raise RippleError(NOT_RUNNING, status=self.status.value)

    def insist_not_paused(self) -> None:
        """Raise `NOT_RUNNING` while it is paused; what was begun before its end may still be completed after it."""
        if self.status is CampaignState.PAUSED:
            raise RippleError(NOT_RUNNING, status=self.status.value)


_kept: dict[tuple[MerchantId, CampaignId], tuple[float, Live[AnyOffer]]] = {}


def live(mid: MerchantId, cid: CampaignId, of: type[Document]) -> Live[Document]:
    """The campaign with a document ``of`` a play. Raises `NOT_FOUND` for a draft, another play's, a foreign id."""
    found = any_live(mid, cid)
    if not isinstance(found.offer, of):
        raise RippleError(NOT_FOUND)
    return cast("Live[Document]", found)


def any_live(mid: MerchantId, cid: CampaignId) -> Live[AnyOffer]:
    """The campaign, whatever its play. Raises `NOT_FOUND` for a draft, a foreign id and an unknown one."""
    kept = _kept.get((mid, cid))
    if kept and kept[0] > time.monotonic():
        return kept[1]
    at, segments = campaign_key(mid, cid), segments_key(mid)
    read_first = read(at, segments)
    campaign, setup = read_first.item(Campaign, at), read_first.item(SegmentSetup, segments)
    if campaign is None or campaign.version == 0:
        raise RippleError(NOT_FOUND)
    key = snapshot_key(mid, cid, campaign.version)
    snapshot = read(key).item(Snapshot, key)
    if snapshot is None:
        raise RippleError(NOT_FOUND)
    found = _live(campaign, snapshot, is_counted=setup is not None and setup.terms.counting)
    if config().cache_seconds > 0:
        _kept[mid, cid] = (time.monotonic() + config().cache_seconds, found)
    return found


def forget(mid: MerchantId, cid: CampaignId) -> None:
    """Read the campaign anew the next time."""
    _kept.pop((mid, cid), None)


def lives(listed: Sequence[Campaign]) -> list[Live[AnyOffer]]:
    """Published campaigns that were just read, under their snapshots in force: one read round for a page."""
    keys = {campaign.key: snapshot_key(campaign.mid, campaign.cid, campaign.version) for campaign in listed}
    found = read(*keys.values()) if keys else {}
    snapshots = [(campaign, found[keys[campaign.key]]) for campaign in listed]
    return [_live(campaign, snapshot) for campaign, snapshot in snapshots if isinstance(snapshot, Snapshot)]


def _live(campaign: Campaign, snapshot: Snapshot, *, is_counted: bool = False) -> Live[AnyOffer]:
    return Live(
        mid=campaign.mid,
        cid=campaign.cid,
        status=campaign.status,
        version=campaign.version,
        hash=snapshot.hash,
        offer=snapshot.offer,
        shards=snapshot.shards,
        is_counted=is_counted,
    )
