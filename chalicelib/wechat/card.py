"""Cards in chats that WeChat knows of: it names each by an activity id, and changes what stands on the living ones."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import msgspec

from chalicelib.core import clock
from chalicelib.wechat.account import AppAccount
from chalicelib.wechat.http import Unknown, call_api, seconds_left
from chalicelib.wechat.token import with_token

CARD_SECONDS = 3.0
PRIVATE_SHARED_WITHIN = timedelta(days=7)
PRIVATE_PROVED_WITHIN = timedelta(days=120)
"""How long a private card can be sent, and how long whoever received it can prove that."""

INCOMPLETE = "47001"
UNKNOWN_ACTIVITY = "47501"
OVER = "47502"
"""A state that there is not, or of a card that has started and changes no more."""
EXPIRED = "47504"
"""The card's life is over; it shows for ever what it showed last."""

JOINING, STARTED = 0, 1
"""``target_state``: 成员正在加入，当前 n/m 人; and 已开始, after which nothing changes."""


class LiveActivity(msgspec.Struct, frozen=True):
    """A card whose count can be changed until it expires."""

    id: str
    expires_at: datetime


def private_activity(app: AppAccount, *, openid: str) -> str:
    """The id of a new private card, which only ``openid`` may send and nobody may send on.

    Asking twice makes two. Raises `Unknown`, `Quota`, `WechatError`.
    """

    def call(token: str) -> str:
        return _activity_id(_created({"access_token": token, "openid": openid}, CARD_SECONDS))

    return with_token(app, call)


def live_activity(app: AppAccount, timeout: float) -> LiveActivity:
    """A new live card, had within ``timeout`` seconds, a token included; it lives 24 hours.

    Asking twice makes two. Raises `Unknown`, `Quota`, `WechatError`.
    """
    until = clock.now() + timedelta(seconds=timeout)

    def call(token: str) -> LiveActivity:
        answer = _created({"access_token": token}, seconds_left(until, CARD_SECONDS))
        activity, ends = _activity_id(answer), answer.get("expiration_time")
        if not isinstance(ends, int):
            raise Unknown("answer without an end")
        return LiveActivity(activity, datetime.fromtimestamp(ends, UTC))

    return with_token(app, call, until)


def card_count(app: AppAccount, activity_id: str, *, have: int, need: int) -> None:
    """Let the card say that ``have`` of ``need`` people are there; saying it again changes nothing.

    Raises `Unknown`, `Quota`, `WechatError`: the codes above.
    """
    _update(app, activity_id, JOINING, member_count=str(have), room_limit=str(need))


def card_started(
    app: AppAccount, activity_id: str, *, path: str, version: Literal["develop", "trial", "release"]
) -> None:
    """Let the card say 已开始 and open ``path``, for ever: afterwards every call is refused as `OVER`, this one too.

    Raises `Unknown`, `Quota`, `WechatError`: the codes above.
    """
    _update(app, activity_id, STARTED, path=path, version_type=version)


def _created(query: dict[str, str], timeout: float) -> dict[str, Any]:
    return call_api("GET", "/cgi-bin/message/wxopen/activityid/create", query, timeout=timeout)


def _activity_id(answer: dict[str, Any]) -> str:
    activity = answer.get("activity_id")
    if not isinstance(activity, str) or not activity:
        raise Unknown("answer without an activity")
    return activity


def _update(app: AppAccount, activity_id: str, state: int, **parameters: str) -> None:
    told = [{"name": name, "value": value} for name, value in parameters.items()]
    body = {"activity_id": activity_id, "target_state": state, "template_info": {"parameter_list": told}}

    def call(token: str) -> None:
        query = {"access_token": token}
        call_api("POST", "/cgi-bin/message/wxopen/updatablemsg/send", query, body, timeout=CARD_SECONDS)

    with_token(app, call)
