"""How a merchant pays cash: said as a whole, over what was read, once; and what is missing is told."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.core import clock
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import read_one
from chalicelib.core.transaction import update_one
from chalicelib.merchants import cash
from chalicelib.merchants.cash import CashSetup, setup_key
from chalicelib.merchants.service import bill_due_at
from infra.local.client import Reply
from tests.merchants.cash import READY, set_up, terms
from tests.town import Town

PATH = "/v1/admin/cash"


def stored(town: Town) -> CashSetup:
    found = read_one(CashSetup, setup_key(MerchantId(town.merchant.mid)))
    assert found is not None
    return found


def said(town: Town, edition: str | None, **changes: Any) -> Reply:
    return town.admin.call("PUT", PATH, {"edition": edition, "terms": {**READY, **changes}})


def codes(answer: Any) -> list[str]:
    return [lack["code"] for lack in answer["missing"]]


def logged(town: Town) -> list[dict[str, str]]:
    entries = town.admin.get("/v1/admin/audit?limit=50")["entries"]
    return [entry["detail"] for entry in entries if entry["action"] == "cash.terms"]


def test_before_anything_is_said_all_is_missing(town: Town) -> None:
    shown = town.admin.get(PATH)
    assert (shown["edition"], shown["terms"], shown["operations"]) == (None, None, None)
    assert codes(shown) == ["kind", "marketing", "commission", "egress_address", "operations_fen"]
    assert [lack["needed_for"] for lack in shown["missing"]] == ["all", "gifts", "commission", "all", "all"]
    assert all(lack["zh"] and lack["en"] and lack["zh"] != lack["en"] for lack in shown["missing"])


def test_what_was_said_is_shown_with_its_defaults(town: Town) -> None:
    answer = set_up(town)
    assert answer == town.admin.get(PATH)
    assert answer["terms"] == {
        **READY,
        "marketing": {"scene_id": "1000", "red_packet": False},
        "limits": {"times_a_day": 10, "fen_a_day": 100_000, "fen_a_year": 1_000_000, "most_fen": 20_000},
        "paused": False,
    }
    assert answer["operations"] == {"balance_fen": 1_000_000, "seen_by": "merchant", "seen_at": "2026-11-11T12:00:00Z"}
    assert answer["missing"] == []


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"kind": "individual"}, ["kind"]),
        ({"kind": "micro"}, ["kind"]),
        ({"marketing": None}, ["marketing"]),
        ({"commission": None}, ["commission"]),
        ({"egress_address": None}, ["egress_address"]),
        ({"operations_fen": 9}, ["operations_fen"]),
        ({"operations_fen": 10}, []),
    ],
)
def test_each_thing_that_is_missing_is_told_by_itself(town: Town, changes: Any, missing: list[str]) -> None:
    assert codes(set_up(town, **changes)) == missing


def test_the_first_time_begins_the_comparison_with_the_bills_and_no_other_time_does(town: Town) -> None:
    clock.advance(5 * 3600)
    first = set_up(town)
    today = date(2026, 11, 12)
    assert (stored(town).flow_day, stored(town).due) == (today.isoformat(), bill_due_at(today))
    clock.advance(86_400)
    set_up(town, first["edition"], paused=True)
    assert (stored(town).flow_day, stored(town).due) == (today.isoformat(), bill_due_at(today))


@pytest.mark.parametrize("name", ["post", "description"])
def test_what_wechat_is_told_of_a_commission_says_something(town: Town, name: str) -> None:
    words = {"post": "推广员", "description": "推荐奖励", name: "  "}
    refused = said(town, None, commission=words)
    assert (refused.status, refused.body["errors"][0]["pointer"]) == (422, f"/terms/commission/{name}")


def test_the_same_again_is_the_same_answer_and_is_logged_once(town: Town) -> None:
    first = set_up(town)
    second = set_up(town, first["edition"], operations_fen=5)
    clock.advance(60)
    assert set_up(town, first["edition"], operations_fen=5) == second
    assert len(logged(town)) == 2
    assert said(town, None).body["code"] == "cash_terms_changed"


def test_an_answer_that_was_lost_is_found(town: Town) -> None:
    town.emulator.meanwhile(lambda: set_up(town), "TransactWriteItems")
    assert set_up(town)["edition"] == stored(town).edition
    assert len(logged(town)) == 1


def test_who_read_something_else_is_told_so(town: Town) -> None:
    for edition in ("0123456789ABCDEF", None):
        if edition is None:
            set_up(town, operations_fen=7)
        refused = said(town, edition)
        assert (refused.status, refused.body["code"]) == (409, "cash_terms_changed")
        assert refused.body["edition"] == (None if edition else stored(town).edition)


def test_two_who_change_it_at_once_do_not_overwrite_one_another(town: Town) -> None:
    first = set_up(town)["edition"]
    town.emulator.meanwhile(lambda: set_up(town, first, paused=True), "TransactWriteItems")
    assert said(town, first, operations_fen=1).body["code"] == "cash_terms_changed"
    assert stored(town).terms == terms(paused=True)


def test_to_say_it_back_as_it_was_is_a_change_of_its_own(town: Town) -> None:
    first = set_up(town)
    paused = set_up(town, first["edition"], paused=True)
    back = set_up(town, paused["edition"])
    assert back["terms"] == first["terms"]
    assert len({one["edition"] for one in (first, paused, back)}) == 3


def test_the_log_says_what_changed(town: Town) -> None:
    first = set_up(town)
    clock.advance(1)
    set_up(town, first["edition"], paused=True, egress_address=None)
    changed, begun = logged(town)
    assert changed == {"paused": "false → true", "egress_address": '"203.0.113.7" → null'}
    assert set(begun) == {*READY, "limits", "paused"}
    assert begun["kind"] == '"company"'


def test_whoever_saw_the_account_last_is_believed(town: Town) -> None:
    first = set_up(town)
    clock.advance(3600)
    seen = [CashSetup.seen_fen.set(400), CashSetup.seen_at.set(clock.now())]
    update_one(stored(town), seen, when={})
    shown = town.admin.get(PATH)
    assert shown["operations"] == {"balance_fen": 400, "seen_by": "bill", "seen_at": "2026-11-11T13:00:00Z"}
    assert (shown["terms"]["operations_fen"], shown["edition"]) == (400, first["edition"])
    clock.advance(1)
    again = set_up(town, shown["edition"], operations_fen=900)
    assert again["operations"] == {"balance_fen": 900, "seen_by": "merchant", "seen_at": "2026-11-11T13:00:01Z"}
    assert town.admin.get(PATH) == again
    assert stored(town).seen_fen == 400


def test_whoever_reads_it_here_reads_the_change_at_once(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    mid = MerchantId(town.merchant.mid)
    monkeypatch.setattr(cash, "config", lambda: cash_kept)
    first = set_up(town)
    assert cash.terms(mid) == terms()
    set_up(town, first["edition"], paused=True)
    assert cash.terms(mid) == terms(paused=True)
    cash.forget(mid)


class cash_kept:  # noqa: N801
    """A configuration under which it is kept for a while."""

    cache_seconds = timedelta(hours=1).total_seconds()


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"kind": "shop"}, "/terms/kind"),
        ({"kind": None}, "/terms/kind"),
        ({"egress_address": "203.0.113.256"}, "/terms/egress_address"),
        ({"egress_address": "203.0.113"}, "/terms/egress_address"),
        ({"marketing": {"scene_id": "x"}}, "/terms/marketing/scene_id"),
        ({"commission": {"post": "推广员"}}, "/terms/commission/description"),
        ({"commission": {"post": "推" * 33, "description": "佣金"}}, "/terms/commission/post"),
        ({"operations_fen": -1}, "/terms/operations_fen"),
        ({"limits": {"times_a_day": 0}}, "/terms/limits/times_a_day"),
        ({"limits": {"most_fen": 100_001}}, "/terms/limits/most_fen"),
        ({"limits": {"fen_a_day": 1_000_001}}, "/terms/limits/fen_a_day"),
        ({"secret": 1}, "/terms/secret"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(town: Town, changes: Any, pointer: str) -> None:
    refused = said(town, None, **changes)
    assert (refused.status, refused.body["errors"][0]["pointer"]) == (422, pointer)
    assert town.admin.get(PATH)["edition"] is None


def test_limits_may_be_as_wide_as_one_another(town: Town) -> None:
    limits = {"most_fen": 500, "fen_a_day": 500, "fen_a_year": 500}
    assert set_up(town, limits=limits)["terms"]["limits"] == {"times_a_day": 10, **limits}
