"""What people of a shop have and owe, in plain Python."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

FREE, LOCKED, USED, INVALID = "free", "locked", "used", "invalid"


@dataclass
class Account:
    """What somebody has of a currency, and what he was to give back and had not."""

    balance: int = 0
    debt: int = 0


@dataclass(kw_only=True)
class Purses:
    """Everybody's accounts and coupons, and all that was moved there and from there."""

    accounts: dict[tuple[str, str], Account] = field(default_factory=dict)
    """By user and currency."""
    coupons: dict[tuple[str, str], str] = field(default_factory=dict)
    """What became of each, by user and what it was given for."""
    moved: Counter[tuple[str, str]] = field(default_factory=Counter)
    """What came to whom, less what left him: by account and currency."""

    def account(self, user: str, currency: str) -> Account:
        """What the user has."""
        return self.accounts.setdefault((user, currency), Account())

    def comes(self, cid: str, user: str, form: str, amount: int, what_for: str) -> None:
        """A campaign gives somebody so much."""
        holder, currency = "user", "points" if form == "points" else "fen"
        if form == "coupon":
            self.coupons[user, what_for], holder = FREE, "coupons"
        else:
            self.account(user, currency).balance += amount
        self._moves(f"campaign:{cid}", f"{holder}:{user}", currency, amount)

    def goes_back(self, cid: str, user: str, form: str, amount: int, what_for: str) -> int:
        """What of it is there goes back to the campaign, no more and no other coupon; how much that is."""
        holder, currency = "user", "points" if form == "points" else "fen"
        if form == "coupon":
            unused, holder = self.coupons[user, what_for] == FREE, "coupons"
            self.coupons[user, what_for] = INVALID if unused else self.coupons[user, what_for]
            back = amount if unused else 0
        else:
            back = min(amount, self.account(user, currency).balance)
            self.account(user, currency).balance -= back
        self._moves(f"{holder}:{user}", f"campaign:{cid}", currency, back)
        return back

    def spent(self, user: str, currency: str, amount: int, on: str) -> None:
        """Somebody pays with what he has."""
        self.account(user, currency).balance -= amount
        self._moves(f"user:{user}", on, currency, amount)

    def _moves(self, source: str, target: str, currency: str, amount: int) -> None:
        self.moved[source, currency] -= amount
        self.moved[target, currency] += amount
