"""The permutation is FF1: it gives what NIST's samples say, and every number has one image."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.voucher.permutation import Permutation

KEY = "2B7E151628AED2A6ABF7158809CF4F3CEF4359D8D580AA4F7F036D6F04FC6A94"
DECIMAL, LETTERS = "0123456789", "0123456789abcdefghi"
TWEAKS = {10: "39383736353433323130", 36: "3737373770717273373737"}
SAMPLES = [
    (16, 10, "", DECIMAL, "2433477484"),
    (16, 10, TWEAKS[10], DECIMAL, "6124200773"),
    (16, 36, TWEAKS[36], LETTERS, "a9tv40mll9kdu509eum"),
    (24, 10, "", DECIMAL, "2830668132"),
    (24, 10, TWEAKS[10], DECIMAL, "2496655549"),
    (24, 36, TWEAKS[36], LETTERS, "xbj3kv35jrawxv32ysr"),
    (32, 10, "", DECIMAL, "6657667009"),
    (32, 10, TWEAKS[10], DECIMAL, "1001623463"),
    (32, 36, TWEAKS[36], LETTERS, "xs8a0azh2avyalyzuwd"),
]
"""FF1 samples 1–9 of NIST's Cryptographic Standards and Guidelines, examples with intermediate values."""


@pytest.mark.parametrize(("size", "radix", "tweak", "plain", "image"), SAMPLES)
def test_it_gives_what_nist_publishes(size: int, radix: int, tweak: str, plain: str, image: str) -> None:
    key = bytes.fromhex(KEY)[:size]
    permutation = Permutation(key, radix=radix, length=len(plain), tweak=bytes.fromhex(tweak))
    assert permutation.forward([int(plain, radix)]) == [int(image, radix)]
    assert permutation.back([int(image, radix)]) == [int(plain, radix)]


@pytest.mark.parametrize(("radix", "length"), [(2, 7), (3, 6), (10, 3), (29, 2)])
def test_every_number_has_one_image(radix: int, length: int) -> None:
    permutation = Permutation(bytes(32), radix=radix, length=length)
    images = permutation.forward(range(radix**length))
    assert sorted(images) == list(range(radix**length)) != images
    assert permutation.back(images) == list(range(radix**length))


@pytest.mark.parametrize("length", [9, 12, 14])
@given(data=st.data())
def test_many_go_as_one_does_and_come_back(length: int, data: st.DataObject) -> None:
    key = data.draw(st.binary(min_size=32, max_size=32))
    numbers = data.draw(st.lists(st.integers(0, 29**length - 1), max_size=20))
    permutation = Permutation(key, radix=29, length=length)
    images = permutation.forward(numbers)
    assert images == [image for number in numbers for image in permutation.forward([number])]
    assert all(0 <= image < 29**length for image in images)
    assert permutation.back(images) == numbers


def test_another_key_length_or_tweak_is_another_permutation() -> None:
    numbers = list(range(100))
    kinds = [
        Permutation(bytes(32), radix=29, length=12),
        Permutation(bytes(31) + b"\x01", radix=29, length=12),
        Permutation(bytes(32), radix=29, length=14),
        Permutation(bytes(32), radix=29, length=12, tweak=b"x"),
    ]
    images = {image for kind in kinds for image in kind.forward(numbers)}
    assert len(images) == len(kinds) * len(numbers)


def test_what_would_take_more_of_aes_than_a_block_is_refused() -> None:
    with pytest.raises(ValueError, match="13 bytes"):
        Permutation(bytes(32), radix=256, length=26)


@pytest.fixture
def restless() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def test_threads_may_share_one(restless: None) -> None:
    permutation = Permutation(bytes(32), radix=29, length=12)
    numbers = list(range(2000))
    images = permutation.forward(numbers)
    right = list[bool]()

    def work() -> None:
        right.extend(permutation.back(images) == numbers for _ in range(20))

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert right == [True] * 80
