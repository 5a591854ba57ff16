"""What is made after it is sold: WeChat is told until when it goes out, as soon as it is paid."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.core import clock
from tests.fulfilment.shop import PARCEL, Bought, bought
from tests.town import Town

PRESALE = {"within_hours": 400, "presale": True}


def told(order: Bought) -> Any:
    """Until when WeChat knows that the goods go out, in Unix seconds; None where it does not."""
    found = order.town.control("GET", "/_sim/shipments", {}, None).expect(200)["shipments"]
    mine = [s for s in found if s["out_trade_no"] == f"{order.order_id}-1"]
    return mine[0]["special"] and mine[0]["special"]["delay_to"] if mine else None


def test_wechat_is_told_when_it_is_paid(town: Town) -> None:
    order = bought(town, shipping=PRESALE)
    town.stream()
    until = clock.now() + timedelta(hours=400)
    assert told(order) == int(until.timestamp())
    assert order.shown["goods"]["ship_by"] == clock.iso(until).replace(".000Z", "Z")


def test_what_is_no_presale_is_not_told(town: Town) -> None:
    order = bought(town)
    town.stream()
    assert told(order) is None


@pytest.mark.parametrize("kind", ["lost", "5xx", "busy", "quota"])
def test_an_answer_that_decides_nothing_is_asked_again(town: Town, kind: str) -> None:
    town.act("/_sim/faults", endpoint="special_order", kind=kind, count=2)
    order = bought(town, shipping=PRESALE)
    town.stream()
    town.pass_time(1800)
    assert (told(order) is not None, order.stuck()) == (True, [])


def test_what_has_gone_out_is_told_no_more(town: Town) -> None:
    order = bought(town, shipping=PRESALE)
    order.send(PARCEL).expect(200)
    town.stream()
    town.pass_time(600)
    assert (told(order), order.stuck()) == (None, [])
    assert len(order.uploads) == 1


def test_what_went_back_is_told_no_more(town: Town) -> None:
    order = bought(town, shipping=PRESALE)
    order.refund().expect(200)
    town.stream()
    town.pass_time(600)
    assert (told(order), order.stuck()) == (None, [])


def test_a_refusal_is_stuck_money_until_the_goods_go(town: Town) -> None:
    order = bought(town, shipping=PRESALE)
    trade = town.sim.world.orders[town.merchant.mchid, f"{order.order_id}-1"]
    paid, trade.paid_at = trade.paid_at, None
    town.pass_time(1200)
    town.stream()
    assert order.stuck() == ["presale_refused_268546002"]
    trade.paid_at = paid
    order.send(PARCEL).expect(200)
    town.pass_time(1200)
    assert order.stuck() == []
