"""Who gets the goods of an order: given with it or later, sealed, shown masked, and seen whole only on record."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.accounts.mask import mask
from chalicelib.campaigns.offer import Fulfilment
from chalicelib.campaigns.shipping import province_called
from chalicelib.core import clock, log
from chalicelib.core.decision import Read, decided, decided_or_refused
from chalicelib.core.errors import INVALID_FIELD, NOT_FOUND, RippleError
from chalicelib.core.idempotency import Intent, add_record, record_key, recorded
from chalicelib.core.ids import MerchantId, OrderId, UserId
from chalicelib.core.seal import Unsealable, open_, seal
from chalicelib.core.secrets import merchant_secrets
from chalicelib.core.store import read, read_all, read_one
from chalicelib.core.transaction import Transaction
from chalicelib.merchants import audit
from chalicelib.orders.items import Order, Receiver, order_key, receiver_key
from chalicelib.orders.problems import (
    RECEIVER_ELSEWHERE,
    RECEIVER_FIXED,
    RECEIVER_KEPT,
    RECEIVER_KEY_MISSING,
    RECEIVER_UNREADABLE,
)
from chalicelib.orders.states import Delivery, OrderState

KEPT = timedelta(days=3 * 365 + 1)
"""How long who received what is kept: three years, the one with a leap day among them too (rules L12)."""

ADDRESSED = (Fulfilment.EXPRESS, Fulfilment.CITY)
"""How goods are sent to an address."""

CHANGEABLE = (OrderState.HELD, OrderState.PAID, OrderState.CONFIRMED)

WHOLE_NUMBER = 11
"""Digits of a Chinese mobile number, or of a fixed line with its area."""

Area = Annotated[str, Meta(max_length=40)]
NamedArea = Annotated[str, Meta(min_length=1, max_length=40)]


class Address(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """What ``wx.chooseAddress`` answers, under the same names in snake case; what it leaves empty may be left out."""

    user_name: Annotated[str, Meta(min_length=1, max_length=40)]
    tel_number: Annotated[str, Meta(pattern=r"^\+?[0-9][0-9-]{3,17}[0-9]$", max_length=20)]
    province_name: NamedArea
    city_name: NamedArea
    county_name: Area
    street_name: Area | None = None
    detail_info: Annotated[str, Meta(min_length=1, max_length=200)]
    postal_code: Annotated[str, Meta(pattern=r"^[0-9]{0,10}$")] | None = None
    national_code: Annotated[str, Meta(pattern=r"^[0-9]{0,12}$")] | None = None


def masked_phone(number: str) -> str:
    """At most seven digits of a number, and none of a short one.

    >>> masked_phone("+86-13812341234")
    '138****1234'
    """
    digits = "".join(letter for letter in number if letter.isdigit())[-WHOLE_NUMBER:]
    return f"{digits[:3]}****{digits[-4:]}" if len(digits) == WHOLE_NUMBER else "****"


def kept_until(order: Order) -> datetime:
    """Until when the law keeps an order's receiver; then it goes by itself, or is erased."""
    return order.created_at + KEPT


def insist_changeable(order: Order) -> None:
    """Raise `RECEIVER_FIXED` once it is settled who gets the goods, or that nobody does."""
    sent = order.delivery not in (None, Delivery.WAITING)
    if order.state not in CHANGEABLE or sent or clock.now() >= kept_until(order):
        raise RippleError(RECEIVER_FIXED, state=order.state.value)


def check_changeable(tx: Transaction, order: Order) -> None:
    """What `insist_changeable` saw, as a condition of the transaction that writes the change."""
    unsent = Order.delivery.does_not_exist() | (Order.delivery == Delivery.WAITING)
    tx.check("order", order, when={"changeable": Order.state.is_in(*CHANGEABLE), "unsent": unsent})


def add(tx: Transaction, order: Order, address: Address | None) -> None:
    """Put a new order's receiver beside it, where one was given.

    Raises INVALID_FIELD for goods that are sent to no address, `RECEIVER_ELSEWHERE`, `RECEIVER_KEY_MISSING`.
    """
    if address is not None:
        tx.put("receiver", _sealed(order, address, "/receiver"), when={})


def _sealed(order: Order, address: Address, pointer: str) -> Receiver:
    if order.fulfilment not in ADDRESSED:
        reason = ("该商品不寄送，无需收货地址", "its goods are not sent to an address")
        raise RippleError(INVALID_FIELD, pointer, reason=reason)
    if order.province is not None and province_called(address.province_name) != order.province:
        raise RippleError(RECEIVER_ELSEWHERE, f"{pointer}/province_name", province=order.province)
    secrets = merchant_secrets(order.mid)
    try:
        sealed = seal(secrets.data_keys, secrets.data_kid, msgspec.json.encode(address), order.pk)
    except Unsealable:
        log.warning("receiver_key_missing", mid=order.mid)
        raise RippleError(RECEIVER_KEY_MISSING) from None
    return Receiver(
        *receiver_key(order.mid, order.oid),
        sealed=sealed,
        name=mask(address.user_name),
        phone=masked_phone(address.tel_number),
        province=address.province_name,
        city=address.city_name,
        updated_at=clock.now(),
        ttl=int(kept_until(order).timestamp()),
    )


