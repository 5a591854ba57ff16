"""At the counter: the staff redeem a code for whoever shows his pass, or hand something over to anybody."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.accounts import tokens
from chalicelib.core import clock
from chalicelib.core.ids import MerchantId
from infra.local.client import Api, Person
from tests.town import Town, send
from tests.voucher import desk, shop


@pytest.fixture
def staff(town: Town) -> Api:
    return desk.staff(town)


def test_what_is_handed_over_needs_no_account_and_is_said(town: Town, staff: Api) -> None:
    bid = shop.batch(town, shop.COUNTER, size=9)
    done = desk.scans(staff, shop.code(town, bid, 2), key="one-key-of-till").expect(201)
    assert (done["hand_over"], done["user_id"], done["serial"], done["undone"]) == ("免费咖啡一杯", None, 2, False)
    again = desk.scans(staff, shop.code(town, bid, 2), key="one-key-of-till").expect(201)
    assert again == done
    second = desk.scans(staff, shop.code(town, bid, 2)).expect(409)
    assert (second["code"], second["standing"]) == ("code_not_free", "redeemed")
    assert desk.counts(town, bid) == (1, 0, 0, 8)
    seen = desk.status(town, shop.code(town, bid, 2))
    assert (seen["standing"], seen["hand_over"], seen["how"]) == ("redeemed", "免费咖啡一杯", "counter")
    assert [(seen["code"]["by"], f"{bid}-2")] == desk.audited(town, "codes.redeem")


def test_it_is_written_down_who_redeemed_it_for_whom(town: Town, staff: Api) -> None:
    bid = shop.batch(town, shop.COUNTER, size=9)
    ann = town.person("ann")
    desk.scans(staff, shop.code(town, bid), ann).expect(201)
    used = shop.used(town, bid)
    assert used is not None and used.by is not None
    assert used.uid == ann.uid
    shop.redeems(ann, shop.code(town, shop.batch(town, shop.POINTS, size=9))).expect(201)
    assert desk.audited(town, "codes.redeem") == [(used.by, f"{bid}-0")], "a user's own is in his statement"
    (entry,) = (one for one in town.admin.get("/v1/admin/audit")["entries"] if one["action"] == "codes.redeem")
    assert entry["detail"]["user_id"] == ann.uid


@pytest.mark.parametrize("brings", [shop.COUPON, shop.FIVE_YUAN, shop.POINTS, shop.AMOUNT_COUPON])
def test_what_goes_to_an_account_needs_a_pass(town: Town, staff: Api, brings: dict[str, object]) -> None:
    bid = shop.batch(town, brings, size=9)
    ann = town.person("ann")
    refusal = desk.scans(staff, shop.code(town, bid)).expect(409)
    assert (refusal["code"], refusal["errors"][0]["pointer"]) == ("code_needs_user", "/pass")
    done = desk.scans(staff, shop.code(town, bid), ann).expect(201)
    assert (done["user_id"], done["hand_over"]) == (ann.uid, None)
    assert len(ann.api.get("/v1/me/rewards")["rewards"]) == 1
    assert desk.scans(staff, shop.code(town, bid), ann).expect(409)["code"] == "code_not_free"
    assert desk.scans(staff, shop.code(town, bid, 1), ann).expect(409)["code"] == "code_limit"
    desk.undoes(town, bid).expect(200)
    assert desk.balanced(town, ann)


def test_a_pass_is_good_for_two_minutes_and_a_repetition_afterwards(town: Town, staff: Api) -> None:
    bid = shop.batch(town, shop.POINTS, size=9, per_user=None)
    ann = town.person("ann")
    answer = ann.api.get("/v1/me/pass")
    assert (answer["until"], answer["now"]) == ("2026-11-11T12:02:00Z", "2026-11-11T12:00:00Z")
    assert len(answer["qr"]) < 400, "a QR code of it can be scanned from a phone"
    clock.advance(119.999)
    done = desk.scans(staff, shop.code(town, bid), answer["qr"], key="one-key-of-till").expect(201)
    clock.advance(0.001)
    refusal = desk.scans(staff, shop.code(town, bid, 1), answer["qr"]).expect(422)
    assert (refusal["code"], refusal["errors"][0]["pointer"]) == ("pass_unfit", "/pass")
    again = desk.scans(staff, shop.code(town, bid), answer["qr"], key="one-key-of-till").expect(201)
    assert {**again, "now": 0} == {**done, "now": 0}
    assert desk.counts(town, bid) == (1, 0, 0, 8)


def test_nothing_else_passes_for_a_pass_and_a_pass_for_nothing_else(town: Town, staff: Api) -> None:
    bid = shop.batch(town, shop.POINTS, size=9)
    ann = town.person("ann")
    shown = ann.api.get("/v1/me/pass")["qr"]
    until = clock.now() + timedelta(minutes=1)
    other = town.second()
    stranger = Person.login(send, town.control, other.appid, "ann")
    for wrong in (
        ann.api.token,
        "nonsense",
        shown[:-3] + "AAA",
        tokens.signed(MerchantId(town.merchant.mid), "ripple:help", until, {"sub": ann.uid}),
        stranger.api.get("/v1/me/pass")["qr"],
        tokens.signed(MerchantId(other.mid), "ripple:pass", until, {"sub": ann.uid}),
    ):
        assert desk.scans(staff, shop.code(town, bid), wrong).expect(422)["code"] == "pass_unfit"
    assert Api(send, shown).call("GET", "/v1/me").status == 401
    nobody = tokens.signed(MerchantId(town.merchant.mid), "ripple:pass", until, {"sub": "01NOBODY"})
    assert desk.scans(staff, shop.code(town, bid), nobody).expect(422)["code"] == "pass_unfit", "who is no more"
    assert desk.counts(town, bid) == (0, 0, 0, 9)


def test_the_staff_are_told_why_a_code_is_not_good(town: Town, staff: Api) -> None:
    cid = shop.campaign(town, shop.COUNTER, per_user=None)
    bid, soon = shop.minted(town, cid, 9), shop.minted(town, cid, 9, since="2026-11-12T00:00:00Z")
    brief = shop.minted(town, cid, 9, until=clock.iso(clock.now() + timedelta(hours=1)))
    desk.acts(town, bid, "revoke-code", {"serial": 1}).expect(200)
    desk.acts(town, bid, "revoke-range", {"first": 2, "last": 3}).expect(200)
    clock.advance(3600)
    for text, standing in (
        (shop.code(town, bid, 1), "revoked"),
        (shop.code(town, bid, 2), "range_revoked"),
        (shop.code(town, brief, 0), "expired"),
    ):
        refusal = desk.scans(staff, text).expect(409)
        assert (refusal["code"], refusal["standing"]) == ("code_not_free", standing)
    assert desk.scans(staff, shop.code(town, soon)).expect(409)["code"] == "code_not_yet"
    assert desk.scans(staff, desk.forged(town, bid)).expect(409)["code"] == "code_forged"
    typo = desk.scans(staff, shop.code(town, bid)[:-1] + "?").expect(422)
    assert (typo["code"], typo["errors"][0]["pointer"]) == ("code_mistyped", "/code")
    town.admin.post(f"/v1/admin/campaigns/{cid}/pause")
    assert desk.scans(staff, shop.code(town, bid)).expect(409)["code"] == "campaign_not_running"


def test_the_staffs_typos_are_nobodys_guesses(town: Town, staff: Api) -> None:
    bid = shop.batch(town, shop.POINTS, size=9)
    ann = town.person("ann")
    for _ in range(9):
        assert desk.scans(staff, desk.forged(town, bid), ann).expect(409)["code"] == "code_forged"
    assert [item for item in town.items() if item.sk == "GUESS"] == []
    shop.redeems(ann, shop.code(town, bid)).expect(201)


def test_somebody_who_guessed_wrong_is_still_served_at_the_counter(town: Town, staff: Api) -> None:
    bid = shop.batch(town, shop.POINTS, size=9)
    ann = town.person("ann")
    for _ in range(5):
        shop.redeems(ann, desk.forged(town, bid))
    assert shop.redeems(ann, shop.code(town, bid)).expect(429)["code"] == "code_locked"
    desk.scans(staff, shop.code(town, bid), ann).expect(201)


def test_a_bound_code_is_handed_over_to_its_user_only(town: Town, staff: Api) -> None:
    bid = shop.batch(town, shop.COUNTER, size=9)
    ann, ben = town.person("ann"), town.person("ben")
    desk.acts(town, bid, "bind", {"codes": [{"serial": 0, "user_id": ann.uid}]}).expect(200)
    assert desk.scans(staff, shop.code(town, bid)).expect(409)["code"] == "code_needs_user"
    assert desk.scans(staff, shop.code(town, bid), ben).expect(409)["code"] == "code_bound"
    assert desk.scans(staff, shop.code(town, bid), ann).expect(201)["hand_over"] == "免费咖啡一杯"


def test_whoever_must_be_new_must_be_known(town: Town, staff: Api) -> None:
    sheet = {**shop.offer()["rule_sheet"], "eligibility": "从未在本店下单的用户可以兑换"}
    rules = {"who_may_redeem": "new_user", "new_user": {"definition": "never_ordered"}, "rule_sheet": sheet}
    bid = shop.batch(town, shop.COUNTER, size=9, **rules)
    assert desk.scans(staff, shop.code(town, bid)).expect(409)["code"] == "code_needs_user"
    desk.scans(staff, shop.code(town, bid), town.person("ann")).expect(201)


def test_undone_at_the_counter_and_redeemed_again(town: Town, staff: Api) -> None:
    bid = shop.batch(town, shop.COUNTER, size=9)
    text = shop.code(town, bid)
    desk.scans(staff, text, key="one-key-of-till").expect(201)
    undone = staff.call("POST", "/v1/admin/codes/undo", {"code": text, "note": "点错了"}).expect(200)
    assert undone["state"] == "restored"
    seen = desk.scans(staff, text, key="one-key-of-till").expect(201)
    assert (seen["undone"], seen["hand_over"], seen["undo_until"]) == (True, None, None)
    assert desk.scans(staff, text).expect(201)["hand_over"] == "免费咖啡一杯"
    requests = desk.status(town, text)["code"]["requests"]
    assert [(one["user_id"], one["undone_at"] is None) for one in requests] == [(None, False), (None, True)]


def test_a_code_of_another_merchant_is_none(town: Town) -> None:
    bid = shop.batch(town, shop.COUNTER, size=9)
    other = Api(send, town.second().api_key)
    refusal = other.call("POST", "/v1/admin/codes/redeem", {"code": shop.code(town, bid)}).expect(409)
    assert refusal["code"] == "code_forged"
    seen = other.call("POST", "/v1/admin/codes/status", {"code": shop.code(town, bid)}).expect(200)
    assert (seen["standing"], seen["batch_id"]) == ("forged", None)
