"""What live codes take from storage: their part of `capacity`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chalicelib.core import clock
from chalicelib.core.aws import client
from chalicelib.core.ids import MerchantId, derived
from chalicelib.core.table import Item
from chalicelib.livecodes import timers
from chalicelib.livecodes.items import Place, Scan, live_key, place_key, scans
from tests.bench.packets import leased
from tests.conftest import START
from tests.livecodes import shop
from tests.sharing.friends import enters
from tests.town import Town

Measure = Callable[[str, Callable[[], Any]], Any]

BUDGETS = {"livecodes.place": 8}


def fill(mid: str, lid: str, people: int) -> None:
    """Put many places of other people, and where they were sent."""
    for start in range(0, people, 12):
        requests = []
        for n in range(start, min(start + 12, people)):
            uid = derived("uid", str(n))
            rows: list[Item] = [
                Place(*place_key(MerchantId(mid), uid, lid), target=1, part=n % 20, turn=1, at=START),
                Scan(scans(MerchantId(mid), lid, 1, n % 20), f"S#{clock.iso(START)}#{uid}#1", turn=1, at=START),
            ]
            requests += [{"PutRequest": {"Item": row.serialize()}} for row in rows]
        client("dynamodb").batch_write_item(RequestItems={"ripple-test": requests})


def measure_all(town: Town, measure: Measure, crowd: int) -> None:
    """Places of a page for a million and of groups that turn, a merchant who looks and changes them."""
    made = shop.makes(town, shop.page(), shop.group(200), key="one-key-for-a-live-code")
    lid = made.expect(201)["live_id"]
    groups = shop.made(town, shop.group(1), shop.group(2))
    fill(town.merchant.mid, lid, crowd)
    ann, ben, cat, dan = (town.person(f"{name} of the live codes") for name in ("ann", "ben", "cat", "dan"))
    for code in (lid, groups):
        shop.takes(dan, code).expect(200)
    measure("livecodes.entered", lambda: enters(ann, scene=f"l={lid}").expect(200))
    measure("livecodes.show", lambda: shop.looks(ann, lid))
    measure("livecodes.place", lambda: shop.takes(ann, lid)).expect(200)
    measure("livecodes.place_again", lambda: shop.takes(ann, lid)).expect(200)
    measure("livecodes.turned", lambda: shop.takes(ann, groups)).expect(200)
    shop.takes(ben, groups).expect(200)
    measure("livecodes.full", lambda: shop.takes(cat, groups)).expect(409)
    measure("livecodes.closed", lambda: shop.turns(town, lid, 1, "close")).expect(200)
    measure("livecodes.sent_on", lambda: shop.takes(ann, lid)).expect(200)
    measure("livecodes.inspect", lambda: shop.record(town, lid))
    measure("livecodes.scans", lambda: shop.scans(town, lid, 2))
    measure("livecodes.days", lambda: shop.days(town, lid, 2))
    told = leased(live_key(MerchantId(town.merchant.mid), lid))
    measure("livecodes.told", lambda: timers.live_due(told))
