"""Undoing a redemption, which staff may do once and for a while: all that it brought goes back, or nothing does."""

from __future__ import annotations

from chalicelib.core import clock
from chalicelib.core.decision import Read, decided_or_refused
from chalicelib.core.errors import NOT_FOUND, RippleError
from chalicelib.core.idempotency import Intent, add_record, record_key, recorded
from chalicelib.core.store import Found
from chalicelib.core.transaction import Transaction
from chalicelib.merchants import audit
from chalicelib.voucher import finding, problems, redeeming, rules, values
from chalicelib.voucher.items import Batch, Used, batch_key, used_key
from chalicelib.voucher.states import CodeState

REWARD_GONE = ("奖励已被使用", "what it brought is not there any more")


def undo(intent: Intent, bid: str, serial: int, note: str) -> Used:
    """Undo a redemption: the code may be redeemed again, or has ended with its batch. Again is the same.

    Raises `NOT_FOUND`, `CODE_NOT_UNDONE` and why.
    """
    mid = intent.mid
    code, lot, record = used_key(mid, bid, serial), batch_key(mid, bid), record_key(intent)

    def attempt(read: Read) -> Used:
        campaign = finding.campaign_of(mid, bid)
        if campaign is None:
            raise RippleError(NOT_FOUND)
        offer = campaign.offer
        found = read(code, lot, record)
        seen, batch = found.item(Used, code), found.item(Batch, lot)
        if batch is None or serial >= batch.size:
            raise RippleError(NOT_FOUND)
        if seen is None:
            raise RippleError(problems.CODE_NOT_UNDONE, reason=rules.NOT_REDEEMED)
        if recorded(intent, found[record]) is not None or (seen.undone and seen.state is not CodeState.REDEEMED):
            return seen
        now = clock.now()
        if (why := rules.why_not_undone(offer, seen, now)) is not None:
            raise RippleError(problems.CODE_NOT_UNDONE, reason=why)
        keys = values.taken_keys(offer, seen)
        brought = read(*keys) if keys else Found({})
        tx = Transaction()
        if not values.add_taken(tx, offer, seen, brought, now, intent.actor):
            raise RippleError(problems.CODE_NOT_UNDONE, reason=REWARD_GONE)
        redeeming.add_freed(tx, offer, batch, seen, now, undone=True, note=note)
        audit.add(tx, mid, intent.actor, "codes.undo", f"{bid}-{serial}", note=note)
        add_record(tx, intent)
        tx.commit()
        return finding.used(read, mid, bid, serial)

    return decided_or_refused(attempt)
