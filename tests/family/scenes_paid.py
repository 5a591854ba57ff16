"""The situations of bought value in which things may happen at the same time: their side of the proof harness."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.core import clock
from chalicelib.core.ids import MerchantId
from chalicelib.core.transaction import Lost
from chalicelib.family.states import Mode
from chalicelib.orders.items import order_key
from infra.local.client import Person
from tests.family import topup_shop as shop
from tests.family.scenes_people import about, acts, then
from tests.merchants.wallet import FILED, PATH, files
from tests.proof.acts import falls_due, one_key, people, told
from tests.proof.stage import Act, Scene
from tests.town import Town
from tests.voucher import shop as codes
from tests.voucher.acts import redeeming, undone
from tests.voucher.goods_shop import paid_at_last


def topping_up(town: Town, person: Person, cid: str, fid: str, sku: str = "five", what: str = "tops up") -> Act:
    """He orders value for the wallet, as often as his request is sent."""
    terms = shop.terms_read(town)
    return lambda: shop.tops_up(town, person, cid, fid, sku, terms=terms, key=one_key(person, what))


def taking_back(person: Person, fid: str, oid: str, what: str = "takes back") -> Act:
    """He wants back what is still there of what he bought."""
    return lambda: shop.refunds(person, fid, oid, key=one_key(person, what))


def giving_back(town: Town, oid: str, fen: int) -> Act:
    """The merchant gives so much of it back."""
    body = {"note": "goodwill", "amount_fen": fen}
    path = f"/v1/admin/orders/{oid}/refund"
    return lambda: town.admin.call("POST", path, body, key="one-key-to-give-it-back")


def order_due(town: Town, oid: str) -> Act:
    return falls_due(town, order_key(MerchantId(town.merchant.mid), oid))


def spending(town: Town, fid: str, fen: int) -> Act:
    """So much of what was bought is spent, if it is there."""
    return _once(lambda: shop.put_right(town, fid, paid=-fen))


def _once(act: Callable[[], None]) -> Act:
    def done() -> str:
        try:
            act()
        except Lost:
            return "not any more"
        return "done"

    return done


def near_the_cap(town: Town) -> Mapping[str, Act]:
    """A purse that has room for one of what two buy and a code brings; it may be frozen, or one of them."""
    cid = shop.opened(town)
    ann, ben = people(town, "ann", "ben")
    fid = shop.listed(town, ann, ben, mode=Mode.PURSE, paid=45_000)
    bid = shop.purse_codes(town, 10_000, sold=True, per_user=3)
    return {
        "ann tops up": topping_up(town, ann, cid, fid),
        "ben tops up": topping_up(town, ben, cid, fid),
        "ben redeems a code": redeeming(ben, codes.code(town, bid)),
        "ann freezes all": then(acts(ann, fid, "freeze")),
        "ann freezes ben": then(about(ann, fid, ben, "freeze")),
    }


def paying(town: Town) -> Mapping[str, Act]:
    """A top-up is paid at WeChat and nobody was told, its time is over, and the family may be frozen."""
    cid = shop.opened(town)
    (ann,) = people(town, "ann")
    fid = shop.listed(town, ann, paid=40_000)
    made = shop.tops_up(town, ann, cid, fid, "five").expect(201)
    ann.pay(made, notify=False).expect(200)
    clock.advance(1000)
    return {
        "ann's payment is told": told(town, made),
        "ann's order falls due": order_due(town, made["order_id"]),
        "ann tops up again": topping_up(town, ann, cid, fid, "hundred", "again"),
        "ann freezes all": then(acts(ann, fid, "freeze")),
    }


def unpaid(town: Town) -> Mapping[str, Act]:
    """A top-up was given up and is released, while money comes for it, and others want its room."""
    cid = shop.opened(town)
    (ann,) = people(town, "ann")
    fid = shop.listed(town, ann, paid=50_000)
    made = shop.tops_up(town, ann, cid, fid, "five").expect(201)
    ann.api.post(f"/v1/orders/{made['order_id']}/cancel")
    return {
        "ann's order falls due": order_due(town, made["order_id"]),
        "ann tops up again": topping_up(town, ann, cid, fid, "five", "again"),
        "ann tops up a little": topping_up(town, ann, cid, fid, "hundred", "a little"),
    }


def late_money(town: Town) -> Mapping[str, Act]:
    """Money comes for a top-up that was given up."""
    cid = shop.opened(town)
    (ann,) = people(town, "ann")
    fid = shop.listed(town, ann)
    made = shop.tops_up(town, ann, cid, fid, "five").expect(201)
    shop.gives_up(town, ann, made)
    paid_at_last(town, made)
    return {
        "ann's payment is told": told(town, made),
        "ann tops up again": topping_up(town, ann, cid, fid, "five", "again"),
        "ann takes it back": taking_back(ann, fid, made["order_id"]),
    }


def back(town: Town) -> Mapping[str, Act]:
    """A top-up, and what else takes bought value: less of it is there than all of them want."""
    cid = shop.opened(town)
    (ann,) = people(town, "ann")
    fid = shop.listed(town, ann)
    oid = shop.paid(town, ann, cid, fid)
    bid = shop.purse_codes(town, 5_000, sold=True)
    codes.redeems(ann, codes.code(town, bid)).expect(201)
    shop.put_right(town, fid, paid=-4_000)
    clock.advance(1)
    return {
        "ann takes it back": taking_back(ann, fid, oid),
        "ann takes it back with another key": taking_back(ann, fid, oid, "takes back anew"),
        "the merchant gives some of it back": giving_back(town, oid, 3_000),
        "the code is undone": undone(town, bid),
        "some is spent": spending(town, fid, 2_000),
    }


def given(town: Town) -> Mapping[str, Act]:
    """A code that gives a wallet something: redeemed, undone, and of another there is not enough any more."""
    (ann,) = people(town, "ann")
    fid = shop.listed(town, ann)
    bid = shop.purse_codes(town, per_user=3)
    codes.redeems(ann, codes.code(town, bid, 1)).expect(201)
    return {
        "ann redeems": redeeming(ann, codes.code(town, bid)),
        "another is undone": undone(town, bid, 1),
        "some is spent": _once(lambda: shop.put_right(town, fid, granted=-300)),
        "ann freezes all": then(acts(ann, fid, "freeze")),
    }


def says(town: Town, edition: str | None, **changes: Any) -> Act:
    """Somebody declares it, over what he read."""
    body = {"edition": edition, "terms": {**FILED, **changes}}
    return lambda: town.admin.call("PUT", PATH, body)


def first_filing(town: Town) -> Mapping[str, Act]:
    """Two owners declare it, and nobody has before."""
    return {"one declares it": says(town, None), "the other declares it": says(town, None, named=True)}


def another_filing(town: Town) -> Mapping[str, Act]:
    """Two owners change it at once, while a campaign that needs it is published."""
    edition = files(town)
    cid = town.admin.post("/v1/admin/campaigns", {"offer": shop.offer()})["campaign_id"]
    publish = f"/v1/admin/campaigns/{cid}/publish"
    return {
        "one says where it was filed": says(town, edition, filed_with="杭州市商务局"),
        "the other asks for names": says(town, edition, named=True),
        "it is published": lambda: town.admin.call("POST", publish, {}, key="one-key-to-publish-it"),
    }


BUILDS: tuple[Callable[[Town], Mapping[str, Act]], ...] = (
    *(near_the_cap, paying, unpaid, late_money, back, given, first_filing, another_filing),
)
SCENES = [Scene(f"topup_{build.__name__}", build) for build in BUILDS]
