"""One user on two devices, and names and pictures that others must not see."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.accounts.items import User, user_key
from chalicelib.core.ids import MerchantId
from chalicelib.core.transaction import update_one
from infra.local.client import Api, Person
from infra.local.wechat_sim.push import Push
from tests.accounts.texts import DOUBTFUL, FINE, RISKY, UNCLEAR
from tests.proof.acts import one_key, people
from tests.proof.stage import Act, Scene
from tests.town import Town, send


def devices(town: Town) -> Mapping[str, Act]:
    """The same refresh token in two hands, a log-out, a first login elsewhere, a new name."""
    ann = town.person("ann")
    shown = {"refresh_token": ann.refresh_token}
    anybody, bens = Api(send), {"appid": town.merchant.appid, "code": "test:ben"}
    return {
        "ann refreshes": lambda: anybody.call("POST", "/v1/tokens/refresh", shown),
        "ann logs out": lambda: ann.api.call("POST", "/v1/logout", shown, key="one-key-to-log-out"),
        "ann takes a name": lambda: ann.api.call("PATCH", "/v1/me", {"nickname": "安安"}),
        "ben logs in for the first time": lambda: anybody.call("POST", "/v1/login", bens),
    }


def names(town: Town) -> Mapping[str, Act]:
    """Names that WeChat has not looked at, or is in doubt of, while WeChat, the merchant and their owners act."""
    gid = town.opened(town.campaign(size=4))[1]["group_id"]
    ann, ben, cat, dan = people(town, "ann", "ben", "cat", "dan")
    update_one(user_key(MerchantId(town.merchant.mid), dan.uid), [User.nickname.set("丹")], when={})
    town.act("/_sim/faults", endpoint="content", kind="unreachable")
    ann.api.call("PATCH", "/v1/me", {"nickname": "安安"}).expect(200)
    ben.api.call("PATCH", "/v1/me", {"nickname": DOUBTFUL}).expect(200)

    def decides(person: Person, nickname: str, decision: str) -> Act:
        path, body = f"/v1/admin/users/{person.uid}/nickname", {"nickname": nickname, "decision": decision}
        return lambda: town.admin.call("POST", path, body, key=one_key(person, decision))

    def comes(name: str) -> Act:
        return lambda: Api(send).call("POST", "/v1/login", {"appid": town.merchant.appid, "code": f"test:{name}"})

    return {
        "ann takes her name again": lambda: ann.api.call("PATCH", "/v1/me", {"nickname": "安安"}),
        "ann comes again": comes("ann"),
        "dan comes, who was named before names were checked": comes("dan"),
        "ann is approved": decides(ann, "安安", "approve"),
        "ben is refused": decides(ben, DOUBTFUL, "reject"),
        "ben takes a seat": lambda: ben.join(gid, key=one_key(ben, "seat")),
        "cat takes a name": lambda: cat.api.call("PATCH", "/v1/me", {"nickname": "凯特"}),
    }


def tells(town: Town, push: Push) -> Act:
    """WeChat pushes a message, as often as it likes."""

    def act() -> Any:
        letter = town.sim.pushes.letter(push)
        answer = town.sim.deliver(letter.url, letter.headers, letter.body)
        return answer[0] if answer else None

    return act


def pictures(town: Town) -> Mapping[str, Act]:
    """Pictures of which WeChat tells what it saw, before and after we know what we asked, while their owners act."""
    town.listen()
    town.act("/_sim/looks", url="/risky/", suggest="risky")
    gid = town.opened(town.campaign(size=4))[1]["group_id"]
    ann, ben = people(town, "ann", "ben")
    ann.api.call("PATCH", "/v1/me", {"avatar_url": RISKY}).expect(200)
    town.stream()
    anns = town.sim.pushes.all[-1]
    early = Push(anns.appid, {**anns.message, "trace_id": "of-what-nobody-knows-yet"}, None)
    ben.api.call("PATCH", "/v1/me", {"avatar_url": FINE}).expect(200)
    return {
        "WeChat tells of ann's": tells(town, anns),
        "WeChat tells of something else": tells(town, early),
        "ann takes another": lambda: ann.api.call("PATCH", "/v1/me", {"avatar_url": UNCLEAR}),
        "ann takes a seat": lambda: ann.join(gid, key=one_key(ann, "seat")),
        "ben comes again": lambda: Api(send).call(
            "POST", "/v1/login", {"appid": town.merchant.appid, "code": "test:ben"}
        ),
    }


SCENES = [Scene("devices", devices), Scene("names", names), Scene("pictures", pictures)]
