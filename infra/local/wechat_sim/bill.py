"""The trade bill of a day (Beijing): CSV in yuan, every cell behind a backtick, two summary lines at the end."""

from __future__ import annotations

import gzip
import hashlib
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from infra.local.wechat_sim.clock import BEIJING
from infra.local.wechat_sim.refusal import PayRefusal, invalid
from infra.local.wechat_sim.world import Merchant, Order, Refund, World

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
    packed = params.get("tar_type")
    if packed not in (None, "GZIP"):
        raise invalid("/tar_type", "不在枚举范围内", packed)
    try:
        day = date.fromisoformat(params.get("bill_date", ""))
    except ValueError:
        raise invalid("/bill_date", "日期格式错误", params.get("bill_date", "")) from None
    now = world.clock.now().astimezone(BEIJING)
    if day >= now.date() or day < now.date() - KEPT:
        raise PayRefusal(400, "INVALID_REQUEST", "账单日期不在可下载范围内")
    if now < datetime.combine(day + timedelta(days=1), READY_AT, BEIJING):
        raise PayRefusal(400, "STATEMENT_CREATING", "账单生成中，请稍后再试")
    plain = file(world, merchant, day, kind)
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
    """The bill, or None when nothing happened on that day."""
    rows: list[tuple[datetime, list[str]]] = []
    paid, back, orders_sum = 0, 0, 0
    for order in world.orders.values():
        if order.mchid != merchant.mchid or order.paid_at is None:
            continue
        if kind != "REFUND" and _on(order.paid_at, day):
            rows.append((order.paid_at, _payment(order)))
            paid, orders_sum = paid + order.total, orders_sum + order.total
        for refund in order.refunds if kind != "SUCCESS" else ():
            if _on(refund.created_at, day):
                rows.append((refund.created_at, _refund(refund)))
                back += refund.amount
    if not rows:
        return None
    rows.sort(key=lambda row: row[0])
    totals = [str(len(rows)), yuan(paid), yuan(back), "0.00", _fee(paid - back), yuan(orders_sum), yuan(back)]
    lines = [COLUMNS, *(_line(cells) for _, cells in rows), TOTALS, _line(totals)]
    return ("\ufeff" + "\r\n".join(lines) + "\r\n").encode()


def _on(instant: datetime, day: date) -> bool:
    return instant.astimezone(BEIJING).date() == day


def _line(cells: list[str]) -> str:
    return ",".join(f"`{cell}" for cell in cells)


def _head(order: Order, at: datetime, state: str) -> list[str]:
    when = f"{at.astimezone(BEIJING):%Y-%m-%d %H:%M:%S}"
    number = order.transaction_id or ""
    names = [order.appid, order.mchid, "0", "", number, order.out_trade_no, order.openid]
    return [when, *names, "JSAPI", state, "OTHERS", "CNY"]


def _goods(order: Order) -> list[str]:
    return [order.body["description"], order.body.get("attach", "")]


def _payment(order: Order) -> list[str]:
    assert order.paid_at
    amount = yuan(order.total)
    no_refund = ["0", "0", "0.00", "0.00", "", ""]
    money = [_fee(order.total), "0.60%", amount, "0.00", ""]
    return [*_head(order, order.paid_at, "SUCCESS"), amount, "0.00", *no_refund, *_goods(order), *money]


def _refund(refund: Refund) -> list[str]:
    back = yuan(refund.amount)
    numbers = [refund.refund_id, refund.out_refund_no, back, "0.00", "ORIGINAL", refund.status]
    money = [_fee(-refund.amount), "0.60%", "0.00", back, ""]
    head = _head(refund.order, refund.created_at, "REFUND")
    return [*head, "0.00", "0.00", *numbers, *_goods(refund.order), *money]


def yuan(fen: int) -> str:
    """``1.05`` for 105 fen."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100}.{abs(fen) % 100:02d}"


def _fee(fen: int) -> str:
    sign = "-" if fen < 0 else ""
    parts = abs(fen) * FEE_PER_MILLE
    return f"{sign}{parts // 100_000}.{parts % 100_000:05d}"
