"""Thirty-two people, one last seat, on the deployed stack."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from infra.local.client import Person, Reply
from tests.e2e.conftest import Shop

BUYERS = 32


def test_one_of_thirty_two_gets_the_last_seat_and_the_others_a_clear_409(shop: Shop) -> None:
    _, opened = shop.open_group(shop.campaign(size=2))
    with ThreadPoolExecutor(BUYERS) as pool:
        # Logging in all at once also warms as many functions as will be needed.
        people = list(pool.map(lambda _: shop.person(), range(BUYERS)))
    together = Barrier(BUYERS)

    def tap(person: Person) -> Reply:
        together.wait()
        return person.join(opened["group_id"], key=f"tap-of-{person.uid}")

    with ThreadPoolExecutor(BUYERS) as pool:
        replies = list(pool.map(tap, people))

    winners = [n for n, reply in enumerate(replies) if reply.status in (201, 202)]
    assert len(winners) == 1
    refused = [reply for n, reply in enumerate(replies) if n not in winners]
    assert {(reply.status, reply.body["code"]) for reply in refused} == {(409, "group_full")}
    assert all(reply.body["next"] for reply in refused)

    winner, won = people[winners[0]], replies[winners[0]].body
    again = winner.join(opened["group_id"], key=f"tap-of-{winner.uid}").expect(201)
    assert (again["order_id"], again["group_id"]) == (won["order_id"], won["group_id"])
    page = winner.group(opened["group_id"])
    assert (page["have"], page["left"], page["paid"]) == (2, 0, 1)
