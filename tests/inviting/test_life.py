"""What invitations bring, from the acceptance to the account and back, over HTTP and time."""

from __future__ import annotations

import pytest

from chalicelib.accounts.items import User, user_key
from chalicelib.campaigns.gifts import Currency
from chalicelib.core import clock
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import read_one
from chalicelib.invite.friends import threshold_ref
from chalicelib.invite.items import Edge, edge_key
from infra.local.client import Person
from tests.bargain.shop import GROWN, befriend, decides, helps, started
from tests.bargain.shop import offer as bargain_offer
from tests.emulator import Call
from tests.invite.family import accepts as accepts_plainly
from tests.invite.family import by_share, strangers
from tests.inviting.conftest import Pair
from tests.inviting.shop import (
    COUPON,
    GIFT,
    POINTS,
    accepts,
    balance,
    bare,
    buys_alone,
    counted,
    days,
    earned,
    friend,
    friend_of,
    grant,
    left,
    offer,
    rewards,
    stage,
    state,
)
from tests.redpacket import shop as packets
from tests.rewards.shop import rewards as told_of
from tests.sharing.friends import shared
from tests.town import Town


def user(town: Town, person: Person) -> User:
    found = read_one(User, user_key(MerchantId(town.merchant.mid), person.uid))
    assert found is not None
    return found


def test_an_acceptance_promises_all_that_the_friend_may_bring(town: Town, pair: Pair) -> None:
    ann, ben, campaign = pair
    stages = [stage(town, ann, ben, what) for what in ("accepted", "first_help", "first_order")]
    assert stages == ["held", "promised", "promised"]
    assert stage(town, ben, ben, "welcome") == "held"
    assert left(town, campaign) == 100_000 - 500 - 300
    assert left(town, campaign, Currency.POINTS) == 100_000 - 200 - 300
    assert (user(town, ben).followed_by, user(town, ben).awaited) == (["invite"], ["first_help"])
    assert user(town, ann).followed_by is user(town, ann).awaited is None


def test_the_answer_says_what_is_promised_also_when_it_is_asked_again(town: Town) -> None:
    campaign = town.campaign(offer())
    ann = town.person("ann")
    clock.advance(1)
    ben = town.person("ben")
    first = accepts(ben, ann, campaign, key="one-key-for-the-tap-").expect(201)
    again = accepts(ben, ann, campaign, key="one-key-for-the-tap-").expect(201)
    other = accepts(ben, ann, campaign, key="other-key-for-the-ta").expect(201)
    assert first["rewards"] == again["rewards"] == other["rewards"] == "promised"
    assert left(town, campaign) == 99_200


def test_who_comes_by_a_plain_invitation_brings_nothing(town: Town) -> None:
    town.campaign(offer())
    ann = town.person("ann")
    clock.advance(1)
    ben = town.person("ben")
    assert accepts_plainly(ben, ann).expect(201)["rewards"] is None
    assert user(town, ben).followed_by is None


def test_who_comes_by_another_campaigns_card_brings_nothing(town: Town) -> None:
    goods = town.campaign()
    ann = town.person("ann")
    clock.advance(1)
    ben = town.person("ben")
    assert accepts(ben, ann, goods).expect(201)["rewards"] is None


def test_who_is_not_new_binds_and_brings_nothing(town: Town) -> None:
    campaign, goods = town.campaign(offer()), town.campaign()
    ann = town.person("ann")
    clock.advance(1)
    ben = town.person("ben")
    buys_alone(town, ben, goods)
    assert accepts(ben, ann, campaign).expect(201)["rewards"] == "not_new"
    assert stage(town, ann, ben, "accepted") is None
    assert stage(town, ben, ben, "welcome") is None
    assert ann.api.get("/v1/invites/children")["children"][0]["rewards"] == "not_new"
    assert left(town, campaign) == 100_000


