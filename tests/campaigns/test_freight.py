"""What freight is asked of whom, and what the gate says of it and of the time to ship."""

from __future__ import annotations

from typing import Any, get_args

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from chalicelib.campaigns.offer import Fulfilment
from chalicelib.campaigns.shipping import (
    MOST_FREIGHT_FEN,
    PROVINCES,
    ByRegion,
    Flat,
    Free,
    Freight,
    Province,
    Reason,
    Region,
    charge,
    freight_of,
    province_called,
)
from chalicelib.core import clock
from chalicelib.core.errors import RippleError
from chalicelib.core.money import MOST_FEN
from infra.local.seed import demo_offer
from tests.campaigns.points import points_for
from tests.town import Town

ALL = get_args(Province)
SENT = (Fulfilment.EXPRESS, Fulfilment.CITY)

fens = st.integers(0, MOST_FREIGHT_FEN)
goods = st.integers(1, 10_000_00)
named = st.sampled_from(ALL)
some_provinces = st.lists(named, min_size=1, max_size=12, unique=True)


@st.composite
def by_region(draw: st.DrawFn) -> ByRegion:
    """A freight whose regions overlap nowhere."""
    chosen = draw(some_provinces)
    cut = draw(st.integers(1, len(chosen)))
    parts = [part for part in (chosen[:cut], chosen[cut:]) if part]
    return ByRegion(
        otherwise_fen=draw(st.none() | fens),
        regions=[Region(provinces=part, fen=draw(fens)) for part in parts],
        free_from_fen=draw(st.none() | goods),
    )


flats = st.builds(Flat, fen=st.integers(1, MOST_FREIGHT_FEN), free_from_fen=st.none() | goods)
freights = st.one_of(st.just(Free()), flats, by_region())


@given(freight=freights, fulfilment=st.sampled_from(Fulfilment), total=goods, province=st.none() | named | st.text())
def test_freight_is_nothing_or_more_or_a_refusal_that_names_its_field(
    freight: Freight, fulfilment: Fulfilment, total: int, province: str | None
) -> None:
    try:
        fen: int = freight_of(freight, fulfilment, total, province)
        refused = None
    except RippleError as error:
        fen, refused = 0, error
    assert 0 <= fen <= MOST_FREIGHT_FEN
    if refused is not None:
        assert isinstance(freight, ByRegion) and fulfilment in SENT
        code = "not_delivered_there" if province_called(province) else "region_needed"
        assert (refused.problem.code, refused.pointer) == (code, "/province")


@given(freight=freights, fulfilment=st.sampled_from((Fulfilment.PICKUP, Fulfilment.VIRTUAL)), total=goods)
def test_what_nobody_brings_costs_no_freight(freight: Freight, fulfilment: Fulfilment, total: int) -> None:
    assert freight_of(freight, fulfilment, total, None) == 0


@given(freight=st.one_of(flats, by_region()), fulfilment=st.sampled_from(SENT), province=named, more=st.integers(0, 99))
def test_from_its_amount_on_it_is_free_and_one_fen_below_it_is_not(
    freight: Flat | ByRegion, fulfilment: Fulfilment, province: str, more: int
) -> None:
    assume(freight.free_from_fen is not None and freight.free_from_fen > 1)
    assert freight.free_from_fen is not None
    plain = msgspec.structs.replace(freight, free_from_fen=None)
    try:
        usual = freight_of(plain, fulfilment, 1, province)
    except RippleError:
        assume(False)
    assert freight_of(freight, fulfilment, freight.free_from_fen + more, province) == 0
    assert freight_of(freight, fulfilment, freight.free_from_fen - 1, province) == usual


