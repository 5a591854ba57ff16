"""Randomness: the operating system's by default, a seeded generator in tests."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")
_source: random.Random = random.SystemRandom()


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Draw everything in the block from one reproducible generator."""
    global _source
    before, _source = _source, random.Random(seed)
    try:
        yield
    finally:
        _source = before


def token_bytes(count: int) -> bytes:
    """``count`` unpredictable bytes."""
    return _source.getrandbits(count * 8).to_bytes(count, "big")


def token_hex(count: int) -> str:
    """``count`` unpredictable bytes as lower-case hexadecimal."""
    return token_bytes(count).hex()


def uniform(low: float, high: float) -> float:
    """A number between ``low`` and ``high``, for jitter."""
    return _source.uniform(low, high)


def below(limit: int) -> int:
    """A whole number in 0 … limit−1."""
    return _source.randrange(limit)


def sample(items: Sequence[T], count: int) -> list[T]:
    """``count`` different members of ``items`` in random order."""
    return _source.sample(items, count)
