"""Value on the deployed stack: a coupon pays, the order brings a packet, friends share it, and all of it adds up."""

from __future__ import annotations

import time
from functools import partial
from typing import Any

from infra.local.client import Person
from infra.local.seed import demo_offer
from infra.local.seed_rewards import TEN_OFF_FEN, demo_coupons, rewarding
from infra.local.walk_friends import LOOKS, opens
from tests.e2e.conftest import Shop
from tests.e2e.waiting import wait_for

SOLO = 8900
STREAM_SECONDS = 10
"""What the stream tells of is there by then; the sweeper, whom nobody runs here, would bring it within a minute."""

Line = tuple[str, str, int, str]
"""Why, where it is, how much, as what."""


def statement(person: Person) -> list[Line]:
    lines = person.api.get("/v1/me/rewards")["rewards"]
    return sorted((line["why"], line["state"], line["amount"], line["form"]) for line in lines)


def act(person: Person, packet: str) -> Any:
    return person.api.get(f"/v1/packets/{packet}")["my_act"]["state"]


def adds_up(shop: Shop, person: Person) -> Any:
    """Whether all that was ever moved for him is what he has, at a moment in which nothing moves."""
    summed = partial(shop.admin.post, f"/v1/admin/users/{person.uid}/rebuild")
    return wait_for(lambda: (answer := summed())["steady"] and answer)["agree"]


def test_a_coupon_pays_an_order_whose_packet_friends_share(shop: Shop) -> None:
    campaign, template = (shop.published(document(demo_offer())) for document in (rewarding, demo_coupons))
    owner, *friends, late = (shop.person() for _ in range(4))
    coupon = owner.api.post(f"/v1/campaigns/{template}/coupons")["coupon_id"]
    pay_with = [{"tender": "coupon", "ref": coupon}]
    quoted = owner.api.post(f"/v1/campaigns/{campaign}/quote", {"role": "solo", "pay_with": pay_with})
    assert [part["amount_fen"] for part in quoted["parts"]] == [TEN_OFF_FEN]
    order = owner.api.call("POST", f"/v1/campaigns/{campaign}/orders", {"pay_with": pay_with}).expect(201)
    assert order["cash_fen"] == quoted["cash_fen"] == SOLO - TEN_OFF_FEN
    owner.pay(order).expect(200)
    shop.deliver()

    brought = f"/v1/orders/{order['order_id']}/packet"
    packet = wait_for(lambda: owner.api.get(brought)["packet"], STREAM_SECONDS)["packet_id"]
    card = owner.api.get(f"/v1/packets/{packet}")["share"]
    pages = [friend.api.get(f"/v1/packets/{opens(friend, card)['id']}") for friend in friends]
    assert {page["next"]["button"] for page in pages} == {"帮TA拆，TA得¥1.00 余额，你得¥2.00 余额"}
    time.sleep(LOOKS)
    for friend, page in zip(friends, pages, strict=True):
        friend.api.call("POST", f"/v1/packets/{packet}/claims", {"help_ticket": page["help_ticket"]}).expect(201)
    assert wait_for(lambda: {act(friend, packet) for friend in friends} == {"granted"}, STREAM_SECONDS)
    assert late.api.get(f"/v1/packets/{packet}")["why_not"]["code"] == "packet_full"

    mine = [("after_order_points", "held", 79, "points"), ("claimed", "granted", TEN_OFF_FEN, "coupon")]
    both = [*mine, ("packet_own", "granted", 200, "balance")]
    assert wait_for(lambda: statement(owner) == both, STREAM_SECONDS)
    assert [statement(friend) for friend in friends] == [[("packet_share", "granted", 200, "balance")]] * 2
    for person in (owner, *friends):
        assert person.api.get("/v1/me/accounts")["fen"]["balance"] == 200
        assert adds_up(shop, person)
    budgets = shop.admin.get(f"/v1/admin/campaigns/{campaign}/budget")["budgets"]
    assert {each["budget"]: each["taken"] for each in budgets} == {"fen": 600, "points": 79}
