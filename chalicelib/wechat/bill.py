"""WeChat Pay's trade bill of a day: every payment and refund that it booked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import takewhile

import msgspec

from chalicelib.core.money import Fen
from chalicelib.wechat import billfile
from chalicelib.wechat.account import PayAccount
from chalicelib.wechat.billfile import cells, fen, is_data

NUMBER, TRANSACTION, KIND, TOTAL = "商户订单号", "微信订单号", "交易状态", "订单金额"
REFUND_NUMBER, REFUND, REFUND_STATUS = "商户退款单号", "申请退款金额", "退款状态"
LINES, PAID_SUM, REFUND_SUM = "总交易单数", "订单总金额", "申请退款总金额"
SHOWN = (NUMBER, TRANSACTION, KIND, TOTAL, REFUND_NUMBER, REFUND, REFUND_STATUS)
REFUNDED = "REFUND"


class Line(msgspec.Struct, frozen=True):
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


class Bill(msgspec.Struct, frozen=True):
    """A whole bill, its sums checked against its own lines, which are read one by one whenever they are asked for."""

    content: bytes
    payments: int
    paid: Fen
    refunds: int
    refunded: Fen

    def lines(self) -> Iterator[Line]:
        """Each line in the bill's order; none is kept."""
        rows = billfile.rows(self.content)
        places = billfile.places(rows, SHOWN)
        for row in takewhile(is_data, rows):
            yield _line(row, *places)


EMPTY = Bill(",".join(SHOWN).encode(), 0, Fen(0), 0, Fen(0))
"""The bill of a day without trade."""


def trade_bill(account: PayAccount, day: date) -> Bill:
    """What WeChat Pay booked for the account on ``day`` (Beijing); a day without trade is an empty bill.

    Raises `Unknown` where the bill is not there yet, did not arrive whole or contradicts itself, and `WechatError`.
    """
    content = billfile.download(account, f"/v3/bill/tradebill?bill_date={day.isoformat()}&bill_type=ALL")
    if content is None:
        return EMPTY
    return billfile.understood(read, content, day)


def read(content: bytes) -> Bill:
    """The bill in a file. Raises ValueError, KeyError or InvalidOperation for what is none or does not add up."""
    rows = billfile.rows(content)
    places = billfile.places(rows, SHOWN)
    payments, paid, refunds, refunded = 0, 0, 0, 0
    tail: list[str] = []
    for row in rows:
        if tail or not is_data(row):
            tail.append(row)
            continue
        line = _line(row, *places)
        if line.refund_number:
            refunds, refunded = refunds + 1, refunded + line.refund
        else:
            payments, paid = payments + 1, paid + line.total
    summary_header, summary = map(cells, tail)
    sums = dict(zip(summary_header, summary, strict=True))
    if (int(sums[LINES]), fen(sums[PAID_SUM]), fen(sums[REFUND_SUM])) != (payments + refunds, paid, refunded):
        raise ValueError("the bill's lines do not add up to its sums")
    return Bill(content, payments, Fen(paid), refunds, Fen(refunded))


def _line(row: str, width: int, at: list[int]) -> Line:
    number, transaction, kind, total, refund_number, refund, refund_status = billfile.pick(row, width, at)
    back = kind == REFUNDED
    return Line(
        number=number,
        transaction_id=transaction,
        total=fen(total),
        status=kind,
        refund_number=refund_number if back else "",
        refund=fen(refund) if back else Fen(0),
        refund_status=refund_status if back else "",
    )
