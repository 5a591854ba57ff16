"""Login and profile over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec

from chalicelib.accounts import refresh as families
from chalicelib.accounts import service, tokens
from chalicelib.accounts.items import User
from chalicelib.accounts.mask import mask
from chalicelib.accounts.problems import APP_UNKNOWN, CODE_REFUSED, REFRESH_REFUSED, USER_BLOCKED, WECHAT_SILENT
from chalicelib.core import clock
from chalicelib.edge.operation import PUBLIC, USER, Call, operation


class Login(msgspec.Struct, forbid_unknown_fields=True):
    """Which mini-program, and the code of its ``wx.login``."""

    appid: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
    code: Annotated[str, msgspec.Meta(min_length=1, max_length=256)]


class Token(msgspec.Struct, forbid_unknown_fields=True):
    """A refresh token."""

    refresh_token: Annotated[str, msgspec.Meta(min_length=1, max_length=512)]


class Profile(msgspec.Struct, forbid_unknown_fields=True):
    """What of one's profile changes; what is left out stays."""

    nickname: Annotated[str, msgspec.Meta(min_length=1, max_length=32)] | None = None
    avatar_url: Annotated[str, msgspec.Meta(pattern=r"^https://[^\s]+$", max_length=500)] | None = None


class UserView(msgspec.Struct, kw_only=True):
    """A user as he sees himself."""

    user_id: str
    nickname: str | None
    masked_nickname: str
    """How others see him."""
    avatar_url: str | None
    created_at: datetime


class Session(msgspec.Struct, kw_only=True):
    """Tokens: send the access token as ``Authorization: Bearer``; trade the refresh token, once, before it expires."""

    access_token: str
    expires_at: datetime
    refresh_token: str
    user: UserView


@operation(
    auth=PUBLIC,
    body=Login,
    answer=Session,
    summary="Log in with a wx.login code",
    problems=(APP_UNKNOWN, CODE_REFUSED, USER_BLOCKED, WECHAT_SILENT),
)
def login(call: Call[Login]) -> Session:
    """The first login of a WeChat user makes his account."""
    return _session(service.login(call.body.appid, call.body.code))


@operation(
    auth=PUBLIC,
    body=Token,
    answer=Session,
    summary="Trade a refresh token for its successor",
    description="The previous token returns the same successor for 60 s (answers get lost); later it ends the family.",
    problems=(REFRESH_REFUSED, USER_BLOCKED),
)
def refresh(call: Call[Token]) -> Session:
    """A fresh access token and the next refresh token."""
    return _session(service.renew(call.body.refresh_token))


@operation(auth=USER, body=Token, summary="Log out")
def logout(call: Call[Token]) -> None:
    """End the refresh token's family; access tokens that are out live until they expire."""
    families.end(call.mid, call.uid, call.body.refresh_token)


@operation(auth=USER, answer=UserView, summary="My profile")
def me(call: Call[None]) -> UserView:
    """The caller."""
    return _view(service.me(call.mid, call.uid))


@operation(auth=USER, body=Profile, answer=UserView, summary="Change my profile")
def edit_me(call: Call[Profile]) -> UserView:
    """Set nickname or avatar."""
    return _view(service.edit(call.mid, call.uid, call.body.nickname, call.body.avatar_url))


def _session(logged_in: service.LoggedIn) -> Session:
    return Session(
        access_token=logged_in.access_token,
        expires_at=clock.now() + tokens.LIFE,
        refresh_token=logged_in.refresh_token,
        user=_view(logged_in.user),
    )


def _view(user: User) -> UserView:
    return UserView(
        user_id=user.uid,
        nickname=user.nickname,
        masked_nickname=mask(user.nickname),
        avatar_url=user.avatar_url,
        created_at=user.created_at,
    )
