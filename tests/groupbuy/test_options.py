"""What a merchant may set: units a seat, who may join, a price of one's own, and what a user may take of it all."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.accounts.items import User
from chalicelib.campaigns.items import StockShard
from chalicelib.core import clock
from chalicelib.groupbuy.items import Group, Limit, Seat
from chalicelib.orders.items import Order
from infra.local.client import Person
from tests import invariants
from tests.campaigns.newcomers import new_only
from tests.town import Town


def left(town: Town) -> int:
    return sum(item.left for item in town.items() if isinstance(item, StockShard))


def limit(town: Town, person: Person) -> Limit:
    (found,) = [item for item in town.items() if isinstance(item, Limit) and item.pk.endswith(person.uid)]
    return found


def at_rest(town: Town, hours: int = 3) -> None:
    town.pass_time(hours * 3600, tick=300)
    town.stream()
    invariants.at_rest(town.items(), town.sim.world)


def test_a_seat_of_several_units_costs_and_takes_that_many(town: Town) -> None:
    campaign = town.campaign(size=2, units_per_seat=3, skus=[{**town.sku(), "stock": 20}], group_seconds=3600)
    leader, opened = town.opened(campaign)
    assert opened["total_fen"] == 3 * 6900
    assert left(town) == 20 - 6
    member, seat = town.joined(opened["group_id"])
    assert seat["total_fen"] == 3 * 6900
    assert member.group(opened["group_id"])["units_per_seat"] == 3
    _, lonely = town.opened(campaign)
    at_rest(town)
    assert left(town) == 20 - 6
    assert {limit(town, who).units for who in (leader, member)} == {3}
    assert lonely["group_id"] != opened["group_id"]


def test_units_go_back_where_they_came_from_however_the_seats_own_them(town: Town) -> None:
    skus = [{**town.sku(), "sku_id": name, "stock": 9} for name in ("red", "blue")]
    campaign = town.campaign(size=3, units_per_seat=2, skus=skus, group_seconds=3600, at_expiry="honour_price")
    leader = town.person()
    opened = leader.open(campaign, "red").expect(201)
    leader.pay(opened).expect(200)
    town.hear()
    given_up = town.person()
    seat = given_up.join(opened["group_id"], "blue").expect(201)
    assert left(town) == 18 - 4
    given_up.api.post(f"/v1/orders/{seat['order_id']}/cancel")
    town.minute()
    assert left(town) == 18 - 2
    at_rest(town)
    leader.come_back()
    assert leader.group(opened["group_id"])["status"] == "succeeded"
    assert left(town) == 18 - 2


def test_a_group_opens_only_with_units_for_every_seat(town: Town) -> None:
    campaign = town.campaign(size=3, units_per_seat=2, skus=[{**town.sku(), "stock": 7}])
    town.opened(campaign)
    refused = town.person().open(campaign)
    assert (refused.status, refused.body["code"]) == (409, "sold_out")


@pytest.mark.parametrize("how", ["open", "join", "buy"])
def test_units_are_limited_over_groups_and_solo_purchases(town: Town, how: str) -> None:
    campaign = town.campaign(size=3, units_per_seat=2, limits={"units": 5})
    person = town.person()
    for _ in range(2):
        person.buy(campaign).expect(201)
    _, opened = town.opened(campaign)
    acts = {
        "open": lambda: person.open(campaign),
        "join": lambda: person.join(opened["group_id"]),
        "buy": lambda: person.buy(campaign),
    }
    refused = acts[how]()
    assert (refused.status, refused.body["code"], refused.body["limit"]) == (409, "unit_limit", 5)
    at_rest(town, 48)
    assert limit(town, person).units == 0


def buy(town: Town, campaign: str, *, pay: bool) -> tuple[Person, dict[str, Any]]:
    person = town.person()
    order: dict[str, Any] = person.buy(campaign).expect(201)
    if pay:
        person.pay(order).expect(200)
        town.hear()
    return person, order


def test_a_solo_purchase_is_confirmed_when_it_is_paid(town: Town) -> None:
    campaign = town.campaign(skus=[{**town.sku(), "stock": 5}])
    person, order = buy(town, campaign, pay=True)
    shown = person.order(order["order_id"])
    assert (shown["state"], shown["total_fen"], shown["role"]) == ("confirmed", 8900, "solo")
    assert left(town) == 4
    at_rest(town)


def test_a_solo_purchase_that_is_not_paid_leaves_nothing_behind(town: Town) -> None:
    campaign = town.campaign(skus=[{**town.sku(), "stock": 5}])
    person, order = buy(town, campaign, pay=False)
    assert left(town) == 4
    at_rest(town)
    person.come_back()
    assert person.order(order["order_id"])["state"] == "released"
    assert (left(town), limit(town, person).units) == (5, 0)


def test_a_solo_purchase_asked_twice_is_one(town: Town) -> None:
    campaign, person = town.campaign(), town.person()
    first = person.buy(campaign, key="one-tap-of-mine").expect(201)
    assert person.buy(campaign, key="one-tap-of-mine").expect(201)["order_id"] == first["order_id"]
    assert sum(isinstance(item, Order) for item in town.items()) == 1


def test_nobody_buys_alone_what_has_no_price_for_it(town: Town) -> None:
    campaign = town.campaign(skus=[{**town.sku(), "solo_price_fen": None}])
    person = town.person()
    refused = person.buy(campaign)
    assert (refused.status, refused.body["code"]) == (409, "no_solo_purchase")
    quoted = person.api.call("POST", f"/v1/campaigns/{campaign}/quote", {"role": "solo"})
    assert quoted.body["code"] == "no_solo_purchase"


def test_the_last_unit_bought_alone_is_sold_once(town: Town) -> None:
    campaign = town.campaign(size=2, skus=[{**town.sku(), "stock": 2}])
    for _ in range(2):
        buy(town, campaign, pay=True)
    refused = town.person().buy(campaign)
    assert (refused.status, refused.body["code"]) == (409, "sold_out")


@pytest.mark.parametrize(("role", "total", "lines"), [("member", 13800, 2), ("leader", 11800, 3), ("solo", 17800, 2)])
def test_a_quote_tells_what_each_role_pays(town: Town, role: str, total: int, lines: int) -> None:
    campaign = town.campaign(units_per_seat=2, skus=[{**town.sku(), "leader_price_fen": 5900}])
    quote = town.person().api.post(f"/v1/campaigns/{campaign}/quote", {"role": role})
    assert (quote["quantity"], quote["total_fen"], len(quote["lines"])) == (2, total, lines)
    assert sum(line["amount_fen"] for line in quote["lines"]) == total
    said = " ".join(promise["en"] for promise in quote["promises"])
    assert ("leader pays" in said, "merchant closes" in said) == (role == "leader", role != "solo")


def newcomers(town: Town) -> str:
    return town.campaign(size=4, **new_only())


def test_only_new_users_may_join_and_anybody_may_open(town: Town) -> None:
    old = town.person()
    order = old.buy(town.campaign()).expect(201)
    old.pay(order).expect(200)
    town.hear()
    campaign = newcomers(town)
    opened = old.open(campaign).expect(201)
    old.pay(opened).expect(200)
    town.hear()
    other, theirs = town.opened(campaign)
    refused = old.join(theirs["group_id"])
    assert (refused.status, refused.body["code"]) == (409, "new_users_only")
    page = old.group(theirs["group_id"])
    assert (page["may_join"], page["why_not"]["code"]) == (False, "new_users_only")
    assert other.group(opened["group_id"])["may_join"] is True
    town.person().join(theirs["group_id"]).expect(201)


def test_the_verdict_stands_on_the_seat_with_its_evidence(town: Town) -> None:
    campaign = newcomers(town)
    _, opened = town.opened(campaign)
    member, seat = town.joined(opened["group_id"])
    (stored,) = [item for item in town.items() if isinstance(item, Seat) and item.order == seat["order_id"]]
    assert stored.verdict is not None
    assert (stored.verdict.new, stored.verdict.definition, stored.verdict.first_order_at) == (
        True,
        "never_ordered",
        None,
    )
    seats = town.admin.get(f"/v1/admin/groups/{opened['group_id']}")["seats"]
    assert {s["order_id"]: s["verdict"] and s["verdict"]["new"] for s in seats} == {
        opened["order_id"]: None,
        seat["order_id"]: True,
    }
    assert member.group(opened["group_id"])["status"] == "open"


@pytest.mark.parametrize(
    ("definition", "days", "welcome"), [("never_seen", 1, False), ("dormant", 20, False), ("dormant", 40, True)]
)
def test_new_is_what_the_campaign_says(town: Town, definition: str, days: int, welcome: bool) -> None:
    old = town.person()
    order = old.buy(town.campaign()).expect(201)
    old.pay(order).expect(200)
    town.hear()
    user = next(item for item in town.items() if isinstance(item, User) and item.uid == old.uid)
    assert user.first_order_at == user.last_order_at is not None
    clock.advance(days * 86_400)
    now = clock.now().replace(microsecond=0)
    campaign = town.campaign(
        **new_only(definition, 30),
        starts_at=now.isoformat(),
        ends_at=(now + timedelta(days=3)).isoformat(),
    )
    _, opened = town.opened(campaign)
    old.come_back()
    assert (old.join(opened["group_id"]).status == 201) is welcome


def test_the_saving_is_shown_by_the_larger_figure(town: Town) -> None:
    skus = [
        {**town.sku(), "sku_id": "cheap", "price_fen": 6900, "reference_price_fen": 9900},
        {**town.sku(), "sku_id": "dear", "price_fen": 90_000, "reference_price_fen": 120_000, "solo_price_fen": None},
    ]
    terms = town.person().api.get(f"/v1/campaigns/{town.campaign(skus=skus)}")["terms"]
    assert [sku["saving"] for sku in terms["skus"]] == [
        {"display": "percent", "percent": 30, "amount_fen": 3000},
        {"display": "amount", "percent": 25, "amount_fen": 30_000},
    ]


def close(town: Town, group: str, key: str | None = None) -> Any:
    return town.admin.call("POST", f"/v1/admin/groups/{group}/close", {}, key=key)


def test_a_closed_group_refunds_everybody_and_takes_nobody(town: Town) -> None:
    leader, opened = town.opened(town.campaign(size=4, at_expiry="honour_price"))
    member, seat = town.joined(opened["group_id"])
    closed = close(town, opened["group_id"], "close-it-just-once").expect(200)
    assert (closed["group"]["status"], closed["why"]) == ("settling", "closed")
    again = close(town, opened["group_id"], "close-it-just-once").expect(200)
    assert again["group"]["status"] == "settling"
    assert town.person().join(opened["group_id"]).body["code"] == "group_ended"
    assert member.api.get(f"/v1/campaigns/{closed['group']['campaign_id']}/groups")["groups"] == []
    town.minute()
    assert leader.group(opened["group_id"])["status"] == "failed"
    at_rest(town, 1)
    assert {p.order(s["order_id"])["state"] for p, s in ((leader, opened), (member, seat))} == {"refund"}
    late = close(town, opened["group_id"])
    assert (late.status, late.body["code"]) == (409, "group_ended")
    entries = town.admin.get("/v1/admin/audit?limit=50")["entries"]
    assert [entry["subject"] for entry in entries if entry["action"] == "group.close"] == [opened["group_id"]]


def test_who_pays_for_a_held_seat_of_a_closed_group_is_kept_to_and_may_complete_it(town: Town) -> None:
    leader, opened = town.opened(town.campaign(size=2))
    member = town.person()
    seat = member.join(opened["group_id"]).expect(201)
    close(town, opened["group_id"]).expect(200)
    town.minute()
    assert leader.group(opened["group_id"])["status"] == "settling"
    member.pay(seat).expect(200)
    town.hear()
    assert leader.group(opened["group_id"])["status"] == "succeeded"
    at_rest(town, 1)


def test_a_pending_group_is_not_there_to_be_closed(town: Town) -> None:
    opened = town.person().open(town.campaign()).expect(201)
    refused = close(town, opened["group_id"])
    assert (refused.status, refused.body["code"]) == (409, "group_ended")
    assert close(town, "nowhere").status == 404


def test_a_merchant_sees_open_groups_and_who_sits_in_them(town: Town) -> None:
    campaign = town.campaign(size=3)
    _, first = town.opened(campaign)
    clock.advance(60)
    _, second = town.opened(campaign)
    listed = town.admin.get(f"/v1/admin/campaigns/{campaign}/groups")["groups"]
    assert [group["group_id"] for group in listed] == [first["group_id"], second["group_id"]]
    (seat,) = town.admin.get(f"/v1/admin/groups/{first['group_id']}")["seats"]
    assert (seat["leader"], seat["state"], seat["order_id"]) == (True, "paid", first["order_id"])


def test_a_page_of_groups_is_read_in_one_call(town: Town) -> None:
    campaign = town.campaign(size=3)
    opened = [town.opened(campaign)[1] for _ in range(3)]
    member = town.person()
    seat = member.join(opened[1]["group_id"]).expect(201)
    pending = town.person().open(campaign).expect(201)
    wanted = [seat["group_id"], *(o["group_id"] for o in opened), "NOWHERE-AT-ALL", pending["group_id"]]
    with town.emulator.counting() as calls:
        groups = member.api.get(f"/v1/groups/cards?ids={','.join(wanted)}")["groups"]
    assert [call.operation for call in calls] == ["BatchGetItem"]
    assert [g["group"]["group_id"] for g in groups] == [seat["group_id"], opened[0]["group_id"], opened[2]["group_id"]]
    assert [g["my_seat"] and g["my_seat"]["order_id"] for g in groups] == [seat["order_id"], None, None]


def test_joinable_groups_are_found_behind_full_ones(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chalicelib.groupbuy.detail.LIST_SHARDS", 1)
    monkeypatch.setattr("chalicelib.groupbuy.items.LIST_SHARDS", 1)
    monkeypatch.setattr("chalicelib.groupbuy.detail.LIST_PAGE", 2)
    campaign = town.campaign(size=2)
    for _ in range(4):
        _, full = town.opened(campaign)
        town.person().join(full["group_id"]).expect(201)
        clock.advance(1)
    _, free = town.opened(campaign)
    shown = town.person().api.get(f"/v1/campaigns/{campaign}/groups")["groups"]
    assert [group["group_id"] for group in shown] == [free["group_id"]]
    assert sum(isinstance(item, Group) for item in town.items()) == 5
