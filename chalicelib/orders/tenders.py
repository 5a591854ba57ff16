"""What pays for an order beside money: parts that are held with it, captured with it, and go back after the money.

A tender is a room's own thing (a coupon, a wallet) and is registered in app.py. Its part of an order lies on the order
and has no state of its own: it is held while the order may be paid, captured once it is, released when the order is,
and what went back of it is counted. Whatever the tender must remember it writes in the order's own transactions.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Protocol

import msgspec
from msgspec import Meta

from chalicelib.campaigns.offer import Goods
from chalicelib.core.errors import RippleError
from chalicelib.core.ids import CampaignId, MerchantId, UserId
from chalicelib.core.money import PriceFen
from chalicelib.core.store import Found, read
from chalicelib.core.table import Key
from chalicelib.core.transaction import Transaction
from chalicelib.orders.items import Order, Part
from chalicelib.orders.plugged import TENDERS
from chalicelib.orders.problems import TENDER_TWICE, TENDER_UNKNOWN
from chalicelib.orders.quoted import Cost
from chalicelib.orders.states import OrderState

MOST_PARTS = 4


class Pay(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What of its buyer's is to pay for a part of an order."""

    tender: Annotated[str, Meta(pattern=r"^[a-z]{1,16}$")]
    """The kind of it."""
    ref: Annotated[str, Meta(pattern=r"^[A-Za-z0-9._-]{1,96}$")]
    """Which one; the longest says a family, a user, his coupon and the piece of it."""
    fen: PriceFen | None = None
    """At most so much of it; as much as it can where absent."""


class Bill(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be paid, by whom, and what he wants to pay with."""

    mid: MerchantId
    uid: UserId
    campaign_id: CampaignId
    sku_id: str
    category: str | None
    goods_fen: int
    freight_fen: int
    pay_with: list[Pay]

    @property
    def total_fen(self) -> int:
        """Goods and freight."""
        return self.goods_fen + self.freight_fen


def bill_of(mid: MerchantId, uid: UserId, goods: Goods, cost: Cost, pay_with: list[Pay]) -> Bill:
    """What is to be paid for goods at a cost."""
    return Bill(
        mid=mid,
        uid=uid,
        campaign_id=cost.campaign_id,
        sku_id=goods.sku_id,
        category=goods.category,
        goods_fen=cost.goods_fen,
        freight_fen=cost.freight_fen,
        pay_with=pay_with,
    )


class Choice(msgspec.Struct, kw_only=True):
    """Something of the buyer's that could pay, and how much of it; or why it cannot."""

    tender: str
    ref: str
    title_zh: str
    title_en: str
    worth_fen: int
    """What it would pay by itself; 0 where it cannot."""
    why_not: str | None
    """The code of what forbids it."""
    why_not_zh: str | None
    why_not_en: str | None
    until: datetime | None
    """When it expires."""


class Tender(Protocol):
    """What a kind of tender does for an order. Each write stands in a transaction of the order's."""

    def keys(self, mid: MerchantId, uid: str, ref: str) -> list[Key]:
        """What says whether it is there, and how much of it."""
        ...

    def worth(self, bill: Bill, pay: Pay, rest_fen: int, found: Found) -> int:
        """How much of ``rest_fen`` it pays of ``bill``, 1 at least. Raises what forbids it."""
        ...

    def choices(self, bill: Bill) -> list[Choice]:
        """What of the buyer's could pay for ``bill``, and what of it cannot and why."""
        ...

    def may_hold(self, order: Order, part: Part, found: Found) -> bool:
        """Whether exactly this part of an order can be held now."""
        ...

    def add_hold(self, tx: Transaction, order: Order, part: Part, found: Found, *, captured: bool) -> None:
        """It is this order's now; ``captured`` where nothing more is waited for."""
        ...

    def add_capture(self, tx: Transaction, order: Order, part: Part) -> None:
        """The order is paid, so what was held is used. A hold stands until its order ends: this cannot be lost."""
        ...

    def add_release(self, tx: Transaction, order: Order, part: Part) -> None:
        """The order is not paid any more, so what was held is free."""
        ...

    def add_back(self, tx: Transaction, order: Order, part: Part, fen: int) -> None:
        """So much of what was used goes back."""
        ...


def keys(mid: MerchantId, uid: str, wanted: Sequence[Pay]) -> list[Key]:
    """What the read round of a new order needs for them. Raises `TENDER_UNKNOWN`, `TENDER_TWICE`."""
    seen = set[tuple[str, str]]()
    for n, pay in enumerate(wanted):
        if pay.tender not in TENDERS:
            raise RippleError(TENDER_UNKNOWN, f"/pay_with/{n}/tender", tender=pay.tender)
        if (pay.tender, pay.ref) in seen:
            raise RippleError(TENDER_TWICE, f"/pay_with/{n}/ref", ref=pay.ref)
        seen.add((pay.tender, pay.ref))
    return [key for pay in wanted for key in TENDERS[pay.tender].keys(mid, uid, pay.ref)]


def parts(bill: Bill, found: Found) -> list[Part]:
    """What each thing that the buyer names pays, in their order; those for which nothing is left pay nothing.

    Raises what forbids one of them.
    """
    made = list[Part]()
    for pay in bill.pay_with:
        rest = bill.total_fen - sum(part.fen for part in made)
        most = rest if pay.fen is None else min(rest, pay.fen)
        if most:
            made.append(Part(pay.tender, pay.ref, TENDERS[pay.tender].worth(bill, pay, most, found)))
    return made


def choices(bill: Bill) -> list[Choice]:
    """All that the buyer could pay with, tender by tender."""
    return [choice for tender in TENDERS.values() for choice in tender.choices(bill)]


def again(order: Order) -> Found | None:
    """What was read to hold the parts of a released order anew; None where one of them cannot be held."""
    wanted = [key for part in order.paid_with for key in TENDERS[part.tender].keys(order.mid, order.uid, part.ref)]
    found = read(*wanted) if wanted else Found({})
    able = all(TENDERS[part.tender].may_hold(order, part, found) for part in order.paid_with)
    return found if able else None


def add_hold(tx: Transaction, order: Order, found: Found, *, captured: bool) -> None:
    """The parts are the order's."""
    for part in order.paid_with:
        TENDERS[part.tender].add_hold(tx, order, part, found, captured=captured)


def add_capture(tx: Transaction, order: Order, held: Found) -> None:
    """The parts pay for the order; those of a released one are held anew by what was ``held`` found of them."""
    if order.state == OrderState.RELEASED:
        add_hold(tx, order, held, captured=True)
        return
    for part in order.paid_with:
        TENDERS[part.tender].add_capture(tx, order, part)


def add_release(tx: Transaction, order: Order) -> None:
    """The parts of an unpaid order are free."""
    for part in order.paid_with:
        TENDERS[part.tender].add_release(tx, order, part)


def add_back(tx: Transaction, order: Order, amount_fen: int) -> tuple[list[Part], list[Part]]:
    """So much of what the parts paid goes back, the first of them first.

    Returns the parts as they are then, and what went back of each.
    """
    after, back = list[Part](), list[Part]()
    for part in order.paid_with:
        fen = min(amount_fen, part.live_fen)
        amount_fen -= fen
        after.append(Part(part.tender, part.ref, part.fen, part.back_fen + fen))
        if fen:
            back.append(Part(part.tender, part.ref, fen, fen))
            TENDERS[part.tender].add_back(tx, order, part, fen)
    return after, back
