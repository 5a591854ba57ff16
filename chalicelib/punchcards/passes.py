"""A pass for one use of a card: a signed text in a QR code, which the staff scan within two minutes."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from chalicelib.accounts import tokens
from chalicelib.core import clock
from chalicelib.core.errors import NOT_FOUND, RippleError
from chalicelib.core.ids import MerchantId, UserId, new_ulid
from chalicelib.core.store import read
from chalicelib.family import standing
from chalicelib.punchcards import holders, rules
from chalicelib.punchcards.items import Card, card_key
from chalicelib.punchcards.problems import CARD_PASS_UNFIT

AUDIENCE = "ripple:card"
LIFE = timedelta(minutes=2)


class CardPass(msgspec.Struct, kw_only=True):
    """What a member shows to the staff, for one use of one card."""

    qr: str
    """The text of a QR code."""
    until: datetime
    """It is good before this."""
    left: int
    """Units of the card that are left."""
    now: datetime


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """What a pass says."""

    fid: str
    oid: str
    uid: UserId
    use_id: str
    expired: bool


def pass_of(mid: MerchantId, fid: str, uid: UserId, oid: str) -> CardPass:
    """A pass for a card of the caller's family. Raises what forbids him to use it now, `NOT_FOUND`."""
    key = card_key(mid, fid, oid)
    found, now = read(*standing.keys(mid, fid, uid), key), clock.now()
    holders.uses(found, mid, fid, uid, now)
    card = found.item(Card, key)
    if card is None:
        raise RippleError(NOT_FOUND)
    rules.insist_left(card, 1)
    until = now + LIFE
    said = {"sub": uid, "fid": fid, "use": f"{oid}.{new_ulid()}"}
    return CardPass(qr=tokens.signed(mid, AUDIENCE, until, said), until=until, left=card.left, now=now)


def shown(mid: MerchantId, text: str) -> Shown:
    """What a scanned pass says, also one that has expired. Raises `CARD_PASS_UNFIT`, also for another merchant's."""
    expired = False
    try:
        claims = tokens.opened(text.strip(), AUDIENCE)
    except tokens.Expired as late:
        claims, expired = late.claims, True
    except tokens.NotGenuine:
        raise RippleError(CARD_PASS_UNFIT, "/pass") from None
    if claims["mid"] != mid:
        raise RippleError(CARD_PASS_UNFIT, "/pass")
    use_id = str(claims["use"])
    oid = use_id.partition(".")[0]
    return Shown(fid=str(claims["fid"]), oid=oid, uid=UserId(str(claims["sub"])), use_id=use_id, expired=expired)
