"""Where buyers fetch what is not sent: what a merchant may say of it, and where a buyer says that he comes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.campaigns.offer import Fulfilment, Goods
from chalicelib.campaigns.pickup import PickupPoint, chosen, point_called
from chalicelib.core import clock
from chalicelib.core.errors import INVALID_FIELD, RippleError
from chalicelib.core.money import MOST_FEN
from chalicelib.orders.items import Order
from infra.local.client import Person, Reply
from infra.local.seed import demo_offer
from tests.bench.meter import size
from tests.campaigns.points import OTHER_POINT, POINT
from tests.town import Town

TWO = [POINT, OTHER_POINT]
ROLES = ["leader", "member", "solo"]

points = st.lists(st.from_regex(r"\A[A-Za-z0-9_-]{1,32}\Z"), max_size=5, unique=True).map(
    lambda ids: [PickupPoint(point_id=point_id, name="店", address="路") for point_id in ids]
)


def sku(fulfilment: str) -> dict[str, Any]:
    return {**demo_offer()["skus"][0], "sku_id": fulfilment, "fulfilment": fulfilment}


def place(town: Town, campaign: str, role: str, **wish: Any) -> tuple[Person, Reply]:
    """Open, join or buy."""
    path = f"campaigns/{campaign}/{'orders' if role == 'solo' else 'groups'}"
    if role == "member":
        leader = town.person()
        seat = leader.api.post(f"/v1/{path}", {"sku_id": "pickup", "pickup_point": "lake"})
        leader.pay(seat).expect(200)
        town.hear()
        path = f"groups/{seat['group_id']}/seats"
    person = town.person()
    return person, person.api.call("POST", f"/v1/{path}", wish)


def refusal(reply: Reply) -> tuple[int, str, str]:
    return reply.status, reply.body["code"], reply.body["errors"][0]["pointer"]


@given(points=points, fulfilment=st.sampled_from(Fulfilment), data=st.data())
def test_whoever_fetches_goods_comes_to_a_point_that_there_is(
    points: list[PickupPoint], fulfilment: Fulfilment, data: st.DataObject
) -> None:
    ids = [point.point_id for point in points]
    asked = data.draw(st.none() | st.just("nowhere") | (st.sampled_from(ids) if ids else st.none()))
    goods = Goods(sku_id="s", title="t", fulfilment=fulfilment, stock=1)
    may: list[str | None] = [None]
    if fulfilment is Fulfilment.PICKUP:
        may = [*ids] if len(ids) > 1 else [*ids, None]
    if asked not in may:
        with pytest.raises(RippleError) as caught:
            chosen(points, goods, asked)
        assert (caught.value.problem, caught.value.pointer) == (INVALID_FIELD, "/pickup_point")
        return
    point_id = chosen(points, goods, asked)
    assert point_id == (asked or (ids[0] if ids and fulfilment is Fulfilment.PICKUP else None))
    assert (point_called(points, point_id) is None) == (point_id is None)


def many(count: int) -> list[dict[str, Any]]:
    return [{**OTHER_POINT, "point_id": f"p{n}"} for n in range(count)]


@pytest.mark.parametrize(
    ("said", "pointer"),
    [
        ([{**POINT, "point_id": "湖滨"}], "/0/point_id"),
        ([{**POINT, "point_id": "p" * 33}], "/0/point_id"),
        ([POINT, {**POINT, "name": ""}], "/1/name"),
        ([{**POINT, "name": "店" * 61}], "/0/name"),
        ([{**POINT, "address": "路" * 201}], "/0/address"),
        ([{"point_id": "lake", "name": "湖滨店"}], "/0/address"),
        ([{**POINT, "hours": "时" * 101}], "/0/hours"),
        ([{**POINT, "phone": "call us"}], "/0/phone"),
        ([{**POINT, "door": "left"}], "/0/door"),
        (many(51), ""),
    ],
)
def test_a_point_that_makes_no_sense_cannot_be_written(town: Town, said: list[dict[str, Any]], pointer: str) -> None:
    offer = {**demo_offer(now=clock.now()), "skus": [sku("pickup")], "pickup_points": said}
    refused = town.admin.call("POST", "/v1/admin/campaigns", {"offer": offer})
    assert refusal(refused) == (422, "invalid_field", f"/offer/pickup_points{pointer}")


@pytest.mark.parametrize(
    ("kinds", "said", "check", "pointer"),
    [
        (["pickup"], [], "PICKUP_SAID", ""),
        (["express", "pickup"], [], "PICKUP_SAID", ""),
        (["express", "virtual"], [POINT], "PICKUP_SAID", ""),
        (["pickup"], [POINT, OTHER_POINT, {**OTHER_POINT, "point_id": "lake"}], "PICKUP_SAID", "/2/point_id"),
        (["pickup"], [POINT, {**OTHER_POINT, "name": "…"}], "NAMES_SAID", "/1/name"),
        (["pickup"], [{**POINT, "address": " "}], "NAMES_SAID", "/0/address"),
        (["pickup"], [{**POINT, "hours": "只差一步"}], "COPY_LINT", "/0/hours"),
    ],
)
def test_the_gate_says_what_to_change(
    town: Town, kinds: list[str], said: list[dict[str, Any]], check: str, pointer: str
) -> None:
    offer = {**demo_offer(now=clock.now()), "skus": [sku(kind) for kind in kinds], "pickup_points": said}
    made = town.admin.post("/v1/admin/campaigns", {"offer": offer})
    refused = town.admin.call("POST", f"/v1/admin/campaigns/{made['campaign_id']}/publish", {})
    assert (refused.status, refused.body["code"]) == (422, "gate_refused")
    (finding,) = refused.body["findings"]
    assert (finding["check"], finding["pointer"]) == (check, f"/pickup_points{pointer}")
    assert finding["zh"] and finding["en"]


def test_what_is_published_is_told_and_fifty_points_are_allowed(town: Town) -> None:
    campaign = town.campaign(skus=[sku("pickup"), sku("city")], pickup_points=[POINT, *many(49)])
    told = town.person().api.get(f"/v1/campaigns/{campaign}")["terms"]["pickup_points"]
    assert len(told) == 50
    assert told[:2] == [POINT, {**OTHER_POINT, "point_id": "p0", "hours": None, "phone": None}]
    assert town.person().api.get(f"/v1/campaigns/{town.campaign()}")["terms"]["pickup_points"] == []


@pytest.mark.parametrize("role", ROLES)
def test_where_there_are_several_points_the_buyer_says_which(town: Town, role: str) -> None:
    campaign = town.campaign(skus=[sku("pickup"), sku("express")], pickup_points=TWO)
    for wish in ({}, {"pickup_point": "nowhere"}):
        _, refused = place(town, campaign, role, sku_id="pickup", **wish)
        assert refusal(refused) == (422, "invalid_field", "/pickup_point")
        assert "lake、hill" in refused.body["detail"]
    _, refused = place(town, campaign, role, sku_id="pickup", pickup_point="湖滨")
    assert refusal(refused) == (422, "invalid_field", "/pickup_point")
    _, refused = place(town, campaign, role, sku_id="express", pickup_point="hill")
    assert refusal(refused) == (422, "invalid_field", "/pickup_point")
    person, placed = place(town, campaign, role, sku_id="pickup", pickup_point="hill")
    shown = person.order(placed.expect(201)["order_id"])
    assert (shown["role"], shown["pickup"]) == (role, {**OTHER_POINT, "hours": None, "phone": None})
    person, placed = place(town, campaign, role, sku_id="express")
    assert person.order(placed.expect(201)["order_id"])["pickup"] is None


@pytest.mark.parametrize("role", ROLES)
def test_the_only_point_needs_no_word(town: Town, role: str) -> None:
    campaign = town.campaign(skus=[sku("pickup")], pickup_points=[POINT])
    person, placed = place(town, campaign, role)
    assert person.order(placed.expect(201)["order_id"])["pickup"] == POINT
    person, placed = place(town, campaign, role, pickup_point="lake")
    assert person.order(placed.expect(201)["order_id"])["pickup"] == POINT
    _, refused = place(town, campaign, role, pickup_point="hill")
    assert refusal(refused) == (422, "invalid_field", "/pickup_point")


def test_a_refused_point_takes_no_seat_and_no_unit(town: Town) -> None:
    campaign = town.campaign(skus=[sku("pickup")], pickup_points=TWO)
    before = {item.key: item.serialize() for item in town.items()}
    for role in ("leader", "solo"):
        person, refused = place(town, campaign, role)
        assert refused.status == 422
        assert person.api.get("/v1/orders")["orders"] == []
    now = {item.key: item.serialize() for item in town.items()}
    assert {key: now[key] for key in before} == before


def test_an_order_that_is_fetched_is_at_most_one_kilobyte(town: Town) -> None:
    dear = dict.fromkeys(("price_fen", "solo_price_fen", "reference_price_fen"), MOST_FEN // 100)
    long = {**sku("pickup"), **dear, "title": "长" * 60, "sku_id": "s" * 32}
    campaign = town.campaign(skus=[long], units_per_seat=100, pickup_points=[{**POINT, "point_id": "p" * 32}])
    for role in ("leader", "solo"):
        person, placed = place(town, campaign, role)
        oid = placed.expect(201)["order_id"]
        person.api.post(f"/v1/orders/{oid}/prepay")
        stored = next(item for item in town.items() if isinstance(item, Order) and item.oid == oid)
        assert stored.pickup_point == "p" * 32
        assert size(stored.serialize()) <= 1024
