"""How much of a wallet may be taken, by example and against a reference that counts fen one by one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core.errors import RippleError
from chalicelib.family import caps, summary
from chalicelib.family.items import Family, Member
from chalicelib.family.ledger import Row
from chalicelib.family.problems import WALLET_EMPTY
from chalicelib.family.rows import Move, Spend
from chalicelib.family.states import FamilyState, Role, SpendState, Why
from chalicelib.family.summary import MemberSum

MONTH, BEFORE, AFTER = "2026-11", "2026-10", "2026-12"
MAYBE = st.none() | st.integers(0, 12)


def member(role: Role = Role.ADULT, **said: Any) -> Member:
    return Member(role=role, **said)


@given(
    st.integers(1, 12), st.integers(0, 6), st.integers(0, 6), MAYBE, MAYBE, st.integers(0, 9), MAYBE, st.integers(0, 9),
    st.sampled_from([None, BEFORE, MONTH]), st.sampled_from([None, BEFORE, MONTH]), st.booleans(),
)  # fmt: skip
def test_as_much_is_taken_as_everything_allows(
    wanted: int, granted: int, paid: int, per: int | None, cap: int | None, spent: int, everybodys: int | None,
    gone: int, his: str | None, theirs: str | None, minor: bool,
) -> None:  # fmt: skip
    """The largest amount that breaks no bound; for a minor none but what is wanted, as long as the wallet has it."""
    wallet = Family(
        status=FamilyState.ACTIVE,
        granted=granted,
        paid=paid,
        cap=everybodys,
        month=theirs,
        spent=gone if theirs else None,
    )
    somebody = member(Role.MINOR if minor else Role.ADULT, per=per, cap=cap, month=his, spent=spent)

    def within(fen: int) -> bool:
        of_month = (spent if his == MONTH else 0) + fen
        of_all = (gone if theirs == MONTH else 0) + fen
        return (
            (per is None or fen <= per)
            and (cap is None or of_month <= cap)
            and (everybodys is None or of_all <= everybodys)
        )

    best = max((fen for fen in range(1, wanted + 1) if fen <= granted + paid and within(fen)), default=0)
    if minor and not within(wanted):
        best = 0
    room = caps.room(wallet, somebody, MONTH)
    if best:
        assert room.within(wanted) == best
        return
    with pytest.raises(RippleError) as refused:
        room.within(wanted)
    assert (refused.value.problem is WALLET_EMPTY) == (granted + paid == 0)


@pytest.mark.parametrize(
    ("room", "code"),
    [
        (caps.Room(balance=0, per=0, left=0, family_left=0, whole=False), "family_wallet_empty"),
        (caps.Room(balance=9, per=None, left=0, family_left=0, whole=False), "family_above_cap"),
        (caps.Room(balance=9, per=4, left=9, family_left=9, whole=True), "family_above_cap"),
        (caps.Room(balance=9, per=None, left=None, family_left=4, whole=True), "family_cap_reached"),
    ],
)
def test_what_forbids_it_is_named(room: caps.Room, code: str) -> None:
    with pytest.raises(RippleError, match=code):
        room.within(5)


def test_what_is_approved_is_all_or_nothing() -> None:
    room = caps.Room(balance=9, per=1, left=0, family_left=8, whole=True)
    assert room.all_of(8) == 8
    with pytest.raises(RippleError, match="family_cap_reached"):
        room.all_of(9)
    with pytest.raises(RippleError, match="family_wallet_short") as short:
        room.all_of(10)
    assert short.value.facts == {"missing_fen": 1}


@pytest.mark.parametrize(("his", "theirs"), [(AFTER, MONTH), (MONTH, AFTER), (None, AFTER)])
def test_a_month_that_is_ahead_is_waited_for(his: str | None, theirs: str) -> None:
    with pytest.raises(RippleError, match="busy"):
        caps.room(Family(status=FamilyState.ACTIVE, granted=9, month=theirs), member(month=his), MONTH)


def test_what_was_lowered_below_what_is_spent_leaves_nothing() -> None:
    wallet = Family(status=FamilyState.ACTIVE, granted=9, cap=3, month=MONTH, spent=5)
    room = caps.room(wallet, member(cap=1, month=MONTH, spent=5), MONTH)
    assert (room.left, room.family_left) == (0, 0)


@pytest.mark.parametrize("month", [None, BEFORE])
def test_what_was_spent_in_another_month_counts_no_more(month: str | None) -> None:
    wallet = Family(status=FamilyState.ACTIVE, granted=9, cap=5, month=month, spent=5)
    room = caps.room(wallet, member(cap=4, month=month, spent=4), MONTH)
    assert (room.left, room.family_left) == (4, 5)


def test_a_closed_wallet_has_no_cap() -> None:
    wallet = Family(status=FamilyState.CLOSED, granted=9, cap=1)
    assert caps.room(wallet, member(), MONTH).within(9) == 9


@given(st.integers(0, 9), st.integers(0, 9), st.lists(st.integers(1, 5)))
def test_what_comes_back_is_what_was_taken_bought_first(granted: int, bought: int, backs: list[int]) -> None:
    assert caps.parted(granted, granted + bought) == (granted, bought)
    back_granted = back_bought = 0
    for fen in backs:
        if back_granted + back_bought + fen > granted + bought:
            break
        more_granted, more_bought = caps.came_back(bought, back_bought, fen)
        back_granted, back_bought = back_granted + more_granted, back_bought + more_bought
        assert more_granted + more_bought == fen
        assert (back_granted <= granted, back_bought <= bought) == (True, True)
        assert not back_granted or back_bought == bought


def spend(uid: str, state: SpendState, **said: Any) -> Spend:
    return Spend(uid=uid, state=state, granted=30, paid=70, **said)


def test_a_month_is_summed_from_its_rows() -> None:
    rows: list[Row] = [
        spend("ann", SpendState.HELD),
        spend("ann", SpendState.CAPTURED, back_paid=20, restored=20),
        spend("ann", SpendState.CAPTURED, ask="ask1", back_paid=10),
        spend("ann", SpendState.RELEASED),
        spend("ben", SpendState.CAPTURED, back_granted=30, back_paid=70),
        Move(why=Why.FILLED, granted=5, paid=0),
        Move(why=Why.FILLED, granted=6, paid=0),
        Move(why=Why.TOP_UP_BACK, granted=0, paid=-7),
    ]
    assert summary.members(rows) == {
        "ann": MemberSum(spent=180, approved=100, captured=200, held=100, back=30, orders=3),
        "ben": MemberSum(spent=100, captured=100, back=100, orders=1),
    }
    assert summary.moves(rows) == {Why.FILLED: (11, 0), Why.TOP_UP_BACK: (0, -7)}


def test_a_month_begins_in_china() -> None:
    assert summary.bounds("2026-12") == (
        datetime(2026, 11, 30, 16, tzinfo=UTC),
        datetime(2026, 12, 31, 16, tzinfo=UTC),
    )
