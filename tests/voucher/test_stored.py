"""Short codes, which are drawn and stored one by one: made by the worker, found, redeemed and revoked as others are."""

from __future__ import annotations

import pytest

from chalicelib.core.ids import MerchantId
from chalicelib.core.store import read_one
from chalicelib.voucher import codes
from chalicelib.voucher.items import ShortCode, short_key
from tests.bench.meter import metered
from tests.town import Town
from tests.voucher import desk, shop


def short_batch(town: Town, letters: int = 8, size: int = 9, total: int = 1000) -> tuple[str, str]:
    """A campaign, and its batch of short codes, made by the workers."""
    cid = shop.campaign(town, shop.POINTS, per_user=None, total=total)
    bid = shop.minted(town, cid, size, letters=letters)
    town.pass_time(60 * (2 + size // 90))
    return cid, bid


def rows(town: Town) -> list[ShortCode]:
    return [item for item in town.items() if isinstance(item, ShortCode)]


@pytest.mark.parametrize(("letters", "shown"), [(8, (4, 4)), (9, (3, 3, 3)), (10, (5, 5))])
def test_it_is_redeemed_as_any_other(town: Town, letters: int, shown: tuple[int, ...]) -> None:
    _, bid = short_batch(town, letters)
    ann, text = town.person("ann"), shop.code(town, bid, 3)
    assert tuple(map(len, text.split("-"))) == shown
    assert shop.previews(ann, text.lower()).expect(200)["can_redeem"]
    first = shop.redeems(ann, text, key="first-of-ann").expect(201)
    assert shop.redeems(ann, text, key="first-of-ann").expect(201)["redeemed_at"] == first["redeemed_at"]
    assert shop.redeems(town.person("ben"), text).expect(409)["code"] == "code_invalid"
    assert desk.counts(town, bid) == (1, 0, 0, 8)
    assert desk.status(town, text)["serial"] == 3
    desk.undoes(town, bid, 3).expect(200)
    assert desk.status(town, text)["standing"] == "restored"


def test_they_are_made_a_few_at_a_time_and_good_when_all_are_there(town: Town) -> None:
    cid = shop.campaign(town, shop.POINTS)
    made = shop.mints(town, cid, 200, letters=9, key="one-key-to-mint").expect(201)
    bid = made["batch_id"]
    assert (made["status"], made["made"], desk.counts(town, bid)) == ("making", 0, (0, 0, 0, 200))
    town.minute()
    seen = town.admin.get(f"/v1/admin/batches/{bid}")
    assert (seen["status"], seen["made"], len(rows(town))) == ("making", 90, 90)
    ann = town.person("ann")
    assert shop.redeems(ann, shop.code(town, bid, 5)).expect(409)["code"] == "code_invalid"
    assert desk.status(town, shop.code(town, bid, 5))["standing"] == "making"
    assert desk.acts(town, bid, "revoke").expect(409)["code"] == "batch_ended"
    town.pass_time(120)
    seen = town.admin.get(f"/v1/admin/batches/{bid}")
    assert (seen["status"], seen["made"], len(rows(town))) == ("live", None, 200)
    assert shop.stored_batch(town, bid).due == shop.stored_batch(town, bid).until
    shop.redeems(ann, shop.code(town, bid, 5)).expect(201)
    assert shop.mints(town, cid, 200, letters=9, key="one-key-to-mint").expect(201)["batch_id"] == bid


def test_no_code_stands_in_the_table(town: Town) -> None:
    _, bid = short_batch(town)
    text = shop.code(town, bid).replace("-", "")
    assert [item for item in town.items() if text in item.pk or text in str(item.serialize())] == []


def test_one_that_nobody_has_drawn_is_a_guess(town: Town) -> None:
    _, bid = short_batch(town)
    ann, guess = town.person("ann"), desk.forged(town, bid)
    assert shop.redeems(ann, guess).expect(409)["code"] == "code_invalid"
    assert desk.status(town, guess)["standing"] == "unknown"
    assert len([item for item in town.items() if item.sk == "GUESS"]) == 1


def test_they_are_revoked_as_others_are(town: Town) -> None:
    cid, bid = short_batch(town)
    ann = town.person("ann")
    desk.acts(town, bid, "revoke-code", {"serial": 0}).expect(200)
    desk.acts(town, bid, "revoke-range", {"first": 1, "last": 2}).expect(200)
    for serial in range(3):
        assert shop.redeems(ann, shop.code(town, bid, serial)).expect(409)["code"] == "code_invalid"
    shop.redeems(ann, shop.code(town, bid, 3)).expect(201)
    town.pass_time(120)
    assert desk.counts(town, bid) == (1, 3, 0, 5)
    desk.acts(town, bid, "revoke").expect(200)
    town.pass_time(120)
    assert desk.counts(town, bid) == (1, 8, 0, 0)
    assert shop.escrow(town, cid) == (999, 1)


def test_they_have_no_key_version(town: Town) -> None:
    _, bid = short_batch(town)
    desk.retires(town)
    assert desk.acts(town, bid, "rekey").expect(409)["code"] == "batch_stored"
    assert town.admin.get("/v1/admin/codes/keys")["behind"] == []
    shop.redeems(town.person("ann"), shop.code(town, bid)).expect(201)


def test_letters_that_another_code_has_are_drawn_again(monkeypatch: pytest.MonkeyPatch, town: Town) -> None:
    """Of so few letters that they meet: within a step, with an earlier step, and with another batch."""
    drawn, one, other = codes.stored, "00003", "00004"

    def few(mid: MerchantId, bid: str, serial: int, n: int, letters: int) -> str:
        if bid == other and n < 2:
            return drawn(mid, one, serial + 4 * n, 0, letters)
        return drawn(mid, bid, serial // 2 if n == 0 and bid == one else serial, n, letters)

    monkeypatch.setattr(codes, "stored", few)
    cid = shop.campaign(town, shop.POINTS, per_user=None)
    for _ in range(3):
        shop.minted(town, cid, 1)
    first = shop.minted(town, cid, 181, letters=10)
    town.pass_time(240)
    second = shop.minted(town, cid, 4, letters=10)
    town.pass_time(120)
    assert (first, second) == (one, other)
    assert len(rows(town)) == 185
    assert len({row.pk for row in rows(town)}) == 185
    batch = shop.stored_batch(town, first)
    assert batch.redrawn and len(batch.redrawn) == 90
    assert shop.stored_batch(town, second).redrawn == {str(serial): 2 for serial in range(4)}
    texts = {shop.code(town, bid, serial) for bid, size in ((first, 181), (second, 4)) for serial in range(size)}
    assert len(texts) == 185
    ann = town.person("ann")
    for bid, serial in ((first, 0), (first, 1), (second, 0), (second, 1)):
        shop.redeems(ann, shop.code(town, bid, serial)).expect(201)
    assert desk.counts(town, second) == (2, 0, 0, 2)


def test_finding_one_costs_one_read(town: Town) -> None:
    _, bid = short_batch(town)
    row = short_key(MerchantId(town.merchant.mid), codes.finder(MerchantId(town.merchant.mid), "0"))
    with metered(town.emulator) as known:
        read_one(ShortCode, row)
    assert known.round_trips == 1
    assert bid
