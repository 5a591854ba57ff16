"""Rebuilding a user's balances from everything that was ever moved, to see that they are what they should be.

What must balance. All legs of ``user:<id>`` in a currency sum to what is on his account, what orders hold of it too: a
hold moves nothing. All legs of ``coupons:<id>`` sum to what his given coupons take off, those taken back unused apart.
That a coupon was used, expired or was declared invalid stands on the coupon alone and moves no account, and one that he
claimed himself was given by nobody: it costs its campaign a unit of stock, and him points where it says so. All legs of
``cash:<id>`` sum to the cash that was neither paid to him nor returned.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import msgspec

from chalicelib.accounts.items import user_index
from chalicelib.campaigns.gifts import Currency
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import query, read_all
from chalicelib.core.table import Item, class_of, table
from chalicelib.rewards import cash, give
from chalicelib.rewards.cash import Cash
from chalicelib.rewards.items import ENTRIES, Account, Coupon
from chalicelib.rewards.plugged import LINES
from chalicelib.rewards.statement import accounts
from chalicelib.rewards.states import CASH_OPEN, OF_TEMPLATE, TAKEN_BACK

TRIES = 3
"""How often a user's books are read where his accounts change meanwhile."""


class Sum(msgspec.Struct, frozen=True, kw_only=True):
    """What the legs of a user come to in one account, beside what is there."""

    account: str
    """fen | points | coupons | cash"""
    legs: int
    there: int

    @property
    def differs(self) -> int:
        """By how much more is there than was moved there."""
        return self.there - self.legs


class Rebuilt(msgspec.Struct, frozen=True, kw_only=True):
    """A user's books, rebuilt."""

    sums: list[Sum]
    steady: bool
    """Whether his accounts stood still meanwhile; where they did not, a difference may be none."""


def rebuild(mid: MerchantId, uid: str) -> Rebuilt:
    """Sum everything that a user was ever moved, and set it beside what is there; nothing is changed."""
    before = _balances(mid, uid)
    for _ in range(TRIES):
        sums = _sums(mid, uid, before)
        after = _balances(mid, uid)
        if after == before:
            return Rebuilt(sums=sums, steady=True)
        before = after
    return Rebuilt(sums=sums, steady=False)


def worth(coupon: Coupon) -> int:
    """What a coupon stands for among the legs: nothing, where nobody gave it or it came back."""
    if coupon.why in OF_TEMPLATE or coupon.invalid_why == TAKEN_BACK:
        return 0
    return coupon.terms.off.most_fen * len(coupon.windows)


def on(account: Account) -> int:
    """What is on an account, what orders hold of it too."""
    return account.balance + (account.held or 0)


def _balances(mid: MerchantId, uid: str) -> dict[Currency, int]:
    return {currency: on(account) for currency, account in accounts(mid, uid).items()}


def _sums(mid: MerchantId, uid: str, balances: dict[Currency, int]) -> list[Sum]:
    legs, coupons, open_cash = Counter[tuple[str, Currency]](), 0, 0
    for item in _moved(mid, uid):
        for leg in LINES[type(item)].legs(item):
            legs[leg.account, leg.currency] += leg.amount
        coupons += worth(item) if isinstance(item, Coupon) else 0
        open_cash += item.amount if isinstance(item, Cash) and item.state in CASH_OPEN else 0
    own = [
        Sum(account=currency.value, legs=legs[give.user(uid), currency], there=balances.get(currency, 0))
        for currency in (Currency.FEN, Currency.POINTS)
    ]
    owed = Sum(account=Currency.CASH.value, legs=legs[cash.account(uid), Currency.CASH], there=open_cash)
    return [*own, Sum(account="coupons", legs=legs[give.coupons(uid), Currency.FEN], there=coupons), owed]


def _moved(mid: MerchantId, uid: str) -> Iterator[Item]:
    """Everything that may have moved value of his: what stands with him by strong reads, the rest by his statement."""
    letter = "U"
    for kind in LINES:
        if kind.letter == letter:
            yield from _all_of(mid, uid, kind)
    if any(kind.letter != letter for kind in LINES):
        yield from _elsewhere(mid, uid, letter)


def _all_of(mid: MerchantId, uid: str, kind: type[Item]) -> Iterator[Item]:
    after = None
    while True:
        page = query(table(mid).pk(kind.letter, uid), begins=kind.prefix, limit=100, after=after)
        yield from page.items
        if (after := page.after) is None:
            return


def _elsewhere(mid: MerchantId, uid: str, letter: str) -> Iterator[Item]:
    after = None
    while True:
        page = query(user_index(mid, uid), index="gsi1", begins=ENTRIES, limit=100, after=after)
        yield from read_all(key for key in page.keys if class_of(key).letter != letter)
        if (after := page.after) is None:
            return
