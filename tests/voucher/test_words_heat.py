"""A word read out on a live stream: nothing gets hot, who comes too late reads his own items once, the cap is exact."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.campaigns import stock
from chalicelib.core import clock
from tests import invariants
from tests.bench import heat
from tests.bench.capacity import warm_caches
from tests.bench.meter import metered
from tests.proof.faults import conflicted
from tests.town import Town
from tests.voucher import words


@pytest.fixture(scope="module")
def seen() -> heat.Word:
    return heat.word(people=96, losers=6)


def test_no_item_and_no_index_key_is_too_hot(seen: heat.Word) -> None:
    written, indexed, reads = seen.rates()
    assert 0 < max(written.values()) <= heat.WRITES_A_SECOND
    assert 0 < max(indexed.values()) <= heat.INDEX_UNITS
    assert 0 < max(reads.values()) <= heat.READ_UNITS
    # What they all write is spread over all shards, and over as many counters of the day.
    shared = {key.split("|")[1].split("#")[0] for key in written if len(seen.won.by[key]) > 1}
    assert shared == {"C", "WRDD"}
    assert len([key for key in written if "#STK#" in key]) > stock.MOST_SHARDS * 3 // 4


def test_who_comes_too_late_reads_his_own_items_once_and_none_of_the_words(seen: heat.Word) -> None:
    assert seen.lost.calls == seen.losers
    assert seen.of_the_word() == 0
    assert not seen.lost.writes
    assert all(len(people) == 1 for people in seen.lost.by.values())


def test_one_of_a_process_finds_out_and_the_others_know(town: Town) -> None:
    with warm_caches():
        words.spoken(town, words.POINTS, total=1)
        winner, first, second, third = (town.person() for _ in range(4))
        words.says(winner, key="one-key-of-the-winner").expect(201)
        assert words.says(first).expect(409)["code"] == "word_gone"
        for late in (second, third):
            with metered(town.emulator) as cost:
                assert words.says(late).expect(409)["code"] == "word_gone"
            assert cost.operations == ["TransactGetItems"]
            with metered(town.emulator) as cost:
                assert words.asks(late).expect(200)["why_not"]["code"] == "word_gone"
            assert cost.operations == ["TransactGetItems"]
        # Who has won is answered all the same, and who is locked out or has his own is told that.
        words.says(winner, key="one-key-of-the-winner").expect(201)
        assert words.says(winner).expect(409)["code"] == "word_limit"


def test_it_is_believed_for_a_moment_only(town: Town) -> None:
    with warm_caches():
        words.spoken(town, total=1)
        winner, first, second = (town.person() for _ in range(3))
        words.says(winner).expect(201)
        words.says(first).expect(409)
        clock.advance(stock.SHORT_FOR.total_seconds())
        with metered(town.emulator) as cost:
            words.says(second).expect(409)
        assert cost.operations == ["BatchGetItem", "TransactGetItems"]


@pytest.mark.parametrize(("brings", "units"), [(words.COUPON, 9), (words.BALANCE, 9), (words.AMOUNT_COUPON, 10)])
def test_a_redemption_is_one_read_and_one_transaction(town: Town, brings: dict[str, Any], units: int) -> None:
    with warm_caches():
        words.spoken(town, brings)
        ann, ben = town.person("ann"), town.person("ben")
        words.says(ben).expect(201)
        with metered(town.emulator) as cost:
            words.says(ann).expect(201)
    assert (cost.operations, cost.write_units) == (["BatchGetItem", "TransactWriteItems"], units)


def test_a_crowd_gets_just_as_many_as_there_are(town: Town) -> None:
    cid = words.spoken(town, words.BALANCE, total=40)
    people = [town.person() for _ in range(55)]
    answers = [words.says(person) for person in people]
    assert sorted(answer.status for answer in answers) == [201] * 40 + [409] * 15
    assert {answer.body["code"] for answer in answers if answer.status == 409} == {"word_gone"}
    assert (words.taken(town, cid), len(words.redemptions(town, cid))) == ((0, 40), 40)
    assert sum(words.counted(town, cid).values()) == 40
    invariants.check(town.books())


def test_the_last_one_goes_to_one_of_two(town: Town) -> None:
    cid = words.spoken(town, total=1)
    ann, ben = town.person("ann"), town.person("ben")
    town.emulator.meanwhile(lambda: words.says(ben).expect(201))
    assert words.says(ann).expect(409)["code"] == "word_gone"
    assert words.taken(town, cid) == (0, 1)


def test_two_phones_of_one_user_get_one(town: Town) -> None:
    cid, ann = words.spoken(town, words.BALANCE), town.person("ann")
    town.emulator.meanwhile(lambda: words.says(ann).expect(201))
    assert words.says(ann).expect(409)["code"] == "word_limit"
    assert words.taken(town, cid) == (99, 1)
    invariants.check(town.books())


def test_an_unknown_word_costs_one_look_and_one_write_and_then_the_write(town: Town) -> None:
    words.spoken(town)
    ann = town.person("ann")
    with warm_caches():
        for calls in (["GetItem", "UpdateItem"], ["UpdateItem"]):
            with metered(town.emulator) as cost:
                words.says(ann, "双十二快乐").expect(409)
            assert cost.operations == calls


def test_who_comes_too_late_is_told_so_also_while_his_items_are_being_written(town: Town) -> None:
    words.spoken(town, total=1)
    winner, first, late = (town.person() for _ in range(3))
    with warm_caches():
        words.says(winner).expect(201)
        words.says(first).expect(409)
        town.emulator.before = lambda call: conflicted(call) if call.operation == "TransactGetItems" else None
        assert words.says(late).expect(409)["code"] == "word_gone"
