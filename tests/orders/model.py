"""An order of any play in plain Python, and what is stored of orders and their money."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.orders import items
from tests.town import Town

LAST_CALL = timedelta(seconds=60)


@dataclass(kw_only=True)
class Order:
    """What somebody ordered."""

    user: str
    deadline: datetime
    state: str = "held"
    money: str | None = None
    """What the capture is: live, owed, refunded."""

    def payable(self, now: datetime) -> bool:
        """Whether WeChat may be asked now to collect its money."""
        return self.state == "held" and now <= self.deadline - LAST_CALL

    def cancelled(self) -> str | None:
        """The owner gives up; the code of the refusal, if it is one."""
        if self.state == "held":
            self.state = "closing"
        return None if self.state in ("closing", "released") else "order_not_cancellable"


class Stored:
    """What is stored of a town, and of its orders in the model's words."""

    def __init__(self, town: Town) -> None:
        self.items = town.books()
        self.orders = {str(o.oid): o for o in self.items if isinstance(o, items.Order)}
        self.money = {str(p.oid): p.disposition.value for p in self.items if isinstance(p, items.Payment)}
