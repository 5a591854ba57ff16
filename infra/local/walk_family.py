"""The walk's family: four people, one wallet, and a month of theirs (`family_month`)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from chalicelib.core import clock
from chalicelib.core.ids import MerchantId
from chalicelib.family.items import member_key, month_of
from infra.local import family_month, minute
from infra.local.client import Api, HttpSend, Person
from infra.local.endpoint import Endpoint
from infra.local.narrator import quiet, until_paid
from infra.local.seed import SeededMerchant

NICKNAMES = {"mum": "林妈妈", "dad": "林爸爸", "kid": "林小朋友", "grandma": "林奶奶"}


def family(endpoint: Endpoint, shop: Api, merchant: SeededMerchant) -> dict[str, Any]:
    """Four people live through a month with one wallet; what was kept of it, the summary among that."""
    print("\na family of four: mum's wallet pays within caps, and mum approves or pays what is above them")
    wechat, suffix = HttpSend(endpoint.wechat), uuid.uuid4().hex[:6]
    people = {name: _logged_in(shop, wechat, merchant, name, suffix) for name in family_month.FAMILY}
    key = quiet(shop).post("/v1/admin/keys", {"name": f"王店长 {suffix}", "role": "operator"})["api_key"]

    def a_day(fid: str) -> None:
        """The cooling of those who have joined is over; a deployed clock cannot be moved."""
        for person in people.values():
            minute.past(endpoint, member_key(MerchantId(merchant.mid), fid, person.uid), "active_from")
        print("  (a day later)")

    kept = family_month.live(
        people,
        shop,
        Api(shop.send, key),
        merchant.campaign_id,
        month_of(clock.now()),
        a_day=a_day,
        paid=until_paid,
        tell=lambda said: print(f"\n{said}"),
    )
    _add_up(kept)
    return kept


def _logged_in(shop: Api, wechat: HttpSend, merchant: SeededMerchant, name: str, suffix: str) -> Person:
    person = Person.login(quiet(shop).send, wechat, merchant.appid, f"{name}-{suffix}")
    person.api.call("PATCH", "/v1/me", {"nickname": NICKNAMES[name]}).expect(200)
    return Person(Api(shop.send, person.api.token), wechat, merchant.appid, person.name, person.uid)


def _add_up(kept: Mapping[str, Any]) -> None:
    """The month as the shop's mother of four would do it on paper."""
    print(f"\n  {'':8}{'within caps':>13}{'approved':>10}{'came back':>11}   (yuan, {kept['summary']['month']})")
    sums = {line["member"]["user_id"]: line for line in kept["summary"]["members"]}
    for name in family_month.FAMILY:
        line = sums[kept[name]]
        within, approved, back = (line[part] / 100 for part in ("spent_fen", "approved_fen", "back_fen"))
        print(f"  {name:8}{within:>13.2f}{approved:>10.2f}{back:>11.2f}")
    told = {name: (sums[kept[name]]["spent_fen"], sums[kept[name]]["approved_fen"]) for name in family_month.FAMILY}
    if told != {name: family_month.SPENT[name] for name in family_month.FAMILY}:
        raise AssertionError(f"the month does not add up: {told}")
