"""The graph up and down, what is counted of it, and leaderboards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.core import clock, consumers, due
from chalicelib.core.ids import MerchantId, UserId
from chalicelib.core.store import read_one
from chalicelib.invite import counting
from chalicelib.invite.items import Descendants, Edge, Standing, Tally, descendants_key
from infra.local.client import Person
from tests.emulator import Call
from tests.invite.family import accepts, by_code, by_share, chain, code_of, counted
from tests.sharing.friends import shared
from tests.town import Context, Town


def pages(person: Person, limit: int) -> Iterator[list[Any]]:
    cursor: str | None = ""
    while cursor is not None:
        page = person.api.get(f"/v1/invites/children?limit={limit}" + (f"&cursor={cursor}" if cursor else ""))
        yield page["children"]
        cursor = page["cursor"]


def star(town: Town, count: int, center: str = "ann") -> Person:
    """Somebody who invited so many, a second apart."""
    ann = town.person(center)
    code = code_of(ann)
    for n in range(count):
        clock.advance(1)
        friend = town.person(f"{center}-{n}")
        friend.api.call("PATCH", "/v1/me", {"nickname": f"{n}号"}).expect(200)
        by_code(friend, code).expect(201)
    return ann


def record(town: Town, person: Person, **query: Any) -> Any:
    asked = "&".join(f"{name}={value}" for name, value in query.items() if value is not None)
    return town.admin.get(f"/v1/admin/users/{person.uid}/invites?{asked}")


def test_children_come_in_pages_the_newest_first_and_masked(town: Town) -> None:
    ann = star(town, 7)
    found = list(pages(ann, 3))
    assert [len(page) for page in found] == [3, 3, 1]
    assert [child["nickname"] for page in found for child in page] == [f"{n}**" for n in reversed(range(7))]
    assert set(found[0][0]) == {"nickname", "avatar_url", "new_user", "rewards", "accepted_at"}


def test_children_of_a_spread_inviter_come_in_one_order(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "GROWN", 4)
    ann = star(town, 4)
    counted(town)
    code = code_of(ann)
    for n in range(4, 20):
        clock.advance(1)
        friend = town.person(f"late-{n}")
        friend.api.call("PATCH", "/v1/me", {"nickname": f"{chr(ord('a') + n)}号"}).expect(200)
        by_code(friend, code).expect(201)
        counted(town)
    partitions = {item.gsi1pk for item in town.items() if isinstance(item, Edge)}
    assert len(partitions) > 4
    names = [child["nickname"][0] for page in pages(ann, 3) for child in page]
    assert names == [chr(ord("a") + n) for n in reversed(range(4, 20))] + ["3", "2", "1", "0"]
    mine = ann.api.get("/v1/invites")
    assert mine["invited"] == 20
    assert ann.api.get("/v1/invites/leaderboard")["mine"] == 20


def test_a_page_of_one_who_invited_few_asks_one_partition(town: Town) -> None:
    ann = star(town, 3)
    counted(town)
    ann.come_back()
    with town.emulator.counting() as calls:
        next(pages(ann, 3))
    assert [call.operation for call in calls] == ["GetItem", "Query", "BatchGetItem"]


def test_the_chain_above_comes_in_pages(town: Town) -> None:
    people = chain(town, *"abcdefghijklm")
    last, above = people[-1], [person.uid for person in reversed(people[:-1])]
    seen: list[str] = []
    cursor = None
    for _ in range(3):
        page = record(town, last, limit=5, up_cursor=cursor)
        seen += [person["user_id"] for person in page["up"]]
        cursor = page["up_cursor"]
    assert seen == above
    assert cursor is None


def test_who_accepts_after_he_invited_is_found_above_those(town: Town) -> None:
    ann = town.person("ann")
    clock.advance(1)
    ben, cat = chain(town, "ben", "cat")
    accepts(ben, ann).expect(201)
    assert [person["user_id"] for person in record(town, cat)["up"]] == [ben.uid, ann.uid]


def test_a_merchant_sees_who_invited_whom_and_how(town: Town) -> None:
    people = chain(town, "ann", "ben", "cat")
    counted(town)
    seen = record(town, people[1])
    assert [person["user_id"] for person in seen["up"]] == [people[0].uid]
    [child] = seen["down"]
    assert (child["user_id"], child["via"], child["board"], child["evidence"]) == (people[2].uid, "share", "ALL", None)
    assert child["verdict"]["new"] is True
    assert seen["by_depth"] == [1, 0, 0, 0, 0]


@pytest.mark.parametrize("cursor", ["x", "AAAA", "MjAyNg"])
def test_a_cursor_that_is_none_is_named(town: Town, cursor: str) -> None:
    ann = town.person()
    assert ann.api.call("GET", f"/v1/invites/children?cursor={cursor}").status == 422
    path = f"/v1/admin/users/{ann.uid}/invites"
    assert town.admin.call("GET", f"{path}?up_cursor={cursor}").status == 422
    assert town.admin.call("GET", f"/v1/admin/users/{'0' * 26}/invites").status == 404


def test_descendants_are_counted_by_depth(town: Town) -> None:
    people = chain(town, *"abcdefg")
    accepts(town.person("h"), people[0]).expect(201)
    counted(town)
    people[0].come_back()
    mine = people[0].api.get("/v1/invites")
    assert (mine["invited"], mine["by_depth"]) == (2, [2, 1, 1, 1, 1])
    assert people[5].api.get("/v1/invites")["by_depth"] == [1, 0, 0, 0, 0]


def test_an_edge_is_counted_once_however_often_it_is_brought(town: Town) -> None:
    ann, _ = chain(town, "ann", "ben")
    raw = next(item.serialize() for item in town.items() if isinstance(item, Edge))
    for _ in range(3):
        consumers.streamed({"Records": [{"dynamodb": {"NewImage": raw}}] * 2}, Context())
    counted(town)
    assert ann.api.get("/v1/invites")["invited"] == 1


def test_what_the_stream_missed_the_sweeper_counts(town: Town) -> None:
    ann, _ = chain(town, "ann", "ben")
    clock.advance(60)
    town.minute()
    assert ann.api.get("/v1/invites")["invited"] == 1
    assert not any(item.due for item in town.items() if isinstance(item, Edge))


def test_two_edges_that_are_counted_at_once_are_two(town: Town) -> None:
    ann = star(town, 2)
    edges = [item for item in town.items() if isinstance(item, Edge)]
    town.emulator.meanwhile(lambda: due.handle(edges[1].key, str(edges[1].gsi2sk)))
    due.handle(edges[0].key, str(edges[0].gsi2sk))
    counted(town)
    assert ann.api.get("/v1/invites")["invited"] == 2
    [tally] = [item for item in town.items() if isinstance(item, Tally)]
    assert tally.n == 2
    assert tally.last_at == max(edge.bound_at for edge in edges)


def test_a_star_writes_no_one_item_more_than_a_shard(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two hundred children, from the tenth on spread: what all of them write together is no one item."""
    monkeypatch.setattr(counting, "GROWN", 10)
    ann = town.person("center")
    code = code_of(ann)
    clock.advance(1)
    friends = [town.person() for _ in range(200)]
    written: Counter[str] = Counter()

    def note(call: Call) -> None:
        if call.operation == "TransactWriteItems":
            written.update(part for part in str(call.body).split('"') if "|IV" in part or "|INV" in part)

    for n, friend in enumerate(friends):
        by_code(friend, code).expect(201)
        if n == 20:
            town.emulator.before = note
        town.stream()
    town.emulator.before = None
    assert sum(written.values()) > 300
    assert max(written.values()) < 40


