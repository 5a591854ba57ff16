"""The trade bill of a day (Beijing): CSV in yuan, every cell behind a backtick, two summary lines at the end."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from infra.local.wechat_sim.clock import BEIJING
from infra.local.wechat_sim.refusal import ControlRefusal, PayRefusal, invalid
from infra.local.wechat_sim.world import Difference, Merchant, Order, World

COLUMNS = (
    "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,"
    "微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注"
)
TOTALS = "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额"
READY_AT = time(10, 0)
KEPT = timedelta(days=92)
FEE_PER_MILLE = 6


def ask(world: World, merchant: Merchant, params: dict[str, str], base_url: str) -> dict[str, Any]:
    """GET /v3/bill/tradebill: where to fetch the bill, and its hash (over the file before compression)."""
    kind = params.get("bill_type", "ALL")
    if kind not in ("ALL", "SUCCESS", "REFUND"):
        raise invalid("/bill_type", "不在枚举范围内", kind)
    day, packed = wanted(world, merchant, params)
    return offer(world, merchant, file(world, merchant, day, kind), packed, base_url)


def wanted(world: World, merchant: Merchant, params: dict[str, str]) -> tuple[date, bool]:
    """Which day's bill is asked for, and whether compressed. Raises `PayRefusal` where there can be none yet."""
    packed = params.get("tar_type")
    if packed not in (None, "GZIP"):
        raise invalid("/tar_type", "不在枚举范围内", packed)
    try:
        day = date.fromisoformat(params.get("bill_date", ""))
    except ValueError:
        raise invalid("/bill_date", "日期格式错误", params.get("bill_date", "")) from None
    now = world.clock.now().astimezone(BEIJING)
    early = (merchant.mchid, day) in world.published
    if not early and (day >= now.date() or day < now.date() - KEPT):
        raise PayRefusal(400, "INVALID_REQUEST", "账单日期不在可下载范围内")
    if not early and now < datetime.combine(day + timedelta(days=1), READY_AT, BEIJING):
        raise PayRefusal(400, "STATEMENT_CREATING", "账单生成中，请稍后再试")
    return day, packed is not None


def offer(world: World, merchant: Merchant, plain: bytes | None, packed: bool, base_url: str) -> dict[str, Any]:
    """Where to fetch a bill, and its hash; NO_STATEMENT_EXIST for none."""
    if plain is None:
        raise PayRefusal(400, "NO_STATEMENT_EXIST", "账单文件不存在")
    ticket = world.letters(64)
    world.bill_tickets[ticket] = (merchant.mchid, gzip.compress(plain) if packed else plain)
    return {
        "hash_type": "SHA1",
        "hash_value": hashlib.sha1(plain).hexdigest(),
        "download_url": f"{base_url}/v3/billdownload/file?{urlencode({'token': ticket})}",
    }


def download(world: World, merchant: Merchant, params: dict[str, str]) -> bytes:
    """GET /v3/billdownload/file: the only answer of WeChat Pay that is not signed."""
    mchid, content = world.bill_tickets.get(params.get("token", ""), ("", b""))
    if mchid != merchant.mchid:
        raise PayRefusal(400, "INVALID_REQUEST", "下载链接无效")
    return content


def file(world: World, merchant: Merchant, day: date, kind: str = "ALL") -> bytes | None:
    """The bill, or None when nothing happened on that day. It adds up, whatever was made to differ."""
    lines = _lines(world, merchant, day)
    listed = [line for line in lines if kind in ("ALL", "REFUND" if line.refund_id else "SUCCESS")]
    if not listed:
        return None
    listed.sort(key=lambda line: line.at)
    paid, back = sum(line.paid for line in listed), sum(line.back for line in listed)
    totals = [str(len(listed)), yuan(paid), yuan(back), "0.00", _fee(paid - back), yuan(paid), yuan(back)]
    rows = [COLUMNS, *(row(_cells(merchant, line)) for line in listed), TOTALS, row(totals)]
    return ("\ufeff" + "\r\n".join(rows) + "\r\n").encode()


@dataclass(frozen=True)
class Line:
    """What a bill says about a payment, or with a ``refund_id`` about a refund of it."""

    at: datetime
    transaction_id: str
    out_trade_no: str
    openid: str
    state: str
    paid: int = 0
    description: str = ""
    attach: str = ""
    refund_id: str = ""
    out_refund_no: str = ""
    back: int = 0
    refund_status: str = ""


