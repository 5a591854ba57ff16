"""A minor gets no cash, and nothing for inviting or for having been invited; everything else is his as anybody's."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.campaigns.gifts import AsCash
from chalicelib.core import clock
from chalicelib.invite.friends import stage_ref, threshold_ref
from chalicelib.redpacket.states import PacketState
from chalicelib.rewards import grants
from chalicelib.rewards.states import CashState, GrantState, Why
from infra.local.client import Person
from tests import invariants
from tests.cash import gifts
from tests.cash import shop as cash
from tests.family.desk import logged, minor, says_minor
from tests.family.shop import mid_of
from tests.invite.family import by_share
from tests.inviting import shop as inviting
from tests.redpacket import shop as packets
from tests.rewards import shop as rewards
from tests.sharing.friends import shared
from tests.thanks import shop as thanks
from tests.town import Town
from tests.voucher import shop as codes
from tests.voucher.test_cash import cash_batch

REFUSED = "cash_not_for_minors"
TOLD = "该奖励不向未成年人发放"


def sound(town: Town, *people: Person) -> None:
    invariants.check(town.books())
    assert all(rewards.rebuilt(town, person)["agree"] for person in people)


def test_a_gift_of_cash_ends_without_value_and_its_budget_goes_back(town: Town) -> None:
    campaign, ann = cash.opened(town), town.person("ann")
    rewards.promise(town, campaign, ann, "gift", 100, cash.AT_ONCE, seconds=0)
    minor(town, ann)
    rewards.fall_due(town, ann, "gift")
    ended = rewards.grant(town, ann, "gift")
    assert (ended.state, ended.note, ended.due) == (GrantState.VOID, "minor", None)
    assert gifts.budget(town, campaign) == (100_000, 0)
    assert gifts.all_cash(town, ann) == []
    (line,) = rewards.rewards(ann)
    assert (line["state"], line["reason"], line["cash"]) == ("void", TOLD, None)
    sound(town, ann)


@pytest.mark.parametrize("form", [rewards.BALANCE, rewards.POINTS, rewards.COUPON])
def test_for_an_order_he_gets_balance_points_and_coupons(town: Town, form: object) -> None:
    campaign, ann = town.campaign(rewards.offer(points=100_000)), town.person("ann")
    minor(town, ann)
    rewards.give(town, campaign, ann, "gift", form=form)  # type: ignore[arg-type]
    assert rewards.grant(town, ann, "gift").state is GrantState.GRANTED


@pytest.mark.parametrize("why", [Why.INVITE_ACCEPTED, Why.INVITE_THRESHOLD, Why.INVITE_COMMISSION, Why.WELCOME])
def test_for_inviting_he_gets_nothing_in_any_form(town: Town, why: Why) -> None:
    campaign, ann = town.campaign(rewards.offer()), town.person("ann")
    minor(town, ann)
    rewards.give(town, campaign, ann, "gift", why=why)
    assert (rewards.grant(town, ann, "gift").note, rewards.budgets(town, campaign)["fen"]["taken"]) == ("minor", 0)


def test_what_the_merchant_approves_of_a_minors_is_moot(town: Town) -> None:
    campaign, ann = cash.opened(town), town.person("ann")
    rewards.promise(town, campaign, ann, "gift", 100, cash.AT_ONCE, seconds=0, subject="doubtful")
    rewards.fall_due(town, ann, "gift")
    assert rewards.grant(town, ann, "gift").state is GrantState.REVIEW
    minor(town, ann)
    (held,) = town.admin.get("/v1/admin/held")["held"]
    decided = town.admin.post(f"/v1/admin/held/{held['held_id']}/approve")
    assert decided["decision"] == "moot"
    ended = rewards.grant(town, ann, "gift")
    assert (ended.state, ended.note) == (GrantState.VOID, "minor")
    assert ended.gsi3pk is None
    sound(town, ann)


def test_what_would_be_asked_about_a_minor_is_not_asked(town: Town) -> None:
    campaign, ann = cash.opened(town), town.person("ann")
    rewards.promise(town, campaign, ann, "gift", 100, cash.AT_ONCE, seconds=0, subject="doubtful")
    minor(town, ann)
    rewards.fall_due(town, ann, "gift")
    assert rewards.grant(town, ann, "gift").state is GrantState.VOID


def test_who_becomes_a_minor_while_it_is_given_does_not_get_it(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    campaign, ann = cash.opened(town), town.person("ann")
    rewards.promise(town, campaign, ann, "gift", 100, cash.AT_ONCE, seconds=0)
    minor(town, ann)
    with monkeypatch.context() as late:
        late.setattr(grants, "is_kept", lambda grant: False)
        rewards.fall_due(town, ann, "gift")
    assert rewards.grant(town, ann, "gift").state is GrantState.HELD
    town.pass_time(300)
    assert rewards.grant(town, ann, "gift").note == "minor"


def test_cash_that_he_had_before_is_refused_and_lapses(town: Town) -> None:
    campaign, ann = cash.opened(town), town.person("ann")
    cash_id = cash.given(town, campaign, ann, form=AsCash(hold_days=0, claim_days=1))
    minor(town, ann)
    refusal = gifts.claims(ann, cash_id).expect(409)
    assert (refusal["code"], refusal["detail"]) == (REFUSED, "现金奖励不向未成年人发放")
    (shown,) = gifts.listed(ann)
    assert (shown["can_claim"], shown["why_not"]["code"], shown["why_not"]["until"]) == (False, REFUSED, None)
    assert cash.at_wechat(town, ann) is None
    town.pass_time(cash.DAY + 120, tick=cash.HOUR)
    assert cash.cash(town, ann).state is CashState.RETURNED
    assert gifts.budget(town, campaign) == (100_000, 0)
    sound(town, ann)


def test_who_is_no_minor_any_more_may_claim_again(town: Town) -> None:
    campaign, ann = cash.opened(town), town.person("ann")
    cash_id = cash.given(town, campaign, ann)
    assert says_minor(town.admin, ann, minor=True).expect(200)["minor_since"] is not None
    gifts.claims(ann, cash_id).expect(409)
    clock.advance(1)
    for _ in range(2):
        says_minor(town.admin, ann, minor=False, key="one-key-for-one-tap-").expect(200)
    says_minor(town.admin, ann, minor=False).expect(200)
    gifts.claims(ann, cash_id).expect(200)
    assert [action for action, _, _ in logged(town, "user.minor")] == ["user.minor.set", "user.minor.lift"]


def test_a_transfer_that_was_on_its_way_goes_on(town: Town) -> None:
    campaign, ann = cash.opened(town), town.person("ann")
    cash_id = cash.given(town, campaign, ann)
    shown = gifts.claims(ann, cash_id).expect(200)
    minor(town, ann)
    assert gifts.claims(ann, cash_id).expect(200)["confirm"] == shown["confirm"]
    gifts.confirms(town, ann, shown)
    assert cash.cash(town, ann).state is CashState.PAID


def test_a_code_of_cash_is_refused_and_stays_good(town: Town) -> None:
    _, bid = cash_batch(town)
    ann, code = town.person("ann"), codes.code(town, bid)
    minor(town, ann)
    assert codes.previews(ann, code).expect(200)["why_not"]["code"] == REFUSED
    assert codes.redeems(ann, code).expect(409)["code"] == REFUSED
    codes.redeems(town.person("ben"), code).expect(201)
    sound(town)


def test_he_starts_no_packet_of_cash(town: Town) -> None:
    (ann,) = packets.grown(town, "ann")
    campaign = gifts.unlocking(town)
    minor(town, ann)
    assert packets.starts(ann, campaign).expect(409)["code"] == REFUSED
    packets.starts(ann, town.campaign(packets.unlock_offer())).expect(201)


def test_a_packet_of_cash_is_over_when_a_minors_friends_reach_a_node(town: Town) -> None:
    ann, ben, cat = packets.grown(town, "ann", "ben", "cat")
    campaign = gifts.unlocking(town)
    rid = packets.started(ann, campaign)
    minor(town, ann)
    packets.helps(ben, rid).expect(201)
    town.minute()
    left = packets.packet(town, rid)
    assert (left.status, left.note, left.granted, left.res) == (PacketState.EXPIRED, "minor", 0, 0)
    assert gifts.budget(town, campaign) == (gifts.BUDGET, 0)
    assert packets.limit(town, rid, ann).active == 0
    packets.helps(cat, rid).expect(409)
    assert [node["cash_id"] for node in packets.page(ann, rid)["nodes"]] == [None, None]
    sound(town, ann)


def test_a_held_help_is_decided_before_a_minors_packet_is_over(town: Town) -> None:
    ann, ben, cat = packets.grown(town, "ann", "ben", "cat")
    rid = packets.started(ann, gifts.unlocking(town))
    minor(town, ann)
    packets.shady(town, cat)
    packets.helps(cat, rid).expect(201)
    packets.helps(ben, rid).expect(201)
    town.minute()
    assert packets.packet(town, rid).status is PacketState.SETTLING
    town.pass_time(3 * cash.HOUR)
    left = packets.packet(town, rid)
    assert (left.status, left.held, left.note) == (PacketState.EXPIRED, 0, "minor")
    sound(town, ann)


def test_an_order_of_a_minors_brings_no_cash_and_says_so(town: Town) -> None:
    campaign = gifts.thanking(town)
    ordered = thanks.orders(town, campaign, "ann")
    minor(town, ordered.buyer)
    town.stream()
    (brought,) = ordered.shown["brought"]
    assert (brought["state"], brought["detail"]) == ("not_given", "¥5.00 现金不向未成年人发放")
    assert gifts.budget(town, campaign) == (gifts.BUDGET, 0)
    sound(town, ordered.buyer)


def test_a_minor_who_invites_earns_nothing_and_his_friend_is_welcome(town: Town) -> None:
    campaign = town.campaign(inviting.offer())
    ann = town.person("ann")
    minor(town, ann)
    ben = inviting.friend_of(town, ann, campaign, "ben")
    ends = [inviting.state(inviting.grant(town, ann, stage_ref(ben.uid, one))) for one in ("accepted", "first_order")]
    assert ends == [("void", 200, "minor"), ("void", 500, "minor")]
    assert inviting.stage(town, ben, ben, "welcome") == "held"
    assert inviting.left(town, campaign) == 100_000 - 300
    friend = inviting.friend(town, ben)
    assert friend.counts_at is None
    (shown,) = inviting.rewards(ann, campaign)["friends"]
    assert {one["why_not"]["code"] for one in shown["stages"]} == {"minor"}
    town.pass_time(3 * cash.DAY, tick=cash.DAY)
    assert inviting.counted(town, ann, campaign) == 0
    sound(town, ann, ben)


def test_a_minors_friends_orders_bring_him_no_commission(town: Town) -> None:
    campaign, goods = town.campaign(inviting.offer()), town.campaign(shipping=thanks.SOON)
    ann = town.person("ann")
    ben = inviting.friend_of(town, ann, campaign, "ben")
    cat = inviting.friend_of(town, ben, campaign, "cat")
    minor(town, ben)
    order = inviting.buys_alone(town, cat, goods)
    town.stream()
    assert inviting.earned(town, ben, campaign, order.order_id) is None
    assert inviting.state(inviting.earned(town, ann, campaign, order.order_id, 2)) == ("held", 89, None)


def test_who_becomes_a_minor_loses_what_was_promised_to_him(town: Town) -> None:
    campaign = town.campaign(inviting.offer())
    ann = town.person("ann")
    ben = inviting.friend_of(town, ann, campaign, "ben")
    minor(town, ann)
    inviting.days(town, 3.5)
    assert inviting.state(inviting.grant(town, ann, stage_ref(ben.uid, "accepted"))) == ("void", 200, "minor")
    assert inviting.stage(town, ann, ben, "first_order") == "promised"
    inviting.friend_of(town, ann, campaign)
    inviting.days(town, 3)
    assert inviting.grant(town, ann, threshold_ref(campaign, 2)) is None
    sound(town, ann)


def test_a_minor_who_was_invited_has_no_welcome_and_his_inviter_earns(town: Town) -> None:
    campaign = town.campaign(inviting.offer())
    ann = town.person("ann")
    clock.advance(1)
    ben = town.person("ben")
    minor(town, ben)
    inviting.accepts(ben, ann, campaign).expect(201)
    assert inviting.state(inviting.grant(town, ben, stage_ref(ben.uid, "welcome"))) == ("void", 300, "minor")
    assert inviting.stage(town, ann, ben, "accepted") == "held"
    assert inviting.left(town, campaign) == 100_000 - 500
    (welcome,) = [ben.api.get(f"/v1/campaigns/{campaign}/rewards")["welcome"]]
    assert (welcome["state"], welcome["why_not"]["detail"]) == ("not_given", TOLD)
    sound(town, ann, ben)


def test_no_leaderboard_shows_a_minor(town: Town) -> None:
    campaign = town.campaign()
    ann, ben = town.person("ann"), town.person("ben")
    for n, inviter in enumerate((ann, ann, ben)):
        clock.advance(1)
        by_share(town.person(f"friend-{n}"), shared(inviter, campaign)).expect(201)
    town.stream()
    town.pass_time(120)
    minor(town, ann)
    board = ben.api.get(f"/v1/campaigns/{campaign}/leaderboard?limit=1")
    assert [(line["invited"], line["rank"], line["me"]) for line in board["leaders"]] == [(1, 1, True)]


def test_since_when_he_is_a_minor_is_kept(town: Town) -> None:
    ann = town.person("ann")
    since = clock.now() - timedelta(days=3)
    minor(town, ann, since)
    says_minor(town.admin, ann, minor=True).expect(200)
    shown = town.admin.get(f"/v1/admin/users/{ann.uid}/family")
    assert clock.parse(shown["minor_since"]) == since.replace(microsecond=since.microsecond // 1000 * 1000)
    assert mid_of(town) == town.merchant.mid
