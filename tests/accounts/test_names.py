"""Names that strangers see: nobody sees one that was not cleared, whatever WeChat says or does not say (rules W14)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import BotoCoreError

import chalicelib
from chalicelib.accounts import names
from chalicelib.accounts.items import NameState, User
from chalicelib.accounts.mask import NOBODY, public_name, seen
from chalicelib.core import clock
from chalicelib.core.outbox import OutboxEntry
from infra.local.client import Person, Reply
from tests.accounts.texts import BAD, DOUBTFUL
from tests.proof.acts import one_key
from tests.town import Town


def takes(person: Person, nickname: str) -> Reply:
    return person.api.call("PATCH", "/v1/me", {"nickname": nickname})


def me(person: Person) -> tuple[str, str | None, str]:
    shown = person.api.get("/v1/me")
    return shown["nickname"], shown["nickname_state"], shown["masked_nickname"]


def hidden(town: Town) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = town.admin.get("/v1/admin/nicknames")["names"]
    return listed


def decides(town: Town, person: Person, nickname: str, decision: str, **more: str) -> Reply:
    path = f"/v1/admin/users/{person.uid}/nickname"
    return town.admin.call("POST", path, {"nickname": nickname, "decision": decision, **more})


def silent(town: Town, kind: str = "unreachable", count: int | None = None) -> None:
    town.act("/_sim/faults", endpoint="content", kind=kind, count=count)


def speaks(town: Town) -> None:
    town.control("DELETE", "/_sim/faults", {}, None).expect(200)


def owed(town: Town) -> int:
    return sum(isinstance(item, OutboxEntry) for item in town.items())


def test_a_name_that_passes_is_shown_masked(town: Town) -> None:
    ann = town.person("ann")
    takes(ann, "安娜").expect(200)
    assert me(ann) == ("安娜", "shown", "安**")
    assert (hidden(town), owed(town)) == ([], 0)


def test_a_doubtful_name_is_his_alone_until_it_is_cleared(town: Town) -> None:
    ann = town.person("ann")
    takes(ann, "安娜").expect(200)
    takes(ann, DOUBTFUL).expect(200)
    assert me(ann) == (DOUBTFUL, "review", NOBODY)
    (row,) = hidden(town)
    assert (row["user_id"], row["nickname"], row["state"], row["label"]) == (ann.uid, DOUBTFUL, "review", 10001)
    assert row["trace_id"] == town.sim.world.checked[-1][0]
    decides(town, ann, DOUBTFUL, "approve", note="it is his name").expect(200)
    assert me(ann) == (DOUBTFUL, "shown", "加**")
    assert hidden(town) == []
    (entry,) = [e for e in town.admin.get("/v1/admin/audit")["entries"] if e["action"] == "nickname.approve"]
    assert (entry["subject"], entry["detail"]) == (ann.uid, {"note": "it is his name"})


def test_a_refused_name_is_never_shown_and_cannot_be_taken_again(town: Town) -> None:
    ann = town.person("ann")
    takes(ann, DOUBTFUL).expect(200)
    decides(town, ann, DOUBTFUL, "reject").expect(200)
    assert me(ann) == (DOUBTFUL, "refused", NOBODY)
    assert hidden(town) == []
    asked = len(town.sim.world.checked)
    assert takes(ann, DOUBTFUL).expect(422)["code"] == "text_refused"
    assert len(town.sim.world.checked) == asked
    takes(ann, "安娜").expect(200)
    assert me(ann) == ("安娜", "shown", "安**")


def test_a_bad_name_is_refused_and_the_old_one_stays(town: Town) -> None:
    ann = town.person("ann")
    takes(ann, "安娜").expect(200)
    refusal = takes(ann, BAD).expect(422)
    assert (refusal["code"], refusal["errors"][0]["pointer"]) == ("text_refused", "/nickname")
    assert me(ann) == ("安娜", "shown", "安**")


def test_the_same_name_is_asked_about_once(town: Town) -> None:
    ann = town.person("ann")
    for name in ("安娜", DOUBTFUL):
        takes(ann, name).expect(200)
        takes(ann, name).expect(200)
    assert [text for _, text in town.sim.world.checked] == ["安娜", DOUBTFUL]


@pytest.mark.parametrize("kind", ["busy", "quota", "5xx", "unreachable", "lost", "slow", "garbled"])
def test_where_wechat_gives_no_answer_a_name_is_kept_and_hidden(town: Town, kind: str) -> None:
    ann = town.person("ann")
    silent(town, kind, count=1)
    takes(ann, "安娜").expect(200)
    assert me(ann) == ("安娜", "unchecked", NOBODY)
    assert [row["state"] for row in hidden(town)] == ["unchecked"]
    town.stream()
    assert me(ann) == ("安娜", "shown", "安**")
    assert (hidden(town), owed(town)) == ([], 0)


def test_a_name_is_asked_about_for_as_long_as_wechat_looks_at_it(town: Town) -> None:
    ann = town.person("ann")
    silent(town)
    takes(ann, DOUBTFUL).expect(200)
    town.pass_time(3600)
    assert (me(ann)[1], owed(town)) == ("unchecked", 1)
    speaks(town)
    town.pass_time(600)
    assert (me(ann)[1], owed(town)) == ("review", 0)


def test_a_bad_name_that_was_looked_at_late_is_refused(town: Town) -> None:
    ann = town.person("ann")
    silent(town)
    takes(ann, BAD).expect(200)
    speaks(town)
    town.stream()
    assert me(ann) == (BAD, "refused", NOBODY)
    assert hidden(town) == []


@pytest.mark.parametrize("renews", [False, True])
def test_what_was_not_looked_at_in_two_hours_waits_for_the_next_visit(town: Town, renews: bool) -> None:
    ann = town.person("ann")
    silent(town)
    takes(ann, "安娜").expect(200)
    town.pass_time(7200 + 600, tick=300)
    assert owed(town) == 0
    speaks(town)
    town.pass_time(600)
    asked = len(town.sim.world.checked)
    if renews:
        town.act("/_sim/visits", appid=town.merchant.appid, name="ann")
        ann.api.call("POST", "/v1/tokens/refresh", {"refresh_token": ann.refresh_token}).expect(200)
        ann.come_back()
    else:
        ann.come_back()
    assert me(ann)[1] == "unchecked"
    town.stream()
    assert me(ann) == ("安娜", "shown", "安**")
    assert len(town.sim.world.checked) == asked + 1


def test_who_has_not_been_there_for_two_hours_is_not_asked_about_in_vain(town: Town) -> None:
    """An access token may outlive the visit: WeChat says 61010, and looks again when he comes."""
    ann = town.person("ann")
    clock.advance(7199)
    town.act("/_sim/clock", advance_seconds=2)
    takes(ann, "安娜").expect(200)
    assert me(ann)[1] == "unchecked"
    town.stream()
    assert (me(ann)[1], owed(town)) == ("unchecked", 0)
    ann.come_back()
    town.stream()
    assert me(ann)[1] == "shown"


def test_an_answer_about_an_older_name_changes_nothing(town: Town) -> None:
    ann = town.person("ann")
    silent(town, count=2)
    takes(ann, BAD).expect(200)
    takes(ann, "安娜").expect(200)
    town.stream()
    assert (me(ann), owed(town)) == (("安娜", "shown", "安**"), 0)


def test_what_the_merchant_decided_while_wechat_was_asked_stands(town: Town) -> None:
    ann = town.person("ann")
    silent(town, count=1)
    takes(ann, "安娜").expect(200)
    town.emulator.meanwhile(lambda: decides(town, ann, "安娜", "reject").expect(200))
    town.stream()
    assert me(ann) == ("安娜", "refused", NOBODY)
    town.pass_time(600)
    assert (me(ann)[1], owed(town)) == ("refused", 0)


def test_a_name_taken_again_does_not_undo_what_the_merchant_decided_meanwhile(town: Town) -> None:
    ann = town.person("ann")
    silent(town, count=1)
    takes(ann, "安娜").expect(200)
    town.emulator.meanwhile(lambda: decides(town, ann, "安娜", "reject").expect(200))
    assert takes(ann, "安娜").expect(422)["code"] == "text_refused"
    assert me(ann)[1] == "refused"


def test_a_visit_does_not_undo_what_the_merchant_decided_meanwhile(town: Town) -> None:
    ann = town.person("ann")
    silent(town, count=1)
    takes(ann, "安娜").expect(200)
    user = next(item for item in town.items() if isinstance(item, User))
    decides(town, ann, "安娜", "reject").expect(200)
    names.visit(user)
    assert me(ann)[1] == "refused"


def test_a_name_from_before_there_were_checks_is_hidden_until_it_is_looked_at(town: Town) -> None:
    ann = town.person("ann")
    user = next(item for item in town.items() if isinstance(item, User))
    user.nickname = DOUBTFUL
    town.emulator.restore(user)
    assert me(ann) == (DOUBTFUL, None, NOBODY)
    ann.come_back()
    town.stream()
    assert me(ann) == (DOUBTFUL, "review", NOBODY)


def test_a_login_does_not_fail_where_its_visit_cannot_be_noted(town: Town) -> None:
    ann = town.person("ann")
    silent(town)
    takes(ann, "安娜").expect(200)
    calls = [0]

    def before(call: Any) -> Exception | None:
        calls[0] += call.operation == "TransactWriteItems"
        return BotoCoreError() if calls[0] == 2 else None

    town.emulator.before = before
    ann.come_back()
    assert calls[0] >= 2


def test_the_merchant_decides_about_the_name_that_he_saw(town: Town) -> None:
    ann = town.person("ann")
    takes(ann, DOUBTFUL).expect(200)
    takes(ann, DOUBTFUL + "2").expect(200)
    assert decides(town, ann, DOUBTFUL, "approve").expect(409)["code"] == "nickname_not_under_review"
    town.emulator.meanwhile(lambda: takes(ann, "加微信").expect(200))
    assert decides(town, ann, DOUBTFUL + "2", "approve").expect(409)["code"] == "nickname_not_under_review"
    assert me(ann) == ("加微信", "review", NOBODY)


def test_a_decision_is_made_once_however_often_it_is_sent(town: Town) -> None:
    ann = town.person("ann")
    takes(ann, DOUBTFUL).expect(200)
    path, body = f"/v1/admin/users/{ann.uid}/nickname", {"nickname": DOUBTFUL, "decision": "approve"}
    for _ in range(2):
        assert town.admin.call("POST", path, body, key=one_key(ann, "approved")).expect(200)["state"] == "shown"
    assert town.admin.call("POST", path, body).status == 409
    log = town.admin.get("/v1/admin/audit")["entries"]
    assert [entry["action"] for entry in log].count("nickname.approve") == 1


def test_names_wait_in_the_order_in_which_they_came(town: Town) -> None:
    people = [town.person() for _ in range(3)]
    for person in people:
        takes(person, DOUBTFUL).expect(200)
        clock.advance(1)
    first = town.admin.get("/v1/admin/nicknames?limit=2")
    second = town.admin.get(f"/v1/admin/nicknames?limit=2&cursor={first['cursor']}")
    assert [row["user_id"] for row in first["names"] + second["names"]] == [person.uid for person in people]
    assert second["cursor"] is None


def test_who_comes_again_keeps_his_place_among_those_who_wait(town: Town) -> None:
    ann, ben = town.person("ann"), town.person("ben")
    silent(town)
    for person in (ann, ben):
        takes(person, "安娜").expect(200)
        clock.advance(1)
    ann.come_back()
    assert [row["user_id"] for row in hidden(town)] == [ann.uid, ben.uid]


def test_a_hidden_name_stands_in_no_group(town: Town) -> None:
    gid = town.opened(town.campaign(size=4))[1]["group_id"]
    ann, ben = town.person("ann"), town.person("ben")
    takes(ann, DOUBTFUL).expect(200)
    takes(ben, "本本").expect(200)
    for person in (ann, ben):
        clock.advance(1)
        person.join(gid).expect(201)
    page = ben.group(gid)
    assert [member["nickname"] for member in page["members"]] == [NOBODY, NOBODY, "本**"]
    record = town.admin.get(f"/v1/admin/groups/{gid}")
    assert DOUBTFUL[0] not in str([seat["nickname"] for seat in record["seats"]])


@pytest.mark.parametrize("state", [None, *NameState])
def test_one_function_says_who_sees_a_name(state: NameState | None) -> None:
    user = User("M|U#1", "META", nickname="安娜", name_state=state)
    shown = state is NameState.SHOWN
    assert (public_name(user), seen(user)) == (("安娜", "安**") if shown else (None, NOBODY))
    assert seen(None) == NOBODY


def test_nobody_else_reads_a_users_name() -> None:
    """Every other room has it from `accounts.mask`; what a seat copied was public then."""
    root = Path(chalicelib.__file__).parent
    read = {
        found
        for path in root.rglob("*.py")
        if path.parent.name != "accounts"
        for found in re.findall(r"(\w+)\.nickname\b", path.read_text())
    }
    copies = {"seat", "given", "act", "shown", "person"}
    typed = {"body"}
    assert read == copies | typed, "copies of what was public, what is masked, what a merchant types for a preview"
