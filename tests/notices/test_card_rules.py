"""Which card is sent, which say too little, and when somebody looks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.notices.card_rules import FIRST_LOOK, Activity, Run, Standing, behind, next_look

NOW = datetime(2026, 11, 11, 12, tzinfo=UTC)
DAY = timedelta(days=1)
STAYS = Activity("a", NOW + DAY, 2)


@pytest.mark.parametrize(
    ("run", "have", "says_too_little"),
    [
        (Run.JOINING, 1, False),
        (Run.JOINING, 2, False),
        (Run.JOINING, 3, True),
        (Run.OVER, 2, False),
        (Run.OVER, 3, True),
        (Run.SUCCEEDED, 2, True),
    ],
)
def test_a_card_is_behind_what_there_is_and_never_ahead(run: Run, have: int, says_too_little: bool) -> None:
    assert bool(behind([STAYS], Standing(have, 5, run), NOW)) is says_too_little
    assert not behind([STAYS], Standing(have, 5, run), STAYS.until), "what is expired is left alone"


@given(st.timedeltas(timedelta(0), 2 * DAY), st.sampled_from(Run))
def test_looks_become_rare_and_end(age: timedelta, run: Run) -> None:
    look = next_look([STAYS], Standing(2, 5, run), NOW, NOW + age)
    if run is not Run.JOINING or age >= DAY:
        assert look is None
    else:
        assert look == min(NOW + max(FIRST_LOOK, 2 * age), STAYS.until)
        assert look > NOW + age
