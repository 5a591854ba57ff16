"""How sure it is that somebody received a card from its sharer: WeChat's private messages.

The client logs in anew (``wx.login``), asks ``wx.authPrivateMessage``, and hands over the login's code with what WeChat
sealed under the session key that this login made. The key is asked for with the code and kept nowhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.accounts.items import User
from chalicelib.core import clock, log
from chalicelib.merchants.service import app_account
from chalicelib.sharing.items import Activity
from chalicelib.sharing.rules import Evidence
from chalicelib.wechat import opendata
from chalicelib.wechat.card import PRIVATE_PROVED_WITHIN
from chalicelib.wechat.http import Unknown, WechatError
from chalicelib.wechat.login import code2session

Sealed = Annotated[str, Meta(pattern=r"^[A-Za-z0-9+/]{1,2048}={0,2}$", max_length=2050)]


class PrivateProof(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """What ``wx.authPrivateMessage`` answered; without ``code`` and what is sealed it is a claim only."""

    valid: bool
    code: Annotated[str, Meta(min_length=1, max_length=256)] | None = None
    """Of a ``wx.login`` made just before."""
    iv: Annotated[str, Meta(pattern=r"^[A-Za-z0-9+/]{22}==$")] | None = None
    encrypted_data: Sealed | None = None


def evidence(user: User, proof: PrivateProof | None, activities: Sequence[Activity]) -> Evidence:
    """What the proof is worth for a share with these private cards. It never stops anybody from opening a page."""
    if proof is None or not proof.valid:
        return Evidence.OPENED
    if proof.code is None or proof.iv is None or proof.encrypted_data is None:
        return Evidence.CLAIMED
    account = app_account(user.mid)
    try:
        session = code2session(appid=account.appid, appsecret=account.appsecret, code=proof.code)
        said = opendata.opened(session.session_key, proof.iv, proof.encrypted_data, account.appid)
    except Unknown as silent:
        log.info("private_message_unasked", why=str(silent))
        return Evidence.CLAIMED
    except (WechatError, opendata.Unreadable) as refused:
        log.info("private_message_unproved", why=type(refused).__name__)
        return Evidence.OPENED
    known = {activity.id for activity in activities if clock.now() < activity.made_at + PRIVATE_PROVED_WITHIN}
    proved = session.openid == user.openid and any(said.get("activityId") == activity for activity in known)
    return Evidence.PROVED if proved else Evidence.OPENED
