"""Transactions: all or nothing, a loss that names its condition, retries that change nothing twice."""

from __future__ import annotations

import json
import threading

import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ReadTimeoutError
from pynamodb.attributes import UnicodeAttribute

from chalicelib.core.errors import RippleError
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import read, read_one
from chalicelib.core.table import IntAttribute, Item, Key, table
from chalicelib.core.transaction import Lost, Transaction, update_one
from tests.emulator import Call, Emulator, Raw

pytestmark = pytest.mark.usefixtures("whole_way")


class Jar(Item):
    letter = "JAR"
    prefix = "META"
    marbles = IntAttribute()
    colour = UnicodeAttribute()


def jar(name: str, marbles: int = 3) -> Jar:
    return Jar(*table(MerchantId("m1")).key("JAR", name), marbles=marbles, colour="red")


def marbles(key: Key) -> int:
    found = read_one(Jar, key)
    assert found is not None
    return found.marbles


def take(target: Jar, count: int = 1) -> Transaction:
    enough = {"red": Jar.colour == "red", "enough": Jar.marbles >= count}
    return Transaction().update("jar", target, [Jar.marbles.add(-count)], when=enough)


def test_the_lost_condition_is_named_and_the_item_in_the_way_handed_back(world: Emulator) -> None:
    a = jar("a", 1)
    Transaction().put("a", a).commit()
    with pytest.raises(Lost) as lost:
        take(a, 2).put("b", jar("b")).commit()
    assert lost.value.name == "jar.enough"
    assert isinstance(item := lost.value.item("jar"), Jar) and item.marbles == 1
    assert read_one(Jar, jar("b").key) is None


def test_a_second_put_loses_as_absent(world: Emulator) -> None:
    Transaction().put("a", jar("a", 1)).commit()
    with pytest.raises(Lost, match="a.absent"):
        Transaction().put("a", jar("a", 9)).commit()
    assert marbles(jar("a").key) == 1


def test_an_update_of_nothing_loses_as_exists(world: Emulator) -> None:
    with pytest.raises(Lost, match="jar.exists"):
        take(jar("a")).commit()


def test_an_answer_lost_after_the_commit_is_repeated_under_its_token_and_counts_once(world: Emulator) -> None:
    a = jar("a", 3)
    Transaction().put("a", a).commit()
    lost_answers = iter([True])

    def lose_first_answer(call: Call) -> Exception | None:
        if call.operation == "TransactWriteItems" and next(lost_answers, False):
            return ReadTimeoutError(endpoint_url="x")
        return None

    world.after = lose_first_answer
    take(a).commit()
    assert marbles(a.key) == 2


def test_a_conflict_is_retried_with_token_and_payload_frozen(world: Emulator) -> None:
    a = jar("a", 3)
    Transaction().put("a", a).commit()
    conflicts = iter([True, True])
    seen: list[bytes] = []
    serve = world._serve

    def with_conflicts(request: object, call: Call) -> object:
        if call.operation != "TransactWriteItems":
            return serve(request, call)  # type: ignore[arg-type]
        seen.append(call.body)
        if not next(conflicts, False):
            return serve(request, call)  # type: ignore[arg-type]
        body = {
            "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
            "Message": "Transaction cancelled",
            "CancellationReasons": [{"Code": "TransactionConflict", "Message": "x"}],
        }
        return AWSResponse("http://x", 400, HTTPHeaders(), Raw(json.dumps(body).encode()))

    world._serve = with_conflicts  # type: ignore[method-assign, assignment]
    try:
        take(a).commit()
    finally:
        world._serve = serve  # type: ignore[method-assign]
    assert len(seen) == 3 and len(set(seen)) == 1
    assert marbles(a.key) == 2


def test_storage_that_stays_silent_is_busy_not_a_crash(world: Emulator) -> None:
    world.before = lambda call: ReadTimeoutError(endpoint_url="x")
    with pytest.raises(RippleError) as refused:
        read(jar("a").key)
    assert refused.value.problem.code == "busy"


def test_a_single_write_names_its_lost_condition_too(world: Emulator) -> None:
    a = jar("a", 3)
    Transaction().put("a", a).commit()
    with pytest.raises(Lost, match=r"item\.blue"):
        update_one(a, [Jar.marbles.add(1)], when={"blue": Jar.colour == "blue"})


def test_thirty_two_threads_take_exactly_what_is_there(world: Emulator) -> None:
    a = jar("a", 10)
    Transaction().put("a", a).commit()
    won: list[int] = []

    def one(number: int) -> None:
        try:
            take(a).commit()
            won.append(number)
        except Lost:
            pass

    threads = [threading.Thread(target=one, args=(n,)) for n in range(32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 10
    assert marbles(a.key) == 0


def test_one_item_stands_once_in_a_transaction(world: Emulator) -> None:
    with pytest.raises(ValueError, match="already"):
        Transaction().put("a", jar("a")).put("b", jar("a"))
