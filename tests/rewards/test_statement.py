"""What a user reads of everything that he gained, lost or may yet get, and his merchant of the same."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.campaigns.gifts import Currency, Form
from chalicelib.core import clock
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import read
from chalicelib.core.transaction import Lost, Transaction
from chalicelib.rewards import grants, posting
from chalicelib.rewards.items import Leg, account_key
from chalicelib.rewards.states import GrantState, Why
from tests import invariants
from tests.rewards import shop
from tests.rewards.shop import COUPON, HOUR, POINTS, recorded, rewards, told
from tests.town import Town

ENGLISH = {"Accept-Language": "en"}


def sound(town: Town) -> None:
    invariants.check(town.books())


def test_a_grant_is_told_from_its_promise_to_its_end(town: Town) -> None:
    ann, campaign = town.person("ann"), town.campaign(shop.offer())
    assert rewards(ann) == []
    shop.promise(town, campaign, ann, "first", state=GrantState.PROMISED, seconds=HOUR)
    (line,) = rewards(ann)
    assert (line["state"], line["amount"], line["currency"], line["form"]) == ("promised", 100, "fen", "balance")
    assert line["campaign"] == {"campaign_id": campaign, "title": "有礼秋茶 三人团"}
    assert line["until"] == told(clock.now() + timedelta(hours=1))
    assert (line["why"], line["why_detail"], line["state_detail"]) == ("after_order", "下单有礼", "待达成")
    (line,) = rewards(ann, **ENGLISH)
    assert line["why_detail"] == "A gift for an order."
    tx = Transaction()
    grants.add_reached(tx, shop.grant(town, ann, "first"), clock.now() + timedelta(days=1))
    tx.commit()
    (line,) = rewards(ann)
    assert (line["state"], line["until"]) == ("held", told(clock.now() + timedelta(days=1)))
    clock.advance(86_400)
    shop.fall_due(town, ann, "first")
    ann.come_back()
    (line,) = rewards(ann)
    assert (line["state"], line["until"], line["ended_at"]) == ("granted", None, told(clock.now()))
    sound(town)


@pytest.mark.parametrize("form", [shop.BALANCE, POINTS, COUPON])
def test_what_is_taken_back_says_how_much(town: Town, form: Form) -> None:
    ann, campaign = town.person("ann"), town.campaign(shop.offer())
    shop.give(town, campaign, ann, "first", 300, form)
    shop.undo(town, ann, "first")
    assert rewards(ann)[0]["state"] == "granted", "it is his until somebody has looked"
    town.minute()
    (line,) = rewards(ann, **ENGLISH)
    assert (line["state"], line["back"], line["debt"]) == ("taken_back", 300, 0)
    assert line["reason"] == "Its order was refunded."
    if form is COUPON:
        assert [piece["state"] for piece in line["coupon"]["pieces"]] == ["invalid"]
    assert shop.rebuilt(town, ann)["agree"]
    assert shop.budgets(town, campaign)["points" if form is POINTS else "fen"]["taken"] == 0
    sound(town)


def test_what_is_not_there_any_more_is_debt(town: Town) -> None:
    ann, campaign = town.person("ann"), town.campaign(shop.offer())
    shop.give(town, campaign, ann, "first", 300)
    path, pay = f"/v1/campaigns/{town.campaign()}/groups", [shop.with_balance(200)]
    ann.pay(ann.api.call("POST", path, {"pay_with": pay}).expect(201)).expect(200)
    town.hear()
    shop.undo(town, ann, "first")
    town.minute()
    line = next(line for line in rewards(ann) if line["why"] == "after_order")
    assert (line["back"], line["debt"]) == (100, 200)
    accounts = ann.api.get("/v1/me/accounts")
    assert accounts["fen"] == {"balance": 0, "held": 0, "debt": 200}
    assert shop.budgets(town, campaign)["fen"]["taken"] == 200, "what was not got back is spent"
    sound(town)


def test_what_ends_without_value_says_why_and_gives_the_budget_back(town: Town) -> None:
    ann, campaign = town.person("ann"), town.campaign(shop.offer())
    shop.promise(town, campaign, ann, "lapsing", state=GrantState.PROMISED, seconds=0)
    shop.promise(town, campaign, ann, "undone", subject="undone", seconds=0)
    shop.promise(town, campaign, ann, "early")
    assert shop.budgets(town, campaign)["fen"]["taken"] == 300
    shop.fall_due(town, ann, "lapsing")
    shop.fall_due(town, ann, "undone")
    shop.undo(town, ann, "early")
    lines = {line["ref"]: line for line in rewards(ann, **ENGLISH)}
    assert {ref: line["state"] for ref, line in lines.items()} == {
        "lapsing": "lapsed",
        "undone": "void",
        "early": "void",
    }
    assert lines["undone"]["reason"] == "Its order was refunded."
    assert shop.budgets(town, campaign)["fen"]["taken"] == 0
    sound(town)


def test_a_longer_hold_is_told(town: Town) -> None:
    ann, campaign = town.person("ann"), town.campaign(shop.offer())
    shop.promise(town, campaign, ann, "later", subject="later", seconds=60)
    begun = clock.now()
    clock.advance(60)
    shop.fall_due(town, ann, "later")
    (line,) = rewards(ann)
    assert (line["state"], line["until"]) == ("held", told(begun + timedelta(days=1)))
    sound(town)


def test_a_given_coupon_and_its_grant_are_one_line(town: Town) -> None:
    ann, campaign = town.person("ann"), town.campaign(shop.offer())
    shop.give(town, campaign, ann, "thanks", 500, COUPON)
    (line,) = rewards(ann)
    assert (line["form"], line["amount"], line["state"]) == ("coupon", 500, "granted")
    assert line["coupon"]["title"] == "谢谢惠顾"
    assert [piece["state"] for piece in line["coupon"]["pieces"]] == ["available"]
    clock.advance(31 * 86_400)
    ann.come_back()
    assert [piece["state"] for piece in rewards(ann)[0]["coupon"]["pieces"]] == ["expired"]
    assert {one["account"]: one["there"] for one in shop.rebuilt(town, ann)["sums"]}["coupons"] == 500


def test_pages_follow_one_another_newest_first(town: Town) -> None:
    ann, campaign = town.person("ann"), town.campaign(shop.offer())
    for n in range(5):
        shop.promise(town, campaign, ann, f"number-{n}")
        clock.advance(1)
    first = ann.api.get("/v1/me/rewards?limit=2")
    second = ann.api.get(f"/v1/me/rewards?limit=2&cursor={first['cursor']}")
    third = ann.api.get(f"/v1/me/rewards?limit=2&cursor={second['cursor']}")
    lines = [*first["rewards"], *second["rewards"], *third["rewards"]]
    assert [line["ref"] for line in lines] == [f"number-{n}" for n in (4, 3, 2, 1, 0)]
    assert third["cursor"] is None
    orders = ann.api.get("/v1/orders?limit=1")["cursor"]
    assert orders is None
    ann.api.call("GET", "/v1/me/rewards?cursor=nonsense").expect(422)


def test_nobody_reads_anothers(town: Town) -> None:
    ann, ben, campaign = town.person("ann"), town.person("ben"), town.campaign(shop.offer())
    shop.give(town, campaign, ann, "first")
    assert rewards(ben) == []
    assert ben.api.get("/v1/me/accounts")["fen"] == {"balance": 0, "held": 0, "debt": 0}
    for path in ("rewards", "accounts"):
        town.admin.call("GET", f"/v1/admin/users/nobody/{path}").expect(404)
    town.admin.call("POST", "/v1/admin/users/nobody/rebuild", {}).expect(404)


def test_the_merchant_reads_the_reasons_and_the_user_does_not(town: Town) -> None:
    ann, campaign = town.person("ann"), town.campaign(shop.offer())
    shop.promise(town, campaign, ann, "doubt", subject="doubtful", seconds=0)
    shop.fall_due(town, ann, "doubt")
    (mine,) = rewards(ann)
    assert (mine["state"], mine["reason"]) == ("review", None)
    (line,) = recorded(town, ann)
    assert [reason["code"] for reason in line["reasons"]] == ["star", "chain", "odd"]
    assert line["budget_drawn"] == 100
    assert "reasons" not in mine
    clock.advance(7 * 86_400)
    shop.fall_due(town, ann, "doubt")
    ann.come_back()
    assert rewards(ann, **ENGLISH)[0]["reason"] == "It did not pass the check."
    assert recorded(town, ann)[0]["reasons"][0]["code"] == "not_approved"
    sound(town)


def test_points_that_are_spent_leave_a_posting(town: Town) -> None:
    ann, campaign = town.person("ann"), town.campaign(shop.offer())
    shop.give(town, campaign, ann, "points", 300, POINTS)
    clock.advance(1)
    mid = MerchantId(town.merchant.mid)

    def spend(n: int, ref: str) -> None:
        tx, found = Transaction(), read(account_key(mid, ann.uid, Currency.POINTS))
        posting.add_points_spent(tx, mid, ann.uid, n, ref, "a coupon", campaign, 1, found)
        tx.commit()

    spend(200, "claim-1")
    line = rewards(ann, **ENGLISH)[0]
    assert (line["why"], line["state"], line["amount"], line["form"]) == ("points_spent", "spent", -200, "points")
    assert line["campaign"]["campaign_id"] == campaign
    with pytest.raises(ValueError, match="more is taken"):
        spend(200, "claim-2")
    with pytest.raises(Lost):
        spend(10, "claim-1")
    assert shop.account(town, ann, "points").balance == 100
    assert shop.rebuilt(town, ann)["agree"]
    sound(town)


def test_legs_that_do_not_balance_are_a_mistake(town: Town) -> None:
    mid, leg = MerchantId(town.merchant.mid), Leg("user:x", Currency.FEN, 1)
    for legs in ([leg], []):
        with pytest.raises(ValueError, match="do not balance"):
            posting.add_posting(Transaction(), mid, "x", "ref", Why.GIFT, "nothing", legs)


def test_a_rebuild_reports_what_differs_and_changes_nothing(town: Town) -> None:
    ann, campaign = town.person("ann"), town.campaign(shop.offer())
    shop.give(town, campaign, ann, "first", 300)
    assert shop.rebuilt(town, ann)["sums"][0] == {"account": "fen", "legs": 300, "there": 300, "differs": 0}
    own = shop.account(town, ann)
    own.balance = 301
    town.emulator.restore(own)
    found = shop.rebuilt(town, ann)
    assert (found["agree"], found["steady"], found["sums"][0]["differs"]) == (False, True, 1)
    assert shop.account(town, ann).balance == 301
    own.balance = 300
    town.emulator.restore(own)
