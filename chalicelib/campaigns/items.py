"""What is stored of a campaign: the campaign, its published snapshots, and its stock in shards."""

from __future__ import annotations

from pynamodb.attributes import UnicodeAttribute

from chalicelib.campaigns.allowed import Allowed
from chalicelib.campaigns.kinds import AnyOffer
from chalicelib.campaigns.states import CampaignState
from chalicelib.core.ids import CampaignId, MerchantId, derived
from chalicelib.core.table import IntAttribute, Item, Key, StateAttribute, StructAttribute, TimeAttribute, table


class Campaign(Item):
    """A campaign; ``edition`` counts edits of the draft, ``version`` the published snapshot in force."""

    letter = "C"
    prefix = "META"

    kind = UnicodeAttribute()
    status = StateAttribute(CampaignState)
    edition = IntAttribute()
    version = IntAttribute(default=0)
    draft = StructAttribute[AnyOffer](AnyOffer)
    allowed = StructAttribute[list[Allowed]](list[Allowed], null=True)
    """Words that an owner lets stand in the texts as they are now."""
    added = StructAttribute[dict[str, int]](dict[str, int], null=True)
    """By escrow, what was put to it since the publication, less what was released."""
    fingerprint = UnicodeAttribute()
    created_at = TimeAttribute()
    updated_at = TimeAttribute()

    @property
    def cid(self) -> CampaignId:
        """Its id."""
        return CampaignId(self.pk.split("#", 1)[1])


class Snapshot(Item):
    """The exact rules under which users take part: written once, never changed."""

    letter = "C"
    prefix = "V#"

    offer = StructAttribute[AnyOffer](AnyOffer)
    hash = UnicodeAttribute()
    shards = StructAttribute[dict[str, int]](dict[str, int])
    """How many stock shards each SKU and each escrow has."""
    checks = StructAttribute[list[str]](list[str])
    """The gate's checks that it passed."""
    rules = UnicodeAttribute(null=True)
    """By which checks and words: `copy_lint.rules` of its day."""
    allowed = StructAttribute[list[Allowed]](list[Allowed], null=True)
    """Words that stand because an owner let them stand, and why."""
    published_at = TimeAttribute()
    published_by = UnicodeAttribute()


class StockShard(Item):
    """A part of a SKU's stock, or of an escrow: ``left + taken`` is what it was given, and what was added since."""

    letter = "C"
    prefix = "STK"

    left = IntAttribute()
    taken = IntAttribute()
    budget = UnicodeAttribute(null=True)
    """Which escrow it is a part of; absent for goods. The table's stream tells of changes where it is there."""

    @property
    def shard(self) -> int:
        """Its number."""
        return int(self.pk.rsplit("#", 1)[1])

    @property
    def cid(self) -> CampaignId:
        """Its campaign."""
        return CampaignId(self.pk.split("#")[1])


class Spelled(Item):
    """Which campaign a word leads to: the last one that was published with it."""

    letter = "WRD"
    prefix = "META"

    cid = UnicodeAttribute()
    until = TimeAttribute()
    """When that campaign ends by its document; another may have the word then."""


def campaign_key(mid: MerchantId, cid: str) -> Key:
    """Where a campaign stands."""
    return table(mid).key("C", cid)


def snapshot_key(mid: MerchantId, cid: str, version: int) -> Key:
    """Where a published version stands."""
    return table(mid).key("C", cid, sk=f"V#{version:06d}")


def stock_key(mid: MerchantId, cid: str, sku_id: str, shard: int) -> Key:
    """Where a stock shard stands."""
    return table(mid).key("C", cid, "STK", sku_id, str(shard), sk="STK")


def spelled_key(mid: MerchantId, word: str) -> Key:
    """Where it stands to which campaign a word (`spelling.normal`) leads."""
    return table(mid).key("WRD", derived("word", word))


def status_index(mid: MerchantId) -> str:
    """The index partition of a merchant's campaigns."""
    return table(mid).pk("C")
