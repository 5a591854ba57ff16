"""Orders that balance pays, in part or whole: held, used, free again, and back, each once."""

from __future__ import annotations

from typing import Any

from chalicelib.campaigns.gifts import Currency
from chalicelib.core import clock
from chalicelib.core.ids import CampaignId, MerchantId, UserId
from chalicelib.orders import tenders
from chalicelib.orders.tenders import Bill
from chalicelib.rewards.items import Account, account_key
from infra.local.client import Person
from tests import invariants
from tests.fulfilment.shop import Bought
from tests.orders.purse import purse
from tests.orders.test_late_payment import pay_late
from tests.orders.test_tenders import GROUP, SOLO, join, order
from tests.rewards import shop
from tests.rewards.shop import balance, rewards, with_balance
from tests.town import Town


def rich(town: Town, fen: int, name: str = "ann") -> Person:
    """Somebody who was given so much."""
    person = town.person(name)
    shop.give(town, town.campaign(shop.offer()), person, f"to-{name}", fen)
    clock.advance(1)
    return person


def sound(town: Town, person: Person) -> None:
    invariants.check(town.books())
    person.come_back()
    assert shop.rebuilt(town, person)["agree"]


def said(person: Person) -> list[tuple[str, int]]:
    """What the statement says of balance and orders, newest first."""
    return [(line["why"], line["amount"]) for line in rewards(person) if line["why"].startswith("order")]


def test_money_pays_what_is_left(town: Town) -> None:
    ann = rich(town, 5000)
    held = order(ann, town.campaign(), "orders", with_balance(3000)).expect(201)
    assert (held["total_fen"], held["cash_fen"], held["state"]) == (SOLO, SOLO - 3000, "held")
    assert (balance(town, ann), said(ann)) == ((2000, 3000), [])
    sound(town, ann)
    ann.pay(held).expect(200)
    town.hear()
    assert ann.order(held["order_id"])["parts"] == [
        {"tender": "balance", "ref": "fen", "amount_fen": 3000, "back_fen": 0}
    ]
    assert (balance(town, ann), said(ann)) == ((2000, 0), [("order_paid", -3000)])
    (line, _) = rewards(ann)
    assert (line["subject"], line["campaign"]["title"]) == (held["order_id"], "2026年秋茶礼盒 三人团")
    sound(town, ann)


def test_all_of_it_pays_at_once(town: Town) -> None:
    ann = rich(town, 10_000)
    campaign = town.campaign()
    made = order(ann, campaign, "orders", with_balance(), key="one-tap-buys-it-at-once").expect(201)
    assert (made["state"], made["cash_fen"], made["pay"]) == ("confirmed", 0, None)
    assert order(ann, campaign, "orders", with_balance(), key="one-tap-buys-it-at-once").expect(201) == made
    assert (balance(town, ann), said(ann)) == ((10_000 - SOLO, 0), [("order_paid", -SOLO)])
    sound(town, ann)


def test_what_is_never_paid_is_free_again(town: Town) -> None:
    ann = rich(town, 3000)
    held = order(ann, town.campaign(), "orders", with_balance()).expect(201)
    assert balance(town, ann) == (0, 3000)
    town.pass_time(1200)
    ann.come_back()
    assert ann.order(held["order_id"])["state"] == "released"
    assert (balance(town, ann), said(ann)) == ((3000, 0), [])
    sound(town, ann)


def test_a_late_payment_holds_it_again(town: Town) -> None:
    ann = rich(town, 3000)
    held = order(ann, town.campaign(), "orders", with_balance()).expect(201)
    ann.api.post(f"/v1/orders/{held['order_id']}/cancel")
    town.minute()
    assert balance(town, ann) == (3000, 0)
    assert pay_late(town, held["order_id"]) == "bought"
    assert (balance(town, ann), said(ann)) == ((0, 0), [("order_paid", -3000)])
    sound(town, ann)


def test_a_late_payment_goes_back_where_it_was_spent_meanwhile(town: Town) -> None:
    ann, campaign = rich(town, 3000), town.campaign()
    held = order(ann, campaign, "orders", with_balance()).expect(201)
    ann.api.post(f"/v1/orders/{held['order_id']}/cancel")
    town.minute()
    order(ann, campaign, "orders", with_balance(1)).expect(201)
    assert pay_late(town, held["order_id"]) == "owed"
    assert balance(town, ann) == (2999, 1)
    sound(town, ann)


def test_money_goes_back_first_and_each_return_is_posted_once(town: Town) -> None:
    ann = rich(town, 3000)
    held = order(ann, town.campaign(), "orders", with_balance()).expect(201)
    ann.pay(held).expect(200)
    town.hear()
    bought = Bought(town, ann, held["order_id"])
    bought.refund(SOLO - 3000).expect(200)
    assert said(ann) == [("order_paid", -3000)]
    clock.advance(61)
    bought.refund(1000, key="one-key-gives-it-back").expect(200)
    bought.refund(1000, key="one-key-gives-it-back").expect(200)
    clock.advance(1)
    bought.refund(500).expect(200)
    assert said(ann) == [("order_back", 500), ("order_back", 1000), ("order_paid", -3000)]
    assert balance(town, ann) == (1500, 0)
    sound(town, ann)
    clock.advance(1)
    bought.refund().expect(200)
    assert (balance(town, ann), bought.shown["state"]) == ((3000, 0), "refund")
    assert [line["state"] for line in rewards(ann)] == ["granted", "granted", "granted", "spent", "granted"]
    sound(town, ann)


