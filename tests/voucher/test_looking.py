"""What the merchant sees: his batches, the codes that something happened to, and what one is. Nothing is scanned."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.core import clock
from chalicelib.voucher.looking import MOST_LOOKS
from chalicelib.voucher.states import SAID, CodeStanding
from infra.local.client import Api
from tests.bench.meter import metered
from tests.town import Town, send
from tests.voucher import desk, shop

MOST_PAGES = 100


def pages(api: Api, path: str, name: str, **query: Any) -> list[list[dict[str, Any]]]:
    """Every page of a listing."""
    found: list[list[dict[str, Any]]] = []
    after = ""
    while len(found) < MOST_PAGES:
        asked = "&".join(f"{each}={value}" for each, value in query.items())
        page = api.get(f"{path}?{asked}{after}")
        found.append(page[name])
        if page["cursor"] is None:
            return found
        after = f"&cursor={page['cursor']}"
    raise AssertionError(f"{path} never ends")


def ids(listed: list[list[dict[str, Any]]]) -> list[str]:
    return [one["batch_id"] for page in listed for one in page]


def test_batches_are_listed_by_campaign_with_their_counts(town: Town) -> None:
    first, second = shop.campaign(town, shop.POINTS), shop.campaign(town, shop.COUPON)
    mine = [shop.minted(town, first, 70) for _ in range(5)]
    theirs = [shop.minted(town, second, 9)]
    shop.redeems(town.person("ann"), shop.code(town, mine[1])).expect(201)
    listed = pages(town.admin, f"/v1/admin/campaigns/{first}/batches", "batches", limit=2)
    assert ([len(page) for page in listed], ids(listed)) == ([2, 2, 1], mine)
    assert [one["counts"]["redeemed"] for page in listed for one in page] == [0, 1, 0, 0, 0]
    everything = pages(town.admin, "/v1/admin/batches", "batches", limit=4)
    assert sorted(ids(everything)) == sorted(mine + theirs)
    alone = town.admin.get(f"/v1/admin/batches/{mine[1]}")
    (same,) = (one for page in listed for one in page if one["batch_id"] == mine[1])
    assert {**alone, "now": 0} == {**same, "now": 0}


def test_a_campaign_of_another_play_has_none(town: Town) -> None:
    assert town.admin.call("GET", f"/v1/admin/campaigns/{town.campaign()}/batches").status == 404
    cid = shop.campaign(town)
    shop.minted(town, cid)
    other = Api(send, town.second().api_key)
    assert other.call("GET", f"/v1/admin/campaigns/{cid}/batches").status == 404
    assert other.get("/v1/admin/batches")["batches"] == []
    assert other.call("GET", "/v1/admin/batches/00000").status == 404
    assert other.call("GET", "/v1/admin/batches/00000/codes").status == 404


def test_what_a_leaked_key_touches(town: Town) -> None:
    cid = shop.campaign(town, shop.POINTS, per_user=None)
    old = [shop.minted(town, cid, 9) for _ in range(4)]
    short = shop.minted(town, cid, 9, letters=9)
    town.pass_time(120)
    desk.retires(town)
    new = shop.minted(town, cid, 9)
    desk.acts(town, old[0], "rekey").expect(200)
    desk.acts(town, old[1], "revoke").expect(200)
    behind = pages(town.admin, "/v1/admin/codes/keys", "behind", limit=2)
    assert ids(behind) == old[2:]
    assert short not in ids(behind), "a drawn code follows from no key version"
    assert ids(pages(town.admin, "/v1/admin/batches", "batches", limit=2, key_version=0)) == old[2:]
    assert ids(pages(town.admin, "/v1/admin/batches", "batches", limit=2, key_version=1)) == [old[0], new]
    path = f"/v1/admin/campaigns/{cid}/batches"
    assert ids(pages(town.admin, path, "batches", key_version=1)) == [old[0], new]
    desk.retires(town)
    assert ids(pages(town.admin, "/v1/admin/codes/keys", "behind")) == [old[0], *old[2:], new]


def test_codes_that_something_happened_to_are_listed_by_serial(town: Town) -> None:
    bid = shop.batch(town, shop.POINTS, size=2500, total=3000, per_user=None)
    ann = town.person("ann")
    assert pages(town.admin, f"/v1/admin/batches/{bid}/codes", "codes") == [[]]
    for serial in (0, 999, 1000, 1001, 2499):
        shop.redeems(ann, shop.code(town, bid, serial)).expect(201)
    desk.undoes(town, bid, 1000).expect(200)
    desk.acts(town, bid, "revoke-code", {"serial": 500}).expect(200)
    for limit in (1, 2, 3, 100):
        listed = pages(town.admin, f"/v1/admin/batches/{bid}/codes", "codes", limit=limit)
        assert [one["serial"] for page in listed for one in page] == [0, 500, 999, 1000, 1001, 2499]
        assert all(len(page) <= limit for page in listed)
    redeemed = pages(town.admin, f"/v1/admin/batches/{bid}/codes", "codes", state="redeemed", limit=2)
    assert [one["serial"] for page in redeemed for one in page] == [0, 999, 1001, 2499]
    (restored,) = pages(town.admin, f"/v1/admin/batches/{bid}/codes", "codes", state="restored")[0]
    assert (restored["serial"], restored["undone"], restored["requests"][0]["user_id"]) == (1000, True, ann.uid)
    assert restored["requests"][0]["undone_at"] is not None


def test_a_page_looks_at_so_much_and_no_more(town: Town) -> None:
    size = 60_500
    bid = shop.batch(town, shop.POINTS, size=size, total=100_000)
    shop.redeems(town.person("ann"), shop.code(town, bid, size - 1)).expect(201)
    with metered(town.emulator) as looked:
        first = town.admin.get(f"/v1/admin/batches/{bid}/codes")
    assert looked.operations.count("Query") == MOST_LOOKS
    assert (first["codes"], first["cursor"] is not None) == ([], True)
    listed = pages(town.admin, f"/v1/admin/batches/{bid}/codes", "codes")
    assert [len(page) for page in listed] == [0, 0, 1]


def test_many_in_one_block_are_walked_too(town: Town) -> None:
    bid = shop.batch(town, shop.POINTS, size=300, per_user=None)
    ann = town.person("ann")
    for first in (0, 100, 200):
        body = {"codes": [{"serial": n, "user_id": ann.uid} for n in range(first, first + 100)]}
        desk.acts(town, bid, "bind", body).expect(200)
    for query in ({}, {"state": "unused"}):
        listed = pages(town.admin, f"/v1/admin/batches/{bid}/codes", "codes", limit=70, **query)
        assert [one["serial"] for page in listed for one in page] == list(range(300))
    shop.redeems(ann, shop.code(town, bid, 250)).expect(201)
    for limit in (1, 70):
        listed = pages(town.admin, f"/v1/admin/batches/{bid}/codes", "codes", limit=limit, state="redeemed")
        assert [one["serial"] for page in listed for one in page] == [250]


@pytest.mark.parametrize("cursor", ["nonsense", "MTIz", "LTAwMDAwMQ", "OTk5OTk5OTk"])
def test_a_cursor_that_is_none_is_refused(town: Town, cursor: str) -> None:
    bid = shop.batch(town, size=9)
    refusal = town.admin.call("GET", f"/v1/admin/batches/{bid}/codes?cursor={cursor}").expect(422)
    assert refusal["errors"][0]["pointer"] == "?cursor"
    town.admin.call("GET", f"/v1/admin/batches?cursor={cursor}").expect(422)


def test_a_cursor_behind_the_end_finds_nothing(town: Town) -> None:
    bid = shop.batch(town, size=9)
    page = town.admin.get(f"/v1/admin/batches/{bid}/codes?cursor=OTk5OTk5OQ")
    assert (page["codes"], page["cursor"]) == ([], None)


def test_a_code_is_what_happened_to_it(town: Town) -> None:
    cid = shop.campaign(town, shop.COUPON, per_user=None)
    bid = shop.minted(town, cid, 9)
    ann, ben = town.person("ann"), town.person("ben")
    fresh = desk.status(town, shop.code(town, bid, 3).lower())
    assert (fresh["standing"], fresh["batch_id"], fresh["serial"], fresh["code"]) == ("live", bid, 3, None)
    assert (fresh["campaign_id"], fresh["campaign_status"], fresh["label"]) == (cid, "published", "双十一传单")
    assert (fresh["brings"]["kind"], fresh["how"], fresh["hand_over"], fresh["undo_until"]) == (
        "coupon",
        "redeem",
        None,
        None,
    )
    shop.redeems(ann, shop.code(town, bid, 3)).expect(201)
    desk.undoes(town, bid, 3).expect(200)
    done = shop.redeems(ben, shop.code(town, bid, 3)).expect(201)
    seen = desk.status(town, shop.code(town, bid, 3))
    assert {**seen, "now": 0} == {**desk.status_of(town, bid, 3), "now": 0}
    assert (seen["standing"], seen["undo_until"]) == ("redeemed", None)
    code = seen["code"]
    assert (code["user_id"], code["coupon_id"], code["undone"], code["by"]) == (ben.uid, done["coupon_id"], True, None)
    assert [(one["user_id"], one["undone_at"] is not None) for one in code["requests"]] == [
        (ann.uid, True),
        (ben.uid, False),
    ]
    town.admin.post(f"/v1/admin/campaigns/{cid}/pause")
    assert desk.status_of(town, bid, 4)["campaign_status"] == "paused"


def test_every_standing_can_be_met_and_reads_in_both_languages(town: Town) -> None:
    cid = shop.campaign(town, shop.POINTS, per_user=None)
    bid, gone, keyed = (shop.minted(town, cid, 9) for _ in range(3))
    early = shop.minted(town, cid, 9, since="2026-11-12T00:00:00Z")
    brief = shop.minted(town, cid, 9, until=clock.iso(clock.now() + timedelta(hours=1)))
    making = shop.minted(town, cid, 9, letters=8)
    ann = town.person("ann")
    shop.redeems(ann, shop.code(town, bid, 1)).expect(201)
    shop.redeems(ann, shop.code(town, bid, 2)).expect(201)
    desk.undoes(town, bid, 2).expect(200)
    desk.acts(town, bid, "revoke-range", {"first": 3, "last": 3}).expect(200)
    desk.acts(town, gone, "revoke").expect(200)
    old = shop.code(town, keyed)
    desk.retires(town)
    desk.acts(town, keyed, "rekey").expect(200)
    clock.advance(3600)
    met = {
        "live": desk.status_of(town, bid, 0),
        "redeemed": desk.status_of(town, bid, 1),
        "restored": desk.status_of(town, bid, 2),
        "range_revoked": desk.status_of(town, bid, 3),
        "revoked": desk.status_of(town, gone, 0),
        "key_retired": desk.status(town, old),
        "not_yet": desk.status_of(town, early, 0),
        "expired": desk.status_of(town, brief, 0),
        "making": desk.status_of(town, making, 0),
        "mistyped": desk.status(town, "K7M2Q"),
        "forged": desk.status(town, desk.forged(town, bid)),
        "unknown": desk.status(town, desk.forged(town, making)),
    }
    assert {name: seen["standing"] for name, seen in met.items()} == {name: name for name in met}
    assert set(met) == {standing.value for standing in CodeStanding}
    assert all(seen["detail"] == SAID[CodeStanding(name)][0] for name, seen in met.items())
    english = town.admin.call(
        "POST", "/v1/admin/codes/status", {"code": "K7M2Q"}, headers={"Accept-Language": "en"}
    ).expect(200)
    assert english["detail"] == "mistyped"


def test_asking_counts_no_guess_writes_nothing_and_reads_a_few_rows(town: Town) -> None:
    bid = shop.batch(town, shop.POINTS, size=900)
    with metered(town.emulator) as asked:
        for _ in range(30):
            desk.status(town, desk.forged(town, bid))
        desk.status(town, shop.code(town, bid, 5))
        desk.status_of(town, bid, 5)
    assert (asked.write_units, "Query" in asked.operations, "Scan" in asked.operations) == (0, False, False)


def test_a_code_of_another_length_is_forged_whatever_it_names(town: Town) -> None:
    """A batch has codes of one length: the key's holder alone could make such a one, and it is refused all the same."""
    from chalicelib.core.ids import MerchantId
    from chalicelib.voucher import codes

    bid = shop.batch(town, shop.POINTS, size=9)
    mid = MerchantId(town.merchant.mid)
    for text, standing in (
        (codes.code_of(mid, 0, codes.Size.VALUE, bid, 0), "forged"),
        (codes.code_of(mid, 0, codes.Size.COUPON, bid, 9), "unknown"),
        (codes.code_of(mid, 0, codes.Size.COUPON, "00009", 0), "unknown"),
        (codes.code_of(mid, 1, codes.Size.COUPON, bid, 0), "key_retired"),
    ):
        told = desk.status(town, text)
        assert (told["standing"], told["batch_id"]) == (standing, bid if standing == "key_retired" else None)
        assert shop.redeems(town.person("ann"), text).expect(409)["code"] == "code_invalid"
    assert desk.status_of(town, bid, 8)["standing"] == "live"
    body = {"batch_id": bid, "serial": 9}
    assert town.admin.call("POST", "/v1/admin/codes/status", body).expect(404)["code"] == "not_found"
