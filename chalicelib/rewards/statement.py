"""A user's statement, page by page, and his accounts: what is read of them."""

from __future__ import annotations

from typing import Any

import msgspec

from chalicelib.accounts.items import User, user_index, user_key
from chalicelib.campaigns.gifts import Currency
from chalicelib.campaigns.items import Snapshot, snapshot_key
from chalicelib.core.errors import NOT_FOUND, RippleError
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import Found, query, read, read_all
from chalicelib.rewards.cash import Cash, cash_key
from chalicelib.rewards.items import ENTRIES, Account, Coupon, account_key, coupon_key
from chalicelib.rewards.lines import Line, with_cash
from chalicelib.rewards.plugged import LINES


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """A page of a user's statement, and what its lines name."""

    lines: list[Line]
    titles: dict[tuple[str, int], str]
    """What a campaign was called, by its id and version."""
    coupons: dict[str, Coupon]
    """The coupons that lines are, by id."""
    cash: dict[str, Cash]
    """The cash that lines are, by id."""
    after: dict[str, Any] | None


def page(mid: MerchantId, uid: str, limit: int, after: dict[str, Any] | None) -> Statement:
    """Newest first. What several entries tell of stands in one line, so that a page may be shorter than ``limit``."""
    asked = query(user_index(mid, uid), index="gsi1", begins=ENTRIES, limit=limit, forward=False, after=after)
    told = (LINES[type(item)].line(item, uid) for item in read_all(asked.keys))
    lines = [line for line in told if line is not None]
    versions = {(line.cid, line.version) for line in lines if line.cid is not None and line.version is not None}
    snapshots = [snapshot_key(mid, cid, version) for cid, version in sorted(versions)]
    coupons = [coupon_key(mid, uid, line.coupon) for line in lines if line.coupon is not None]
    owed = [cash_key(mid, uid, line.cash) for line in lines if line.cash is not None]
    titles, named, there = dict[tuple[str, int], str](), dict[str, Coupon](), dict[str, Cash]()
    for item in read_all([*snapshots, *coupons, *owed]):
        if isinstance(item, Snapshot):
            titles[item.pk.split("#")[1], int(item.sk.removeprefix(Snapshot.prefix))] = item.offer.title
        elif isinstance(item, Coupon):
            named[item.coupon_id] = item
        elif isinstance(item, Cash):
            there[item.cash_id] = item
    told_of = [with_cash(line, there.get(line.cash or "")) for line in lines]
    return Statement(lines=told_of, titles=titles, coupons=named, cash=there, after=asked.after)


def accounts(mid: MerchantId, uid: str) -> dict[Currency, Account]:
    """A user's accounts, as far as there are any."""
    keys = {currency: account_key(mid, uid, currency) for currency in Currency}
    found: Found = read(*keys.values())
    there = {currency: found.item(Account, key) for currency, key in keys.items()}
    return {currency: account for currency, account in there.items() if account is not None}


def insist_known(mid: MerchantId, uid: str) -> None:
    """Raise `NOT_FOUND` for somebody who is no user of the merchant's."""
    key = user_key(mid, uid)
    if read(key).item(User, key) is None:
        raise RippleError(NOT_FOUND)
