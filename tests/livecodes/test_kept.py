"""What a process remembers of a live code, as deployed: one read round and one transaction, and never a wrong place."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest

from chalicelib.core.ids import MerchantId
from chalicelib.livecodes import finding
from tests.bench.capacity import warm_caches
from tests.bench.meter import Cost, metered
from tests.livecodes import shop
from tests.town import Town

PLACED = ["BatchGetItem", "TransactWriteItems"]


@pytest.fixture(autouse=True)
def _warm() -> Iterator[None]:
    with warm_caches(30):
        yield


@pytest.fixture
def moments(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The machine's own clock, to be moved."""
    now = [time.monotonic()]
    monkeypatch.setattr("chalicelib.livecodes.finding.time.monotonic", lambda: now[0])
    return now


def cost(town: Town, name: str, lid: str) -> Cost:
    """What a place takes; its answer is looked at elsewhere."""
    person = town.person(name)
    with metered(town.emulator) as taken:
        shop.takes(person, lid)
    return taken


def unchanged(town: Town, lid: str) -> Callable[[], None]:
    """What this process remembers now, to be believed again: another one has changed it meanwhile."""
    place = MerchantId(town.merchant.mid), lid
    believed = finding._kept[place]

    def believe() -> None:
        finding._kept[place] = believed

    return believe


def test_a_place_is_one_read_round_and_one_transaction(town: Town) -> None:
    lid = shop.made(town, shop.page())
    shop.takes(town.person("first"), lid).expect(200)
    taken = cost(town, "ann", lid)
    assert (taken.operations, taken.write_units) == (PLACED, 8)
    assert cost(town, "ann", lid).operations == ["BatchGetItem"]


def test_targets_that_are_full_are_not_read_again(town: Town, moments: list[float]) -> None:
    lid = shop.made(town, *[shop.group(1)] * 8, shop.page())
    for n in range(9):
        assert shop.sent_to(town.person(f"p{n}"), lid) == n + 1
    assert cost(town, "ann", lid).operations == PLACED
    shop.retargets(town, lid, 1, capacity=2).expect(200)
    assert shop.sent_to(town.person("ben"), lid) == 1, "whoever changed it looks again at once"


def test_another_process_looks_again_when_its_moment_is_over(town: Town, moments: list[float]) -> None:
    lid = shop.made(town, shop.group(5))
    shop.takes(town.person("ann"), lid).expect(200)
    believe = unchanged(town, lid)
    shop.moves(town, lid, "pause").expect(200)
    believe()
    assert shop.takes(town.person("ben"), lid).status == 200, "paused within half a minute"
    moments[0] += 31
    assert shop.takes(town.person("cat"), lid).body["code"] == "live_code_not_running"


def test_what_is_believed_of_a_target_never_sends_anybody_to_it(town: Town) -> None:
    lid = shop.made(town, shop.group(5), shop.page())
    shop.takes(town.person("ann"), lid).expect(200)
    believe = unchanged(town, lid)
    shop.turns(town, lid, 1, "close").expect(200)
    believe()
    assert shop.sent_to(town.person("ben"), lid) == 2


def test_a_target_that_this_process_does_not_know_is_found_before_anybody_is_refused(town: Town) -> None:
    lid = shop.made(town, shop.group(1))
    ann, ben = town.person("ann"), town.person("ben")
    shop.takes(ann, lid).expect(200)
    believe = unchanged(town, lid)
    shop.adds(town, lid, shop.page()).expect(201)
    believe()
    assert shop.sent_to(ben, lid) == 2
    believe()
    assert shop.sent_to(ben, lid) == 2, "and where he was sent is shown"


def test_who_is_believed_to_be_sent_on_stays_where_the_target_was_reopened(town: Town) -> None:
    lid = shop.made(town, shop.group(5), shop.page())
    ann = town.person("ann")
    shop.takes(ann, lid).expect(200)
    shop.turns(town, lid, 1, "close").expect(200)
    shop.looks(ann, lid)
    believe = unchanged(town, lid)
    shop.turns(town, lid, 1, "reopen").expect(200)
    believe()
    assert shop.sent_to(ann, lid) == 1
    assert shop.target(town, lid, 2)["taken"] == 0


def test_a_process_remembers_so_many_and_no_more(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "MOST_KEPT", 2)
    for _ in range(3):
        shop.takes(town.person("ann"), shop.made(town, shop.page()))
    assert len(finding._kept) == 1
