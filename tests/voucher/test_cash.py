"""Codes that bring cash: a claim at once, out of the batch's escrow, and never undone."""

from __future__ import annotations

from tests.cash import gifts
from tests.cash import shop as cash
from tests.town import Town
from tests.voucher import desk, shop


def cash_batch(town: Town, size: int = 9, total: int = 100) -> tuple[str, str]:
    gifts.ready(town)
    sheet = {**shop.offer()["rule_sheet"], "result": gifts.LIMITED}
    cid = shop.campaign(town, shop.CASH, total=total, per_user=None, rule_sheet=sheet)
    return cid, shop.minted(town, cid, size)


def test_it_is_claimed_and_paid(town: Town) -> None:
    cid, bid = cash_batch(town)
    assert shop.escrow(town, cid) == (9100, 900)
    ann = town.person("ann")
    assert len(shop.code(town, bid).replace("-", "")) == 16
    done = shop.redeems(ann, shop.code(town, bid), key="first-of-ann").expect(201)
    assert shop.redeems(ann, shop.code(town, bid), key="first-of-ann").expect(201)["cash_id"] == done["cash_id"]
    (mine,) = gifts.listed(ann)
    assert (mine["cash_id"], mine["amount_fen"], mine["can_claim"]) == (done["cash_id"], 100, True)
    gifts.confirms(town, ann, gifts.claims(ann, mine["cash_id"]).expect(200))
    assert gifts.page(ann, mine["cash_id"])["state"] == "paid"
    assert cash.tally(town, cid)["paid"] == 100
    assert desk.status_of(town, bid, 0)["code"]["cash_id"] == done["cash_id"]
    assert desk.balanced(town, ann)


def test_it_is_neither_undone_nor_redeemed_at_the_counter(town: Town) -> None:
    _, bid = cash_batch(town)
    ann = town.person("ann")
    staff = desk.staff(town)
    assert desk.scans(staff, shop.code(town, bid), ann).expect(409)["code"] == "code_not_at_counter"
    shop.redeems(ann, shop.code(town, bid)).expect(201)
    refusal = desk.undoes(town, bid).expect(409)
    assert (refusal["code"], refusal["reason"]) == ("code_not_undone", "现金不可撤销")
    assert desk.status_of(town, bid, 0)["undo_until"] is None


def test_what_nobody_redeems_and_what_nobody_claims_goes_back(town: Town) -> None:
    cid, bid = cash_batch(town)
    ann = town.person("ann")
    shop.redeems(ann, shop.code(town, bid)).expect(201)
    desk.acts(town, bid, "revoke-code", {"serial": 1}).expect(200)
    assert shop.escrow(town, cid) == (9200, 800)
    desk.acts(town, bid, "revoke").expect(200)
    town.pass_time(120)
    assert shop.escrow(town, cid) == (9900, 100)
    town.pass_time(31 * desk.DAY, tick=desk.DAY)
    ann.come_back()
    assert [one["state"] for one in gifts.listed(ann)] == ["returned"]
    assert shop.escrow(town, cid) == (10_000, 0)
    assert desk.balanced(town, ann)


def test_no_more_is_minted_than_there_is(town: Town) -> None:
    cid, _ = cash_batch(town, size=60)
    refusal = shop.mints(town, cid, 41).expect(409)
    assert (refusal["code"], refusal["left"]) == ("codes_short", 40)
    shop.minted(town, cid, 40)
