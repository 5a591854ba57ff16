"""The mini-program's access token: fetched rarely, shared by all processes through the table, renewed early.

Normal mode of stable_token is idempotent (everyone who asks gets the same token, and the old one stays valid for 5
minutes after a renewal), so that no lock is needed.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from pynamodb.attributes import UnicodeAttribute

from chalicelib.core import chance, clock, store
from chalicelib.core.config import config
from chalicelib.core.table import Item, Key, TimeAttribute, table
from chalicelib.wechat.account import AppAccount
from chalicelib.wechat.http import Quota, Unknown, Unsent, WechatError, call_api, seconds_left

T = TypeVar("T")

TOKEN_SECONDS = 3.0
LONGEST_LIFE = 86_400
"""WeChat says 7,200; what says more than a day is no token."""
EARLIEST_RENEWAL, LATEST_RENEWAL = 600, 300
"""Seconds before its end at which a token is renewed, drawn by each process, so that not all renew at once."""

PAUSE_SECONDS = 30
"""Least time between two questions of one process for the same token."""

STALE = frozenset({"40001", "40014", "42001"})
"""WeChat's ways of saying that the access token is not valid."""


class TokenItem(Item):
    """The current token of a merchant's mini-program."""

    letter = "MER"
    prefix = "TOKEN"

    token = UnicodeAttribute()
    expires_at = TimeAttribute()
    appid = UnicodeAttribute()


_process: dict[str, tuple[str, datetime]] = {}
"""By appid: token, and when this process stops using it."""


def access_token(app: AppAccount, until: datetime | None = None) -> str:
    """A token with at least five minutes to live, had before ``until``.

    Raises `Unsent`, `Quota`, `WechatError` (appid, secret, IP whitelist).
    """
    known = _process.get(app.appid)
    if known and clock.now() < known[1]:
        return known[0]
    stored = store.read_one(TokenItem, _key(app))
    if stored and stored.appid == app.appid and clock.now() < _renewal(stored.expires_at):
        return _remember(app, stored.token, stored.expires_at)
    return _fetch(app, until)


def with_token(app: AppAccount, call: Callable[[str], T], until: datetime | None = None) -> T:
    """``call`` with a token; if WeChat says the token is stale, once more with one fetched anew (normal mode).

    A refusal for a stale token means that the first call did nothing, so that repeating it is safe. No token is waited
    for past ``until``. Raises `Unsent` where none could be had: then ``call`` has done nothing.
    """
    token = access_token(app, until)
    try:
        return call(token)
    except WechatError as refusal:
        if refusal.code not in STALE:
            raise
    _process.pop(app.appid, None)
    return call(_fetch(app, until))


def forget() -> None:
    """Drop what this process remembers (tests)."""
    _process.clear()


def _fetch(app: AppAccount, until: datetime | None) -> str:
    try:
        token, expires_at = _fetched(app, until)
    except Quota:
        raise
    except Unknown as silent:
        raise Unsent(f"token: {silent.reason}") from silent
    key = _key(app)
    item = TokenItem(pk=key.pk, sk=key.sk, token=token, expires_at=expires_at, appid=app.appid)
    store.call("put_item", TableName=config().table, Item=item.serialize())
    return _remember(app, token, expires_at)


def _fetched(app: AppAccount, until: datetime | None) -> tuple[str, datetime]:
    timeout = seconds_left(until, TOKEN_SECONDS)
    body = {
        "grant_type": "client_credential",
        "appid": app.appid,
        "secret": app.appsecret,
        "force_refresh": False,
    }
    asked_at = clock.now()
    answer = call_api("POST", "/cgi-bin/stable_token", {}, body, timeout=timeout)
    token, seconds = answer.get("access_token"), answer.get("expires_in")
    if not isinstance(token, str) or not token or not isinstance(seconds, int) or not 0 < seconds <= LONGEST_LIFE:
        raise Unknown("answer without a token")
    return token, asked_at + timedelta(seconds=seconds)


def _remember(app: AppAccount, token: str, expires_at: datetime) -> str:
    # Before its last 5 minutes WeChat hands out the same token again: without a pause every call would ask anew.
    pause = clock.now() + timedelta(seconds=PAUSE_SECONDS)
    _process[app.appid] = (token, min(expires_at, max(_renewal(expires_at), pause)))
    return token


def _renewal(expires_at: datetime) -> datetime:
    return expires_at - timedelta(seconds=chance.uniform(LATEST_RENEWAL, EARLIEST_RENEWAL))


def _key(app: AppAccount) -> Key:
    return table(app.mid).key("MER", sk="TOKEN")
