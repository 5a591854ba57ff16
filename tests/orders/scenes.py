"""A merchant's people over the same stuck money, while WeChat and the workers go on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from chalicelib.core import clock
from chalicelib.core.ids import MerchantId
from chalicelib.core.outbox import entry_key
from chalicelib.core.store import read_one
from chalicelib.merchants.items import merchant_key
from chalicelib.orders import owing, stuck
from chalicelib.orders.day import bill_key
from chalicelib.orders.items import Order, order_key
from chalicelib.orders.numbers import refund_number
from chalicelib.orders.receiver import KEPT
from tests.orders.address import ADDRESS, OTHER
from tests.orders.purse import purse
from tests.proof.acts import falls_due, one_key, people, told
from tests.proof.stage import Act, Scene
from tests.town import Town


def placing(town: Town) -> Mapping[str, Act]:
    """A refund that WeChat refused, and a payment of somebody else's: two people are about to place both."""
    mid = MerchantId(town.merchant.mid)
    _, opened = town.opened(town.campaign(group_seconds=3600))
    town.admin.post(f"/v1/admin/groups/{opened['group_id']}/close")
    town.minute()
    town.act("/_sim/faults", endpoint="refund", kind="not_enough", count=1)
    town.stream()
    stuck.record(mid, stuck.Reason.PAYMENT_OF_NO_ORDER, "somebodys-1", {"total_fen": 1})
    rows = town.admin.get("/v1/admin/stuck")["stuck"]
    ids = {row["retryable"]: row["stuck_id"] for row in rows}

    def act(who: str, stuck_id: str, what: str, body: Any = None) -> Act:
        path, key = f"/v1/admin/stuck/{stuck_id}/{what}", f"{who}-{what}-with-one-tap"
        return lambda: town.admin.call("POST", path, body or {}, key=key)

    return {
        "ann retries": act("ann", ids[True], "retry"),
        "ben retries": act("ben", ids[True], "retry"),
        "ann resolves": act("ann", ids[False], "resolve", {"note": "it was the old shop's"}),
        "ben resolves": act("ben", ids[False], "resolve", {"note": "mine"}),
        "the refund falls due": falls_due(town, entry_key(mid, owing.REFUND, refund_number(opened["order_id"], 1))),
    }


def billing(town: Town) -> Mapping[str, Act]:
    """The morning after: two payments were never told of, one of a held seat, one of a seat that was released."""
    campaign = town.campaign(size=4, group_seconds=86_400, pay_window_seconds=7200)
    _, opened = town.opened(campaign)
    ann, ben = people(town, "ann", "ben")
    anns, bens = ann.join(opened["group_id"]).expect(201), ben.join(opened["group_id"]).expect(201)
    ben.api.call("POST", f"/v1/orders/{bens['order_id']}/cancel", {}, key="one-key-to-cancel-it").expect(200)
    mid = MerchantId(town.merchant.mid)
    falls_due(town, order_key(mid, bens["order_id"]))()
    ann.pay(anns, notify=False).expect(200)
    late = next(o for (_, n), o in town.sim.world.orders.items() if n == f"{bens['order_id']}-1")
    late.closed, late.paid_at, late.transaction_id = False, clock.now(), f"4200{bens['order_id']}"
    clock.advance(15 * 3600)
    merchant = falls_due(town, merchant_key(mid))
    return {
        "the bill is compared": merchant,
        "ann's payment is told": told(town, anns),
        "ben's payment is told": told(town, bens),
        "ann's order falls due": falls_due(town, order_key(mid, anns["order_id"])),
    }


def receiving(town: Town) -> Mapping[str, Act]:
    """Ann names another receiver while her order may end; two clerks erase the receiver of an order of years ago."""
    mid = MerchantId(town.merchant.mid)
    campaign = town.campaign()
    ann, ben, cat = people(town, "ann", "ben", "cat")
    path = f"/v1/campaigns/{campaign}/orders"
    anns, bens = (person.api.call("POST", path, {"receiver": ADDRESS}).expect(201) for person in (ann, ben))
    ben.pay(bens).expect(200)
    town.hear()
    old = read_one(Order, order_key(mid, bens["order_id"]))
    assert old is not None
    old.created_at -= KEPT
    town.emulator.restore(old)
    receiver = f"orders/{anns['order_id']}/receiver"

    def erases(who: str) -> Act:
        erase = f"/v1/admin/orders/{bens['order_id']}/receiver/erase"
        return lambda: town.admin.call("POST", erase, {}, key=f"{who}-erases-it-for-good")

    return {
        "cat buys and says for whom": lambda: cat.api.call("POST", path, {"receiver": OTHER}, key=one_key(cat, "buys")),
        "ann names another": lambda: ann.api.call("PUT", f"/v1/{receiver}", OTHER),
        "ann cancels": lambda: ann.api.call("POST", f"/v1/orders/{anns['order_id']}/cancel", {}),
        "ann's order falls due": falls_due(town, order_key(mid, anns["order_id"])),
        "somebody looks": lambda: town.admin.call("POST", f"/v1/admin/{receiver}/reveal", {}),
        "one clerk erases": erases("one"),
        "another clerk erases": erases("another"),
    }


def asked(town: Town) -> Mapping[str, Act]:
    """A day without trade that two people want compared, one of them before."""
    clock.advance(15 * 3600)
    yesterday = (clock.now().astimezone(clock.BEIJING) - timedelta(days=1)).date()
    body = {"day": yesterday.isoformat()}
    town.admin.post("/v1/admin/bills", body)
    return {
        "ben asks too": lambda: town.admin.call("POST", "/v1/admin/bills", body, key="ben-asks-with-one-tap"),
        "the day is compared": falls_due(town, bill_key(MerchantId(town.merchant.mid), yesterday)),
    }


def tendering(town: Town) -> Mapping[str, Act]:
    """Ann's purse pays part of a purchase that she paid and may have cancelled, and reaches for one seat more.

    Ben's purse has paid a part of what his merchant refunds.
    """
    mid, campaign = MerchantId(town.merchant.mid), town.campaign(size=2)
    _, opened = town.opened(campaign)
    ann, ben = people(town, "ann", "ben")
    anns, bens = purse(town, ann, 10_000), purse(town, ben, 3000)
    alone = f"/v1/campaigns/{campaign}/orders"
    held = ann.api.call("POST", alone, {"pay_with": [{**anns, "fen": 3000}]}).expect(201)
    ann.pay(held, notify=False).expect(200)
    bought = ben.api.call("POST", alone, {"pay_with": [bens]}).expect(201)
    ben.pay(bought).expect(200)
    town.hear()
    all_of_it, back = {"pay_with": [anns]}, {"note": "sorry", "amount_fen": 8000}
    group, refund = f"/v1/groups/{opened['group_id']}/seats", f"/v1/admin/orders/{bought['order_id']}/refund"
    return {
        "ann opens": lambda: ann.api.call(
            "POST", f"/v1/campaigns/{campaign}/groups", all_of_it, key=one_key(ann, "opens")
        ),
        "ann joins": lambda: ann.api.call("POST", group, all_of_it, key=one_key(ann, "joins")),
        "ann cancels": lambda: ann.api.call("POST", f"/v1/orders/{held['order_id']}/cancel", {}),
        "ann's payment is told": told(town, held),
        "ann's order falls due": falls_due(town, order_key(mid, held["order_id"])),
        "ben is refunded": lambda: town.admin.call("POST", refund, back, key="most-of-it-with-one-tap"),
    }


SCENES = [Scene(build.__name__, build) for build in (placing, billing, asked, receiving, tendering)]