def test_where_the_budget_does_not_reach_for_all_the_edge_binds_and_nothing_is_promised(town: Town) -> None:
    campaign = town.campaign(bare(stages=[{"on": "accepted", "gift": GIFT}], budget={"fen": 999}))
    ann = town.person("ann")
    friend_of(town, ann, campaign)
    clock.advance(1)
    ben = town.person("ben")
    assert accepts(ben, ann, campaign).expect(201)["rewards"] == "none_left"
    assert read_one(Edge, edge_key(MerchantId(town.merchant.mid), ben.uid)) is not None
    assert (left(town, campaign), stage(town, ann, ben, "accepted")) == (499, None)
    assert rewards(ann, campaign)["left"] == "none"


@pytest.mark.parametrize("act", ["pause", "end"])
def test_a_campaign_that_does_not_run_promises_nothing(town: Town, act: str) -> None:
    campaign = town.campaign(offer())
    ann = town.person("ann")
    share = shared(ann, campaign)
    town.admin.post(f"/v1/admin/campaigns/{campaign}/{act}")
    clock.advance(1)
    ben = town.person("ben")
    said = ben.api.call("POST", "/v1/invites", {"share_id": share["share_id"]}).expect(201)
    assert (said["rewards"], left(town, campaign)) == (None, 100_000)


def test_nothing_is_given_before_its_hold_ends_and_all_of_it_after(town: Town, pair: Pair) -> None:
    ann, ben, _ = pair
    days(town, 2.9)
    assert (stage(town, ann, ben, "accepted"), balance(town, ann, Currency.POINTS)) == ("held", 0)
    days(town, 0.2)
    assert (stage(town, ann, ben, "accepted"), balance(town, ann, Currency.POINTS)) == ("granted", 200)
    assert stage(town, ben, ben, "welcome") == "granted"


def test_the_first_help_counts_once(town: Town, pair: Pair) -> None:
    ann, ben, _ = pair
    cat = town.person("cat")
    clock.advance(GROWN)
    bargains = town.campaign(bargain_offer())
    for _ in range(2):
        helps(ben, started(cat, bargains)).expect(201)
        town.stream()
        assert stage(town, ann, ben, "first_help") == "held"
        assert user(town, ben).awaited is None
    days(town, 1.1)
    assert stage(town, ann, ben, "first_help") == "granted"
    assert balance(town, ann, Currency.POINTS) == 300


def test_a_help_that_waits_counts_once_the_merchant_lets_it(town: Town, pair: Pair) -> None:
    ann, ben, _ = pair
    cat = town.person("cat")
    clock.advance(GROWN)
    campaign = town.campaign(bargain_offer(cuts=2))
    bid = started(cat, campaign)
    befriend(cat, campaign, ben)
    assert helps(ben, bid).expect(201)["my_help"]["state"] == "checking"
    town.stream()
    assert stage(town, ann, ben, "first_help") == "promised"
    decides(town, bid, ben.uid, yes=True).expect(200)
    town.stream()
    assert stage(town, ann, ben, "first_help") == "held"


def test_a_help_that_nobody_decides_counts_when_the_policy_takes_it(town: Town, pair: Pair) -> None:
    ann, ben, _ = pair
    cat = town.person("cat")
    clock.advance(GROWN)
    campaign = town.campaign(bargain_offer(cuts=2, held_helps_pass_after_seconds=1200))
    bid = started(cat, campaign)
    befriend(cat, campaign, ben)
    helps(ben, bid).expect(201)
    town.pass_time(1500)
    assert stage(town, ann, ben, "first_help") == "held"


@pytest.mark.parametrize("waits", [False, True])
def test_a_help_to_unlock_a_packet_is_a_first_help(town: Town, pair: Pair, waits: bool) -> None:
    ann, ben, _ = pair
    clock.advance(86_400)
    cat = town.person("cat")
    clock.advance(GROWN)
    rid = packets.started(cat, town.campaign(packets.unlock_offer(held_helps_pass_after_seconds=600)))
    if waits:
        packets.shady(town, ben)
    ben.come_back()
    packets.helps(ben, rid).expect(201)
    town.stream()
    assert stage(town, ann, ben, "first_help") == ("promised" if waits else "held")
    town.pass_time(700)
    town.stream()
    assert stage(town, ann, ben, "first_help") == "held"
    assert user(town, ben).awaited is None


