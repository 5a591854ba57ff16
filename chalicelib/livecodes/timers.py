"""What a live code's due entry does: its merchant is told of the QR codes of groups that end, or have ended."""

from __future__ import annotations

from chalicelib.core import clock, log
from chalicelib.core.metrics import count
from chalicelib.core.times import Time, span, timed
from chalicelib.core.transaction import update_one
from chalicelib.livecodes import rules
from chalicelib.livecodes.items import LiveCode


@timed(
    Time(
        f"{span(rules.NOTICE)} before the QR code of a group ends, and when it has",
        "its merchant is told (`LiveQrEnding`)",
        "past its end nobody is sent there, whatever was told",
    )
)
def live_due(leased: LiveCode) -> None:
    """Tell of every group whose QR code needs renewing (the due handler of `LiveCode`).

    Nothing depends on it: whether a QR code is good is asked where somebody is sent.
    """
    now = clock.now()
    ending = rules.ending(leased.targets, now)
    for target in ending:
        log.warning("live_qr_ending", lid=leased.lid, target=target.number, until=target.until)
    if ending:
        count("LiveQrEnding", len(ending), mid=leased.mid, lid=leased.lid)
    coming = rules.next_event(leased.status, leased.targets, now)
    update_one(leased, [], when={"leased": LiveCode.gsi2sk == leased.gsi2sk}, due=coming)
