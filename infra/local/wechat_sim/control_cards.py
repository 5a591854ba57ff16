"""The control API's acts on cards and links in chats."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from infra.local.wechat_sim import cards
from infra.local.wechat_sim.activities import Activity

if TYPE_CHECKING:
    from infra.local.wechat_sim.app import Simulator
    from infra.local.wechat_sim.control import Asked


def private_message(sim: Simulator, number: str, asked: Asked) -> tuple[int, dict[str, Any]]:
    """POST private-message: what wx.authPrivateMessage answers ``openid``."""
    return 200, cards.authorized(sim.world, asked["appid"], asked["openid"], asked["activity_id"])


def open_link(sim: Simulator, number: str, asked: Asked) -> tuple[int, dict[str, Any]]:
    """POST open-link: the page that a pasted ``link`` opens."""
    return 200, {"page_url": cards.opened(sim.world, asked["appid"], asked["link"])}


def made(sim: Simulator, number: str, asked: Asked) -> tuple[int, dict[str, Any]]:
    """GET cards: every activity of ``appid``, and all that was said about it."""
    mine = [(key, one) for key, one in sim.world.activities.items() if one.appid == asked["appid"]]
    return 200, {"cards": [_shown(activity_id, activity) for activity_id, activity in mine]}


def _shown(activity_id: str, activity: Activity) -> dict[str, Any]:
    return {
        "activity_id": activity_id,
        "openid": activity.openid,
        "expires_at": activity.expires_at.isoformat(),
        "updates": [{"at": one.at.isoformat(), "state": one.state, **one.parameters} for one in activity.updates],
    }


ROUTES = {("POST", "private-message"): private_message, ("POST", "open-link"): open_link, ("GET", "cards"): made}
