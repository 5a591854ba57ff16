"""`make walk`: three people complete a paid group, one buys alone, and their merchant sees what was paid."""

from __future__ import annotations

import json
import sys
import time
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from infra.local.client import Api, HttpSend, Person, Reply
from infra.local.endpoint import Endpoint, NotRunning, here
from infra.local.seed import Seeded, seed
from infra.local.wechat_sim.clock import BEIJING

SHOWN = 400
"""Letters of an answer that are shown."""


class Narrator:
    """Prints each request and its answer as it happens."""

    def __init__(self, send: HttpSend) -> None:
        self.send = send

    def __call__(self, method: str, path: str, headers: Mapping[str, str], body: bytes | None) -> Reply:
        """One request, shown."""
        reply = self.send(method, path, headers, body)
        print(f"  {method} {path}" + (f"  {body.decode()}" if body and body != b"{}" else ""))
        text = json.dumps(_shortened(reply.body), ensure_ascii=False)
        print(f"  → {reply.status} {text[:SHOWN]}{'…' if len(text) > SHOWN else ''}")
        return reply


def walk(endpoint: Endpoint, seeded: Seeded) -> dict[str, Any]:
    """The main jobs of the product, end to end; returns the group as its leader sees it at the end."""
    shown, wechat = Narrator(HttpSend(endpoint.api)), HttpSend(endpoint.wechat)
    merchant = seeded.merchants[0]
    suffix = uuid.uuid4().hex[:6]
    people = []
    for name in ("xiaoming", "lili", "daqiang"):
        print(f"\n{name} logs in (wx.login → code → Ripple)")
        people.append(Person.login(shown, wechat, merchant.appid, f"{name}-{suffix}"))
    leader, *members = people
    shop = Api(shown, merchant.api_key)

    print("\nxiaoming opens a group of three and pays")
    seat = leader.open(merchant.campaign_id).expect(201)
    leader.pay(seat).expect(200)
    _wait(leader, seat["order_id"])
    for member, name in zip(members, ("lili", "daqiang"), strict=True):
        print(f"\n{name} takes a seat and pays")
        held = member.join(seat["group_id"]).expect(201)
        member.pay(held).expect(200)
        _wait(member, held["order_id"])

    print("\nthe group, as xiaoming sees it")
    group: dict[str, Any] = leader.group(seat["group_id"])
    if group["status"] != "succeeded":
        raise AssertionError(f"the group is {group['status']}")

    print("\nlili buys one more, alone")
    bought = members[0].buy(merchant.campaign_id).expect(201)
    members[0].pay(bought).expect(200)
    _wait(members[0], bought["order_id"])
    print("\nher order, and where its money is")
    members[0].order(bought["order_id"])

    print("\nwhat the merchant sees: the day's payments, and money that needs him")
    today = datetime.now(BEIJING).date().isoformat()
    shop.get(f"/v1/admin/payments?day={today}&limit=1")
    shop.get("/v1/admin/stuck")
    print(f"\n{group['paid']} of {group['need']} paid: {group['status']}")
    return group


def _wait(person: Person, order_id: str) -> None:
    """Wait until WeChat's notification has arrived; asking is silent."""
    quiet = Person(person.api.__class__(_quiet(person), person.api.token), person.wechat, person.appid, person.name)
    for _ in range(200):
        if quiet.order(order_id)["state"] != "held":
            print("  (WeChat Pay's notification has arrived)")
            return
        time.sleep(0.1)
    raise AssertionError("the payment's notification did not arrive")


def _quiet(person: Person) -> Any:
    send = person.api.send
    return send.send if isinstance(send, Narrator) else send


def _shortened(value: Any) -> Any:
    """Long opaque texts (tokens, signatures) cut, so that an answer can be read."""
    if isinstance(value, dict):
        return {key: _shortened(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_shortened(each) for each in value]
    if isinstance(value, str) and len(value) > 60:
        return value[:20] + "…"
    return value


def main() -> int:
    """Run the walk on the stack that `make up` has started."""
    try:
        endpoint = here()
    except NotRunning as nothing:
        print(nothing, file=sys.stderr)
        return 1
    walk(endpoint, seed(endpoint))
    return 0


if __name__ == "__main__":
    sys.exit(main())