def leaderboard(person: Person, campaign: str) -> list[tuple[str, int, int]]:
    answer = person.api.get(f"/v1/campaigns/{campaign}/leaderboard")
    return [(line["nickname"], line["invited"], line["rank"]) for line in answer["leaders"]]


def test_a_board_is_of_who_came_through_its_campaign(town: Town) -> None:
    campaign, other = town.campaign(), town.campaign()
    people = {}
    for name in ("安", "本", "陈"):
        people[name] = town.person(name)
        people[name].api.call("PATCH", "/v1/me", {"nickname": f"{name}先生"}).expect(200)
    clock.advance(1)
    for n, (name, through) in enumerate((("本", campaign), ("安", campaign), ("安", campaign), ("陈", other))):
        clock.advance(1)
        by_share(town.person(f"friend-{n}"), shared(people[name], through)).expect(201)
    accepts(town.person("plain"), people["本"]).expect(201)
    counted(town)
    assert leaderboard(people["安"], campaign) == [("安**", 2, 1), ("本**", 1, 2)]
    assert leaderboard(people["安"], other) == [("陈**", 1, 1)]
    plain = people["本"].api.get("/v1/invites/leaderboard")
    assert [(line["nickname"], line["invited"], line["me"]) for line in plain["leaders"]] == [("本**", 1, True)]
    assert plain["mine"] == 1


