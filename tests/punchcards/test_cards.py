"""Punch cards: bought for a family, used one by one by its members, undone, paid back."""

from __future__ import annotations

import pytest

from chalicelib.accounts.items import User, user_key
from chalicelib.core import clock
from chalicelib.core.store import read_one
from chalicelib.family.states import FamilyState
from chalicelib.punchcards import rules
from chalicelib.punchcards.items import Card
from infra.local.client import Api, Person
from tests import invariants
from tests.coupons.shop import gets
from tests.family import topup_shop
from tests.family.people import closed
from tests.family.shared_shop import FOR_FAMILIES, freezes, joins_anew, leaves, ref, shares, turns
from tests.family.shop import household, mid_of
from tests.merchants.wallet import files
from tests.punchcards.shop import (
    PRICE,
    TEN,
    a_pass,
    asks_pass,
    bought,
    buys,
    gives_up,
    has_back,
    offer,
    opened,
    ordered,
    paid_at_last,
    pays_back,
    scans,
    stock,
    stored,
    terms_read,
    undoes,
    used,
    uses,
)
from tests.town import Town, send


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


def test_a_card_is_the_familys_as_soon_as_it_is_paid(town: Town, dad: Person, ann: Person, fid: str) -> None:
    cid = opened(town)
    made = buys(ann, cid, fid).expect(201)
    assert (made["cash_fen"], made["family_id"], stock(town, cid)) == (PRICE, fid, (99, 1))
    assert dad.api.get(f"/v1/families/{fid}/cards")["cards"] == []
    ann.pay(made).expect(200)
    town.hear()
    (card,) = dad.api.get(f"/v1/families/{fid}/cards")["cards"]
    assert (card["order_id"], card["units"], card["left"], card["used"]) == (made["order_id"], TEN, TEN, 0)
    assert (card["title"], card["price_fen"], card["state"]) == ("10 次洗剪吹", PRICE, "good")
    town.stream()
    assert ordered(town, made["order_id"]).delivery == "done"
    town.pass_time(7200, tick=600)
    invariants.at_rest(town.items(), town.sim.world)


def test_the_same_request_makes_one_order_and_its_quote_is_kept(town: Town, ann: Person, fid: str) -> None:
    cid = opened(town)
    quote = ann.api.post(f"/v1/campaigns/{cid}/cards/quote", {})
    assert (quote["total_fen"], quote["units"]) == (PRICE, TEN)
    assert quote["terms_zh"]
    key = "the-first-tap-of-anns"
    first, again = (buys(ann, cid, fid, key=key, quote=quote["quote"]).expect(201) for _ in range(2))
    assert (first["order_id"], stock(town, cid)) == (again["order_id"], (99, 1))
    assert buys(ann, cid, fid, key=key).expect(409)["code"] == "idempotency_key_reused"


def test_who_may_not_spend_in_a_family_buys_nothing_for_it(town: Town, ann: Person, ben: Person, fid: str) -> None:
    cid = opened(town)
    assert buys(town.person("eve"), cid, fid).expect(404)["code"] == "family_unknown"
    freezes(town, fid, ben)
    assert buys(ben, cid, fid).expect(409)["code"] == "family_member_frozen"
    joins_anew(town, fid, ann)
    assert buys(ann, cid, fid).expect(409)["code"] == "family_cooling"
    for status, code in ((FamilyState.FROZEN, "family_frozen"), (FamilyState.CLOSING, "family_ended")):
        turns(town, fid, status)
        assert buys(ann, cid, fid).expect(409)["code"] == code
    assert stock(town, cid) == (100, 0)


def test_a_merchant_sells_them_under_his_filing_alone(town: Town, ann: Person, fid: str) -> None:
    draft = town.admin.post("/v1/admin/campaigns", {"offer": offer()})["campaign_id"]
    refused = town.admin.call("POST", f"/v1/admin/campaigns/{draft}/publish", {}).expect(422)
    assert {(one["check"], one["pointer"]) for one in refused["findings"]} == {("WALLET_KIND", "/skus/0/price_fen")}
    cid = opened(town)
    files(town, paused=True)
    assert buys(ann, cid, fid).expect(409)["code"] == "topup_closed"
    assert ann.api.call("POST", f"/v1/campaigns/{cid}/cards/quote", {}).expect(409)["code"] == "topup_closed"


