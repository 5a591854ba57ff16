"""Orders that something else than money pays, in part or whole."""

from __future__ import annotations

from typing import Any

from chalicelib.accounts.items import User
from chalicelib.core import clock
from infra.local.client import Person, Reply
from tests import invariants
from tests.fulfilment.shop import PARCEL, Bought
from tests.orders.purse import purse, seen
from tests.orders.test_late_payment import dispositions, pay_late, stored
from tests.town import Town

SOLO, GROUP = 8900, 6900


def order(person: Person, campaign: str, what: str, *parts: dict[str, Any], key: str | None = None) -> Reply:
    return person.api.call("POST", f"/v1/campaigns/{campaign}/{what}", {"pay_with": list(parts)}, key=key)


def join(person: Person, group_id: str, *parts: dict[str, Any]) -> Reply:
    return person.api.call("POST", f"/v1/groups/{group_id}/seats", {"pay_with": list(parts)})


def sound(town: Town) -> None:
    invariants.check(town.books())


def test_money_pays_what_is_left(town: Town) -> None:
    ann = town.person("ann")
    held = order(ann, town.campaign(), "orders", purse(town, ann, 3000)).expect(201)
    assert (held["total_fen"], held["cash_fen"], held["state"]) == (SOLO, SOLO - 3000, "held")
    assert seen(town, "of-ann") == (0, 3000, 0)
    sound(town)
    ann.pay(held).expect(200)
    town.hear()
    shown = ann.order(held["order_id"])
    assert shown["parts"] == [{"tender": "purse", "ref": "of-ann", "amount_fen": 3000, "back_fen": 0}]
    assert [paid["amount_fen"] for paid in shown["payments"]] == [SOLO - 3000]
    assert shown["state"] == "confirmed"
    assert seen(town, "of-ann") == (0, 0, 3000)
    sound(town)


def test_what_is_never_paid_is_free_again(town: Town) -> None:
    ann = town.person("ann")
    held = order(ann, town.campaign(), "orders", purse(town, ann, 3000)).expect(201)
    town.pass_time(1200)
    ann.come_back()
    assert ann.order(held["order_id"])["state"] == "released"
    assert seen(town, "of-ann") == (3000, 0, 0)
    sound(town)


def test_a_late_payment_holds_it_again(town: Town) -> None:
    ann = town.person("ann")
    held = order(ann, town.campaign(), "orders", purse(town, ann, 3000)).expect(201)
    ann.api.post(f"/v1/orders/{held['order_id']}/cancel")
    town.minute()
    assert seen(town, "of-ann") == (3000, 0, 0)
    assert pay_late(town, held["order_id"]) == "bought"
    assert seen(town, "of-ann") == (0, 0, 3000)
    sound(town)


def test_a_late_payment_goes_back_where_it_was_spent_meanwhile(town: Town) -> None:
    ann, campaign = town.person("ann"), town.campaign()
    own = purse(town, ann, 3000)
    held = order(ann, campaign, "orders", own).expect(201)
    ann.api.post(f"/v1/orders/{held['order_id']}/cancel")
    town.minute()
    order(ann, campaign, "orders", own).expect(201)
    assert pay_late(town, held["order_id"]) == "owed"
    shown = ann.order(held["order_id"])
    assert [(part["amount_fen"], part["back_fen"]) for part in shown["parts"]] == [(3000, 3000)]
    assert [one.value for one in dispositions(town, held["order_id"])] == ["owed"]
    sound(town)


def test_a_seat_that_a_late_payment_takes_again_holds_it_too(town: Town) -> None:
    _, opened = town.opened(town.campaign())
    ann = town.person("ann")
    own = purse(town, ann, 3000)
    held = join(ann, opened["group_id"], own).expect(201)
    ann.api.post(f"/v1/orders/{held['order_id']}/cancel")
    town.minute()
    assert pay_late(town, held["order_id"]) == "seated"
    assert seen(town, "of-ann") == (0, 0, 3000)
    sound(town)


def test_a_seat_is_not_taken_again_without_it(town: Town) -> None:
    campaign = town.campaign()
    _, opened = town.opened(campaign)
    ann = town.person("ann")
    own = purse(town, ann, 3000)
    held = join(ann, opened["group_id"], own).expect(201)
    ann.api.post(f"/v1/orders/{held['order_id']}/cancel")
    town.minute()
    order(ann, campaign, "orders", own).expect(201)
    assert pay_late(town, held["order_id"]) == "owed"
    sound(town)


