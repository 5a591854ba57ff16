"""Stories of group-buys of any length, told to the product and to a model in plain Python at the same time.

What the sweeper does in a minute it may do now or a minute later, and which of two leaders gets the last units is the
sweeper's choice: there the model insists on what is allowed and on what is overdue, and takes the rest as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from hypothesis import strategies as st
from hypothesis.stateful import initialize

from chalicelib.core import clock
from infra.local.client import Person, Reply
from tests.groupbuy.model import DECIDED, LIVE, Model, Terms
from tests.groupbuy.observed import Observed, told
from tests.proof import story
from tests.proof.story import HOUR, ORDERS, Chance, happens

SECONDS = (1, 30, 60, 60, 120, 300, 700, 3600)
"""What passes at once."""


class Story(story.Story):
    """Anything that people, WeChat and time may do."""

    play = "group-buys"
    model: Model
    happens = happens("open", "buy", "join", "lead", "fill", "time_passes", *ORDERS)

    @initialize(
        size=st.integers(2, 4),
        groups=st.integers(1, 3),
        spare=st.integers(0, 3),
        limits=st.tuples(st.integers(1, 4), st.integers(1, 5), st.integers(1, 6), st.integers(3, 15)),
        each=st.integers(1, 3),
        honour=st.booleans(),
    )
    def begin(
        self, size: int, groups: int, spare: int, limits: tuple[int, int, int, int], each: int, honour: bool
    ) -> None:
        self.set_out()
        stock = size * groups * each + spare
        self.terms = Terms(size, stock, *limits, each, HOUR, timedelta(seconds=600), honour)
        self.campaign = self.town.campaign(
            size=size,
            skus=[{**self.town.sku(), "stock": self.terms.stock}],
            units_per_seat=each,
            limits=dict(zip(("open", "join", "take_part", "units"), limits, strict=True)),
            group_seconds=3600,
            pay_window_seconds=600,
            at_expiry="honour_price" if honour else "refund",
        )
        self.model = Model(self.terms, self.terms.stock)

    def heard(self, orders: Sequence[str]) -> None:
        """The money of one order, or of several in an order that we do not know."""
        if len(orders) == 1:
            self.model.captured(orders[0], clock.now(), opens=self.model.opens_now(orders[0]))
        else:
            self._captures(orders, Observed(self.town))

    def agrees(self) -> Observed:
        seen = Observed(self.town)
        assert seen.told() == told(self.model)
        return seen

    def open(self, by: Chance) -> None:
        person, key = by.n_of(self.people), self.key()
        again = partial(person.open, self.campaign, key=key)
        refused, reply = self.model.refuses_open(person.uid), again()
        if self.insist(reply, refused, 201):
            self.model.opened(person.uid, reply.body["order_id"], reply.body["group_id"], clock.now())
            self.ordered(person, reply, again)

    def buy(self, by: Chance) -> None:
        person, key = by.n_of(self.people), self.key()
        again = partial(person.buy, self.campaign, key=key)
        refused, reply = self.model.refuses_buy(person.uid), again()
        if self.insist(reply, refused, 201):
            self.model.bought(person.uid, reply.body["order_id"], clock.now())
            self.ordered(person, reply, again)

    def join(self, by: Chance) -> None:
        if self.model.groups:
            self._joins(by.n_of(self.people), by.m_of(list(self.model.groups)))

    def _joins(self, person: Person, group: str) -> Reply:
        again = partial(person.join, group, key=self.key())
        refused = self.model.refuses_join(person.uid, group, clock.now())
        reply = again()
        if self.insist(reply, refused, 201):
            self.model.joined(person.uid, reply.body["order_id"], group, clock.now())
            self.ordered(person, reply, again)
        return reply

    def lead(self, by: Chance) -> None:
        """Somebody opens a group and pays."""
        self.open(by)
        self._pays_at_once(told=by.yes)

    def fill(self, by: Chance) -> None:
        """Somebody takes a seat in an open group and pays."""
        there = self._open_groups()
        if there and self._joins(by.n_of(self.people), by.m_of(there)).status == 201:
            self._pays_at_once(told=by.yes)

    def _open_groups(self) -> list[str]:
        return [k for k, group in self.model.groups.items() if group.status == "open"]

    def _pays_at_once(self, *, told: bool) -> None:
        order = next(reversed(self.placed), None)
        if order is not None and self.model.orders[order].payable(clock.now()) and self.pays(order) and told:
            self.tells(order)

    def time_passes(self, by: Chance) -> None:
        """Time, and then the sweeper's minute."""
        self.passes(by.n_of(SECONDS))
        before = Observed(self.town)
        overdue = {k for k, g in before.groups.items() if g.status.value in DECIDED and g.due and g.due <= clock.now()}
        ends = {
            k
            for k, g in before.groups.items()
            if g.status.value in LIVE and g.held == 0 and g.due and g.due <= clock.now() and g.expires_at <= clock.now()
        }
        self.town.minute()
        self._minute(Observed(self.town), clock.now(), overdue, ends)

    def _minute(self, seen: Observed, now: datetime, overdue: set[str], ends: set[str]) -> None:
        model = self.model
        due = [k for k, o in model.orders.items() if o.state == "closing" or (o.state == "held" and o.deadline <= now)]
        before = model.free
        for order in due:
            if order not in self.paid:
                model.released(order)
        self._captures([order for order in due if order in self.paid], seen, given_back=model.free - before)
        for k, group in model.groups.items():
            shown = seen.groups[k]
            if group.status in LIVE and group.expires is not None and group.expires <= now:
                if shown.status.value in DECIDED:
                    model.decided(k)
                else:
                    assert k not in ends, "nobody was waited for, and it is not decided"
                    assert shown.due is not None
                    assert shown.due <= now + timedelta(seconds=60)
                    group.status = "settling"
        for k, group in model.groups.items():
            undrained = any(s.state.value == "paid" for where, s in seen.seats.items() if where[0] == k)
            if group.status in DECIDED and not undrained:
                model.drained(k)
            elif group.status in DECIDED:
                assert k not in overdue, "decided before, due, and not settled"
        self.refunds(seen)

    def _captures(self, orders: Sequence[str], seen: Observed, given_back: int = 0) -> None:
        """Captures in an order that we do not know: a leader may get units that another gave back, or miss them."""
        model = self.model
        unheard = {o: model.orders[o].group for o in orders if not model.orders[o].money}
        leaders = {o: g for o, g in unheard.items() if g is not None and model.groups[g].status == "pending"}
        opened = {o for o, group in leaders.items() if seen.groups[group].expires_at is not None}
        rest_of = (model.terms.size - 1) * model.terms.each
        spare = model.free + sum(group.units for group in model.groups.values())
        surely = model.free - given_back
        for order in orders:
            opens = order in opened
            if opens:
                assert spare >= rest_of
            elif order in leaders:
                assert surely - len(opened) * rest_of < rest_of, "there were units for everybody"
            model.captured(order, clock.now(), opens=opens)
