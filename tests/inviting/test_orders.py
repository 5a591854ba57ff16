"""What a friend's orders bring: the stage of the first, commission of each, and what goes back with them."""

from __future__ import annotations

from chalicelib.accounts.items import User, user_key
from chalicelib.core import clock
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import read_one
from infra.local.client import Person
from tests.inviting.conftest import Pair
from tests.inviting.shop import (
    GIFT,
    accepts,
    balance,
    bare,
    buys_alone,
    days,
    earned,
    friend,
    friend_of,
    left,
    offer,
    received,
    rewards,
    stage,
    state,
)
from tests.rewards.shop import rewards as told_of
from tests.town import Town


def user(town: Town, person: Person) -> User:
    found = read_one(User, user_key(MerchantId(town.merchant.mid), person.uid))
    assert found is not None
    return found


def test_a_first_order_is_held_until_its_goods_cannot_go_back(town: Town, pair: Pair) -> None:
    ann, ben, campaign = pair
    order = buys_alone(town, ben, town.campaign())
    assert stage(town, ann, ben, "first_order") == "promised"
    town.stream()
    assert stage(town, ann, ben, "first_order") == "held"
    assert friend(town, ben).order == order.order_id
    days(town, 8)
    assert stage(town, ann, ben, "first_order") == "held"
    received(order)
    days(town, 6)
    assert stage(town, ann, ben, "first_order") == "held"
    days(town, 3)
    assert stage(town, ann, ben, "first_order") == "granted"
    assert state(earned(town, ann, campaign, order.order_id)) == ("granted", 445, None)
    assert balance(town, ann) == 500 + 445


def test_what_is_asked_for_is_waited_for(town: Town, pair: Pair) -> None:
    ann, ben, _ = pair
    order = buys_alone(town, ben, town.campaign())
    town.stream()
    received(order)
    days(town, 6.9)
    ben.come_back()
    order.ask().expect(201)
    days(town, 3)
    assert stage(town, ann, ben, "first_order") == "held"
    order.desk("cases/1/refuse", {"answer": "no"}).expect(200)
    days(town, 2)
    assert stage(town, ann, ben, "first_order") == "granted"


def test_an_order_that_goes_back_brings_nothing(town: Town, pair: Pair) -> None:
    ann, ben, campaign = pair
    before = left(town, campaign)
    order = buys_alone(town, ben, town.campaign())
    town.stream()
    assert left(town, campaign) == before - 445
    order.refund().expect(200)
    town.stream()
    assert stage(town, ann, ben, "first_order") == "void"
    assert state(earned(town, ann, campaign, order.order_id)) == ("void", 445, "order_refunded")
    assert left(town, campaign) == before + 500
    (line,) = [one for one in rewards(ann, campaign)["friends"][0]["stages"] if one["what"] == "first_order"]
    assert (line["state"], line["looked_at"]) == ("not_given", None)
    assert line["why_not"] == {"code": "order_refunded", "detail": "关联订单已退款", "next": None}
    told = next(one for one in told_of(ann) if one["why"] == "invite_commission")
    assert (told["state"], told["reason"]) == ("void", "关联订单已退款"), "nobody says that he did not pass a check"


def test_an_order_that_goes_back_before_anybody_heard_of_it_brings_nothing(town: Town, pair: Pair) -> None:
    ann, ben, campaign = pair
    order = buys_alone(town, ben, town.campaign())
    order.refund().expect(200)
    town.stream()
    assert stage(town, ann, ben, "first_order") == "promised"
    assert earned(town, ann, campaign, order.order_id) is None
    assert friend(town, ben).order is None


def test_what_was_given_is_taken_back_with_the_order_as_far_as_it_is_there(town: Town, pair: Pair) -> None:
    ann, ben, campaign = pair
    order = buys_alone(town, ben, town.campaign())
    town.stream()
    received(order)
    days(town, 9)
    assert balance(town, ann) == 945 + 0
    order.refund().expect(200)
    town.stream()
    days(town, 0.1)
    assert (stage(town, ann, ben, "first_order"), balance(town, ann)) == ("clawed", 0)
    assert rewards(ann, campaign)["commission"] == {
        "currency": "fen",
        "waiting": 0,
        "granted": 0,
        "taken_back": 445,
        "orders": 1,
        "complete": True,
    }


