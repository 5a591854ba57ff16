"""A place for whoever scanned: one identity one group. One read round, one pure decision, one transaction.

The first call sends him to the first target with room, all later ones answer the same: also when it is full, or its QR
code is over. Where its merchant closed it, he is sent on to the next, and takes a place there too.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from chalicelib.accounts.items import User, user_key
from chalicelib.core import clock, log
from chalicelib.core.decision import Read, decided_or_refused
from chalicelib.core.errors import UNAUTHENTICATED, RippleError
from chalicelib.core.ids import MerchantId, UserId
from chalicelib.core.metrics import count
from chalicelib.core.store import read_whole
from chalicelib.core.table import Key
from chalicelib.core.transaction import Lost, Transaction
from chalicelib.livecodes import finding, problems, rules
from chalicelib.livecodes.finding import Known
from chalicelib.livecodes.items import LIVE, LiveCode, Part, Place, Scan, ScanDay, days, part_key, place_key, scans
from chalicelib.livecodes.states import TargetState
from chalicelib.livecodes.targets import Target
from chalicelib.sharing.items import Entry, entry_key
from chalicelib.sharing.rules import Attribution, attributed

FEW = 4
"""Parts that are read with the person; the others only where none of these takes him."""


class Placed(msgspec.Struct, frozen=True):
    """Where somebody is sent, by a code as it was then."""

    code: LiveCode
    place: Place

    @property
    def target(self) -> Target:
        """Where to."""
        return self.code.targets[self.place.target - 1]


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """What one read round found."""

    known: Known
    place: Place | None
    came_by: Attribution | None
    parts: Sequence[Part]
    """In the order in which he tries them."""
    all: bool
    """Whether these are all parts of the targets that are open, by the code as it stands."""
    covers: bool
    """Whether they are all parts that may have room, as far as this process knows."""

    @property
    def code(self) -> LiveCode:
        """The live code."""
        return self.known.code

    @property
    def mine(self) -> Placed | None:
        """Where he was sent before."""
        return Placed(self.code, self.place) if self.place is not None else None

    @property
    def stays(self) -> bool:
        """Whether he is sent to where he was sent before."""
        return self.mine is not None and self.mine.target.state is TargetState.OPEN


def place(mid: MerchantId, uid: UserId, lid: str) -> Placed:
    """Where somebody is sent. Raises `NOT_RUNNING`; `FULL` and `QR_EXPIRED` where no target takes him, all being seen.

    Then an alarm rings: nobody can be sent anywhere.
    """
    try:
        return decided_or_refused(lambda read: _place(mid, uid, lid, read))
    except RippleError as refused:
        if refused.problem in (problems.FULL, problems.QR_EXPIRED):
            log.warning("live_code_full", lid=lid, why=refused.problem.code)
            count("LiveCodeFull", mid=mid, lid=lid)
        raise


def look(mid: MerchantId, uid: UserId, lid: str, read: Read) -> tuple[Look, Part | None]:
    """What is known of a person and a code, and the part that takes him now: None only where all parts were read."""
    for everything in (False, True):
        seen = _look(mid, uid, lid, read, everything=everything or read is read_whole)
        part = rules.chosen(seen.parts, clock.now())
        if seen.stays or seen.all or part is not None:
            break
    if part is not None:
        seen.known.first = part.target
    return seen, part


def _look(mid: MerchantId, uid: UserId, lid: str, read: Read, *, everything: bool) -> Look:
    known = finding.fresh(mid, lid) if everything else finding.known(mid, lid)
    targets = known.code.targets
    wanted = rules.rounds(targets if everything else targets[known.first - 1 :], uid)
    parts = [part_key(mid, lid, *part) for part in (wanted if everything else wanted[:FEW])]
    keys = user_key(mid, uid), place_key(mid, uid, lid), entry_key(mid, uid, LIVE, lid)
    found = read(*keys, *parts)
    if found.item(User, keys[0]) is None:
        raise RippleError(UNAUTHENTICATED)
    mine = found.item(Place, keys[1])
    if mine is not None and mine.target > len(targets):
        known = finding.fresh(mid, lid)
    return Look(
        known=known,
        place=mine,
        came_by=attributed(found.item(Entry, keys[2]), clock.now()),
        parts=[part for key in parts if (part := found.item(Part, key)) is not None],
        all=everything,
        covers=everything or len(wanted) <= FEW,
    )


def _place(mid: MerchantId, uid: UserId, lid: str, read: Read) -> Placed:
    seen, part = look(mid, uid, lid, read)
    if seen.mine is not None and seen.stays:
        return seen.mine
    rules.insist_running(seen.code)
    if part is None:
        raise rules.no_place(seen.parts)
    try:
        made = _placed(mid, uid, lid, seen, part)
    except Lost:
        finding.forget(mid, lid)
        raise
    if seen.covers and rules.has_turned_low(seen.code.targets, seen.parts):
        count("LiveCodeLow", mid=mid, lid=lid)
    return Placed(seen.code, made)


def _placed(mid: MerchantId, uid: UserId, lid: str, seen: Look, part: Part) -> Place:
    """Take a place of ``part``, instead of one of a target that was closed where he had that."""
    now, before = clock.now(), seen.place
    turn = before.turn + 1 if before is not None else 1
    about: dict[str, Any] = {"turn": turn, "at": now, "came_by": seen.came_by}
    made = Place(*place_key(mid, uid, lid), target=part.target, part=part.number, **about)
    tx = Transaction()
    if before is None:
        tx.put("place", made)
    else:
        tx.put("place", made, when={"as_seen": Place.turn == before.turn})
        left_behind = part_key(mid, lid, before.target, before.part)
        tx.check("before", left_behind, when={"closed": Part.state == TargetState.CLOSED})
    takes = {
        "open": Part.state == TargetState.OPEN,
        "room": Part.left >= 1,
        "good": Part.until.does_not_exist() | (Part.until > now),
    }
    tx.update("part", part, [Part.left.add(-1), Part.taken.add(1)], when=takes)
    where = part.target, part.number
    tx.put("scan", Scan(scans(mid, lid, *where), f"S#{clock.iso(now)}#{uid}#{turn}", **about))
    day = Key(days(mid, lid, *where), f"DAY#{clock.day_of(now).isoformat()}")
    tx.upsert("day", day, [ScanDay.n.add(1)])
    tx.commit()
    return made
