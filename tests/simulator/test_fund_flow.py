"""What moved on the operations account, as the bill has it and as the production client reads it."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime
from typing import Any

import pytest

from chalicelib.core import clock
from chalicelib.wechat import fundflow, transfer
from chalicelib.wechat.fundflow import EMPTY
from chalicelib.wechat.http import Unknown, WechatError
from infra.local.wechat_sim import fund_flow as books
from infra.local.wechat_sim.refusal import ControlRefusal
from tests.simulator.raw import code, send
from tests.simulator.test_refunds_and_bill import lines
from tests.wechat.scene import Scene, enter
from tests.wechat.transfers import DAY, confirm, offered, rich

TODAY, TOMORROW = date(2026, 11, 11), date(2026, 11, 12)
FLOW = "/v3/bill/fundflowbill?bill_date=2026-11-11&account_type=OPERATION"
Moved = list[tuple[str, int, int]]


def moved(scene: Scene, day: date = TODAY) -> Moved:
    found = fundflow.operations_flow(scene.account, day)
    listed = list(found.movements())
    assert found.came - found.went == sum(each.amount for each in listed)
    return [(each.number, each.amount, each.balance) for each in listed]


@pytest.fixture
def busy(scene: Scene) -> Scene:
    """A paid transfer, a withdrawn one, one that nobody confirmed; a neighbour; and the bills of two days are ready."""
    rich(enter(scene.sim, "two", appid="wx0000000000000002", mchid="1900000002"), 7)
    rich(scene, 1_000)
    confirm(scene, offered(scene, "PAID", 100))
    offered(scene, "BACK", 200)
    transfer.cancel(scene.account, "BACK")
    clock.advance(2)
    offered(scene, "LATE", 300)
    clock.advance(2 * DAY)
    return scene


def test_each_movement_has_its_line_and_its_balance(busy: Scene) -> None:
    assert moved(busy) == [
        ("", 1_000, 1_000),
        ("PAID", -100, 900),
        ("BACK", -200, 700),
        ("BACK", 200, 900),
        ("LATE", -300, 600),
    ]
    assert moved(busy, TOMORROW) == [("LATE", 300, 900)]
    account = busy.sim.control("GET", f"/_sim/operations?mchid={busy.account.mchid}")
    assert account == {"available": 900, "locked": 0, "paid": 100}


def test_a_line_says_when_and_which(busy: Scene) -> None:
    top_up, paid, *_ = fundflow.operations_flow(busy.account, TODAY).movements()
    known = transfer.query(busy.account, "PAID")
    assert known
    assert (paid.transfer_bill_no, paid.kind) == (known.transfer_bill_no, "商家转账")
    assert paid.at == datetime(2026, 11, 11, 20, tzinfo=clock.BEIJING)
    assert (top_up.transfer_bill_no, top_up.kind) == ("", "充值")


def test_the_file_has_wechats_form(busy: Scene) -> None:
    told = json.loads(send(busy, "GET", FLOW)[2])
    status, headers, content = send(busy, "GET", told["download_url"].removeprefix(busy.sim.base_url))
    assert (status, [name for name in headers if name.startswith("Wechatpay")]) == (200, [])
    assert (told["hash_type"], told["hash_value"]) == ("SHA1", hashlib.sha1(content).hexdigest())
    header, *rows, totals_header, totals = lines(content.decode())
    assert (len(header), {len(row) for row in rows}) == (11, {11})
    first = dict(zip(header, rows[0], strict=True))
    assert (first["记账时间"], first["收支类型"], first["收支金额(元)"]) == ("2026-11-11 20:00:00", "收入", "10.00")
    assert (totals_header[0], totals) == ("资金流水总笔数", ["5", "2", "12.00", "3", "6.00"])


@pytest.mark.parametrize("account", ["BASIC", "FEES"])
def test_other_accounts_and_other_days_have_nothing(busy: Scene, account: str) -> None:
    assert code(send(busy, "GET", FLOW.replace("OPERATION", account))) == (400, "NO_STATEMENT_EXIST")
    assert fundflow.operations_flow(busy.account, date(2026, 11, 10)) == EMPTY
    assert list(EMPTY.movements()) == []
    assert code(send(busy, "GET", FLOW.replace("OPERATION", "MINE"))) == (400, "PARAM_ERROR")


def test_it_is_ready_at_ten_next_day(scene: Scene) -> None:
    rich(scene)
    with pytest.raises(WechatError) as refusal:
        fundflow.operations_flow(scene.account, TODAY)
    assert refusal.value.code == "INVALID_REQUEST"
    clock.advance(5 * 3600)
    with pytest.raises(Unknown):
        fundflow.operations_flow(scene.account, TODAY)
    clock.advance(9 * 3600)
    assert len(moved(scene)) == 1


@pytest.mark.parametrize("endpoint", ["fund_bill", "bill_file"])
@pytest.mark.parametrize("kind", ["lost", "garbled", "5xx"])
def test_a_bill_that_did_not_arrive_whole_is_unknown(busy: Scene, endpoint: str, kind: str) -> None:
    busy.fault(endpoint, kind)
    with pytest.raises(Unknown):
        fundflow.operations_flow(busy.account, TODAY)
    assert len(moved(busy)) == 5


DAMAGE = [
    ("`5,`2,", "`4,`2,"),
    ("`5,`2,", "`5,`3,"),
    ("`12.00,`3,", "`12.00,`2,"),
    ("`12.00,", "`12.01,"),
    ("`3,`6.00", "`3,`6.01"),
    ("`支出,`1.00,", "`支出,`1.01,"),
    ("`支出,`1.00,", "`支出,`1.005,"),
    ("`支出,`1.00,", "`收入,`1.00,"),
    ("`支出,`1.00,", "`冻结,`1.00,"),
    (",业务凭证号", ",凭证号"),
    (",`", ","),
    ("`2026-11-11 20:00:00", "`today"),
]


@pytest.mark.parametrize("damage", DAMAGE)
def test_what_does_not_add_up_is_not_believed(
    busy: Scene, damage: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = books.file(busy.sim.world, busy.sim.world.merchants[busy.account.mchid], TODAY)
    assert whole is not None
    before, after = (part.encode() for part in damage)
    assert before in whole
    spoiled = whole.replace(before, after, 1)
    with pytest.raises((ValueError, KeyError, ArithmeticError)):
        fundflow.read(spoiled)
    monkeypatch.setattr(books, "file", lambda *_: spoiled)
    with pytest.raises(Unknown):
        fundflow.operations_flow(busy.account, TODAY)


@pytest.mark.parametrize(
    ("about", "changed"),
    [
        ({"kind": "missing", "out_bill_no": "BACK"}, [("PAID", -100), ("LATE", -300)]),
        (
            {"kind": "amount", "out_bill_no": "BACK", "fen": 7},
            [("PAID", -100), ("BACK", -7), ("BACK", 7), ("LATE", -300)],
        ),
        (
            {"kind": "extra", "out_bill_no": "NEVER", "fen": 7, "date": "2026-11-11"},
            [("PAID", -100), ("BACK", -200), ("BACK", 200), ("LATE", -300), ("NEVER", -7)],
        ),
    ],
)
def test_it_can_be_wrong_on_purpose_and_still_add_up(
    busy: Scene, about: dict[str, Any], changed: list[tuple[str, int]]
) -> None:
    busy.sim.control("POST", "/_sim/bill/differences", {"mchid": busy.account.mchid, **about})
    assert [(number, fen) for number, fen, _ in moved(busy)] == [("", 1_000), *changed]
    assert [(number, fen) for number, fen, _ in moved(busy, TOMORROW)] == [("LATE", 300)]
    assert code(send(busy, "GET", "/v3/bill/tradebill?bill_date=2026-11-11")) == (400, "NO_STATEMENT_EXIST")
    busy.sim.control("DELETE", "/_sim/bill/differences")
    assert len(moved(busy)) == 5


@pytest.mark.parametrize(
    "about",
    [
        {"kind": "status", "out_bill_no": "PAID"},
        {"kind": "amount", "out_bill_no": "PAID"},
        {"kind": "missing", "out_bill_no": "NEVER"},
        {"kind": "missing", "out_bill_no": "PAID", "mchid": "1"},
    ],
)
def test_only_what_a_bill_can_have_can_be_wrong(busy: Scene, about: dict[str, Any]) -> None:
    with pytest.raises(ControlRefusal):
        busy.sim.control("POST", "/_sim/bill/differences", {"mchid": busy.account.mchid, **about})


def test_numbers_of_lines_may_have_decimals() -> None:
    sample = (
        "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),资金变更提交申请人,备注,业务凭证号\n"
        "`2018-02-01 04:21:23,`5000,`1900,`退款,`退款,`支出,`0.02,`0.17,`system,`缺货,红,`REF42\n"
        "资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额\n"
        "`1.0,`0.0,`0.00,`1.0,`0.02\n"
    )
    found = fundflow.read(sample.encode())
    expected: dict[str, Any] = {"number": "REF42", "amount": -2, "balance": 17}
    assert {name: getattr(next(found.movements()), name) for name in expected} == expected
