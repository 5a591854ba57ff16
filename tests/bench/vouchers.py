"""What text codes take from storage, from their minting to their end: their part of `capacity`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chalicelib.core.aws import client
from chalicelib.core.ids import MerchantId, derived
from chalicelib.voucher import timers
from chalicelib.voucher.items import BLOCK, Asked, Used, batch_id, batch_key, used_key
from chalicelib.voucher.states import CodeState
from tests.bench.packets import leased
from tests.conftest import START
from tests.town import Town
from tests.voucher import owner, shop

Measure = Callable[[str, Callable[[], Any]], Any]

BUDGETS = {"voucher.redeem": 11}
KEY = "one-key-for-one-tap"
FREE = 10
"""The first serials of the batch that is measured are nobody's yet."""


def fill(mid: str, cid: str, bid: str, codes: int) -> None:
    """Put many redeemed codes: those around the codes that are measured, and other batches'."""
    for start in range(FREE, codes, 25):
        requests = []
        for n in range(start, min(start + 25, codes)):
            key = used_key(MerchantId(mid), bid if n < BLOCK else batch_id(1000 + n // BLOCK), n % BLOCK)
            uid = derived("uid", str(n))
            asked = [Asked(ident=derived("request", str(n)), fingerprint="crowd", uid=uid, by=None, at=START)]
            about: dict[str, Any] = {"cid": cid, "version": 1, "uid": uid, "at": START, "asked": asked}
            code = Used(*key, state=CodeState.REDEEMED, turn=1, **about)
            requests.append({"PutRequest": {"Item": code.serialize()}})
        client("dynamodb").batch_write_item(RequestItems={"ripple-test": requests})


def measure_all(town: Town, measure: Measure, crowd: int) -> None:
    """Codes of coupons and of balance that are minted, redeemed, undone and revoked, and a batch that ends."""
    coupons = shop.campaign(town, per_user=9, total=100_000)
    balance = shop.campaign(town, shop.FIVE_YUAN, per_user=1)
    shop.minted(town, coupons, 2)
    bid = measure("voucher.mint", lambda: shop.mints(town, coupons, 20_000, key=KEY)).expect(201)["batch_id"]
    measure("voucher.mint_again", lambda: shop.mints(town, coupons, 20_000, key=KEY)).expect(201)
    fill(town.merchant.mid, coupons, bid, crowd)
    money = shop.minted(town, balance, 200)
    ann, ben = town.person("vera"), town.person("vito")
    shop.redeems(ben, shop.code(town, bid, 9)).expect(201)
    first, second = shop.code(town, bid, 1), shop.code(town, money, 1)
    shop.previews(ben, second).expect(200)
    measure("voucher.preview", lambda: shop.previews(ann, first)).expect(200)
    measure("voucher.redeem", lambda: shop.redeems(ann, first, key=KEY)).expect(201)
    measure("voucher.redeem_again", lambda: shop.redeems(ann, first, key=KEY)).expect(201)
    measure("voucher.redeem_used", lambda: shop.redeems(ben, first)).expect(409)
    measure("voucher.redeem_balance", lambda: shop.redeems(ann, second)).expect(201)
    measure("voucher.forged", lambda: shop.previews(ann, shop.FORGED)).expect(409)
    measure("voucher.mistyped", lambda: shop.previews(ann, shop.FORGED[:-1] + "X")).expect(422)
    measure("voucher.undo", lambda: owner.undo(town, bid, 1))
    measure("voucher.undo_balance", lambda: owner.undo(town, money, 1))
    measure("voucher.revoke_code", lambda: owner.revoke_code(town, bid, 2))
    measure("voucher.revoke_range", lambda: owner.revoke_range(town, bid, 3, 8))
    ranged = leased(batch_key(owner.mid(town), bid))
    measure("voucher.range_closed", lambda: timers.batch_due(ranged))
    measure("voucher.revoke", lambda: owner.revoke(town, bid))
    ended = leased(batch_key(owner.mid(town), bid))
    measure("voucher.drained", lambda: timers.batch_due(ended))
    short = measure("voucher.mint_stored", lambda: shop.mints(town, coupons, 90, letters=8)).expect(201)["batch_id"]
    making = leased(batch_key(owner.mid(town), short))
    measure("voucher.made_90", lambda: timers.batch_due(making))
    measure("voucher.redeem_stored", lambda: shop.redeems(ann, shop.code(town, short))).expect(201)
