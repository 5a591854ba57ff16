"""An order goes back: what its packet gave comes back as far as it is there, and the rest is its buyer's debt."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import NamedTuple

import pytest

from chalicelib.campaigns.gifts import Currency
from chalicelib.core import clock, due
from chalicelib.core.store import read, read_one
from chalicelib.core.transaction import Transaction
from chalicelib.orders.items import Order, order_key
from chalicelib.redpacket.following import FOLLOWING
from chalicelib.redpacket.states import ActState, PacketState
from chalicelib.rewards import balances, give
from chalicelib.rewards.give import coupon_of
from chalicelib.rewards.items import Account, Coupon, account_key, coupon_key
from chalicelib.rewards.posting import add_posting
from chalicelib.rewards.states import Why
from infra.local.client import Person
from tests import invariants
from tests.redpacket.scenes import orders_with
from tests.redpacket.shop import (
    BUDGET,
    COUPON,
    HOUR,
    POINTS,
    bought,
    budget,
    claim_of,
    claims,
    debt,
    decides,
    goods,
    grown,
    has,
    look_after,
    mid,
    of_order,
    packet,
    page,
    refunds,
    shady,
)
from tests.town import Town


class Brought(NamedTuple):
    """Ann's order and its packet, of which Ben has claimed a share of 400 and 200."""

    ann: Person
    ben: Person
    cat: Person
    oid: str
    rid: str


def bring(town: Town, form: Mapping[str, object] | None = None, **after: object) -> Brought:
    ann, ben, cat = grown(town, "ann", "ben", "cat")
    packet = {"form": form} if form else {}
    campaign = town.campaign(goods(packet=packet, after=after))
    oid = bought(town, ann, campaign)
    town.stream()
    rid = of_order(campaign, oid)
    claims(ben, rid).expect(201)
    return Brought(ann, ben, cat, oid, rid)


def spends(town: Town, person: Person, amount: int, currency: Currency = Currency.FEN) -> None:
    """What he has goes to where it does not come back from."""
    key = account_key(mid(town), person.uid, currency)
    tx = Transaction()
    balances.add_taken(tx, "account", mid(town), person.uid, currency, amount, read(key))
    legs = give.moved(give.user(person.uid), "elsewhere", currency, amount)
    add_posting(tx, mid(town), person.uid, f"spent-{amount}", Why.ORDER_PAID, "nobodys", legs)
    tx.commit()


def order_due(town: Town, oid: str) -> None:
    """What falls due of an order happens now."""
    order = read_one(Order, order_key(mid(town), oid))
    assert order is not None and order.gsi2sk is not None
    due.handle(order.key, order.gsi2sk)


def order_of(town: Town, one: Brought) -> Order:
    found = read_one(Order, order_key(mid(town), one.oid))
    assert found is not None
    return found


def goes_back(town: Town, one: Brought, amount: int | None = None) -> None:
    refunds(town, one.oid, amount).expect(200)
    town.stream()
    look_after(town, one.rid)


