"""An export promises: a file with just the batch's codes, made in bits, fetched by a link that ends, gone in a day."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from chalicelib.core import clock, due, files
from chalicelib.core.transaction import Lost
from chalicelib.voucher import export_file
from chalicelib.voucher.export_states import ExportState
from chalicelib.voucher.export_timers import export_due
from chalicelib.voucher.exports import Export
from tests.town import Town
from tests.voucher import shop
from tests.voucher.files import (
    PARTS,
    approves,
    asks,
    colleague,
    expected,
    exported,
    fetched,
    links,
    made,
    noted,
    rows,
    shown,
    stored,
)

DAY = 24 * 3600


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export_file, "PART_BYTES", PARTS)


def test_a_batch_is_exported_whole(town: Town) -> None:
    bid = shop.batch(town, size=200)
    asked = asks(town.admin, bid).expect(201)
    assert (asked["export"], asked["state"], asked["done"], asked["size"]) == ("01", "making", 0, 200)
    assert town.emulator.files() == {}
    town.minute()
    ready = shown(town.admin, bid)
    assert (ready["state"], ready["done"], ready["approved_by"]) == ("ready", 200, None)
    link = links(town.admin, bid, "01").expect(200)
    assert link["file_name"] == f"codes-{bid}-01.csv"
    content = fetched(town, link)
    assert rows(content) == expected(town, bid)
    assert content.startswith(b"serial,code\r\n0,") and content.count(b"\r\n") == 201
    assert town.emulator.opened(link["url"]).headers["Content-Disposition"].endswith(f'"codes-{bid}-01.csv"')


def test_a_code_of_the_file_redeems(town: Town) -> None:
    bid = shop.batch(town, size=200)
    link = links(town.admin, bid, exported(town, bid)).expect(200)
    text = rows(fetched(town, link))[8][1]
    shop.redeems(town.person("ann"), text).expect(201)
    assert shop.used(town, bid, 7) is not None


@pytest.mark.parametrize("letters", [8, 9, 10])
def test_stored_codes_are_exported_as_they_are(town: Town, letters: int) -> None:
    bid = shop.minted(town, shop.campaign(town), 100, letters=letters)
    assert asks(town.admin, bid).expect(409)["code"] == "export_batch_not_live"
    for _ in range(3):
        town.minute()
    link = links(town.admin, bid, exported(town, bid)).expect(200)
    assert rows(fetched(town, link)) == expected(town, bid)


def test_stored_codes_that_were_drawn_again_are_exported_as_they_were(town: Town) -> None:
    bid = shop.minted(town, shop.campaign(town), 100, letters=8)
    for _ in range(3):
        town.minute()
    batch = shop.stored_batch(town, bid)
    batch.redrawn = {"7": 1}
    plain = export_file.part(shop.stored_batch(town, bid), 0, bom=False)[0].decode().splitlines()
    again = export_file.part(batch, 0, bom=False)[0].decode().splitlines()
    assert [n for n, (one, other) in enumerate(zip(plain, again, strict=True)) if one != other] == [8]


def test_a_mark_for_excel_is_written_on_request(town: Town) -> None:
    bid = shop.batch(town)
    link = links(town.admin, bid, exported(town, bid, bom=True)).expect(200)
    content = fetched(town, link)
    assert content.startswith(b"\xef\xbb\xbfserial,code\r\n")
    assert rows(content) == expected(town, bid)


def test_a_large_file_is_made_a_part_a_minute_and_says_how_far_it_is(town: Town, small_parts: None) -> None:
    bid = shop.batch(town, size=100)
    asks(town.admin, bid).expect(201)
    told = []
    while shown(town.admin, bid)["state"] == "making":
        town.minute()
        told.append(shown(town.admin, bid)["done"])
    assert len(told) > 4
    assert told == sorted(set(told)) and told[-1] == 100
    link = links(town.admin, bid, "01").expect(200)
    assert rows(fetched(town, link)) == expected(town, bid)
    assert town.emulator.uploads() == {}


def test_parts_are_as_large_as_they_must_be_and_no_line_is_cut(town: Town, small_parts: None) -> None:
    batch = shop.stored_batch(town, shop.batch(town, size=100))
    parts, first = list[bytes](), 0
    while first < batch.size:
        content, first = export_file.part(batch, first, bom=True)
        parts.append(content)
    assert all(PARTS <= len(content) < PARTS + 40 for content in parts[:-1])
    assert all(content.endswith(b"\r\n") for content in parts)
    assert b"".join(parts) == export_file.part(batch, 0, bom=True)[0] + b"".join(parts[1:])


def test_parts_are_no_smaller_than_s3_takes_them() -> None:
    assert export_file.PART_BYTES >= files.LEAST_PART == 5 * 1024 * 1024


def test_a_part_is_the_same_bytes_whenever_it_is_made(town: Town, small_parts: None) -> None:
    batch = shop.stored_batch(town, shop.batch(town))
    assert export_file.part(batch, 17, bom=True) == export_file.part(batch, 17, bom=True)


def test_the_file_and_its_links_end_after_a_day(town: Town) -> None:
    bid = shop.batch(town)
    number = exported(town, bid)
    clock.advance(DAY - 60)
    link = links(town.admin, bid, number).expect(200)
    assert parse_qs(urlsplit(link["url"]).query)["X-Amz-Expires"] == ["60"], "no longer than the file"
    town.pass_time(120)
    gone = shown(town.admin, bid)
    assert (gone["state"], gone["why"]) == ("gone", "day_over")
    assert town.emulator.files() == {}
    assert town.emulator.opened(link["url"]).status_code == 404
    assert links(town.admin, bid, number).expect(409)["code"] == "export_gone"
    assert stored(town, bid).due is None


def test_a_link_opens_for_ten_minutes(town: Town) -> None:
    bid = shop.batch(town)
    number = exported(town, bid)
    link = links(town.admin, bid, number, key="one-link-one-key").expect(200)
    assert parse_qs(urlsplit(link["url"]).query)["X-Amz-Expires"] == ["600"]
    assert clock.parse(link["until"]) == clock.now() + timedelta(minutes=10)


def test_the_same_request_again_gets_what_is_left_of_its_time_and_one_line_in_the_log(town: Town) -> None:
    bid = shop.batch(town)
    number = exported(town, bid)
    first = links(town.admin, bid, number, key="one-link-one-key").expect(200)
    clock.advance(240)
    again = links(town.admin, bid, number, key="one-link-one-key").expect(200)
    assert again["until"] == first["until"]
    assert parse_qs(urlsplit(again["url"]).query)["X-Amz-Expires"] == ["360"]
    clock.advance(360)
    assert links(town.admin, bid, number, key="one-link-one-key").expect(200)["url"] is None
    assert len(noted(town, "export.link")) == 1


def test_there_is_no_link_before_the_file(town: Town, small_parts: None) -> None:
    bid = shop.batch(town)
    asks(town.admin, bid).expect(201)
    town.minute()
    assert links(town.admin, bid, "01").expect(409)["code"] == "export_not_ready"


def test_a_batch_that_ends_meanwhile_ends_its_export(town: Town, small_parts: None) -> None:
    bid = shop.batch(town)
    asks(town.admin, bid).expect(201)
    town.minute()
    assert town.emulator.uploads() != {}
    town.admin.post(f"/v1/admin/batches/{bid}/revoke", {"note": "印错了"})
    town.minute()
    gone = shown(town.admin, bid)
    assert (gone["state"], gone["why"]) == ("gone", "batch_ended")
    assert (town.emulator.uploads(), town.emulator.files()) == ({}, {})
    assert asks(town.admin, bid).expect(409)["code"] == "export_batch_not_live"


def test_a_batch_that_ends_when_the_file_is_there_gives_no_link_any_more(town: Town) -> None:
    bid = shop.batch(town)
    number = exported(town, bid)
    town.admin.post(f"/v1/admin/batches/{bid}/revoke", {"note": "印错了"})
    assert links(town.admin, bid, number).expect(409)["code"] == "export_gone"


def test_an_upload_that_s3_lost_is_begun_anew(town: Town, small_parts: None) -> None:
    bid = shop.batch(town)
    asks(town.admin, bid).expect(201)
    town.minute()
    town.minute()
    export = stored(town, bid)
    assert export.upload is not None
    files.abort(export.file, export.upload)
    town.minute()
    assert shown(town.admin, bid)["done"] == 0
    assert made(town, bid)["state"] == "ready"
    link = links(town.admin, bid, "01").expect(200)
    assert rows(fetched(town, link)) == expected(town, bid)


def test_what_cannot_be_made_in_a_day_is_given_up(town: Town, small_parts: None) -> None:
    bid = shop.batch(town)
    asks(town.admin, bid).expect(201)
    town.minute()
    clock.advance(DAY)
    town.minute()
    gone = shown(town.admin, bid)
    assert (gone["state"], gone["why"]) == ("gone", "not_made")
    assert (town.emulator.uploads(), town.emulator.files()) == ({}, {})
    assert asks(town.admin, bid).expect(201)["state"] == "making", "no file was there, so that the right was not used"


def test_an_export_that_is_due_too_early_is_left_as_it_is(town: Town) -> None:
    bid = shop.batch(town)
    number = exported(town, bid)
    before = stored(town, bid)
    town.emulator.make_due(before.key, clock.now())
    town.minute()
    after = stored(town, bid)
    assert (after.state, after.due) == (ExportState.READY, before.until)
    links(town.admin, bid, number).expect(200)


@pytest.mark.parametrize("minutes", [0, 1, 3])
def test_a_slow_worker_changes_nothing_when_another_has_taken_over(town: Town, small_parts: None, minutes: int) -> None:
    bid = shop.batch(town, size=60)
    asks(town.admin, bid).expect(201)
    for _ in range(minutes):
        town.minute()
    slow = due.lease(stored(town, bid).key, str(stored(town, bid).gsi2sk))
    assert isinstance(slow, Export)
    clock.advance(90)
    assert made(town, bid)["state"] == "ready"
    before, content = stored(town, bid).serialize(), town.emulator.files()
    with pytest.raises(Lost):
        export_due(slow)
    assert stored(town, bid).serialize() == before
    assert town.emulator.files() == content
    assert list(town.emulator.uploads().values()) == ([] if minutes else [[]]), "the bucket's rule aborts an empty one"


def test_two_workers_who_make_the_same_part_make_one_file(town: Town, small_parts: None) -> None:
    bid = shop.batch(town, size=60)
    asks(town.admin, bid).expect(201)
    town.minute()
    slow = due.lease(stored(town, bid).key, str(stored(town, bid).gsi2sk))
    assert isinstance(slow, Export)
    clock.advance(90)
    town.minute()
    with pytest.raises(Lost):
        export_due(slow)
    assert made(town, bid)["state"] == "ready"
    link = links(town.admin, bid, "01").expect(200)
    assert rows(fetched(town, link)) == expected(town, bid)


@pytest.mark.parametrize(
    ("state", "at"), [("making", "CompleteMultipartUpload"), ("ready", "DeleteObject"), ("ready", "GetItem")]
)
def test_who_has_lost_his_lease_notes_nothing(town: Town, state: str, at: str) -> None:
    bid = shop.batch(town)
    asks(town.admin, bid).expect(201)
    if state == "ready":
        made(town, bid)
        clock.advance(DAY if at == "DeleteObject" else 60)
    later = clock.now() + timedelta(seconds=90)
    town.emulator.make_due(stored(town, bid).key, clock.now())
    town.emulator.meanwhile(lambda: town.emulator.make_due(stored(town, bid).key, later), at)
    town.minute()
    export = stored(town, bid)
    assert (export.state, export.due) == (ExportState(state), later)


def test_everything_is_in_the_log(town: Town) -> None:
    bid = shop.batch(town)
    number = exported(town, bid)
    links(town.admin, bid, number).expect(200)
    links(town.admin, bid, number).expect(200)
    fang = colleague(town)
    clock.advance(1)
    asks(town.admin, bid).expect(201)
    approves(fang, bid, "02").expect(200)
    assert made(town, bid, "02")["state"] == "ready"
    owner = shown(town.admin, bid)["asked_by"]
    assert [(e["actor"], e["subject"], e["detail"]["state"]) for e in noted(town, "export.ask")] == [
        (owner, f"{bid}/02", "asked"),
        (owner, f"{bid}/01", "making"),
    ]
    [agreed] = noted(town, "export.approve")
    assert (agreed["actor"], agreed["subject"]) == (shown(town.admin, bid, "02")["approved_by"], f"{bid}/02")
    assert agreed["detail"]["asked_by"] == owner
    finished = {(entry["actor"], entry["subject"]) for entry in noted(town, "export.finish")}
    assert finished == {("system", f"{bid}/01"), ("system", f"{bid}/02")}
    assert [(e["actor"], e["subject"]) for e in noted(town, "export.link")] == [(owner, f"{bid}/01")] * 2
