"""What WeChat says about a text that strangers will see (msg_sec_check v2, rules W14)."""

from __future__ import annotations

from enum import IntEnum, StrEnum

import msgspec

from chalicelib.wechat.account import AppAccount
from chalicelib.wechat.http import Unknown, WechatError, call_api
from chalicelib.wechat.token import with_token

CONTENT_SECONDS = 2.0
"""It usually takes 0.4 s, and somebody is waiting."""

VERSION = 2
LONGEST_TEXT = 2500
AWAY = "61010"


class TextScene(IntEnum):
    """Where a text stands."""

    PROFILE = 1
    COMMENT = 2
    FORUM = 3
    SOCIAL = 4


class Suggest(StrEnum):
    """What WeChat would do with it."""

    PASS = "pass"
    REVIEW = "review"
    RISKY = "risky"


class Judged(msgspec.Struct, frozen=True):
    """WeChat's word on a text."""

    suggest: Suggest
    label: int
    """100 normal, 10001 advertising, 20001 politics, 20002 porn, 20003 abuse, 20006 crime, 20008 fraud, …"""
    trace_id: str
    """Under which WeChat finds the check again."""


class Away(WechatError):
    """The author has not opened the mini-program within two hours: nothing of his is looked at before he comes."""


class _Result(msgspec.Struct):
    suggest: Suggest
    label: int


def check(app: AppAccount, *, text: str, openid: str, scene: TextScene) -> Judged:
    """Ask about one text of at most `LONGEST_TEXT` characters, by the user ``openid``.

    That the call worked (errcode 0) is no verdict: that is in ``result``. Raises `Away`, `Unknown`, `Quota`, and
    `WechatError` for what is wrong with the question.
    """
    body = {"content": text, "version": VERSION, "scene": int(scene), "openid": openid}

    def ask(token: str) -> dict[str, object]:
        return call_api("POST", "/wxa/msg_sec_check", {"access_token": token}, body, timeout=CONTENT_SECONDS)

    try:
        answer = with_token(app, ask)
    except WechatError as refusal:
        if refusal.code == AWAY:
            raise Away(refusal.code, status=refusal.status, request_id=refusal.request_id) from None
        raise
    try:
        result = msgspec.convert(answer.get("result"), _Result)
    except msgspec.ValidationError as wrong:
        raise Unknown("answer without a verdict") from wrong
    return Judged(result.suggest, result.label, str(answer.get("trace_id", "")))
