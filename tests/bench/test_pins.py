"""What an action takes from storage is pinned: a change that costs more, or less, says so where it is reviewed."""

from __future__ import annotations

import json

from tests.bench import options
from tests.bench.capacity import PINS, Taken, differences, taken


def test_every_action_takes_what_is_pinned() -> None:
    pinned: Taken = json.loads(PINS.read_text())
    changed = differences(pinned, taken())
    assert not changed, "\n".join([*changed, "if that is meant: python -m tests.bench pin"])


def test_a_difference_is_shown() -> None:
    pinned: Taken = {"join": {"read_units": 5.0, "write_units": 11}, "gone": {}}
    now: Taken = {"join": {"read_units": 5.5, "write_units": 11}, "new": {}}
    assert differences(pinned, now) == ["gone: gone", "join: read_units 5.0 -> 5.5", "new: new"]


def test_no_option_takes_more_than_its_budget() -> None:
    figures = {figure.name: figure for figure in options.figures()}
    assert "groupbuy.join.write_units.several_skus" in figures
    assert [f.name for f in figures.values() if f.budget is not None and f.value > f.budget] == []
