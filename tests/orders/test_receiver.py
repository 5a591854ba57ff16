"""Who gets the goods: sealed in storage, masked in lists, whole for its owner and, on record, for the merchant."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core import clock
from chalicelib.core.ids import MerchantId, OrderId
from chalicelib.core.secrets import merchant_secrets, store_secrets
from chalicelib.core.store import read_one
from chalicelib.core.table import Item
from chalicelib.core.transaction import update_one
from chalicelib.orders import receiver
from chalicelib.orders.items import Order, Receiver, order_key, receiver_key
from chalicelib.orders.receiver import KEPT, Address, masked_phone
from chalicelib.orders.states import OrderState
from infra.local.client import Api, Person, Reply
from tests.bench.meter import metered
from tests.campaigns.points import points_for
from tests.orders.address import ADDRESS, OTHER, PRIVATE
from tests.town import Town, send

OPTIONAL = ("street_name", "postal_code", "national_code")
SHOWN = {"name": "王**", "phone": "138****1234", "province": "浙江省", "city": "杭州市"}
THREE_YEARS = KEPT.total_seconds()


def held(town: Town, address: dict[str, str] | None = ADDRESS, **changes: Any) -> tuple[Person, str]:
    """Somebody who is about to open a group, and his order."""
    person = town.person()
    body = {} if address is None else {"receiver": address}
    answer = person.api.call("POST", f"/v1/campaigns/{town.campaign(**changes)}/groups", body).expect(201)
    return person, answer["order_id"]


def put(person: Person, order_id: str, address: Any = OTHER) -> Reply:
    return person.api.call("PUT", f"/v1/orders/{order_id}/receiver", address)


def whole(person: Person, order_id: str) -> Reply:
    return person.api.call("GET", f"/v1/orders/{order_id}/receiver")


def reveal(town: Town, order_id: str) -> Reply:
    return town.admin.call("POST", f"/v1/admin/orders/{order_id}/receiver/reveal", {})


def erase(town: Town, order_id: str, key: str | None = None) -> Reply:
    return town.admin.call("POST", f"/v1/admin/orders/{order_id}/receiver/erase", {}, key=key)


def stored(town: Town, order_id: str) -> Receiver | None:
    return read_one(Receiver, receiver_key(MerchantId(town.merchant.mid), order_id))


def given_state(town: Town, order_id: str, state: OrderState) -> None:
    update_one(order_key(MerchantId(town.merchant.mid), order_id), [Order.state.set(state)], when={})


def audited(town: Town, action: str) -> list[Any]:
    return [entry for entry in town.admin.get("/v1/admin/audit")["entries"] if entry["action"] == action]


@given(st.text(st.sampled_from("0123456789+-"), min_size=5, max_size=20))
def test_no_more_than_seven_digits_of_a_number_are_ever_shown(number: str) -> None:
    assert sum(letter.isdigit() for letter in masked_phone(number)) <= 7


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("13812341234", "138****1234"),
        ("+86-138-1234-1234", "138****1234"),
        ("010-12345678", "010****5678"),
        ("12345678", "****"),
        ("10086", "****"),
    ],
)
def test_a_number_is_recognised_by_its_owner_alone(number: str, masked: str) -> None:
    assert masked_phone(number) == masked


@pytest.mark.parametrize("what", ["open", "join", "alone"])
def test_whoever_buys_may_say_at_once_who_gets_the_goods(town: Town, what: str) -> None:
    campaign = town.campaign()
    _, opened = town.opened(campaign)
    path = {
        "open": f"/v1/campaigns/{campaign}/groups",
        "join": f"/v1/groups/{opened['group_id']}/seats",
        "alone": f"/v1/campaigns/{campaign}/orders",
    }[what]
    person = town.person()
    asked = {"receiver": ADDRESS}
    order_id = person.api.call("POST", path, asked, key="one-tap-of-a-finger").expect(201)["order_id"]
    assert person.order(order_id)["receiver"] == SHOWN
    assert town.admin.get(f"/v1/admin/orders/{order_id}")["receiver"] == SHOWN
    assert whole(person, order_id).expect(200)["address"] == {**dict.fromkeys(OPTIONAL), **ADDRESS}
    again = person.api.call("POST", path, asked, key="one-tap-of-a-finger").expect(201)
    assert again["order_id"] == order_id
    other = person.api.call("POST", path, {"receiver": OTHER}, key="one-tap-of-a-finger")
    assert (other.status, other.body["code"]) == (409, "idempotency_key_reused")


def test_an_order_costs_what_it_cost_and_two_units_more_with_a_receiver(town: Town) -> None:
    _, opened = town.opened(town.campaign(size=9))
    path = f"/v1/groups/{opened['group_id']}/seats"
    ann, ben = town.person(), town.person()
    with metered(town.emulator) as without:
        ann.api.call("POST", path, {}).expect(201)
    with metered(town.emulator) as with_one:
        ben.api.call("POST", path, {"receiver": ADDRESS}).expect(201)
    assert (without.write_units, with_one.write_units) == (11, 13)
    assert without.operations == with_one.operations


def test_its_page_is_read_in_one_query(town: Town) -> None:
    person, order_id = held(town)
    with metered(town.emulator) as cost:
        person.order(order_id)
    assert cost.operations.count("Query") == 1
    with metered(town.emulator) as without:
        bare, bare_id = held(town, None)
        without.operations.clear()
        assert bare.order(bare_id)["receiver"] is None
    assert cost.operations == without.operations


@pytest.mark.parametrize("state", [OrderState.HELD, OrderState.PAID, OrderState.CONFIRMED])
def test_it_can_be_said_later_and_changed(town: Town, state: OrderState) -> None:
    person, order_id = held(town, None)
    assert whole(person, order_id).status == 404
    given_state(town, order_id, state)
    assert put(person, order_id, ADDRESS).expect(200)["address"]["user_name"] == ADDRESS["user_name"]
    clock.advance(60)
    changed = put(person, order_id, OTHER).expect(200)
    assert changed == whole(person, order_id).expect(200)
    assert changed["updated_at"] == clock.iso(clock.now()).replace(".000Z", "Z")
    assert person.order(order_id)["receiver"]["phone"] == "010****5678"
    given_state(town, order_id, OrderState.HELD)


@pytest.mark.parametrize("state", [OrderState.CLOSING, OrderState.RELEASED, OrderState.REFUND])
def test_it_is_fixed_when_no_goods_will_be_sent(town: Town, state: OrderState) -> None:
    person, order_id = held(town)
    given_state(town, order_id, state)
    answer = put(person, order_id)
    assert (answer.status, answer.body["code"]) == (409, "receiver_fixed")
    assert whole(person, order_id).expect(200)["address"]["user_name"] == ADDRESS["user_name"]
    given_state(town, order_id, OrderState.HELD)


def test_an_order_that_ends_meanwhile_keeps_its_receiver(town: Town) -> None:
    person, order_id = held(town)
    town.emulator.meanwhile(lambda: given_state(town, order_id, OrderState.RELEASED))
    assert put(person, order_id).body["code"] == "receiver_fixed"
    assert whole(person, order_id).expect(200)["address"]["user_name"] == ADDRESS["user_name"]
    given_state(town, order_id, OrderState.HELD)


def test_it_is_its_owners_alone(town: Town) -> None:
    _, order_id = held(town)
    stranger = town.person()
    assert (whole(stranger, order_id).status, put(stranger, order_id).status) == (404, 404)
    foreign = Api(send, town.second().api_key)
    assert foreign.call("POST", f"/v1/admin/orders/{order_id}/receiver/reveal", {}).status == 404


@pytest.mark.parametrize("fulfilment", ["pickup", "virtual"])
def test_what_is_not_sent_has_no_address(town: Town, fulfilment: str) -> None:
    campaign = town.campaign(skus=[{**town.sku(), "fulfilment": fulfilment}], **points_for(fulfilment))
    person = town.person()
    answer = person.api.call("POST", f"/v1/campaigns/{campaign}/groups", {"receiver": ADDRESS})
    assert (answer.status, [wrong["pointer"] for wrong in answer.body["errors"]]) == (422, ["/receiver"])
    order_id = person.open(campaign).expect(201)["order_id"]
    later = put(person, order_id, ADDRESS)
    assert (later.status, later.body["code"]) == (422, "invalid_field")


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("user_name", ""),
        ("user_name", "王" * 41),
        ("tel_number", "1381234"[:4]),
        ("tel_number", "138 1234 1234"),
        ("tel_number", "-" * 8),
        ("tel_number", "1" * 21),
        ("province_name", ""),
        ("city_name", "x" * 41),
        ("detail_info", "x" * 201),
        ("postal_code", "31000O"),
        ("national_code", "x"),
    ],
)
def test_an_address_that_is_none_names_its_field(town: Town, field: str, wrong: str) -> None:
    person, order_id = held(town, None)
    answer = put(person, order_id, {**ADDRESS, field: wrong})
    assert (answer.status, answer.body["errors"][0]["pointer"]) == (422, f"/{field}")


def test_a_look_is_on_record_before_it_is_answered(town: Town) -> None:
    _, order_id = held(town)
    for looks in (1, 2):
        assert reveal(town, order_id).expect(200)["address"]["tel_number"] == ADDRESS["tel_number"]
        assert [entry["subject"] for entry in audited(town, "receiver.look")] == [order_id] * looks

    def unreachable(call: Any) -> Exception | None:
        return RuntimeError("storage is gone") if call.operation == "TransactWriteItems" else None

    town.emulator.before = unreachable
    answer = reveal(town, order_id)
    town.emulator.before = None
    assert answer.status >= 500
    assert not any(private in json.dumps(answer.body, ensure_ascii=False) for private in PRIVATE)


def test_nothing_is_looked_at_where_nothing_is(town: Town) -> None:
    _, order_id = held(town, None)
    assert (reveal(town, order_id).status, reveal(town, "NOBODYS").status) == (404, 404)
    assert audited(town, "receiver.look") == []


def test_several_are_opened_at_once(town: Town) -> None:
    mid = MerchantId(town.merchant.mid)
    orders = [held(town)[1], held(town, OTHER)[1], held(town, None)[1]]
    with metered(town.emulator) as cost:
        found = receiver.full(mid, orders)
    assert cost.operations == ["BatchGetItem"]
    assert {oid: address and address.user_name for oid, address in found.items()} == {
        orders[0]: ADDRESS["user_name"],
        orders[1]: OTHER["user_name"],
    }


def test_a_receiver_that_was_moved_to_another_order_does_not_open(town: Town) -> None:
    _, first = held(town)
    person, second = held(town, OTHER)
    moved, place = stored(town, first), stored(town, second)
    assert moved is not None and place is not None
    place.sealed = moved.sealed
    town.emulator.restore(place)
    for answer in (whole(person, second), reveal(town, second)):
        assert (answer.status, answer.body["code"], answer.body["order_id"]) == (409, "receiver_unreadable", second)
    assert audited(town, "receiver.look") == []
    found = receiver.full(MerchantId(town.merchant.mid), [first, second])
    assert (found[OrderId(second)], found[OrderId(first)]) == (None, msgspec.convert(ADDRESS, Address))


def test_what_an_old_key_sealed_is_read_when_a_new_one_seals(town: Town) -> None:
    mid = MerchantId(town.merchant.mid)
    person, order_id = held(town)
    secrets = merchant_secrets(mid)
    both = {**secrets.data_keys, "d2": "02" * 32}
    store_secrets(mid, msgspec.structs.replace(secrets, data_keys=both, data_kid="d2"))
    assert whole(person, order_id).expect(200)["address"]["user_name"] == ADDRESS["user_name"]
    put(person, order_id).expect(200)
    kept = stored(town, order_id)
    assert kept is not None and str(kept.sealed).startswith("d2.")
    assert whole(person, order_id).expect(200)["address"]["user_name"] == OTHER["user_name"]


def test_a_merchant_without_a_key_sells_without_receivers(town: Town) -> None:
    mid = MerchantId(town.merchant.mid)
    store_secrets(mid, msgspec.structs.replace(merchant_secrets(mid), data_keys={}, data_kid=""))
    person, order_id = held(town, None)
    answer = put(person, order_id)
    assert (answer.status, answer.body["code"]) == (409, "receiver_key_missing")
    refused = town.person().api.call("POST", f"/v1/campaigns/{town.campaign()}/groups", {"receiver": ADDRESS})
    assert (refused.status, refused.body["code"]) == (409, "receiver_key_missing")


def test_it_is_kept_for_three_years_and_then_goes_by_itself(town: Town) -> None:
    person, order_id = held(town, None)
    made = clock.now()
    clock.advance(600)
    put(person, order_id).expect(200)
    kept = stored(town, order_id)
    assert kept is not None
    assert kept.ttl == int((made + KEPT).timestamp())
    assert made.replace(year=made.year + 3) <= made + KEPT


def test_it_is_erased_when_the_law_no_longer_keeps_it_and_never_before(town: Town) -> None:
    person, order_id = held(town)
    until = (clock.now() + KEPT).astimezone(clock.BEIJING).date().isoformat()
    clock.advance(THREE_YEARS - 1)
    early = erase(town, order_id)
    assert (early.status, early.body["code"], early.body["until"]) == (409, "receiver_kept", until)
    assert until in early.body["detail"]
    before = read_one(Order, order_key(MerchantId(town.merchant.mid), order_id))
    clock.advance(1)
    for _ in range(2):
        assert erase(town, order_id, key="erase-it-for-good").status == 204
    left = stored(town, order_id)
    assert left is not None
    assert left.erased_at == clock.now()
    assert not left.serialize().keys() & {"sealed", "name", "phone", "province", "city"}
    after = read_one(Order, order_key(MerchantId(town.merchant.mid), order_id))
    assert before is not None and after is not None
    assert before.serialize() == after.serialize()
    assert [entry["subject"] for entry in audited(town, "receiver.erase")] == [order_id]
    person.come_back()
    assert person.order(order_id)["receiver"] is None
    assert (whole(person, order_id).status, reveal(town, order_id).status, erase(town, order_id).status) == (404,) * 3
    assert put(person, order_id).body["code"] == "receiver_fixed"
    assert receiver.full(MerchantId(town.merchant.mid), [order_id]) == {}


def test_a_key_that_erased_one_does_not_erase_another(town: Town) -> None:
    orders = [held(town)[1], held(town)[1]]
    clock.advance(THREE_YEARS)
    assert erase(town, orders[0], key="erase-it-for-good").status == 204
    assert erase(town, orders[1], key="erase-it-for-good").body["code"] == "idempotency_key_reused"


def test_two_who_erase_at_once_erase_once(town: Town) -> None:
    _, order_id = held(town)
    clock.advance(THREE_YEARS)
    town.emulator.meanwhile(lambda: erase(town, order_id).expect(204))
    assert erase(town, order_id).status == 404
    assert len(audited(town, "receiver.erase")) == 1


def texts(item: Item) -> str:
    return json.dumps(item.serialize(), ensure_ascii=False)


def test_nothing_that_is_stored_shows_whom_it_is_for(town: Town) -> None:
    person, order_id = held(town)
    put(person, order_id, ADDRESS).expect(200)
    reveal(town, order_id).expect(200)
    held(town, None)
    shown = [(private, item.pk) for item in town.items() for private in PRIVATE if private in texts(item)]
    assert shown == []


def test_nothing_that_is_logged_shows_whom_it_is_for(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    person, order_id = held(town)
    campaign = town.campaign()
    put(person, order_id, {**ADDRESS, "detail_info": "", "tel_numbers": ADDRESS["tel_number"]})
    put(person, order_id, {**ADDRESS, "national_code": ADDRESS["tel_number"] + "x"})

    def fail(call: Any) -> Exception:
        return RuntimeError(f"{call.operation} failed with {call.body!r}")

    town.emulator.before = fail
    answer = put(person, order_id, ADDRESS)
    failed = person.api.call("POST", f"/v1/campaigns/{campaign}/groups", {"receiver": ADDRESS})
    town.emulator.before = None
    assert (answer.status, failed.status) == (500, 500)
    reveal(town, order_id).expect(200)
    moved = stored(town, order_id)
    assert moved is not None
    moved.sealed = str(moved.sealed)[:-8] + "AAAAAAA="
    town.emulator.restore(moved)
    assert reveal(town, order_id).status == 409
    told = capsys.readouterr()
    assert "receiver_unreadable" in told.out and "unhandled" in told.out
    assert [private for private in PRIVATE if private in told.out + told.err] == []
    assert [private for private in PRIVATE if json.dumps(private)[1:-1] in told.out + told.err] == []


def test_an_address_is_what_it_was_after_it_was_sealed(town: Town) -> None:
    complete = {**ADDRESS, "street_name": "西溪街道", "postal_code": "310000", "national_code": "330106"}
    person, order_id = held(town, complete)
    assert whole(person, order_id).expect(200)["address"] == complete
    assert receiver.full(MerchantId(town.merchant.mid), [order_id]) == {order_id: msgspec.convert(complete, Address)}
