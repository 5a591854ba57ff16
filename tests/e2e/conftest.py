"""The deployed stack with its demo merchants, and fresh campaigns and people for each test."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from infra.local import minute
from infra.local.client import Api, HttpSend, Person
from infra.local.endpoint import Endpoint
from infra.local.seed import Seeded, SeededMerchant, demo_offer, seed
from infra.lock import locked


@dataclass(frozen=True)
class Shop:
    """One merchant on the deployed stack."""

    stack: Endpoint
    merchant: SeededMerchant
    send: HttpSend
    wechat: HttpSend

    @property
    def admin(self) -> Api:
        """The merchant's owner."""
        return Api(self.send, self.merchant.api_key)

    def person(self, name: str | None = None) -> Person:
        """Somebody who has just logged in."""
        return Person.login(self.send, self.wechat, self.merchant.appid, name or f"p-{uuid.uuid4().hex[:12]}")

    def campaign(self, **changes: Any) -> str:
        """A running campaign of its own; ``changes`` replace fields of the demo offer."""
        return self.published({**demo_offer(), **changes})

    def published(self, offer: dict[str, Any]) -> str:
        """A running campaign of this document."""
        created = self.admin.post("/v1/admin/campaigns", {"offer": offer})
        self.admin.post(f"/v1/admin/campaigns/{created['campaign_id']}/publish")
        campaign_id: str = created["campaign_id"]
        return campaign_id

    def open_group(self, campaign_id: str) -> tuple[Person, dict[str, Any]]:
        """A leader who has paid, and the seat he holds."""
        leader = self.person()
        seat = leader.open(campaign_id).expect(201)
        leader.pay(seat).expect(200)
        self.deliver()
        return leader, seat

    def deliver(self) -> None:
        """Let WeChat deliver every notification that is due."""
        self.wechat("POST", "/_sim/flush", {"Content-Type": "application/json"}, b"{}").expect(200)

    def control(self, method: str, path: str, body: bytes | None = None) -> Any:
        """The simulator's control API."""
        return self.wechat(method, path, {"Content-Type": "application/json"}, body).expect(200, 201)


@pytest.fixture(scope="session")
def seeded(stack: Endpoint) -> Seeded:
    """The two demo merchants; one process of the run seeds, the others find them."""
    with locked(Path(stack.home, "seeding")):
        return seed(stack)


@pytest.fixture(scope="session")
def shops(stack: Endpoint, seeded: Seeded) -> tuple[Shop, Shop]:
    """Both merchants."""
    wechat = HttpSend(stack.wechat)
    a, b = (Shop(stack, merchant, HttpSend(stack.api), wechat) for merchant in seeded.merchants)
    return a, b


@pytest.fixture(scope="session")
def shop(shops: tuple[Shop, Shop]) -> Shop:
    """The first merchant."""
    return shops[0]


@pytest.fixture(scope="session")
def run(stack: Endpoint) -> Callable[[str], None]:
    """Run the sweeper's minute now."""

    return partial(minute.run, stack)
