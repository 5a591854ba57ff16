"""The page about orders shows answers as they are."""

from __future__ import annotations

from typing import Any

import pytest

from infra.local.endpoint import ROOT
from tests.documents import shape, shown
from tests.fulfilment.shop import PARCEL, bought
from tests.orders.address import ADDRESS
from tests.town import Town

PAGE = (ROOT / "docs/orders.md").read_text()
SHOWN = shown(PAGE)


@pytest.fixture
def answers(town: Town) -> dict[str, Any]:
    order = bought(town)
    order.buyer.api.call("PUT", f"/v1/orders/{order.order_id}/receiver", ADDRESS).expect(200)
    order.send(PARCEL).expect(200)
    town.stream()
    asked = order.ask(amount_fen=900, note="盒子破损").expect(201)
    order.desk("cases/1/grant", {"answer": "非常抱歉"}).expect(200)
    fetched = bought(town, fulfilment="pickup").shown
    return {
        "fetched": {name: fetched[name] for name in ("pickup", "pickup_code", "pickup_qr")},
        "order": {**asked, "goods": order.shown["goods"]},
        "timeline": order.record["timeline"],
    }


@pytest.mark.parametrize("name", SHOWN)
def test_an_answer_is_shown_as_it_is(answers: dict[str, Any], name: str) -> None:
    assert shape(SHOWN[name]) == shape(answers[name])
    assert set(SHOWN) == set(answers)


def test_the_timeline_is_told_word_for_word(answers: dict[str, Any]) -> None:
    told = [(event["what"], event["detail"], event["amount_fen"]) for event in answers["timeline"]]
    assert told == [(event["what"], event["detail"], event["amount_fen"]) for event in SHOWN["timeline"]]
