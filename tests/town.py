"""A whole Ripple in this process: application, embedded AWS, WeChat simulator, a clock that stands still."""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import timedelta
from functools import cache, lru_cache
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec

from app import app
from chalicelib.core import clock, consumers, due
from chalicelib.core.secrets import MerchantSecrets
from chalicelib.core.table import Item, Key, decode
from chalicelib.merchants.service import new_keys, onboard
from chalicelib.notices import setup
from chalicelib.wechat import signing
from chalicelib.wechat.http import use_transport
from chalicelib.wechat.transfer import BILLS
from infra.local.client import Api, Person, Reply, body_of
from infra.local.seed import Registered, SeededMerchant, demo_offer, register, subscribe
from infra.local.wechat_sim import Simulator, new_merchant_key
from infra.local.wechat_sim.crypto import new_key
from infra.local.wechat_sim.in_process import InProcess
from tests.cash.offers import wrong
from tests.edge.gateway_event import gateway_event
from tests.emulator import Emulator, copied
from tests.notices.watching import untimely
from tests.transport import GatedTransport


def send(
    method: str, path: str, headers: Mapping[str, str], body: bytes | None, *, address: str = "127.0.0.1"
) -> Reply:
    """One request through the deployed entry point."""
    split = urlsplit(path)
    asked = parse_qs(split.query)
    event = gateway_event(method, split.path, headers=headers, body=body, query=asked, source_ip=address)
    answer = app(event, None)
    lower = {name.lower(): value for name, value in answer["headers"].items()}
    return Reply(answer["statusCode"], lower, body_of(lower, answer["body"]))


