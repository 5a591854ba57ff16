"""Whatever brings cash brings it to its user's page, out of one budget, and it reaches his account at WeChat."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.core import clock
from chalicelib.invite.friends import threshold_ref
from infra.local.client import Person
from tests import invariants
from tests.cash import gifts, shop
from tests.cash.gifts import BUDGET
from tests.inviting import shop as inviting
from tests.redpacket import shop as packets
from tests.rewards import shop as rewards
from tests.thanks import shop as thanks
from tests.town import Town

ENGLISH = {"Accept-Language": "en"}


def sound(town: Town, *people: Person) -> None:
    """Nothing is lost, and everybody's books agree."""
    invariants.check(town.books())
    assert all(rewards.rebuilt(town, person)["agree"] for person in people)


def claimed(town: Town, person: Person, campaign: str, amount: int) -> None:
    """What somebody has been given is held for two days, claimed, confirmed and paid: once, out of the budget."""
    person.come_back()
    (line,) = gifts.listed(person)
    assert (line["amount_fen"], line["state"], line["can_claim"]) == (amount, "claimable", False)
    assert line["why_not"]["code"] == "cash_not_yet"
    assert line["campaign"]["campaign_id"] == campaign
    clock.advance(2 * shop.DAY)
    person.come_back()
    (line,) = gifts.listed(person)
    assert (line["can_claim"], line["why_not"]) == (True, None)
    gifts.confirms(town, person, gifts.claims(person, line["cash_id"]).expect(200))
    assert gifts.page(person, line["cash_id"])["state"] == "paid"
    assert shop.tally(town, campaign)["paid"] == amount


def of_cash(lines: list[dict[str, Any]]) -> list[tuple[str, str, str, int, str | None]]:
    """The lines of a statement that are cash."""
    found = [line for line in lines if line["form"] == "cash"]
    return [
        (line["why"], line["state"], line["state_detail"], line["amount"], line["cash"] and line["cash"]["state"])
        for line in found
    ]


def test_an_order_brings_cash_when_its_after_sale_is_over(town: Town) -> None:
    campaign = gifts.thanking(town)
    bought = thanks.thanked(town, campaign)
    (coming,) = bought.shown["brought"]
    assert (coming["state"], coming["cash_id"]) == ("coming", None)
    assert coming["detail"] == "¥5.00 现金将在收货且售后期结束后发放，等待期满可领取"
    assert of_cash(rewards.rewards(bought.buyer)) == [("after_order", "held", "等待期内，到期后发放", 500, None)]
    thanks.arrive(bought)
    thanks.pass_days(town, 2.5)
    (given,) = bought.shown["brought"]
    (cash,) = gifts.all_cash(town, bought.buyer)
    assert (given["state"], given["cash_id"]) == ("granted", cash.cash_id)
    assert given["detail"] == "¥5.00 现金已发放，请在“我的现金”中领取"
    assert gifts.budget(town, campaign) == (BUDGET - 500, 500)
    bought.buyer.come_back()
    assert of_cash(rewards.rewards(bought.buyer)) == [
        ("after_order", "granted", "等待期内，到期后可领取", 500, "claimable")
    ]
    sound(town, bought.buyer)
    claimed(town, bought.buyer, campaign, 500)
    assert of_cash(rewards.rewards(bought.buyer, **ENGLISH)) == [
        ("after_order", "granted", "It was paid to your WeChat balance.", 500, "paid")
    ]
    (record,) = rewards.recorded(town, bought.buyer)
    assert (record["budget_drawn"], record["cash"]["cash_id"]) == (500, cash.cash_id)
    sound(town, bought.buyer)


def test_before_the_payment_it_is_said_when_cash_can_be_claimed(town: Town) -> None:
    ann, campaign = town.person("ann"), gifts.thanking(town)
    promises = ann.api.post(f"/v1/campaigns/{campaign}/quote")["promises"]
    (said,) = (line for line in promises if "现金" in line["zh"])
    assert said == {
        "zh": "付款成功后赠 ¥5.00 现金（未成年人除外），收货且售后期结束后再过 2 天可领取，10 天内有效；"
        "预算有限，赠完即止",
        "en": "A paid order brings ¥5.00 in cash (not for minors), to be claimed for 10 days once its goods have"
        " arrived and the time for after-sale is over and 2 days more; while the budget lasts.",
    }


def test_an_order_that_goes_back_takes_its_cash_back(town: Town) -> None:
    campaign = gifts.thanking(town)
    bought = thanks.thanked(town, campaign)
    thanks.arrive(bought)
    thanks.pass_days(town, 2.5)
    packets.refunds(town, bought.order_id).expect(200)
    town.stream()
    town.pass_time(120)
    bought.buyer.come_back()
    assert of_cash(rewards.rewards(bought.buyer)) == [
        ("after_order", "taken_back", "已收回", 500, "returned"),
    ]
    (cash,) = gifts.listed(bought.buyer)
    assert (cash["state"], cash["detail"]) == ("returned", "对应的奖励已取消，现金已收回")
    gifts.claims(bought.buyer, cash["cash_id"]).expect(409)
    assert gifts.budget(town, campaign) == (BUDGET, 0)
    sound(town, bought.buyer)


