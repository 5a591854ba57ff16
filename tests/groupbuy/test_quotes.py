"""A quote is a promise: whoever was given one pays just that, and nobody else, nothing else, and not for ever."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from chalicelib.campaigns.items import Campaign, Snapshot, snapshot_key
from chalicelib.campaigns.kinds import AnyOffer
from chalicelib.campaigns.shipping import MOST_FREIGHT_FEN
from chalicelib.core import clock
from chalicelib.core.ids import MerchantId
from chalicelib.core.money import MOST_FEN
from chalicelib.orders.items import Order
from infra.local.client import Person, Reply
from tests.bench.meter import size
from tests.campaigns.points import points_for
from tests.town import Town, send

LIFE = 15 * 60
BY_REGION = {
    "kind": "region",
    "otherwise_fen": 1000,
    "regions": [{"provinces": ["广东省", "海南省"], "fen": 500}, {"provinces": ["西藏自治区"], "fen": 2500}],
}
ONLY_THERE = {**BY_REGION, "otherwise_fen": None}


def ask(person: Person, campaign: str, **asked: Any) -> Reply:
    return person.api.call("POST", f"/v1/campaigns/{campaign}/quote", asked)


def quote(person: Person, campaign: str, **asked: Any) -> dict[str, Any]:
    told: dict[str, Any] = ask(person, campaign, **asked).expect(200)
    return told


def place(person: Person, campaign: str, role: str, group: str = "", *, key: str | None = None, **wish: Any) -> Reply:
    """Open, join or buy."""
    path = {"leader": f"campaigns/{campaign}/groups", "solo": f"campaigns/{campaign}/orders"}
    return person.api.call("POST", f"/v1/{path.get(role, f'groups/{group}/seats')}", wish, key=key)


def refusal(reply: Reply) -> tuple[int, str, str | None]:
    errors = reply.body.get("errors") or [{}]
    return reply.status, reply.body["code"], errors[0].get("pointer")


def republish(town: Town, campaign: str, **changes: Any) -> None:
    """A second version of a published campaign, as no merchant can make one today."""
    item = next(i for i in town.items() if isinstance(i, Campaign) and i.cid == campaign)
    offer = msgspec.convert({**msgspec.to_builtins(item.draft), **changes}, AnyOffer)
    first = next(i for i in town.items() if isinstance(i, Snapshot) and i.pk == item.pk)
    second = Snapshot(
        *snapshot_key(MerchantId(town.merchant.mid), campaign, 2),
        offer=offer,
        hash=first.hash,
        shards=first.shards,
        checks=first.checks,
        published_at=clock.now(),
        published_by=first.published_by,
    )
    item.version, item.draft = 2, offer
    town.emulator.restore(second)
    town.emulator.restore(item)


def stored(town: Town, order_id: str) -> Order:
    return next(item for item in town.items() if isinstance(item, Order) and item.oid == order_id)


def collected(town: Town, order_id: str) -> int:
    """What WeChat was asked to collect."""
    return next(o.total for (_, number), o in town.sim.world.orders.items() if number == f"{order_id}-1")


def lines(told: dict[str, Any]) -> list[tuple[str, str, int]]:
    return [(line["label_en"], line["why_en"], line["amount_fen"]) for line in told["lines"]]


def test_a_quote_says_what_each_part_is_and_why(town: Town) -> None:
    skus = [{**town.sku(), "leader_price_fen": 5900}]
    campaign = town.campaign(units_per_seat=2, skus=skus, freight=BY_REGION)
    told = quote(town.person(), campaign, role="leader", province="广东")
    assert lines(told) == [
        ("Group price", "¥69.00 × 2", 13_800),
        ("Leader's discount", "-¥10.00 × 2", -2_000),
        ("Freight", "To 广东省", 500),
    ]
    assert (told["goods_fen"], told["freight_fen"], told["total_fen"], told["province"]) == (
        11_800,
        500,
        12_300,
        "广东省",
    )
    assert told["valid_until"] == "2026-11-11T12:15:00Z"


@pytest.mark.parametrize(
    ("freight", "province", "why", "fen"),
    [
        ({"kind": "free"}, None, "Free", 0),
        ({"kind": "flat", "fen": 800}, None, "The same everywhere", 800),
        ({"kind": "flat", "fen": 800, "free_from_fen": 6900}, None, "Free from ¥69.00 on", 0),
        ({"kind": "flat", "fen": 800, "free_from_fen": 6901}, None, "The same everywhere", 800),
        (BY_REGION, "海南省", "To 海南省", 500),
        (BY_REGION, "北京市", "To 北京市, as elsewhere", 1000),
        ({**BY_REGION, "free_from_fen": 5000}, None, "Free from ¥50.00 on", 0),
        ({**ONLY_THERE, "free_from_fen": 5000}, "广东省", "Free from ¥50.00 on", 0),
    ],
)
def test_a_quote_says_why_freight_is_what_it_is(
    town: Town, freight: dict[str, Any], province: str | None, why: str, fen: int
) -> None:
    told = quote(town.person(), town.campaign(freight=freight), province=province)
    assert lines(told)[-1] == ("Freight", why, fen)


def test_what_is_picked_up_has_no_freight(town: Town) -> None:
    skus = [{**town.sku(), "sku_id": name, "fulfilment": name} for name in ("express", "pickup", "virtual")]
    campaign = town.campaign(skus=skus, freight={"kind": "flat", "fen": 800}, **points_for("pickup"))
    totals = {
        name: quote(town.person(), campaign, sku_id=name)["total_fen"] for name in ("express", "pickup", "virtual")
    }
    assert totals == {"express": 7700, "pickup": 6900, "virtual": 6900}


def test_where_freight_depends_on_the_province_it_is_asked_for(town: Town) -> None:
    person, campaign = town.person(), town.campaign(freight=ONLY_THERE)
    for act in (ask(person, campaign), place(person, campaign, "leader"), place(person, campaign, "solo")):
        assert refusal(act) == (422, "region_needed", "/province")
    for act in (ask(person, campaign, province="北京市"), place(person, campaign, "leader", province="北京市")):
        assert refusal(act) == (409, "not_delivered_there", "/province")
        assert "北京市" in act.body["detail"]
    assert place(person, campaign, "leader", province="广东省").expect(201)["total_fen"] == 7400


@pytest.mark.parametrize(
    ("fulfilment", "shipping", "zh", "en"),
    [
        ("express", {}, "发货时限：付款后 48 小时内发货", "It is sent within 48 hours of payment."),
        ("city", {"within_hours": 72}, "发货时限：付款后 3 天内发货", "It is sent within 3 days of payment."),
        ("pickup", {}, "发货时限：付款后 48 小时内可自提", "It can be picked up within 48 hours of payment."),
        (
            "express",
            {"within_hours": 960, "presale": True},
            "发货时限：预售商品，付款后 40 天内发货",
            "A presale: it is sent within 40 days of payment.",
        ),
    ],
)
def test_a_quote_says_until_when_goods_go_out(
    town: Town, fulfilment: str, shipping: dict[str, Any], zh: str, en: str
) -> None:
    skus = [{**town.sku(), "fulfilment": fulfilment}]
    campaign = town.campaign(skus=skus, shipping=shipping, **points_for(fulfilment))
    for role in ("leader", "member", "solo"):
        assert quote(town.person(), campaign, role=role)["promises"][-1] == {"zh": zh, "en": en}


def test_what_is_virtual_has_no_time_to_ship(town: Town) -> None:
    campaign = town.campaign(skus=[{**town.sku(), "fulfilment": "virtual"}])
    assert "发货" not in str(quote(town.person(), campaign)["promises"])


def test_an_order_says_goods_freight_and_total(town: Town) -> None:
    person, campaign = town.person(), town.campaign(freight={"kind": "flat", "fen": 800})
    seat = place(person, campaign, "leader").expect(201)
    shown = person.order(seat["order_id"])
    assert (shown["goods_fen"], shown["freight_fen"], shown["total_fen"]) == (6900, 800, 7700)
    record = town.admin.get(f"/v1/admin/orders/{seat['order_id']}")
    assert (record["goods_fen"], record["freight_fen"], record["total_fen"]) == (6900, 800, 7700)
    free = place(town.person(), town.campaign(), "leader").expect(201)
    assert stored(town, free["order_id"]).freight_fen is None


def test_freight_goes_back_with_a_refund(town: Town) -> None:
    campaign = town.campaign(group_seconds=3600, freight={"kind": "flat", "fen": 800})
    _, opened = town.opened(campaign)
    town.pass_time(4000)
    town.stream()
    assert [refund["amount"]["refund"] for refund in town.refunds(opened["order_id"])] == [7700]


amounts = st.integers(0, 2000)
bounds = st.none() | st.integers(1, 20_000)
here = st.builds(lambda fen: [{"provinces": ["广东省"], "fen": fen}], amounts)
freights = st.one_of(
    st.just({"kind": "free"}),
    st.fixed_dictionaries({"kind": st.just("flat"), "fen": st.integers(1, 2000), "free_from_fen": bounds}),
    st.fixed_dictionaries(
        {"kind": st.just("region"), "regions": here, "otherwise_fen": st.none() | amounts, "free_from_fen": bounds}
    ),
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    freight=freights,
    units=st.integers(1, 3),
    role=st.sampled_from(["leader", "solo", "member"]),
    fulfilment=st.sampled_from(["express", "city", "pickup"]),
    province=st.sampled_from(["广东省", "北京市"]),
    bring=st.booleans(),
)
def test_what_was_quoted_is_what_is_collected(
    town: Town, freight: dict[str, Any], units: int, role: str, fulfilment: str, province: str, bring: bool
) -> None:
    if fulfilment == "pickup":
        freight = {"kind": "free"}
    skus = [{**town.sku(), "stock": 50, "leader_price_fen": 5900, "fulfilment": fulfilment}]
    campaign = town.campaign(units_per_seat=units, skus=skus, freight=freight, **points_for(fulfilment))
    person = town.person()
    told = ask(person, campaign, role=role, province=province)
    assume(told.status == 200)
    group = ""
    if role == "member":
        leader = town.person()
        opened = place(leader, campaign, "leader", province=province).expect(201)
        leader.pay(opened).expect(200)
        town.hear()
        group = opened["group_id"]
    wish = {"quote": told.body["quote"]} if bring else {"province": province}
    order = place(person, campaign, role, group, **wish).expect(201)
    assert sum(line["amount_fen"] for line in told.body["lines"]) == told.body["total_fen"]
    assert told.body["total_fen"] == order["total_fen"] == collected(town, order["order_id"])


@pytest.mark.parametrize("role", ["leader", "solo", "member"])
def test_a_quote_is_honoured_whatever_was_published_since(town: Town, role: str) -> None:
    campaign = town.campaign(freight=BY_REGION)
    opener = town.person()
    opened = place(opener, campaign, "leader", province="广东省").expect(201)
    opener.pay(opened).expect(200)
    town.hear()
    person, other = town.person(), town.person()
    told = quote(person, campaign, role=role, province="广东省")
    dearer = {**town.sku(), "price_fen": 8000, "solo_price_fen": None if role == "solo" else 9500}
    republish(town, campaign, skus=[dearer], freight={**ONLY_THERE, "regions": BY_REGION["regions"][1:]})  # type: ignore[index]
    seat = place(person, campaign, role, opened["group_id"], quote=told["quote"]).expect(201)
    order = stored(town, seat["order_id"])
    assert (seat["total_fen"], order.version, order.freight_fen) == (told["total_fen"], 1, 500)
    now = place(other, campaign, role, opened["group_id"], province="西藏自治区")
    if role == "solo":
        assert now.body["code"] == "no_solo_purchase"
    else:
        assert now.expect(201)["total_fen"] == 8000 + 2500
        assert stored(town, now.body["order_id"]).version == 2


def test_a_quote_is_good_for_fifteen_minutes(town: Town) -> None:
    person, campaign = town.person(), town.campaign()
    told = quote(person, campaign, role="solo")
    clock.advance(LIFE - 1)
    order = place(person, campaign, "solo", key="one-tap-of-mine", quote=told["quote"]).expect(201)
    clock.advance(1)
    late = place(person, campaign, "solo", quote=told["quote"])
    assert refusal(late) == (409, "quote_expired", "/quote")
    assert late.body["next"] == "重新获取报价"
    again = place(person, campaign, "solo", key="one-tap-of-mine", quote=told["quote"])
    assert again.body["order_id"] == order["order_id"]


def test_a_quote_is_of_one_user_campaign_sku_role_and_merchant(town: Town) -> None:
    skus = [{**town.sku(), "sku_id": name} for name in ("red", "blue")]
    campaign, other_campaign = town.campaign(skus=skus), town.campaign(skus=skus)
    person, stranger = town.person(), town.person()
    mine = quote(person, campaign, role="leader", sku_id="red")["quote"]
    alone = quote(person, campaign, role="solo", sku_id="red")["quote"]
    foreigner = Person.login(send, town.control, town.second().appid, "foreigner")
    for reply in (
        place(stranger, campaign, "leader", sku_id="red", quote=mine),
        place(person, campaign, "leader", sku_id="blue", quote=mine),
        place(person, other_campaign, "leader", sku_id="red", quote=mine),
        place(person, campaign, "leader", sku_id="red", quote=alone),
        place(person, campaign, "solo", sku_id="red", quote=mine),
    ):
        assert refusal(reply) == (422, "quote_unfit", "/quote")
    assert place(foreigner, campaign, "leader", sku_id="red", quote=mine).status == 404
    place(person, campaign, "leader", sku_id="red", quote=mine).expect(201)


def test_a_quote_of_other_units_is_not_for_this_seat(town: Town) -> None:
    campaign = town.campaign()
    _, opened = town.opened(campaign)
    republish(town, campaign, units_per_seat=2)
    person = town.person()
    told = quote(person, campaign)
    reply = place(person, campaign, "member", opened["group_id"], quote=told["quote"])
    assert refusal(reply) == (422, "quote_unfit", "/quote")


def test_goods_go_where_the_quote_says(town: Town) -> None:
    campaign = town.campaign(freight=BY_REGION)
    person = town.person()
    near = quote(person, campaign, role="solo", province="广东省")["quote"]
    for elsewhere in ("西藏自治区", "北京市", "nowhere"):
        reply = place(person, campaign, "solo", quote=near, province=elsewhere)
        assert refusal(reply) == (422, "quote_unfit", "/quote")
    place(person, campaign, "solo", quote=near, province="广东").expect(201)
    free = town.campaign()
    anywhere = quote(person, free, role="solo", province="广东省")["quote"]
    place(person, free, "solo", quote=anywhere, province="北京市").expect(201)


def test_a_quote_stores_nothing_and_costs_an_order_nothing(town: Town) -> None:
    person, campaign = town.person(), town.campaign(freight=BY_REGION)
    before = len(town.items())
    told = quote(person, campaign, role="solo", province="广东省")
    assert len(town.items()) == before
    with town.emulator.counting() as plain:
        place(town.person(), campaign, "solo", province="广东省").expect(201)
    with town.emulator.counting() as quoted:
        place(person, campaign, "solo", quote=told["quote"]).expect(201)
    assert [call.operation for call in quoted] == [call.operation for call in plain][-len(quoted) :]


def test_an_order_with_freight_is_at_most_one_kilobyte(town: Town) -> None:
    price = (MOST_FEN - MOST_FREIGHT_FEN) // 100
    dear = dict.fromkeys(("price_fen", "solo_price_fen", "reference_price_fen"), price)
    long = {**town.sku(), **dear, "title": "长" * 60, "sku_id": "s" * 32}
    freight = {"kind": "flat", "fen": MOST_FREIGHT_FEN}
    campaign = town.campaign(skus=[long], freight=freight, units_per_seat=100)
    for role in ("leader", "solo"):
        person = town.person()
        order = place(person, campaign, role).expect(201)
        person.api.post(f"/v1/orders/{order['order_id']}/prepay")
        assert size(stored(town, order["order_id"]).serialize()) <= 1024
        assert order["total_fen"] == MOST_FEN
