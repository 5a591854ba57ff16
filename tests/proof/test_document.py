"""The page about the proof says what the harness holds the product to."""

from __future__ import annotations

from infra.local.endpoint import ROOT
from tests.invariants import ALWAYS, AT_REST


def test_every_promise_is_on_the_page_once_and_nothing_else() -> None:
    page = (ROOT / "docs/proof.md").read_text().split("## The promises")[1].split("## What it does not")[0]
    listed = [line.removeprefix("- ") for line in page.splitlines() if line.startswith("- ")]
    assert listed == [promise.sentence for promise in (*ALWAYS.values(), *AT_REST.values())]
