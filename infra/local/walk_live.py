"""The walk's live code: one printed code, and two groups behind it of which each person gets one."""

from __future__ import annotations

import base64
import io
import urllib.request
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import qrcode

from infra.local.client import Api, HttpSend, Person
from infra.local.endpoint import Endpoint
from infra.local.narrator import quiet
from infra.local.walk_posters import drawn

PLACES = 2
"""Of each group: three people need two groups."""


def live(endpoint: Endpoint, shop: Api, people: Mapping[str, Person]) -> None:
    """A live code turns to the next group when one is full, and everybody stays where he is."""
    print("\nthe merchant prints a live code; behind it are two groups, whose QR codes he sends")
    targets = [_group(shop, number) for number in (1, 2)]
    said = {"name": "收银台立牌", "title": "加入茶友群", "text": "新茶到店，群里先说。", "targets": targets}
    made = shop.call("POST", "/v1/admin/live-codes", said).expect(201)
    printed = drawn(quiet(shop), "POST", f"/v1/admin/live-codes/{made['live_id']}/code", {})
    with urllib.request.urlopen(printed["url"], timeout=10) as answer:
        picture = base64.b64encode(answer.read()).decode()
    scene = Api(HttpSend(endpoint.wechat)).call("POST", "/_sim/scan", {"picture": picture}).expect(200, 201)["scene"]
    print(f"\n{', '.join(people)} scan it ({scene}); the third one's group is the next, and nobody moves")
    places = []
    for person in people.values():
        quiet(person.api).call("POST", "/v1/entries", {"scene": scene, "scene_value": 1047}).expect(200)
        told = person.api.call("POST", f"/v1/live-codes/{made['live_id']}/place", {}).expect(200)
        places.append(told["place"]["number"])
    again = quiet(next(iter(people.values())).api).call("POST", f"/v1/live-codes/{made['live_id']}/place", {})
    if places != [1, 1, 2] or again.expect(200)["place"]["number"] != 1:
        raise AssertionError(f"the live code sent them to {places}")
    print(f"  (groups {', '.join(map(str, places))})")


def _group(shop: Api, number: int) -> dict[str, Any]:
    """A group whose QR code the merchant has sent; WeChat's are good for a week."""
    into = io.BytesIO()
    qrcode.make(f"https://weixin.qq.com/g/demo-group-{number}").save(into)
    content = base64.b64encode(into.getvalue()).decode()
    picture = drawn(quiet(shop), "POST", "/v1/admin/pictures", {"name": f"茶友{number}群", "content": content})
    until = (datetime.now(UTC) + timedelta(days=6)).isoformat()
    to = {"kind": "group", "picture_id": picture["picture_id"], "until": until}
    return {"title": f"茶友{number}群", "to": to, "capacity": PLACES}
