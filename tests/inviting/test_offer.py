"""The document of a campaign that rewards invitations: what the gate refuses, the nearest lawful one, what it says."""

from __future__ import annotations

import copy
from typing import Any, NamedTuple

import msgspec
import pytest

from chalicelib.campaigns import copy_lint
from chalicelib.campaigns.gate import checks, findings
from chalicelib.campaigns.gifts import Currency
from chalicelib.campaigns.kinds import AnyOffer
from chalicelib.campaigns.kinds.invite import InviteOffer
from chalicelib.campaigns.offer import MOST_LEVELS
from tests.conftest import START
from tests.inviting.shop import GIFT, POINTS, plain
from tests.town import Town


def offered(changes: dict[str, Any]) -> InviteOffer:
    document = copy.deepcopy(plain(START))
    for pointer, value in changes.items():
        *path, last = pointer.split("/")[1:]
        place: Any = document
        for step in path:
            place = place[int(step)] if step.isdecimal() else place[step]
        place[last] = value
    offer = msgspec.convert(document, AnyOffer)
    assert isinstance(offer, InviteOffer)
    return offer


class Case(NamedTuple):
    """What violates a check alone, the pointer that it names, and what passes."""

    check: str
    pointer: str
    wrong: dict[str, Any]
    right: dict[str, Any]


def told(check: str, wrong: str, right: str, pointer: str = "/description") -> Case:
    return Case(check, pointer, {pointer: wrong}, {pointer: right})


NOTHING: dict[str, Any] = {"/stages": [], "/thresholds": [], "/commission": None, "/welcome": None}
AFTER = {"gift": GIFT, "budget": {"fen": 500}}

CASES = [
    told("NO_JOIN_FEE", "缴纳 99 元入会费", "无需缴纳任何费用"),
    told("NO_JOIN_FEE", "购买礼包即可成为推广员", "人人都可以成为推广员"),
    told("NO_JOIN_FEE", "下单后才能邀请好友", "不下单也能邀请好友"),
    told("NO_JOIN_FEE", "先付款 199 元，即可获得邀请资格", "好友付款后，您可获得奖励"),
    told("NO_JOIN_FEE", "邀请好友前须先消费满 100 元", "邀请好友前请先了解规则"),
    told("NO_JOIN_FEE", "成为合伙人需先充值", "成为合伙人无需充值"),
    told("NO_JOIN_FEE", "There is a joining fee of 99", "There is no joining fee"),
    told("NO_JOIN_FEE", "Pay 99 to become a promoter", "Nobody needs to be a promoter"),
    told("NO_JOIN_FEE", "Buy a box and invite friends", "Friends whom you invited may buy a box"),
    told("NO_JOIN_FEE", "To invite you must first order", "To invite you do not have to order"),
    Case("BUDGET_SET", "/after_order", {"/after_order": AFTER}, {}),
    told("REWARD_DEPTH", "享受二级返佣", "好友下单，您得佣金"),
    Case("INVITE_FITS", "/stages", NOTHING, {**NOTHING, "/welcome": {"gift": GIFT}}),
    Case(
        "INVITE_FITS",
        "/stages",
        {"/stages": [{"on": "accepted", "gift": GIFT}, {"on": "accepted", "gift": POINTS}]},
        {"/stages": [{"on": "accepted", "gift": GIFT}, {"on": "first_help", "gift": POINTS}]},
    ),
    Case("INVITE_FITS", "/orders_count", {"/orders_count": ["alone", "alone"]}, {"/orders_count": ["alone", "group"]}),
    Case(
        "INVITE_FITS",
        "/thresholds",
        {"/thresholds/0/friends": 3, "/thresholds/1/friends": 3},
        {"/thresholds/0/friends": 3, "/thresholds/1/friends": 4},
    ),
    Case("INVITE_FITS", "/count_after_days", {"/promise_days": 3, "/count_after_days": 4}, {"/promise_days": 4}),
    Case("INVITE_FITS", "/commission/second_bp", {"/commission/second_bp": 0}, {"/commission/second_bp": 500}),
    Case("INVITE_FITS", "/commission/second_bp", {"/commission/second_bp": 501}, {"/commission/second_bp": 500}),
    Case(
        "INVITE_FITS",
        "/commission/second_bp",
        {"/commission/levels": 1},
        {"/commission/levels": 1, "/commission/second_bp": 0},
    ),
    Case(
        "WALLET_KIND",
        "/commission/most",
        {"/commission/most": 500_001, "/budget/fen": 600_000},
        {"/commission/most": 500_000, "/budget/fen": 600_000},
    ),
    Case("BUDGET_SET", "/budget/fen", {"/budget/fen": 999}, {"/budget/fen": 1000}),
    Case("BUDGET_SET", "/budget/points", {"/budget/points": 499}, {"/budget/points": 500}),
    Case("BUDGET_SET", "/budget/points", {"/budget": {"fen": 1000}}, {"/budget": {"fen": 1000, "points": 500}}),
    Case(
        "NEW_USER_BASE",
        "/rule_sheet/eligibility",
        {"/rule_sheet/eligibility": "所有用户均可参加"},
        {"/rule_sheet/eligibility": "从未下单的用户"},
    ),
    told("NAMES_SAID", " ", "茶", "/title"),
    told("RULE_SHEET_COMPLETE", "——", "400", "/rule_sheet/host_contact"),
    told("SHARE_DEEP_ACTION", "转发领券", "转发无奖励"),
    told("SHARE_NO_FORCED", "先转发朋友圈再下单", "先下单再转发也可以"),
]
NAMED = [f"{case.check}-{n}" for n, case in enumerate(CASES)]


