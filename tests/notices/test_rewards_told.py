"""Rewards that arrive by somebody else's act or by time are told of once; what somebody took himself is not."""

from __future__ import annotations

import pytest

from chalicelib.campaigns.gifts import AsCash, AsCoupon, AsPoints, Form
from chalicelib.core.ids import derived
from chalicelib.core.outbox import OutboxEntry
from chalicelib.notices.moments import Moment
from chalicelib.rewards.cash import cash_of
from chalicelib.rewards.give import coupon_of
from chalicelib.rewards.reminding import POINTS
from chalicelib.rewards.states import Why
from chalicelib.voucher import views
from infra.local.client import Person
from tests import invariants
from tests.cash import shop as bank
from tests.coupons import shop as coupons
from tests.notices import shop
from tests.redpacket import shop as packets
from tests.redpacket.test_held import waiting
from tests.rewards import shop as rewards
from tests.town import Town
from tests.voucher import words

DAY = 86_400
ARRIVED = Moment.REWARD_ARRIVED
AT_ONCE = AsCash(hold_days=0, claim_days=30)
HELD = AsCash(hold_days=2, claim_days=10)


def hears(town: Town, *people: Person, times: int = 1) -> None:
    """They want to be told of rewards, so often."""
    for person in people:
        for _ in range(times):
            shop.consents(town, person, ARRIVED)


def told(town: Town, person: Person) -> list[tuple[str, str, str]]:
    """The page that each message opens, and what it says: of which campaign, and which reward."""
    sent = shop.messages(town, person)
    return [(one["page"], one["data"]["thing1"], one["data"]["thing2"]) for one in sent]


def owed(town: Town) -> list[OutboxEntry]:
    """Messages that are owed."""
    return [item for item in town.items() if isinstance(item, OutboxEntry) and item.effect == "wechat_message"]


@pytest.fixture
def ann(town: Town) -> Person:
    """Somebody who wants to be told of rewards, of a merchant who tells."""
    shop.says(town, ARRIVED)
    person = town.person("ann")
    hears(town, person, times=3)
    return person


@pytest.mark.parametrize(
    ("form", "reward", "page"),
    [
        (rewards.BALANCE, "¥5.00 余额", "pages/rewards/index?r=gift-1"),
        (AsPoints(valid_days=30), "500 积分", f"pages/rewards/index?r={POINTS}"),
        (AsCoupon(title="谢谢惠顾"), "¥5.00 优惠券", f"pages/coupon/index?c={coupon_of('gift-1')}"),
        (AT_ONCE, "¥5.00 现金", f"pages/cash/index?c={cash_of('gift-1')}"),
    ],
    ids=["balance", "points", "coupon", "cash"],
)
def test_a_grant_that_becomes_value_is_told_once(town: Town, ann: Person, form: Form, reward: str, page: str) -> None:
    campaign = bank.opened(town) if isinstance(form, AsCash) else town.campaign(rewards.offer())
    rewards.promise(town, campaign, ann, "gift-1", 500, form)
    town.stream()
    assert told(town, ann) == []
    town.pass_time(2 * rewards.HOUR)
    town.stream()
    town.pass_time(120)
    assert told(town, ann) == [(page, "有礼秋茶 三人团", reward)]
    assert shop.messages(town, ann)[0]["data"]["time3"].startswith("2026年11月11日 21:")
    invariants.check(town.books())


def test_what_is_for_a_friends_doing_names_no_friend(town: Town, ann: Person) -> None:
    campaign = town.campaign(rewards.offer())
    rewards.give(town, campaign, ann, "inv.FRIEND.order", why=Why.INVITE_FIRST_ORDER)
    town.stream()
    ((page, _, _),) = told(town, ann)
    assert page == f"pages/rewards/index?r={derived('inv.FRIEND.order')}"
    assert rewards.rewards(ann)[0]["ref"] == derived("inv.FRIEND.order")


def test_what_the_merchant_has_checked_is_told_and_what_he_refused_is_not(town: Town, ann: Person) -> None:
    campaign = town.campaign(rewards.offer())
    for ref, verdict in (("good", "approve"), ("bad", "reject")):
        rewards.promise(town, campaign, ann, ref, 300, subject="doubtful", seconds=0, why=Why.RAIN)
        rewards.fall_due(town, ann, ref)
        ((held_id,),) = [[row["held_id"]] for row in town.admin.get("/v1/admin/held")["held"]]
        town.admin.call("POST", f"/v1/admin/held/{held_id}/{verdict}", {"note": "-"}).expect(200)
    town.stream()
    assert [page for page, _, _ in told(town, ann)] == ["pages/rewards/index?r=good"]


def test_what_somebody_has_just_tapped_for_is_not_told(town: Town, ann: Person) -> None:
    campaign = town.campaign(rewards.offer())
    rewards.give(town, campaign, ann, "rain.1", why=Why.RAIN)
    coupons.gets(town, ann)
    assert owed(town) == [] and rewards.balance(town, ann) == (100, 0)


def test_cash_that_waits_is_told_of_when_it_can_be_claimed(town: Town, ann: Person) -> None:
    campaign = bank.opened(town)
    cash_id = bank.given(town, campaign, ann, form=HELD)
    town.stream()
    assert (owed(town), told(town, ann), bank.cash(town, ann).due) == ([], [], bank.cash(town, ann).since)
    town.pass_time(2 * DAY + 60, tick=600)
    town.stream()
    assert told(town, ann) == [(f"pages/cash/index?c={cash_id}", "有礼秋茶 三人团", "¥1.00 现金")]
    found = bank.cash(town, ann)
    assert found.due is not None and found.due > found.until
    town.pass_time(11 * DAY, tick=3600)
    assert (bank.cash(town, ann).state.value, len(told(town, ann))) == ("returned", 1)
    invariants.check(town.books())


