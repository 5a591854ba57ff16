"""What a family's shared coupons and punch cards take from storage: its part of `capacity`."""

from __future__ import annotations

from tests.bench.bargains import Measure, fall_due
from tests.coupons import shop as coupons
from tests.family.shared_shop import FOR_FAMILIES, listed, ref, shares, unshares
from tests.family.shop import household
from tests.punchcards import shop
from tests.town import Town

BUDGETS = {"punchcards.order": 10}


def measure_all(town: Town, measure: Measure) -> None:
    """A coupon that is shared, paid with and taken out; cards that are bought, used, undone, given back, not paid."""
    town.hear()
    dad, ann, ben = town.person(), town.person(), town.person()
    fid, cid, goods = household(town, dad, ann, ben), shop.opened(town), town.campaign()
    mine = coupons.gets(town, ann, FOR_FAMILIES)
    for person in (dad, ben):
        person.buy(goods).expect(201)
    measure("families.coupon_shared", lambda: shares(ann, mine)).expect(200)
    measure("families.coupons", lambda: listed(ben, fid))
    measure("families.order_with_shared", lambda: coupons.buys(ben, goods, ref(fid, ann, mine))).expect(201)
    measure("families.coupon_unshared", lambda: unshares(ann, mine)).expect(200)
    measure("punchcards.quote", lambda: dad.api.post(f"/v1/campaigns/{cid}/cards/quote", {}))
    terms = shop.terms_read(dad, cid)
    made = measure("punchcards.order", lambda: shop.buys(dad, cid, fid, terms=terms)).expect(201)
    dad.pay(made).expect(200)
    measure("punchcards.paid", town.hear)
    oid = made["order_id"]
    shown = measure("punchcards.pass", lambda: shop.a_pass(ann, fid, oid))
    key = "one-key-for-one-scan"
    used = measure("punchcards.use", lambda: shop.scans(town, shown, key=key)).expect(201)
    measure("punchcards.use_again", lambda: shop.scans(town, shown, key=key)).expect(201)
    measure("punchcards.listed", lambda: ann.api.get(f"/v1/families/{fid}/cards"))
    measure("punchcards.shown", lambda: ann.api.get(f"/v1/families/{fid}/cards/{oid}"))
    measure("punchcards.undone", lambda: shop.undoes(town, fid, used["use"]["use_id"])).expect(200)
    measure("punchcards.paid_back", lambda: shop.pays_back(town, oid)).expect(200)
    again = shop.bought(town, dad, fid, cid)
    measure("punchcards.had_back", lambda: shop.has_back(dad, fid, again)).expect(200)
    unpaid = shop.buys(dad, cid, fid).expect(201)
    dad.api.post(f"/v1/orders/{unpaid['order_id']}/cancel")
    measure("punchcards.released", lambda: fall_due(town, unpaid["order_id"]))
