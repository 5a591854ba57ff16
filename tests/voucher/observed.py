"""Codes as they are stored, and as the model has them, in the same words."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import Any

from chalicelib.campaigns.items import StockShard
from chalicelib.core import clock
from chalicelib.rewards.give import coupon_of
from chalicelib.rewards.items import LOCKED, Account, Coupon, Posted
from chalicelib.voucher import guesses
from chalicelib.voucher.items import Batch, Guesses, Numbers, Part, Redeemed, Used
from tests.orders.model import Stored
from tests.redpacket import worth
from tests.voucher.model import Model

COUNTS = ("redeemed", "revoked", "expired", "left")


class Observed(Stored):
    """What is stored, in the model's words."""

    def told(self) -> dict[str, Any]:
        shards = [shard for shard in self._of(StockShard) if shard.pk.split("#")[3] == "~codes"]
        accounts = [account for account in self._of(Account) if account.balance or account.debt]
        return {
            "key": max([numbers.key_version or 0 for numbers in self._of(Numbers)], default=0),
            "left": {str(shard.cid): shard.left for shard in shards},
            "batches": {
                str(batch.bid): (
                    *(batch.cid, batch.size, batch.letters, batch.key_version, batch.status.value, batch.made),
                    *(batch.since, batch.until, batch.due, [(one.first, one.last, one.closed) for one in batch.ranges]),
                )
                for batch in self._of(Batch)
            },
            "counts": self._counts(),
            "codes": {
                (str(code.bid), code.serial): (
                    *(code.state.value, code.uid, code.at, bool(code.undone)),
                    [(one.uid, one.at, one.undone_at) for one in code.asked or []],
                )
                for code in self._of(Used)
            },
            "limits": {
                (limit.pk.split("#", 1)[1], limit.sk.split("#", 1)[1]): limit.n
                for limit in self._of(Redeemed)
                if limit.n
            },
            "guesses": {
                each.pk.split("#", 1)[1]: _counting(
                    [datetime.fromtimestamp(second, UTC) for second in guesses.counting(each.at)]
                )
                for each in self._of(Guesses)
            },
            "accounts": {(str(one.uid), one.currency.value): (one.balance, one.debt or 0) for one in accounts},
            "coupons": {(str(coupon.uid), coupon.coupon_id): _piece(coupon) for coupon in self._of(Coupon)},
            "moved": self._moved(),
        }

    def _of(self, kind: type[Any]) -> list[Any]:
        return [item for item in self.items if isinstance(item, kind)]

    def _counts(self) -> dict[str, Counter[str]]:
        found: dict[str, Counter[str]] = {}
        for part in self._of(Part):
            counted = Counter({name: getattr(part, name) for name in COUNTS})
            found[part.bid] = found.get(part.bid, Counter()) + counted
        return found

    def _moved(self) -> dict[tuple[str, str], int]:
        moved = Counter[tuple[str, str]]()
        for item in self._of(Posted):
            for leg in item.all_legs:
                moved[leg.account, leg.currency.value] += leg.amount
        return _some(moved)


def told(model: Model) -> dict[str, Any]:
    """What the model has."""
    users = {code.user for code in model.codes.values() if code.user is not None}
    limits = {
        (user, cid): model.redeemed(user, cid)
        for user in users
        for cid, terms in model.terms.items()
        if terms.per_user is not None
    }
    return {
        "key": model.key,
        "left": {cid: model.left(cid) for cid in model.terms},
        "batches": {
            bid: (
                *(batch.cid, batch.size, batch.letters, batch.key, batch.state, batch.made),
                *(batch.since, batch.until, batch.due, [(one.first, one.last, one.closed) for one in batch.ranges]),
            )
            for bid, batch in model.batches.items()
        },
        "counts": {bid: model.counts(bid) for bid in model.batches},
        "codes": {
            place: (
                *(code.state, code.user, code.last.at if code.user is not None else None, code.undone),
                [(one.user, one.at, one.undone) for one in code.asked.values()],
            )
            for place, code in model.codes.items()
        },
        "limits": {key: n for key, n in limits.items() if n},
        "guesses": {user: _counting(at) for user, at in model.guesses.items()},
        "accounts": {k: (a.balance, a.debt) for k, a in model.accounts.items() if a.balance or a.debt},
        "coupons": {(user, coupon_of(given)): state for (user, given), state in model.coupons.items()},
        "moved": _some(model.moved),
    }


def _counting(at: list[datetime]) -> list[datetime]:
    """Those wrong guesses that still count."""
    return [each for each in at if Model.counted(each, clock.now())]


def _piece(coupon: Coupon) -> str:
    if (taken := coupon.taken(0)) is not None:
        return worth.LOCKED if taken.startswith(LOCKED) else worth.USED
    return worth.INVALID if coupon.invalid_at else worth.FREE


def _some(counted: Counter[tuple[str, str]]) -> dict[tuple[str, str], int]:
    return {key: number for key, number in counted.items() if number}
