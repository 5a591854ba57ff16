"""A family in plain Python: what must come of every act, with no storage and no races in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

from tests.orders.model import Order

BEIJING = timezone(timedelta(hours=8))
MOST = 6
COOLING = timedelta(hours=24)
LOCK = timedelta(days=90)
AGAIN = timedelta(minutes=1)
MOST_ASKS = 5
USUAL = 20_000, 100_000
"""A member's caps, where nobody says anything else."""


def month_of(now: datetime) -> str:
    """The month in China."""
    return f"{now.astimezone(BEIJING):%Y-%m}"


@dataclass
class Member:
    """Somebody in the family, or who was."""

    role: str
    since: datetime
    """From when he spends."""
    per: int | None = None
    cap: int | None = None
    state: str = "active"
    month: str = ""
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
    by: str | None = None
    """Who has used it."""


@dataclass
class Ask:
    """Somebody asks the owner to pay for tea."""

    user: str
    until: datetime
    state: str = "open"


@dataclass
class Spend:
    """What an order takes of the wallet."""

    user: str
    granted: int
    paid: int
    month: str
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
class Model:
    """Everything that is known of one family."""

    owner: str
    now: datetime
    restores: bool = False
    status: str = "active"
    granted: int = 0
    paid: int = 0
    offered: str | None = None
    ends_at: datetime | None = None
    """When it is looked whether it can be closed."""
    people: dict[str, Member] = field(default_factory=dict)
    locked: dict[str, datetime] = field(default_factory=dict)
    invitations: dict[str, Invitation] = field(default_factory=dict)
    spends: dict[str, Spend] = field(default_factory=dict)
    orders: dict[str, Order] = field(default_factory=dict)
    purse: bool = False
    """Whether every adult fills it."""
    balances: dict[str, int] = field(default_factory=dict)
    """What people have of their own."""
    asks: dict[str, Ask] = field(default_factory=dict)

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
        if invitation.by == user:
            return None
        if invitation.state != "open" or now > invitation.until:
            return "family_invitation_over"
        if self.belongs(user):
            return "family_already"
        if user in self.locked and now < self.locked[user]:
            return "family_locked"
        if not self.is_there:
            return "family_ended"
        if self.size >= MOST:
            return "family_full"
        before = self.people.get(user)
        member = Member(invitation.role, now + COOLING, invitation.per, invitation.cap)
        if before is not None:
            member.month, member.spent, member.approved = before.month, before.spent, before.approved
        self.people[user] = member
        self.locked.pop(user, None)
        invitation.state, invitation.by = "used", user
        return None

    def ends_invitation(self, code: str, state: str, now: datetime) -> str | None:
        """It is declined or revoked."""
        invitation = self.invitations[code]
        if invitation.state == state:
            return None
        if invitation.state != "open" or now > invitation.until:
            return "family_invitation_over"
        invitation.state = state
        return None

    def leaves(self, user: str, now: datetime) -> str | None:
        """Somebody leaves by himself."""
        if (refused := self._in(user)) is not None:
            return refused
        if user == self.owner:
            return "family_owner_stays"
        if self.people[user].role == "minor":
            return "family_minor_stays"
        self._goes(user, now)
        return None

    def removes(self, by: str, user: str, now: datetime) -> str | None:
        """Somebody removes another."""
        if (refused := self.decides(by, user)) is None:
            self._goes(user, now)
        return refused

    def decides(self, by: str, user: str) -> str | None:
        """Whether somebody may decide about another at all."""
        if (refused := self.no_owner(by) or self.ended()) is not None:
            return refused
        if user == self.owner:
            return "family_owner_stays"
        return None if self.belongs(user) else "family_member_unknown"

    def _in(self, user: str) -> str | None:
        return self.ended() if self.belongs(user) else "family_unknown"

    def _goes(self, user: str, now: datetime) -> None:
        self.people[user].state = "removed"
        self.locked[user] = now + LOCK
        if self.offered == user:
            self.offered = None

    def offers(self, by: str, user: str) -> str | None:
        """Somebody offers the family to another."""
        if (refused := self.decides(by, user)) is not None:
            return refused
        if not self._fit(user):
            return "family_heir_unfit"
        self.offered = user
        return None

    def takes_over(self, user: str) -> str | None:
        """Somebody accepts what he is offered."""
        if (refused := self._in(user)) is not None:
            return refused
        if self.offered != user:
            return "family_not_offered"
        if not self._fit(user):
            return "family_heir_unfit"
        before, member = self.people[self.owner], self.people[user]
        before.role, member.role = "adult", "owner"
        before.per, before.cap, member.per, member.cap = *USUAL, None, None
        self.owner, self.offered = user, None
        return None

    def declines_hand_over(self, user: str) -> str | None:
        """Somebody does not want it, or its owner thinks better of it."""
        if not self.belongs(user):
            return "family_unknown"
        if self.offered is None or user not in (self.offered, self.owner):
            return "family_not_offered"
        self.offered = None
        return None

    def _fit(self, user: str) -> bool:
        return (self.people[user].role, self.people[user].state) == ("adult", "active")

    def closes(self, by: str, now: datetime) -> str | None:
        """Its owner closes it: it ends as soon as nothing of it is held."""
        if (refused := self.no_owner(by) or self.ended()) is None:
            self.status, self.offered, self.ends_at = "closing", None, now
        return refused

    def works(self, now: datetime) -> None:
        """Every invitation whose time is over has passed."""
        for invitation in self.invitations.values():
            if invitation.state == "open" and now > invitation.until:
                invitation.state = "expired"
        for ask in self.asks.values():
            if ask.state == "open" and now >= ask.until:
                ask.state = "expired"

    def ends(self, now: datetime) -> None:
        """It is looked whether it can be closed; what an order holds until later in the same minute keeps it."""
        assert self.ends_at is not None
        assert self.ends_at <= now
        self.ends_at = now + AGAIN if self.held else None
        if self.ends_at is None:
            self.status = "closed"
            for member in self.people.values():
                member.state = "removed"

    # -- what comes into it, and what is asked of its owner

    def fills(self, user: str, fen: int) -> str | None:
        """Somebody puts some of his balance in."""
        if (refused := self._in(user)) is not None:
            return refused
        if not self.purse and user != self.owner:
            return "family_not_owner"
        if self.people[user].state == "frozen":
            return "family_member_frozen"
        if self.people[user].role == "minor":
            return "family_adults_only"
        if self.balances.get(user, 0) < fen:
            return "family_balance_short"
        self.balances[user] -= fen
        self.granted += fen
        return None

    def may_not_ask(self, user: str, now: datetime) -> str | None:
        """Why somebody may not ask for anything."""
        if not self.belongs(user):
            return "family_unknown"
        if user == self.owner:
            return "family_owner_asks"
        if (refused := self.may_not(user, now)) is not None:
            return refused
        mine = [ask for ask in self.asks.values() if ask.user == user and ask.state == "open" and now <= ask.until]
        return "family_asks_open" if len(mine) >= MOST_ASKS else None

    def decides_ask(self, by: str, ask: Ask, state: str) -> str | None:
        """Why somebody may not end a request so."""
        if not self.belongs(by):
            return "family_unknown"
        if by not in (ask.user, self.owner):
            return "family_ask_unknown"
        if by != self.owner:
            return "family_not_owner"
        if ask.user == self.owner:
            return "family_owner_asks"
        return None if ask.state in ("open", state) else "family_ask_over"

    def may_not_approve(self, by: str, ask: Ask, fen: int, now: datetime) -> str | None:
        """Why its order is not made."""
        if (refused := self.decides_ask(by, ask, "approved")) is not None or ask.state == "approved":
            return refused
        if (refused := self.may_not(ask.user, now)) is not None:
            return "family_asker_gone" if refused == "family_unknown" else refused
        if now > ask.until:
            return "family_ask_over"
        return "family_wallet_short" if self.granted + self.paid < fen else None

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
