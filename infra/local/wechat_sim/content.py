"""msg_sec_check v2 and media_check_async: what is not among the world's words and looks passes.

Ours, since the documents are silent: the order of the checks; 40097 for a version that is not 2, a text that is too
long, an address or a kind of media that is none; that a text with several words gets the worst of their verdicts.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from infra.local.wechat_sim import tokens, visits
from infra.local.wechat_sim.consents import Event
from infra.local.wechat_sim.documents import document, member
from infra.local.wechat_sim.refusal import ApiRefusal, ControlRefusal
from infra.local.wechat_sim.verdicts import Look, Word
from infra.local.wechat_sim.world import World

VERSION = 2
MEDIA = (1, 2)
SCENES = (1, 2, 3, 4)
MOST_CHARACTERS = 2500
NORMAL = Word("pass", 100)
WORST = ("pass", "review", "risky")


def check(world: World, query: dict[str, str], body: bytes) -> dict[str, Any]:
    """POST /wxa/msg_sec_check."""
    appid = tokens.check(world, query)
    sent = document(body)
    text = member(sent, "content", "")
    if not text:
        raise ApiRefusal(44002, "empty post data")
    if member(sent, "version", 0) != VERSION or len(text) > MOST_CHARACTERS:
        raise ApiRefusal(40097, "invalid args")
    if member(sent, "scene", 0) not in SCENES:
        raise ApiRefusal(40129, "invalid scene")
    visits.spend(world, appid, "content", 44991)
    visits.visitor(world, appid, member(sent, "openid", ""))
    found = {word: verdict for word, verdict in world.words.items() if word in text}
    worst = max(found.values(), key=lambda verdict: WORST.index(verdict.suggest), default=NORMAL)
    trace_id = world.letters(32, "0123456789abcdef")
    world.checked.append((trace_id, text))
    keywords = [
        {"strategy": "keyword", "errcode": 0, "suggest": verdict.suggest, "label": verdict.label, "keyword": word}
        for word, verdict in found.items()
    ]
    model = {"strategy": "content_model", "errcode": 0, "suggest": worst.suggest, "label": worst.label, "prob": 90}
    result = {"suggest": worst.suggest, "label": worst.label}
    return {"errcode": 0, "errmsg": "ok", "trace_id": trace_id, "result": result, "detail": [model, *keywords]}


def check_media(world: World, query: dict[str, str], body: bytes) -> dict[str, Any]:
    """POST /wxa/media_check_async: the verdict is pushed."""
    appid = tokens.check(world, query)
    sent = document(body)
    url, openid = member(sent, "media_url", ""), member(sent, "openid", "")
    address = urlsplit(url)
    if address.scheme not in ("http", "https") or not address.netloc or member(sent, "media_type", 0) not in MEDIA:
        raise ApiRefusal(40097, "invalid args")
    if member(sent, "version", 0) != VERSION:
        raise ApiRefusal(40097, "invalid args")
    if member(sent, "scene", 0) not in SCENES:
        raise ApiRefusal(40129, "invalid scene")
    visits.spend(world, appid, "media", 44991)
    visits.visitor(world, appid, openid)
    trace_id = "-".join(world.letters(8, "0123456789abcdef") for _ in range(3))
    world.checked.append((trace_id, url))
    look = next((said for part, said in world.looks.items() if part in url), Look(NORMAL.suggest, NORMAL.label))
    world.events.append(_looked(world, appid, openid, trace_id, look))
    return {"errcode": 0, "errmsg": "ok", "trace_id": trace_id}


def _looked(world: World, appid: str, openid: str, trace_id: str, look: Look) -> Event:
    verdict = {"suggest": look.suggest, "label": look.label}
    told: dict[str, Any] = {"appid": appid, "trace_id": trace_id, "version": VERSION, "errcode": look.errcode}
    if look.errcode:
        told |= {"errmsg": "download failed", "result": {}, "detail": []}
    else:
        detail = [{"strategy": "content_model", "errcode": 0, **verdict, "prob": 90}]
        told |= {"errmsg": "ok", "result": verdict, "detail": detail}
    return Event(appid, openid, "wxa_media_check", world.clock.now() + timedelta(seconds=look.after), told)


def set_look(world: World, part: str, look: Look) -> None:
    """What WeChat says of pictures with ``part`` in their address from now on."""
    if look.suggest not in WORST or not part:
        raise ControlRefusal(400, f"suggest is one of {WORST}, of some part of an address")
    world.looks[part] = look


def set_word(world: World, word: str, suggest: str, label: int) -> None:
    """What WeChat says of texts with ``word`` in them from now on."""
    if suggest not in WORST or not word:
        raise ControlRefusal(400, f"suggest is one of {WORST}, of some word")
    world.words[word] = Word(suggest, label)
