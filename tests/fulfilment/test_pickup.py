"""Goods that are fetched: their buyer is told where, and whoever stands there needs nothing but his QR code."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chalicelib.core.errors import INVALID_FIELD, RippleError
from chalicelib.core.ids import CROCKFORD
from chalicelib.fulfilment.items import Shipment
from chalicelib.fulfilment.rules import said_by_qr, scanned
from infra.local.client import Api, Reply
from tests.bench.capacity import warm_caches
from tests.bench.meter import metered
from tests.campaigns.points import POINT
from tests.fulfilment.shop import Bought, bought
from tests.town import Town, send


def scan(town: Town, text: str, *, key: str | None = None) -> Reply:
    return town.admin.call("POST", "/v1/admin/handovers", {"scanned": text}, key=key)


def code(reply: Reply) -> tuple[int, str]:
    return reply.status, reply.body["code"]


def fetched(town: Town) -> Bought:
    return bought(town, fulfilment="pickup")


def letters(length: int) -> st.SearchStrategy[str]:
    return st.text(CROCKFORD, min_size=length, max_size=length)


def test_buyer_and_merchant_see_where_goods_are_fetched(town: Town) -> None:
    order, sent = fetched(town), bought(town)
    assert (order.shown["pickup"], order.record["pickup"]) == (POINT, POINT)
    assert (sent.shown["pickup"], sent.record["pickup"], sent.shown["pickup_qr"]) == (None, None, None)
    listed = {row["order_id"]: row["pickup_point"] for row in town.admin.get("/v1/admin/orders")["orders"]}
    assert listed == {order.order_id: "lake", sent.order_id: None}


def test_the_owners_page_reads_no_more_for_it(town: Town) -> None:
    def trips(order: Bought) -> int:
        assert order.shown["order_id"] == order.order_id
        with metered(town.emulator) as cost:
            order.buyer.order(order.order_id)
        return cost.round_trips

    with warm_caches():
        assert trips(fetched(town)) == trips(bought(town))


def test_whoever_scans_the_buyers_code_needs_no_order_id(town: Town) -> None:
    order = fetched(town)
    shown = order.shown
    assert shown["pickup_qr"] == f"{order.order_id}:{shown['pickup_code']}"
    assert shown["pickup_code"] not in str(order.record)
    for _ in range(2):
        done = scan(town, f" {shown['pickup_qr'].lower()} ", key="scanned-with-one-tap").expect(200)
        assert done["order_id"] == order.order_id
        assert (done["goods"]["state"], done["goods"]["received_by"], done["pickup"]) == ("done", "code", POINT)
    assert code(scan(town, shown["pickup_qr"])) == (409, "already_received")
    assert (order.shown["pickup_code"], order.shown["pickup_qr"], order.shown["pickup"]) == (None, None, POINT)
    town.stream()
    assert [upload["logistics_type"] for upload in order.uploads] == [4]
    entries = town.admin.get("/v1/admin/audit")["entries"]
    assert [row["subject"] for row in entries if row["action"] == "order.hand_over"] == [order.order_id]


def test_another_text_hands_nothing_over(town: Town) -> None:
    order, other = fetched(town), fetched(town)
    own, foreign = order.shown["pickup_code"], other.shown["pickup_code"]
    for text in (
        own,
        order.order_id,
        f"{order.order_id}{own}",
        f"{order.order_id}:",
        f"https://{order.order_id}:{own}",
    ):
        refused = scan(town, text)
        assert code(refused) == (422, "invalid_field")
        assert refused.body["errors"][0]["pointer"] == "/scanned"
    assert code(scan(town, f"{order.order_id}:{foreign}")) == (409, "pickup_code_wrong")
    assert code(scan(town, f"{'0' * 26}:{own}")) == (404, "not_found")
    assert code(scan(town, f"{bought(town).order_id}:{own}")) == (409, "not_pickup")
    key = "one-tap-for-two"
    scan(town, f"{order.order_id}:{own}", key=key).expect(200)
    assert code(scan(town, f"{other.order_id}:{foreign}", key=key)) == (409, "idempotency_key_reused")
    assert [item.oid for item in town.items() if isinstance(item, Shipment)] == [order.order_id]


def test_another_merchant_hands_nothing_over(town: Town) -> None:
    order = fetched(town)
    text = order.shown["pickup_qr"]
    elsewhere = Api(send, town.second().api_key)
    assert code(elsewhere.call("POST", "/v1/admin/handovers", {"scanned": text})) == (404, "not_found")
    order.ask().expect(201)
    assert code(scan(town, text)) == (409, "case_open")


@given(oid=letters(26), shown=letters(8))
def test_what_a_qr_code_says_is_read_as_it_was_said(oid: str, shown: str) -> None:
    assert scanned(said_by_qr(oid, shown)) == (oid, shown)
    assert scanned(f" {said_by_qr(oid, shown)} ".lower()) == (oid, shown)


@given(text=st.text() | st.text(f"{CROCKFORD}:", min_size=30, max_size=40))
@example(f"{'０' * 26}:{'0' * 8}")
@example(f"{'0' * 26}:{'0' * 8}:{'0' * 8}")
def test_any_other_text_is_refused_by_name(text: str) -> None:
    parts: list[Any] = text.strip().upper().split(":")
    if [len(parts), len(parts[0])] == [2, 26] and parts[1] and all(letter in CROCKFORD for letter in "".join(parts)):
        return
    with pytest.raises(RippleError) as caught:
        scanned(text)
    assert (caught.value.problem, caught.value.pointer) == (INVALID_FIELD, "/scanned")
