"""The control API's acts on message push."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from infra.local.wechat_sim import orders
from infra.local.wechat_sim.control_notices import shown_attempt
from infra.local.wechat_sim.push import FORMATS, SETTLEMENT, VARIANTS, Push
from infra.local.wechat_sim.refusal import ControlRefusal
from infra.local.wechat_sim.world import Address

if TYPE_CHECKING:
    from infra.local.wechat_sim.app import Simulator
    from infra.local.wechat_sim.control import Asked


def address(sim: Simulator, number: str, asked: Asked) -> tuple[int, dict[str, Any]]:
    """POST push: where a mini-program wants messages. Refused unless that address answers WeChat's question."""
    wanted = Address(asked["url"], asked["token"], asked["aes_key"], asked.get("format", "json"))
    with sim.lock:
        if sim.world.app(asked["appid"]) is None:
            raise ControlRefusal(404, "no such appid")
        if len(wanted.aes_key) != 43:
            raise ControlRefusal(400, "aes_key has 43 letters")
        if wanted.format not in FORMATS:
            raise ControlRefusal(400, f"format is one of {FORMATS}")
        echo = sim.world.letters(19, "123456789")
        question = sim.pushes.question(wanted, echo)
    answer = sim.ask(question)
    if answer != (200, echo.encode()):
        raise ControlRefusal(409, f"the address does not answer with what it was asked: {answer}")
    with sim.lock:
        sim.world.addresses[asked["appid"]] = wanted
    return 201, {}


def pushes(sim: Simulator, number: str, asked: Asked) -> tuple[int, dict[str, Any]]:
    """GET pushes: all messages, and what came of each attempt."""
    return 200, {"pushes": [_shown(push) for push in sim.pushes.all]}


def event(sim: Simulator, number: str, asked: Asked) -> tuple[int, dict[str, Any]]:
    """POST events: tell of an order now, good or wrong in the way of ``variant``."""
    variant = asked.get("variant", "good")
    if variant not in VARIANTS:
        raise ControlRefusal(400, f"no such variant; known: {sorted(VARIANTS)}")
    with sim.lock:
        sim.settle()
        order = orders.named(sim.world, str(asked["out_trade_no"]), asked.get("mchid"))
        push = sim.pushes.tell(order, asked.get("event", SETTLEMENT), scheduled=False)
        if push is None:
            raise ControlRefusal(409, "this mini-program wants no messages")
        letter = sim.pushes.letter(push, variant)
    answer = sim.deliver(letter.url, letter.headers, letter.body)
    with sim.lock:
        sim.pushes.record(letter, answer)
    status, body = answer or (None, b"")
    return 200, {"status": status, "body": body.decode(errors="replace")}


def _shown(push: Push) -> dict[str, Any]:
    return {
        "appid": push.appid,
        "message": push.message,
        "due_at": push.due_at.isoformat() if push.due_at else None,
        "taken": push.taken,
        "attempts": [shown_attempt(attempt) for attempt in push.attempts],
    }
