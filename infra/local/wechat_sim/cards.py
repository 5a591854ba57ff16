"""Short Links and cards, private ones and live ones: what goes from chat to chat."""

from __future__ import annotations

import base64
import json
from datetime import date, timedelta
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from infra.local.wechat_sim import tokens
from infra.local.wechat_sim.activities import Activity
from infra.local.wechat_sim.refusal import ApiRefusal, ControlRefusal
from infra.local.wechat_sim.world import World

TITLE_LETTERS = 20
URL_LETTERS = 1024
SHARED_WITHIN = timedelta(days=7)
PROVED_WITHIN = timedelta(days=120)
LIVES = timedelta(days=30)


def short_link(world: World, query: dict[str, str], body: bytes) -> dict[str, Any]:
    """POST /wxa/genwxashortlink: another link every time, a million a day; permanent ones are another, small quota."""
    appid = tokens.check(world, query)
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError):
        raise ApiRefusal(47001, "data format error") from None
    page, title = (sent.get(name, "") for name in ("page_url", "page_title")) if isinstance(sent, dict) else (None, "")
    if not isinstance(page, str) or not isinstance(title, str) or len(page) > URL_LETTERS:
        raise ApiRefusal(47001, "data format error")
    if not world.pages.released(appid, page.partition("?")[0]):
        raise ApiRefusal(40066, "invalid url")
    today = world.clock.now().date()
    made = world.short_links.setdefault(appid, {})
    if sum(1 for day, _ in made.values() if day == today) >= world.short_links_a_day:
        raise ApiRefusal(45009, "reach max api daily quota limit")
    link = f"#小程序://{appid}/{title[:TITLE_LETTERS]}/{world.letters(12)}"
    made[link] = (today, page)
    return {"errcode": 0, "errmsg": "ok", "link": link}


def opened(world: World, appid: str, link: str) -> str:
    """The page that a pasted link opens. Raises `ControlRefusal` for one that is not known or is too old."""
    day, page = world.short_links.get(appid, {}).get(link, (date.min, ""))
    if not page or world.clock.now().date() > day + LIVES:
        raise ControlRefusal(404, "no such link")
    return page


def create_activity(world: World, query: dict[str, str], body: bytes) -> dict[str, Any]:
    """GET /cgi-bin/message/wxopen/activityid/create: of a live card; with an openid, of private messages of his."""
    appid = tokens.check(world, query)
    openid = query.get("openid", "")
    if openid and (appid, openid) not in world.openids:
        raise ApiRefusal(40003, "invalid openid")
    activity_id = f"966_{world.letters(40)}"
    made = world.activities[activity_id] = Activity(appid, openid, world.clock.now())
    return {"activity_id": activity_id, "expiration_time": int(made.expires_at.timestamp()), "errcode": 0}


def authorized(world: World, appid: str, openid: str, activity_id: str) -> dict[str, Any]:
    """What wx.authPrivateMessage answers a receiver: sealed under the session key of his last wx.login."""
    key = world.session_keys.get((appid, openid))
    if key is None:
        raise ControlRefusal(409, "this user has no session")
    activity = world.activities.get(activity_id)
    now = world.clock.now()
    valid = activity is not None and activity.appid == appid and now < activity.made_at + PROVED_WITHIN
    said = {"activityId": activity_id, "watermark": {"appid": appid, "timestamp": int(now.timestamp())}}
    return {"valid": valid, **sealed(world, key, json.dumps(said).encode())}


def sealed(world: World, session_key: str, plain: bytes) -> dict[str, str]:
    """AES-128-CBC with PKCS#7."""
    iv, pad = world.rng.randbytes(16), 16 - len(plain) % 16
    closer = Cipher(AES(base64.b64decode(session_key)), CBC(iv)).encryptor()
    closed = closer.update(plain + bytes([pad]) * pad) + closer.finalize()
    return {"iv": base64.b64encode(iv).decode(), "encryptedData": base64.b64encode(closed).decode()}
