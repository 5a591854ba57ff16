"""Coupons that families share: who may use one, and until when."""

from __future__ import annotations

import pytest

from chalicelib.core import clock
from chalicelib.core.store import read_one
from chalicelib.coupons.items import Called, called, ref_of, shared_ref
from chalicelib.family import standing
from chalicelib.family.states import FamilyState
from chalicelib.orders.items import Order, order_key
from infra.local.client import Person
from tests.coupons import shop
from tests.coupons.shop import SOLO, buys, gets, piece, takes_back, template
from tests.family.shared_shop import (
    FOR_FAMILIES,
    freezes,
    leaves,
    listed,
    ref,
    returns,
    rows,
    shared,
    shares,
    turns,
    unshares,
)
from tests.family.shop import household, mid_of
from tests.town import Town


@pytest.fixture
def dad(town: Town) -> Person:
    return town.person("dad")


@pytest.fixture
def ann(town: Town) -> Person:
    return town.person("ann")


@pytest.fixture
def ben(town: Town) -> Person:
    return town.person("ben")


@pytest.fixture
def fid(town: Town, dad: Person, ann: Person, ben: Person) -> str:
    return household(town, dad, ann, minors=(ben,))


@pytest.fixture
def goods(town: Town) -> str:
    return town.campaign()


def test_a_piece_is_called_by_family_owner_coupon_and_number() -> None:
    fid, uid = "F" * 26, "U" * 26
    assert called("C0", "ME") == Called("ME", "C0", 0, None)
    assert called(ref_of("C0", 3), "ME") == Called("ME", "C0", 3, None)
    assert called(shared_ref(fid, uid, "C0", 11), "ME") == Called(uid, "C0", 11, fid)
    longest = shared_ref(fid, uid, "C" * 32, 11)
    assert len(longest) == 89
    for no_name in ("", "C0.12", f"{fid}.C0", f"{uid}.C0.1", f"{fid}.{uid}.C0.12", f"{fid}.{uid}.C0.1.1"):
        assert called(no_name, "ME") is None
    assert called(shared_ref(fid, uid, "C0", 0), uid) is None


def test_a_member_pays_with_what_another_shares_and_it_is_used(
    town: Town, dad: Person, ann: Person, ben: Person, fid: str, goods: str
) -> None:
    mine = shared(town, ann)
    order = buys(ben, goods, ref(fid, ann, mine)).expect(201)
    assert (order["cash_fen"], piece(ann, mine)) == (SOLO - 1000, "locked")
    assert buys(dad, goods, ref(fid, ann, mine)).expect(409)["code"] == "coupon_locked"
    assert buys(ann, goods, mine).expect(409)["code"] == "coupon_locked"
    ben.pay(order).expect(200)
    town.hear()
    assert piece(ann, mine) == "used"
    path = f"/v1/admin/orders/{order['order_id']}/refund"
    town.admin.call("POST", path, {"note": "sold out"}).expect(200)
    assert piece(ann, mine) == "available"


def test_its_owner_uses_it_by_its_own_name(ann: Person, fid: str, goods: str, town: Town) -> None:
    mine = shared(town, ann)
    assert buys(ann, goods, ref(fid, ann, mine)).expect(422)["code"] == "coupon_unknown"
    buys(ann, goods, mine).expect(201)


def test_what_its_merchant_does_not_allow_is_not_shared(town: Town, ann: Person, fid: str) -> None:
    alone = gets(town, ann, shop.STACKED)
    assert shares(ann, alone).expect(409)["code"] == "coupon_not_for_family"
    gone = gets(town, ann, FOR_FAMILIES)
    takes_back(town, ann, gone).expect(200)
    assert shares(ann, gone).expect(409)["code"] == "coupon_nothing_to_share"
    assert rows(town, fid) == []


def test_who_is_in_no_family_shares_nothing(town: Town, ann: Person) -> None:
    mine = gets(town, ann, FOR_FAMILIES)
    assert shares(ann, mine).expect(404)["code"] == "family_unknown"
    assert shares(ann, "NONE").expect(404)["code"] == "not_found"
    fid = household(town, town.person(), ann)
    turns(town, fid, FamilyState.CLOSING)
    assert shares(ann, mine).expect(409)["code"] == "family_ended"


