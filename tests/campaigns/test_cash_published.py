"""What gives cash is published by a merchant who is ready, as the gate saw him; and some gifts are never cash."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.core import clock
from chalicelib.core.ids import MerchantId
from chalicelib.core.transaction import update_one
from chalicelib.merchants.cash import CashSetup, setup_key
from tests.campaigns.cash import AFTER, BUDGET, GIVING, sold
from tests.campaigns.rewards import CASH, PACKET, after_order, gift, rain_offer
from tests.inviting.shop import bare
from tests.merchants.cash import set_up
from tests.redpacket.shop import gift_offer
from tests.town import Town

CAMPAIGNS = "/v1/admin/campaigns"


def drafted(town: Town, document: dict[str, Any]) -> str:
    draft: str = town.admin.post(CAMPAIGNS, {"offer": document})["campaign_id"]
    return draft


def publish(town: Town, draft: str, key: str | None = None) -> Any:
    return town.admin.call("POST", f"{CAMPAIGNS}/{draft}/publish", {}, key=key)


@pytest.mark.parametrize("name", GIVING)
def test_every_document_that_can_give_cash_is_published_once_its_merchant_is_ready(town: Town, name: str) -> None:
    draft = drafted(town, GIVING[name]())
    refused = publish(town, draft)
    assert (refused.status, refused.body["code"]) == (422, "gate_refused")
    assert [one["check"] for one in refused.body["findings"]] == ["CASH_READY"] * 4
    set_up(town)
    assert publish(town, draft).expect(200)["status"] == "published"
    (budget,) = town.admin.get(f"{CAMPAIGNS}/{draft}/budget")["budgets"]
    assert (budget["budget"], budget["left"]) == ("cash", BUDGET["cash"])


def test_the_gate_reads_what_the_owner_has_just_said(town: Town) -> None:
    first = set_up(town)
    town.campaign(sold())
    short = set_up(town, first["edition"], operations_fen=BUDGET["cash"] - 1)
    (finding,) = publish(town, drafted(town, sold())).body["findings"]
    assert (finding["check"], finding["pointer"]) == ("CASH_READY", "/after_order/budget/cash")
    set_up(town, short["edition"], operations_fen=BUDGET["cash"])
    town.campaign(sold())


def test_the_gate_believes_the_bill_that_is_newer_than_the_owners_word(town: Town) -> None:
    set_up(town)
    clock.advance(60)
    seen = [CashSetup.seen_fen.set(BUDGET["cash"] - 1), CashSetup.seen_at.set(clock.now())]
    update_one(setup_key(MerchantId(town.merchant.mid)), seen, when={})
    (finding,) = publish(town, drafted(town, sold())).body["findings"]
    assert (finding["check"], finding["pointer"]) == ("CASH_READY", "/after_order/budget/cash")


def test_a_set_up_that_changes_meanwhile_is_looked_at_again(town: Town) -> None:
    first, draft = set_up(town), drafted(town, sold())
    town.emulator.meanwhile(lambda: set_up(town, first["edition"], kind="micro"), "TransactWriteItems")
    refused = publish(town, draft, key="one-key-to-publish-it")
    assert (refused.status, refused.body["code"]) == (422, "gate_refused")
    assert town.admin.get(f"{CAMPAIGNS}/{draft}")["status"] == "draft"


def test_what_gives_no_cash_is_published_whatever_the_owner_says_of_cash(town: Town) -> None:
    first, draft = set_up(town), drafted(town, sold(after_order=after_order()))
    town.emulator.meanwhile(lambda: set_up(town, first["edition"], kind="micro"), "TransactWriteItems")
    assert publish(town, draft).expect(200)["status"] == "published"
    assert not [call for call in town.emulator.calls if b'"ConditionCheck"' in call.body]


def test_a_published_campaign_is_published_still_when_cash_is_not_ready_any_more(town: Town) -> None:
    first, draft = set_up(town), drafted(town, sold())
    done = publish(town, draft, key="one-key-to-publish-it").expect(200)
    set_up(town, first["edition"], kind="micro")
    assert publish(town, draft, key="one-key-to-publish-it").expect(200) == done


@pytest.mark.parametrize(
    ("document", "pointer"),
    [
        (lambda: sold(after_order=after_order(packet={**PACKET, "form": CASH})), "/offer/after_order/packet/form"),
        (lambda: rain_offer(clock.now(), form=CASH), "/offer/form"),
        (lambda: gift_offer(gift=gift(form=CASH), budget=BUDGET), "/offer/gift/form"),
        (lambda: bare(welcome={"gift": gift(form=CASH)}, budget=BUDGET), "/offer/welcome/gift/form"),
    ],
)
def test_what_passes_between_friends_is_never_cash(town: Town, document: Any, pointer: str) -> None:
    set_up(town)
    refused = town.admin.call("POST", CAMPAIGNS, {"offer": document()})
    assert refused.status == 422
    assert refused.body["errors"][0]["pointer"].startswith(pointer)


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"gift": gift(0, CASH)}, "/offer/after_order/gift/amount"),
        ({"gift": gift(form={**CASH, "hold_days": 91})}, "/offer/after_order/gift/form/hold_days"),
        ({"gift": gift(form={**CASH, "claim_days": 0})}, "/offer/after_order/gift/form/claim_days"),
        ({"gift": gift(form={**CASH, "valid_days": 30})}, "/offer/after_order/gift/form/valid_days"),
        ({"budget": {"cash": 0}}, "/offer/after_order/budget/cash"),
    ],
)
def test_what_cash_may_say_of_itself_is_bounded(town: Town, changes: Any, pointer: str) -> None:
    refused = town.admin.call("POST", CAMPAIGNS, {"offer": sold(after_order={**AFTER, **changes})})
    assert (refused.status, refused.body["errors"][0]["pointer"]) == (422, pointer)
