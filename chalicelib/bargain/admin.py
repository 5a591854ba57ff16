"""The one thing that a merchant may do with a bargain: close it."""

from __future__ import annotations

from chalicelib.bargain import endings
from chalicelib.bargain.items import HELPABLE, Bargain, BargainId, bargain_key
from chalicelib.bargain.problems import BARGAIN_ENDED
from chalicelib.bargain.states import BargainState
from chalicelib.core.decision import Read, decided_or_refused
from chalicelib.core.errors import NOT_FOUND, RippleError
from chalicelib.core.idempotency import Intent, add_record, record_key, recorded
from chalicelib.core.transaction import Transaction
from chalicelib.merchants import audit


def close(intent: Intent, bid: BargainId) -> None:
    """End a bargain before its time; one that is being paid for is marked, and a payment still buys it.

    Raises `BARGAIN_ENDED`.
    """
    mid = intent.mid
    keys = record_key(intent), bargain_key(mid, bid)

    def attempt(read: Read) -> None:
        found = read(*keys)
        bargain = found.item(Bargain, keys[1])
        if bargain is None:
            raise RippleError(NOT_FOUND)
        if recorded(intent, found[keys[0]]) is not None:
            return
        status = {"status": Bargain.status == bargain.status}
        tx = Transaction()
        if bargain.status is BargainState.ORDERING:
            tx.update("bargain", bargain, [Bargain.to_close.set(1)], when=status)
        elif bargain.status in (*HELPABLE, BargainState.FLOOR):
            tx.update("bargain", bargain, endings.ended(BargainState.CLOSED), when=status, due=None)
            endings.add_back(tx, bargain)
        else:
            raise RippleError(BARGAIN_ENDED, status=bargain.status.value)
        add_record(tx, intent)
        audit.add(tx, mid, intent.actor, "bargain.close", bid)
        tx.commit()

    decided_or_refused(attempt)
