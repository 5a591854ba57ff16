"""Turns: what is due and finds no token comes again in a second of its own, and is leased twice in all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest

from chalicelib.core import chance, clock, due, rate
from chalicelib.core.errors import Unknown
from chalicelib.core.ids import MerchantId
from chalicelib.core.rate import Bucket, Crowded, Rate
from chalicelib.core.store import read_one
from chalicelib.core.table import Item, table
from chalicelib.core.transaction import update_one
from tests.emulator import Call, Emulator

MID, API, FEW = MerchantId("m1"), "refund", Rate(normal=3, slow=1)


class Errand(Item):
    """Something due that asks outside."""

    letter = "ERRAND"
    prefix = "META"


@pytest.fixture
def went(world: Emulator) -> Iterator[list[str]]:
    """The errands that went, and when."""
    done = list[str]()

    def go(errand: Errand) -> None:
        rate.insist_turn(errand, API, FEW)
        done.append(clock.iso(clock.now()))
        update_one(errand, [], when={"leased": Errand.gsi2sk == errand.gsi2sk}, due=None)

    before = dict(due.HANDLERS)
    due.HANDLERS[Errand] = go
    yield done
    due.HANDLERS.clear()
    due.HANDLERS.update(before)


def errands(world: Emulator, number: int) -> None:
    for n in range(number):
        errand = Errand(*table(MID).key("ERRAND", f"{n:04d}"))
        errand.set_due(clock.now())
        world.restore(errand)


def waiting(world: Emulator) -> list[Errand]:
    found = [Errand.from_raw_data(raw) for raw in world.items() if raw["pk"]["S"].startswith(f"{MID}|ERRAND#")]
    return sorted((errand for errand in found if errand.due), key=lambda errand: errand.due or clock.now())


def work(world: Emulator) -> None:
    for shard in world.shards_due():
        due.work(shard)


def leases(call: Call) -> bool:
    return call.operation == "UpdateItem" and b"gsi2sk = :seen" in call.body


def test_each_has_a_second_of_its_own_and_is_looked_at_twice(world: Emulator, went: list[str]) -> None:
    errands(world, 30)
    with world.counting() as calls:
        work(world)
        assert len(went) == 3
        seconds = Counter(errand.due for errand in waiting(world))
        assert set(seconds.values()) == {3} and len(seconds) == 9
        for _ in range(9):
            clock.advance(1)
            work(world)
    assert Counter(went).most_common()[0][1] == 3 and len(went) == 30
    assert sum(map(leases, calls)) == 30 + 27


def test_whoever_comes_late_to_its_turn_still_has_it(world: Emulator, went: list[str]) -> None:
    errands(world, 12)
    work(world)
    clock.advance(60)
    work(world)
    assert len(went) == 12


def test_whoever_comes_new_stands_at_the_end(world: Emulator, went: list[str]) -> None:
    errands(world, 9)
    work(world)
    clock.advance(1)
    newcomer = Errand(*table(MID).key("ERRAND", "new"))
    with pytest.raises(Crowded) as told:
        rate.insist_turn(newcomer, API, FEW)
    assert told.value.until > max(errand.due or clock.now() for errand in waiting(world))


def test_no_turn_is_farther_ahead_than_it_may_be(world: Emulator, went: list[str]) -> None:
    tokens = Bucket(*rate.bucket_key(MID, API), second=int((clock.now() + rate.FAR).timestamp()), left=0, most=3)
    world.restore(tokens)
    errands(world, 1)
    work(world)
    (errand,) = waiting(world)
    assert errand.queued is None
    assert errand.due is not None
    assert rate.SOON / 2 <= errand.due - clock.now() <= rate.SOON


def test_trouble_ends_all_turns_and_gives_fewer(world: Emulator, went: list[str]) -> None:
    errands(world, 12)
    work(world)
    rate.slow_down(MID, API, FEW)
    rate.slow_down(MID, API, FEW)
    clock.advance(1)
    work(world)
    assert len(went) == 4
    clock.advance(1)
    work(world)
    assert len(went) == 5
    bucket = read_one(Bucket, rate.bucket_key(MID, API))
    assert bucket is not None
    assert (bucket.round, bucket.most) == (1, 1)


def test_after_trouble_turns_are_given_for_minutes_only(world: Emulator, went: list[str]) -> None:
    soon = int((clock.now() + rate.SOON).timestamp())
    world.restore(Bucket(*rate.bucket_key(MID, API), second=soon, left=0, most=1))
    errands(world, 1)
    work(world)
    (errand,) = waiting(world)
    assert errand.queued is None


def test_a_turn_is_used_once(world: Emulator, went: list[str]) -> None:
    def ask(errand: Errand) -> None:
        rate.insist_turn(errand, API, FEW)
        raise Unknown("nobody there")

    errands(world, 4)
    work(world)
    due.HANDLERS[Errand] = ask
    clock.advance(1)
    work(world)
    (errand,) = waiting(world)
    assert errand.waits == 1
    assert errand.queued is None


def test_a_second_that_somebody_else_begins_meanwhile_gives_the_next_token(world: Emulator) -> None:
    errand = Errand(*table(MID).key("ERRAND", "a"))
    others = iter(range(1))

    def meanwhile(call: Call) -> None:
        if call.operation == "UpdateItem" and next(others, None) is not None:
            world.turn = None
            assert rate.take(MID, API, FEW)

    world.turn = meanwhile
    rate.insist_turn(errand, API, FEW)
    bucket = read_one(Bucket, rate.bucket_key(MID, API))
    assert bucket is not None
    assert bucket.left == 1


def test_tokens_that_others_always_take_first_are_asked_for_later(world: Emulator) -> None:
    errand = Errand(*table(MID).key("ERRAND", "a"))
    for _ in range(4):
        rate.take(MID, API, FEW)

    def meanwhile(call: Call) -> None:
        world.turn = None
        raw = next(raw for raw in world.items() if raw["pk"]["S"].startswith(f"{MID}|RATE#"))
        world.write({**raw, "second": {"N": str(int(raw["second"]["N"]) + 1)}})
        world.turn = meanwhile

    world.turn = meanwhile
    with chance.seeded(7), pytest.raises(Crowded) as told:
        rate.insist_turn(errand, API, FEW)
    world.turn = None
    assert told.value.turn is None
    assert told.value.until - clock.now() <= timedelta(minutes=5)
