"""Claiming and giving coupons over HTTP."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from chalicelib.core import clock
from tests.bench.capacity import warm_caches
from tests.bench.meter import metered
from tests.coupons.shop import (
    DAY,
    claimed,
    claims,
    gift_of_points,
    gives,
    left,
    offer,
    piece,
    points_of,
    stored,
    takes_back,
    template,
)
from tests.town import Town


def test_a_claim_takes_one_of_the_total_and_is_shown_at_once(town: Town) -> None:
    ann, campaign = town.person("ann"), template(town)
    made = claims(ann, campaign).expect(201)
    assert (made["state"], made["why"], made["detail"]) == ("available", "claimed", "可使用")
    assert made["coupon"]["saving"] == {"display": "percent", "percent": 20, "amount_fen": 1000}
    assert [one["coupon_id"] for one in ann.api.get("/v1/me/coupons")["coupons"]] == [made["coupon_id"]]
    assert left(town, campaign) == (99, 1)


def test_the_same_tap_is_the_same_coupon_and_another_is_refused(town: Town) -> None:
    ann, campaign, other = town.person("ann"), template(town), template(town)
    made = claims(ann, campaign, key="one-key-to-claim-it").expect(201)
    assert claims(ann, campaign, key="one-key-to-claim-it").expect(201) == made
    assert claims(ann, other, key="one-key-to-claim-it").expect(409)["code"] == "idempotency_key_reused"
    refused = claims(ann, campaign).expect(409)
    assert (refused["code"], refused["limit"]) == ("coupon_limit", 1)
    assert left(town, campaign) == (99, 1)


def test_a_repetition_is_answered_after_the_campaign_has_ended(town: Town) -> None:
    ann, campaign = town.person("ann"), template(town)
    made = claims(ann, campaign, key="one-key-to-claim-it").expect(201)
    town.admin.post(f"/v1/admin/campaigns/{campaign}/end")
    assert claims(ann, campaign, key="one-key-to-claim-it").expect(201)["coupon_id"] == made["coupon_id"]
    assert claims(town.person(), campaign).expect(409)["code"] == "campaign_not_running"


def test_a_day_has_its_own_limit(town: Town) -> None:
    ann, campaign = town.person("ann"), template(town, per_user=3, per_user_a_day=2)
    claimed(ann, campaign)
    claimed(ann, campaign)
    refused = claims(ann, campaign).expect(409)
    assert (refused["code"], refused["limit"]) == ("coupon_day_limit", 2)
    clock.advance(DAY)
    ann.come_back()
    claimed(ann, campaign)
    assert claims(ann, campaign).expect(409)["code"] == "coupon_limit"


def test_what_is_claimed_out_is_remembered_for_a_moment(town: Town) -> None:
    campaign = template(town, total=1)
    claimed(town.person(), campaign)
    first, second = town.person(), town.person()
    with warm_caches(60):
        first.api.get(f"/v1/campaigns/{campaign}")
        with metered(town.emulator) as looked:
            assert claims(first, campaign).expect(409)["code"] == "coupons_claimed_out"
        with metered(town.emulator) as known:
            assert claims(second, campaign).expect(409)["code"] == "coupons_claimed_out"
    assert known.read_units < looked.read_units
    assert known.round_trips == 2, "a batch, and the same at one moment"


def test_only_new_users_claim_where_it_says_so_and_the_verdict_stays(town: Town) -> None:
    rules: dict[str, Any] = {"who_may_claim": "new_user", "new_user": {"definition": "never_ordered"}}
    sheet = {**offer()["rule_sheet"], "eligibility": "从未在本店下单的用户可以领取"}
    campaign = template(town, **rules, rule_sheet=sheet)
    ann, goods = town.person("ann"), town.campaign()
    mine = stored(town, ann, claimed(ann, campaign))
    assert mine.verdict is not None
    assert mine.verdict.new
    ben = town.person("ben")
    ben.pay(ben.buy(goods).expect(201)).expect(200)
    town.hear()
    assert claims(ben, campaign).expect(409)["code"] == "new_claimers_only"
    assert stored(town, ben, claimed(ben, template(town))).verdict is None, "of the others nothing is asked"


def test_points_pay_for_a_claim_in_the_same_step(town: Town) -> None:
    ann, campaign = town.person("ann"), template(town, per_user=9, price_points=60)
    assert claims(ann, campaign).expect(409)["code"] == "points_short"
    gift_of_points(town, ann, 100)
    claims(ann, campaign, key="one-key-to-claim-it").expect(201)
    claims(ann, campaign, key="one-key-to-claim-it").expect(201)
    assert points_of(town, ann) == 40
    refused = claims(ann, campaign).expect(409)
    assert (refused["code"], refused["needed"], refused["has"]) == ("points_short", 60, 40)


def test_what_is_only_given_is_given_once_a_user(town: Town) -> None:
    campaign = template(town, claimable=False, total=3)
    ann, ben = town.person("ann"), town.person("ben")
    assert claims(ann, campaign).expect(409)["code"] == "coupon_only_given"
    lines = gives(town, campaign, ann, ben, ann, "NOBODY", key="one-key-to-give-them").expect(200)
    assert [(line["user_id"], line["code"]) for line in lines["lines"]] == [
        (ann.uid, None),
        (ben.uid, None),
        ("NOBODY", "not_found"),
    ]
    assert lines["given"] == 2
    assert gives(town, campaign, ann, ben, ann, "NOBODY", key="one-key-to-give-them").expect(200) == lines
    assert left(town, campaign) == (1, 2)
    more = gives(town, campaign, ann, ben).expect(200)
    assert [line["code"] for line in more["lines"]] == [None, "coupons_claimed_out"]
    gives(town, campaign, ben, key="one-key-to-give-them").expect(409)


def test_nothing_is_given_of_a_template_that_has_ended(town: Town) -> None:
    ann, campaign = town.person("ann"), template(town)
    town.admin.post(f"/v1/admin/campaigns/{campaign}/end")
    lines = gives(town, campaign, ann).expect(200)["lines"]
    assert [(line["coupon_id"], line["code"]) for line in lines] == [(None, "campaign_not_running")]


def test_a_gift_counts_against_no_limit_and_is_written_down(town: Town) -> None:
    ann, campaign = town.person("ann"), template(town)
    gives(town, campaign, ann).expect(200)
    claimed(ann, campaign)
    entries = [entry for entry in town.admin.get("/v1/admin/audit")["entries"] if entry["action"] == "coupon.give"]
    assert [entry["detail"]["user_id"] for entry in entries] == [ann.uid]
    assert town.admin.get(f"/v1/admin/campaigns/{campaign}/coupons")["issued"] == 2


def test_instalments_show_every_piece_and_the_next_date(town: Town) -> None:
    rule = {"validity": {"kind": "after_claim", "days": 30}, "instalments": {"pieces": 3, "every": "week"}}
    ann = town.person("ann")
    made = claims(ann, template(town, **rule)).expect(201)
    assert [one["state"] for one in made["pieces"]] == ["available", "later", "later"]
    assert made["state"] == "available"
    assert [one["ref"] for one in made["pieces"]] == [made["coupon_id"], *(f"{made['coupon_id']}.{n}" for n in (1, 2))]
    assert made["next_at"] == made["pieces"][1]["since"]
    clock.advance(7 * DAY)
    ann.come_back()
    assert [piece(ann, made["coupon_id"], n) for n in range(3)] == ["available", "available", "later"]


def test_pages_and_states(town: Town) -> None:
    ann, campaign = town.person("ann"), template(town, per_user=5, validity={"kind": "after_claim", "days": 1})
    ids = {claimed(ann, campaign) for _ in range(5)}
    taken_back = min(ids)
    takes_back(town, ann, taken_back).expect(200)
    first = ann.api.get("/v1/me/coupons?limit=3")
    rest = ann.api.get(f"/v1/me/coupons?limit=3&cursor={first['cursor']}")
    assert {one["coupon_id"] for one in first["coupons"] + rest["coupons"]} == ids
    assert rest["cursor"] is None
    invalid = ann.api.get("/v1/me/coupons?state=invalid")["coupons"]
    assert [(one["coupon_id"], one["detail"]) for one in invalid] == [(taken_back, "已失效")]
    clock.advance(DAY)
    ann.come_back()
    assert len(ann.api.get("/v1/me/coupons?state=expired")["coupons"]) == 4
    ann.api.call("GET", "/v1/me/coupons?state=lost").expect(422)
    town.person("ben").api.call("GET", f"/v1/me/coupons/{taken_back}").expect(404)


def test_a_merchant_sees_what_is_out(town: Town) -> None:
    campaign = template(town)
    people = [town.person() for _ in range(3)]
    ids = []
    for person in people:
        ids.append(claimed(person, campaign))
        clock.advance(1)
    first = town.admin.get(f"/v1/admin/campaigns/{campaign}/coupons?limit=2")
    assert (first["issued"], first["left"]) == (3, 97)
    rest = town.admin.get(f"/v1/admin/campaigns/{campaign}/coupons?limit=2&cursor={first['cursor']}")
    assert [one["coupon_id"] for one in first["coupons"] + rest["coupons"]] == ids[::-1]
    assert first["coupons"][0]["user_id"] == people[2].uid
    town.admin.call("GET", f"/v1/admin/campaigns/{town.campaign()}/coupons").expect(404)


def test_a_coupon_that_is_taken_back_says_so_to_its_merchant_alone(town: Town) -> None:
    ann = town.person("ann")
    mine = claimed(ann, template(town))
    told = takes_back(town, ann, mine, key="one-key-to-take-it").expect(200)
    assert (told["state"], told["invalid_why"], told["note"]) == ("invalid", "发错了", "未使用部分已失效")
    assert takes_back(town, ann, mine, key="one-key-to-take-it").expect(200)["invalid_at"] == told["invalid_at"]
    clock.advance(1)
    assert takes_back(town, ann, mine).expect(200)["invalid_at"] == told["invalid_at"]
    shown = ann.api.get(f"/v1/me/coupons/{mine}")
    assert "发错了" not in str(shown)
    (line,) = ann.api.get("/v1/me/rewards")["rewards"]
    assert (line["state"], line["reason"]) == ("void", "商家已将该券作废"), "he did not fail any check"
    (seen,) = town.admin.get(f"/v1/admin/users/{ann.uid}/rewards")["rewards"]
    assert [why["code"] for why in seen["reasons"]] == ["invalidated"]
    entries = [entry for entry in town.admin.get("/v1/admin/audit")["entries"] if entry["subject"] == mine]
    assert [(entry["action"], entry["detail"]["reason"]) for entry in entries] == [("coupon.invalidate", "发错了")]
    path = f"/v1/admin/users/{ann.uid}/coupons/NONE/invalidate"
    town.admin.call("POST", path, {"reason": "x"}).expect(404)


def test_the_template_tells_what_it_says(town: Town) -> None:
    campaign = template(town, price_points=5, validity={"kind": "after_claim", "days": 30, "starts_after_days": 1})
    page = town.person().api.get(f"/v1/campaigns/{campaign}")
    assert (page["kind"], page["terms"]["total"], page["terms"]["price_points"]) == ("coupon", 100, 5)
    assert page["terms"]["coupon"]["off"] == {"kind": "amount", "fen": 1000}
    assert page["terms"]["validity"] == {"kind": "after_claim", "days": 30, "starts_after_days": 1}


def test_a_coupon_is_no_good_after_its_days(town: Town) -> None:
    ann = town.person("ann")
    mine = claimed(ann, template(town, validity={"kind": "after_claim", "days": 1}))
    clock.advance(timedelta(days=1).total_seconds() - 0.001)
    ann.come_back()
    assert piece(ann, mine) == "available"
    clock.advance(0.001)
    assert piece(ann, mine) == "expired"
