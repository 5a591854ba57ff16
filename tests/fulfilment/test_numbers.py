"""Numbers come back in a file: each line for itself, each order once, however often and wherever it breaks off."""

from __future__ import annotations

from collections import Counter
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core import clock
from chalicelib.core.errors import INVALID_FIELD, RippleError
from chalicelib.core.idempotency import Intent
from chalicelib.core.ids import MerchantId
from chalicelib.core.sheets import written
from chalicelib.fulfilment import sheet, tracking
from chalicelib.fulfilment.carriers import carrier_id
from tests.bench.meter import metered
from tests.emulator import Call
from tests.fulfilment.sheets import HEAD, addressed, ask, counts, file, give, outcomes, rows, shipments
from tests.fulfilment.shop import bought
from tests.town import Death, Town

CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=20)


IDS = st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=26, max_size=26)


NUMBERS = st.text("ABCDEFGHIJ0123456789-", min_size=4, max_size=20).filter(lambda text: text == text.strip("-"))


@given(
    st.lists(
        st.tuples(IDS, st.sampled_from(["顺丰", "ZTO", "京东快递"]), NUMBERS, CELLS, CELLS), unique_by=lambda r: r[0]
    )
)
def test_what_the_sheet_says_comes_back(given_rows: list[tuple[str, str, str, str, str]]) -> None:
    lines = []
    for oid, carrier, number, title, detail in given_rows:
        line = dict.fromkeys(sheet.COLUMNS, "")
        line |= {"订单号": oid, "快递公司": carrier, "运单号": number, "商品名称": title, "详细地址": detail}
        lines.append(list(line.values()))
    text = written([sheet.COLUMNS, *lines])
    found = tracking.groups(text)
    assert [(group.oid, group.lines, group.parcels) for group in found] == [
        (oid, [line], [(carrier_id(carrier), number)])
        for line, (oid, carrier, number, _, _) in enumerate(given_rows, 2)
    ]


@given(st.text() | st.text("\",\r\n\ufeff'=a1\x00").map(lambda text: f"{HEAD}\n{text}"))
def test_a_hostile_text_is_rows_or_says_where_it_is_none(text: str) -> None:
    told: list[Any] = []
    try:
        told += [group.lines for group in tracking.groups(text)]
    except RippleError as refused:
        told.append((refused.problem, refused.pointer) == (INVALID_FIELD, "/csv") and refused.facts["line"] >= 1)
    assert all(told)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("x", 1),
        (" \r\n ", 1),
        ("\r\norder_id,carrier", 2),
        ("order_id,carrier,number,number", 1),
        ("order_id,订单号,carrier,number", 1),
        (file('A,"SF"x,1234'), 2),
        (file("", 'A,SF,"1234'), 3),
        (file(f"A,SF,{'1' * 140_000}"), 2),
        (file(*(f"{n:026},SF,SF{n:04}" for n in range(301))), 302),
        (file(*(f"{n % 7:026},SF,SF{n:04}" for n in range(2001))), 2002),
    ],
)
def test_a_malformed_file_is_refused_with_its_line(town: Town, text: str, line: int) -> None:
    for language, said in (("zh", f"第 {line} 行"), ("en", f"line {line}")):
        reply = give(town, text, language=language)
        assert (reply.status, reply.body["line"]) == (422, line)
        (wrong,) = reply.body["errors"]
        assert wrong["pointer"] == "/csv"
        assert said in wrong["detail"]


def test_a_file_that_is_too_large_is_refused(town: Town) -> None:
    assert give(town, "x" * 200_001).status == 422
    assert give(town, "橙" * 100_000).status == 413


@pytest.mark.parametrize(
    ("name", "carrier"),
    [
        ("顺丰", "SF"), ("顺丰速运", "SF"), ("圆通速递", "YTO"), ("中通快递", "ZTO"), ("申通", "STO"), ("韵达", "YD"),
        ("极兔速递", "JTSD"), ("京东快递", "JD"), ("京东物流", "JD"), ("邮政", "YZPY"), ("邮政速递", "EMS"),
        ("EMS", "EMS"), ("德邦快递", "DBL"), ("ANE", "ANE"), ("中通快运", None), ("快递", None), ("", None),
        ("S F", None), ("S" * 65, None),
    ],
)  # fmt: skip
def test_carriers_have_names(name: str, carrier: str | None) -> None:
    assert carrier_id(name) == carrier


