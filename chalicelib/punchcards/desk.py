"""At the desk: the staff scan a member's pass and take units off his family's card, or undo that within a day."""

from __future__ import annotations

import msgspec

from chalicelib.core import clock
from chalicelib.core.decision import Read, decided_or_refused
from chalicelib.core.errors import NOT_FOUND, RippleError
from chalicelib.core.idempotency import Intent, add_record, record_key, recorded
from chalicelib.core.transaction import Transaction
from chalicelib.family import standing
from chalicelib.merchants import audit
from chalicelib.punchcards import holders, passes, rules
from chalicelib.punchcards.items import Card, CardUse, card_key, use_key
from chalicelib.punchcards.problems import CARD_PASS_UNFIT


class Done(msgspec.Struct, frozen=True):
    """A use, and its card as it is then."""

    use: CardUse
    card: Card


def use(intent: Intent, text: str, units: int) -> Done:
    """Take so many units for whoever showed a pass; the pass is used up by it. Asked again it is the same.

    Raises `CARD_PASS_UNFIT`, `CARD_PASS_USED`, `CARD_UNITS_SHORT`, `CARD_PAID_BACK`, and what `holders.uses` raises.
    """
    mid = intent.mid
    shown = passes.shown(mid, text)
    fid, uid = shown.fid, shown.uid
    record, mine, key = record_key(intent), use_key(mid, fid, shown.use_id), card_key(mid, fid, shown.oid)

    def attempt(read: Read) -> Done:
        found = read(record, mine, key, *standing.keys(mid, fid, uid))
        before, card = found.item(CardUse, mine), found.item(Card, key)
        if card is None:
            raise RippleError(NOT_FOUND)
        if recorded(intent, found[record]) is not None and before is not None:
            return Done(before, card)
        rules.insist_unused(before)
        if shown.expired:
            raise RippleError(CARD_PASS_UNFIT, "/pass")
        now = clock.now()
        family = holders.uses(found, mid, fid, uid, now)
        rules.insist_left(card, units)
        made = CardUse(
            *mine,
            uid=uid,
            units=units,
            by=intent.actor,
            at=now,
        )
        tx = Transaction()
        tx.put("use", made)
        tx.update("card", card, [Card.left.add(-units)], when={"enough": Card.left >= units})
        holders.add_uses(tx, family, uid, now)
        add_record(tx, intent)
        said = {"family_id": fid, "user_id": uid, "units": str(units), "use_id": made.use_id}
        audit.add(tx, mid, intent.actor, "card.use", card.oid, **said)
        tx.commit()
        card.left -= units
        return Done(made, card)

    return decided_or_refused(attempt)


def undo(intent: Intent, fid: str, use_id: str, note: str) -> Done:
    """Give the units of a use back to its card. Raises `NOT_FOUND`, and what `rules.insist_may_undo` raises."""
    mid = intent.mid
    record, mine = record_key(intent), use_key(mid, fid, use_id)
    key = card_key(mid, fid, use_id.partition(".")[0])

    def attempt(read: Read) -> Done:
        found = read(record, mine, key)
        done, card = found.item(CardUse, mine), found.item(Card, key)
        if done is None or card is None:
            raise RippleError(NOT_FOUND)
        if recorded(intent, found[record]) is not None:
            return Done(done, card)
        now = clock.now()
        rules.insist_may_undo(done, card, now)
        undone = [CardUse.undone_at.set(now), CardUse.undone_by.set(intent.actor), CardUse.note.set(note)]
        tx = Transaction()
        tx.update("use", done, undone, when={"stands": CardUse.undone_at.does_not_exist()})
        tx.update("card", card, [Card.left.add(done.units)], when={"good": Card.back_at.does_not_exist()})
        add_record(tx, intent)
        said = {"family_id": fid, "use_id": use_id, "units": str(done.units), "note": note}
        audit.add(tx, mid, intent.actor, "card.undo", card.oid, **said)
        tx.commit()
        done.undone_at, done.undone_by, done.note = now, intent.actor, note
        card.left += done.units
        return Done(done, card)

    return decided_or_refused(attempt)
