"""Campaigns: drafts that are edited, a gate that refuses, snapshots that never change, states that are moved once."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.campaigns.copy_lint import rules
from chalicelib.campaigns.gate import checks
from chalicelib.campaigns.items import Campaign, Snapshot, StockShard
from chalicelib.campaigns.kinds.groupbuy import GroupBuyOffer
from chalicelib.campaigns.live import live
from chalicelib.campaigns.offer import Offer
from chalicelib.core import clock
from chalicelib.core.errors import RippleError
from chalicelib.core.ids import CampaignId, MerchantId
from infra.local.client import Api
from infra.local.seed import demo_offer, running_campaign
from tests.campaigns.bargains import bargain_offer
from tests.emulator import Call
from tests.proof.faults import answered
from tests.town import Town, send


def draft(town: Town, **changes: Any) -> dict[str, Any]:
    made: dict[str, Any] = town.admin.post("/v1/admin/campaigns", {"offer": {**demo_offer(now=clock.now()), **changes}})
    return made


def publish(town: Town, campaign_id: str, key: str | None = None) -> Any:
    return town.admin.call("POST", f"/v1/admin/campaigns/{campaign_id}/publish", {}, key=key)


def test_a_draft_is_nobodys_business(town: Town) -> None:
    made = draft(town)
    assert made["status"] == "draft"
    person = town.person()
    assert person.api.call("GET", f"/v1/campaigns/{made['campaign_id']}").status == 404
    assert person.open(made["campaign_id"]).status == 404
    assert person.api.get("/v1/campaigns")["campaigns"] == []


def test_a_created_draft_is_created_once(town: Town) -> None:
    offer = demo_offer(now=clock.now())
    first = town.admin.post("/v1/admin/campaigns", {"offer": offer}, key="make-it-once")
    assert town.admin.post("/v1/admin/campaigns", {"offer": offer}, key="make-it-once") == first
    other = town.admin.call("POST", "/v1/admin/campaigns", {"offer": {**offer, "size": 4}}, key="make-it-once")
    assert (other.status, other.body["code"]) == (409, "idempotency_key_reused")


def test_an_edit_replaces_the_edition_it_was_made_from_and_no_other(town: Town) -> None:
    made = draft(town)
    path = f"/v1/admin/campaigns/{made['campaign_id']}"
    changed = {**made["offer"], "title": "新的标题"}
    first = town.admin.call("PUT", path, {"edition": 1, "offer": changed}).expect(200)
    assert (first["edition"], first["offer"]["title"]) == (2, "新的标题")
    assert town.admin.call("PUT", path, {"edition": 1, "offer": changed}).status == 200
    late = town.admin.call("PUT", path, {"edition": 1, "offer": {**changed, "title": "别的"}})
    assert (late.status, late.body["code"], late.body["edition"]) == (409, "edited_meanwhile", 2)


def test_publishing_makes_snapshot_and_stock_once_even_if_the_answer_is_lost(town: Town) -> None:
    made = draft(town)

    class Gone(BaseException):
        pass

    def lose(call: Call) -> None:
        if call.operation == "TransactWriteItems":
            raise Gone

    town.emulator.after = lose
    with pytest.raises(Gone):
        publish(town, made["campaign_id"], "publish-it-once")
    town.emulator.after = None
    assert publish(town, made["campaign_id"], "publish-it-once").expect(200)["version"] == 1
    (snapshot,) = [item for item in town.items() if isinstance(item, Snapshot)]
    shards = [item for item in town.items() if isinstance(item, StockShard)]
    assert sum(shard.left for shard in shards) == made["offer"]["skus"][0]["stock"]
    assert len(shards) == snapshot.shards["box-1"] == 32
    assert (snapshot.checks, snapshot.rules) == (list(checks(snapshot.offer)), rules())
    assert snapshot.allowed == []
    again = publish(town, made["campaign_id"])
    assert (again.status, again.body["code"]) == (409, "campaign_state")


def test_a_published_campaign_cannot_be_edited_and_its_hash_says_what_users_saw(town: Town) -> None:
    campaign = town.campaign()
    record = town.admin.get(f"/v1/admin/campaigns/{campaign}")
    refused = town.admin.call("PUT", f"/v1/admin/campaigns/{campaign}", {"edition": 1, "offer": record["offer"]})
    assert (refused.status, refused.body["code"]) == (409, "campaign_state")
    page = town.person().api.get(f"/v1/campaigns/{campaign}")
    quote = town.person().api.post(f"/v1/campaigns/{campaign}/quote", {})
    assert page["rules_hash"] == quote["rules_hash"]
    assert len(page["rules_hash"]) == 64


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"description": "转发领券"}, [("SHARE_DEEP_ACTION", "/description", "转发领券", None)]),
        ({"title": "顶级 茶"}, [("COPY_LINT", "/title", "顶级", True)]),
        ({"size": 4, "limits": {"units": 1}, "units_per_seat": 2}, [("GROUP_FITS", "/limits/units", None, None)]),
    ],
)
def test_a_refusal_names_the_check_the_field_and_the_word(
    town: Town, changes: dict[str, Any], refused: list[tuple[str, str, str | None, bool | None]]
) -> None:
    made = draft(town, **changes)
    answer = publish(town, made["campaign_id"])
    assert (answer.status, answer.body["code"]) == (422, "gate_refused")
    found = answer.body["findings"]
    assert [(one["check"], one["pointer"], one.get("word"), one.get("allowable")) for one in found] == refused
    assert all(one["zh"] and one["en"] for one in found)
    assert town.admin.get(f"/v1/admin/campaigns/{made['campaign_id']}")["status"] == "draft"


@pytest.mark.parametrize("title", ["扫地机器人 三人团", "扫地机器人，满三人成团", "Robot vacuum"])
def test_a_robot_may_be_sold(town: Town, title: str) -> None:
    assert publish(town, draft(town, title=title)["campaign_id"]).status == 200


def test_a_bargain_is_published_and_read(town: Town) -> None:
    page = town.person().api.get(f"/v1/campaigns/{town.campaign(bargain_offer(clock.now()))}")
    assert (page["terms"]["kind"], page["terms"]["helpers_needed"]) == ("bargain", 3)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("virtual_success", 40),
        ("reward_on_share", True),
        ("starts_at", "2026-11-11T00:00:00"),
        ("size", 51),
        ("size", 1),
        ("kind", "lottery"),
        ("kind", None),
    ],
)
def test_what_is_forbidden_cannot_be_written(town: Town, field: str, value: object) -> None:
    refused = town.admin.call("POST", "/v1/admin/campaigns", {"offer": {**demo_offer(now=clock.now()), field: value}})
    assert (refused.status, refused.body["errors"][0]["pointer"]) == (422, f"/offer/{field}")


def test_a_document_says_which_play_it_is_for(town: Town) -> None:
    offer = demo_offer(now=clock.now())
    edited = f"/v1/admin/campaigns/{draft(town)['campaign_id']}"
    del offer["kind"]
    created = town.admin.call("POST", "/v1/admin/campaigns", {"offer": offer})
    changed = town.admin.call("PUT", edited, {"edition": 1, "offer": offer})
    assert [(r.status, r.body["errors"][0]["pointer"]) for r in (created, changed)] == [
        (422, "/offer/kind"),
        (422, "/offer/kind"),
    ]


def test_a_campaign_of_another_play_is_not_there_for_this_one(town: Town) -> None:
    class Lottery(Offer, frozen=True, kw_only=True, tag="lottery"):
        pass

    campaign = CampaignId(town.campaign())
    mid = MerchantId(town.merchant.mid)
    assert live(mid, campaign, GroupBuyOffer).offer.kind == "groupbuy"
    with pytest.raises(RippleError, match="not_found"):
        live(mid, campaign, Lottery)


def test_users_read_the_terms_and_not_the_stock(town: Town) -> None:
    page = town.person().api.get(f"/v1/campaigns/{town.campaign()}")
    assert (page["kind"], page["terms"]["kind"], page["terms"]["need"]) == ("groupbuy", "groupbuy", 3)
    assert "stock" not in page["terms"]["skus"][0]


def test_a_campaign_moves_only_along_its_table(town: Town) -> None:
    campaign = town.campaign()

    def move(act: str) -> tuple[int, str]:
        reply = town.admin.call("POST", f"/v1/admin/campaigns/{campaign}/{act}", {})
        return reply.status, reply.body.get("status") if reply.status == 200 else reply.body["code"]

    assert move("resume") == (409, "campaign_state")
    assert move("pause") == (200, "paused")
    assert move("pause") == (409, "campaign_state")
    assert move("resume") == (200, "published")
    assert move("end") == (200, "ended")
    assert move("resume") == (409, "campaign_state")
    assert town.person().api.get("/v1/campaigns")["campaigns"] == []


def test_a_repeated_move_is_an_answer(town: Town) -> None:
    campaign = town.campaign()
    path = f"/v1/admin/campaigns/{campaign}/pause"
    assert town.admin.post(path, key="pause-it-once") == town.admin.post(path, key="pause-it-once")


def test_a_page_of_running_campaigns_is_read_at_once_however_long(town: Town) -> None:
    person = town.person()
    costs = []
    for count in (1, 4):
        made = {town.campaign() for _ in range(count)}
        with town.emulator.counting() as calls:
            page = person.api.get("/v1/campaigns")["campaigns"]
        assert made <= {campaign["campaign_id"] for campaign in page}
        costs.append(len(calls))
    assert costs[0] == costs[1]


def test_a_campaign_that_the_index_still_calls_running_is_not_shown(town: Town) -> None:
    campaign = town.campaign()
    town.admin.post(f"/v1/admin/campaigns/{campaign}/pause")
    (item,) = [item for item in town.items() if isinstance(item, Campaign)]
    item.gsi1sk = str(item.gsi1sk).replace("paused", "published")
    town.emulator.restore(item)
    assert town.person().api.get("/v1/campaigns")["campaigns"] == []
    assert town.admin.get("/v1/admin/campaigns?status=published")["campaigns"] == []


def test_nothing_rewrites_a_snapshot(town: Town) -> None:
    campaign = town.campaign()
    before = [item.serialize() for item in town.items() if isinstance(item, Snapshot)]
    for act in ("pause", "resume", "end"):
        town.admin.post(f"/v1/admin/campaigns/{campaign}/{act}")
    assert publish(town, campaign).status == 409
    assert [item.serialize() for item in town.items() if isinstance(item, Snapshot)] == before


def test_another_merchants_campaign_is_not_there(town: Town) -> None:
    campaign, other = town.campaign(), Api(send, town.second().api_key)
    made = draft(town)["offer"]
    path = f"/v1/admin/campaigns/{campaign}"
    assert other.call("GET", path).status == 404
    assert other.call("PUT", path, {"edition": 1, "offer": made}).status == 404
    for act in ("publish", "pause", "resume", "end"):
        assert other.call("POST", f"{path}/{act}", {}).status == 404
    assert town.admin.get(path)["status"] == "published"


def test_the_demo_finds_what_an_earlier_seed_left_behind(town: Town) -> None:
    with clock.fixed(datetime.now(UTC)):
        left = town.admin.post("/v1/admin/campaigns", {"offer": demo_offer("茶")})["campaign_id"]
        assert running_campaign(town.admin, demo_offer("茶")) == left
        assert running_campaign(town.admin, demo_offer("茶")) == left
        town.admin.post(f"/v1/admin/campaigns/{left}/end")
        assert running_campaign(town.admin, demo_offer("茶")) != left


def test_campaigns_are_listed_in_pages_by_state(town: Town) -> None:
    published = {town.campaign() for _ in range(3)}
    made = draft(town)["campaign_id"]
    assert {c["campaign_id"] for c in town.admin.get("/v1/admin/campaigns?status=draft")["campaigns"]} == {made}
    found, cursor = set(), ""
    for _ in range(3):
        page = town.admin.get(f"/v1/admin/campaigns?status=published&limit=1{cursor}")
        found |= {c["campaign_id"] for c in page["campaigns"]}
        cursor = f"&cursor={page['cursor']}"
    assert found == published
    assert sum(isinstance(item, Campaign) for item in town.items()) == 4


def test_a_cursor_belongs_to_its_listing(town: Town) -> None:
    for _ in range(2):
        draft(town)
    cursor = town.admin.get("/v1/admin/campaigns?status=draft&limit=1")["cursor"]
    assert town.admin.call("GET", f"/v1/admin/campaigns?status=draft&cursor={cursor}").status == 200
    wrong = town.admin.call("GET", f"/v1/admin/campaigns?status=published&cursor={cursor}")
    assert (wrong.status, wrong.body["errors"][0]["pointer"]) == (422, "?cursor")


@pytest.mark.parametrize("act", ["publish", "pause"])
def test_a_repetition_is_not_refused_while_its_commit_is_half_visible(town: Town, act: str) -> None:
    campaign = draft(town)["campaign_id"] if act == "publish" else town.campaign()
    path, key = f"/v1/admin/campaigns/{campaign}/{act}", "one-tap-of-the-merchant"
    town.admin.call("POST", path, {}, key=key).expect(200)

    def half(call: Call) -> Any:
        """The campaign as after the commit, the request's record as before it."""
        if call.operation != "BatchGetItem" or call.answer is None:
            return None
        town.emulator.after = None
        body = json.loads(call.answer.content)
        for table, items in body["Responses"].items():
            body["Responses"][table] = [item for item in items if "|I#" not in item["pk"]["S"]]
        return answered(body)

    town.emulator.after = half
    again = town.admin.call("POST", path, {}, key=key)
    assert town.emulator.after is None
    assert again.status == 200


