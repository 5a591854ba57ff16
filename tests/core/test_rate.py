"""Tokens by the second: no more than there are, fewer after trouble, more with success."""

from __future__ import annotations

from chalicelib.core import clock, rate
from chalicelib.core.ids import MerchantId
from chalicelib.core.rate import Rate
from chalicelib.core.store import read_one
from tests.emulator import Emulator

SHOP, OTHER = MerchantId("m1"), MerchantId("m2")
FEW = Rate(normal=3, slow=1)


def taken(mid: MerchantId, tries: int = 10) -> int:
    return sum(rate.take(mid, "refund", FEW) for _ in range(tries))


def test_a_second_has_so_many_tokens_and_the_next_has_as_many(world: Emulator) -> None:
    assert taken(SHOP) == 3
    assert taken(SHOP) == 0
    clock.advance(1)
    assert taken(SHOP) == 3


def test_one_merchant_takes_nothing_from_another(world: Emulator) -> None:
    assert taken(SHOP) == 3
    assert taken(OTHER) == 3


def test_trouble_slows_and_success_speeds_up_to_the_normal_rate(world: Emulator) -> None:
    taken(SHOP)
    rate.slow_down(SHOP, "refund", FEW)
    clock.advance(1)
    assert taken(SHOP) == 1
    for expected in (2, 3, 3):
        rate.speed_up(SHOP, "refund", FEW)
        clock.advance(1)
        assert taken(SHOP) == expected


def test_a_clock_that_is_behind_takes_from_the_second_that_is(world: Emulator) -> None:
    assert taken(SHOP, 2) == 2
    clock.advance(-5)
    assert taken(SHOP) == 1


def test_a_token_is_one_write_a_second_and_two_when_there_are_many(world: Emulator) -> None:
    with world.counting() as first:
        rate.take(SHOP, "refund", FEW)
    with world.counting() as second:
        rate.take(SHOP, "refund", FEW)
    assert (len(first), len(second)) == (1, 2)
    bucket = read_one(rate.Bucket, rate.bucket_key(SHOP, "refund"))
    assert bucket is not None
    assert (bucket.left, bucket.most) == (1, 3)
