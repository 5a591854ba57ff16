"""The walk's money: an order has brought cash, its buyer claims it and confirms in WeChat, and its merchant sees it."""

from __future__ import annotations

from typing import Any

from chalicelib.core.ids import MerchantId
from chalicelib.rewards.items import grant_key
from infra.local import minute
from infra.local.client import Api, Person
from infra.local.endpoint import Endpoint
from infra.local.narrator import quiet, until
from infra.local.seed import SeededMerchant


def cash(endpoint: Endpoint, shop: Api, buyer: Person, merchant: SeededMerchant, order_id: str) -> None:
    """What an order has brought reaches its buyer's WeChat balance; the merchant sees what he still owes."""
    print("\nlili's order has brought cash (looked at within the hour; the walk does not wait for that)")
    cash_id = given(endpoint, buyer, merchant.mid, order_id)
    buyer.api.get("/v1/me/cash")
    print("\nshe claims it; what comes opens WeChat's page (wx.requestMerchantTransfer)")
    claimed = buyer.api.call("POST", f"/v1/me/cash/{cash_id}/claim", {}).expect(200)
    confirm = claimed["confirm"]
    print(f"  (confirm: {', '.join(confirm)})")
    print("\nshe confirms in WeChat")
    buyer.confirm_transfer(confirm).expect(200)
    asking = quiet(buyer.api)
    until(lambda: asking.get(f"/v1/me/cash/{cash_id}")["state"] == "paid", "the notification of a transfer")
    paid = asking.get(f"/v1/me/cash/{cash_id}")
    print(f"  (WeChat Pay's notification has arrived: {paid['amount_fen'] / 100:.2f} 元 {paid['detail']})")
    print("\nwhat the merchant owes in cash, and what is left of its budget")
    place = f"/v1/admin/campaigns/{merchant.cash_campaign_id}"
    owed = shop.get(f"{place}/cash")
    if owed["total_fen"] != owed["free_fen"] + owed["owed_fen"] + owed["paid_fen"]:
        raise AssertionError(f"the campaign's cash does not add up: {owed}")
    shop.get(f"{place}/budget")


def given(endpoint: Endpoint, buyer: Person, mid: str, order_id: str) -> str:
    """The cash that an order brings whose buyer may no longer ask for his money, looked at now and not within the hour.

    Raises AssertionError where it brings none.
    """
    asking = quiet(buyer.api)

    def brought() -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = asking.get(f"/v1/orders/{order_id}")["brought"]
        return found

    def there() -> bool:
        minute.run(endpoint)
        return brought()[0]["cash_id"] is not None

    until(brought, "the promise of cash")
    minute.sooner(endpoint, grant_key(MerchantId(mid), buyer.uid, f"thx.{order_id}.gift"), "hold_until")
    until(there, "cash")
    cash_id: str = brought()[0]["cash_id"]
    return cash_id
