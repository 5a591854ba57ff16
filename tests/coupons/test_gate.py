"""The gate of a coupon template: what violates it alone, and the nearest that is lawful."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from chalicelib.campaigns.gate import CHECKS, checks, findings
from chalicelib.campaigns.kinds import AnyOffer
from chalicelib.campaigns.kinds.coupon import COUPONS, CouponOffer
from chalicelib.core import clock
from tests.conftest import START
from tests.coupons.shop import TEN_OFF, TENTH_OFF, offer

Changes = dict[str, Any]


def later(days: float) -> str:
    return (START + timedelta(days=days)).isoformat()


def off(fen: int, threshold: int) -> Changes:
    return {"coupon": {"title": "券", "off": {"kind": "amount", "fen": fen}, "threshold_fen": threshold}}


def percent(most: int, threshold: int) -> Changes:
    told = {"kind": "percent", "percent": 50, "most_fen": most}
    return {"coupon": {"title": "券", "off": told, "threshold_fen": threshold}}


def fixed(since: float, until: float) -> Changes:
    return {"validity": {"kind": "fixed", "since": later(since), "until": later(until)}}


def delayed(days: int) -> Changes:
    return {"validity": {"kind": "after_claim", "days": 30, "starts_after_days": days}}


PIECES = {"instalments": {"pieces": 10}}
GIVEN = {"claimable": False}

CASES: list[tuple[str, Changes, Changes]] = [
    ("/coupon/title", {"coupon": {**TEN_OFF, "title": "…"}}, {"coupon": {**TEN_OFF, "title": "券"}}),
    ("/coupon/threshold_fen", off(1000, 999), off(1000, 1000)),
    ("/coupon/threshold_fen", off(1000, 1), off(1000, 0)),
    ("/coupon/off/most_fen", percent(4999, 10_000), percent(5000, 10_000)),
    ("/validity/until", fixed(3, 3), fixed(3, 31)),
    ("/validity/until", fixed(0, 29), fixed(0, 30)),
    ("/validity/until", fixed(0, 397), fixed(0, 396)),
    ("/validity/kind", {**PIECES, **fixed(0, 31)}, {**PIECES, **delayed(0)}),
    ("/validity/starts_after_days", {**PIECES, **delayed(1)}, delayed(1)),
    ("/per_user", {"total": 2, "per_user": 3}, {"total": 3, "per_user": 3}),
    ("/per_user_a_day", {"per_user": 2, "per_user_a_day": 3}, {"per_user": 3, "per_user_a_day": 3}),
    ("/price_points", {**GIVEN, "price_points": 1}, GIVEN),
]


def offered(changes: Changes) -> CouponOffer:
    with clock.fixed(START):
        document = msgspec.convert(offer(**changes), AnyOffer)
    assert isinstance(document, CouponOffer)
    return document


@pytest.mark.parametrize(("pointer", "wrong", "right"), CASES)
def test_what_does_not_fit_is_refused_alone_and_the_nearest_passes(
    pointer: str, wrong: Changes, right: Changes
) -> None:
    found = [one for one in findings(offered(wrong), START) if one.check == "COUPON_FITS"]
    assert [one.pointer for one in found] == [pointer]
    assert all(one.zh and one.en and one.zh != one.en for one in found)
    assert findings(offered(right), START) == []


@pytest.mark.parametrize("coupon", [TEN_OFF, TENTH_OFF])
def test_a_plain_template_passes_all_that_looks_at_it(coupon: Changes) -> None:
    document = offered({"coupon": coupon})
    assert findings(document, START) == []
    assert set(checks(document)) == {one.name for one in CHECKS if issubclass(CouponOffer, one.of)}


@pytest.mark.parametrize("pointer", ["title", "coupon"])
def test_what_a_coupon_is_called_is_read_by_the_lint(pointer: str) -> None:
    told = "只差一步到手"
    (found,) = findings(offered({pointer: told if pointer == "title" else {**TEN_OFF, "title": told}}), START)
    assert found.check == "COPY_LINT"


def test_new_users_are_said_to_be_new() -> None:
    (found,) = findings(offered({"who_may_claim": "new_user"}), START)
    assert (found.check, found.pointer) == ("NEW_USER_BASE", "/rule_sheet/eligibility")


def test_its_budget_is_a_number_of_coupons() -> None:
    document = offered({"total": 7})
    assert [(one.name, one.total, one.at_once) for one in document.escrows] == [(COUPONS, 7, 1)]
    assert (document.gives, list(document.gifts), document.friends_gain) == (None, [], False)


def test_what_it_is_good_for_is_named_by_ids_and_those_are_no_texts() -> None:
    document = offer({**TEN_OFF, "scope": {"sku_ids": ["freecash"]}})
    with clock.fixed(START):
        assert not findings(msgspec.convert(document, AnyOffer), START)
