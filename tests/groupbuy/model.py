"""A group-buy in plain Python: what must come of every act, with no storage, no time limits and no races in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.orders import model as orders

LAST_HOLD = timedelta(seconds=120)
MOST_TAKES = 5
LIVE = ("open", "settling")
DECIDED = ("succeeded", "failed")


@dataclass(frozen=True)
class Terms:
    """What the merchant published."""

    size: int
    stock: int
    most_opens: int
    most_joins: int
    most_parts: int
    most_units: int
    each: int
    lifetime: timedelta
    pay_window: timedelta
    honour: bool


@dataclass
class Group:
    status: str
    leader: str
    need: int
    paid: int
    held: int
    left: int
    units: int
    expires: datetime | None = None


@dataclass
class Seat:
    state: str
    order: str
    takes: int


@dataclass(kw_only=True)
class Order(orders.Order):
    group: str | None
    """None for who buys alone."""
    leader: bool


@dataclass
class Limit:
    opens: int = 0
    joins: int = 0
    parts: int = 0
    units: int = 0
    pending: str | None = None


@dataclass
class Model:
    """Everything that is known of one campaign."""

    terms: Terms
    free: int
    groups: dict[str, Group] = field(default_factory=dict)
    seats: dict[tuple[str, str], Seat] = field(default_factory=dict)
    orders: dict[str, Order] = field(default_factory=dict)
    limits: dict[str, Limit] = field(default_factory=dict)

    def limit(self, user: str) -> Limit:
        """What the user has taken."""
        return self.limits.setdefault(user, Limit())

    def refuses_open(self, user: str) -> str | None:
        """The code with which opening is refused now, if it is."""
        limit = self.limit(user)
        if limit.pending:
            return "opening_pending"
        if limit.opens >= self.terms.most_opens:
            return "open_limit"
        if limit.parts >= self.terms.most_parts:
            return "part_limit"
        if limit.units + self.terms.each > self.terms.most_units:
            return "unit_limit"
        return "sold_out" if self.free < self.terms.size * self.terms.each else None

    def refuses_buy(self, user: str) -> str | None:
        """The code with which buying alone is refused now, if it is."""
        if self.limit(user).units + self.terms.each > self.terms.most_units:
            return "unit_limit"
        return "sold_out" if self.free < self.terms.each else None

    def bought(self, user: str, order: str, now: datetime) -> None:
        """Somebody ordered alone."""
        self.orders[order] = Order(user=user, group=None, leader=False, deadline=now + self.terms.pay_window)
        self.limit(user).units += self.terms.each
        self.free -= self.terms.each

    def opened(self, user: str, order: str, group: str, now: datetime) -> None:
        """A group was opened."""
        size = self.terms.size
        self.groups[group] = Group("pending", user, size, paid=0, held=1, left=size - 1, units=self.terms.each)
        self.seats[group, user] = Seat("held", order, 1)
        self.orders[order] = Order(user=user, group=group, leader=True, deadline=now + self.terms.pay_window)
        limit = self.limit(user)
        limit.opens, limit.parts, limit.pending = limit.opens + 1, limit.parts + 1, group
        limit.units += self.terms.each
        self.free -= self.terms.each

    def refuses_join(self, user: str, group_id: str, now: datetime) -> str | None:
        """The code with which a seat is refused now, if it is."""
        group, seat, limit = self.groups[group_id], self.seats.get((group_id, user)), self.limit(user)
        if group.status == "pending" and group.leader != user:
            return "not_found"
        if seat and seat.state != "released":
            return "already_seated"
        if group.status != "open" or group.expires is None:
            return "group_full" if group.paid >= group.need else "group_ended"
        if group.left < 1:
            return "group_full"
        if now > group.expires - LAST_HOLD:
            return "group_ending"
        if seat and seat.takes >= MOST_TAKES:
            return "seat_tries"
        if limit.joins >= self.terms.most_joins:
            return "join_limit"
        if limit.parts >= self.terms.most_parts:
            return "part_limit"
        return "unit_limit" if limit.units + self.terms.each > self.terms.most_units else None

    def joined(self, user: str, order: str, group_id: str, now: datetime) -> None:
        """A seat was taken."""
        group, before, limit = self.groups[group_id], self.seats.get((group_id, user)), self.limit(user)
        assert group.expires is not None
        group.held, group.left = group.held + 1, group.left - 1
        self.seats[group_id, user] = Seat("held", order, before.takes + 1 if before else 1)
        deadline = min(now + self.terms.pay_window, group.expires)
        self.orders[order] = Order(user=user, group=group_id, leader=False, deadline=deadline)
        limit.joins, limit.parts, limit.units = limit.joins + 1, limit.parts + 1, limit.units + self.terms.each

    def opens_now(self, order_id: str) -> bool:
        """Whether enough units are left for the group that this payment would open."""
        group = self.orders[order_id].group
        return group is None or self.free >= self.rest_of(group)

    def rest_of(self, group_id: str) -> int:
        """The units that a group still wants when its leader has paid."""
        return (self.groups[group_id].need - 1) * self.terms.each

    def captured(self, order_id: str, now: datetime, *, opens: bool) -> None:
        """WeChat's money is heard of, for the first time or again."""
        order = self.orders[order_id]
        if order.money:
            return
        if order.group is None:
            order.state, order.money = "confirmed", "live"
            return
        group, seat = self.groups[order.group], self.seats[order.group, order.user]
        assert seat.order == order_id
        assert seat.state == "held"
        order.state, order.money, seat.state = "paid", "live", "paid"
        if group.status != "pending":
            group.paid, group.held = group.paid + 1, group.held - 1
            group.status = "succeeded" if group.paid == group.need else group.status
            return
        self.limit(order.user).pending = None
        group.paid, group.held = 1, 0
        if opens:
            self.free -= self.rest_of(order.group)
            group.status, group.units = "open", group.need * self.terms.each
            group.expires = now + self.terms.lifetime
        else:
            self.free += group.units
            group.status, group.units = "failed", 0

    def released(self, order_id: str) -> None:
        """No money came and none can come."""
        order = self.orders[order_id]
        limit = self.limit(order.user)
        order.state, limit.units = "released", limit.units - self.terms.each
        if order.group is None:
            self.free += self.terms.each
            return
        group, seat = self.groups[order.group], self.seats[order.group, order.user]
        seat.state = "released"
        group.held, group.left, limit.parts = group.held - 1, group.left + 1, limit.parts - 1
        if order.leader:
            limit.opens, limit.pending = limit.opens - 1, None
            self.free += group.units
            group.status, group.units = "failed", 0
        else:
            limit.joins -= 1

    def decided(self, group_id: str) -> None:
        """The end of a group that nobody waits for any more."""
        group = self.groups[group_id]
        assert group.held == 0
        group.status = "succeeded" if self.terms.honour and group.paid else "failed"
        kept = group.paid * self.terms.each if group.status == "succeeded" else 0
        self.free += group.units - kept
        group.units = kept

    def drained(self, group_id: str) -> None:
        """Every paid seat learns what became of it."""
        won = self.groups[group_id].status == "succeeded"
        for (where, user), seat in self.seats.items():
            if where == group_id and seat.state == "paid":
                order = self.orders[seat.order]
                seat.state, order.state = ("won", "confirmed") if won else ("lost", "refund")
                if not won:
                    order.money = "owed"
                    limit = self.limit(user)
                    limit.parts, limit.units = limit.parts - 1, limit.units - self.terms.each
