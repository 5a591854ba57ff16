"""What the demo publishes passes the gate, and a seed finds what stands."""

from __future__ import annotations

from datetime import UTC, datetime

from chalicelib.core import clock
from infra.local.seed import SHOPS, SeededMerchant, demo_campaigns, demo_offer, running_campaign
from infra.local.seed_cash import OPERATIONS_FEN, ready_to_pay
from tests.town import Town


def test_every_demo_campaign_is_published_once(town: Town) -> None:
    with clock.fixed(datetime.now(UTC)):
        ready_to_pay(town.admin, town.control, town.merchant.mchid)
        for _, title in SHOPS.values():
            made = {name: running_campaign(town.admin, offer) for name, offer in demo_campaigns(title).items()}
            again = {name: running_campaign(town.admin, offer) for name, offer in demo_campaigns(title).items()}
            assert made == again
            assert len({*made.values()}) == len(made)
            assert {name for name in SeededMerchant.__struct_fields__ if name.endswith("campaign_id")} == made.keys()


def test_an_older_demo_is_left_alone_and_is_not_the_demo(town: Town) -> None:
    with clock.fixed(datetime.now(UTC)):
        _, title = SHOPS["lakeside"]
        older = running_campaign(town.admin, demo_offer(title))
        assert running_campaign(town.admin, demo_campaigns(title)["campaign_id"]) != older
        assert town.admin.get(f"/v1/admin/campaigns/{older}")["status"] == "published"


def test_the_merchant_says_once_how_he_pays_cash(town: Town) -> None:
    for _ in range(2):
        ready_to_pay(town.admin, town.control, town.merchant.mchid)
    asked = f"/_sim/operations?mchid={town.merchant.mchid}"
    assert town.control("GET", asked, {}, None).expect(200)["available"] == OPERATIONS_FEN
    assert [lack["code"] for lack in town.admin.get("/v1/admin/cash")["missing"]] == ["commission"]