def test_of_equals_who_was_earlier_stands_first(town: Town) -> None:
    campaign = town.campaign()
    names = ["本", "安", "陈"]
    people = {name: town.person(name) for name in names}
    for name, person in people.items():
        person.api.call("PATCH", "/v1/me", {"nickname": f"{name}先生"}).expect(200)
    for n, name in enumerate([*names, *reversed(names)]):
        clock.advance(1)
        by_share(town.person(f"friend-{n}"), shared(people[name], campaign)).expect(201)
    counted(town)
    assert [line[0] for line in leaderboard(people["安"], campaign)] == ["陈**", "安**", "本**"]


def test_a_campaign_that_is_over_has_its_board(town: Town) -> None:
    campaign = town.campaign()
    ann = town.person("ann")
    share = shared(ann, campaign)
    clock.advance(1)
    by_share(town.person("ben"), share).expect(201)
    counted(town)
    clock.advance(31 * 86_400)
    by_share(town.person("cat"), share).expect(201)
    counted(town)
    ann.come_back()
    assert leaderboard(ann, campaign) == [("微信用户", 1, 1)]
    assert ann.api.get("/v1/invites/leaderboard")["mine"] == 1


def test_a_board_of_no_campaign_is_not_there(town: Town) -> None:
    assert town.person().api.call("GET", "/v1/campaigns/0000/leaderboard").status == 404


def test_a_board_that_looks_while_another_is_counted_looks_again(town: Town) -> None:
    ann = star(town, 2)
    first, second = [item for item in town.items() if isinstance(item, Edge)]
    due.handle(first.key, str(first.gsi2sk))
    clock.advance(30)
    tally = next(item for item in town.items() if isinstance(item, Tally))

    def another(call: Call) -> None:
        if call.operation == "UpdateItem" and b"IVS" in call.body:
            town.emulator.before = None
            due.handle(second.key, str(second.gsi2sk))

    town.emulator.before = another
    due.handle(tally.key, str(tally.gsi2sk))
    standing = next(item for item in town.items() if isinstance(item, Standing))
    assert standing.score == 1
    clock.advance(30)
    town.minute()
    ann.come_back()
    assert ann.api.get("/v1/invites/leaderboard")["mine"] == 2
    assert not any(item.due for item in town.items() if isinstance(item, (Edge, Tally)))


def test_a_look_that_is_late_takes_nothing_back(town: Town) -> None:
    star(town, 1)
    counted(town)
    standing = next(item for item in town.items() if isinstance(item, Standing))
    standing.score, standing.gsi3sk = 5, "000000005#x"
    town.emulator.restore(standing)
    tally = next(item for item in town.items() if isinstance(item, Tally))
    town.emulator.make_due(tally.key, clock.now())
    town.minute()
    kept = next(item for item in town.items() if isinstance(item, Standing))
    assert kept.score == 5
    kept.score, kept.gsi3sk = 1, str(standing.gsi3sk)
    town.emulator.restore(kept)


def test_only_the_first_shard_says_how_many_there_are(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "GROWN", 2)
    ann = star(town, 6)
    for _ in range(3):
        counted(town)
    first = read_one(Descendants, descendants_key(MerchantId(town.merchant.mid), UserId(ann.uid)))
    assert first is not None
    assert first.spread == 16
    others = [item for item in town.items() if isinstance(item, Descendants) and item.key != first.key]
    assert {item.spread for item in others} <= {None}