def test_cash_whose_gift_was_undone_before_is_told_of_by_nobody(town: Town, ann: Person) -> None:
    campaign = bank.opened(town)
    bank.given(town, campaign, ann, form=HELD)
    rewards.undo(town, ann, bank.REF)
    town.pass_time(3 * DAY, tick=600)
    town.stream()
    assert (bank.cash(town, ann).state.value, told(town, ann)) == ("returned", [])


def test_a_coupon_that_the_merchant_gives_is_told_of_once(town: Town, ann: Person) -> None:
    campaign = coupons.template(town)
    for _ in range(2):
        coupons.gives(town, campaign, ann, key="one-key-to-give-it").expect(200)
    (mine,) = ann.api.get("/v1/me/coupons")["coupons"]
    town.stream()
    assert told(town, ann) == [(f"pages/coupon/index?c={mine['coupon_id']}", "秋茶优惠券", "满 50 减 10")]


def test_a_packet_tells_its_owner_of_each_share_and_a_friend_whose_claim_waited(town: Town) -> None:
    shop.says(town, ARRIVED)
    owner, friend, other, rid = waiting(town)
    hears(town, owner, friend, other, times=2)
    packets.claims(other, rid).expect(201)
    town.stream()
    town.stream()
    assert (len(told(town, owner)), told(town, other), told(town, friend)) == (1, [], [])
    packets.decides(town, rid, friend.uid, yes=True).expect(200)
    town.pass_time(180)
    town.stream()
    assert told(town, owner)[1][2] == "¥2.00 余额" and len(told(town, owner)) == 2
    assert [reward for _, _, reward in told(town, friend)] == ["¥2.00 余额"]


def test_a_step_of_a_packet_that_friends_open_is_told(town: Town) -> None:
    shop.says(town, ARRIVED)
    ann, ben = packets.grown(town, "ann", "ben")
    rid = packets.started(ann, town.campaign(packets.unlock_offer()))
    hears(town, ann)
    packets.helps(ben, rid).expect(201)
    town.minute()
    town.stream()
    assert told(town, ann) == [(f"pages/rewards/index?r={rid}-0", "好友一起拆", "¥1.00 余额")]


def acts(town: Town) -> None:
    """Everything above, of a merchant who tells nothing."""
    ann, campaign = town.person("ann"), bank.opened(town)
    rewards.give(town, town.campaign(rewards.offer()), ann, "gift-1")
    bank.given(town, campaign, ann, "gift-2", form=HELD)
    coupons.gives(town, coupons.template(town), ann).expect(200)
    town.pass_time(3 * DAY, tick=3600)


def test_nothing_is_owed_where_the_merchant_has_no_template(town: Town) -> None:
    shop.says(town, Moment.PAID)
    acts(town)
    assert owed(town) == []


def asked(town: Town, *people: tuple[Person, str]) -> list[list[str]]:
    """For which templates pages ask."""
    return [person.api.get(path)["ask"]["template_ids"] for person, path in people]


def ids(*moments: Moment) -> list[str]:
    return [shop.template_id(moment) for moment in moments]


def test_pages_ask_for_what_matters_on_them(town: Town) -> None:
    shop.says(town, ARRIVED, Moment.REWARD_ENDING, Moment.CASH_ENDING)
    ann, campaign = town.person("ann"), bank.opened(town)
    mine, used = coupons.gets(town, ann), coupons.gets(town, ann)
    coupons.takes_back(town, ann, used).expect(200)
    now, later = bank.given(town, campaign, ann, "now"), bank.given(town, campaign, ann, "later", form=HELD)
    paths: dict[str, list[Moment]] = {
        "/v1/me/coupons": [Moment.REWARD_ENDING, ARRIVED],
        f"/v1/me/coupons/{mine}": [Moment.REWARD_ENDING],
        f"/v1/me/coupons/{used}": [],
        "/v1/me/cash": [Moment.CASH_ENDING, ARRIVED],
        f"/v1/me/cash/{now}": [Moment.CASH_ENDING],
        f"/v1/me/cash/{later}": [ARRIVED, Moment.CASH_ENDING],
        "/v1/me/rewards": [ARRIVED, Moment.REWARD_ENDING, Moment.CASH_ENDING],
    }
    wanted = [ids(*moments) for moments in paths.values()]
    assert asked(town, *((ann, path) for path in paths)) == wanted
    bank.tap(town, ann, "now")
    assert asked(town, (ann, f"/v1/me/cash/{now}")) == [[]]


def test_a_code_asks_for_what_becomes_of_it(town: Town) -> None:
    shop.says(town, ARRIVED, Moment.REWARD_ENDING, Moment.CASH_ENDING)
    words.spoken(town, words.COUPON)
    assert words.says(town.person("ann")).expect(201)["ask"] == {"template_ids": ids(Moment.REWARD_ENDING)}
    of_cash, of_balance = (views.asked_for(packets.mid(town), "zh", None, cash_id) for cash_id in ("C1", None))
    assert (of_cash.template_ids, of_balance.template_ids) == (ids(Moment.CASH_ENDING, ARRIVED), [])