def test_sharing_again_is_the_same_and_a_late_repetition_shares_nothing(
    town: Town, ann: Person, ben: Person, fid: str, goods: str
) -> None:
    mine, key = gets(town, ann, FOR_FAMILIES), "the-first-tap-of-anns"
    first = shares(ann, mine, key=key).expect(200)
    clock.advance(60)
    (since,) = [one["shared_at"] for one in listed(ben, fid)]
    assert (first["shared_with"], shares(ann, mine).expect(200)["shared_with"]) == (fid, fid)
    assert ([one["shared_at"] for one in listed(ben, fid)], rows(town, fid)) == ([since], [mine])
    assert unshares(ann, mine).expect(200)["shared_with"] is None
    assert unshares(ann, mine).expect(200)["shared_with"] is None
    assert shares(ann, mine, key=key).expect(200)["shared_with"] is None
    assert rows(town, fid) == []
    assert buys(ben, goods, ref(fid, ann, mine)).expect(409)["code"] == "coupon_not_shared"


def test_what_an_order_holds_it_keeps_when_it_is_shared_no_more(
    town: Town, ann: Person, ben: Person, fid: str, goods: str
) -> None:
    mine = shared(town, ann)
    order = buys(ben, goods, ref(fid, ann, mine)).expect(201)
    unshares(ann, mine).expect(200)
    leaves(town, fid, ben)
    ben.pay(order).expect(200)
    town.hear()
    assert (piece(ann, mine), ben.order(order["order_id"])["state"]) == ("used", "confirmed")


def test_leaving_ends_it_and_coming_back_does_not_begin_it_again(
    town: Town, ann: Person, ben: Person, fid: str, goods: str
) -> None:
    mine = shared(town, ann)
    leaves(town, fid, ann)
    assert buys(ben, goods, ref(fid, ann, mine)).expect(409)["code"] == "coupon_not_shared"
    assert listed(ben, fid) == []
    clock.advance(60)
    returns(town, fid, ann)
    assert buys(ben, goods, ref(fid, ann, mine)).expect(409)["code"] == "coupon_not_shared"
    shares(ann, mine).expect(200)
    buys(ben, goods, ref(fid, ann, mine)).expect(201)


def test_who_has_left_or_never_was_there_uses_nothing(
    town: Town, ann: Person, ben: Person, fid: str, goods: str
) -> None:
    called_so = ref(fid, ann, shared(town, ann))
    leaves(town, fid, ben)
    for person in (ben, town.person("eve")):
        assert buys(person, goods, called_so).expect(404)["code"] == "family_unknown"
        assert person.api.call("GET", f"/v1/families/{fid}/coupons").expect(404)["code"] == "family_unknown"


def test_who_may_not_spend_uses_nothing(town: Town, ann: Person, ben: Person, fid: str, goods: str) -> None:
    called_so = ref(fid, ann, shared(town, ann))
    freezes(town, fid, ben)
    assert buys(ben, goods, called_so).expect(409)["code"] == "family_member_frozen"
    freezes(town, fid)
    assert buys(ben, goods, called_so).expect(409)["code"] == "family_frozen"
    cold = household(town, town.person("mum"), town.person("cat"), cooled=False)
    theirs = shared(town, town.person("mum"))
    assert (
        buys(town.person("cat"), goods, ref(cold, town.person("mum"), theirs)).expect(409)["code"] == "family_cooling"
    )


def test_a_frozen_owner_still_shares(town: Town, ann: Person, ben: Person, fid: str, goods: str) -> None:
    mine = shared(town, ann)
    freezes(town, fid, ann)
    buys(ben, goods, ref(fid, ann, mine)).expect(201)


def test_several_combine_as_coupons_do(town: Town, dad: Person, ann: Person, ben: Person, fid: str, goods: str) -> None:
    campaign = template(town, FOR_FAMILIES, per_user=2)
    hers = [shop.claimed(ann, campaign) for _ in range(2)]
    his = shop.claimed(dad, campaign)
    for person, coupon in ((ann, hers[0]), (ann, hers[1]), (dad, his)):
        shares(person, coupon).expect(200)
    both = buys(ben, goods, ref(fid, ann, hers[0]), ref(fid, ann, hers[1])).expect(201)
    assert both["cash_fen"] == SOLO - 2000
    ben.api.post(f"/v1/orders/{both['order_id']}/cancel")
    town.minute()
    refused = buys(ben, goods, ref(fid, ann, hers[0]), ref(fid, ann, hers[0], 0)).expect(422)
    assert refused["code"] == "coupon_once"
    own = shop.claimed(ben, campaign)
    mixed = buys(ben, goods, own, ref(fid, dad, his)).expect(201)
    assert mixed["cash_fen"] == SOLO - 2000
    order = read_one(Order, order_key(mid_of(town), mixed["order_id"]))
    assert order is not None
    assert [part.ref for part in standing.paid_from(order, fid)] == [ref(fid, dad, his)]


