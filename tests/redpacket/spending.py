"""Users who use what they got, in transactions of the test's own: balance and points that go, coupons that orders take.

It stands for what orders do with it: value leaves under the conditions of the accounts, and a posting says so.
"""

from __future__ import annotations

from pynamodb.expressions.condition import Condition

from chalicelib.campaigns.gifts import Currency
from chalicelib.core import clock
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import read
from chalicelib.core.table import Key
from chalicelib.core.transaction import Transaction, update_one
from chalicelib.rewards import balances, give
from chalicelib.rewards.items import LOCKED, USED, Coupon, Posting, coupon_key, posting_key, statement_entry
from chalicelib.rewards.states import Why
from infra.local.client import Person
from tests.town import Town

ORDER = "elsewhere"
"""The account that what is spent goes to, and what stands of a coupon for its order: no order is behind either."""


def spends(town: Town, person: Person, currency: Currency, amount: int, ref: str) -> None:
    """So much of what he has pays for something."""
    mid, now = MerchantId(town.merchant.mid), clock.now()
    found = read(*balances.keys(mid, person.uid, currency))
    tx = Transaction()
    balances.add_taken(tx, "account", mid, person.uid, currency, amount, found)
    legs = give.moved(give.user(person.uid), ORDER, currency, amount)
    posting = Posting(*posting_key(mid, person.uid, ref), legs=legs, posted_at=now, why=Why.ORDER_PAID, subject=ref)
    posting.gsi1pk, posting.gsi1sk = statement_entry(mid, person.uid, now, ref)
    tx.put("posting", posting)
    tx.commit()


def locks(town: Town, uid: str, given: str) -> None:
    """An order that may still be paid takes his coupon, if nobody has taken it and it is valid."""
    free = {"free": Coupon.p0.does_not_exist(), "valid": Coupon.invalid_at.does_not_exist()}
    update_one(_key(town, uid, given), [Coupon.p0.set(f"{LOCKED}{ORDER}")], when=free)


def frees(town: Town, uid: str, given: str) -> None:
    """The order that holds his coupon is not paid."""
    update_one(_key(town, uid, given), [Coupon.p0.remove()], when=_locked())


def uses(town: Town, uid: str, given: str) -> None:
    """The order that holds his coupon is paid."""
    update_one(_key(town, uid, given), [Coupon.p0.set(f"{USED}{ORDER}")], when=_locked())


def _locked() -> dict[str, Condition]:
    return {"locked": Coupon.p0 == f"{LOCKED}{ORDER}"}


def _key(town: Town, uid: str, given: str) -> Key:
    return coupon_key(MerchantId(town.merchant.mid), uid, give.coupon_of(given))
