"""Remembering a whole town, storage and WeChat and clock and randomness, putting it back, telling it from others."""

from __future__ import annotations

import hashlib
import io
import pickle
import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from types import FunctionType, NoneType
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from ministack.services import dynamodb, s3

from chalicelib.campaigns import stock
from chalicelib.core import chance, clock
from chalicelib.notices import card_making, setup
from chalicelib.wechat import token
from tests.town import Town

FILES = (s3._buckets, s3._multipart_uploads, s3._completed_multipart_uploads)
"""Where the embedded AWS keeps files and what is being written of them."""

PLAIN = frozenset({str, int, float, bool, bytes, NoneType, tuple, list, dict, set, datetime, date, timedelta})
"""What most of it is made of."""

CONSTANT = (FunctionType, RSAPrivateKey, RSAPublicKey)
"""What no run changes: it is neither copied nor looked into."""


class Memory:
    """Objects written once and read as often as wanted; keys and functions in them are the same ones again."""

    def __init__(self, value: Any) -> None:
        constant: list[Any] = []

        class Pickler(pickle.Pickler):
            def persistent_id(self, part: Any) -> int | None:
                if type(part) in PLAIN or not isinstance(part, CONSTANT):
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
    tables, files = pickle.dumps(dynamodb._tables._data), pickle.dumps([kept._data for kept in FILES])
    wechat = Memory(_wechat(town))
    instant, streamed, seed = clock.now(), set(town._streamed), chance.below(2**32)
    voices, tokens = dict(setup._kept), dict(token._process)
    spared = dict(card_making._spared)

    def put_back() -> None:
        dynamodb._tables._data = pickle.loads(tables)
        for kept, found in zip(FILES, pickle.loads(files), strict=True):
            kept._data = found
        dynamodb._txn_idempotency.clear()
        dynamodb._stream_records.clear()
        sim.clock, sim.world, sim.faults, sim.notices, sim.pushes = wechat.again()
        town._streamed = set(streamed)
        town._heard = 0
        town.emulator.calls.clear()
        clock.advance((instant - clock.now()).total_seconds())
        chance._source = random.Random(seed)
        setup._kept.clear()
        setup._kept.update(voices)
        token._process.clear()
        token._process.update(tokens)
        card_making._spared.clear()
        card_making._spared.update(spared)

    return put_back


def _wechat(town: Town) -> tuple[Any, ...]:
    sim = town.sim
    return sim.clock, sim.world, sim.faults, sim.notices, sim.pushes


class _Marks(pickle.Pickler):
    """Writes what is equal as equal bytes, whichever of its texts are one object; a thing met before as its number."""

    def __init__(self, file: io.BytesIO) -> None:
        super().__init__(file, pickle.HIGHEST_PROTOCOL)
        self.fast = True
        self._met: dict[int, int] = {}

    def persistent_id(self, part: Any) -> int | None:
        if type(part) in PLAIN:
            return None
        if isinstance(part, CONSTANT):
            return id(part)
        if not hasattr(part, "__dict__") or isinstance(part, type):
            return None
        if id(part) in self._met:
            return self._met[id(part)]
        self._met[id(part)] = len(self._met)
        return None


def stored(town: Town) -> bytes:
    """What tells everything that is stored, and the time, from any other."""
    files = town.emulator.files(), town.emulator.uploads(), town.emulator.pictures()
    return _digest(msgspec.json.encode([clock.now(), town.emulator.seen(), files], order="sorted"))


def transferred(town: Town) -> tuple[object, ...]:
    """What of WeChat promises look at that hold at any moment."""
    world = town.sim.world
    accounts = [(mchid, account.locked, account.paid) for mchid, account in world.operations.items()]
    transfers = [(number, transfer.state) for number, transfer in world.transfers.items()]
    consents = [(whose, one.granted, one.sent, one.withdrawn) for whose, one in world.messages.consents.items()]
    cards = [(activity_id, repr(card.updates)) for activity_id, card in world.activities.items()]
    return (*accounts, *transfers, *world.wrong, *world.pages.codes.items(), *consents, *cards)


def state(town: Town) -> bytes:
    """What tells the whole town from any other, but for the randomness that is still to come.

    Tests keep nothing else in the process: RIPPLE_CACHE_SECONDS is 0.
    """
    written = io.BytesIO()
    _Marks(written).dump(
        (_wechat(town), sorted(town._streamed), token._process, stock._short, setup._kept, card_making._spared)
    )
    return _digest(stored(town) + written.getvalue())


def _digest(content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=16).digest()
