"""The page for merchants keeps its word: every check is explained in both languages, every example is what it says."""

from __future__ import annotations

import re

import pytest

from chalicelib.campaigns.copy_lint import CATEGORIES
from chalicelib.campaigns.gate import CHECKS, findings
from infra.local.endpoint import ROOT
from tests.campaigns.cases import offered
from tests.conftest import START

PAGE = (ROOT / "docs/merchants.md").read_text()
CHINESE, ENGLISH = PAGE.split("\n## English\n")
EXAMPLES = re.findall(r"^\| ([^|`]+) \| ([^|`]+) \| `([A-Z_]+)` \|$", PAGE, re.MULTILINE)


@pytest.mark.parametrize("half", [CHINESE, ENGLISH])
def test_every_check_is_explained_once(half: str) -> None:
    explained = re.findall(r"^\| `([A-Z_]+)` \|", half, re.MULTILINE)
    assert sorted(explained) == sorted({one.name for one in CHECKS})


@pytest.mark.parametrize(("wrong", "right", "check"), EXAMPLES)
def test_an_example_is_refused_and_its_neighbour_passes(wrong: str, right: str, check: str) -> None:
    assert {found.check for found in findings(offered("bargain", {"/description": wrong}), START)} == {check}
    assert findings(offered("bargain", {"/description": right}), START) == []


def test_the_readmes_count_the_checks() -> None:
    assert len({one.name for one in CHECKS}) == 36
    for name, number in (("README.md", "Thirty-six named checks"), ("README.zh.md", "三十六项具名检查")):
        assert number in (ROOT / name).read_text()


def test_there_are_examples_of_every_check_of_words() -> None:
    for half in (CHINESE, ENGLISH):
        assert {check for _, _, check in EXAMPLES if f"`{check}` |\n" in half} >= {
            *("SHARE_NO_FORCED", "SHARE_DEEP_ACTION", "COPY_LINT", "BARGAIN_DETERMINISTIC", "NO_FAKE_MEMBERS"),
            *("REWARD_DEPTH", "NO_DRAW_IN_SHARE", "WALLET_KIND"),
        }
    assert len(EXAMPLES) > 3 * len(CATEGORIES)
