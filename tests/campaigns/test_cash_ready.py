"""Nothing that gives cash is published before its merchant can pay it: each missing thing is named by itself."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from chalicelib.campaigns.gate import UNKNOWN, Shop, findings
from chalicelib.campaigns.kinds import AnyOffer
from chalicelib.core import chance, clock
from tests.campaigns.cash import BUDGET, COMMISSION, GIVING, PLACES, STAGES, commissioned, sold, staged, unlocked
from tests.campaigns.rewards import CASH, after_order, gift
from tests.conftest import START
from tests.merchants.cash import shop


def found(make: Any, at: Shop, **changes: Any) -> list[tuple[str, str]]:
    with clock.fixed(START), chance.seeded(7):
        document = msgspec.convert(make(**changes), AnyOffer)
    refused = findings(document, START, at)
    assert all(one.zh and one.en and one.zh != one.en and one.word is None for one in refused)
    return [(one.check, one.pointer) for one in refused]


def told(at: Shop, make: Any = sold) -> str:
    with clock.fixed(START):
        (one,) = findings(msgspec.convert(make(), AnyOffer), START, at)
    return f"{one.zh} {one.en}"


@pytest.mark.parametrize("name", GIVING)
def test_a_merchant_who_has_everything_may_give_it(name: str) -> None:
    assert found(GIVING[name], shop()) == []


@pytest.mark.parametrize("name", GIVING)
def test_a_merchant_who_has_said_nothing_is_told_everything(name: str) -> None:
    form, budget = PLACES[name]
    assert found(GIVING[name], UNKNOWN) == [
        ("CASH_READY", budget),
        ("CASH_READY", form),
        ("CASH_READY", budget),
        ("CASH_READY", budget),
    ]


@pytest.mark.parametrize("kind", ["individual", "micro"])
def test_only_a_company_may_transfer(kind: str) -> None:
    assert found(sold, shop(kind=kind)) == [("CASH_READY", "/after_order/budget/cash")]
    assert "company" in told(shop(kind=kind))


def test_wechat_must_accept_the_address_that_asks() -> None:
    assert found(sold, shop(egress_address=None)) == [("CASH_READY", "/after_order/budget/cash")]
    assert "egress_address" in told(shop(egress_address=None))


@pytest.mark.parametrize("name", [name for name in GIVING if name != "commissioned"])
def test_what_a_campaign_gives_needs_the_marketing_scene_alone(name: str) -> None:
    form, _ = PLACES[name]
    assert found(GIVING[name], shop(marketing=None)) == [("CASH_READY", form)]
    assert found(GIVING[name], shop(commission=None)) == []
    assert "现金营销" in told(shop(marketing=None), GIVING[name])


def test_commission_needs_the_commission_scene_alone() -> None:
    assert found(commissioned, shop(commission=None)) == [("CASH_READY", "/commission/form")]
    assert found(commissioned, shop(marketing=None)) == []
    assert "佣金报酬" in told(shop(commission=None), commissioned)


def test_a_campaign_that_gives_both_needs_both_scenes() -> None:
    both = {"commission": COMMISSION}
    assert found(staged, shop(), **both) == []
    assert found(staged, shop(commission=None), **both) == [("CASH_READY", "/commission/form")]
    assert found(staged, shop(marketing=None, commission=None), **both) == [
        ("CASH_READY", "/stages/0/gift/form"),
        ("CASH_READY", "/commission/form"),
    ]


def test_the_account_has_the_whole_budget_by_whoever_saw_it_last() -> None:
    ready = shop(operations_fen=1)
    assert found(sold, ready._replace(operations_fen=100_000)) == []
    assert found(sold, ready._replace(operations_fen=99_999)) == [("CASH_READY", "/after_order/budget/cash")]
    sentence = told(ready._replace(operations_fen=99_999))
    assert "¥999.99" in sentence and "¥1000.00" in sentence


def test_what_gives_no_cash_needs_none_of_it() -> None:
    assert found(sold, UNKNOWN, after_order=after_order()) == []


def test_commission_as_balance_beside_cash_needs_no_scene_of_its_own() -> None:
    rate = {**COMMISSION, "form": {"as": "balance"}}
    budget = {**BUDGET, "fen": 10_000}
    assert found(staged, shop(commission=None), commission=rate, budget=budget) == []


@pytest.mark.parametrize(
    ("name", "early", "late", "pointer"),
    [
        ("unlocked", {"form": {**CASH, "hold_days": 0}}, {"form": {**CASH, "hold_days": 1}}, "/form/hold_days"),
        (
            "staged",
            {"stages": [{**STAGES[0], "gift": gift(200, {**CASH, "hold_days": 0}), "hold_days": 0}]},
            {"stages": [{**STAGES[0], "gift": gift(200, {**CASH, "hold_days": 0}), "hold_days": 1}]},
            "/stages/0/gift/form/hold_days",
        ),
        (
            "staged",
            {"stages": [STAGES[2], {**STAGES[1], "gift": gift(200, {**CASH, "hold_days": 0}), "hold_days": 0}]},
            {"stages": [{**STAGES[2], "gift": gift(200, {**CASH, "hold_days": 0}), "hold_days": 0}]},
            "/stages/1/gift/form/hold_days",
        ),
        (
            "counted",
            {"count_after_days": 0, "thresholds": [{"friends": 2, "gift": gift(200, {**CASH, "hold_days": 0})}]},
            {"count_after_days": 1, "thresholds": [{"friends": 2, "gift": gift(200, {**CASH, "hold_days": 0})}]},
            "/thresholds/0/gift/form/hold_days",
        ),
    ],
)
def test_cash_for_what_friends_do_waits_for_a_day(name: str, early: Any, late: Any, pointer: str) -> None:
    assert found(GIVING[name], shop(), **early) == [("CASH_SANE", pointer)]
    assert found(GIVING[name], shop(), **late) == []


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [({"most": 9}, "/commission/most"), ({"most": 20_001}, "/commission/most")],
)
def test_the_most_of_a_commission_is_one_transfer(changes: Any, pointer: str) -> None:
    assert found(commissioned, shop(), commission={**COMMISSION, **changes}) == [("CASH_SANE", pointer)]


def test_what_may_be_transferred_at_once_is_the_merchants_to_say() -> None:
    wide = {"limits": {"most_fen": 50_000, "fen_a_day": 50_000}}
    dear = after_order(gift=gift(50_000, CASH), budget=BUDGET)
    assert found(sold, shop(**wide), after_order=dear) == []
    assert found(sold, shop(), after_order=dear) == [("CASH_SANE", "/after_order/gift/amount")]


@pytest.mark.parametrize(
    ("budget", "check", "pointer"),
    [
        ({"fen": 100_000}, "BUDGET_SET", "/budget/cash"),
        ({"cash": 299}, "BUDGET_SET", "/budget/cash"),
        ({"cash": 300, "fen": 300}, "PACKET_FITS", "/budget/fen"),
        ({"cash": 300, "points": 300}, "PACKET_FITS", "/budget/points"),
    ],
)
def test_what_is_cash_comes_out_of_a_budget_of_cash(budget: Any, check: str, pointer: str) -> None:
    assert (check, pointer) in found(unlocked, shop(), budget=budget)
    assert found(unlocked, shop(), budget={"cash": 300}) == []
    assert ("PACKET_FITS", "/budget/cash") in found(unlocked, shop(), form={"as": "balance"})
