"""The events that WeChat pushes: believed only when genuine, and each acted on as often as it comes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import msgspec

from chalicelib.accounts import avatars
from chalicelib.accounts.service import uid_of
from chalicelib.core import log
from chalicelib.core.errors import RippleError
from chalicelib.core.ids import MerchantId
from chalicelib.core.metrics import count
from chalicelib.fulfilment import delivery
from chalicelib.merchants.service import merchant, push_account
from chalicelib.orders.problems import NOTIFICATION_REFUSED
from chalicelib.push import subscriptions
from chalicelib.wechat import push
from chalicelib.wechat.content import Suggest
from chalicelib.wechat.notification import Forged
from chalicelib.wechat.push import Message, text_of

LONGEST_NAME = 64


class Event(msgspec.Struct, frozen=True):
    """One that means something to us."""

    act: Callable[[MerchantId, Message], None]
    does: str
    """What comes of it, as `docs/push.md` prints it."""


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
    event = EVENTS.get(message.kind)
    if event is None:
        log.info("push_of_unknown_kind", kind=message.kind[:LONGEST_NAME])
    else:
        event.act(mid, message)


def _shipping_reminder(mid: MerchantId, message: Message) -> None:
    log.warning("shipping_reminder", number=message.text("merchant_trade_no")[:LONGEST_NAME])
    count("ShippingReminders")


def _picture(mid: MerchantId, message: Message) -> None:
    """What WeChat saw in a picture; where it could not look it tells an error and no verdict."""
    result = message.fields.get("result")
    said = text_of(result, "suggest") if isinstance(result, dict) else ""
    if said not in set(Suggest):
        log.warning("picture_without_verdict", trace_id=message.text("trace_id")[:LONGEST_NAME])
        return
    avatars.told(mid, message.text("trace_id"), Suggest(said))


def _revoked(mid: MerchantId, message: Message) -> None:
    log.warning("authorization_revoked", uid=uid_of(mid, message.openid[:LONGEST_NAME]))
    count("AuthorizationsRevoked")


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


EVENTS: Mapping[str, Event] = MappingProxyType(
    {
        "trade_manage_order_settlement": Event(
            _settlement,
            "told when goods went out, and with `confirm_receive_time` when they count as received: then those of that "
            "payment are received here too, by `wechat`. While a case is open, before everything was sent, and "
            "after the money went back it changes nothing",
        ),
        "trade_manage_remind_shipping": Event(
            _shipping_reminder, "something paid for was not sent in time: logged, and counted as `ShippingReminders`"
        ),
        "subscribe_msg_popup_event": Event(
            subscriptions.popped,
            "a user was asked for consent: `accept` is one message that he may be sent, unless his client has told of "
            "it already; `reject` takes back what his client made of it",
        ),
        "subscribe_msg_change_event": Event(
            subscriptions.changed,
            "a user switched templates off (`reject`): nothing is left of his consents to them that are older",
        ),
        "subscribe_msg_sent_event": Event(
            subscriptions.delivered, "a message arrived, or why it did not: noted with the message"
        ),
        "wxa_media_check": Event(
            _picture,
            "what WeChat saw in a picture that we asked it to look at: others see an avatar once it passed or is in "
            "doubt (`review`, logged), and never one that is `risky`",
        ),
        "user_authorization_revoke": Event(
            _revoked,
            "a user takes back what he allowed: logged with his id, and counted as `AuthorizationsRevoked`. What that "
            "asks of the merchant, a person decides",
        ),
    }
)
"""By name. Every other message is acknowledged, and logged by its name alone."""
