"""Due work: found when due and only then, taken by one worker, never lost, set aside only for real errors."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ReadTimeoutError

from chalicelib.core import clock, due
from chalicelib.core.aws import client
from chalicelib.core.errors import Unknown
from chalicelib.core.ids import MerchantId
from chalicelib.core.lazily import Registry
from chalicelib.core.store import read_one
from chalicelib.core.table import DUE_SHARDS, IntAttribute, Item, Key, table
from chalicelib.core.transaction import Lost, Transaction, update_one
from tests.emulator import Call, Emulator
from tests.proof.faults import refused

Handlers = Registry[type[Item], due.Handler]


class Alarm(Item):
    letter = "ALARM"
    prefix = "META"
    rang = IntAttribute(default=0)


@pytest.fixture
def handlers() -> Iterator[Handlers]:
    before = dict(due.HANDLERS)
    yield due.HANDLERS
    due.HANDLERS.clear()
    due.HANDLERS.update(before)


def ring(alarm: Alarm) -> None:
    update_one(alarm, [Alarm.rang.add(1)], when={"leased": Alarm.gsi2sk == alarm.gsi2sk}, due=None)


def set_alarm(name: str, seconds: float) -> Key:
    alarm = Alarm(*table(MerchantId("m1")).key("ALARM", name), rang=0)
    alarm.set_due(clock.now() + timedelta(seconds=seconds))
    Transaction().put("alarm", alarm).commit()
    return alarm.key


def at(key: Key) -> Alarm:
    alarm = read_one(Alarm, key)
    assert alarm is not None
    return alarm


def tick() -> int:
    return sum(due.work(shard) for shard in due.sweep())


def test_nothing_happens_before_its_time_and_once_at_it(world: Emulator, handlers: Handlers) -> None:
    handlers[Alarm] = ring
    key = set_alarm("a", 60)
    assert tick() == 0
    clock.advance(60)
    assert tick() == 1
    assert (at(key).rang, at(key).due) == (1, None)
    assert tick() == 0


def test_the_sweeper_queues_shards_and_asks_each_shard_once_and_for_the_dead(
    world: Emulator, handlers: Handlers
) -> None:
    handlers[Alarm] = ring
    for n in range(100):
        set_alarm(str(n), 0)
    with world.counting() as calls:
        ready = due.sweep()
    assert sum(call.operation == "Query" for call in calls) == DUE_SHARDS + 1
    assert len(ready) > 10
    url = client("sqs").get_queue_url(QueueName="due.fifo")["QueueUrl"]
    depth = client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])
    assert int(depth["Attributes"]["ApproximateNumberOfMessages"]) == len(ready)
    assert sum(due.work(shard) for shard in ready) == 100


def test_the_backlog_is_as_old_as_the_oldest_entry_of_all_shards_that_nobody_has(
    world: Emulator, handlers: Handlers, capsys: pytest.CaptureFixture[str]
) -> None:
    def age() -> float:
        capsys.readouterr()
        due.sweep()
        found = re.search(r'"Unit":"Seconds".*"DueBacklogAge":([0-9.]+)', capsys.readouterr().out)
        assert found is not None
        return float(found[1])

    assert age() == 0
    dead = set_alarm("dead", -5000)
    update_one(dead, [Item.gsi2pk.set(due.DEAD)], when={})
    taken = set_alarm("taken", -4000)
    assert due.lease(taken, at(taken).gsi2sk) is not None
    set_alarm("ahead", 60)
    assert age() == 0
    shards = {at(set_alarm(str(n), -10 * n)).gsi2pk for n in range(1, 41)}
    assert len(shards) > 10
    assert age() == 400
    clock.advance(due.LEASE.total_seconds() + 400)
    assert age() == 860
    tick()
    assert age() == 0


def test_an_entry_belongs_to_one_worker(world: Emulator, handlers: Handlers) -> None:
    handlers[Alarm] = ring
    key = set_alarm("a", 0)
    seen = at(key).gsi2sk
    assert due.lease(key, seen) is not None
    assert due.lease(key, seen) is None
    assert due.handle(key, seen) is False


def test_a_worker_that_dies_leaves_the_entry_due_again_after_its_lease(world: Emulator, handlers: Handlers) -> None:
    class Death(BaseException):
        pass

    def die(alarm: Alarm) -> None:
        raise Death

    key = set_alarm("a", 0)
    handlers[Alarm] = die
    with pytest.raises(Death):
        tick()
    handlers[Alarm] = ring
    assert tick() == 0
    clock.advance(due.LEASE.total_seconds())
    assert tick() == 1
    assert at(key).rang == 1


def test_handler_errors_set_an_entry_aside_for_a_person_who_can_drive_it_again(
    world: Emulator, handlers: Handlers, capsys: pytest.CaptureFixture[str]
) -> None:
    def break_down(alarm: Alarm) -> None:
        raise RuntimeError("broken")

    handlers[Alarm] = break_down
    key, fine = set_alarm("a", 0), set_alarm("b", 0)
    for _ in range(due.DEAD_AFTER):
        tick()
        clock.advance(due.LONGEST_WAIT.total_seconds())
    assert at(key).fails == due.DEAD_AFTER - 1
    assert set(due.dead()) == {key, fine}
    capsys.readouterr()
    handlers[Alarm] = ring
    assert tick() == 0
    assert '"DeadEntries":2' in capsys.readouterr().out
    due.redrive(key)
    with pytest.raises(Lost, match="item.dead"):
        due.redrive(key)
    assert tick() == 1
    assert at(key).rang == 1


def test_an_undecided_answer_only_waits_and_never_kills(
    world: Emulator, handlers: Handlers, capsys: pytest.CaptureFixture[str]
) -> None:
    def ask(alarm: Alarm) -> None:
        raise Unknown("nobody there")

    handlers[Alarm] = ask
    key = set_alarm("a", 0)
    for n in range(20):
        assert ("DueWaitsLong" in capsys.readouterr().out) == (n > due.LONG_WAITS - 1)
        tick()
        clock.advance(due.LONGEST_WAIT.total_seconds())
    alarm = at(key)
    assert alarm.fails is None and alarm.waits == 20
    assert alarm.due is not None and alarm.due - clock.now() <= due.LONGEST_WAIT


def test_a_worker_out_of_time_queues_its_shard_again(world: Emulator, handlers: Handlers) -> None:
    handlers[Alarm] = ring
    set_alarm("a", 0)
    (shard,) = due.sweep()
    with world.counting() as calls:
        assert due.work(shard, until=lambda: False) == 0
    assert any(call.operation == "SendMessageBatch" for call in calls)


def test_a_due_entry_costs_three_write_units_and_no_read_beside_its_handler(
    world: Emulator, handlers: Handlers
) -> None:
    handlers[Alarm] = ring
    set_alarm("a", 0)
    (shard,) = due.sweep()
    with world.counting() as calls:
        due.work(shard)
    assert [call.operation for call in calls] == ["Query", "UpdateItem", "UpdateItem"]


def test_a_failure_puts_nothing_off_that_was_moved_meanwhile(world: Emulator, handlers: Handlers) -> None:
    key = set_alarm("a", 0)

    def end_and_fail(alarm: Alarm) -> None:
        ring(alarm)
        raise Unknown("somebody else came first")

    handlers[Alarm] = end_and_fail
    assert tick() == 1
    assert at(key).due is None


def test_nothing_is_set_aside_that_was_moved_meanwhile(world: Emulator, handlers: Handlers) -> None:
    key = set_alarm("a", 0)

    def end_and_fail(alarm: Alarm) -> None:
        if (alarm.fails or 0) == due.DEAD_AFTER - 1:
            ring(alarm)
        raise ZeroDivisionError

    handlers[Alarm] = end_and_fail
    for _ in range(due.DEAD_AFTER):
        assert tick() == 1
        clock.advance(600)
    assert at(key).due is None


def test_an_entry_set_aside_is_counted_although_the_answer_was_lost(
    world: Emulator, handlers: Handlers, capsys: pytest.CaptureFixture[str]
) -> None:
    def break_down(alarm: Alarm) -> None:
        raise RuntimeError("broken")

    def lose(call: Call) -> Exception | None:
        return ReadTimeoutError(endpoint_url="x") if b"DEAD#" in call.body and call.operation == "UpdateItem" else None

    handlers[Alarm] = break_down
    world.after = lose
    set_alarm("a", 0)
    for _ in range(due.DEAD_AFTER + 1):
        capsys.readouterr()
        tick()
        clock.advance(due.LONGEST_WAIT.total_seconds())
    world.after = None
    assert '"DeadEntries":1' in capsys.readouterr().out


@pytest.mark.parametrize("failure", ["TransactionConflictException", "ThrottlingException"])
def test_a_lease_that_cannot_be_had_delays_nobody_else(
    world: Emulator, handlers: Handlers, monkeypatch: pytest.MonkeyPatch, failure: str
) -> None:
    monkeypatch.setattr(time, "sleep", lambda seconds: None)
    monkeypatch.setattr("chalicelib.core.table.DUE_SHARDS", 1)
    handlers[Alarm] = ring
    contended, *others = [set_alarm(name, 0) for name in "abcd"]

    def refuse(call: Call) -> AWSResponse | None:
        return refused(failure) if call.operation == "UpdateItem" and contended.pk.encode() in call.body else None

    world.before = refuse
    due.work(0)
    assert [at(key).rang for key in (contended, *others)] == [0, 1, 1, 1]
    world.before = None
    due.work(0)
    assert at(contended).rang == 1


def test_errors_and_waits_count_in_a_row_only(world: Emulator, handlers: Handlers) -> None:
    times = iter(range(100))

    def now_and_then(alarm: Alarm) -> None:
        if next(times) % 3 == 1:
            raise RuntimeError("now and then")
        again = clock.now() + timedelta(minutes=5)
        update_one(alarm, [Alarm.rang.add(1)], when={"leased": Alarm.gsi2sk == alarm.gsi2sk}, due=again)

    handlers[Alarm] = now_and_then
    key = set_alarm("a", 0)
    for _ in range(60):
        tick()
        clock.advance(300)
    assert due.dead() == []
    assert at(key).rang > 30


def test_an_item_of_another_shape_is_set_aside(world: Emulator, handlers: Handlers) -> None:
    handlers[Alarm] = ring
    spoiled, fine = set_alarm("a", 0), set_alarm("b", 0)
    (raw,) = [raw for raw in world.items() if raw["pk"]["S"] == spoiled.pk]
    world.write({**raw, "rang": {"S": "once"}})
    tick()
    assert due.dead() == [spoiled]
    assert at(fine).rang == 1
