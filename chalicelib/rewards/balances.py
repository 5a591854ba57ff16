"""A user's accounts: what is put there, what is taken, and never below nothing.

Balance is changed blindly, under the condition that enough is there. Points lie in lots that expire, so that their
account is written only as it was read.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from pynamodb.expressions.update import Action

from chalicelib.campaigns.gifts import Currency
from chalicelib.core import clock
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import Found
from chalicelib.core.table import Key
from chalicelib.core.transaction import Transaction
from chalicelib.rewards.items import Account, Lot, account_key


def keys(mid: MerchantId, uid: str, currency: Currency) -> list[Key]:
    """What is read before an account is changed."""
    return [account_key(mid, uid, currency)]


def there(found: Found, mid: MerchantId, uid: str, currency: Currency) -> int:
    """How much a user has, by what was read; points whose time is over are not there."""
    account = found.item(Account, account_key(mid, uid, currency))
    if account is None:
        return 0
    return account.balance if currency is Currency.FEN else sum(lot.amount for lot in live(account))


def to_take(found: Found, mid: MerchantId, uid: str, currency: Currency, n: int) -> int | None:
    """How much of ``n`` can be taken back; None while an order that may still be paid holds what is missing."""
    back = min(n, there(found, mid, uid, currency))
    account = found.item(Account, account_key(mid, uid, currency))
    return None if back < n and account is not None and account.held else back


def live(account: Account) -> list[Lot]:
    """The lots of points whose time is not over."""
    now = clock.now()
    return [lot for lot in account.lots or [] if lot.until > now]


def until(now: datetime, days: int) -> datetime:
    """When points of so many days expire: with the month (Beijing) in which those are over, so that lots stay few."""
    last = (now + timedelta(days=days)).astimezone(clock.BEIJING)
    following = (last.replace(day=1) + timedelta(days=32)).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return following.astimezone(now.tzinfo)


def add_balance(tx: Transaction, name: str, mid: MerchantId, uid: str, fen: int) -> None:
    """Balance comes to a user."""
    tx.upsert(name, account_key(mid, uid, Currency.FEN), [Account.balance.add(fen)])


def add_points(
    tx: Transaction, name: str, mid: MerchantId, uid: str, points: int, expires_at: datetime, found: Found
) -> None:
    """Points come to a user, as his account was found."""
    key = account_key(mid, uid, Currency.POINTS)
    seen = found.item(Account, key)
    lots = {lot.until: lot.amount for lot in (seen.lots or [] if seen else [])}
    lots[expires_at] = lots.get(expires_at, 0) + points
    add_lots(tx, name, key, seen, [Lot(when, lots[when]) for when in sorted(lots)])


def add_taken(
    tx: Transaction,
    name: str,
    mid: MerchantId,
    uid: str,
    currency: Currency,
    n: int,
    found: Found,
    *,
    debt: int = 0,
) -> None:
    """So much leaves a user, who has it by what was ``found``; of points the earliest to expire first.

    ``debt`` is what was to be taken back too and is not there: it is written down, and takes nothing that comes later.
    """
    key = account_key(mid, uid, currency)
    owing: list[Action] = [Account.debt.add(debt)] if debt else []
    if n == 0:
        tx.upsert(name, key, [Account.balance.add(0), *owing])
        return
    if currency is Currency.FEN:
        tx.update(name, key, [Account.balance.add(-n), *owing], when={"enough": Account.balance >= n})
        return
    seen = found.item(Account, key)
    lots = seen.lots or [] if seen else []
    left, now = {lot.until: lot.amount for lot in lots}, clock.now()
    for lot in sorted(lots, key=lambda lot: (lot.until <= now, lot.until)):
        taken = min(n, lot.amount)
        n -= taken
        left[lot.until] -= taken
    if n or seen is None:
        raise ValueError("more is taken than there is")
    add_lots(tx, name, key, seen, [Lot(lot.until, left[lot.until]) for lot in lots if left[lot.until]], owing)


def add_lots(
    tx: Transaction, name: str, key: Key, seen: Account | None, lots: list[Lot], also: Sequence[Action] = ()
) -> None:
    """The account has these lots now, and expires with the first of them."""
    balance, due = sum(lot.amount for lot in lots), lots[0].until if lots else None
    if seen is None:
        account = Account(*key, balance=balance, lots=lots)
        account.set_due(due)
        tx.put(name, account)
        return
    actions: list[Action] = [Account.balance.set(balance), Account.lots.set(lots), *also]
    as_seen = Account.lots == seen.lots if seen.lots is not None else Account.lots.does_not_exist()
    tx.update(name, seen, actions, when={"as_seen": as_seen}, due=due)
