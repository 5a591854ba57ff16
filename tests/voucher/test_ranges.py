"""Ranges that are revoked: each is counted once and in steps, whatever happens between a read and its write."""

from __future__ import annotations

import pytest

from chalicelib.core import due
from chalicelib.voucher import timers
from tests.emulator import Call
from tests.town import Town
from tests.voucher import owner, shop


def test_a_range_that_is_closed_while_another_is_revoked_is_not_opened_again(town: Town) -> None:
    cid = shop.campaign(town)
    bid = shop.minted(town, cid, 1000)
    assert owner.revoke_range(town, bid, 0, 299).status == 200

    def meanwhile(call: Call) -> None:
        """The worker closes the first range when the second has been decided."""
        if call.operation == "TransactWriteItems":
            town.emulator.before = None
            entry = shop.stored_batch(town, bid)
            due.handle(entry.key, entry.gsi2sk or "")

    town.emulator.before = meanwhile
    assert owner.revoke_range(town, bid, 300, 309, "another-key-to-revoke-a-range").status == 200
    assert [one.closed for one in shop.stored_batch(town, bid).ranges] == [True, False]
    owner.look_after(town, bid)
    assert shop.counts(town, bid) == {"redeemed": 0, "revoked": 310, "expired": 0, "left": 690}
    assert shop.escrow(town, cid) == (310, 690)


@pytest.mark.parametrize(("blocks", "rows"), [(1, 10_000), (200, 1)])
def test_a_long_range_is_counted_in_steps(town: Town, monkeypatch: pytest.MonkeyPatch, blocks: int, rows: int) -> None:
    monkeypatch.setattr(timers, "MOST_BLOCKS", blocks)
    monkeypatch.setattr(timers, "MOST_ROWS", rows)
    cid = shop.campaign(town, total=4000, per_user=None)
    bid, ann = shop.minted(town, cid, 4000), town.person("ann")
    for serial in (0, 500, 999, 1000, 2500, 3100):
        shop.redeems(ann, shop.code(town, bid, serial)).expect(201)
    assert owner.revoke_range(town, bid, 500, 3000).status == 200
    reached = list[int]()
    for _ in range(9):
        entry = shop.stored_batch(town, bid)
        if entry.ranges[0].closed:
            break
        due.handle(entry.key, entry.gsi2sk or "")
        reached.append(shop.stored_batch(town, bid).ranges[0].upto)
        assert sum(shop.counts(town, bid).values()) == 4000
    assert reached == [1000, 2000, 3000, 3001] if blocks == 1 else reached[-1] == 3001
    assert len(reached) > 1
    assert shop.counts(town, bid) == {"redeemed": 6, "revoked": 2497, "expired": 0, "left": 1497}
    assert shop.escrow(town, cid) == (2497, 1503)
