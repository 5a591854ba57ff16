"""Experiments in which a well-known mall issued 105 to 119 of 100 coupons, on the deployed stack: exactly the limit."""

from __future__ import annotations

import os
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest

from infra.local.client import Person, Reply
from tests.coupons.shop import offer
from tests.e2e.conftest import Shop
from tests.e2e.test_peers import at_once
from tests.proof import counts

TRIALS = int(os.environ.get("RIPPLE_TRIALS", "25" if counts.EFFORT.name == "long" else "5"))
THREADS = 32
A_HUNDRED = 100
EACH = 4
"""How often each of the threads claims of a hundred: together more than there are."""


@pytest.fixture(scope="module")
def people(shop: Shop) -> list[Person]:
    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(lambda _: shop.person(), range(THREADS)))


def template(shop: Shop, **changes: Any) -> str:
    return shop.published(offer(**changes))


def claims(person: Person, campaign: str) -> Reply:
    """A tap, and the same tap again where the answer is that it is too busy to say."""
    key = os.urandom(16).hex()
    while True:
        reply = person.api.call("POST", f"/v1/campaigns/{campaign}/coupons", {}, key=key)
        if reply.status != 503:
            return reply


def outcome(replies: list[Reply]) -> tuple[int, set[str]]:
    """How many have one, each another, and what the others were told."""
    made = [reply.body["coupon_id"] for reply in replies if reply.status == 201]
    assert len(set(made)) == len(made)
    assert Counter(reply.status for reply in replies).keys() <= {201, 409}
    return len(made), {reply.body["code"] for reply in replies if reply.status == 409}


def issued(shop: Shop, campaign: str) -> tuple[int, int]:
    told = shop.admin.get(f"/v1/admin/campaigns/{campaign}/coupons")
    return told["issued"], told["left"]


def test_a_hundred_coupons_for_thirty_two_who_want_more(shop: Shop, people: list[Person]) -> None:
    def several(person: Person, campaign: str) -> list[Reply]:
        return [claims(person, campaign) for _ in range(EACH)]

    for _ in range(TRIALS):
        campaign = template(shop, total=A_HUNDRED, per_user=EACH)
        replies = at_once([partial(several, person, campaign) for person in people])
        assert outcome([reply for own in replies for reply in own]) == (A_HUNDRED, {"coupons_claimed_out"})
        assert issued(shop, campaign) == (A_HUNDRED, 0)


def test_one_coupon_for_thirty_two(shop: Shop, people: list[Person]) -> None:
    for _ in range(TRIALS):
        campaign = template(shop, total=1)
        replies = at_once([partial(claims, person, campaign) for person in people])
        assert outcome(replies) == (1, {"coupons_claimed_out"})
        assert issued(shop, campaign) == (1, 0)


def test_one_a_user_for_one_who_asks_thirty_two_times_at_once(shop: Shop, people: list[Person]) -> None:
    for n in range(TRIALS):
        campaign, person = template(shop, total=A_HUNDRED), people[n % THREADS]
        replies = at_once([partial(claims, person, campaign)] * THREADS)
        assert outcome(replies) == (1, {"coupon_limit"})
        assert issued(shop, campaign) == (1, A_HUNDRED - 1)
