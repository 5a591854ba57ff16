"""The walk's friends: they open cards, help a bargain, invite one another; and a help that looks arranged waits."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from chalicelib.core.ids import MerchantId
from chalicelib.invite.items import tally_key
from infra.local import minute
from infra.local.client import Api, Person
from infra.local.endpoint import Endpoint
from infra.local.narrator import quiet, until, until_paid

Share = dict[str, Any]
"""A card as a page has it."""

LOOKS = 2.0
"""Seconds for which somebody looks at a page before he may help."""

CARD = 1007
"""WeChat's number of a card in a chat."""


def bargain(owner: Person, friends: Sequence[Person], campaign_id: str) -> Share:
    """A price comes down as it was told before and is paid at its floor; returns the card that the friends opened."""
    print("\nxiaoming starts a bargain: what each friend cuts is fixed now")
    started = _start(owner, campaign_id)
    card: Share = quiet(owner.api).get(f"/v1/bargains/{started['bargain_id']}")["share"]
    print("\nlili and daqiang open the card that he sent; that alone counts for nothing")
    tickets = [_looks(friend, card) for friend in friends]
    print(f"\nthey look ({LOOKS:.0f} s at least: nobody decides in less) and help")
    time.sleep(LOOKS)
    for friend, ticket, price_fen in zip(friends, tickets, _prices(started), strict=True):
        helped = _helps(friend, started["bargain_id"], ticket).expect(201)["bargain"]
        if helped["price_fen"] != price_fen:
            raise AssertionError(f"{price_fen} fen were told, it costs {helped['price_fen']}")
    print("\nthe price is at its floor; xiaoming buys and pays")
    order = owner.api.call("POST", f"/v1/bargains/{started['bargain_id']}/order", {}).expect(201)
    owner.pay(order).expect(200)
    until_paid(owner, order["order_id"])
    return card


def help_back(shop: Api, owner: Person, friend: Person, campaign_id: str) -> None:
    """Whom ``owner`` has helped helps back: that waits for the merchant, who lets it count."""
    print("\nlili bargains too, and xiaoming helps her back: who helped whom looks arranged, so it waits")
    bargain_id = _start(owner, campaign_id)["bargain_id"]
    ticket = _looks(friend, quiet(owner.api).get(f"/v1/bargains/{bargain_id}")["share"])
    time.sleep(LOOKS)
    state = _helps(friend, bargain_id, ticket).expect(201)["my_help"]["state"]
    if state != "checking":
        raise AssertionError(f"the help is {state}")
    print("\nthe merchant sees why, and lets it count")
    waiting = shop.get("/v1/admin/held?limit=100")["held"]
    held_id = next(each["held_id"] for each in waiting if each["object_id"] == bargain_id)
    shop.post(f"/v1/admin/held/{held_id}/approve", {"note": "二人是邻居，已核实"})
    page = quiet(owner.api).get(f"/v1/bargains/{bargain_id}")
    if page["have"] != 1:
        raise AssertionError(f"{page['have']} helps have counted")
    print(f"  (hers costs {page['price_fen'] / 100:.2f} 元 now)")


def invite(
    endpoint: Endpoint, inviter: Person, lili: Person, daqiang: Person, share: Share, mid: str, campaign_id: str
) -> None:
    """One accepts an invitation by the card that she opened, one by a code; each counts on one leaderboard."""
    print("\nlili accepts xiaoming's invitation: whoever's card she came by is her inviter, for good")
    lili.api.post("/v1/invites", {"share_id": share["share_id"]})
    print("\ndaqiang has xiaoming's code instead")
    code = inviter.api.post("/v1/invites/code")["code"]
    daqiang.api.post("/v1/invites", {"code": code})
    asking = quiet(inviter.api)
    until(lambda: asking.get("/v1/invites")["invited"] == 2, "the counting of the invitations")
    print("\nthe bargain's leaderboard (written within a minute and a half; the walk does not wait for that)")
    minute.sooner(endpoint, tally_key(MerchantId(mid), campaign_id, inviter.uid, 0))
    board = f"/v1/campaigns/{campaign_id}/leaderboard?limit=2"

    def written() -> int:
        minute.run(endpoint)
        mine: int = asking.get(board)["mine"]
        return mine

    until(written, "the leaderboard")
    inviter.api.get(board)


def _start(person: Person, campaign_id: str) -> dict[str, Any]:
    started: dict[str, Any] = person.api.post(f"/v1/campaigns/{campaign_id}/bargains")
    return started


def _prices(started: dict[str, Any]) -> list[int]:
    """The price after each help, as it was told at the start."""
    cuts = started["slots_fen"]
    return [started["price_fen"] - sum(cuts[: count + 1]) for count in range(len(cuts))]


def opens(friend: Person, card: Share) -> Any:
    """He opens a card; returns what is behind it."""
    entry = {"query": card["path"].partition("?")[2], "scene_value": CARD}
    return friend.api.call("POST", "/v1/entries", entry).expect(200)["open"]


def _looks(friend: Person, card: Share) -> str:
    """He opens a card and looks at the page behind it; returns the ticket that he can help with."""
    opened = opens(friend, card)
    ticket: str = quiet(friend.api).get(f"/v1/bargains/{opened['id']}")["help_ticket"]
    return ticket


def _helps(friend: Person, bargain_id: str, ticket: str) -> Any:
    return friend.api.call("POST", f"/v1/bargains/{bargain_id}/helps", {"help_ticket": ticket})
