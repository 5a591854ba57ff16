"""What plays plug into families, filled by app.py; nothing is imported for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from chalicelib.core.lazily import Registry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chalicelib.core.idempotency import Intent
    from chalicelib.core.ids import MerchantId, UserId
    from chalicelib.family.items import Cart
    from chalicelib.orders.lines import Quoted
    from chalicelib.orders.placing import Placed
    from chalicelib.orders.tenders import Pay


class Carts(Protocol):
    """An act of a play that makes an order, which somebody may ask his owner to pay for."""

    def quote(self, mid: MerchantId, uid: UserId, cart: Cart) -> Quoted:
        """What it would cost whoever asks, now. Raises what forbids it."""
        ...

    def place(self, intent: Intent, fid: str, cart: Cart, pay_with: Sequence[Pay], payer: str | None) -> Placed:
        """Make the order, for the actor of ``intent``, who asked in that family; money is the ``payer``'s, if named.

        Raises likewise.
        """
        ...


CARTS: Registry[str, Carts] = Registry()
"""Every act that can be asked for, by its name."""
