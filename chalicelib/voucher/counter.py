"""At the counter: the staff type or scan a code, scan whose it is to be, and hand over what it brings."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from chalicelib.accounts import tokens
from chalicelib.core import clock
from chalicelib.core.errors import RippleError
from chalicelib.core.idempotency import Intent
from chalicelib.core.ids import MerchantId, UserId
from chalicelib.voucher import finding, problems, service
from chalicelib.voucher.finding import Place
from chalicelib.voucher.service import Redemption

AUDIENCE = "ripple:pass"
LIFE = timedelta(minutes=2)


class Pass(msgspec.Struct, kw_only=True):
    """What a user shows to the staff."""

    qr: str
    """The text of a QR code."""
    until: datetime
    """It is good before this."""
    now: datetime


def pass_of(mid: MerchantId, uid: UserId) -> Pass:
    """A pass that says whose account it is, and nothing else can be done with."""
    now = clock.now()
    until = now + LIFE
    return Pass(qr=tokens.signed(mid, AUDIENCE, until, {"sub": uid}), until=until, now=now)


def holder(mid: MerchantId, shown: str) -> UserId:
    """Whose pass it is. Raises `PASS_UNFIT`, also for another merchant's."""
    try:
        claims = tokens.opened(shown, AUDIENCE)
    except tokens.NotGenuine:
        raise RippleError(problems.PASS_UNFIT, "/pass") from None
    if claims["mid"] != mid:
        raise RippleError(problems.PASS_UNFIT, "/pass")
    return UserId(str(claims["sub"]))


def place_at(mid: MerchantId, text: str) -> Place:
    """The code that the staff typed or scanned. Raises `CODE_MISTYPED`, `CODE_FORGED`."""
    place = finding.place_of(mid, text)
    if place is None or finding.campaign_of(mid, place.bid) is None:
        raise RippleError(problems.CODE_FORGED, "/code")
    return place


def redeem(intent: Intent, text: str, shown: str | None) -> Redemption:
    """Redeem a code as staff, for whoever showed a pass. Raises what `place_at`, `holder` and `redeemed` raise.

    Asked again it is the same, also when the pass has ended meanwhile.
    """
    mid = intent.mid
    place = place_at(mid, text)
    try:
        uid = holder(mid, shown) if shown is not None else None
    except RippleError:
        if (before := service.redeemed_before(intent, place)) is not None:
            return before
        raise
    return service.redeemed(intent, place, uid, by=intent.actor)
