"""The walk's value: a coupon, what an order brings, shares of a packet, a rewarded invitation, and why each has it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from infra.local import minute
from infra.local.client import Api, Person
from infra.local.endpoint import Endpoint
from infra.local.narrator import quiet, until, until_paid
from infra.local.walk_friends import LOOKS, opens

FORMS = {"balance": "余额", "points": "积分", "coupon": "优惠券", "cash": "现金"}

LINES = "/v1/me/rewards?limit=100"
"""All of somebody's statement, for who has as little as here."""

UNDER_WAY = "on_its_way"


def coupon(buyer: Person, template_id: str, campaign_id: str) -> str:
    """He claims a coupon, is told what it takes off, and pays with it; returns the order."""
    print("\nxiaoming takes a coupon, and asks what it takes off")
    claimed = buyer.api.post(f"/v1/campaigns/{template_id}/coupons")
    pay_with = [{"tender": "coupon", "ref": claimed["coupon_id"]}]
    quote = buyer.api.post(f"/v1/campaigns/{campaign_id}/quote", {"role": "solo", "pay_with": pay_with})
    (part,) = quote["parts"]
    print(f"  ({_yuan(quote['total_fen'])}, of which the coupon pays {_yuan(part['amount_fen'])})")
    print("\nhe buys with it: money pays the rest")
    order = buyer.api.call("POST", f"/v1/campaigns/{campaign_id}/orders", {"pay_with": pay_with}).expect(201)
    if order["cash_fen"] != quote["cash_fen"]:
        raise AssertionError(f"{quote['cash_fen']} fen were told, money pays {order['cash_fen']}")
    buyer.pay(order).expect(200)
    until_paid(buyer, order["order_id"])
    order_id: str = order["order_id"]
    return order_id


def packet(owner: Person, friends: Mapping[str, Person], order_id: str) -> None:
    """The order has brought a packet; his friends open its card, read what both gain, and claim."""
    print("\nhis order brings a packet, told of by the table's stream")
    path = f"/v1/orders/{order_id}/packet"
    until(lambda: quiet(owner.api).get(path)["packet"], "the packet")
    packet_id = owner.api.get(path)["packet"]["packet_id"]
    card = quiet(owner.api).get(f"/v1/packets/{packet_id}")["share"]
    print("\nlili and daqiang open its card; the button says what both sides gain")
    tickets = []
    for friend in friends.values():
        page = quiet(friend.api).get(f"/v1/packets/{opens(friend, card)['id']}")
        print(f"  [ {page['next']['button']} ]")
        tickets.append(page["help_ticket"])
    print("\nthey look, and claim")
    time.sleep(LOOKS)
    for friend, ticket in zip(friends.values(), tickets, strict=True):
        friend.api.call("POST", f"/v1/packets/{packet_id}/claims", {"help_ticket": ticket}).expect(201)
    for friend in friends.values():
        _until_granted(friend, packet_id)
    print("  (both shares have arrived)")


def invited(endpoint: Endpoint, inviter: Person, friend: Person, campaign_id: str) -> None:
    """A new friend accepts by the card of the campaign that rewards it; what that brings is reserved, and held."""
    print("\nmeimei, who is new, accepts xiaoming's invitation; what it brings both is reserved at once")
    card = quiet(inviter.api).get(f"/v1/campaigns/{campaign_id}")["share"]
    opens(friend, card)
    friend.api.post("/v1/invites", {"share_id": card["share_id"]})
    print("\nxiaoming's page says until when his part is held")
    (mine,) = inviter.api.get(f"/v1/campaigns/{campaign_id}/rewards")["friends"]
    for stage in mine["stages"]:
        until_when = stage["looked_at"] or mine["until"]
        print(f"  ({stage['what']}: {_gift(stage['gift'])}, {stage['state']} until {until_when[:10]})")

    def welcomed() -> bool:
        minute.run(endpoint)
        return any(line["why"] == "welcome" and line["state"] == "granted" for line in _statement(friend))

    until(welcomed, "the welcome")


def explain(people: Mapping[str, Person]) -> None:
    """Everybody's statement says what he gained, lost or may yet get, and why."""
    print("\nwhat each of them has, and why (GET /v1/me/rewards)")
    for name, person in people.items():
        print(f"  {name}")
        for line in _statement(person):
            print(f"    {line['why_detail']}  {_amount(line['amount'], line['form'])}  {_where(line)}")


def add_up(shop: Api, people: Mapping[str, Person]) -> None:
    """The merchant has everything summed that was ever moved: it is what is there."""
    print("\nthe merchant sums all that was ever moved, and sets it beside what each has")
    shop.post(f"/v1/admin/users/{people['xiaoming'].uid}/rebuild")
    for name, person in people.items():
        _until_it_adds_up(quiet(shop), name, person)
    print(f"  ({', '.join(people)}: all agree)")


def _until_granted(friend: Person, packet_id: str) -> None:
    """Wait until his share has arrived. Raises AssertionError where it is checked first."""
    asking = quiet(friend.api)

    def state() -> str:
        found: str = asking.get(f"/v1/packets/{packet_id}")["my_act"]["state"]
        return found

    until(lambda: state() != UNDER_WAY, "a share")
    if state() != "granted":
        raise AssertionError(f"the claim is {state()}")


def _until_it_adds_up(shop: Api, name: str, person: Person) -> None:
    """Wait for a moment in which nothing of his moves: then his sums must agree."""

    def agrees() -> bool:
        rebuilt = shop.post(f"/v1/admin/users/{person.uid}/rebuild")
        return bool(rebuilt["agree"] and rebuilt["steady"])

    until(agrees, f"an agreement of {name}'s sums")


def _statement(person: Person) -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = quiet(person.api).get(LINES)["rewards"]
    return lines


def _yuan(fen: int) -> str:
    return f"{fen / 100:.2f} 元"


def _amount(amount: int, form: str) -> str:
    return f"{amount} {FORMS[form]}" if form == "points" else f"{_yuan(amount)} {FORMS[form]}"


def _gift(gift: dict[str, Any]) -> str:
    return _amount(gift["amount"], gift["form"]["as"])


def _where(line: dict[str, Any]) -> str:
    """Where what a line tells of is, or why it ended, and until when it waits."""
    state: str = line["coupon"]["pieces"][0]["detail"] if line["coupon"] else line["reason"] or line["state_detail"]
    return f"{state}（{line['until'][:10]}）" if line["until"] else state
