"""The page about codes shows the answers to ordering with one as they are, and every refusal of it."""

from __future__ import annotations

import re
from typing import Any

import pytest

from chalicelib.voucher.goods_routes import ORDERING
from infra.local.endpoint import ROOT
from tests.documents import shape, shown
from tests.orders.address import ADDRESS
from tests.town import Town
from tests.voucher import goods_shop, shop

SECTION = (ROOT / "docs/codes.md").read_text().split("## Goods for a code")[1].split("\n## ")[0]
SHOWN = shown(SECTION)


@pytest.fixture
def answers(town: Town) -> dict[str, Any]:
    ann = town.person("ann")
    text = shop.code(town, goods_shop.minted(town, goods_shop.PRICE, freight=goods_shop.FREIGHT))
    told = goods_shop.quotes(ann, text).expect(200)
    order = goods_shop.orders(ann, text, quote=told["quote"], receiver=ADDRESS).expect(201)
    return {"goods_quote": told, "goods_order": order}


@pytest.mark.parametrize("name", SHOWN)
def test_an_answer_is_shown_as_it_is(answers: dict[str, Any], name: str) -> None:
    assert shape(SHOWN[name]) == shape(answers[name])
    assert set(SHOWN) == set(answers)


def test_every_refusal_of_an_order_is_told() -> None:
    assert {problem.code for problem in ORDERING} <= set(re.findall(r"`(\w+)`", SECTION))
