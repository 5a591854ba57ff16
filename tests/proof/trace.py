"""Who did what, in order, in lines that a person reads."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from tests.emulator import Call


@dataclass
class Trace:
    """The lines of one run."""

    lines: list[str] = field(default_factory=list)
    actor: str = ""

    def note(self, what: str) -> None:
        """Add a line under the name of whoever acts."""
        self.lines.append(f"{len(self.lines) + 1:3} {self.actor or 'the stage':28} {what}")

    def text(self) -> str:
        """All of it."""
        return "\n".join(self.lines)


def described(call: Call) -> str:
    """An AWS call: its operation and the items it is about."""
    if call.service != "dynamodb":
        return f"{call.service} {call.operation}"
    body = json.loads(call.body)
    return f"{call.operation} {', '.join(_items(body))}"


def _items(body: dict[str, Any]) -> list[str]:
    if "TransactItems" in body:
        steps = [(kind, step) for action in body["TransactItems"] for kind, step in action.items()]
        return [f"{kind.lower()} {_name(step.get('Key') or step['Item'])}" for kind, step in steps]
    if "RequestItems" in body:
        return [_name(key) for asked in body["RequestItems"].values() for key in asked["Keys"]]
    if "KeyConditionExpression" in body:
        return [" ".join(value["S"] for value in body["ExpressionAttributeValues"].values())]
    key = body.get("Key") or body.get("Item")
    return [_name(key)] if key else []


def _name(key: dict[str, Any]) -> str:
    """The item without its merchant: its letter, the end of its id, its sort key."""
    kind, _, number = key["pk"]["S"].split("|")[-1].partition("#")
    return f"{kind}…{number[-6:]} {key['sk']['S']}"
