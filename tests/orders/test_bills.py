"""Every morning the books are compared with WeChat's bill: nothing differs as a rule, and whatever does is found."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.core import clock
from chalicelib.core.ids import MerchantId
from chalicelib.core.money import Fen
from chalicelib.merchants.items import Merchant, merchant_key
from chalicelib.merchants.service import bill_due_at
from chalicelib.orders import comparing
from chalicelib.orders.items import Payment, Refund, refund_key
from chalicelib.orders.numbers import refund_number
from chalicelib.orders.states import Cause, Disposition
from chalicelib.orders.stuck import Reason
from chalicelib.wechat import bill
from infra.local.wechat_sim.world import Order
from tests import invariants
from tests.orders.mornings import at_wechat, compared, morning, refund, stuck, today
from tests.orders.test_late_payment import released
from tests.town import Town


def test_a_days_books_agree_with_wechats(town: Town, traded: dict[str, Any]) -> None:
    day = today()
    morning(town)
    (told,) = compared(town)
    assert told["day"] == day.isoformat()
    assert (told["payments"], told["refunds"], told["differences"]) == (4, 1, 0)
    assert (told["paid_fen"], told["refunded_fen"]) == (3 * 6900 + 8900, 6900)
    assert stuck(town) == []


def test_a_day_without_trade_is_compared_too(town: Town) -> None:
    morning(town)
    assert [(day["payments"], day["differences"]) for day in compared(town)] == [(0, 0)]


def test_days_that_were_missed_are_made_up_for_one_by_one(town: Town, traded: dict[str, Any]) -> None:
    first = today()
    morning(town, days=4)
    assert [day["day"] for day in compared(town)] == [(first + timedelta(days=n)).isoformat() for n in (3, 2, 1, 0)]


@pytest.mark.parametrize("kind", ["busy", "5xx", "lost", "bad_signature", "unreachable"])
def test_a_bill_that_cannot_be_had_is_asked_for_again(town: Town, traded: dict[str, Any], kind: str) -> None:
    town.act("/_sim/faults", endpoint="bill", kind=kind, count=2)
    morning(town)
    assert compared(town) == []
    town.pass_time(1800)
    assert [day["differences"] for day in compared(town)] == [0]


@pytest.mark.parametrize("kind", ["garbled", "5xx", "lost", "slow"])
def test_a_file_that_did_not_arrive_whole_is_fetched_again(town: Town, traded: dict[str, Any], kind: str) -> None:
    town.act("/_sim/faults", endpoint="bill_file", kind=kind, count=2, seconds=60)
    morning(town)
    assert compared(town) == []
    town.pass_time(1800)
    assert [day["differences"] for day in compared(town)] == [0]


def test_a_payment_whose_notifications_were_all_lost_is_found_and_seated(town: Town) -> None:
    _, opened = town.opened(town.campaign(size=2, group_seconds=7 * 86_400, shipping={"within_hours": 180}))
    late, order_id = released(town, opened["group_id"])
    trade = at_wechat(town, f"{order_id}-1")
    trade.closed, trade.paid_at, trade.transaction_id = False, clock.now(), f"4200{order_id}"
    morning(town)
    late.come_back()
    assert late.group(opened["group_id"])["status"] == "succeeded"
    assert [day["differences"] for day in compared(town)] == [0]
    assert stuck(town) == []
    invariants.check(town.items())


def loses_a_line(town: Town, number: str) -> None:
    at_wechat(town, number).mchid = "1900000099"


def books_less(town: Town, number: str) -> None:
    at_wechat(town, number).body["amount"]["total"] -= 1


def books_another_transaction(town: Town, number: str) -> None:
    at_wechat(town, number).transaction_id = "4200000000000000000000000000"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (loses_a_line, "bill_lacks_payment"),
        (books_less, "bill_payment_differs"),
        (books_another_transaction, "bill_payment_differs"),
    ],
)
def test_a_payment_that_differs_is_found(
    town: Town, traded: dict[str, Any], change: Callable[[Town, str], None], reason: str,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    number = f"{traded['order_id']}-1"
    change(town, number)
    capsys.readouterr()
    morning(town)
    assert '"StuckMoney":1' in capsys.readouterr().out
    assert stuck(town) == [(reason, number)]
    assert [day["differences"] for day in compared(town)] == [1]


def test_a_payment_of_nobodys_is_found(town: Town, traded: dict[str, Any]) -> None:
    sold = at_wechat(town, f"{traded['order_id']}-1")
    town.sim.world.orders[sold.mchid, "OLDSHOP-17"] = Order(
        **{**vars(sold), "out_trade_no": "OLDSHOP-17", "transaction_id": "4200000017", "refunds": []}
    )
    morning(town)
    assert stuck(town) == [("bill_payment_unknown", "OLDSHOP-17")]


def test_a_payment_found_that_differs_from_its_order_is_told_once(town: Town) -> None:
    _, opened = town.opened(town.campaign(size=2))
    _, order_id = released(town, opened["group_id"])
    trade = at_wechat(town, f"{order_id}-1")
    trade.closed, trade.paid_at, trade.transaction_id = False, clock.now(), f"4200{order_id}"
    trade.body["amount"]["total"] -= 1
    morning(town)
    assert stuck(town) == [("payment_differs", f"{order_id}-1")]
    assert [day["differences"] for day in compared(town)] == [1]


def test_a_refund_of_another_amount_is_found(town: Town, traded: dict[str, Any]) -> None:
    refund(town).body["amount"]["refund"] -= 100
    morning(town)
    assert [reason for reason, _ in stuck(town)] == ["bill_refund_differs"]


def test_a_refund_that_we_did_not_ask_for_is_found(town: Town, traded: dict[str, Any]) -> None:
    ours, refund(town).out_refund_no = refund(town).out_refund_no, "byhand1"
    live = refund_number(traded["order_id"], 1)
    morning(town)
    assert set(stuck(town)) == {("bill_refund_unknown", "byhand1"), ("bill_lacks_refund", ours)}
    refund(town).out_refund_no = live
    comparing.compare(MerchantId(town.merchant.mid), today() - timedelta(days=1))
    assert {("bill_refund_unknown", "byhand1"), ("bill_refund_unknown", live)} <= set(stuck(town))


def test_a_refund_that_took_days_is_in_the_bill_of_the_day_it_was_taken(town: Town) -> None:
    """WeChat books a refund when it takes it; the bill of the day on which it arrives need not have it."""
    town.opened(town.campaign(group_seconds=3600))
    town.act("/_sim/faults", endpoint="refund", kind="processing", seconds=86_400)
    clock.advance(3600)
    town.minute()
    town.stream()
    morning(town)
    assert [day["refunds"] for day in compared(town)] == [1]
    clock.advance(43_200)
    town.hear()
    (row,) = [item for item in town.items() if isinstance(item, Refund)]
    assert (row.state, row.billed) == ("refunded", "2026-11-11")
    morning(town)
    assert [day["differences"] for day in compared(town)] == [0, 0]


@pytest.mark.parametrize("ours", [Disposition.OWED, Disposition.REFUNDED])
@pytest.mark.parametrize("status", ["SUCCESS", "PROCESSING", "CHANGE", "FAIL", ""])
def test_a_bill_may_be_older_than_what_we_know_of_a_refund(town: Town, ours: Disposition, status: str) -> None:
    key = refund_key(MerchantId(town.merchant.mid), "1", 1, 0)
    row = Refund(*key, uid="1", amount_fen=6900, state=ours, why=Cause.PLAY_FAILED, owed_at=clock.now())
    line = bill.Line("1-1", "4200", Fen(0), "REFUND", "1-wechat-1-0", Fen(6900), status)
    contradicts = ours is Disposition.REFUNDED and status not in ("SUCCESS", "PROCESSING")
    assert comparing._refund_differs(line, row) == ([Reason.BILL_REFUND_STATUS] if contradicts else [])


def test_a_day_compared_again_tells_the_same(town: Town, traded: dict[str, Any]) -> None:
    morning(town)
    before = [item.serialize() for item in town.items() if isinstance(item, Payment)]
    assert comparing.compare(MerchantId(town.merchant.mid), today() - timedelta(days=1)) == 0
    assert [item.serialize() for item in town.items() if isinstance(item, Payment)] == before
    assert len(compared(town)) == 1


def test_who_comes_too_early_comes_again(town: Town) -> None:
    town.opened(town.campaign())
    mid = MerchantId(town.merchant.mid)
    town.emulator.make_due(merchant_key(mid), clock.now())
    town.minute()
    (merchant,) = [item for item in town.items() if isinstance(item, Merchant)]
    assert merchant.due == bill_due_at(today())
    assert not merchant.fails
    assert compared(town) == []


def test_what_is_no_longer_kept_is_passed_over(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    clock.advance(95 * 86_400)
    town.minute()
    assert '"bill_too_old"' in capsys.readouterr().out
    (merchant,) = [item for item in town.items() if isinstance(item, Merchant)]
    assert merchant.bill_day == "2026-11-12"


def test_more_lines_than_one_round_reads_are_compared(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparing, "AT_ONCE", 2)
    monkeypatch.setattr(comparing, "PAGE", 1)
    campaign = town.campaign(size=2)
    for _ in range(12):
        town.opened(campaign)
    morning(town)
    assert [(day["payments"], day["differences"]) for day in compared(town)] == [(12, 0)]
    for sold in town.sim.world.orders.values():
        sold.mchid = "1900000099"
    assert comparing.compare(MerchantId(town.merchant.mid), today() - timedelta(days=1)) == 12
