"""Value that is spent later is sold by those alone who have filed it, as the gate saw it."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from chalicelib.campaigns.gate import UNKNOWN, Shop, findings
from chalicelib.campaigns.kinds.topup import TopUpOffer
from tests.campaigns.cases import offered
from tests.campaigns.cases_topup import purse
from tests.conftest import START
from tests.family.topup_shop import offer
from tests.merchants.wallet import files, shop
from tests.town import Town

CAMPAIGNS = "/v1/admin/campaigns"


def found(play: str, at: Shop, changes: dict[str, Any] | None = None) -> list[tuple[str, str]]:
    refused = findings(offered(play, changes or {}), START, at)
    assert all(one.zh and one.en and one.zh != one.en and one.word is None for one in refused)
    return [(one.check, one.pointer) for one in refused]


@pytest.mark.parametrize(
    ("play", "changes", "pointer"),
    [("topup", {}, "/skus/0/value_fen"), ("codes", purse(500, funding="sold"), "/brings/fen")],
)
def test_whoever_has_filed_nothing_or_pauses_sells_nothing(play: str, changes: dict[str, Any], pointer: str) -> None:
    assert found(play, UNKNOWN, changes) == found(play, shop(paused=True), changes) == [("WALLET_KIND", pointer)]
    assert found(play, shop(), changes) == []


def test_what_is_given_needs_no_filing() -> None:
    assert found("codes", UNKNOWN, purse(500_000, budget={"fen": 500_000})) == []


def test_a_real_name_raises_the_cap() -> None:
    over = {"/skus/1/value_fen": 100_001}
    assert found("topup", shop(), over) == [("WALLET_KIND", "/skus/1/value_fen")]
    assert found("topup", shop(named=True), {"/skus/1/value_fen": 500_000}) == []
    assert found("topup", shop(named=True), {"/skus/1/value_fen": 500_001}) == [("WALLET_KIND", "/skus/1/value_fen")]


class Elsewhere(TopUpOffer, forbid_unknown_fields=True, kw_only=True, frozen=True, tag="elsewhere"):
    """A kind that says no more than that it sells such value."""

    @property
    def prepaid(self) -> tuple[()]:
        return ()

    @property
    def sells_prepaid(self) -> bool:
        return True


def test_a_kind_may_say_no_more_than_that_it_sells_such_value() -> None:
    plain = msgspec.to_builtins(offered("topup", {}))
    document = msgspec.convert({**plain, "kind": "elsewhere"}, Elsewhere)
    assert [(one.check, one.pointer) for one in findings(document, START)] == [("WALLET_KIND", "/kind")]
    assert findings(document, START, shop()) == []


def test_a_campaign_is_published_by_the_declaration_that_the_gate_saw(town: Town) -> None:
    def drafted() -> str:
        return str(town.admin.post(CAMPAIGNS, {"offer": offer()})["campaign_id"])

    def publish(cid: str) -> Any:
        return town.admin.call("POST", f"{CAMPAIGNS}/{cid}/publish", {})

    refused = publish(drafted())
    assert (refused.status, {one["check"] for one in refused.body["findings"]}) == (422, {"WALLET_KIND"})
    files(town)
    publish(drafted()).expect(200)
    another = drafted()
    town.emulator.meanwhile(lambda: files(town, paused=True), "TransactWriteItems")
    assert publish(another).body["code"] == "gate_refused"
