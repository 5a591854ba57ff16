"""The numbers under which WeChat Pay knows transfers, and back: each follows from the state alone."""

from __future__ import annotations

from typing import NamedTuple

from chalicelib.core.ids import CROCKFORD, ULID_LENGTH
from chalicelib.rewards.cash import ID_LETTERS

LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
UID_LETTERS, TRY_LETTERS = 22, 2
"""128 bits of a user's id in 22 letters of 62; 3,843 attempts in two."""

MOST_TRIES = len(LETTERS) ** TRY_LETTERS - 1


class Attempt(NamedTuple):
    """One attempt to transfer a user's cash."""

    uid: str
    cash_id: str
    n: int


def number(uid: str, cash_id: str, n: int) -> str:
    """WeChat's ``out_bill_no`` of an attempt: 32 letters and digits. Raises ValueError beyond `MOST_TRIES`."""
    if not 1 <= n <= MOST_TRIES:
        raise ValueError("no number for this attempt")
    return _written(_read(uid, CROCKFORD), UID_LETTERS) + cash_id + _written(n, TRY_LETTERS)


def parse(text: str) -> Attempt | None:
    """The attempt that a number of ours is of; None for any other text."""
    cut = UID_LETTERS, UID_LETTERS + ID_LETTERS
    user, cash_id, tries = text[: cut[0]], text[cut[0] : cut[1]], text[cut[1] :]
    try:
        uid = _spelled(_read(user, LETTERS), CROCKFORD, ULID_LENGTH)
        found = Attempt(uid, cash_id, _read(tries, LETTERS))
        known = all(letter in CROCKFORD for letter in cash_id) and number(*found) == text
    except ValueError:
        return None
    return found if known else None


def _read(text: str, letters: str) -> int:
    value = 0
    for letter in text:
        value = value * len(letters) + letters.index(letter)
    return value


def _written(value: int, length: int) -> str:
    return _spelled(value, LETTERS, length)


def _spelled(value: int, letters: str, length: int) -> str:
    found = []
    for _ in range(length):
        value, letter = divmod(value, len(letters))
        found.append(letters[letter])
    if value:
        raise ValueError("too large for so many letters")
    return "".join(reversed(found))
