"""What a ticket says of the tree that its owner hangs in: what is seen of it, what that costs, and what never fails."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import pytest

from chalicelib.accounts.items import User, user_key
from chalicelib.accounts.visits import APART
from chalicelib.core import clock
from chalicelib.core.errors import BUSY, RippleError
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import read_one
from chalicelib.invite import counting
from chalicelib.invite.items import Edge, KnownShape
from chalicelib.invite.shapes import KEPT, KEPT_CLEAR, LOOKED_AT
from chalicelib.sharing import tickets
from chalicelib.sharing.shapes import Shape
from chalicelib.sharing.sightings import marks
from chalicelib.sharing.tickets import Seen
from infra.local.client import Person
from tests.bench.meter import metered
from tests.emulator import Call
from tests.invite.family import accepts, counted, lives, strangers
from tests.sharing.friends import known_of
from tests.town import Town

HOURS, DAYS = 3600, 86_400
STAR, CHAIN, NOTHING = Shape(star=True), Shape(chain=True), Shape()


def user_of(town: Town, person: Person) -> User:
    found = read_one(User, user_key(MerchantId(town.merchant.mid), person.uid))
    assert found is not None
    return found


def seen(town: Town, person: Person) -> Shape:
    """What a ticket says that he is given now."""
    user = user_of(town, person)
    token = tickets.issue(user, "jar:1", Seen(), known_of(user))
    ticket = tickets.read(user.mid, user.uid, "jar:1", token)
    return Shape(star=ticket.star, chain=ticket.chain)


def edges(town: Town) -> list[Edge]:
    return [item for item in town.items() if isinstance(item, Edge)]


def come_back(people: Iterable[Person]) -> None:
    for person in people:
        person.come_back()


@pytest.fixture
def ann(town: Town) -> Person:
    return town.person("ann")


def test_a_family_is_nothing(town: Town, ann: Person) -> None:
    """Five at one home, two of them on their mother's phone, and none of them ever comes back."""
    family = strangers(town, ann, 3, homes="10.0.0.7")
    family += strangers(town, ann, 2, homes="10.0.0.7", device="mothers-phone")
    assert seen(town, family[0]) == NOTHING
    clock.advance(3 * DAYS)
    assert seen(town, family[0]) == NOTHING


@pytest.mark.parametrize(("many", "back", "shape"), [(20, 0, NOTHING), (21, 0, STAR), (21, 2, STAR), (21, 3, NOTHING)])
def test_many_strangers_in_a_day_of_whom_hardly_anybody_returns_are_a_star(
    town: Town, ann: Person, many: int, back: int, shape: Shape
) -> None:
    friends = strangers(town, ann, many)
    clock.advance(4 * HOURS)
    come_back(friends[:back])
    clock.advance(2 * DAYS)
    assert seen(town, friends[-1]) == shape


def test_nobody_is_said_to_stay_away_while_he_has_time(town: Town, ann: Person) -> None:
    friends = strangers(town, ann, 21)
    clock.advance(2 * DAYS)
    assert seen(town, friends[0]) == NOTHING
    clock.advance(KEPT_CLEAR.total_seconds())
    assert seen(town, friends[0]) == STAR


def test_who_comes_back_after_two_days_came_too_late(town: Town, ann: Person) -> None:
    friends = strangers(town, ann, 21)
    clock.advance(2 * DAYS + 1)
    come_back(friends)
    assert seen(town, friends[0]) == STAR


def test_who_was_here_hours_before_he_accepted_has_come_back(town: Town, ann: Person) -> None:
    clock.advance(1)
    old = [lives(town.person(), f"10.{n}.0.7") for n in range(21)]
    clock.advance(APART.total_seconds() - 60)
    come_back([ann, *old])
    assert {user_of(town, person).came_back_at for person in old} == {None}
    clock.advance(60)
    for n, person in enumerate(old):
        clock.advance(n * n)
        accepts(person, ann).expect(201)
    clock.advance(3 * DAYS)
    assert seen(town, old[0]) == NOTHING


def test_as_many_in_three_days_are_no_star(town: Town, ann: Person) -> None:
    friends: list[Person] = []
    for _ in range(3):
        ann.come_back()
        friends += strangers(town, ann, 9)
        clock.advance(DAYS)
    clock.advance(2 * DAYS)
    assert seen(town, friends[-1]) == NOTHING