@given(freight=by_region(), fulfilment=st.sampled_from(SENT), province=named, total=goods)
def test_a_region_counts_before_what_is_asked_otherwise(
    freight: ByRegion, fulfilment: Fulfilment, province: str, total: int
) -> None:
    freight = msgspec.structs.replace(freight, free_from_fen=None)
    fen = next((r.fen for r in freight.regions if province in r.provinces), freight.otherwise_fen)
    if fen is None:
        with pytest.raises(RippleError, match="not_delivered_there"):
            freight_of(freight, fulfilment, total, province)
    else:
        assert freight_of(freight, fulfilment, total, province) == fen


@given(freight=by_region(), total=goods)
def test_without_a_province_it_is_asked_for_unless_it_makes_no_difference(freight: ByRegion, total: int) -> None:
    reached = freight.free_from_fen is not None and total >= freight.free_from_fen
    if reached and freight.otherwise_fen is not None:
        assert charge(freight, Fulfilment.EXPRESS, total, None) == (0, Reason.FREE_FROM, None)
    else:
        with pytest.raises(RippleError, match="region_needed"):
            freight_of(freight, Fulfilment.EXPRESS, total, None)


@pytest.mark.parametrize(
    ("said", "meant"),
    [("广东省", "广东省"), ("广东", "广东省"), (" 内蒙古 ", "内蒙古自治区"), ("广西", "广西壮族自治区")],
)
def test_a_province_is_known_by_its_short_name_too(said: str, meant: str) -> None:
    assert province_called(said) == meant


@pytest.mark.parametrize("said", [None, "", "广", "Guangdong", "东京都"])
def test_what_is_no_province_is_none(said: str | None) -> None:
    assert province_called(said) is None


def test_no_two_provinces_are_taken_for_each_other() -> None:
    assert sorted(PROVINCES.values()) == sorted(ALL) and len(ALL) == 34


def region(*provinces: str, fen: int = 500) -> dict[str, Any]:
    return {"provinces": list(provinces), "fen": fen}


def by(*regions: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"kind": "region", "otherwise_fen": 1000, "regions": list(regions), **more}


@pytest.mark.parametrize(
    ("freight", "pointer"),
    [
        ({"fen": 800}, "/kind"),
        ({"kind": "by_weight"}, "/kind"),
        ({"kind": "free", "fen": 800}, "/fen"),
        ({"kind": "flat"}, "/fen"),
        ({"kind": "flat", "fen": 0}, "/fen"),
        ({"kind": "flat", "fen": MOST_FREIGHT_FEN + 1}, "/fen"),
        ({"kind": "flat", "fen": 800, "free_from_fen": 0}, "/free_from_fen"),
        ({"kind": "region", "otherwise_fen": 1, "regions": []}, "/regions"),
        ({"kind": "region", "regions": [region("广东省")]}, "/otherwise_fen"),
        (by(region("广东省", fen=-1)), "/regions/0/fen"),
        (by(region()), "/regions/0/provinces"),
        (by(region("广东省", "广东")), "/regions/0/provinces/1"),
        (by(region("广东省"), otherwise_fen=MOST_FREIGHT_FEN + 1), "/otherwise_fen"),
    ],
)
def test_a_freight_that_makes_no_sense_cannot_be_written(town: Town, freight: dict[str, Any], pointer: str) -> None:
    offer = {**demo_offer(now=clock.now()), "freight": freight}
    refused = town.admin.call("POST", "/v1/admin/campaigns", {"offer": offer})
    assert (refused.status, refused.body["errors"][0]["pointer"]) == (422, f"/offer/freight{pointer}")


@pytest.mark.parametrize("hours", [0, 330 * 24 + 1])
def test_goods_go_out_within_330_days(town: Town, hours: int) -> None:
    offer = {**demo_offer(now=clock.now()), "shipping": {"within_hours": hours, "presale": True}}
    refused = town.admin.call("POST", "/v1/admin/campaigns", {"offer": offer})
    assert (refused.status, refused.body["errors"][0]["pointer"]) == (422, "/offer/shipping/within_hours")


def sku(fulfilment: str) -> dict[str, Any]:
    return {**demo_offer()["skus"][0], "sku_id": fulfilment, "fulfilment": fulfilment}


