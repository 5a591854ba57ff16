"""Codes on the deployed stack: one code for thirty-two who type it, and a batch from the mint to its readable file."""

from __future__ import annotations

import csv
import io
import os
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from chalicelib.voucher.letters import check_letter
from infra.local import minute
from infra.local.client import Person, Reply
from infra.local.narrator import until
from tests.e2e.conftest import Shop
from tests.e2e.test_peers import at_once
from tests.voucher import shop as documents

THREADS = 32
TRIALS = 3
SIZE = 500


@pytest.fixture(scope="module")
def people(shop: Shop) -> list[Person]:
    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(lambda _: shop.person(), range(THREADS)))


@pytest.fixture(scope="module")
def batch_id(shop: Shop) -> str:
    """A batch of codes for a coupon."""
    cid = shop.published(documents.offer(per_user=100))
    minted = shop.admin.call("POST", f"/v1/admin/campaigns/{cid}/batches", {"size": SIZE, "label": "双十一传单"})
    bid: str = minted.expect(201)["batch_id"]
    return bid


@pytest.fixture(scope="module")
def printed(shop: Shop, batch_id: str) -> list[str]:
    """Its codes, as the merchant gets them: asked for, written by the worker, fetched by a link."""
    path = f"/v1/admin/batches/{batch_id}/exports"
    asked = shop.admin.call("POST", path, {}).expect(201)
    for _ in range(10):
        minute.run(shop.stack)
        (export,) = shop.admin.get(path)["exports"]
        if export["state"] == "ready":
            break
    link = shop.admin.call("POST", f"{path}/{asked['export']}/link", {}).expect(200)
    with urllib.request.urlopen(link["url"], timeout=10) as answer:
        rows = list(csv.reader(io.StringIO(answer.read().decode())))
    assert rows[0] == ["serial", "code"]
    assert [int(serial) for serial, _ in rows[1:]] == list(range(SIZE))
    return [code for _, code in rows[1:]]


def redeems(person: Person, code: str) -> Reply:
    """A tap, and the same tap again where the answer is that it is too busy to say."""
    key = os.urandom(16).hex()
    while True:
        reply = person.api.call("POST", "/v1/codes/redeem", {"code": code}, key=key)
        if reply.status != 503:
            return reply


def test_one_code_for_thirty_two(shop: Shop, people: list[Person], batch_id: str, printed: list[str]) -> None:
    for code in printed[:TRIALS]:
        replies = at_once([partial(redeems, person, code) for person in people])
        assert Counter(reply.status for reply in replies) == {201: 1, 409: THREADS - 1}
        assert {reply.body["code"] for reply in replies if reply.status == 409} <= {
            "code_invalid",
            "code_already_yours",
        }
    counts = shop.admin.get(f"/v1/admin/batches/{batch_id}")["counts"]
    assert (counts["redeemed"], sum(counts.values())) == (TRIALS, SIZE)


def test_a_typo_is_said_and_a_guesser_locks_himself_out_alone(shop: Shop, printed: list[str]) -> None:
    guesser, other = shop.person(), shop.person()
    code = printed[-1]
    typo = code[:-1] + ("A" if code[-1] != "A" else "C")
    assert redeems(guesser, typo).expect(422)["code"] == "code_mistyped"
    for letter in "01234":
        body = letter * 13
        assert redeems(guesser, body + check_letter(body)).status == (429 if letter == "4" else 409)
    assert redeems(guesser, code).expect(429)["code"] == "code_locked"
    redeems(other, code).expect(201)


def test_a_revoked_batch_is_good_for_nothing(shop: Shop, batch_id: str, printed: list[str]) -> None:
    path = f"/v1/admin/batches/{batch_id}"
    shop.admin.call("POST", f"{path}/revoke", {"note": "传单印错了"}).expect(200)
    assert redeems(shop.person(), printed[TRIALS]).expect(409)["code"] == "code_invalid"
    minute.run(shop.stack)
    until(lambda: not shop.admin.get(path)["counts"]["left"], "the end of a batch")
    counts = shop.admin.get(path)["counts"]
    assert (counts["left"], counts["redeemed"], sum(counts.values())) == (0, TRIALS + 1, SIZE)
