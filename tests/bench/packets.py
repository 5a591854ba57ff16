"""What the actions of a packet take from storage: its part of `capacity`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chalicelib.core import clock, due
from chalicelib.core.aws import client
from chalicelib.core.ids import derived
from chalicelib.core.store import read, read_one
from chalicelib.core.table import Key
from chalicelib.orders.items import Order, order_key
from chalicelib.redpacket.following import FOLLOWING
from chalicelib.redpacket.held import act_due
from chalicelib.redpacket.items import Claim, act_key, packet_key
from chalicelib.redpacket.states import ActState
from chalicelib.redpacket.timers import packet_due
from tests.conftest import START
from tests.redpacket.shop import (
    COUPON,
    LOOKED,
    bought,
    brought,
    claims,
    decides,
    gift_offer,
    goods,
    grown,
    helps,
    mid,
    of_order,
    page,
    refunds,
    shady,
    starts,
    takes,
    ticket,
    unlock_offer,
)
from tests.town import Town

Measure = Callable[[str, Callable[[], Any]], Any]

BUDGETS = {"redpacket.claim": 9, "redpacket.effect": 9}

THREE = [{"friend": 400, "own": 200}] * 3


def fill(campaign: str, mid: str, claims: int) -> None:
    """Put many claims of other packets of the campaign."""
    for start in range(0, claims, 25):
        requests = []
        for n in range(start, min(start + 25, claims)):
            claim = Claim(
                f"{mid}|R#{campaign}-{derived('crowd', str(n // 3), length=16)}",
                f"CLM#{derived('uid', str(n))}",
                state=ActState.GRANTED,
                slot=n % 3,
                friend=400,
                own=200,
                legs=[],
                day="2026-11-11",
                reasons=[],
                thresholds=1,
                request=derived("request", str(n)),
                fingerprint="crowd",
                created_at=START,
            )
            requests.append({"PutRequest": {"Item": claim.serialize()}})
        client("dynamodb").batch_write_item(RequestItems={"ripple-test": requests})


def measure_all(town: Town, measure: Measure, crowd: int) -> None:
    """A packet that an order brings and that is claimed and taken back, one of coupons, one unlocked, and a gift."""
    campaign = town.campaign(goods(THREE))
    fill(campaign, town.merchant.mid, crowd)
    ann, ben, cat, dan, eve = grown(town, "rea", "rob", "roy", "rex", "ria")
    oid = bought(town, ann, campaign)
    order = read_one(Order, order_key(mid(town), oid))
    assert order is not None
    measure("redpacket.made", lambda: FOLLOWING.confirmed(order))
    rid = of_order(campaign, oid)
    kept = {friend.name: ticket(friend, rid) for friend in (ben, cat, dan)}
    clock.advance(LOOKED)
    taken = "one-key-for-one-tap"
    measure("redpacket.claim", lambda: takes(ben, rid, kept["rob"], "claims", key=taken)).expect(201)
    measure("redpacket.claim_again", lambda: takes(ben, rid, kept["rob"], "claims", key=taken)).expect(201)
    owed = leased(act_key(mid(town), Claim, rid, ben.uid))
    measure("redpacket.effect", lambda: act_due(owed))
    takes(cat, rid, kept["roy"], "claims").expect(201)
    measure("redpacket.claim_last", lambda: takes(dan, rid, kept["rex"], "claims")).expect(201)
    act_due(leased(act_key(mid(town), Claim, rid, cat.uid)))
    measure("redpacket.detail", lambda: page(ann, rid))
    measure("redpacket.of_order", lambda: ann.api.get(f"/v1/orders/{oid}/packet"))
    refunds(town, oid).expect(200)
    measure("redpacket.returned", lambda: FOLLOWING.returned(order))
    clawing = leased(packet_key(mid(town), rid))
    measure("redpacket.clawed_of_3", lambda: packet_due(clawing))
    coupons = brought(town, ann, town.campaign(goods(THREE, packet={"form": COUPON})))
    shady(town, eve)
    claims(ben, coupons).expect(201)
    coupon = leased(act_key(mid(town), Claim, coupons, ben.uid))
    measure("redpacket.effect_coupon", lambda: act_due(coupon))
    held = ticket(eve, coupons)
    clock.advance(LOOKED)
    measure("redpacket.claim_held", lambda: takes(eve, coupons, held, "claims")).expect(201)
    measure("redpacket.decide", lambda: decides(town, coupons, eve.uid, yes=True).expect(200))
    unlocked = town.campaign(unlock_offer(nodes=[{"friends": 2, "amount": 100}]))
    unl = measure("redpacket.start", lambda: starts(ann, unlocked)).expect(201)["packet_id"]
    helped = {friend.name: ticket(friend, unl) for friend in (ben, cat)}
    clock.advance(LOOKED)
    measure("redpacket.help", lambda: takes(ben, unl, helped["rob"], "helps")).expect(201)
    measure("redpacket.help_reaching", lambda: takes(cat, unl, helped["roy"], "helps")).expect(201)
    reached = leased(packet_key(mid(town), unl))
    measure("redpacket.node_last", lambda: packet_due(reached))
    gifts = town.campaign(gift_offer())
    measure("redpacket.gift", lambda: starts(ann, gifts)).expect(201)
    measure("redpacket.mine", lambda: ann.api.get("/v1/packets"))
    measure("redpacket.listed", lambda: town.admin.get(f"/v1/admin/campaigns/{campaign}/packets"))
    over = starts(ann, unlocked).expect(201)["packet_id"]
    helps(dan, over).expect(201)
    clock.advance(3600)
    ended = leased(packet_key(mid(town), over))
    measure("redpacket.expired", lambda: packet_due(ended))


def leased(key: Key) -> Any:
    """What a worker has who took the entry, whenever it would be due: the sweep is measured by itself."""
    item = read(key)[key]
    assert item is not None
    assert item.gsi2sk is not None
    return due.lease(key, item.gsi2sk)
