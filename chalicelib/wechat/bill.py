"""WeChat Pay's bill of a day: asked for with a signature, fetched from where it says, proved by its hash.

It is the one answer of WeChat Pay that is not signed, and the one place that speaks yuan.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from urllib.parse import urlsplit

from chalicelib.core import log
from chalicelib.core.money import Fen
from chalicelib.wechat import signing
from chalicelib.wechat.account import PayAccount
from chalicelib.wechat.http import USER_AGENT, Unknown, WechatError, transport
from chalicelib.wechat.payhttp import ask

FILE_SECONDS = 20.0
NUMBER, TRANSACTION, KIND, TOTAL = "商户订单号", "微信订单号", "交易状态", "订单金额"
REFUND_NUMBER, REFUND, REFUND_STATUS = "商户退款单号", "申请退款金额", "退款状态"
LINES, PAID_SUM, REFUND_SUM = "总交易单数", "订单总金额", "申请退款总金额"
REFUNDED = "REFUND"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a bill: a payment, or with a ``refund_number`` a refund of it."""

    number: str
    """Our ``out_trade_no``."""
    transaction_id: str
    total: Fen
    refund_number: str
    refund: Fen
    refund_status: str


@dataclass(frozen=True, slots=True)
class Bill:
    """A whole bill, its sums checked against its own lines."""

    lines: list[Line]
    paid: Fen
    refunded: Fen


def trade_bill(account: PayAccount, day: date) -> Bill:
    """What WeChat Pay booked for the account on ``day`` (Beijing); a day without trade is an empty bill.

    Raises `Unknown` where the bill is not there yet, did not arrive whole or contradicts itself, and `WechatError`.
    """
    try:
        answer = ask(account, "GET", f"/v3/bill/tradebill?bill_date={day.isoformat()}&bill_type=ALL")
    except WechatError as refused:
        if refused.code == "NO_STATEMENT_EXIST":
            return Bill([], Fen(0), Fen(0))
        if refused.code == "STATEMENT_CREATING":
            raise Unknown("the bill is not ready") from refused
        raise
    told = answer or {}
    content = _file(account, str(told.get("download_url", "")))
    if hashlib.sha1(content).hexdigest() != str(told.get("hash_value", "")).lower():
        raise Unknown("the bill's hash differs")
    try:
        return read(content.decode("utf-8-sig"))
    except (ValueError, KeyError, InvalidOperation) as garbled:
        log.error("wechat_bill_garbled", day=day.isoformat(), raised=garbled)
        raise Unknown("the bill cannot be read") from garbled


def read(text: str) -> Bill:
    """The bill in ``text``. Raises ValueError, KeyError or InvalidOperation for what is none or does not add up."""
    header, *rows, summary_header, summary = [_cells(row) for row in text.splitlines() if row]
    lines = list(_lines(header, rows))
    sums = dict(zip(summary_header, summary, strict=True))
    paid = Fen(sum(line.total for line in lines if not line.refund_number))
    refunded = Fen(sum(line.refund for line in lines))
    if (int(sums[LINES]), _fen(sums[PAID_SUM]), _fen(sums[REFUND_SUM])) != (len(lines), paid, refunded):
        raise ValueError("the bill's lines do not add up to its sums")
    return Bill(lines, paid, refunded)


def _lines(header: list[str], rows: list[list[str]]) -> Iterator[Line]:
    for row in rows:
        cells = dict(zip(header, row, strict=True))
        back = cells[KIND] == REFUNDED
        yield Line(
            number=cells[NUMBER],
            transaction_id=cells[TRANSACTION],
            total=_fen(cells[TOTAL]),
            refund_number=cells[REFUND_NUMBER] if back else "",
            refund=_fen(cells[REFUND]) if back else Fen(0),
            refund_status=cells[REFUND_STATUS] if back else "",
        )


def _cells(row: str) -> list[str]:
    """Data stands behind backticks, since goods and attachments may contain commas; headers do not."""
    return row[1:].split(",`") if row.startswith("`") else row.split(",")


def _fen(yuan: str) -> Fen:
    fen = Decimal(yuan) * 100
    if fen != int(fen):
        raise ValueError(f"{yuan} yuan is no whole number of fen")
    return Fen(int(fen))


def _file(account: PayAccount, url: str) -> bytes:
    """What the address says, which is asked for as it stands. The answer carries no signature."""
    parts = urlsplit(url)
    if not parts.path:
        raise Unknown("the bill has no address")
    target = f"{parts.path}?{parts.query}" if parts.query else parts.path
    signed = signing.authorization(account, "GET", target, "")
    headers = {"Accept": "application/json", "User-Agent": USER_AGENT, "Authorization": signed}
    answer = transport().send("GET", url, headers, None, FILE_SECONDS)
    if answer.status != 200:
        raise Unknown(f"the bill's file: status {answer.status}")
    return answer.body
