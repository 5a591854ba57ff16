"""What is a star, a fan, a chain and lockstep, and what is a family, a class and an office."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.sharing.shapes import DAY, fullest_day, in_lockstep, is_chain, is_fan, is_star
from chalicelib.sharing.sightings import Marks
from chalicelib.sharing.verdict import ADDRESS_CROWDED, DEVICE_SHARED, PACED, STAR_A_DAY

START = datetime(2026, 11, 11, 12, tzinfo=UTC)
NOWHERE = Marks(None, None)
HUMAN = (31, 420, 55, 1300, 12, 200, 95, 700, 9, 160, 2100)

TIMES = st.lists(st.integers(0, 5 * 86_400), max_size=45).map(lambda seconds: [at(s) for s in seconds])
MARK = st.sampled_from([None, "a", "b", "c"])
CAME = st.lists(st.tuples(st.integers(0, 86_400).map(lambda s: at(s)), st.builds(Marks, MARK, MARK)), max_size=45)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def after(*gaps: float) -> list[datetime]:
    """Times with so many seconds between them."""
    return [at(sum(gaps[:n])) for n in range(len(gaps) + 1)]


@pytest.mark.parametrize(
    ("many", "back", "star"),
    [(5, 0, False), (20, 0, False), (21, 0, True), (21, 2, True), (21, 3, False), (40, 3, True), (40, 4, False)],
)
def test_a_star_is_many_of_whom_under_a_tenth_came_back(many: int, back: int, star: bool) -> None:
    assert is_star([n < back for n in range(many)]) is star


@given(back=st.lists(st.booleans(), max_size=STAR_A_DAY))
def test_few_are_never_a_star(back: list[bool]) -> None:
    assert not is_star(back)


@given(back=st.lists(st.booleans(), min_size=1, max_size=45), one=st.integers(0, 44))
def test_one_more_who_comes_back_makes_no_star(back: list[bool], one: int) -> None:
    more = [*back]
    more[one % len(back)] = True
    assert is_star(back) or not is_star(more)


@given(times=TIMES)
def test_the_fullest_day_is_a_day_and_no_other_is_fuller(times: list[datetime]) -> None:
    day = [time for time, _ in fullest_day((time, None) for time in times)]
    assert day == sorted(day)
    assert not day or day[-1] - day[0] < DAY
    assert len(day) == max((sum(first <= time < first + DAY for time in times) for first in times), default=0)


def test_of_days_that_are_as_full_the_latest_counts() -> None:
    days = [(at(0), "first"), (at(60), "first"), (at(90_000), "last"), (at(90_060), "last")]
    assert {name for _, name in fullest_day(days)} == {"last"}


def test_five_on_one_device_at_equal_gaps_are_a_fan() -> None:
    assert is_fan([(time, Marks("a", "n")) for time in after(600, 600, 600, 600)])


@pytest.mark.parametrize(
    ("one", "others", "fan"), [(3, 0, False), (4, 0, True), (4, 3, True), (4, 4, False), (5, 6, False)]
)
def test_a_device_counts_where_more_than_three_and_more_than_half_share_it(one: int, others: int, fan: bool) -> None:
    marks = [Marks("a", None)] * one + [NOWHERE] * others
    assert is_fan([(at(n * n * 400), mark) for n, mark in enumerate(marks)]) is fan
    assert is_chain(marks) is fan


@pytest.mark.parametrize(("near", "others", "fan"), [(20, 0, False), (21, 0, True), (21, 20, True), (21, 21, False)])
def test_a_network_counts_where_it_is_a_crowd(near: int, others: int, fan: bool) -> None:
    marks = [Marks(None, "n")] * near + [Marks(None, str(n)) for n in range(others)]
    assert is_fan([(at(n * n * 40), mark) for n, mark in enumerate(marks)]) is fan
    assert not is_chain(marks)


def test_a_class_that_came_over_a_week_is_no_crowd() -> None:
    assert not is_fan([(at(n * 20_000 + n * n * 90), Marks(f"phone-{n}", "school")) for n in range(30)])


def test_a_family_at_home_is_nothing() -> None:
    home = [(time, Marks(f"phone-{n}", "home")) for n, time in enumerate(after(*HUMAN[:4]))]
    assert not is_fan(home)
    assert not is_fan([(time, Marks("phone-0" if n < 3 else f"phone-{n}", "home")) for n, (time, _) in enumerate(home)])


@pytest.mark.parametrize(
    ("gaps", "machine"),
    [
        ([600] * 7, True),
        ([600] * 6, False),
        ([48, 60, 72, 55, 66, 60, 70, 51, 63], True),
        ([60] * 9 + [40_000], True),
        ([60] * 8 + [40_000, 3], False),
        (HUMAN, False),
        ([0.2] * 30, False),
        ([0] * 30, False),
    ],
)
def test_lockstep_is_where_nearly_all_gaps_are_alike(gaps: list[float], machine: bool) -> None:
    assert in_lockstep(after(*gaps)) is machine


def test_people_who_come_independently_are_hardly_ever_in_lockstep() -> None:
    drawn = random.Random(7)
    crowds = ([drawn.expovariate(1 / 300) for _ in range(drawn.randint(7, 39))] for _ in range(5000))
    assert not any(in_lockstep(after(*gaps)) for gaps in crowds)


@given(times=TIMES)
def test_few_are_never_in_lockstep(times: list[datetime]) -> None:
    assert not in_lockstep(times[: PACED - 1])


@given(start=st.integers(0, 1000), gap=st.integers(1, 3000), count=st.integers(PACED, 40), seed=st.randoms())
def test_a_timer_is_lockstep_whatever_order_it_is_told_in(
    start: int, gap: int, count: int, seed: random.Random
) -> None:
    times = [at(start + n * gap) for n in range(count)]
    seed.shuffle(times)
    assert in_lockstep(times)


@given(came=CAME, unsaid=st.sets(st.integers(0, 44)))
def test_what_is_not_known_speaks_against_nobody(came: list[tuple[datetime, Marks]], unsaid: set[int]) -> None:
    less = [(time, NOWHERE if n in unsaid else marks) for n, (time, marks) in enumerate(came)]
    assert is_fan(came) or not is_fan(less)
    assert is_chain([marks for _, marks in came]) or not is_chain([marks for _, marks in less])


@given(came=CAME)
def test_a_fan_has_one_of_three_grounds(came: list[tuple[datetime, Marks]]) -> None:
    device = max((sum(m.device == one for _, m in came) for one in "abc"), default=0)
    network = max((sum(m.network == one for _, m in came) for one in "abc"), default=0)
    if not in_lockstep([time for time, _ in fullest_day(came)]) and is_fan(came):
        assert device > DEVICE_SHARED or network > ADDRESS_CROWDED
        assert max(device, network) * 2 > len(came) or network > ADDRESS_CROWDED
