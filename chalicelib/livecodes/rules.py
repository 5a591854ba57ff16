"""How a target is divided, who is sent to which part, what a merchant may change, and when a QR code needs him.

A part is written by nobody but those who are sent there by it: one of `A_PART` places never takes more writes in a
second than one item bears, and a larger target has more of them.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from chalicelib.core.errors import INVALID_FIELD, RippleError
from chalicelib.livecodes import problems
from chalicelib.livecodes.states import LiveState, Standing, TargetState
from chalicelib.livecodes.targets import MOST_BY_SCANNING, MOST_OF_GROUP, AnyTo, GroupTo, Target

if TYPE_CHECKING:
    from chalicelib.livecodes.items import LiveCode, Part

A_PART = 500
"""Places of a part, where its target is small; so many transactional writes a second one item bears."""
WIDEST = 20
"""Parts of one target: 10,000 places a second."""
MOST_PARTS = 90
"""Parts of all targets of a code: with the code and the person they fit one whole read, and one transaction."""

QR_LIFE = timedelta(days=7)
"""How long WeChat's QR code of a group is good (from the day on which it is shown)."""
NOTICE = timedelta(hours=24)
"""How long before its end the merchant is told."""

LOW_PERCENT = 10
"""Of a code's places: once no more are left, its merchant is told."""


def width(capacity: int) -> int:
    """How many parts a target of that capacity wants."""
    return min(WIDEST, math.ceil(capacity / A_PART))


def widths(capacities: Sequence[int], taken: int) -> list[int]:
    """How many parts each of several new targets gets where ``taken`` are there: one at least, and what is left.

    Raises `TARGETS_FULL`.
    """
    if taken + len(capacities) > MOST_PARTS:
        raise RippleError(problems.TARGETS_FULL)
    given = list[int]()
    for n, capacity in enumerate(capacities):
        free = MOST_PARTS - taken - sum(given) - (len(capacities) - n - 1)
        given.append(min(width(capacity), free))
    return given


def grown(target: Target, capacity: int, taken: int) -> int:
    """How many parts a target has once its capacity is raised; those that are there stay."""
    return max(target.parts, min(width(capacity), target.parts + MOST_PARTS - taken))


def round_of(target: Target, uid: str) -> list[tuple[int, int]]:
    """A target's parts (its number and theirs) in the order in which somebody tries them: his own first."""
    own = zlib.crc32(uid.encode()) % target.parts
    return [(target.number, (own + n) % target.parts) for n in range(target.parts)]


def rounds(targets: Iterable[Target], uid: str) -> list[tuple[int, int]]:
    """The parts of all targets that are open, in that order: the first target is filled before the second."""
    return [part for target in targets if target.state is TargetState.OPEN for part in round_of(target, uid)]


def chosen(parts: Iterable[Part], now: datetime) -> Part | None:
    """The first of ``parts`` that takes somebody now."""
    return next((part for part in parts if part.left >= 1 and _takes(part, now)), None)


def _takes(part: Part, now: datetime) -> bool:
    return part.state is TargetState.OPEN and (part.until is None or now < part.until)


def insist_running(code: LiveCode) -> None:
    """Raise `NOT_RUNNING` where nobody is given a place."""
    if code.status is not LiveState.LIVE:
        raise RippleError(problems.NOT_RUNNING, state=code.status.value)


def no_place(parts: Iterable[Part]) -> RippleError:
    """Why none of all ``parts`` takes anybody: they are full, or there is room where the QR code is over."""
    room = any(part.left >= 1 and part.state is TargetState.OPEN for part in parts)
    return RippleError(problems.QR_EXPIRED if room else problems.FULL)


def has_turned_low(targets: Iterable[Target], parts: Iterable[Part]) -> bool:
    """Whether the next place taken of all ``parts`` with room brings what is left of the open targets to a tenth."""
    left = sum(part.left for part in parts)
    total = sum(target.capacity for target in targets if target.state is TargetState.OPEN)
    return left * 100 > LOW_PERCENT * total >= (left - 1) * 100


def standing(target: Target, now: datetime) -> Standing:
    """What a place of a target is worth now."""
    if target.state is TargetState.CLOSED:
        return Standing.CLOSED
    return Standing.EXPIRED if target.is_over(now) else Standing.GOOD


def insist_fits(to: AnyTo, capacity: int, now: datetime, at: str) -> None:
    """Raise `INVALID_FIELD` for a group that is too large or whose QR code cannot be good so long; ``at`` points."""
    if not isinstance(to, GroupTo):
        return
    most = MOST_OF_GROUP if to.by_hand else MOST_BY_SCANNING
    if capacity > most:
        zh = f"扫码入群最多 {most} 人" if not to.by_hand else f"微信群最多 {most} 人"
        raise _unfit(f"{at}/capacity", zh, f"at most {most} join such a group")
    if not now < to.until <= now + QR_LIFE:
        raise _unfit(f"{at}/to/until", "须晚于现在，且不超过 7 天", "it must be after now, and within seven days")


def insist_same_kind(target: Target, to: AnyTo) -> None:
    """Raise `INVALID_FIELD` where a target would become something else: who was sent there meant what it was."""
    if type(target.to) is not type(to):
        raise _unfit("/to/kind", "目标的类型不能更改，请新建目标", "it stays what it is; add another target")


def _unfit(pointer: str, zh: str, en: str) -> RippleError:
    return RippleError(INVALID_FIELD, pointer, reason=(zh, en))


def lowered(lefts: Sequence[int], by: int) -> list[int]:
    """How many of the places left each part gives up, together ``by``, so that those with most give most.

    Together they must have so many.
    """
    keep, gives = sum(lefts) - by, [0] * len(lefts)
    for rank, n in enumerate(sorted(range(len(lefts)), key=lefts.__getitem__)):
        kept = min(lefts[n], keep // (len(lefts) - rank))
        gives[n], keep = lefts[n] - kept, keep - kept
    return gives


def _untils(targets: Iterable[Target]) -> list[datetime]:
    return [target.until for target in targets if target.until is not None and target.state is TargetState.OPEN]


def next_event(status: LiveState, targets: Iterable[Target], now: datetime) -> datetime | None:
    """When a code's merchant must be told of a group's QR code: a day before it ends, and when it has."""
    if status is LiveState.ENDED:
        return None
    events = [event for until in _untils(targets) for event in (until - NOTICE, until)]
    return min((event for event in events if event > now), default=None)


def ending(targets: Iterable[Target], now: datetime) -> list[Target]:
    """The open targets whose QR codes end within a day, or have."""
    return [t for t in targets if t.state is TargetState.OPEN and t.until is not None and t.until - NOTICE <= now]
