"""Codes that are bound to users: line by line, once, and nobody else redeems them."""

from __future__ import annotations

from typing import Any

from chalicelib.core import clock
from tests.town import Town
from tests.voucher import desk, shop


def binds(town: Town, bid: str, *whose: tuple[int, str], key: str | None = None) -> list[dict[str, Any]]:
    """What is said of each."""
    body = {"codes": [{"serial": serial, "user_id": uid} for serial, uid in whose]}
    answer = desk.acts(town, bid, "bind", body, key=key).expect(200)
    assert answer["bound"] == sum(line["bound"] for line in answer["lines"])
    lines: list[dict[str, Any]] = answer["lines"]
    return lines


def codes(lines: list[dict[str, Any]]) -> list[str | None]:
    return [None if line["bound"] else line["code"] for line in lines]


def test_only_its_user_redeems_it(town: Town) -> None:
    bid = shop.batch(town, shop.POINTS, size=9)
    ann, ben = town.person("ann"), town.person("ben")
    assert codes(binds(town, bid, (0, ann.uid), (1, ben.uid))) == [None, None]
    assert desk.counts(town, bid) == (0, 0, 0, 9)
    seen = desk.status_of(town, bid, 0)
    assert (seen["standing"], seen["code"]["state"], seen["code"]["bound_to"]) == ("live", "unused", ann.uid)
    assert shop.redeems(ben, shop.code(town, bid, 0)).expect(409)["code"] == "code_invalid"
    assert shop.previews(ben, shop.code(town, bid, 0)).expect(409)["code"] == "code_invalid"
    shop.redeems(ann, shop.code(town, bid, 0)).expect(201)
    assert desk.counts(town, bid) == (1, 0, 0, 8)
    desk.undoes(town, bid).expect(200)
    assert desk.status_of(town, bid, 0)["code"]["bound_to"] == ann.uid, "it stays his"
    assert shop.redeems(ben, shop.code(town, bid, 0)).expect(409)["code"] == "code_invalid"
    assert [subject for _, subject in desk.audited(town, "codes.bind")] in (
        [f"{bid}-0", f"{bid}-1"],
        [f"{bid}-1", f"{bid}-0"],
    )


def test_what_cannot_be_bound_is_said_line_by_line(town: Town) -> None:
    bid = shop.batch(town, shop.POINTS, size=9, per_user=None)
    ann, ben = town.person("ann"), town.person("ben")
    shop.redeems(ben, shop.code(town, bid, 1)).expect(201)
    desk.acts(town, bid, "revoke-code", {"serial": 2}).expect(200)
    desk.acts(town, bid, "revoke-range", {"first": 3, "last": 4}).expect(200)
    shop.redeems(ben, shop.code(town, bid, 5)).expect(201)
    desk.undoes(town, bid, 5).expect(200)
    binds(town, bid, (6, ben.uid))
    lines = binds(
        town,
        bid,
        *((0, ann.uid), (1, ann.uid), (2, ann.uid), (3, ann.uid), (5, ann.uid), (6, ann.uid)),
        *((7, "01NOBODY"), (9, ann.uid), (0, ben.uid), (0, ann.uid)),
    )
    free = "code_not_free"
    assert codes(lines) == [None, free, free, free, None, "code_bound", "not_found", "not_found", "code_bound", None]
    assert [line["serial"] for line in lines] == [0, 1, 2, 3, 5, 6, 7, 9, 0, 0]
    shop.redeems(ann, shop.code(town, bid, 5)).expect(201)
    town.pass_time(120)
    assert desk.counts(town, bid) == (2, 3, 0, 4)


def test_the_same_again_is_answered_the_same(town: Town) -> None:
    bid = shop.batch(town, shop.POINTS, size=9)
    ann, ben = town.person("ann"), town.person("ben")
    first = binds(town, bid, (0, ann.uid), key="one-key-to-bind")
    shop.redeems(ann, shop.code(town, bid)).expect(201)
    assert binds(town, bid, (0, ann.uid), key="one-key-to-bind") == first
    assert len(desk.audited(town, "codes.bind")) == 1
    other = desk.acts(town, bid, "bind", {"codes": [{"serial": 1, "user_id": ben.uid}]}, key="one-key-to-bind")
    assert other.expect(409)["code"] == "idempotency_key_reused"


def test_a_bound_code_ends_with_its_batch(town: Town) -> None:
    cid = shop.campaign(town, shop.POINTS)
    bid = shop.minted(town, cid, 9)
    ann = town.person("ann")
    binds(town, bid, (0, ann.uid), (1, ann.uid))
    desk.acts(town, bid, "revoke-code", {"serial": 0}).expect(200)
    desk.acts(town, bid, "revoke").expect(200)
    town.pass_time(120)
    assert desk.counts(town, bid) == (0, 9, 0, 0)
    assert shop.escrow(town, cid) == (1000, 0)
    assert codes(binds(town, bid, (2, ann.uid))) == ["code_not_free"]
    assert desk.status_of(town, bid, 1)["standing"] == "revoked"


def test_a_bound_code_has_the_letters_of_a_new_key(town: Town) -> None:
    bid = shop.batch(town, shop.POINTS, size=9)
    ann = town.person("ann")
    binds(town, bid, (0, ann.uid))
    desk.retires(town)
    desk.acts(town, bid, "rekey").expect(200)
    shop.redeems(ann, shop.code(town, bid)).expect(201)


def test_before_its_time_a_code_may_be_bound(town: Town) -> None:
    cid = shop.campaign(town, shop.POINTS)
    bid = shop.minted(town, cid, 9, since="2026-11-12T00:00:00Z")
    ann = town.person("ann")
    assert codes(binds(town, bid, (0, ann.uid))) == [None]
    clock.advance(12 * desk.HOUR)
    ann.come_back()
    shop.redeems(ann, shop.code(town, bid)).expect(201)


def test_no_more_than_a_hundred_at_once(town: Town) -> None:
    bid = shop.batch(town, shop.POINTS, size=200)
    lines = [{"serial": n, "user_id": "01NOBODY"} for n in range(101)]
    assert desk.acts(town, bid, "bind", {"codes": lines}).status == 422
    assert desk.acts(town, bid, "bind", {"codes": []}).status == 422
