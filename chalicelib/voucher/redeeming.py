"""What redeeming and its undoing write on a code, on its part and on its user's limit, whoever redeems it and how."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.campaigns import stock
from chalicelib.campaigns.kinds.codes import CodesOffer, Funding
from chalicelib.campaigns.stock import Drawn
from chalicelib.core.transaction import Transaction
from chalicelib.rewards.items import Leg, statement_entry
from chalicelib.voucher.items import Asked, Batch, Part, Redeemed, Used, part_key, redeemed_key, used_key
from chalicelib.voucher.rules import end_of
from chalicelib.voucher.states import CodeState

COUNTS = {
    CodeState.RESTORED: Part.left,
    CodeState.REVOKED: Part.revoked,
    CodeState.EXPIRED: Part.expired,
    CodeState.REDEEMED: Part.redeemed,
}
"""Under what a part counts a code of a state."""


def used(batch: Batch, serial: int, seen: Used | None, now: datetime, asked: Asked | None, **by: Any) -> Used:
    """The code as it stands once it is redeemed: by a request that it keeps, or by an order."""
    before = seen.asked or [] if seen is not None else []
    return Used(
        *used_key(batch.mid, batch.bid, serial),
        state=CodeState.REDEEMED,
        turn=seen.turn + 1 if seen is not None else 1,
        cid=batch.cid,
        version=batch.version,
        bound=seen.bound if seen is not None else None,
        at=now,
        undone=seen.undone if seen is not None else None,
        asked=[*before, asked] if asked is not None else before or None,
        **by,
    )


def add_redeemed(tx: Transaction, batch: Batch, made: Used, seen: Used | None, legs: list[Leg] | None) -> None:
    """A code is redeemed as it was seen, in a batch as it was seen; ``legs`` are what that moves."""
    if legs and made.uid is not None and made.at is not None:
        made.legs, made.posted_at = legs, made.at
        made.gsi1pk, made.gsi1sk = statement_entry(made.mid, made.uid, made.at, made.ref)
    if seen is None:
        tx.put("code", made)
    else:
        tx.put("code", made, when={"turn": Used.turn == seen.turn})
    key = part_key(batch.mid, batch.bid, batch.part_of(made.serial))
    counted = [Part.redeemed.add(1), Part.left.add(-1)]
    tx.update("part", key, counted, when={"epoch": Part.epoch == batch.epoch})


def add_limit(tx: Transaction, offer: CodesOffer, batch: Batch, uid: str) -> None:
    """One more of a campaign's codes is redeemed by a user, if that is limited at all."""
    if offer.per_user is None:
        return
    room: dict[str, Condition] = {"room": Redeemed.n.does_not_exist() | (Redeemed.n < offer.per_user)}
    tx.upsert("limit", redeemed_key(batch.mid, uid, batch.cid), [Redeemed.n.add(1)], when=room)


def add_freed(
    tx: Transaction,
    offer: CodesOffer,
    batch: Batch,
    seen: Used,
    now: datetime,
    *,
    undone: bool,
    note: str | None = None,
) -> CodeState:
    """A redemption comes to nothing: the code is free again, or ended where its batch or range has. Returns which.

    ``undone`` says that its merchant undid it, which is done to a code once.
    """
    state = end_of(batch, seen.serial) or CodeState.RESTORED
    asked = [_undone(one, seen, now) for one in seen.asked or []]
    actions: list[Action] = [Used.state.set(state), Used.turn.set(seen.turn + 1), *FREED]
    if asked:
        actions.append(Used.asked.set(asked))
    if undone:
        actions.append(Used.undone.set(1))
    if note is not None:
        actions.append(Used.note.set(note))
    when = {"turn": Used.turn == seen.turn}
    tx.update("code", seen, actions, when=when)
    _add_counted(tx, offer, batch, seen.serial, CodeState.REDEEMED, state)
    if offer.per_user is not None and seen.uid is not None:
        less = [Redeemed.n.add(-1)]
        tx.update("limit", redeemed_key(batch.mid, seen.uid, batch.cid), less, when={"counted": Redeemed.n >= 1})
    return state


def add_revoked(tx: Transaction, offer: CodesOffer, batch: Batch, serial: int, seen: Used | None, note: str) -> None:
    """A code that is free is not good any more; what it held goes back, unless somebody paid for it."""
    if seen is None:
        ended = Used(
            *used_key(batch.mid, batch.bid, serial),
            state=CodeState.REVOKED,
            turn=1,
            cid=batch.cid,
            version=batch.version,
            note=note,
        )
        tx.put("code", ended)
    else:
        actions = [Used.state.set(CodeState.REVOKED), Used.turn.set(seen.turn + 1), Used.note.set(note)]
        tx.update("code", seen, actions, when={"turn": Used.turn == seen.turn})
    _add_counted(tx, offer, batch, serial, CodeState.RESTORED, CodeState.REVOKED)


def add_back(tx: Transaction, offer: CodesOffer, batch: Batch, codes: int) -> None:
    """What so many codes held is their campaign's again; what was sold stays spent."""
    if codes and offer.funding is Funding.GIFT:
        stock.add_return(tx, batch.mid, batch.cid, batch.escrow, [Drawn(0, codes * batch.units)], name="budget")


FREED: tuple[Action, ...] = (
    Used.uid.remove(),
    Used.by.remove(),
    Used.at.remove(),
    Used.verdict.remove(),
    Used.order.remove(),
    Used.family.remove(),
    Used.legs.remove(),
    Used.posted_at.remove(),
    Used.gsi1pk.remove(),
    Used.gsi1sk.remove(),
)
"""A code that is free again is nobody's."""


def _add_counted(
    tx: Transaction, offer: CodesOffer, batch: Batch, serial: int, before: CodeState, after: CodeState
) -> None:
    """A code is counted under another state, in a batch as it was seen; one that ended gives back what it held."""
    key = part_key(batch.mid, batch.bid, batch.part_of(serial))
    moves = [COUNTS[before].add(-1), COUNTS[after].add(1)]
    tx.update("part", key, moves, when={"epoch": Part.epoch == batch.epoch})
    if after is not CodeState.RESTORED:
        add_back(tx, offer, batch, 1)


def _undone(one: Asked, seen: Used, now: datetime) -> Asked:
    """A request that redeemed it, which came to nothing."""
    return msgspec.structs.replace(one, undone_at=now) if one.at == seen.at else one
