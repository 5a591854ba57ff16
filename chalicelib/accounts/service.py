"""Logging in, staying logged in, and one's own profile."""

from __future__ import annotations

from dataclasses import dataclass

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.accounts import avatars, names, refresh, tokens, visits
from chalicelib.accounts.items import OpenIdLookup, TokenFamily, User, UserState, openid_key, user_key
from chalicelib.accounts.problems import APP_UNKNOWN, CODE_REFUSED, USER_BLOCKED, WECHAT_SILENT
from chalicelib.core import clock, log
from chalicelib.core.decision import decided
from chalicelib.core.errors import UNAUTHENTICATED, RippleError, Unknown
from chalicelib.core.ids import MerchantId, UserId, new_ulid
from chalicelib.core.store import read_one
from chalicelib.core.transaction import Transaction
from chalicelib.merchants.service import app_account, merchant, merchant_of
from chalicelib.wechat.http import WechatError
from chalicelib.wechat.login import CodeRefused, Session, UserBlocked, code2session


@dataclass(frozen=True)
class LoggedIn:
    """A user with fresh tokens."""

    user: User
    access_token: str
    refresh_token: str


def login(appid: str, code: str) -> LoggedIn:
    """Trade a wx.login code for tokens; the first login of an openid makes its user.

    A code is single use and never re-sent: whatever WeChat leaves open, the client comes with a fresh one.
    """
    mid = merchant_of(appid)
    if mid is None:
        raise RippleError(APP_UNKNOWN, "/appid")
    session = _session(mid, code)

    def attempt() -> LoggedIn:
        user, tx = _known(mid, appid, session), Transaction()
        if user is None:
            user = _first(tx, mid, appid, session)
        elif session.unionid and user.unionid != session.unionid:
            tx.update("user", user, [User.unionid.set(session.unionid)], when={})
        if user.status is UserState.BLOCKED:
            raise RippleError(USER_BLOCKED)
        family = refresh.begin(tx, mid, user.uid)
        tx.commit()
        return _with_tokens(user, family)

    logged_in = decided(attempt)
    visits.note(logged_in.user)
    return logged_in


def renew(refresh_token: str) -> LoggedIn:
    """Trade a refresh token for its successor and a fresh access token."""
    family = refresh.turn(refresh_token)
    user = read_one(User, user_key(family.mid, family.pk.split("#", 1)[1]))
    if user is None or user.status is UserState.BLOCKED:
        raise RippleError(USER_BLOCKED)
    visits.note(user)
    return _with_tokens(user, family)


def me(mid: MerchantId, uid: UserId) -> User:
    """The user who asks."""
    user = read_one(User, user_key(mid, uid))
    if user is None:
        raise RippleError(UNAUTHENTICATED)
    return user


def uid_of(mid: MerchantId, openid: str) -> UserId | None:
    """Which of the merchant's users an openid of his mini-program is; None where it is none."""
    lookup = read_one(OpenIdLookup, openid_key(merchant(mid).appid, openid))
    return UserId(lookup.uid) if lookup is not None and lookup.owner == mid else None


def edit(mid: MerchantId, uid: UserId, nickname: str | None, avatar_url: str | None) -> User:
    """Change what is given of one's profile; others see it once it is cleared. Raises `TEXT_REFUSED`."""

    def attempt() -> User:
        user, tx = me(mid, uid), Transaction()
        actions: list[Action] = []
        same: dict[str, Condition] = {}
        if nickname is not None and (named := names.given(tx, user, nickname)):
            actions += named
            same = {"same": User.naming == user.naming} if user.naming else {"unnamed": User.naming.does_not_exist()}
        if avatar_url is not None:
            actions += avatars.chosen(tx, user, avatar_url)
        if actions:
            tx.update("user", user, actions, when=same)
            tx.commit()
        return me(mid, uid)

    return decided(attempt)


def _session(mid: MerchantId, code: str) -> Session:
    account = app_account(mid)
    try:
        return code2session(appid=account.appid, appsecret=account.appsecret, code=code)
    except CodeRefused:
        raise RippleError(CODE_REFUSED, "/code") from None
    except UserBlocked:
        raise RippleError(USER_BLOCKED) from None
    except Unknown as unknown:
        log.warning("login_undecided", mid=mid, why=str(unknown))
        raise RippleError(WECHAT_SILENT) from None
    except WechatError as refused:
        log.error("login_refused", mid=mid, wechat_code=refused.code, rid=refused.request_id)
        raise RippleError(WECHAT_SILENT) from None


def _known(mid: MerchantId, appid: str, session: Session) -> User | None:
    lookup = read_one(OpenIdLookup, openid_key(appid, session.openid))
    if lookup is None or lookup.owner != mid:
        return None
    return read_one(User, user_key(mid, lookup.uid))


def _first(tx: Transaction, mid: MerchantId, appid: str, session: Session) -> User:
    uid = UserId(new_ulid())
    user = User(
        *user_key(mid, uid),
        appid=appid,
        openid=session.openid,
        unionid=session.unionid,
        status=UserState.ACTIVE,
        created_at=clock.now(),
    )
    tx.put("openid", OpenIdLookup(*openid_key(appid, session.openid), owner=mid, uid=uid))
    tx.put("user", user)
    return user


def _with_tokens(user: User, family: TokenFamily) -> LoggedIn:
    name = family.sk.split("#", 1)[1]
    return LoggedIn(user, tokens.access_token(user.mid, user.uid, name), refresh.token(family, family.turn))
