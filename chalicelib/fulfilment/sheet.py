"""The warehouse's sheet: what is to be sent and where, as a CSV that a spreadsheet opens and runs nothing of."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime

from chalicelib.campaigns.offer import Fulfilment
from chalicelib.core import clock
from chalicelib.core.errors import Language, localised
from chalicelib.core.ids import MerchantId, OrderId
from chalicelib.core.sheets import MARK, written
from chalicelib.core.transaction import Transaction
from chalicelib.fulfilment import file
from chalicelib.fulfilment.views import urgency
from chalicelib.merchants import audit
from chalicelib.orders import receiver
from chalicelib.orders.items import Order
from chalicelib.orders.receiver import ADDRESSED, Address
from chalicelib.orders.states import Delivery

ORDER, CARRIER, NUMBER = "订单号", "快递公司", "运单号"
"""The columns that the warehouse gives back."""

COLUMNS = (
    ORDER, "付款时间", "最晚发货时间", "紧急程度", "商品编号", "商品名称", "数量", "收货人", "电话", "省", "市", "区县",
    "街道", "详细地址", "邮编", "配送方式", CARRIER, NUMBER, "问题", "自提点",
)  # fmt: skip

URGENCY = {
    "on_time": ("正常", "on time"),
    "soon": ("即将到期", "soon"),
    "urgent": ("紧急", "urgent"),
    "late": ("已超时", "late"),
}
FULFILMENT = {
    Fulfilment.EXPRESS: ("快递", "express"),
    Fulfilment.CITY: ("同城配送", "city"),
    Fulfilment.PICKUP: ("自提", "pickup"),
    Fulfilment.VIRTUAL: ("虚拟商品", "virtual"),
}
CASE_OPEN = ("售后处理中，请勿发货", "The buyer asks for his money: do not send it.")
UNREADABLE = ("收货信息无法解密", "Who receives it cannot be opened.")
NOBODY = ("没有收货信息", "Nobody said who receives it.")

_KEPT_AS_TEXT = re.compile(r'="(.*)"', re.DOTALL)


class Torn(Exception):
    """A row that cannot be told from the next one: quotes that do not match, or a cell of 128 KB."""

    def __init__(self, row: int) -> None:
        super().__init__(f"row {row}")
        self.row = row


def page(
    mid: MerchantId,
    actor: str,
    delivery: Delivery,
    day: date | None,
    limit: int,
    after: str | None,
    language: Language,
) -> tuple[bytes, str | None]:
    """One page of the sheet, earliest paid first, and where to go on; the look at its addresses is on record before.

    Only what is shown is read. An order that has gone out since it was listed is left out.
    """
    found, more = file.listed(mid, delivery, day, limit, after)
    orders = [order for order in found if order.delivery == delivery]
    addresses = receiver.full(mid, [order.oid for order in orders])
    opened = [oid for oid, address in addresses.items() if address is not None]
    if opened:
        tx = Transaction()
        facts = {"orders": str(len(opened)), "first": opened[0], "last": opened[-1]}
        audit.add(tx, mid, actor, "receiver.look", "sheet", **facts)
        tx.commit()
    rows = [row for order in orders for row in _rows(order, addresses, language)]
    return written([COLUMNS, *rows]).encode(), more


def _rows(order: Order, addresses: dict[OrderId, Address | None], language: Language) -> Iterator[Sequence[str]]:
    """A row for each line of the order."""
    address = addresses.get(order.oid)
    shown = localised(URGENCY.get(urgency(order) or "", ("", "")), language)
    way = localised(FULFILMENT[order.fulfilment], language)
    point = file.point_of(order)
    problem = localised(_problem(order, addresses), language)
    for line in order.lines:
        goods = line.sku_id, line.title, str(line.quantity)
        times = _china(order.paid_at), _china(order.ship_by)
        yield order.oid, *times, shown, *goods, *_cells(address), way, "", "", problem, point.name if point else ""


def _problem(order: Order, addresses: dict[OrderId, Address | None]) -> tuple[str, str]:
    """Why somebody must look at the order before it is sent."""
    if order.case is not None:
        return CASE_OPEN
    if order.oid in addresses:
        return UNREADABLE if addresses[order.oid] is None else ("", "")
    return NOBODY if order.fulfilment in ADDRESSED else ("", "")


def _cells(address: Address | None) -> tuple[str, ...]:
    if address is None:
        return ("",) * 8
    area = address.province_name, address.city_name, address.county_name, address.street_name or ""
    return address.user_name, address.tel_number, *area, address.detail_info, address.postal_code or ""


def _china(instant: datetime | None) -> str:
    return f"{instant.astimezone(clock.BEIJING):%Y-%m-%d %H:%M:%S}" if instant else ""


def plain(cell: str) -> str:
    """What somebody wrote into a cell, without what keeps a spreadsheet from changing it.

    >>> plain('="0012"'), plain("'0012"), plain(" 0012 ")
    ('0012', '0012', '0012')
    """
    text = cell.strip()
    as_text = _KEPT_AS_TEXT.fullmatch(text)
    return (as_text[1] if as_text else text.removeprefix("'")).strip()


def read(text: str) -> Iterator[tuple[int, list[str]]]:
    """Rows of a CSV file that say something, with their numbers as a spreadsheet counts them. Raises `Torn`."""
    number = 0
    try:
        for row in csv.reader(io.StringIO(text.removeprefix(MARK), newline=""), strict=True):
            number += 1
            if any(cell.strip() for cell in row):
                yield number, row
    except csv.Error:
        raise Torn(number + 1) from None
