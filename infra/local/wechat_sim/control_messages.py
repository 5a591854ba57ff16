"""The control API's acts on subscription messages: templates, what a user agrees to, and what he was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from infra.local.wechat_sim import login, messages
from infra.local.wechat_sim.consents import Message, Template
from infra.local.wechat_sim.refusal import ControlRefusal

if TYPE_CHECKING:
    from infra.local.wechat_sim.app import Simulator
    from infra.local.wechat_sim.control import Asked


def templates(sim: Simulator, number: str, asked: Asked) -> tuple[int, dict[str, Any]]:
    """POST messages/templates: each with ``template_id``, ``title``, ``fields`` [{``key``, ``name``}].

    And with ``enums`` {key: [value, …]}, ``banned``, and the ``outcome`` [ErrorCode, ErrorStatus] of its deliveries.
    """
    for one in asked["templates"]:
        code, status = one.get("outcome", ("0", "success"))
        made = Template(
            template_id=str(one["template_id"]),
            title=str(one["title"]),
            fields={str(each["key"]): str(each["name"]) for each in one["fields"]},
            enums={str(key): tuple(values) for key, values in one.get("enums", {}).items()},
            banned=bool(one.get("banned", False)),
            outcome=(str(code), str(status)),
        )
        messages.set_template(sim.world, asked["appid"], made)
    return 201, {}


def subscribe(sim: Simulator, number: str, asked: Asked) -> tuple[int, dict[str, Any]]:
    """POST messages/subscribe: ``openid``, or who is called ``name``, answers wx.requestSubscribeMessage.

    With ``results`` {template: result}.

    What the client is answered is the same; with ``pushed`` false the server is not told of it.
    """
    results, pushed = dict(asked["results"]), bool(asked.get("pushed", True))
    messages.subscribe(sim.world, asked["appid"], _openid(sim, asked), results, pushed=pushed)
    sim.settle()
    return 200, {"errMsg": "requestSubscribeMessage:ok", **results}


def switch_off(sim: Simulator, number: str, asked: Asked) -> tuple[int, dict[str, Any]]:
    """POST messages/switch-off: ``openid`` takes no more messages of ``template_id``."""
    messages.switch_off(sim.world, asked["appid"], asked["openid"], asked["template_id"])
    sim.settle()
    return 200, {}


def sent(sim: Simulator, number: str, asked: Asked) -> tuple[int, dict[str, Any]]:
    """GET messages: what was sent in ``appid``, to everybody, to ``openid``, or to the user called ``name``."""
    if sim.world.app(asked["appid"]) is None:
        raise ControlRefusal(404, "no such appid")
    openid = _openid(sim, asked) if "name" in asked else asked.get("openid")
    found = [m for m in sim.world.messages.sent if m.appid == asked["appid"] and openid in (None, m.openid)]
    return 200, {"messages": [_shown(message) for message in found]}


def _openid(sim: Simulator, asked: Asked) -> str:
    """The openid that is named, or that of the user with that ``name``."""
    if "name" not in asked:
        return str(asked["openid"])
    return login.openid(sim.world, asked["appid"], login.user(sim.world, asked["name"]))


def _shown(message: Message) -> dict[str, Any]:
    told = {name: value for name, value in vars(message).items() if name not in ("appid", "outcome")}
    return told | {"msgid": str(message.msgid), "at": message.at.isoformat(), "delivered": message.delivered}


ROUTES = {
    ("POST", "messages/templates"): templates,
    ("POST", "messages/subscribe"): subscribe,
    ("POST", "messages/switch-off"): switch_off,
    ("GET", "messages"): sent,
}
