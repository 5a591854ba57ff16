"""WeChat Pay's fund flow bill of the operations account: all that came to or left what transfers are paid from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from itertools import takewhile

import msgspec

from chalicelib.core.clock import BEIJING
from chalicelib.core.money import Fen
from chalicelib.wechat import billfile
from chalicelib.wechat.account import PayAccount
from chalicelib.wechat.billfile import cells, fen, is_data
from chalicelib.wechat.egress import way_out

BILL = "/v3/bill/fundflowbill"

AT, WECHATS, KIND, WAY = "记账时间", "微信支付业务单号", "业务类型", "收支类型"
AMOUNT, BALANCE, NUMBER = "收支金额(元)", "账户结余(元)", "业务凭证号"
SHOWN = (AT, WECHATS, KIND, WAY, AMOUNT, BALANCE, NUMBER)
SUMS = ("资金流水总笔数", "收入笔数", "收入金额", "支出笔数", "支出金额")
CAME, WENT = "收入", "支出"


class Movement(msgspec.Struct, frozen=True):
    """Money that came (above zero) or went (below zero)."""

    at: datetime
    """When it was booked, which may be another day than the transfer's."""
    number: str
    """Of a transfer its ``out_bill_no``; of other business its own number, or nothing."""
    transfer_bill_no: str
    kind: str
    """What WeChat calls it (业务类型); it changes these names."""
    amount: Fen
    balance: Fen
    """What the account had afterwards."""


class FundFlow(msgspec.Struct, frozen=True):
    """A whole bill, its sums checked against its own lines, which are read one by one whenever they are asked for.

    A transfer that came to nothing has two lines, maybe on two days: what matters is their sum.
    """

    content: bytes
    came: Fen
    went: Fen
    """Above zero."""

    def movements(self) -> Iterator[Movement]:
        """Each line in the bill's order; none is kept."""
        rows = billfile.rows(self.content)
        places = billfile.places(rows, SHOWN)
        for row in takewhile(is_data, rows):
            yield _movement(row, *places)


EMPTY = FundFlow(",".join(SHOWN).encode(), Fen(0), Fen(0))
"""The bill of a day on which nothing moved."""


def operations_flow(account: PayAccount, day: date) -> FundFlow:
    """What moved on the operations account on ``day`` (Beijing); ready the next day from 10:00.

    Raises `Unknown` where the bill is not there yet, did not arrive whole or contradicts itself, and `WechatError`.
    """
    target = f"{BILL}?bill_date={day.isoformat()}&account_type=OPERATION"
    content = billfile.download(account, target, via=way_out())
    if content is None:
        return EMPTY
    return billfile.understood(read, content, day)


def read(content: bytes) -> FundFlow:
    """The bill in a file. Raises ValueError, KeyError or InvalidOperation for what is none or does not add up."""
    rows = billfile.rows(content)
    places = billfile.places(rows, SHOWN)
    came: list[int] = []
    went: list[int] = []
    tail: list[str] = []
    for row in rows:
        if tail or not is_data(row):
            tail.append(row)
            continue
        amount = _movement(row, *places).amount
        (came if amount >= 0 else went).append(abs(amount))
    summary_header, summary = map(cells, tail)
    sums = dict(zip(summary_header, summary, strict=True))
    # Amounts are in yuan; numbers of lines come with decimals too.
    said = [Decimal(sums[name]) for name in SUMS]
    counted = [len(came) + len(went), len(came), Decimal(sum(came)) / 100, len(went), Decimal(sum(went)) / 100]
    if said != counted:
        raise ValueError("the bill's lines do not add up to its sums")
    return FundFlow(content, Fen(sum(came)), Fen(sum(went)))


def _movement(row: str, width: int, at: list[int]) -> Movement:
    when, wechats, kind, way, amount, balance, number = billfile.pick(row, width, at)
    if way not in (CAME, WENT):
        raise ValueError("a line neither comes nor goes")
    return Movement(
        at=datetime.fromisoformat(when).replace(tzinfo=BEIJING),
        number=number,
        transfer_bill_no=wechats,
        kind=kind,
        amount=Fen(fen(amount) if way == CAME else -fen(amount)),
        balance=fen(balance),
    )
