"""Who may redeem a code, when, and in which way: what is about the caller himself he is told."""

from __future__ import annotations

import pytest

from chalicelib.core import clock
from chalicelib.voucher.items import Used, used_key
from chalicelib.voucher.states import CodeState
from tests.cash import shop as payers
from tests.town import Town
from tests.voucher import owner, shop


def test_codes_are_good_from_a_time_on(town: Town) -> None:
    bid = shop.minted(town, shop.campaign(town), 6, since=shop.told(60))
    ann, text = town.person("ann"), shop.code(town, bid)
    assert shop.redeems(ann, text).expect(409)["code"] == "code_not_yet"
    assert shop.previews(ann, text).expect(200)["why_not"]["code"] == "code_not_yet"
    clock.advance(60)
    shop.redeems(ann, text).expect(201)


def test_a_paused_campaigns_codes_wait(town: Town) -> None:
    cid = shop.campaign(town)
    bid = shop.minted(town, cid, 6)
    ann, text = town.person("ann"), shop.code(town, bid)
    town.admin.post(f"/v1/admin/campaigns/{cid}/pause")
    assert shop.redeems(ann, text).expect(409)["code"] == "campaign_not_running"
    assert shop.previews(ann, text).expect(200)["why_not"]["code"] == "campaign_not_running"


def test_a_key_is_for_one_text(town: Town) -> None:
    bid = shop.batch(town)
    ann, text = town.person("ann"), shop.code(town, bid)
    shop.redeems(ann, text, key="one-key-of-anns-tap").expect(201)
    assert shop.redeems(ann, text.lower(), key="one-key-of-anns-tap").body["code"] == "idempotency_key_reused"


def test_only_new_users_may_be_meant(town: Town) -> None:
    sheet = {**shop.offer()["rule_sheet"], "eligibility": "从未在本店下单的用户可以兑换。"}
    new = {"definition": "never_ordered"}
    bid = shop.batch(town, who_may_redeem="new_user", new_user=new, rule_sheet=sheet)
    ann, ben, text = town.person("ann"), town.person("ben"), shop.code(town, bid)
    other = ann.buy(town.campaign()).expect(201)
    ann.pay(other).expect(200)
    town.hear()
    assert shop.redeems(ann, text).expect(409)["code"] == "new_claimers_only"
    shop.redeems(ben, text).expect(201)


def test_a_code_that_is_bound_is_one_users(town: Town) -> None:
    bid = shop.batch(town, size=6)
    ann, ben, text = town.person("ann"), town.person("ben"), shop.code(town, bid)
    seen = shop.stored_batch(town, bid)
    key = used_key(owner.mid(town), bid, 0)
    town.emulator.restore(Used(*key, state=CodeState.UNUSED, turn=1, cid=seen.cid, version=seen.version, bound=ann.uid))
    assert shop.redeems(ben, text).expect(409)["code"] == "code_invalid"
    shop.redeems(ann, text).expect(201)
    owner.undo(town, bid, 0)
    assert shop.redeems(ben, text).expect(409)["code"] == "code_invalid"
    shop.redeems(ann, text).expect(201)


@pytest.mark.parametrize("funding", ["gift", "sold"])
def test_what_is_handed_over_is_redeemed_by_staff(town: Town, funding: str) -> None:
    bid = shop.batch(town, shop.COUNTER, funding=funding, size=6)
    ann, text = town.person("ann"), shop.code(town, bid)
    assert shop.redeems(ann, text).expect(409)["code"] == "code_at_counter"
    assert owner.handed_over(town, text).status == owner.handed_over(town, text).status == 200
    assert owner.handed_over(town, text, key="another-key-of-the-staff").code == "code_not_free"
    assert owner.undo(town, bid, 0).status == 200
    assert owner.handed_over(town, text, ann, key="another-key-of-the-staff").status == 200


def test_staff_redeem_for_an_account_and_never_cash(town: Town) -> None:
    payers.set_up(town)
    bid, money = shop.batch(town, size=6), shop.batch(town, shop.CASH, size=6)
    ann = town.person("ann")
    assert owner.handed_over(town, shop.code(town, bid)).code == "code_needs_user"
    assert owner.handed_over(town, shop.code(town, bid), ann).status == 200
    assert owner.handed_over(town, shop.code(town, money), ann).code == "code_not_at_counter"
