"""What people do in the stories of cash: they are given some, ask for it, say yes at WeChat, and take it back."""

from __future__ import annotations

from datetime import timedelta

from chalicelib.campaigns.gifts import AsCash
from chalicelib.cash import service
from chalicelib.core import clock
from chalicelib.rewards.cash import cash_of
from chalicelib.rewards.states import Why
from infra.local.client import Person
from tests.cash import shop
from tests.cash.bank import ANSWER_LOST, FAILURES, NEVER_ARRIVES, OVER, Fault
from tests.cash.books import Key as Its
from tests.cash.known import ON_ITS_WAY
from tests.cash.telling import Telling
from tests.proof.story import Chance
from tests.rewards import shop as rewards

MOST_GIFTS = 8
"""That one user gets."""

OUTAGES = (*NEVER_ARRIVES, *ANSWER_LOST)
WITHDRAWN = ("cancelled", "canceling", "overtaken")
TIMES = (5.0, 45.0, 400.0, 4000.0)
"""How long something takes at WeChat that takes its time."""


class Asking(Telling):
    """Whoever has cash, or may have it."""

    users: list[Person]
    """Who is given some."""

    def a_claim(self, by: Chance, *states: str) -> Its | None:
        """One that is so, if there is one, or any."""
        choice = self.there(*states) or list(self.model.claims)
        return by.n_of(choice) if choice else None

    def may_ask(self, by: Chance) -> Its | None:
        """One that its user may ask for now, be it that he has to be given it first."""
        now = clock.now()
        if not [k for k in self.there("claimable") if now <= self.model.claims[k].until]:
            self.give(by)
        in_time = [k for k in self.there("claimable") if now <= self.model.claims[k].until]
        return by.n_of(in_time) if in_time else None

    def on_its_way(self, by: Chance, *states: str) -> Its | None:
        """One that is on its way to its user, be it that he has to ask for it first."""
        if not self.there(*states) and (k := self.may_ask(by)):
            self.asks_in_time(k)
        return by.n_of(found) if (found := self.there(*states)) else None

    def asks_in_time(self, k: Its) -> None:
        """He asks as soon as he may."""
        self.passes(max(0.0, (self.model.claims[k].since - clock.now()).total_seconds()))
        self.asks(k)

    def give(self, by: Chance) -> None:
        """Somebody is given cash, if the budget reaches for it."""
        person, cid = by.n_of(self.users), by.m_of(list(self.model.terms))
        his = [k for k in self.model.claims if k[0] == person.uid]
        if len(his) == MOST_GIFTS:
            return
        terms = self.model.terms[cid]
        amount, ref = by.n_of(terms.amounts), f"gift-{len(his) + 1}"
        form = AsCash(hold_days=terms.hold_days, claim_days=terms.claim_days)
        why = Why.INVITE_COMMISSION if terms.commission else Why.AFTER_ORDER
        given = rewards.promise(self.town, cid, person, ref, amount, form, seconds=0, why=why)
        assert given == (self.model.left(cid) >= amount)
        if given:
            rewards.fall_due(self.town, person, ref)
            self.model.given((person.uid, cash_of(ref)), cid, ref, amount, clock.now())

    def tap(self, by: Chance) -> None:
        """He asks, perhaps again at once."""
        if k := self.may_ask(by) if by.m % 3 else self.a_claim(by):
            self.asks(k)
            if by.yes:
                self.asks(k)

    def tap_and_confirm(self, by: Chance) -> None:
        """He asks as soon as he may, and says yes after a while; WeChat may tell of it at once."""
        if k := self.may_ask(by):
            self.asks_in_time(k)
            self._says_yes(k, by, by.m_of((1, 1, 60, 3600, 90_000)))

    def _says_yes(self, k: Its, by: Chance, seconds: float) -> None:
        attempt = (*k, self.model.claims[k].n)
        if attempt in self.pages:
            self.passes(seconds)
            self.confirms(attempt, self.person(k[0]))
            if by.yes and self.model.bank.bills[attempt].state in OVER:
                self.tells_end(attempt)

    def ask_for_all(self, by: Chance) -> None:
        """He asks for everything that he has, as far as his day and his year go, and takes back what he is given."""
        person = by.n_of(self.users)
        for _ in range(by.m % 3):
            self.give(by)
        for k in [k for k in self.there("claimable") if k[0] == person.uid]:
            self.asks(k)
            if by.yes and (*k, self.model.claims[k].n) in self.pages:
                self.confirms((*k, self.model.claims[k].n), person)

    def a_stranger_taps(self, by: Chance) -> None:
        """What somebody else has is not there, unless one has the like."""
        if k := self.a_claim(by):
            mine = by.m_of(self.people).uid, k[1]
            self.asks(mine)
            self.takes_back(mine)
            if mine not in self.model.claims:
                assert self.may({"not_found"}, lambda: service.shown(shop.mid_of(self.town), *mine)) is None

    def a_doubtful_one_taps(self, by: Chance) -> None:
        """WeChat thinks otherwise of somebody, which is asked once a day, and he asks for what he has."""
        k = self.may_ask(by)
        if k is None:
            return
        self.is_of_rank(self.person(k[0]), by.m_of((0, 2, 3, 4)))
        if by.yes and (asked := self.model.asked_ranks.get(k[0])):
            self.passes(max(0.0, (asked[0] + timedelta(days=1) - clock.now()).total_seconds()))
        self.asks_in_time(k)

    def is_of_rank(self, person: Person, rank: int) -> None:
        self.town.act("/_sim/ranks", name=person.name, rank=rank)
        self.model.ranks[person.uid] = rank

    def confirm(self, by: Chance) -> None:
        """Anybody, on any page that was ever opened; or it fails, or that it works is known later."""
        if not self.pages:
            return
        attempt = by.n_of(list(self.pages))
        person = self.person(attempt[0]) if by.yes else by.m_of(self.people)
        reason = by.m_of((None, None, None, *FAILURES[:2]))
        self.confirms(attempt, person, reason, by.n_of((0, 0, 0, 20.0, 4000.0)))

    def confirm_what_is_open(self, by: Chance) -> None:
        """The right one, on the page that waits for him, be it that he has taken back that he asked."""
        if k := self.on_its_way(by, "waiting", "cancelling"):
            self._says_yes(k, by, 1.0)

    def it_is_known_later(self, by: Chance) -> None:
        """He has said yes; it may be asked about, taken back and told of before that is known."""
        k = self.on_its_way(by, "waiting")
        if k is None or (attempt := (*k, self.model.claims[k].n)) not in self.pages:
            return
        self.confirms(attempt, self.person(k[0]), by.m_of((None, None, FAILURES[0])), by.n_of(TIMES))
        if by.yes:
            self.takes_back(k)
        self.passes(by.m_of((1, 60, 90)))
        self.works(Chance(by.n, 0, yes=False))

    def nobody_confirms(self, by: Chance) -> None:
        """Until WeChat ends it, which may lag behind."""
        k = self.on_its_way(by, "waiting")
        if k and (bill := self.model.bank.bills.get((*k, self.model.claims[k].n))):
            if bill.goes_on:
                self.passes((bill.goes_on - clock.now()).total_seconds() + by.m_of((-1, 0, 1, 60)))
            if by.yes:
                self.works(by)

    def my_cash(self, by: Chance) -> None:
        """Whoever has cash is shown all of it."""
        person = by.n_of(self.people)
        found, after = service.mine(shop.mid_of(self.town), person.uid, 20, None)
        assert after is None
        assert {cash.cash_id for cash in found} == {k[1] for k in self.model.claims if k[0] == person.uid}

    def take_back(self, by: Chance) -> None:
        if k := self.a_claim(by, *(ON_ITS_WAY if by.m % 4 else ())):
            self.takes_back(k)

    def take_back_and_work(self, by: Chance) -> None:
        """He takes it back, and workers ask WeChat, which may answer as it likes."""
        k = self.on_its_way(by, "sending", "waiting")
        if k is None:
            return
        self.takes_back(k)
        if by.m % 4:
            self.goes_wrong(Fault("transfer_cancel", by.m_of(OUTAGES if by.yes else WITHDRAWN), by.n_of(TIMES)))
        self.passes(by.n_of((1, 1, 60, 90)))
        self.works(Chance(by.n, 0, yes=False))

    def undo(self, by: Chance) -> None:
        """What it was given for is undone; a worker takes back what is there, at once or later."""
        k = self.a_claim(by, *by.n_of((("claimable",), ON_ITS_WAY, ON_ITS_WAY, ("paid",), ("review",), ("returned",))))
        if k is None:
            return
        rewards.undo(self.town, self.person(k[0]), self.model.claims[k].ref)
        self.model.undone(k, clock.now())
        if by.yes:
            self.works(by)

    def undo_what_is_on_its_way(self, by: Chance) -> None:
        """It is withdrawn, and goes back when that is known, or is a debt if he has it by then."""
        k = self.on_its_way(by, *ON_ITS_WAY)
        if k is None:
            return
        rewards.undo(self.town, self.person(k[0]), self.model.claims[k].ref)
        self.model.undone(k, clock.now())
        for _ in range(by.m % 4):
            self.works(Chance(by.n, 0, yes=False))
            if by.yes:
                self._says_yes(k, by, 1.0)
            self.passes(60.0)

    def goes_wrong(self, fault: Fault) -> None:
        """Calls go wrong so, from the next on."""
        after = fault.kind == "5xx after"
        count = None if fault.lasts else 1
        kind = "5xx" if after else fault.kind
        self.town.sim.faults.add(fault.endpoint, kind, count=count, seconds=fault.seconds, after=after)
        self.model.bank.faults.append(fault)