def test_a_group_that_fails_gives_it_back(town: Town) -> None:
    ann = rich(town, GROUP)
    order(ann, town.campaign(group_seconds=3600), "groups", with_balance()).expect(201)
    assert said(ann) == [("order_paid", -GROUP)]
    clock.advance(3600)
    town.minute()
    town.stream()
    ann.come_back()
    assert (balance(town, ann), said(ann)) == ((GROUP, 0), [("order_back", GROUP), ("order_paid", -GROUP)])
    sound(town, ann)


def test_a_seat_is_not_taken_again_without_it(town: Town) -> None:
    campaign = town.campaign()
    _, opened = town.opened(campaign)
    ann = rich(town, 3000)
    held = join(ann, opened["group_id"], with_balance()).expect(201)
    ann.api.call("POST", f"/v1/orders/{held['order_id']}/cancel", {}).expect(200)
    town.minute()
    order(ann, campaign, "orders", with_balance()).expect(201)
    assert pay_late(town, held["order_id"]) == "owed"
    sound(town, ann)


def test_it_pays_beside_others_in_their_order(town: Town) -> None:
    ann = rich(town, 10_000)
    own = purse(town, ann, 2000)
    made = order(ann, town.campaign(), "orders", own, with_balance()).expect(201)
    parts = [(part["tender"], part["amount_fen"]) for part in ann.order(made["order_id"])["parts"]]
    assert parts == [("purse", 2000), ("balance", SOLO - 2000)]
    sound(town, ann)


def test_where_nothing_is_left_to_pay_it_is_not_touched(town: Town) -> None:
    ann = rich(town, 500)
    own = purse(town, ann, 10_000)
    made = order(ann, town.campaign(), "orders", own, with_balance()).expect(201)
    assert [part["tender"] for part in ann.order(made["order_id"])["parts"]] == ["purse"]
    assert balance(town, ann) == (500, 0)
    sound(town, ann)


def test_what_cannot_pay_is_refused_by_name(town: Town) -> None:
    ann, campaign = rich(town, 500), town.campaign()
    ben = town.person("ben")
    assert order(ben, campaign, "orders", with_balance()).expect(409)["code"] == "balance_empty"
    wrong = {**with_balance(), "ref": "points"}
    assert order(ann, campaign, "orders", wrong).expect(422)["code"] == "tender_unknown"
    assert order(ann, campaign, "orders", with_balance(), with_balance()).expect(422)["code"] == "tender_twice"
    order(ann, campaign, "orders", with_balance(500)).expect(201)
    assert order(ann, campaign, "orders", with_balance()).expect(409)["code"] == "balance_empty"
    sound(town, ann)


def bill(town: Town, person: Person, total: int) -> Bill:
    return Bill(
        mid=MerchantId(town.merchant.mid),
        uid=UserId(person.uid),
        campaign_id=CampaignId("X"),
        sku_id="box-1",
        category=None,
        goods_fen=total,
        freight_fen=0,
        pay_with=[],
    )


def test_it_is_among_the_choices_where_there_is_some(town: Town) -> None:
    ann, ben = rich(town, 500), town.person("ben")
    choices: list[Any] = tenders.choices(bill(town, ann, 300))
    (choice,) = [one for one in choices if one.tender == "balance"]
    assert (choice.ref, choice.worth_fen, choice.why_not, choice.title_en) == ("fen", 300, None, "Balance")
    (choice,) = [one for one in tenders.choices(bill(town, ann, 900)) if one.tender == "balance"]
    assert choice.worth_fen == 500
    assert [one for one in tenders.choices(bill(town, ben, 300)) if one.tender == "balance"] == []


def test_what_orders_use_is_debt_and_takes_nothing_that_comes_later(town: Town) -> None:
    ann = rich(town, 3000)
    held = order(ann, town.campaign(), "orders", with_balance(2000)).expect(201)
    shop.undo(town, ann, "to-ann")
    town.minute()
    assert balance(town, ann) == (1000, 2000), "what an order holds is waited for"
    ann.pay(held).expect(200)
    town.hear()
    clock.advance(60)
    town.minute()
    assert balance(town, ann) == (0, 0)
    town.admin.post(f"/v1/admin/orders/{held['order_id']}/refund", {"note": "sold out"})
    assert balance(town, ann) == (2000, 0), "debt takes nothing that comes later"
    assert ann.api.get("/v1/me/accounts")["fen"]["debt"] == 2000
    sound(town, ann)


def test_an_account_is_its_users_alone(town: Town) -> None:
    ann = rich(town, 3000)
    mid = MerchantId(town.merchant.mid)
    assert isinstance(next(i for i in town.items() if i.key == account_key(mid, ann.uid, Currency.FEN)), Account)
    second = town.second()
    assert account_key(MerchantId(second.mid), ann.uid, Currency.FEN).pk.startswith(second.mid)
