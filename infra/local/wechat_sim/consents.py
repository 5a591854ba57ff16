"""Templates of messages, who agreed to how many of each, and what was sent: one consent is one message."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Template:
    """A template of a mini-program."""

    template_id: str
    title: str
    fields: dict[str, str]
    """What each key, such as ``thing1``, is called."""
    enums: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """The values of the keys that are enumerations."""
    banned: bool = False
    outcome: tuple[str, str] = ("0", "success")
    """ErrorCode and ErrorStatus with which its messages are delivered."""


@dataclass
class Consent:
    """How often one user agreed to one template, and what became of it."""

    granted: int = 0
    sent: int = 0
    withdrawn: int = 0
    """Unused when he switched it off."""

    @property
    def left(self) -> int:
        """How many messages may still be sent."""
        return self.granted - self.sent - self.withdrawn


@dataclass(frozen=True)
class Message:
    """A message that was accepted."""

    msgid: int
    appid: str
    openid: str
    template_id: str
    page: str
    data: dict[str, str]
    lang: str
    state: str
    at: datetime
    outcome: tuple[str, str]

    @property
    def delivered(self) -> bool:
        """Whether he got it."""
        return self.outcome[0] == "0"


def _consents() -> defaultdict[tuple[str, str, str], Consent]:
    return defaultdict(Consent)


@dataclass
class Messages:
    """Those of all mini-programs."""

    templates: dict[tuple[str, str], Template] = field(default_factory=dict)
    """By mini-program and template id."""
    consents: dict[tuple[str, str, str], Consent] = field(default_factory=_consents)
    """By mini-program, openid and template id."""
    sent: list[Message] = field(default_factory=list)
    under_way: dict[tuple[str, str], datetime] = field(default_factory=dict)
    """By mini-program and openid: until when the answer to a message to him is on its way."""

    def to(self, appid: str, openid: str) -> list[Message]:
        """What one user was sent."""
        return [message for message in self.sent if (message.appid, message.openid) == (appid, openid)]


@dataclass(frozen=True)
class Event:
    """Something that a mini-program's server is to be told."""

    appid: str
    openid: str
    name: str
    due_at: datetime
    members: dict[str, Any]

    @classmethod
    def listing(cls, appid: str, openid: str, name: str, now: datetime, entries: list[dict[str, str]]) -> Event:
        """One of subscriptions, which write every number as text and one entry without a list around it."""
        listed = entries[0] if len(entries) == 1 else entries
        return cls(appid, openid, name, now, {"CreateTime": str(int(now.timestamp())), "List": listed})
