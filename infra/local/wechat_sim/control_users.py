"""The control API's acts on what WeChat thinks of users and of what they write."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from infra.local.wechat_sim import content, login, risk, visits
from infra.local.wechat_sim.refusal import ControlRefusal
from infra.local.wechat_sim.verdicts import Look
from infra.local.wechat_sim.world import Allowance

if TYPE_CHECKING:
    from infra.local.wechat_sim.app import Simulator
    from infra.local.wechat_sim.control import Asked

METERED = ("risk", "content", "media", "code")


def visit(sim: Simulator, number: str, asked: Asked) -> tuple[int, dict[str, Any]]:
    """POST visits: ``name`` opens the mini-program."""
    who = login.user(sim.world, asked["name"])
    visits.come(sim.world, asked["appid"], login.openid(sim.world, asked["appid"], who))
    return 201, {}


def rank(sim: Simulator, number: str, asked: Asked) -> tuple[int, dict[str, Any]]:
    """POST ranks: the risk ``rank`` of ``name``."""
    risk.set_rank(sim.world, asked["name"], asked["rank"])
    return 201, {}


def word(sim: Simulator, number: str, asked: Asked) -> tuple[int, dict[str, Any]]:
    """POST words: what is said of texts with ``word``."""
    content.set_word(sim.world, asked["word"], asked["suggest"], int(asked.get("label", 21000)))
    return 201, {}


def look(sim: Simulator, number: str, asked: Asked) -> tuple[int, dict[str, Any]]:
    """POST looks: what is said of pictures with ``url`` in their address, ``after`` so many seconds.

    With an ``errcode`` WeChat could not look.
    """
    said = Look(
        asked["suggest"], int(asked.get("label", 21000)), int(asked.get("errcode", 0)), float(asked.get("after", 3))
    )
    content.set_look(sim.world, asked["url"], said)
    return 201, {}


def allowance(sim: Simulator, number: str, asked: Asked) -> tuple[int, dict[str, Any]]:
    """POST allowances: how often ``api`` may be asked in a ``minute`` and in a ``day``."""
    if asked["api"] not in METERED:
        raise ControlRefusal(400, f"api is one of {METERED}")
    usual = Allowance()
    allowed = Allowance(int(asked.get("minute", usual.minute)), int(asked.get("day", usual.day)))
    sim.world.allowances[asked["api"]] = allowed
    return 201, {}


def checked(sim: Simulator, number: str, asked: Asked) -> tuple[int, dict[str, Any]]:
    """GET checked: every text, and every picture's address, that was looked at."""
    return 200, {"checked": [{"trace_id": trace_id, "text": text} for trace_id, text in sim.world.checked]}
