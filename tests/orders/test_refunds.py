"""Money owed back arrives once: under one number, through every answer WeChat can give, and kept until it does."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.core import clock
from chalicelib.core.ids import MerchantId
from chalicelib.core.money import Fen
from chalicelib.orders import refund
from chalicelib.orders.items import Payment
from chalicelib.orders.numbers import refund_number
from chalicelib.orders.states import Disposition
from chalicelib.orders.stuck import StuckMoney
from chalicelib.wechat.http import use_transport
from chalicelib.wechat.refunds import Refund, RefundStatus
from infra.local.client import Person
from tests import invariants
from tests.town import Town


@pytest.fixture
def owed(town: Town) -> tuple[Person, dict[str, Any]]:
    """A leader alone in a group that has just failed, and his seat; the refund is owed and not yet asked for."""
    leader, opened = town.opened(town.campaign(group_seconds=3600))
    clock.advance(3600)
    town.minute()
    assert disposition(town) is Disposition.OWED
    return leader, opened


def disposition(town: Town) -> Disposition:
    (payment,) = [item for item in town.items() if isinstance(item, Payment)]
    return payment.disposition


def stuck(town: Town) -> list[str]:
    return [item.reason for item in town.items() if isinstance(item, StuckMoney)]


def break_refund(town: Town, kind: str, count: int = 1, **more: Any) -> None:
    town.act("/_sim/faults", endpoint="refund", kind=kind, count=count, **more)


def test_the_stream_asks_at_once_and_a_notification_settles_it(town: Town, owed: tuple[Person, dict[str, Any]]) -> None:
    _, opened = owed
    town.stream()
    assert len(town.refunds(opened["order_id"])) == 1
    clock.advance(30)
    town.hear()
    assert disposition(town) is Disposition.REFUNDED
    town.pass_time(600)
    invariants.at_rest(town.items())


def test_a_lost_notification_is_found_by_asking(town: Town, owed: tuple[Person, dict[str, Any]]) -> None:
    town.act("/_sim/faults", endpoint="notify", kind="lost", count=1_000)
    town.stream()
    town.pass_time(600)
    assert disposition(town) is Disposition.REFUNDED
    invariants.at_rest(town.items())


@pytest.mark.parametrize("kind", ["lost", "5xx", "quota", "bad_signature", "slow"])
def test_an_answer_that_decides_nothing_is_asked_again_under_the_same_number(
    town: Town, owed: tuple[Person, dict[str, Any]], kind: str
) -> None:
    _, opened = owed
    break_refund(town, kind, count=3)
    town.stream()
    town.pass_time(3600)
    assert [sent["status"] for sent in town.refunds(opened["order_id"])] == ["SUCCESS"]
    assert stuck(town) == []
    invariants.at_rest(town.items())


@pytest.mark.parametrize(
    ("kind", "reason"),
    [("not_enough", "refund_refused_not_enough"), ("abnormal", "refund_abnormal"), ("closed", "refund_closed")],
)
def test_what_only_a_person_can_mend_is_alarmed_and_stays_owed_until_it_is_mended(
    town: Town, owed: tuple[Person, dict[str, Any]], kind: str, reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    break_refund(town, kind, count=3)
    town.stream()
    town.pass_time(600)
    assert disposition(town) is Disposition.OWED
    assert stuck(town) == [reason]
    assert '"StuckMoney":1' in capsys.readouterr().out
    if kind == "not_enough":
        town.pass_time(7200)
        assert disposition(town) is Disposition.REFUNDED
        assert stuck(town) == []


def test_a_refund_that_takes_days_is_asked_for_now_and_then_and_alarms_nobody(
    town: Town, owed: tuple[Person, dict[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    _, opened = owed
    asked = []
    ask = town.transport.send
    break_refund(town, "processing", seconds=2 * 86_400)
    town.act("/_sim/faults", endpoint="notify", kind="lost", count=1_000)

    def counted(method: str, url: str, *more: Any) -> Any:
        asked.append(url)
        return ask(method, url, *more)

    with use_transport(type("Counted", (), {"send": staticmethod(counted)})()):
        town.stream()
        town.pass_time(3 * 86_400, tick=300)
    assert disposition(town) is Disposition.REFUNDED
    assert [sent["status"] for sent in town.refunds(opened["order_id"])] == ["SUCCESS"]
    assert len([url for url in asked if "refund" in url]) < 80
    assert "OutboxAge" not in capsys.readouterr().out


def test_an_empty_account_that_is_filled_pays_by_itself(town: Town, owed: tuple[Person, dict[str, Any]]) -> None:
    break_refund(town, "not_enough", count=5)
    town.stream()
    town.pass_time(7200)
    assert disposition(town) is Disposition.REFUNDED
    invariants.at_rest(town.items())


def test_a_refund_told_before_we_know_it_was_accepted_ends_the_debt(
    town: Town, owed: tuple[Person, dict[str, Any]]
) -> None:
    _, opened = owed
    break_refund(town, "lost", count=1)
    town.stream()
    clock.advance(10)
    town.hear()
    assert disposition(town) is Disposition.REFUNDED
    town.pass_time(600)
    assert len(town.refunds(opened["order_id"])) == 1
    invariants.at_rest(town.items())


def test_a_refund_of_what_is_not_owed_changes_nothing_and_is_stuck_money(town: Town) -> None:
    _, opened = town.opened(town.campaign())
    told = Refund(
        refund_id="50300000001",
        out_refund_no=refund_number(opened["order_id"], 1),
        out_trade_no=f"{opened['order_id']}-1",
        transaction_id="4200000001",
        status=RefundStatus.SUCCESS,
        status_name="SUCCESS",
        refund=Fen(opened["total_fen"]),
        total=Fen(opened["total_fen"]),
        success_time=clock.now(),
    )
    refund.told(MerchantId(town.merchant.mid), told)
    assert disposition(town) is Disposition.LIVE
    assert stuck(town) == ["refund_of_no_debt"]
