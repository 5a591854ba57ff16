"""A redemption is undone once, in time and wholly; the code is free again, or has ended with its batch."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.core import clock
from chalicelib.voucher.states import CodeState
from tests.cash import shop as payers
from tests.redpacket import spending
from tests.rewards import shop as rewards
from tests.town import Town
from tests.voucher import owner, shop

KEY = "the-one-key-of-anns-tap"
ALL = (shop.COUPON, shop.FIVE_YUAN, shop.POINTS, shop.AMOUNT_COUPON)


@pytest.mark.parametrize("brings", ALL)
def test_it_is_undone_once_and_every_request_remembers(town: Town, brings: dict[str, Any]) -> None:
    bid = shop.batch(town, brings, size=6)
    ann, ben, text = town.person("ann"), town.person("ben"), shop.code(town, bid, 1)
    first = shop.redeems(ann, text, key=KEY).expect(201)
    clock.advance(60)
    assert owner.undo(town, bid, 1).result.state is owner.undo(town, bid, 1).result.state is CodeState.RESTORED
    again = shop.redeems(ann, text, key=KEY).expect(201)
    assert (again["undone"], again["coupon_id"], again["redeemed_at"]) == (True, None, first["redeemed_at"])
    got = shop.redeems(ben, text).expect(201)
    assert (got["coupon_id"] is not None) == ("coupon" in str(brings))
    assert shop.redeems(ann, text, key=KEY).expect(201)["undone"]
    assert owner.undo(town, bid, 1, "another-key-to-undo").code == "code_not_undone"
    assert shop.counts(town, bid) == {"redeemed": 1, "revoked": 0, "expired": 0, "left": 5}
    assert rewards.rebuilt(town, ann)["agree"] and rewards.rebuilt(town, ben)["agree"]
    actor, said = rewards.audited(town, "codes.undo")
    assert (actor, said["note"]) == ("the-owner", owner.NOTE)


def test_a_statement_tells_of_what_was_taken_back(town: Town) -> None:
    bid = shop.batch(town, shop.FIVE_YUAN)
    ann = town.person("ann")
    shop.redeems(ann, shop.code(town, bid)).expect(201)
    owner.undo(town, bid, 0)
    (line,) = rewards.rewards(ann)
    assert (line["why"], line["state"], line["amount"]) == ("code_undone", "taken_back", 500)
    seen = shop.used(town, bid)
    assert seen is not None
    assert seen.note == owner.NOTE


@pytest.mark.parametrize("brings", ALL)
def test_what_was_used_is_not_undone(town: Town, brings: dict[str, Any]) -> None:
    bid = shop.batch(town, brings)
    ann = town.person("ann")
    shop.redeems(ann, shop.code(town, bid)).expect(201)
    seen = shop.used(town, bid)
    assert seen is not None
    if "coupon" in str(brings):
        spending.locks(town, ann.uid, seen.ref)
        assert owner.undo(town, bid, 0).code == "code_not_undone"
        spending.uses(town, ann.uid, seen.ref)
    else:
        currency = "points" if brings is shop.POINTS else "fen"
        spending.spends(town, ann, rewards.account(town, ann, currency).currency, 1, "spent")
    assert owner.undo(town, bid, 0).code == "code_not_undone"


@pytest.mark.parametrize(("seconds", "code"), [(600, None), (601, "code_not_undone")])
def test_it_is_undone_for_a_while(town: Town, seconds: int, code: str | None) -> None:
    bid = shop.batch(town, undo_minutes=10)
    shop.redeems(town.person("ann"), shop.code(town, bid)).expect(201)
    clock.advance(seconds)
    assert owner.undo(town, bid, 0).code == code


def test_cash_is_not_undone_and_nothing_that_is_not_redeemed(town: Town) -> None:
    payers.set_up(town)
    bid = shop.batch(town, shop.CASH, size=6)
    shop.redeems(town.person("ann"), shop.code(town, bid)).expect(201)
    assert owner.undo(town, bid, 0).detail == "It cannot be undone: cash is not undone"
    assert owner.undo(town, bid, 1).code == "code_not_undone"
    owner.revoke_code(town, bid, 1)
    assert owner.undo(town, bid, 1).code == "code_not_undone"


def test_whoever_was_undone_may_redeem_another(town: Town) -> None:
    bid = shop.batch(town)
    ann = town.person("ann")
    shop.redeems(ann, shop.code(town, bid)).expect(201)
    assert shop.redeems(ann, shop.code(town, bid, 1)).expect(409)["code"] == "code_limit"
    owner.undo(town, bid, 0)
    shop.redeems(ann, shop.code(town, bid, 1)).expect(201)


@pytest.mark.parametrize(("how", "left"), [("revoked", 3), ("expired", 3)])
def test_what_is_undone_after_the_end_has_ended_too(town: Town, how: str, left: int) -> None:
    cid = shop.campaign(town, shop.FIVE_YUAN, total=10)
    bid = shop.minted(town, cid, 6, until=shop.told(3600))
    ann, ben = town.person("ann"), town.person("ben")
    shop.redeems(ann, shop.code(town, bid)).expect(201)
    shop.redeems(ben, shop.code(town, bid, 5)).expect(201)
    owner.revoke_range(town, bid, 5, 5)
    if how == "revoked":
        owner.revoke(town, bid)
    clock.advance(3600)
    owner.look_after(town, bid)
    assert shop.escrow(town, cid) == (8, 2)
    assert owner.undo(town, bid, 0).result.state == how
    assert owner.undo(town, bid, 5).result.state == "revoked"
    assert shop.escrow(town, cid) == (10, 0)
    counts = shop.counts(town, bid)
    assert (counts["revoked"] + counts["expired"], counts["left"], counts["redeemed"]) == (6, 0, 0)
    assert counts["expired"] == (5 if how == "expired" else 0)
