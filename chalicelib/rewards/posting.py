"""Postings: value that moves for no grant, written once under a reference that names its cause, with all legs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from chalicelib.campaigns.gifts import Currency
from chalicelib.core import clock
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import Found
from chalicelib.core.transaction import Transaction
from chalicelib.rewards import balances, give
from chalicelib.rewards.items import Leg, Posting, posting_key, statement_entry
from chalicelib.rewards.states import Why


def unbalanced(legs: Sequence[Leg]) -> dict[Currency, int]:
    """By how much legs do not sum to nothing, by currency; empty where they do."""
    total = Counter[Currency]()
    for leg in legs:
        total[leg.currency] += leg.amount
    return {currency: amount for currency, amount in total.items() if amount}


def add_posting(
    tx: Transaction,
    mid: MerchantId,
    uid: str,
    ref: str,
    why: Why,
    subject: str,
    legs: list[Leg],
    *,
    cid: str | None = None,
    version: int | None = None,
) -> None:
    """Write a user's posting, once for each ``ref``; whoever adds it changes the account in the same transaction.

    Raises ValueError for legs that do not sum to nothing, or that move nothing: a mistake of ours.
    """
    if not legs or unbalanced(legs):
        raise ValueError(f"the legs of {ref} do not balance")
    now = clock.now()
    posting = Posting(
        *posting_key(mid, uid, ref), why=why, subject=subject, cid=cid, version=version, legs=legs, posted_at=now
    )
    posting.gsi1pk, posting.gsi1sk = statement_entry(mid, uid, now, ref)
    tx.put("posting", posting)


def add_points_spent(
    tx: Transaction,
    mid: MerchantId,
    uid: str,
    points: int,
    ref: str,
    subject: str,
    cid: str,
    version: int,
    found: Found,
) -> None:
    """So many points of a user pay for something of a campaign, which is named by ``ref`` and so happens once.

    He has them by what was ``found`` (`balances.keys`, `balances.there`), which the write insists on.
    """
    balances.add_taken(tx, "points", mid, uid, Currency.POINTS, points, found)
    legs = give.moved(give.user(uid), give.campaign(cid), Currency.POINTS, points)
    add_posting(tx, mid, uid, ref, Why.POINTS_SPENT, subject, legs, cid=cid, version=version)