def test_a_star_is_seen_under_those_who_came_since(town: Town, ann: Person) -> None:
    friends = strangers(town, ann, 21)
    clock.advance(2 * DAYS + 1)
    ann.come_back()
    late = strangers(town, ann, LOOKED_AT + 2)
    assert seen(town, late[-1]) == seen(town, friends[0]) == STAR


def test_a_star_of_a_month_ago_is_over(town: Town, ann: Person) -> None:
    friends = strangers(town, ann, 21)
    clock.advance(31 * DAYS)
    assert seen(town, friends[-1]) == NOTHING


def test_a_spread_star_is_one(town: Town, ann: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "GROWN", 4)
    for _ in range(6):
        strangers(town, ann, 1)
        counted(town)
    friends = strangers(town, ann, 25)
    assert len({edge.gsi1pk for edge in edges(town)}) > 4
    clock.advance(3 * DAYS)
    assert seen(town, friends[-1]) == STAR


def test_five_within_forty_minutes_at_equal_gaps_on_one_device_are_a_fan(town: Town, ann: Person) -> None:
    friends = strangers(town, ann, 5, gaps=[480], device="device-0001")
    assert seen(town, friends[0]) == CHAIN


@pytest.mark.parametrize("device", [None, "device-0001", "no device"])
def test_who_says_of_no_device_shares_none(town: Town, ann: Person, device: str | None) -> None:
    friends = strangers(town, ann, 5, device=device)
    assert seen(town, friends[0]) == (CHAIN if device == "device-0001" else NOTHING)


def test_eight_in_lockstep_are_a_fan_wherever_they_are(town: Town, ann: Person) -> None:
    friends = strangers(town, ann, 7, gaps=[300])
    assert seen(town, friends[0]) == NOTHING
    friends += strangers(town, ann, 1, gaps=[300])
    assert seen(town, friends[-1]) == CHAIN


def test_a_crowd_from_one_network_is_a_fan(town: Town, ann: Person) -> None:
    friends = strangers(town, ann, 20, homes="10.0.0.{}")
    assert seen(town, friends[0]) == NOTHING
    clock.advance(KEPT_CLEAR.total_seconds())
    ann.come_back()
    friends += strangers(town, ann, 1, homes="10.0.0.99")
    assert seen(town, friends[-1]) == CHAIN


def line(town: Town, devices: list[str]) -> list[Person]:
    """Each invited the next, a day apart."""
    people = [town.person()]
    for n, device in enumerate(devices):
        clock.advance(DAYS)
        inviter = people[-1]
        inviter.come_back()
        people.append(lives(town.person(), f"10.{n}.0.7", device))
        accepts(people[-1], inviter).expect(201)
    return people


def test_a_line_on_one_device_is_a_chain_for_whoever_hangs_at_its_end(town: Town) -> None:
    people = line(town, ["device-0001"] * 4 + ["device-0002"])
    assert [seen(town, person) for person in people] == [NOTHING] * 5 + [CHAIN]


def test_a_line_of_friends_is_nothing(town: Town) -> None:
    people = line(town, [f"device-000{n}" for n in range(7)])
    assert seen(town, people[-1]) == NOTHING


def test_who_was_invited_by_nobody_costs_nothing_more(town: Town, ann: Person) -> None:
    user = user_of(town, ann)
    found = known_of(user)
    with town.emulator.counting() as calls:
        tickets.issue(user, "jar:1", Seen(), found)
    assert calls == []


def test_an_answer_is_kept_an_hour_and_one_that_says_nothing_five_minutes(town: Town, ann: Person) -> None:
    friends = strangers(town, ann, 3)
    assert seen(town, friends[0]) == NOTHING
    friends += strangers(town, ann, 5, gaps=[30], device="device-0001")
    assert seen(town, friends[0]) == NOTHING
    clock.advance(KEPT_CLEAR.total_seconds() - 150)
    assert seen(town, friends[0]) == CHAIN
    for edge in edges(town):
        edge.device = None
        town.emulator.restore(edge)
    clock.advance(KEPT.total_seconds() - 1)
    assert seen(town, friends[-1]) == CHAIN
    clock.advance(1)
    assert seen(town, friends[-1]) == NOTHING


