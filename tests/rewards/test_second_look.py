"""What a second look at value found: what orders hold while it is taken back, and grants that change meanwhile."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.core.store import read_one
from chalicelib.rewards import give as giving
from chalicelib.rewards import grants
from chalicelib.rewards.grants import Less
from chalicelib.rewards.items import Grant, grant_key
from chalicelib.rewards.plugged import SOURCES
from chalicelib.rewards.states import GrantState
from tests.coupons.shop import template
from tests.rewards.shop import (
    COUPON,
    account,
    balance,
    budgets,
    change,
    fall_due,
    give,
    grant,
    offer,
    promise,
    rebuilt,
    undo,
    with_balance,
)
from tests.town import Town


def test_balance_that_an_order_holds_is_waited_for(town: Town) -> None:
    shop, goods, ann = town.campaign(offer()), town.campaign(), town.person()
    give(town, shop, ann, "one")
    order = ann.api.call("POST", f"/v1/campaigns/{goods}/orders", {"pay_with": [with_balance()]}).expect(201)
    assert balance(town, ann) == (0, 100)
    undo(town, ann, "one")
    fall_due(town, ann, "one")
    assert grant(town, ann, "one").state is GrantState.CLAWING
    ann.api.post(f"/v1/orders/{order['order_id']}/cancel")
    town.pass_time(300)
    assert (grant(town, ann, "one").state, balance(town, ann)) == (GrantState.CLAWED, (0, 0))
    assert not account(town, ann).debt


def test_balance_that_an_order_held_and_used_is_debt(town: Town) -> None:
    shop, goods, ann = town.campaign(offer()), town.campaign(), town.person()
    give(town, shop, ann, "one")
    order = ann.api.call("POST", f"/v1/campaigns/{goods}/orders", {"pay_with": [with_balance()]}).expect(201)
    undo(town, ann, "one")
    fall_due(town, ann, "one")
    ann.pay(order).expect(200)
    town.hear()
    town.pass_time(120)
    assert (grant(town, ann, "one").state, account(town, ann).debt) == (GrantState.CLAWED, 100)


def test_a_coupon_that_is_debt_is_not_good_again(town: Town) -> None:
    shop, goods, ann = town.campaign(offer()), town.campaign(), town.person()
    give(town, shop, ann, "one", form=COUPON)
    coupon_id = giving.coupon_of("one")
    pays = [{"tender": "coupon", "ref": coupon_id}]
    order = ann.api.call("POST", f"/v1/campaigns/{goods}/orders", {"pay_with": pays}).expect(201)
    ann.pay(order).expect(200)
    town.hear()
    undo(town, ann, "one")
    fall_due(town, ann, "one")
    assert (grant(town, ann, "one").state, grant(town, ann, "one").debt) == (GrantState.CLAWED, 100)
    town.admin.post(f"/v1/admin/orders/{order['order_id']}/refund", {"note": "sold out"})
    (piece,) = ann.api.get(f"/v1/me/coupons/{coupon_id}")["pieces"]
    assert piece["state"] == "invalid"
    assert rebuilt(town, ann)["agree"]


def test_a_grant_that_became_less_meanwhile_gives_back_what_it_has(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    shop, ann = town.campaign(offer(fen=1000)), town.person()
    give(town, shop, ann, "other")
    assert promise(town, shop, ann, "one", seconds=0)
    before = budgets(town, shop)["fen"]["left"]
    key, stale = grant_key(grant(town, ann, "one").mid, ann.uid, "one"), grant(town, ann, "one")

    class Smaller:
        def rule(self, found: Grant) -> Any:
            return Less(40)

    monkeypatch.setitem(SOURCES, "tests", Smaller())
    fall_due(town, ann, "one")
    assert budgets(town, shop)["fen"]["left"] == before + 60
    seen = [stale]
    monkeypatch.setattr(grants, "read_one", lambda kind, at: seen.pop() if seen else read_one(kind, at))
    grants.undo(key, "order_refunded")
    assert not seen
    assert budgets(town, shop)["fen"]["left"] == before + 100


def test_coupons_of_a_template_are_no_money_and_their_number_stays_what_users_were_told(town: Town) -> None:
    campaign = template(town)
    told = budgets(town, campaign)["coupons"]
    assert (told["currency"], told["said"], told["left"]) == ("pieces", 100, 100)
    for act in ("top-up", "release"):
        assert change(town, campaign, act, 10, "coupons").expect(422)["code"] == "budget_unknown"
