"""Every key names its merchant: nothing of one merchant can be formed, found or listed under another."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

import app
from chalicelib.core import chance, clock, due
from chalicelib.core.ids import MerchantId
from chalicelib.core.outbox import OutboxEntry
from chalicelib.core.table import FOREIGN_KEYS, ITEMS, Item
from chalicelib.merchants.service import app_account
from chalicelib.wechat import token
from tests.conftest import EMULATOR, START
from tests.test_invariants import MODULES
from tests.town import Town

DUE = re.compile(r"(DUE|DEAD)#\d\d")


def misplaced(item: Item, mid: str) -> list[str]:
    """The keys of an item that do not name ``mid``."""
    mine = f"{mid}|"
    wrong = []
    if item.pk.startswith(FOREIGN_KEYS):
        if getattr(item, "owner", None) != mid:
            wrong.append("owner")
    elif not item.pk.startswith(mine):
        wrong.append("pk")
    wrong += [name for name in ("gsi1pk", "gsi3pk") if (key := getattr(item, name)) and not key.startswith(mine)]
    if item.gsi2pk and not (DUE.fullmatch(item.gsi2pk) and item.gsi2sk and item.gsi2sk.endswith(item.pk)):
        wrong.append("gsi2")
    return wrong


@pytest.fixture(scope="module")
def lived() -> Iterator[tuple[str, list[Item]]]:
    """A merchant, and what is stored when every kind of item has come about."""
    EMULATOR.fresh()
    with clock.fixed(START), chance.seeded(7):
        town = Town(EMULATOR)
        yield town.merchant.mid, live_every_model(town)
        town.close()


def live_every_model(town: Town) -> list[Item]:
    """Every item at every moment of a town in which each kind comes about, those of every play by its situation."""
    for module in MODULES:
        if hasattr(module, "situation"):
            module.situation(town)
    _, opened = town.opened(town.campaign(size=4, group_seconds=3600))
    leader, _ = town.joined(opened["group_id"])
    leader.api.post("/v1/logout", {"refresh_token": leader.refresh_token})
    late = town.person()
    seat = late.join(opened["group_id"]).expect(201)
    late.pay(seat, notify=False).expect(200)
    town.act("/_sim/notify", out_trade_no=f"{seat['order_id']}-1", variant="tampered", field="amount")
    token.forget()
    token.access_token(app_account(MerchantId(town.merchant.mid)))
    seen = town.items()
    for _ in range(61):
        town.pass_time(60)
        seen += town.items()
    clock.advance(86_400)
    town.minute()
    return seen + town.items()


def test_every_stored_key_names_its_merchant(lived: tuple[str, list[Item]]) -> None:
    mid, items = lived
    for item in items:
        assert misplaced(item, mid) == [], f"{type(item).__name__} at {item.pk}"


def test_no_model_is_left_out(lived: tuple[str, list[Item]]) -> None:
    ours = {kind for kind in ITEMS.values() if kind.__module__.startswith("chalicelib")}
    there = {type(item) for item in lived[1]}
    assert ours == {kind for kind in there if kind.__module__.startswith("chalicelib")}


def test_the_check_itself_can_fail(town: Town) -> None:
    town.person()
    item = next(item for item in town.items() if item.gsi2pk is None and not item.pk.startswith(FOREIGN_KEYS))
    assert misplaced(item, town.merchant.mid) == []
    assert misplaced(item, "01ANOTHER") == ["pk"]
    item.gsi1pk = "O#everybody"
    assert misplaced(item, town.merchant.mid) == ["gsi1pk"]


def test_whatever_has_a_due_entry_has_somebody_who_handles_it(lived: tuple[str, list[Item]]) -> None:
    assert app.app is not None
    timed = {type(item) for item in lived[1] if item.gsi2pk}
    assert timed <= set(due.HANDLERS)
    assert OutboxEntry in timed
