"""What the stories of all plays have: people, WeChat that tells late and twice, orders and their money, and an end.

A play's story subclasses `Story`: it begins with its campaign and its model, and has an act for everything that people
do with it. The model predicts every answer; what is stored is compared with it after every step.
"""

from __future__ import annotations

import random
from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any, NamedTuple, Protocol, TypeVar

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from chalicelib.core import clock
from chalicelib.core.table import Key
from infra.local.client import Person, Reply
from tests import invariants
from tests.orders.model import Order, Stored
from tests.proof import counts
from tests.proof.stage import rest
from tests.snapshot import keep
from tests.town import Town

PEOPLE = 5
CHUNKS = 4
HOUR = timedelta(hours=1)
ORDERS = (
    *("repeat_a_request", "pay_at_wechat", "wechat_tells", "wechat_delivers", "stream"),
    *("cancel", "ask_to_pay_again", "look_at_my_orders"),
)
"""The acts that every play has."""
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


T = TypeVar("T")


class Chance(NamedTuple):
    """What an act is about: one of these, one of those, so or not."""

    n: int
    m: int
    yes: bool

    def n_of(self, those: Sequence[T]) -> T:
        """The ``n``-th, counted round and round."""
        return those[self.n % len(those)]

    def m_of(self, those: Sequence[T]) -> T:
        """The ``m``-th, counted round and round."""
        return those[self.m % len(those)]


ABOUT = st.builds(Chance, n=st.integers(0, 2**16), m=st.integers(0, 2**16), yes=st.booleans())


def happens(*acts: str) -> Any:
    """The one rule of a story: any of ``acts``, as often as each stands there.

    As rules of their own most of them would be left out of most stories.
    """
    return rule(what=st.sampled_from(acts), by=ABOUT)(Story.act)


class Model(Protocol):
    """What every play's model has."""

    @property
    def orders(self) -> Mapping[str, Order]: ...


