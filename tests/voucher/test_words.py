"""A word that everybody may type: one of so many, in whatever way it is written."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.accounts.items import User, user_key
from chalicelib.core import clock
from chalicelib.core.ids import MerchantId
from chalicelib.core.transaction import update_one
from infra.local.client import Person
from tests import invariants
from tests.town import Town, send
from tests.voucher import shop, words

DAY = 86_400


@pytest.mark.parametrize("brings", [words.COUPON, words.BALANCE, words.POINTS, words.AMOUNT_COUPON])
def test_whoever_types_the_word_has_what_it_brings_at_once(town: Town, brings: dict[str, Any]) -> None:
    cid, ann = words.spoken(town, brings), town.person("ann")
    seen = words.asks(ann).expect(200)
    assert (seen["kind"], seen["can_redeem"], seen["how"], seen["why_not"]) == ("word", True, "redeem", None)
    made = words.says(ann).expect(201)
    assert (made["kind"], made["campaign_id"], made["undone"], made["cash_id"]) == ("word", cid, False, None)
    assert made["brings"]["kind"] == brings["kind"]
    if brings in (words.COUPON, words.AMOUNT_COUPON):
        mine = ann.api.get("/v1/me/coupons")["coupons"]
        assert [one["coupon_id"] for one in mine] == [made["coupon_id"]]
    else:
        assert made["coupon_id"] is None
    (line,) = ann.api.get("/v1/me/rewards")["rewards"]
    assert (line["why"], line["state"]) == ("code_coupon" if brings is words.COUPON else "word", "granted")
    assert words.taken(town, cid) == (99, 1)
    sums = town.admin.call("POST", f"/v1/admin/users/{ann.uid}/rebuild", {}).expect(200)
    assert all(one["differs"] == 0 for one in sums["sums"])
    invariants.check(town.books())


@pytest.mark.parametrize(
    "text",
    ["双十一快乐", " 双十一 快乐 ", "双·十·一·快·乐！", "「双十一快乐」", "双十一快乐🎉", "双十\u200b一\u3164快乐"],
)
def test_spaces_and_signs_make_no_other_word(town: Town, text: str) -> None:
    words.spoken(town)
    words.says(town.person("ann"), text).expect(201)


@pytest.mark.parametrize("text", ["ｄａｙ ２４", "day-24", "DAY ②④ "])
def test_width_and_case_make_no_other_word(town: Town, text: str) -> None:
    words.spoken(town, word="Day 24")
    words.says(town.person("ann"), text).expect(201)


def test_the_word_itself_stands_in_no_page_that_users_read(town: Town) -> None:
    cid, ann = words.spoken(town), town.person("ann")
    page = ann.api.get(f"/v1/campaigns/{cid}")
    assert words.HAPPY not in str(page)
    assert words.HAPPY not in str(ann.api.get("/v1/campaigns"))
    terms = page["terms"]
    assert (terms["kind"], terms["total"], terms["per_user"], terms["new_user"]) == ("word", 100, 1, None)


def test_the_same_tap_is_the_same_redemption_and_another_is_refused(town: Town) -> None:
    cid, ann = words.spoken(town), town.person("ann")
    made = words.says(ann, key="one-key-of-ann-is-hers").expect(201)
    assert words.says(ann, key="one-key-of-ann-is-hers").expect(201) == made
    other = words.says(ann, " 双十一快乐", key="one-key-of-ann-is-hers").expect(409)
    assert other["code"] == "idempotency_key_reused"
    refused = words.says(ann).expect(409)
    assert (refused["code"], refused["limit"]) == ("word_limit", 1)
    assert words.asks(ann).expect(200)["why_not"]["code"] == "word_limit"
    assert words.taken(town, cid) == (99, 1)


def test_one_user_may_redeem_it_so_often_and_so_often_a_day(town: Town) -> None:
    cid, ann = words.spoken(town, words.BALANCE, per_user=3, per_user_a_day=2), town.person("ann")
    words.says(ann).expect(201)
    words.says(ann).expect(201)
    refused = words.says(ann).expect(409)
    assert (refused["code"], refused["limit"]) == ("word_limit_today", 2)
    assert words.record(town, cid)["today"] == 2
    clock.advance(DAY)
    ann.come_back()
    assert words.record(town, cid)["today"] == 0
    words.says(ann).expect(201)
    refused = words.says(ann).expect(409)
    assert (refused["code"], refused["limit"]) == ("word_limit", 3)
    assert ann.api.get("/v1/me/accounts")["fen"]["balance"] == 300
    assert sorted(words.counted(town, cid).values()) == [1, 2]
    assert [one.number for one in words.redemptions(town, cid)] == [1, 2, 3]
    invariants.check(town.books())


def test_a_day_begins_at_midnight_in_china(town: Town) -> None:
    words.spoken(town, per_user=2, per_user_a_day=1)
    now = clock.now().astimezone(clock.BEIJING)
    clock.advance((24 - now.hour) * 3600 - now.minute * 60 - now.second - 1)
    ann = town.person("ann")
    words.says(ann).expect(201)
    assert words.says(ann).expect(409)["code"] == "word_limit_today"
    clock.advance(1)
    words.says(ann).expect(201)


def test_when_all_is_taken_it_is_said(town: Town) -> None:
    cid = words.spoken(town, total=2)
    ann, ben, cat = town.person("ann"), town.person("ben"), town.person("cat")
    words.says(ann).expect(201)
    words.says(ben).expect(201)
    assert words.says(cat).expect(409)["code"] == "word_gone"
    assert words.asks(cat).expect(200)["why_not"]["code"] == "word_gone"
    # Who has it is told so, and not that it is gone.
    assert words.says(ann).expect(409)["code"] == "word_limit"
    seen = words.record(town, cid)
    assert (seen["redeemed"], seen["left"], seen["total"], seen["today"]) == (2, 0, 2, 2)
    assert words.guessed(town, cat) == 0


def test_only_new_users_where_it_says_so(town: Town) -> None:
    old = town.person("old")
    clock.advance(DAY)
    only_new: dict[str, Any] = {"who_may_redeem": "new_user", "new_user": {"definition": "never_seen"}}
    document = words.offer(starts_at=clock.iso(clock.now()), **only_new)
    document["rule_sheet"]["eligibility"] = "活动开始后首次访问的用户可以兑换。"
    town.campaign(document)
    old.come_back()
    assert words.says(old).expect(409)["code"] == "new_claimers_only"
    assert words.asks(old).expect(200)["why_not"]["code"] == "new_claimers_only"
    words.says(town.person("late")).expect(201)


@pytest.mark.parametrize(("rank", "status"), [(2, 201), (3, 409), (4, 409)])
def test_whom_wechat_doubts_is_refused_and_not_told_why(town: Town, rank: int, status: int) -> None:
    words.spoken(town)
    ann = town.person("ann")
    ranked(town, ann, rank)
    answer = words.says(ann).expect(status)
    if status == 409:
        assert (answer["code"], answer["detail"]) == ("word_refused", "暂时无法兑换")
        clock.advance(DAY)
        ann.come_back()
        # Nobody knows any more, which speaks against nobody.
        words.says(ann).expect(201)


def test_nobody_waits_for_wechat(town: Town) -> None:
    words.spoken(town)
    ann = town.person("ann")
    town.act("/_sim/ranks", name="ann", rank=4)
    words.says(ann).expect(201)


def ranked(town: Town, person: Person, rank: int) -> None:
    """WeChat has said so, because he looked at some page that asked."""
    said = [User.rank.set(rank), User.rank_at.set(clock.now())]
    update_one(user_key(MerchantId(town.merchant.mid), person.uid), said, when={})


def test_a_paused_word_waits_and_an_ended_one_is_over(town: Town) -> None:
    cid, ann, ben = words.spoken(town), town.person("ann"), town.person("ben")
    made = words.says(ben, key="one-key-of-ben-is-his").expect(201)
    town.admin.post(f"/v1/admin/campaigns/{cid}/pause")
    assert words.says(ann).expect(409)["code"] == "campaign_not_running"
    assert words.asks(ann).expect(200)["why_not"]["code"] == "campaign_not_running"
    town.admin.post(f"/v1/admin/campaigns/{cid}/resume")
    words.says(ann).expect(201)
    words.ends(town, cid)
    cat = town.person("cat")
    assert words.says(cat).expect(409)["code"] == "campaign_not_running"
    assert words.says(ben, key="one-key-of-ben-is-his").expect(201) == made
    # Who comes too late has guessed nothing.
    assert words.guessed(town, cat) == 0


def test_a_word_that_nobody_has_is_a_wrong_guess(town: Town) -> None:
    words.spoken(town)
    ann = town.person("ann")
    for _ in range(2):
        assert words.says(ann, "双十二快乐").expect(409)["code"] == "code_invalid"
    assert words.asks(ann, "芝麻开门").expect(409)["code"] == "code_invalid"
    assert words.guessed(town, ann) == 3
    words.says(ann, "芝麻关门").expect(409)
    locked = words.says(ann, "芝麻开门吧").expect(429)
    assert locked["code"] == "code_locked"
    assert words.says(ann).expect(429)["code"] == "code_locked"
    assert words.asks(ann).expect(429)["code"] == "code_locked"
    words.says(town.person("ben")).expect(201)
    clock.advance(300)
    words.says(ann).expect(201)


@pytest.mark.parametrize("text", ["！", "茶", "一" * 21, "K7M2Q-9XW0T-3H6D", "ABCD 1234"])
def test_what_can_be_no_word_is_mistyped_and_no_guess(town: Town, text: str) -> None:
    words.spoken(town)
    ann = town.person("ann")
    before = len(town.emulator.items())
    assert words.says(ann, text).expect(422)["code"] == "code_mistyped"
    assert words.asks(ann, text).expect(422)["code"] == "code_mistyped"
    assert (words.guessed(town, ann), len(town.emulator.items())) == (0, before)


def test_codes_and_words_live_side_by_side(town: Town) -> None:
    bid, ann = shop.batch(town), town.person("ann")
    words.spoken(town)
    assert shop.redeems(ann, shop.code(town, bid)).expect(201)["kind"] == "code"
    assert words.says(ann).expect(201)["kind"] == "word"


def test_another_merchants_word_is_unknown_here(town: Town) -> None:
    other = town.second()
    words.spoken(town)
    stranger = Person.login(send, town.control, other.appid, "ann")
    assert words.says(stranger).expect(409)["code"] == "code_invalid"


def test_its_merchant_sees_it_and_no_other_kind(town: Town) -> None:
    cid = words.spoken(town)
    seen = words.record(town, cid)
    assert {name: seen[name] for name in ("campaign_id", "word", "status", "total", "redeemed", "today", "left")} == {
        "campaign_id": cid,
        "word": words.HAPPY,
        "status": "published",
        "total": 100,
        "redeemed": 0,
        "today": 0,
        "left": 100,
    }
    assert town.admin.call("GET", f"/v1/admin/campaigns/{town.campaign()}/word").status == 404
