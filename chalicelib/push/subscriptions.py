"""What WeChat tells of consents to messages, and of messages that it delivered."""

from __future__ import annotations

from collections.abc import Iterator

from chalicelib.accounts.service import uid_of
from chalicelib.core import clock, log
from chalicelib.core.ids import MerchantId, UserId
from chalicelib.notices import consents
from chalicelib.push.items import pushed
from chalicelib.wechat.push import Message, text_of

ACCEPTED, REJECTED = "accept", "reject"

LONGEST_ID = 64
"""Letters of a template's id; what is longer is none."""

MOST = 20
"""Entries of one event that are heard: WeChat asks for three templates at once, and a user has few on his page."""


def popped(mid: MerchantId, message: Message) -> None:
    """A user was asked, and answered; each template counts once in an event."""
    answers = {template_id: said == ACCEPTED for template_id, said in _answers(message)}
    if (uid := _whose(mid, message)) is not None and answers:
        at = message.when("CreateTime") or clock.now()
        consents.popped(mid, uid, list(answers.items()), at, pushed(mid, uid, message))


def changed(mid: MerchantId, message: Message) -> None:
    """A user switched templates off; that he switched one on is no consent to a message."""
    off = [template_id for template_id, said in dict(_answers(message)).items() if said == REJECTED]
    if (uid := _whose(mid, message)) is not None and off:
        at = message.when("CreateTime") or clock.now()
        consents.switched_off(mid, uid, off, at, pushed(mid, uid, message))


def delivered(mid: MerchantId, message: Message) -> None:
    """Messages reached a user, or did not."""
    uid = _whose(mid, message)
    for entry in message.listed()[:MOST] if uid is not None else ():
        msgid, code = _shown(entry.get("MsgID")), _shown(entry.get("ErrorCode"))
        if uid is not None and msgid and code:
            consents.delivered(mid, uid, msgid, code)


def _answers(message: Message) -> Iterator[tuple[str, str]]:
    for entry in message.listed()[:MOST]:
        template_id, said = text_of(entry, "TemplateId"), text_of(entry, "SubscribeStatusString")
        if 0 < len(template_id) <= LONGEST_ID and said in (ACCEPTED, REJECTED):
            yield template_id, said


def _shown(value: object) -> str:
    """A number that WeChat writes as a text or, at times, as a number."""
    return str(value)[:LONGEST_ID] if isinstance(value, str | int) else ""


def _whose(mid: MerchantId, message: Message) -> UserId | None:
    uid = uid_of(mid, message.openid[:LONGEST_ID])
    if uid is None:
        log.info("push_of_nobody_known", kind=message.kind)
    return uid