def test_money_that_comes_late_uses_it_only_while_it_is_shared(
    town: Town, ann: Person, ben: Person, fid: str, goods: str
) -> None:
    for stays, ends in ((True, "confirmed"), (False, "refund")):
        mine = shared(town, ann)
        order = buys(ben, goods, ref(fid, ann, mine)).expect(201)
        ben.api.post(f"/v1/orders/{order['order_id']}/cancel")
        town.minute()
        if not stays:
            unshares(ann, mine).expect(200)
        number = f"{order['order_id']}-1"
        trade = town.sim.world.orders[town.merchant.mchid, number]
        trade.closed, trade.paid_at, trade.transaction_id = False, clock.now(), f"42{order['order_id']}"
        town.act("/_sim/notify", out_trade_no=number)
        assert ben.order(order["order_id"])["state"] == ends
        assert piece(ann, mine) == ("used" if stays else "available")


def test_members_see_what_is_shared_and_whose_it_is(
    town: Town, dad: Person, ann: Person, ben: Person, fid: str, goods: str
) -> None:
    rule = {"validity": {"kind": "after_claim", "days": 30}, "instalments": {"pieces": 3, "every": "week"}}
    mine, his = shared(town, ann, **rule), shared(town, dad)
    seen = {one["coupon_id"]: one for one in listed(ann, fid)}
    assert (seen[mine]["mine"], seen[his]["mine"]) == (True, False)
    assert [one["ref"] for one in seen[mine]["pieces"]] == [mine, f"{mine}.1", f"{mine}.2"]
    (there,) = [one for one in listed(ben, fid) if one["coupon_id"] == mine]
    assert [(one["ref"], one["state"]) for one in there["pieces"]] == [
        (ref(fid, ann, mine), "available"),
        (ref(fid, ann, mine, 1), "later"),
        (ref(fid, ann, mine, 2), "later"),
    ]
    assert there["owner"] == {"user_id": ann.uid, "nickname": "微信用户"}
    first = ben.api.get(f"/v1/families/{fid}/coupons?limit=1")
    second = ben.api.get(f"/v1/families/{fid}/coupons?limit=1&cursor={first['cursor']}")
    assert {one["coupon_id"] for page in (first, second) for one in page["coupons"]} == {mine, his}


def test_a_quote_has_them_among_its_choices(town: Town, ann: Person, ben: Person, fid: str, goods: str) -> None:
    hers = shared(town, ann)
    called_so = ref(fid, ann, hers)
    own = gets(town, ben, shop.TENTH_OFF)

    def choices(asker: Person = ben) -> dict[str, tuple[int, str | None]]:
        quote = asker.api.post(f"/v1/campaigns/{goods}/quote", {"role": "solo"})
        return {one["ref"]: (one["worth_fen"], one["why_not"]) for one in quote["choices"] if one["tender"] == "coupon"}

    assert choices() == {called_so: (1000, None), own: (890, None)}
    assert choices(ann) == {hers: (1000, None)}
    freezes(town, fid, ben)
    assert choices() == {called_so: (0, "family_member_frozen"), own: (890, None)}
    leaves(town, fid, ann)
    assert choices() == {own: (890, None)}


def test_moving_to_another_family_takes_it_along(town: Town, ann: Person, ben: Person, fid: str, goods: str) -> None:
    mine = shared(town, ann)
    leaves(town, fid, ann)
    other = household(town, town.person("mum"), ann)
    shares(ann, mine).expect(200)
    assert (rows(town, fid), rows(town, other)) == ([], [mine])
    assert buys(ben, goods, ref(fid, ann, mine)).expect(409)["code"] == "coupon_not_shared"
    buys(town.person("mum"), goods, ref(other, ann, mine)).expect(201)
