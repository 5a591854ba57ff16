"""stable_token and what needs one."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from infra.local.wechat_sim.login import check_app
from infra.local.wechat_sim.refusal import ApiRefusal, ControlRefusal
from infra.local.wechat_sim.world import Token, TokenFamily, World

TOKEN_LIFE = timedelta(seconds=7200)
OVERLAP = timedelta(minutes=5)
FORCED_APART = timedelta(seconds=30)
FORCED_A_DAY = 20
TOKEN_LETTERS = 136


def stable_token(world: World, body: bytes) -> dict[str, Any]:
    """POST /cgi-bin/stable_token: the same token for everybody who asks, renewed in its last five minutes."""
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError):
        raise ApiRefusal(47001, "data format error") from None
    if not isinstance(sent, dict) or not isinstance(sent.get("force_refresh", False), bool):
        raise ApiRefusal(47001, "data format error")
    if sent.get("grant_type") != "client_credential":
        raise ApiRefusal(40002, "invalid grant_type")
    app = check_app(world, str(sent.get("appid", "")), str(sent.get("secret", "")))
    now = world.clock.now()
    family = world.tokens.setdefault(app.appid, TokenFamily())
    if sent.get("force_refresh", False):
        _force(world, family)
    elif family.current is None or now >= family.current.expires_at:
        family.current = _new(world)
    elif now >= family.current.expires_at - OVERLAP:
        old = family.current
        family.previous = Token(old.value, min(old.expires_at, now + OVERLAP))
        family.current = _new(world)
    assert family.current
    return {
        "access_token": family.current.value,
        "expires_in": int((family.current.expires_at - now).total_seconds()),
    }


def _new(world: World) -> Token:
    return Token(world.letters(TOKEN_LETTERS), world.clock.now() + TOKEN_LIFE)


def _force(world: World, family: TokenFamily) -> None:
    now = world.clock.now()
    family.forced_at = [at for at in family.forced_at if at > now - timedelta(days=1)]
    if len(family.forced_at) >= FORCED_A_DAY:
        raise ApiRefusal(45009, "reach max api daily quota limit")
    if family.forced_at and now < family.forced_at[-1] + FORCED_APART:
        raise ApiRefusal(45011, "api minute-quota reach limit")
    family.forced_at.append(now)
    family.previous, family.current = None, _new(world)


def kill(world: World, appid: str) -> None:
    """The token dies before its time, as after a leak."""
    if appid not in world.tokens:
        raise ControlRefusal(404, "no token was issued for this appid")
    world.tokens[appid] = TokenFamily()


def check(world: World, query: dict[str, str]) -> str:
    """The appid that a call's ``access_token`` stands for."""
    sent = query.get("access_token", "")
    if not sent:
        raise ApiRefusal(41001, "access_token missing")
    for appid, family in world.tokens.items():
        for token in (family.current, family.previous):
            if token and token.value == sent:
                if world.clock.now() >= token.expires_at:
                    raise ApiRefusal(42001, "access_token expired")
                return appid
    raise ApiRefusal(40001, "invalid credential, access_token is invalid or not latest")


def domain_ip(world: World, query: dict[str, str]) -> dict[str, Any]:
    """GET /cgi-bin/get_api_domain_ip: the smallest call that needs a token."""
    check(world, query)
    return {"ip_list": ["127.0.0.1"]}
