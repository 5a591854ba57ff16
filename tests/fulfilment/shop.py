"""Orders that are paid and confirmed, and what a merchant and a buyer do with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from infra.local.client import Person, Reply
from tests.campaigns.points import points_for
from tests.town import Town

PARCEL = {"carrier": "YTO", "number": "YT0001"}
OTHER = {"carrier": "STO", "number": "ST0002"}


@dataclass(frozen=True)
class Bought:
    """A confirmed order, its buyer and its merchant."""

    town: Town
    buyer: Person
    order_id: str

    def send(self, *parcels: dict[str, str], key: str | None = None, **more: Any) -> Reply:
        """The merchant sends parcels."""
        return self.desk("send", {"parcels": list(parcels), **more}, key=key)

    def refund(self, amount_fen: int | None = None, *, key: str | None = None) -> Reply:
        """The merchant gives money back."""
        body = {"note": "sorry", **({"amount_fen": amount_fen} if amount_fen else {})}
        return self.desk("refund", body, key=key)

    def desk(self, what: str, body: Any = None, *, key: str | None = None) -> Reply:
        """An act of the merchant's."""
        return self.town.admin.call("POST", f"/v1/admin/orders/{self.order_id}/{what}", body or {}, key=key)

    def ask(self, *, key: str | None = None, **what: Any) -> Reply:
        """The buyer asks for money."""
        return self.mine("cases", {"reason": "damaged", **what}, key=key)

    def mine(self, what: str, body: Any = None, *, key: str | None = None) -> Reply:
        """An act of the buyer's."""
        return self.buyer.api.call("POST", f"/v1/orders/{self.order_id}/{what}", body or {}, key=key)

    def received(self) -> Reply:
        """The buyer says that it has arrived."""
        return self.mine("received")

    @property
    def shown(self) -> Any:
        """The order as its buyer sees it."""
        self.buyer.come_back()
        return self.buyer.order(self.order_id)

    @property
    def record(self) -> Any:
        """The order as its merchant sees it."""
        return self.town.admin.get(f"/v1/admin/orders/{self.order_id}")

    @property
    def uploads(self) -> list[dict[str, Any]]:
        """What WeChat was told of its goods."""
        found = self.town.control("GET", "/_sim/shipments", {}, None).expect(200)["shipments"]
        mine = [s for s in found if s["out_trade_no"] == f"{self.order_id}-1"]
        uploads: list[dict[str, Any]] = mine[0]["uploads"] if mine else []
        return uploads

    def stuck(self) -> list[str]:
        """Why money of the merchant's is stuck."""
        return [row["reason"] for row in self.town.admin.get("/v1/admin/stuck")["stuck"]]


def bought(town: Town, name: str | None = None, *, shipping: dict[str, Any] | None = None, **sku: Any) -> Bought:
    """Somebody who bought alone: his order is confirmed at once."""
    said = {**({"shipping": shipping} if shipping else {}), **points_for(sku.get("fulfilment", "express"))}
    campaign = town.campaign(skus=[{**town.sku(), **sku}], **said)
    buyer = town.person(name)
    seat = buyer.buy(campaign).expect(201)
    buyer.pay(seat).expect(200)
    town.hear()
    return Bought(town, buyer, seat["order_id"])


def won(town: Town, **changes: Any) -> tuple[Bought, Bought]:
    """The leader and the member of a group of two that has succeeded."""
    leader, opened = town.opened(town.campaign(size=2, **changes))
    member, joined = town.joined(opened["group_id"])
    town.minute()
    return Bought(town, leader, opened["order_id"]), Bought(town, member, joined["order_id"])
