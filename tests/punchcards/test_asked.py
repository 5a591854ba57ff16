"""Punch cards that a member asks his family's owner to pay for."""

from __future__ import annotations

from typing import Any

import pytest

from infra.local.client import Person, Reply
from tests.family.asks_shop import asks, decides
from tests.family.shop import household
from tests.family.topup_shop import terms_read
from tests.merchants.wallet import files
from tests.punchcards.shop import PRICE, SKU, TEN, opened, ordered, stored
from tests.town import Town


def wants(town: Town, person: Person, fid: str, campaign: str, **changes: Any) -> Reply:
    """He asks for a card, and has read the terms."""
    return asks(person, fid, campaign, "card_buy", **{"terms": terms_read(town), **changes})


@pytest.mark.parametrize("what", ["approve", "pay"])
def test_a_card_is_asked_for(town: Town, what: str) -> None:
    mum, ann = town.person("mum"), town.person("ann")
    fid, campaign = household(town, mum, ann, granted=2 * PRICE), opened(town, sku={"stock": 1})
    made = wants(town, ann, fid, campaign).expect(201)
    assert (made["title"], made["total_fen"]) == (SKU["title"], PRICE)
    answer = decides(mum, fid, made["ask_id"], what).expect(200)
    if what == "pay":
        mum.pay(answer).expect(200)
        town.hear()
    order = ordered(town, (answer if what == "approve" else answer["ask"])["order_id"])
    assert (order.uid, order.payer, order.state) == (ann.uid, mum.uid if what == "pay" else None, "confirmed")
    assert (stored(town, fid, order.oid).left, stored(town, fid, order.oid).uid) == (TEN, ann.uid)
    other = wants(town, ann, fid, campaign).expect(201)["ask_id"]
    assert decides(mum, fid, other, what).expect(409)["code"] == "cards_sold_out"


def test_only_cards_that_are_sold_are_asked_for(town: Town) -> None:
    mum, ann = town.person("mum"), town.person("ann")
    fid, campaign = household(town, mum, ann), opened(town)
    assert wants(town, ann, fid, campaign, sku_id="none").expect(422)["code"] == "sku_unknown"
    assert wants(town, ann, fid, town.campaign()).expect(404)["code"] == "not_found"
    town.admin.post(f"/v1/admin/campaigns/{campaign}/end")
    assert wants(town, ann, fid, campaign).expect(409)["code"] == "campaign_not_running"


def test_a_card_is_bought_under_the_terms_that_whoever_asked_has_read(town: Town) -> None:
    mum, ann = town.person("mum"), town.person("ann")
    fid, campaign = household(town, mum, ann, granted=PRICE), opened(town)
    for unread in (None, "0000000000000000"):
        assert wants(town, ann, fid, campaign, terms=unread).expect(409)["code"] == "topup_terms_changed"
    ask_id = wants(town, ann, fid, campaign).expect(201)["ask_id"]
    files(town, terms_zh="次卡与储值条款，新版。")
    for what in ("approve", "pay"):
        assert decides(mum, fid, ask_id, what).expect(409)["code"] == "topup_terms_changed"
    assert mum.api.get(f"/v1/families/{fid}/asks/{ask_id}")["open"]
