"""The gate of a campaign of punch cards: what violates it alone, and the nearest that is lawful."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from chalicelib.campaigns.gate import CHECKS, UNKNOWN, checks, findings
from chalicelib.campaigns.kinds import AnyOffer
from chalicelib.campaigns.kinds.punchcard import PunchCardOffer
from chalicelib.core import clock
from tests.conftest import START
from tests.merchants.wallet import shop
from tests.punchcards.shop import SKU, offer

Changes = dict[str, Any]

CASES: list[tuple[str, str, Changes, Changes]] = [
    ("PUNCHCARD_FITS", "/skus/0/fulfilment", {"fulfilment": "express"}, {"fulfilment": "virtual"}),
    ("PUNCHCARD_FITS", "/skus/0/price_fen", {"price_fen": 9}, {"price_fen": 10}),
    ("PRICE_BASIS", "/skus/0/price_fen", {"price_fen": 38_001}, {"price_fen": 38_000}),
    ("PRICE_BASIS", "/skus/0/reference_basis", {"reference_basis": "…"}, {"reference_basis": "门店价目表"}),
    (
        "WALLET_KIND",
        "/skus/0/price_fen",
        {"price_fen": 100_001, "reference_price_fen": 200_000},
        {"price_fen": 100_000, "reference_price_fen": 200_000},
    ),
]


def offered(sku: Changes, **changes: Any) -> PunchCardOffer:
    with clock.fixed(START):
        document = msgspec.convert(offer(sku=sku, **changes), AnyOffer)
    assert isinstance(document, PunchCardOffer)
    return document


@pytest.mark.parametrize(("check", "pointer", "wrong", "right"), CASES)
def test_what_does_not_fit_is_refused_alone_and_the_nearest_passes(
    check: str, pointer: str, wrong: Changes, right: Changes
) -> None:
    found = findings(offered(wrong), START, shop())
    assert [(one.check, one.pointer) for one in found] == [(check, pointer)]
    assert all(one.zh and one.en and one.zh != one.en for one in found)
    assert findings(offered(right), START, shop()) == []


def test_a_plain_campaign_passes_all_that_looks_at_it_where_its_merchant_has_filed_it() -> None:
    document = offered({})
    assert findings(document, START, shop()) == []
    assert [one.check for one in findings(document, START, UNKNOWN)] == ["WALLET_KIND"]
    assert set(checks(document)) == {one.name for one in CHECKS if issubclass(PunchCardOffer, one.of)}


def test_it_sells_what_is_virtual_and_is_there_at_once() -> None:
    document = offered({})
    assert (document.is_virtual, document.followed_by, document.dearest_fen) == (True, ("at_once",), SKU["price_fen"])


@pytest.mark.parametrize(("units", "fits"), [(1, False), (2, True), (100, True), (101, False)])
def test_a_card_has_two_units_to_a_hundred(units: int, fits: bool) -> None:
    try:
        offered({"units": units})
    except msgspec.ValidationError:
        assert not fits
    else:
        assert fits
