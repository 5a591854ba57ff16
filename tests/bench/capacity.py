"""What each action takes from storage, alone and with many groups in the table, and the pins that hold it there."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from chalicelib.campaigns import live, stock
from chalicelib.core import chance, clock, due
from chalicelib.core.aws import client
from chalicelib.core.config import config
from chalicelib.core.ids import derived
from chalicelib.core.table import Item
from chalicelib.groupbuy.items import Seat
from chalicelib.groupbuy.states import SeatState
from chalicelib.invite.items import Edge, Tally
from chalicelib.livecodes import finding as live_codes
from chalicelib.merchants import cash as payers
from chalicelib.merchants import service as merchants
from chalicelib.voucher import finding, words
from chalicelib.wechat import token
from tests.bench import bargains, cash, coupons, families, goods, livecodes, packets, punchcards, rains, vouchers
from tests.bench.figures import Figure
from tests.bench.meter import Cost, metered
from tests.conftest import EMULATOR, START
from tests.invite.family import by_code, by_share, code_of
from tests.sharing.friends import enters, invitation, shared
from tests.town import Town

SCALE = 100_000
KEY = "one-key-for-one-tap"

BUDGETS = {
    "groupbuy.open": 13,
    "groupbuy.join": 11,
    "groupbuy.paid": 10,
    "groupbuy.paid_closing": 13,
    "groupbuy.paid_leader": 16,
    **bargains.BUDGETS,
    **coupons.BUDGETS,
    **rains.BUDGETS,
    **packets.BUDGETS,
    **vouchers.BUDGETS,
    **goods.BUDGETS,
    **livecodes.BUDGETS,
    **punchcards.BUDGETS,
}


PACED = ("bargain.help", "redpacket.claim")
"""Whoever acts for another is counted afterwards, by a call of its own (`sharing.pace`)."""

PINS = Path(__file__).with_name("pins.json")

Taken = dict[str, dict[str, float | list[str]]]
"""By action: round trips, read units, write units, and the calls themselves."""


def taken() -> Taken:
    """What every action takes now, in the form of the pins."""
    return {
        action: {
            "round_trips": cost.round_trips,
            "read_units": cost.read_units,
            "write_units": cost.write_units,
            "calls": cost.operations,
        }
        for action, cost in costs().items()
    }


def differences(pinned: Taken, now: Taken) -> list[str]:
    """A line for every number that is not what was pinned, cheaper ones too."""
    lines = [f"{action}: {'new' if action in now else 'gone'}" for action in sorted(pinned.keys() ^ now.keys())]
    for action in pinned.keys() & now.keys():
        for what, was in pinned[action].items():
            if now[action][what] != was:
                lines.append(f"{action}: {what} {was} -> {now[action][what]}")
    return sorted(lines)


def pin() -> list[str]:
    """Write down what every action takes now; returns what that changed."""
    before: Taken = json.loads(PINS.read_text()) if PINS.exists() else {}
    now = taken()
    PINS.write_text(json.dumps(now, indent=1) + "\n")
    return differences(before, now)


def figures() -> list[Figure]:
    """<action>.round_trips and .write_units of what has a budget; a call of its own counts the pace of a help."""
    found = []
    for suffix, crowd in (("", 0), (".at_scale", SCALE)):
        measured = costs(crowd)
        for action, cost in measured.items():
            if action not in BUDGETS:
                continue
            trips = 3 if action in PACED else 2
            found.append(Figure(f"{action}.round_trips{suffix}", cost.round_trips, "calls", trips))
            found.append(Figure(f"{action}.write_units{suffix}", cost.write_units, "write units", BUDGETS[action]))
        found += families.figures(measured, suffix)
    return found


def costs(crowd: int = 0) -> dict[str, Cost]:
    """What each action costs with warm caches, as on a function that has served a request before.

    ``crowd`` is how many seats of other groups, and helps for other bargains, of the same campaign stand in the table.
    """
    EMULATOR.fresh()
    with clock.fixed(START), chance.seeded(7), warm_caches():
        town = Town(EMULATOR)
        try:
            return _costs(town, crowd)
        finally:
            town.close()


@contextmanager
def warm_caches(seconds: int = 3600) -> Iterator[None]:
    """Campaigns and merchants are kept, as deployed, and by default for as long as the bench lasts."""
    before = os.environ["RIPPLE_CACHE_SECONDS"]
    os.environ["RIPPLE_CACHE_SECONDS"] = str(seconds)
    config.cache_clear()
    try:
        yield
    finally:
        os.environ["RIPPLE_CACHE_SECONDS"] = before
        config.cache_clear()
        live._kept.clear()
        stock._short.clear()
        words._kept.clear()
        merchants._kept.clear()
        payers._kept.clear()
        finding._kept.clear()
        live_codes._kept.clear()


def _fill(campaign: str, mid: str, seats: int) -> None:
    """Put many held seats, each with its group's partition, through the ordinary write path."""
    dynamodb = client("dynamodb")
    for start in range(0, seats, 25):
        requests = []
        for n in range(start, min(start + 25, seats)):
            pk = f"{mid}|G#{campaign}-{derived('crowd', str(n // 3), length=16)}"
            seat = Seat(
                pk,
                f"SEAT#{derived('uid', str(n))}",
                order=derived("order", str(n)),
                state=SeatState.PAID,
                sku="crowd",
                created_at=START,
                gsi1pk=f"{mid}|U#{derived('uid', str(n))}",
                gsi1sk=f"G#{n}",
            )
            requests.append({"PutRequest": {"Item": seat.serialize()}})
        dynamodb.batch_write_item(RequestItems={"ripple-test": requests})


