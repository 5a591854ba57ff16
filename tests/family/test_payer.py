"""Orders that the owner of the buyer's family pays himself, with WeChat Pay."""

from __future__ import annotations

import msgspec
import pytest

from chalicelib.core import clock
from chalicelib.orders.items import Payment
from chalicelib.orders.placing import Wish
from infra.local.wechat_sim.world import Order as Trade
from tests.campaigns.points import points_for
from tests.family import people
from tests.family import shared_shop as coupons
from tests.family.acts import paid_late
from tests.family.asks_shop import buys, pays_for, to_pay
from tests.family.shop import family_of, household
from tests.fulfilment.shop import PARCEL, Bought
from tests.orders.address import ADDRESS
from tests.orders.purse import purse
from tests.orders.test_tenders import SOLO
from tests.proof.acts import told
from tests.town import Town


def trades(town: Town) -> list[Trade]:
    return list(town.sim.world.orders.values())


def openid_of(town: Town, name: str) -> str:
    return next(oid for (_, oid), who in town.sim.world.openids.items() if who.name == name)


def test_the_owner_pays_and_both_see_it(town: Town) -> None:
    mum, ann, eve = town.person("mum"), town.person("ann"), town.person("eve")
    fid, campaign = household(town, mum, ann), town.campaign()
    made = buys(ann, campaign, fid, key="one-tap-of-a-daughter").expect(201)
    assert (made["cash_fen"], made["pay"], made["state"]) == (SOLO, None, "held")
    assert buys(ann, campaign, fid, key="one-tap-of-a-daughter").expect(201) == made
    oid = made["order_id"]
    ann.api.call("PUT", f"/v1/orders/{oid}/receiver", ADDRESS).expect(200)
    assert pays_for(ann, oid).expect(409)["code"] == "family_payer_pays"
    assert pays_for(eve, oid).expect(404)["code"] == "not_found"
    assert (to_pay(mum, fid), to_pay(ann, fid)) == ([oid], [])
    mum.pay(pays_for(mum, oid).expect(200)).expect(200)
    town.hear()
    assert to_pay(mum, fid) == []
    hers, paid = ann.order(oid), mum.order(oid)
    assert hers["payer"] == {"user_id": mum.uid, "name": "微信用户", "mine": False}
    assert (paid["payer"]["mine"], paid["state"], paid["receiver"], paid["brought"]) == (True, "confirmed", None, [])
    assert (hers["receiver"]["city"], hers["payable"]) == ("杭州市", False)
    assert ann.api.get("/v1/orders")["orders"][0]["payer"]["user_id"] == mum.uid
    assert town.admin.get(f"/v1/admin/orders/{oid}")["payer"] == {**hers["payer"]}
    for path in (f"/v1/orders/{oid}/receiver", f"/v1/orders/{oid}/packet"):
        assert mum.api.call("GET", path).status == 404
    assert mum.api.call("POST", f"/v1/orders/{oid}/cancel", {}).status == 404
    assert eve.api.call("GET", f"/v1/orders/{oid}").status == 404
    assert [trade.openid for trade in trades(town)] == [openid_of(town, "mum")]


def test_its_money_goes_back_to_the_owner(town: Town) -> None:
    mum, ann = town.person("mum"), town.person("ann")
    fid = household(town, mum, ann)
    oid = buys(ann, town.campaign(), fid).expect(201)["order_id"]
    mum.pay(pays_for(mum, oid).expect(200)).expect(200)
    town.hear()
    bought = Bought(town, ann, oid)
    bought.send(PARCEL).expect(200)
    town.stream()
    assert bought.shown["goods"]["told_wechat"]
    bought.refund().expect(200)
    town.stream()
    town.pass_time(120)
    ((back,), (trade,)) = town.refunds(oid), trades(town)
    assert (back["amount"]["refund"], trade.openid) == (SOLO, openid_of(town, "mum"))
    (paid,) = mum.order(oid)["payments"]
    assert (paid["live_fen"], paid["refunded_fen"]) == (0, SOLO)


def test_who_pays_does_not_fetch(town: Town) -> None:
    mum, ann = town.person("mum"), town.person("ann")
    fid = household(town, mum, ann)
    campaign = town.campaign(skus=[{**town.sku(), "fulfilment": "pickup"}], **points_for("pickup"))
    oid = buys(ann, campaign, fid).expect(201)["order_id"]
    mum.pay(pays_for(mum, oid).expect(200)).expect(200)
    town.hear()
    assert (mum.order(oid)["pickup_code"], mum.order(oid)["pickup_qr"]) == (None, None)
    assert ann.order(oid)["pickup_code"]
    assert mum.api.call("GET", f"/v1/orders/{oid}/pickup/qr").status == 404


