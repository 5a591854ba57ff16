"""Codes, ranges and batches end: what nobody redeemed is counted and given back, and nothing that somebody did."""

from __future__ import annotations

import pytest

from chalicelib.core import clock
from chalicelib.orders.stuck import StuckMoney
from chalicelib.voucher import timers
from tests.rewards import shop as rewards
from tests.town import Town
from tests.voucher import owner, shop

HOUR = 3600
ANOTHER = "another-key-of-the-owner"


def test_one_code_is_revoked_once(town: Town) -> None:
    cid = shop.campaign(town)
    bid = shop.minted(town, cid, 6)
    ann = town.person("ann")
    assert owner.revoke_code(town, bid, 2).status == owner.revoke_code(town, bid, 2).status == 200
    assert owner.revoke_code(town, bid, 2, ANOTHER).code == "code_not_free"
    assert owner.revoke_code(town, bid, 6, ANOTHER).code == "not_found"
    assert shop.redeems(ann, shop.code(town, bid, 2)).expect(409)["code"] == "code_invalid"
    shop.redeems(ann, shop.code(town, bid, 3)).expect(201)
    assert owner.revoke_code(town, bid, 3, ANOTHER).code == "code_not_free"
    assert shop.counts(town, bid) == {"redeemed": 1, "revoked": 1, "expired": 0, "left": 4}
    assert shop.escrow(town, cid) == (995, 5)


def test_a_range_ends_and_what_was_redeemed_of_it_stays(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Over the border of a block, a page a code, in several parts."""
    monkeypatch.setattr(timers, "PAGE", 1)
    cid = shop.campaign(town, per_user=None, total=2000)
    bid = shop.minted(town, cid, 1100)
    ann = town.person("ann")
    for serial in (10, 997, 998, 1000, 1003):
        shop.redeems(ann, shop.code(town, bid, serial)).expect(201)
    owner.revoke_code(town, bid, 999)
    owner.undo(town, bid, 998)
    assert owner.revoke_range(town, bid, 995, 1002).status == 200
    assert owner.revoke_range(town, bid, 1002, 1004, ANOTHER).code == "range_unfit"
    assert owner.revoke_range(town, bid, 1099, 1100, ANOTHER).code == "invalid_field"
    assert owner.revoke_range(town, bid, 5, 4, ANOTHER).code == "invalid_field"
    for serial in (995, 998, 1002):
        assert shop.redeems(ann, shop.code(town, bid, serial)).expect(409)["code"] == "code_invalid"
    assert owner.revoke_code(town, bid, 995, ANOTHER).code == "code_not_free"
    town.minute()
    assert shop.counts(town, bid) == {"redeemed": 4, "revoked": 6, "expired": 0, "left": 1090}
    assert shop.escrow(town, cid) == (906, 1094)
    for serial in (994, 1004):
        shop.redeems(ann, shop.code(town, bid, serial)).expect(201)


def test_a_batch_ends_once(town: Town) -> None:
    bid = shop.batch(town)
    assert owner.revoke(town, bid).status == owner.revoke(town, bid).status == 200
    assert owner.revoke(town, bid, ANOTHER).code == "batch_ended"
    assert owner.revoke_code(town, bid, 0).code == "batch_ended"
    assert owner.rekey(town, bid).code == "batch_ended"
    town.minute()
    town.minute()
    assert shop.stored_batch(town, bid).due is None
    actor, said = rewards.audited(town, "codes.revoke")
    assert (actor, said["note"]) == ("the-owner", owner.NOTE)


def test_a_batch_expires_with_its_time_and_what_was_revoked_before_stays_so(town: Town) -> None:
    cid = shop.campaign(town)
    bid = shop.minted(town, cid, 130, until=shop.told(HOUR))
    ann, ben = town.person("ann"), town.person("ben")
    clock.advance(HOUR - 1)
    shop.redeems(ann, shop.code(town, bid)).expect(201)
    owner.revoke_range(town, bid, 100, 109)
    clock.advance(1)
    assert shop.redeems(ben, shop.code(town, bid, 1)).expect(409)["code"] == "code_invalid"
    for _ in range(3):
        town.minute()
    assert shop.counts(town, bid) == {"redeemed": 1, "revoked": 10, "expired": 119, "left": 0}
    assert shop.escrow(town, cid) == (999, 1)
    assert shop.redeems(ben, shop.code(town, bid, 1)).expect(409)["code"] == "code_invalid"


def test_a_range_that_is_open_at_the_end_is_revoked_and_the_rest_expires(town: Town) -> None:
    bid = shop.minted(town, shop.campaign(town), 6, until=shop.told(HOUR))
    clock.advance(HOUR)
    owner.look_after(town, bid)
    other = shop.minted(town, shop.campaign(town), 6)
    owner.revoke_range(town, other, 0, 1)
    owner.revoke(town, other)
    owner.look_after(town, other)
    assert shop.counts(town, bid)["expired"] == shop.counts(town, other)["revoked"] == 6
    assert [one.closed for one in shop.stored_batch(town, other).ranges] == [True]


def test_a_live_batch_that_is_looked_at_waits_for_its_end(town: Town) -> None:
    bid = shop.batch(town)
    owner.revoke_range(town, bid, 0, 1)
    owner.look_after(town, bid)
    seen = shop.stored_batch(town, bid)
    assert seen.due == seen.until


def test_what_was_sold_is_revoked_one_by_one_and_owed_for(town: Town) -> None:
    cid = shop.campaign(town, shop.COUNTER, funding="sold", total=10)
    bid = shop.minted(town, cid, 6)
    assert owner.revoke(town, bid).code == owner.revoke_range(town, bid, 0, 1).code == "codes_sold"
    assert owner.revoke_code(town, bid, 4).status == 200
    (owed,) = (item for item in town.items() if isinstance(item, StuckMoney))
    assert (owed.reason, owed.number) == ("code_refund_owed", f"{bid}-4")
    assert shop.escrow(town, cid) == (4, 6)


def test_a_new_key_makes_other_codes_of_a_batch(town: Town) -> None:
    bid = shop.batch(town)
    short = shop.minted(town, shop.campaign(town), 4, letters=8)
    owner.look_after(town, short)
    ann, old = town.person("ann"), shop.code(town, bid)
    assert owner.rekey(town, bid, ANOTHER).code == "batch_key_same"
    assert owner.retire_key(town).result == owner.retire_key(town).result == 1
    shop.previews(ann, old).expect(200)
    assert owner.rekey(town, bid).status == owner.rekey(town, bid).status == 200
    assert owner.rekey(town, bid, ANOTHER).code == "batch_key_same"
    assert owner.rekey(town, short).code == "idempotency_key_reused"
    assert owner.rekey(town, short, ANOTHER).code == "batch_stored"
    assert shop.redeems(ann, old).expect(409)["code"] == "code_invalid"
    assert shop.code(town, bid) != old
    shop.redeems(ann, shop.code(town, bid)).expect(201)


def test_two_who_retire_a_key_at_once_make_two(town: Town) -> None:
    town.emulator.meanwhile(lambda: owner.retire_key(town))
    assert owner.retire_key(town, ANOTHER).result == 2
    town.emulator.meanwhile(lambda: owner.retire_key(town, "a-third-key-of-the-owner"))
    assert owner.retire_key(town, "a-fourth-key-of-the-owner").result == 4
