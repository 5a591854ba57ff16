"""The mornings on which the operations account's bill is compared, what is found then, and what is owed meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from chalicelib.cash import comparing
from chalicelib.cash.days import FlowDay
from chalicelib.cash.items import Transfer, transfer_key
from chalicelib.cash.service import Tapped
from chalicelib.core import clock
from chalicelib.core.store import read_one
from chalicelib.core.transaction import update_one
from chalicelib.merchants.cash import CashSetup, setup_key
from chalicelib.merchants.service import bill_due_at
from chalicelib.rewards.cash import cash_of
from infra.local.client import Person
from infra.local.wechat_sim.operations import Movement
from tests.cash import shop
from tests.orders.mornings import today
from tests.town import Town

FEN = 100


def opened(town: Town, fen: int = 100_000, **changes: Any) -> str:
    """A campaign that gives cash, of a merchant whose account's bills are compared from today on."""
    campaign = shop.opened(town, fen, **changes)
    begin(town)
    return campaign


def begin(town: Town) -> None:
    """The merchant's mornings begin."""
    begins = [CashSetup.flow_day.set(today().isoformat())]
    update_one(setup_key(shop.mid_of(town)), begins, when={}, due=bill_due_at(today()))


def asked(town: Town, campaign: str, person: Person, ref: str = shop.REF, amount: int = FEN) -> Tapped:
    """Somebody has asked for cash, and WeChat waits for him to confirm."""
    shop.given(town, campaign, person, ref, amount)
    tapped = shop.tap(town, person, ref)
    assert tapped.confirm is not None
    return tapped


def paid(town: Town, campaign: str, person: Person, ref: str = shop.REF, amount: int = FEN) -> str:
    """Somebody was paid; WeChat's number of it."""
    shop.confirm(town, asked(town, campaign, person, ref, amount), person)
    return shop.number_of(person, ref)


def compare(town: Town, day: date) -> int:
    """Compare a day once more; how many differences there are."""
    found = comparing.compare(shop.mid_of(town), day)
    assert found is not None
    return found


def days(town: Town) -> list[dict[str, Any]]:
    """The days that were compared, as the merchant sees them."""
    found: list[dict[str, Any]] = town.admin.get("/v1/admin/cash/days")["days"]
    return found


def rows(town: Town) -> list[FlowDay]:
    """The same as they are stored."""
    return [item for item in town.items() if isinstance(item, FlowDay)]


def booked(town: Town, person: Person, ref: str = shop.REF, n: int = 1) -> Mapping[str, int]:
    """What bills have said of an attempt."""
    found = read_one(Transfer, transfer_key(shop.mid_of(town), person.uid, cash_of(ref), n))
    return (found.booked if found else None) or {}


def differ(town: Town, **about: Any) -> None:
    """Let the bill be wrong."""
    town.act("/_sim/bill/differences", mchid=town.merchant.mchid, **about)


def movements(town: Town) -> list[Movement]:
    """What moved on the operations account at WeChat: to be tampered with."""
    return town.sim.world.operations[town.merchant.mchid].movements


def setup(town: Town) -> CashSetup:
    """The merchant's set-up as it stands."""
    found = read_one(CashSetup, setup_key(shop.mid_of(town)))
    assert found is not None
    return found


def owed(town: Town, campaign: str) -> dict[str, Any]:
    """What a campaign owes."""
    found: dict[str, Any] = town.admin.get(f"/v1/admin/campaigns/{campaign}/cash")
    return found


def seconds_until(hour: int, minute: int = 0) -> float:
    """How long it is until the next such time in China."""
    now = clock.now().astimezone(clock.BEIJING)
    at = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
    return ((at - now).total_seconds()) % 86_400
