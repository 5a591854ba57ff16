"""Tracking numbers as the warehouse gives them back: one file, many orders, each sent once and on its own.

Nothing but the orders says how far a file has come, so that it may be given again at any time.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

import msgspec

from chalicelib.core.errors import INVALID_FIELD, NOT_FOUND, Language, RippleError, localised
from chalicelib.core.idempotency import Intent, begin, part, record_key, recorded
from chalicelib.core.ids import MerchantId, is_id
from chalicelib.core.store import read, read_one
from chalicelib.fulfilment import delivery, sheet
from chalicelib.fulfilment.carriers import carrier_id
from chalicelib.fulfilment.items import Shipment, shipment_key
from chalicelib.fulfilment.problems import ALREADY_RECEIVED, ALREADY_SENT
from chalicelib.orders.items import Order, order_key
from chalicelib.orders.states import Delivery, OrderState

MOST_ORDERS = 300
"""Orders of one file: two round trips each, about 30 ms, which is well within `SECONDS`."""
MOST_ROWS = 2000
SECONDS = 12.0
"""For how long orders are begun to be sent; the function ends after 25 s, and one order may be slow."""
AT_ONCE = 33
"""Orders that are looked at in one read round: three items each."""
SHOWN = 64
"""Letters of what was given as an order's id that are said back."""

HEADS: Final = {
    sheet.ORDER: "order_id",
    "order_id": "order_id",
    sheet.CARRIER: "carrier",
    "carrier": "carrier",
    sheet.NUMBER: "number",
    "number": "number",
}
"""What the three columns may be called."""

_NUMBER = re.compile(r"[A-Za-z0-9-]{4,64}")

NO_ORDER = ("缺少订单号", "the order's id is missing")
NO_CARRIER = (
    "无法识别快递公司，请填写常用名称或微信的快递公司编码",
    "the carrier is neither a common name nor WeChat's id",
)
NO_NUMBER = (
    "运单号应为 4–64 位字母、数字或连字符；若显示为 7.7E+14，请将该列设为文本后重填",
    "a number is 4 to 64 letters, digits or hyphens; where it reads 7.7E+14, make the column text and fill it in again",
)
OTHER_LINE = ("同一订单的第 {line} 行有误", "line {line} of the same order is wrong")
OUT_OF_TIME = ("时间不足，尚未处理，请用同一请求重试", "There was no time for it: repeat the same request.")

Said = tuple[str, str | tuple[str, str]]
"""A code, and why, in both languages."""


class Line(msgspec.Struct, kw_only=True):
    """What became of one line of the file."""

    line: int
    """As a spreadsheet counts it: the header is 1."""
    order_id: str
    outcome: str
    """sent | already: with the same parcels, earlier | refused | not_tried: there was no time"""
    code: str | None
    """The problem's, where it was refused."""
    detail: str | None


class Report(msgspec.Struct, kw_only=True):
    """What became of a file. Lines without a carrier and a number are left out; the counts are of orders."""

    sent: int
    already: int
    refused: int
    not_tried: int
    lines: list[Line]


@dataclass
class Group:
    """An order of the file, with the lines that name its parcels."""

    oid: str
    lines: list[int] = field(default_factory=list)
    parcels: list[tuple[str, str]] = field(default_factory=list)
    wrong: dict[int, Said] = field(default_factory=dict)
    outcome: str = "not_tried"
    said: Said | None = None

    def refuse(self, code: str, why: str | tuple[str, str]) -> None:
        """Nothing is sent of it."""
        self.outcome, self.said = "refused", (code, why)

    def told(self, language: Language) -> Iterator[Line]:
        """What became of its lines."""
        for line in self.lines:
            code, why = self.wrong.get(line) or self.said or (None, None)
            detail = localised(why, language)
            yield Line(line=line, order_id=self.oid[:SHOWN], outcome=self.outcome, code=code, detail=detail)


def groups(text: str) -> list[Group]:
    """The orders that a file names parcels of, as they come in it. Raises INVALID_FIELD for what is no such file."""
    found: dict[str, Group] = {}
    rows = 0
    for line, row in _rows(text):
        oid, carrier, number = (sheet.plain(row[name]) for name in ("order_id", "carrier", "number"))
        if not carrier and not number:
            continue
        rows += 1
        group = found.setdefault(oid or f"#{line}", Group(oid))
        if rows > MOST_ROWS or len(found) > MOST_ORDERS:
            limits = f"{MOST_ORDERS} 个订单、{MOST_ROWS} 行", f"{MOST_ORDERS} orders and {MOST_ROWS} lines"
            raise _malformed(line, f"一次最多 {limits[0]}", f"at most {limits[1]} at once")
        group.lines.append(line)
        known = carrier_id(carrier)
        if not oid:
            group.wrong[line] = INVALID_FIELD.code, NO_ORDER
        elif known is None:
            group.wrong[line] = INVALID_FIELD.code, NO_CARRIER
        elif not _NUMBER.fullmatch(number):
            group.wrong[line] = INVALID_FIELD.code, NO_NUMBER
        elif (known, number) not in group.parcels:
            group.parcels.append((known, number))
    return list(found.values())


