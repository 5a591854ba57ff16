"""Looking at batches and at single codes, for their merchant. However many codes there are, a look reads a few rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from chalicelib.campaigns.kinds.codes import CodesOffer
from chalicelib.campaigns.live import Live, live
from chalicelib.core import clock
from chalicelib.core.errors import NOT_FOUND, RippleError
from chalicelib.core.ids import CampaignId, MerchantId
from chalicelib.core.store import query, read, read_all, read_one
from chalicelib.voucher import finding, letters, problems, rules
from chalicelib.voucher.codes import LONGEST_STORED
from chalicelib.voucher.finding import Place, place_in
from chalicelib.voucher.items import (
    BLOCK,
    Batch,
    Part,
    Used,
    batch_key,
    batches_listed,
    listed_under,
    part_key,
    used_key,
)
from chalicelib.voucher.states import BatchState, CodeStanding, CodeState

MOST_LOOKS = 25
"""Queries of one page of codes: each sees a thousand serials, or a hundred codes."""
ROWS = 100


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """All that there is to be known of a code; what a forged one names is nothing."""

    standing: CodeStanding
    serial: int | None = None
    batch: Batch | None = None
    used: Used | None = None
    campaign: Live[CodesOffer] | None = None


def batch(mid: MerchantId, bid: str) -> Batch:
    """A batch. Raises `NOT_FOUND`."""
    found = read_one(Batch, batch_key(mid, bid))
    if found is None:
        raise RippleError(NOT_FOUND)
    return found


def batches(
    mid: MerchantId, cid: str | None, limit: int, after: dict[str, Any] | None
) -> tuple[list[Batch], dict[str, Any] | None]:
    """A page of a merchant's batches, or of a campaign's, by campaign and number."""
    begins = listed_under(cid) if cid is not None else None
    page = query(batches_listed(mid), index="gsi1", begins=begins, limit=limit, after=after)
    return [item for item in read_all(page.keys) if isinstance(item, Batch)], page.after


def has_key(batch: Batch, version: int) -> bool:
    """Whether whoever knows that version of the key can make codes of a batch that are good."""
    return not batch.stored and batch.key_version == version and batch.status is BatchState.LIVE


def parts(batches: Sequence[Batch]) -> dict[str, list[Part]]:
    """The parts of some batches, by batch."""
    found: dict[str, list[Part]] = {batch.bid: [] for batch in batches}
    keys = [part_key(batch.mid, batch.bid, part) for batch in batches for part in range(batch.parts)]
    for item in read_all(keys):
        if isinstance(item, Part):
            found[item.bid].append(item)
    return found


def codes(batch: Batch, first: int, limit: int, state: CodeState | None) -> tuple[list[Used], int | None]:
    """Codes of a batch that something happened to, by serial from one on, and the serial at which to go on.

    It may be none, and yet go on: so much is looked at, and no more.
    """
    found: list[Used] = []
    serial = first
    for _ in range(MOST_LOOKS):
        if serial >= batch.size:
            return found, None
        begins = used_key(batch.mid, batch.bid, serial)
        page = query(begins.pk, at_least=begins.sk, limit=ROWS)
        rows = [item for item in page.items if isinstance(item, Used)]
        for item in rows:
            if state is None or item.state is state:
                found.append(item)
                if len(found) == limit:
                    return found, _next(batch, item.serial + 1)
        serial = rows[-1].serial + 1 if page.after is not None else (serial // BLOCK + 1) * BLOCK
    return found, _next(batch, serial)


def typed(mid: MerchantId, text: str) -> Seen:
    """What there is to be known of a code by its letters, which costs no guess."""
    try:
        place = finding.place_of(mid, text)
    except RippleError as refused:
        if refused.problem is not problems.CODE_MISTYPED:
            raise
        return Seen(standing=CodeStanding.MISTYPED)
    if place is None:
        drawn = len(letters.normal(text)) <= LONGEST_STORED
        return Seen(standing=CodeStanding.UNKNOWN if drawn else CodeStanding.FORGED)
    there, used = _stored(mid, place.bid, place.serial)
    return _seen(there, place, used) if there is not None else Seen(standing=CodeStanding.UNKNOWN)


def named(mid: MerchantId, bid: str, serial: int) -> Seen:
    """What there is to be known of a code by its batch and serial. Raises `NOT_FOUND`."""
    there, used = _stored(mid, bid, serial)
    if there is None or serial >= there.size:
        raise RippleError(NOT_FOUND)
    return _seen(there, place_in(there, serial), used)


def _stored(mid: MerchantId, bid: str, serial: int) -> tuple[Batch | None, Used | None]:
    code, lot = used_key(mid, bid, serial), batch_key(mid, bid)
    found = read(code, lot)
    return found.item(Batch, lot), found.item(Used, code)


def _seen(batch: Batch, place: Place, used: Used | None) -> Seen:
    there = rules.standing(batch, place, used, clock.now())
    if there in (CodeStanding.FORGED, CodeStanding.UNKNOWN):
        return Seen(standing=there)
    campaign = live(batch.mid, CampaignId(batch.cid), CodesOffer)
    return Seen(standing=there, serial=place.serial, batch=batch, used=used, campaign=campaign)


def _next(batch: Batch, serial: int) -> int | None:
    return serial if serial < batch.size else None
