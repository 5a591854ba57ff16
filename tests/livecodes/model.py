"""Live codes in plain Python: what must come of every act, with no storage and no races in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from tests.orders.model import Order


@dataclass
class Target:
    """Where people are sent."""

    kind: str
    capacity: int
    until: datetime | None = None
    state: str = "open"
    taken: int = 0

    @property
    def left(self) -> int:
        return self.capacity - self.taken

    def is_over(self, now: datetime) -> bool:
        return self.until is not None and now >= self.until


@dataclass
class Place:
    """Where somebody was sent, and how often he was."""

    target: int
    turn: int = 1


@dataclass
class Model:
    """Everything that is known of one live code."""

    targets: list[Target]
    status: str = "live"
    edition: int = 1
    places: dict[str, Place] = field(default_factory=dict)
    sent: list[tuple[str, int]] = field(default_factory=list)
    orders: dict[str, Order] = field(default_factory=dict)
    """Of which live codes have none."""

    def refuses(self, user: str, now: datetime) -> str | None:
        """The code with which he is refused a place now, if he is."""
        place = self.places.get(user)
        if place is not None and self.targets[place.target - 1].state == "open":
            return None
        if self.status != "live":
            return "live_code_not_running"
        room = [target for target in self.targets if target.state == "open" and target.left]
        if any(not target.is_over(now) for target in room):
            return None
        return "live_qr_expired" if room else "live_code_full"

    def takes(self, user: str, now: datetime) -> int:
        """Where somebody who is not refused is sent."""
        place = self.places.get(user)
        if place is not None and self.targets[place.target - 1].state == "open":
            return place.target
        fits = [t.state == "open" and t.left > 0 and not t.is_over(now) for t in self.targets]
        number = fits.index(True) + 1
        self.targets[number - 1].taken += 1
        self.places[user] = Place(number, place.turn + 1 if place is not None else 1)
        self.sent.append((user, number))
        return number

    def standing(self, user: str, now: datetime) -> str | None:
        """What his place is worth."""
        if user not in self.places:
            return None
        target = self.targets[self.places[user].target - 1]
        if target.state == "closed":
            return "closed"
        return "expired" if target.is_over(now) else "good"

    def moves(self, act: str) -> str | None:
        """The merchant pauses, resumes or ends it; the code of the refusal, if it is one."""
        before = {"pause": ("live",), "resume": ("paused",), "end": ("live", "paused")}[act]
        if self.status not in before:
            return "live_code_state"
        self.status = {"pause": "paused", "resume": "live", "end": "ended"}[act]
        self.edition += 1
        return None

    def turns(self, number: int, act: str) -> str | None:
        """The merchant closes or reopens a target."""
        if self.status == "ended":
            return "live_code_state"
        target = self.targets[number - 1]
        if target.state != {"close": "open", "reopen": "closed"}[act]:
            return "live_target_state"
        target.state = {"close": "closed", "reopen": "open"}[act]
        self.edition += 1
        return None

    def adds(self, target: Target) -> str | None:
        """The merchant adds a target."""
        if self.status == "ended":
            return "live_code_state"
        self.targets.append(target)
        self.edition += 1
        return None

    def edits(self, number: int, edition: int, capacity: int, until: datetime | None, now: datetime) -> str | None:
        """The merchant gives a target another capacity, and its QR code another end."""
        target = self.targets[number - 1]
        same = (target.capacity, target.until) == (capacity, until)
        if same and edition == self.edition - 1:
            return None
        if edition != self.edition:
            return "live_code_edited"
        if self.status == "ended":
            return "live_code_state"
        if not same and until is not None and until <= now:
            return "invalid_field"
        if capacity < target.taken:
            return "live_capacity_taken"
        target.capacity, target.until = capacity, until
        self.edition += 1
        return None