def _rows(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """The three cells of every row below the header, by name. Raises INVALID_FIELD."""
    places: dict[str, int] | None = None
    try:
        for line, row in sheet.read(text):
            if places is None:
                places = _places(line, row)
            else:
                yield line, {name: row[place] if place < len(row) else "" for name, place in places.items()}
    except sheet.Torn as torn:
        raise _malformed(torn.row, "引号不配对或单元格过长", "its quotes do not match, or a cell is too long") from None
    if places is None:
        raise _malformed(1, "没有表头", "there is no header")


def _places(line: int, head: list[str]) -> dict[str, int]:
    """Where the three columns stand."""
    names = [HEADS.get(sheet.plain(cell).casefold()) for cell in head]
    for name in ("order_id", "carrier", "number"):
        if names.count(name) != 1:
            ours = next(head for head, known in HEADS.items() if known == name)
            raise _malformed(line, f"表头须恰有一列“{ours}”", f"the header needs one column “{ours}” or “{name}”")
    return {name: place for place, name in enumerate(names) if name is not None}


def _malformed(line: int, zh: str, en: str) -> RippleError:
    return RippleError(INVALID_FIELD, "/csv", reason=(f"第 {line} 行：{zh}", f"line {line}: {en}"), line=line)


def give(intent: Intent, text: str, language: Language, in_time: Callable[[], bool]) -> Report:
    """Send every order of a file that can be sent, while it is ``in_time``, and say what became of each line.

    Given again it sends nothing twice and goes on where it ended. Raises INVALID_FIELD for what is no such file.
    """
    every = groups(text)
    begin(intent)
    fit = []
    for group in every:
        if group.wrong:
            line, (code, _) = next(iter(group.wrong.items()))
            zh, en = (why.format(line=line) for why in OTHER_LINE)
            group.refuse(code, (zh, en))
        elif not is_id(group.oid):
            group.refuse(NOT_FOUND.code, (NOT_FOUND.zh, NOT_FOUND.en))
        else:
            fit.append(group)
    for start in range(0, len(fit), AT_ONCE):
        if in_time():
            _send_some(intent, fit[start : start + AT_ONCE], language, in_time)
    for group in every:
        if group.outcome == "not_tried":
            group.said = "out_of_time", OUT_OF_TIME
    counts = Counter(group.outcome for group in every)
    lines = sorted((line for group in every for line in group.told(language)), key=lambda line: line.line)
    return Report(
        sent=counts["sent"],
        already=counts["already"],
        refused=counts["refused"],
        not_tried=counts["not_tried"],
        lines=lines,
    )


def _send_some(intent: Intent, some: list[Group], language: Language, in_time: Callable[[], bool]) -> None:
    """Send what one look at all of them does not show to be done."""
    mid = intent.mid
    keys = [
        (record_key(part(intent, group.oid)), order_key(mid, group.oid), shipment_key(mid, group.oid)) for group in some
    ]
    found = read(*(key for three in keys for key in three))
    for group, (record, order, shipment) in zip(some, keys, strict=True):
        if recorded(intent, found[record]) is not None:
            group.outcome = "sent"
        elif _is_out(found.item(Order, order)) and _same(found.item(Shipment, shipment), group):
            group.outcome = "already"
        elif in_time():
            _send(part(intent, group.oid), mid, group, language)


def _send(own: Intent, mid: MerchantId, group: Group, language: Language) -> None:
    """Send one order; what the world forbids is said of it, and stops no other."""
    try:
        delivery.send(own, group.oid, group.parcels, complete=True)
        group.outcome = "sent"
    except RippleError as refused:
        if refused.problem.status >= 500:
            raise
        raced = refused.problem in (ALREADY_SENT, ALREADY_RECEIVED)
        if raced and _same(read_one(Shipment, shipment_key(mid, group.oid)), group):
            group.outcome = "already"
            return
        told = refused.told(language)
        group.refuse(refused.problem.code, str(told.get("reason", told["detail"])))


def _is_out(order: Order | None) -> bool:
    """Whether all of it has been sent, and stays so."""
    gone = Delivery.SENT, Delivery.DONE
    return order is not None and order.state == OrderState.CONFIRMED and order.delivery in gone


def _same(shipment: Shipment | None, group: Group) -> bool:
    return shipment is not None and {(p.carrier, p.number) for p in shipment.parcels} == set(group.parcels)
