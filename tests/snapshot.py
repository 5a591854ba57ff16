"""Remembering a whole town, storage and WeChat and clock and randomness, and putting it back."""

from __future__ import annotations

import copy
import pickle
import random
from collections.abc import Callable

from ministack.services import dynamodb

from chalicelib.core import chance, clock
from tests.town import Town


def keep(town: Town) -> Callable[[], None]:
    """Remember the town as it is now; what is returned puts it back, as often as it is called."""
    sim = town.sim
    constant = {id(key): key for m in sim.world.merchants.values() for key in (m.key, m.public_key)}
    tables = pickle.dumps(dynamodb._tables._data)
    wechat = copy.deepcopy((sim.clock, sim.world, sim.faults, sim.notices), dict(constant))
    instant, streamed, seed = clock.now(), set(town._streamed), chance.below(2**32)

    def put_back() -> None:
        dynamodb._tables._data = pickle.loads(tables)
        dynamodb._txn_idempotency.clear()
        dynamodb._stream_records.clear()
        sim.clock, sim.world, sim.faults, sim.notices = copy.deepcopy(wechat, dict(constant))
        town._streamed = set(streamed)
        town.emulator.calls.clear()
        clock.advance((instant - clock.now()).total_seconds())
        chance._source = random.Random(seed)

    return put_back
