"""Codes that were sold: they do not end, and one that is revoked is owed for."""

from __future__ import annotations

from tests.town import Town
from tests.voucher import desk, shop


def sold(town: Town, size: int = 9) -> tuple[str, str]:
    cid = shop.campaign(town, shop.COUNTER, funding="sold", per_user=None)
    return cid, shop.minted(town, cid, size)


def test_they_have_no_end_and_sixteen_letters(town: Town) -> None:
    cid, bid = sold(town)
    batch = shop.stored_batch(town, bid)
    assert (batch.until, batch.due, batch.letters) == (None, None, 16)
    refusal = shop.mints(town, cid, 9, until="2026-11-20T00:00:00Z").expect(422)
    assert refusal["errors"][0]["pointer"] == "/until"


def test_they_are_good_after_their_campaign_and_not_while_it_is_paused(town: Town) -> None:
    cid, bid = sold(town)
    town.pass_time(30 * desk.DAY, tick=desk.DAY)
    staff = desk.staff(town)
    desk.scans(staff, shop.code(town, bid)).expect(201)
    town.admin.post(f"/v1/admin/campaigns/{cid}/pause")
    assert desk.scans(staff, shop.code(town, bid, 1)).expect(409)["code"] == "campaign_not_running"
    town.admin.post(f"/v1/admin/campaigns/{cid}/resume")
    town.admin.post(f"/v1/admin/campaigns/{cid}/end")
    desk.scans(staff, shop.code(town, bid, 1)).expect(201)
    assert shop.mints(town, cid, 1).expect(409)["code"] == "campaign_not_running"


def test_they_are_revoked_one_by_one_and_each_is_owed_for(town: Town) -> None:
    cid, bid = sold(town)
    assert desk.acts(town, bid, "revoke").expect(409)["code"] == "codes_sold"
    assert desk.acts(town, bid, "revoke-range", {"first": 0, "last": 1}).expect(409)["code"] == "codes_sold"
    for _ in range(2):
        desk.acts(town, bid, "revoke-code", {"serial": 3}, key="one-key-to-revoke").expect(200)
    (owed,) = town.admin.get("/v1/admin/stuck")["stuck"]
    assert (owed["reason"], owed["number"]) == ("code_refund_owed", f"{bid}-3")
    assert desk.counts(town, bid) == (0, 1, 0, 8)
    assert shop.escrow(town, cid) == (991, 9), "what was sold stays spent"


def test_an_undone_one_is_good_again(town: Town) -> None:
    cid, bid = sold(town)
    staff = desk.staff(town)
    desk.scans(staff, shop.code(town, bid)).expect(201)
    desk.undoes(town, bid).expect(200)
    desk.scans(staff, shop.code(town, bid)).expect(201)
    assert shop.escrow(town, cid) == (991, 9)


def test_a_leaked_key_of_theirs_is_replaced(town: Town) -> None:
    _, bid = sold(town)
    old = shop.code(town, bid)
    desk.retires(town)
    desk.acts(town, bid, "rekey").expect(200)
    staff = desk.staff(town)
    refusal = desk.scans(staff, old).expect(409)
    assert (refusal["code"], refusal["standing"]) == ("code_not_free", "key_retired")
    desk.scans(staff, shop.code(town, bid)).expect(201)
