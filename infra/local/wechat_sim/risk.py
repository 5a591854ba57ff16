"""getuserriskrank: what WeChat thinks of a user, 0 unless ``/_sim/ranks`` says otherwise.

Fields and errcodes are as developers report them. Ours: 40097 for an address that is none, the order of the checks, and
that an unknown rank is asked for like any other.
"""

from __future__ import annotations

from ipaddress import ip_address
from typing import Any

from infra.local.wechat_sim import tokens, visits
from infra.local.wechat_sim.documents import document, member
from infra.local.wechat_sim.refusal import ApiRefusal, ControlRefusal
from infra.local.wechat_sim.world import World

SCENES = (0, 1)
RANKS = range(5)


def get_rank(world: World, query: dict[str, str], body: bytes) -> dict[str, Any]:
    """POST /wxa/getuserriskrank."""
    appid = tokens.check(world, query)
    sent = document(body)
    if member(sent, "appid", "") != appid:
        raise ApiRefusal(43104, "appid does not match openid")
    if member(sent, "scene", -1) not in SCENES:
        raise ApiRefusal(40129, "invalid scene")
    try:
        ip_address(member(sent, "client_ip", ""))
    except ValueError:
        raise ApiRefusal(40097, "invalid args: client_ip") from None
    visits.spend(world, appid, "risk", 45011)
    who = visits.visitor(world, appid, member(sent, "openid", ""))
    return {"errcode": 0, "errmsg": "getuserriskrank succ", "risk_rank": world.ranks.get(who.name, 0), "unoin_id": 0}


def set_rank(world: World, name: str, rank: int) -> None:
    """What WeChat thinks of ``name`` from now on."""
    if rank not in RANKS:
        raise ControlRefusal(400, "a rank is 0 to 4")
    world.ranks[name] = rank
