"""One user on two devices."""

from __future__ import annotations

from collections.abc import Mapping

from infra.local.client import Api
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


SCENES = [Scene("devices", devices)]
