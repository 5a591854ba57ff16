"""What is stored of a bargain: the bargain, one help per user, and what a user has taken of a campaign's limits."""

from __future__ import annotations

import zlib
from typing import NewType

from pynamodb.attributes import UnicodeAttribute

from chalicelib.accounts.newcomer import Verdict
from chalicelib.bargain.states import BargainState, HelpState
from chalicelib.campaigns.stock import Drawn
from chalicelib.core import clock
from chalicelib.core.ids import CampaignId, MerchantId, UserId
from chalicelib.core.table import IntAttribute, Item, Key, StateAttribute, StructAttribute, TimeAttribute, table
from chalicelib.sharing.limits import HelpLimit
from chalicelib.sharing.rules import Attribution

BARGAIN = "bargain"
"""The kind of a bargain that is shared."""

PLAY = "bargain"

BargainId = NewType("BargainId", str)

LIVE_STATES = (BargainState.ACTIVE, BargainState.SETTLING, BargainState.FLOOR, BargainState.ORDERING)
"""A bargain that is not over: it counts for its owner's limit and holds unit and budget."""

HELPABLE = (BargainState.ACTIVE, BargainState.SETTLING)
"""Where a held help can still become a counted one."""

LIST_SHARDS = 8
"""Index keys that a campaign's bargains are spread over."""


class Bargain(Item):
    """One bargain. Its price is computed: the start price without the slots that are taken."""

    letter = "B"
    prefix = "META"

    status = StateAttribute(BargainState)
    uid = UnicodeAttribute()
    """Its owner."""
    sku = UnicodeAttribute()
    start_fen = IntAttribute()
    slots = StructAttribute[list[int]](list[int])
    """What each help cuts, in fen and in order; fixed when it starts."""
    own = IntAttribute(default=0)
    """1 where the first slot is its owner's own."""
    helps = IntAttribute()
    """Slots that are taken, the owner's own too."""
    held = IntAttribute()
    """Helps that wait for a decision."""
    version = IntAttribute()
    expires_at = TimeAttribute()
    claim_until = TimeAttribute(null=True)
    """Until when it may be bought at the floor, once it is there."""
    buys = IntAttribute(default=0)
    """Early orders so far."""
    order = UnicodeAttribute(null=True)
    """The order that is live, or that bought it."""
    before = StateAttribute(BargainState, null=True)
    """Where it was when that order was made."""
    rest_ms = IntAttribute(null=True)
    """What was left of its time when an early order froze it."""
    to_close = IntAttribute(null=True)
    """1 where the merchant closed it while it was being paid for."""
    units = StructAttribute[list[Drawn]](list[Drawn])
    """The unit it owns, by stock shard, where stock is taken at the start."""
    escrow = StructAttribute[list[Drawn]](list[Drawn])
    """What it holds of the campaign's budget, in fen by shard: reserved while it is live, spent once it is bought."""
    minute = UnicodeAttribute(null=True)
    """The latest minute in which somebody helped."""
    minute_helps = IntAttribute(null=True)
    """Helps in that minute."""
    fingerprint = UnicodeAttribute()
    created_at = TimeAttribute()

    @property
    def bid(self) -> BargainId:
        """Its id, which begins with its campaign's."""
        return BargainId(self.pk.split("#", 1)[1])

    @property
    def cid(self) -> CampaignId:
        """Its campaign."""
        return campaign_of(self.bid)


class Help(Item):
    """What one user did for a bargain: once, whatever became of it."""

    letter = "B"
    prefix = "HELP#"

    state = StateAttribute(HelpState)
    slot = IntAttribute(null=True)
    """Which slot it took, from 0, once it counts."""
    cut_fen = IntAttribute(null=True)
    """What that cut."""
    day = UnicodeAttribute()
    """The merchant's day whose limit it took."""
    reasons = StructAttribute[list[str]](list[str])
    """The signals that the verdict on it found."""
    thresholds = IntAttribute()
    """The version of the thresholds it was judged by."""
    verdict = StructAttribute[Verdict](Verdict, null=True)
    """Why he counted as a new user, where only those may help."""
    came_by = StructAttribute[Attribution](Attribution, null=True)
    """By whose share of the bargain he came, if by any."""
    nickname = UnicodeAttribute(null=True)
    avatar_url = UnicodeAttribute(null=True)
    request = UnicodeAttribute()
    """The request that made it: repeated, it is the answer."""
    fingerprint = UnicodeAttribute()
    created_at = TimeAttribute()
    decided_at = TimeAttribute(null=True)
    """When a held one was decided."""

    @property
    def uid(self) -> UserId:
        """Who helped."""
        return UserId(self.sk.split("#", 1)[1])

    @property
    def bid(self) -> BargainId:
        """Whose bargain he helped."""
        return BargainId(self.pk.split("#", 1)[1])

    @property
    def cid(self) -> CampaignId:
        """Its campaign."""
        return campaign_of(self.bid)


class Limit(HelpLimit):
    """What a user has taken of a bargain campaign."""

    letter = "U"
    prefix = "BAR#"


def bargain_id(cid: CampaignId, suffix: str) -> BargainId:
    """A bargain's id begins with its campaign's, so that one id locates both."""
    return BargainId(f"{cid}-{suffix}")


def campaign_of(bid: str) -> CampaignId:
    """The campaign inside a bargain's id."""
    return CampaignId(bid.split("-", 1)[0])


def bargain_key(mid: MerchantId, bid: str) -> Key:
    """Where a bargain stands."""
    return table(mid).key("B", bid)


def help_key(mid: MerchantId, bid: str, uid: str) -> Key:
    """Where a user's help stands."""
    return table(mid).key("B", bid, sk=f"HELP#{uid}")


def limit_key(mid: MerchantId, uid: str, cid: str) -> Key:
    """Where a user's use of a bargain campaign stands."""
    return table(mid).key("U", uid, sk=f"BAR#{cid}")


def list_partition(mid: MerchantId, cid: str, shard: int) -> str:
    """One shard of a campaign's bargains, as its merchant lists them."""
    return table(mid).pk("C", cid, "BAR", str(shard))


def list_entry(bargain: Bargain) -> tuple[str, str]:
    """Where its merchant finds a bargain: by campaign, sharded, ordered by its start."""
    shard = zlib.crc32(bargain.pk.encode()) % LIST_SHARDS
    return list_partition(bargain.mid, bargain.cid, shard), f"{clock.iso(bargain.created_at)}#{bargain.bid}"
