"""Identifiers: ULIDs for what is born at random, derived ids for what an idempotent request creates."""

from __future__ import annotations

import hashlib
from typing import NewType

from chalicelib.core import chance, clock

MerchantId = NewType("MerchantId", str)
UserId = NewType("UserId", str)
CampaignId = NewType("CampaignId", str)
OrderId = NewType("OrderId", str)

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
ULID_LENGTH = 26


def base32(number: int, length: int) -> str:
    """The last so many letters of a number, 5 bits each."""
    letters = []
    for _ in range(length):
        number, letter = divmod(number, 32)
        letters.append(CROCKFORD[letter])
    return "".join(reversed(letters))


def new_ulid() -> str:
    """26 letters: 48 bits of milliseconds, then 80 random bits; sorts by time of birth."""
    milliseconds = int(clock.now().timestamp() * 1000)
    return base32(milliseconds << 80 | int.from_bytes(chance.token_bytes(10), "big"), ULID_LENGTH)


def derived(*parts: str, length: int = ULID_LENGTH) -> str:
    """The same letters for the same parts, always: 5 bits a letter of their SHA-256.

    Parts are length-prefixed, so that ("ab", "c") and ("a", "bc") differ.
    """
    digest = hashlib.sha256("".join(f"{len(part)}:{part}" for part in parts).encode()).digest()
    return base32(int.from_bytes(digest, "big"), length)


def is_id(text: str) -> bool:
    """Whether ``text`` could be one of our ids (letters of the alphabet only, with ``-`` between parts)."""
    return 0 < len(text) <= 64 and all(letter in CROCKFORD for part in text.split("-") for letter in part or "?")
