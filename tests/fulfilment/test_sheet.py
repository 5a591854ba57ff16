"""The warehouse's sheet: what is to be sent goes out whole and on record, and its numbers come back once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core import clock, sheets
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import read_one
from chalicelib.fulfilment import sheet
from chalicelib.orders.items import Receiver, receiver_key
from infra.local.client import Api
from tests.bench.meter import metered
from tests.emulator import Call
from tests.fulfilment.sheets import addressed, ask, file, give, looks, outcomes, rows, shipments
from tests.fulfilment.shop import OTHER, PARCEL, bought
from tests.orders.address import ADDRESS
from tests.town import Death, Town, send

TRIGGERS = "=+-@\t\r\n"


def test_what_is_to_be_sent_is_on_it_whole_and_the_look_is_on_record(town: Town) -> None:
    first = addressed(town)
    clock.advance(60)
    second = addressed(town, postal_code="310000", street_name="西溪街道")
    reply = ask(town)
    assert reply.headers["content-type"] == "text/csv; charset=utf-8"
    assert reply.headers["content-disposition"] == 'attachment; filename="orders.csv"'
    assert "x-next-cursor" not in reply.headers
    one, two = rows(reply)
    assert list(one) == list(sheet.COLUMNS)
    assert [one["订单号"], two["订单号"]] == [first.order_id, second.order_id]
    assert (one["付款时间"], one["最晚发货时间"], one["紧急程度"]) == (
        "2026-11-11 20:00:00",
        "2026-11-13 20:00:00",
        "正常",
    )
    sku = town.sku()
    assert (one["商品编号"], one["商品名称"], one["数量"]) == (sku["sku_id"], sku["title"], "1")
    assert [two[name] for name in ("收货人", "电话", "省", "市", "区县", "街道", "详细地址", "邮编")] == [
        *(ADDRESS[name] for name in ("user_name", "tel_number", "province_name", "city_name", "county_name")),
        "西溪街道",
        ADDRESS["detail_info"],
        "310000",
    ]
    assert [one[name] for name in ("配送方式", "自提点", "快递公司", "运单号", "问题")] == ["快递", "", "", "", ""]
    (look,) = looks(town)
    assert look["subject"] == "sheet"
    assert look["detail"] == {"orders": "2", "first": first.order_id, "last": second.order_id}


def test_no_address_is_answered_whose_look_is_not_on_record(town: Town) -> None:
    addressed(town)

    def dies(call: Call) -> None:
        if call.operation == "TransactWriteItems":
            raise Death

    town.emulator.before = dies
    with pytest.raises(Death):
        ask(town)
    town.emulator.before = None
    assert looks(town) == []


def test_a_look_at_no_address_is_none(town: Town) -> None:
    assert rows(ask(town)) == []
    bought(town)
    (row,) = rows(ask(town, language="en"))
    assert (row["收货人"], row["电话"], row["问题"]) == ("", "", sheet.NOBODY[1])
    assert (row["紧急程度"], row["配送方式"]) == ("on time", "express")
    assert looks(town) == []


def test_what_needs_no_address_lacks_none(town: Town) -> None:
    bought(town, fulfilment="pickup")
    (row,) = rows(ask(town))
    assert (row["配送方式"], row["自提点"], row["问题"]) == ("自提", "湖滨店", "")


def test_an_address_that_does_not_open_hides_no_other(town: Town) -> None:
    broken, whole = addressed(town, "ann"), addressed(town, "ben")
    item = read_one(Receiver, receiver_key(MerchantId(town.merchant.mid), broken.order_id))
    assert item is not None
    item.sealed = "d1.AAAA"
    town.emulator.restore(item)
    found = {row["订单号"]: row for row in rows(ask(town))}
    assert found[whole.order_id]["收货人"] == ADDRESS["user_name"]
    assert (found[broken.order_id]["收货人"], found[broken.order_id]["问题"]) == ("", sheet.UNREADABLE[0])
    assert [look["detail"]["orders"] for look in looks(town)] == ["1"]


def test_an_order_whose_buyer_asks_for_his_money_is_marked(town: Town) -> None:
    order = addressed(town)
    order.ask().expect(201)
    assert [row["问题"] for row in rows(ask(town))] == [sheet.CASE_OPEN[0]]


def test_what_has_gone_out_is_not_on_it(town: Town) -> None:
    gone, part, left = addressed(town, "ann"), addressed(town, "ben"), addressed(town, "cy")
    part.send(PARCEL, complete=False).expect(200)
    town.emulator.meanwhile(lambda: gone.send(OTHER).expect(200), "BatchGetItem")
    assert [row["订单号"] for row in rows(ask(town))] == [left.order_id]
    assert [row["订单号"] for row in rows(ask(town, "delivery=part"))] == [part.order_id]
    for wrong in ("delivery=sent", "limit=201", "cursor=x", "day=tomorrow"):
        reply = ask(town, wrong)
        assert (reply.status, reply.body["errors"][0]["pointer"]) == (422, f"?{wrong.split('=')[0]}")


def test_pages_follow_each_other_and_read_what_they_show(town: Town) -> None:
    orders = []
    for _ in range(5):
        orders.append(addressed(town).order_id)
        clock.advance(1)
    seen, query = [], "limit=2"
    while True:
        with metered(town.emulator) as cost:
            reply = ask(town, query)
        assert cost.operations.count("BatchGetItem") == 2
        assert cost.read_units < 16
        seen.append([row["订单号"] for row in rows(reply)])
        if "x-next-cursor" not in reply.headers:
            break
        query = f"limit=2&cursor={reply.headers['x-next-cursor']}"
    assert seen == [orders[:2], orders[2:4], orders[4:]]
    assert [len(rows(ask(town, f"day=2026-11-{day}"))) for day in (10, 11)] == [0, 5]


def test_nobody_sees_the_orders_of_another_merchant(town: Town) -> None:
    order = addressed(town)
    foreign = Api(send, town.second().api_key)
    assert rows(foreign.call("GET", "/v1/admin/orders/sheet")) == []
    body = {"csv": file(f"{order.order_id},YTO,YT0001")}
    report = foreign.call("POST", "/v1/admin/orders/numbers", body).expect(200)
    assert outcomes(report) == [(2, "refused", "not_found")]
    assert shipments(town) == {}


def test_nothing_that_is_logged_shows_whom_it_is_for(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    order = addressed(town)
    filled = ask(town).expect(200).replace("快递,,,", "快递,顺丰,SF0001,")
    report = give(town, filled).expect(200)
    assert report["sent"] == 1
    told = capsys.readouterr()
    for private in (ADDRESS["tel_number"], ADDRESS["user_name"], ADDRESS["detail_info"], "SF0001"):
        assert private not in told.out + told.err
    assert order.record["goods"]["parcels"][0]["carrier"] == "SF"


@given(st.text() | st.builds(str.__add__, st.sampled_from(TRIGGERS), st.text()))
def test_no_cell_is_run(cell: str) -> None:
    shown = sheets.harmless(cell)
    assert shown in (cell, f"'{cell}")
    digits = cell.removeprefix("+")
    if cell.strip()[:1] in tuple("=+-@") and not (digits.isascii() and digits.isdigit()):
        assert shown == f"'{cell}"


@pytest.mark.parametrize("cell", ["13812341234", "+8613812341234", "010-12345678", "", "橙子", "3+2"])
def test_what_is_no_formula_stays_as_it_is(cell: str) -> None:
    assert sheets.harmless(cell) == cell


@pytest.mark.parametrize("cell", ["=1+1", "+86-138", "-1", "@x", " =1", "\t1", "\r=1", "＝1", "--1", "+"])
def test_what_may_be_a_formula_is_text(cell: str) -> None:
    assert sheets.harmless(cell) == f"'{cell}"
