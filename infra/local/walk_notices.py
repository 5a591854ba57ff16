"""The walk's messages: somebody agrees to be told how her group ends, and is told when it has."""

from __future__ import annotations

import json
from typing import Any

from infra.local import minute
from infra.local.client import Person
from infra.local.endpoint import Endpoint
from infra.local.narrator import until


def agree(person: Person, group_id: str) -> None:
    """She is asked for what the group's page names; one yes is one message."""
    print("\nlili is asked whether she may be told how it ends (wx.requestSubscribeMessage)")
    templates = person.group(group_id)["ask"]["template_ids"]
    asked = {"appid": person.appid, "name": person.name, "results": dict.fromkeys(templates, "accept")}
    headers = {"Content-Type": "application/json"}
    person.wechat("POST", "/_sim/messages/subscribe", headers, json.dumps(asked).encode()).expect(200)
    about = {"kind": "group", "id": group_id}
    person.api.post("/v1/me/consents", {"results": asked["results"], "about": about})


def shared(person: Person, group_id: str) -> str:
    """He sends the group's card to a chat, where it lives; its id there."""
    print("\nxiaoming shares the group in a chat; its card lives there (wx.updateShareMenu)")
    card = person.group(group_id)["share"]["card"]
    print(f"  (当前 {card['member_count']}/{card['room_limit']} 人)")
    activity_id: str = card["activity_id"]
    return activity_id


def followed(endpoint: Endpoint, person: Person, activity_id: str) -> None:
    """What the chat shows by now. Raises AssertionError where it has not started in twenty seconds."""
    print("\nthe card in the chat has followed")

    def updates() -> list[dict[str, Any]]:
        cards = person.wechat("GET", f"/_sim/cards?appid={person.appid}", {}, None).expect(200)["cards"]
        found: list[dict[str, Any]] = next(card["updates"] for card in cards if card["activity_id"] == activity_id)
        return found

    def started() -> bool:
        minute.run(endpoint)
        return bool(updates()) and updates()[-1]["state"] == 1

    until(started, "the card's start")
    last = updates()[-1]
    print(f"  (已开始: {last['path'].partition('?')[0]})")


def told(endpoint: Endpoint, person: Person) -> None:
    """What WeChat shows her. Raises AssertionError where it shows nothing in twenty seconds."""
    print("\nlili's WeChat shows a message, though the mini-program is closed")

    def there() -> bool:
        minute.run(endpoint)
        return bool(_messages(person))

    until(there, "the message")
    for message in _messages(person):
        print(f"  ({message['page'].partition('?')[0]}: {', '.join(message['data'].values())})")


def _messages(person: Person) -> list[dict[str, Any]]:
    path = f"/_sim/messages?appid={person.appid}&name={person.name}"
    found: list[dict[str, Any]] = person.wechat("GET", path, {}, None).expect(200)["messages"]
    return found
