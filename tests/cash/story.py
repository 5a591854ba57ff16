"""Stories of cash of any length: who is given some and asks for it, WeChat at its worst, and a merchant who changes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec
from hypothesis import strategies as st
from hypothesis.stateful import initialize

from chalicelib.campaigns.gifts import AsCash
from chalicelib.cash import service
from chalicelib.cash.numbers import number
from chalicelib.core import clock
from chalicelib.merchants.cash import CashLimits, Marketing
from chalicelib.rewards.cash import cash_key, cash_of
from chalicelib.rewards.states import Why
from infra.local.client import Person
from tests.cash import shop
from tests.cash.bank import ANSWER_LOST, FAILURES, NEVER_ARRIVES, OVER, Attempt, Fault
from tests.cash.known import BEIJING, CAMPAIGNS, LIMITS, ON_ITS_WAY, Limits, Terms
from tests.cash.model import Key as Its
from tests.cash.model import Model
from tests.cash.telling import Telling
from tests.proof.story import Chance, happens
from tests.rewards import shop as rewards
from tests.risk.play import id_of

MOST_GIFTS = 8
"""That one user gets."""

BEGINS = (
    None,
    datetime(2026, 12, 31, 23, 59, 30, tzinfo=BEIJING),
    datetime(2026, 12, 30, 12, tzinfo=BEIJING),
)
"""When a story begins, if it matters."""

ENDPOINTS = ("transfer", "transfer_query", "transfer_cancel")
CREATE = (*NEVER_ARRIVES, *ANSWER_LOST, "accepted", "processing", "risk", "late_close", "not_enough", "no_auth")
CANCEL = (*NEVER_ARRIVES, *ANSWER_LOST, "cancelled", "canceling", "canceling", "overtaken", "overtaken")
TIMES = (5.0, 45.0, 400.0, 4000.0, 90_000.0)
"""How long something takes at WeChat that takes its time."""


class Story(Telling):
    """Anything that people, WeChat, time and the merchant may do."""

    play = "cash"
    happens = happens(
        *("give", "give", "give", "tap", "tap", "tap", "tap_and_confirm", "tap_and_confirm", "a_stranger_taps"),
        *("confirm", "confirm", "confirm_what_is_open", "wechat_ends_it", "nobody_confirms", "my_cash"),
        *("take_back", "take_back", "take_back_and_work", "take_back_and_work", "undo", "undo"),
        *("an_attempt_goes_wrong", "an_attempt_goes_wrong", "something_will_go_wrong", "wechat_is_out_of_reach"),
        *("the_account_is_closed", "it_is_mended", "it_is_mended", "scenes_change"),
        *("fill", "fill", "drain", "the_merchant_stops_or_goes_on", "the_merchant_says_otherwise"),
        *("wechat_thinks_otherwise", "the_merchant_decides", "the_merchant_decides"),
        *("wechat_tells", "wechat_tells", "wechat_tells", "wechat_delivers", "somebody_lies", "wechat_contradicts"),
        *("time_passes", "time_passes", "time_passes", "time_passes", "a_worker_comes_twice"),
        *("something_is_about_to_change", "something_is_about_to_change", "work", "work", "work"),
    )

    @initialize(terms=CAMPAIGNS, limits=LIMITS, begins=st.sampled_from(BEGINS), users=st.integers(1, 3))
    def begin(self, terms: list[Terms], limits: Limits, begins: datetime | None, users: int) -> None:
        self.set_out()
        if begins is not None:
            clock.advance((begins - clock.now()).total_seconds())
        self.began = clock.now()
        self.users = self.people[:users]
        self.pages, self.handled, self.visits = {}, [], {}
        self.red_packet = False
        shop.set_up(self.town)
        campaigns = {self.town.campaign(shop.offer(cash=each.budget)): each for each in terms}
        self.model = Model(campaigns, limits)
        self._says()
        self.has_scenes("1000", "1005")
        self.puts_in(600)
        self.give(Chance(0, 0, yes=True))

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

    def a_stranger_taps(self, by: Chance) -> None:
        """What somebody else has is not there, unless one has the like."""
        if k := self.a_claim(by):
            self.asks((by.m_of(self.people).uid, k[1]))

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

    def wechat_ends_it(self, by: Chance) -> None:
        """It fails, whatever anybody does."""
        if not self.model.bank.bills:
            return
        bills = self.model.bank.bills
        attempt: Attempt = by.n_of([k for k, bill in bills.items() if bill.state not in OVER] or list(bills))
        reason = by.m_of(FAILURES)
        body = {"out_bill_no": number(*attempt), "fail_reason": reason}
        reply = self.town.control("POST", "/_sim/fail-transfer", {}, msgspec.json.encode(body))
        assert reply.status == (200 if self.model.bank.fails(attempt, reason, clock.now()) else 409)
        if by.yes and self.model.bank.bills[attempt].state in OVER:
            self.tells_end(attempt)

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
        if by.yes:
            self.goes_wrong(Fault("transfer_cancel", by.m_of(CANCEL), by.n_of(TIMES)))
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

    def goes_wrong(self, fault: Fault) -> None:
        """Calls go wrong so, from the next on."""
        after = fault.kind == "5xx after"
        count = None if fault.lasts else 1
        kind = "5xx" if after else fault.kind
        self.town.sim.faults.add(fault.endpoint, kind, count=count, seconds=fault.seconds, after=after)
        self.model.bank.faults.append(fault)

    def an_attempt_goes_wrong(self, by: Chance) -> None:
        """He asks for it, and WeChat answers otherwise than he thinks, or not at all."""
        if k := self.may_ask(by):
            self.goes_wrong(Fault("transfer", by.m_of(CREATE), by.n_of(TIMES)))
            self.asks(k)

    def something_will_go_wrong(self, by: Chance) -> None:
        """With one of the next calls."""
        endpoint, kinds = by.n_of(
            (
                ("transfer", CREATE),
                ("transfer_query", (*NEVER_ARRIVES, *ANSWER_LOST)),
                ("transfer_cancel", CANCEL),
            )
        )
        self.goes_wrong(Fault(endpoint, by.m_of(kinds), by.n_of(TIMES)))

    def wechat_is_out_of_reach(self, by: Chance) -> None:
        """For a while, or only its answers are lost."""
        kind = by.n_of(("unreachable", "unreachable", "lost", "busy", "quota"))
        for endpoint in by.m_of(
            (("transfer",), ("transfer_query",), ("transfer", "transfer_query", "transfer_cancel"))
        ):
            self.goes_wrong(Fault(endpoint, kind, lasts=True))

    def the_account_is_closed(self, by: Chance) -> None:
        """WeChat takes nothing from where we call, for a while."""
        self.goes_wrong(Fault("transfer", "no_auth", lasts=True))

    def it_is_mended(self, by: Chance) -> None:
        self.is_mended()

    def scenes_change(self, by: Chance) -> None:
        self.has_scenes("1000", *(("1005",) if by.yes else ()))

    def has_scenes(self, *scenes: str) -> None:
        """WeChat lets the merchant transfer in these scenes."""
        self.town.act("/_sim/scenes", mchid=self.town.merchant.mchid, scenes=list(scenes))
        self.model.bank.scenes = scenes

    def fill(self, by: Chance) -> None:
        self.puts_in(by.n_of((100, 300, 2000)))

    def drain(self, by: Chance) -> None:
        """The merchant takes money out, or all that is there."""
        available = self.model.bank.available
        if taken := available if by.yes else available // 2:
            self.puts_in(-taken)

    def puts_in(self, fen: int) -> None:
        shop.fill(self.town, fen)
        self.model.bank.available += fen

    def the_merchant_stops_or_goes_on(self, by: Chance) -> None:
        self.model.paused = not self.model.paused
        self._says()

    def the_merchant_says_otherwise(self, by: Chance) -> None:
        """Other limits, or how a transfer looks: what was asked for before is as it was."""
        self.model.limits = by.n_of((Limits(1, 300, 500), Limits(3, 500, 900), Limits(2, 300, 5000)))
        self.red_packet = by.yes
        self._says()

    def _says(self) -> None:
        limits: dict[str, Any] = self.model.limits._asdict()
        marketing = Marketing(red_packet=self.red_packet)
        said = {"limits": CashLimits(**limits), "paused": self.model.paused, "marketing": marketing}
        shop.set_up(self.town, msgspec.structs.replace(shop.TERMS, **said))

    def wechat_thinks_otherwise(self, by: Chance) -> None:
        """Of somebody, whom it is not asked about every time."""
        person = by.n_of(self.users)
        self.is_of_rank(person, by.m_of((0, 2, 3, 4)))
        if by.yes and (asked := self.model.asked_ranks.get(person.uid)):
            self.passes(max(0.0, (asked[0] + timedelta(days=1) - clock.now()).total_seconds()))

    def is_of_rank(self, person: Person, rank: int) -> None:
        self.town.act("/_sim/ranks", name=person.name, rank=rank)
        self.model.ranks[person.uid] = rank

    def the_merchant_decides(self, by: Chance) -> None:
        """About what waits for him, or what does not; the same request again is the same."""
        k = self.a_claim(by, "review")
        if k is None:
            return
        held, key = id_of(cash_key(shop.mid_of(self.town), *k)), self.key()
        path = f"/v1/admin/held/{held}/{'approve' if by.yes else 'reject'}"
        decided = self.model.decided(k, clock.now(), yes=by.yes)
        for _ in range(2 if decided else 1):
            reply = self.town.admin.call("POST", path, {"note": "looked at him"}, key=key)
            self.insist(reply, None if decided else "not_held", 200)

    def somebody_lies(self, by: Chance) -> None:
        """A notification that is not WeChat's, or that is of another amount or user than ours, changes nothing."""
        bills = list(self.model.bank.bills)
        if not bills:
            return
        attempt = by.n_of(bills)
        if by.yes or self.model.bank.bills[attempt].state not in OVER:
            assert self.notified(attempt, by.m_of(("bad_signature", "wrong_key", "no_headers"))) // 100 == 4
        else:
            assert self.notified(attempt, "tampered", field=by.m_of(("amount", "openid"))) // 100 == 4
            self.model.said.add((attempt, "transfer_differs"))

    def wechat_contradicts(self, by: Chance) -> None:
        """WeChat says another end than that which it said of the same attempt before: that is for a person."""
        if not (ended := list(self.model.ended)):
            return
        attempt = by.n_of(ended)
        bill = self.town.sim.world.transfers[self.town.merchant.mchid, number(*attempt)]
        notice = self.town.sim.notices.about_transfer(bill, "good")
        said, other = notice.resource, "FAIL" if bill.state == "SUCCESS" else "SUCCESS"
        notice.resource = {**said, "state": other}
        assert self.notified(attempt, "good") == 204
        notice.resource = said
        self.model.said.add((attempt, "transfer_contradicts"))

    def work(self, by: Chance) -> None:
        self.works(by)

    def all_is_well(self) -> None:
        """The merchant pays, has money enough, and every scene."""
        self.model.paused = False
        self._says()
        self.has_scenes("1000", "1005")
        self.puts_in(20_000)
