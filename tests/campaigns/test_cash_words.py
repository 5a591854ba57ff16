"""What a campaign may say of money: that it is paid out where it is really given, and never of balance or points."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.campaigns.gate import findings
from tests.campaigns.cases import RESULT, SHOP, offered
from tests.campaigns.rewards import CASH, LIMITED, after_order, gift
from tests.campaigns.sentences import MONEYED
from tests.conftest import START

OF_CASH: dict[str, Any] = {"/after_order": after_order(gift=gift(form=CASH), budget={"cash": 10_000}), RESULT: LIMITED}
OF_COUPONS: dict[str, Any] = {"/after_order": after_order(), RESULT: LIMITED}

HONEST = """
红包可提现到微信零钱
完成订单得 5 元现金红包，可随时提现到零钱
现金可直接提现，秒到账
奖励可兑换现金
红包可直接变现
余额不可提现，现金红包可提现
送余额，另有红包可提现
Your cash can be withdrawn to your WeChat wallet
You can withdraw it at once
Balance pays for orders, and the red packet can be withdrawn
"""
PLAIN = """
下单得现金红包
收货后领取 5 元现金
A red packet of 5 yuan after your order
余额不可提现，可在本店下单抵扣
积分不可兑换现金
Points are not redeemable for cash
Points are never withdrawn as cash
"""
NEVER = """
余额可提现
余额可以随时提现
将余额直接提现
积分可兑换现金
积分可以换现金
积分换零钱
满 10 元可提现
余额可转让给好友
充 100 送 20
积分变现
10 元购买 1000 积分
余额在其他商家通用
Withdraw your balance
Balance can be withdrawn at any time
Points are redeemable for cash
Transfer your balance
Top up 100 and get 120
"""
FREE = ("秒提现", "红包可提现到微信零钱", "红包可直接变现")
"""Of what is promised as money elsewhere, what a campaign that gives money may say."""


def refused(text: str, giving: dict[str, Any]) -> set[tuple[str, str]]:
    found = findings(offered("groupbuy", {**giving, "/description": text}), START, SHOP)
    return {(one.check, one.pointer) for one in found}


WALLET = {("WALLET_KIND", "/description")}


@pytest.mark.parametrize("line", HONEST.strip().splitlines())
def test_that_money_is_paid_out_is_said_only_where_money_is_given(line: str) -> None:
    assert refused(line, OF_CASH) == set()
    assert refused(line, OF_COUPONS) == WALLET


@pytest.mark.parametrize("line", PLAIN.strip().splitlines())
def test_what_promises_nothing_may_be_said_anywhere(line: str) -> None:
    assert refused(line, OF_CASH) == refused(line, OF_COUPONS) == set()


@pytest.mark.parametrize("line", NEVER.strip().splitlines())
def test_balance_and_points_are_no_money_where_money_is_given_either(line: str) -> None:
    assert refused(line, OF_CASH) == WALLET


@pytest.mark.parametrize("line", [line for line in MONEYED.strip().splitlines() if line not in FREE])
def test_what_else_makes_money_of_what_a_shop_keeps_is_refused_there_too(line: str) -> None:
    assert refused(line, OF_CASH) == WALLET
