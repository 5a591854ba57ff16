"""The targets of a live code as its merchant runs them: added, edited, closed and reopened; exact under people."""

from __future__ import annotations

import msgspec
from pynamodb.expressions.update import Action

from chalicelib.campaigns import stock
from chalicelib.core import clock
from chalicelib.core.decision import Read, decided_or_refused
from chalicelib.core.errors import NOT_FOUND, RippleError
from chalicelib.core.idempotency import Intent, add_record, record_key, recorded
from chalicelib.core.ids import MerchantId
from chalicelib.core.transaction import Transaction
from chalicelib.livecodes import admin, problems, rules
from chalicelib.livecodes.items import LiveCode, Part, live_key, part_key
from chalicelib.livecodes.states import TargetState
from chalicelib.livecodes.targets import Target, Wish

MOVES = {
    "close": (TargetState.OPEN, TargetState.CLOSED),
    "reopen": (TargetState.CLOSED, TargetState.OPEN),
}
"""What a merchant may do with a target: from which state, and to which."""


def add(intent: Intent, lid: str, wish: Wish) -> LiveCode:
    """One more target, behind the others. Raises `TARGETS_FULL`, `PICTURE_UNKNOWN`, `WRONG_STATE`."""
    mid = intent.mid
    keys = (record_key(intent), live_key(mid, lid))

    def attempt(read: Read) -> LiveCode:
        found = read(*keys)
        code = found.item(LiveCode, keys[1])
        if code is None:
            raise RippleError(NOT_FOUND)
        if recorded(intent, found[keys[0]]) is not None:
            return code
        admin.insist_not_ended(code)
        targets = admin.added(mid, code.targets, [wish], clock.now(), at="")
        new, tx = targets[-1], Transaction()
        said = {"target": str(new.number), "capacity": str(new.capacity)}
        admin.add_change(tx, code, intent.actor, "live_code.add", [], targets=targets, detail=said)
        admin.add_parts(tx, code, new, stock.split(new.capacity, new.parts))
        add_record(tx, intent)
        tx.commit()
        return admin.changed(mid, lid)

    return decided_or_refused(attempt)


def edit(mid: MerchantId, actor: str, lid: str, number: int, edition: int, wish: Wish) -> LiveCode:
    """Another picture, title or capacity of a target, if the code still is the ``edition`` that was read.

    Raises `EDITED_MEANWHILE`; `CAPACITY_TAKEN` where more people were sent there; `PICTURE_UNKNOWN`, `WRONG_STATE`.
    """

    def attempt(read: Read) -> LiveCode:
        code = admin.live_code(mid, lid)
        before = target_of(code, number)
        if code.edition == edition + 1 and wish_of(before) == wish:
            return code
        admin.insist_edition(code, edition)
        admin.insist_not_ended(code)
        after = _edited(code, before, wish)
        tx = Transaction()
        said = {"target": str(number), "capacity": str(after.capacity)}
        targets = [after if target.number == number else target for target in code.targets]
        admin.add_change(tx, code, actor, "live_code.edit_target", [], targets=targets, detail=said)
        _add_capacity(tx, read, code, before, after)
        tx.commit()
        return admin.changed(mid, lid)

    return decided_or_refused(attempt)


def move(intent: Intent, lid: str, number: int, act: str) -> LiveCode:
    """Close a target, or reopen it: nobody is sent there from the next write on. Raises `TARGET_STATE`."""
    mid = intent.mid
    keys = (record_key(intent), live_key(mid, lid))
    source, state = MOVES[act]

    def attempt(read: Read) -> LiveCode:
        found = read(*keys)
        code = found.item(LiveCode, keys[1])
        if code is None:
            raise RippleError(NOT_FOUND)
        before = target_of(code, number)
        if recorded(intent, found[keys[0]]) is not None:
            return code
        admin.insist_not_ended(code)
        if before.state is not source:
            raise RippleError(problems.TARGET_STATE, state=before.state.value)
        after = msgspec.structs.replace(before, state=state)
        targets = [after if target.number == number else target for target in code.targets]
        tx = Transaction()
        admin.add_change(
            tx, code, intent.actor, f"live_code.{act}", [], targets=targets, detail={"target": str(number)}
        )
        for part in range(before.parts):
            tx.update(f"part{part}", part_key(mid, lid, number, part), [Part.state.set(state)], when={})
        add_record(tx, intent)
        tx.commit()
        return admin.changed(mid, lid)

    return decided_or_refused(attempt)


def target_of(code: LiveCode, number: int) -> Target:
    """A target of a live code. Raises `NOT_FOUND`."""
    if not 1 <= number <= len(code.targets):
        raise RippleError(NOT_FOUND)
    return code.targets[number - 1]


def wish_of(target: Target) -> Wish:
    """A target as its merchant wanted it."""
    return Wish(title=target.title, to=target.to, capacity=target.capacity)


def _edited(code: LiveCode, before: Target, wish: Wish) -> Target:
    """The target as it is to be. Raises whatever forbids it."""
    rules.insist_same_kind(before, wish.to)
    admin.insist_words(admin.words_of(wish, ""))
    if (wish.to, wish.capacity) != (before.to, before.capacity):
        rules.insist_fits(wish.to, wish.capacity, clock.now(), "")
    taken = sum(target.parts for target in code.targets)
    return msgspec.structs.replace(
        before,
        title=wish.title,
        to=wish.to,
        file=admin.file_of(code.mid, wish, ""),
        capacity=wish.capacity,
        parts=rules.grown(before, wish.capacity, taken),
    )


def _add_capacity(tx: Transaction, read: Read, code: LiveCode, before: Target, after: Target) -> None:
    """What is left of each part, and until when it is good, once a target is edited. Raises `CAPACITY_TAKEN`."""
    more = after.capacity - before.capacity
    if not more and after.until == before.until:
        return
    keys = [part_key(code.mid, code.lid, before.number, part) for part in range(before.parts)]
    found = read(*keys)
    parts = [part for key in keys if (part := found.item(Part, key)) is not None]
    if more < 0:
        if sum(part.left for part in parts) < -more:
            taken = sum(part.taken for part in parts)
            raise RippleError(problems.CAPACITY_TAKEN, "/capacity", taken=taken)
        moves = [-less for less in rules.lowered([part.left for part in parts], -more)]
    else:
        shares = stock.split(more, after.parts)
        moves = shares[: before.parts]
        admin.add_parts(tx, code, after, shares[before.parts :], behind=before.parts)
    for part, move in zip(parts, moves, strict=True):
        actions: list[Action] = [Part.left.add(move)]
        if after.until is not None:
            actions.append(Part.until.set(after.until))
        tx.update(f"part{part.number}", part, actions, when={"room": Part.left >= max(0, -move)})