def _costs(town: Town, crowd: int) -> dict[str, Cost]:
    campaign = town.campaign(size=3)
    _fill(campaign, town.merchant.mid, crowd)
    town.opened(campaign)
    leader, member, last = town.person(), town.person(), town.person()
    measured: dict[str, Cost] = {}

    def measure(name: str, act: Callable[[], Any]) -> Any:
        with metered(town.emulator) as cost:
            result = act()
        measured[name] = cost
        return result

    measure("accounts.login", lambda: town.person("known"))
    measure("accounts.login_again", lambda: town.person("known"))
    seat = measure("groupbuy.open", lambda: leader.open(campaign, key=KEY)).expect(201)
    measure("groupbuy.open_again", lambda: leader.open(campaign, key=KEY)).expect(201)
    leader.pay(seat).expect(200)
    measure("groupbuy.paid_leader", town.hear)
    group, order = seat["group_id"], seat["order_id"]
    measure("orders.told_again", lambda: town.act("/_sim/notify", out_trade_no=f"{order}-1"))
    taken = measure("groupbuy.join", lambda: member.join(group)).expect(201)
    leaving = town.person()
    left = leaving.join(group).expect(201)
    measure("groupbuy.full", lambda: last.join(group)).expect(409)
    measure("orders.prepay", lambda: leaving.api.post(f"/v1/orders/{left['order_id']}/prepay"))
    measure("orders.cancel", lambda: leaving.api.post(f"/v1/orders/{left['order_id']}/cancel"))
    measure("groupbuy.released", lambda: due_now(town))
    member.pay(taken).expect(200)
    measure("groupbuy.paid", town.hear)
    token.forget()
    measure("groupbuy.detail_first", lambda: leaving.group(group))
    measure("groupbuy.detail", lambda: member.group(group))
    measure("groupbuy.detail_again", lambda: member.group(group))
    measure("groupbuy.joinable", lambda: last.api.get(f"/v1/campaigns/{campaign}/groups"))
    measure("groupbuy.mine", lambda: member.api.get("/v1/groups"))
    measure("orders.show", lambda: member.order(taken["order_id"]))
    measure("campaigns.show", lambda: member.api.get(f"/v1/campaigns/{campaign}"))
    ending = last.join(group).expect(201)
    last.pay(ending).expect(200)
    measure("groupbuy.paid_closing", town.hear)
    measure("groupbuy.drained_of_3", lambda: due_now(town))
    _, failing = town.opened(campaign)
    clock.advance(86_400)
    measure("groupbuy.failed_of_1", lambda: due_now(town, failing["group_id"]))
    measure("orders.refund_asked", town.stream)
    clock.advance(60)
    measure("orders.refund_told", town.hear)
    assert town.refunds(failing["order_id"])
    measure("sweep.idle", due.sweep)
    bargains.measure_all(town, measure, crowd)
    _measure_sharing(town, campaign, measure)
    bargains.measure_looks(town, measure)
    coupons.measure_all(town, measure)
    rains.measure_all(town, measure)
    packets.measure_all(town, measure, crowd)
    cash.measure_all(town, measure)
    _measure_texts(town, measure)
    vouchers.measure_all(town, measure, crowd)
    goods.measure_all(town, measure)
    livecodes.measure_all(town, measure, crowd)
    families.measure_all(town, measure, crowd)
    punchcards.measure_all(town, measure)
    return measured


