"""A code, from its minting to what it brings."""

from __future__ import annotations

import pytest

from tests.town import Town
from tests.voucher import shop


@pytest.mark.parametrize("brings", [shop.COUPON, shop.FIVE_YUAN, shop.POINTS, shop.AMOUNT_COUPON])
def test_a_code_is_minted_redeemed_once_and_counted(town: Town, brings: dict[str, object]) -> None:
    cid = shop.campaign(town, brings)
    bid = shop.minted(town, cid, 200)
    ann, ben = town.person("ann"), town.person("ben")
    text = shop.code(town, bid, 7)
    assert shop.previews(ann, text).expect(200)["can_redeem"]
    first = shop.redeems(ann, text.lower().replace("-", " "), key="one-key-of-ann").expect(201)
    again = shop.redeems(ann, text.lower().replace("-", " "), key="one-key-of-ann").expect(201)
    assert first["redeemed_at"] == again["redeemed_at"]
    assert shop.redeems(ben, text).expect(409)["code"] == "code_invalid"
    assert shop.redeems(ann, text).expect(409)["code"] == "code_already_yours"
    assert shop.counts(town, bid) == {"redeemed": 1, "revoked": 0, "expired": 0, "left": 199}
    assert len(ann.api.get("/v1/me/rewards")["rewards"]) == 1
    sums = town.admin.call("POST", f"/v1/admin/users/{ann.uid}/rebuild", {}).expect(200)
    assert all(one["differs"] == 0 for one in sums["sums"])


def test_a_revoked_batch_gives_back_what_is_left(town: Town) -> None:
    cid = shop.campaign(town)
    bid = shop.minted(town, cid, 200)
    ann, ben = town.person("ann"), town.person("ben")
    shop.redeems(ann, shop.code(town, bid, 7)).expect(201)
    town.admin.call("POST", f"/v1/admin/batches/{bid}/revoke", {"note": "印错了"}, key="key-to-revoke").expect(200)
    assert shop.redeems(ben, shop.code(town, bid, 8)).expect(409)["code"] == "code_invalid"
    town.pass_time(120)
    assert shop.counts(town, bid) == {"redeemed": 1, "revoked": 199, "expired": 0, "left": 0}
    assert shop.escrow(town, cid) == (999, 1)