def test_an_order_without_a_cash_part_is_paid_as_it_is_made(town: Town) -> None:
    ann, campaign = town.person("ann"), town.campaign()
    own = purse(town, ann, 20_000)
    made = order(ann, campaign, "orders", own, key="one-tap-buys-it-at-once").expect(201)
    assert (made["state"], made["cash_fen"], made["pay"]) == ("confirmed", 0, None)
    assert order(ann, campaign, "orders", own, key="one-tap-buys-it-at-once").expect(201) == made
    assert seen(town, "of-ann") == (20_000 - SOLO, 0, SOLO)
    shown = ann.order(made["order_id"])
    assert (shown["payments"], shown["goods"]["state"], shown["payable"]) == ([], "waiting", False)
    ann.api.call("POST", f"/v1/orders/{made['order_id']}/prepay", {}).expect(409)
    ann.api.call("POST", f"/v1/orders/{made['order_id']}/cancel", {}).expect(409)
    assert not town.sim.world.orders
    (buyer,) = (item for item in town.items() if isinstance(item, User))
    assert buyer.first_order_at == clock.now()
    sound(town)


def test_its_goods_go_out_and_wechat_need_not_know(town: Town) -> None:
    ann = town.person("ann")
    made = order(ann, town.campaign(), "orders", purse(town, ann, SOLO)).expect(201)
    bought = Bought(town, ann, made["order_id"])
    bought.send(PARCEL).expect(200)
    town.stream()
    assert bought.uploads == []
    assert bought.shown["goods"]["told_wechat"]
    bought.received().expect(200)
    said = [(event["what"], event["amount_fen"]) for event in bought.record["timeline"]]
    assert said[:2] == [("placed", SOLO), ("paid_with", SOLO)]
    sound(town)


def test_a_late_parcel_of_it_is_told_and_refunding_ends_that(town: Town) -> None:
    ann = town.person("ann")
    made = order(ann, town.campaign(), "orders", purse(town, ann, SOLO)).expect(201)
    bought = Bought(town, ann, made["order_id"])
    town.pass_time(49 * 3600, tick=3600)
    assert bought.stuck() == ["not_shipped"]
    sound(town)
    bought.refund().expect(200)
    assert bought.stuck() == []
    assert seen(town, "of-ann") == (SOLO, 0, 0)
    sound(town)


def test_a_leader_without_a_cash_part_opens_at_once(town: Town) -> None:
    ann = town.person("ann")
    campaign = town.campaign(size=2)
    made = order(ann, campaign, "groups", purse(town, ann, GROUP)).expect(201)
    page = ann.group(made["group_id"])
    assert (made["state"], page["status"], page["paid"], page["left"]) == ("paid", "open", 1, 1)
    assert stored(town, made["order_id"]).due is None, "WeChat need not be asked about it"
    sound(town)
    assert [group["group_id"] for group in ann.api.get(f"/v1/campaigns/{campaign}/groups")["groups"]]
    again = order(ann, campaign, "groups").expect(201)
    assert again["state"] == "held", "no opening is pending any more"
    town.joined(made["group_id"])
    town.minute()
    assert ann.order(made["order_id"])["state"] == "confirmed"
    sound(town)


def test_of_several_skus_such_a_leader_takes_his_own_unit(town: Town) -> None:
    ann = town.person("ann")
    skus = [{**town.sku(), "sku_id": name} for name in ("red", "blue")]
    body = {"sku_id": "red", "pay_with": [purse(town, ann, GROUP)]}
    made = ann.api.call("POST", f"/v1/campaigns/{town.campaign(skus=skus)}/groups", body).expect(201)
    assert ann.group(made["group_id"])["status"] == "open"
    sound(town)


def test_members_without_a_cash_part_fill_a_group(town: Town) -> None:
    _, opened = town.opened(town.campaign(size=3))
    ann, ben = town.person("ann"), town.person("ben")
    first = join(ann, opened["group_id"], purse(town, ann, GROUP)).expect(201)
    assert (first["state"], ann.group(opened["group_id"])["paid"]) == ("paid", 2)
    sound(town)
    last = join(ben, opened["group_id"], purse(town, ben, GROUP)).expect(201)
    assert ben.group(opened["group_id"])["status"] == "succeeded"
    town.minute()
    assert [ann.order(first["order_id"])["state"], ben.order(last["order_id"])["state"]] == ["confirmed"] * 2
    sound(town)


