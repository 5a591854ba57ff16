"""The arithmetic of rewarded invitations, and which orders count."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.campaigns.gifts import AsBalance, AsCash
from chalicelib.campaigns.kinds import AnyOffer
from chalicelib.campaigns.kinds.invite import Commission, InviteOffer
from chalicelib.campaigns.offer import Fulfilment
from chalicelib.invite import rules
from chalicelib.orders.items import Line, Order, Part, Terms
from chalicelib.orders.states import OrderState
from tests.conftest import START
from tests.inviting.shop import plain

DAY = timedelta(days=1)


def order(goods: int = 1000, freight: int = 0, parts: int = 0, **more: Any) -> Order:
    """A confirmed order bought alone."""
    said = {
        "play": "groupbuy",
        "role": "solo",
        "state": OrderState.CONFIRMED,
        "confirmed_at": START,
        "total_fen": goods + freight,
        "freight_fen": freight or None,
        "lines": [Line("box", "box", 1, goods)],
        "parts": [Part("coupon", "c", parts)] if parts else None,
        "fulfilment": Fulfilment.EXPRESS,
        "terms": Terms(48, 7, 7, presale=False),
        **more,
    }
    return Order("m|O#o", "META", **said)


def offer(**changes: Any) -> InviteOffer:
    found = msgspec.convert(plain(START, **changes), AnyOffer)
    assert isinstance(found, InviteOffer)
    return found


@pytest.mark.parametrize(
    ("play", "role", "kind"),
    [
        ("groupbuy", "solo", "alone"),
        ("groupbuy", "leader", "group"),
        ("groupbuy", "member", "group"),
        ("bargain", "owner", "bargain"),
    ],
)
def test_how_an_order_was_bought(play: str, role: str, kind: str) -> None:
    bought = order(play=play, role=role)
    assert rules.kind_of(bought) == kind
    assert rules.counts(offer(), bought, START) == (kind == "alone")
    assert rules.counts(offer(orders_count=[kind]), bought, START)


def test_what_a_code_was_redeemed_for_counts_nowhere() -> None:
    redeemed = order(play="voucher", role="holder")
    assert not rules.counts(offer(orders_count=["alone", "group", "bargain"]), redeemed, START)


def test_only_what_was_confirmed_in_time_and_paid_by_money_counts() -> None:
    assert rules.counts(offer(), order(), START)
    assert not rules.counts(offer(), order(), START - timedelta(milliseconds=1))
    assert not rules.counts(offer(), order(confirmed_at=None), START)
    assert not rules.counts(offer(), order(parts=1000), START)
    assert not rules.counts(offer(), order(freight=100, parts=1000), START)
    assert rules.counts(offer(), order(freight=100, parts=999), START)


@given(
    goods=st.integers(1, 10_000_000),
    freight=st.integers(0, 10_000),
    money=st.integers(0, 10_010_000),
    first=st.integers(1, 5000),
    second=st.integers(0, 5000),
    most=st.integers(1, 10_000_000),
)
def test_commission_never_exceeds_its_rate_its_cap_or_the_money(
    goods: int, freight: int, money: int, first: int, second: int, most: int
) -> None:
    rate = Commission(percent_bp=first, most=most, levels=2, second_bp=min(first, second))
    paid = rules.paid_goods(order(goods, freight), min(money, goods + freight))
    assert 0 <= paid <= goods
    one, two = (rules.commission(rate, level, paid) for level in (1, 2))
    assert 0 <= two <= one <= most
    assert one * 10_000 <= paid * first
    assert one == most or (one + 1) * 10_000 > paid * first


@pytest.mark.parametrize(("goods", "gets"), [(999, 0), (1000, 10), (1099, 10), (1100, 11)])
def test_commission_as_cash_is_what_wechat_transfers_or_nothing(goods: int, gets: int) -> None:
    rate = Commission(percent_bp=100, most=1000, form=AsCash())
    assert rules.commission(rate, 1, goods) == gets
    assert rules.commission(msgspec.structs.replace(rate, form=AsBalance()), 1, goods) == goods // 100


@given(money=st.integers(0, 1100), less=st.integers(0, 1100))
def test_less_money_never_brings_more(money: int, less: int) -> None:
    rate = Commission(percent_bp=777, most=60)
    small, large = (rules.paid_goods(order(freight=100), fen) for fen in sorted((money, less)))
    assert rules.commission(rate, 1, small) <= rules.commission(rate, 1, large)


def test_an_order_is_looked_at_until_it_stays() -> None:
    done = order(done_at=START)
    end = START + 7 * DAY
    assert rules.looked_at_again(order(), START) == START + DAY
    assert rules.looked_at_again(done, START) == end + rules.JUST
    assert rules.looked_at_again(done, end) == end + rules.JUST
    assert rules.looked_at_again(done, end + rules.JUST) is None
    assert rules.looked_at_again(order(done_at=START, case=1), end + DAY) == end + 2 * DAY
