"""Packets in plain Python: what must come of every act, with no storage and no races in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.redpacket.known import Act, Limit, Packet, Terms, day_of
from tests.redpacket.sales import Sales
from tests.redpacket.worth import LOCKED, Purses

CHECKING = timedelta(minutes=10)
TICKET_LIFE = timedelta(minutes=10)
LOOKED = timedelta(seconds=2)
SOON = timedelta(minutes=1)
LIVE = ("active", "settling")
WORST, DOUBTFUL = 4, 3
"""WeChat's ranks of people whose acts do not count, and of those whose acts wait."""


@dataclass
class Model(Sales, Purses):
    """Everything that is known of a shop's packets."""

    budgets: dict[str, int] = field(default_factory=dict)
    packets: dict[str, Packet] = field(default_factory=dict)
    acts: dict[tuple[str, str], Act] = field(default_factory=dict)
    """By packet and user."""
    limits: dict[tuple[str, str], Limit] = field(default_factory=dict)
    """By campaign and user."""

    def __post_init__(self) -> None:
        self.budgets = {cid: terms.budget for cid, terms in self.terms.items()}

    def of(self, rid: str) -> Terms:
        """What a packet's campaign says."""
        return self.terms[self.packets[rid].cid]

    def limit(self, cid: str, user: str) -> Limit:
        """What the user has taken of a campaign."""
        return self.limits.setdefault((cid, user), Limit())

    def refuses_start(self, cid: str, user: str) -> str | None:
        """The code with which starting a packet, or giving one, is refused now, if it is."""
        terms, limit = self.terms[cid], self.limit(cid, user)
        if terms.kind == "order":
            return "not_found"
        if terms.kind == "gift" and user not in self.buyers:
            return "customers_only"
        if limit.starts >= terms.starts:
            return "packet_limit"
        if terms.active is not None and limit.active >= terms.active:
            return "packet_active"
        return "packets_spent" if self.budgets[cid] < terms.total else None

    def started(self, cid: str, user: str, rid: str, now: datetime) -> None:
        """Somebody started a packet, or gives one."""
        limit = self.limit(cid, user)
        limit.starts, limit.active = limit.starts + 1, limit.active + (self.terms[cid].kind == "unlock")
        self._made(cid, user, rid, now)

    def _made(self, cid: str, user: str, rid: str, now: datetime, order: str | None = None) -> None:
        terms, ends = self.terms[cid], now + self.terms[cid].life
        self.budgets[cid] -= terms.total
        self.packets[rid] = Packet(cid=cid, user=user, expires=ends, due=ends, res=terms.total, order=order)

    def forbids(self, user: str, rid: str, now: datetime) -> str | None:
        """The code with which whoever looks at the packet is told that he may not help or claim, if he may not."""
        packet, terms = self.packets[rid], self.of(rid)
        limit = self.limit(packet.cid, user)
        if packet.user == user:
            return "own_packet"
        if (rid, user) in self.acts:
            return "packet_already_acted"
        if packet.status == "done" or (packet.status == "active" and packet.n == terms.size):
            return "packet_full"
        if packet.status != "active" or now > packet.expires:
            return "packet_ended"
        if limit.helps >= terms.helps:
            return "packet_act_limit"
        if limit.day == day_of(now) and limit.today >= terms.today:
            return "packet_act_day_limit"
        new = user not in self.buyers
        return "packet_new_only" if (terms.only_new or terms.kind == "gift") and not new else None

    def refuses(self, user: str, rid: str, looked: datetime | None, rank: int, now: datetime) -> str | None:
        """The code with which an act is refused now, if it is, by somebody who was of that ``rank`` when he ``looked``:
        it says so at that page, his ticket is good for a while, and what would wait has its own limits.
        """
        packet = self.packets[rid]
        if forbidden := self.forbids(user, rid, now):
            return forbidden
        if looked is None:
            return "help_ticket_unfit"
        if now >= looked + TICKET_LIFE:
            return "help_ticket_expired"
        if now < looked + LOOKED:
            return "help_too_fast"
        if rank == WORST or (rank == DOUBTFUL and self.of(rid).pays):
            return "packet_act_not_taken"
        if not self.waits(user, rid, rank):
            return None
        if now > packet.expires - CHECKING:
            return "packet_act_too_late"
        return "packet_acts_being_checked" if packet.held >= self.of(rid).size else None

    def waits(self, user: str, rid: str, rank: int) -> bool:
        """Whether an act of his waits: WeChat doubts him, or whom he helps has helped him in the campaign."""
        packet = self.packets[rid]
        mutual = self.limit(packet.cid, user).starts > 0 and user in self.limit(packet.cid, packet.user).helped
        return mutual or rank == DOUBTFUL

    def acted(self, user: str, rid: str, rank: int, now: datetime) -> None:
        """Somebody helped or claimed: it counts at once, or waits."""
        packet, today = self.packets[rid], day_of(now)
        act = self.acts[rid, user] = Act(state="held", day=today)
        if self.waits(user, rid, rank):
            act.due = min(now + self.of(rid).passes_after, packet.expires - CHECKING)
            packet.held += 1
        else:
            self._counts(rid, act, now, now + SOON)
        limit = self.limit(packet.cid, user)
        limit.helps, limit.today = limit.helps + 1, limit.today + 1 if limit.day == today else 1
        limit.day = today
        limit.helped = [*(each for each in limit.helped if each != packet.user), packet.user]

    def _counts(self, rid: str, act: Act, now: datetime, granted: datetime) -> None:
        """It is the next one: a help may reach a node, a claim has the next share, which is owed until ``granted``."""
        packet, terms = self.packets[rid], self.of(rid)
        act.slot, packet.n = packet.n, packet.n + 1
        if terms.kind == "unlock":
            act.state, act.due = "counted", None
            if terms.reached(packet.n) > packet.granted:
                packet.due = now
            return
        act.state, act.due = "owed", granted
        act.friend, act.own = terms.shares[act.slot]
        self._spend(packet, act.friend + act.own)
        if packet.n == terms.size:
            packet.status, packet.due = "done", None

    def _spend(self, packet: Packet, amount: int) -> None:
        packet.res, packet.spent = packet.res - amount, packet.spent + amount

    def refuses_decision(self, user: str, rid: str) -> str | None:
        """The code with which the merchant's decision about an act is refused now, if it is."""
        act = self.acts.get((rid, user))
        if act is None:
            return "not_found"
        return None if act.state == "held" else "not_held"

    def decided(self, user: str, rid: str, now: datetime, *, yes: bool) -> str:
        """A held act is decided, at whatever time; what becomes of it."""
        packet, act = self.packets[rid], self.acts[rid, user]
        packet.held, act.due = packet.held - 1, None
        if packet.status not in LIVE or packet.n == self.of(rid).size:
            act.state, limit = "moot", self.limit(packet.cid, user)
            limit.helps, limit.today = limit.helps - 1, limit.today - (limit.day == act.day)
        elif yes:
            self._counts(rid, act, now, now)
            return "approved"
        else:
            act.state = "rejected"
        return act.state

    def refuses_close(self, rid: str) -> str | None:
        """The code with which its merchant cannot close it now, if he cannot."""
        return None if self.packets[rid].status == "active" else "packet_ended"

    def closed(self, rid: str, now: datetime) -> None:
        """Its merchant closes it: nobody acts for it any more, and what was promised is settled."""
        self.packets[rid].status, self.packets[rid].due = "settling", now

    def packet_due(self, rid: str, now: datetime) -> None:
        """Somebody looks after a packet whose time has come."""
        packet, terms = self.packets[rid], self.of(rid)
        if packet.status == "clawing":
            self._claws(rid, now)
        elif terms.reached(packet.n) > packet.granted:
            self._gives_node(rid, now)
        elif packet.status == "active" and now < packet.expires:
            packet.due = packet.expires
        elif packet.held:
            packet.status, packet.due = "settling", now + SOON
        else:
            self._over(packet, "expired")

    def _gives_node(self, rid: str, now: datetime) -> None:
        packet, terms = self.packets[rid], self.of(rid)
        _, more = terms.nodes[packet.granted]
        self.comes(packet.cid, packet.user, terms.form, more, f"{rid}-{packet.granted}")
        self._spend(packet, more)
        packet.granted += 1
        waits = terms.reached(packet.n) == packet.granted and packet.status == "active"
        packet.due = max(now, packet.expires) if waits else now
        if packet.granted == len(terms.nodes):
            self._over(packet, "done")

    def _over(self, packet: Packet, status: str) -> None:
        if self.terms[packet.cid].kind == "unlock":
            self.limit(packet.cid, packet.user).active -= 1
        self.budgets[packet.cid] += packet.res
        packet.status, packet.due, packet.res = status, None, 0

    def act_due(self, user: str, rid: str, now: datetime) -> None:
        """A claim's value comes, but not while its packet is taken back; what nobody decided the policy approves."""
        packet, act = self.packets[rid], self.acts[rid, user]
        if act.state == "owed" and packet.status == "clawing":
            act.due = now + SOON
        elif act.state == "owed":
            self.comes(packet.cid, user, self.of(rid).form, act.friend or 0, rid)
            self.comes(packet.cid, packet.user, self.of(rid).own_form, act.own or 0, rid)
            act.state, act.due = "granted", None
        elif act.due is not None and now >= act.due:
            self.decided(user, rid, now, yes=True)

    def told(self, order_id: str, event: str, rid: str, now: datetime) -> None:
        """Packets hear of an order: its confirmation brings one if it still earns it, money back takes it back."""
        self.untold.remove((order_id, event))
        order, packet = self.orders[order_id], self.packets.get(rid)
        if event == "confirmed":
            enough = self.budgets[order.cid] >= self.terms[order.cid].total
            if packet is None and self.earns(order_id) and enough:
                self._made(order.cid, order.user, rid, now, order_id)
        elif packet is not None and packet.status not in ("clawing", "clawed") and not self.earns(order_id):
            packet.status, packet.due = "clawing", now

    def _claws(self, rid: str, now: datetime) -> None:
        """What is there comes back, claim by claim; what must be waited for is looked at again."""
        packet, waits = self.packets[rid], False
        for user in sorted(user for where, user in self.acts if where == rid):
            act = self.acts[rid, user]
            if act.state == "owed":
                self._spend(packet, -(act.friend or 0) - (act.own or 0))
                act.state, act.due, act.debt = "clawed", None, 0
            elif act.state == "granted" and self.coupons.get((user, rid)) != LOCKED:
                self._takes_back(rid, user)
            waits = waits or act.state in ("held", "granted")
        if waits:
            packet.due = now + SOON
        else:
            self._over(packet, "clawed")

    def _takes_back(self, rid: str, user: str) -> None:
        """As much of a granted share as is there; the rest is the owner's debt, never the claimer's."""
        packet, act, terms = self.packets[rid], self.acts[rid, user], self.of(rid)
        friend, own = act.friend or 0, act.own or 0
        back = self.goes_back(packet.cid, user, terms.form, friend, rid)
        back += self.goes_back(packet.cid, packet.user, terms.own_form, own, rid)
        act.state, act.back, act.debt = "clawed", back, friend + own - back
        self.account(packet.user, terms.currency).debt += act.debt
        self._spend(packet, -back)
