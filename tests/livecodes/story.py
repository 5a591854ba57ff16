"""Stories of a live code of any length: who scans it, looks and comes again, and a merchant who changes his mind."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize

from chalicelib.core import clock, due
from infra.local.client import Person
from tests.livecodes import shop
from tests.livecodes.model import Model, Target
from tests.livecodes.observed import Observed, told
from tests.orders.model import Stored
from tests.proof import story
from tests.proof.story import Chance, happens

HOURS = (1, 3, 12, 24, 50)
"""What passes at once."""
DAYS = (1, 2, 7)
"""For how long a QR code is good."""
CAPACITIES = (1, 1, 2, 3, 600)
TARGETS = st.lists(st.tuples(st.sampled_from(("group", "page", "store")), st.sampled_from((1, 2, 3))), max_size=3)


class Story(story.Story):
    """Anything that people, time and the merchant may do with a live code."""

    play = "live codes"
    model: Model
    lid: str
    happens = happens(
        *("ask", "ask", "ask", "ask", "ask", "ask_again", "look", "look"),
        *("close", "close", "reopen", "reopen", "add", "add", "edit_target", "edit_target", "edit_what_is_old"),
        *("renew", "pause", "resume", "resume", "end", "its_counts", "work", "time_passes", "time_passes"),
    )

    @initialize(wanted=TARGETS)
    def begin(self, wanted: list[tuple[str, int]]) -> None:
        self.set_out()
        wishes = [self._wish(kind, capacity, DAYS[2]) for kind, capacity in wanted]
        self.lid = shop.made(self.town, *(wish for wish, _ in wishes))
        self.model = Model([target for _, target in wishes])

    def _wish(self, kind: str, capacity: int, days: int) -> tuple[dict[str, Any], Target]:
        """A target as its merchant wants it, and as the model has it."""
        if kind == "group":
            until = clock.parse(clock.iso(shop.in_days(days)))
            return shop.group(min(capacity, 200), days=days), Target(kind, min(capacity, 200), until)
        make = {"page": shop.page, "store": shop.store}[kind]
        return make(capacity), Target(kind, capacity)

    def heard(self, orders: Sequence[str]) -> None:
        """Nothing is paid for."""

    def agrees(self) -> Stored:
        seen = Observed(self.town)
        assert seen.told() == told(self.model)
        return seen

    def ask(self, by: Chance) -> None:
        self._asks(by.n_of(self.people))

    def ask_again(self, by: Chance) -> None:
        """Whoever has a place asks once more."""
        if there := [person for person in self.people if person.uid in self.model.places]:
            self._asks(by.n_of(there))

    def _asks(self, person: Person) -> None:
        now = clock.now()
        refused, reply = self.model.refuses(person.uid, now), shop.takes(person, self.lid)
        if self.insist(reply, refused, 200):
            place = reply.body["place"]
            assert place["number"] == self.model.takes(person.uid, now)
            assert place["standing"] == self.model.standing(person.uid, now)

    def look(self, by: Chance) -> None:
        person, now = by.n_of(self.people), clock.now()
        seen, refused = shop.looks(person, self.lid), self.model.refuses(person.uid, now)
        assert (seen["status"], seen["can_place"]) == (self.model.status, refused is None)
        assert (seen["why_not"] or {}).get("code") == refused
        assert (seen["place"] or {}).get("standing") == self.model.standing(person.uid, now)

    def close(self, by: Chance) -> None:
        self._turns(by, "close")

    def reopen(self, by: Chance) -> None:
        self._turns(by, "reopen")

    def _turns(self, by: Chance, act: str) -> None:
        if self.model.targets:
            number, key = by.n % len(self.model.targets) + 1, self.key()
            refused = self.model.turns(number, act)
            if self.insist(shop.turns(self.town, self.lid, number, act, key=key), refused, 200):
                shop.turns(self.town, self.lid, number, act, key=key).expect(200)

    def add(self, by: Chance) -> None:
        if len(self.model.targets) < 6:
            kind = by.n_of(("group", "page", "store"))
            wish, target = self._wish(kind, by.m_of(CAPACITIES), by.n_of(DAYS))
            self.insist(shop.adds(self.town, self.lid, wish, key=self.key()), self.model.adds(target), 201)

    def edit_target(self, by: Chance) -> None:
        self._edits(by, self.model.edition, None)

    def edit_what_is_old(self, by: Chance) -> None:
        """The merchant edits what he read before somebody else edited it; or sends his request again."""
        self._edits(by, max(1, self.model.edition - 1), None)

    def renew(self, by: Chance) -> None:
        self._edits(by, self.model.edition, by.m_of(DAYS))

    def _edits(self, by: Chance, edition: int, days: int | None) -> None:
        if not self.model.targets:
            return
        number = by.n % len(self.model.targets) + 1
        target = self.model.targets[number - 1]
        capacity = target.capacity if days is not None and by.yes else by.m_of(CAPACITIES)
        to: dict[str, Any] = {}
        until: datetime | None = target.until
        if target.kind == "group":
            capacity = min(capacity, 200)
            if days is not None:
                until = clock.parse(clock.iso(shop.in_days(days)))
                to = {"until": clock.iso(until)}
        refused = self.model.edits(number, edition, capacity, until, clock.now())
        reply = shop.retargets(self.town, self.lid, number, edition=edition, to=to, capacity=capacity)
        self.insist(reply, refused, 200)

    def pause(self, by: Chance) -> None:
        self._moves("pause")

    def resume(self, by: Chance) -> None:
        self._moves("resume")

    def end(self, by: Chance) -> None:
        """Seldom: nothing changes after it."""
        if by.m % 10 == 0:
            self._moves("end")

    def _moves(self, act: str) -> None:
        self.insist(shop.moves(self.town, self.lid, act, key=self.key()), self.model.moves(act), 200)

    def its_counts(self, by: Chance) -> None:
        """What its merchant is shown, and who was sent where."""
        seen = shop.record(self.town, self.lid)["targets"]
        assert [(t["taken"], t["left"]) for t in seen] == [(t.taken, t.left) for t in self.model.targets]
        if seen:
            number = by.n % len(seen) + 1
            listed = [scan["user_id"] for scan in shop.scans(self.town, self.lid, number)["scans"]]
            assert sorted(listed) == sorted(user for user, there in self.model.sent if there == number)
            days = shop.days(self.town, self.lid, number)["days"]
            assert sum(day["scans"] for day in days) == self.model.targets[number - 1].taken

    def work(self, by: Chance) -> None:
        """What is due is done, in any order."""
        for key, seen in self.entries(by):
            due.handle(key, seen)

    def time_passes(self, by: Chance) -> None:
        self.passes(timedelta(hours=by.n_of(HOURS)).total_seconds())
