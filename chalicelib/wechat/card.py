"""Cards in chats that WeChat knows of: it names each by an activity id."""

from __future__ import annotations

from datetime import timedelta

from chalicelib.wechat.account import AppAccount
from chalicelib.wechat.http import Unknown, call_api
from chalicelib.wechat.token import with_token

CARD_SECONDS = 3.0
PRIVATE_SHARED_WITHIN = timedelta(days=7)
PRIVATE_PROVED_WITHIN = timedelta(days=120)
"""How long a private card can be sent, and how long whoever received it can prove that."""


def private_activity(app: AppAccount, *, openid: str) -> str:
    """The id of a new private card, which only ``openid`` may send and nobody may send on.

    Asking twice makes two. Raises `Unknown`, `Quota`, `WechatError`.
    """

    def call(token: str) -> str:
        query = {"access_token": token, "openid": openid}
        answer = call_api("GET", "/cgi-bin/message/wxopen/activityid/create", query, timeout=CARD_SECONDS)
        activity = answer.get("activity_id")
        if not isinstance(activity, str) or not activity:
            raise Unknown("answer without an activity")
        return activity

    return with_token(app, call)
