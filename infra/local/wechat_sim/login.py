"""jscode2session: a wx.login code becomes a user."""

from __future__ import annotations

import base64
import hashlib
from datetime import timedelta
from typing import Any

from infra.local.wechat_sim.refusal import ApiRefusal, ControlRefusal
from infra.local.wechat_sim.world import Code, Merchant, User, World

CODE_LIFE = timedelta(minutes=5)
TEST_CODE = "test:"
"""``test:<name>`` always logs <name> in, any number of times, and creates him where he is new."""


def user(world: World, name: str, *, unionid: bool = True, blocked: bool = False) -> User:
    """The user of that name, created where he is new; who he is follows from the name alone."""
    known = world.users.get(name)
    if known is None:
        known = world.users[name] = User(name, "oU" + _letters("union", name)[:26] if unionid else None)
    known.blocked = known.blocked or blocked
    return known


def openid(world: World, appid: str, who: User) -> str:
    """His openid in a mini-program: 28 letters."""
    found = "o" + _letters(appid, who.name)[:27]
    world.openids[appid, found] = who
    return found


def _letters(*parts: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256("|".join(parts).encode()).digest()).decode()


def new_code(world: World, appid: str, known_openid: str) -> str:
    """What wx.login gives the client; it also supersedes the user's session key."""
    if (appid, known_openid) not in world.openids:
        raise ControlRefusal(404, "no such openid in this appid")
    code = world.letters(32)
    world.codes[code] = Code(appid, known_openid, world.clock.now())
    _new_session_key(world, appid, known_openid)
    return code


def code2session(world: World, query: dict[str, str]) -> dict[str, Any]:
    """GET /sns/jscode2session."""
    app = check_app(world, query.get("appid", ""), query.get("secret", ""))
    if query.get("grant_type") != "authorization_code":
        raise ApiRefusal(40002, "invalid grant_type")
    sent = query.get("js_code", "")
    if not sent:
        raise ApiRefusal(41008, "missing code")
    found = _redeem(world, app, sent)
    who = world.openids[app.appid, found]
    if who.blocked:
        raise ApiRefusal(40226, "code blocked")
    key = world.session_keys.get((app.appid, found)) or _new_session_key(world, app.appid, found)
    world.visits[app.appid, found] = world.clock.now()
    session = {"openid": found, "session_key": key}
    return session | ({"unionid": who.unionid} if who.unionid else {})


def _redeem(world: World, app: Merchant, sent: str) -> str:
    if sent.startswith(TEST_CODE) and len(sent) > len(TEST_CODE):
        found = openid(world, app.appid, user(world, sent.removeprefix(TEST_CODE)))
        _new_session_key(world, app.appid, found)
        return found
    code = world.codes.get(sent)
    if code is None or code.appid != app.appid or world.clock.now() >= code.issued_at + CODE_LIFE:
        raise ApiRefusal(40029, "invalid code")
    if code.used:
        raise ApiRefusal(40163, "code been used")
    code.used = True
    return code.openid


def check_app(world: World, appid: str, secret: str) -> Merchant:
    """The merchant whose mini-program proves itself by its secret."""
    if not appid:
        raise ApiRefusal(41002, "appid missing")
    app = world.app(appid)
    if app is None:
        raise ApiRefusal(40013, "invalid appid")
    if secret != app.appsecret:
        raise ApiRefusal(40125, "invalid appsecret")
    return app


def _new_session_key(world: World, appid: str, known_openid: str) -> str:
    key = base64.b64encode(world.rng.randbytes(16)).decode()
    world.session_keys[appid, known_openid] = key
    return key
