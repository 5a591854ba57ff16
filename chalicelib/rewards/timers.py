"""What falls due of an account: points whose time is over leave it, with a posting that says so."""

from __future__ import annotations

from chalicelib.campaigns.gifts import Currency
from chalicelib.core import clock, log
from chalicelib.core.times import Time, timed
from chalicelib.core.transaction import Transaction, update_one
from chalicelib.rewards import balances, give
from chalicelib.rewards.items import Account
from chalicelib.rewards.posting import add_posting
from chalicelib.rewards.states import Why

EXPIRED = "expired"
"""The account that expired points go to."""


@timed(
    Time(
        "points on it reach the end of their time",
        "they leave it, with a line in its user's statement",
        "nobody can spend them, whatever the account says",
    )
)
def account_due(account: Account) -> None:
    """Take the lots that are over from a leased account (the due handler of `Account`).

    Whatever else changes its lots sets its due anew, so that the lease is all that this must insist on. The posting is
    named by the latest of those lots: it leaves once.
    """
    leased = {"leased": Account.gsi2sk == account.gsi2sk}
    left = balances.live(account)
    over = (account.lots or [])[: len(account.lots or []) - len(left)]
    due = left[0].until if left else None
    if not over:
        update_one(account, [], when=leased, due=due)
        return
    points = sum(lot.amount for lot in over)
    tx = Transaction()
    actions = [Account.balance.set(sum(lot.amount for lot in left)), Account.lots.set(left)]
    tx.update("account", account, actions, when=leased, due=due)
    legs = give.moved(give.user(account.uid), EXPIRED, Currency.POINTS, points)
    until = clock.iso(over[-1].until)
    add_posting(tx, account.mid, account.uid, f"expired-{until}", Why.POINTS_EXPIRED, until, legs)
    tx.commit()
    log.info("points_expired", uid=account.uid, points=points)
