"""Tickets: what is known of whoever looks travels in them, and nothing of it can fail or delay his page."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.accounts import tokens
from chalicelib.accounts.items import User
from chalicelib.core import clock
from chalicelib.core.errors import RippleError
from chalicelib.core.secrets import merchant_secrets
from chalicelib.sharing import risk, sightings, tickets
from chalicelib.sharing.sightings import ADDRESS, DEVICE, Sightings, network
from chalicelib.sharing.tickets import Seen, Ticket
from chalicelib.sharing.verdict import ADDRESS_CROWDED
from infra.local.client import Person
from tests.sharing.friends import known_of
from tests.town import Town

TARGET = "jar:1"
HERE = Seen(address="203.0.113.9", device="device-0001")


def user_of(town: Town, person: Person) -> User:
    return next(item for item in town.items() if isinstance(item, User) and item.uid == person.uid)


def issued(town: Town, person: Person, seen: Seen = HERE) -> Ticket:
    """What a ticket says that is issued now."""
    user = user_of(town, person)
    token = tickets.issue(user, TARGET, seen, known_of(user))
    return tickets.read(user.mid, user.uid, TARGET, token)


def asked(town: Town) -> int:
    """How often WeChat was asked for a rank."""
    return sum(n for (_, api, window), n in town.sim.world.asked.items() if api == "risk" and "T" not in window)


def sighted(town: Town) -> list[Sightings]:
    return [item for item in town.items() if isinstance(item, Sightings)]


def refusal(act: Callable[[], Any]) -> str:
    with pytest.raises(RippleError) as refused:
        act()
    return refused.value.problem.code


def test_a_ticket_is_for_one_person_one_thing_and_ten_minutes(town: Town) -> None:
    ann, ben = user_of(town, town.person("ann")), user_of(town, town.person("ben"))
    token = tickets.issue(ann, TARGET, HERE, known_of(ann))
    assert refusal(lambda: tickets.opened(ann.mid, ann.uid, TARGET, token)) == "help_too_fast"
    clock.advance(2)
    assert tickets.opened(ann.mid, ann.uid, TARGET, token).sub == ann.uid
    assert refusal(lambda: tickets.opened(ann.mid, ben.uid, TARGET, token)) == "help_ticket_unfit"
    assert refusal(lambda: tickets.opened(ann.mid, ann.uid, "jar:2", token)) == "help_ticket_unfit"
    assert refusal(lambda: tickets.opened(ann.mid, ann.uid, TARGET, token + "x")) == "help_ticket_unfit"
    clock.advance(598)
    assert refusal(lambda: tickets.opened(ann.mid, ann.uid, TARGET, token)) == "help_ticket_expired"


def test_a_ticket_tells_its_bearer_nothing(town: Town) -> None:
    town.act("/_sim/ranks", name="ann", rank=4)
    ann = user_of(town, town.person("ann"))
    said = tokens.opened(tickets.issue(ann, TARGET, HERE, known_of(ann)), tickets.AUDIENCE)
    assert set(said) == {"sub", "seen", "aud", "mid", "iat", "exp"}
    assert "rank" not in base64.b64decode(said["seen"].partition(".")[2]).decode("latin-1")


def test_a_ticket_of_a_merchant_without_a_data_key_says_only_who_looked(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.act("/_sim/ranks", name="ann", rank=4)
    ann = user_of(town, town.person("ann"))
    bare = replace(merchant_secrets(ann.mid), data_keys={}, data_kid="")
    monkeypatch.setattr(tickets, "merchant_secrets", lambda mid: bare)
    token = tickets.issue(ann, TARGET, HERE, known_of(ann))
    assert tickets.read(ann.mid, ann.uid, TARGET, token) == Ticket(sub=ann.uid, target=TARGET, seen_at=clock.now())


def test_what_another_was_told_is_no_ticket_of_mine(town: Town) -> None:
    ann, ben = user_of(town, town.person("ann")), user_of(town, town.person("ben"))
    anns = tokens.opened(tickets.issue(ann, TARGET, HERE, known_of(ann)), tickets.AUDIENCE)["seen"]
    until = clock.now() + tickets.LIFE
    for seen in (anns, "", ".{}", "x.y", ".no json"):
        forged = tokens.signed(ann.mid, tickets.AUDIENCE, until, {"sub": ben.uid, "seen": seen})
        assert refusal(partial(tickets.read, ann.mid, ben.uid, TARGET, forged)) == "help_ticket_unfit"


def test_the_rank_is_asked_once_a_day(town: Town) -> None:
    ann = town.person("ann")
    town.act("/_sim/ranks", name="ann", rank=3)
    assert issued(town, ann).rank == 3
    town.act("/_sim/ranks", name="ann", rank=1)
    clock.advance(86_399)
    ann.come_back()
    assert (issued(town, ann).rank, asked(town)) == (3, 1)
    clock.advance(1)
    assert (issued(town, ann).rank, asked(town)) == (1, 2)


@pytest.mark.parametrize("kind", ["busy", "quota", "5xx", "unreachable", "lost", "slow", "garbled"])
def test_a_rank_that_is_not_told_is_unknown_and_soon_asked_again(town: Town, kind: str) -> None:
    ann = town.person("ann")
    town.act("/_sim/ranks", name="ann", rank=2)
    town.act("/_sim/faults", endpoint="risk", kind=kind)
    assert issued(town, ann).rank is None
    clock.advance(59)
    assert issued(town, ann).rank is None
    clock.advance(1)
    assert issued(town, ann).rank == 2


def test_a_rank_that_was_known_is_forgotten_when_it_is_old_and_not_told(town: Town) -> None:
    ann = town.person("ann")
    assert issued(town, ann).rank == 0
    clock.advance(86_400)
    town.act("/_sim/faults", endpoint="risk", kind="unreachable", count=None)
    assert [issued(town, ann).rank for _ in range(2)] == [None, None]
    assert user_of(town, ann).rank is None


def test_who_was_not_there_lately_has_no_rank(town: Town) -> None:
    ann = town.person("ann")
    clock.advance(7_201)
    assert issued(town, ann).rank is None


def test_no_rank_is_asked_without_an_address(town: Town) -> None:
    ann = town.person("ann")
    assert issued(town, ann, Seen()) == Ticket(sub=ann.uid, target=TARGET, seen_at=clock.now())
    assert user_of(town, ann).rank_at is None
    assert (asked(town), sighted(town)) == (0, [])


def test_no_call_that_a_ticket_makes_can_fail_it(town: Town) -> None:
    """Storage and WeChat fail at every call in turn; the page has its ticket all the same."""
    ann = town.person("ann")
    user = user_of(town, ann)
    found = known_of(user)
    with town.emulator.counting() as calls:
        tickets.issue(user, TARGET, HERE, found)
    for number in range(len(calls)):
        clock.advance(86_401)
        count = iter(range(1000))

        def before(call: Any, number: int = number, count: Any = count) -> Exception | None:
            return EndpointConnectionError(endpoint_url="x") if next(count) == number else None

        town.emulator.before = before
        assert issued(town, ann).sub == ann.uid
        town.emulator.before = None
    town.emulator.before = lambda call: EndpointConnectionError(endpoint_url="x")
    assert tickets.issue(user, TARGET, HERE, found)
    town.emulator.before = None


def test_looking_again_costs_one_read_and_no_write(town: Town) -> None:
    """The first look of a day writes the rank, and one small item for the device and the address each."""
    ann = town.person("ann")
    issued(town, ann)
    clock.advance(900)
    user = user_of(town, ann)
    found = known_of(user)
    with town.emulator.counting() as calls:
        tickets.issue(user, TARGET, Seen(address=HERE.address, device="device-0002"), found)
    assert [call.operation for call in calls] == ["BatchGetItem", "UpdateItem", "UpdateItem"]
    with town.emulator.counting() as calls:
        tickets.issue(user, TARGET, HERE, found)
    assert [call.operation for call in calls] == ["BatchGetItem"]


def test_the_question_takes_no_longer_than_a_page_may_wait(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    waited = list[float]()
    inner = town.transport.send

    def send(method: str, url: str, headers: dict[str, str], body: bytes | None, timeout: float) -> Any:
        waited.append(timeout)
        clock.advance(timeout)
        return inner(method, url, headers, body, timeout)

    ann = user_of(town, town.person("ann"))
    monkeypatch.setattr(town.transport, "send", send)
    began = clock.now()
    tickets.issue(ann, TARGET, HERE, known_of(ann))
    assert clock.now() - began <= risk.PATIENCE
    assert waited and max(waited) <= risk.PATIENCE.total_seconds()


def test_accounts_on_one_device_are_counted_not_calls(town: Town) -> None:
    people = [town.person() for _ in range(5)]
    seen = [issued(town, person).device_accounts for person in people for _ in range(2)]
    assert seen == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]


def test_a_person_with_two_accounts_is_one(town: Town) -> None:
    ann, ben = town.person("ann"), town.person("ben")
    issued(town, ann)
    double = user_of(town, ben)
    double.unionid = user_of(town, ann).unionid
    town.emulator.restore(double)
    assert double.is_same_person(user_of(town, ann))
    assert issued(town, ben).device_accounts == 1


def test_who_has_no_unionid_is_the_same_person_as_himself_alone() -> None:
    ann, ben = (User(f"M|U#{name}", "META", unionid=None) for name in ("ann", "ben"))
    assert ann.is_same_person(ann) and not ann.is_same_person(ben)


def test_a_device_forgets_after_a_day_and_an_address_after_an_hour(town: Town) -> None:
    first, second = town.person(), town.person()
    issued(town, first)
    clock.advance(3_600)
    ticket = issued(town, second)
    assert (ticket.device_accounts, ticket.address_accounts) == (2, 1)
    clock.advance(86_400 - 3_600)
    assert issued(town, second).device_accounts == 1


def test_who_stays_is_counted_for_as_long_as_he_stays(town: Town) -> None:
    first, second = town.person(), town.person()
    for _ in range(8):
        issued(town, first)
        clock.advance(6 * 3_600)
    assert issued(town, second).device_accounts == 2


def test_devices_and_addresses_are_kept_apart_and_by_merchant(town: Town) -> None:
    ann, ben = town.person(), town.person()
    issued(town, ann)
    ticket = issued(town, ben, Seen(address="203.0.113.10", device="device-0002"))
    assert (ticket.device_accounts, ticket.address_accounts) == (1, 1)
    swapped = issued(town, ben, Seen(address="203.0.113.9", device="203.0.113.9"))
    assert (swapped.device_accounts, swapped.address_accounts) == (1, 2)
    other = town.second()
    cat = Person.login(ann.api.send, town.control, other.appid, "cat")
    assert issued(town, cat).device_accounts == 1


def test_an_address_of_thousands_is_not_written_to_by_thousands(town: Town) -> None:
    """Once it is crowded it stays one full item: nothing more is written to it, and it stays within a write unit."""
    ann = town.person()
    user = user_of(town, ann)
    found = known_of(user)
    for number in range(40):
        user.unionid = f"somebody-{number}"
        tickets.issue(user, TARGET, Seen(address="203.0.113.9"), found)
    (full,) = sighted(town)
    assert len(full.accounts) == full.turn == ADDRESS_CROWDED + 1
    assert len(json.dumps(full.serialize())) < 1024
    assert issued(town, ann, Seen(address="203.0.113.9")).address_accounts == ADDRESS_CROWDED + 2


def test_two_who_look_at_once_are_both_counted_when_they_look_again(town: Town) -> None:
    ann, ben, cat = (town.person() for _ in range(3))
    issued(town, ann)
    user = user_of(town, cat)
    town.emulator.meanwhile(lambda: issued(town, ben), operation="UpdateItem")
    sightings.note(user, HERE)
    assert issued(town, cat).device_accounts == 3
    assert issued(town, ben).device_accounts == 3


def test_what_is_stored_names_nobody_and_ends(town: Town) -> None:
    ann = town.person()
    issued(town, ann)
    stored = [item for item in town.items() if isinstance(item, Sightings)]
    kept = {DEVICE.window.total_seconds(), ADDRESS.window.total_seconds()}
    assert {item.ttl - clock.now().timestamp() for item in stored if item.ttl} == kept
    text = json.dumps([item.serialize() for item in stored])
    assert not any(word in text for word in (ann.uid, str(HERE.device), str(HERE.address)))
    assert (HERE.address or "") not in json.dumps(town.emulator.items())


@pytest.mark.parametrize("device", ["", "short", "a" * 129, "with a space", "with\nline", "设备设备设备设备"])
def test_what_is_no_device_id_is_none(town: Town, device: str) -> None:
    assert issued(town, town.person(), Seen(device=device)).device_accounts is None


def test_where_a_request_comes_from_is_the_gateways_word_and_one_header() -> None:
    headers = {"x-device-id": "device-0001", "x-forwarded-for": "198.51.100.1"}
    assert tickets.seen_from("203.0.113.9", headers) == HERE
    assert tickets.seen_from("", {}) == Seen()


@pytest.mark.parametrize(
    ("address", "known"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("not an address", None),
        ("", None),
        (None, None),
    ],
)
def test_an_ipv6_household_is_one_address(address: str | None, known: str | None) -> None:
    assert network(address) == known


@settings(max_examples=200)
@given(st.text(max_size=60))
def test_no_text_breaks_an_address(text: str) -> None:
    network(text)
