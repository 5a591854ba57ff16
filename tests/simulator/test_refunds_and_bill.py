"""Refund rules beyond what the client shows, and the bill of the day."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
from typing import Any

import pytest

from chalicelib.core import clock
from infra.local.wechat_sim.bill import yuan
from tests.simulator.raw import code, send
from tests.wechat.scene import Scene

PATH = "/v3/refund/domestic/refunds"


def request(number: str = "RF1", fen: int = 10, **changed: Any) -> dict[str, Any]:
    amount = {"refund": fen, "total": 990, "currency": "CNY"}
    return {"out_trade_no": "ORDER000001", "out_refund_no": number, "amount": amount, **changed}


@pytest.mark.parametrize(
    "change",
    [
        {"out_refund_no": ""},
        {"out_refund_no": "x" * 65},
        {"out_refund_no": "RF 1"},
        {"reason": "字" * 81},
        {"notify_url": "https://ripple.example.com/n?x=1"},
        {"funds_account": "MINE"},
        {"amount": {"refund": 0, "total": 990, "currency": "CNY"}},
        {"amount": {"refund": 1, "total": 990}},
        {"extra": 1},
    ],
)
def test_each_field_rule_is_enforced(scene: Scene, change: dict[str, Any]) -> None:
    scene.paid()
    assert code(send(scene, "POST", PATH, request() | change)) == (400, "PARAM_ERROR")


def test_an_order_is_named_by_either_of_its_numbers(scene: Scene) -> None:
    scene.paid()
    nameless = {k: v for k, v in request().items() if k != "out_trade_no"}
    assert code(send(scene, "POST", PATH, nameless)) == (400, "PARAM_ERROR")
    number = scene.sim.control("GET", "/_sim/orders/ORDER000001")["transaction_id"]
    assert send(scene, "POST", PATH, nameless | {"transaction_id": number})[0] == 200


def test_at_most_fifty_refunds_an_order(scene: Scene) -> None:
    scene.paid()
    for index in range(50):
        assert send(scene, "POST", PATH, request(f"RF{index}"))[0] == 200
        clock.advance(60)
    assert code(send(scene, "POST", PATH, request("RF50"))) == (400, "INVALID_REQUEST")
    assert send(scene, "POST", PATH, request("RF0"))[0] == 200, "a known number is still answered"


def test_a_wrong_total_and_a_too_old_order_are_refused(scene: Scene) -> None:
    scene.paid()
    wrong = request(amount={"refund": 1, "total": 991, "currency": "CNY"})
    assert code(send(scene, "POST", PATH, wrong)) == (400, "INVALID_REQUEST")
    clock.advance(365 * 86400 + 1)
    assert code(send(scene, "POST", PATH, request())) == (400, "INVALID_REQUEST")


def test_the_end_of_a_refund_is_told_to_its_own_address_only(scene: Scene) -> None:
    came: list[str] = []

    def take(url: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        came.append(json.loads(body)["event_type"])
        return 204, b""

    scene.sim.deliver = take
    scene.paid(notify=False)
    send(scene, "POST", PATH, request("RF1"))
    clock.advance(60)
    send(scene, "POST", PATH, request("RF2", notify_url="https://ripple.example.com/refunded"))
    scene.sim.flush()
    assert came == []
    clock.advance(2)
    scene.sim.flush()
    assert came == ["REFUND.SUCCESS"]


BILL = "/v3/bill/tradebill?bill_date=2026-11-11&bill_type=ALL"


def lines(content: str) -> list[list[str]]:
    """Cells without their backticks, split the way merchants are told to."""
    rows = content.lstrip("\ufeff").splitlines()
    return [row.removeprefix("`").split(",`") if row.startswith("`") else row.split(",") for row in rows]


def test_the_bill_lists_payments_and_refunds_of_the_day_in_yuan(scene: Scene) -> None:
    scene.paid("ORDER000001", 990)
    clock.advance(1)
    scene.paid("ORDER000002", 105)
    clock.advance(1)
    send(scene, "POST", PATH, request("RF1", 90))
    clock.advance(2)
    content = scene.sim.handle("GET", f"/_sim/bill?mchid={scene.account.mchid}&date=2026-11-11", {}, b"")[2].decode()
    header, *rows, totals_header, totals = lines(content)
    assert len(header) == 27
    named = [dict(zip(header, row, strict=True)) for row in rows]
    assert [(r["商户订单号"], r["交易状态"], r["订单金额"], r["退款金额"]) for r in named] == [
        ("ORDER000001", "SUCCESS", "9.90", "0.00"),
        ("ORDER000002", "SUCCESS", "1.05", "0.00"),
        ("ORDER000001", "REFUND", "0.00", "0.90"),
    ]
    assert named[0]["交易时间"] == "2026-11-11 20:00:00"
    assert (named[2]["商户退款单号"], named[2]["退款状态"]) == ("RF1", "SUCCESS")
    assert dict(zip(totals_header, totals, strict=True))["订单总金额"] == "10.95"
    assert next(csv.reader([totals[0]])) == ["3"]


def test_a_bill_is_ready_at_ten_next_day_and_its_hash_fits(scene: Scene) -> None:
    scene.paid()
    assert code(send(scene, "GET", BILL)) == (400, "INVALID_REQUEST")
    clock.advance(5 * 3600)
    assert code(send(scene, "GET", BILL)) == (400, "STATEMENT_CREATING")
    clock.advance(9 * 3600)
    for packed in ("", "&tar_type=GZIP"):
        answer = json.loads(send(scene, "GET", BILL + packed)[2])
        target = answer["download_url"].removeprefix(scene.sim.base_url)
        status, headers, content = send(scene, "GET", target)
        assert (status, [name for name in headers if name.startswith("Wechatpay")]) == (200, [])
        plain = gzip.decompress(content) if packed else content
        assert hashlib.sha1(plain).hexdigest() == answer["hash_value"]
        assert b"ORDER000001" in plain


def test_a_day_without_trade_has_no_bill(scene: Scene) -> None:
    clock.advance(3 * 86400)
    assert code(send(scene, "GET", BILL)) == (400, "NO_STATEMENT_EXIST")


def test_yuan_is_exact() -> None:
    assert [yuan(fen) for fen in (0, 5, 100, 12345, -5)] == ["0.00", "0.05", "1.00", "123.45", "-0.05"]
