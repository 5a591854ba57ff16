"""The fund flow bill of a day (Beijing) for the operations account: what came to and what left what is available.

The columns are WeChat's. Ours: the names of the kinds, and that a transfer's money leaves when it is locked and comes
back when the transfer ends without payment.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from infra.local.wechat_sim import bill, transfers
from infra.local.wechat_sim.clock import BEIJING
from infra.local.wechat_sim.operations import Movement
from infra.local.wechat_sim.refusal import ControlRefusal, invalid
from infra.local.wechat_sim.world import Difference, Merchant, World

COLUMNS = (
    "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),"
    "资金变更提交申请人,备注,业务凭证号"
)
TOTALS = "资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额"


def ask(world: World, merchant: Merchant, params: dict[str, str], base_url: str) -> dict[str, Any]:
    """GET /v3/bill/fundflowbill: of the accounts, only OPERATION has moved here."""
    account = params.get("account_type", "BASIC")
    if account not in ("BASIC", "OPERATION", "FEES"):
        raise invalid("/account_type", "不在枚举范围内", account)
    day, packed = bill.wanted(world, merchant, params)
    plain = file(world, merchant, day) if account == "OPERATION" else None
    return bill.offer(world, merchant, plain, packed, base_url)


def file(world: World, merchant: Merchant, day: date) -> bytes | None:
    """The bill, or None when nothing moved on that day. It adds up, whatever was made to differ."""
    listed = list(enumerate(_told(world, merchant, day)))
    if not listed:
        return None
    came = [each.fen for _, each in listed if each.fen > 0]
    went = [-each.fen for _, each in listed if each.fen < 0]
    totals = [str(len(listed)), str(len(came)), bill.yuan(sum(came)), str(len(went)), bill.yuan(sum(went))]
    rows = [COLUMNS, *(bill.row(_cells(merchant, number, each)) for number, each in listed), TOTALS, bill.row(totals)]
    return ("\ufeff" + "\r\n".join(rows) + "\r\n").encode()


def _told(world: World, merchant: Merchant, day: date) -> list[Movement]:
    moved = transfers.account(world, merchant.mchid).movements
    told = [each for each in moved if each.at.astimezone(BEIJING).date() == day]
    for difference in world.bill_differences:
        number = difference.out_bill_no
        if difference.mchid != merchant.mchid or not number:
            continue
        if difference.kind == "missing":
            told = [each for each in told if each.out_bill_no != number]
        elif difference.kind == "amount":
            told = [_other(each, difference.fen) if each.out_bill_no == number else each for each in told]
        elif difference.day in (None, day):
            noon = datetime.combine(day, time(12), BEIJING)
            told.append(Movement(noon, "商家转账", -difference.fen, 0, "1330" + "0" * 36, number))
    return told


def _other(moved: Movement, fen: int) -> Movement:
    return replace(moved, fen=fen if moved.fen > 0 else -fen)


def differ(world: World, difference: Difference) -> None:
    """Let the next bills be wrong about a transfer. Raises `ControlRefusal`."""
    known = ("missing", "extra", "amount")
    if difference.kind not in known:
        raise ControlRefusal(400, f"no such kind of difference; known: {list(known)}")
    if difference.kind != "missing" and (type(difference.fen) is not int or difference.fen <= 0):
        raise ControlRefusal(400, "fen is a whole number above zero")
    if difference.mchid not in world.merchants:
        raise ControlRefusal(404, "no such merchant")
    moved = transfers.account(world, difference.mchid).movements
    if difference.kind != "extra" and not any(each.out_bill_no == difference.out_bill_no for each in moved):
        raise ControlRefusal(404, "no bill has such a line")
    world.bill_differences.append(difference)


def _cells(merchant: Merchant, number: int, moved: Movement) -> list[str]:
    when = f"{moved.at.astimezone(BEIJING):%Y-%m-%d %H:%M:%S}"
    flow = f"{merchant.mchid}{moved.at.astimezone(BEIJING):%Y%m%d}{number:08d}"
    way = "收入" if moved.fen > 0 else "支出"
    name = "商家转账" if moved.out_bill_no else moved.kind
    money = [bill.yuan(abs(moved.fen)), bill.yuan(moved.balance)]
    asker = f"{merchant.mchid}API" if moved.out_bill_no else "system"
    return [when, moved.transfer_bill_no, flow, name, moved.kind, way, *money, asker, moved.remark, moved.out_bill_no]
