"""Money that is slow to move is told of once, says what to do, and is gone from the list when it has moved."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chalicelib.core import clock
from chalicelib.core.ids import MerchantId
from chalicelib.orders import meanings
from chalicelib.orders import stuck as stuck_money
from chalicelib.orders.numbers import refund_number
from chalicelib.orders.stuck import CODED, Reason, StuckMoney, stuck_key
from tests import invariants
from tests.fulfilment.shop import PARCEL, bought
from tests.groupbuy.scenes import pays_after_all
from tests.orders.mornings import morning
from tests.orders.test_desk import act, stuck
from tests.orders.test_refunds import break_refund
from tests.town import Town

DAY = 86_400


def silent(town: Town, *endpoints: str) -> None:
    for endpoint in endpoints:
        town.act("/_sim/faults", endpoint=endpoint, kind="unreachable", count=100_000)


def heard_again(town: Town) -> None:
    town.control("DELETE", "/_sim/faults", {}, None).expect(200)


def failed(town: Town) -> str:
    """A leader whose group failed; the number under which his money goes back."""
    _, opened = town.opened(town.campaign(group_seconds=3600))
    clock.advance(3600)
    town.minute()
    return refund_number(opened["order_id"], 1)


def reported(out: str) -> dict[str, float]:
    """The last report of what is stuck."""
    lines = [json.loads(line) for line in out.splitlines() if line.startswith("{")]
    found: dict[str, float] = {}
    for line in lines:
        found |= {name: line[name] for name in ("StuckAmount", "StuckAge") if name in line}
    return found


@pytest.mark.parametrize("kind", ["processing", "unreachable", "quota"])
def test_a_refund_that_is_not_back_after_three_days_is_told_of_until_it_is(town: Town, kind: str) -> None:
    number = failed(town)
    town.act("/_sim/faults", endpoint="notify", kind="lost", count=1_000)
    count = 1 if kind == "processing" else 100_000
    break_refund(town, kind, count=count, **({"seconds": 5 * DAY} if kind == "processing" else {}))
    town.stream()
    town.pass_time(3 * DAY - 7200, tick=1800)
    assert stuck(town) == []
    town.pass_time(4 * 3600, tick=1800)
    (row,) = stuck(town)
    assert (row["reason"], row["number"], row["retryable"]) == ("refund_slow", number, True)
    assert row["facts"] == {"refund_fen": 6900}
    assert act(town, row, "resolve", {"note": "surely back"}).body["code"] == "stuck_still_owed"
    town.pass_time(4 * 3600, tick=1800)
    assert stuck(town) == [row]
    if kind == "processing":
        town.pass_time(2 * DAY, tick=1800)
    else:
        heard_again(town)
        assert act(town, row, "retry").status == 204
        town.minute()
        town.pass_time(3600)
    assert stuck(town) == []
    invariants.at_rest(town.items())


def test_a_slow_refund_that_fails_says_why_and_since_when(town: Town) -> None:
    number = failed(town)
    break_refund(town, "unreachable", count=100_000)
    town.pass_time(3 * DAY + 7200, tick=1800)
    (slow,) = stuck(town)
    assert slow["reason"] == "refund_slow"
    heard_again(town)
    break_refund(town, "abnormal", count=1)
    town.pass_time(2 * 3600, tick=600)
    (row,) = stuck(town)
    assert (row["reason"], row["number"], row["since"]) == ("refund_abnormal", number, slow["since"])
    assert (row["stuck_id"], row["retryable"]) == (slow["stuck_id"], True)


def test_what_is_refused_stays_refused_where_wechat_falls_silent(town: Town) -> None:
    failed(town)
    break_refund(town, "not_enough", count=1)
    town.stream()
    break_refund(town, "unreachable", count=100_000)
    town.pass_time(3 * DAY + 7200, tick=1800)
    assert [row["reason"] for row in stuck(town)] == ["refund_refused_not_enough"]


def closing(town: Town) -> dict[str, Any]:
    """A seat whose window ends while WeChat says nothing."""
    _, opened = town.opened(town.campaign(size=3, group_seconds=DAY))
    seat: dict[str, Any] = town.person().join(opened["group_id"]).expect(201)
    silent(town, "query", "close")
    return seat


def test_an_order_that_cannot_be_closed_for_two_hours_is_told_of_until_it_is(town: Town) -> None:
    seat = closing(town)
    town.pass_time(900 + 2 * 3600 - 60)
    assert stuck(town) == []
    town.pass_time(600)
    (row,) = stuck(town)
    assert (row["reason"], row["number"], row["retryable"]) == ("closing_slow", f"{seat['order_id']}-1", True)
    assert (row["order_id"], row["facts"]["total_fen"]) == (seat["order_id"], seat["total_fen"])
    town.pass_time(900)
    assert stuck(town) == [row]
    assert act(town, row, "resolve", {"note": "never paid"}).body["code"] == "stuck_still_owed"
    heard_again(town)
    assert act(town, row, "retry").status == 204
    town.minute()
    assert stuck(town) == []
    assert town.admin.get(f"/v1/admin/orders/{seat['order_id']}")["state"] == "released"


@pytest.mark.parametrize("alone", [False, True])
def test_a_payment_that_comes_for_a_slow_order_ends_it_too(town: Town, alone: bool) -> None:
    if alone:
        buyer = town.person()
        seat = buyer.buy(town.campaign()).expect(201)
        silent(town, "query", "close")
    else:
        seat = closing(town)
    town.pass_time(4 * 3600, tick=300)
    assert [row["reason"] for row in stuck(town)] == ["closing_slow"]
    pays_after_all(town, seat)()
    assert town.admin.get(f"/v1/admin/orders/{seat['order_id']}")["state"] in ("paid", "confirmed")
    assert stuck(town) == []


def test_a_late_word_of_an_order_that_was_closed_can_be_resolved(town: Town) -> None:
    seat = closing(town)
    town.pass_time(4 * 3600, tick=300)
    mid, number = MerchantId(town.merchant.mid), f"{seat['order_id']}-1"
    late = next(item for item in town.items() if isinstance(item, StuckMoney))
    assert late.key == stuck_key(mid, "closing_slow", number)
    heard_again(town)
    town.pass_time(600)
    assert stuck(town) == []
    town.emulator.restore(late)
    (row,) = stuck(town)
    assert act(town, row, "retry").body["code"] == "stuck_not_retryable"
    assert act(town, row, "resolve", {"note": "it was closed before"}).status == 204


def test_goods_that_wechat_could_not_be_told_of_for_a_day(town: Town) -> None:
    order = bought(town)
    silent(town, "upload")
    order.send(PARCEL).expect(200)
    town.stream()
    town.pass_time(DAY - 600, tick=300)
    assert stuck(town) == []
    town.pass_time(1200, tick=300)
    (row,) = stuck(town)
    assert (row["reason"], row["number"], row["retryable"]) == ("upload_slow", f"{order.order_id}-1", True)
    assert row["facts"] == {"revision": 1, "total_fen": order.record["total_fen"]}
    heard_again(town)
    assert act(town, row, "retry").status == 204
    town.minute()
    assert stuck(town) == []
    assert len(order.uploads) == 1


def test_a_parcel_that_is_corrected_meanwhile_takes_the_old_row_with_it(town: Town) -> None:
    order = bought(town)
    silent(town, "upload")
    order.send(PARCEL, complete=False).expect(200)
    town.stream()
    town.pass_time(DAY + 600, tick=300)
    assert [row["number"] for row in stuck(town)] == [f"{order.order_id}-1"]
    order.send({"carrier": "STO", "number": "ST0002"}).expect(200)
    town.stream()
    town.pass_time(600, tick=300)
    assert stuck(town) == []


def test_what_is_stuck_is_reported_each_morning(
    town: Town, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stuck_money, "PAGE", 1)
    morning(town)
    assert reported(capsys.readouterr().out) == {"StuckAmount": 0, "StuckAge": 0}
    failed(town)
    break_refund(town, "not_enough", count=100_000)
    town.stream()
    began = clock.now()
    order = bought(town)
    town.act("/_sim/faults", endpoint="bill", kind="unreachable", count=100)
    capsys.readouterr()
    morning(town, days=3)
    said = reported(capsys.readouterr().out)
    assert [row["reason"] for row in stuck(town)] == ["refund_refused_not_enough", "not_shipped"]
    assert said["StuckAmount"] == 6900 + order.record["total_fen"]
    assert 3 * DAY > said["StuckAge"] > 2 * DAY
    assert said["StuckAge"] <= (clock.now() - began).total_seconds()


def test_every_reason_has_a_meaning_of_its_own() -> None:
    assert set(meanings.MEANINGS) == set(Reason)
    zh, en, zh_next, en_next = zip(*meanings.MEANINGS.values(), strict=True)
    assert len(set(zh)) == len(set(en)) == len(Reason)
    assert all(zh_next)
    assert all(en_next)


@pytest.mark.parametrize("reason", Reason)
def test_a_reason_is_found_again_in_what_is_stored(town: Town, reason: Reason) -> None:
    stored = f"{reason}_10060031" if reason in CODED else reason.value
    row = StuckMoney(*stuck_key(MerchantId(town.merchant.mid), reason, "1"), reason=stored, number="1", facts={})
    assert row.why is reason
    assert row.amount_fen == 0


def test_a_reason_of_another_release_is_shown(town: Town) -> None:
    key = stuck_key(MerchantId(town.merchant.mid), "of_tomorrow", "1")
    assert StuckMoney(*key, reason="of_tomorrow", number="1", facts={}).why in Reason
