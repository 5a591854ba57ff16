"""A tender of the tests' own: a purse whose fen are left, held for orders, or spent. It is what a coupon will be."""

from __future__ import annotations

from pynamodb.attributes import UnicodeAttribute

from chalicelib.core.errors import RippleError
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import Found
from chalicelib.core.table import IntAttribute, Item, Key, table
from chalicelib.core.transaction import Transaction
from chalicelib.orders.items import Order, Part
from chalicelib.orders.plugged import TENDERS
from chalicelib.orders.problems import TENDER_UNKNOWN
from chalicelib.orders.tenders import Bill, Choice, Pay
from infra.local.client import Person
from tests.town import Town

NAME = "purse"


class Purse(Item):
    """Somebody's purse."""

    letter = "PUR"
    prefix = "META"

    owner = UnicodeAttribute()
    left = IntAttribute()
    held = IntAttribute(default=0)
    spent = IntAttribute(default=0)

    @property
    def ref(self) -> str:
        """Its name."""
        return self.pk.split("#", 1)[1]


def purse_key(mid: MerchantId, ref: str) -> Key:
    """Where a purse stands."""
    return table(mid).key("PUR", ref)


class Purses:
    """What a purse does for an order."""

    def keys(self, mid: MerchantId, uid: str, ref: str) -> list[Key]:
        return [purse_key(mid, ref)]

    def worth(self, bill: Bill, pay: Pay, rest_fen: int, found: Found) -> int:
        purse = found.item(Purse, purse_key(bill.mid, pay.ref))
        if purse is None or purse.owner != bill.uid or not purse.left:
            raise RippleError(TENDER_UNKNOWN, tender=pay.ref)
        return min(rest_fen, purse.left)

    def choices(self, bill: Bill) -> list[Choice]:
        return []

    def may_hold(self, order: Order, part: Part, found: Found) -> bool:
        purse = found.item(Purse, purse_key(order.mid, part.ref))
        return purse is not None and purse.left >= part.fen

    def add_hold(self, tx: Transaction, order: Order, part: Part, found: Found, *, captured: bool) -> None:
        moved = Purse.spent if captured else Purse.held
        actions = [Purse.left.add(-part.fen), moved.add(part.fen)]
        tx.update(f"purse {part.ref}", purse_key(order.mid, part.ref), actions, when={"left": Purse.left >= part.fen})

    def add_capture(self, tx: Transaction, order: Order, part: Part) -> None:
        actions = [Purse.held.add(-part.fen), Purse.spent.add(part.fen)]
        tx.update(f"purse {part.ref}", purse_key(order.mid, part.ref), actions, when={"held": Purse.held >= part.fen})

    def add_release(self, tx: Transaction, order: Order, part: Part) -> None:
        actions = [Purse.held.add(-part.fen), Purse.left.add(part.fen)]
        tx.update(f"purse {part.ref}", purse_key(order.mid, part.ref), actions, when={"held": Purse.held >= part.fen})

    def add_back(self, tx: Transaction, order: Order, part: Part, fen: int) -> None:
        actions = [Purse.spent.add(-fen), Purse.left.add(fen)]
        tx.update(f"purse {part.ref}", purse_key(order.mid, part.ref), actions, when={"spent": Purse.spent >= fen})


TENDERS[NAME] = Purses()


def purse(town: Town, person: Person, fen: int, ref: str | None = None) -> dict[str, str]:
    """Give somebody a purse; returns how he says that it pays."""
    name = ref or f"of-{person.name}"
    mid = MerchantId(town.merchant.mid)
    town.emulator.restore(Purse(*purse_key(mid, name), owner=person.api.get("/v1/me")["user_id"], left=fen))
    return {"tender": NAME, "ref": name}


def seen(town: Town, ref: str) -> tuple[int, int, int]:
    """What is left in a purse, held of it, and spent."""
    found = next(item for item in town.items() if isinstance(item, Purse) and item.ref == ref)
    return found.left, found.held, found.spent
