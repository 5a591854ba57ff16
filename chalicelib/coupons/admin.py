"""What a merchant takes back: a coupon that is not used is invalid from now on."""

from __future__ import annotations

from chalicelib.core import clock
from chalicelib.core.decision import Read, decided_or_refused
from chalicelib.core.errors import NOT_FOUND, RippleError
from chalicelib.core.idempotency import Intent, add_record, record_key, recorded
from chalicelib.core.transaction import Transaction
from chalicelib.coupons.problems import NOTHING_LEFT
from chalicelib.merchants import audit
from chalicelib.rewards.items import LOCKED, PIECES, USED, Coupon, coupon_key


def invalidate(intent: Intent, uid: str, coupon_id: str, reason: str) -> Coupon:
    """Make invalid what of a coupon is not used; a piece that an order holds still pays for that order.

    One that is invalid stays as it is. Raises `NOTHING_LEFT` for one that is used.
    """
    mid = intent.mid
    keys = record_key(intent), coupon_key(mid, uid, coupon_id)

    def attempt(read: Read) -> Coupon:
        found = read(*keys)
        coupon = found.item(Coupon, keys[1])
        if coupon is None:
            raise RippleError(NOT_FOUND)
        if recorded(intent, found[keys[0]]) is not None or coupon.invalid_at is not None:
            return coupon
        unused = [n for n in range(len(coupon.windows)) if not (coupon.taken(n) or "").startswith(USED)]
        if not unused:
            raise RippleError(NOTHING_LEFT)
        n = unused[-1]
        when = {
            "valid": Coupon.invalid_at.does_not_exist(),
            "unused": PIECES[n].does_not_exist() | PIECES[n].startswith(LOCKED),
        }
        now = clock.now()
        tx = Transaction()
        tx.update("coupon", coupon, [Coupon.invalid_at.set(now), Coupon.invalid_note.set(reason)], when=when)
        add_record(tx, intent)
        audit.add(tx, mid, intent.actor, "coupon.invalidate", coupon_id, user_id=uid, reason=reason)
        tx.commit()
        coupon.invalid_at, coupon.invalid_note = now, reason
        return coupon

    return decided_or_refused(attempt)
