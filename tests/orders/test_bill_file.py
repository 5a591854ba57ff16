"""A bill's file is believed only as it was announced, whole, and as far as it adds up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.core import clock
from chalicelib.core.errors import Unknown
from chalicelib.core.ids import MerchantId
from chalicelib.orders import comparing
from chalicelib.wechat import bill, billfile
from chalicelib.wechat.http import Response
from infra.local.wechat_sim.bill import yuan
from tests.orders.mornings import compared, morning, stuck, today
from tests.town import Town


@given(st.integers(0, 10**12))
def test_a_yuan_is_a_hundred_fen(fen: int) -> None:
    assert billfile.fen(yuan(fen)) == fen


@pytest.mark.parametrize("wrong", ["1.005", "", "x", "1,00", "NaN", "Infinity"])
def test_what_is_no_amount_is_none(wrong: str) -> None:
    with pytest.raises((ValueError, ArithmeticError)):
        billfile.fen(wrong)


DAMAGE = [
    ("`69.00,`0.00,`\r\n", "`69.01,`0.00,`\r\n"),
    ("`69.00,`0.00,`\r\n", "`69.005,`0.00,`\r\n"),
    (",订单金额,", ",金额,"),
    (",`", ","),
    (",`\r\n", ",`,`\r\n"),
    ("`1,", "`2,"),
    ("SUCCESS", "REFUND"),
]


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_bill_that_does_not_add_up_is_not_believed(town: Town, damage: tuple[str, str]) -> None:
    town.opened(town.campaign())
    merchant = next(m for m in town.sim.world.merchants.values() if m.mchid == town.merchant.mchid)
    from infra.local.wechat_sim import bill as books

    whole = books.file(town.sim.world, merchant, today())
    assert whole is not None
    before, after = (part.encode() for part in damage)
    assert bill.read(whole).paid == 6900
    assert before in whole
    with pytest.raises((ValueError, KeyError, ArithmeticError)):
        bill.read(whole.replace(before, after, 1))


def test_a_bill_that_cannot_be_read_decides_nothing(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    town.opened(town.campaign())
    monkeypatch.setattr(bill, "read", lambda content: (_ for _ in ()).throw(ValueError("none")))
    clock.advance(86_400)
    with pytest.raises(Unknown):
        comparing.compare(MerchantId(town.merchant.mid), today() - timedelta(days=1))


def test_a_file_that_is_not_the_one_that_was_announced_is_not_believed(town: Town, traded: dict[str, Any]) -> None:
    number = f"{traded['order_id']}-1"

    def altered(asked: str, send: Callable[[], Response]) -> Response:
        answer = send()
        return (
            replace(answer, body=answer.body.replace(number.encode(), b"OLDSHOP-17")) if "download" in asked else answer
        )

    town.transport.gate = altered
    morning(town)
    assert compared(town) == []
    assert stuck(town) == []
    town.transport.gate = None
    town.pass_time(1800)
    assert [day["differences"] for day in compared(town)] == [0]
