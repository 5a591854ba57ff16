"""The packet that an order brings: made after it, once, out of what the budget has, or not at all."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.core import clock
from chalicelib.core.store import read_one
from chalicelib.orders.items import Order, order_key
from chalicelib.redpacket.following import FOLLOWING
from chalicelib.redpacket.items import Packet, packet_key
from infra.local.client import Person
from tests import invariants
from tests.redpacket.shop import BUDGET, bought, budget, claims, goods, grown, mid, of_order, packet, refunds
from tests.town import Town


def asks(person: Person, oid: str) -> Any:
    return person.api.get(f"/v1/orders/{oid}/packet")


def why(person: Person, oid: str) -> str:
    answer = asks(person, oid)
    assert answer["packet"] is None
    code: str = answer["why_not"]["code"]
    return code


def there(town: Town, campaign: str, oid: str) -> bool:
    return read_one(Packet, packet_key(mid(town), of_order(campaign, oid))) is not None


def at_rest(town: Town) -> None:
    town.pass_time(3 * 3600, tick=300)
    town.stream()
    town.hear()
    invariants.at_rest(town.items(), town.sim.world)


def test_it_is_told_on_the_orders_page(town: Town) -> None:
    ann, ben = grown(town, "ann", "ben")
    campaign = town.campaign(goods())
    held = ann.buy(campaign).expect(201)
    oid = held["order_id"]
    assert why(ann, oid) == "packet_not_yet"
    ann.pay(held).expect(200)
    town.hear()
    assert why(ann, oid) == "packet_on_its_way"
    town.stream()
    shown = asks(ann, oid)
    assert (shown["packet"]["packet_id"], shown["packet"]["kind"], shown["why_not"]) == (
        of_order(campaign, oid),
        "order",
        None,
    )
    assert ben.api.call("GET", f"/v1/orders/{oid}/packet").status == 404
    assert packet(town, of_order(campaign, oid)).order == oid


def test_an_order_of_a_campaign_that_brings_none_has_none(town: Town) -> None:
    (ann,) = grown(town, "ann")
    oid = bought(town, ann, town.campaign())
    assert why(ann, oid) == "packet_none"


def test_where_the_budget_does_not_reach_there_is_none(town: Town) -> None:
    ann, ben = grown(town, "ann", "ben")
    campaign = town.campaign(goods(after={"budget": {"fen": 1999}}))
    first, second = bought(town, ann, campaign), bought(town, ben, campaign)
    town.stream()
    made = [there(town, campaign, oid) for oid in (first, second)]
    assert sorted(made) == [False, True]
    without = (ann, first) if not made[0] else (ben, second)
    assert why(*without) == "packets_spent"
    assert budget(town) == 999
    at_rest(town)


def test_money_that_goes_back_before_it_is_made_brings_none(town: Town) -> None:
    (ann,) = grown(town, "ann")
    campaign = town.campaign(goods())
    oid = bought(town, ann, campaign)
    refunds(town, oid).expect(200)
    town.stream()
    assert not there(town, campaign, oid)
    assert (why(ann, oid), budget(town)) == ("packet_order_back", BUDGET)
    at_rest(town)


def test_so_does_a_part_of_it_below_the_threshold(town: Town) -> None:
    (ann,) = grown(town, "ann")
    campaign = town.campaign(goods(after={"least_paid_fen": 8000}))
    kept, lost = bought(town, ann, campaign), bought(town, ann, campaign)
    refunds(town, kept, 900).expect(200)
    refunds(town, lost, 901).expect(200)
    town.stream()
    assert (there(town, campaign, kept), there(town, campaign, lost)) == (True, False)
    refused = asks(ann, lost)["why_not"]
    assert (refused["code"], refused["detail"]) == ("packet_too_little_paid", "实付金额未达到红包门槛 ¥80.00")
    at_rest(town)


@pytest.mark.parametrize(("least", "amount"), [(0, None), (8000, 901), (8000, None)])
def test_so_does_money_that_goes_back_while_it_is_made(town: Town, least: int, amount: int | None) -> None:
    (ann,) = grown(town, "ann")
    campaign = town.campaign(goods(after={"least_paid_fen": least}))
    oid = bought(town, ann, campaign)
    order = read_one(Order, order_key(mid(town), oid))
    assert order is not None
    town.emulator.meanwhile(lambda: refunds(town, oid, amount).expect(200))
    FOLLOWING.confirmed(order)
    assert not there(town, campaign, oid)
    at_rest(town)


def test_what_an_order_did_not_get_paid_brings_none(town: Town) -> None:
    (ann,) = grown(town, "ann")
    campaign = town.campaign(goods())
    held = ann.buy(campaign).expect(201)
    town.pass_time(1200)
    assert ann.order(held["order_id"])["state"] == "released"
    assert why(ann, held["order_id"]) == "packet_none"


def test_a_paused_campaign_keeps_its_packets_closed(town: Town) -> None:
    ann, ben = grown(town, "ann", "ben")
    campaign = town.campaign(goods())
    oid = bought(town, ann, campaign)
    town.stream()
    town.admin.post(f"/v1/admin/campaigns/{campaign}/pause")
    assert claims(ben, of_order(campaign, oid)).expect(409, 422)["code"] == "campaign_not_running"
    town.admin.post(f"/v1/admin/campaigns/{campaign}/resume")
    town.admin.post(f"/v1/admin/campaigns/{campaign}/end")
    clock.advance(1)
    claims(ben, of_order(campaign, oid)).expect(201)
    at_rest(town)