def test_a_group_that_fails_gives_everything_back(town: Town) -> None:
    campaign = town.campaign(group_seconds=3600)
    ann, ben = town.person("ann"), town.person("ben")
    opened = order(ann, campaign, "groups", purse(town, ann, GROUP)).expect(201)
    joined = join(ben, opened["group_id"], purse(town, ben, 1000)).expect(201)
    ben.pay(joined).expect(200)
    town.hear()
    clock.advance(3600)
    town.minute()
    town.stream()
    town.hear()
    ann.come_back()
    shown = ann.order(opened["order_id"])
    assert (shown["state"], shown["payments"]) == ("refund", [])
    assert [(back["amount_fen"], back["why"]) for back in shown["returned"]] == [(0, "play_failed")]
    assert [back["parts"][0]["amount_fen"] for back in shown["returned"]] == [GROUP]
    assert seen(town, "of-ann") == (GROUP, 0, 0)
    assert seen(town, "of-ben") == (1000, 0, 0)
    assert [refund["amount_fen"] for refund in ben.order(joined["order_id"])["payments"][0]["refunds"]] == [
        GROUP - 1000
    ]
    sound(town)


def partly(town: Town, fen: int) -> Bought:
    ann = town.person("ann")
    held = order(ann, town.campaign(), "orders", purse(town, ann, fen)).expect(201)
    ann.pay(held).expect(200)
    town.hear()
    return Bought(town, ann, held["order_id"])


def test_money_goes_back_first(town: Town) -> None:
    bought = partly(town, 3000)
    cash = SOLO - 3000
    bought.refund(cash - 100).expect(200)
    assert seen(town, "of-ann") == (0, 0, 3000)
    clock.advance(61)
    bought.refund(600).expect(200)
    assert seen(town, "of-ann") == (500, 0, 2500)
    sound(town)
    bought.refund(2501).expect(409)
    bought.refund(1000).expect(200)
    assert seen(town, "of-ann") == (1500, 0, 1500)
    assert bought.shown["state"] == "confirmed"
    bought.refund().expect(200)
    assert seen(town, "of-ann") == (3000, 0, 0)
    shown = bought.shown
    assert (shown["state"], shown["parts"][0]["back_fen"]) == ("refund", 3000)
    assert [back["parts"][0]["amount_fen"] for back in shown["returned"]] == [1000, 1500]
    town.pass_time(300)
    town.hear()
    assert sum(refund["amount"]["refund"] for refund in town.refunds(bought.order_id)) == cash
    sound(town)
    invariants.at_rest(town.books(), town.sim.world, None)


def test_a_case_ends_with_money_and_parts(town: Town) -> None:
    bought = partly(town, 3000)
    bought.ask().expect(201)
    bought.desk("cases/1/grant").expect(200)
    assert seen(town, "of-ann") == (3000, 0, 0)
    assert bought.shown["state"] == "refund"
    said = [(event["what"], event["amount_fen"]) for event in bought.record["timeline"]]
    assert ("returned", 3000) in said
    assert ("owed", SOLO - 3000) in said
    sound(town)


def test_several_parts_pay_in_their_order(town: Town) -> None:
    ann = town.person("ann")
    one, two, three = (purse(town, ann, fen, ref) for fen, ref in ((2000, "one"), (9000, "two"), (500, "three")))
    made = order(ann, town.campaign(), "orders", {**one, "fen": 1500}, two, three).expect(201)
    shown = ann.order(made["order_id"])
    assert [(part["ref"], part["amount_fen"]) for part in shown["parts"]] == [("one", 1500), ("two", SOLO - 1500)]
    sound(town)
    bought = Bought(town, ann, made["order_id"])
    bought.refund(1600).expect(200)
    assert (seen(town, "one"), seen(town, "two")) == ((2000, 0, 0), (9000 - SOLO + 1600, 0, SOLO - 1600))
    sound(town)


def test_what_cannot_pay_is_refused_by_name(town: Town) -> None:
    ann, ben = town.person("ann"), town.person("ben")
    campaign, own, bens = town.campaign(), purse(town, ann, 100), purse(town, ben, 100)
    refused = order(ann, campaign, "orders", {"tender": "gold", "ref": "x"}).expect(422)
    assert (refused["code"], refused["errors"][0]["pointer"]) == ("tender_unknown", "/pay_with/0/tender")
    refused = order(ann, campaign, "orders", own, own).expect(422)
    assert (refused["code"], refused["errors"][0]["pointer"]) == ("tender_twice", "/pay_with/1/ref")
    order(ann, campaign, "orders", bens).expect(422)
    order(ann, campaign, "orders", {**own, "fen": 0}).expect(400, 422)
    assert seen(town, "of-ann") == (100, 0, 0)
    sound(town)