def test_a_claim_of_a_packet_is_no_help(town: Town, pair: Pair) -> None:
    ann, ben, _ = pair
    cat = town.person("cat")
    clock.advance(GROWN)
    rid = packets.brought(town, cat, town.campaign(packets.goods()))
    ben.come_back()
    packets.claims(ben, rid).expect(201)
    town.stream()
    assert stage(town, ann, ben, "first_help") == "promised"


def test_a_threshold_counts_friends_whose_acceptance_has_stood(town: Town) -> None:
    campaign = town.campaign(offer())
    ann = town.person("ann")
    for _ in range(2):
        friend_of(town, ann, campaign)
    days(town, 1.9)
    assert counted(town, ann, campaign) == 0
    days(town, 0.3)
    assert counted(town, ann, campaign) == 2
    assert state(grant(town, ann, threshold_ref(campaign, 2))) == ("granted", 700, None)
    friend_of(town, ann, campaign)
    days(town, 2.1)
    assert [one["reached"]["state"] for one in rewards(ann, campaign)["thresholds"]] == ["granted", "granted"]
    assert balance(town, ann) == 1600


def test_a_threshold_for_which_nothing_is_left_is_said(town: Town) -> None:
    campaign = town.campaign(bare(thresholds=[{"friends": 2, "gift": GIFT}], budget={"fen": 500}))
    ann, zoe = town.person("ann"), town.person("zoe")
    for inviter in (ann, zoe):
        for _ in range(2):
            friend_of(town, inviter, campaign)
    days(town, 8)
    states = sorted(str(state(grant(town, who, threshold_ref(campaign, 2)))) for who in (ann, zoe))
    assert states == ["('granted', 500, None)", "('void', 500, 'none_left')"]
    told = [rewards(who, campaign)["thresholds"][0]["reached"]["why_not"] for who in (ann, zoe)]
    assert sorted((one and one["code"] for one in told), key=str) == [None, "none_left"]
    assert sorted(line["reason"] or "" for who in (ann, zoe) for line in told_of(who)) == ["", "达成时活动预算已用完"]


def test_what_does_not_happen_in_time_lapses_and_nothing_is_awaited_any_more(town: Town, pair: Pair) -> None:
    ann, ben, campaign = pair
    days(town, 30.9)
    assert stage(town, ann, ben, "first_order") == "promised"
    days(town, 0.3)
    assert [stage(town, ann, ben, what) for what in ("first_help", "first_order")] == ["lapsed", "lapsed"]
    assert user(town, ben).followed_by is user(town, ben).awaited is None
    assert left(town, campaign) == 100_000 - 300
    assert friend(town, ben).due is None
    order = buys_alone(town, ben, town.campaign())
    town.stream()
    assert earned(town, ann, campaign, order.order_id) is None


def test_what_was_in_time_counts_however_late_it_is_heard_of(town: Town) -> None:
    campaign = town.campaign(bare(stages=[{"on": "first_order", "gift": GIFT}], promise_days=1))
    ann = town.person("ann")
    ben = friend_of(town, ann, campaign)
    clock.advance(86_300)
    buys_alone(town, ben, town.campaign())
    clock.advance(3600)
    town.stream()
    assert stage(town, ann, ben, "first_order") == "held"


def test_what_comes_too_late_does_not_count_within_the_grace(town: Town) -> None:
    campaign = town.campaign(bare(stages=[{"on": "first_order", "gift": GIFT}], promise_days=1))
    ann = town.person("ann")
    ben = friend_of(town, ann, campaign)
    clock.advance(86_500)
    buys_alone(town, ben, town.campaign())
    town.stream()
    assert stage(town, ann, ben, "first_order") == "promised"