def test_a_campaign_that_has_ended_sells_none_and_whoever_has_bought_one_is_new_no_more(
    town: Town, ann: Person, fid: str
) -> None:
    cid = opened(town)
    bought(town, ann, fid, cid)
    user = read_one(User, user_key(mid_of(town), ann.uid))
    assert user is not None
    assert user.first_order_at is not None
    town.admin.post(f"/v1/admin/campaigns/{cid}/end")
    assert buys(ann, cid, fid).expect(409)["code"] == "campaign_not_running"


def test_the_last_card_is_sold_once_and_one_that_is_not_paid_is_sold_again(
    town: Town, dad: Person, ann: Person, fid: str
) -> None:
    cid = opened(town, sku={"stock": 1})
    made = buys(ann, cid, fid).expect(201)
    assert buys(dad, cid, fid).expect(409)["code"] == "cards_sold_out"
    gives_up(town, ann, made)
    assert stock(town, cid) == (1, 0)
    bought(town, dad, fid, cid)


@pytest.mark.parametrize(("why", "ends"), [("", "confirmed"), ("sold out", "refund"), ("gone", "refund")])
def test_late_money_buys_a_card_while_it_could_be_ordered(
    town: Town, dad: Person, ann: Person, fid: str, why: str, ends: str
) -> None:
    cid = opened(town, sku={"stock": 1})
    made = buys(ann, cid, fid).expect(201)
    gives_up(town, ann, made)
    if why == "sold out":
        buys(dad, cid, fid).expect(201)
    if why == "gone":
        leaves(town, fid, ann)
    town.act("/_sim/notify", out_trade_no=paid_at_last(town, made))
    assert ann.order(made["order_id"])["state"] == ends
    assert len(dad.api.get(f"/v1/families/{fid}/cards")["cards"]) == (ends == "confirmed")


def test_what_was_ordered_is_bought_whatever_becomes_of_who_ordered(
    town: Town, dad: Person, ann: Person, fid: str
) -> None:
    made = buys(ann, opened(town), fid).expect(201)
    leaves(town, fid, ann)
    ann.pay(made).expect(200)
    town.hear()
    assert [card["order_id"] for card in dad.api.get(f"/v1/families/{fid}/cards")["cards"]] == [made["order_id"]]
    assert asks_pass(ann, fid, made["order_id"]).expect(404)["code"] == "family_unknown"


def test_coupons_pay_for_cards_also_all_of_it_and_also_another_members(
    town: Town, dad: Person, ann: Person, fid: str
) -> None:
    cid = opened(town)
    hers = gets(town, ann, FOR_FAMILIES)
    shares(ann, hers).expect(200)
    made = buys(dad, cid, fid, pay_with=[{"tender": "coupon", "ref": ref(fid, ann, hers)}]).expect(201)
    assert made["cash_fen"] == PRICE - 1000
    free = gets(town, ann, {"title": "免费体验", "off": {"kind": "amount", "fen": 40_000}})
    oid = bought(town, ann, fid, cid, pay_with=[{"tender": "coupon", "ref": free}])
    assert (ordered(town, oid).cash_fen, stored(town, fid, oid).left) == (0, TEN)


