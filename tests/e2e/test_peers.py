"""Experiments in which a well-known mall oversold 25 of 25 and lost completions in 25 of 25, on the deployed stack."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any

from infra.local.client import Person, Reply
from tests.e2e.conftest import Shop
from tests.proof.counts import EFFORT

TRIALS = 25 if EFFORT.name == "long" else 8
BUYERS = 16


def at_once(acts: Sequence[Callable[[], Any]]) -> list[Any]:
    together = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        together.wait()
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def joins(person: Person, group: str, orders: set[str]) -> Reply:
    reply = person.join(group)
    if reply.status in (201, 202):
        orders.add(reply.body["order_id"])
    return reply


def told(shop: Shop, order_id: str) -> int:
    body = json.dumps({"out_trade_no": f"{order_id}-1"}).encode()
    status: int = shop.control("POST", "/_sim/notify", body)["status"]
    return status


def test_sixteen_buyers_of_one_last_seat_again_and_again(shop: Shop) -> None:
    campaign, orders, opened = shop.campaign(size=2), set[str](), list[str]()
    with ThreadPoolExecutor(BUYERS) as pool:
        people = list(pool.map(lambda _: shop.person(), range(BUYERS)))
    for _ in range(TRIALS):
        _, seat = shop.open_group(campaign)
        opened.append(seat["order_id"])
        group = seat["group_id"]
        replies = at_once([partial(joins, person, group, orders) for person in people])
        assert sum(reply.status in (201, 202) for reply in replies) == 1
        assert {reply.body["code"] for reply in replies if reply.status == 409} == {"group_full"}
        page = people[0].group(group)
        assert (page["have"], page["left"]) == (2, 0)
    assert len(orders) == TRIALS
    assert len({*orders, *opened}) == 2 * TRIALS


def test_two_last_payments_at_once_again_and_again(shop: Shop) -> None:
    campaign, people = shop.campaign(size=3), [shop.person() for _ in range(2)]
    for _ in range(TRIALS):
        leader, opened = shop.open_group(campaign)
        seats = [person.join(opened["group_id"]).expect(201) for person in people]
        for person, seat in zip(people, seats, strict=True):
            person.pay(seat, notify=False).expect(200)
        tell = [partial(told, shop, seat["order_id"]) for seat in seats]
        answers = at_once(tell)
        # 503 is "too busy to answer for certain": WeChat comes again.
        assert {*answers} <= {204, 503}
        assert [act() for act, status in zip(tell, answers, strict=True) if status == 503] == [204] * answers.count(503)
        page = leader.group(opened["group_id"])
        assert (page["status"], page["paid"]) == ("succeeded", 3)
