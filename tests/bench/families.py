"""What a family's wallet takes from storage: its part of `capacity`. A spend is what it costs beside its order."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from chalicelib.family.rows import Spend, spend_key
from chalicelib.family.states import SpendState
from tests.bench.bargains import Measure, fall_due
from tests.bench.figures import Figure
from tests.bench.meter import Cost
from tests.conftest import START
from tests.family import asks_shop, people, topup_shop
from tests.family.acts import approves, asks, balance, buys, fills, wallet
from tests.family.shop import household, mid_of
from tests.fulfilment.shop import Bought
from tests.town import Town

BESIDE = 8
"""Write units of a spend beside those of its order."""


def measure_all(town: Town, measure: Measure, crowd: int) -> None:
    """Orders with and without the wallet, their ends, what fills it, what is seen; ``crowd`` orders lie behind it."""
    mum, ann, kid = town.person("fay"), town.person("fred"), town.person("flo")
    wide: dict[str, Any] = {"per": 1_000_000, "cap": 10_000_000}
    fid = household(town, mum, ann, minors=(kid,), granted=300, paid=500_000, restores=1, **wide)
    town.emulator.pour(_spend(town, fid, mum.uid, n) for n in range(crowd))
    campaign = town.campaign()
    buys(ann, campaign, wallet(fid, 200)).expect(201)
    measure("family.order_without", lambda: buys(ann, campaign)).expect(201)
    order = measure("family.order", lambda: buys(ann, campaign, wallet(fid, 400))).expect(201)
    ann.api.post(f"/v1/orders/{order['order_id']}/cancel")
    measure("family.released", lambda: fall_due(town, order["order_id"]))
    order = buys(ann, campaign, wallet(fid, 400)).expect(201)
    ann.pay(order).expect(200)
    measure("family.paid", town.hear)
    bought = Bought(town, ann, buys(ann, campaign, wallet(fid)).expect(201)["order_id"])
    measure("family.back", lambda: bought.refund(1000)).expect(200)
    ask_id = asks(town, fid, kid, campaign)
    assert measure("family.approved", lambda: approves(town, fid, mum, kid, campaign, ask_id)) == "confirmed"
    measure("family.quote", lambda: ann.api.post(f"/v1/campaigns/{campaign}/quote", {"role": "solo"}))
    balance(town, mum, 5000)
    measure("family.fill", lambda: fills(mum, fid, 100, "one-key-for-one-tap")).expect(201)
    measure("family.fill_again", lambda: fills(mum, fid, 100, "one-key-for-one-tap")).expect(201)
    measure("family.ledger", lambda: mum.api.get(f"/v1/families/{fid}/ledger"))
    measure("family.month", lambda: mum.api.get(f"/v1/families/{fid}/summary"))
    ask = measure("family.ask", lambda: asks_shop.asks(kid, fid, campaign)).expect(201)
    measure("family.approve", lambda: asks_shop.decides(mum, fid, ask["ask_id"], "approve")).expect(200, 201)
    _measure_topups(town, measure)
    _measure_people(town, measure)


def _measure_topups(town: Town, measure: Measure) -> None:
    """Value that is bought for a wallet, not paid for, and given back."""
    cid, gil = topup_shop.opened(town), town.person("gil")
    fid, terms = topup_shop.listed(town, gil), topup_shop.terms_read(town)
    topup_shop.tops_up(town, gil, cid, fid, terms=terms).expect(201)
    bought = measure("family.topup", lambda: topup_shop.tops_up(town, gil, cid, fid, terms=terms)).expect(201)
    gil.pay(bought).expect(200)
    measure("family.topup_paid", town.hear)
    oid = bought["order_id"]
    measure("family.topup_seen", lambda: topup_shop.looks(gil, fid, oid)).expect(200)
    measure("family.topup_back", lambda: topup_shop.refunds(gil, fid, oid)).expect(200)
    unpaid = topup_shop.tops_up(town, gil, cid, fid, terms=terms).expect(201)
    gil.api.post(f"/v1/orders/{unpaid['order_id']}/cancel")
    measure("family.topup_released", lambda: fall_due(town, unpaid["order_id"]))


def _measure_people(town: Town, measure: Measure) -> None:
    """A family that somebody makes and another joins."""
    hal, ida = town.person("hal"), town.person("ida")
    fid = measure("family.create", lambda: people.founds(hal)).expect(201)["family_id"]
    code = measure("family.invite", lambda: people.invites(hal, fid)).expect(201)["code"]
    measure("family.join", lambda: people.accepts(ida, code)).expect(201)


def figures(costs: dict[str, Cost], suffix: str) -> list[Figure]:
    """What an order costs with the wallet, and what of that is the wallet's."""
    whole, without = costs["family.order"], costs["family.order_without"]
    beside = whole.write_units - without.write_units
    return [
        Figure(f"family.spend.round_trips{suffix}", whole.round_trips, "calls", 2),
        Figure(f"family.spend.write_units{suffix}", beside, "write units", BESIDE),
        Figure(f"family.spend.write_units_with_its_order{suffix}", whole.write_units, "write units"),
    ]


def _spend(town: Town, fid: str, uid: str, n: int) -> Spend:
    """What an order took of the wallet a while ago."""
    at = START - timedelta(days=60, seconds=n)
    place = spend_key(mid_of(town), fid, at, f"CROWD{n}")
    facts: dict[str, Any] = {"uid": uid, "payer": uid, "title": "tea", "month": "2026-09", "granted": 0, "paid": 100}
    return Spend(*place, **facts, state=SpendState.CAPTURED, at=at, captured_at=at)