def _path(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _raw(body: Any) -> bytes:
    return body.encode() if isinstance(body, str) else json.dumps(body).encode()


STREAMED = ("X#", "PARENT", "CLM#")
"""How the sort keys begin of what the table's stream delivers when it is new."""

BUDGET, LIVE_CARD = "budget", "live_card"
WATCHED = (BUDGET, LIVE_CARD)
"""The attributes of what it delivers when it has changed."""
WRITES = ("TransactWriteItems", "UpdateItem")
NOT_AT_ONCE = tuple(f'"sort":{{"S":"\\"{sort}'.encode() for sort in ("reminder", "offer"))
"""What stands in a write that decides to remind somebody, or to offer him something."""
BUDGETS = b"#STK#~"
"""What stands in the keys of those."""

vars(signing)["sign"] = lru_cache(maxsize=10_000)(signing.sign)
"""RSA-SHA256 signs the same alike each time; runs that are repeated need not wait for it again."""

vars(setup)["KEPT"] = timedelta(days=400)
"""What a merchant tells is read when he comes and when he says otherwise, not by whoever happens to act later."""

KEY = new_key()
"""WeChat's key in every town: making one takes a tenth of a second."""


@cache
def pay_key(handle: str) -> tuple[str, str, str]:
    """A merchant's key in every town."""
    return new_merchant_key()


class Death(BaseException):
    """The process ends here: nothing after this line runs."""


class Context:
    """A Lambda context with time enough."""

    def get_remaining_time_in_millis(self) -> int:
        return 45_000


@lru_cache(maxsize=50_000)
def _decoded(raw: str) -> Item:
    return decode(json.loads(raw))


class Town:
    """One merchant, any number of people, and WeChat."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self.sim = Simulator(now=clock.now, rng=random.Random(7), new_key=lambda: KEY)
        self.sim.deliver = self._deliver
        self.sim.ask = self._ask
        self._registered: dict[str, Registered] = {}
        self._open = ExitStack()
        self.transport = GatedTransport(InProcess(self.sim))
        self.transport.arrives = self._arrives
        self._open.enter_context(use_transport(self.transport))
        emulator.written = self._written_now
        self._names = itertools.count()
        self._streamed: set[Key] = set()
        self._heard = 0
        self.merchant = self._onboard("lakeside")

    def close(self) -> None:
        """Give WeChat's place back."""
        self._open.close()

    @property
    def admin(self) -> Api:
        """The merchant's owner."""
        return Api(send, self.merchant.api_key)

    def control(self, method: str, path: str, headers: Mapping[str, str], body: bytes | None) -> Reply:
        """The simulator's control API."""
        status, lower, answer = self.sim.handle(method, path, headers, body or b"")
        return Reply(status, lower, json.loads(answer) if answer else None)

    def act(self, path: str, **body: Any) -> Any:
        """Do something as WeChat or its users do it."""
        return self.control("POST", path, {}, json.dumps(body).encode()).expect(200, 201)

    def person(self, name: str | None = None) -> Person:
        """Somebody who has just logged in."""
        return Person.login(send, self.control, self.merchant.appid, name or f"person-{next(self._names)}")

    def campaign(self, offer: dict[str, Any] | None = None, **changes: Any) -> str:
        """A running campaign: of the demo offer with ``changes``, or of another play's ``offer``."""
        document = offer or {**demo_offer(now=clock.now()), **changes}
        created = self.admin.post("/v1/admin/campaigns", {"offer": document})
        campaign_id: str = created["campaign_id"]
        self.admin.post(f"/v1/admin/campaigns/{campaign_id}/publish")
        return campaign_id

    def hear(self) -> None:
        """Let WeChat deliver every notification that is due."""
        self.sim.flush()

    def opened(self, campaign_id: str) -> tuple[Person, dict[str, Any]]:
        """A leader who has paid, and his seat."""
        leader = self.person()
        seat = leader.open(campaign_id).expect(201)
        leader.pay(seat).expect(200)
        self.hear()
        return leader, seat

    def joined(self, group_id: str) -> tuple[Person, dict[str, Any]]:
        """A member who has paid, and his seat."""
        member = self.person()
        seat = member.join(group_id).expect(201)
        member.pay(seat).expect(200)
        self.hear()
        return member, seat

    def minute(self) -> int:
        """What the sweeper's minute does: everything that is due, by the workers; returns entries taken."""
        found = due.sweep()
        assert found == self.emulator.shards_due()
        return sum(map(due.work, found))

    def pass_time(self, seconds: float, tick: float = 60.0) -> None:
        """Move the clock tick by tick, with the workers taking at each what the sweeper would have found."""
        while seconds > 0:
            step = min(tick, seconds)
            clock.advance(step)
            seconds -= step
            for shard in self.emulator.shards_due():
                due.work(shard)

    def stream(self) -> None:
        """Deliver what the stream has not delivered yet."""
        written = self._written()
        images = copied([raw for raw in self.emulator.seen() if self._is_new(raw, written)])
        records = [{"dynamodb": {"NewImage": raw}} for raw in images]
        consumers.streamed({"Records": records}, Context())

    def _written(self) -> list[bytes]:
        """What was written since the stream was asked last: a budget that is back where it was has moved too."""
        calls = self.emulator.calls
        since, self._heard = calls[self._heard if self._heard <= len(calls) else 0 :], len(calls)
        moves = (c for c in since if c.operation in WRITES and c.answer is not None and c.answer.status_code == 200)
        return [call.body for call in moves if BUDGETS in call.body]

    def _is_new(self, raw: dict[str, Any], written: list[bytes]) -> bool:
        """Whether the stream has something to tell of an item; from now on it has told it."""
        if "gsi2sk" not in raw and BUDGET not in raw and LIVE_CARD not in raw:
            return False
        key = Key(raw["pk"]["S"], raw["sk"]["S"])
        if LIVE_CARD in raw:
            now = Key(key.pk, f"{raw['paid']['N']} paid, {raw['status']['S']}")
            moved = now not in self._streamed
            self._streamed.add(now)
            return moved
        if BUDGET in raw:
            before = {mark for mark in self._streamed if mark.pk == key.pk}
            now = Key(key.pk, f"{raw['left']['N']} left, {raw['taken']['N']} taken")
            self._streamed -= before
            self._streamed.add(now)
            moved = now not in before or any(f'"{key.pk}"'.encode() in body for body in written)
            return moved and (bool(before) or raw["taken"]["N"] != "0")
        new = key.sk.startswith(STREAMED) and "gsi2sk" in raw and key not in self._streamed
        if new:
            self._streamed.add(key)
        return new

    def items(self) -> list[Item]:
        """Everything that is stored."""
        return [decode(raw) for raw in self.emulator.items()]

    def books(self) -> list[Item]:
        """Everything that is stored, to be looked at and not changed: what stood so before is not decoded again."""
        return [_decoded(json.dumps(raw)) for raw in self.emulator.seen()]

    def second(self) -> SeededMerchant:
        """Another merchant in the same house."""
        return self._onboard("hillside")

    def listen(self) -> None:
        """WeChat pushes the merchant's messages from now on."""
        shop = self._registered[self.merchant.handle]
        subscribe(self.control, shop, f"https://ripple.test/notify/wechat/{self.merchant.mid}/push")

    def refunds(self, order_id: str) -> list[dict[str, Any]]:
        """What WeChat sent back of an order's first attempt."""
        answer = self.control("GET", f"/_sim/orders/{order_id}-1", {}, None).expect(200)
        found: list[dict[str, Any]] = answer["refunds"]
        return found

    def _onboard(self, handle: str) -> SeededMerchant:
        shop = self._registered[handle] = register(self.control, handle, pay_key(handle))
        secrets = msgspec.convert({**shop.secrets, **new_keys()}, MerchantSecrets)
        mid, key = onboard(
            name=shop.name, appid=shop.appid, mchid=shop.mchid, time_zone="Asia/Shanghai", secrets=secrets
        )
        assert key is not None
        setup.voice_now(mid)
        return SeededMerchant(handle, shop.name, mid, shop.appid, shop.mchid, key)

    def _deliver(self, url: str, headers: Mapping[str, str], body: bytes) -> tuple[int, bytes] | None:
        try:
            reply = send("POST", _path(url), headers, body)
        except Death:
            return None
        return reply.status, _raw(reply.body)

    def _arrives(self, method: str, path: str, body: bytes) -> None:
        if (method, path) == ("POST", BILLS):
            self.sim.world.wrong += wrong(self.emulator.items(), self.sim.world, json.loads(body))

    def _written_now(self, body: bytes) -> None:
        if any(mark in body for mark in NOT_AT_ONCE):
            self.sim.world.wrong += untimely(body, self.emulator.items())

    def _ask(self, url: str) -> tuple[int, bytes] | None:
        reply = send("GET", _path(url), {}, None)
        return reply.status, _raw(reply.body)

    @staticmethod
    def sku() -> dict[str, Any]:
        """The demo offer's one SKU."""
        first: dict[str, Any] = demo_offer()["skus"][0]
        return first
