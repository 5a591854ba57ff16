"""Codes in plain Python: what must come of every act by the protocol, with no storage and no races in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.cash.known import day_of
from tests.orders.model import Order
from tests.redpacket.worth import FREE, INVALID, Purses
from tests.voucher import known as law
from tests.voucher.known import Asked, Batch, Code, Span, Terms

Place = tuple[str, int]
"""A batch and a serial."""


@dataclass
class Model(Purses):
    """Everything that is known of a shop's codes."""

    terms: dict[str, Terms] = field(default_factory=dict)
    paused: set[str] = field(default_factory=set)
    batches: dict[str, Batch] = field(default_factory=dict)
    codes: dict[Place, Code] = field(default_factory=dict)
    guesses: dict[str, list[datetime]] = field(default_factory=dict)
    key: int = 0
    """The newest of the merchant's keys."""
    did: dict[str, object] = field(default_factory=dict)
    """What a request of the merchant's has done, by its key."""

    @property
    def orders(self) -> Mapping[str, Order]:
        return {}

    def of(self, bid: str) -> Terms:
        return self.terms[self.batches[bid].cid]

    def left(self, cid: str) -> int:
        """How many codes of a campaign hold nothing: they may be minted, or minted again."""
        mine = {bid: batch for bid, batch in self.batches.items() if batch.cid == cid}
        counted = [self.counts(bid) for bid in mine]
        return self.terms[cid].total - sum(each["left"] + each["redeemed"] for each in counted)

    def counts(self, bid: str) -> Counter[str]:
        """Where the codes of a batch are."""
        batch = self.batches[bid]
        return Counter(self._where(batch, self.codes.get((bid, serial)), serial) for serial in range(batch.size))

    @staticmethod
    def _where(batch: Batch, code: Code | None, serial: int) -> str:
        if code is not None and code.state != "restored":
            return code.state
        if any(span.closed and span.first <= serial <= span.last for span in batch.ranges):
            return "revoked"
        return batch.state if batch.drained else "left"

    def refuses_mint(self, cid: str, size: int) -> str | None:
        return "codes_short" if self.left(cid) < size else None

    def minted(
        self, bid: str, cid: str, size: int, letters: int, since: datetime, until: datetime, now: datetime
    ) -> None:
        """A batch was minted; stored codes are yet to be written."""
        batch = Batch(cid=cid, size=size, letters=letters, key=self.key, since=since, until=until, due=until)
        if batch.stored:
            batch.state, batch.made, batch.due = "making", 0, now
        self.batches[bid] = batch

    def locked(self, user: str, now: datetime) -> bool:
        """Whether somebody has guessed wrong too often."""
        at = self.guesses.get(user, [])
        today = sum(day_of(each) == day_of(now) for each in at)
        recent = sum(each > now - law.FEW_WITHIN for each in at)
        return today >= law.MANY_GUESSES or recent >= law.FEW_GUESSES

    def guessed(self, user: str, now: datetime) -> str:
        """Somebody typed what is no code; what he is told."""
        if self.locked(user, now):
            return "code_locked"
        at = [each for each in self.guesses.get(user, []) if self.counted(each, now)]
        second = now.replace(microsecond=0)
        self.guesses[user] = at if len(at) >= law.MANY_GUESSES else [*at, second]
        return "code_locked" if self.locked(user, now) else "code_invalid"

    @staticmethod
    def counted(at: datetime, now: datetime) -> bool:
        """Whether a wrong guess still counts."""
        return day_of(at) == day_of(now) or at > now - law.FEW_WITHIN

    def is_guess(self, bid: str, serial: int) -> bool:
        """Whether the code is none yet: those that are stored are written one after the other."""
        made = self.batches[bid].made
        return made is not None and serial >= made

    def refuses(self, user: str, place: Place, key: int, now: datetime) -> set[str]:
        """Every code with which redeeming is refused now by one who knows all; none where it is not.

        Nothing is told of a code that is not good, and nothing but that to who is locked out.
        """
        batch, code = self.batches[place[0]], self.codes.get(place)
        if self.locked(user, now):
            return {"code_locked"}
        if code is not None and code.user == user:
            return {"code_already_yours"}
        good = (
            batch.state == "live"
            and not batch.in_range(place[1])
            and (code is None or code.state == "restored")
            and (batch.stored or key == batch.key)
            and now < batch.until
        )
        if not good:
            return {"code_invalid"}
        most = self.of(place[0]).per_user
        refused = {
            "code_not_yet": now < batch.since,
            "campaign_not_running": batch.cid in self.paused,
            "code_limit": most is not None and self.redeemed(user, batch.cid) >= most,
        }
        return {code for code, applies in refused.items() if applies}

    def redeemed(self, user: str, cid: str) -> int:
        """How many codes of a campaign somebody has redeemed."""
        return sum(code.user == user for (bid, _), code in self.codes.items() if self.batches[bid].cid == cid)

    def redeems(self, user: str, place: Place, key: str, now: datetime) -> None:
        """A code is redeemed by a request, and brings what it brings."""
        code = self.codes.setdefault(place, Code(state="restored"))
        code.state, code.asked[key] = "redeemed", Asked(user, now)
        terms = self.of(place[0])
        if terms.form == "terms":
            self.coupons[user, self.name(place)] = FREE
        else:
            self.comes(self.batches[place[0]].cid, user, terms.form, terms.amount, self.name(place))

    def name(self, place: Place) -> str:
        """What a redemption is called: one after an undo is another."""
        code = self.codes.get(place)
        return f"code-{place[0]}-{place[1]}-{int(code is not None and code.undone)}"

    def refuses_undo(self, place: Place, now: datetime) -> str | None:
        """The code with which undoing is refused now, if it is: it is done once, in time, and wholly."""
        code = self.codes.get(place)
        if code is None:
            return "code_not_undone"
        if code.undone and code.state != "redeemed":
            return None
        late = code.asked and now > code.last.at + timedelta(minutes=self.of(place[0]).undo_minutes)
        if code.state != "redeemed" or code.undone or late or not self._there(place):
            return "code_not_undone"
        return None

    def _there(self, place: Place) -> bool:
        """Whether all that a redemption brought is there."""
        terms, user = self.of(place[0]), self.codes[place].user or ""
        if terms.form in ("coupon", "terms"):
            return self.coupons[user, self.name(place)] == FREE
        return self.account(user, terms.currency).balance >= terms.amount

    def undone(self, place: Place, now: datetime) -> None:
        """A redemption is undone: the code is free, unless its batch or range has ended; again is nothing more."""
        code, batch, terms = self.codes[place], self.batches[place[0]], self.of(place[0])
        if code.state != "redeemed":
            return
        if terms.form == "terms":
            self.coupons[code.last.user, self.name(place)] = INVALID
        else:
            self.goes_back(batch.cid, code.last.user, terms.form, terms.amount, self.name(place))
        code.last.undone, code.undone = now, True
        code.state = "restored"
        if batch.ended:
            code.state = batch.state
        if batch.in_range(place[1]):
            code.state = "revoked"

    def refuses_end(self, bid: str) -> str | None:
        """The code with which whatever ends codes of a batch is refused, if it is."""
        return None if self.batches[bid].state == "live" else "batch_ended"

    def refuses_range(self, bid: str, first: int, last: int) -> str | None:
        spans = self.batches[bid].ranges
        apart = all(last < span.first or span.last < first for span in spans)
        return self.refuses_end(bid) or (None if apart and len(spans) < 20 else "range_unfit")

    def range_revoked(self, bid: str, first: int, last: int, now: datetime) -> None:
        self.batches[bid].ranges.append(Span(first, last))
        self.batches[bid].due = now

    def refuses_code(self, place: Place) -> str | None:
        code = self.codes.get(place)
        free = code is None or code.state == "restored"
        return self.refuses_end(place[0]) or (
            None if free and not self.batches[place[0]].in_range(place[1]) else "code_not_free"
        )

    def code_revoked(self, place: Place) -> None:
        self.codes.setdefault(place, Code(state="restored")).state = "revoked"

    def refuses_rekey(self, bid: str) -> str | None:
        if refused := self.refuses_end(bid):
            return refused
        batch = self.batches[bid]
        return "batch_stored" if batch.stored else None if batch.key < self.key else "batch_key_same"

    def ends(self, bid: str, how: str, now: datetime) -> None:
        self.batches[bid].state, self.batches[bid].due = how, now

    def batch_due(self, bid: str, now: datetime) -> None:
        """A worker does the next thing that a batch is due for."""
        batch = self.batches[bid]
        if batch.state == "making":
            self._makes(batch, now)
        elif span := next((each for each in batch.ranges if not each.closed), None):
            span.closed, batch.due = True, now
        elif batch.state == "live" and now >= batch.until:
            self.ends(bid, "expired", now)
        elif batch.state == "live":
            batch.due = batch.until
        else:
            batch.drained, batch.due = True, None

    @staticmethod
    def _makes(batch: Batch, now: datetime) -> None:
        made = min(batch.size, (batch.made or 0) + law.ROWS)
        if made < batch.size:
            batch.made, batch.due = made, now
        else:
            batch.state, batch.made, batch.due = "live", None, batch.until
