"""Outside acts: owed with the decision, done once each in effect, by stream or sweeper."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.core import clock, consumers, due, outbox
from chalicelib.core.errors import Unknown
from chalicelib.core.ids import MerchantId
from chalicelib.core.outbox import Done, Effect, EffectClass, Later, Once, OutboxEntry, entry_key
from chalicelib.core.rate import Rate
from chalicelib.core.store import read_one
from chalicelib.core.table import IntAttribute, Item, Key, table
from chalicelib.core.transaction import Lost, Transaction
from tests.core.test_due import tick
from tests.emulator import Emulator

MID = MerchantId("m1")


class Outside:
    """A counterparty that keeps what reached it."""

    def __init__(self) -> None:
        self.reached: list[str] = []
        self.answers: list[Any] = []

    def deliver(self, entry: OutboxEntry) -> Done | Later:
        self.reached.append(entry.number)
        answer = self.answers.pop(0) if self.answers else Done()
        if isinstance(answer, BaseException):
            raise answer
        assert isinstance(answer, Done | Later)
        return answer

    def send(self, entry: OutboxEntry) -> Once:
        """Once, and what it takes."""
        taken = Taken(*taken_key(entry.number))
        return Once(lambda tx: void(tx.put("taken", taken)), lambda: self.deliver(entry))

    def doubted(self, entry: OutboxEntry, tx: Transaction) -> None:
        tx.update("taken", taken_key(entry.number), [Taken.doubted.set(1)], when={})


class Taken(Item):
    """What a message takes when it is decided."""

    letter = "TAKEN"
    prefix = "META"

    doubted = IntAttribute(null=True)


def taken_key(number: str) -> Key:
    return table(MID).key("TAKEN", number)


def void(_: object) -> None:
    """Nothing."""


class Context:
    def __init__(self, milliseconds: int = 50_000) -> None:
        self.milliseconds = milliseconds

    def get_remaining_time_in_millis(self) -> int:
        return self.milliseconds


@pytest.fixture
def outside(world: Emulator) -> Iterator[Outside]:
    there = Outside()
    before = dict(due.HANDLERS), dict(outbox.EFFECTS)
    outbox.register(
        {
            "refund": Effect(EffectClass.SAME_NUMBER, there.deliver),
            "message": Effect(EffectClass.ONCE, there.send, uncertain=there.doubted),
        }
    )
    due.register({OutboxEntry: outbox.deliver})
    yield there
    due.HANDLERS.clear()
    outbox.EFFECTS.clear()
    due.HANDLERS.update(before[0])
    outbox.EFFECTS.update(before[1])


def owe(effect: str, number: str) -> None:
    tx = Transaction()
    outbox.owe(tx, "effect", MID, effect, number, {"n": 1})
    tx.commit()


def entry(effect: str, number: str) -> OutboxEntry | None:
    return read_one(OutboxEntry, entry_key(MID, effect, number))


def stream(effect: str, number: str, context: Context | None = None) -> None:
    owed = entry(effect, number)
    assert owed is not None
    record = {"dynamodb": {"NewImage": owed.serialize()}}
    assert consumers.streamed({"Records": [record]}, context or Context()) == {"batchItemFailures": []}


def test_the_stream_delivers_at_once_and_the_entry_ends(outside: Outside) -> None:
    owe("refund", "r1")
    stream("refund", "r1")
    assert outside.reached == ["r1"] and entry("refund", "r1") is None


def test_the_sweeper_finds_what_the_stream_missed(outside: Outside) -> None:
    owe("refund", "r1")
    assert tick() == 0
    clock.advance(61)
    assert tick() == 1
    assert outside.reached == ["r1"] and entry("refund", "r1") is None


def test_a_repeated_stream_record_does_nothing_twice(outside: Outside) -> None:
    owe("refund", "r1")
    owed = entry("refund", "r1")
    assert owed is not None
    record = {"dynamodb": {"NewImage": owed.serialize()}}
    consumers.streamed({"Records": [record, record]}, Context())
    assert outside.reached == ["r1"]


def test_a_number_is_owed_once(outside: Outside) -> None:
    owe("refund", "r1")
    with pytest.raises(Lost, match="effect.absent"):
        owe("refund", "r1")


def test_an_unknown_outcome_of_a_numbered_act_is_asked_again_under_its_number(outside: Outside) -> None:
    outside.answers = [Unknown("timeout"), Later(timedelta(seconds=60), "processing"), Done()]
    owe("refund", "r1")
    stream("refund", "r1")
    for _ in range(2):
        clock.advance(300)
        tick()
    assert outside.reached == ["r1", "r1", "r1"] and entry("refund", "r1") is None


def taken(number: str) -> Taken | None:
    return read_one(Taken, taken_key(number))


def test_an_unknown_outcome_of_a_once_act_is_never_repeated(outside: Outside) -> None:
    outside.answers = [Unknown("timeout")]
    owe("message", "m1")
    stream("message", "m1")
    doubted = taken("m1")
    assert outside.reached == ["m1"] and entry("message", "m1") is None
    assert doubted is not None and doubted.doubted == 1


def test_a_once_act_takes_what_it_takes_with_its_mark(outside: Outside, world: Emulator) -> None:
    owe("message", "m1")
    outside.answers = [Later(timedelta(seconds=31), "overlap")]
    stream("message", "m1")
    waits = entry("message", "m1")
    assert waits is not None and waits.marked_at is None and taken("m1") is not None
    clock.advance(32)
    tick()
    assert outside.reached == ["m1"], "what it takes is there already, so that the mark is refused with it"


def test_a_once_act_that_died_after_its_mark_is_not_done_again(outside: Outside) -> None:
    owe("message", "m1")
    owed = entry("message", "m1")
    assert owed is not None
    tx = Transaction()
    tx.put("taken", Taken(*taken_key("m1")))
    tx.update("entry", owed, [OutboxEntry.marked_at.set(clock.now())], when={})
    tx.commit()
    clock.advance(61)
    tick()
    doubted = taken("m1")
    assert outside.reached == [] and entry("message", "m1") is None
    assert doubted is not None and doubted.doubted == 1


def test_a_once_act_that_is_not_to_be_done_takes_nothing(outside: Outside) -> None:
    outbox.register({"message": Effect(EffectClass.ONCE, outside.deliver)})
    owe("message", "m1")
    stream("message", "m1")
    assert entry("message", "m1") is None and taken("m1") is None


def test_one_bad_record_delays_no_other(outside: Outside) -> None:
    outside.answers = [RuntimeError("boom")]
    owe("refund", "r1")
    owe("refund", "r2")
    records = [{"dynamodb": {"NewImage": e.serialize()}} for n in ("r1", "r2") if (e := entry("refund", n))]
    consumers.streamed({"Records": records}, Context())
    assert outside.reached == ["r1", "r2"] and entry("refund", "r2") is None


def test_what_the_stream_has_no_time_for_is_left_to_the_sweeper(outside: Outside) -> None:
    owe("refund", "r1")
    stream("refund", "r1", Context(milliseconds=1_000))
    assert outside.reached == [] and entry("refund", "r1") is not None


@pytest.mark.parametrize("effect", ["refund", "message"])
def test_an_entry_that_went_to_another_worker_is_his_to_end(outside: Outside, effect: str) -> None:
    tx = Transaction()
    outbox.owe(tx, "act", MID, effect, "n-1", {})
    tx.commit()
    key = entry_key(MID, effect, "n-1")
    for outcome in (Done(), Later(timedelta(seconds=5), "busy")):

        def overtaken(entry: OutboxEntry, outcome: Done | Later = outcome) -> Done | Later:
            clock.advance(61)
            taken = read_one(OutboxEntry, key)
            assert taken is not None
            assert taken.gsi2sk is not None
            assert due.lease(key, taken.gsi2sk) is not None
            return outcome

        outbox.register({effect: Effect(EffectClass.SAME_NUMBER, overtaken)})
        clock.advance(61)
        assert tick() == 1
        left = read_one(OutboxEntry, key)
        assert left is not None
        assert left.due is not None
        assert left.due > clock.now() + timedelta(seconds=30), "the other worker's lease stands"


def test_a_message_is_marked_by_the_worker_that_has_it(outside: Outside) -> None:
    tx = Transaction()
    outbox.owe(tx, "act", MID, "message", "n-1", {})
    tx.commit()
    key = entry_key(MID, "message", "n-1")
    clock.advance(61)
    entry = read_one(OutboxEntry, key)
    assert entry is not None
    assert entry.gsi2sk is not None
    mine = due.lease(key, entry.gsi2sk)
    clock.advance(61)
    assert isinstance(mine, OutboxEntry)
    assert mine.gsi2sk is not None
    assert due.lease(key, mine.gsi2sk) is not None
    with pytest.raises(Lost):
        outbox.deliver(mine)
    assert outside.reached == []


def test_acts_are_sent_at_their_rate_and_all_in_the_end(outside: Outside) -> None:
    outbox.register({"refund": Effect(EffectClass.SAME_NUMBER, outside.deliver, Rate(normal=2, slow=1))})
    numbers = [f"r{n}" for n in range(6)]
    for number in numbers:
        owe("refund", number)
        stream("refund", number)
    assert len(outside.reached) == 2
    for _ in range(60):
        clock.advance(1)
        before = len(outside.reached)
        tick()
        assert len(outside.reached) - before <= 2
    assert sorted(outside.reached) == numbers


def test_after_trouble_fewer_are_sent(outside: Outside) -> None:
    outbox.register({"refund": Effect(EffectClass.SAME_NUMBER, outside.deliver, Rate(normal=10, slow=1))})
    outside.answers = [Later(timedelta(minutes=5), "NOT_ENOUGH")]
    owe("refund", "r0")
    stream("refund", "r0")
    clock.advance(1)
    for number in ("r1", "r2", "r3"):
        owe("refund", number)
        stream("refund", number)
    assert outside.reached == ["r0", "r1"]
