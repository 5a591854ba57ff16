"""WeChat's transfers in plain Python: what it answers to whom, what comes of each with time, what the account has."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

CONFIRM_TIME = timedelta(hours=24)
WITHDRAWAL = timedelta(seconds=2)
KNOWN_FOR = timedelta(days=30)
OVER = ("SUCCESS", "FAIL", "CANCELLED")
ABSENT = "NOT_FOUND"
NEVER_ARRIVES = ("unreachable", "busy", "quota", "5xx")
ANSWER_LOST = ("lost", "slow", "garbled", "bad_signature", "unsigned", "stale_answer", "5xx after")
OUTAGES = (*NEVER_ARRIVES, *ANSWER_LOST)
FAILURES = ("ACCOUNT_FROZEN", "DAY_RECEIVED_COUNT_EXCEED", "REAL_NAME_CHECK_FAIL", "PAYEE_ACCOUNT_ABNORMAL")


Attempt = tuple[str, str, int]
"""A user, the id of his cash, and which attempt at it: what a transfer's number says."""


class Answer(NamedTuple):
    """What WeChat says: a state, or a refusal's code."""

    word: str
    reason: str | None = None

    @property
    def over(self) -> bool:
        return self.word in OVER


@dataclass
class Fault:
    """What goes wrong with calls of an endpoint: the next one, or all until it is mended."""

    endpoint: str
    kind: str
    seconds: float = 10.0
    lasts: bool = False

    @property
    def time(self) -> timedelta:
        return timedelta(seconds=self.seconds)


@dataclass
class Bill:
    user: str
    amount: int
    created: datetime
    state: str = ""
    reason: str | None = None
    goes_on: datetime | None = None
    becomes: str = ""
    why: str | None = None
    package_until: datetime | None = None
    lag: timedelta = timedelta(0)
    locked: bool = False

    @property
    def answer(self) -> Answer:
        return Answer(self.state, self.reason)


