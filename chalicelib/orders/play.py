"""What an order asks of the play it belongs to.

A play commits the whole transaction of each event, since what the
payment decides (a seat, a group's outcome) must be written with it; the order's own part comes from `orders.steps`.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Protocol

import msgspec

from chalicelib.core.ids import CampaignId, MerchantId, OrderId, UserId
from chalicelib.core.lazily import Registry

if TYPE_CHECKING:
    # Plays are registered at every cold start, and orders may not come up in it.
    from pynamodb.expressions.update import Action

    from chalicelib.core.decision import Read
    from chalicelib.core.errors import RippleError
    from chalicelib.core.idempotency import Intent
    from chalicelib.core.store import Found
    from chalicelib.core.table import Key
    from chalicelib.core.transaction import Transaction
    from chalicelib.orders.items import Order


class PaymentRef(msgspec.Struct, frozen=True):
    """What a payment's ``attach`` names, so that one read round finds all that its capture may change."""

    mid: MerchantId
    play: str
    object_id: str
    """What of the play is paid for (a group): an id that begins with its campaign's."""
    uid: UserId
    role: str
    """What the payer is there, in the play's own words."""

    @property
    def cid(self) -> CampaignId:
        """The campaign."""
        return CampaignId(self.object_id.split("-", 1)[0])

    def attach(self) -> str:
        """At most 128 letters, which WeChat returns with every answer about the payment."""
        return f"{self.play}|{self.object_id}|{self.uid}|{self.role}"

    @classmethod
    def of(cls, order: Order) -> PaymentRef:
        """The reference of an order's payments."""
        return cls(mid=order.mid, play=order.play, object_id=order.object_id, uid=UserId(order.uid), role=order.role)

    @classmethod
    def parse(cls, mid: MerchantId, attach: str | None) -> PaymentRef | None:
        """The reference that `attach` wrote, or None where the text is not one."""
        parts = (attach or "").split("|")
        if len(parts) != 4 or not all(parts) or parts[0] not in PLAYS or parts[3] not in PLAYS[parts[0]].roles:
            return None
        play, object_id, uid, role = parts
        return cls(mid, play, object_id, UserId(uid), role)


class Capture(msgspec.Struct, frozen=True):
    """Money that WeChat took for one attempt of an order."""

    oid: OrderId
    attempt: int
    total_fen: int
    transaction_id: str
    paid_at: datetime


class Play(Protocol):
    """The events of an order that its play decides."""

    roles: frozenset[str]
    """What a payer can be."""

    def reads(self, ref: PaymentRef) -> list[Key]:
        """What of the play a capture's read round needs."""
        ...

    def capture(self, ref: PaymentRef, order: Order, capture: Capture, found: Found) -> str:
        """Record a capture and what it decides in one transaction; returns what it was. Raises `Lost`."""
        ...

    def release(self, order: Order) -> None:
        """Give back what an order held that is proven unpaid, in one transaction. Raises `Lost`."""
        ...

    def give_back(self, tx: Transaction, order: Order, read: Read, *, unsent: bool) -> list[Action]:
        """All of a confirmed order's money goes back: what it took goes back too, its units only while ``unsent``.

        Adds that to ``tx``; returns what changes on the order itself.
        """
        ...


class Returns(Protocol):
    """How money of a play's orders goes back, where the ordinary ways are closed to it (`plugged.RETURNS`)."""

    def refusal(self, order: Order) -> RippleError:
        """What a buyer is told who asks in the ordinary way."""
        ...

    def give_back(self, intent: Intent, order: Order, amount_fen: int | None, note: str) -> None:
        """The merchant gives so much back, or all that can come back; again is the same."""
        ...


PLAYS: Registry[str, Play] = Registry()
"""Every play that makes orders, by name, filled by app.py."""
