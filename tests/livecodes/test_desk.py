"""What a merchant does with his live codes, and what he sees of them."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.core import clock
from chalicelib.livecodes.items import LiveCode
from infra.local.client import Reply
from infra.local.seed import demo_offer
from tests.livecodes import shop
from tests.posters import shop as posters
from tests.town import Town


def audited(town: Town) -> list[tuple[str, dict[str, str]]]:
    entries = town.admin.get("/v1/admin/audit?limit=100")["entries"]
    return [(e["action"], e["detail"]) for e in entries if e["action"].startswith("live_code.")]


def pointer(reply: Reply) -> str:
    found: str = reply.body["errors"][0]["pointer"]
    return found


def test_it_is_made_with_its_targets_and_runs(town: Town) -> None:
    campaign = town.campaign()
    made = shop.makes(town, shop.group(), shop.page(), shop.store(), campaign_id=campaign).expect(201)
    lid = made["live_id"]
    assert (made["status"], made["edition"], made["campaign_id"]) == ("live", 1, campaign)
    assert (made["page"], made["scene"]) == (f"pages/live/index?l={lid}", f"l={lid}")
    assert len(made["scene"]) <= 32
    assert [(t["number"], t["capacity"], t["taken"], t["left"], t["parts"]) for t in made["targets"]] == [
        (1, 200, 0, 200, 1),
        (2, 1_000_000, 0, 1_000_000, 20),
        (3, 300, 0, 300, 1),
    ]
    assert shop.record(town, lid) == made
    (line,) = town.admin.get("/v1/admin/live-codes")["live_codes"]
    assert (line["live_id"], line["targets"], line["capacity"]) == (lid, 3, 1_000_500)


def test_one_key_makes_one(town: Town) -> None:
    key = "one-key-for-one-code"
    first = shop.makes(town, shop.group(), key=key).expect(201)
    assert shop.makes(town, shop.group(), key=key).expect(201)["live_id"] == first["live_id"]
    assert shop.makes(town, shop.page(), key=key).body["code"] == "idempotency_key_reused"
    assert len([item for item in town.items() if isinstance(item, LiveCode)]) == 1


def test_the_list_goes_on_by_cursor(town: Town) -> None:
    made = []
    for _ in range(3):
        made.append(shop.made(town))
        clock.advance(1)
    first = town.admin.get("/v1/admin/live-codes?limit=2")
    second = town.admin.get(f"/v1/admin/live-codes?limit=2&cursor={first['cursor']}")
    assert [line["live_id"] for page in (first, second) for line in page["live_codes"]] == made[::-1]
    assert second["cursor"] is None


def test_texts_are_edited_as_they_were_read(town: Town) -> None:
    campaign = town.campaign()
    lid = shop.made(town, campaign_id=campaign)
    edited = shop.edits(town, lid, edition=1, title="新的标题").expect(200)
    assert (edited["title"], edited["edition"], edited["campaign_id"]) == ("新的标题", 2, None)
    assert shop.edits(town, lid, edition=1, title="新的标题").expect(200) == edited, "sent again"
    late = shop.edits(town, lid, edition=1, title="别的标题")
    assert (late.status, late.body["code"], late.body["edition"]) == (409, "live_code_edited", 2)
    assert shop.looks(town.person(), lid)["title"] == "新的标题"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": "分享到三个群才能进群"}, "/title"),
        ({"text": "转发朋友圈领红包"}, "/text"),
        ({"campaign_id": "01HNOSUCHCAMPAIGN000000000"}, "/campaign_id"),
    ],
)
def test_texts_that_no_text_may_say_are_refused(town: Town, change: dict[str, Any], field: str) -> None:
    for reply in (shop.makes(town, **change), shop.edits(town, shop.made(town), **change)):
        assert (reply.status, reply.body["code"], pointer(reply)) == (422, "invalid_field", field)


def test_a_draft_is_no_campaign_to_belong_to(town: Town) -> None:
    draft = town.admin.post("/v1/admin/campaigns", {"offer": demo_offer(now=clock.now())})["campaign_id"]
    assert shop.makes(town, campaign_id=draft).status == 422


def test_target_titles_are_read_too(town: Town) -> None:
    bad = shop.page(title="转发朋友圈领红包")
    assert pointer(shop.makes(town, shop.page(), bad)) == "/targets/1/title"
    assert pointer(shop.adds(town, shop.made(town), bad)) == "/title"
    lid = shop.made(town, shop.page())
    assert pointer(shop.retargets(town, lid, 1, title=bad["title"])) == "/title"


def test_a_picture_that_nobody_can_scan_is_no_groups(town: Town) -> None:
    plain = posters.sent(town)
    refused = shop.makes(town, shop.group(picture=plain))
    assert (refused.expect(422)["code"], pointer(refused)) == ("live_picture_unread", "/targets/0/to/picture_id")


def test_a_store_is_called_by_no_forbidden_words(town: Town) -> None:
    luring = shop.store()
    luring["to"]["address"] = "转发朋友圈领红包路1号"
    assert pointer(shop.makes(town, luring)) == "/targets/0/to/address"


def test_a_picture_must_be_there(town: Town) -> None:
    reply = shop.makes(town, shop.page(), shop.group(picture="nothing"))
    assert (reply.status, reply.body["code"], pointer(reply)) == (
        422,
        "live_picture_unknown",
        "/targets/1/to/picture_id",
    )
    lid = shop.made(town, shop.group())
    assert pointer(shop.adds(town, lid, shop.group(picture="nothing"))) == "/to/picture_id"
    assert pointer(shop.retargets(town, lid, 1, to={"picture_id": "nothing"})) == "/to/picture_id"


def test_a_target_is_added_behind_the_others_once(town: Town) -> None:
    lid = shop.made(town, shop.group(1))
    shop.takes(town.person("ann"), lid).expect(200)
    key = "one-key-for-one-target"
    added = shop.adds(town, lid, shop.group(2, picture="QR2"), key=key).expect(201)
    assert [t["number"] for t in added["targets"]] == [1, 2]
    assert shop.adds(town, lid, shop.group(2, picture="QR2"), key=key).expect(201) == added
    assert shop.sent_to(town.person("ben"), lid) == 2


def test_a_code_has_so_many_targets_and_no_more(town: Town) -> None:
    lid = shop.made(town, *[shop.page()] * 5)
    assert sum(t["parts"] for t in shop.record(town, lid)["targets"]) == 90
    full = shop.adds(town, lid, shop.group())
    assert (full.status, full.body["code"]) == (409, "live_targets_full")
    assert [t["parts"] for t in shop.record(town, lid)["targets"]] == [20, 20, 20, 20, 10]


def test_a_capacity_is_raised_and_lowered_to_what_is_taken(town: Town) -> None:
    lid = shop.made(town, shop.group(3))
    people = [town.person(f"p{n}") for n in range(3)]
    for person in people[:2]:
        shop.takes(person, lid).expect(200)
    low = shop.retargets(town, lid, 1, capacity=1)
    assert (low.status, low.body["code"], low.body["taken"]) == (409, "live_capacity_taken", 2)
    assert shop.retargets(town, lid, 1, capacity=2).expect(200)["targets"][0]["left"] == 0
    assert shop.takes(people[2], lid).body["code"] == "live_code_full"
    assert shop.retargets(town, lid, 1, capacity=200).expect(200)["targets"][0]["left"] == 198
    assert shop.sent_to(people[2], lid) == 1


def test_a_page_grows_wide_when_it_is_raised(town: Town) -> None:
    lid = shop.made(town, shop.page(10))
    for n in range(4):
        shop.takes(town.person(f"p{n}"), lid).expect(200)
    (target,) = shop.retargets(town, lid, 1, capacity=5000).expect(200)["targets"]
    assert (target["parts"], target["taken"], target["left"]) == (10, 4, 4996)
    for n in range(4, 12):
        shop.takes(town.person(f"p{n}"), lid).expect(200)
    assert sum(part.taken > 0 for part in shop.parts(town, lid, 1)) > 2
    (target,) = shop.retargets(town, lid, 1, capacity=12).expect(200)["targets"]
    assert (target["parts"], target["taken"], target["left"]) == (10, 12, 0)


def test_a_target_is_edited_as_it_was_read_and_stays_what_it_is(town: Town) -> None:
    lid = shop.made(town, shop.page(10), shop.store())
    edited = shop.retargets(town, lid, 1, edition=1, capacity=20).expect(200)
    assert shop.retargets(town, lid, 1, edition=1, capacity=20).expect(200) == edited, "sent again"
    assert shop.retargets(town, lid, 1, edition=1, capacity=30).body["code"] == "live_code_edited"
    other = town.admin.call("PUT", f"/v1/admin/live-codes/{lid}/targets/1", {**shop.store(), "edition": 2})
    assert (other.status, pointer(other)) == (422, "/to/kind")
    assert (
        shop.retargets(town, lid, 2, to={"phone": "0571-11112222"}).expect(200)["targets"][1]["to"]["phone"]
        == "0571-11112222"
    )


def test_a_title_may_change_while_a_qr_code_is_over(town: Town) -> None:
    lid = shop.made(town, shop.group(days=1))
    clock.advance(86_400)
    assert shop.retargets(town, lid, 1, title="二群").expect(200)["targets"][0]["expired"] is True
    assert pointer(shop.retargets(town, lid, 1, capacity=10)) == "/to/until"


def test_targets_are_closed_and_reopened_once(town: Town) -> None:
    lid = shop.made(town, shop.page(1000))
    key = "one-key-for-closing-it"
    closed = shop.turns(town, lid, 1, "close", key=key).expect(200)
    assert closed["targets"][0]["state"] == "closed"
    assert shop.turns(town, lid, 1, "close", key=key).expect(200) == closed
    again = shop.turns(town, lid, 1, "close")
    assert (again.status, again.body["code"]) == (409, "live_target_state")
    assert {part.state.value for part in shop.parts(town, lid, 1)} == {"closed"}
    assert shop.turns(town, lid, 1, "reopen").expect(200)["targets"][0]["state"] == "open"
    for number in ("0", "2", "x", "1000", "١"):
        assert town.admin.call("POST", f"/v1/admin/live-codes/{lid}/targets/{number}/close", {}).status == 404


def test_nothing_of_an_ended_code_changes(town: Town) -> None:
    lid = shop.made(town, shop.group())
    shop.moves(town, lid, "pause").expect(200)
    key = "one-key-for-ending-it"
    ended = shop.moves(town, lid, "end", key=key).expect(200)
    assert shop.moves(town, lid, "end", key=key).expect(200) == ended
    for reply in (
        shop.moves(town, lid, "end"),
        shop.moves(town, lid, "pause"),
        shop.edits(town, lid, title="别的"),
        shop.adds(town, lid, shop.page()),
        shop.retargets(town, lid, 1, capacity=5),
        shop.turns(town, lid, 1, "close"),
    ):
        assert (reply.status, reply.body["code"], reply.body["state"]) == (409, "live_code_state", "ended")


def test_whatever_a_merchant_did_is_in_his_log(town: Town) -> None:
    lid = shop.made(town, shop.page())
    shop.edits(town, lid, title="别的").expect(200)
    shop.adds(town, lid, shop.group(7)).expect(201)
    shop.retargets(town, lid, 2, capacity=9).expect(200)
    shop.turns(town, lid, 1, "close").expect(200)
    shop.turns(town, lid, 1, "reopen").expect(200)
    for act in ("pause", "resume", "end"):
        shop.moves(town, lid, act).expect(200)
    assert sorted(audited(town), key=str) == sorted(
        [
            ("live_code.create", {"name": "收银台立牌"}),
            ("live_code.edit", {}),
            ("live_code.add", {"target": "2", "capacity": "7"}),
            ("live_code.edit_target", {"target": "2", "capacity": "9"}),
            ("live_code.close", {"target": "1"}),
            ("live_code.reopen", {"target": "1"}),
            *((f"live_code.{act}", {}) for act in ("pause", "resume", "end")),
        ],
        key=str,
    )


def test_who_scanned_is_listed_latest_first_over_all_parts(town: Town) -> None:
    lid = shop.made(town, shop.page(2000))
    came = []
    for n in range(7):
        person = town.person(f"p{n}")
        shop.takes(person, lid).expect(200)
        came.append(person.uid)
        clock.advance(1)
    assert len({scan.pk for scan in shop.scanned(town, lid)}) > 1
    listed, query = [], "?limit=3"
    for _ in range(3):
        page = shop.scans(town, lid, 1, query)
        listed += [scan["user_id"] for scan in page["scans"]]
        query = f"?limit=3&cursor={page['cursor']}"
    assert (listed, page["cursor"]) == (came[::-1], None)
    assert town.admin.call("GET", f"/v1/admin/live-codes/{lid}/targets/1/scans?cursor=abc").status == 422


def test_days_are_counted_over_all_parts(town: Town) -> None:
    lid = shop.made(town, shop.page(2000))
    for day in range(3):
        for n in range(day + 2):
            shop.takes(town.person(f"p{day}-{n}"), lid).expect(200)
        clock.advance(86_400)
    first = shop.days(town, lid, 1, "?limit=2")
    assert [(day["day"], day["scans"]) for day in first["days"]] == [("2026-11-13", 4), ("2026-11-12", 3)]
    second = shop.days(town, lid, 1, f"?limit=2&cursor={first['cursor']}")
    assert [(day["day"], day["scans"]) for day in second["days"]] == [("2026-11-11", 2)]
    assert second["cursor"] is None


def test_a_merchant_is_told_of_qr_codes_that_end(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    lid = shop.made(town, shop.group(days=3), shop.group(days=5), shop.page())
    assert shop.stored(town, lid).due == clock.now() + timedelta(days=2)
    told = []
    for _ in range(6):
        clock.advance(86_400)
        town.minute()
        out = capsys.readouterr().out
        told.append((out.count('"event":"live_qr_ending"'), re.findall(r'"LiveQrEnding":(\d)', out)))
    assert told == [(0, []), (1, ["1"]), (1, ["1"]), (2, ["2"]), (2, ["2"]), (0, [])]
    assert shop.stored(town, lid).due is None
    shop.retargets(town, lid, 1, to={"until": clock.iso(shop.in_days(7))}).expect(200)
    assert shop.stored(town, lid).due == clock.now() + timedelta(days=6)
    shop.turns(town, lid, 1, "close").expect(200)
    assert shop.stored(town, lid).due is None
