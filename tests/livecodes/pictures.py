"""Pictures of groups' QR codes, which the merchant sends before he names them."""

from __future__ import annotations

import base64
from functools import cache
from typing import Any

from chalicelib.pictures import qr
from chalicelib.pictures.errands import DrawQr
from tests.posters import shop as posters
from tests.town import Town

GROUPS = {name: f"https://weixin.qq.com/g/{name}" for name in ("QR1", "QR2")}
"""What the two say that tests know by a name; whatever else is named is no picture."""


@cache
def qr_file(text: str) -> bytes:
    """The picture of a group's QR code in base64."""
    return base64.b64encode(qr.done(DrawQr(text=text, form="png")).content)


def id_of(town: Town, name: str) -> str:
    """The id of a picture that is known by a name, which is sent unless it is there; anything else is an id."""
    if name not in GROUPS:
        return name
    content = base64.b64decode(qr_file(GROUPS[name]))
    sent = posters.sends(town.admin, content, name=name, key=f"one-key-for-the-picture-{name}")
    ident: str = sent.expect(201)["picture_id"]
    return ident


def named(town: Town, to: dict[str, Any] | None) -> dict[str, Any] | None:
    """Where a target leads, with its picture by its id."""
    return {**to, "picture_id": id_of(town, to["picture_id"])} if to and "picture_id" in to else to


def placed(town: Town, target: dict[str, Any]) -> dict[str, Any]:
    """The same of a whole target."""
    return {**target, "to": named(town, target["to"])}