def change(mid: MerchantId, uid: UserId, oid: str, address: Address) -> tuple[Receiver, Address]:
    """The owner says who gets the goods, for the first time or anew; doing it twice is doing it once.

    Raises `NOT_FOUND`, `RECEIVER_FIXED`, and what `add` raises.
    """

    def attempt(read: Read) -> tuple[Receiver, Address]:
        key = order_key(mid, oid)
        own = read(key).item(Order, key)
        if own is None or own.uid != uid:
            raise RippleError(NOT_FOUND)
        insist_changeable(own)
        told = _sealed(own, address, "")
        tx = Transaction()
        check_changeable(tx, own)
        tx.put("receiver", told, when={})
        tx.commit()
        return told, address

    return decided_or_refused(attempt)


def own(mid: MerchantId, uid: UserId, oid: str) -> tuple[Receiver, Address]:
    """The receiver of the user's own order, whole. Raises `NOT_FOUND`, `RECEIVER_UNREADABLE`."""
    keys = order_key(mid, oid), receiver_key(mid, oid)
    found = read(*keys)
    order = found.item(Order, keys[0])
    if order is None or order.uid != uid:
        raise RippleError(NOT_FOUND)
    return _opened(found.item(Receiver, keys[1]))


def reveal(mid: MerchantId, actor: str, oid: str) -> tuple[Receiver, Address]:
    """An order's receiver, whole, for somebody of the merchant: nothing is answered before the look is on record.

    Raises `NOT_FOUND`, `RECEIVER_UNREADABLE`.
    """
    told = _opened(read_one(Receiver, receiver_key(mid, oid)))
    _record_look(mid, actor, oid)
    return told


def full(mid: MerchantId, oids: Iterable[str]) -> dict[OrderId, Address | None]:
    """The whole addresses of several orders, for what is sent; an order without one is left out.

    One that cannot be opened is None, so that it hides no other. Who asks for it audits the look.
    """
    items = read_all(receiver_key(mid, oid) for oid in oids)
    return {item.oid: _readable(item) for item in items if isinstance(item, Receiver) and item.sealed}


def erase(intent: Intent, oid: str) -> None:
    """Forget who received an order, once the law no longer keeps it; its money stays as it is.

    Raises `NOT_FOUND` where there is none any more, `RECEIVER_KEPT`.
    """

    def attempt() -> None:
        keys = record_key(intent), order_key(intent.mid, oid), receiver_key(intent.mid, oid)
        found = read(*keys)
        if recorded(intent, found[keys[0]]) is not None:
            return
        order, item = found.item(Order, keys[1]), found.item(Receiver, keys[2])
        if order is None or item is None or item.sealed is None:
            raise RippleError(NOT_FOUND)
        until = kept_until(order)
        if clock.now() < until:
            raise RippleError(RECEIVER_KEPT, until=clock.day_of(until).isoformat())
        tx = Transaction()
        clear = (Receiver.sealed, Receiver.name, Receiver.phone, Receiver.province, Receiver.city)
        actions = [*(attribute.remove() for attribute in clear), Receiver.erased_at.set(clock.now())]
        tx.update("receiver", item, actions, when={"sealed": Receiver.sealed.exists()})
        add_record(tx, intent)
        audit.add(tx, intent.mid, intent.actor, "receiver.erase", oid)
        tx.commit()

    decided(attempt)


def _opened(item: Receiver | None) -> tuple[Receiver, Address]:
    if item is None or item.sealed is None:
        raise RippleError(NOT_FOUND)
    try:
        plain = open_(merchant_secrets(item.mid).data_keys, item.sealed, item.pk)
    except Unsealable as unsealable:
        log.error("receiver_unreadable", mid=item.mid, order_id=item.oid, reason=unsealable.reason)
        raise RippleError(RECEIVER_UNREADABLE, order_id=item.oid) from None
    return item, msgspec.json.decode(plain, type=Address)


def _readable(item: Receiver) -> Address | None:
    try:
        return _opened(item)[1]
    except RippleError:
        return None


def _record_look(mid: MerchantId, actor: str, oid: str) -> None:
    tx = Transaction()
    audit.add(tx, mid, actor, "receiver.look", oid)
    tx.commit()
