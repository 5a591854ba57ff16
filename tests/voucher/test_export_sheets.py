"""An export as sheets promises what one as a CSV does: just the batch's codes, the same rights, gone in a day."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from chalicelib.core import clock, due
from chalicelib.voucher import export_sheet
from chalicelib.voucher.export_forms import MOST_ON_SHEETS
from tests.emulator import Call
from tests.pictures import remembered
from tests.town import Town
from tests.voucher import shop
from tests.voucher.files import (
    approves,
    asks,
    colleague,
    drawable,
    expected,
    exported,
    fetched,
    links,
    made,
    noted,
    on_sheets,
    rows,
    shown,
    stored,
)

DAY = 24 * 3600


@pytest.fixture(autouse=True)
def _drawable(town: Town) -> None:
    drawable(town)


def codes(town: Town, bid: str) -> list[str]:
    return [code for _, code in expected(town, bid)[1:]]


def test_a_batch_is_exported_as_sheets(town: Town) -> None:
    bid = shop.batch(town, size=40)
    asked = asks(town.admin, bid, form="pdf").expect(201)
    assert (asked["form"], asked["state"], asked["done"], asked["size"], asked["bom"]) == (
        "pdf",
        "making",
        0,
        40,
        False,
    )
    town.minute()
    ready = shown(town.admin, bid)
    assert (ready["form"], ready["state"], ready["done"]) == ("pdf", "ready", 40)
    link = links(town.admin, bid, "01").expect(200)
    assert link["file_name"] == f"codes-{bid}-01.pdf"
    content = fetched(town, link)
    assert content.startswith(b"%PDF-")
    assert town.emulator.opened(link["url"]).headers["Content-Type"] == "application/pdf"
    assert on_sheets(content) == codes(town, bid)
    assert (town.emulator.uploads(), len(town.emulator.files())) == ({}, 1)


@pytest.mark.parametrize("letters", [8, 9, 10, 14])
def test_what_a_sheet_says_is_what_people_type(town: Town, letters: int) -> None:
    stored_ones = {"letters": letters} if letters < 14 else {}
    bid = shop.minted(town, shop.campaign(town), 9, **stored_ones)
    town.minute()
    link = links(town.admin, bid, exported(town, bid, form="pdf")).expect(200)
    scanned = on_sheets(fetched(town, link))
    assert scanned == codes(town, bid)
    ann = town.person("ann")
    assert shop.previews(ann, scanned[3]).expect(200)["how"] == "redeem"
    shop.redeems(ann, scanned[3]).expect(201)
    assert shop.used(town, bid, 3) is not None


def test_sheets_use_the_right_up_and_a_further_file_takes_two_people(town: Town) -> None:
    bid, fang = shop.batch(town, size=9), colleague(town)
    exported(town, bid, form="pdf")
    assert asks(town.admin, bid).expect(201)["state"] == "asked"
    approves(fang, bid, "02").expect(200)
    assert made(town, bid, "02")["state"] == "ready"
    assert rows(fetched(town, links(town.admin, bid, "02").expect(200))) == expected(town, bid)
    asked = asks(fang, bid, form="pdf").expect(201)
    assert (asked["state"], asked["form"]) == ("asked", "pdf")
    assert approves(fang, bid, "03").expect(409)["code"] == "export_needs_another"
    approves(town.admin, bid, "03").expect(200)
    assert made(town, bid, "03")["state"] == "ready"
    assert links(town.admin, bid, "03").expect(409)["code"] == "export_of_another"
    assert on_sheets(fetched(town, links(fang, bid, "03").expect(200))) == codes(town, bid)


def test_in_the_log_stands_what_was_asked_for(town: Town) -> None:
    bid = shop.batch(town, size=9)
    links(town.admin, bid, exported(town, bid, form="pdf")).expect(200)
    [asked], [finished], [linked] = (noted(town, f"export.{act}") for act in ("ask", "finish", "link"))
    assert asked["detail"] == {"state": "making", "form": "pdf"}
    assert {entry["subject"] for entry in (asked, finished, linked)} == {f"{bid}/01"}


def test_a_batch_that_is_too_large_for_sheets_is_told_of_the_csv(town: Town) -> None:
    bid = shop.batch(town, size=MOST_ON_SHEETS + 1, total=MOST_ON_SHEETS + 1)
    refused = asks(town.admin, bid, form="pdf").expect(409)
    assert (refused["code"], refused["limit"], refused["size"]) == ("export_too_large", 600, 601)
    assert "CSV" in refused["next"]
    assert asks(town.admin, bid).expect(201)["state"] == "making", "and used nothing up"


def test_a_batch_just_small_enough_is_taken(town: Town) -> None:
    bid = shop.batch(town, size=MOST_ON_SHEETS)
    assert asks(town.admin, bid, form="pdf").expect(201)["state"] == "making"


def test_the_largest_sheets_fit_one_answer(town: Town) -> None:
    said: list[int] = []

    def listen(call: Call) -> None:
        if call.service == "lambda" and call.answer is not None:
            said.append(len(call.answer.content))

    town.emulator.after = listen
    bid = shop.batch(town, size=MOST_ON_SHEETS)
    content = export_sheet.drawn(shop.stored_batch(town, bid))
    assert content.startswith(b"%PDF-")
    assert said[0] < 2_000_000, "of six million bytes that Lambda takes"


@pytest.mark.parametrize(("how", "pointer"), [({"form": "pdf", "bom": True}, "/bom"), ({"form": "xls"}, "/form")])
def test_what_no_file_can_be_is_named(town: Town, how: dict[str, Any], pointer: str) -> None:
    bid = shop.batch(town)
    refused = asks(town.admin, bid, **how).expect(422)
    assert (refused["code"], refused["errors"][0]["pointer"]) == ("invalid_field", pointer)


def test_the_same_request_asks_once_and_another_form_is_another_request(town: Town) -> None:
    bid = shop.batch(town, size=9)
    first = asks(town.admin, bid, form="pdf", key="one-key-to-ask").expect(201)
    assert asks(town.admin, bid, form="pdf", key="one-key-to-ask").expect(201)["export"] == first["export"]
    assert asks(town.admin, bid, key="one-key-to-ask").expect(409)["code"] == "idempotency_key_reused"


def test_a_function_that_is_busy_is_asked_again_until_it_draws(town: Town) -> None:
    bid = shop.batch(town, size=9)
    asks(town.admin, bid, form="pdf").expect(201)

    def busy(call: Call) -> Exception | None:
        return ReadTimeoutError(endpoint_url="https://lambda") if call.service == "lambda" else None

    for _ in range(8):
        town.emulator.before = busy
        town.minute()
        town.emulator.before = None
        waits = stored(town, bid)
        assert (waits.state.value, waits.done, waits.marks, waits.due is not None) == ("making", 0, [], True)
        assert waits.gsi2pk is not None and not waits.gsi2pk.startswith(due.DEAD), "busy is no error"
        clock.advance(60)
    clock.advance(300)
    assert made(town, bid)["state"] == "ready"
    assert on_sheets(fetched(town, links(town.admin, bid, "01").expect(200))) == codes(town, bid)


def test_sheets_that_cannot_be_drawn_in_a_day_are_given_up(town: Town) -> None:
    bid = shop.batch(town, size=9)
    asks(town.admin, bid, form="pdf").expect(201)

    def lost(call: Call) -> Exception | None:
        return ReadTimeoutError(endpoint_url="https://lambda") if call.service == "lambda" else None

    town.emulator.after = lost
    town.minute()
    town.emulator.after = None
    clock.advance(DAY)
    town.minute()
    gone = shown(town.admin, bid)
    assert (gone["state"], gone["why"]) == ("gone", "not_made")
    assert (town.emulator.uploads(), town.emulator.files()) == ({}, {})
    assert asks(town.admin, bid, form="pdf").expect(201)["state"] == "making", "and the right was not used"


def test_sheets_and_their_links_end_after_a_day(town: Town) -> None:
    bid = shop.batch(town, size=9)
    link = links(town.admin, bid, exported(town, bid, form="pdf")).expect(200)
    town.pass_time(DAY + 60)
    assert shown(town.admin, bid)["why"] == "day_over"
    assert (town.emulator.files(), town.emulator.opened(link["url"]).status_code) == ({}, 404)


def test_sheets_of_a_batch_that_ends_meanwhile_are_not_handed_out(town: Town) -> None:
    bid = shop.batch(town, size=9)
    asks(town.admin, bid, form="pdf").expect(201)
    revoked = {"note": "印错了"}
    town.emulator.meanwhile(lambda: town.admin.post(f"/v1/admin/batches/{bid}/revoke", revoked), "Invoke")
    town.minute()
    assert shown(town.admin, bid)["state"] == "making"
    clock.advance(300)
    assert made(town, bid)["why"] == "batch_ended"
    assert town.emulator.files() == {}


def test_sheets_are_the_same_bytes_whenever_they_are_drawn(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = shop.stored_batch(town, shop.batch(town, size=40))
    first = export_sheet.drawn(batch)
    monkeypatch.setattr(remembered, "_done", {})
    assert export_sheet.drawn(batch) == first
