"""Activities: what WeChat knows a card in a chat by, and everything that was said about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

LIFE = timedelta(days=1)


@dataclass(frozen=True)
class Update:
    """One accepted change of a card."""

    at: datetime
    state: int
    """0 while people join, 1 when it has started."""
    parameters: dict[str, str]


@dataclass
class Activity:
    """A card; one that only one user may send and nobody may send on, where it has an openid."""

    appid: str
    openid: str
    made_at: datetime
    updates: list[Update] = field(default_factory=list)

    @property
    def expires_at(self) -> datetime:
        """Until when it can be changed."""
        return self.made_at + LIFE

    @property
    def started(self) -> bool:
        """Whether it changes no more."""
        return bool(self.updates) and self.updates[-1].state == 1
