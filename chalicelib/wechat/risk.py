"""WeChat's own opinion of a user: how likely it is that he is no customer but somebody who farms rewards."""

from __future__ import annotations

from datetime import datetime
from enum import IntEnum

from chalicelib.wechat.account import AppAccount
from chalicelib.wechat.http import Unknown, call_api, seconds_left
from chalicelib.wechat.token import with_token

RANK_SECONDS = 1.0
LOWEST, HIGHEST = 0, 4


class RiskScene(IntEnum):
    """What WeChat is asked about him."""

    REGISTER = 0
    MARKETING = 1


def rank(app: AppAccount, *, openid: str, scene: RiskScene, client_ip: str, until: datetime | None = None) -> int:
    """His risk rank, 0 (none) to 4 (worst), answered before ``until``.

    Raises `Unknown`, `Quota`, and `WechatError`: 61010 (he was not there lately), 43104 (another mini-program's openid)
    and others. None of them says anything about him.
    """
    body = {"appid": app.appid, "openid": openid, "scene": int(scene), "client_ip": client_ip}

    def ask(token: str) -> object:
        query, timeout = {"access_token": token}, seconds_left(until, RANK_SECONDS)
        return call_api("POST", "/wxa/getuserriskrank", query, body, timeout=timeout).get("risk_rank")

    found = with_token(app, ask, until)
    if type(found) is not int or not LOWEST <= found <= HIGHEST:
        raise Unknown("answer without a rank")
    return found
