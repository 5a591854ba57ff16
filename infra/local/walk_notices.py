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