@pytest.mark.parametrize("when", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "1999-12-31T23:59:59Z"])
@pytest.mark.parametrize("field", ["starts_at", "ends_at"])
def test_a_time_of_another_century_is_named(town: Town, field: str, when: str) -> None:
    offer = {**demo_offer(now=clock.now()), field: when}
    refused = town.admin.call("POST", "/v1/admin/campaigns", {"offer": offer})
    assert (refused.status, refused.body["errors"][0]["pointer"]) == (422, f"/offer/{field}")


def test_an_edit_loses_to_another_edit_and_to_the_publication(town: Town) -> None:
    for act in ("edit", "publish"):
        made = draft(town)
        path, offer = f"/v1/admin/campaigns/{made['campaign_id']}", made["offer"]

        def other(path: str = path, offer: Any = offer, act: str = act) -> None:
            if act == "edit":
                town.admin.call("PUT", path, {"edition": 1, "offer": {**offer, "title": "先到的"}}).expect(200)
            else:
                town.admin.post(f"{path}/publish")

        town.emulator.meanwhile(other)
        late = town.admin.call("PUT", path, {"edition": 1, "offer": {**offer, "title": "后到的"}})
        assert late.status == 409
        assert town.admin.get(path)["offer"]["title"] == ("先到的" if act == "edit" else offer["title"])


