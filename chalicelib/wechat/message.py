"""Subscription messages: one consent of a user is one message, and none is ever sent twice.

WeChat knows no number under which a message could be sent again: what may have been sent stays so.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from chalicelib.core.errors import RippleError
from chalicelib.wechat.account import AppAccount
from chalicelib.wechat.http import Unsent, WechatError, call_api
from chalicelib.wechat.token import STALE, with_token

MESSAGE_SECONDS = 3.0

NO_USER = "40003"
NO_TEMPLATE = "40037"
NOT_RELEASED = "41030"
NO_CONSENT = "43101"
"""The user never agreed, takes no more messages, or his consents are used up."""
BANNED = "43107"
"""The template, or the mini-program's messages, are closed by WeChat."""
OVERLAP = "43108"
"""Another message to the same user is being sent; this one was not."""
SENSITIVE = "45168"
MISFIT = "47003"
"""A value does not fit its field; the message names it."""


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """What one user is told."""

    touser: str
    """His openid."""
    template_id: str
    page: str | None
    """What it opens, with its query; nothing where it is None."""
    data: dict[str, str]
    """By the template's keys: ``thing1``, ``time2``, …"""
    language: Literal["zh_CN", "en_US"]
    state: Literal["formal", "trial", "developer"]
    """Which version of the mini-program it opens."""


def send(app: AppAccount, message: Message) -> str:
    """Send it once; its msgid, or nothing where WeChat named none.

    Raises `Unsent` and `Quota` (surely not sent), `Unknown` (it may have been sent: never again), and `WechatError`
    (not sent): the codes above.
    """
    body: dict[str, Any] = {
        "touser": message.touser,
        "template_id": message.template_id,
        "miniprogram_state": message.state,
        "lang": message.language,
        "data": {key: {"value": value} for key, value in message.data.items()},
    }
    if message.page is not None:
        body["page"] = message.page

    def call(token: str) -> str | WechatError:
        query = {"access_token": token}
        try:
            answer = call_api("POST", "/cgi-bin/message/subscribe/send", query, body, timeout=MESSAGE_SECONDS)
        except WechatError as refusal:
            if refusal.code in STALE:
                raise
            return refusal
        return _msgid(answer.get("msgid"))

    try:
        outcome = with_token(app, call)
    except (WechatError, RippleError) as none:
        raise Unsent(f"token: {none}") from none
    if isinstance(outcome, WechatError):
        raise outcome
    return outcome


def _msgid(said: object) -> str:
    return str(said) if isinstance(said, (int, str)) and not isinstance(said, bool) else ""