def test_numbers_come_back_and_wechat_is_told(town: Town) -> None:
    one, two, three = (addressed(town) for _ in range(3))
    text = (
        "\ufeff备注, 订单号 ,运单号,快递公司\r\n"
        f'"易碎, ""轻放""\n",{one.order_id},SF0001,顺丰速运\r\n'
        "\r\n , , , \r\n"
        f',\'{two.order_id},="YT0001",YTO\r\n'
        f",{two.order_id},YT0002,圆通\r\n"
        f",{two.order_id},YT0002,圆通\r\n"
        f",{three.order_id},,\r\n"
    )
    report = give(town, text).expect(200)
    assert outcomes(report) == [(2, "sent", None), (5, "sent", None), (6, "sent", None), (7, "sent", None)]
    assert counts(report) == (2, 0, 0, 0)
    town.stream()
    assert [[p["tracking_no"] for p in u["shipping_list"]] for u in one.uploads] == [["SF0001"]]
    assert [[p["tracking_no"] for p in u["shipping_list"]] for u in two.uploads] == [["YT0001", "YT0002"]]
    assert [row["订单号"] for row in rows(ask(town))] == [three.order_id]


def test_a_bad_line_stops_its_order_and_no_other(town: Town) -> None:
    good, bad, wrong, asking, shop = (addressed(town) for _ in range(5))
    asking.ask().expect(201)
    shop.refund().expect(200)
    lines = [
        f"{good.order_id},SF,SF0001",
        f"{bad.order_id},SF,SF0002",
        f"{bad.order_id},SF,7.73E+14",
        f"{wrong.order_id},风火轮,SF0003",
        f"{asking.order_id},SF,SF0004",
        f"{shop.order_id},SF,SF0005",
        ",SF,SF0006",
        "O|MER#x,SF,SF0007",
        f"{wrong.order_id},,SF0008",
        "0" * 26 + ",SF,SF0009",
    ]
    report = give(town, file(*lines), language="en").expect(200)
    assert outcomes(report) == [
        (2, "sent", None),
        (3, "refused", "invalid_field"),
        (4, "refused", "invalid_field"),
        (5, "refused", "invalid_field"),
        (6, "refused", "case_open"),
        (7, "refused", "order_not_deliverable"),
        (8, "refused", "invalid_field"),
        (9, "refused", "not_found"),
        (10, "refused", "invalid_field"),
        (11, "refused", "not_found"),
    ]
    assert counts(report) == (1, 0, 7, 0)
    assert report["lines"][1]["detail"] == "line 4 of the same order is wrong"
    assert report["lines"][4]["detail"] == "An after-sale case of this order is open."
    assert list(shipments(town)) == [good.order_id]


def test_goods_that_no_carrier_takes_and_too_many_parcels_are_refused(town: Town) -> None:
    city, many = bought(town, fulfilment="city"), addressed(town)
    lines = [f"{city.order_id},SF,SF0001", *(f"{many.order_id},SF,SF{n:04}" for n in range(16))]
    report = give(town, file(*lines), language="en").expect(200)
    assert counts(report) == (0, 0, 2, 0)
    assert report["lines"][1]["detail"] == "at most 15 parcels"


