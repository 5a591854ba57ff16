"""WeChat Pay's bill of a day: asked for with a signature, fetched from where it says, proved by its hash.

It is the one answer of WeChat Pay that is not signed, and the one place that speaks yuan.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import takewhile
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
SHOWN = (NUMBER, TRANSACTION, KIND, TOTAL, REFUND_NUMBER, REFUND, REFUND_STATUS)
REFUNDED = "REFUND"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a bill: a payment, or with a ``refund_number`` a refund of it."""

    number: str
    """Our ``out_trade_no``."""
    transaction_id: str
    total: Fen
    status: str
    """What WeChat calls a payment: ``SUCCESS``, ``REVOKED``; a refund's is always ``REFUND``."""
    refund_number: str
    refund: Fen
    refund_status: str
    """``SUCCESS``, ``PROCESSING``, or how it failed: ``CHANGE``, ``FAIL`` and others; empty of a payment."""


@dataclass(frozen=True, slots=True)
class Bill:
    """A whole bill, its sums checked against its own lines, which are read one by one whenever they are asked for."""

    content: bytes
    payments: int
    paid: Fen
    refunds: int
    refunded: Fen

    def lines(self) -> Iterator[Line]:
        """Each line in the bill's order; none is kept."""
        rows = _rows(self.content)
        places = _places(rows)
        for row in takewhile(_is_data, rows):
            yield _line(row, *places)


EMPTY = Bill(",".join(SHOWN).encode(), 0, Fen(0), 0, Fen(0))
"""The bill of a day without trade."""


def trade_bill(account: PayAccount, day: date) -> Bill:
    """What WeChat Pay booked for the account on ``day`` (Beijing); a day without trade is an empty bill.

    Raises `Unknown` where the bill is not there yet, did not arrive whole or contradicts itself, and `WechatError`.
    """
    try:
        answer = ask(account, "GET", f"/v3/bill/tradebill?bill_date={day.isoformat()}&bill_type=ALL")
    except WechatError as refused:
        if refused.code == "NO_STATEMENT_EXIST":
            return EMPTY
        if refused.code == "STATEMENT_CREATING":
            raise Unknown("the bill is not ready") from refused
        raise
    told = answer or {}
    content = _file(account, str(told.get("download_url", "")))
    if hashlib.sha1(content).hexdigest() != str(told.get("hash_value", "")).lower():
        raise Unknown("the bill's hash differs")
    try:
        return read(content)
    except (ValueError, KeyError, InvalidOperation) as garbled:
        log.error("wechat_bill_garbled", day=day.isoformat(), raised=garbled)
        raise Unknown("the bill cannot be read") from garbled


def read(content: bytes) -> Bill:
    """The bill in a file. Raises ValueError, KeyError or InvalidOperation for what is none or does not add up."""
    rows = _rows(content)
    places = _places(rows)
    payments, paid, refunds, refunded = 0, 0, 0, 0
    tail: list[str] = []
    for row in rows:
        if tail or not _is_data(row):
            tail.append(row)
            continue
        line = _line(row, *places)
        if line.refund_number:
            refunds, refunded = refunds + 1, refunded + line.refund
        else:
            payments, paid = payments + 1, paid + line.total
    summary_header, summary = map(_cells, tail)
    sums = dict(zip(summary_header, summary, strict=True))
    if (int(sums[LINES]), _fen(sums[PAID_SUM]), _fen(sums[REFUND_SUM])) != (payments + refunds, paid, refunded):
        raise ValueError("the bill's lines do not add up to its sums")
    return Bill(content, payments, Fen(paid), refunds, Fen(refunded))


def _rows(content: bytes) -> Iterator[str]:
    """The file's lines, each decoded as it is reached."""
    for row in io.TextIOWrapper(io.BytesIO(content), encoding="utf-8-sig", newline="\n"):
        if stripped := row.rstrip("\r\n"):
            yield stripped


def _places(rows: Iterator[str]) -> tuple[int, list[int]]:
    """How many cells the header has, and which of them are shown."""
    header = _cells(next(rows, ""))
    return len(header), [header.index(name) for name in SHOWN]


def _is_data(row: str) -> bool:
    return row.startswith("`")


def _line(row: str, width: int, places: list[int]) -> Line:
    cells = _cells(row)
    if len(cells) != width:
        raise ValueError("a line has other cells than the header")
    number, transaction, kind, total, refund_number, refund, refund_status = (cells[place] for place in places)
    back = kind == REFUNDED
    return Line(
        number=number,
        transaction_id=transaction,
        total=_fen(total),
        status=kind,
        refund_number=refund_number if back else "",
        refund=_fen(refund) if back else Fen(0),
        refund_status=refund_status if back else "",
    )


def _cells(row: str) -> list[str]:
    """Data stands behind backticks, since goods and attachments may contain commas; headers do not."""
    return row[1:].split(",`") if _is_data(row) else row.split(",")


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
