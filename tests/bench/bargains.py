"""What the actions of a bargain take from storage: its part of `capacity`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chalicelib.bargain.items import Help
from chalicelib.bargain.states import HelpState
from chalicelib.core import clock, due
from chalicelib.core.aws import client
from chalicelib.core.ids import derived
from tests.bargain.shop import (
    LOOKED,
    befriend,
    buys,
    cancels,
    decides,
    gives,
    grown,
    offer,
    page,
    started,
    starts,
    ticket,
)
from tests.conftest import START
from tests.invite.family import strangers
from tests.town import Town

Measure = Callable[[str, Callable[[], Any]], Any]

BUDGETS = {"bargain.help": 9}


def fill(campaign: str, mid: str, helps: int) -> None:
    """Put many helps for other bargains of the campaign."""
    for start in range(0, helps, 25):
        requests = []
        for n in range(start, min(start + 25, helps)):
            given = Help(
                f"{mid}|B#{campaign}-{derived('crowd', str(n // 3), length=16)}",
                f"HELP#{derived('uid', str(n))}",
                state=HelpState.COUNTED,
                slot=n % 3,
                cut_fen=1000,
                day="2026-11-11",
                reasons=[],
                thresholds=1,
                request=derived("request", str(n)),
                fingerprint="crowd",
                created_at=START,
            )
            requests.append({"PutRequest": {"Item": given.serialize()}})
        client("dynamodb").batch_write_item(RequestItems={"ripple-test": requests})


def measure_all(town: Town, measure: Measure, crowd: int) -> None:
    """A bargain bought at its floor, one bought early, one given up, one that expires, and a help that waits."""
    campaign = town.campaign(offer())
    fill(campaign, town.merchant.mid, crowd)
    ann, ben, cat, dan, eve = grown(town, "ann", "ben", "cat", "dan", "eve")
    started(eve, campaign)
    bid = measure("bargain.start", lambda: starts(ann, campaign)).expect(201)["bargain_id"]
    given = {friend.name: ticket(friend, bid) for friend in (ben, cat, dan)}
    clock.advance(LOOKED)
    measure("bargain.help", lambda: gives(ben, bid, given["ben"], key="one-key-for-one-tap")).expect(201)
    measure("bargain.help_again", lambda: gives(ben, bid, given["ben"], key="one-key-for-one-tap")).expect(201)
    measure("bargain.detail", lambda: page(ann, bid))
    gives(cat, bid, given["cat"]).expect(201)
    measure("bargain.help_last", lambda: gives(dan, bid, given["dan"])).expect(201)
    order = measure("bargain.order", lambda: buys(ann, bid)).expect(201)
    ann.pay(order).expect(200)
    measure("bargain.paid", town.hear)
    early = started(ann, campaign)
    befriend(ann, campaign, ben, cat, dan)
    kept = {friend.name: ticket(friend, early) for friend in (ben, cat, dan, eve)}
    clock.advance(LOOKED)
    measure("bargain.help_held", lambda: gives(ben, early, kept["ben"])).expect(201)
    gives(cat, early, kept["cat"]).expect(201)
    gives(dan, early, kept["dan"]).expect(201)
    measure("bargain.decide", lambda: decides(town, early, ben.uid, yes=True).expect(200))
    gives(eve, early, kept["eve"]).expect(201)
    unpaid = measure("bargain.order_early", lambda: buys(ann, early)).expect(201)
    ann.api.post(f"/v1/orders/{unpaid['order_id']}/cancel")
    measure("bargain.released", lambda: fall_due(town, unpaid["order_id"]))
    measure("bargain.policy_last", lambda: fall_due(town, f"{early}/HELP#{cat.uid}"))
    measure("bargain.policy_moot", lambda: fall_due(town, f"{early}/HELP#{dan.uid}"))
    measure("bargain.cancel", lambda: cancels(ann, early)).expect(200)
    bought = started(ann, campaign)
    order = buys(ann, bought).expect(201)
    ann.pay(order).expect(200)
    measure("bargain.paid_early", town.hear)
    measure("bargain.mine", lambda: ann.api.get("/v1/bargains"))
    measure("bargain.listed", lambda: town.admin.get(f"/v1/admin/campaigns/{campaign}/bargains"))
    over = started(cat, campaign)
    clock.advance(3600)
    measure("bargain.expired", lambda: fall_due(town, over))


def measure_looks(town: Town, measure: Measure) -> None:
    """Friends who have looked before look again: one whom nobody invited, and one out of a crowd of sixty."""
    inviter, alone = town.person(), town.person()
    friends = strangers(town, inviter, 60)
    clock.advance(3 * 86_400)
    inviter.come_back()
    friends += strangers(town, inviter, 60)
    owner = town.person()
    bid = started(owner, town.campaign(offer()))
    for friend in (alone, friends[0]):
        friend.come_back()
        page(friend, bid)
    clock.advance(3600)
    measure("bargain.ticket", lambda: page(alone, bid))
    measure("bargain.ticket_invited", lambda: page(friends[0], bid))
    measure("bargain.ticket_invited_again", lambda: page(friends[0], bid))


def fall_due(town: Town, name: str) -> None:
    """A worker takes the entry of an order, a bargain or a help, whenever it would be due."""
    part, _, sk = name.partition("/")
    for item in town.items():
        if item.gsi2sk and item.pk.endswith(f"#{part}") and item.sk == (sk or "META"):
            due.handle(item.key, item.gsi2sk)