def test_money_of_another_than_the_payer_fits_no_order(town: Town) -> None:
    mum, ann = town.person("mum"), town.person("ann")
    fid = household(town, mum, ann)
    oid = buys(ann, town.campaign(), fid).expect(201)["order_id"]
    mum.pay(pays_for(mum, oid).expect(200), notify=False).expect(200)
    told = town.act("/_sim/notify", out_trade_no=f"{oid}-1", variant="tampered", field="openid")
    assert told["status"] == 422
    assert ann.order(oid)["state"] == "held"
    town.act("/_sim/notify", out_trade_no=f"{oid}-1")
    assert ann.order(oid)["state"] == "confirmed"


@pytest.mark.parametrize("shared", [True, False])
def test_late_money_of_a_payer_who_owns_it_no_more_is_recorded(town: Town, shared: bool) -> None:
    mum, ann, ben = town.person("mum"), town.person("ann"), town.person("ben")
    fid = household(town, mum, ann, ben)
    coupon = coupons.shared(town, ben)
    part = {"tender": "coupon", "ref": coupons.ref(fid, ben, coupon)}
    order = buys(ann, town.campaign(), fid, part).expect(201)
    pays_for(mum, order["order_id"]).expect(200)
    ann.api.post(f"/v1/orders/{order['order_id']}/cancel")
    town.minute()
    assert ann.order(order["order_id"])["state"] == "released"
    people.handed(mum, fid, ben)
    if not shared:
        coupons.unshares(ben, coupon).expect(200)
    paid_late(town, order)
    assert [told(town, order)() for _ in range(2)] == [204, 204]
    (payment,) = (item for item in town.items() if isinstance(item, Payment))
    assert (payment.oid, payment.live_fen > 0, payment.owed_fen > 0) == (order["order_id"], shared, not shared)
    assert ann.order(order["order_id"])["state"] == ("confirmed" if shared else "refund")
    town.stream()
    assert len(town.refunds(order["order_id"])) == (0 if shared else 1)


def test_what_nobody_pays_ends_as_any_order(town: Town) -> None:
    mum, ann = town.person("mum"), town.person("ann")
    fid, campaign = household(town, mum, ann), town.campaign()
    one, other = (buys(ann, campaign, fid).expect(201)["order_id"] for _ in range(2))
    ann.api.post(f"/v1/orders/{one}/cancel")
    assert pays_for(mum, one).expect(409)["code"] == "order_not_payable"
    assert to_pay(mum, fid) == [other]
    town.pass_time(1200)
    ann.come_back()
    assert [ann.order(oid)["state"] for oid in (one, other)] == ["released", "released"]


def test_money_is_the_owners_only_where_there_is_some(town: Town) -> None:
    mum, ann = town.person("mum"), town.person("ann")
    fid, campaign = household(town, mum, ann, granted=3000), town.campaign()
    wallet = {"tender": "family", "ref": fid}
    part = buys(ann, campaign, fid, wallet).expect(201)
    assert (part["cash_fen"], to_pay(mum, fid)) == (SOLO - 3000, [part["order_id"]])
    mum.pay(pays_for(mum, part["order_id"]).expect(200)).expect(200)
    town.hear()
    whole = buys(ann, campaign, fid, purse(town, ann, SOLO)).expect(201)
    assert (whole["state"], whole["cash_fen"]) == ("confirmed", 0)
    assert ann.order(whole["order_id"])["payer"] is None


@pytest.mark.parametrize(
    ("act", "code"),
    [
        ("freeze", "family_frozen"),
        ("close", "family_ended"),
        ("members/{ann}/freeze", "family_member_frozen"),
        ("members/{ann}/remove", "family_unknown"),
    ],
)
def test_who_may_not_spend_names_no_payer(town: Town, act: str, code: str) -> None:
    mum, ann = town.person("mum"), town.person("ann")
    fid = household(town, mum, ann)
    people.acts(mum, fid, act.format(ann=ann.uid)).expect(200)
    refused = buys(ann, town.campaign(), fid)
    assert refused.body["code"] == code, refused.body


def test_neither_owners_nor_strangers_nor_newcomers_name_him(town: Town) -> None:
    mum, ann, eve = town.person("mum"), town.person("ann"), town.person("eve")
    fid, campaign = household(town, mum, ann, cooled=False), town.campaign()
    assert buys(ann, campaign, fid).expect(409)["code"] == "family_cooling"
    assert buys(eve, campaign, fid).expect(404)["code"] == "family_unknown"
    clock.advance(86_400)
    mum.come_back()
    assert buys(mum, campaign, fid).expect(409)["code"] == "family_owner_buys"
    assert family_of(town, fid).held == 0


def test_no_request_says_what_only_the_server_says() -> None:
    for said in ("FAM.ASK", "FAM.ASK.OWNER", "fam", ""):
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert({"payer": said}, Wish)
