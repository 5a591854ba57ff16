"""A bill that is wrong on purpose, and looks as whole as a right one."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from chalicelib.core import clock
from chalicelib.wechat import bill
from infra.local.wechat_sim import bill as books
from infra.local.wechat_sim.refusal import ControlRefusal
from tests.simulator.raw import code, send
from tests.simulator.test_refunds_and_bill import BILL, PATH, request
from tests.wechat.scene import Scene, enter

DAY = date(2026, 11, 11)


def traded(scene: Scene) -> None:
    """Two payments and a refund of the first, on a bill that is ready; an unpaid order and a neighbour are not."""
    scene.prepared("ORDER000003", 5)
    enter(scene.sim, "two", appid="wx0000000000000002", mchid="1900000002").paid("ORDER000004", 6)
    scene.paid("ORDER000001", 990)
    clock.advance(1)
    scene.paid("ORDER000002", 105)
    clock.advance(1)
    assert send(scene, "POST", PATH, request("RF1", 90))[0] == 200
    clock.advance(86400)


def differ(scene: Scene, **about: Any) -> None:
    scene.sim.control("POST", "/_sim/bill/differences", {"mchid": scene.account.mchid, **about})


def said(scene: Scene, day: date = DAY) -> list[tuple[str, int, str, int, str]]:
    """The bill's lines as the production client reads them, which believes neither a wrong hash nor wrong sums."""
    lines = bill.trade_bill(scene.account, day).lines()
    return [(line.number, line.total, line.refund_number, line.refund, line.refund_status) for line in lines]


FIRST = ("ORDER000001", 990, "", 0, "")
SECOND = ("ORDER000002", 105, "", 0, "")
BACK = ("ORDER000001", 0, "RF1", 90, "SUCCESS")


@pytest.mark.parametrize(
    ("about", "lines"),
    [
        ({"kind": "missing", "out_trade_no": "ORDER000002"}, [FIRST, BACK]),
        ({"kind": "missing", "out_trade_no": "ORDER000001"}, [SECOND, BACK]),
        ({"kind": "missing", "out_refund_no": "RF1"}, [FIRST, SECOND]),
        ({"kind": "amount", "out_trade_no": "ORDER000002", "fen": 7}, [FIRST, ("ORDER000002", 7, "", 0, ""), BACK]),
        ({"kind": "amount", "out_refund_no": "RF1", "fen": 91}, [FIRST, SECOND, (*BACK[:3], 91, "SUCCESS")]),
        ({"kind": "status", "out_refund_no": "RF1"}, [FIRST, SECOND, (*BACK[:4], "CHANGE")]),
    ],
)
def test_one_line_is_wrong_and_the_sums_are_of_the_lines(
    scene: Scene, about: dict[str, Any], lines: list[tuple[str, int, str, int, str]]
) -> None:
    traded(scene)
    differ(scene, **about)
    assert said(scene) == said(scene) == lines
    assert scene.sim.control("DELETE", "/_sim/bill/differences") == {"differences": 0}
    assert said(scene) == [FIRST, SECOND, BACK]


def test_a_payment_may_be_revoked(scene: Scene) -> None:
    traded(scene)
    differ(scene, kind="status", out_trade_no="ORDER000002")
    whole = books.file(scene.sim.world, scene.sim.world.merchants[scene.account.mchid], DAY)
    assert whole is not None
    header, *rows = (row.split(",`") for row in whole.decode("utf-8-sig").splitlines()[:3])
    assert [row[header[0].split(",").index("交易状态")] for row in rows] == ["SUCCESS", "REVOKED"]
    assert said(scene) == [FIRST, SECOND, BACK]


def test_a_line_is_invented(scene: Scene) -> None:
    traded(scene)
    differ(scene, kind="extra", out_trade_no="NOBODYS001", fen=300)
    differ(scene, kind="extra", out_trade_no="ORDER000002", out_refund_no="RF404", fen=5)
    assert said(scene) == [
        ("NOBODYS001", 300, "", 0, ""),
        ("ORDER000002", 0, "RF404", 5, "SUCCESS"),
        FIRST,
        SECOND,
        BACK,
    ]
    for kind, numbers in (("SUCCESS", ["NOBODYS001"]), ("REFUND", ["RF404"])):
        merchant = scene.sim.world.merchants[scene.account.mchid]
        text = (books.file(scene.sim.world, merchant, date(2026, 11, 10), kind) or b"").decode("utf-8-sig")
        assert [n for n in ("NOBODYS001", "RF404") if n in text] == numbers


def test_an_invented_line_may_stand_in_one_day_only(scene: Scene) -> None:
    traded(scene)
    differ(scene, kind="extra", fen=300, date="2026-11-10")
    assert said(scene, date(2026, 11, 10)) == [("INVENTED", 300, "", 0, "")]
    assert said(scene) == [FIRST, SECOND, BACK]


def test_a_bill_may_lose_all_of_its_lines(scene: Scene) -> None:
    scene.paid("ORDER000001", 990)
    clock.advance(86400)
    differ(scene, kind="missing", out_trade_no="ORDER000001")
    assert code(send(scene, "GET", BILL)) == (400, "NO_STATEMENT_EXIST")


def test_another_merchants_bill_is_right(scene: Scene) -> None:
    traded(scene)
    differ(scene, mchid="1900000002", kind="extra", fen=1)
    assert said(scene) == [FIRST, SECOND, BACK]


@pytest.mark.parametrize(
    ("about", "status"),
    [
        ({"kind": "odd", "out_trade_no": "ORDER000001"}, 400),
        ({"kind": "extra"}, 400),
        ({"kind": "extra", "fen": 0}, 400),
        ({"kind": "amount", "out_trade_no": "ORDER000001", "fen": True}, 400),
        ({"kind": "missing"}, 404),
        ({"kind": "missing", "out_trade_no": "ORDER000404"}, 404),
        ({"kind": "status", "out_trade_no": "ORDER000001", "out_refund_no": "RF404"}, 404),
        ({"kind": "extra", "fen": 1, "mchid": "1900000404"}, 404),
        ({"out_trade_no": "ORDER000001"}, 400),
    ],
)
def test_what_cannot_differ(scene: Scene, about: dict[str, Any], status: int) -> None:
    traded(scene)
    with pytest.raises(ControlRefusal) as refusal:
        differ(scene, **about)
    assert refusal.value.status == status
    assert said(scene) == [FIRST, SECOND, BACK]
