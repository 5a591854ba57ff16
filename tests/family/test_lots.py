"""Whose bought value is left: what was bought first is spent first, and a refund takes nobody else's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core import clock
from chalicelib.core.ids import MerchantId
from chalicelib.family import lots
from chalicelib.family.rows import Move, move_key
from chalicelib.family.states import Why
from tests.family import people, topup_shop
from tests.family.acts import SOLO, buys, wallet
from tests.family.shop import cooled, family_of
from tests.town import Town

SINCE = datetime(2026, 11, 1, tzinfo=UTC)


def moved(n: int, why: Why, paid: int, subject: str) -> Move:
    key = move_key(MerchantId("m"), "f", SINCE + timedelta(seconds=n), f"{n}")
    return Move(*key, why=why, granted=0, paid=paid, by="-", subject=subject, at=SINCE)


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(0, 9)), min_size=1, max_size=6), st.integers(0, 99))
def test_all_lots_together_are_what_is_there(bought: list[tuple[int, int]], gone: int) -> None:
    rows = [moved(n, Why.TOPPED_UP, fen, f"o{n}") for n, (fen, _) in enumerate(bought)]
    backs = [(n, min(fen, back)) for n, (fen, back) in enumerate(bought) if back]
    rows += [moved(100 + n, Why.TOP_UP_BACK, -back, f"o{n}") for n, back in backs]
    there = sum(row.paid for row in rows)
    paid = max(0, there - gone)
    left = [lots.left(rows, paid, f"o{n}") for n in range(len(bought))]
    assert sum(left) == paid
    owned = [fen - dict(backs).get(n, 0) for n, (fen, _) in enumerate(bought)]
    assert all(0 <= part <= whole for part, whole in zip(left, owned, strict=True))
    touched = [n for n, part in enumerate(left) if 0 < part < owned[n]]
    assert len(touched) <= 1
    assert not touched or not any(left[: touched[0]])


def test_who_spent_what_he_bought_takes_nobodys(town: Town) -> None:
    mum, ann = town.person("mum"), town.person("ann")
    fid = people.family(mum, ann)
    cooled(town, fid, ann)
    people.sets(mum, fid, mode="purse").expect(200)
    campaign = topup_shop.opened(town)
    anns = topup_shop.paid(town, ann, campaign, fid)
    buys(ann, town.campaign(), wallet(fid)).expect(201)
    clock.advance(1)
    mums = topup_shop.paid(town, mum, campaign, fid)
    back = f"/v1/families/{fid}/topups/{{}}/refund"
    assert ann.api.call("POST", back.format(anns), {}).expect(200)["refund_fen"] == 10_000 - SOLO
    assert mum.api.call("POST", back.format(mums), {}).expect(200)["refund_fen"] == 10_000
    assert ann.api.call("POST", back.format(anns), {}).expect(409)["code"] == "topup_spent"
    assert family_of(town, fid).paid == 0
