"""Stories of cash of any length: who is given some and asks for it, WeChat at its worst, and a merchant who changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec
from hypothesis import strategies as st
from hypothesis.stateful import initialize

from chalicelib.cash.numbers import number
from chalicelib.core import clock
from chalicelib.core.transaction import update_one
from chalicelib.merchants.cash import CashLimits, CashSetup, Marketing, setup_key
from chalicelib.rewards.cash import cash_key
from chalicelib.wechat.http import Response
from tests.cash import books_shop as mornings
from tests.cash import known as law
from tests.cash import shop
from tests.cash.asking import OUTAGES, TIMES, WITHDRAWN, Asking
from tests.cash.bank import FAILURES, OVER, Answer, Attempt, Fault
from tests.cash.known import BEIJING, CAMPAIGNS, LIMITS, Limits, Terms
from tests.cash.model import Model
from tests.proof.story import Chance, happens
from tests.risk.play import id_of

BEGINS = (
    None,
    datetime(2026, 12, 31, 23, 59, 30, tzinfo=BEIJING),
    datetime(2026, 12, 30, 12, tzinfo=BEIJING),
)
"""When a story begins, if it matters."""

ENDPOINTS = ("transfer", "transfer_query", "transfer_cancel")
OFFERED = ("accepted", "processing", "risk", "late_close", "not_enough", "no_auth")
LATE = (60.0, 4000.0, 90_000.0)
"""How much later than it should WeChat ends what nobody confirms."""


class Story(Asking):
    """Anything that people, WeChat, time and the merchant may do."""

    play = "cash"
    happens = happens(
        *("give", "give", "tap", "tap", "tap", "tap_and_confirm", "tap_and_confirm", "a_stranger_taps", "ask_for_all"),
        *("confirm", "confirm_what_is_open", "confirm_what_is_open", "it_is_known_later", "wechat_ends_it"),
        *("nobody_confirms", "nobody_confirms", "my_cash", "take_back", "take_back", "take_back_and_work"),
        *("take_back_and_work", "take_back_and_work", "undo", "undo", "undo_what_is_on_its_way"),
        *("an_attempt_goes_wrong", "an_attempt_goes_wrong", "wechat_takes_its_time", "wechat_takes_its_time"),
        *("something_will_go_wrong", "an_answer_is_slow", "wechat_is_out_of_reach", "it_is_mended", "it_is_mended"),
        *("the_account_is_closed", "scenes_change", "fill", "fill", "drain", "nobody_fills_for_weeks"),
        *("the_merchant_stops_or_goes_on", "the_merchant_says_otherwise", "how_it_looks_changes"),
        *("a_doubtful_one_taps", "a_doubtful_one_taps", "the_merchant_decides", "the_merchant_decides"),
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
        mornings.begin(self.town)
        campaigns = {self.town.campaign(shop.offer(cash=each.budget)): each for each in terms}
        self.model = Model(campaigns, limits)
        self._says()
        self.has_scenes("1000", "1005")
        self.puts_in(600)
        self.give(Chance(0, 0, yes=True))

    def an_attempt_goes_wrong(self, by: Chance) -> None:
        """He asks for it, and WeChat answers otherwise than he thinks, or not at all."""
        if k := self.may_ask(by):
            kind = by.m_of(OUTAGES if by.yes else OFFERED)
            self.goes_wrong(Fault("transfer", kind, by.n_of(LATE if kind == "late_close" else TIMES)))
            self.asks(k)

    def wechat_takes_its_time(self, by: Chance) -> None:
        """It has taken what he asked for, and finds that there is money for it, or too little, only later."""
        if k := self.may_ask(by):
            self.goes_wrong(Fault("transfer", by.m_of(OFFERED[:2]), by.n_of(TIMES)))
            self.asks_in_time(k)
            if by.yes:
                self.drain(by)
            self.passes(by.m_of((30, 60, 400)))
            self.works(Chance(by.n, 0, yes=False))

    def nobody_fills_for_weeks(self, by: Chance) -> None:
        """What WeChat has taken waits for money, until it is so old that only a person can say what becomes of it."""
        if by.m % 4 == 0 and (k := self.may_ask(by)):
            self.drain(Chance(0, 0, yes=True))
            self.goes_wrong(Fault("transfer", "processing", 5.0))
            self.asks_in_time(k)
            for _ in range(4):
                self.passes(25 * 86_400 / 4 + by.m_of((-1, 0, 60)))
                self.works(Chance(by.n, 0, yes=False))
                self.agree()

    def something_will_go_wrong(self, by: Chance) -> None:
        """With one of the next calls."""
        endpoint, kinds = by.n_of(
            (
                ("transfer", (*OUTAGES, *OFFERED)),
                ("transfer_query", OUTAGES),
                ("transfer_cancel", (*OUTAGES, *WITHDRAWN)),
            )
        )
        kind = by.m_of(kinds)
        self.goes_wrong(Fault(endpoint, kind, by.n_of(LATE if kind == "late_close" else TIMES)))

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

    def an_answer_is_slow(self, by: Chance) -> None:
        """WeChat knows nothing of what was taken back, and says so late: when it was asked is what counts."""
        k = self.may_ask(by)
        if k is None:
            return
        self.goes_wrong(Fault("transfer", "unreachable"))
        self.asks_in_time(k)
        claim = self.model.claims[k]
        if claim.intent is None:
            return
        wait = (claim.intent + law.SURELY_ABSENT - clock.now()).total_seconds()
        self.passes(max(0.0, wait - by.m_of((0, 1, 2))))
        self.takes_back(k)
        faults = [fault for fault in self.model.bank.faults if fault.endpoint == "transfer_query"]
        if not faults and (*k, claim.n) not in self.model.bank.bills:
            self.town.transport.gate = self._late
            self.is_looked_after(k)
            self.town.transport.gate = None
            self.goes_on()

    @staticmethod
    def _late(name: str, send: Callable[[], Response]) -> Response:
        """The answer takes a while."""
        answer = send()
        clock.advance(2)
        return answer

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
        self.model.told(attempt[:2], attempt[2], Answer(other), clock.now())

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
        """Higher limits, or how a transfer looks: what was asked for before is as it was."""
        said = by.n_of((Limits(1, 300, 500), Limits(3, 500, 900), Limits(2, 300, 5000)))
        self.model.limits = Limits(*map(max, self.model.limits, said))
        self.red_packet = by.yes
        self._says()

    def how_it_looks_changes(self, by: Chance) -> None:
        """While a transfer is offered, whose answer was lost or that waits: it is offered again as it was."""
        if k := self.may_ask(by):
            self.goes_wrong(Fault("transfer", by.m_of(("lost", "processing", "unreachable")), 300.0))
            self.asks_in_time(k)
            self.red_packet = not self.red_packet
            self._says()
            self.passes(60.0)
            self.works(Chance(by.n, 0, yes=False))

    def _says(self) -> None:
        limits: dict[str, Any] = self.model.limits._asdict()
        marketing = Marketing(red_packet=self.red_packet)
        said = {"limits": CashLimits(**limits), "paused": self.model.paused, "marketing": marketing}
        terms = msgspec.structs.replace(shop.TERMS, **said)
        update_one(setup_key(shop.mid_of(self.town)), [CashSetup.terms.set(terms)], when={})

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

    def work(self, by: Chance) -> None:
        self.works(by)

    def all_is_well(self) -> None:
        """The merchant pays, has money enough, and every scene."""
        self.model.paused = False
        self._says()
        self.has_scenes("1000", "1005")
        self.puts_in(20_000)