def _measure_sharing(town: Town, campaign: str, measure: Callable[[str, Callable[[], Any]], Any]) -> None:
    ann = town.person("ann-who-shares")
    clock.advance(1)
    ben, cat = town.person("ben-who-comes"), town.person("cat-who-comes")
    share = measure("sharing.shown", lambda: shared(ann, campaign))
    measure("sharing.shown_again", lambda: shared(ann, campaign))
    measure("sharing.entered", lambda: enters(ben, scene=share["scene"]))
    measure("sharing.entered_again", lambda: enters(ben, scene=share["scene"]))
    ann.api.post(f"/v1/shares/{invitation(ann)['share_id']}/short-link")
    measure("sharing.short_link", lambda: ann.api.post(f"/v1/shares/{share['share_id']}/short-link"))
    measure("sharing.short_link_again", lambda: ann.api.post(f"/v1/shares/{share['share_id']}/short-link"))
    measure("sharing.code", lambda: ann.api.post(f"/v1/shares/{share['share_id']}/code"))
    measure("sharing.code_again", lambda: ann.api.post(f"/v1/shares/{share['share_id']}/code"))
    measure("invite.accepted", lambda: by_share(ben, share, key=KEY)).expect(201)
    measure("invite.accepted_again", lambda: by_share(ben, share, key=KEY)).expect(201)
    measure("invite.counted", lambda: handled(town, Edge))
    measure("invite.on_the_board", lambda: handled(town, Tally))
    code = measure("invite.code", lambda: code_of(ann))
    by_code(cat, code).expect(201)
    measure("invite.mine", lambda: ann.api.get("/v1/invites"))
    measure("invite.children", lambda: ann.api.get("/v1/invites/children"))
    measure("invite.leaderboard", lambda: ann.api.get(f"/v1/campaigns/{campaign}/leaderboard"))


def _measure_texts(town: Town, measure: Callable[[str, Callable[[], Any]], Any]) -> None:
    ann = town.person("ann")
    path = f"/v1/shares/{invitation(ann)['share_id']}/text"
    ann.api.post(path)
    measure("sharing.text_again", lambda: ann.api.post(path))
    measure("sharing.code_pasted", lambda: enters(ann, text="7KMQ-4X2A").expect(200))


def handled(town: Town, kind: type[Item]) -> None:
    """Handle every entry of a kind, due or not."""
    for item in town.items():
        if isinstance(item, kind) and item.gsi2sk:
            due.handle(item.key, item.gsi2sk)


def due_now(town: Town, named: str = "") -> None:
    """Handle what is due and has ``named`` in its key, without the sweep that finds it."""
    for item in town.items():
        if named in item.pk and item.gsi2sk and item.due and item.due <= clock.now():
            due.handle(item.key, item.gsi2sk)
