"""Every refusal has its own code and, where there is one, a next step; a repeated request is an answer."""

from __future__ import annotations

import time

import pytest

from chalicelib.campaigns import live
from chalicelib.core import clock
from chalicelib.groupbuy import rules
from tests.bench.capacity import warm_caches
from tests.town import Town


def code(reply: object) -> tuple[int, str]:
    return reply.status, reply.body["code"]  # type: ignore[attr-defined]


def test_the_same_key_is_the_same_seat_and_another_body_under_it_is_refused(town: Town) -> None:
    _, opened = town.opened(town.campaign())
    member = town.person()
    first = member.join(opened["group_id"], key="one-tap-of-mine").expect(201)
    again = member.join(opened["group_id"], key="one-tap-of-mine").expect(201)
    assert again["order_id"] == first["order_id"] and again["pay"]
    assert code(member.join(opened["group_id"], "other-sku", key="one-tap-of-mine")) == (409, "idempotency_key_reused")


def test_a_repeated_open_is_one_group(town: Town) -> None:
    campaign = town.campaign()
    leader = town.person()
    first = leader.open(campaign, key="one-tap-of-mine").expect(201)
    assert leader.open(campaign, key="one-tap-of-mine").expect(201)["group_id"] == first["group_id"]
    assert code(leader.open(campaign)) == (409, "opening_pending")


def test_a_seat_is_taken_once_by_a_user(town: Town) -> None:
    leader, opened = town.opened(town.campaign())
    refused = leader.join(opened["group_id"])
    assert code(refused) == (409, "already_seated")
    assert opened["order_id"] in refused.body["next"]


def test_a_full_group_says_so_and_what_to_do(town: Town) -> None:
    _, opened = town.opened(town.campaign(size=2))
    town.person().join(opened["group_id"]).expect(201)
    refused = town.person().join(opened["group_id"])
    assert code(refused) == (409, "group_full")
    assert refused.body["next"]


def test_no_seat_is_held_in_the_last_two_minutes(town: Town) -> None:
    _, opened = town.opened(town.campaign(group_seconds=3600))
    clock.advance(3600 - 119)
    assert code(town.person().join(opened["group_id"])) == (409, "group_ending")


def test_a_seat_may_be_given_up_and_taken_again_a_few_times(town: Town) -> None:
    _, opened = town.opened(town.campaign())
    member = town.person()
    for _ in range(rules.MOST_TAKES):
        seat = member.join(opened["group_id"]).expect(201)
        member.api.post(f"/v1/orders/{seat['order_id']}/cancel")
        town.minute()
    assert rules.MOST_TAKES == 5
    assert code(member.join(opened["group_id"])) == (409, "seat_tries")


def test_limits_are_kept_apart(town: Town) -> None:
    limits = {"open": 1, "join": 1, "take_part": 3}
    campaign = town.campaign(limits=limits)
    leader, opened = town.opened(campaign)
    assert code(leader.open(campaign)) == (409, "open_limit")
    _, other = town.opened(campaign)
    _, third = town.opened(campaign)
    leader.join(other["group_id"]).expect(201)
    assert code(leader.join(third["group_id"])) == (409, "join_limit")
    assert opened["group_id"] != other["group_id"]


def test_a_paused_campaign_takes_nobody_and_resumes(town: Town) -> None:
    campaign = town.campaign()
    _, opened = town.opened(campaign)
    town.admin.post(f"/v1/admin/campaigns/{campaign}/pause")
    assert code(town.person().join(opened["group_id"])) == (409, "campaign_not_running")
    assert code(town.person().open(campaign)) == (409, "campaign_not_running")
    town.admin.post(f"/v1/admin/campaigns/{campaign}/resume")
    town.person().join(opened["group_id"]).expect(201)


def test_a_pause_acts_within_half_a_minute_where_the_campaign_is_remembered(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    with warm_caches(seconds=30):
        campaign = town.campaign()
        _, opened = town.opened(campaign)
        remembered = dict(live._kept)
        town.admin.post(f"/v1/admin/campaigns/{campaign}/pause")
        live._kept.update(remembered)  # as another function has it
        town.person().join(opened["group_id"]).expect(201)
        now = time.monotonic()
        monkeypatch.setattr(time, "monotonic", lambda: now + 30)
        assert code(town.person().join(opened["group_id"])) == (409, "campaign_not_running")


def test_an_ended_campaign_keeps_its_promise_to_open_groups(town: Town) -> None:
    campaign = town.campaign(size=2)
    leader, opened = town.opened(campaign)
    town.admin.post(f"/v1/admin/campaigns/{campaign}/end")
    assert code(town.person().open(campaign)) == (409, "campaign_not_running")
    town.joined(opened["group_id"])
    assert leader.group(opened["group_id"])["status"] == "succeeded"


def test_a_held_order_cannot_be_paid_in_its_last_minute_but_its_payment_counts(town: Town) -> None:
    leader, opened = town.opened(town.campaign(size=2))
    member = town.person()
    seat = member.join(opened["group_id"]).expect(201)
    clock.advance(15 * 60 - 59)
    assert code(member.api.call("POST", f"/v1/orders/{seat['order_id']}/prepay", {})) == (409, "pay_window_over")
    member.pay(seat).expect(200)
    town.hear()
    assert leader.group(opened["group_id"])["status"] == "succeeded"


def test_a_paid_order_is_neither_payable_nor_cancellable(town: Town) -> None:
    leader, opened = town.opened(town.campaign())
    path = f"/v1/orders/{opened['order_id']}"
    assert code(leader.api.call("POST", f"{path}/prepay", {})) == (409, "order_not_payable")
    assert code(leader.api.call("POST", f"{path}/cancel", {})) == (409, "order_not_cancellable")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_says_why_not_in_the_readers_language(town: Town, language: str) -> None:
    _, opened = town.opened(town.campaign(size=2))
    town.person().join(opened["group_id"]).expect(201)
    stranger = town.person()
    headers = {"Accept-Language": language}
    page = stranger.api.call("GET", f"/v1/groups/{opened['group_id']}", headers=headers).expect(200)
    assert (page["may_join"], page["why_not"]["code"]) == (False, "group_full")
    assert ("满" in page["why_not"]["detail"]) == (language == "zh")


def test_members_are_masked_to_strangers(town: Town) -> None:
    campaign = town.campaign()
    leader = town.person()
    leader.api.call("PATCH", "/v1/me", {"nickname": "王小明"}).expect(200)
    seat = leader.open(campaign).expect(201)
    leader.pay(seat).expect(200)
    town.hear()
    page = town.person().group(seat["group_id"])
    assert "王小明" not in str(page)
    assert page["members"][0]["nickname"].startswith("王")
