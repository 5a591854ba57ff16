"""What a bargain costs may be paid with something else than money, in part or whole."""

from __future__ import annotations

import pytest

from chalicelib.bargain.states import BargainState
from chalicelib.core import clock
from tests import invariants
from tests.bargain.shop import bargain, budget, buys, grown, helps, left, limit, offer, page, started
from tests.orders.purse import purse, seen
from tests.town import Town

BUDGET = 1_000_000


def at_rest(town: Town) -> None:
    town.pass_time(4 * 3600, tick=300)
    town.stream()
    town.hear()
    invariants.at_rest(town.items(), town.sim.world)


@pytest.mark.parametrize("reserve", ["start", "order"])
def test_bought_early_without_money(town: Town, reserve: str) -> None:
    ann, ben = grown(town, "ann", "ben")
    bid = started(ann, town.campaign(offer(reserve=reserve)))
    helps(ben, bid).expect(201)
    own = purse(town, ann, 10_000)
    order = buys(ann, bid, pay_with=[own], key="one-tap-buys-it-early").expect(201)
    assert (order["state"], order["total_fen"], order["cash_fen"], order["pay"]) == ("confirmed", 8900, 0, None)
    assert buys(ann, bid, pay_with=[own], key="one-tap-buys-it-early").expect(201)["order_id"] == order["order_id"]
    assert seen(town, "of-ann") == (1100, 0, 8900)
    assert (bargain(town, bid).status, limit(town, bid, ann).active) == (BargainState.BOUGHT, 0)
    assert (left(town), budget(town)) == (99, BUDGET - 1000)
    assert page(ann, bid)["status"] == "bought"
    at_rest(town)
    town.admin.post(f"/v1/admin/orders/{order['order_id']}/refund", {"note": "sold out"})
    assert (left(town), budget(town), seen(town, "of-ann")) == (100, BUDGET, (10_000, 0, 0))
    at_rest(town)


def test_bought_at_the_floor_without_money(town: Town) -> None:
    ann, ben, cat = grown(town, "ann", "ben", "cat")
    bid = started(ann, town.campaign(offer(cuts=2)))
    for friend in (ben, cat):
        helps(friend, bid).expect(201)
    buys(ann, bid, pay_with=[purse(town, ann, 6900)]).expect(201)
    assert (bargain(town, bid).status, budget(town)) == (BargainState.BOUGHT, BUDGET - 3000)
    at_rest(town)


def test_a_part_that_was_not_paid_for_is_free_again(town: Town) -> None:
    (ann,) = grown(town, "ann")
    bid = started(ann, town.campaign(offer()))
    order = buys(ann, bid, pay_with=[purse(town, ann, 900)]).expect(201)
    assert (order["cash_fen"], seen(town, "of-ann")) == (9000, (0, 900, 0))
    town.pass_time(1200)
    assert (bargain(town, bid).status, seen(town, "of-ann")) == (BargainState.ACTIVE, (900, 0, 0))
    again = buys(ann, bid, pay_with=[purse(town, ann, 900)]).expect(201)
    ann.pay(again).expect(200)
    town.hear()
    assert (bargain(town, bid).status, seen(town, "of-ann")) == (BargainState.BOUGHT, (0, 0, 900))
    clock.advance(1)
    at_rest(town)
