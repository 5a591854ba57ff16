"""What a client sees of words, and what their merchant sees: exact over all shards."""

from __future__ import annotations

from datetime import datetime

import msgspec

from chalicelib.campaigns import stock
from chalicelib.campaigns.items import StockShard
from chalicelib.campaigns.kinds.brings import shown
from chalicelib.campaigns.kinds.word import WORD, WordOffer
from chalicelib.campaigns.live import live
from chalicelib.core import clock
from chalicelib.core.errors import Language
from chalicelib.core.ids import CampaignId, MerchantId
from chalicelib.core.store import read
from chalicelib.voucher import views, word_values
from chalicelib.voucher.views import CodePreview, CodeRedeemed
from chalicelib.voucher.word_items import WordDay, word_day_key
from chalicelib.voucher.words import Preview, Redeemed


class WordRecord(msgspec.Struct, kw_only=True):
    """A word as its merchant sees it."""

    campaign_id: str
    word: str
    status: str
    """Of its campaign: published | paused | ended"""
    total: int
    redeemed: int
    today: int
    """Of them, on the day in China."""
    left: int
    now: datetime


def preview(seen: Preview, language: Language) -> CodePreview:
    """What it would bring, and why not."""
    return CodePreview(
        kind="word",
        campaign_id=seen.cid,
        title=seen.offer.title,
        brings=shown(seen.offer.brings),
        until=seen.offer.ends_at,
        can_redeem=seen.refusal is None,
        how="redeem",
        why_not=views.refused(seen.refusal, language),
        now=clock.now(),
    )


def redeemed(seen: Redeemed, language: Language) -> CodeRedeemed:
    """What it brought."""
    coupon_id = word_values.coupon_brought(seen.offer, seen.spoken)
    return CodeRedeemed(
        kind="word",
        campaign_id=seen.spoken.cid,
        title=seen.offer.title,
        brings=shown(seen.offer.brings),
        redeemed_at=seen.spoken.at,
        coupon_id=coupon_id,
        cash_id=None,
        undone=False,
        ask=views.asked_for(seen.spoken.mid, language, coupon_id, None),
        now=clock.now(),
    )


def inspect(mid: MerchantId, cid: CampaignId) -> WordRecord:
    """A campaign's word, and how often it was redeemed. Raises `NOT_FOUND`."""
    campaign, now = live(mid, cid, WordOffer), clock.now()
    places = stock.keys(campaign, WORD)
    days = [word_day_key(mid, cid, clock.day_of(now), shard) for shard in range(len(places))]
    found = read(*places, *days)
    shards = [shard for key in places if (shard := found.item(StockShard, key)) is not None]
    return WordRecord(
        campaign_id=cid,
        word=campaign.offer.word,
        status=campaign.status.value,
        total=campaign.offer.total,
        redeemed=sum(shard.taken for shard in shards),
        today=sum(day.n for key in days if (day := found.item(WordDay, key)) is not None),
        left=sum(shard.left for shard in shards),
        now=now,
    )