class Story(RuleBasedStateMachine):
    """Anything that people, WeChat and time may do with orders, whatever is ordered."""

    town: Town
    put_back: Callable[[], None]
    play: str
    model: Model

    def set_out(self) -> None:
        """The town as it was, and people in it."""
        self.put_back()
        self.people = [self.town.person(f"p{n}") for n in range(PEOPLE)]
        self.came = clock.now()
        self._keys = 0
        self.asked: list[tuple[Callable[[], Reply], str]] = []
        """Requests that made an order, to be sent again, and the order."""
        self.placed: dict[str, tuple[Person, Any]] = {}
        """Who made an order, and what he was answered."""
        self.paid: set[str] = set()
        """Orders that were paid at WeChat."""
        self.announced: set[str] = set()
        """Of those, what WeChat is about to tell by itself."""

    def insist(self, reply: Reply, code: str | None, *statuses: int) -> bool:
        """The answer is the one that the model gives; whether it is a success."""
        if code is None:
            assert reply.status in statuses, (reply.status, reply.body)
            return True
        assert reply.body["code"] == code, (code, reply.body)
        return False

    def key(self) -> str:
        """A key of which no other act has the like."""
        self._keys += 1
        return f"story-key-{self._keys:08}"

    def ordered(self, person: Person, reply: Reply, again: Callable[[], Reply]) -> None:
        """An order was made, by a request that may be sent ``again``."""
        order = reply.body["order_id"]
        self.asked.append((again, order))
        self.placed[order] = person, reply.body

    def passes(self, seconds: float) -> None:
        """Time alone; who was away for long logs in again."""
        clock.advance(seconds)
        if clock.now() - self.came > HOUR:
            self.came = clock.now()
            for person in self.people:
                person.come_back()

    @abstractmethod
    def heard(self, orders: Sequence[str]) -> None:
        """Tell the model that these orders' money was heard of, for the first time or again."""

    @abstractmethod
    def agrees(self) -> Stored:
        """Insist that what is stored is what the model has; returns it."""

    def pays(self, order: str) -> bool:
        """Its owner pays at WeChat, which keeps it to itself; whether it took the money."""
        person, seat = self.placed[order]
        taken = person.pay(seat, notify=False).status == 200
        if taken:
            self.paid.add(order)
        return taken

    def tells(self, order: str) -> None:
        """WeChat tells of a payment."""
        assert self.town.act("/_sim/notify", out_trade_no=f"{order}-1")["status"] == 204
        self.heard([order])

    def gives_up(self, order: str) -> None:
        """Its owner cancels an order, if he still may."""
        refused = self.model.orders[order].cancelled()
        self.insist(self.placed[order][0].api.call("POST", f"/v1/orders/{order}/cancel", {}), refused, 200)

    def act(self, what: str, by: Chance) -> None:
        """One step: nothing happens where there is nothing that it could happen to."""
        getattr(self, what)(by)

    def repeat_a_request(self, by: Chance) -> None:
        if not self.asked:
            return
        again, order = by.n_of(self.asked)
        reply = again()
        if reply.status == 409:
            assert reply.body["code"] == "order_not_payable"
            assert order in self.paid
        else:
            assert reply.expect(201)["order_id"] == order

    def pay_at_wechat(self, by: Chance) -> None:
        if not self.placed:
            return
        order = by.n_of(list(self.placed))
        person, seat = self.placed[order]
        payable = self.model.orders[order].payable(clock.now())
        if not seat.get("pay"):
            return
        reply = person.pay(seat, notify=by.yes)
        if reply.status == 200:
            self.paid.add(order)
            if by.yes:
                self.announced.add(order)
        else:
            assert order in self.paid or not payable

    def wechat_tells(self, by: Chance) -> None:
        """A notification, the first one, a late one, or the same again."""
        if self.paid:
            self.tells(by.n_of(sorted(self.paid)))

    def wechat_delivers(self, by: Chance) -> None:
        """Everything that WeChat has announced and not delivered, in its own order."""
        self.town.hear()
        self.heard(sorted(self.announced))
        self.announced.clear()
        self.refunds(Stored(self.town))

    def stream(self, by: Chance) -> None:
        self.town.stream()
        self.refunds(Stored(self.town))
        trades = {number: trade for (_, number), trade in self.town.sim.world.orders.items()}
        for k, order in self.model.orders.items():
            assert order.money != "owed" or trades[f"{k}-1"].refunds, "owed, streamed, and WeChat was not asked"

    def cancel(self, by: Chance) -> None:
        if not self.placed:
            return
        self.gives_up(by.n_of(list(self.placed)))

    def ask_to_pay_again(self, by: Chance) -> None:
        if not self.placed:
            return
        order = by.n_of(list(self.placed))
        person, seat = self.placed[order]
        payable = self.model.orders[order].payable(clock.now())
        reply = person.api.call("POST", f"/v1/orders/{order}/prepay", {})
        if reply.status == 200:
            assert payable
            self.placed[order] = (person, {**seat, "pay": reply.body["pay"]})
        else:
            assert reply.body["code"] in ("order_not_payable", "pay_window_over")
            assert not payable or order in self.paid

    def look_at_my_orders(self, by: Chance) -> None:
        """What a user is shown is what there is."""
        person = by.n_of(self.people)
        shown = {order["order_id"]: order["state"] for order in person.api.get("/v1/orders?limit=50")["orders"]}
        assert shown == {k: order.state for k, order in self.model.orders.items() if order.user == person.uid}

    def refunds(self, seen: Stored) -> None:
        """Money that was owed may be back."""
        for k, order in self.model.orders.items():
            if order.money == "owed" and seen.money[k] == "refunded":
                order.money = "refunded"

    def entries(self, by: Chance) -> list[tuple[Key, str]]:
        """What is due now and as what, in any order; the sweeper found it."""
        until = f"{clock.iso(clock.now())}~"
        found = [raw for raw in self.town.emulator.waiting() if raw["gsi2pk"]["S"].startswith("DUE")]
        ripe = sorted((raw["pk"]["S"], raw["sk"]["S"], raw["gsi2sk"]["S"]) for raw in found)
        mine = [(Key(pk, sk), seen) for pk, sk, seen in ripe if seen <= until]
        random.Random(by.m).shuffle(mine)
        return mine

    @invariant()
    def agree(self) -> None:
        if not hasattr(self, "model"):
            return
        counts.add(f"model steps of {self.play}")
        invariants.check(self.agrees().items)

    def teardown(self) -> None:
        if hasattr(self, "model"):
            quiet = rest(self.town)
            invariants.at_rest(self.town.books(), self.town.sim.world, quiet)


def tell(town: Town, story: type[Story], chunk: int) -> None:
    """Tell one chunk of a play's stories in ``town``, which each of them finds as it is now."""
    told_here = type(story.__name__, (story,), {"town": town, "put_back": staticmethod(keep(town))})
    try:
        run_state_machine_as_test(seed(chunk)(told_here), settings=SETTINGS)
    except Exception as failed:
        failed.add_note(f"replay: RIPPLE_PROOF={counts.EFFORT.name}, seed({chunk}); the steps of the story stand above")
        raise
