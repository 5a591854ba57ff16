"""What is answered where: pages, listings, tickets, quotes, and every refusal with what to do instead."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.core import clock
from infra.local.client import Person, Reply
from tests.bargain.shop import (
    HOUR,
    LOOKED,
    SKU,
    bargain,
    befriend,
    buys,
    cancels,
    gives,
    grown,
    help_of,
    helps,
    limit,
    offer,
    page,
    started,
    starts,
    ticket,
)
from tests.bench.meter import metered
from tests.invite.family import strangers
from tests.orders.purse import purse, seen
from tests.town import Town


def code(reply: Reply) -> tuple[int, str]:
    return reply.status, reply.body["code"]


def quoted(person: Person, bid: str, **asked: Any) -> Reply:
    return person.api.call("POST", f"/v1/bargains/{bid}/quote", asked)


def test_the_page_tells_price_parts_end_and_what_each_may_do(town: Town) -> None:
    ann, ben, cat = grown(town, "ann", "ben", "cat")
    ann.api.call("PATCH", "/v1/me", {"nickname": "王小明"}).expect(200)
    ben.api.call("PATCH", "/v1/me", {"nickname": "李雷"}).expect(200)
    bid = started(ann, town.campaign(offer(split="falling", early_purchase=False)))
    helps(ben, bid).expect(201)
    mine, theirs, hers = page(ann, bid), page(cat, bid), page(ben, bid)
    assert (mine["price_fen"], mine["need"], mine["have"], mine["left"]) == (8700, 3, 1, 2)
    assert (mine["start_price_fen"], mine["floor_price_fen"]) == (9900, 6900)
    assert mine["slots"] == [{"cut_fen": cut, "taken": cut == 1200} for cut in (1200, 1000, 800)]
    assert (mine["mine"], mine["may_buy"], mine["may_help"], mine["help_ticket"]) == (True, False, False, None)
    assert mine["why_not"]["code"] == "not_at_floor" and "2" in mine["why_not"]["detail"]
    assert (theirs["mine"], theirs["may_help"], theirs["why_not"], theirs["order_id"]) == (False, True, None, None)
    assert theirs["helps"] == [{**theirs["helps"][0], "nickname": "李**", "cut_fen": 1200}]
    assert theirs["owner"] == "王**" and "王小明" not in str(theirs) and "李雷" not in str(theirs)
    assert theirs["share"]["path"].startswith(f"pages/bargain/index?b={bid}&s=")
    assert hers["help_ticket"] is None
    assert (hers["my_help"], hers["why_not"]["code"]) == ({"state": "counted", "cut_fen": 1200}, "already_helped")
    assert clock.parse(mine["ends_at"]) == bargain(town, bid).expires_at
    assert mine["saving"] == {"display": "percent", "percent": 12, "amount_fen": 1200}
    assert page_status(cat, "nowhere") == 404


def page_status(person: Person, bid: str) -> int:
    return person.api.call("GET", f"/v1/bargains/{bid}").status


def test_the_owners_own_cut_is_the_first_and_nobody_elses(town: Town) -> None:
    ann, ben = grown(town, "ann", "ben")
    begun = starts(ann, town.campaign(offer(self_cut=True, split="front_loaded"))).expect(201)
    assert (begun["slots_fen"], begun["price_fen"], begun["have"]) == ([1500, 750, 750], 8400, 1)
    assert helps(ben, begun["bargain_id"]).expect(201)["my_help"] == {"state": "counted", "cut_fen": 750}


def test_the_same_key_is_the_same_bargain(town: Town) -> None:
    ann, campaign = town.person(), town.campaign(offer(skus=[SKU, {**SKU, "sku_id": "box-2"}]))
    first = starts(ann, campaign, "box-1", key="one-tap-of-mine").expect(201)
    assert starts(ann, campaign, "box-1", key="one-tap-of-mine").expect(201)["bargain_id"] == first["bargain_id"]
    assert code(starts(ann, campaign, "box-2", key="one-tap-of-mine")) == (409, "idempotency_key_reused")
    assert code(starts(ann, campaign)) == (422, "sku_unknown")
    assert limit(town, first["bargain_id"], ann).starts == 1


def test_a_help_asked_twice_is_one_and_another_tap_says_so(town: Town) -> None:
    ann, ben = grown(town, "ann", "ben")
    bid = started(ann, town.campaign(offer()))
    given = ticket(ben, bid)
    clock.advance(LOOKED)
    first = gives(ben, bid, given, key="one-tap-of-mine").expect(201)
    clock.advance(1200)
    again = gives(ben, bid, given, key="one-tap-of-mine").expect(201)
    assert (again["bargain"], again["my_help"]) == (first["bargain"], first["my_help"])
    assert code(gives(ben, bid, given)) == (409, "already_helped")
    assert code(gives(ben, bid, given + "x", key="one-tap-of-mine")) == (409, "idempotency_key_reused")
    assert bargain(town, bid).helps == 1


def test_opening_a_page_never_counts_and_a_ticket_is_of_one_user_and_bargain_for_a_while(town: Town) -> None:
    ann, ben, cat = grown(town, "ann", "ben", "cat")
    campaign = town.campaign(offer())
    bid, other = started(ann, campaign), started(ann, campaign)
    given = ticket(ben, bid)
    assert bargain(town, bid).helps == 0
    assert code(gives(ben, bid, given)) == (409, "help_too_fast")
    clock.advance(LOOKED)
    assert code(gives(cat, bid, given)) == (422, "help_ticket_unfit")
    assert code(gives(ben, other, given)) == (422, "help_ticket_unfit")
    assert code(gives(ann, bid, given)) == (409, "own_bargain")
    clock.advance(601)
    assert code(gives(ben, bid, given)) == (409, "help_ticket_expired")
    assert gives(ben, bid, "").status == 422


def test_helps_are_limited_by_campaign_and_by_the_merchants_day(town: Town) -> None:
    ann, ben, cat, dan = grown(town, "ann", "ben", "cat", "dan")
    campaign = town.campaign(offer(bargain_seconds=6 * HOUR, limits={"active": 3, "helps": 2, "helps_a_day": 1}))
    one, two, three = (started(person, campaign) for person in (ann, ben, cat))
    helps(dan, one).expect(201)
    assert page(dan, two)["why_not"]["code"] == "help_day_limit"
    clock.advance(4 * HOUR)
    dan.come_back()
    helps(dan, two).expect(201)
    refused = page(dan, three)["why_not"]
    assert (refused["code"], refused["next"]) == ("help_limit", "自己发起一个砍价")
    assert (limit(town, one, dan).helps, limit(town, one, dan).today) == (2, 1)


def test_starts_are_limited_altogether_and_at_once(town: Town) -> None:
    ann = town.person()
    campaign = town.campaign(offer(limits={"starts": 2, "active": 1}))
    bid = started(ann, campaign)
    assert code(starts(ann, campaign)) == (409, "bargain_active")
    cancels(ann, bid).expect(200)
    cancels(ann, started(ann, campaign)).expect(200)
    assert code(starts(ann, campaign)) == (409, "bargain_limit")


def test_a_paused_campaign_starts_nothing_and_takes_no_help_but_what_was_reached_may_be_bought(town: Town) -> None:
    ann, ben, cat, dan = grown(town, "ann", "ben", "cat", "dan")
    campaign = town.campaign(offer(cuts=2))
    bid, other = started(ann, campaign), started(ann, campaign)
    helps(ben, bid).expect(201)
    helps(cat, bid).expect(201)
    given = ticket(dan, other)
    clock.advance(LOOKED)
    town.admin.post(f"/v1/admin/campaigns/{campaign}/pause")
    assert code(starts(dan, campaign)) == (409, "campaign_not_running")
    assert code(gives(dan, other, given)) == (409, "campaign_not_running")
    assert page(dan, other)["why_not"]["code"] == "campaign_not_running"
    buys(ann, bid).expect(201)
    town.admin.post(f"/v1/admin/campaigns/{campaign}/end")
    assert code(starts(dan, campaign)) == (409, "campaign_not_running")
    gives(dan, other, given).expect(201)


def test_only_new_users_help_where_the_campaign_says_so_and_they_cut_no_more(town: Town) -> None:
    ann, ben, cat = grown(town, "ann", "ben", "cat")
    order = ben.buy(town.campaign()).expect(201)
    ben.pay(order).expect(200)
    town.hear()
    bid = started(ann, town.campaign(offer(who_may_help="new_user")))
    assert page(ben, bid)["why_not"]["code"] == "new_helpers_only"
    helps(cat, bid).expect(201)
    kept = help_of(town, bid, cat)
    assert kept is not None and kept.verdict is not None and kept.verdict.new and kept.cut_fen == 1000
    for_anybody = started(ann, town.campaign(offer()))
    helps(ben, for_anybody).expect(201)


def test_a_help_that_is_suspected_is_told_neutrally_and_kept_with_its_reasons(town: Town) -> None:
    ann, ben = grown(town, "ann", "ben")
    campaign = town.campaign(offer())
    bid = started(ann, campaign)
    befriend(ann, campaign, ben)
    said = helps(ben, bid).expect(201)
    assert "reciprocal" not in str(said) and said["my_help"]["state"] == "checking"
    (shown,) = town.admin.get(f"/v1/admin/bargains/{bid}")["helps"]
    assert (shown["state"], shown["slot"], shown["user_id"]) == ("held", None, ben.uid)
    assert "reciprocal" in shown["reasons"] and shown["thresholds"] >= 1 and shown["passes_at"]


@pytest.mark.parametrize("why", ["star", "chain"])
def test_a_help_by_somebody_who_hangs_in_a_star_or_a_fan_waits(town: Town, why: str) -> None:
    inviter = town.person("inviter")
    alike = [300] if why == "chain" else []
    friend = strangers(town, inviter, 21, gaps=alike)[0]
    clock.advance(3 * 86_400)
    ann, ben = grown(town, "ann", "ben")
    friend.come_back()
    bid = started(ann, town.campaign(offer()))
    assert helps(friend, bid).expect(201)["my_help"]["state"] == "checking"
    given = help_of(town, bid, friend)
    assert given is not None and why in given.reasons
    assert helps(ben, bid).expect(201)["my_help"]["state"] == "counted"


def test_a_help_that_would_be_held_is_refused_when_nobody_has_time_to_look(town: Town) -> None:
    ann, ben = grown(town, "ann", "ben")
    campaign = town.campaign(offer(bargain_seconds=1800))
    bid = started(ann, campaign)
    befriend(ann, campaign, ben)
    clock.advance(1800 - 500)
    page(ben, bid)
    before = town.items()
    assert code(helps(ben, bid)) == (409, "help_too_late")
    assert [item.serialize() for item in town.items()] == [item.serialize() for item in before]


def test_many_helps_in_a_minute_are_looked_at(town: Town) -> None:
    names = [f"friend-{n}" for n in range(12)]
    ann, *friends = grown(town, "ann", *names)
    bid = started(ann, town.campaign(offer(cuts=12)))
    given = [ticket(friend, bid) for friend in friends]
    clock.advance(LOOKED)
    states = [gives(f, bid, t).expect(201)["my_help"]["state"] for f, t in zip(friends, given, strict=True)]
    assert states == ["counted"] * 10 + ["checking"] * 2
    clock.advance(60)
    assert bargain(town, bid).minute_helps == 12


def test_a_quote_tells_the_price_so_far_and_is_kept_to_or_refused(town: Town) -> None:
    ann, ben, cat = grown(town, "ann", "ben", "cat")
    freight = {"kind": "flat", "fen": 800}
    bid = started(ann, town.campaign(offer(freight=freight, reserve="order")))
    helps(ben, bid).expect(201)
    told = quoted(ann, bid).expect(200)
    assert [line["amount_fen"] for line in told["lines"]] == [9900, -1000, 800]
    assert (told["goods_fen"], told["total_fen"]) == (8900, 9700)
    said = " ".join(promise["en"] for promise in told["promises"])
    assert "not reserved" in said and "freezes the price" in said
    assert code(buys(ben, bid, quote=told["quote"])) == (404, "not_found")
    assert code(quoted(ben, bid)) == (404, "not_found")
    helps(cat, bid).expect(201)
    assert code(buys(ann, bid, quote=told["quote"])) == (409, "price_moved")
    order = buys(ann, bid, quote=quoted(ann, bid).expect(200)["quote"]).expect(201)
    assert order["total_fen"] == 7900 + 800
    assert code(quoted(ann, bid)) == (409, "order_open")
    assert page(ann, bid)["why_not"]["code"] == "order_open"


def test_a_live_order_is_the_answer_to_another_tap_and_a_closing_one_must_end_first(town: Town) -> None:
    (ann,) = grown(town, "ann")
    bid = started(ann, town.campaign(offer()))
    first = buys(ann, bid, key="one-tap-of-mine").expect(201)
    again = buys(ann, bid).expect(201)
    assert again["order_id"] == first["order_id"] and again["pay"]
    assert buys(ann, bid, key="one-tap-of-mine").expect(201)["order_id"] == first["order_id"]
    ann.api.post(f"/v1/orders/{first['order_id']}/cancel")
    assert code(buys(ann, bid)) == (409, "order_closing")


def test_a_tap_that_a_live_order_answered_never_makes_another(town: Town) -> None:
    (ann,) = grown(town, "ann")
    bid = started(ann, town.campaign(offer()))
    first = buys(ann, bid).expect(201)
    own = purse(town, ann, 10_000)
    assert buys(ann, bid, pay_with=[own], key="a-second-tap-of-hers").expect(201)["order_id"] == first["order_id"]
    assert code(buys(ann, bid, key="a-second-tap-of-hers")) == (409, "idempotency_key_reused")
    ann.api.post(f"/v1/orders/{first['order_id']}/cancel")
    town.pass_time(300)
    again = buys(ann, bid, pay_with=[own], key="a-second-tap-of-hers").expect(201)
    assert (again["order_id"], again["state"], again["pay"]) == (first["order_id"], "released", None)
    assert seen(town, "of-ann") == (10_000, 0, 0)
    assert page(ann, bid)["status"] == "active"
    town.minute()
    assert buys(ann, bid).expect(201)["order_id"] != first["order_id"]
    assert bargain(town, bid).buys == 2


def test_a_bargain_is_ordered_early_three_times_at_most(town: Town) -> None:
    (ann,) = grown(town, "ann")
    bid = started(ann, town.campaign(offer()))
    for _ in range(3):
        order = buys(ann, bid).expect(201)
        ann.api.post(f"/v1/orders/{order['order_id']}/cancel")
        town.minute()
    refused = buys(ann, bid)
    assert (*code(refused), refused.body["limit"]) == (409, "early_tries", 3)


def test_an_order_is_for_what_was_bargained_for(town: Town) -> None:
    (ann,) = grown(town, "ann")
    campaign = town.campaign(offer(reserve="order", skus=[SKU, {**SKU, "sku_id": "box-2", "start_price_fen": 8900}]))
    bid = starts(ann, campaign, "box-2").expect(201)["bargain_id"]
    refused = buys(ann, bid, sku_id="box-1")
    assert (refused.status, refused.body["code"]) == (422, "invalid_field")
    order = buys(ann, bid).expect(201)
    assert order["total_fen"] == 8900
    assert ann.order(order["order_id"])["lines"][0]["sku_id"] == "box-2"


def test_my_bargains_are_a_page_newest_first(town: Town) -> None:
    ann, ben = grown(town, "ann", "ben")
    campaign = town.campaign(offer())
    bids = []
    for _ in range(2):
        bids.append(started(ann, campaign))
        clock.advance(1)
    started(ben, campaign)
    first = ann.api.get("/v1/bargains?limit=1")
    assert [card["bargain_id"] for card in first["bargains"]] == [bids[1]]
    rest = ann.api.get(f"/v1/bargains?limit=1&cursor={first['cursor']}")
    assert [card["bargain_id"] for card in rest["bargains"]] == [bids[0]]
    assert ann.api.call("GET", "/v1/bargains?cursor=nonsense").status == 422


def test_a_merchant_lists_a_campaigns_bargains_and_looks_at_one(town: Town) -> None:
    ann, ben, cat = grown(town, "ann", "ben", "cat")
    campaign = town.campaign(offer(limits={"starts": 9, "active": 9, "helps": 9}))
    bids = []
    for _ in range(5):
        bids.append(started(ann, campaign))
        clock.advance(1)
    helps(ben, bids[0]).expect(201)
    shown, cursor = [], ""
    while cursor is not None:
        listed = town.admin.get(f"/v1/admin/campaigns/{campaign}/bargains?limit=2{cursor and '&cursor='}{cursor}")
        shown += [card["bargain_id"] for card in listed["bargains"]]
        cursor = listed["cursor"]
    assert shown == bids[::-1]
    record = town.admin.get(f"/v1/admin/bargains/{bids[0]}")
    assert (record["reserved_fen"], record["spent_fen"], record["owner_id"]) == (3000, 0, ann.uid)
    assert [(one["slot"], one["cut_fen"], one["state"]) for one in record["helps"]] == [(1, 1000, "counted")]
    assert town.admin.call("GET", "/v1/admin/bargains/nowhere").status == 404
    assert town.admin.call("GET", f"/v1/admin/campaigns/{town.campaign()}/bargains").status == 404
    order = buys(ann, bids[0]).expect(201)
    ann.pay(order).expect(200)
    town.hear()
    record = town.admin.get(f"/v1/admin/bargains/{bids[0]}")
    assert (record["reserved_fen"], record["spent_fen"], record["order_id"]) == (0, 1000, order["order_id"])
    assert cat.api.call("GET", f"/v1/bargains/{bids[0]}").expect(200)["status"] == "bought"


@pytest.mark.parametrize("held", [False, True])
def test_a_help_is_one_read_round_and_one_transaction(town: Town, held: bool) -> None:
    ann, ben = grown(town, "ann", "ben")
    campaign = town.campaign(offer())
    bid = started(ann, campaign)
    if held:
        befriend(ann, campaign, ben)
    given = ticket(ben, bid)
    clock.advance(LOOKED)
    with metered(town.emulator) as cost:
        gives(ben, bid, given).expect(201)
    assert cost.write_units <= 9


def test_the_terms_of_a_campaign_tell_everything_beforehand(town: Town) -> None:
    campaign = town.campaign(offer(reserve="order", self_cut=True))
    terms = town.person().api.get(f"/v1/campaigns/{campaign}")["terms"]
    assert (terms["kind"], terms["cuts"], terms["helpers_needed"], terms["reserve"]) == ("bargain", 3, 2, "order")
