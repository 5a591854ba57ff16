# ruff: noqa: T201
"""Trying broken builds: the test that caught one last is asked first, and only then everything that could notice.

The memory, `caught.json`, says no more than where to look first. A test of it that is red without any mutant would
catch everything, so that all of them are run on the unbroken code too, once a run.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from tests.proof.mutant import ROOT, Mutant, Named

WORKERS = 2
HINT_SECONDS = 600
SECONDS = 3600
"""A hanging build is told from a slow one by an hour for each of its lists of tests."""

CAUGHT = ROOT / "tests/proof/caught.json"
UNTRIED = ROOT / "tests/proof/untried.json"
"""Broken builds that fit the code and that nobody has tried yet; whatever is caught leaves the list."""
ALONE = "tests/proof/alone.py"
CONDITIONS = "tests/proof/test_conditions.py"
MOMENTS = ("tests/groupbuy/test_meanwhile.py", "tests/groupbuy/test_refusals.py")
TOLD = tuple(f"tests/orders/test_{name}.py" for name in ("statement", "desk", "bills", "receiver"))
SHOWN = tuple(f"tests/groupbuy/test_{name}.py" for name in ("discovery", "options", "life"))
GOODS = tuple(f"tests/fulfilment/test_{name}.py" for name in ("cases", "delivery"))
HAGGLED = tuple(f"tests/bargain/test_{name}.py" for name in ("rules", "held", "life", "pages"))
GIVEN = tuple(f"tests/rewards/test_{name}.py" for name in ("rules", "budgets", "watch"))
PACKED = tuple(f"tests/redpacket/test_{name}.py" for name in ("rules", "claws", "held", "orders", "pages", "meanwhile"))
TRADED = ("tests/wechat", "tests/simulator/test_fund_flow.py")
FOR_GOODS = tuple(f"tests/voucher/test_{name}.py" for name in ("goods_rules", "goods", "goods_late", "goods_back"))
OF_REWARDS = ("tests/notices/test_rewards_told.py", "tests/notices/test_rewards_ending.py")
MINORS = "tests/family/test_minors.py"
PAID_FOR = ("tests/family/test_payer.py", "tests/family/test_asks.py")
SLOW = tuple(f"tests/proof/test_{name}.py" for name in ("crashes", "races", "model"))
TAKEN_OFF = tuple(f"tests/coupons/test_{name}.py" for name in ("worth", "windows", "claim", "tender", "quotes"))
GATED = tuple(f"tests/campaigns/test_{name}.py" for name in ("gate", "copy_lint", "slots", "disclosure", "allowed"))
SHARED_OUT = ("tests/rewards", "tests/redpacket", "tests/inviting", "tests/thanks", "tests/coupons", "tests/cash")
HEARD = tuple(f"tests/notices/test_{name}.py" for name in ("plays", "orders", "endings", "cards"))
SOLD = (*GATED, "tests/campaigns", *GIVEN, *MOMENTS)
TESTS = {
    "core": (
        "tests/core",
        "tests/fulfilment/test_sheet.py",
        "tests/wechat/test_egress.py",
        "tests/pictures/test_asking.py",
        *MOMENTS,
        *GIVEN,
        "tests/invite/test_graph.py",
        "tests/orders",
        "tests/groupbuy",
        *SLOW,
    ),
    "accounts": (
        "tests/accounts",
        "tests/risk",
        "tests/groupbuy/test_options.py",
        "tests/invite/test_accepting.py",
        "tests/push",
    ),
    "merchants": ("tests/merchants",),
    "campaigns": (
        *SOLD,
        "tests/recall/test_segments.py",
        "tests/bargain",
        "tests/coupons",
        "tests/thanks",
        "tests/groupbuy",
        "tests/orders",
        *SLOW,
    ),
    "push": ("tests/push", "tests/accounts/test_avatars.py", "tests/fulfilment/test_settlement.py"),
    "wechat": (*TRADED, "tests/orders/test_bill_file.py", "tests/orders/test_bills.py"),
    "fulfilment": (
        *GOODS,
        "tests/recall/test_recalls.py",
        "tests/voucher/test_goods_back.py",
        "tests/fulfilment",
        "tests/family/test_topup_back.py",
        "tests/family/test_topup.py",
        "tests/pictures/test_handed_out.py",
        PAID_FOR[0],
        *HEARD,
        *SLOW,
    ),
    "orders": (
        *TOLD,
        *GOODS,
        "tests/orders/test_late_payment.py",
        *MOMENTS,
        "tests/orders",
        "tests/groupbuy",
        "tests/coupons",
        "tests/recall/test_segments.py",
        *PAID_FOR,
        *HEARD,
        *SLOW,
    ),
    "bargain": (*HAGGLED, PAID_FOR[1], *HEARD, *SLOW),
    "cash": ("tests/cash", *OF_REWARDS, MINORS, *SLOW),
    "coupons": (*TAKEN_OFF, *OF_REWARDS, "tests/family/test_shared.py", *SLOW),
    "family": ("tests/family", "tests/notices/test_family_told.py", "tests/punchcards", *SLOW),
    "voucher": (
        *FOR_GOODS,
        "tests/voucher",
        "tests/family/test_purse_codes.py",
        "tests/pictures/test_handed_out.py",
        MINORS,
        *SLOW,
    ),
    "punchcards": ("tests/punchcards", "tests/family/test_promised.py", *SLOW),
    "posters": ("tests/posters", *SLOW),
    "recall": ("tests/recall", *SLOW),
    "pictures": ("tests/pictures", "tests/posters"),
    "redpacket": (*PACKED, "tests/redpacket", "tests/thanks", OF_REWARDS[0], MINORS, *HEARD, *SLOW),
    "livecodes": ("tests/livecodes", *SLOW),
    "notices": ("tests/notices", "tests/core/test_outbox.py", *SLOW),
    "sharing": ("tests/sharing", "tests/risk", "tests/invite", "tests/livecodes/test_life.py", *HEARD, *SLOW),
    "invite": ("tests/invite", "tests/inviting", MINORS, "tests/recall/test_recalls.py", *SLOW),
    "rewards": (*GIVEN, *OF_REWARDS, *SHARED_OUT, "tests/cash", MINORS, *SLOW),
    "groupbuy": (*MOMENTS, *SHOWN, "tests/orders", "tests/groupbuy", PAID_FOR[1], *HEARD, *SLOW),
}
"""Which tests are asked about a room: those of a moment, how the room behaves, and last what takes minutes."""


def tests_of(mutant: Mutant) -> tuple[tuple[str, ...], ...]:
    """What should notice a mutant, in the order in which it is asked; of a condition whether it refuses by itself."""
    tests = tuple((test,) for test in TESTS[Path(mutant.path).parts[1]])
    itself = tuple(
        f"{CONDITIONS}::test_a_condition_refuses[{named}]"
        for named in refusals()
        if Named.of(named).site == mutant.site
    )
    return (itself, *tests) if itself else tests


def refusals() -> dict[str, object]:
    """Every condition that is known, and how it is broken."""
    known: dict[str, object] = json.loads((ROOT / "tests/proof/refusals.json").read_text())
    return known


class Trial(NamedTuple):
    """A mutant and what should notice it; with ``promise`` nothing but that promise may fail."""

    name: str
    mutant: Mutant
    tests: tuple[tuple[str, ...], ...]
    promise: str | None = None


class Verdict(NamedTuple):
    """What became of a trial: ``caught``, ``survived`` or ``hangs``, and the test."""

    what: str
    by: str = ""


@dataclass
class Outcome:
    """How a run of tests ended; ``failed`` is the first line about a failure."""

    code: int | None
    output: str = ""

    @property
    def failed(self) -> str:
        lines = [line for line in self.output.splitlines() if line.startswith(("FAILED", "ERROR"))]
        return lines[0] if lines else ""

    def catches(self, trial: Trial) -> bool:
        """Whether tests failed, and those of a promise because of nothing else."""
        broken = f" broken: {trial.promise}: "
        return self.code == 1 and bool(self.failed) and (trial.promise is None or broken in self.failed)

    @property
    def test(self) -> str:
        return self.failed.split(" ", 1)[1].split(" - ")[0]


def run(tests: Iterable[str], *options: str, seconds: float, **variables: str) -> Outcome:
    """Run tests in a process of their own; the code is None where they take longer than ``seconds``."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--tb=no", "--show-capture=no"]
    environment = {**os.environ, "RIPPLE_PROOF": "brief", "PYTHONPATH": str(ROOT), "COLUMNS": "1000", **variables}
    try:
        done = subprocess.run(
            [*command, *options, *tests],
            cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=seconds,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return Outcome(None)
    return Outcome(done.returncode, done.stdout + done.stderr)


def attempt(trial: Trial, tests: Iterable[str], seconds: float) -> Outcome:
    """Run tests against the broken build up to the first failure."""
    only = {"RIPPLE_ONLY_INVARIANT": trial.promise} if trial.promise else {}
    options = ("-x", "-n", "0", "-p", "tests.proof.sabotage")
    return run(tests, *options, seconds=seconds, RIPPLE_MUTANT=trial.mutant.name, **only)


def judge(trial: Trial, hint: str | None) -> Verdict:
    """Ask the hinted test, and where it does not fail every test that should notice."""
    if hint is not None and attempt(trial, [hint], HINT_SECONDS).catches(trial):
        return Verdict("caught", hint)
    hangs = ""
    for tests in trial.tests:
        outcome = attempt(trial, tests, SECONDS)
        if outcome.catches(trial):
            return Verdict("caught", outcome.test)
        if outcome.code is None:
            hangs = tests[0]
        elif outcome.code != 0:
            raise RuntimeError(f"{trial.name} cannot be tried with {tests}:\n{outcome.output[-4000:]}")
    return Verdict("hangs", hangs) if hangs else Verdict("survived")


def red(tests: Iterable[str]) -> str:
    """What fails of these tests on the unbroken code, as pytest tells it; empty where all are green."""
    asked = sorted(set(tests))
    if not asked:
        return ""
    outcome = run(asked, "-n", str(WORKERS), "--dist", "worksteal", seconds=SECONDS)
    return "" if outcome.code == 0 else outcome.output[-4000:] or "it never ends"


def remembered() -> dict[str, str]:
    """Which test caught a mutant last."""
    known: dict[str, str] = json.loads(CAUGHT.read_text())
    return known


def remember(hints: dict[str, str], names: Iterable[str]) -> None:
    """Write the hints of the trials that there are, one a line."""
    kept = {name: hints[name] for name in sorted(names) if name in hints}
    CAUGHT.write_text(json.dumps(kept, indent=1) + "\n")
    UNTRIED.write_text(json.dumps(sorted(untried()), indent=1) + "\n")


def untried() -> set[str]:
    """Which broken builds wait to be tried for the first time."""
    names: list[str] = json.loads(UNTRIED.read_text())
    return set(names) - set(remembered())


def exist(tests: Iterable[str]) -> list[str]:
    """Those of the hinted tests that are still there: what was renamed is no hint."""
    asked = sorted(set(tests))
    listed = run([*{test.split("::")[0] for test in asked}], "--collect-only", "-n", "0", seconds=HINT_SECONDS)
    known = set(listed.output.splitlines())
    return [test for test in asked if test in known]


def main(chosen: Sequence[Trial], names: set[str]) -> int:
    """Try them all; the last line is caught / total, and the status 0 only where they are the same."""
    hints = remembered()
    asked = exist(hints[trial.name] for trial in chosen if trial.name in hints)
    if told := red(asked):
        print(f"red on the unbroken code, so that it shows nothing:\n{told}\n0 / {len(chosen)}")
        return 1
    caught, new = 0, set[str]()
    with ThreadPoolExecutor(WORKERS) as pool:
        verdicts = pool.map(judge, chosen, (h if (h := hints.get(trial.name)) in asked else None for trial in chosen))
        for trial, verdict in zip(chosen, verdicts, strict=True):
            print(f"{verdict.what:8}  {trial.name}   {verdict.by}", flush=True)
            if verdict.what == "caught":
                caught += 1
                new |= {verdict.by} - set(asked)
                hints[trial.name] = verdict.by
            else:
                hints.pop(trial.name, None)
            remember(hints, names)
    if told := red(new):
        remember({name: test for name, test in hints.items() if test not in new}, names)
        print(f"red on the unbroken code, so that it shows nothing:\n{told}\n0 / {len(chosen)}")
        return 1
    print(f"{caught} / {len(chosen)}")
    return 0 if caught == len(chosen) > 0 else 1