def test_members_use_it_one_by_one_and_all_see_who_did(
    town: Town, dad: Person, ann: Person, ben: Person, fid: str
) -> None:
    oid = bought(town, dad, fid)
    first = scans(town, a_pass(ann, fid, oid)).expect(201)
    assert (first["left"], first["units"], first["use"]["user_id"]) == (TEN - 1, TEN, ann.uid)
    clock.advance(60)
    uses(town, ben, fid, oid, 3)
    seen = ann.api.get(f"/v1/families/{fid}/cards/{oid}")
    assert (seen["left"], seen["used"]) == (6, 4)
    assert [(use["units"], use["mine"]) for use in seen["uses"]] == [(3, False), (1, True)]
    town.person("eve").api.call("GET", f"/v1/families/{fid}/cards/{oid}").expect(404)
    record = town.admin.get(f"/v1/admin/cards/{oid}")
    assert (record["family_id"], record["most_back_fen"]) == (fid, PRICE * 6 // 10)
    assert [len(town.admin.get(f"/v1/admin/cards/{oid}?limit={n}")["uses"]) for n in (1, 2)] == [1, 2]
    assert [use["units"] for use in ann.api.get(f"/v1/families/{fid}/cards/{oid}?limit=1")["uses"]] == [3]
    assert [use["user_id"] for use in record["uses"]] == [ben.uid, ann.uid]


def test_a_pass_is_good_once_and_the_same_request_is_the_same_use(town: Town, ann: Person, fid: str) -> None:
    oid = bought(town, ann, fid)
    shown, key = a_pass(ann, fid, oid), "the-first-scan-of-it"
    first = scans(town, shown, key=key).expect(201)
    assert scans(town, shown).expect(409)["code"] == "card_pass_used"
    clock.advance(300)
    again = scans(town, shown, key=key).expect(201)
    assert (again["use"], stored(town, fid, oid).left) == (first["use"], TEN - 1)
    assert scans(town, a_pass(ann, fid, oid), key=key).expect(409)["code"] == "idempotency_key_reused"
    assert scans(town, shown, 2, key=key).expect(409)["code"] == "idempotency_key_reused"
    assert len(used(town, oid)) == 1


def test_what_is_no_pass_or_too_late_uses_nothing(town: Town, ann: Person, fid: str) -> None:
    oid = bought(town, ann, fid)
    late = a_pass(ann, fid, oid)
    clock.advance(121)
    for shown in (late, "nonsense", ann.api.get("/v1/me/pass")["qr"], str(ann.api.token)):
        assert scans(town, shown).expect(409)["code"] == "card_pass_unfit"
    other = Api(send, town.second().api_key)
    assert other.call("POST", "/v1/admin/cards/use", {"pass": a_pass(ann, fid, oid)}).expect(409)["code"] == (
        "card_pass_unfit"
    )
    assert used(town, oid) == []


def test_no_more_is_used_than_is_left(town: Town, ann: Person, fid: str) -> None:
    oid = bought(town, ann, fid, opened(town, sku={"units": 2}))
    assert scans(town, a_pass(ann, fid, oid), 3).expect(409)["code"] == "card_units_short"
    held = a_pass(ann, fid, oid)
    uses(town, ann, fid, oid, 2)
    assert scans(town, held).expect(409)["code"] == "card_units_short"
    assert asks_pass(ann, fid, oid).expect(409)["code"] == "card_units_short"
    assert ann.api.get(f"/v1/families/{fid}/cards")["cards"][0]["state"] == "used_up"


def test_a_pass_that_was_made_before_is_not_good_after(town: Town, dad: Person, ann: Person, ben: Person) -> None:
    fid = household(town, dad, ann, ben)
    oid = bought(town, dad, fid)
    shown = a_pass(ann, fid, oid)
    freezes(town, fid, ann)
    assert scans(town, shown).expect(409)["code"] == "family_member_frozen"
    leaves(town, fid, ann)
    assert scans(town, shown).expect(404)["code"] == "family_unknown"
    shown = a_pass(ben, fid, oid)
    freezes(town, fid)
    assert scans(town, shown).expect(409)["code"] == "family_frozen"
    turns(town, fid, FamilyState.CLOSING)
    assert scans(town, shown).expect(409)["code"] == "family_ended"


def test_the_cards_of_a_closed_family_are_its_last_owners(
    town: Town, dad: Person, ann: Person, ben: Person, fid: str
) -> None:
    oid = bought(town, ann, fid)
    shown = a_pass(ann, fid, oid)
    for person in (ben, ann):
        leaves(town, fid, person)
    closed(town, dad, fid)
    uses(town, dad, fid, oid)
    assert dad.api.get(f"/v1/families/{fid}/cards/{oid}")["left"] == TEN - 1
    assert scans(town, shown).expect(404)["code"] == "family_unknown"
    assert asks_pass(ann, fid, oid).expect(404)["code"] == "family_unknown"


def test_a_use_is_undone_within_a_day_and_once(town: Town, ann: Person, fid: str) -> None:
    oid = bought(town, ann, fid)
    first, key = uses(town, ann, fid, oid, 2), "one-key-to-undo-it"
    clock.advance(1)
    second = uses(town, ann, fid, oid)
    done = undoes(town, fid, first, key=key).expect(200)
    assert (done["left"], done["use"]["note"]) == (TEN - 1, "扫错了")
    assert undoes(town, fid, first, key=key).expect(200)["left"] == TEN - 1
    assert undoes(town, fid, first).expect(409)["code"] == "card_use_undone"
    clock.advance(86_401)
    assert undoes(town, fid, second).expect(409)["code"] == "card_undo_late"
    undoes(town, fid, f"{oid}.{'0' * 26}").expect(404)
    ann.come_back()
    seen = ann.api.get(f"/v1/families/{fid}/cards/{oid}")
    assert [bool(use["undone_at"]) for use in seen["uses"]] == [False, True]


def test_a_card_of_which_nothing_was_used_is_paid_back_whole_and_sold_again(town: Town, ann: Person, fid: str) -> None:
    cid = opened(town)
    oid = bought(town, ann, fid, cid)
    back = pays_back(town, oid, key="one-key-to-pay-it-back").expect(200)
    assert (back["state"], back["left"], back["back_units"], back["back_fen"]) == ("paid_back", 0, TEN, PRICE)
    pays_back(town, oid, key="one-key-to-pay-it-back").expect(200)
    town.stream()
    assert ([one["amount"]["refund"] for one in town.refunds(oid)], stock(town, cid)) == ([PRICE], (100, 0))
    assert ann.order(oid)["state"] == "refund"
    assert pays_back(town, oid).expect(409)["code"] == "card_paid_back"
    assert asks_pass(ann, fid, oid).expect(409)["code"] == "card_paid_back"
    town.hear()
    town.pass_time(7200, tick=600)
    invariants.at_rest(town.items(), town.sim.world)


def test_what_is_not_used_is_paid_back_by_its_share_rounded_down(town: Town, ann: Person, fid: str) -> None:
    cid = opened(town)
    oid = bought(town, ann, fid, cid)
    use_id = uses(town, ann, fid, oid, 3)
    most = PRICE * 7 // 10
    assert pays_back(town, oid, most + 1).expect(409)["most_fen"] == most
    back = pays_back(town, oid).expect(200)
    assert (back["back_fen"], back["back_units"], back["used"], back["left"]) == (most, 7, 3, 0)
    town.stream()
    assert ([one["amount"]["refund"] for one in town.refunds(oid)], stock(town, cid)) == ([most], (99, 1))
    assert ann.order(oid)["state"] == "confirmed"
    assert undoes(town, fid, use_id).expect(409)["code"] == "card_paid_back"


def test_less_may_be_paid_back_and_parts_go_back_after_the_money(town: Town, ann: Person, fid: str) -> None:
    mine = gets(town, ann, FOR_FAMILIES)
    oid = bought(town, ann, fid, pay_with=[{"tender": "coupon", "ref": mine}])
    back = pays_back(town, oid, 100).expect(200)
    assert (back["back_fen"], back["left"], back["price_fen"]) == (100, 0, PRICE)
    assert ann.api.get(f"/v1/me/coupons/{mine}")["state"] == "used"
    whole = bought(town, ann, fid, pay_with=[{"tender": "coupon", "ref": gets(town, ann, FOR_FAMILIES)}])
    pays_back(town, whole).expect(200)
    assert ann.order(whole)["state"] == "refund"


def test_a_card_that_is_used_up_is_not_paid_back(town: Town, ann: Person, fid: str) -> None:
    oid = bought(town, ann, fid, opened(town, sku={"units": 2}))
    uses(town, ann, fid, oid, 2)
    assert pays_back(town, oid).expect(409)["code"] == "card_units_short"
    pays_back(town, town.person().buy(town.campaign()).expect(201)["order_id"]).expect(404)


def test_the_ordinary_ways_of_money_are_closed_and_name_the_right_one(town: Town, ann: Person, fid: str) -> None:
    oid = bought(town, ann, fid)
    for amount in ({}, {"amount_fen": 1}, {"amount_fen": PRICE}):
        refused = town.admin.call("POST", f"/v1/admin/orders/{oid}/refund", {"note": "x", **amount}).expect(409)
        assert (refused["code"], refused["path"]) == ("card_refund_path", f"POST /v1/admin/cards/{oid}/refund")
        assert "/v1/" not in refused["detail"] + refused["next"]
    asked = {"goods_back": False, "reason": "changed_mind"}
    refused = ann.api.call("POST", f"/v1/orders/{oid}/cases", asked).expect(409)
    assert (refused["code"], refused["path"]) == (
        "card_back_by_card",
        f"POST /v1/families/{fid}/cards/{oid}/refund",
    )
    assert "/v1/" not in refused["detail"] + refused["next"]


def test_whoever_has_not_read_the_terms_in_force_buys_no_card(town: Town, ann: Person, fid: str) -> None:
    cid = opened(town)
    old = terms_read(ann, cid)
    new = files(town, filing_number="330106AAA0002")
    refused = buys(ann, cid, fid, terms=old).expect(409)
    assert (refused["code"], refused["edition"], stock(town, cid)) == ("topup_terms_changed", new, (100, 0))
    quote = ann.api.post(f"/v1/campaigns/{cid}/cards/quote", {})
    assert (quote["terms"], quote["filing_number"], quote["refund_days"]) == (new, "330106AAA0002", 7)
    assert ann.api.call("POST", f"/v1/campaigns/{cid}/cards", {"family_id": fid}).status == 422


def test_its_buyer_has_what_is_not_used_back_for_seven_days(town: Town, dad: Person, ann: Person, fid: str) -> None:
    cid = opened(town)
    oid, share = bought(town, ann, fid, cid), PRICE * 7 // 10
    uses(town, dad, fid, oid, 3)
    told = ann.api.get(f"/v1/families/{fid}/cards/{oid}")["refund"]
    assert (told["refundable_fen"], told["until"], told["why_not"]) == (share, "2026-11-18T12:00:00Z", None)
    assert dad.api.get(f"/v1/families/{fid}/cards/{oid}")["refund"] is None
    leaves(town, fid, ann)
    first, again = (has_back(ann, fid, oid, key="one-key-to-have-it-back").expect(200) for _ in range(2))
    assert first == again
    assert (first["refund_fen"], first["back_units"], first["refund_number"]) == (share, 7, f"{oid}-wechat-1-0")
    assert stored(town, fid, oid).state == "paid_back"
    assert has_back(ann, fid, oid).expect(409)["code"] == "card_paid_back"
    town.stream()
    assert ([one["amount"]["refund"] for one in town.refunds(oid)], stock(town, cid)) == ([share], (99, 1))


def test_an_unused_card_goes_back_whole_and_is_sold_again(town: Town, ann: Person, fid: str) -> None:
    cid = opened(town)
    oid = bought(town, ann, fid, cid)
    assert has_back(ann, fid, oid).expect(200)["refund_fen"] == PRICE
    assert (ann.order(oid)["state"], stock(town, cid)) == ("refund", (100, 0))
    told = ann.api.get(f"/v1/families/{fid}/cards/{oid}")["refund"]
    assert (told["refundable_fen"], told["why_not"]["code"]) == (0, "card_paid_back")
    assert town.admin.get(f"/v1/admin/cards/{oid}")["most_back_fen"] == 0


@pytest.mark.parametrize(("seconds", "status"), [(0, 200), (1, 409)])
def test_after_seven_days_the_shop_alone_pays_a_card_back(
    town: Town, ann: Person, fid: str, seconds: int, status: int
) -> None:
    oid = bought(town, ann, fid)
    clock.advance((stored(town, fid, oid).bought_at - clock.now()).total_seconds() + 7 * 86_400 + seconds)
    ann.come_back()
    answer = has_back(ann, fid, oid)
    assert answer.status == status
    if seconds:
        assert answer.body["code"] == "card_refund_over"
        told = ann.api.get(f"/v1/families/{fid}/cards/{oid}")["refund"]
        assert (told["refundable_fen"], told["why_not"]["code"]) == (0, "card_refund_over")
        assert pays_back(town, oid).expect(200)["back_fen"] == PRICE


def test_nobody_else_has_a_card_back_nor_what_is_none(town: Town, dad: Person, ann: Person, fid: str) -> None:
    cid = opened(town)
    oid = bought(town, ann, fid, cid)
    other = household(town, town.person())
    assert has_back(dad, fid, oid).status == has_back(ann, other, oid).status == 404
    assert has_back(ann, fid, ann.buy(town.campaign()).expect(201)["order_id"]).status == 404
    value = topup_shop.paid(town, dad, topup_shop.opened(town), fid)
    assert has_back(dad, fid, value).status == 404
    held = buys(ann, cid, fid).expect(201)["order_id"]
    refused = has_back(ann, fid, held).expect(409)
    assert (refused["code"], refused["state"]) == ("card_not_refundable", "held")
    assert "held" not in refused["detail"]


def test_no_more_goes_back_than_still_pays_for_it() -> None:
    card = Card(price_fen=10, units=5, left=4)
    assert [rules.most_back_fen(card, live) for live in (10, 8, 7, 0)] == [8, 8, 7, 0]


def test_a_card_that_is_used_meanwhile_goes_back_for_what_is_left(
    town: Town, dad: Person, ann: Person, fid: str
) -> None:
    oid = bought(town, ann, fid)
    shown = a_pass(dad, fid, oid)
    town.emulator.meanwhile(lambda: scans(town, shown).expect(201), "TransactWriteItems")
    assert has_back(ann, fid, oid).expect(200)["refund_fen"] == PRICE * 9 // 10


def test_every_act_at_the_desk_is_in_the_audit_log(town: Town, ann: Person, fid: str) -> None:
    oid = bought(town, ann, fid)
    use_id = uses(town, ann, fid, oid)
    undoes(town, fid, use_id).expect(200)
    pays_back(town, oid).expect(200)
    entries = [entry for entry in town.admin.get("/v1/admin/audit")["entries"] if entry["subject"] == oid]
    assert {entry["action"] for entry in entries} == {"card.use", "card.undo", "card.refund"}
