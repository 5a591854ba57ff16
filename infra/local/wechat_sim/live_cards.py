"""setUpdatableMsg: what stands on the cards of an activity while it lives.

Ours, since the documents are silent: the order of the checks; 47001 also for a parameter that there is not or that
comes twice, and for a count that is no number; that a card which has started refuses even the same again (47502).
"""

from __future__ import annotations

import re
from typing import Any

from infra.local.wechat_sim import tokens
from infra.local.wechat_sim.activities import Update
from infra.local.wechat_sim.documents import document, member
from infra.local.wechat_sim.refusal import ApiRefusal
from infra.local.wechat_sim.world import World

NEEDED = {0: ("member_count", "room_limit"), 1: ("path", "version_type")}
"""By state: the parameters without which there is none."""
COUNT = re.compile(r"\d{1,9}")
VERSIONS = ("develop", "trial", "release")


def update(world: World, query: dict[str, str], body: bytes) -> dict[str, Any]:
    """POST /cgi-bin/message/wxopen/updatablemsg/send."""
    appid = tokens.check(world, query)
    if not body:
        raise ApiRefusal(44002, "empty post data")
    sent = document(body)
    activity_id, state = member(sent, "activity_id", ""), sent.get("target_state")
    if not activity_id or type(state) is not int:
        raise ApiRefusal(47001, "data format error")
    activity = world.activities.get(activity_id)
    if activity is None or activity.appid != appid:
        raise ApiRefusal(47501, "invalid activity_id")
    if state not in NEEDED:
        raise ApiRefusal(47502, "invalid target_state")
    parameters = _parameters(member(sent, "template_info", {}))
    if any(name not in parameters for name in NEEDED[state]):
        raise ApiRefusal(47001, "data format error, missing parameter")
    if "version_type" in parameters and parameters["version_type"] not in VERSIONS:
        raise ApiRefusal(47503, "invalid version_type")
    if world.clock.now() >= activity.expires_at:
        raise ApiRefusal(47504, "activity_id expired")
    if activity.started:
        raise ApiRefusal(47502, "invalid target_state, it has started")
    activity.updates.append(Update(world.clock.now(), state, parameters))
    return {"errcode": 0, "errmsg": "ok"}


def _parameters(info: dict[str, Any]) -> dict[str, str]:
    known = {name for names in NEEDED.values() for name in names}
    found: dict[str, str] = {}
    sent: list[Any] = member(info, "parameter_list", [])
    for one in sent:
        name, value = (one.get("name"), one.get("value")) if isinstance(one, dict) else (None, None)
        fits = isinstance(value, str) and value != "" and name in known and name not in found
        if not fits or (name in NEEDED[0] and not COUNT.fullmatch(str(value))):
            raise ApiRefusal(47001, "data format error")
        found[str(name)] = str(value)
    return found
