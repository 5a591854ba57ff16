"""Posters of a merchant's, and people who want theirs."""

from __future__ import annotations

import base64
import io
from typing import Any

from PIL import Image

from chalicelib.campaigns.posters import Template, template_key
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import read_one
from infra.local.client import Api, Person, Reply
from tests.pictures.type import opened
from tests.sharing.friends import shared
from tests.town import Town

WORDS = {
    "title": "秋茶上新 好友同享",
    "subtitle": "安溪铁观音 · 产地直发",
    "benefit": "两人成团 立省 30 元",
    "points": ["当季新茶，七日内炒制", "顺丰包邮，坏单包赔", "不满意七天可退"],
    "endorsement": "“喝了三年，年年回购。” 老客户陈女士",
    "action": "长按识别，马上来拼",
    "note": "活动至 11 月 30 日，每人限购两份",
}


def document(**changes: Any) -> dict[str, Any]:
    """A poster without a mistake."""
    return {"name": "秋茶", "format": "tall", "layout": "band", "words": WORDS, **changes}


def shouting(**changes: Any) -> dict[str, Any]:
    """One whose words nobody may say, and that has no other mistake."""
    return document(words={**WORDS, "subtitle": "史上最低价"}, **changes)


def writes(town: Town, poster: dict[str, Any] | None = None, *, key: str | None = None) -> Reply:
    """The merchant writes a poster."""
    opened(town.emulator)
    return town.admin.call("POST", "/v1/admin/posters", {"poster": poster or document()}, key=key)


def written(town: Town, poster: dict[str, Any] | None = None) -> str:
    """The id of a draft."""
    ident: str = writes(town, poster).expect(201)["poster_id"]
    return ident


def edits(town: Town, ident: str, edition: int = 1, poster: dict[str, Any] | None = None) -> Reply:
    body = {"edition": edition, "poster": poster or document(name="秋茶，改过")}
    return town.admin.call("PUT", f"/v1/admin/posters/{ident}", body)


def releases(town: Town, ident: str, edition: int = 1, *, key: str | None = None) -> Reply:
    return town.admin.call("POST", f"/v1/admin/posters/{ident}/release", {"edition": edition}, key=key)


def withdraws(town: Town, ident: str, *, key: str | None = None) -> Reply:
    return town.admin.call("POST", f"/v1/admin/posters/{ident}/withdraw", key=key)


def released(town: Town, poster: dict[str, Any] | None = None) -> str:
    """The id of a poster that people may get."""
    ident = written(town, poster)
    releases(town, ident).expect(200)
    return ident


def looks(town: Town, ident: str, **person: Any) -> Any:
    """What a preview says."""
    return town.admin.call("POST", f"/v1/admin/posters/{ident}/preview", person).expect(200)


def stands(town: Town, kind: str, edition: int = 0, **posters: str) -> Reply:
    body = {"edition": edition, "posters": posters}
    return town.admin.call("PUT", f"/v1/admin/everyday-posters/{kind}", body)


def asks(person: Person, share: dict[str, Any], form: str = "tall") -> Reply:
    """Somebody wants his poster of what he shares."""
    return person.api.call("POST", f"/v1/shares/{share['share_id']}/poster", {"format": form})


def offered(town: Town, *idents: str, **changes: Any) -> tuple[str, Person, dict[str, Any]]:
    """A running campaign with these posters, somebody who looks at it, and what he may share."""
    cid = town.campaign(None, posters=list(idents), **changes)
    person = town.person()
    return cid, person, shared(person, cid)


def template(town: Town, ident: str) -> Template:
    """As it is stored."""
    found = read_one(Template, template_key(MerchantId(town.merchant.mid), ident))
    assert found is not None
    return found


def picture(width: int = 1080, height: int = 1080, colour: str = "#88aa77", form: str = "JPEG") -> bytes:
    """A plain picture's bytes."""
    into = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(into, form)
    return into.getvalue()


def sends(api: Api, content: bytes, *, name: str = "茶山", key: str | None = None) -> Reply:
    """The merchant sends a picture."""
    body = {"name": name, "content": base64.b64encode(content).decode()}
    return api.call("POST", "/v1/admin/pictures", body, key=key)


def sent(town: Town, content: bytes | None = None) -> str:
    """The id of a picture that was taken."""
    ident: str = sends(town.admin, content or picture()).expect(201)["picture_id"]
    return ident
