"""A family in plain Python: what must come of every act, with no storage and no races in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone

from tests.orders.model import Order

BEIJING = timezone(timedelta(hours=8))
MOST = 6
COOLING = timedelta(hours=24)
LOCK = timedelta(days=90)
INVITED = timedelta(days=7)
ASKED = timedelta(hours=24)


def month_of(now: datetime) -> tuple[int, int]:
    """The month in China."""
    day: date = now.astimezone(BEIJING).date()
    return day.year, day.month


@dataclass
class Member:
    """Somebody in the family, or who was."""

    role: str
    since: datetime
    """From when he spends."""
    per: int | None = None
    cap: int | None = None
    state: str = "active"
    month: tuple[int, int] = (0, 0)
    spent: int = 0
    approved: int = 0

    def left(self, now: datetime) -> int | None:
        """What he may still spend this month; None where nothing bounds it."""
        if self.cap is None:
            return None
        return max(0, self.cap - (self.spent if self.month == month_of(now) else 0))

    def counts(self, fen: int, now: datetime, *, approved: bool = False) -> None:
        """So much is spent."""
        if self.month < month_of(now):
            self.month, self.spent, self.approved = month_of(now), 0, 0
        if approved:
            self.approved += fen
        else:
            self.spent += fen


@dataclass
class Invitation:
    """Somebody may join."""

    role: str
    per: int
    cap: int
    until: datetime
    state: str = "open"


@dataclass
class Spend:
    """What an order takes of the wallet."""

    user: str
    granted: int
    paid: int
    month: tuple[int, int]
    approved: bool
    state: str
    back_granted: int = 0
    back_paid: int = 0

    @property
    def total(self) -> int:
        return self.granted + self.paid

    @property
    def live(self) -> int:
        return 0 if self.state == "released" else self.total - self.back_granted - self.back_paid


@dataclass
class Ask:
    """A request to the owner."""

    user: str
    fen: int
    until: datetime
    state: str = "open"


@dataclass
class Model:
    """Everything that is known of one family."""

    owner: str
    now: datetime
    restores: bool = False
    status: str = "active"
    granted: int = 0
    paid: int = 0
    offered: str | None = None
    people: dict[str, Member] = field(default_factory=dict)
    locked: dict[str, datetime] = field(default_factory=dict)
    invitations: dict[str, Invitation] = field(default_factory=dict)
    spends: dict[str, Spend] = field(default_factory=dict)
    asks: dict[str, Ask] = field(default_factory=dict)
    orders: dict[str, Order] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.people[self.owner] = Member("owner", self.now)

    @property
    def size(self) -> int:
        """How many belong to it."""
        return sum(member.state != "removed" for member in self.people.values())

    @property
    def held(self) -> int:
        """How many orders hold something of the wallet."""
        return sum(spend.state == "held" for spend in self.spends.values())

    @property
    def is_there(self) -> bool:
        return self.status in ("active", "frozen")

    def belongs(self, user: str) -> bool:
        """Whether somebody is in it."""
        return user in self.people and self.people[user].state != "removed"

    def no_owner(self, user: str) -> str | None:
        """The code with which somebody is refused what only the owner may."""
        if not self.belongs(user):
            return "family_unknown"
        return None if user == self.owner else "family_not_owner"

    def ended(self) -> str | None:
        return None if self.is_there else "family_ended"

    # -- who belongs to it

    def joins(self, user: str, code: str, now: datetime) -> str | None:
        """Somebody accepts an invitation; the code of the refusal, if it is one."""
        invitation = self.invitations[code]
        if invitation.state != "open" or now > invitation.until:
            return "family_invitation_over"
        if not self.is_there:
            return "family_ended"
        if self.belongs(user):
            return "family_already_in"
        if user in self.locked and now < self.locked[user]:
            return "family_locked"
        if self.size >= MOST:
            return "family_full"
        before = self.people.get(user)
        member = Member(invitation.role, now + COOLING, invitation.per, invitation.cap)
        if before is not None:
            member.month, member.spent, member.approved = before.month, before.spent, before.approved
        self.people[user] = member
        invitation.state = "used"
        return None

    def goes(self, user: str, now: datetime) -> None:
        """Somebody leaves, or is removed."""
        self.people[user].state = "removed"
        self.locked[user] = now + LOCK
        if self.offered == user:
            self.offered = None

    def handed(self, user: str) -> None:
        """The one to whom it was offered owns it now."""
        before, member = self.people[self.owner], self.people[user]
        before.role, member.role = "adult", "owner"
        member.per = member.cap = None
        self.owner, self.offered = user, None

    def works(self, now: datetime) -> None:
        """Everything that is due has happened."""
        for invitation in self.invitations.values():
            if invitation.state == "open" and now > invitation.until:
                invitation.state = "expired"
        for ask in self.asks.values():
            if ask.state == "open" and now > ask.until:
                ask.state = "expired"
        if self.status == "closing" and not self.held:
            self.status = "closed"
            for member in self.people.values():
                member.state = "removed"

    # -- what it pays

    def may_not(self, user: str, now: datetime) -> str | None:
        """Why somebody may not spend at all."""
        if self.status == "closed" and user == self.owner:
            return None
        if not self.belongs(user):
            return "family_unknown"
        if not self.is_there:
            return "family_ended"
        if self.status == "frozen":
            return "family_frozen"
        if self.people[user].state == "frozen":
            return "family_member_frozen"
        return "family_cooling" if now < self.people[user].since else None

    def worth(self, user: str, fen: int, now: datetime) -> int | str:
        """How much of ``fen`` the wallet pays for somebody; or the code with which it pays nothing."""
        if (refused := self.may_not(user, now)) is not None:
            return refused
        if not self.granted + self.paid:
            return "family_wallet_empty"
        member, pays = self.people[user], min(fen, self.granted + self.paid)
        left = member.left(now)
        if left is None or member.per is None:
            return pays
        allowed = min(member.per, left)
        if not allowed or (member.role == "minor" and allowed < pays):
            return "family_above_cap"
        return min(pays, allowed)

    def takes(self, order: str, user: str, fen: int, now: datetime, *, held: bool, approved: bool = False) -> None:
        """An order takes so much, given value first."""
        granted = min(fen, self.granted)
        self.granted -= granted
        self.paid -= fen - granted
        self.spends[order] = Spend(
            user, granted, fen - granted, month_of(now), approved, "held" if held else "captured"
        )
        if user in self.people and self.status != "closed":
            self.people[user].counts(fen, now, approved=approved)

    def captured(self, order: str) -> None:
        """Its order is paid."""
        self.spends[order].state = "captured"

    def released(self, order: str) -> None:
        """Its order is not paid any more."""
        spend = self.spends[order]
        spend.state = "released"
        self.granted += spend.granted
        self.paid += spend.paid
        member = self.people[spend.user]
        if not spend.approved and member.month == spend.month:
            member.spent -= spend.total

    def back(self, order: str, fen: int) -> None:
        """So much of a captured order comes back, bought value first."""
        spend = self.spends[order]
        paid = min(fen, spend.paid - spend.back_paid)
        spend.back_paid += paid
        spend.back_granted += fen - paid
        self.paid += paid
        self.granted += fen - paid
        member = self.people[spend.user]
        if self.restores and not spend.approved and member.month == spend.month:
            member.spent -= fen
