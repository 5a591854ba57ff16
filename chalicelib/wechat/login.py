"""Login: exchange the code of `wx.login` for the user's openid."""

from __future__ import annotations

from dataclasses import dataclass, field

from chalicelib.wechat.http import Unknown, WechatError, call_api

LOGIN_SECONDS = 3.0
"""Longer than other questions may take: a code works once, so giving up early costs the user a whole new login."""

REFUSED_CODES = frozenset({"40029", "40163"})
BLOCKED_USER = "40226"


class CodeRefused(WechatError):
    """The code is wrong, older than 5 minutes or used: the client needs a fresh `wx.login`."""


class UserBlocked(WechatError):
    """WeChat rates this user as high risk and does not log him in; do not retry."""


@dataclass(frozen=True, slots=True)
class Session:
    """Who logged in. ``unionid`` only where the app is bound to an Open Platform account; it may appear later."""

    openid: str
    unionid: str | None
    session_key: str = field(repr=False)
    """Never leaves the server; WeChat replaces it at every `wx.login`."""


def code2session(*, appid: str, appsecret: str, code: str) -> Session:
    """Ask once who the code stands for; a code is single use, so this is never re-sent.

    Raises `CodeRefused`, `UserBlocked`, other `WechatError` (our appid or secret is wrong), and `Unknown`, on which the
    client needs a fresh `wx.login` as well.
    """
    query = {"appid": appid, "secret": appsecret, "js_code": code, "grant_type": "authorization_code"}
    try:
        answer = call_api("GET", "/sns/jscode2session", query, timeout=LOGIN_SECONDS)
    except WechatError as refusal:
        if refusal.code in REFUSED_CODES:
            raise _narrowed(CodeRefused, refusal) from None
        if refusal.code == BLOCKED_USER:
            raise _narrowed(UserBlocked, refusal) from None
        raise
    openid, unionid, session_key = answer.get("openid"), answer.get("unionid"), answer.get("session_key")
    if not isinstance(openid, str) or not openid or not isinstance(session_key, str):
        raise Unknown("answer without openid")
    return Session(openid, unionid if isinstance(unionid, str) and unionid else None, session_key)


def _narrowed(kind: type[WechatError], refusal: WechatError) -> WechatError:
    return kind(refusal.code, status=refusal.status, message=refusal.message, request_id=refusal.request_id)