def test_a_friends_step_brings_cash(town: Town) -> None:
    stage = {"on": "accepted", "gift": gifts.gift(300), "hold_days": 1}
    campaign = gifts.inviting_friends(town, stages=[stage])
    ann = town.person("ann")
    inviting.friend_of(town, ann, campaign)
    assert gifts.budget(town, campaign) == (BUDGET - 300, 300)
    inviting.days(town, 1)
    (friend,) = inviting.rewards(ann, campaign)["friends"]
    (cash,) = gifts.all_cash(town, ann)
    assert [(one["state"], one["cash_id"]) for one in friend["stages"]] == [("granted", cash.cash_id)]
    sound(town, ann)
    claimed(town, ann, campaign, 300)
    sound(town, ann)


def test_a_number_of_friends_brings_cash(town: Town) -> None:
    threshold = {"friends": 2, "gift": gifts.gift(700)}
    campaign = gifts.inviting_friends(town, thresholds=[threshold], count_after_days=0)
    ann = town.person("ann")
    for _ in range(2):
        inviting.friend_of(town, ann, campaign)
    inviting.days(town, 0.5)
    found = inviting.grant(town, ann, threshold_ref(campaign, 2))
    assert inviting.state(found) == ("granted", 700, None)
    (reached,) = inviting.rewards(ann, campaign)["thresholds"]
    (cash,) = gifts.all_cash(town, ann)
    assert reached["reached"]["cash_id"] == cash.cash_id
    claimed(town, ann, campaign, 700)
    sound(town, ann)


def test_commission_can_be_cash(town: Town) -> None:
    rate = {"percent_bp": 500, "most": 1000, "form": gifts.FORM, "hold_days": 1}
    campaign, goods = gifts.inviting_friends(town, commission=rate), town.campaign(shipping=thanks.SOON)
    ann = town.person("ann")
    ben = inviting.friend_of(town, ann, campaign)
    order = inviting.buys_alone(town, ben, goods)
    town.stream()
    inviting.received(order)
    inviting.days(town, 5)
    shown = inviting.rewards(ann, campaign)["commission"]
    assert (shown["currency"], shown["granted"], shown["orders"]) == ("cash", 445, 1)
    (line,) = gifts.listed(ann, **ENGLISH)
    assert line["why_detail"] == "A commission of a friend's order."
    cash_id = line["cash_id"]
    gifts.confirms(town, ann, gifts.claims(ann, cash_id).expect(200))
    sound(town, ann)
    (at_wechat,) = town.control("GET", "/_sim/transfers", {}, None).expect(200)["transfers"]
    assert at_wechat["transfer_amount"] == 445


def test_commission_that_was_paid_and_goes_back_is_debt(town: Town) -> None:
    rate = {"percent_bp": 500, "most": 1000, "form": gifts.FORM, "hold_days": 1}
    campaign, goods = gifts.inviting_friends(town, commission=rate), town.campaign(shipping=thanks.SOON)
    ann = town.person("ann")
    order = inviting.buys_alone(town, inviting.friend_of(town, ann, campaign), goods)
    town.stream()
    inviting.received(order)
    inviting.days(town, 6)
    ann.come_back()
    (line,) = gifts.listed(ann)
    gifts.confirms(town, ann, gifts.claims(ann, line["cash_id"]).expect(200))
    packets.refunds(town, order.order_id).expect(200)
    town.stream()
    town.pass_time(300)
    (told,) = (line for line in rewards.rewards(ann) if line["form"] == "cash")
    assert (told["state"], told["back"], told["debt"]) == ("taken_back", 0, 445)
    assert ann.api.get("/v1/me/accounts")["cash"] == {"debt": 445}
    assert gifts.budget(town, campaign) == (BUDGET - 445, 445), "what was paid is spent"
    (record,) = (one for one in rewards.recorded(town, ann) if one["form"] == "cash")
    assert record["budget_drawn"] == 445
    sound(town, ann)


