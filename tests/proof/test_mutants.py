"""The broken builds are what they should be: one for every promise, each fits the code, each was noticed."""

from __future__ import annotations

import ast

import pytest

from tests.invariants import ALWAYS, AT_REST
from tests.proof import trials
from tests.proof.mutant import ROOT
from tests.proof.mutants import KNOWN, PROMISES, TRIALS
from tests.proof.trials import Outcome


def test_every_promise_has_its_mutant() -> None:
    assert set(PROMISES) == {*ALWAYS, *AT_REST}


@pytest.mark.parametrize("name", KNOWN)
def test_a_mutant_fits_the_code_and_is_code(name: str) -> None:
    mutant = KNOWN[name]
    ast.parse(mutant.sabotaged((ROOT / mutant.path).read_text()))


def test_every_mutant_was_caught_by_a_test_that_is_remembered() -> None:
    """A condition that was dropped, or a new one that nobody has tried: `python -m tests.proof.mutants` says.

    Those that still wait for their first trial are listed by name.
    """
    assert {*trials.remembered(), *trials.untried()} == {trial.name for trial in TRIALS}


def test_a_promise_is_caught_by_nothing_but_itself() -> None:
    trial = next(trial for trial in TRIALS if trial.promise == "seats_add_up")
    told = "FAILED tests/proof/alone.py::test_undisturbed[seats] - tests.proof.stage.Broken: broken: {}: But: this"
    assert Outcome(1, told.format("seats_add_up")).catches(trial)
    assert not Outcome(1, told.format("seats_are_counted")).catches(trial)
    assert not Outcome(1, "FAILED tests/proof/alone.py::test_undisturbed[seats] - KeyError: 'x'").catches(trial)


@pytest.mark.parametrize("code", [None, 0, 2, 4])
def test_neither_a_time_limit_nor_a_test_that_is_not_there_catches_anything(code: int | None) -> None:
    trial = next(trial for trial in TRIALS if trial.promise is None)
    assert not Outcome(code, "FAILED tests/core/test_due.py::test_something - AssertionError").catches(trial)
