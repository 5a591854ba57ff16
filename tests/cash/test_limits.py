"""What one user may be paid a day and a year, and what of that an attempt that came to nothing gives back."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from chalicelib.cash.items import CashDay, CashYear, day_key, year_key
from chalicelib.cash.problems import CASH_DAY_FULL, CASH_YEAR_FULL
from chalicelib.core import clock
from chalicelib.core.errors import Problem, RippleError
from chalicelib.core.store import read_one
from infra.local.client import Person
from tests.cash import shop
from tests.cash.shop import DAY, HOUR
from tests.town import Town

LATE = datetime(2026, 11, 11, 15, 59, tzinfo=UTC)
"""A minute before midnight in China."""


def counted(town: Town, person: Person, day: str) -> tuple[int, int]:
    found = read_one(CashDay, day_key(shop.mid_of(town), person.uid, day))
    return (found.times, found.fen) if found else (0, 0)


def year(town: Town, person: Person, number: str = "2026") -> tuple[int, int, int, int]:
    found = read_one(CashYear, year_key(shop.mid_of(town), person.uid, number))
    assert found is not None
    return found.times, found.fen, found.paid or 0, found.paid_fen or 0


def test_so_often_a_day(town: Town) -> None:
    ann, campaign = town.person("ann"), shop.opened(town)
    for n in range(4):
        shop.given(town, campaign, ann, f"gift-{n}")
    for n in range(3):
        shop.tap(town, ann, f"gift-{n}")
    with pytest.raises(RippleError, match=CASH_DAY_FULL.code):
        shop.tap(town, ann, "gift-3")
    clock.advance(DAY)
    assert shop.tap(town, ann, "gift-3").confirm


def test_so_much_a_day_and_a_year_to_the_last_fen(town: Town) -> None:
    ann, campaign = town.person("ann"), shop.opened(town)
    for n, fen in enumerate((600, 400, 20, 980, 21)):
        shop.given(town, campaign, ann, f"gift-{n}", fen)
    shop.tap(town, ann, "gift-0")
    shop.tap(town, ann, "gift-1")
    with pytest.raises(RippleError, match=CASH_DAY_FULL.code):
        shop.tap(town, ann, "gift-2")
    clock.advance(DAY)
    shop.tap(town, ann, "gift-3")
    clock.advance(DAY)
    with pytest.raises(RippleError, match=CASH_YEAR_FULL.code):
        shop.tap(town, ann, "gift-4")
    shop.tap(town, ann, "gift-2")
    assert year(town, ann) == (4, 2_000, 0, 0)


@pytest.mark.parametrize(
    ("lower", "refused"),
    [({"fen_a_day": 400}, CASH_DAY_FULL), ({"fen_a_year": 400}, CASH_YEAR_FULL)],
)
def test_the_first_of_a_day_is_within_lower_limits_too(town: Town, lower: dict[str, int], refused: Problem) -> None:
    ann, campaign = town.person("ann"), shop.opened(town)
    shop.given(town, campaign, ann, amount=500)
    shop.set_up(town, shop.with_limits(**lower))
    with pytest.raises(RippleError, match=refused.code):
        shop.tap(town, ann)
    assert shop.tally(town, campaign)["flight"] == 0


def test_what_is_confirmed_the_next_day_counts_on_the_day_of_the_tap(town: Town) -> None:
    ann, campaign = town.person("ann"), shop.opened(town)
    shop.given(town, campaign, ann)
    clock.advance((LATE - clock.now()).total_seconds())
    tapped = shop.tap(town, ann)
    clock.advance(HOUR)
    shop.confirm(town, tapped, ann)
    assert counted(town, ann, "2026-11-11") == (1, 100)
    assert counted(town, ann, "2026-11-12") == (0, 0)
    assert year(town, ann) == (1, 100, 1, 100)


def test_what_fails_the_next_day_gives_back_to_the_day_of_the_tap(town: Town) -> None:
    ann, campaign = town.person("ann"), shop.opened(town)
    shop.given(town, campaign, ann)
    shop.given(town, campaign, ann, "gift-2", 300)
    clock.advance((LATE - clock.now()).total_seconds())
    tapped = shop.tap(town, ann)
    clock.advance(HOUR)
    shop.tap(town, ann, "gift-2")
    shop.confirm(town, tapped, ann, fail_reason="NAME_NOT_CORRECT")
    assert shop.cash(town, ann).failed == "NAME_NOT_CORRECT"
    assert counted(town, ann, "2026-11-11") == (0, 0)
    assert counted(town, ann, "2026-11-12") == (1, 300)
    assert year(town, ann) == (1, 300, 0, 0)


def test_a_day_that_is_forgotten_takes_nothing_back(town: Town) -> None:
    ann, campaign = town.person("ann"), shop.opened(town)
    shop.given(town, campaign, ann)
    tapped = shop.tap(town, ann)
    day = day_key(shop.mid_of(town), ann.uid, "2026-11-11")
    town.emulator.forget(day)
    shop.confirm(town, tapped, ann, fail_reason="NAME_NOT_CORRECT")
    assert shop.cash(town, ann).n == 2
    assert read_one(CashDay, day) is None
