"""Orders that a family's wallet pays, in part or whole: held, used, free again, and back."""

from __future__ import annotations

from typing import Any

from chalicelib.core import clock
from chalicelib.family.items import Spend
from chalicelib.family.states import SpendState
from infra.local.client import Person
from tests.family.shop import family_of, household, member_of
from tests.fulfilment.shop import Bought
from tests.orders.test_late_payment import pay_late
from tests.orders.test_tenders import SOLO, order
from tests.town import Town


def wallet(fid: str, fen: int | None = None) -> dict[str, Any]:
    return {"tender": "family", "ref": fid, **({} if fen is None else {"fen": fen})}


def stands(town: Town, fid: str) -> tuple[int, int, int]:
    """What was given, what was bought, and how many orders hold something."""
    family = family_of(town, fid)
    return family.granted, family.paid, family.held


def spent(town: Town, fid: str, person: Person) -> int:
    return member_of(town, fid, person).spent


def spends(town: Town) -> list[Spend]:
    return [item for item in town.items() if isinstance(item, Spend)]


def test_money_pays_what_the_caps_leave(town: Town) -> None:
    mum, ann = town.person("mum"), town.person("ann")
    fid = household(town, mum, ann, granted=2000, paid=9000)
    held = order(ann, town.campaign(), "orders", wallet(fid)).expect(201)
    assert (held["cash_fen"], held["state"]) == (SOLO - 5000, "held")
    assert (stands(town, fid), spent(town, fid, ann)) == ((0, 6000, 1), 5000)
    ann.pay(held).expect(200)
    town.hear()
    assert (stands(town, fid), spent(town, fid, ann)) == ((0, 6000, 0), 5000)
    bought = Bought(town, ann, held["order_id"])
    bought.refund(SOLO - 5000 + 1000).expect(200)
    assert stands(town, fid) == (0, 7000, 0)
    clock.advance(61)
    bought.refund().expect(200)
    assert (stands(town, fid), spent(town, fid, ann)) == ((2000, 9000, 0), 5000)
    (spend,) = spends(town)
    assert (spend.payer, spend.uid, spend.total, spend.live) == (mum.uid, ann.uid, 5000, 0)


def test_what_is_never_paid_is_free_again(town: Town) -> None:
    mum, ann = town.person("mum"), town.person("ann")
    fid = household(town, mum, ann, granted=3000)
    held = order(ann, town.campaign(), "orders", wallet(fid)).expect(201)
    assert stands(town, fid) == (0, 0, 1)
    town.pass_time(1200)
    ann.come_back()
    assert ann.order(held["order_id"])["state"] == "released"
    assert (stands(town, fid), spent(town, fid, ann)) == ((3000, 0, 0), 0)
    assert pay_late(town, held["order_id"]) == "bought"
    assert (stands(town, fid), spent(town, fid, ann)) == ((0, 0, 0), 3000)
    assert [spend.state for spend in spends(town)] == [SpendState.CAPTURED]
