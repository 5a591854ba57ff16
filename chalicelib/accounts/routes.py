"""Login and profile over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec

from chalicelib.accounts import names, service, tokens
from chalicelib.accounts import refresh as families
from chalicelib.accounts.items import AvatarState, NameState, User, name_index
from chalicelib.accounts.mask import seen
from chalicelib.accounts.problems import (
    APP_UNKNOWN,
    CODE_REFUSED,
    NAME_DECIDED,
    REFRESH_REFUSED,
    TEXT_REFUSED,
    USER_BLOCKED,
    WECHAT_SILENT,
)
from chalicelib.core import clock, cursor
from chalicelib.core.cursor import Page
from chalicelib.core.errors import NOT_FOUND
from chalicelib.edge.operation import MERCHANT, PUBLIC, USER, Call, operation

AVATAR = r"^https://[a-z0-9]{1,30}\.qlogo\.cn/[A-Za-z0-9/_.-]{1,400}$"
"""WeChat's own pictures of people; no other picture is looked at before strangers see it (rules W14)."""


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
    avatar_url: Annotated[str, msgspec.Meta(pattern=AVATAR, max_length=500)] | None = None


class UserView(msgspec.Struct, kw_only=True):
    """A user as he sees himself."""

    user_id: str
    nickname: str | None
    nickname_state: NameState | None
    """Whether others see his name: shown, review or unchecked while it is being looked at, refused."""
    masked_nickname: str
    """How others see him."""
    avatar_url: str | None
    avatar_state: AvatarState | None
    """Whether others see it: shown, unchecked until WeChat has looked at it, refused; null where it does not look."""
    created_at: datetime


class HiddenName(msgspec.Struct, kw_only=True):
    """A name that others do not see."""

    user_id: str
    nickname: str
    state: NameState
    """review: WeChat is in doubt; unchecked: it has not looked; shown or refused once it is decided"""
    label: int | None
    """What WeChat thinks it is: 10001 advertising, 20001 politics, 20002 porn, 20003 abuse, …"""
    trace_id: str | None
    """Under which WeChat finds its check again."""
    since: datetime | None


class HiddenNames(msgspec.Struct, kw_only=True):
    """A page of names that wait to be cleared, longest waiting first."""

    names: list[HiddenName]
    cursor: str | None


class NameDecision(msgspec.Struct, forbid_unknown_fields=True):
    """What becomes of a name; ``nickname`` is the one that was looked at."""

    nickname: Annotated[str, msgspec.Meta(min_length=1, max_length=32)]
    decision: Literal["approve", "reject"]
    note: Annotated[str, msgspec.Meta(min_length=1, max_length=200)] | None = None


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


@operation(auth=USER, body=Profile, answer=UserView, summary="Change my profile", problems=(TEXT_REFUSED,))
def edit_me(call: Call[Profile]) -> UserView:
    """Set nickname or avatar. Others see each once it is cleared."""
    return _view(service.edit(call.mid, call.uid, call.body.nickname, call.body.avatar_url))


@operation(auth=MERCHANT, role="operator", query=Page, answer=HiddenNames, summary="Names that wait to be cleared")
def hidden_names(call: Call[None]) -> HiddenNames:
    """Names that others do not see yet; who has no clear name is shown as anybody."""
    page: Page = call.query
    found, more = names.waiting(call.mid, page.limit, cursor.decode(page.cursor, name_index(call.mid), "gsi1"))
    return HiddenNames(names=[_hidden(user) for user in found], cursor=cursor.encode(more))


@operation(
    auth=MERCHANT,
    role="operator",
    body=NameDecision,
    answer=HiddenName,
    idempotent=True,
    summary="Show a name to others, or never",
    problems=(NOT_FOUND, NAME_DECIDED),
)
def decide_name(call: Call[NameDecision]) -> HiddenName:
    """Clear a name, or refuse it."""
    body = call.body
    yes = body.decision == "approve"
    return _hidden(names.decide(call.intent, call.path["user_id"], body.nickname, yes=yes, note=body.note))


def _hidden(user: User) -> HiddenName:
    return HiddenName(
        user_id=user.uid,
        nickname=user.nickname or "",
        state=user.name_state or NameState.UNCHECKED,
        label=user.name_check.label if user.name_check else None,
        trace_id=user.name_check.trace_id if user.name_check else None,
        since=user.named_at,
    )


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
        nickname_state=user.name_state,
        masked_nickname=seen(user),
        avatar_url=user.avatar_url,
        avatar_state=user.avatar_state,
        created_at=user.created_at,
    )
