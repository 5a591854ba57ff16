"""Binding codes to users: from then on nobody else may redeem them."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from chalicelib.accounts.items import User, user_key
from chalicelib.core import clock
from chalicelib.core.decision import Read, decided_or_refused
from chalicelib.core.errors import NOT_FOUND, RippleError
from chalicelib.core.idempotency import Intent, begin
from chalicelib.core.transaction import Transaction
from chalicelib.merchants import audit
from chalicelib.voucher import looking, problems, rules
from chalicelib.voucher.finding import place_in
from chalicelib.voucher.items import Batch, Used, batch_key, used_key
from chalicelib.voucher.states import GOOD, CodeState


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """Which code of a batch is to be whose alone."""

    serial: int
    user_id: str


class Bound(msgspec.Struct, kw_only=True):
    """What became of one code: whether it is this user's alone, or the code of what forbids that."""

    serial: int
    user_id: str
    bound: bool
    code: str | None = None


def bind(intent: Intent, bid: str, wishes: Sequence[Wish], note: str) -> list[Bound]:
    """Bind each of the codes to its user; what cannot be is said of each. Again is the same. Raises `NOT_FOUND`."""
    looking.batch(intent.mid, bid)
    begin(intent)
    return [_bound(intent, bid, wish, note) for wish in wishes]


def _bound(intent: Intent, bid: str, wish: Wish, note: str) -> Bound:
    mid, serial, uid = intent.mid, wish.serial, wish.user_id
    code, lot, him = used_key(mid, bid, serial), batch_key(mid, bid), user_key(mid, uid)

    def attempt(read: Read) -> None:
        found = read(code, lot, him)
        batch, seen = found.item(Batch, lot), found.item(Used, code)
        if seen is not None and seen.bound == uid:
            return
        if batch is None or serial >= batch.size or found.item(User, him) is None:
            raise RippleError(NOT_FOUND)
        there = rules.standing(batch, place_in(batch, serial), seen, clock.now())
        if there not in GOOD:
            raise rules.not_free(there)
        if seen is not None and seen.bound is not None:
            raise RippleError(problems.CODE_BOUND)
        tx = Transaction()
        if seen is None:
            state = CodeState.UNUSED
            tx.put("code", Used(*code, state=state, turn=1, cid=batch.cid, version=batch.version, bound=uid))
        else:
            actions = [Used.bound.set(uid), Used.turn.set(seen.turn + 1)]
            tx.update("code", seen, actions, when={"turn": Used.turn == seen.turn})
        audit.add(tx, mid, intent.actor, "codes.bind", f"{bid}-{serial}", user_id=uid, note=note)
        tx.commit()

    try:
        decided_or_refused(attempt)
    except RippleError as refused:
        return Bound(serial=serial, user_id=uid, bound=False, code=refused.problem.code)
    return Bound(serial=serial, user_id=uid, bound=True)
