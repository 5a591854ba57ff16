"""Redeeming, line by line of its table: who may, when, and what is said to whoever may not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.core import clock
from infra.local.client import Person
from tests.conftest import START
from tests.town import Town
from tests.voucher import desk, shop

GIFTS = [shop.COUPON, shop.FIVE_YUAN, shop.POINTS, shop.AMOUNT_COUPON]


def refused(person: Person, text: str) -> str:
    code: str = shop.redeems(person, text).expect(409)["code"]
    return code


def test_a_window_opens_and_closes_in_its_very_instants(town: Town) -> None:
    cid = shop.campaign(town, shop.FIVE_YUAN, per_user=9)
    since, until = START + timedelta(hours=1), START + timedelta(hours=2)
    window = {"since": clock.iso(since), "until": clock.iso(until)}
    bid = shop.minted(town, cid, 9, **window)
    clock.advance(3600 - 0.001)
    ann = town.person("ann")
    early = shop.redeems(ann, shop.code(town, bid)).expect(409)
    assert (early["code"], early["since"]) == ("code_not_yet", clock.iso(since))
    assert shop.previews(ann, shop.code(town, bid)).expect(200)["why_not"]["code"] == "code_not_yet"
    assert desk.status_of(town, bid, 0)["standing"] == "not_yet"
    clock.advance(0.001)
    shop.redeems(ann, shop.code(town, bid)).expect(201)
    clock.advance(3600 - 0.001)
    shop.redeems(ann, shop.code(town, bid, 1)).expect(201)
    clock.advance(0.001)
    assert refused(ann, shop.code(town, bid, 2)) == "code_invalid"
    assert shop.previews(ann, shop.code(town, bid, 2)).expect(409)["code"] == "code_invalid"
    assert desk.status_of(town, bid, 2)["standing"] == "expired", "before any worker has come"


def test_one_user_may_redeem_so_many_and_others_go_on(town: Town) -> None:
    cid = shop.campaign(town, shop.POINTS, per_user=2)
    first, second = shop.minted(town, cid, 9), shop.minted(town, cid, 9)
    ann, ben = town.person("ann"), town.person("ben")
    shop.redeems(ann, shop.code(town, first, 0)).expect(201)
    shop.redeems(ann, shop.code(town, second, 0)).expect(201)
    over = shop.redeems(ann, shop.code(town, first, 1)).expect(409)
    assert (over["code"], over["limit"]) == ("code_limit", 2)
    assert shop.previews(ann, shop.code(town, first, 1)).expect(200)["why_not"]["code"] == "code_limit"
    shop.redeems(ben, shop.code(town, first, 1)).expect(201)


def test_without_a_limit_one_user_redeems_all(town: Town) -> None:
    bid = shop.batch(town, shop.POINTS, size=12, per_user=None)
    ann = town.person("ann")
    for serial in range(12):
        shop.redeems(ann, shop.code(town, bid, serial)).expect(201)
    assert desk.counts(town, bid) == (12, 0, 0, 0)
    assert ann.api.get("/v1/me/accounts")["points"]["balance"] == 360
    assert desk.balanced(town, ann)


def test_codes_for_new_users_are_for_new_users_and_the_verdict_stays(town: Town) -> None:
    sheet = {**shop.offer()["rule_sheet"], "eligibility": "从未在本店下单的用户可以兑换"}
    rules = {"who_may_redeem": "new_user", "new_user": {"definition": "never_ordered"}, "rule_sheet": sheet}
    bid = shop.batch(town, shop.POINTS, size=9, **rules)
    ann, ben = town.person("ann"), town.person("ben")
    ben.pay(ben.buy(town.campaign()).expect(201)).expect(200)
    town.hear()
    assert refused(ben, shop.code(town, bid)) == "new_claimers_only"
    assert shop.previews(ben, shop.code(town, bid)).expect(200)["why_not"]["code"] == "new_claimers_only"
    shop.redeems(ann, shop.code(town, bid)).expect(201)
    mine = shop.used(town, bid)
    assert mine is not None and mine.verdict is not None and mine.verdict.new
    desk.undoes(town, bid).expect(200)
    freed = shop.used(town, bid)
    assert freed is not None and freed.verdict is None


def test_more_than_the_total_is_not_minted_and_a_revoked_batch_makes_room(town: Town) -> None:
    cid = shop.campaign(town, shop.POINTS, total=100)
    bid = shop.minted(town, cid, 60)
    short = shop.mints(town, cid, 41).expect(409)
    assert (short["code"], short["left"]) == ("codes_short", 40)
    shop.minted(town, cid, 40)
    desk.acts(town, bid, "revoke").expect(200)
    town.pass_time(120)
    shop.minted(town, cid, 60)


def test_minted_twice_with_one_key_is_one_batch(town: Town) -> None:
    cid = shop.campaign(town)
    first, again = (shop.mints(town, cid, 50, key="one-key-to-mint").expect(201) for _ in range(2))
    assert first["batch_id"] == again["batch_id"]
    assert shop.mints(town, cid, 51, key="one-key-to-mint").expect(409)["code"] == "idempotency_key_reused"
    assert shop.escrow(town, cid) == (950, 50)


@pytest.mark.parametrize(
    ("asked", "pointer"),
    [
        ({"letters": 8, "size": 10_000}, "/size"),
        ({"since": "2020-01-01T00:00:00Z"}, "/since"),
        ({"until": "2020-01-01T00:00:00Z"}, "/until"),
        ({"until": "2030-01-01T00:00:00Z"}, "/until"),
        ({"letters": 14}, "/letters"),
        ({"size": 0}, "/size"),
        ({"size": 1_048_577}, "/size"),
        ({"label": ""}, "/label"),
    ],
)
def test_a_batch_that_does_not_fit_is_refused_by_the_field(town: Town, asked: dict[str, object], pointer: str) -> None:
    cid = shop.campaign(town, total=10_000)
    refusal = shop.mints(town, cid, **{"size": 5, **asked}).expect(422)  # type: ignore[arg-type]
    assert (refusal["code"], refusal["errors"][0]["pointer"]) == ("invalid_field", pointer)


def test_a_code_may_be_redeemed_while_its_campaign_runs(town: Town) -> None:
    cid = shop.campaign(town, shop.POINTS, per_user=9)
    bid = shop.minted(town, cid, 9)
    ann = town.person("ann")
    town.admin.post(f"/v1/admin/campaigns/{cid}/pause")
    assert refused(ann, shop.code(town, bid)) == "campaign_not_running"
    assert shop.previews(ann, shop.code(town, bid)).expect(200)["why_not"]["code"] == "campaign_not_running"
    town.admin.post(f"/v1/admin/campaigns/{cid}/resume")
    shop.redeems(ann, shop.code(town, bid), key="redeemed-in-time").expect(201)
    town.admin.post(f"/v1/admin/campaigns/{cid}/end")
    assert refused(ann, shop.code(town, bid, 1)) == "campaign_not_running"
    shop.redeems(ann, shop.code(town, bid), key="redeemed-in-time").expect(201)
    assert shop.mints(town, cid, 1).expect(409)["code"] == "campaign_not_running"


def test_a_request_that_comes_again_is_answered_as_it_was_whatever_became_of_everything(town: Town) -> None:
    cid = shop.campaign(town, shop.FIVE_YUAN)
    bid = shop.minted(town, cid, 9)
    ann, text = town.person("ann"), shop.code(town, bid)
    first = shop.redeems(ann, text, key="one-key-of-ann").expect(201)
    desk.acts(town, bid, "revoke").expect(200)
    town.pass_time(120)
    again = shop.redeems(ann, text, key="one-key-of-ann").expect(201)
    assert {**first, "now": 0} == {**again, "now": 0}
    for written in (text.lower(), text.replace("-", "")):
        assert shop.redeems(ann, written, key="one-key-of-ann").expect(409)["code"] == "idempotency_key_reused"


def test_nobody_can_tell_apart_why_a_code_is_not_good(town: Town) -> None:
    """Used by another, revoked, alone or in a range, of a retired key, expired, bound to another, of no batch."""
    cid = shop.campaign(town, shop.POINTS, per_user=9)
    bid, ended = shop.minted(town, cid, 9), shop.minted(town, cid, 9)
    soon = shop.minted(town, cid, 9, until=clock.iso(clock.now() + timedelta(hours=1)))
    retired = shop.minted(town, cid, 9)
    ben = town.person("ben")
    texts = {
        "used": shop.code(town, bid, 0),
        "revoked": shop.code(town, bid, 1),
        "in a range": shop.code(town, bid, 2),
        "bound": shop.code(town, bid, 3),
        "of a revoked batch": shop.code(town, ended, 0),
        "expired": shop.code(town, soon, 0),
        "of a retired key": shop.code(town, retired, 0),
        "forged": desk.forged(town, bid),
    }
    shop.redeems(ben, texts["used"]).expect(201)
    desk.acts(town, bid, "revoke-code", {"serial": 1}).expect(200)
    desk.acts(town, bid, "revoke-range", {"first": 2, "last": 2}).expect(200)
    desk.acts(town, bid, "bind", {"codes": [{"serial": 3, "user_id": ben.uid}]}).expect(200)
    desk.acts(town, ended, "revoke").expect(200)
    desk.retires(town)
    desk.acts(town, retired, "rekey").expect(200)
    town.pass_time(3600)
    asks = [(text, ask) for text in texts.values() for ask in (shop.redeems, shop.previews)]
    answers = [ask(town.person(), text) for text, ask in asks]
    assert {answer.status for answer in answers} == {409}
    assert [one.body for one in answers if one.body != answers[0].body] == []
    for text in texts.values():
        told = [shop.redeems(ann, text).body["code"] for ann in [town.person()] for _ in range(5)]
        assert told == ["code_invalid"] * 4 + ["code_locked"], "each counts as a guess"


def test_a_code_of_goods_or_of_the_counter_is_not_redeemed_by_its_holder(town: Town) -> None:
    bid = shop.batch(town, shop.COUNTER, size=9)
    ann = town.person("ann")
    seen = shop.previews(ann, shop.code(town, bid)).expect(200)
    assert (seen["how"], seen["can_redeem"], seen["why_not"]["code"]) == ("counter", False, "code_at_counter")
    assert refused(ann, shop.code(town, bid)) == "code_at_counter"


@pytest.mark.parametrize("brings", GIFTS)
def test_what_a_code_brings_is_there_at_once_and_balances(town: Town, brings: dict[str, object]) -> None:
    bid = shop.batch(town, brings, size=9)
    ann = town.person("ann")
    done = shop.redeems(ann, shop.code(town, bid)).expect(201)
    held = [coupon["coupon_id"] for coupon in ann.api.get("/v1/me/coupons")["coupons"]]
    assert held == ([done["coupon_id"]] if done["coupon_id"] else [])
    accounts = ann.api.get("/v1/me/accounts")
    assert (accounts["fen"]["balance"], accounts["points"]["balance"]) == {
        id(shop.FIVE_YUAN): (500, 0),
        id(shop.POINTS): (0, 30),
    }.get(id(brings), (0, 0))
    assert desk.balanced(town, ann)
