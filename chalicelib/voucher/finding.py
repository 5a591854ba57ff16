"""From what somebody typed to a code of a batch: a typo and a forgery are refused before anything is read."""

from __future__ import annotations

import msgspec

from chalicelib.campaigns.kinds.codes import CodesOffer
from chalicelib.campaigns.live import Live, live
from chalicelib.core.config import config
from chalicelib.core.decision import Read
from chalicelib.core.errors import RippleError
from chalicelib.core.ids import CampaignId, MerchantId
from chalicelib.core.store import read_one
from chalicelib.core.table import Key
from chalicelib.voucher import codes, letters, problems
from chalicelib.voucher.items import Batch, ShortCode, Used, batch_key, short_key, used_key


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Which code of which batch somebody means."""

    mid: MerchantId
    bid: str
    serial: int
    key_version: int | None
    """The key that its letters name; a stored code names none."""
    letters: int
    """How many it has: a batch has codes of one length, and a shorter one is easier to guess."""

    @property
    def keys(self) -> tuple[Key, Key]:
        """Where the code stands, once something happened to it, and its batch."""
        return used_key(self.mid, self.bid, self.serial), batch_key(self.mid, self.bid)


def place_of(mid: MerchantId, text: str) -> Place | None:
    """The code that a text is; None where it is a guess. Raises `CODE_MISTYPED`.

    A code that is stored when it is used costs no read, genuine or not; one that is stored when it is made costs one.
    """
    typed = letters.normal(text)
    if not letters.is_code(typed) or not letters.is_right(typed):
        raise RippleError(problems.CODE_MISTYPED, "/code")
    if len(typed) <= codes.LONGEST_STORED:
        row = read_one(ShortCode, short_key(mid, codes.finder(mid, typed)))
        if row is None:
            return None
        return Place(mid=mid, bid=row.bid, serial=row.serial, key_version=None, letters=len(typed))
    named = codes.read(mid, typed)
    if named is None:
        return None
    return Place(mid=mid, bid=named.bid, serial=named.serial, key_version=named.version, letters=len(typed))


def place_in(batch: Batch, serial: int) -> Place:
    """A code that is meant by its serial: it has the letters that its batch's codes have now."""
    return Place(mid=batch.mid, bid=batch.bid, serial=serial, key_version=None, letters=batch.letters)


def campaign_of(mid: MerchantId, bid: str) -> Live[CodesOffer] | None:
    """The campaign of a batch; None where there is no such batch. To which one a batch belongs never changes."""
    cid = _kept.get((mid, bid))
    if cid is None:
        batch = read_one(Batch, batch_key(mid, bid))
        if batch is None:
            return None
        cid = CampaignId(batch.cid)
        if config().cache_seconds > 0:
            if len(_kept) >= MOST_KEPT:
                _kept.clear()
            _kept[mid, bid] = cid
    return live(mid, cid, CodesOffer)


def campaign_there(mid: MerchantId, bid: str) -> Live[CodesOffer]:
    """`campaign_of` for whoever typed a code. Raises `CODE_INVALID` where there is no such batch."""
    campaign = campaign_of(mid, bid)
    if campaign is None:
        raise RippleError(problems.CODE_INVALID, "/code")
    return campaign


def used(read: Read, mid: MerchantId, bid: str, serial: int) -> Used:
    """A code as it stands that something has just happened to. Raises LookupError where nothing has."""
    key = used_key(mid, bid, serial)
    found = read(key).item(Used, key)
    if found is None:
        raise LookupError(f"a code that something happened to: {bid}-{serial}")
    return found


def document_of(mid: MerchantId, cid: str) -> CodesOffer:
    """What the codes of a campaign bring."""
    return live(mid, CampaignId(cid), CodesOffer).offer


MOST_KEPT = 10_000
"""Batches of which a process remembers the campaign."""
_kept: dict[tuple[MerchantId, str], CampaignId] = {}
