"""What WeChat says about a text or a picture that strangers will see (msg_sec_check v2, media_check_async; W14)."""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import Any

import msgspec

from chalicelib.wechat.account import AppAccount
from chalicelib.wechat.http import Unknown, WechatError, call_api
from chalicelib.wechat.token import with_token

CONTENT_SECONDS = 2.0
"""It usually takes 0.4 s, and somebody is waiting."""

VERSION = 2
LONGEST_TEXT = 2500
PICTURE = 2
"""``media_type``; 1 is sound."""
AWAY = "61010"


class TextScene(IntEnum):
    """Where a text or a picture stands."""

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
    answer = _asked(app, "/wxa/msg_sec_check", body)
    try:
        result = msgspec.convert(answer.get("result"), _Result)
    except msgspec.ValidationError as wrong:
        raise Unknown("answer without a verdict") from wrong
    return Judged(result.suggest, result.label, str(answer.get("trace_id", "")))


def check_media(app: AppAccount, *, url: str, openid: str, scene: int = TextScene.PROFILE) -> str:
    """Ask about the picture at ``url`` (WeChat fetches it), by the user ``openid``; the trace id of the check.

    The verdict is pushed later as ``wxa_media_check`` under that id, within half an hour. Asking twice makes two
    checks. Raises `Away`, `Unknown`, `Quota`, `WechatError`.
    """
    body = {"media_url": url, "media_type": PICTURE, "version": VERSION, "scene": int(scene), "openid": openid}
    trace_id = _asked(app, "/wxa/media_check_async", body).get("trace_id")
    if not isinstance(trace_id, str) or not trace_id:
        raise Unknown("answer without a trace id")
    return trace_id


def _asked(app: AppAccount, path: str, body: dict[str, Any]) -> dict[str, Any]:
    def ask(token: str) -> dict[str, Any]:
        return call_api("POST", path, {"access_token": token}, body, timeout=CONTENT_SECONDS)

    try:
        return with_token(app, ask)
    except WechatError as refusal:
        if refusal.code == AWAY:
            raise Away(refusal.code, status=refusal.status, request_id=refusal.request_id) from None
        raise