@dataclass
class Bank:
    """WeChat, and a merchant's operations account there."""

    available: int = 0
    locked: int = 0
    paid: int = 0
    bills: dict[Attempt, Bill] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    scenes: tuple[str, ...] = ("1000", "1005")

    def goes_on(self, now: datetime) -> None:
        """What time has brought, the earliest first."""
        while due := [(bill.goes_on, bill) for bill in self.bills.values() if bill.goes_on and bill.goes_on <= now]:
            at, bill = min(due, key=lambda each: each[0])
            if bill.becomes == "LOCK":
                self._lock(bill, at)
            else:
                self._enter(bill, bill.becomes, at, bill.why)

    def create(self, number: Attempt, amount: int, scene: str, now: datetime) -> Answer | None:
        """A transfer is offered, for the first time or again; None where nobody hears the answer."""
        fault = self._meets("transfer")
        if fault.kind in NEVER_ARRIVES:
            return None
        answer = self._created(number, amount, scene, now, fault)
        return None if fault.kind in ANSWER_LOST else answer

    def query(self, number: Attempt, now: datetime) -> Answer | None:
        """What became of it is asked."""
        fault = self._meets("transfer_query")
        return None if fault.kind in OUTAGES else self._known(number, now)

    def cancel(self, number: Attempt, now: datetime) -> Answer | None:
        """It is withdrawn, if that is still possible."""
        fault = self._meets("transfer_cancel")
        if fault.kind in NEVER_ARRIVES:
            return None
        answer = self._known(number, now)
        if answer.word in ("ACCEPTED", "PROCESSING", "WAIT_USER_CONFIRM"):
            answer = self._withdrawn(self.bills[number], fault, now)
        elif answer.word not in ("CANCELING", "CANCELLED", ABSENT):
            answer = Answer("INVALID_REQUEST")
        return None if fault.kind in ANSWER_LOST else answer

    def confirms(self, number: Attempt, user: str, now: datetime, reason: str | None, seconds: float) -> bool:
        """A user says yes on WeChat's page, if it lets him; how that ends may be known only later."""
        bill = self.bills[number]
        if bill.state not in ("WAIT_USER_CONFIRM", "TRANSFERING") or user != bill.user:
            return False
        if bill.state == "WAIT_USER_CONFIRM" and bill.package_until and now >= bill.package_until:
            return False
        outcome = "FAIL" if reason else "SUCCESS"
        if seconds:
            self._enter(bill, "TRANSFERING", now)
            bill.goes_on, bill.becomes, bill.why = now + timedelta(seconds=seconds), outcome, reason
        else:
            self._enter(bill, outcome, now, reason)
        return True

    def fails(self, number: Attempt, reason: str, now: datetime) -> bool:
        """WeChat ends it, whatever it is doing."""
        bill = self.bills[number]
        if bill.state in OVER:
            return False
        self._enter(bill, "FAIL", now, reason)
        return True

    def _meets(self, endpoint: str) -> Fault:
        for fault in self.faults:
            if fault.endpoint == endpoint:
                if not fault.lasts:
                    self.faults.remove(fault)
                return fault
        return Fault(endpoint, "")

    def _known(self, number: Attempt, now: datetime) -> Answer:
        bill = self.bills.get(number)
        return Answer(ABSENT) if bill is None or now > bill.created + KNOWN_FOR else bill.answer

    def _created(self, number: Attempt, amount: int, scene: str, now: datetime, fault: Fault) -> Answer:
        if number in self.bills:
            bill = self.bills[number]
            if bill.state == "PROCESSING" and bill.goes_on is None:
                self._lock(bill, now)
            return bill.answer
        if fault.kind == "no_auth":
            return Answer("NO_AUTH")
        if scene not in self.scenes:
            return Answer("INVALID_REQUEST")
        short = self.available < amount and fault.kind not in ("accepted", "processing", "risk")
        if short or fault.kind == "not_enough":
            return Answer("NOT_ENOUGH")
        bill = self.bills[number] = Bill(number[0], amount, now)
        if fault.kind in ("accepted", "processing"):
            bill.state, bill.goes_on, bill.becomes = fault.kind.upper(), now + fault.time, "LOCK"
        elif fault.kind == "risk":
            self._enter(bill, "FAIL", now, "TRANSFER_RISK")
        else:
            bill.lag = fault.time if fault.kind == "late_close" else timedelta(0)
            self._lock(bill, now)
        return bill.answer

    def _withdrawn(self, bill: Bill, fault: Fault, now: datetime) -> Answer:
        overtaken = fault.kind == "overtaken" and bill.locked
        outcome, why = ("SUCCESS", None) if overtaken else ("CANCELLED", "MCH_CANCEL")
        if fault.kind == "cancelled":
            self._enter(bill, outcome, now, why)
        else:
            self._enter(bill, "CANCELING", now)
            bill.goes_on = now + (fault.time if fault.kind == "canceling" else WITHDRAWAL)
            bill.becomes, bill.why = outcome, why
        return Answer(bill.state)

    def _lock(self, bill: Bill, at: datetime) -> None:
        if self.available < bill.amount:
            self._enter(bill, "PROCESSING", at)
            return
        bill.locked = True
        self.available -= bill.amount
        self.locked += bill.amount
        self._enter(bill, "WAIT_USER_CONFIRM", at)

    def _enter(self, bill: Bill, state: str, at: datetime, reason: str | None = None) -> None:
        bill.state, bill.reason, bill.goes_on = state, reason, None
        if state == "WAIT_USER_CONFIRM":
            bill.package_until = at + CONFIRM_TIME
            bill.goes_on, bill.becomes, bill.why = bill.package_until + bill.lag, "FAIL", "OVERDUE_CLOSE"
        if state in OVER and bill.locked:
            self.locked -= bill.amount
            if state == "SUCCESS":
                self.paid += bill.amount
            else:
                self.available += bill.amount
