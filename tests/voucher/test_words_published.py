"""A word belongs to one campaign of its merchant that is not over."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.campaigns import spelling
from chalicelib.campaigns.items import Spelled, spelled_key
from chalicelib.core import clock
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import read_one
from chalicelib.voucher import letters
from chalicelib.voucher.words import read_as_word
from infra.local.client import Api
from tests.bench.capacity import warm_caches
from tests.town import Town, send
from tests.voucher import words


def leads_to(town: Town, word: str = words.HAPPY) -> str | None:
    found = read_one(Spelled, spelled_key(MerchantId(town.merchant.mid), spelling.normal(word)))
    return found.cid if found is not None else None


def soon(days: float) -> str:
    return clock.iso(clock.now() + timedelta(days=days))


def test_a_draft_has_no_word_yet(town: Town) -> None:
    cid = words.drafted(town)
    assert leads_to(town) is None
    words.publishes(town, cid).expect(200)
    assert leads_to(town) == cid


@pytest.mark.parametrize("word", [words.HAPPY, "双十一 快乐！"])
@pytest.mark.parametrize("state", ["running", "paused", "to begin"])
def test_a_word_that_is_anothers_is_refused_and_it_is_said_whose(town: Town, word: str, state: str) -> None:
    later: dict[str, Any] = {"starts_at": soon(1), "ends_at": soon(2)} if state == "to begin" else {}
    first = words.spoken(town, **later)
    if state == "paused":
        town.admin.post(f"/v1/admin/campaigns/{first}/pause")
    second = words.drafted(town, word=word)
    refused = words.publishes(town, second).expect(409)
    assert (refused["code"], refused["campaign_id"]) == ("word_taken", first)
    assert town.admin.get(f"/v1/admin/campaigns/{second}")["status"] == "draft"
    assert leads_to(town) == first


def test_whoever_ends_a_campaign_may_have_its_word_again(town: Town) -> None:
    first, second = words.spoken(town), words.drafted(town)
    ann = town.person("ann")
    words.says(ann).expect(201)
    words.ends(town, first)
    words.publishes(town, second).expect(200)
    assert leads_to(town) == second
    assert words.says(ann).expect(201)["campaign_id"] == second


def test_a_word_is_free_when_its_campaign_is_over_by_its_document(town: Town) -> None:
    first = words.spoken(town, ends_at=soon(1))
    second = words.drafted(town, ends_at=soon(30))
    clock.advance(86_399)
    assert words.publishes(town, second).expect(409)["campaign_id"] == first
    clock.advance(1)
    words.publishes(town, second).expect(200)
    assert leads_to(town) == second


def test_the_same_publication_sent_again_is_the_same(town: Town) -> None:
    cid = words.drafted(town)
    words.publishes(town, cid, key="one-key-to-publish-it").expect(200)
    words.publishes(town, cid, key="one-key-to-publish-it").expect(200)
    assert leads_to(town) == cid


def test_of_two_publications_at_once_one_has_the_word(town: Town) -> None:
    first, second = words.drafted(town), words.drafted(town)
    other: list[int] = []
    town.emulator.meanwhile(lambda: other.append(words.publishes(town, second).status))
    refused = words.publishes(town, first).expect(409)
    assert (other, refused["code"], refused["campaign_id"]) == ([200], "word_taken", second)


def test_of_two_that_take_over_at_once_one_has_the_word(town: Town) -> None:
    over = words.spoken(town)
    words.ends(town, over)
    first, second = words.drafted(town), words.drafted(town)
    town.emulator.meanwhile(lambda: words.publishes(town, second).expect(200))
    assert words.publishes(town, first).expect(409)["campaign_id"] == second


def test_another_merchant_may_have_the_same_word(town: Town) -> None:
    words.spoken(town)
    other = Api(send, town.second().api_key)
    cid = other.post("/v1/admin/campaigns", {"offer": words.offer()})["campaign_id"]
    other.post(f"/v1/admin/campaigns/{cid}/publish")


def test_what_reads_as_a_code_can_be_no_word() -> None:
    """Whatever is read as a code has a code's length as a word too: none can be published that would never be found."""
    assert set(letters.GROUPS) == spelling.CODE_LENGTHS
    for text in ("HAPPY-2026", "happy 2026", "ｈａｐｐｙ２０２６", "ıııııııı", "ſſſſſſſſ", "K7M2Q-9XW0T-3H6D"):
        assert letters.is_code(letters.normal(text)), text
        assert spelling.reads_as_code(spelling.normal(text)), text
        assert read_as_word(text) is None
    assert read_as_word("双十一快乐") == "双十一快乐"
    assert read_as_word("双11快乐 K7M2Q9") == "双11快乐k7m2q9"


def test_a_process_remembers_where_a_word_leads_and_that_there_is_none(town: Town) -> None:
    with warm_caches(30):
        cid, ann = words.drafted(town), town.person("ann")
        assert words.says(ann).expect(409)["code"] == "code_invalid"
        words.publishes(town, cid).expect(200)
        with town.emulator.counting() as calls:
            words.says(ann).expect(409)
        # It is believed for five seconds of the machine's clock that there is none.
        assert [call.operation for call in calls] == ["UpdateItem"]
