"""Who was in a mini-program lately, and how often it may ask about its users.

Real visits are all that WeChat sees; here a login is one, and what ``/_sim/visits`` says.
"""

from __future__ import annotations

from datetime import timedelta

from infra.local.wechat_sim.clock import BEIJING
from infra.local.wechat_sim.refusal import ApiRefusal, ControlRefusal
from infra.local.wechat_sim.world import Allowance, User, World

LATELY = timedelta(hours=2)


def come(world: World, appid: str, openid: str) -> None:
    """He opens the mini-program."""
    if (appid, openid) not in world.openids:
        raise ControlRefusal(404, "no such openid in this appid")
    world.visits[appid, openid] = world.clock.now()


def visitor(world: World, appid: str, openid: str) -> User:
    """The user of an openid who was there lately; 40003, 43104 or 61010 for anybody else."""
    who = world.openids.get((appid, openid))
    if who is None:
        elsewhere = any(known == openid for _, known in world.openids)
        raise ApiRefusal(43104, "appid does not match openid") if elsewhere else ApiRefusal(40003, "invalid openid")
    seen = world.visits.get((appid, openid))
    if seen is None or world.clock.now() > seen + LATELY:
        raise ApiRefusal(61010, "user access record expired")
    return who


def spend(world: World, appid: str, api: str, minute_code: int) -> None:
    """One more call in this minute and this day in China; ``minute_code`` or 45009 where there are too many."""
    allowed = world.allowances.get(api, Allowance())
    now = world.clock.now().astimezone(BEIJING)
    minute, day = f"{now:%Y-%m-%dT%H:%M}", f"{now:%Y-%m-%d}"
    if world.asked[appid, api, minute] >= allowed.minute:
        raise ApiRefusal(minute_code, "api minute-quota reach limit")
    if world.asked[appid, api, day] >= allowed.day:
        raise ApiRefusal(45009, "reach max api daily quota limit")
    world.asked[appid, api, minute] += 1
    world.asked[appid, api, day] += 1
