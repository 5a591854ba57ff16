"""A bargain in plain Python: what must come of every act, with no storage and no races in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.bargain.known import Bargain, Help, Limit, Order, Terms, day_of

LAST_ORDER = timedelta(minutes=2)
CHECKING = timedelta(minutes=10)
TICKET_LIFE = timedelta(minutes=10)
LOOKED = timedelta(seconds=2)
SOON = timedelta(minutes=1)
MOST_EARLY = 3
HELPABLE = ("active", "settling")
LIVE = (*HELPABLE, "floor", "ordering")


@dataclass
class Model:
    """Everything that is known of one campaign."""

    terms: Terms
    stock: int
    budget: int
    bargains: dict[str, Bargain] = field(default_factory=dict)
    helps: dict[tuple[str, str], Help] = field(default_factory=dict)
    orders: dict[str, Order] = field(default_factory=dict)
    limits: dict[str, Limit] = field(default_factory=dict)
    buyers: set[str] = field(default_factory=set)
    """Who has ever paid for something."""

    def limit(self, user: str) -> Limit:
        """What the user has taken."""
        return self.limits.setdefault(user, Limit())

    def price(self, bid: str) -> int:
        """What a bargain costs now."""
        return self.terms.start - sum(self.terms.slots[: self.bargains[bid].helps])

    def ends(self, bid: str, now: datetime) -> datetime:
        """When its time is over; of a frozen one, if its order were given up now."""
        bargain = self.bargains[bid]
        return now + bargain.rest if bargain.frozen and bargain.rest is not None else bargain.expires

    def refuses_start(self, user: str) -> str | None:
        """The code with which starting is refused now, if it is."""
        limit = self.limit(user)
        if limit.starts >= self.terms.most_starts:
            return "bargain_limit"
        if limit.active >= self.terms.most_active:
            return "bargain_active"
        if self.terms.reserved and not self.stock:
            return "sold_out"
        return "budget_spent" if self.terms.budget is not None and self.budget < self.terms.cut else None

    def started(self, user: str, bid: str, now: datetime) -> None:
        """A bargain was started."""
        limit, ends = self.limit(user), now + self.terms.lifetime
        limit.starts, limit.active = limit.starts + 1, limit.active + 1
        units, escrow = int(self.terms.reserved), self.terms.cut if self.terms.budget is not None else 0
        self.stock, self.budget = self.stock - units, self.budget - escrow
        own = int(self.terms.self_cut)
        self.bargains[bid] = Bargain(user=user, helps=own, expires=ends, due=ends, units=units, escrow=escrow)

    def forbids_help(self, user: str, bid: str, now: datetime) -> str | None:
        """The code with which whoever looks at the bargain is told that he may not help, if he may not."""
        bargain, limit = self.bargains[bid], self.limit(user)
        if bargain.user == user:
            return "own_bargain"
        if (bid, user) in self.helps:
            return "already_helped"
        if bargain.status in ("floor", "ordering"):
            return "bargain_at_floor" if bargain.status == "floor" else "bargain_frozen"
        if bargain.status != "active" or now > bargain.expires:
            return "bargain_ended"
        if limit.helps >= self.terms.most_helps:
            return "help_limit"
        if limit.day == day_of(now) and limit.today >= self.terms.most_today:
            return "help_day_limit"
        return "new_helpers_only" if self.terms.only_new and user in self.buyers else None

    def refuses_help(self, user: str, bid: str, looked: datetime | None, now: datetime) -> str | None:
        """The code with which a help by somebody who got his ticket when he ``looked`` is refused now, if it is."""
        bargain = self.bargains[bid]
        if forbidden := self.forbids_help(user, bid, now):
            return forbidden
        if looked is None:
            return "help_ticket_unfit"
        if now >= looked + TICKET_LIFE:
            return "help_ticket_expired"
        if now < looked + LOOKED:
            return "help_too_fast"
        if not self.reciprocal(user, bid):
            return None
        if now > bargain.expires - CHECKING:
            return "help_too_late"
        return "helps_being_checked" if bargain.held >= self.terms.parts else None

    def reciprocal(self, user: str, bid: str) -> bool:
        """Whether whom he helps has helped him: such a help waits."""
        return self.limit(user).starts > 0 and user in self.limit(self.bargains[bid].user).helped

    def helped(self, user: str, bid: str, now: datetime) -> None:
        """Somebody helped: it counts at once, or waits."""
        bargain, limit, today = self.bargains[bid], self.limit(user), day_of(now)
        if self.reciprocal(user, bid):
            passes = min(now + self.terms.passes_after, bargain.expires - CHECKING)
            self.helps[bid, user] = Help(state="held", day=today, due=passes)
            bargain.held += 1
        else:
            self.helps[bid, user] = Help(state="counted", day=today, slot=bargain.helps)
            self._cut(bargain, now)
        limit.helps, limit.today = limit.helps + 1, limit.today + 1 if limit.day == today else 1
        limit.day = today
        limit.helped = [*(each for each in limit.helped if each != bargain.user), bargain.user]

    def _cut(self, bargain: Bargain, now: datetime) -> None:
        bargain.helps += 1
        if bargain.helps == self.terms.parts:
            bargain.status, bargain.claim = "floor", now + self.terms.claim
            bargain.due = bargain.claim

    def refuses_decision(self, user: str, bid: str) -> str | None:
        """The code with which the merchant's decision about a help is refused now, if it is."""
        given = self.helps.get((bid, user))
        if given is None:
            return "not_found"
        if given.state != "held":
            return "not_held"
        return "held_frozen" if self.bargains[bid].frozen else None

    def decided(self, user: str, bid: str, now: datetime, *, yes: bool) -> str:
        """A held help is decided, at whatever time; what it becomes."""
        bargain, given, limit = self.bargains[bid], self.helps[bid, user], self.limit(user)
        bargain.held, given.due = bargain.held - 1, None
        if bargain.status not in HELPABLE:
            given.state, limit.helps = "moot", limit.helps - 1
            limit.today -= limit.day == given.day
        elif yes:
            given.state, given.slot = "counted", bargain.helps
            self._cut(bargain, now)
        else:
            given.state = "rejected"
        return given.state

    def refuses_buy(self, user: str, bid: str, now: datetime) -> str | None:
        """The code with which an order is refused now, if it is."""
        bargain = self.bargains[bid]
        if bargain.user != user:
            return "not_found"
        if bargain.status == "ordering":
            return None if self.orders[bargain.order or ""].state == "held" else "order_closing"
        return self.forbids_buy(bid, now) or ("sold_out" if not self.terms.reserved and not self.stock else None)

    def forbids_buy(self, bid: str, now: datetime) -> str | None:
        """The code with which its owner is told that he may not order now, if he may not."""
        bargain = self.bargains[bid]
        if bargain.status == "floor" and bargain.claim is not None:
            return "bargain_ending" if now > bargain.claim - LAST_ORDER else None
        if bargain.status == "ordering":
            return "order_open"
        if bargain.status != "active" or now > bargain.expires:
            return "bargain_ended"
        if not self.terms.early:
            return "not_at_floor"
        if bargain.buys >= MOST_EARLY:
            return "early_tries"
        return "bargain_ending" if now > bargain.expires - LAST_ORDER else None

    def ordered(self, bid: str, order: str, now: datetime) -> None:
        """Its owner ordered; where an order may still be paid, that one is the answer."""
        bargain = self.bargains[bid]
        if bargain.status == "ordering":
            assert bargain.order == order
            return
        until, units = now + self.terms.pay_window, int(not self.terms.reserved)
        if bargain.claim is not None:
            until = min(until, bargain.claim)
        else:
            bargain.buys, bargain.rest = bargain.buys + 1, bargain.expires - now
        bargain.status, bargain.order, bargain.due, self.stock = "ordering", order, None, self.stock - units
        price = self.price(bid)
        self.orders[order] = Order(user=bargain.user, bargain=bid, price=price, units=units, deadline=until)

    def captured(self, order_id: str) -> None:
        """WeChat's money is heard of, for the first time or again: it buys, whatever the time is."""
        order = self.orders[order_id]
        if order.money:
            return
        bargain = self.bargains[order.bargain]
        assert bargain.order == order_id
        spent = self.terms.start - order.price if bargain.escrow else 0
        self.budget += bargain.escrow - spent
        self.limit(bargain.user).active -= 1
        bargain.status, bargain.escrow = "bought", spent
        order.state, order.money = "confirmed", "live"
        self.buyers.add(order.user)

    def released(self, order_id: str, now: datetime) -> None:
        """No money came and none can come: the bargain goes on where it was, or ends where its merchant closed it."""
        order = self.orders[order_id]
        bargain = self.bargains[order.bargain]
        order.state, self.stock = "released", self.stock + order.units
        bargain.order = None
        if bargain.to_close:
            self._over(bargain, "closed")
            return
        if bargain.rest is not None:
            bargain.expires = bargain.due = now + bargain.rest
            bargain.status, bargain.rest = "active", None
        elif bargain.claim is not None:
            bargain.status, bargain.due = "floor", max(now, bargain.claim)

    def refuses_refund(self, order_id: str) -> str | None:
        """The code with which its merchant cannot give the money back now, if he cannot."""
        return None if self.orders[order_id].state == "confirmed" else "order_not_deliverable"

    def refunded(self, order_id: str) -> None:
        """All of the money goes back, and with it what the bargain had of budget and stock."""
        order = self.orders[order_id]
        bargain = self.bargains[order.bargain]
        self.budget, self.stock = self.budget + bargain.escrow, self.stock + bargain.units + order.units
        bargain.escrow = bargain.units = 0
        order.state, order.money = "refund", "owed"

    def refuses_cancel(self, user: str, bid: str) -> str | None:
        """The code with which giving it up is refused now, if it is."""
        bargain = self.bargains[bid]
        if bargain.user != user:
            return "not_found"
        if bargain.status == "ordering":
            return "bargain_ordering"
        return None if bargain.status in (*LIVE, "cancelled") else "bargain_ended"

    def cancelled(self, bid: str) -> None:
        """Its owner gives it up, for the first time or again."""
        bargain = self.bargains[bid]
        if bargain.status != "cancelled":
            self._over(bargain, "cancelled")

    def refuses_close(self, bid: str) -> str | None:
        """The code with which its merchant cannot close it now, if he cannot."""
        return None if self.bargains[bid].status in LIVE else "bargain_ended"

    def closed(self, bid: str) -> None:
        """Its merchant closes it; one that is being paid for waits for that."""
        bargain = self.bargains[bid]
        if bargain.status == "ordering":
            bargain.to_close = True
        else:
            self._over(bargain, "closed")

    def _over(self, bargain: Bargain, status: str) -> None:
        self.budget, self.stock = self.budget + bargain.escrow, self.stock + bargain.units
        self.limit(bargain.user).active -= 1
        bargain.status, bargain.due, bargain.escrow, bargain.units = status, None, 0, 0

    def bargain_due(self, bid: str, now: datetime) -> None:
        """Somebody looks after a bargain whose time has come."""
        bargain = self.bargains[bid]
        ends = bargain.claim if bargain.status == "floor" and bargain.claim is not None else bargain.expires
        if now < ends:
            bargain.due = ends
        elif bargain.status == "floor":
            self._over(bargain, "missed")
        elif bargain.held:
            bargain.status, bargain.due = "settling", now + SOON
        else:
            self._over(bargain, "expired")

    def help_due(self, user: str, bid: str, now: datetime) -> None:
        """Nobody has decided about a help: the policy does, but not while an order keeps the price."""
        bargain, given = self.bargains[bid], self.helps[bid, user]
        if bargain.frozen:
            given.due = now + SOON
        else:
            self.decided(user, bid, now, yes=True)

    def order_due(self, order_id: str, now: datetime, *, paid: bool) -> None:
        """Somebody looks after an order whose time is over, and asks WeChat whether it was ``paid``."""
        order = self.orders[order_id]
        if order.state == "closing" or (order.state == "held" and now >= order.deadline):
            if paid:
                self.captured(order_id)
            else:
                self.released(order_id, now)
