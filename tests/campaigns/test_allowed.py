"""An owner lets a word stand: that word, in that field, as its text is now, for a reason; and nobody else does."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.campaigns.allowed import Allowed, without
from chalicelib.campaigns.gate import Finding
from chalicelib.campaigns.items import Snapshot
from chalicelib.core import clock
from infra.local.client import Api, Reply
from infra.local.seed import demo_offer
from tests.conftest import START
from tests.town import Town, send

WISH = {"pointer": "/title", "word": "顶级", "reason": "注册商标“顶级”，证号 123"}


def draft(town: Town, **changes: Any) -> str:
    offer = {**demo_offer(now=clock.now()), "title": "顶级茶 三人团", "description": "顶级茶叶", **changes}
    made: str = town.admin.post("/v1/admin/campaigns", {"offer": offer})["campaign_id"]
    return made


def allow(town: Town, campaign: str, *wishes: dict[str, Any], edition: int = 1) -> Reply:
    body = {"edition": edition, "allowed": list(wishes)}
    return town.admin.call("PUT", f"/v1/admin/campaigns/{campaign}/allowed-words", body)


def publish(town: Town, campaign: str) -> Reply:
    return town.admin.call("POST", f"/v1/admin/campaigns/{campaign}/publish", {})


def refused_at(reply: Reply) -> list[str]:
    assert (reply.status, reply.body["code"]) == (422, "gate_refused")
    return [finding["pointer"] for finding in reply.body["findings"]]


def edit(town: Town, campaign: str, edition: int, **changes: Any) -> Any:
    path = f"/v1/admin/campaigns/{campaign}"
    offer = {**town.admin.get(path)["offer"], **changes}
    return town.admin.call("PUT", path, {"edition": edition, "offer": offer}).expect(200)


def test_a_word_stands_in_the_field_for_which_it_was_allowed(town: Town) -> None:
    campaign = draft(town)
    assert refused_at(publish(town, campaign)) == ["/title", "/description"]
    record = allow(town, campaign, WISH).expect(200)
    assert refused_at(publish(town, campaign)) == ["/description"]
    key_id = town.admin.get("/v1/admin/keys")["keys"][0]["key_id"]
    (stands,) = record["allowed"]
    assert {**WISH, "by": key_id} == {name: stands[name] for name in (*WISH, "by")}
    assert record["edition"] == 2


def test_the_snapshot_and_the_audit_log_tell_what_was_allowed_and_why(town: Town) -> None:
    campaign = draft(town, description="好茶")
    record = allow(town, campaign, WISH).expect(200)
    assert publish(town, campaign).expect(200)["allowed"] == record["allowed"]
    (snapshot,) = [item for item in town.items() if isinstance(item, Snapshot)]
    assert [(one.pointer, one.word, one.reason) for one in snapshot.allowed or []] == [tuple(WISH.values())]
    (entry,) = [e for e in town.admin.get("/v1/admin/audit")["entries"] if e["action"] == "campaign.allow"]
    assert (entry["subject"], entry["detail"]) == (campaign, {"words": f"/title 顶级: {WISH['reason']}"})


def test_a_word_may_be_named_as_it_is_written_or_folded(town: Town) -> None:
    campaign = draft(town, title="Ｎo.1 Brand 茶", description="好茶")
    (finding,) = publish(town, campaign).body["findings"]
    assert finding["word"] == "no.1 brand"
    for edition, word in enumerate(("no.1 brand", "NO1BRAND", "Ｎo.1 Brand"), 1):
        allow(town, campaign, {**WISH, "word": word}, edition=edition).expect(200)
    publish(town, campaign).expect(200)


def test_an_edit_of_the_text_takes_the_permission_with_it_and_of_another_does_not(town: Town) -> None:
    campaign = draft(town)
    other = {**WISH, "pointer": "/description"}
    allow(town, campaign, WISH, other).expect(200)
    record = edit(town, campaign, 2, description="顶级好茶", size=4)
    assert [one["pointer"] for one in record["allowed"]] == ["/title"]
    assert refused_at(publish(town, campaign)) == ["/description"]
    edit(town, campaign, 3, title="茶")
    assert edit(town, campaign, 4, title="顶级茶 三人团")["allowed"] == []


def test_what_was_allowed_is_taken_back_by_an_empty_list(town: Town) -> None:
    campaign = draft(town, description="好茶")
    allow(town, campaign, WISH).expect(200)
    assert allow(town, campaign, edition=2).expect(200)["allowed"] == []
    assert refused_at(publish(town, campaign)) == ["/title"]


def test_who_allowed_first_and_when_stays_while_the_reason_does(town: Town) -> None:
    campaign = draft(town)
    first = allow(town, campaign, WISH).expect(200)["allowed"]
    clock.advance(60)
    second = town.admin.post("/v1/admin/keys", {"name": "second", "role": "owner"})
    body = {"edition": 2, "allowed": [WISH, {**WISH, "pointer": "/description"}]}
    path = f"/v1/admin/campaigns/{campaign}/allowed-words"
    both = Api(send, second["api_key"]).call("PUT", path, body).expect(200)["allowed"]
    assert both[0] == first[0]
    assert (both[1]["by"], both[1]["at"] > first[0]["at"]) == (second["key"]["key_id"], True)
    anew = allow(town, campaign, {**WISH, "reason": "另有理由"}, edition=3).expect(200)["allowed"]
    assert anew[0]["at"] > first[0]["at"]


def test_a_repetition_is_an_answer_and_another_edition_is_not_overwritten(town: Town) -> None:
    campaign = draft(town)
    once = allow(town, campaign, WISH).expect(200)
    assert allow(town, campaign, WISH).expect(200) == once
    late = allow(town, campaign, {**WISH, "reason": "另有理由"})
    assert (late.status, late.body["code"], late.body["edition"]) == (409, "edited_meanwhile", 2)


@pytest.mark.parametrize(
    ("changes", "wish", "field"),
    [
        ({"title": "转发领券"}, {"word": "转发领券"}, "word"),
        ({"title": "虚拟成团"}, {"word": "虚拟成团"}, "word"),
        ({"title": "分享后解锁"}, {"word": "分享后解锁"}, "word"),
        ({"title": "带你躺赚"}, {"word": "躺赚"}, "word"),
        ({}, {"word": "极品"}, "word"),
        ({}, {"word": "茶"}, "word"),
        ({}, {"pointer": "/share/title"}, "word"),
        ({}, {"pointer": "/nowhere"}, "word"),
        ({}, {"reason": " … "}, "reason"),
        ({}, {"reason": ""}, "reason"),
        ({}, {"pointer": "title"}, "pointer"),
        ({}, {"word": "长" * 61}, "word"),
        ({}, {"for": "ever"}, "for"),
    ],
)
def test_nothing_else_can_be_allowed(town: Town, changes: Any, wish: dict[str, Any], field: str) -> None:
    campaign = draft(town, **changes)
    refused = allow(town, campaign, {**WISH, **wish})
    assert (refused.status, refused.body["code"]) == (422, "invalid_field")
    assert [error["pointer"] for error in refused.body["errors"]] == [f"/allowed/0/{field}"]
    assert town.admin.get(f"/v1/admin/campaigns/{campaign}")["edition"] == 1


def test_what_can_no_longer_be_allowed_does_not_stand() -> None:
    one = Allowed(pointer="/title", word="顶级", reason="商标", by="key", at=START)
    finding = Finding("COPY_LINT", "/title", "", "", "顶 级", True)
    assert without([one], [finding]) == []
    for other in (
        replace(finding, allowable=False),
        replace(finding, pointer="/description"),
        replace(finding, word=None),
    ):
        assert without([one], [other]) == [other]


def test_a_word_is_allowed_once(town: Town) -> None:
    refused = allow(town, draft(town), WISH, {**WISH, "word": "顶 级", "reason": "另有理由"})
    assert (refused.status, refused.body["errors"][0]["pointer"]) == (422, "/allowed/1/word")


def test_an_owner_decides_and_only_about_a_draft(town: Town) -> None:
    campaign = draft(town, description="好茶")
    operator = town.admin.post("/v1/admin/keys", {"name": "till", "role": "operator"})["api_key"]
    body = {"edition": 1, "allowed": [WISH]}
    path = f"/v1/admin/campaigns/{campaign}/allowed-words"
    assert Api(send, operator).call("PUT", path, body).status == 403
    allow(town, campaign, WISH).expect(200)
    publish(town, campaign).expect(200)
    late = allow(town, campaign, edition=2)
    assert (late.status, late.body["code"]) == (409, "campaign_state")


def test_a_permission_loses_to_an_edit_and_to_the_publication(town: Town) -> None:
    campaign = draft(town)
    town.emulator.meanwhile(lambda: edit(town, campaign, 1, title="顶级的好茶"))
    late = allow(town, campaign, WISH)
    assert (late.status, late.body["code"]) == (409, "edited_meanwhile")
    plain = draft(town, title="茶", description="好茶")
    town.emulator.meanwhile(lambda: publish(town, plain).expect(200))
    assert allow(town, plain).body["code"] == "campaign_state"
