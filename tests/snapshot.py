"""Remembering a whole town, storage and WeChat and clock and randomness, and putting it back."""

from __future__ import annotations

import io
import pickle
import random
from collections.abc import Callable
from types import FunctionType
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from ministack.services import dynamodb

from chalicelib.core import chance, clock
from tests.town import Town


class Memory:
    """Objects written once and read as often as wanted; keys and functions in them are the same ones again."""

    def __init__(self, value: Any) -> None:
        constant: list[Any] = []

        class Pickler(pickle.Pickler):
            def persistent_id(self, part: Any) -> int | None:
                if not isinstance(part, (FunctionType, RSAPrivateKey, RSAPublicKey)):
                    return None
                constant.append(part)
                return len(constant) - 1

        class Unpickler(pickle.Unpickler):
            def persistent_load(self, number: int) -> Any:
                return constant[number]

        written = io.BytesIO()
        Pickler(written, pickle.HIGHEST_PROTOCOL).dump(value)
        self._open: Callable[[], Unpickler] = lambda: Unpickler(io.BytesIO(written.getvalue()))

    def again(self) -> Any:
        """A new copy of what was written."""
        return self._open().load()


def keep(town: Town) -> Callable[[], None]:
    """Remember the town as it is now; what is returned puts it back, as often as it is called."""
    sim = town.sim
    tables = pickle.dumps(dynamodb._tables._data)
    wechat = Memory((sim.clock, sim.world, sim.faults, sim.notices, sim.pushes))
    instant, streamed, seed = clock.now(), set(town._streamed), chance.below(2**32)

    def put_back() -> None:
        dynamodb._tables._data = pickle.loads(tables)
        dynamodb._txn_idempotency.clear()
        dynamodb._stream_records.clear()
        sim.clock, sim.world, sim.faults, sim.notices, sim.pushes = wechat.again()
        town._streamed = set(streamed)
        town.emulator.calls.clear()
        clock.advance((instant - clock.now()).total_seconds())
        chance._source = random.Random(seed)

    return put_back