def test_commission_is_of_what_stays_paid_when_the_hold_ends(town: Town, pair: Pair) -> None:
    ann, ben, campaign = pair
    order = buys_alone(town, ben, town.campaign())
    town.stream()
    received(order)
    order.refund(900).expect(200)
    before = left(town, campaign)
    days(town, 9)
    assert state(earned(town, ann, campaign, order.order_id)) == ("granted", 400, None)
    assert left(town, campaign) == before + 45


def test_commission_reaches_two_levels_and_no_further(town: Town) -> None:
    campaign, goods = town.campaign(offer()), town.campaign()
    zoe = town.person("zoe")
    ann = friend_of(town, zoe, campaign, "ann")
    ben = friend_of(town, ann, campaign, "ben")
    cat = friend_of(town, ben, campaign, "cat")
    order = buys_alone(town, cat, goods)
    town.stream()
    levels = [earned(town, who, campaign, order.order_id, n) for n, who in ((1, ben), (2, ann), (3, zoe))]
    assert [state(one) for one in levels] == [("held", 445, None), ("held", 89, None), None]


def test_one_level_is_the_default(town: Town) -> None:
    campaign = town.campaign(bare(commission={"percent_bp": 1000, "most": 300}))
    zoe = town.person("zoe")
    ann = friend_of(town, zoe, campaign)
    ben = friend_of(town, ann, campaign)
    order = buys_alone(town, ben, town.campaign())
    town.stream()
    assert state(earned(town, ann, campaign, order.order_id)) == ("held", 300, None)
    assert earned(town, zoe, campaign, order.order_id, 2) is None


def test_every_order_in_time_brings_commission_and_only_the_first_the_stage(town: Town, pair: Pair) -> None:
    ann, ben, campaign = pair
    goods = town.campaign()
    first, second = buys_alone(town, ben, goods), buys_alone(town, ben, goods)
    town.stream()
    assert friend(town, ben).order in (first.order_id, second.order_id)
    assert rewards(ann, campaign)["commission"]["orders"] == 2


def test_group_and_bargain_orders_do_not_count_unless_the_campaign_says_so(town: Town, pair: Pair) -> None:
    ann, ben, _ = pair
    goods = town.campaign(size=2)
    clock.advance(1)
    seat = ben.open(goods).expect(201)
    ben.pay(seat).expect(200)
    town.hear()
    town.joined(seat["group_id"])
    town.pass_time(120)
    town.stream()
    assert stage(town, ann, ben, "first_order") == "promised"


def test_where_the_campaign_says_so_group_orders_count(town: Town) -> None:
    campaign = town.campaign(bare(stages=[{"on": "first_order", "gift": GIFT}], orders_count=["group"]))
    ann = town.person("ann")
    ben = friend_of(town, ann, campaign)
    buys_alone(town, ben, town.campaign())
    town.stream()
    assert stage(town, ann, ben, "first_order") == "promised"
    seat = ben.open(town.campaign(size=2)).expect(201)
    ben.pay(seat).expect(200)
    town.hear()
    town.joined(seat["group_id"])
    town.pass_time(120)
    town.stream()
    assert stage(town, ann, ben, "first_order") == "held"
    assert user(town, ben).followed_by is None


def test_commission_for_which_nothing_is_left_is_said(town: Town) -> None:
    campaign = town.campaign(bare(commission={"percent_bp": 1000, "most": 400}, budget={"fen": 400}))
    ann = town.person("ann")
    ben = friend_of(town, ann, campaign)
    goods = town.campaign()
    orders = [buys_alone(town, ben, goods) for _ in range(2)]
    town.stream()
    states = {str(state(earned(town, ann, campaign, order.order_id))) for order in orders}
    assert states == {"('held', 400, None)", "('void', 400, 'none_left')"}


def test_whoever_else_follows_a_friend_goes_on(town: Town) -> None:
    campaign = town.campaign(bare(stages=[{"on": "first_order", "gift": GIFT}], promise_days=1))
    ann = town.person("ann")
    clock.advance(1)
    ben = town.person("ben")
    found = user(town, ben)
    found.followed_by = ["another"]
    town.emulator.restore(found)
    accepts(ben, ann, campaign).expect(201)
    assert user(town, ben).followed_by == ["another", "invite"]
    days(town, 2.1)
    assert user(town, ben).followed_by == ["another"]
