"""Where the money of claims is, in plain Python: budgets, what counts on limits, and what the ledger moved."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from tests.cash.known import Claim, Limits, Taken, Terms

Key = tuple[str, str]
"""A claim's user and id."""


@dataclass
class Books:
    """What a merchant published and changed, and who has what of it."""

    terms: dict[str, Terms]
    limits: Limits
    claims: dict[Key, Claim] = field(default_factory=dict)
    days: dict[Key, Taken] = field(default_factory=dict)
    years: dict[Key, Taken] = field(default_factory=dict)
    """By user and day or year."""
    debts: Counter[str] = field(default_factory=Counter)
    moved: Counter[str] = field(default_factory=Counter)
    """What the ledger's accounts have got, less what they gave."""

    def left(self, cid: str) -> int:
        """What of a campaign's budget nobody has or had."""
        taken = sum(claim.amount for claim in self.claims.values() if claim.cid == cid and claim.state != "returned")
        return self.terms[cid].budget - taken

    def day(self, user: str, day: str) -> Taken:
        return self.days.setdefault((user, day), Taken())

    def year(self, user: str, day: str) -> Taken:
        return self.years.setdefault((user, day[:4]), Taken())

    def goes_back(self, claim: Claim, note: str) -> None:
        """It is its campaign's again."""
        claim.state, claim.note, claim.due = "returned", note, None
        self.moves(f"cash:{claim.user}", f"campaign:{claim.cid}", claim.amount)

    def moves(self, source: str, target: str, amount: int) -> None:
        self.moved[source] -= amount
        self.moved[target] += amount
