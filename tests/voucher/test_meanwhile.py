"""What happens between a use case's read and its write: whatever was decided by what has changed is decided anew."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.core import clock
from chalicelib.core.store import read_one
from chalicelib.core.transaction import Lost
from chalicelib.voucher import timers
from chalicelib.voucher.items import Part, part_key
from infra.local.client import Reply
from tests import invariants
from tests.groupbuy.test_half_visible import at_the_end, once
from tests.proof.faults import tables
from tests.town import Town
from tests.voucher import owner, shop

HOUR = 3600
Ends = Callable[[Town, str], Any]


def lot(town: Town, brings: dict[str, Any] | None = None, **changes: Any) -> str:
    """Six codes that are good for an hour."""
    return shop.minted(town, shop.campaign(town, brings, **changes), 6, until=shop.told(HOUR))


def code(reply: Reply) -> str | None:
    found: str | None = reply.body.get("code")
    return found


def new_key(town: Town, bid: str) -> None:
    owner.retire_key(town)
    owner.rekey(town, bid)


def its_time_is_over(town: Town, bid: str) -> None:
    clock.advance(HOUR)
    owner.look_after(town, bid)
    clock.advance(-HOUR)


ENDS: dict[str, Ends] = {
    "the batch is revoked": owner.revoke,
    "its range is revoked": lambda town, bid: owner.revoke_range(town, bid, 0, 2),
    "it is revoked": lambda town, bid: owner.revoke_code(town, bid, 0),
    "the batch has a new key": new_key,
    "its time is over": its_time_is_over,
    "another redeems it": lambda town, bid: shop.redeems(town.person("ben"), shop.code(town, bid)).expect(201),
}


@pytest.mark.parametrize("end", ENDS)
def test_a_redemption_loses_to_an_end(town: Town, end: str) -> None:
    bid = lot(town)
    ann, text = town.person("ann"), shop.code(town, bid)
    town.emulator.meanwhile(lambda: ENDS[end](town, bid))
    assert code(shop.redeems(ann, text)) == "code_invalid"
    assert ann.api.get("/v1/me/rewards")["rewards"] == []


def test_a_redemption_of_another_code_does_not_mind(town: Town) -> None:
    bid = lot(town)
    ann, text = town.person("ann"), shop.code(town, bid, 4)
    town.emulator.meanwhile(lambda: ENDS["its range is revoked"](town, bid))
    shop.redeems(ann, text).expect(201)


def test_the_last_of_a_users_limit_goes_to_one_tap(town: Town) -> None:
    bid = lot(town)
    ann, first, second = town.person("ann"), shop.code(town, bid), shop.code(town, bid, 1)
    town.emulator.meanwhile(lambda: shop.redeems(ann, second).expect(201))
    assert code(shop.redeems(ann, first)) == "code_limit"


def test_one_request_twice_at_once_is_redeemed_once(town: Town) -> None:
    bid = lot(town)
    ann, text = town.person("ann"), shop.code(town, bid)
    town.emulator.meanwhile(lambda: shop.redeems(ann, text, key="one-key-of-anns-tap").expect(201))
    assert shop.redeems(ann, text, key="one-key-of-anns-tap").expect(201)["undone"] is False
    assert shop.counts(town, bid)["redeemed"] == 1


def test_what_is_undone_after_its_range_has_ended_is_not_free_again(town: Town) -> None:
    bid = lot(town, shop.FIVE_YUAN)
    ann, cid = town.person("ann"), shop.stored_batch(town, bid).cid
    shop.redeems(ann, shop.code(town, bid)).expect(201)

    def ends() -> None:
        ENDS["its range is revoked"](town, bid)
        owner.look_after(town, bid)

    town.emulator.meanwhile(ends)
    assert owner.undo(town, bid, 0).result.state == "revoked"
    assert shop.counts(town, bid) == {"redeemed": 0, "revoked": 3, "expired": 0, "left": 3}
    assert shop.escrow(town, cid) == (997, 3)


def test_what_is_spent_meanwhile_is_not_undone(town: Town) -> None:
    bid, goods = lot(town, shop.FIVE_YUAN), town.campaign()
    ann = town.person("ann")
    shop.redeems(ann, shop.code(town, bid)).expect(201)
    with_it = {"pay_with": [{"tender": "balance", "ref": "fen", "fen": 1}]}
    town.emulator.meanwhile(lambda: ann.api.call("POST", f"/v1/campaigns/{goods}/orders", with_it).expect(201))
    assert owner.undo(town, bid, 0).code == "code_not_undone"


def test_a_key_that_is_retired_meanwhile_is_no_new_batchs(town: Town) -> None:
    cid = shop.campaign(town)
    shop.minted(town, cid, 1)
    town.emulator.meanwhile(lambda: owner.retire_key(town))
    assert shop.mints(town, cid, 2).expect(201)["key_version"] == 1


def test_a_batch_is_drained_of_what_is_left_and_not_of_what_was(town: Town) -> None:
    bid = lot(town)
    owner.revoke(town, bid)
    key = part_key(owner.mid(town), bid, 0)
    there = read_one(Part, key)
    assert there is not None
    there.left, there.redeemed = 5, 1
    leased = shop.stored_batch(town, bid)
    town.emulator.meanwhile(lambda: town.emulator.restore(there))
    with pytest.raises(Lost, match=r"part0\.left"):
        timers.batch_due(leased)
    there.left, there.redeemed = 6, 0
    town.emulator.restore(there)


def test_whoever_redeemed_is_answered_so_while_his_own_commit_is_half_visible(town: Town) -> None:
    """The batch is read as it was before it ended and the code as it was before that, each part of it apart."""
    bid = lot(town)
    ann, text = town.person("ann"), shop.code(town, bid)
    before = tables()
    owner.revoke(town, bid)
    asks_for_it = f"VB#{bid}".encode()
    once(
        town,
        lambda call: call.operation == "BatchGetItem" and asks_for_it in call.body,
        lambda call: town.emulator.as_of(before, call),
    )
    assert code(shop.redeems(ann, text)) == "code_invalid"
    at_the_end(town)
    invariants.check(town.items(), town.sim.world)