def test_what_is_published_is_the_edition_that_passed_the_gate(town: Town) -> None:
    made = draft(town)
    path, worse = (
        f"/v1/admin/campaigns/{made['campaign_id']}",
        {**made["offer"], "skus": [{**made["offer"]["skus"][0], "stock": 1}]},
    )
    town.emulator.meanwhile(lambda: town.admin.call("PUT", path, {"edition": 1, "offer": worse}).expect(200))
    assert publish(town, made["campaign_id"]).status == 422
    assert town.admin.get(path)["status"] == "draft"


def test_two_publications_at_once_make_one(town: Town) -> None:
    made = draft(town)["campaign_id"]
    town.emulator.meanwhile(lambda: publish(town, made).expect(200))
    assert publish(town, made).body["code"] == "campaign_state"
    assert sum(isinstance(item, Snapshot) for item in town.items()) == 1


def test_a_resumption_does_not_undo_an_end(town: Town) -> None:
    campaign = town.campaign()
    path = f"/v1/admin/campaigns/{campaign}"
    town.admin.post(f"{path}/pause")
    town.emulator.meanwhile(lambda: town.admin.post(f"{path}/end"))
    assert town.admin.call("POST", f"{path}/resume", {}).body["code"] == "campaign_state"
    assert town.admin.get(path)["status"] == "ended"
