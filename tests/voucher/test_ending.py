"""What makes codes good no more: time, one by one, a range, a batch, a key. What nobody redeemed goes back, once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.core import clock
from chalicelib.voucher.items import MOST_RANGES
from chalicelib.voucher.states import BATCH_TABLE, CODE_TABLE, BatchState, CodeState
from tests.bench.meter import metered
from tests.town import Town
from tests.voucher import desk, shop


def rows(town: Town, bid: str) -> int:
    """How many codes of a batch stand in the table."""
    return sum("#B#" in item.pk and f"|VB#{bid}#" in item.pk for item in town.items())


def test_a_batch_expires_without_a_code_being_touched(town: Town) -> None:
    cid = shop.campaign(town, shop.POINTS)
    bid = shop.minted(town, cid, 700, until=clock.iso(clock.now() + timedelta(hours=1)))
    shop.redeems(town.person("ann"), shop.code(town, bid, 3)).expect(201)
    town.pass_time(3599)
    assert desk.counts(town, bid) == (1, 0, 0, 699)
    town.pass_time(121)
    seen = town.admin.get(f"/v1/admin/batches/{bid}")
    assert (seen["status"], seen["why_ended"], seen["ended_at"] is not None) == ("expired", None, True)
    assert desk.counts(town, bid) == (1, 0, 699, 0)
    assert shop.escrow(town, cid) == (999, 1)
    assert rows(town, bid) == 1
    assert shop.stored_batch(town, bid).due is None, "nothing is due any more"
    assert desk.acts(town, bid, "revoke").expect(409)["code"] == "batch_ended"
    assert desk.acts(town, bid, "revoke-code", {"serial": 0}).expect(409)["code"] == "batch_ended"


def test_a_batch_lasts_as_long_as_its_campaign_where_it_does_not_say(town: Town) -> None:
    bid = shop.batch(town, shop.POINTS, size=9)
    ends = shop.offer()["ends_at"]
    assert shop.stored_batch(town, bid).until == clock.parse(ends)


def test_one_code_is_revoked_once(town: Town) -> None:
    cid = shop.campaign(town, shop.POINTS)
    bid = shop.minted(town, cid, 9)
    first = desk.acts(town, bid, "revoke-code", {"serial": 4}, key="one-key-to-revoke").expect(200)
    again = desk.acts(town, bid, "revoke-code", {"serial": 4}, key="one-key-to-revoke").expect(200)
    assert first == again
    assert (first["state"], first["note"]) == ("revoked", "出错了")
    refusal = desk.acts(town, bid, "revoke-code", {"serial": 4}).expect(409)
    assert (refusal["code"], refusal["standing"]) == ("code_not_free", "revoked")
    assert desk.counts(town, bid) == (0, 1, 0, 8)
    assert shop.escrow(town, cid) == (992, 8)
    assert shop.redeems(town.person("ann"), shop.code(town, bid, 4)).expect(409)["code"] == "code_invalid"
    other = desk.acts(town, bid, "revoke-code", {"serial": 5}, key="one-key-to-revoke").expect(409)
    assert other["code"] == "idempotency_key_reused"
    assert desk.acts(town, bid, "revoke-code", {"serial": 9}).expect(404)["code"] == "not_found"


def test_a_code_that_is_redeemed_is_not_revoked_and_one_that_was_undone_is(town: Town) -> None:
    cid = shop.campaign(town, shop.POINTS)
    bid = shop.minted(town, cid, 9)
    ann = town.person("ann")
    shop.redeems(ann, shop.code(town, bid)).expect(201)
    refusal = desk.acts(town, bid, "revoke-code", {"serial": 0}).expect(409)
    assert (refusal["code"], refusal["standing"], refusal["detail"]) == (
        "code_not_free",
        "redeemed",
        "兑换码状态：已兑换",
    )
    desk.undoes(town, bid).expect(200)
    assert desk.acts(town, bid, "revoke-code", {"serial": 0}).expect(200)["state"] == "revoked"
    assert desk.counts(town, bid) == (0, 1, 0, 8)
    assert shop.escrow(town, cid) == (992, 8)
    assert desk.balanced(town, ann)


def test_a_range_ends_what_of_it_nobody_has_redeemed_and_nothing_else(town: Town) -> None:
    cid = shop.campaign(town, shop.POINTS, total=3000, per_user=9)
    bid = shop.minted(town, cid, 3000)
    ann = town.person("ann")
    for serial in (999, 1000, 1500, 2100):
        shop.redeems(ann, shop.code(town, bid, serial)).expect(201)
    desk.undoes(town, bid, 1500).expect(200)
    desk.acts(town, bid, "revoke-code", {"serial": 1001}).expect(200)
    desk.acts(town, bid, "bind", {"codes": [{"serial": 1002, "user_id": ann.uid}]}).expect(200)
    body = {"first": 990, "last": 2000}
    seen = desk.acts(town, bid, "revoke-range", body, key="one-key-for-range").expect(200)
    assert seen["ranges"] == [{"first": 990, "last": 2000, "closed": False}]
    assert shop.redeems(ann, shop.code(town, bid, 1700)).expect(409)["code"] == "code_invalid", "at once"
    assert shop.redeems(ann, shop.code(town, bid, 1002)).expect(409)["code"] == "code_invalid", "bound or not"
    shop.redeems(ann, shop.code(town, bid, 2001)).expect(201)
    town.pass_time(180)
    assert desk.acts(town, bid, "revoke-range", body, key="one-key-for-range").expect(200)["ranges"] == [
        {"first": 990, "last": 2000, "closed": True}
    ]
    in_range = 2000 - 990 + 1
    assert desk.counts(town, bid) == (4, in_range - 2, 0, 3000 - 4 - (in_range - 2))
    assert shop.escrow(town, cid) == (in_range - 2, 3000 - (in_range - 2))
    assert desk.status_of(town, bid, 1700)["standing"] == "range_revoked"
    assert desk.status_of(town, bid, 999)["standing"] == "redeemed"
    assert desk.status_of(town, bid, 1001)["standing"] == "revoked"
    refusal = desk.acts(town, bid, "revoke-code", {"serial": 1700}).expect(409)
    assert (refusal["code"], refusal["standing"]) == ("code_not_free", "range_revoked")
    desk.acts(town, bid, "revoke").expect(200)
    town.pass_time(180)
    assert desk.counts(town, bid) == (4, 2996, 0, 0)
    assert shop.escrow(town, cid) == (2996, 4)


@pytest.mark.parametrize(("first", "last"), [(5, 4), (0, 9), (9, 9), (0, 1_048_575)])
def test_a_range_lies_within_its_batch(town: Town, first: int, last: int) -> None:
    bid = shop.batch(town, shop.POINTS, size=9)
    refusal = desk.acts(town, bid, "revoke-range", {"first": first, "last": last}).expect(422)
    assert (refusal["code"], refusal["errors"][0]["pointer"]) == ("invalid_field", "/last")


def test_ranges_do_not_overlap_and_are_no_more_than_twenty(town: Town) -> None:
    bid = shop.batch(town, shop.POINTS, size=200)
    desk.acts(town, bid, "revoke-range", {"first": 10, "last": 20}).expect(200)
    for first, last in ((0, 10), (20, 30), (12, 15), (0, 100)):
        refusal = desk.acts(town, bid, "revoke-range", {"first": first, "last": last}).expect(409)
        assert refusal["code"] == "range_unfit"
    desk.acts(town, bid, "revoke-range", {"first": 9, "last": 9}).expect(200)
    for n in range(MOST_RANGES - 2):
        desk.acts(town, bid, "revoke-range", {"first": 21 + n, "last": 21 + n}).expect(200)
    assert desk.acts(town, bid, "revoke-range", {"first": 199, "last": 199}).expect(409)["code"] == "range_unfit"
    town.pass_time(60 * MOST_RANGES)
    assert desk.counts(town, bid) == (0, 11 + 1 + MOST_RANGES - 2, 0, 200 - 30)


def test_a_range_of_a_batch_that_expires_meanwhile_is_counted_as_revoked(town: Town) -> None:
    cid = shop.campaign(town, shop.POINTS)
    bid = shop.minted(town, cid, 9, until=clock.iso(clock.now() + timedelta(seconds=30)))
    desk.acts(town, bid, "revoke-range", {"first": 0, "last": 3}).expect(200)
    town.pass_time(240)
    assert desk.counts(town, bid) == (0, 4, 5, 0)
    assert shop.escrow(town, cid) == (1000, 0)
    assert (desk.status_of(town, bid, 0)["standing"], desk.status_of(town, bid, 8)["standing"]) == (
        "range_revoked",
        "expired",
    )


def test_a_batch_that_is_revoked_twice_is_revoked_once(town: Town) -> None:
    cid = shop.campaign(town, shop.POINTS)
    bid = shop.minted(town, cid, 9)
    first = desk.acts(town, bid, "revoke", key="one-key-to-revoke").expect(200)
    assert (first["status"], first["why_ended"]) == ("revoked", "出错了")
    assert desk.acts(town, bid, "revoke", key="one-key-to-revoke").expect(200)["ended_at"] == first["ended_at"]
    refusal = desk.acts(town, bid, "revoke").expect(409)
    assert refusal["code"] == "batch_ended"
    town.pass_time(120)
    assert shop.escrow(town, cid) == (1000, 0)
    assert desk.status_of(town, bid, 3)["standing"] == "revoked"
    assert desk.acts(town, bid, "revoke-range", {"first": 0, "last": 0}).expect(409)["code"] == "batch_ended"
    assert desk.acts(town, bid, "rekey").expect(409)["code"] == "batch_ended"


def test_a_new_key_makes_other_letters_of_the_same_serials(town: Town) -> None:
    cid = shop.campaign(town, shop.POINTS, per_user=9)
    bid, untouched = shop.minted(town, cid, 9), shop.minted(town, cid, 9)
    ann = town.person("ann")
    old = [shop.code(town, bid, serial) for serial in range(9)]
    shop.redeems(ann, old[0], key="first-of-ann").expect(201)
    assert desk.acts(town, bid, "rekey").expect(409)["code"] == "batch_key_same"
    assert desk.retires(town, key="one-key-to-retire") == desk.retires(town, key="one-key-to-retire") == 1
    shop.redeems(ann, old[1]).expect(201)
    touched = town.admin.get("/v1/admin/codes/keys")
    assert (touched["version"], [one["batch_id"] for one in touched["behind"]]) == (1, [bid, untouched])
    seen = desk.acts(town, bid, "rekey", key="one-key-to-rekey").expect(200)
    assert desk.acts(town, bid, "rekey", key="one-key-to-rekey").expect(200)["key_version"] == seen["key_version"] == 1
    new = [shop.code(town, bid, serial) for serial in range(9)]
    assert not set(old) & set(new)
    assert shop.redeems(ann, old[2]).expect(409)["code"] == "code_invalid"
    assert desk.status(town, old[2])["standing"] == "key_retired"
    assert shop.redeems(ann, old[0], key="first-of-ann").expect(201)["undone"] is False, "the same request"
    assert shop.redeems(ann, new[0]).expect(409)["code"] == "code_already_yours", "a serial is redeemed once"
    shop.redeems(ann, new[2]).expect(201)
    shop.redeems(ann, shop.code(town, untouched)).expect(201)
    assert desk.counts(town, bid) == (3, 0, 0, 6)
    assert shop.escrow(town, cid) == (982, 18), "no value moves"
    assert [one["batch_id"] for one in town.admin.get("/v1/admin/codes/keys")["behind"]] == [untouched]
    assert shop.stored_batch(town, shop.minted(town, cid, 9)).key_version == 1


def test_there_are_so_many_keys_as_a_code_has_letters_for(town: Town) -> None:
    assert [desk.retires(town) for _ in range(28)] == list(range(1, 29))
    refusal = town.admin.call("POST", "/v1/admin/codes/keys/retire", {"note": "泄露"}).expect(409)
    assert refusal["code"] == "code_keys_full"
    bid = shop.batch(town, shop.POINTS, size=9)
    shop.redeems(town.person("ann"), shop.code(town, bid)).expect(201)


def test_a_redemption_writes_no_more_when_much_has_been_redeemed(town: Town) -> None:
    bid = shop.batch(town, shop.COUPON, size=640, per_user=None)
    with metered(town.emulator) as first:
        shop.redeems(town.person("ann"), shop.code(town, bid)).expect(201)
    ben = town.person("ben")
    for serial in range(1, 40):
        shop.redeems(ben, shop.code(town, bid, serial)).expect(201)
    with metered(town.emulator) as later:
        shop.redeems(ben, shop.code(town, bid, 40)).expect(201)
    assert later.write_units <= 11
    assert later.write_units <= first.write_units


def test_the_tables_name_every_state(town: Town) -> None:
    codes = {word for row in CODE_TABLE for place in (row.source, row.target) for word in place.split(", ")}
    batches = {word for row in BATCH_TABLE for place in (row.source, row.target) for word in place.split(", ")}
    assert {state.value for state in CodeState} <= codes
    assert {state.value for state in BatchState} <= batches


def everything(town: Town, act: str) -> dict[str, Any]:
    body: dict[str, dict[str, Any]] = {
        "revoke-range": {"first": 0, "last": 0},
        "revoke-code": {"serial": 0},
        "bind": {"codes": [{"serial": 0, "user_id": "01"}]},
    }
    return body.get(act, {})


@pytest.mark.parametrize("act", ["revoke", "revoke-range", "revoke-code", "rekey", "bind"])
def test_what_is_no_batch_is_not_found(town: Town, act: str) -> None:
    assert desk.acts(town, "00000", act, everything(town, act)).expect(404)["code"] == "not_found"
    assert desk.acts(town, "65536", act, everything(town, act)).expect(404)["code"] == "not_found"