def test_the_plain_campaign_passes() -> None:
    assert findings(offered({}), START) == []


@pytest.mark.parametrize("case", CASES, ids=NAMED)
def test_a_campaign_that_violates_one_check_is_refused_by_it_alone(case: Case) -> None:
    found = findings(offered(case.wrong), START)
    assert {(one.check, one.pointer) for one in found} == {(case.check, case.pointer)}
    assert all(one.zh and one.en and one.zh != one.en for one in found)


@pytest.mark.parametrize("case", CASES, ids=NAMED)
def test_the_nearest_lawful_campaign_passes(case: Case) -> None:
    assert findings(offered(case.right), START) == []


def test_its_own_checks_look_at_it() -> None:
    assert {"NO_JOIN_FEE", "INVITE_FITS", "REWARD_DEPTH", "NEW_USER_BASE"} <= set(checks(offered({})))


@pytest.mark.parametrize("levels", [0, 3, "all"])
def test_more_than_two_levels_cannot_be_written(levels: Any) -> None:
    with pytest.raises(msgspec.ValidationError):
        offered({"/commission/levels": levels})


def test_more_than_two_levels_do_not_pass_the_gate_either() -> None:
    offer = offered({})
    assert (offer.levels, MOST_LEVELS) == (2, 2)
    assert offer.commission is not None
    deeper = msgspec.structs.replace(offer, commission=msgspec.structs.replace(offer.commission, levels=3))
    found = {(one.check, one.pointer) for one in copy_lint.reward_depth(deeper, START)}
    assert found == {("REWARD_DEPTH", "/commission/levels")}


def test_commission_is_paid_as_balance_or_points_only(town: Town) -> None:
    coupon = {"as": "coupon", "title": "券"}
    offer = plain(START, commission={"percent_bp": 100, "most": 10, "form": coupon})
    answer = town.admin.call("POST", "/v1/admin/campaigns", {"offer": offer})
    assert answer.status == 422
    assert answer.body["errors"][0]["pointer"].startswith("/offer/commission/form")


def test_what_it_gives_is_each_once() -> None:
    offer = offered({})
    assert [gift.amount for gift in offer.gifts] == [200, 300, 500, 300, 700, 900, 1000]
    assert (offer.most_at_once(Currency.FEN), offer.most_at_once(Currency.POINTS)) == (1000, 500)
    assert [(one.name, one.total, one.at_once) for one in offer.escrows] == [
        ("~fen", 100_000, 1000),
        ("~points", 100_000, 500),
    ]
    assert offer.friends_gain
    assert not offered({"/welcome": None}).friends_gain
    assert offer.only_new == offer.new_user
