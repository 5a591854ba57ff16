"""Shipping information (发货信息管理): without it the money of a payment stays frozen.

The errcodes, the fields and their limits, the one chance to ship again (also used up by another delivery mode or
logistics type) and what get_order shows are WeChat's documents'. These are ours, since the documents are silent: the
order of the checks; 47001 for each wrong type; 10060014 for an empty list, a missing or unmasked phone of SF, and a
split list that lacks an earlier parcel; 268485216 also for a time that is not newer, and for one without milliseconds;
10060023 before it; 10060002 for a split upload that is not the last although all went out; 10060004 for an unpaid
order, and after receipt; 10060001 for another mini-program's payment; that a split upload names all parcels so far.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from infra.local.wechat_sim import tokens
from infra.local.wechat_sim.documents import document, member
from infra.local.wechat_sim.refusal import ApiRefusal, ControlRefusal
from infra.local.wechat_sim.world import Order, Shipment, Special, Upload, World

BY_MERCHANT, BY_TRANSACTION = 1, 2
EXPRESS, LOGISTICS_TYPES = 1, (1, 2, 3, 4)
UNIFIED, SPLIT = 1, 2
TO_SHIP, SHIPPED, RECEIVED, REFUNDED = 1, 2, 3, 5
PRESALE, TEST = 1, 2
MOST_PARCELS = 15
MOST_DESCRIPTION = 120
MOST_BYTES = 128
MOST_CONTACT = 1024
NEEDS_CONTACT = "SF"
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(Z|[+-]\d\d:\d\d)")
OK: dict[str, Any] = {"errcode": 0, "errmsg": "ok"}


def upload(world: World, query: dict[str, str], body: bytes) -> dict[str, Any]:
    """POST /wxa/sec/order/upload_shipping_info."""
    appid = tokens.check(world, query)
    sent = document(body)
    key: dict[str, Any] = member(sent, "order_key", {})
    _check_key(key)
    made = _read(sent)
    openid = member(member(sent, "payer", {}), "openid", "")
    order = _keyed(world, appid, key)
    if openid != order.openid:
        raise ApiRefusal(10060031, "该笔支付单不属于 openid 所指定的用户")
    shipment = _shipment(world, order)
    if order.paid_at is None or order_state(order, shipment) not in (TO_SHIP, SHIPPED):
        raise ApiRefusal(10060004, "支付单处于不可发货的状态")
    again = bool(shipment.uploads) and _again(shipment, made)
    shipment.reshipped = shipment.reshipped or again
    if made.all_delivered and not shipment.complete:
        world.shipped.append(order)
    shipment.uploads.append(made)
    world.shipments[order.mchid, order.out_trade_no] = shipment
    return OK


def _again(shipment: Shipment, made: Upload) -> bool:
    """Whether this ships again what was shipped before, and that it may."""
    last = shipment.uploads[-1]
    if _content(made) == _content(last):
        raise ApiRefusal(10060023, "发货信息未更新")
    if made.at <= last.at:
        raise ApiRefusal(268485216, "上传时间必须比之前的请求更新")
    if shipment.complete and not made.all_delivered:
        raise ApiRefusal(10060002, "支付单已完成发货，无法继续发货")
    moved = (made.delivery_mode, made.logistics_type) != (last.delivery_mode, last.logistics_type)
    if shipment.complete or moved:
        if shipment.reshipped:
            raise ApiRefusal(10060003, "支付单已使用重新发货机会")
        return True
    if not _numbers(last) <= _numbers(made):
        raise ApiRefusal(10060014, "shipping_list 缺少已上传的物流信息")
    return False


def _content(made: Upload) -> tuple[object, ...]:
    return made.delivery_mode, made.logistics_type, made.shipping_list, made.all_delivered


def _numbers(made: Upload) -> set[tuple[str, str]]:
    return {(parcel["express_company"], parcel["tracking_no"]) for parcel in made.shipping_list}


def _check_key(key: dict[str, Any]) -> None:
    kind = member(key, "order_number_type", 0)
    if kind not in (BY_MERCHANT, BY_TRANSACTION):
        raise ApiRefusal(268485194, "订单单号类型非法")
    if kind == BY_TRANSACTION and not member(key, "transaction_id", ""):
        raise ApiRefusal(268485195, "微信支付单号形式下 transaction_id 字段不能为空")
    if kind == BY_MERCHANT and not member(key, "mchid", ""):
        raise ApiRefusal(268485196, "商户侧单号形式下 mchid 字段不能为空")
    if kind == BY_MERCHANT and not member(key, "out_trade_no", ""):
        raise ApiRefusal(268485197, "商户侧单号形式下 out_trade_no 字段不能为空")


def _keyed(world: World, appid: str, key: dict[str, Any]) -> Order:
    if key["order_number_type"] == BY_TRANSACTION:
        return _own(appid, world.transactions.get(key["transaction_id"]))
    return _own(appid, world.orders.get((key["mchid"], key["out_trade_no"])))


def _own(appid: str, order: Order | None) -> Order:
    if order is None or order.appid != appid:
        raise ApiRefusal(10060001, "支付单不存在")
    return order


def _read(sent: dict[str, Any]) -> Upload:
    logistics, mode = member(sent, "logistics_type", 0), member(sent, "delivery_mode", 0)
    if logistics not in LOGISTICS_TYPES:
        raise ApiRefusal(10060005, "物流类型有误")
    if mode not in (UNIFIED, SPLIT):
        raise ApiRefusal(268485224, "发货模式非法")
    if mode == SPLIT and logistics != EXPRESS:
        raise ApiRefusal(10060006, "非快递发货时不允许分拆发货")
    if mode == SPLIT and "is_all_delivered" not in sent:
        raise ApiRefusal(10060007, "分拆发货模式下必须填写 is_all_delivered 字段")
    parcels: list[Any] = member(sent, "shipping_list", [])
    if len(parcels) > MOST_PARCELS:
        raise ApiRefusal(10060024, "物流信息列表太长")
    if mode == UNIFIED and len(parcels) != 1:
        raise ApiRefusal(268485228, "统一发货模式下，物流信息列表长度必须为 1")
    if not parcels:
        raise ApiRefusal(10060014, "参数错误")
    for parcel in parcels:
        _check_parcel(parcel, express=logistics == EXPRESS)
    complete = member(sent, "is_all_delivered", False) if mode == SPLIT else True
    return Upload(_instant(member(sent, "upload_time", "")), mode, logistics, parcels, complete)


def _check_parcel(parcel: Any, *, express: bool) -> None:
    if not isinstance(parcel, dict):
        raise ApiRefusal(47001, "data format error")
    description = member(parcel, "item_desc", "")
    number, company = member(parcel, "tracking_no", ""), member(parcel, "express_company", "")
    if not description:
        raise ApiRefusal(10060008, "商品描述 item_desc 字段不能为空")
    if len(description) > MOST_DESCRIPTION:
        raise ApiRefusal(10060009, "商品描述 item_desc 字段太长")
    if express and not number:
        raise ApiRefusal(268485226, "物流单号不能为空")
    if express and not company:
        raise ApiRefusal(268485227, "物流公司编码不能为空")
    if len(company.encode()) > MOST_BYTES:
        raise ApiRefusal(10060025, "物流公司编码太长")
    if len(number.encode()) > MOST_BYTES:
        raise ApiRefusal(10060026, "物流单号太长")
    contact: dict[str, Any] = member(parcel, "contact", {})
    phones = [member(contact, name, "") for name in ("consignor_contact", "receiver_contact")]
    if express and company == NEEDS_CONTACT and not any(phones):
        raise ApiRefusal(10060014, "顺丰发货时联系方式必填")
    if not all(_masked(phone) for phone in phones if phone):
        raise ApiRefusal(10060014, "联系方式需采用掩码传输")


def _masked(phone: str) -> bool:
    """Some of it is starred, but none of its last four digits; ``189****1234``, ``0**2-******23-10``."""
    digits = re.sub(r"[+-]", "", phone)
    return len(phone) <= MOST_CONTACT and re.fullmatch(r"[0-9*]*\*[0-9*]*[0-9]{4}", digits, re.ASCII) is not None


def _instant(text: str) -> datetime:
    try:
        if INSTANT.fullmatch(text):
            return datetime.fromisoformat(text)
    except ValueError:
        pass
    raise ApiRefusal(268485216, "上传时间非法，请按照 RFC 3339 格式填写")


def get_order(world: World, query: dict[str, str], body: bytes) -> dict[str, Any]:
    """POST /wxa/sec/order/get_order: a payment, however its goods went out; an unpaid order is none."""
    appid = tokens.check(world, query)
    sent = document(body)
    transaction_id = member(sent, "transaction_id", "")
    mchid, number = member(sent, "merchant_id", ""), member(sent, "merchant_trade_no", "")
    if not transaction_id and not (mchid and number):
        raise ApiRefusal(10060014, "请求参数非法")
    order = _own(appid, world.transactions.get(transaction_id) if transaction_id else world.orders.get((mchid, number)))
    if order.paid_at is None:
        raise ApiRefusal(10060001, "支付单不存在")
    shipment = _shipment(world, order)
    parcels = shipment.uploads[-1].shipping_list if shipment.uploads else []
    description = ";".join(parcel["item_desc"] for parcel in parcels)
    if len(description) > MOST_DESCRIPTION:
        description = description[:MOST_DESCRIPTION] + "..."
    shown = {
        "transaction_id": order.transaction_id,
        "merchant_trade_no": order.out_trade_no,
        "merchant_id": order.mchid,
        "sub_merchant_id": "",
        "description": description,
        "paid_amount": order.total,
        "openid": order.openid,
        "trade_create_time": int(order.created_at.timestamp()),
        "pay_time": int(order.paid_at.timestamp()),
        "order_state": order_state(order, shipment),
        "in_complaint": False,
        "shipping": _shown(shipment),
    }
    return OK | {"order": shown}


def _shown(shipment: Shipment) -> dict[str, Any]:
    if not shipment.uploads:
        return {}
    last = shipment.uploads[-1]
    at = int(last.at.timestamp())
    return {
        "delivery_mode": last.delivery_mode,
        "logistics_type": last.logistics_type,
        "finish_shipping": last.all_delivered,
        "finish_shipping_count": sum(each.all_delivered for each in shipment.uploads),
        "goods_desc": "",
        "shipping_list": [_shown_parcel(parcel, at) for parcel in last.shipping_list],
    }


def _shown_parcel(parcel: dict[str, Any], at: int) -> dict[str, Any]:
    same = {name: parcel[name] for name in ("tracking_no", "express_company", "contact") if name in parcel}
    return same | {"goods_desc": parcel["item_desc"], "upload_time": at}


def special_order(world: World, query: dict[str, str], body: bytes) -> dict[str, Any]:
    """POST /wxa/sec/order/opspecialorder: a payment that waits for its goods is a presale, or a test."""
    appid = tokens.check(world, query)
    sent = document(body)
    kind, delay_to = member(sent, "type", 0), member(sent, "delay_to", 0)
    if kind not in (PRESALE, TEST):
        raise ApiRefusal(268546000, "type非法")
    if kind == PRESALE and delay_to <= world.clock.now().timestamp():
        raise ApiRefusal(268546001, "delay_to非法")
    number = member(sent, "order_id", "")
    for order in world.orders.values():
        if order.appid != appid or order.paid_at is None or number not in (order.out_trade_no, order.transaction_id):
            continue
        shipment = _shipment(world, order)
        if order_state(order, shipment) == TO_SHIP:
            shipment.special = Special(kind, delay_to)
            world.shipments[order.mchid, order.out_trade_no] = shipment
            return OK
    raise ApiRefusal(268546002, "账户不存在这个待发货单号")


def order_state(order: Order, shipment: Shipment) -> int:
    """WeChat's state of a paid order: to ship, shipped, received, refunded."""
    if sum(refund.amount for refund in order.refunds if refund.status == "SUCCESS") >= order.total:
        return REFUNDED
    if shipment.received_at:
        return RECEIVED
    return SHIPPED if shipment.complete else TO_SHIP


def receive(world: World, order: Order) -> int:
    """The user confirms that he has the goods; the state after it. Raises `ControlRefusal`."""
    shipment = _shipment(world, order)
    if order_state(order, shipment) != SHIPPED:
        raise ControlRefusal(409, "only what is shipped can be received")
    shipment.received_at = world.clock.now()
    return order_state(order, shipment)


def _shipment(world: World, order: Order) -> Shipment:
    return world.shipments.get((order.mchid, order.out_trade_no), Shipment())
