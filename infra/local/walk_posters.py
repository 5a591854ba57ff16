"""The walk's posters: one is written, looked at, mended and released; somebody sends his, and a friend scans it."""

from __future__ import annotations

import base64
import urllib.request
from pathlib import Path
from typing import Any

from infra.local.client import Api, HttpSend, Person
from infra.local.endpoint import Endpoint
from infra.local.narrator import quiet, until

WORDS: dict[str, Any] = {
    "title": "秋茶上新 好友同享",
    "subtitle": "全网最低价",
    "benefit": "三人成团 立省 30 元",
    "points": ["当季新茶，七日内炒制", "顺丰包邮，坏单包赔", "不满意七天可退"],
    "endorsement": "“喝了三年，年年回购。” 老客户陈女士",
    "action": "长按识别，马上来拼",
    "note": "售完即止，每人限购两份",
}
LAWFUL = "安溪铁观音 · 产地直发"


def poster(endpoint: Endpoint, shop: Api, sharer: Person, friend: Person, campaign_id: str) -> None:
    """A poster from its first draft to the friend who came by it."""
    print("\nthe merchant writes a poster and looks at it: it says what nobody may say")
    draft = {"name": "秋茶", "format": "tall", "words": WORDS}
    made = shop.call("POST", "/v1/admin/posters", {"poster": draft}).expect(201)
    path = f"/v1/admin/posters/{made['poster_id']}"
    faults = drawn(shop, "POST", f"{path}/preview", {})["faults"]
    if [fault["mistake"] for fault in faults] != ["exaggerated"]:
        raise AssertionError(f"the draft is judged otherwise: {faults}")
    print(f"  ({faults[0]['pointer']}: {faults[0]['zh']})")
    print("\nhe mends it; it is drawn for three people, judged, and released; it stands for every campaign of his")
    mended = {"edition": 1, "poster": {**draft, "words": {**WORDS, "subtitle": LAWFUL}}}
    shop.call("PUT", path, mended).expect(200)
    drawn(shop, "POST", f"{path}/release", {"edition": 2})
    stands = quiet(shop).get("/v1/admin/everyday-posters")["kinds"]
    edition = next(one["edition"] for one in stands if one["kind"] == "campaign")
    chosen = {"edition": edition, "posters": {"tall": made["poster_id"]}}
    shop.call("PUT", "/v1/admin/everyday-posters/campaign", chosen).expect(200)
    print(f"\n{sharer.name.partition('-')[0]} asks for his poster; the code on it is his own")
    share = quiet(sharer.api).get(f"/v1/campaigns/{campaign_id}")["share"]
    mine = drawn(sharer.api, "POST", f"/v1/shares/{share['share_id']}/poster", {"format": "tall"})
    with urllib.request.urlopen(mine["url"], timeout=10) as answer:
        picture: bytes = answer.read()
    saved = Path(endpoint.home, "poster.jpg")
    saved.write_bytes(picture)
    print(
        f"  ({mine['width']} × {mine['height']}, {len(picture) / 1000:.0f} kB; look at it: poster.jpg beside the logs)"
    )
    print(f"\n{friend.name.partition('-')[0]} scans it; who brought her is known")
    asked = {"picture": base64.b64encode(picture).decode()}
    seen = Api(HttpSend(endpoint.wechat)).call("POST", "/_sim/scan", asked).expect(200, 201)
    entry = friend.api.call("POST", "/v1/entries", {"scene": seen["scene"], "scene_value": 1047}).expect(200)
    if entry["open"]["id"] != campaign_id:
        raise AssertionError(f"the code leads elsewhere: {entry}")


def drawn(api: Api, method: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """What an errand of drawing is answered, once the function has time for it."""
    answers: list[dict[str, Any]] = []

    def has() -> bool:
        reply = api.call(method, path, body)
        if reply.status == 429:
            return False
        answers.append(reply.expect(200, 201))
        return True

    until(has, "the picture")
    return answers[-1]
