"""The documents say what the code says."""

from __future__ import annotations

import json
import re
import tomllib

import msgspec
import pytest

import app
from chalicelib.campaigns.kinds.bargain import BargainOffer
from chalicelib.campaigns.kinds.groupbuy import GroupBuyOffer
from chalicelib.core.lazily import everything
from chalicelib.core.table import ITEMS
from infra.docs import BLOCK, BLOCKS, DOCUMENTS, rendered
from infra.local.endpoint import ROOT
from tests.bench.capacity import PINS

WRITTEN = ("docs/decisions.md", "docs/cash-books.md", "docs/merchants.md", "docs/deploy.md", "docs/invites.md")
"""Documents in which nothing comes from code."""
LINK = re.compile(r"\]\((?!https?://|#)([^)#]+)")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_what_comes_from_code_is_what_the_code_says(name: str) -> None:
    text = (ROOT / name).read_text()
    assert rendered(text, measured=False) == text, "run make docs"


def test_every_block_is_shown_somewhere() -> None:
    shown = {found[2] for name in DOCUMENTS for found in BLOCK.finditer((ROOT / name).read_text())}
    assert shown == set(BLOCKS)


@pytest.mark.parametrize("name", [*DOCUMENTS, *WRITTEN])
def test_links_lead_somewhere(name: str) -> None:
    path = ROOT / name
    missing = [link for link in LINK.findall(path.read_text()) if not (path.parent / link).exists()]
    assert missing == []


def test_the_two_readmes_have_the_same_parts() -> None:
    english, chinese = ((ROOT / name).read_text() for name in ("README.md", "README.zh.md"))
    assert english.count("\n## ") == chinese.count("\n## ")
    assert re.findall(r"```\w*\n(make [a-z]+)", english) == re.findall(r"```\w*\n(make [a-z]+)", chinese)
    shown = [re.findall(r"```\n(.*?)```", text, re.DOTALL) for text in (english, chinese)]
    assert shown[0] == shown[1]


def bounds(document: type[msgspec.Struct], name: str) -> str:
    """What a number in a merchant's document lies between, as the READMEs write it."""
    kind = next(field.type for field in msgspec.inspect.type_info(document).fields if field.name == name)  # type: ignore[attr-defined]
    return f"{kind.ge}–{kind.le}"


def test_the_readmes_tell_what_the_code_says() -> None:
    pins = json.loads(PINS.read_text())
    join, help_with = pins["groupbuy.join"], pins["bargain.help"]
    assert (join["round_trips"], help_with["round_trips"]) == (2, 3)
    told = {
        "README.md": (
            f"two storage round trips and {join['write_units']} write units",
            f"a help is three and {help_with['write_units']}.",
            f"{bounds(GroupBuyOffer, 'size')} people",
            f"{bounds(BargainOffer, 'cuts')} cuts",
        ),
        "README.zh.md": (
            f"两次存储往返、{join['write_units']} 个写单位",
            f"三次往返、{help_with['write_units']} 个写单位",
            f"{bounds(GroupBuyOffer, 'size')} 人",
            f"{bounds(BargainOffer, 'cuts')} 刀",
        ),
    }
    for name, numbers in told.items():
        assert [number for number in numbers if number not in (ROOT / name).read_text()] == []


def test_the_readmes_lead_to_every_page() -> None:
    pages = {f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")}
    for name in ("README.md", "README.zh.md"):
        assert pages - set(LINK.findall((ROOT / name).read_text())) == set()


def architecture(heading: str) -> str:
    return (ROOT / "docs/architecture.md").read_text().split(f"\n## {heading}\n")[1].split("\n## ")[0]


def test_the_rooms_are_told_in_the_order_in_which_they_stand() -> None:
    told = [re.findall(r"`(\w+)`", row.split("|")[1]) for row in architecture("The rooms").splitlines() if "| `" in row]
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(each["layers"] for each in contracts if each.get("containers") == ["chalicelib"])
    assert told == [re.findall(r"\w+", layer) for layer in layers]


def test_everything_that_is_stored_is_told() -> None:
    assert app
    everything()
    places = {
        (pk.split("#")[0].removeprefix("m "), sk.split("#")[0])
        for row in architecture("Data").splitlines()
        for pk, sks in re.findall(r"`((?:m )?[A-Z]+[^`]*)` / ((?:`[^`]+`(?:, (?=`[A-Z]))?)+)", row)
        for sk in re.findall(r"`([^`]+)`", sks)
    }
    stored = {key for key, kind in ITEMS.items() if kind.__module__.startswith("chalicelib.")}
    assert {(letter, prefix.split("#")[0]) for letter, prefix in stored} - places == set()
