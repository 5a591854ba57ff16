"""What a process remembers of something sold out, and what it must not believe for long."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from chalicelib.campaigns.items import StockShard
from chalicelib.campaigns.kinds.groupbuy import GroupBuyOffer
from chalicelib.campaigns.live import Live, live
from chalicelib.campaigns.stock import SHORT_FOR, Shelf, keys
from chalicelib.core import clock
from chalicelib.core.ids import CampaignId, MerchantId
from chalicelib.core.store import read, read_whole
from tests import invariants
from tests.bench.capacity import warm_caches
from tests.bench.meter import metered
from tests.town import Town


@pytest.fixture(autouse=True)
def warm() -> Iterator[None]:
    with warm_caches():
        yield


SKU = "box-1"


def one_left(town: Town) -> str:
    """A campaign for groups of two with one unit left."""
    campaign = town.campaign(size=2, skus=[{**town.sku(), "stock": 2}])
    town.person().buy(campaign).expect(201)
    return campaign


def running(town: Town, campaign: str) -> Live[GroupBuyOffer]:
    return live(MerchantId(town.merchant.mid), CampaignId(campaign), GroupBuyOffer)


def leave(town: Town, number: int, left: int) -> None:
    """Let shard ``number`` alone have something left, and keep the books in order."""
    for shard in [item for item in town.items() if isinstance(item, StockShard)]:
        shard.left = left if shard.shard == number else 0
        town.emulator.restore(shard)


@pytest.fixture
def spread(town: Town) -> str:
    """A campaign with plenty in thirty-two shards."""
    campaign = town.campaign(size=2, skus=[{**town.sku(), "stock": 512}])
    assert sum(isinstance(item, StockShard) for item in town.items()) == 32
    return campaign


def test_while_there_is_plenty_few_shards_are_read(town: Town, spread: str) -> None:
    leader = town.person()
    with metered(town.emulator) as opening:
        seat = leader.open(spread).expect(201)
    leader.pay(seat).expect(200)
    with metered(town.emulator) as paying:
        town.hear()
    with metered(town.emulator) as alone:
        town.person().buy(spread).expect(201)
    assert max(cost.read_units for cost in (opening, paying, alone)) < 12


def test_one_shard_that_has_something_is_found(town: Town) -> None:
    campaign = town.campaign(size=2, skus=[{**town.sku(), "stock": 512}])
    for number in range(0, 32, 5):
        leave(town, number, 3)
        leader = town.person()
        seat = leader.open(campaign).expect(201)
        leader.pay(seat).expect(200)
        town.hear()
        assert leader.group(seat["group_id"])["status"] == "open"
        town.person().buy(campaign).expect(201)
    with metered(town.emulator) as proved:
        assert town.person().open(campaign).body["code"] == "sold_out"
    leave(town, 0, 0)
    for shard in [item for item in town.items() if isinstance(item, StockShard)]:
        shard.left = 16 - shard.taken
        town.emulator.restore(shard)
    assert proved.read_units > 3 * 32


def test_what_is_sold_out_is_not_read_again_by_every_tap(town: Town, spread: str) -> None:
    leave(town, 0, 1)
    first, second = town.person(), town.person()
    with metered(town.emulator) as proved:
        assert first.open(spread).body["code"] == "sold_out"
    with metered(town.emulator) as believed:
        assert second.open(spread).body["code"] == "sold_out"
    assert proved.read_units > 3 * 32
    assert believed.read_units < 12
    for shard in [item for item in town.items() if isinstance(item, StockShard)]:
        shard.left = 16
        town.emulator.restore(shard)


def test_units_that_came_back_are_sold_when_the_moment_is_over(town: Town) -> None:
    campaign = town.campaign(size=2, skus=[{**town.sku(), "stock": 2}])
    holder, late = town.person(), town.person()
    seat = holder.open(campaign).expect(201)
    assert late.open(campaign).body["code"] == "sold_out"
    holder.api.post(f"/v1/orders/{seat['order_id']}/cancel")
    town.minute()
    believed = clock.now() + SHORT_FOR
    assert late.open(campaign).body["code"] == "sold_out"
    clock.advance((believed - clock.now()).total_seconds())
    late.open(campaign).expect(201)


def test_who_wants_less_is_not_told_that_it_is_sold_out(town: Town) -> None:
    campaign = one_left(town)
    assert town.person().open(campaign).body["code"] == "sold_out"
    town.person().buy(campaign).expect(201)


def test_a_payment_takes_units_whatever_is_remembered(town: Town) -> None:
    campaign = town.campaign(size=2, skus=[{**town.sku(), "stock": 3}])
    leader, other = town.person(), town.person()
    seat = leader.open(campaign).expect(201)
    gives_up = other.open(campaign).expect(201)
    assert town.person().open(campaign).body["code"] == "sold_out"
    other.api.post(f"/v1/orders/{gives_up['order_id']}/cancel")
    town.minute()
    assert not Shelf(running(town, campaign), SKU, 2, read).keys
    leader.pay(seat).expect(200)
    town.hear()
    assert leader.group(seat["group_id"])["status"] == "open"
    invariants.check(town.items())


def test_only_what_stood_so_at_one_moment_is_remembered(town: Town) -> None:
    campaign = running(town, one_left(town))
    wanted = keys(campaign, SKU)
    shelf = Shelf(campaign, SKU, 2, read)
    shelf.seen(read(*wanted))
    assert Shelf(campaign, SKU, 2, read).keys == wanted
    shelf.seen(read_whole(*wanted))
    assert Shelf(campaign, SKU, 2, read).keys == []
    assert Shelf(campaign, SKU, 1, read).keys == wanted
    assert Shelf(campaign, None, 1, read).keys == []
