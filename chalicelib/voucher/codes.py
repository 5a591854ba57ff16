"""Unique codes: a version letter, a keyed permutation of batch, serial and MAC, a check letter; none of it is stored.

Whoever has the master key has every code, and whoever has not can only guess. A code of fewer letters is stored.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Sequence
from enum import IntEnum
from functools import lru_cache

import msgspec

from chalicelib.core.ids import ULID_LENGTH, MerchantId, base32
from chalicelib.core.secrets import derived_key
from chalicelib.voucher.letters import ALPHABET, RADIX, check_letter, is_right
from chalicelib.voucher.permutation import Permutation

BATCHES = 1 << 16
"""Batches of a merchant at most."""

SERIALS = 1 << 20
"""Codes of a batch at most."""

CHUNK = 4096
"""Codes minted at once: 2 MB of memory."""

MOST_STORED = 10_000
"""Stored codes of a batch at most, however many letters they have."""

LONGEST_STORED = 10

_PAIRS = tuple(a + b for a in ALPHABET for b in ALPHABET)
_DIGITS = str.maketrans(ALPHABET, "0123456789abcdefghijklmnopqrs")


class Size(IntEnum):
    """How long a code is, by what it brings; the value is its letters."""

    COUPON = 14
    """Coupons, balance, points, what is handed over at the counter: the MAC has 22.3 bits."""
    VALUE = 16
    """Cash and goods: 32 bits."""


_SIZES = {size.value: size for size in Size}


class Named(msgspec.Struct, frozen=True):
    """What a code that was not forged says of itself."""

    bid: str
    serial: int
    version: int
    """Of the keys, 0–28."""
    size: Size
    """A batch has codes of one size only: where another's names it, somebody has guessed among fewer."""


def code_of(mid: MerchantId, version: int, size: Size, bid: str, serial: int) -> str:
    """One code, not grouped. Raises as `many` does."""
    return next(many(mid, version, size, bid, range(serial, serial + 1)))


def many(mid: MerchantId, version: int, size: Size, bid: str, serials: range) -> Iterator[str]:
    """The codes of a batch's serials, one after the other, not grouped.

    Raises ValueError where version, batch or serial is none that a code can name, and `BUSY`.
    """
    batch, ends = int(bid), (*serials[:1], *serials[-1:])
    named = bid == f"{batch:05}" and batch in range(BATCHES) and all(end in range(SERIALS) for end in ends)
    if not named or version not in range(RADIX):
        raise ValueError(f"no code names {version=} {bid=} {serials=}")
    first, macs, length = batch * SERIALS, modulus(size), size - 2
    key, permutation = _mac_key(mid, version, bid), _permutation(mid, version, size)
    for start in range(0, len(serials), CHUNK):
        numbers = [(first + serial) * macs + _mac(key, size, serial) for serial in serials[start : start + CHUNK]]
        for image in permutation.forward(numbers):
            letters = ALPHABET[version] + _written(image, length)
            yield letters + check_letter(letters)


def read(mid: MerchantId, letters: str) -> Named | None:
    """What a unique code (`normal`) names; None where it is forged, mistyped, or none. Nothing is read from the table.

    Whether there is such a batch, with this size and version and so many codes, the caller has to see. Raises `BUSY`.
    """
    size = _SIZES.get(len(letters))
    if size is None or not is_right(letters):
        return None
    return _named(mid, ALPHABET.index(letters[0]), size, [letters[1:-1]])[0]


def stored(mid: MerchantId, bid: str, serial: int, n: int, letters: int) -> str:
    """A code of 8–10 letters in all that is to be stored, not grouped; another ``n`` gives another, if it is taken."""
    raw = hmac.digest(derived_key(f"codes|stored|{mid}"), f"{bid}|{serial}|{n}".encode(), "sha256")
    body = _written(int.from_bytes(raw, "big"), LONGEST_STORED)[: letters - 1]
    return body + check_letter(body)


def finder(mid: MerchantId, letters: str) -> str:
    """By what a stored code is found: an id that tells nothing of it, so that who reads the table reads no codes."""
    raw = hmac.digest(derived_key(f"codes|find|{mid}"), letters.encode(), "sha256")
    return base32(int.from_bytes(raw, "big"), ULID_LENGTH)


def most_stored(letters: int, value: bool) -> int:
    """How many stored codes of so many letters a batch may have.

    A guess hits one of them with at most 2^-24, or 2^-32 where they bring cash or goods.
    """
    bodies: int = RADIX ** (letters - 1)
    return min(MOST_STORED, bodies >> (32 if value else 24))


@lru_cache
def modulus(size: int) -> int:
    """How many MACs there are: what of the letters batch and serial leave."""
    return int(RADIX ** (size - 2) // (BATCHES * SERIALS))


def _named(mid: MerchantId, version: int, size: Size, bodies: Sequence[str]) -> list[Named | None]:
    """What many codes of one version and size name."""
    numbers = _permutation(mid, version, size).back([int(body.translate(_DIGITS), RADIX) for body in bodies])
    macs, found = modulus(size), list[Named | None]()
    for number in numbers:
        place, mac = divmod(number, macs)
        batch, serial = divmod(place, SERIALS)
        bid = f"{batch:05}"
        real = batch < BATCHES and _mac(_mac_key(mid, version, bid), size, serial) == mac
        found.append(Named(bid, serial, version, size) if real else None)
    return found


def _mac_key(mid: MerchantId, version: int, bid: str) -> bytes:
    return derived_key(f"codes|mac|{mid}|{version}|{bid}")


def _mac(key: bytes, size: int, serial: int) -> int:
    raw = hmac.digest(key, (size << 24 | serial).to_bytes(4, "big"), "sha256")
    return int.from_bytes(raw[:16], "big") % modulus(size)


def _permutation(mid: MerchantId, version: int, size: int) -> Permutation:
    return _keyed(derived_key(f"codes|permutation|{mid}|{version}"), size - 2)


@lru_cache(maxsize=1000)
def _keyed(key: bytes, length: int) -> Permutation:
    return Permutation(key, radix=RADIX, length=length)


def _written(number: int, length: int) -> str:
    """The last so many letters of a number, an even number of them."""
    pairs = []
    for _ in range(length // 2):
        number, pair = divmod(number, len(_PAIRS))
        pairs.append(_PAIRS[pair])
    return "".join(reversed(pairs))
