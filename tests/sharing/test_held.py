"""The merchant's queue of held acts, with a play of the tests: what it shows, and that each is decided once."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from chalicelib.core import clock
from chalicelib.core.table import Key
from chalicelib.sharing import held
from chalicelib.sharing.held import Decision
from chalicelib.sharing.verdict import VERSION
from infra.local.client import Api, Person, Reply
from tests.risk.play import HOLDING, POLICY, Jar, Marble, MarbleState, hold, id_of, jar, jar_key
from tests.town import Town, send

ONE_KEY = "one-key-to-decide-with"


def queue(town: Town, **query: object) -> dict[str, Any]:
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    page: dict[str, Any] = town.admin.get(f"/v1/admin/held?{asked}")
    return page


def waiting(town: Town, *people: Person, room: int = 9, frozen: int = 0) -> list[str]:
    """Ids of held marbles, one of each of the people, in the order in which they came."""
    place = jar(town, "one", room=room, frozen=frozen)
    keys = []
    for person in people:
        clock.advance(1)
        keys += hold(town, place.pk.split("#")[1], person.uid)
    return [id_of(key) for key in keys]


def decides(town: Town, held_id: str, how: str, *, key: str | None = None, **body: Any) -> Reply:
    return town.admin.call("POST", f"/v1/admin/held/{held_id}/{how}", body, key=key)


def several(town: Town, ids: list[str], decision: str, *, key: str | None = None) -> Reply:
    return town.admin.call("POST", "/v1/admin/held/decide", {"held_ids": ids, "decision": decision}, key=key)


def states(town: Town) -> list[str]:
    return sorted(item.state.value for item in town.items() if isinstance(item, Marble))


def in_jar(town: Town) -> tuple[int, int]:
    """Marbles in it, and marbles that wait."""
    (found,) = [item for item in town.items() if isinstance(item, Jar)]
    return found.marbles, found.held


def audited(town: Town) -> list[tuple[str, dict[str, str]]]:
    entries = town.admin.get("/v1/admin/audit")["entries"]
    return [(entry["action"], entry["detail"]) for entry in entries if entry["action"].startswith("held.")]


def test_a_held_act_says_what_it_is_who_did_it_and_why_it_waits(town: Town) -> None:
    ann = town.person("ann")
    ann.api.call("PATCH", "/v1/me", {"nickname": "安娜"}).expect(200)
    (held_id,) = waiting(town, ann)
    (row,) = queue(town)["held"]
    assert row == {
        "held_id": held_id,
        "play": "jar",
        "object_id": "one",
        "nickname": "安**",
        "why": [
            {"code": "reciprocal", "detail": "同一活动中互相助力"},
            {"code": "address_crowded", "detail": "同一网络地址一小时内超过 20 个账号"},
        ],
        "rules_version": VERSION,
        "held_at": clock.iso(clock.now()),
        "decides_at": clock.iso(clock.now() + POLICY),
    } | {name: row[name] for name in ("held_at", "decides_at")}
    assert clock.parse(row["held_at"]) == clock.now()
    assert clock.parse(row["decides_at"]) == clock.now() + POLICY


def test_nobody_sees_a_name_there_that_was_not_cleared(town: Town) -> None:
    ann = town.person("ann")
    ann.api.call("PATCH", "/v1/me", {"nickname": "加微信"}).expect(200)
    waiting(town, ann)
    assert queue(town)["held"][0]["nickname"] == "微信用户"


def test_what_waits_longest_comes_first_page_by_page(town: Town) -> None:
    ids = waiting(town, *(town.person() for _ in range(7)))
    first = queue(town, limit=3)
    second = queue(town, limit=3, cursor=first["cursor"])
    third = queue(town, limit=3, cursor=second["cursor"])
    assert [row["held_id"] for page in (first, second, third) for row in page["held"]] == ids
    assert third["cursor"] is None


def test_a_merchant_sees_and_decides_his_own_only(town: Town) -> None:
    (held_id,) = waiting(town, town.person())
    other = Api(send, town.second().api_key)
    assert other.get("/v1/admin/held")["held"] == []
    other.call("POST", f"/v1/admin/held/{held_id}/approve", {}).expect(404)
    (line,) = other.call("POST", "/v1/admin/held/decide", {"held_ids": [held_id], "decision": "reject"}).body["lines"]
    assert (line["outcome"], line["code"]) == ("refused", "not_found")
    assert states(town) == ["held"]


@pytest.mark.parametrize(
    ("how", "decision", "state", "marbles"),
    [("approve", "approved", "counted", 1), ("reject", "rejected", "rejected", 0)],
)
def test_a_decision_takes_effect_and_says_who_made_it(
    town: Town, how: str, decision: str, state: str, marbles: int
) -> None:
    (held_id,) = waiting(town, town.person())
    answer = decides(town, held_id, how, note="a neighbour").expect(200)
    assert answer == {"held_id": held_id, "decision": decision}
    assert (states(town), in_jar(town), queue(town)["held"]) == ([state], (marbles, 0), [])
    assert audited(town) == [(f"held.{how}", {"decision": decision, "note": "a neighbour"})]


def test_a_decision_sent_again_has_the_same_answer_and_no_other_effect(town: Town) -> None:
    first, second = waiting(town, town.person(), town.person())
    answers = [decides(town, first, "approve", key=ONE_KEY).expect(200) for _ in range(3)]
    assert answers == [{"held_id": first, "decision": "approved"}] * 3
    assert (in_jar(town), len(audited(town))) == ((1, 1), 1)
    assert decides(town, second, "approve", key=ONE_KEY).expect(409)["code"] == "idempotency_key_reused"


def test_what_is_decided_cannot_be_decided_again(town: Town) -> None:
    (held_id,) = waiting(town, town.person())
    decides(town, held_id, "approve").expect(200)
    assert decides(town, held_id, "reject").expect(409)["code"] == "not_held"
    assert (states(town), in_jar(town)) == (["counted"], (1, 0))


def test_a_play_is_not_asked_about_what_does_not_wait(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    (held_id,) = waiting(town, town.person())
    decides(town, held_id, "approve").expect(200)

    def again(*_: Any, **__: Any) -> Decision:
        raise AssertionError("it was asked")

    monkeypatch.setattr(held, "HELD", {Marble: msgspec.structs.replace(HOLDING, decide=again)})
    assert decides(town, held_id, "reject").expect(409)["code"] == "not_held"


def test_of_two_decisions_at_once_one_counts(town: Town) -> None:
    (held_id,) = waiting(town, town.person())
    town.emulator.meanwhile(lambda: decides(town, held_id, "reject").expect(200))
    assert decides(town, held_id, "approve").expect(409)["code"] == "not_held"
    assert (states(town), in_jar(town), len(audited(town))) == (["rejected"], (0, 0), 1)


def test_a_repetition_that_meets_its_own_first_try_has_its_answer(town: Town) -> None:
    (held_id,) = waiting(town, town.person())
    town.emulator.meanwhile(lambda: decides(town, held_id, "approve", key=ONE_KEY).expect(200))
    assert decides(town, held_id, "approve", key=ONE_KEY).expect(200)["decision"] == "approved"
    assert (in_jar(town), len(audited(town))) == ((1, 0), 1)


def test_what_nobody_decides_decides_itself(town: Town) -> None:
    waiting(town, town.person())
    town.pass_time(POLICY.total_seconds() + 60)
    assert (states(town), queue(town)["held"], audited(town)) == (["counted"], [], [])


def test_approving_for_what_is_full_makes_it_moot(town: Town) -> None:
    first, second = waiting(town, town.person(), town.person(), room=1)
    decides(town, first, "approve").expect(200)
    assert decides(town, second, "approve", key=ONE_KEY).expect(200)["decision"] == "moot"
    assert decides(town, second, "approve", key=ONE_KEY).expect(200)["decision"] == "moot"
    assert (states(town), in_jar(town)) == (["counted", "moot"], (1, 0))


def test_what_its_play_refuses_now_goes_on_waiting(town: Town) -> None:
    (held_id,) = waiting(town, town.person(), frozen=1)
    assert decides(town, held_id, "approve").expect(409)["code"] == "held_frozen"
    assert (states(town), audited(town)) == (["held"], [])


def test_several_are_decided_each_by_itself(town: Town) -> None:
    ids = waiting(town, *(town.person() for _ in range(4)), room=1)
    decides(town, ids[0], "reject").expect(200)
    nothing = id_of(Key(f"{town.merchant.mid}|CUP#one", "MARBLE#NOBODY"))
    asked = [*ids, nothing, ids[1]]
    answers = [several(town, asked, "approve", key=ONE_KEY).expect(200)["lines"] for _ in range(2)]
    told = [(line["outcome"], line["code"]) for line in answers[0]]
    assert told == [
        ("refused", "not_held"),
        ("approved", None),
        ("moot", None),
        ("moot", None),
        ("refused", "not_found"),
    ]
    assert [line["held_id"] for line in answers[0]] == [*ids, nothing]
    assert answers[1] == answers[0]
    assert in_jar(town) == (1, 0)
    assert len(audited(town)) == 4


def test_a_key_for_several_is_used_for_nothing_else(town: Town) -> None:
    first, second = waiting(town, town.person(), town.person())
    several(town, [first], "approve", key=ONE_KEY).expect(200)
    assert several(town, [second], "approve", key=ONE_KEY).expect(409)["code"] == "idempotency_key_reused"
    assert several(town, [first], "reject", key=ONE_KEY).expect(409)["code"] == "idempotency_key_reused"
    assert states(town) == ["counted", "held"]


@pytest.mark.parametrize("ids", [[], ["x"] * 26, ["with space"], ["a" * 129]])
def test_what_is_no_list_of_ids_is_refused(town: Town, ids: list[str]) -> None:
    assert several(town, ids, "approve").expect(422)["errors"][0]["pointer"].startswith("/held_ids")


@pytest.mark.parametrize(
    "text", ["", "nothing", "CUP#one|META", "CUP#one", "U#1|META", "MER|META", "|", "CUP#one|MARBLE", "\xff"]
)
def test_an_id_names_nothing_but_what_may_wait(town: Town, text: str) -> None:
    jar(town, "one")
    held_id = base64.urlsafe_b64encode(text.encode("latin-1")).decode().rstrip("=") or "-"
    decides(town, held_id, "approve").expect(404)


def test_an_id_has_one_spelling(town: Town) -> None:
    (held_id,) = waiting(town, town.person())
    raw = base64.urlsafe_b64decode(held_id + "=" * (-len(held_id) % 4))
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    spelt = [held_id[:-1] + letter for letter in letters]
    same = [text for text in spelt if base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)) == raw]
    assert len(same) > 1
    for other in set(same) - {held_id}:
        decides(town, other, "approve").expect(404)
    decides(town, held_id + "=", "approve").expect(404)
    assert states(town) == ["held"]


def test_an_index_that_lags_shows_nothing_that_is_decided(town: Town) -> None:
    (held_id,) = waiting(town, town.person())
    (marble,) = [item for item in town.items() if isinstance(item, Marble)]
    decides(town, held_id, "approve").expect(200)
    marble.state = MarbleState.COUNTED
    town.emulator.restore(marble)
    assert queue(town)["held"] == []
    town.emulator.forget(marble.key)


def test_the_list_is_spread_over_its_shards() -> None:
    at = clock.now()
    keys = [Key(f"M|CUP#{n}", f"MARBLE#{n}") for n in range(100)]
    entries = [held.entry(key, at + timedelta(seconds=n)) for n, key in enumerate(keys)]
    assert {pk for pk, _ in entries} == {f"M|HOLD#{n}" for n in range(held.SHARDS)}
    assert sorted(sk for _, sk in entries) == [sk for _, sk in entries]


def test_the_jar_stands_where_its_play_says(town: Town) -> None:
    assert jar(town, "one") == jar_key(town.merchant.mid, "one")
