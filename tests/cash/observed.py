"""Cash as it is stored, as WeChat has it, as its user is shown it, and as the model has it, in the same words."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime
from typing import Any

from chalicelib.campaigns.gifts import ESCROWS, Currency
from chalicelib.campaigns.items import StockShard
from chalicelib.cash.items import CashDay, CashPause, CashYear, Transfer
from chalicelib.cash.numbers import parse
from chalicelib.cash.service import Tapped
from chalicelib.orders.stuck import StuckMoney
from chalicelib.rewards.cash import Cash, CashTally
from chalicelib.rewards.items import Account, Grant, Posted
from tests.cash.books import Key
from tests.cash.known import OPEN, Claim
from tests.cash.model import Model
from tests.orders.model import Stored
from tests.town import Town

PLACES = ("claimable", "flight", "paid", "returned")
WHERE = {"review": "claimable", "sending": "flight", "waiting": "flight", "cancelling": "flight"}
"""Where a tally counts a claim that it does not count under its own state."""


class Observed(Stored):
    """What is stored and what WeChat has, in the model's words."""

    def __init__(self, town: Town) -> None:
        super().__init__(town)
        self.cash = {(str(one.uid), one.cash_id): one for one in self.items if isinstance(one, Cash)}
        self._account = town.sim.world.operations.get(town.merchant.mchid)

    def told(self) -> dict[str, Any]:
        account = self._account
        return {
            "claims": {k: _stored(one) for k, one in self.cash.items()},
            "tallies": self._tallies(),
            "budgets": self._budgets(),
            "operations": (account.available, account.locked, account.paid) if account else (0, 0, 0),
            "days": {
                (_owner(each.pk), each.sk.removeprefix("CDY#")): (each.times, each.fen)
                for each in self._of(CashDay)
                if each.times or each.fen
            },
            "years": {
                (str(each.uid), each.sk.removeprefix("CYR#")): (
                    *(each.times, each.fen),
                    *(each.paid or 0, each.paid_fen or 0),
                )
                for each in self._of(CashYear)
                if each.times or each.fen
            },
            "pauses": {str(each.cid): (each.until, each.why, each.since) for each in self._of(CashPause)},
            "ended": {
                parse(each.number): (each.state and each.state.value, each.reason, each.amount)
                for each in self._of(Transfer)
            },
            "stuck": {(parse(each.number), each.reason) for each in self._of(StuckMoney)},
            "gifts": {
                (str(each.uid), each.ref): (each.state.value, each.due, each.debt or 0) for each in self._of(Grant)
            },
            "debts": {str(each.uid): each.debt for each in self._of(Account) if each.debt},
            "moved": self._moved(),
        }

    def _of(self, kind: type[Any]) -> list[Any]:
        return [item for item in self.items if isinstance(item, kind)]

    def _tallies(self) -> dict[str, dict[str, int]]:
        counted: dict[str, Counter[str]] = defaultdict(Counter)
        for tally in self._of(CashTally):
            for place in PLACES:
                counted[_owner(tally.pk)][place] += getattr(tally, place) or 0
        return {cid: _some(places) for cid, places in counted.items()}

    def _budgets(self) -> dict[str, int]:
        left = Counter[str]()
        for shard in self._of(StockShard):
            if shard.budget == ESCROWS[Currency.CASH]:
                left[shard.cid] += shard.left
        return dict(left)

    def _moved(self) -> dict[str, int]:
        moved = Counter[str]()
        for item in self._of(Posted):
            for leg in item.all_legs:
                moved[leg.account] += leg.amount
        return _some(moved)


def told(model: Model) -> dict[str, Any]:
    places: dict[str, Counter[str]] = defaultdict(Counter)
    for claim in model.claims.values():
        places[claim.cid][WHERE.get(claim.state, claim.state)] += claim.amount
    bank = model.bank
    return {
        "claims": {k: _known(claim) for k, claim in model.claims.items()},
        "tallies": {cid: dict(counted) for cid, counted in places.items()},
        "budgets": {cid: model.left(cid) for cid in model.terms},
        "operations": (bank.available, bank.locked, bank.paid),
        "days": {k: (taken.times, taken.fen) for k, taken in model.days.items() if taken.times or taken.fen},
        "years": {
            k: (taken.times, taken.fen, taken.paid, taken.paid_fen)
            for k, taken in model.years.items()
            if taken.times or taken.fen
        },
        "pauses": {cid: (pause.until, pause.why, pause.since) for cid, pause in model.pauses.items()},
        "ended": {
            attempt: (said.word, said.reason, model.claims[attempt[:2]].amount) for attempt, said in model.ended.items()
        },
        "stuck": {*model.trouble.items(), *model.said},
        "gifts": {
            (claim.user, claim.ref): (claim.gift, claim.gift_due, claim.gift_debt) for claim in model.claims.values()
        },
        "debts": +model.debts,
        "moved": _some(model.moved),
    }


def looked_after(seen: Observed, model: Model) -> None:
    """Insist that somebody looks after each claim when the model says, and remember when that is."""
    for k, claim in model.claims.items():
        due = seen.cash[k].due
        assert (due is None) == (claim.state not in OPEN), (k, claim.state, due)
        if due is not None:
            assert claim.due is not None
            assert claim.due.first <= due <= claim.due.last, (k, claim, due)
            claim.due = claim.due._replace(first=due, last=due)


def shown(model: Model, k: Key, now: datetime) -> tuple[Any, ...]:
    """What its user is told of a claim, the arguments that open WeChat's page among it."""
    claim = model.claims[k]
    return claim.state, claim.n, claim.amount, claim.since, claim.until, claim.failed, model.confirm_open(k, now)


def was_shown(town: Town, tapped: Tapped, number: str) -> tuple[Any, ...]:
    """What he was told, in the words of `shown`."""
    one = tapped.cash
    if tapped.confirm is not None:
        bill = town.sim.world.transfers[town.merchant.mchid, number]
        opens = {"mchId": town.merchant.mchid, "appId": town.merchant.appid, "package": bill.package}
        assert tapped.confirm == opens, (tapped.confirm, opens)
    return one.state.value, one.n, one.amount, one.since, one.until, one.failed, tapped.confirm is not None


def _stored(one: Cash) -> tuple[Any, ...]:
    return (
        *(one.state.value, one.n, one.amount, one.since, one.until),
        *(one.tapped_at, one.intent_at, one.asked_at, one.day),
        *(bool(one.cleared), bool(one.revoked), one.failed, one.note if one.state.value == "returned" else None),
        *(one.body is not None, one.package is not None, sum(part.units for part in one.drawn)),
    )


def _known(claim: Claim) -> tuple[Any, ...]:
    return (
        *(claim.state, claim.n, claim.amount, claim.since, claim.until),
        *(claim.tapped, claim.intent, claim.asked, claim.day),
        *(claim.cleared, claim.revoked, claim.failed, claim.note),
        *(claim.on_its_way, claim.on_its_way and claim.asked is not None),
        0 if claim.state == "returned" else claim.amount,
    )


def _owner(pk: str) -> str:
    return pk.rsplit("#", 1)[1]


def _some(counted: Counter[str]) -> dict[str, int]:
    return {key: number for key, number in counted.items() if number}
