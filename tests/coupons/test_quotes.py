"""What a quote says of coupons: which could pay, how much, and why another cannot."""

from __future__ import annotations

from typing import Any

from infra.local.client import Person
from tests.bargain import shop as bargains
from tests.coupons.shop import (
    SOLO,
    STACKED,
    TEN_OFF,
    TENTH_OFF,
    buys,
    claimed,
    gets,
    pays,
    takes_back,
    template,
)
from tests.town import Town


def quoted(person: Person, campaign: str, *refs: str) -> Any:
    body = {"role": "solo", "pay_with": pays(*refs)}
    return person.api.post(f"/v1/campaigns/{campaign}/quote", body)


def test_a_quote_says_what_each_coupon_would_pay_best_first(town: Town) -> None:
    ann, goods = town.person("ann"), town.campaign()
    ten, tenth = gets(town, ann, TEN_OFF), gets(town, ann, TENTH_OFF)
    told = quoted(ann, goods)
    assert [(one["ref"], one["worth_fen"], one["why_not"]) for one in told["choices"]] == [
        (ten, 1000, None),
        (tenth, 890, None),
    ]
    assert (told["parts"], told["cash_fen"], told["choices"][0]["title_zh"]) == ([], SOLO, "满 50 减 10")
    assert quoted(town.person("ben"), goods)["choices"] == []


def test_a_quote_says_why_a_coupon_does_not_apply(town: Town) -> None:
    ann, goods = town.person("ann"), town.campaign()
    wrong = {
        gets(town, ann, {**TEN_OFF, "threshold_fen": 10_000}): "coupon_threshold",
        gets(town, ann, {**TEN_OFF, "scope": {"sku_ids": ["cup"]}}): "coupon_scope",
        gets(town, ann, validity={"kind": "after_claim", "days": 9, "starts_after_days": 2}): "coupon_later",
        gets(town, ann): "coupon_locked",
    }
    buys(ann, goods, list(wrong)[-1]).expect(201)
    takes_back(town, ann, gets(town, ann)).expect(200)
    told = quoted(ann, goods)["choices"]
    assert {one["ref"]: one["why_not"] for one in told} == wrong
    assert all(one["worth_fen"] == 0 for one in told)
    missing = next(one for one in told if one["why_not"] == "coupon_threshold")
    assert missing["why_not_zh"] == "商品满 ¥100.00 可用，还差 ¥11.00"
    assert missing["why_not_en"] == "The goods must cost ¥100.00; ¥11.00 are missing."


def test_a_quote_answers_for_what_is_to_pay_and_holds_nothing(town: Town) -> None:
    ann, goods = town.person("ann"), town.campaign(freight={"kind": "flat", "fen": 800})
    ten, tenth = gets(town, ann, STACKED), gets(town, ann, TENTH_OFF)
    told = quoted(ann, goods, ten, tenth)
    assert [(part["ref"], part["amount_fen"]) for part in told["parts"]] == [(ten, 1000), (tenth, 890)]
    assert told["cash_fen"] == told["total_fen"] - 1890 == SOLO + 800 - 1890
    made = buys(ann, goods, ten, tenth).expect(201)
    assert made["cash_fen"] == told["cash_fen"]
    body = {"role": "solo", "pay_with": pays("NONE")}
    refused = ann.api.call("POST", f"/v1/campaigns/{goods}/quote", body).expect(422)
    assert (refused["code"], refused["errors"][0]["pointer"]) == ("coupon_unknown", "/pay_with/0/ref")
    body["pay_with"] = [{"tender": "gold", "ref": "x"}]
    assert ann.api.call("POST", f"/v1/campaigns/{goods}/quote", body).expect(422)["code"] == "tender_unknown"


def test_of_instalments_the_next_piece_alone_is_a_choice_to_come(town: Town) -> None:
    ann, goods = town.person("ann"), town.campaign()
    rule = {"validity": {"kind": "after_claim", "days": 30}, "instalments": {"pieces": 10, "every": "month"}}
    mine = gets(town, ann, **rule)
    told = quoted(ann, goods)["choices"]
    assert [(one["ref"], one["why_not"]) for one in told] == [(mine, None), (f"{mine}.1", "coupon_later")]


def test_a_quote_of_a_bargain_says_it_too(town: Town) -> None:
    (ann,) = bargains.grown(town, "ann")
    mine = gets(town, ann)
    bid = bargains.started(ann, town.campaign(bargains.offer()))
    told = ann.api.post(f"/v1/bargains/{bid}/quote", {"pay_with": pays(mine)})
    assert [one["worth_fen"] for one in told["choices"]] == [1000]
    assert told["cash_fen"] == told["total_fen"] - 1000
    order = ann.api.call("POST", f"/v1/bargains/{bid}/order", {"pay_with": pays(mine)}).expect(201)
    assert order["cash_fen"] == told["cash_fen"]


def test_one_with_many_coupons_is_told_of_all(town: Town) -> None:
    ann, goods = town.person("ann"), town.campaign()
    campaign = template(town, per_user=130, total=130)
    for _ in range(130):
        claimed(ann, campaign)
    assert len(quoted(ann, goods)["choices"]) == 130
