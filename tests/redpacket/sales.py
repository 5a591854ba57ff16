"""Orders that bring packets, in plain Python: what becomes of them, and what packets have yet to hear of that."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.redpacket.known import Order, Terms

PRICE = 8900
PAY_WINDOW = timedelta(seconds=600)


@dataclass
class Sales:
    """Everybody's orders."""

    terms: dict[str, Terms]
    """By campaign."""
    orders: dict[str, Order] = field(default_factory=dict)
    untold: set[tuple[str, str]] = field(default_factory=set)
    """What packets have yet to hear of orders: an order and what it did, or the number of what went back."""
    buyers: set[str] = field(default_factory=set)
    """Who has ever paid for something."""

    def ordered(self, cid: str, user: str, order: str, now: datetime) -> None:
        """Somebody ordered what brings a packet."""
        self.orders[order] = Order(user=user, cid=cid, deadline=now + PAY_WINDOW)

    def captured(self, order_id: str) -> None:
        """WeChat's money is heard of, for the first time or again: the order is confirmed, whatever the time is."""
        order = self.orders[order_id]
        if order.money:
            return
        order.state, order.money, order.live = "confirmed", "live", PRICE
        self.buyers.add(order.user)
        self.untold.add((order_id, "confirmed"))

    def order_due(self, order_id: str, now: datetime, *, paid: bool) -> None:
        """Somebody looks after an order whose time is over, and asks WeChat whether it was ``paid``."""
        order = self.orders[order_id]
        if order.state == "closing" or (order.state == "held" and now >= order.deadline):
            if paid:
                self.captured(order_id)
            else:
                order.state = "released"

    def refuses_refund(self, order_id: str, amount: int | None) -> str | None:
        """The code with which its merchant cannot give so much back now, if he cannot."""
        order = self.orders[order_id]
        if order.state != "confirmed":
            return "order_not_deliverable"
        return "refund_too_much" if amount is not None and amount > order.live else None

    def refunded(self, order_id: str, amount: int | None) -> str:
        """So much of an order's money goes back, or all of it, with which it ends. Returns what packets will hear."""
        order = self.orders[order_id]
        order.live -= order.live if amount is None else amount
        if not order.live:
            order.state, order.money = "refund", "owed"
        event = str(order.refunds)
        self.untold.add((order_id, event))
        order.refunds += 1
        return event

    def earns(self, order_id: str) -> bool:
        """Whether an order brings a packet, and may keep it."""
        order = self.orders[order_id]
        return order.state == "confirmed" and order.live >= self.terms[order.cid].least

    def why_none(self, order_id: str) -> str:
        """The code with which somebody is told why his order has no packet."""
        order = self.orders[order_id]
        if order.state != "confirmed":
            return {"refund": "packet_order_back", "released": "packet_none"}.get(order.state, "packet_not_yet")
        if not self.earns(order_id):
            return "packet_too_little_paid"
        return "packet_on_its_way" if (order_id, "confirmed") in self.untold else "packets_spent"
