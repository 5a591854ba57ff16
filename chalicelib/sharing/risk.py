"""WeChat's risk rank of whoever looks: asked at most once a day, never waited for longer than a page may take."""

from __future__ import annotations

from datetime import datetime, timedelta

from chalicelib.accounts.items import User
from chalicelib.core import clock, log
from chalicelib.core.errors import RippleError, Unknown
from chalicelib.core.metrics import count
from chalicelib.core.transaction import Lost, update_one
from chalicelib.merchants.service import app_account
from chalicelib.wechat import risk
from chalicelib.wechat.http import WechatError
from chalicelib.wechat.risk import RiskScene

PATIENCE = timedelta(milliseconds=300)
"""How long a page waits for it, the access token included."""

KEPT = timedelta(hours=24)
ASKED_AGAIN = timedelta(minutes=1)
"""After no answer: so that a page read again at once does not wait again."""


def rank_of(user: User, address: str | None) -> int | None:
    """His rank, 0 to 4, a day old at most; None where WeChat does not say, or we do not know where he is.

    Never fails. That there is none says nothing about him.
    """
    now = clock.now()
    if user.rank_at is not None and now < user.rank_at + (ASKED_AGAIN if user.rank is None else KEPT):
        return user.rank
    if not address:
        return None
    found = _asked(user, address)
    _remember(user, found)
    return found


def known(user: User, now: datetime) -> int | None:
    """His rank as far as it is known by itself, without asking WeChat; None where nobody has asked within a day."""
    return user.rank if user.rank_at is not None and now < user.rank_at + KEPT else None


def _asked(user: User, address: str) -> int | None:
    until = clock.now() + PATIENCE
    try:
        account = app_account(user.mid)
        return risk.rank(account, openid=user.openid, scene=RiskScene.MARKETING, client_ip=address, until=until)
    except (Unknown, RippleError) as why:
        log.warning("rank_unknown", uid=user.uid, why=str(why))
    except WechatError as refused:
        log.warning("rank_unknown", uid=user.uid, wechat_code=refused.code, rid=refused.request_id)
    count("RankUnknown")
    return None


def _remember(user: User, found: int | None) -> None:
    """Keep the answer, or when there was none."""
    rank = User.rank.remove() if found is None else User.rank.set(found)
    try:
        update_one(user, [rank, User.rank_at.set(clock.now())], when={})
    except (Lost, RippleError) as why:
        log.info("rank_not_kept", uid=user.uid, why=str(why))
