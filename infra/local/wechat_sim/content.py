"""msg_sec_check v2: a text passes unless one of the world's words is in it.

Ours, since the documents are silent: the order of the checks; 40097 for a version that is not 2 and for a text that is
too long; that a text with several words gets the worst of their verdicts.
"""

from __future__ import annotations

from typing import Any

from infra.local.wechat_sim import tokens, visits
from infra.local.wechat_sim.documents import document, member
from infra.local.wechat_sim.refusal import ApiRefusal, ControlRefusal
from infra.local.wechat_sim.world import Word, World

VERSION = 2
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


def set_word(world: World, word: str, suggest: str, label: int) -> None:
    """What WeChat says of texts with ``word`` in them from now on."""
    if suggest not in WORST or not word:
        raise ControlRefusal(400, f"suggest is one of {WORST}, of some word")
    world.words[word] = Word(suggest, label)
