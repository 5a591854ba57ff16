"""Who was sent to a target, and how many a day: for its merchant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import msgspec

from chalicelib.accounts.items import User, user_key
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import query, read, read_all, spread
from chalicelib.livecodes.items import LiveCode, Part, Scan, ScanDay, days, part_key, scans
from chalicelib.livecodes.targets import Target


class Scanned(msgspec.Struct, frozen=True):
    """Somebody who was sent to a target."""

    scan: Scan
    user: User | None


class Day(msgspec.Struct, frozen=True):
    """How many were sent to a target on a day in China."""

    day: str
    scans: int


def parts(code: LiveCode) -> dict[int, list[Part]]:
    """The parts of every target, by its number."""
    numbers = [(target.number, part) for target in code.targets for part in range(target.parts)]
    keys = [part_key(code.mid, code.lid, *number) for number in numbers]
    found = read(*keys) if keys else {}
    counted: dict[int, list[Part]] = {target.number: [] for target in code.targets}
    for key in keys:
        part = found[key]
        if isinstance(part, Part):
            counted[part.target].append(part)
    return counted


def scanned(code: LiveCode, target: Target, limit: int, after: str | None) -> tuple[list[Scanned], str | None]:
    """A page of those who were sent to a target, the latest first, and the position that the next begins after."""
    places = [scans(code.mid, code.lid, target.number, part) for part in range(target.parts)]
    keys, more = spread(places, None, limit, forward=False, after=after)
    there = [item for item in read_all(keys) if isinstance(item, Scan)]
    users = _users(code.mid, {scan.uid for scan in there})
    return [Scanned(scan, users.get(scan.uid)) for scan in there], more


def counted(code: LiveCode, target: Target, limit: int, before: str | None) -> tuple[list[Day], str | None]:
    """A page of a target's days, the latest first, those ``before`` a day; and the day that the next is before.

    A part's latest days have among them all of its days that are among the latest of all parts.
    """
    sums = Counter[str]()
    at_most = f"{ScanDay.prefix}{before}" if before is not None else None
    for part in range(target.parts):
        place = days(code.mid, code.lid, target.number, part)
        page = query(place, at_most=at_most, limit=limit + 2, forward=False)
        for item in page.items:
            if isinstance(item, ScanDay) and item.day != before:
                sums[item.day] += item.n
    latest = sorted(sums, reverse=True)
    return [Day(day, sums[day]) for day in latest[:limit]], latest[limit - 1] if len(latest) > limit else None


def _users(mid: MerchantId, uids: Iterable[str]) -> dict[str, User]:
    return {user.uid: user for user in read_all(user_key(mid, uid) for uid in uids) if isinstance(user, User)}
