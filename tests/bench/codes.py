"""A million codes streamed into a CSV file, beside a million random strings; reading one code, beside one HMAC."""

from __future__ import annotations

import csv
import hmac
import random
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator

import pytest

from chalicelib.core import secrets
from chalicelib.core.errors import RippleError
from chalicelib.core.ids import MerchantId, UserId
from chalicelib.voucher import codes, service
from chalicelib.voucher.codes import Size
from chalicelib.voucher.letters import ALPHABET, check_letter, grouped
from tests.bench.figures import Figure, cpu_seconds, paired_ratio
from tests.bench.meter import metered
from tests.conftest import EMULATOR

MID, VERSION, BID = MerchantId("M0000000000000000000000001"), 1, "00042"
MILLION = 1_000_000
FORGED = 1000
ROUNDS = 2000
WATCHED = 100_000
"""Codes streamed while every allocation is watched, which makes it four times as slow."""


def figures() -> list[Figure]:
    """codes.seconds_per_million, codes.ratio, codes.peak_mb, codes.verify_ratio, codes.forged_reads."""
    EMULATOR.fresh()
    secrets.forget_secrets()
    seconds, reference = _streamed(lambda: _minted(MILLION)), _streamed(lambda: _drawn(MILLION))
    verified, verify_ratio = _verified()
    strings = "a million random strings of as many letters, as CSV"
    return [
        Figure("codes.seconds_per_million", round(seconds, 1), "seconds", 60),
        Figure("codes.ratio", round(seconds / reference, 2), "ratio", reference=strings),
        Figure("codes.peak_mb", round(_peak(), 1), "MB"),
        Figure("codes.verify_us", round(verified * 1e6, 1), "µs", 50),
        Figure("codes.verify_ratio", round(verify_ratio, 1), "ratio", reference="one HMAC-SHA256"),
        Figure("codes.forged_reads", _forged_reads(), "read units", 0),
    ]


def _minted(count: int) -> Iterator[str]:
    return codes.many(MID, VERSION, Size.COUPON, BID, range(count))


def _drawn(count: int) -> Iterator[str]:
    drawn = random.Random(7)
    return ("".join(drawn.choices(ALPHABET, k=Size.COUPON)) for _ in range(count))


def _streamed(made: Callable[[], Iterator[str]]) -> float:
    """CPU seconds of writing them into a file."""
    start = time.process_time()
    with tempfile.TemporaryFile("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows((grouped(code),) for code in made())
    return time.process_time() - start


def _peak() -> float:
    """MB held at once while codes are streamed, beside what was there before."""
    _streamed(lambda: _minted(codes.CHUNK))
    tracemalloc.start()
    try:
        _streamed(lambda: _minted(WATCHED))
        return tracemalloc.get_traced_memory()[1] / 1e6
    finally:
        tracemalloc.stop()


def _verified() -> tuple[float, float]:
    """CPU seconds of reading one code of a batch, and their ratio to an HMAC."""
    some = list(_minted(ROUNDS))
    key, turn = bytes(32), iter(range(ROUNDS * 1000))

    def read() -> None:
        serial = next(turn) % ROUNDS
        named = codes.read(MID, some[serial])
        assert named is not None and named.serial == serial

    seconds = min(cpu_seconds(read, ROUNDS) for _ in range(5))
    ratio = paired_ratio(
        lambda: cpu_seconds(read, ROUNDS), lambda: cpu_seconds(lambda: hmac.digest(key, b"0123", "sha256"), ROUNDS)
    )
    return seconds, ratio


def _forged_reads() -> float:
    """Read units of looking at codes with a right check letter that nobody minted, as somebody who guesses."""
    drawn, guesser = random.Random(7), UserId("01M757NBG0ESGE0W255EZDCJSA")
    with metered(EMULATOR) as cost:
        for _ in range(FORGED):
            letters = ALPHABET[VERSION] + "".join(drawn.choices(ALPHABET, k=Size.COUPON - 2))
            with pytest.raises(RippleError, match="code_invalid|code_locked"):
                service.preview(MID, guesser, letters + check_letter(letters))
    assert cost.write_units >= FORGED
    return cost.read_units
