"""The rules of live codes, by example and by property."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core.errors import RippleError
from chalicelib.livecodes import rules
from chalicelib.livecodes.items import Part
from chalicelib.livecodes.rules import A_PART, MOST_PARTS, NOTICE, QR_LIFE, WIDEST
from chalicelib.livecodes.states import LiveState, Standing, TargetState
from chalicelib.livecodes.targets import MOST_OF_GROUP, MOST_PLACES, GroupTo, PageTo, Target

NOW = datetime(2026, 11, 11, 12, tzinfo=UTC)
OPEN, CLOSED = TargetState.OPEN, TargetState.CLOSED


def target(number: int = 1, *, hours: float | None = None, capacity: int = 100, **about: Any) -> Target:
    """A page, or a group whose QR code is good for so many hours."""
    group = GroupTo(picture_id="QR", until=NOW + timedelta(hours=hours)) if hours is not None else None
    said: dict[str, Any] = {"title": "群", "file": None, "parts": 1, "state": OPEN, **about}
    return Target(number=number, to=group or PageTo(path="pages/a"), capacity=capacity, **said)


def part(
    left: int, *, number: int = 1, state: TargetState = OPEN, until: datetime | None = None, taken: int = 0
) -> Part:
    return Part(f"M|LV#L#P#{number}#0", "PART", left=left, taken=taken, state=state, until=until)


@pytest.mark.parametrize(("capacity", "parts"), [(1, 1), (500, 1), (501, 2), (10_000, 20), (1_000_000, 20)])
def test_a_target_has_as_many_parts_as_its_crowd_needs(capacity: int, parts: int) -> None:
    assert rules.width(capacity) == parts


@given(st.integers(1, MOST_OF_GROUP))
def test_a_group_is_one_part(capacity: int) -> None:
    assert rules.width(capacity) == 1


@given(st.lists(st.integers(1, MOST_PLACES), max_size=20), st.integers(0, MOST_PARTS))
def test_every_target_gets_a_part_and_all_fit_or_none_is_made(capacities: list[int], taken: int) -> None:
    if taken + len(capacities) > MOST_PARTS:
        with pytest.raises(RippleError, match="live_targets_full"):
            rules.widths(capacities, taken)
        return
    given_ = rules.widths(capacities, taken)
    assert len(given_) == len(capacities)
    assert all(1 <= parts <= rules.width(wanted) for parts, wanted in zip(given_, capacities, strict=True))
    assert taken + sum(given_) <= MOST_PARTS


@given(st.integers(1, WIDEST), st.integers(1, MOST_PLACES), st.integers(WIDEST, MOST_PARTS))
def test_a_target_grows_and_never_shrinks(parts: int, capacity: int, taken: int) -> None:
    grown = rules.grown(target(parts=parts), capacity, taken)
    assert grown >= parts
    assert grown == parts or (grown <= rules.width(capacity) and taken - parts + grown <= MOST_PARTS)


@given(st.text(min_size=1, max_size=26), st.lists(st.integers(1, WIDEST), max_size=5))
def test_everybody_tries_every_part_once_target_by_target(uid: str, widths: list[int]) -> None:
    targets = [target(n, parts=parts) for n, parts in enumerate(widths, 1)]
    tried = rules.rounds(targets, uid)
    assert sorted(tried) == [(n, part) for n, parts in enumerate(widths, 1) for part in range(parts)]
    assert [number for number, _ in tried] == sorted(number for number, _ in tried)
    assert tried == rules.rounds(targets, uid)


def test_a_crowd_is_spread_over_the_parts() -> None:
    first = [rules.round_of(target(parts=WIDEST), f"user-{n}")[0][1] for n in range(4000)]
    assert all(100 < first.count(part) < 300 for part in range(WIDEST))


def test_closed_targets_are_not_tried() -> None:
    assert rules.rounds([target(1, state=CLOSED), target(2)], "u") == [(2, 0)]


def test_the_first_part_that_takes_somebody_is_chosen() -> None:
    old, good = NOW, NOW + timedelta(seconds=1)
    parts = [
        part(0, number=1),
        part(1, number=2, state=CLOSED),
        part(1, number=3, until=old),
        part(1, number=4, until=good),
    ]
    found = rules.chosen(parts, NOW)
    assert found is not None
    assert found.target == 4
    assert rules.chosen(parts[:3], NOW) is None


def test_why_nobody_is_sent_anywhere() -> None:
    assert rules.no_place([]).problem.code == "live_code_full"
    assert rules.no_place([part(0), part(0, until=NOW)]).problem.code == "live_code_full"
    assert rules.no_place([part(5, state=CLOSED)]).problem.code == "live_code_full"
    assert rules.no_place([part(0), part(1, until=NOW)]).problem.code == "live_qr_expired"


@pytest.mark.parametrize(("left", "low"), [(12, False), (11, True), (10, False), (1, False)])
def test_a_tenth_is_left_once(left: int, low: bool) -> None:
    targets = [target(1, capacity=60), target(2, capacity=40), target(3, capacity=900, state=CLOSED)]
    assert rules.has_turned_low(targets, [part(left - 1), part(1)]) == low


def test_the_last_place_of_few_is_low_too() -> None:
    assert rules.has_turned_low([target(capacity=3)], [part(1)])


@given(st.lists(st.integers(0, 50), min_size=1, max_size=WIDEST), st.data())
def test_what_parts_give_up_is_what_was_asked_and_no_more_than_they_have(lefts: list[int], data: st.DataObject) -> None:
    by = data.draw(st.integers(0, sum(lefts)))
    gives = rules.lowered(lefts, by)
    assert sum(gives) == by
    assert all(0 <= give <= left for give, left in zip(gives, lefts, strict=True))
    keeps = [left - give for give, left in zip(gives, lefts, strict=True)]
    richest = max(keeps)
    assert all(keep >= richest - 1 or keep == left for keep, left in zip(keeps, lefts, strict=True)), "evenly"


@pytest.mark.parametrize(
    ("hours", "state", "standing"),
    [(None, OPEN, "good"), (1, OPEN, "good"), (0, OPEN, "expired"), (0, CLOSED, "closed"), (None, CLOSED, "closed")],
)
def test_what_a_place_is_worth(hours: float | None, state: TargetState, standing: str) -> None:
    assert rules.standing(target(hours=hours, state=state), NOW) is Standing(standing)


@pytest.mark.parametrize(
    ("capacity", "by_hand", "hours", "pointer"),
    [
        (200, False, 168, None),
        (500, True, 168, None),
        (201, False, 168, "/targets/0/capacity"),
        (501, True, 168, "/targets/0/capacity"),
        (200, False, 0, "/targets/0/to/until"),
        (200, False, 168.01, "/targets/0/to/until"),
    ],
)
def test_what_a_group_may_be(capacity: int, by_hand: bool, hours: float, pointer: str | None) -> None:
    to = GroupTo(picture_id="QR", until=NOW + timedelta(hours=hours), by_hand=by_hand)
    if pointer is None:
        rules.insist_fits(to, capacity, NOW, "/targets/0")
        return
    with pytest.raises(RippleError) as refused:
        rules.insist_fits(to, capacity, NOW, "/targets/0")
    assert refused.value.pointer == pointer
    assert timedelta(hours=168) == QR_LIFE


def test_a_page_may_be_for_a_million() -> None:
    rules.insist_fits(PageTo(path="pages/a"), MOST_PLACES, NOW, "")
    assert WIDEST * A_PART == 10_000


def test_a_target_stays_what_it_is() -> None:
    rules.insist_same_kind(target(hours=1), GroupTo(picture_id="other", until=NOW))
    with pytest.raises(RippleError) as refused:
        rules.insist_same_kind(target(), GroupTo(picture_id="other", until=NOW))
    assert refused.value.pointer == "/to/kind"


def test_a_merchant_is_told_a_day_before_a_qr_code_ends_and_when_it_has() -> None:
    targets = [target(1), target(2, hours=30), target(3, hours=40), target(4, hours=2, state=CLOSED)]
    first = rules.next_event(LiveState.LIVE, targets, NOW)
    assert first == NOW + timedelta(hours=6)
    assert [t.number for t in rules.ending(targets, NOW)] == []
    assert [t.number for t in rules.ending(targets, first)] == [2]
    assert rules.next_event(LiveState.PAUSED, targets, first) == NOW + timedelta(hours=16)
    last = NOW + timedelta(hours=40)
    assert rules.next_event(LiveState.LIVE, targets, last) is None
    assert [t.number for t in rules.ending(targets, last)] == [2, 3]
    assert rules.next_event(LiveState.ENDED, targets, NOW) is None
    assert timedelta(hours=24) == NOTICE
