"""Coupons, cash and points that are about to expire: reminded of once, when that is of most use, while it stands."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from chalicelib.campaigns.gifts import AsCash
from chalicelib.cash.reminding import REMINDING as CASH
from chalicelib.core import clock
from chalicelib.core.ids import UserId
from chalicelib.coupons.reminding import REMINDING as COUPONS
from chalicelib.notices.items import Plan
from chalicelib.notices.moments import Moment
from chalicelib.notices.reasons import Reason, Reasons
from chalicelib.rewards.reminding import POINTS
from chalicelib.rewards.reminding import REMINDING as POINTS_END
from infra.local.client import Person
from tests.cash import shop as bank
from tests.coupons import shop as coupons
from tests.family import shared_shop as families
from tests.family.shop import household, mid_of
from tests.notices import shop
from tests.rewards import shop as rewards
from tests.town import Town

DAY, HOUR = 86_400, 3600
ENDING = Moment.REWARD_ENDING
WEEK = {"validity": {"kind": "after_claim", "days": 7}}


@pytest.fixture
def ann(town: Town) -> Person:
    """Somebody whose merchant reminds."""
    shop.says(town, ENDING, Moment.CASH_ENDING, Moment.REWARD_ARRIVED)
    return town.person("ann")


def reason(town: Town, room: Reasons, person: Person, ident: str) -> Reason | None:
    """Why somebody may be reminded now."""
    return room.reason(mid_of(town), UserId(person.uid), ident)


def best(town: Town, room: Reasons, person: Person, ident: str) -> datetime:
    """When that is of most use."""
    found = reason(town, room, person, ident)
    assert found is not None
    return found.best


def plans(town: Town) -> list[Plan]:
    return [item for item in town.items() if isinstance(item, Plan)]


def told(town: Town, person: Person) -> list[tuple[str, dict[str, str]]]:
    return [(one["page"], one["data"]) for one in shop.messages(town, person)]


def passes(town: Town, until: datetime) -> None:
    """Time passes, and the stream with it."""
    town.pass_time((until - clock.now()).total_seconds(), tick=600)
    town.stream()


def test_a_coupon_is_reminded_of_a_day_before_its_end_and_once(town: Town, ann: Person) -> None:
    mine = coupons.gets(town, ann, **WEEK)
    end = clock.now() + timedelta(days=7)
    for key in ("first", "second"):
        shop.answers(town, ann, ENDING, about=("coupon", mine), key=f"{key}-answer-of-ann").expect(200)
    passes(town, end - timedelta(hours=25))
    assert (told(town, ann), len(plans(town))) == ([], 1)
    passes(town, end - timedelta(hours=23))
    ((page, data),) = told(town, ann)
    assert page == f"pages/coupon/index?c={mine}"
    assert list(data.values()) == ["秋茶优惠券", "满 50 减 10", "2026年11月18日 20:00"]
    ann.come_back()
    shop.answers(town, ann, ENDING, about=("coupon", mine), key="third-answer-of-ann").expect(200)
    passes(town, end)
    assert len(told(town, ann)) == 1


def test_one_that_was_used_or_taken_back_meanwhile_is_not(town: Town, ann: Person) -> None:
    used, gone = coupons.gets(town, ann, **WEEK), coupons.gets(town, ann, **WEEK)
    for mine in (used, gone):
        shop.answers(town, ann, ENDING, about=("coupon", mine), key=f"answer-of-{mine}").expect(200)
    assert len(plans(town)) == 2
    ann.pay(coupons.buys(ann, town.campaign(), used).expect(201)).expect(200)
    town.hear()
    coupons.takes_back(town, ann, gone).expect(200)
    passes(town, clock.now() + timedelta(days=7))
    assert (told(town, ann), plans(town)) == ([], [])


def test_of_a_short_life_the_second_half_is_told_of_and_of_instalments_the_next_piece(town: Town, ann: Person) -> None:
    now = clock.now()
    short = coupons.gets(town, ann, validity={"kind": "after_claim", "days": 1})
    assert best(town, COUPONS, ann, short) == now + timedelta(hours=12)
    pieces = coupons.gets(town, ann, **{**WEEK, "instalments": {"pieces": 2, "every": "week"}})
    assert best(town, COUPONS, ann, pieces) == now + timedelta(days=6)
    coupons.buys(ann, town.campaign(), f"{pieces}.0").expect(201)
    assert best(town, COUPONS, ann, pieces) == now + timedelta(days=13)
    town.pass_time(15 * DAY, tick=DAY)
    assert reason(town, COUPONS, ann, pieces) is None


def test_a_member_is_reminded_of_what_others_share_while_he_may_use_it(town: Town, ann: Person) -> None:
    ben, cat = town.person("ben"), town.person("cat")
    fid = household(town, ann, ben)
    mine = families.shared(town, ann)
    assert reason(town, COUPONS, ben, mine) is not None
    assert reason(town, COUPONS, cat, mine) is None
    ann.api.call("POST", f"/v1/families/{fid}/members/{ben.uid}/freeze", {}).expect(200)
    assert reason(town, COUPONS, ben, mine) is None
    ann.api.call("POST", f"/v1/families/{fid}/members/{ben.uid}/unfreeze", {}).expect(200)
    assert reason(town, COUPONS, ben, mine) is not None
    families.unshares(ann, mine).expect(200)
    assert reason(town, COUPONS, ben, mine) is None and reason(town, COUPONS, ann, mine) is not None


def test_a_coupon_that_is_taken_out_as_it_is_sent_is_told_of_by_nobody(town: Town, ann: Person) -> None:
    ben = town.person("ben")
    household(town, ann, ben)
    mine = families.shared(town, ann, **WEEK)
    shop.answers(town, ben, ENDING, about=("coupon", mine)).expect(200)
    town.pass_time(6 * DAY, tick=HOUR)
    ann.come_back()
    families.unshares(ann, mine).expect(200)
    town.stream()
    assert (plans(town), told(town, ben)) == ([], [])
    found = shop.notice(town, ben, ENDING, mine)
    assert found is not None and (found.state.value, found.why) == ("dropped", "over")


def test_cash_is_reminded_of_half_a_day_before_it_goes_back(town: Town, ann: Person) -> None:
    campaign, now = bank.opened(town), clock.now()
    cash_id = bank.given(town, campaign, ann, form=AsCash(hold_days=0, claim_days=2))
    assert best(town, CASH, ann, cash_id) == now + timedelta(hours=36)
    shop.answers(town, ann, Moment.CASH_ENDING, about=("cash", cash_id)).expect(200)
    passes(town, now + timedelta(hours=36))
    ((page, data),) = told(town, ann)
    assert page == f"pages/cash/index?c={cash_id}"
    assert list(data.values()) == ["有礼秋茶 三人团", "1.00元", "2026年11月13日 20:00"]
    passes(town, now + timedelta(days=3))
    assert len(told(town, ann)) == 1


def test_cash_that_was_asked_for_is_not_and_a_minors_neither(town: Town, ann: Person) -> None:
    campaign, ben = bank.opened(town), town.person("ben")
    tapped, his = bank.given(town, campaign, ann, "a"), bank.given(town, campaign, ben, "b")
    shop.answers(town, ann, Moment.CASH_ENDING, about=("cash", tapped)).expect(200)
    bank.tap(town, ann, "a")
    town.admin.call("POST", f"/v1/admin/users/{ben.uid}/minor", {"minor": True, "note": "-"}).expect(200)
    assert (reason(town, CASH, ann, tapped), reason(town, CASH, ben, his)) == (None, None)
    undone = bank.given(town, campaign, ann, "c")
    rewards.undo(town, ann, "c")
    rewards.fall_due(town, ann, "c")
    assert reason(town, CASH, ann, undone) is None


def test_points_that_come_are_reminded_of_before_the_first_of_them_expire(town: Town, ann: Person) -> None:
    campaign = town.campaign(rewards.offer())
    shop.consents(town, ann, Moment.REWARD_ARRIVED, ENDING)
    rewards.give(town, campaign, ann, "gift-1", 300, rewards.POINTS)
    town.stream()
    (plan,) = plans(town)
    assert plan.object == ("reward", POINTS)
    end = rewards.account(town, ann, "points").lots[0].until
    passes(town, end)
    assert [data["thing2"] for _, data in told(town, ann)] == ["300 积分", "300 积分"]
    assert reason(town, POINTS_END, ann, POINTS) is None


def test_each_lot_of_points_and_each_piece_of_a_coupon_is_reminded_of_once(town: Town, ann: Person) -> None:
    campaign, ends = town.campaign(rewards.offer()), list[datetime]()
    for n, amount in enumerate((300, 200)):
        town.pass_time(n * 30 * DAY, tick=DAY)
        ann.come_back()
        rewards.give(town, campaign, ann, f"gift-{n}", amount, rewards.POINTS)
        ends.append(rewards.account(town, ann, "points").lots[-1].until)
    for end in ends:
        ann.come_back()
        shop.answers(town, ann, ENDING, about=("reward", POINTS), key=f"asked-before-{end:%Y%m%d}").expect(200)
        passes(town, end)
    assert [data["thing2"] for _, data in told(town, ann)] == ["300 积分", "200 积分"]
    ann.come_back()
    pieces = coupons.gets(town, ann, **{**WEEK, "instalments": {"pieces": 2, "every": "week"}})
    for n in range(2):
        ann.come_back()
        shop.answers(town, ann, ENDING, about=("coupon", pieces), key=f"asked-of-piece-{n}-of-it").expect(200)
        passes(town, clock.now() + timedelta(days=7))
    assert len(told(town, ann)) == 4


def test_a_lot_that_has_gone_as_it_is_sent_is_not_told_of_for_the_next_one(town: Town, ann: Person) -> None:
    shop.consents(town, ann, ENDING)
    rewards.give(town, town.campaign(rewards.offer()), ann, "gift-1", 300, rewards.POINTS)
    gone = f"{POINTS}-20200101"
    shop.told(town, ann, ENDING, gone, ("reward", POINTS))
    town.stream()
    found = shop.notice(town, ann, ENDING, gone)
    assert found is not None and (found.state.value, found.why) == ("dropped", "over")


@pytest.mark.parametrize(("kind", "room"), [("coupon", COUPONS), ("cash", CASH), ("reward", POINTS_END)])
def test_what_was_never_there_is_anothers_or_is_no_id_is_no_reason(
    town: Town, ann: Person, kind: str, room: Reasons
) -> None:
    ben, cat, campaign = town.person("ben"), town.person("cat"), bank.opened(town)
    household(town, cat, ann)
    families.shared(town, cat)
    coupons.gift_of_points(town, ann, 300)
    theirs = {"coupon": coupons.gets(town, ben), "cash": bank.given(town, campaign, ben), "reward": "gift-1"}[kind]
    for ident in (theirs, "NO-SUCH", "_", "0" * 64):
        assert reason(town, room, ann, ident) is None
        shop.answers(town, ann, ENDING, about=(kind, ident), key=f"key-of-{kind}-{ident}").expect(200)
    assert plans(town) == []