def at_rest(town: Town) -> None:
    for _ in range(3 * HOUR // 300):
        clock.advance(300)
        for shard in town.emulator.shards_due():
            due.work(shard)
    town.stream()
    town.hear()
    invariants.at_rest(town.items(), town.sim.world)


def test_what_is_there_comes_back_to_the_budget(town: Town) -> None:
    one = bring(town)
    town.stream()
    assert (has(town, one.ben), has(town, one.ann), budget(town)) == (400, 200, BUDGET - 1000)
    goes_back(town, one)
    claim, left = claim_of(town, one.rid, one.ben), packet(town, one.rid)
    assert (has(town, one.ben), has(town, one.ann), budget(town)) == (0, 0, BUDGET)
    assert (claim.state, claim.debt, left.status, left.spent) == (ActState.CLAWED, 0, PacketState.CLAWED, 0)
    assert page(one.ben, one.rid)["my_act"]["state"] == "taken_back"
    at_rest(town)


@pytest.mark.parametrize(("ben_spends", "ann_spends", "owed"), [(400, 0, 400), (150, 200, 350), (0, 50, 50)])
def test_what_was_spent_is_the_buyers_debt(town: Town, ben_spends: int, ann_spends: int, owed: int) -> None:
    one = bring(town)
    town.stream()
    for person, amount in ((one.ben, ben_spends), (one.ann, ann_spends)):
        if amount:
            spends(town, person, amount)
    goes_back(town, one)
    assert (has(town, one.ben), has(town, one.ann)) == (0, 0)
    assert (debt(town, one.ben), debt(town, one.ann), claim_of(town, one.rid, one.ben).debt) == (0, owed, owed)
    assert (budget(town), packet(town, one.rid).spent) == (BUDGET - owed, owed)
    at_rest(town)


def test_a_share_that_nobody_has_yet_is_taken_back_whole(town: Town) -> None:
    one = bring(town)
    refunds(town, one.oid).expect(200)
    assert packet(town, one.rid).status is PacketState.ACTIVE
    claim = claim_of(town, one.rid, one.ben)
    FOLLOWING.returned(order_of(town, one))
    assert claim.gsi2sk is not None
    clock.advance(60)
    due.handle(claim.key, claim.gsi2sk)
    assert (claim_of(town, one.rid, one.ben).state, has(town, one.ben)) == (ActState.OWED, 0)
    look_after(town, one.rid)
    assert (claim_of(town, one.rid, one.ben).state, budget(town)) == (ActState.CLAWED, BUDGET)
    at_rest(town)


@pytest.mark.parametrize(("used", "owed"), [(False, 0), (True, 400)])
def test_a_locked_coupon_is_waited_for(town: Town, used: bool, owed: int) -> None:
    one = bring(town, COUPON)
    town.stream()
    held = orders_with(one.ben, town.campaign(), one.rid).expect(201)
    goes_back(town, one)
    kept = read_one(Coupon, coupon_key(mid(town), one.ben.uid, coupon_of(one.rid)))
    assert kept is not None
    assert claim_of(town, one.rid, one.ben).state is ActState.GRANTED
    assert kept.invalid_at is None
    waits = packet(town, one.rid)
    assert waits.status is PacketState.CLAWING
    assert waits.due == clock.now() + timedelta(minutes=1)
    if used:
        one.ben.pay(held).expect(200)
        town.hear()
    else:
        one.ben.api.post(f"/v1/orders/{held['order_id']}/cancel")
        order_due(town, held["order_id"])
    clock.advance(60)
    look_after(town, one.rid)
    claim = claim_of(town, one.rid, one.ben)
    assert (claim.state, claim.debt, debt(town, one.ann)) == (ActState.CLAWED, owed, owed)
    kept = read_one(Coupon, coupon_key(mid(town), one.ben.uid, coupon_of(one.rid)))
    assert kept is not None and kept.invalid_at is not None
    assert (packet(town, one.rid).status, budget(town)) == (PacketState.CLAWED, BUDGET - owed)
    at_rest(town)


def test_points_come_back_as_points(town: Town) -> None:
    one = bring(town, POINTS, budget={"points": 100_000})
    town.stream()
    assert (has(town, one.ben, Currency.POINTS), has(town, one.ann, Currency.POINTS)) == (400, 200)
    spends(town, one.ben, 300, Currency.POINTS)
    goes_back(town, one)
    assert (has(town, one.ben, Currency.POINTS), has(town, one.ann, Currency.POINTS)) == (0, 0)
    assert debt(town, one.ann, Currency.POINTS) == 300
    assert read_one(Account, account_key(mid(town), one.ann.uid, Currency.FEN)) is None
    assert budget(town, Currency.POINTS) == 100_000 - 300


def test_a_part_that_goes_back_takes_the_packet_only_below_its_threshold(town: Town) -> None:
    one = bring(town, least_paid_fen=5000)
    town.stream()
    goes_back(town, one, 3900)
    assert (packet(town, one.rid).status, has(town, one.ben)) == (PacketState.ACTIVE, 400)
    clock.advance(61)
    goes_back(town, one, 1)
    assert (packet(town, one.rid).status, has(town, one.ben)) == (PacketState.CLAWED, 0)
    at_rest(town)


def test_without_a_threshold_only_all_of_the_money_takes_the_packet(town: Town) -> None:
    one = bring(town)
    town.stream()
    goes_back(town, one, 8000)
    assert packet(town, one.rid).status is PacketState.ACTIVE
    clock.advance(61)
    goes_back(town, one)
    assert packet(town, one.rid).status is PacketState.CLAWED
    at_rest(town)


def test_a_held_claim_of_a_packet_that_goes_back_is_waited_for_and_moot(town: Town) -> None:
    one = bring(town)
    shady(town, one.cat)
    assert claims(one.cat, one.rid).expect(201)["my_act"]["state"] == "checking"
    goes_back(town, one)
    assert packet(town, one.rid).status is PacketState.CLAWING
    assert decides(town, one.rid, one.cat.uid, yes=True).expect(200)["decision"] == "moot"
    clock.advance(60)
    look_after(town, one.rid)
    assert packet(town, one.rid).status is PacketState.CLAWED
    at_rest(town)


def test_an_ended_packet_is_taken_back_too(town: Town) -> None:
    one = bring(town)
    town.stream()
    town.pass_time(2 * HOUR, tick=300)
    assert (packet(town, one.rid).status, budget(town)) == (PacketState.EXPIRED, BUDGET - 600)
    goes_back(town, one)
    assert (packet(town, one.rid).status, budget(town)) == (PacketState.CLAWED, BUDGET)
    at_rest(town)


def test_being_told_again_changes_nothing(town: Town) -> None:
    one = bring(town)
    town.stream()
    found = order_of(town, one)
    FOLLOWING.confirmed(found)
    goes_back(town, one)
    before = town.items()
    for _ in range(2):
        FOLLOWING.returned(found)
        FOLLOWING.confirmed(found)
    assert [item.serialize() for item in town.items()] == [item.serialize() for item in before]