def test_pages_go_on(town: Town) -> None:
    campaign = town.campaign(offer())
    ann = town.person("ann")
    for _ in range(3):
        friend_of(town, ann, campaign)
    first = rewards(ann, campaign, "?limit=2")
    rest = rewards(ann, campaign, f"?limit=2&cursor={first['cursor']}")
    assert (len(first["friends"]), len(rest["friends"]), rest["cursor"]) == (2, 1, None)


def test_a_merchant_sees_who_brings_most(town: Town, pair: Pair) -> None:
    ann, _, campaign = pair
    friend_of(town, ann, campaign)
    town.stream()
    days(town, 2.2)
    (line,) = town.admin.get(f"/v1/admin/campaigns/{campaign}/inviters")["inviters"]
    assert (line["user_id"], line["invited"], line["counted"], line["thresholds"]) == (ann.uid, 2, 2, [2])
    assert town.admin.call("GET", f"/v1/admin/campaigns/{town.campaign()}/inviters").status == 404


def test_a_plain_acceptance_costs_what_it_did(town: Town) -> None:
    ann = town.person("ann")
    strangers(town, ann, 1)
    clock.advance(1)
    ben = town.person("ben")
    with town.emulator.counting() as calls:
        accepts_plainly(ben, ann).expect(201)
    transactions = [call for call in calls if call.operation == "TransactWriteItems"]
    assert len(transactions) == 1
    assert transactions[0].body.count(b'"Put"') + transactions[0].body.count(b'"ConditionCheck"') == 2


def test_the_campaign_says_what_it_gives(town: Town, pair: Pair) -> None:
    terms = pair.ann.api.get(f"/v1/campaigns/{pair.campaign}")["terms"]
    assert [one["on"] for one in terms["stages"]] == ["accepted", "first_help", "first_order"]
    assert terms["stages"][0]["gift"]["amount"] == POINTS["amount"]
    assert terms["welcome"]["gift"]["amount"] == COUPON["amount"]
    assert "budget" not in terms


def test_who_orders_while_he_accepts_is_not_new(town: Town) -> None:
    campaign = town.campaign(offer())
    ann = town.person("ann")
    clock.advance(1)
    ben = town.person("ben")
    share = shared(ann, campaign)

    def ordered(call: Call) -> None:
        if call.operation == "TransactWriteItems":
            town.emulator.before = None
            found = user(town, ben)
            found.first_order_at = found.last_order_at = clock.now()
            town.emulator.restore(found)

    town.emulator.before = ordered
    assert by_share(ben, share).expect(201)["rewards"] == "not_new"
    assert left(town, campaign) == 100_000


def test_a_help_that_comes_too_late_does_not_count(town: Town) -> None:
    campaign = town.campaign(bare(stages=[{"on": "first_help", "gift": GIFT}], promise_days=1))
    ann, cat = town.person("ann"), town.person("cat")
    ben = friend_of(town, ann, campaign)
    clock.advance(86_500)
    for person in (ben, cat):
        person.come_back()
    helps(ben, started(cat, town.campaign(bargain_offer()))).expect(201)
    town.stream()
    assert stage(town, ann, ben, "first_help") == "promised"


def test_nobody_learns_his_friends_id_or_orders_from_his_statement(town: Town, pair: Pair) -> None:
    ann, ben, _ = pair
    order = buys_alone(town, ben, town.campaign())
    town.stream()
    ann.come_back()
    lines = told_of(ann)
    assert {line["why"] for line in lines} >= {"invite_accepted", "invite_first_order", "invite_commission"}
    assert not any(hidden in str(lines) for hidden in (ben.uid, order.order_id))
    assert len({line["ref"] for line in lines}) == len(lines)
    admin = town.admin.get(f"/v1/admin/users/{ann.uid}/rewards")["rewards"]
    assert {line["subject"] for line in admin} == {ben.uid, order.order_id}
