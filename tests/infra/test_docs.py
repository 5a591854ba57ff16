"""The documents say what the code says."""

from __future__ import annotations

import re

import pytest

from infra.docs import BLOCK, BLOCKS, DOCUMENTS, rendered
from infra.local.endpoint import ROOT

LINK = re.compile(r"\]\((?!https?://|#)([^)#]+)")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_what_comes_from_code_is_what_the_code_says(name: str) -> None:
    text = (ROOT / name).read_text()
    assert rendered(text, measured=False) == text, "run make docs"


def test_every_block_is_shown_somewhere() -> None:
    shown = {found[2] for name in DOCUMENTS for found in BLOCK.finditer((ROOT / name).read_text())}
    assert shown == set(BLOCKS)


@pytest.mark.parametrize("name", [*DOCUMENTS, "docs/decisions.md"])
def test_links_lead_somewhere(name: str) -> None:
    path = ROOT / name
    missing = [link for link in LINK.findall(path.read_text()) if not (path.parent / link).exists()]
    assert missing == []


def test_the_two_readmes_have_the_same_parts() -> None:
    english, chinese = ((ROOT / name).read_text() for name in ("README.md", "README.zh.md"))
    assert english.count("\n## ") == chinese.count("\n## ")
    assert re.findall(r"```\w*\n(make [a-z]+)", english) == re.findall(r"```\w*\n(make [a-z]+)", chinese)
