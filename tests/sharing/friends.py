"""People who share and people who open what was shared."""

from __future__ import annotations

from typing import Any

from chalicelib.accounts.items import User
from chalicelib.core.store import Found, read
from chalicelib.sharing import tickets
from infra.local.client import Person, Reply
from tests.town import Town

CARD, TIMELINE = 1007, 1154
"""WeChat's numbers of a card in a chat, and of Moments."""


def shared(person: Person, campaign: str) -> dict[str, Any]:
    """The card that he may send of a campaign."""
    share: dict[str, Any] = person.api.get(f"/v1/campaigns/{campaign}")["share"]
    return share


def invitation(person: Person) -> dict[str, Any]:
    """The card of his own invitation."""
    share: dict[str, Any] = person.api.get("/v1/invites")["share"]
    return share


def enters(person: Person, *, scene_value: int = CARD, **way: Any) -> Reply:
    """He opens what was shared."""
    return person.api.call("POST", "/v1/entries", {"scene_value": scene_value, **way})


def comes_by(person: Person, share: dict[str, Any], **more: Any) -> Any:
    """He opens a card."""
    return enters(person, query=share["path"].partition("?")[2], **more).expect(200)


def known_of(user: User) -> Found:
    """What a page reads of its user for a ticket."""
    return read(*tickets.keys(user.mid, user.uid))


def openid(town: Town, person: Person) -> str:
    """Who he is to WeChat in the merchant's mini-program."""
    found: str = town.act("/_sim/users", name=person.name)["openids"][town.merchant.appid]
    return found


def private_message(town: Town, person: Person, activity_id: str) -> dict[str, Any]:
    """What his client has after ``wx.login`` and ``wx.authPrivateMessage``."""
    whose = {"appid": town.merchant.appid, "openid": openid(town, person)}
    code = town.act("/_sim/login-codes", **whose)["code"]
    said = town.act("/_sim/private-message", **whose, activity_id=activity_id)
    return {"valid": said["valid"], "code": code, "iv": said["iv"], "encrypted_data": said["encryptedData"]}


def text_of(person: Person, share: dict[str, Any], *, code: str | None = None, language: str = "zh") -> Reply:
    """The line of text of a share."""
    said = {} if code is None else {"code": code}
    return person.api.call("POST", f"/v1/shares/{share['share_id']}/text", said, headers={"Accept-Language": language})
