"""How the stories of cash go on: time, workers, what WeChat tells of, and a fair end to all of it.

Each entry is handled alone, in any order, now or later, so that the model predicts all of it.
"""

from __future__ import annotations

import sys
from abc import abstractmethod
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from chalicelib.cash import comparing, service
from chalicelib.cash.numbers import number, parse
from chalicelib.core import clock, due
from chalicelib.core.errors import RippleError
from chalicelib.core.store import read_one
from chalicelib.core.table import Key
from chalicelib.rewards.cash import Cash, cash_key
from chalicelib.rewards.items import Grant
from infra.local.client import Person
from tests.cash import known as law
from tests.cash import shop
from tests.cash.bank import OVER, Attempt
from tests.cash.books import Key as Its
from tests.cash.known import next_day
from tests.cash.model import Model
from tests.cash.observed import Observed, looked_after, shown, told, was_shown
from tests.proof import story
from tests.proof.story import Chance
from tests.rewards import shop as rewards

SECONDS = (1, 30, 60, 60, 60, 90, 120, 300, 300, 900, 3600, 6 * 3600, 86_400, 3 * 86_400)
"""What passes at once."""

LONG = 7 * 3600
"""So long nobody lets WeChat be out of reach."""

LIFE = timedelta(days=29)
"""A story is over before WeChat forgets anything that it began."""

MOST_EVENTS = 200
"""Until a story has ended, once everything goes well."""

T = TypeVar("T")

KINDS: dict[str, type[Cash] | type[Grant]] = {"CSH": Cash, "GRT": Grant}
"""What the workers of these stories look after, by how its sort key begins."""