def dear(price: int, solo: int | None = None) -> dict[str, Any]:
    return {**demo_offer()["skus"][0], "price_fen": price, "solo_price_fen": solo, "reference_price_fen": MOST_FEN}


FLAT = {"kind": "flat", "fen": 800}
TWICE = by(region("广东省"), region("海南省", "广东省"))
REFUSED: list[tuple[dict[str, Any], str, str, str]] = [
    ({"freight": TWICE}, "FREIGHT_SANE", "/freight/regions/1/provinces/1", "广东省"),
    ({"freight": by(region("广东省", "广东省"))}, "FREIGHT_SANE", "/freight/regions/0/provinces/1", "广东省"),
    (
        {"freight": FLAT, "skus": [sku("pickup"), sku("virtual")], **points_for("pickup")},
        "FREIGHT_SANE",
        "/freight/kind",
        "免运费",
    ),
    (
        {"freight": by(region("广东省", fen=2)), "skus": [dear(MOST_FEN - 1)]},
        "FREIGHT_SANE",
        "/freight",
        "¥10000000.00",
    ),
    ({"freight": FLAT, "skus": [dear(1, MOST_FEN)]}, "FREIGHT_SANE", "/freight", "¥10000000.00"),
    ({"freight": FLAT, "skus": [dear(MOST_FEN // 2)], "units_per_seat": 2}, "FREIGHT_SANE", "/freight", "¥10000000.00"),
    ({"group_seconds": 36 * 3600 + 1}, "SHIP_DEADLINE", "/shipping/within_hours", "49 小时"),
    ({"shipping": {"within_hours": 35}}, "SHIP_DEADLINE", "/shipping/within_hours", "36 小时"),
    ({"shipping": {"within_hours": 361}}, "SHIP_DEADLINE", "/shipping/presale", "360 小时"),
]
TAKEN: list[dict[str, Any]] = [
    {"freight": FLAT, "skus": [sku("pickup"), sku("city")], **points_for("pickup")},
    {"freight": by(region("广东省"), region(*(p for p in ALL if p != "广东省"), fen=0), otherwise_fen=None)},
    {"freight": by(region("广东省", fen=2), otherwise_fen=0), "skus": [dear(MOST_FEN - 2)]},
    {"group_seconds": 36 * 3600},
    {"shipping": {"within_hours": 36}},
    {"shipping": {"within_hours": 360}},
    {"shipping": {"within_hours": 330 * 24, "presale": True}},
    {"group_seconds": 7 * 86_400, "skus": [sku("virtual")]},
    {"group_seconds": 7 * 86_400, "shipping": {"within_hours": 7 * 24 + 12}},
]


@pytest.mark.parametrize(("changes", "check", "pointer", "said"), REFUSED)
def test_the_gate_says_what_to_change(town: Town, changes: dict[str, Any], check: str, pointer: str, said: str) -> None:
    made = town.admin.post("/v1/admin/campaigns", {"offer": {**demo_offer(now=clock.now()), **changes}})
    refused = town.admin.call("POST", f"/v1/admin/campaigns/{made['campaign_id']}/publish", {})
    assert (refused.status, refused.body["code"]) == (422, "gate_refused")
    (finding,) = refused.body["findings"]
    assert (finding["check"], finding["pointer"]) == (check, pointer)
    assert said in finding["zh"] and finding["en"]


@pytest.mark.parametrize("changes", TAKEN)
def test_what_is_allowed_is_published_and_told(town: Town, changes: dict[str, Any]) -> None:
    terms = town.person().api.get(f"/v1/campaigns/{town.campaign(**changes)}")["terms"]
    assert terms["freight"]["kind"] == changes.get("freight", {"kind": "free"})["kind"]
    usual = {"within_hours": 48, "presale": False, "complete_days": 10, "return_days": 7}
    assert terms["shipping"] == {**usual, **changes.get("shipping", {})}
