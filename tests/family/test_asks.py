"""Requests to the owner of a family: approved, paid by him, refused, withdrawn, forgotten; each happens once."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.core import clock
from chalicelib.core.errors import RippleError
from chalicelib.core.idempotency import Intent
from chalicelib.family.asks import ROUTE
from chalicelib.family.items import Ask
from chalicelib.family.payer import taken
from chalicelib.family.plugged import CARTS
from chalicelib.family.rows import Spend
from chalicelib.family.tender import approved
from chalicelib.orders.items import Order
from infra.local.client import Person
from tests.bargain import shop as bargains
from tests.family import people
from tests.family.asks_shop import ask_of, asked, asks, decides, pays_for, to_pay, waits
from tests.family.shop import endow, family_of, household, member_of
from tests.groupbuy.test_quotes import republish
from tests.orders.test_tenders import GROUP, SOLO
from tests.town import Town


def orders(town: Town) -> list[Order]:
    return [item for item in town.items() if isinstance(item, Order)]


def family(town: Town, **changes: Any) -> tuple[Person, Person, str]:
    """An owner, a member of 5,000 fen at once, and their family with 30,000."""
    mum, ann = town.person("mum"), town.person("ann")
    return mum, ann, household(town, mum, ann, **{"granted": 10_000, "paid": 20_000, **changes})


def test_an_approval_is_the_owners_own_spending(town: Town) -> None:
    mum, ann, fid = family(town)
    campaign = town.campaign()
    made = asks(ann, fid, campaign, key="one-tap-of-a-daughter").expect(201)
    assert asks(ann, fid, campaign, key="one-tap-of-a-daughter").expect(201) == made
    assert (made["title"], made["total_fen"], made["state"], made["mine"]) == ("2026年秋茶礼盒", SOLO, "open", True)
    assert (orders(town), family_of(town, fid).balance) == ([], 30_000)
    approved = decides(mum, fid, made["ask_id"], "approve").expect(200)
    assert decides(mum, fid, made["ask_id"], "approve").expect(200) == approved
    assert (approved["state"], approved["user_id"], approved["mine"]) == ("approved", ann.uid, False)
    (order,) = orders(town)
    assert (order.oid, order.uid, order.cash_fen, order.state) == (approved["order_id"], ann.uid, 0, "confirmed")
    member, wallet = member_of(town, fid, ann), family_of(town, fid)
    assert (member.spent, member.approved, wallet.granted, wallet.paid, wallet.held) == (0, SOLO, 1100, 20_000, 0)
    (spend,) = (item for item in town.items() if isinstance(item, Spend))
    assert (spend.ask, spend.payer) == (made["ask_id"], mum.uid)
    assert ann.order(order.oid)["parts"][0]["ref"] == f"{fid}.{made['ask_id']}"
    for what in ("refuse", "pay"):
        assert decides(mum, fid, made["ask_id"], what).expect(409)["code"] == "family_ask_over"
    assert decides(ann, fid, made["ask_id"], "withdraw").expect(409)["code"] == "family_ask_over"


def test_the_owner_takes_it_upon_himself(town: Town) -> None:
    mum, ann, fid = family(town, granted=0, paid=0)
    ask_id = asked(ann, fid, town.campaign())
    assert decides(mum, fid, ask_id, "approve").expect(409)["code"] == "family_wallet_short"
    taken = decides(mum, fid, ask_id, "pay").expect(200)
    assert decides(mum, fid, ask_id, "pay").expect(200)["pay"]["package"] == taken["pay"]["package"]
    assert (taken["ask"]["state"], taken["order"]["payable"]) == ("taken", True)
    (order,) = orders(town)
    assert (order.oid, order.uid, order.payer) == (taken["ask"]["order_id"], ann.uid, mum.uid)
    assert to_pay(mum, fid) == [order.oid]
    mum.pay(taken).expect(200)
    town.hear()
    assert ann.order(order.oid)["state"] == "confirmed"
    assert decides(mum, fid, ask_id, "pay").expect(409)["code"] == "order_not_payable"
    assert decides(mum, fid, ask_id, "approve").expect(409)["code"] == "family_ask_over"


def test_what_wechat_does_not_answer_is_asked_for_again(town: Town) -> None:
    mum, ann, fid = family(town)
    ask_id = asked(ann, fid, town.campaign())
    town.act("/_sim/faults", endpoint="prepay", kind="lost", count=1)
    first = decides(mum, fid, ask_id, "pay").expect(202)
    assert (first["pay"], first["ask"]["state"]) == (None, "taken")
    mum.pay(decides(mum, fid, ask_id, "pay").expect(200)).expect(200)
    town.hear()
    assert [order.state for order in orders(town)] == ["confirmed"]


def test_whoever_asks_or_decides_says_what_he_means_to_do_once(town: Town) -> None:
    mum, ann, fid = family(town)
    path = f"/v1/families/{fid}/asks/{asked(ann, fid, town.campaign())}"
    for person, act in ((mum, "approve"), (mum, "pay"), (mum, "refuse"), (ann, "withdraw")):
        headers = {"Authorization": f"Bearer {person.api.token}", "Accept": "application/json"}
        assert person.api.send("POST", f"{path}/{act}", headers, None).expect(400)["code"] == "idempotency_key_required"
    assert orders(town) == []


def test_a_request_has_a_day(town: Town) -> None:
    mum, ann, fid = family(town)
    campaign = town.campaign()
    ask_id = asked(ann, fid, campaign)
    clock.advance(86_401)
    mum.come_back()
    assert decides(mum, fid, ask_id, "approve").expect(409)["code"] == "family_ask_over"
    town.minute()
    assert ask_of(town, ask_id).state == "expired"
    for what in ("approve", "pay", "refuse"):
        assert decides(mum, fid, ask_id, what).expect(409)["code"] == "family_ask_over"
    assert orders(town) == []


def test_it_is_refused_or_withdrawn_once(town: Town) -> None:
    mum, ann, fid = family(town)
    campaign = town.campaign()
    one, other = asked(ann, fid, campaign), asked(ann, fid, campaign)
    assert decides(ann, fid, one, "refuse").expect(403)["code"] == "family_not_owner"
    assert decides(mum, fid, one, "withdraw").expect(403)["code"] == "family_not_asker"
    refused = decides(mum, fid, one, "refuse").expect(200)
    assert decides(mum, fid, one, "refuse").expect(200) == refused
    withdrawn = decides(ann, fid, other, "withdraw").expect(200)
    assert decides(ann, fid, other, "withdraw").expect(200) == withdrawn
    assert (refused["state"], withdrawn["state"]) == ("refused", "withdrawn")
    for ask_id, what in ((one, "approve"), (other, "pay"), (other, "refuse")):
        assert decides(mum, fid, ask_id, what).expect(409)["code"] == "family_ask_over"


def test_another_price_is_asked_for_anew(town: Town) -> None:
    mum, ann, fid = family(town)
    campaign = town.campaign()
    ask_id = asked(ann, fid, campaign)
    republish(town, campaign, skus=[{**town.sku(), "solo_price_fen": SOLO - 100}])
    for what in ("approve", "pay"):
        refused = decides(mum, fid, ask_id, what).expect(409)
        assert (refused["code"], refused["asked_fen"], refused["total_fen"]) == (
            "family_price_changed",
            SOLO,
            SOLO - 100,
        )
    assert (ask_of(town, ask_id).state, orders(town)) == ("open", [])


def test_what_its_play_refuses_leaves_it_open(town: Town) -> None:
    mum, ann, fid = family(town)
    campaign = town.campaign(size=2, skus=[{**town.sku(), "stock": 2}])
    _, opened = town.opened(campaign)
    alone, joining = asked(ann, fid, campaign), asked(ann, fid, opened["group_id"], "group_join")
    assert ask_of(town, joining).total_fen == GROUP
    assert decides(mum, fid, alone, "approve").expect(409)["code"] == "sold_out"
    town.joined(opened["group_id"])
    assert decides(mum, fid, joining, "pay").expect(409)["code"] == "group_full"
    town.admin.post(f"/v1/admin/campaigns/{campaign}/end")
    assert decides(mum, fid, alone, "pay").expect(409)["code"] == "campaign_not_running"
    assert [ask_of(town, one).state for one in (alone, joining)] == ["open", "open"]


def test_groups_are_opened_and_joined_for_who_asks(town: Town) -> None:
    mum, ann, fid = family(town)
    campaign = town.campaign(size=2)
    opening = decides(mum, fid, asked(ann, fid, campaign, "group_open"), "approve").expect(200)
    group = ann.order(opening["order_id"])["object_id"]
    assert (ann.group(group)["paid"], ann.group(group)["my_seat"]["order_id"]) == (1, opening["order_id"])
    _, other = town.opened(campaign)
    joining = decides(mum, fid, asked(ann, fid, other["group_id"], "group_join"), "pay").expect(200)
    mum.pay(joining).expect(200)
    town.hear()
    town.minute()
    assert ann.order(joining["ask"]["order_id"])["state"] == "confirmed"


def test_a_bargain_is_bought_at_the_price_that_was_asked_for(town: Town) -> None:
    mum, ann, fid = family(town)
    ben = bargains.grown(town, "ben")[0]
    bid = bargains.started(ann, town.campaign(bargains.offer()))
    early = asked(ann, fid, bid, "bargain_buy")
    bargains.helps(ben, bid).expect(201)
    assert decides(mum, fid, early, "approve").expect(409)["code"] == "family_price_changed"
    later = asked(ann, fid, bid, "bargain_buy")
    held = bargains.buys(ann, bid).expect(201)
    assert decides(mum, fid, later, "approve").expect(409)["code"] == "order_open"
    ann.api.post(f"/v1/orders/{held['order_id']}/cancel")
    town.minute()
    approved = decides(mum, fid, later, "approve").expect(200)
    assert ann.order(approved["order_id"])["state"] == "confirmed"
    assert bargains.bargain(town, bid).order == approved["order_id"]


def test_only_five_are_open_and_only_members_ask(town: Town) -> None:
    mum, ann, fid = family(town)
    campaign = town.campaign()
    many = [asked(ann, fid, campaign) for _ in range(5)]
    assert asks(ann, fid, campaign).expect(409)["code"] == "family_asks_open"
    decides(ann, fid, many[2], "withdraw").expect(200)
    asked(ann, fid, campaign)
    assert asks(ann, fid, campaign).expect(409)["limit"] == 5
    assert asks(mum, fid, campaign).expect(409)["code"] == "family_owner_asks"
    assert asks(town.person(), fid, campaign).expect(404)["code"] == "family_unknown"
    assert asks(ann, fid, campaign, "top_up").expect(422)["errors"][0]["pointer"] == "/act"


def test_who_may_not_spend_does_not_ask(town: Town) -> None:
    mum, ann, ben = town.person("mum"), town.person("ann"), town.person("ben")
    fid, campaign = household(town, mum, ann, ben, cooled=False), town.campaign()
    assert asks(ann, fid, campaign).expect(409)["code"] == "family_cooling"
    people.member_act(mum, fid, ben, "freeze").expect(200)
    assert asks(ben, fid, campaign).expect(409)["code"] == "family_member_frozen"


def test_what_its_play_would_refuse_is_not_asked_for(town: Town) -> None:
    _, ann, fid = family(town)
    campaign = town.campaign(size=2)
    _, opened = town.opened(campaign)
    town.joined(opened["group_id"])
    assert asks(ann, fid, opened["group_id"], "group_join").expect(409)["code"] == "group_ended"
    leader = town.person()
    pending = leader.open(campaign).expect(201)["group_id"]
    assert asks(ann, fid, pending, "group_join").expect(404)["code"] == "not_found"
    leading, full = town.opened(campaign)
    town.person().join(full["group_id"]).expect(201)
    assert asks(ann, fid, full["group_id"], "group_join").expect(409)["code"] == "group_full"
    assert asks(ann, fid, campaign, sku_id="none").expect(422)["code"] == "sku_unknown"
    others = bargains.started(leading, town.campaign(bargains.offer()))
    assert asks(ann, fid, others, "bargain_buy").expect(404)["code"] == "not_found"


def test_the_owner_sees_all_and_members_theirs(town: Town) -> None:
    mum, ann, ben = town.person("mum"), town.person("ann"), town.person("ben")
    fid = household(town, mum, ann, minors=(ben,))
    campaign = town.campaign()
    first = asked(ann, fid, campaign)
    clock.advance(1)
    second = asked(ben, fid, campaign)
    path = f"/v1/families/{fid}/asks"
    page = mum.api.get(f"{path}?limit=1")
    assert [one["ask_id"] for one in page["asks"]] == [second]
    assert [one["ask_id"] for one in mum.api.get(f"{path}?limit=1&cursor={page['cursor']}")["asks"]] == [first]
    assert [one["ask_id"] for one in ann.api.get(path)["asks"]] == [first]
    assert mum.api.get(f"{path}/{first}")["nickname"] == "微信用户"
    assert ann.api.get(f"{path}/{first}")["mine"]
    assert ben.api.call("GET", f"{path}/{first}").expect(404)["code"] == "family_ask_unknown"
    assert town.person().api.call("GET", path).expect(404)["code"] == "family_unknown"


def test_both_hear_of_what_waits(town: Town) -> None:
    mum, ann, ben = town.person("mum"), town.person("ann"), town.person("ben")
    fid, campaign = household(town, mum, ann, ben), town.campaign()
    assert [waits(one) for one in (mum, ann, town.person())] == [(0, 0)] * 3
    one, other = asked(ann, fid, campaign), asked(ann, fid, campaign)
    asked(ben, fid, campaign)
    assert [waits(person) for person in (mum, ann, ben)] == [(3, 0), (2, 0), (1, 0)]
    decides(mum, fid, one, "refuse").expect(200)
    decides(mum, fid, other, "pay").expect(200)
    assert [waits(person) for person in (mum, ann, ben)] == [(1, 1), (0, 0), (1, 0)]
    clock.advance(86_401)
    mum.come_back()
    assert waits(mum) == (0, 0)


def test_the_owner_is_told_beforehand_why_he_could_not_approve(town: Town) -> None:
    mum, ann, fid = family(town, granted=0, paid=0)
    made = asks(ann, fid, town.campaign()).expect(201)
    path, ask_id = f"/v1/families/{fid}/asks", made["ask_id"]
    page = mum.api.get(path)
    (seen,) = page["asks"]
    refused = decides(mum, fid, ask_id, "approve").expect(409)
    told = {name: refused[name] for name in ("code", "detail", "next")}
    assert (seen["why_not"], page["now"]) == (told, seen["now"])
    assert (made["why_not"], ann.api.get(path)["asks"][0]["why_not"]) == (None, None)
    endow(town, fid, SOLO, 0)
    assert mum.api.get(f"{path}/{ask_id}")["why_not"] is None
    people.acts(mum, fid, f"members/{ann.uid}/freeze").expect(200)
    assert mum.api.get(f"{path}/{ask_id}")["why_not"]["code"] == "family_member_frozen"
    people.acts(mum, fid, f"members/{ann.uid}/remove").expect(200)
    assert mum.api.get(f"{path}/{ask_id}")["why_not"]["code"] == "family_asker_gone"
    assert decides(mum, fid, ask_id, "refuse").expect(200)["why_not"] is None


@pytest.mark.parametrize(
    ("act", "code"),
    [
        ("members/{ann}/freeze", "family_member_frozen"),
        ("members/{ann}/remove", "family_asker_gone"),
        ("freeze", "family_frozen"),
        ("close", "family_ended"),
    ],
)
@pytest.mark.parametrize("what", ["approve", "pay"])
def test_nothing_is_decided_for_who_may_not_spend(town: Town, act: str, code: str, what: str) -> None:
    mum, ann, fid = family(town)
    ask_id = asked(ann, fid, town.campaign())
    people.acts(mum, fid, act.format(ann=ann.uid)).expect(200)
    assert decides(mum, fid, ask_id, what).expect(409)["code"] == code
    assert (ask_of(town, ask_id).state, orders(town)) == ("open", [])


def test_whoever_owned_it_decides_no_more(town: Town) -> None:
    mum, ann, fid = family(town)
    ask_id = asked(ann, fid, town.campaign())
    people.handed(mum, fid, ann)
    for what in ("approve", "pay", "refuse"):
        assert decides(mum, fid, ask_id, what).status in (403, 404)
        assert decides(ann, fid, ask_id, what).expect(409)["code"] == "family_owner_asks"
    decides(ann, fid, ask_id, "withdraw").expect(200)


def test_who_owned_it_when_he_looked_decides_nothing(town: Town) -> None:
    _, ann, fid = family(town)
    ask_id = asked(ann, fid, town.campaign())
    made = ask_of(town, ask_id)
    intent = Intent(mid=made.mid, actor=ann.uid, route=ROUTE, key=ask_id, fingerprint=made.fingerprint)
    for pay_with, payer in (([approved(fid, ask_id, "SOMEBODY")], None), ([], taken(fid, ask_id, "SOMEBODY"))):
        with pytest.raises(RippleError, match="family_not_owner"):
            CARTS[made.cart.act].place(intent, fid, made.cart, pay_with, payer)
    assert (ask_of(town, ask_id).state, orders(town)) == ("open", [])


def test_a_taken_request_that_is_not_paid_ends_with_its_order(town: Town) -> None:
    mum, ann, fid = family(town)
    ask_id = asked(ann, fid, town.campaign())
    oid = decides(mum, fid, ask_id, "pay").expect(200)["ask"]["order_id"]
    ann.api.post(f"/v1/orders/{oid}/cancel")
    town.minute()
    assert ann.order(oid)["state"] == "released"
    assert decides(mum, fid, ask_id, "pay").expect(409)["code"] == "order_not_payable"
    assert pays_for(mum, oid).expect(409)["code"] == "order_not_payable"
    assert [item.state for item in town.items() if isinstance(item, Ask)] == ["taken"]
