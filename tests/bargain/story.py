"""Stories of bargains of any length: helps that count or wait, orders at any price, merchants who change their minds.

Whatever is due is handled in any order, now or later, one entry at a time, so that the model predicts all of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple

from hypothesis import strategies as st
from hypothesis.stateful import initialize

from chalicelib.core import clock, due
from chalicelib.core.table import Key
from infra.local.client import Person
from tests.bargain import shop
from tests.bargain.known import TERMS, Terms, next_day
from tests.bargain.model import CHECKING, LAST_ORDER, LIVE, LOOKED, Model
from tests.bargain.observed import Observed, page, page_shown, record, record_shown, told
from tests.orders.model import Stored
from tests.proof import story
from tests.proof.story import ORDERS, Chance, happens

SECONDS = (1, 60, 60, 60, 300, 700, 3600)
"""What passes at once."""


class Look(NamedTuple):
    """What somebody got by looking at a bargain."""

    at: datetime
    ticket: str | None


class Story(story.Story):
    """Anything that people, WeChat, time and the merchant may do."""

    play = "bargains"
    model: Model
    happens = happens(
        *("start", "look", "help", "look_and_help", "look_and_help", "everybody_helps"),
        *("one_good_turn_deserves_another", "one_good_turn_deserves_another", "the_merchant_decides"),
        *(
            "buy",
            "buy_and_pay",
            "buy_and_pay",
            "think_better_of_it",
            "give_up",
            "the_merchant_closes",
            "the_merchant_gives_money_back",
        ),
        *("time_passes", "time_passes", "something_is_about_to_change", "something_is_about_to_change"),
        *ORDERS,
    )

    @initialize(terms=TERMS, bargainers=st.integers(1, 5))
    def begin(self, terms: Terms, bargainers: int) -> None:
        self.set_out()
        clock.advance(shop.GROWN)
        self.campaign = self.town.campaign(terms.document)
        self.model = Model(terms, terms.stock, terms.budget or 0)
        self.looks: dict[tuple[str, str], Look] = {}
        self.touched = ""
        """The bargain that this step is about, if there is one."""
        for person in self.people[:bargainers]:
            self._starts(person)

    def heard(self, orders: Sequence[str]) -> None:
        for order in orders:
            self.model.captured(order)

    def agrees(self) -> Observed:
        seen = Observed(self.town)
        assert seen.told() == told(self.model)
        if self.touched:
            body = self.town.admin.get(f"/v1/admin/bargains/{self.touched}")
            assert record_shown(body) == record(self.model, self.touched, clock.now())
            self.touched = ""
        return seen

    def there(self, *statuses: str) -> list[str]:
        """The bargains that are so."""
        return [k for k, bargain in self.model.bargains.items() if bargain.status in statuses]

    def in_time(self) -> list[str]:
        """Those that friends may help now."""
        return [k for k in self.there("active") if self.model.bargains[k].expires >= clock.now()]

    def helpable(self, by: Chance) -> str:
        """One that friends may help now, be it that somebody has to start it."""
        if not self.in_time():
            self._starts(by.n_of(self.people))
        return self.a_bargain(by, self.in_time())

    def a_bargain(self, by: Chance, among: Sequence[str] = ()) -> str:
        """One of ``among``, if there are any, or one of all: a story begins with one at least."""
        self.touched = by.m_of(among or list(self.model.bargains))
        return self.touched

    def owner(self, bid: str) -> Person:
        return next(person for person in self.people if person.uid == self.model.bargains[bid].user)

    def _starts(self, person: Person) -> None:
        start = partial(shop.starts, person, self.campaign, key=self.key())
        refused = self.model.refuses_start(person.uid)
        reply = start()
        if self.insist(reply, refused, 201):
            self.touched = reply.body["bargain_id"]
            self.model.started(person.uid, self.touched, clock.now())
            assert reply.body["slots_fen"] == self.model.terms.slots
            assert start().expect(201)["bargain_id"] == self.touched

    def _looks(self, person: Person, bid: str) -> None:
        body, now = shop.page(person, bid), clock.now()
        assert page_shown(body) == page(self.model, bid, person.uid, now)
        self.looks[bid, person.uid] = Look(now, body["help_ticket"])

    def _helps(self, person: Person, bid: str, *, twice: bool = False) -> None:
        """He taps, with what he got when he looked last."""
        look = self.looks.get((bid, person.uid))
        ticket, at = (look.ticket, look.at) if look and look.ticket else ("none", None)
        refused = self.model.refuses_help(person.uid, bid, at, clock.now())
        gives = partial(shop.gives, person, bid, ticket, key=self.key())
        reply = gives()
        if self.insist(reply, refused, 201):
            self.model.helped(person.uid, bid, clock.now())
            shown = page(self.model, bid, person.uid, clock.now())["my_help"]
            assert reply.body["my_help"]["state"] == shown
            if twice:
                assert gives().expect(201)["my_help"]["state"] == shown

    def start(self, by: Chance) -> None:
        self._starts(by.n_of(self.people))

    def look(self, by: Chance) -> None:
        self._looks(by.n_of(self.people), self.a_bargain(by))

    def help(self, by: Chance) -> None:
        """With a ticket that may be none, too new or too old."""
        self._helps(by.n_of(self.people), self.helpable(by))

    def look_and_help(self, by: Chance) -> None:
        person, bid = by.n_of(self.people), self.helpable(by)
        self._looks(person, bid)
        self.passes(by.n_of((2, 3, 3, 60)))
        self._helps(person, bid, twice=by.yes)

    def everybody_helps(self, by: Chance) -> None:
        bid, first = self.helpable(by), by.n % len(self.people)
        friends = [person for person in self.people[first:] + self.people[:first] if person is not self.owner(bid)]
        for person in friends:
            self._looks(person, bid)
        self.passes(LOOKED.total_seconds())
        for person in friends:
            self._helps(person, bid)

    def one_good_turn_deserves_another(self, by: Chance) -> None:
        """A friend bargains too, is helped by whom he helps next: that help waits, if nothing forbids it."""
        friend, bid = by.n_of(self.people), self.helpable(by)
        if not any(self.owner(k) is friend for k in self.in_time()):
            self._starts(friend)
        favours = [(self.owner(bid), k) for k in self.in_time() if self.owner(k) is friend][-1:]
        for person, where in [*favours, (friend, bid)]:
            self._looks(person, where)
            self.passes(LOOKED.total_seconds())
            self._helps(person, where)
        self.touched = bid

    def the_merchant_decides(self, by: Chance) -> None:
        held = [k for k, given in self.model.helps.items() if given.state == "held"] or list(self.model.helps)
        if not held:
            return
        self.touched, user = bid, _ = by.n_of(held)
        decide = partial(shop.decides, self.town, bid, user, yes=by.yes, key=self.key())
        refused = self.model.refuses_decision(user, bid)
        reply = decide()
        if self.insist(reply, refused, 200):
            become = self.model.decided(user, bid, clock.now(), yes=by.yes)
            assert reply.body["decision"] == {"counted": "approved"}.get(become, become)
            assert decide().expect(200)["decision"] == reply.body["decision"]

    def _buys(self, person: Person, bid: str) -> str | None:
        """He orders; the order, if it was made or may still be paid."""
        again = partial(shop.buys, person, bid, key=self.key())
        refused = self.model.refuses_buy(person.uid, bid, clock.now())
        live = refused is None and self.model.bargains[bid].status == "ordering"
        reply = again()
        if live and self.model.bargains[bid].order in self.paid and reply.status == 409:
            assert reply.body["code"] == "order_not_payable"
            return None
        if not self.insist(reply, refused, 201):
            return None
        order: str = reply.body["order_id"]
        self.model.ordered(bid, order, clock.now())
        if not live:
            self.ordered(person, reply, again)
        return order

    def buy(self, by: Chance) -> None:
        waiting = [k for k in self.in_time() if self.model.bargains[k].held]
        bid = self.a_bargain(by, (by.yes and waiting) or self.there(*LIVE))
        self._buys(by.n_of((self.owner(bid), self.owner(bid), self.people[0])), bid)

    def buy_and_pay(self, by: Chance) -> None:
        bid = self.a_bargain(by, by.n_of((self.there("floor"), self.in_time())))
        order = self._buys(self.owner(bid), bid)
        if order is not None and self.model.orders[order].payable(clock.now()) and self.pays(order) and by.yes:
            self.tells(order)

    def think_better_of_it(self, by: Chance) -> None:
        """Somebody orders what he has ordered most often, gives the order up, and time passes: again and again."""
        bid = max(self.in_time() or self.model.bargains, key=lambda k: self.model.bargains[k].buys)
        for _ in range(by.m % 4 + 1):
            order = self._buys(self.owner(bid), bid)
            if order is None:
                break
            self.gives_up(order)
            self.time_passes(by)
        self.touched = bid

    def give_up(self, by: Chance) -> None:
        bid = self.a_bargain(by)
        person = by.n_of((self.owner(bid), self.people[0]))
        if self.insist(shop.cancels(person, bid), self.model.refuses_cancel(person.uid, bid), 200):
            self.model.cancelled(bid)

    def the_merchant_closes(self, by: Chance) -> None:
        there = self.there("ordering", "floor", "settling")
        if not (there or by.yes):
            return
        bid = self.a_bargain(by, there)
        if self.insist(shop.closes(self.town, bid, key=self.key()), self.model.refuses_close(bid), 200):
            self.model.closed(bid)

    def the_merchant_gives_money_back(self, by: Chance) -> None:
        if not self.placed:
            return
        order = by.n_of(list(self.placed))
        path, body = f"/v1/admin/orders/{order}/refund", {"note": "broken on the way"}
        give = partial(self.town.admin.call, "POST", path, body, key=self.key())
        if self.insist(give(), self.model.refuses_refund(order), 200):
            self.model.refunded(order)
            give().expect(200)

    def time_passes(self, by: Chance) -> None:
        """Time, and then the sweeper's minute, in which workers may leave something for later."""
        self.passes(by.n_of(SECONDS))
        assert due.sweep() == self.town.emulator.shards_due()
        for key, seen in self.entries(by)[by.m % 3 :] if by.yes else self.entries(by):
            if due.handle(key, seen):
                self._was_due(key)
        self.refunds(Observed(self.town))

    def something_is_about_to_change(self, by: Chance) -> None:
        """The clock stands at, or just beside, an instant from which on something is allowed no more or falls due."""
        ends = [b.expires for b in self.model.bargains.values() if b.status == "active"]
        ends += [b.claim for b in self.model.bargains.values() if b.status == "floor" and b.claim]
        ahead = [end - before for end in ends for before in (timedelta(0), LAST_ORDER, CHECKING)]
        ahead += [order.deadline for order in self.model.orders.values() if order.state == "held"]
        ahead += [given.due for given in self.model.helps.values() if given.due]
        ahead.append(next_day(clock.now()))
        waits = sorted({(at - clock.now()).total_seconds() + by.m_of((-1, 0, 1)) for at in ahead})
        if later := [seconds for seconds in waits if seconds > 0]:
            self.passes(by.n_of(later))

    def _was_due(self, key: Key) -> None:
        """Somebody looked after an entry; a merchant's compares a day's bill, which tells of payments."""
        now, (letter, _, name) = clock.now(), key.pk.partition("|")[2].partition("#")
        if letter == "B" and key.sk == "META":
            self.model.bargain_due(name, now)
        elif letter == "B":
            self.model.help_due(key.sk.removeprefix("HELP#"), name, now)
        elif letter == "O" and key.sk == "META":
            self.model.order_due(name, now, paid=name in self.paid)
        elif letter == "MER":
            self.heard(sorted(self.paid & Stored(self.town).money.keys()))