def test_a_file_may_be_given_again(town: Town) -> None:
    one, two = addressed(town), addressed(town)
    text = file(f"{one.order_id},SF,SF0001", f"{two.order_id},YTO,YT0001")
    first = give(town, text, key="one-upload-of-it").expect(200)
    assert give(town, text, key="one-upload-of-it").expect(200) == first
    assert counts(give(town, text).expect(200)) == (0, 2, 0, 0)
    other = give(town, file(f"{one.order_id},SF,SF0002")).expect(200)
    assert outcomes(other) == [(2, "refused", "already_sent")]
    reused = give(town, file(f"{one.order_id},SF,SF0001"), key="one-upload-of-it")
    assert (reused.status, reused.body["code"]) == (409, "idempotency_key_reused")
    town.stream()
    one.received().expect(200)
    again = give(town, file(f"{one.order_id},SF,SF0001", f"{one.order_id},SF,SF0002")).expect(200)
    assert {line["code"] for line in again["lines"]} == {"already_received"}
    assert counts(give(town, text).expect(200)) == (0, 2, 0, 0)
    assert [len(order.uploads) for order in (one, two)] == [1, 1]


def test_an_order_that_goes_out_meanwhile_is_sent_once(town: Town) -> None:
    order = addressed(town)
    text = file(f"{order.order_id},SF,SF0001")
    sent = [{"carrier": "SF", "number": "SF0001"}]
    once = Counter[str]()

    def before(call: Call) -> None:
        once[call.operation] += 1
        if (call.operation, once[call.operation]) == ("TransactWriteItems", 2):
            order.desk("send", {"parcels": sent}).expect(200)

    town.emulator.before = before
    assert outcomes(give(town, text).expect(200)) == [(2, "already", None)]
    town.stream()
    assert len(order.uploads) == 1


@pytest.mark.parametrize("key", ["one-upload-of-it", None])
@pytest.mark.parametrize("write", [1, 2, 3, 4])
@pytest.mark.parametrize("after", [False, True])
def test_a_process_that_dies_in_the_middle_sends_each_order_once(
    town: Town, write: int, after: bool, key: str | None
) -> None:
    orders = [addressed(town) for _ in range(3)]
    text = file(*(f"{order.order_id},SF,SF000{n}" for n, order in enumerate(orders)))
    writes = 0

    def dies(call: Call) -> None:
        nonlocal writes
        if call.operation == "TransactWriteItems":
            writes += 1
            if writes == write:
                raise Death

    if after:
        town.emulator.after = dies
    else:
        town.emulator.before = dies
    with pytest.raises(Death):
        give(town, text, key="one-upload-of-it")
    town.emulator.before = town.emulator.after = None
    report = give(town, text, key=key).expect(200)
    assert report["sent"] + report["already"] == 3
    town.stream()
    assert [len(order.uploads) for order in orders] == [1, 1, 1]
    assert {shipment.revision for shipment in shipments(town).values()} == {1}


def test_what_there_is_no_time_for_is_told_and_follows(town: Town) -> None:
    orders = [addressed(town) for _ in range(4)]
    text = file(*(f"{order.order_id},SF,SF000{n}" for n, order in enumerate(orders)))
    intent = Intent(mid=MerchantId(town.merchant.mid), actor="key", route="route", key="a-key", fingerprint="same")
    seen = []
    for _ in range(3):
        tries = iter((True, True, True))
        seen.append(tracking.give(intent, text, "en", lambda tries=tries: next(tries, False)))  # type: ignore[misc]
    assert [(report.sent, report.not_tried) for report in seen] == [(2, 2), (4, 0), (4, 0)]
    assert [(line.outcome, line.code) for line in seen[0].lines[2:]] == [("not_tried", "out_of_time")] * 2
    assert seen[0].lines[3].detail == tracking.OUT_OF_TIME[1]
    late = tracking.give(msgspec.structs.replace(intent, key="another"), text, "zh", lambda: False)
    assert (late.not_tried, late.lines[0].detail) == (4, tracking.OUT_OF_TIME[0])
    assert clock.for_seconds(60)()
    assert not clock.for_seconds(0)()


def test_an_order_costs_two_round_trips_and_what_is_done_costs_none(town: Town) -> None:
    orders = [bought(town) for _ in range(3)]
    text = file(*(f"{order.order_id},SF,SF000{n}" for n, order in enumerate(orders)))
    with metered(town.emulator) as first:
        give(town, text).expect(200)
    with metered(town.emulator) as again:
        give(town, text).expect(200)
    assert first.round_trips - again.round_trips == 2 * 3