def test_an_unlocked_packet_brings_cash_node_by_node(town: Town) -> None:
    ann, *friends = packets.grown(town, "ann", "ben", "cat", "dan")
    campaign = gifts.unlocking(town)
    rid = packets.started(ann, campaign)
    assert packets.page(friends[0], rid)["next"]["button"] == "帮TA拆，TA得¥1.00 现金"
    packets.helps(friends[0], rid).expect(201)
    town.minute()
    nodes = packets.page(ann, rid)["nodes"]
    (first,) = gifts.all_cash(town, ann)
    worth = {"amount": 100, "currency": "cash", "form": "cash", "detail": "¥1.00 现金"}
    assert (nodes[0]["gives"], nodes[0]["cash_id"], nodes[1]["cash_id"]) == (worth, first.cash_id, None)
    assert [node["cash_id"] for node in packets.page(friends[1], rid)["nodes"]] == [None, None]
    assert packets.packet(town, rid).spent == 0
    assert gifts.budget(town, campaign) == (BUDGET - 300, 300)
    sound(town, ann)
    for friend in friends[1:]:
        packets.helps(friend, rid).expect(201)
    town.minute()
    shown = packets.page(ann, rid)
    assert (shown["status"], shown["gained"]["amount"]) == ("done", 300)
    assert [(one.amount, one.subject) for one in gifts.all_cash(town, ann)] == [(100, rid), (200, rid)]
    assert gifts.budget(town, campaign) == (BUDGET - 300, 300)
    lines = of_cash(rewards.rewards(ann))
    assert lines == [("packet_node", "granted", "等待期内，到期后可领取", n, "claimable") for n in (200, 100)]
    sound(town, ann)
    town.pass_time(packets.HOUR)
    clock.advance(2 * shop.DAY)
    ann.come_back()
    for line in gifts.listed(ann):
        gifts.confirms(town, ann, gifts.claims(ann, line["cash_id"]).expect(200))
    assert shop.tally(town, campaign) == {"claimable": 0, "flight": 0, "paid": 300, "returned": 0}
    sound(town, ann)


def test_a_packet_that_expires_gives_back_what_was_not_reached_and_no_cash(town: Town) -> None:
    ann, ben = packets.grown(town, "ann", "ben")
    campaign = gifts.unlocking(town)
    rid = packets.started(ann, campaign)
    packets.helps(ben, rid).expect(201)
    town.pass_time(packets.HOUR + 60)
    assert packets.packet(town, rid).status.value == "expired"
    assert packets.packet(town, rid).drawn == []
    assert gifts.budget(town, campaign) == (BUDGET - 100, 100)
    (cash,) = gifts.all_cash(town, ann)
    assert sum(part.units for part in cash.drawn) == 100
    sound(town, ann)


def test_cash_that_nobody_claims_is_said_to_be_over(town: Town) -> None:
    ann, campaign = town.person("ann"), shop.opened(town)
    shop.given(town, campaign, ann)
    assert gifts.budget(town, campaign) == (BUDGET - 100, 100)
    town.pass_time(30 * shop.DAY + 3600, 3600)
    ann.come_back()
    (line,) = rewards.rewards(ann)
    assert (line["state"], line["state_detail"], line["cash"]["detail"]) == ("expired", "已过期", "已失效，未领取")
    assert (line["reason"], line["ended_at"]) == (None, rewards.told(shop.cash(town, ann).ended_at))
    (record,) = rewards.recorded(town, ann)
    assert (record["budget_drawn"], record["reasons"]) == (0, [{"code": "not_claimed", "detail": "未在期限内领取"}])
    rewards.undo(town, ann, shop.REF)
    town.minute()
    (line,) = rewards.rewards(ann)
    assert (line["state"], line["back"], line["debt"]) == ("taken_back", 0, 0), "nothing was left to be taken"
    assert gifts.budget(town, campaign) == (BUDGET, 0)
    sound(town, ann)


def test_cash_that_its_merchant_refuses_is_void(town: Town) -> None:
    ann, campaign = town.person("ann"), shop.opened(town)
    cash_id = shop.given(town, campaign, ann)
    town.act("/_sim/ranks", name=ann.name, rank=3)
    assert gifts.claims(ann, cash_id).expect(202)["detail"] == "审核中"
    sound(town, ann)
    (waiting,) = town.admin.get("/v1/admin/held")["held"]
    town.admin.post(f"/v1/admin/held/{waiting['held_id']}/reject", {})
    (line,) = rewards.rewards(ann)
    assert (line["state"], line["reason"]) == ("void", "未通过审核")
    assert gifts.page(ann, cash_id)["detail"] == "未通过审核"
    (record,) = rewards.recorded(town, ann)
    assert record["reasons"] == [{"code": "refused", "detail": "商家已拒绝"}]
    sound(town, ann)


@pytest.mark.parametrize("act", ["top-up", "release"])
def test_a_budget_of_cash_is_changed_by_its_name(town: Town, act: str) -> None:
    campaign = shop.opened(town)
    rewards.change(town, campaign, act, 1000, "cash").expect(200)
    found = rewards.budgets(town, campaign)["cash"]
    more = 1000 if act == "top-up" else -1000
    assert (found["currency"], found["total"], found["added"]) == ("cash", BUDGET + more, more)
