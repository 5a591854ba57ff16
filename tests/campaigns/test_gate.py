"""Every check of the gate: a campaign that violates it alone, and the nearest one that is lawful, for every play."""

from __future__ import annotations

import pytest

from chalicelib.campaigns.copy_lint import CATEGORIES, rules, texts
from chalicelib.campaigns.gate import CHECKS, RULES_VERSION, Check, check, checks, findings
from chalicelib.campaigns.offer import Offer
from tests.campaigns.cases import BEYOND, GENERAL, KINDS, PLAYS, SHOP, SOLD, Case, later, offered
from tests.campaigns.cases_codes import CODES, WORD
from tests.campaigns.cases_giving import GIVING, RAIN
from tests.campaigns.cases_plays import BARGAIN, GROUPBUY, NEW, WORDS
from tests.campaigns.cases_topup import PURSE, TOPUP
from tests.campaigns.points import POINT
from tests.conftest import START

CASES = [
    *GENERAL,
    *WORDS,
    *GIVING,
    *(case._replace(plays=("rain",)) for case in RAIN),
    *(case._replace(plays=("codes",)) for case in CODES),
    *(case._replace(plays=("word",)) for case in WORD),
    *(case._replace(plays=("topup",)) for case in TOPUP),
    *(case._replace(plays=("codes",)) for case in PURSE),
    *(case._replace(plays=("groupbuy",)) for case in GROUPBUY),
    *(case._replace(plays=("bargain",)) for case in BARGAIN),
    *NEW,
]
EACH = [(play, case) for case in CASES for play in case.plays]
NAMED = [f"{case.check}-{play}-{n}" for n, (play, case) in enumerate(EACH)]


@pytest.mark.parametrize("play", PLAYS)
def test_the_plain_campaign_passes(play: str) -> None:
    assert findings(offered(play, {}), START, SHOP) == []


@pytest.mark.parametrize(("play", "case"), EACH, ids=NAMED)
def test_a_campaign_that_violates_one_check_is_refused_by_it_alone(play: str, case: Case) -> None:
    found = findings(offered(play, case.wrong), START, SHOP)
    assert {(one.check, one.pointer) for one in found} == {(case.check, case.pointer)}
    assert all(one.zh and one.en and one.zh != one.en for one in found)


@pytest.mark.parametrize(("play", "case"), EACH, ids=NAMED)
def test_the_nearest_lawful_campaign_passes(play: str, case: Case) -> None:
    assert findings(offered(play, case.right), START, SHOP) == []


@pytest.mark.parametrize("play", PLAYS)
def test_every_check_of_a_play_is_violated_by_some_case(play: str) -> None:
    possible = set(checks(offered(play, {}))) - BEYOND.get(play, set())
    assert {case.check for where, case in EACH if where == play} == possible
    assert set(checks(offered(play, {}))) == {one.name for one in CHECKS if issubclass(KINDS[play], one.of)}


def test_a_window_that_has_passed_or_runs_backwards_is_named_once() -> None:
    for starts, ends in ((-9, -8), (3, 2)):
        found = findings(offered("groupbuy", {"/starts_at": later(starts), "/ends_at": later(ends)}), START)
        assert [one.pointer for one in found if one.check == "WINDOW_SANE"] == ["/ends_at"]


@pytest.mark.parametrize("play", SOLD)
def test_every_text_that_people_read_is_read(play: str) -> None:
    points = {"/skus/0/fulfilment": "pickup", "/pickup_points": [POINT]}
    read = texts(offered(play, points))
    assert {pointer.rsplit("/", 1)[1] for pointer in read} == {
        *("title", "description", "rules_text", "eligibility", "result", "refund_terms", "host_name", "host_contact"),
        *("reference_basis", "name", "address", "hours"),
    }
    for pointer in read:
        spoiled = offered(play, {**points, pointer: f"{read[pointer][:20]} 只差·一步"})
        (found,) = findings(spoiled, START)
        assert (found.check, found.pointer, found.word, found.allowable) == ("COPY_LINT", pointer, "只差·一步", True)


def test_ids_and_addresses_of_pictures_are_no_texts() -> None:
    ids = {
        "/skus/0/sku_id": "no1brand",
        "/skus/0/external_sku_id": "no1brand",
        "/skus/0/image_url": "https://a.cn/no1brand",
    }
    assert findings(offered("groupbuy", ids), START) == []


def test_a_superlative_in_a_name_an_address_or_a_basis_is_no_praise() -> None:
    point = {**POINT, "name": "顶级茶城店", "address": "国家级新区顶级路 1 号"}
    named = {"/rule_sheet/host_name": "顶级茶业", "/skus/0/reference_basis": "近 7 日全网最低成交价"}
    plain = {"/skus/0/fulfilment": "pickup", "/pickup_points": [point], **named}
    assert findings(offered("groupbuy", plain), START) == []
    (found,) = findings(offered("groupbuy", {**plain, "/title": "顶级茶"}), START)
    assert (found.check, found.pointer) == ("COPY_LINT", "/title")


def test_everything_that_forbids_is_told_at_once() -> None:
    wrong = {"/title": "只差一步", "/description": "转发领券，带你躺赚，最佳，顶级", "/skus/0/stock": 1}
    found = [(one.check, one.word) for one in findings(offered("groupbuy", wrong), START)]
    assert sorted(found, key=str) == [
        ("COPY_LINT", "只差一步"),
        ("COPY_LINT", "最佳"),
        ("COPY_LINT", "顶级"),
        ("GROUP_FITS", None),
        ("REWARD_DEPTH", "躺赚"),
        ("SHARE_DEEP_ACTION", "转发领券"),
    ]


def test_two_checks_of_one_document_have_two_names() -> None:
    before = list(CHECKS)
    with pytest.raises(ValueError, match="PRICE_BASIS"):
        check("PRICE_BASIS", Offer)(lambda offer, now: iter(()))
    assert before == CHECKS
    assert all(isinstance(one, Check) for one in CHECKS)


def test_a_change_of_checks_or_words_changes_the_rules_that_a_snapshot_names() -> None:
    """Whoever changes a check or a word writes the new rules here, and a new check raises `RULES_VERSION`."""
    assert rules() == "8.35912ddaa9fa"
    assert (RULES_VERSION, len({one.name for one in CHECKS}), len(CATEGORIES)) == (8, 36, 14)
