"""A bargain and an invitation on the deployed stack, from the card to the money and the leaderboard."""

from __future__ import annotations

import time
from typing import Any

from infra.local.client import Person, Reply
from infra.local.endpoint import Endpoint
from infra.local.seed import demo_bargain
from infra.local.walk_friends import CARD, LOOKS, invite
from tests.e2e.conftest import Shop
from tests.e2e.waiting import wait_for


def came_by(friend: Person, card: dict[str, Any]) -> Any:
    entry = {"query": card["path"].partition("?")[2], "scene_value": CARD}
    return friend.api.call("POST", "/v1/entries", entry).expect(200)


def test_friends_bring_a_price_down_to_its_floor_and_are_invited_by_its_card(shop: Shop, stack: Endpoint) -> None:
    campaign = shop.published(demo_bargain())
    owner, *friends = (shop.person() for _ in range(3))
    begun = owner.api.post(f"/v1/campaigns/{campaign}/bargains")
    path = f"/v1/bargains/{begun['bargain_id']}"
    card = owner.api.get(path)["share"]

    def help_with(friend: Person, ticket: str) -> Reply:
        return friend.api.call("POST", f"{path}/helps", {"help_ticket": ticket})

    for friend in friends:
        entered = came_by(friend, card)
        assert (entered["open"]["id"], entered["counted"]) == (begun["bargain_id"], True)
    tickets = [friend.api.get(path)["help_ticket"] for friend in friends]
    assert help_with(friends[-1], tickets[-1]).body["code"] == "help_too_fast"
    assert owner.api.get(path)["have"] == 0
    time.sleep(LOOKS)
    costs = [
        help_with(friend, ticket).expect(201)["bargain"]["price_fen"]
        for friend, ticket in zip(friends, tickets, strict=True)
    ]
    assert costs == [8400, 6900]
    assert help_with(friends[0], tickets[0]).body["code"] == "already_helped"
    order = owner.api.call("POST", f"{path}/order", {}).expect(201)
    assert (order["total_fen"], order["cash_fen"]) == (6900, 6900)
    owner.pay(order).expect(200)
    shop.deliver()
    assert wait_for(lambda: owner.order(order["order_id"])["state"] == "confirmed")
    assert owner.api.get(path)["status"] == "bought"

    lili, daqiang = friends
    invite(stack, owner, lili, daqiang, card, shop.merchant.mid, campaign)
    refused = owner.api.call("POST", "/v1/invites", {"share_id": lili.api.get("/v1/invites")["share"]["share_id"]})
    assert (refused.status, refused.body["code"]) == (409, "inviter_newer")
    board = owner.api.get(f"/v1/campaigns/{campaign}/leaderboard")
    assert [(line["invited"], line["me"]) for line in board["leaders"]] == [(1, True)]
    assert [child["new_user"] for child in owner.api.get("/v1/invites/children")["children"]] == [True, True]
