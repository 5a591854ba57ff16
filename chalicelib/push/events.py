"""The events that WeChat pushes: believed only when genuine, and each acted on as often as it comes."""

from __future__ import annotations

from chalicelib.core import log
from chalicelib.core.errors import RippleError
from chalicelib.core.ids import MerchantId
from chalicelib.core.metrics import count
from chalicelib.fulfilment import delivery
from chalicelib.merchants.service import merchant, push_account
from chalicelib.orders.problems import NOTIFICATION_REFUSED
from chalicelib.wechat import push
from chalicelib.wechat.notification import Forged
from chalicelib.wechat.push import Message

SETTLEMENT = "trade_manage_order_settlement"
"""Money will be or was paid out: told when goods went out, and again when they count as received."""
SHIPPING_REMINDER = "trade_manage_remind_shipping"
"""Something paid for was not sent in time."""

LONGEST_NAME = 64


def asked(mid: MerchantId, *, signature: str, timestamp: str, nonce: str) -> None:
    """WeChat asks whether this is the merchant's server. Raises `NOTIFICATION_REFUSED`."""
    account = push_account(mid)
    try:
        push.verify(account, signature=signature, timestamp=timestamp, nonce=nonce)
    except Forged as forged:
        raise _refused(forged) from None


def told(mid: MerchantId, *, signature: str, timestamp: str, nonce: str, raw: bytes) -> None:
    """Take a message. Returning is the acknowledgement, also of what means nothing to us.

    Raises `NOTIFICATION_REFUSED` for what is not genuine. Anything else that escapes means that our storage failed;
    WeChat comes back three times.
    """
    account = push_account(mid)
    try:
        message = push.read(account, signature=signature, timestamp=timestamp, nonce=nonce, raw_body=raw)
    except Forged as forged:
        raise _refused(forged) from None
    if message.kind == SETTLEMENT:
        _settlement(mid, message)
    elif message.kind == SHIPPING_REMINDER:
        log.warning("shipping_reminder", number=message.text("merchant_trade_no")[:LONGEST_NAME])
        count("ShippingReminders")
    else:
        log.info("push_of_unknown_kind", kind=message.kind[:LONGEST_NAME])


def _settlement(mid: MerchantId, message: Message) -> None:
    """Goods that WeChat counts as received are received, unless what we know of the order forbids it."""
    number = message.text("merchant_trade_no")[:LONGEST_NAME]
    if not message.happened("confirm_receive_time"):
        return
    if message.text("merchant_id") != merchant(mid).mchid:
        log.warning("settlement_of_another_account", number=number)
        return
    try:
        delivery.settled(mid, number)
    except RippleError as unfit:
        if unfit.problem.status >= 500:
            raise
        log.warning("settlement_left", number=number, why=unfit.problem.code)


def _refused(forged: Forged) -> RippleError:
    log.warning("push_forged", why=forged.reason)
    count("ForgedNotification")
    return RippleError(NOTIFICATION_REFUSED)
