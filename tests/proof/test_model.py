"""Stories of any length, told to the product and to a model in plain Python at the same time; they must agree.

The model predicts every answer exactly. What the sweeper does in a minute it may do now or a minute later, and which
of two leaders gets the last units is the sweeper's choice: there the model insists on what is allowed and on what is
overdue, and takes the rest as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from chalicelib.core import clock
from infra.local.client import Person, Reply
from tests import invariants
from tests.emulator import Emulator
from tests.groupbuy.model import DECIDED, LIVE, Model, Terms
from tests.groupbuy.observed import Observed, told
from tests.proof import counts
from tests.proof.stage import rest
from tests.snapshot import keep
from tests.town import Town

PEOPLE = 5
ALONE = "alone"
CHUNKS = 4
PICK = st.integers(0, 2**16)
HOUR = timedelta(hours=1)
PHASES = (Phase.generate,) if counts.EFFORT.name == "brief" else (Phase.generate, Phase.shrink)
"""A mutant's story need not be made shorter."""

SETTINGS = settings(
    max_examples=counts.EFFORT.stories // CHUNKS,
    stateful_step_count=counts.EFFORT.story_steps,
    deadline=None,
    database=None,
    phases=PHASES,
    print_blob=True,
    suppress_health_check=list(HealthCheck),
)


