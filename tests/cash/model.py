"""Cash in plain Python: what must come of every act by the protocol, with no storage and no races in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.cash import known as law
from tests.cash.bank import ABSENT, OVER, Answer, Attempt, Bank
from tests.cash.books import Books, Key
from tests.cash.known import SETTLED, Claim, Pause, Window, at, day_of
from tests.orders.model import Order


@dataclass
class Model(Books):
    """Everything that is known of a shop's cash."""

    bank: Bank = field(default_factory=Bank)
    paused: bool = False
    """Whether the merchant has stopped all of it."""
    pauses: dict[str, Pause] = field(default_factory=dict)
    ended: dict[Attempt, Answer] = field(default_factory=dict)
    """How an attempt ended, as we were told first."""
    trouble: dict[Attempt, str] = field(default_factory=dict)
    """What a person hears of an attempt that goes on."""
    said: set[tuple[Attempt, str]] = field(default_factory=set)
    """What a person hears of and nothing mends."""
    ranks: dict[str, int] = field(default_factory=dict)
    """What WeChat thinks of people."""
    asked_ranks: dict[str, tuple[datetime, int]] = field(default_factory=dict)

    @property
    def orders(self) -> Mapping[str, Order]:
        return {}

    def given(self, k: Key, cid: str, ref: str, amount: int, now: datetime) -> None:
        """Somebody has cash: he may ask for it when its hold is over."""
        terms = self.terms[cid]
        since = now + timedelta(days=terms.hold_days)
        until = since + timedelta(days=terms.claim_days)
        self.claims[k] = Claim(cid=cid, user=k[0], ref=ref, amount=amount, since=since, until=until, due=at(until))
        self.moves(f"campaign:{cid}", f"cash:{k[0]}", amount)

    def refuses_tap(self, k: Key, now: datetime) -> set[str]:
        """Every code with which asking for it may be refused now; none where it is not."""
        claim = self.claims.get(k)
        if claim is None:
            return {"not_found"}
        if claim.state == "returned":
            return {"cash_over"}
        if claim.state != "claimable":
            return set()
        day, year = self.day(k[0], day_of(now)), self.year(k[0], day_of(now))
        limits, pause = self.limits, self.pauses.get(claim.cid)
        refused = {
            "cash_over": claim.revoked or now > claim.until,
            "cash_not_yet": now < claim.since,
            "cash_paused": self.paused or (pause is not None and pause.until > now),
            "cash_day_full": day.times >= limits.times_a_day or day.fen + claim.amount > limits.fen_a_day,
            "cash_year_full": year.fen + claim.amount > limits.fen_a_year,
        }
        return {code for code, applies in refused.items() if applies}

    def tapped(self, k: Key, now: datetime) -> None:
        """He asks for it, and nothing refuses that."""
        claim = self.claims[k]
        if claim.state != "claimable":
            return
        if self._rank(k[0], now) >= law.DOUBTFUL and not claim.cleared:
            claim.state, claim.due = "review", at(now + law.REVIEW)
            return
        claim.state, claim.tapped, claim.intent, claim.day = "sending", now, now, day_of(now)
        claim.due = at(now + law.FIRST_LOOK)
        for taken in (self.day(k[0], claim.day), self.year(k[0], claim.day)):
            taken.times, taken.fen = taken.times + 1, taken.fen + claim.amount
        self._offers(k, now)

    def confirm_open(self, k: Key, now: datetime) -> bool:
        """Whether WeChat's page can be opened for it."""
        claim = self.claims[k]
        return claim.state == "waiting" and claim.asked is not None and now < claim.asked + law.CONFIRM_TIME

    def refuses_cancel(self, k: Key) -> set[str]:
        """The code with which taking the asking back is refused now, if it is."""
        claim = self.claims.get(k)
        if claim is None:
            return {"not_found"}
        return set() if claim.on_its_way else {"cash_settled" if claim.state == "paid" else "cash_not_sent"}

    def cancelled(self, k: Key, now: datetime) -> None:
        """He takes it back: nothing more is offered, and WeChat says how it ends."""
        claim = self.claims[k]
        if claim.state != "cancelling":
            claim.state, claim.due = "cancelling", at(now)

    def told(self, k: Key, n: int, answer: Answer, now: datetime) -> None:
        """WeChat has said how attempt ``n`` ended, for the first time or again."""
        claim = self.claims[k]
        if claim.n != n or not claim.on_its_way:
            if (claim.state == "paid" and claim.n == n) != (answer.word == "SUCCESS"):
                self.said.add(((*k, n), "transfer_contradicts"))
            return
        self.ended[*k, n] = answer
        self.trouble.pop((*k, n), None)
        if answer.word != "SUCCESS":
            self._undone(claim, n + 1, answer.reason or answer.word, now)
            return
        claim.state, claim.due, claim.failed = "paid", None, None
        year = self.year(k[0], claim.day or "")
        year.paid, year.paid_fen = year.paid + 1, year.paid_fen + claim.amount
        self.moves(f"cash:{k[0]}", f"transferred:{k[0]}", claim.amount)

    def decided(self, k: Key, now: datetime, *, yes: bool) -> bool:
        """The merchant lets a doubtful user have it, or takes it back; False where it does not wait for him."""
        claim = self.claims[k]
        if claim.state != "review":
            return False
        if yes:
            claim.state, claim.cleared = "claimable", True
            claim.until = max(claim.until, now + law.CLEARED_FOR)
            claim.due = at(claim.until)
        else:
            self.goes_back(claim, "refused")
        return True

    def undone(self, k: Key, now: datetime) -> None:
        """What it was given for is undone."""
        claim = self.claims[k]
        if claim.gift == "granted":
            claim.gift, claim.gift_due = "clawing", now

    def gift_looked_after(self, k: Key, now: datetime) -> None:
        """A worker takes back what is there."""
        claim = self.claims[k]
        if claim.on_its_way:
            if not claim.revoked:
                claim.state, claim.revoked, claim.due = "cancelling", True, at(now)
            claim.gift_due = now + law.GIFT_AGAIN
            return
        claim.gift, claim.gift_due = "clawed", None
        if claim.state == "paid":
            claim.gift_debt = claim.amount
            self.debts[k[0]] += claim.amount
        elif claim.state != "returned":
            self.goes_back(claim, "taken_back")

    def looked_after(self, k: Key, now: datetime) -> None:
        """A worker does what is due of it."""
        claim = self.claims[k]
        if claim.state == "review":
            self.goes_back(claim, "not_approved")
        elif claim.on_its_way:
            self._asks(k, now)
        elif claim.state == "claimable" and now <= claim.until:
            claim.due = at(claim.until)
        elif claim.state == "claimable" and (kept := self._kept(claim, now)):
            claim.until = kept + law.LONGER
            claim.due = at(claim.until)
        elif claim.state == "claimable":
            self.goes_back(claim, "not_claimed")
        else:
            raise AssertionError(f"{k} is {claim.state}: there was nothing to do")

    def is_old(self, claim: Claim, now: datetime) -> bool:
        """Whether WeChat is soon to forget the attempt: it is offered no more."""
        return claim.tapped is not None and now >= claim.tapped + law.SURE

    @property
    def over(self) -> bool:
        """Whether nobody waits for anything any more."""
        return all(c.state in SETTLED and c.gift_due is None for c in self.claims.values())

    def _asks(self, k: Key, now: datetime) -> None:
        claim, n = self.claims[k], self.claims[k].n
        old = self.is_old(claim, now)
        if old:
            self.trouble.setdefault((*k, n), "transfer_slow")
        answer = self.bank.query((*k, n), now)
        if answer is None:
            self._waits(claim, now)
        elif answer.word == ABSENT:
            self._is_absent(k, now)
        elif answer.over:
            self.told(k, n, answer, now)
        elif claim.state == "cancelling":
            self._withdraws(k, answer, now)
        elif answer.word == "WAIT_USER_CONFIRM" and claim.asked is None:
            self._asks_for_page(k, now)
        elif answer.word in ("ACCEPTED", "PROCESSING"):
            self._offers_again(k, now)
        else:
            self._waits(claim, now)

    def _is_absent(self, k: Key, now: datetime) -> None:
        """No such bill: that counts only where no offer can be on its way and none will follow."""
        claim = self.claims[k]
        assert claim.intent is not None
        late = claim.intent > claim.until + law.GIVE_UP and not self._kept(claim, now)
        if claim.tapped is None or now >= claim.tapped + law.FORGOTTEN:
            self._waits(claim, now)
        elif not (late or claim.state == "cancelling" or self.is_old(claim, now)):
            self._offers_again(k, now)
        elif now < claim.intent + law.SURELY_ABSENT:
            claim.due = at(claim.intent + law.SURELY_ABSENT)
        else:
            self.trouble.pop((*k, claim.n), None)
            self._undone(claim, claim.n, None, now)

    def _withdraws(self, k: Key, answer: Answer, now: datetime) -> None:
        claim, n = self.claims[k], self.claims[k].n
        if answer.word != "CANCELING":
            said = self.bank.cancel((*k, n), now)
            if said is not None and said.word in OVER:
                self.told(k, n, said, now)
                return
        self._waits(claim, now)

    def _offers_again(self, k: Key, now: datetime) -> None:
        claim = self.claims[k]
        stopped = self._stopped(claim, now)
        if self.is_old(claim, now):
            self._waits(claim, now)
        elif stopped is not None:
            claim.due = Window(stopped, stopped + law.CROWD)
        else:
            claim.intent = now
            self._waits(claim, now)
            self._offers(k, now)

    def _asks_for_page(self, k: Key, now: datetime) -> None:
        """The money is there; only an offer tells what opens WeChat's page, and no pause is in its way."""
        claim = self.claims[k]
        claim.intent = now
        self._waits(claim, now)
        answer = self.bank.create((*k, claim.n), claim.amount, self.terms[claim.cid].scene, now)
        if answer is not None:
            self._answered(k, answer, now)

    def _offers(self, k: Key, now: datetime) -> None:
        """One offer; where the campaign's cash waited it is the one that is tried."""
        claim, n, pause = self.claims[k], self.claims[k].n, self.pauses.get(self.claims[k].cid)
        if pause is not None:
            pause.until = now + law.PAUSE
        answer = self.bank.create((*k, n), claim.amount, self.terms[claim.cid].scene, now)
        if answer is None:
            return
        if answer.word in law.ACCOUNT:
            self.pauses[claim.cid] = Pause(now + law.PAUSE, answer.word, pause.since if pause else now)
            return
        if answer.word == "INVALID_REQUEST":
            if self.trouble.get((*k, n), "transfer_slow") == "transfer_slow":
                self.trouble[*k, n] = "transfer_refused_invalid_request"
            if pause is not None:
                pause.until = now
            return
        self.pauses.pop(claim.cid, None)
        self._answered(k, answer, now)

    def _answered(self, k: Key, answer: Answer, now: datetime) -> None:
        """WeChat has it."""
        claim = self.claims[k]
        if answer.over:
            self.told(k, claim.n, answer, now)
        elif answer.word == "WAIT_USER_CONFIRM":
            claim.state, claim.asked = "waiting", claim.asked or now
            self._waits(claim, now)

    def _undone(self, claim: Claim, n: int, failed: str | None, now: datetime) -> None:
        """The attempt came to nothing: he may ask again if that is in time, and its own day and year have room."""
        day = claim.day or ""
        for taken in (self.day(claim.user, day), self.year(claim.user, day)):
            taken.times, taken.fen = taken.times - 1, taken.fen - claim.amount
        back = now <= claim.until or self._kept(claim, now) is not None
        claim.tapped, claim.intent, claim.asked, claim.day, claim.failed = None, None, None, None, failed
        if back:
            claim.state, claim.n, claim.due = "claimable", n, at(max(now, claim.until))
        else:
            self.goes_back(claim, "not_claimed")

    def _waits(self, claim: Claim, now: datetime) -> None:
        claim.due = Window(now + timedelta(milliseconds=1), now + law.LONGEST.get(claim.state, law.PAUSE))

    def _stopped(self, claim: Claim, now: datetime) -> datetime | None:
        """Until when nothing of the campaign's cash is offered or asked for; None where it is."""
        pause = self.pauses.get(claim.cid)
        if self.paused:
            return now + law.PAUSE
        return pause.until if pause is not None and pause.until > now else None

    def _kept(self, claim: Claim, now: datetime) -> datetime | None:
        """Until when nobody can ask for the campaign's cash; none of it ends then."""
        pause = self.pauses.get(claim.cid)
        if self.paused:
            return now + law.PAUSE
        return max(pause.until, now) if pause is not None and pause.until + law.LONGER > now else None

    def _rank(self, user: str, now: datetime) -> int:
        """What WeChat says of him, which is asked once a day."""
        asked = self.asked_ranks.get(user)
        if asked is None or now >= asked[0] + law.RANK_KEPT:
            asked = self.asked_ranks[user] = now, self.ranks.get(user, 0)
        return asked[1]
