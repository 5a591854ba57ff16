"""A template of an activity, who agrees to it, and messages that fit."""

from __future__ import annotations

from typing import Any

from chalicelib.wechat import message
from chalicelib.wechat.message import Message
from tests.wechat.scene import Scene

TEMPLATE = "hD-ixGOhYmUfjOnI8MCzQMPshzGVeux_2vzyvQu7O68"
FIELDS = {"thing1": "活动名称", "number2": "还差人数", "time3": "结束时间", "amount4": "价格"}
DATA = {"thing1": "一起拼🍊橙子", "number2": "1", "time3": "2026年11月11日 20:00", "amount4": "¥69.00"}


def fields(named: dict[str, str]) -> list[dict[str, str]]:
    return [{"key": key, "name": name} for key, name in named.items()]


def template(scene: Scene, **changed: Any) -> None:
    """The scene's mini-program has the template, or has it changed."""
    usual = {"template_id": TEMPLATE, "title": "拼团进度提醒", "fields": fields(FIELDS)}
    scene.sim.control(
        "POST", "/_sim/messages/templates", {"appid": scene.app.appid, "templates": [{**usual, **changed}]}
    )


def agree(scene: Scene, times: int = 1, template_id: str = TEMPLATE, **more: Any) -> None:
    for _ in range(times):
        asked = {"appid": scene.app.appid, "openid": scene.openid, "results": {template_id: "accept"}, **more}
        scene.sim.control("POST", "/_sim/messages/subscribe", asked)


def written(scene: Scene, **changed: Any) -> Message:
    usual: dict[str, Any] = {
        "touser": scene.openid,
        "template_id": TEMPLATE,
        "page": "pages/group/index?g=1",
        "data": DATA,
        "language": "zh_CN",
        "state": "formal",
    }
    return Message(**{**usual, **changed})


def send(scene: Scene, **changed: Any) -> str:
    return message.send(scene.app, written(scene, **changed))


def came(scene: Scene) -> list[dict[str, Any]]:
    """What the user of the scene got."""
    asked = f"/_sim/messages?appid={scene.app.appid}&openid={scene.openid}"
    found: list[dict[str, Any]] = scene.sim.control("GET", asked)["messages"]
    return found


def left(scene: Scene) -> int:
    """How many messages he still takes."""
    return scene.sim.world.messages.consents[scene.app.appid, scene.openid, TEMPLATE].left
