"""What holds of live codes: exact capacities, one identity one group, and parts that are as their target."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime

from chalicelib.core import clock
from chalicelib.livecodes.items import LiveCode, Part, Place, Scan, ScanDay
from chalicelib.livecodes.states import LiveState, TargetState
from tests.breaking import Break, change
from tests.invariants import Books, invariant
from tests.livecodes import shop
from tests.town import Town

Where = tuple[str, int, int]
"""A part: its merchant and live code, its target, and its number."""


def where(pk: str) -> Where:
    """The part of a partition of parts, scans or days."""
    code, _, target, number = pk.rsplit("#", 3)
    return code, int(target), int(number)


def parts(books: Books) -> dict[tuple[str, int], list[Part]]:
    """The parts of every target, by its code's partition and its number."""
    found: dict[tuple[str, int], list[Part]] = defaultdict(list)
    for part in books.of(Part):
        found[where(part.pk)[:2]].append(part)
    return found


def scans(books: Books) -> dict[tuple[str, str], list[Scan]]:
    """Where everybody was sent by every code, in the order of time, by the code's partition and his id."""
    found: dict[tuple[str, str], list[Scan]] = defaultdict(list)
    for scan in sorted(books.of(Scan), key=lambda scan: scan.turn):
        found[where(scan.pk)[0], scan.uid].append(scan)
    return found


@invariant("What is left and what is taken of a live code's target are its capacity, and nothing is oversold.")
def live_capacities_are_exact(books: Books) -> Iterator[str]:
    for code in books.of(LiveCode):
        for target in code.targets:
            mine = books.seen(parts)[code.pk, target.number]
            places = sum(part.left + part.taken for part in mine)
            if len(mine) != target.parts or places != target.capacity or any(part.left < 0 for part in mine):
                yield f"{code.lid} {target.number}: {places} of {target.capacity} in {len(mine)} of {target.parts}"


@invariant("A part of a live code's target has taken just those who were sent there by it, and counts them by day.")
def live_scans_are_counted(books: Books) -> Iterator[str]:
    sent = Counter(where(scan.pk) for scan in books.of(Scan))
    by_day = Counter((where(scan.pk), clock.day_of(scan.at).isoformat()) for scan in books.of(Scan))
    for part in books.of(Part):
        if part.taken != sent[where(part.pk)]:
            yield f"{part.pk} has taken {part.taken}, {sent[where(part.pk)]} were sent there"
    counted = {(where(day.pk), day.day): day.n for day in books.of(ScanDay)}
    if counted != by_day:
        yield f"days count {counted}, there are {dict(by_day)}"


@invariant("One identity, one group: whoever has a place of a live code was sent there last, and nobody else anywhere.")
def one_identity_one_group(books: Books) -> Iterator[str]:
    places = {(f"{place.mid}|LV#{place.lid}", place.uid): place for place in books.of(Place)}
    for whose, sent in books.seen(scans).items():
        place = places.get(whose)
        if place is None or [scan.turn for scan in sent] != list(range(1, place.turn + 1)):
            yield f"{whose} was sent {[scan.turn for scan in sent]}, his place is {place and place.turn}"
        elif (place.target, place.part, place.at) != (*where(sent[-1].pk)[1:], sent[-1].at):
            yield f"{whose} has a place at {place.target}, and was sent to {sent[-1].pk}"
    if missing := places.keys() - books.seen(scans).keys():
        yield f"{sorted(missing)} have places and were sent nowhere"


@invariant("Every part of a live code's target is open or closed as that is, and good for as long.")
def live_parts_are_as_their_target(books: Books) -> Iterator[str]:
    for code in books.of(LiveCode):
        for target in code.targets:
            for part in books.seen(parts)[code.pk, target.number]:
                if (part.state, part.until) != (target.state, target.until):
                    yield f"{part.pk} is {part.state} until {part.until}, not {target.state} until {target.until}"


@invariant("A live code with an open group whose QR code is not over has a time at which somebody is told.")
def live_qr_codes_are_looked_after(books: Books) -> Iterator[str]:
    now = clock.now()
    for code in books.of(LiveCode):
        open_ = [target for target in code.targets if target.state is TargetState.OPEN]
        waits = any(target.until is not None and now < target.until for target in open_)
        if waits and code.status is not LiveState.ENDED and code.due is None:
            yield f"{code.lid} has nothing due"


def situation(town: Town) -> None:
    """A live code with a group and a page, in which two have places, one of whom was sent on."""
    lid = shop.made(town, shop.group(5), shop.page(1000), shop.group(3))
    for name in ("one who scanned", "another who scanned"):
        shop.takes(town.person(name), lid).expect(200)
    shop.turns(town, lid, 1, "close").expect(200)
    shop.takes(town.person("one who scanned"), lid).expect(200)


LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)

BREAKS: dict[str, Break] = {
    "live_capacities_are_exact": change(Part, {"left": 7777}),
    "live_scans_are_counted": change(ScanDay, {"n": 7}),
    "one_identity_one_group": change(Place, {"target": 3}),
    "live_parts_are_as_their_target": change(Part, {"until": LONG_AGO}),
    "live_qr_codes_are_looked_after": change(LiveCode, {"gsi2pk": None, "gsi2sk": None}),
}
