"""Batches are minted once a request, out of what their campaign has; stored codes are written a few at a time."""

from __future__ import annotations

import pytest

from chalicelib.core.ids import MerchantId
from chalicelib.voucher import codes, letters, minting
from chalicelib.voucher.items import ShortCode, short_key
from tests.town import Town
from tests.voucher import owner, shop


def test_a_mint_is_one_batch_however_often_it_is_asked_for(town: Town) -> None:
    cid = shop.campaign(town, total=10)
    first = shop.mints(town, cid, 6, key="one-key-to-mint-them").expect(201)
    assert shop.mints(town, cid, 6, key="one-key-to-mint-them").expect(201)["batch_id"] == first["batch_id"] == "00000"
    refused = shop.mints(town, cid, 5).expect(409)
    assert refused["code"] == "codes_short"
    assert shop.mints(town, cid, 4).expect(201)["batch_id"] == "00001"
    assert shop.escrow(town, cid) == (0, 10)


def test_two_mints_at_once_are_two_batches(town: Town) -> None:
    cid = shop.campaign(town)
    for number in (1, 3):
        town.emulator.meanwhile(lambda: shop.minted(town, cid, 2))
        assert shop.minted(town, cid, 3) == f"{number:05}"


def test_codes_are_good_within_their_campaign(town: Town) -> None:
    cid = shop.campaign(town)
    for more in (
        {"until": shop.told(60 * 86_400)},
        {"since": shop.told(-86_400 * 2)},
        {"since": shop.told(60), "until": shop.told(60)},
        {"until": shop.told(0)},
    ):
        assert shop.mints(town, cid, 2, **more).expect(422)["code"] == "invalid_field"


def test_short_codes_are_so_few_that_they_are_not_guessed(town: Town) -> None:
    cid = shop.campaign(town, total=5000)
    most = codes.most_stored(8, False)
    assert shop.mints(town, cid, most + 1, letters=8).expect(422)["code"] == "invalid_field"
    shop.mints(town, cid, most, letters=8).expect(201)


def test_stored_codes_are_good_when_all_are_written(town: Town) -> None:
    bid = shop.minted(town, shop.campaign(town), 93, letters=9)
    ann = town.person("ann")
    assert shop.stored_batch(town, bid).status == "making"
    entry = shop.stored_batch(town, bid)
    town.minute()
    assert shop.stored_batch(town, bid).made == 90
    assert shop.redeems(ann, shop.code(town, bid, 1)).expect(409)["code"] == "code_invalid"
    town.minute()
    assert shop.stored_batch(town, bid).due == entry.until
    shop.redeems(ann, shop.code(town, bid, 92)).expect(201)
    seen = shop.used(town, bid, 92)
    assert seen is not None
    assert seen.uid == ann.uid


def test_letters_that_another_code_has_are_drawn_again(town: Town) -> None:
    mid, cid, ann = owner.mid(town), shop.campaign(town, per_user=None), town.person("ann")
    for n in (0, 1):
        taken = short_key(mid, codes.finder(mid, codes.stored(mid, "00000", 2, n, 8)))
        town.emulator.restore(ShortCode(*taken, bid="99999", serial=n))
    bid = shop.minted(town, cid, 4, letters=8)
    owner.look_after(town, bid)
    assert shop.stored_batch(town, bid).redrawn == {"2": 2}
    for serial in range(4):
        shop.redeems(ann, shop.code(town, bid, serial)).expect(201)
    assert shop.counts(town, bid)["redeemed"] == 4


def test_two_codes_of_a_batch_have_two_places(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    bid = shop.minted(town, shop.campaign(town), 4, letters=8)
    real = codes.stored

    def alike(mid: MerchantId, bid: str, serial: int, n: int, length: int) -> str:
        return real(mid, bid, serial if n else 0, n, length)

    monkeypatch.setattr(codes, "stored", alike)
    rows = list(minting._drawn(shop.stored_batch(town, bid), range(4)))
    assert [row.n for row in rows] == [None, 1, 1, 1]
    assert len({row.key for row in rows}) == 4


def test_letters_are_as_many_as_they_need(town: Town) -> None:
    bid = shop.batch(town, size=2)
    assert shop.stored_batch(town, bid).letters == 14
    sold = shop.batch(town, shop.COUNTER, size=2, funding="sold")
    assert shop.stored_batch(town, sold).letters == 16
    assert shop.stored_batch(town, sold).due is None
    mine = letters.normal(shop.code(town, sold))
    assert len(mine) == 16
