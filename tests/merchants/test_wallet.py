"""What a merchant declares before he sells value: said as a whole, over what was read, in terms that are not void."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.core.ids import MerchantId
from chalicelib.merchants import wallet
from chalicelib.merchants.wallet import UNNAMED_FEN, Declared
from chalicelib.merchants.wallet_words import void_terms
from infra.local.client import Reply
from tests.merchants.test_cash import cash_kept
from tests.merchants.wallet import FILED, PATH, filed, files
from tests.town import Town


def said(town: Town, edition: str | None, **changes: Any) -> Reply:
    return town.admin.call("PUT", PATH, {"edition": edition, "terms": {**FILED, **changes}})


def logged(town: Town) -> list[dict[str, str]]:
    entries = town.admin.get("/v1/admin/audit?limit=50")["entries"]
    return [entry["detail"] for entry in entries if entry["action"] == "wallet.terms"]


def test_before_it_is_declared_there_is_nothing(town: Town) -> None:
    shown = town.admin.get(PATH)
    assert (shown["edition"], shown["terms"], shown["cap_fen"]) == (None, None, None)
    assert (shown["unnamed_cap_fen"], shown["named_cap_fen"]) == (100_000, 500_000)
    assert wallet.cap_fen(MerchantId(town.merchant.mid)) == UNNAMED_FEN


def test_what_was_declared_is_shown_and_a_real_name_raises_the_cap(town: Town) -> None:
    first = files(town)
    shown = town.admin.get(PATH)
    assert (shown["edition"], shown["terms"], shown["cap_fen"]) == (first, {**FILED, "paused": False}, 100_000)
    files(town, named=True)
    assert (town.admin.get(PATH)["cap_fen"], wallet.cap_fen(MerchantId(town.merchant.mid))) == (500_000, 500_000)


def test_the_same_again_is_the_same_and_another_who_read_something_else_is_told_so(town: Town) -> None:
    first = files(town)
    second = said(town, first, paused=True).expect(200)
    assert said(town, first, paused=True).expect(200) == second
    refused = said(town, first, named=True)
    assert (refused.status, refused.body["code"], refused.body["edition"]) == (
        409,
        "wallet_terms_changed",
        second["edition"],
    )
    changed, begun = sorted(logged(town), key=len)
    assert changed == {"paused": "false → true"}
    assert set(begun) == {*FILED, "paused"}
    assert begun["filing_number"] == '"330106AAA0001"'


def test_two_who_change_it_at_once_do_not_overwrite_one_another(town: Town) -> None:
    first = files(town)
    town.emulator.meanwhile(lambda: said(town, first, paused=True), "TransactWriteItems")
    assert said(town, first, named=True).body["code"] == "wallet_terms_changed"


def test_whoever_reads_it_here_reads_the_change_at_once(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    mid = MerchantId(town.merchant.mid)
    monkeypatch.setattr(wallet, "config", lambda: cash_kept)
    first = files(town)
    assert wallet.declared(mid) == Declared(filed(), first)
    second = files(town, paused=True)
    assert wallet.declared(mid) == Declared(filed(paused=True), second)
    wallet.forget(mid)


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"filing_number": ""}, "/terms/filing_number"),
        ({"filing_number": "  "}, "/terms/filing_number"),
        ({"filed_with": "……"}, "/terms/filed_with"),
        ({"terms_zh": " "}, "/terms/terms_zh"),
        ({"terms_en": "x" * 2001}, "/terms/terms_en"),
        ({"terms_zh": "一经售出，概不退换。"}, "/terms/terms_zh"),
        ({"terms_en": "All cards are non-refundable."}, "/terms/terms_en"),
        ({"named": 1}, "/terms/named"),
        ({"secret": 1}, "/terms/secret"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(town: Town, changes: dict[str, Any], pointer: str) -> None:
    refused = said(town, None, **changes)
    assert (refused.status, refused.body["errors"][0]["pointer"]) == (422, pointer)
    assert town.admin.get(PATH)["edition"] is None


@pytest.mark.parametrize(
    ("text", "void"),
    [
        ("一经售出，概不 退换", "概不退换"),
        ("本卡不得轉讓", "不得转让"),
        ("储值不予办理退款", "不予办理退款"),
        ("退款不予受理", "退款不予受理"),
        ("本店拒绝退款", "拒绝退款"),
        ("余额不退", "余额不退"),
        ("逾期未用自动作废", "逾期未用自动作废"),
        ("本店拥有最终解释权", "最终解释权"),
        ("No refunds.", "no refunds"),
        ("It cannot be refunded", "cannot be refunded"),
        ("The card may not be transferred.", "may not be transferred"),
        ("all sales final", "all sales final"),
        ("Money left is forfeited", "forfeited"),
        ("购买后七天内可以无理由退款", None),
        ("本店不会以任何理由拒绝退款", None),
        ("不收取退款手续费", None),
        ("不可兑换现金，不可提现", None),
        ("未使用的部分可随时退还", None),
        ("Refunds go back the way they were paid. There is no refund fee.", None),
        ("It never expires and is not paid out as cash.", None),
    ],
)
def test_terms_that_the_law_makes_void_are_found_and_others_are_not(text: str, void: str | None) -> None:
    assert void_terms(text) == void