def test_a_kept_answer_is_one_read_round_and_ends(town: Town, ann: Person) -> None:
    friends = strangers(town, ann, 9, gaps=[300])
    user = user_of(town, friends[0])
    found = known_of(user)
    tickets.issue(user, "jar:1", Seen(), found)
    with town.emulator.counting() as calls:
        tickets.issue(user, "jar:1", Seen(), found)
    assert [call.operation for call in calls] == ["BatchGetItem"]
    (kept,) = [item for item in town.items() if isinstance(item, KnownShape)]
    assert kept.ttl == (kept.looked_at + KEPT).timestamp()


def test_a_look_costs_the_same_however_many_there_are(town: Town, ann: Person) -> None:
    user = user_of(town, strangers(town, ann, 60)[0])
    clock.advance(3 * DAYS)
    ann.come_back()
    strangers(town, ann, 60)
    found = known_of(user)
    with metered(town.emulator) as cost:
        tickets.issue(user, "jar:1", Seen(), found)
    assert cost.operations == ["BatchGetItem", "Query", "Query", "BatchGetItem", "UpdateItem"]
    assert cost.read_units <= 2 + 2 + 2 * LOOKED_AT


def test_a_small_tree_is_one_query(town: Town, ann: Person) -> None:
    user = user_of(town, strangers(town, ann, 3)[0])
    found = known_of(user)
    with metered(town.emulator) as cost:
        tickets.issue(user, "jar:1", Seen(), found)
    assert (cost.operations, cost.read_units) == (["BatchGetItem", "Query", "UpdateItem"], 2.5)


def test_no_call_of_a_look_can_fail_its_page(town: Town, ann: Person) -> None:
    """Storage fails at every call in turn; what cannot be known speaks against nobody."""
    friends = strangers(town, ann, 9, gaps=[300], device="device-0001")
    user = user_of(town, friends[0])
    found = known_of(user)
    with town.emulator.counting() as calls:
        tickets.issue(user, "jar:1", Seen(), found)
    said: list[Shape] = []
    for number in range(len(calls)):
        clock.advance(KEPT.total_seconds())
        left = iter(range(1000))

        def before(call: Call, number: int = number, left: Any = left) -> Exception | None:
            return RippleError(BUSY) if next(left) == number else None

        town.emulator.before = before
        said.append(_issued(user, found))
        town.emulator.before = None
    assert said == [NOTHING] * (len(calls) - 1) + [CHAIN]


def _issued(user: User, found: Any) -> Shape:
    token = tickets.issue(user, "jar:1", Seen(), found)
    ticket = tickets.read(user.mid, user.uid, "jar:1", token)
    return Shape(star=ticket.star, chain=ticket.chain)


def test_what_cannot_be_read_any_more_fails_no_page(town: Town, ann: Person) -> None:
    friends = strangers(town, ann, 5, device="device-0001")
    whole = next(edge for edge in edges(town) if edge.child == friends[0].uid)
    spoiled = {name: value for name, value in whole.serialize().items() if name != "verdict"}
    user = user_of(town, friends[1])
    town.emulator.write(spoiled)
    assert _issued(user, known_of(user)) == NOTHING
    town.emulator.restore(whole)


def test_an_edge_says_where_one_accepted_and_nobody_reads_where_that_is(town: Town, ann: Person) -> None:
    lives(ann, "10.0.0.1", "device-0001")
    first, second = strangers(town, ann, 2, homes="10.0.0.{}", device="device-0001")
    other = strangers(town, ann, 1, homes="10.0.1.0", device="device-0002")[0]
    silent = strangers(town, ann, 1, homes="2001:db8::1")[0]
    found = {str(edge.child): edge for edge in edges(town)}
    assert found[first.uid].device == found[second.uid].device != found[other.uid].device
    assert found[first.uid].network == found[second.uid].network != found[other.uid].network
    assert found[silent.uid].device is None
    assert {len(edge.network or "") for edge in found.values()} == {10}
    stored = json.dumps(town.emulator.items())
    assert not any(word in stored for word in ("10.0.0", "10.0.1", "2001:db8", "device-000"))


def test_marks_of_two_merchants_are_not_alike(town: Town, ann: Person) -> None:
    here = Seen(address="10.0.0.1", device="device-0001")
    ours, theirs = (marks(MerchantId(mid), here) for mid in (town.merchant.mid, town.second().mid))
    assert not set(ours) & set(theirs)