class Telling(story.Story):
    """Cash, time, what they bring, and whoever works in the background."""

    model: Model
    began: datetime
    pages: dict[Attempt, dict[str, str]]
    """What opens WeChat's page for an attempt, as its user was told."""
    handled: list[tuple[Key, str]]
    visits: dict[str, datetime]
    """When somebody came last: WeChat says nothing of who was away for long."""

    def heard(self, orders: Sequence[str]) -> None:
        """Nothing is ordered here."""

    def agrees(self) -> Observed:
        seen = Observed(self.town)
        stored, wanted = seen.told(), told(self.model)
        differ = {part: (stored[part], wanted[part]) for part in wanted if stored[part] != wanted[part]}
        assert not differ, differ
        looked_after(seen, self.model)
        for k in self.model.claims:
            self.is_shown(k, service.shown(shop.mid_of(self.town), *k))
        return seen

    def is_shown(self, k: Its, answer: service.Tapped) -> None:
        """He is shown what the model has; what opens WeChat's page he keeps."""
        attempt = (*k, self.model.claims[k].n)
        found, wanted = was_shown(self.town, answer, number(*attempt)), shown(self.model, k, clock.now())
        assert found == wanted, (found, wanted)
        if answer.confirm is not None:
            self.pages[attempt] = answer.confirm

    def teardown(self) -> None:
        """A story in which nothing was found wrong ends well."""
        if hasattr(self, "model") and sys.exception() is None:
            self.ends_well()
            super().teardown()

    def person(self, uid: str) -> Person:
        return next(person for person in self.people if person.uid == uid)

    def there(self, *states: str) -> list[Its]:
        """The claims that are so."""
        return [k for k, claim in self.model.claims.items() if claim.state in states]

    def passes(self, seconds: float) -> None:
        """Time alone, in which WeChat goes on."""
        if seconds > LONG:
            self.is_mended()
        clock.advance(min(seconds, max(1.0, (self.began + LIFE - clock.now()).total_seconds())))
        self.goes_on()

    def goes_on(self) -> None:
        """WeChat does what is due there."""
        self.model.bank.goes_on(clock.now())
        self.town.sim.settle()

    def is_mended(self) -> None:
        """WeChat can be reached, and takes what the merchant sends."""
        self.town.sim.faults.clear()
        self.model.bank.faults.clear()

    def time_passes(self, by: Chance) -> None:
        """Time, and then the sweeper's minute, in which workers may leave something for later."""
        self.passes(by.n_of(SECONDS))
        self.works(by)

    def works(self, by: Chance) -> None:
        mine = [entry for entry in self.entries(by) if entry[0].sk[:3] in KINDS]
        for key, seen in mine[by.m % 3 :] if by.yes else mine:
            self.handles(key, seen)

    def handles(self, key: Key, seen: str) -> None:
        """A worker takes an entry, if it still is what was ``seen``."""
        now, uid = clock.now(), key.pk.rsplit("#", 1)[1]
        if not due.handle(key, seen):
            return
        self.handled.append((key, seen))
        if key.sk.startswith("CSH#"):
            self.model.looked_after((uid, key.sk.removeprefix("CSH#")), now)
        else:
            ref = key.sk.removeprefix("GRT#")
            self.model.gift_looked_after((uid, self.id_of(uid, ref)), now)

    def is_looked_after(self, k: Its) -> None:
        """A worker takes a claim now."""
        cash = read_one(Cash, cash_key(shop.mid_of(self.town), *k))
        assert cash is not None
        assert cash.gsi2sk is not None
        self.handles(cash.key, cash.gsi2sk)

    def id_of(self, uid: str, ref: str) -> str:
        return next(k[1] for k, claim in self.model.claims.items() if k[0] == uid and claim.ref == ref)

    def a_worker_comes_twice(self, by: Chance) -> None:
        """What was handled before, and is not due as it was then, is nobody's."""
        if not self.handled:
            return
        key, seen = by.n_of(self.handled)
        item = read_one(KINDS[key.sk[:3]], key)
        if item is not None and item.gsi2sk != seen:
            assert not due.handle(key, seen)

    def something_is_about_to_change(self, by: Chance) -> None:
        """The clock stands at, or just beside, an instant from which on something is allowed no more or falls due."""
        ahead = [next_day(clock.now()), *(pause.until for pause in self.model.pauses.values())]
        for claim in self.model.claims.values():
            if claim.state == "claimable":
                ahead += [claim.since, claim.until]
            ahead += [claim.intent + law.SURELY_ABSENT, claim.due.first] if claim.intent and claim.due else []
            ahead += [claim.asked + law.CONFIRM_TIME] if claim.asked and claim.on_its_way else []
            ahead += [claim.tapped + law.SURE] if claim.tapped and claim.on_its_way and by.m % 8 == 0 else []
        ahead += [bill.goes_on for bill in self.model.bank.bills.values() if bill.goes_on]
        waits = sorted({(at - clock.now()).total_seconds() + by.m_of((-1, 0, 1)) for at in ahead})
        if later := [seconds for seconds in waits if seconds > 0]:
            self.passes(by.n_of(later[:4] if by.yes else later))

    def wechat_tells(self, by: Chance) -> None:
        """How an attempt ended, the first time, late, or again, also when another one is on its way."""
        if over := [attempt for attempt, bill in self.model.bank.bills.items() if bill.state in OVER]:
            self.tells_end(by.n_of(over))

    def tells_end(self, attempt: Attempt) -> None:
        """WeChat tells of it."""
        assert self.notified(attempt, "good") == 204
        self.model.told(attempt[:2], attempt[2], self.model.bank.bills[attempt].answer, clock.now())

    def notified(self, attempt: Attempt, variant: str, **more: Any) -> int:
        """A notification of this variant; how it was answered."""
        sent = self.town.act("/_sim/notify", out_bill_no=number(*attempt), variant=variant, **more)
        return int(sent["status"])

    def wechat_delivers(self, by: Chance) -> None:
        """Everything that WeChat has announced and not delivered: twice, late, in another order, or in vain."""
        kind = by.n_of(("good", "duplicate", "lost", "reordered", "bad_signature", "late"))
        if kind != "good":
            self.town.sim.faults.add("notify", kind)
        self.delivers()

    def delivers(self) -> None:
        now = clock.now()
        for notice in self.town.sim.flush():
            if not notice.out_bill_no:
                continue
            attempt = parse(notice.out_bill_no)
            assert attempt is not None
            good = [each for each in notice.attempts if each.at == now and each.kind in ("good", "duplicate")]
            assert all(each.answer is not None and each.answer[0] == 204 for each in good)
            if good:
                bill = self.model.bank.bills[attempt]
                self.model.told(attempt[:2], attempt.n, bill.answer, now)

    def asks(self, k: Its) -> None:
        """He opens the mini-program and asks for it."""
        now, mid = clock.now(), shop.mid_of(self.town)
        if now - self.visits.get(k[0], self.came) > story.HOUR:
            self.visits[k[0]] = now
            self.person(k[0]).come_back()
        answer = self.may(
            self.model.refuses_tap(k, now),
            lambda: service.tap(mid, *k, real_name=None, address="198.51.100.7"),
        )
        if answer is not None:
            self.model.tapped(k, now)
            self.is_shown(k, answer)

    def confirms(self, attempt: Attempt, person: Person, reason: str | None = None, seconds: float = 0) -> None:
        """Somebody says yes on WeChat's page, or tries to."""
        options: dict[str, Any] = {"seconds": seconds, **({"fail_reason": reason} if reason else {})}
        reply = person.confirm_transfer(self.pages[attempt], **options)
        taken = self.model.bank.confirms(attempt, person.uid, clock.now(), reason, seconds)
        assert reply.status == (200 if taken else 409), reply.body

    def takes_back(self, k: Its) -> None:
        """He takes the asking back."""
        cash = self.may(self.model.refuses_cancel(k), lambda: service.cancel(shop.mid_of(self.town), *k))
        if cash is not None:
            self.model.cancelled(k, clock.now())
            assert cash.state.value == "cancelling"

    def may(self, refused: set[str], act: Callable[[], T]) -> T | None:
        """What comes of an act that is refused, with one of these codes, exactly where there are any."""
        try:
            answer = act()
        except RippleError as problem:
            code = problem.problem.code
        else:
            assert not refused, refused
            return answer
        assert code in refused, (code, refused)
        return None

    def ends_well(self) -> None:
        """From here on nothing goes wrong, and half of what can be asked for is: all of it is paid or returned."""
        self.is_mended()
        self.all_is_well()
        for _ in range(MOST_EVENTS):
            self.agree()
            if self.model.over:
                break
            self.next_event()
        assert self.model.over, [claim for claim in self.model.claims.values() if claim.due]
        assert not self.model.trouble, self.model.trouble
        assert self.model.bank.locked == 0
        self.bills_agree()
        for person in self.people:
            if any(user == person.uid for user, _ in self.model.claims):
                person.come_back()
                assert rewards.rebuilt(self.town, person)["agree"]

    def bills_agree(self) -> None:
        """What the operations account's bills say of each day is what we know."""
        days = (clock.now() - self.began).days + 1
        first = self.began.astimezone(law.BEIJING).date()
        clock.advance(timedelta(days=2).total_seconds())
        for day in range(days + 1):
            assert comparing.compare(shop.mid_of(self.town), first + timedelta(days=day)) == 0

    @abstractmethod
    def all_is_well(self) -> None:
        """Everything that was wrong is right again."""

    def next_event(self) -> None:
        """What somebody asks for and confirms, or takes back because it is old; and the next that happens by itself.

        Nobody looks meanwhile after what waits for its user: WeChat tells when that is over.
        """
        for k in self.there("sending", "waiting"):
            if self.model.is_old(self.model.claims[k], clock.now()):
                self.takes_back(k)
        for k in self.there("claimable"):
            claim = self.model.claims[k]
            if claim.amount % 200 and claim.since <= clock.now() <= claim.until:
                self.asks(k)
        for k in self.there("waiting"):
            if self.model.claims[k].amount % 200 and self.model.confirm_open(k, clock.now()):
                self.confirms((*k, self.model.claims[k].n), self.person(k[0]))
        self.delivers()
        bills = self.model.bank.bills
        ahead = [bill.goes_on for bill in bills.values() if bill.goes_on]
        for k, claim in self.model.claims.items():
            waits = claim.state == "waiting" and bills[(*k, claim.n)].goes_on
            ahead += [claim.due.first] if claim.due and not waits else []
            ahead += [claim.gift_due] if claim.gift_due else []
        if ahead:
            clock.advance(max(0.0, (min(ahead) - clock.now()).total_seconds()))
            self.goes_on()
            self.delivers()
        self.works(Chance(0, 0, yes=False))