class Story(RuleBasedStateMachine):
    """Anything that people, WeChat and time may do."""

    town: Town
    put_back: Any

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
        self.put_back()
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
        self.people = [self.town.person(f"p{n}") for n in range(PEOPLE)]
        self.seen = clock.now()
        self.model = Model(self.terms, self.terms.stock)
        self.asked: list[tuple[Person, str | None, str, str]] = []
        self.seats_of: dict[str, tuple[Person, Any]] = {}
        self.paid: set[str] = set()
        self.announced: set[str] = set()

    def who(self, n: int) -> Person:
        return self.people[n % PEOPLE]

    def pick(self, n: int, among: list[str]) -> str:
        return among[n % len(among)]

    def insist(self, reply: Reply, code: str | None, *statuses: int) -> bool:
        """The answer is the one that the model gives; whether it is a success."""
        if code is None:
            assert reply.status in statuses, (reply.status, reply.body)
            return True
        assert reply.body["code"] == code, (code, reply.body)
        return False

    def key(self) -> str:
        return f"story-key-{len(self.asked)}-{len(self.seats_of)}-{clock.iso(clock.now())}".replace(":", "-")

    @rule(n=PICK)
    def open(self, n: int) -> None:
        person, key = self.who(n), self.key()
        refused = self.model.refuses_open(person.uid)
        reply = person.open(self.campaign, key=key)
        if self.insist(reply, refused, 201):
            self.model.opened(person.uid, reply.body["order_id"], reply.body["group_id"], clock.now())
            self._sits(person, None, key, reply)

    @rule(n=PICK)
    def buy(self, n: int) -> None:
        person, key = self.who(n), self.key()
        refused = self.model.refuses_buy(person.uid)
        reply = person.buy(self.campaign, key=key)
        if self.insist(reply, refused, 201):
            self.model.bought(person.uid, reply.body["order_id"], clock.now())
            self._sits(person, ALONE, key, reply)

    @precondition(lambda self: self.model.groups)
    @rule(n=PICK, g=PICK)
    def join(self, n: int, g: int) -> None:
        person, key, group = self.who(n), self.key(), self.pick(g, list(self.model.groups))
        refused = self.model.refuses_join(person.uid, group, clock.now())
        reply = person.join(group, key=key)
        if self.insist(reply, refused, 201):
            self.model.joined(person.uid, reply.body["order_id"], group, clock.now())
            self._sits(person, group, key, reply)

    def _sits(self, person: Person, group: str | None, key: str, reply: Reply) -> None:
        self.asked.append((person, group, key, reply.body["order_id"]))
        self.seats_of[reply.body["order_id"]] = (person, reply.body)

    @rule(n=PICK, told=st.booleans())
    def lead(self, n: int, told: bool) -> None:
        """Somebody opens a group and pays."""
        self.open(n)
        self._pays_at_once(told)

    @precondition(lambda self: self._open_groups())
    @rule(n=PICK, g=PICK, told=st.booleans())
    def fill(self, n: int, g: int, told: bool) -> None:
        """Somebody takes a seat in an open group and pays."""
        person, key, group = self.who(n), self.key(), self.pick(g, self._open_groups())
        refused = self.model.refuses_join(person.uid, group, clock.now())
        reply = person.join(group, key=key)
        if self.insist(reply, refused, 201):
            self.model.joined(person.uid, reply.body["order_id"], group, clock.now())
            self._sits(person, group, key, reply)
            self._pays_at_once(told)

    def _open_groups(self) -> list[str]:
        return [k for k, group in self.model.groups.items() if group.status == "open"]

    def _pays_at_once(self, told: bool) -> None:
        order = next(reversed(self.seats_of), None)
        if order is not None and self.model.payable(order, clock.now()):
            person, seat = self.seats_of[order]
            if person.pay(seat, notify=False).status == 200:
                self.paid.add(order)
                if told:
                    assert self.town.act("/_sim/notify", out_trade_no=f"{order}-1")["status"] == 204
                    self.model.captured(order, clock.now(), opens=self.model.opens_now(order))

    @precondition(lambda self: self.asked)
    @rule(n=PICK)
    def repeat_a_request(self, n: int) -> None:
        person, group, key, order = self.asked[n % len(self.asked)]
        if group == ALONE:
            reply = person.buy(self.campaign, key=key)
        else:
            reply = person.join(group, key=key) if group else person.open(self.campaign, key=key)
        if reply.status == 409:
            assert reply.body["code"] == "order_not_payable"
            assert order in self.paid
        else:
            assert reply.expect(201)["order_id"] == order

    @precondition(lambda self: self.seats_of)
    @rule(n=PICK, announce=st.booleans())
    def pay_at_wechat(self, n: int, announce: bool) -> None:
        order = self.pick(n, list(self.seats_of))
        person, seat = self.seats_of[order]
        payable = self.model.payable(order, clock.now())
        if not seat.get("pay"):
            return
        reply = person.pay(seat, notify=announce)
        if reply.status == 200:
            self.paid.add(order)
            if announce:
                self.announced.add(order)
        else:
            assert order in self.paid or not payable

    @precondition(lambda self: self.paid)
    @rule(n=PICK)
    def wechat_tells(self, n: int) -> None:
        """A notification, the first one, a late one, or the same again."""
        order = self.pick(n, sorted(self.paid))
        answer = self.town.act("/_sim/notify", out_trade_no=f"{order}-1")
        assert answer["status"] == 204
        self.model.captured(order, clock.now(), opens=self.model.opens_now(order))

    @rule()
    def wechat_delivers(self) -> None:
        """Everything that WeChat has announced and not delivered, in its own order."""
        self.town.hear()
        self._captures(sorted(self.announced), Observed(self.town))
        self.announced.clear()
        self._refunds(Observed(self.town))

    @rule()
    def stream(self) -> None:
        self.town.stream()
        seen = Observed(self.town)
        self._refunds(seen)
        trades = {number: trade for (_, number), trade in self.town.sim.world.orders.items()}
        for k, order in self.model.orders.items():
            assert order.money != "owed" or trades[f"{k}-1"].refunds, "owed, streamed, and WeChat was not asked"

    @precondition(lambda self: self.model.orders)
    @rule(n=PICK)
    def cancel(self, n: int) -> None:
        order = self.pick(n, list(self.model.orders))
        person = self.seats_of[order][0]
        refused = self.model.cancelled(order)
        self.insist(person.api.call("POST", f"/v1/orders/{order}/cancel", {}), refused, 200)

    @precondition(lambda self: self.model.orders)
    @rule(n=PICK)
    def ask_to_pay_again(self, n: int) -> None:
        order = self.pick(n, list(self.model.orders))
        person, seat = self.seats_of[order]
        payable = self.model.payable(order, clock.now())
        reply = person.api.call("POST", f"/v1/orders/{order}/prepay", {})
        if reply.status == 200:
            assert payable
            self.seats_of[order] = (person, {**seat, "pay": reply.body["pay"]})
        else:
            assert reply.body["code"] in ("order_not_payable", "pay_window_over")
            assert not payable or order in self.paid

    @rule(n=PICK)
    def look(self, n: int) -> None:
        """What a user is shown is what there is."""
        person = self.who(n)
        shown = {order["order_id"]: order["state"] for order in person.api.get("/v1/orders?limit=50")["orders"]}
        assert set(shown) == {k for k, order in self.model.orders.items() if order.user == person.uid}

    @rule(seconds=st.sampled_from([1, 30, 60, 60, 120, 300, 700, 3600]))
    def time_passes(self, seconds: int) -> None:
        """Time, and then the sweeper's minute."""
        clock.advance(seconds)
        if clock.now() - self.seen > HOUR:
            self.seen = clock.now()
            for person in self.people:
                person.come_back()
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
        self._refunds(seen)

    def _captures(self, orders: list[str], seen: Observed, given_back: int = 0) -> None:
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

    def _refunds(self, seen: Observed) -> None:
        for k, order in self.model.orders.items():
            if order.money == "owed" and seen.money[k] == "refunded":
                order.money = "refunded"

    @invariant()
    def agree(self) -> None:
        if not hasattr(self, "model"):
            return
        counts.add("model steps")
        seen = Observed(self.town)
        assert seen.told() == told(self.model)
        invariants.check(seen.items)

    def teardown(self) -> None:
        if hasattr(self, "model"):
            quiet = rest(self.town)
            invariants.at_rest(self.town.books(), self.town.sim.world, quiet)


@pytest.fixture
def place(world: Emulator) -> Iterator[Town]:
    town = Town(world)
    yield town
    town.close()


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_the_product_and_the_model_agree(place: Town, chunk: int) -> None:
    told_here = type("Story", (Story,), {"town": place, "put_back": staticmethod(keep(place))})
    try:
        run_state_machine_as_test(seed(chunk)(told_here), settings=SETTINGS)
    except Exception as failed:
        failed.add_note(f"replay: RIPPLE_PROOF={counts.EFFORT.name}, seed({chunk}); the steps of the story stand above")
        raise
