"""The control API's acts on pages and codes: what is released, what was made, and what a phone's camera sees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from infra.local.wechat_sim import mini_codes

if TYPE_CHECKING:
    from infra.local.wechat_sim.app import Simulator
    from infra.local.wechat_sim.control import Asked


def release(sim: Simulator, number: str, asked: Asked) -> tuple[int, dict[str, Any]]:
    """POST pages: whether the released version of ``appid`` has ``page``."""
    page = str(asked["appid"]), str(asked["page"])
    (sim.world.pages.missing.discard if asked["released"] else sim.world.pages.missing.add)(page)
    return 201, {}


def made(sim: Simulator, number: str, asked: Asked) -> tuple[int, dict[str, Any]]:
    """GET codes: every code that was given away."""
    return 200, {"codes": [vars(code) for code in sim.world.pages.codes.values()]}


def scan(sim: Simulator, number: str, asked: Asked) -> tuple[int, dict[str, Any]]:
    """POST scan: what whoever scans the code in ``picture`` (base64) comes to; 404 where none can be read.

    ``query`` is the page's, as a mini-program gets it; ``scene`` is decoded.
    """
    found = mini_codes.scanned(sim.world, str(asked["picture"]))
    return 200, {**vars(found), "query": f"scene={quote(found.scene, safe='')}", "scene_value": 1047}


ROUTES = {("POST", "pages"): release, ("GET", "codes"): made, ("POST", "scan"): scan}