def _lines(world: World, merchant: Merchant, day: date) -> list[Line]:
    true = [line for line in _true_lines(world, merchant) if line.at.astimezone(BEIJING).date() == day]
    for difference in world.bill_differences:
        if difference.mchid != merchant.mchid or difference.out_bill_no:
            continue
        if difference.kind == "extra":
            true += [_invented(difference, day)] if difference.day in (None, day) else []
        else:
            true = [told for line in true for told in _told(line, difference)]
    return true


def _true_lines(world: World, merchant: Merchant) -> Iterator[Line]:
    for order in world.orders.values():
        if order.mchid == merchant.mchid and order.paid_at:
            payment = _payment(order, order.paid_at)
            yield payment
            for each in order.refunds:
                yield replace(
                    payment,
                    at=each.created_at,
                    state="REFUND",
                    paid=0,
                    refund_id=each.refund_id,
                    out_refund_no=each.out_refund_no,
                    back=each.amount,
                    refund_status=each.status,
                )


def _payment(order: Order, at: datetime) -> Line:
    number, body = order.transaction_id or "", order.body
    return Line(
        at=at,
        transaction_id=number,
        out_trade_no=order.out_trade_no,
        openid=order.openid,
        state="SUCCESS",
        paid=order.total,
        description=body["description"],
        attach=body.get("attach", ""),
    )


def differ(world: World, difference: Difference) -> None:
    """Let the next bills be wrong. Raises `ControlRefusal`."""
    known = ("missing", "extra", "amount", "status")
    if difference.kind not in known:
        raise ControlRefusal(400, f"no such kind of difference; known: {list(known)}")
    if difference.kind in ("extra", "amount") and (type(difference.fen) is not int or difference.fen <= 0):
        raise ControlRefusal(400, "fen is a whole number above zero")
    merchant = world.merchants.get(difference.mchid)
    if merchant is None:
        raise ControlRefusal(404, "no such merchant")
    if difference.kind != "extra" and not any(_about(line, difference) for line in _true_lines(world, merchant)):
        raise ControlRefusal(404, "no bill has such a line")
    world.bill_differences.append(difference)


def _about(line: Line, difference: Difference) -> bool:
    if difference.out_refund_no:
        return line.out_refund_no == difference.out_refund_no
    return not line.refund_id and line.out_trade_no == difference.out_trade_no


def _told(line: Line, difference: Difference) -> list[Line]:
    """The line as the bill shows it."""
    if not _about(line, difference):
        return [line]
    if difference.kind == "missing":
        return []
    if difference.kind == "amount":
        return [replace(line, back=difference.fen) if line.refund_id else replace(line, paid=difference.fen)]
    return [replace(line, refund_status="CHANGE") if line.refund_id else replace(line, state="REVOKED")]


def _invented(difference: Difference, day: date) -> Line:
    noon = datetime.combine(day, time(12), BEIJING)
    payment = Line(noon, "4200" + "0" * 24, difference.out_trade_no or "INVENTED", "o" + "0" * 27, "SUCCESS")
    if not difference.out_refund_no:
        return replace(payment, paid=difference.fen)
    return replace(
        payment,
        state="REFUND",
        refund_id="50" + "0" * 27,
        out_refund_no=difference.out_refund_no,
        back=difference.fen,
        refund_status="SUCCESS",
    )


def row(cells: list[str]) -> str:
    """A line of data."""
    return ",".join(f"`{cell}" for cell in cells)


def _cells(merchant: Merchant, line: Line) -> list[str]:
    when = f"{line.at.astimezone(BEIJING):%Y-%m-%d %H:%M:%S}"
    names = [merchant.appid, merchant.mchid, "0", "", line.transaction_id, line.out_trade_no, line.openid]
    refund = [line.refund_id or "0", line.out_refund_no or "0", yuan(line.back), "0.00"]
    kind = ["ORIGINAL" if line.refund_id else "", line.refund_status]
    money = [_fee(line.paid - line.back), "0.60%", yuan(line.paid), yuan(line.back), ""]
    head = [when, *names, "JSAPI", line.state, "OTHERS", "CNY", yuan(line.paid), "0.00"]
    return [*head, *refund, *kind, line.description, line.attach, *money]


def yuan(fen: int) -> str:
    """``1.05`` for 105 fen."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100}.{abs(fen) % 100:02d}"


def _fee(fen: int) -> str:
    sign = "-" if fen < 0 else ""
    parts = abs(fen) * FEE_PER_MILLE
    return f"{sign}{parts // 100_000}.{parts % 100_000:05d}"
