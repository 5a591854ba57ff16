"""A user's pages of cash: what he reads of it, what he can do, when to look again, and why not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from chalicelib.accounts.items import User, UserState, user_key
from chalicelib.campaigns.gifts import AsCash
from chalicelib.cash import words
from chalicelib.core import clock
from chalicelib.core.transaction import update_one
from chalicelib.rewards.states import Why
from tests.cash import gifts, shop
from tests.cash.gifts import cancels, claims, confirms, listed, page
from tests.cash.shop import DAY
from tests.rewards.shop import told
from tests.town import Town

ENGLISH = {"Accept-Language": "en"}


def test_a_piece_of_cash_tells_what_it_is_and_that_it_can_be_claimed(town: Town) -> None:
    ann, campaign = town.person("ann"), shop.opened(town)
    cash_id = shop.given(town, campaign, ann)
    now = clock.now()
    shown = page(ann, cash_id)
    assert shown == {
        "cash_id": cash_id,
        "amount_fen": 100,
        "state": "claimable",
        "detail": "可领取",
        "campaign": {"campaign_id": campaign, "title": "有礼秋茶 三人团"},
        "why": "after_order",
        "why_detail": "下单有礼",
        "created_at": told(now),
        "since": told(now),
        "until": told(now + timedelta(days=30)),
        "can_claim": True,
        "why_not": None,
        "needs_name": False,
        "confirm_until": None,
        "failed": None,
        "ended_at": None,
        "confirm": None,
        "poll_after_seconds": None,
        "ask": {"template_ids": []},
        "now": told(now),
    }
    alone = {"confirm", "poll_after_seconds", "ask", "now"}
    assert listed(ann) == [{name: value for name, value in shown.items() if name not in alone}]
    assert page(ann, cash_id, **ENGLISH)["detail"] == "You can claim it."


def test_a_list_goes_on_where_it_ended_newest_first(town: Town) -> None:
    ann, ben, campaign = town.person("ann"), town.person("ben"), shop.opened(town)
    for n in range(3):
        shop.given(town, campaign, ann, f"gift-{n}", 100 + n)
        clock.advance(1)
    first = ann.api.get("/v1/me/cash?limit=2")
    rest = ann.api.get(f"/v1/me/cash?limit=2&cursor={first['cursor']}")
    assert [[one["amount_fen"] for one in part["cash"]] for part in (first, rest)] == [[102, 101], [100]]
    assert (rest["cursor"], listed(ben)) == (None, [])
    statement = ann.api.get("/v1/me/rewards?limit=1")["cursor"]
    ann.api.call("GET", f"/v1/me/cash?cursor={statement}").expect(422)


def test_a_claim_is_confirmed_in_wechat_and_polled(town: Town) -> None:
    ann, campaign = town.person("ann"), shop.opened(town)
    cash_id = shop.given(town, campaign, ann)
    begun = clock.now()
    claimed = claims(ann, cash_id).expect(200)
    assert set(claimed["confirm"]) == {"mchId", "appId", "package"}
    assert (claimed["state"], claimed["detail"]) == ("waiting", "待您在微信中确认收款")
    assert claimed["confirm_until"] == told(begun + timedelta(hours=24))
    assert (claimed["poll_after_seconds"], claimed["can_claim"], claimed["ended_at"]) == (3, False, None)
    clock.advance(40)
    again = claims(ann, cash_id).expect(200)
    assert (again["confirm"], again["poll_after_seconds"]) == (claimed["confirm"], 10)
    assert page(ann, cash_id)["confirm"] == claimed["confirm"]
    clock.advance(3600)
    assert page(ann, cash_id)["poll_after_seconds"] == 60
    confirms(town, ann, claimed)
    paid = page(ann, cash_id)
    assert (paid["state"], paid["detail"], paid["ended_at"]) == ("paid", "已存入微信零钱", told(clock.now()))
    assert (paid["confirm"], paid["confirm_until"], paid["poll_after_seconds"]) == (None, None, None)
    assert claims(ann, cash_id).expect(200)["state"] == "paid"


def test_what_wechat_leaves_unanswered_is_under_way(town: Town) -> None:
    ann, campaign = town.person("ann"), shop.opened(town)
    cash_id = shop.given(town, campaign, ann)
    town.sim.faults.add("transfer", "lost")
    shown = claims(ann, cash_id).expect(202)
    assert (shown["state"], shown["detail"], shown["confirm"]) == ("sending", "处理中，请稍候", None)
    assert shown["poll_after_seconds"] == 3
    town.pass_time(120)
    assert page(ann, cash_id)["confirm"]


def test_what_is_withdrawn_can_be_claimed_again_and_what_is_not_sent_cannot_be_withdrawn(town: Town) -> None:
    ann, campaign = town.person("ann"), shop.opened(town)
    cash_id = shop.given(town, campaign, ann)
    assert cancels(ann, cash_id).expect(409)["code"] == "cash_not_sent"
    claims(ann, cash_id).expect(200)
    shown = cancels(ann, cash_id).expect(202)
    assert (shown["state"], shown["detail"], shown["confirm"]) == ("cancelling", "撤销中，请稍候", None)
    assert shown["poll_after_seconds"] == 3
    assert claims(ann, cash_id).expect(202)["state"] == "cancelling"
    shop.wait_until(town, ann, "claimable")
    shown = page(ann, cash_id)
    assert (shown["failed"]["code"], shown["can_claim"]) == ("withdrawn", True)
    confirms(town, ann, claims(ann, cash_id).expect(200))
    assert cancels(ann, cash_id).expect(409)["code"] == "cash_settled"
    assert page(ann, cash_id)["failed"] is None


def test_after_a_day_nobody_is_asked_to_confirm_and_soon_it_can_be_claimed_again(town: Town) -> None:
    ann, campaign = town.person("ann"), shop.opened(town)
    cash_id = shop.given(town, campaign, ann)
    claims(ann, cash_id).expect(200)
    clock.advance(DAY)
    ann.come_back()
    shown = page(ann, cash_id)
    assert (shown["state"], shown["detail"], shown["confirm"]) == ("waiting", "确认时间已过，稍后可重新领取", None)
    assert listed(ann)[0]["detail"] == "确认时间已过，稍后可重新领取"
    shop.wait_until(town, ann, "claimable")
    ann.come_back()
    shown = page(ann, cash_id, **ENGLISH)
    assert shown["failed"] == {
        "code": "not_confirmed",
        "detail": "It was not confirmed within 24 hours.",
        "next": "Claim it again and confirm in time.",
    }


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        ("NAME_NOT_CORRECT", "name_wrong"),
        ("ID_CARD_NOT_CORRECT", "name_wrong"),
        ("REAL_NAME_CHECK_FAIL", "not_verified"),
        ("ACCOUNT_FROZEN", "account_barred"),
        ("PAYEE_ACCOUNT_ABNORMAL", "account_barred"),
        ("DAY_RECEIVED_COUNT_EXCEED", "day_received"),
        ("DAY_RECEIVED_QUOTA_EXCEED", "day_received"),
        ("REALNAME_ACCOUNT_RECEIVED_QUOTA_EXCEED", "quota_received"),
        ("OVERDUE_CLOSE", "not_confirmed"),
        ("MCH_CANCEL", "withdrawn"),
        ("TRANSFER_RISK", "not_paid"),
        ("PAYER_ACCOUNT_ABNORMAL", "not_paid"),
        ("A_WORD_OF_TOMORROW", "not_paid"),
    ],
)
def test_why_wechat_did_not_pay_is_told_in_words_of_the_user(town: Town, reason: str, code: str) -> None:
    ann, campaign = town.person("ann"), shop.opened(town)
    shop.given(town, campaign, ann)
    found = shop.cash(town, ann)
    found.failed = reason
    why = words.failure(found)
    assert why is not None
    assert why.code == code


def test_a_failure_of_wechats_is_shown_on_the_page(town: Town) -> None:
    ann, campaign = town.person("ann"), shop.opened(town)
    cash_id = shop.given(town, campaign, ann)
    shown = claims(ann, cash_id).expect(200)
    ann.confirm_transfer(shown["confirm"], fail_reason="TRANSFER_RISK").expect(200)
    town.hear()
    assert page(ann, cash_id)["failed"] == {
        "code": "not_paid",
        "detail": "本次转账未成功",
        "next": "稍后重新领取，仍不成功请联系商家",
    }
    assert listed(ann)[0]["failed"]["code"] == "not_paid"


def test_a_failure_is_told_only_of_what_can_be_claimed_again(town: Town) -> None:
    ann, campaign = town.person("ann"), shop.opened(town)
    cash_id = shop.given(town, campaign, ann)
    claims(ann, cash_id).expect(200)
    cancels(ann, cash_id).expect(202)
    shop.wait_until(town, ann, "claimable")
    assert page(ann, cash_id)["failed"]["code"] == "withdrawn"
    again = claims(ann, cash_id).expect(200)
    assert (again["state"], again["failed"]) == ("waiting", None)
    assert cancels(ann, cash_id).expect(202)["failed"] is None
    shop.wait_until(town, ann, "claimable")
    clock.advance(30 * DAY)
    ann.come_back()
    late = page(ann, cash_id)
    assert (late["state"], late["why_not"]["code"], late["failed"]) == ("claimable", "cash_over", None)
    shop.wait_until(town, ann, "returned")
    assert page(ann, cash_id)["failed"] is None


@pytest.mark.parametrize(("scene", "why"), [("marketing", Why.AFTER_ORDER), ("commission", shop.COMMISSION)])
def test_what_wechat_has_not_approved_cannot_be_claimed_and_does_not_run_out(town: Town, scene: str, why: Why) -> None:
    ann, campaign = town.person("ann"), shop.opened(town)
    town.act("/_sim/scenes", mchid=town.merchant.mchid, scenes=["1000", "1005"])
    cash_id = shop.given(town, campaign, ann, why=why)
    shop.set_up(town, msgspec.structs.replace(shop.TERMS, **{scene: None}))
    assert why_not(page(ann, cash_id)) == ("cash_paused", told(clock.now() + timedelta(minutes=5)))
    assert claims(ann, cash_id).expect(409)["code"] == "cash_paused"
    clock.advance(31 * DAY)
    shop.fall_due(town, ann)
    shop.set_up(town)
    ann.come_back()
    assert claims(ann, cash_id).expect(200)["confirm"]


def test_a_blocked_user_claims_nothing(town: Town) -> None:
    ann, campaign = town.person("ann"), shop.opened(town)
    cash_id = shop.given(town, campaign, ann)
    update_one(user_key(shop.mid_of(town), ann.uid), [User.status.set(UserState.BLOCKED)], when={})
    assert claims(ann, cash_id).expect(403)["code"] == "user_blocked"
    assert shop.at_wechat(town, ann) is None


def why_not(shown: dict[str, Any]) -> tuple[str, str | None]:
    """Why it cannot be claimed, and until when."""
    assert shown["can_claim"] is False
    assert shown["why_not"]["detail"]
    assert shown["why_not"]["next"]
    return shown["why_not"]["code"], shown["why_not"]["until"]


def test_a_page_says_beforehand_what_a_claim_would_be_refused_for(town: Town) -> None:
    ann, campaign = town.person("ann"), shop.opened(town)
    clock.advance(0.5)
    held = shop.given(town, campaign, ann, "held", form=AsCash(hold_days=1, claim_days=1))
    shown = page(ann, held)
    assert why_not(shown) == ("cash_not_yet", shown["since"])
    assert (shown["state"], shown["detail"]) == ("claimable", "等待期内，到期后可领取")
    assert shown["why_not"]["detail"] == "还在等待期内，11月12日20:01起可领取", "the minute in which it can be"
    assert claims(ann, held).expect(409)["code"] == "cash_not_yet"
    clock.advance(2 * DAY + 0.001)
    ann.come_back()
    shown = page(ann, held)
    assert (why_not(shown), shown["detail"]) == (("cash_over", None), "已过领取期限")
    assert claims(ann, held).expect(409)["code"] == "cash_over"


def test_a_page_says_that_the_day_or_the_year_is_full_and_when_the_next_begins(town: Town) -> None:
    ann, campaign = town.person("ann"), shop.opened(town)
    shop.set_up(town, shop.with_limits(times_a_day=1, fen_a_day=1000, fen_a_year=150))
    first, second = (shop.given(town, campaign, ann, ref) for ref in ("gift-1", "gift-2"))
    confirms(town, ann, claims(ann, first).expect(200))
    assert why_not(page(ann, second)) == ("cash_day_full", "2026-11-11T16:00:00Z")
    assert claims(ann, second).expect(409)["code"] == "cash_day_full"
    clock.advance(DAY)
    ann.come_back()
    assert why_not(page(ann, second)) == ("cash_year_full", "2026-12-31T16:00:00Z")
    assert claims(ann, second).expect(409)["code"] == "cash_year_full"
    assert {one["cash_id"]: one["can_claim"] for one in listed(ann)} == {first: False, second: False}


def test_a_page_says_that_cash_is_paused_and_when_to_try_again(town: Town) -> None:
    ann, ben, campaign = town.person("ann"), town.person("ben"), shop.opened(town, fen=0)
    mine = shop.given(town, campaign, ann)
    other = shop.given(town, campaign, ben)
    assert claims(ann, mine).expect(202)["state"] == "sending"
    assert why_not(page(ben, other)) == ("cash_paused", told(clock.now() + timedelta(minutes=5)))
    refused = ben.api.call("POST", f"/v1/me/cash/{other}/claim", {}, headers=ENGLISH).expect(409)
    assert refused["code"] == "cash_paused"
    assert refused["detail"] == (
        "Cash is not being sent just now; it stays yours. Try again after 2026-11-11 20:05 (Beijing)."
    )


def test_a_merchant_who_pays_nothing_just_now_pauses_everybodys(town: Town) -> None:
    ann, campaign = town.person("ann"), shop.opened(town)
    cash_id = shop.given(town, campaign, ann)
    shop.set_up(town, msgspec.structs.replace(shop.TERMS, paused=True))
    assert why_not(page(ann, cash_id)) == ("cash_paused", told(clock.now() + timedelta(minutes=5)))
    assert claims(ann, cash_id).expect(409)["code"] == "cash_paused"


def test_a_large_amount_asks_for_the_name_that_wechat_knows(town: Town) -> None:
    ann, campaign = town.person("ann"), shop.opened(town, fen=500_000, cash=500_000)
    shop.set_up(town, shop.with_limits(fen_a_day=500_000, fen_a_year=500_000))
    less = shop.given(town, campaign, ann, "less", 199_999)
    large = shop.given(town, campaign, ann, "large", 200_000)
    assert [page(ann, one)["needs_name"] for one in (less, large)] == [False, True]
    assert page(ann, large)["can_claim"] is True
    refused = claims(ann, large).expect(422)
    assert (refused["code"], refused["errors"][0]["pointer"]) == ("cash_name_needed", "/real_name")
    claims(ann, large, "好" * 31).expect(422)
    claims(ann, large, " ").expect(422)
    assert claims(ann, large, "张三").expect(200)["confirm"]
    assert claims(ann, less).expect(200)["confirm"]


def test_a_doubtful_user_reads_that_it_is_checked_and_not_why(town: Town) -> None:
    ann, campaign = town.person("ann"), shop.opened(town)
    cash_id = shop.given(town, campaign, ann)
    town.act("/_sim/ranks", name=ann.name, rank=4)
    shown = claims(ann, cash_id).expect(202)
    assert (shown["state"], shown["detail"], shown["poll_after_seconds"]) == ("review", "审核中", None)
    assert (shown["why_not"], shown["can_claim"]) == (None, False)
    assert "rank" not in str(shown)


def test_what_is_somebody_elses_is_not_there(town: Town) -> None:
    ann, ben, campaign = town.person("ann"), town.person("ben"), shop.opened(town)
    cash_id = shop.given(town, campaign, ann)
    ben.api.call("GET", f"/v1/me/cash/{cash_id}").expect(404)
    claims(ben, cash_id).expect(404)
    cancels(ben, cash_id).expect(404)
    assert gifts.page(ann, cash_id)["can_claim"] is True
