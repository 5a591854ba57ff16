"""Filling a wallet, its ledger, and its months: who sees what, and that the sums are those of the rows."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.core import clock
from chalicelib.family import summary
from chalicelib.family.rows import Move, Spend, move_key, spend_key
from chalicelib.family.states import Mode, SpendState, Why
from infra.local.client import Person
from tests.family import people
from tests.family.acts import SOLO, approves, asks, balance, buys, fills, spent, stands, states, wallet
from tests.family.shop import household, mid_of
from tests.fulfilment.shop import Bought
from tests.rewards import shop as rewards
from tests.town import Town


def ledger(person: Person, fid: str, query: str = "") -> Any:
    return person.api.call("GET", f"/v1/families/{fid}/ledger{query}").expect(200, 404)


def month(person: Person, fid: str, query: str = "") -> Any:
    return person.api.call("GET", f"/v1/families/{fid}/summary{query}").expect(200, 404)


def test_what_is_put_in_leaves_the_balance_once(town: Town) -> None:
    mum, ann = town.person("mum"), town.person("ann")
    fid = household(town, mum, ann)
    balance(town, mum, 5000)
    answer = fills(mum, fid, 3000, "one-key-fills-it-once").expect(201)
    assert fills(mum, fid, 3000, "one-key-fills-it-once").expect(201) == answer
    assert fills(mum, fid, 2999, "one-key-fills-it-once").expect(409)["code"] == "idempotency_key_reused"
    assert (answer["filled_fen"], answer["promises"][0]["en"]) == (
        3000,
        "It is the family's to spend from then on, and no longer your own balance.",
    )
    assert (stands(town, fid), rewards.balance(town, mum)) == ((3000, 0, 0), (2000, 0))
    told = fills(mum, fid, 2001).expect(409)
    assert (told["code"], told["there_fen"]) == ("family_balance_short", 2000)
    (line, *_) = rewards.rewards(mum)
    assert (line["why"], line["amount"], line["state"], line["subject"]) == ("family_filled", -3000, "spent", fid)
    assert states(ledger(mum, fid)["rows"]) == [("filled", None, 3000)]
    assert {one["member"]["user_id"] for one in month(mum, fid)["members"]} == {mum.uid, ann.uid}


def test_where_the_owner_pays_he_alone_fills_and_in_a_purse_every_adult(town: Town) -> None:
    mum, ann, kid, eve = (town.person(name) for name in ("mum", "ann", "kid", "eve"))
    fid = household(town, mum, ann, minors=(kid,))
    for person in (mum, ann, kid, eve):
        balance(town, person, 1000)
    assert fills(ann, fid, 10).expect(403)["code"] == "family_not_owner"
    assert fills(eve, fid, 10).expect(404)["code"] == "family_unknown"
    people.sets(mum, fid, mode="purse").expect(200)
    fills(ann, fid, 10).expect(201)
    assert fills(kid, fid, 10).expect(403)["code"] == "family_adults_only"
    people.acts(mum, fid, "freeze").expect(200)
    fills(mum, fid, 20).expect(201)
    people.member_act(mum, fid, ann, "freeze").expect(200)
    assert fills(ann, fid, 10).expect(409)["code"] == "family_member_frozen"
    people.acts(mum, fid, "close").expect(200)
    assert fills(mum, fid, 10).expect(409)["code"] == "family_ended"
    assert stands(town, fid) == (30, 0, 0)


def living(town: Town, **changes: Any) -> tuple[str, Person, Person, Person]:
    """A family whose members have ordered this and that, and its people."""
    mum, ann, kid = town.person("mum"), town.person("ann"), town.person("kid")
    fid = household(town, mum, ann, minors=(kid,), granted=30_000, restores=1, **changes)
    campaign = town.campaign()
    balance(town, mum, 500)
    fills(mum, fid, 500).expect(201)
    clock.advance(1)
    bought = buys(ann, campaign, wallet(fid, 4000)).expect(201)
    ann.pay(bought).expect(200)
    town.hear()
    clock.advance(1)
    assert approves(town, fid, mum, kid, campaign, asks(town, fid, kid, campaign)) == "confirmed"
    clock.advance(1)
    given_up = buys(ann, campaign, wallet(fid, 700)).expect(201)
    ann.api.post(f"/v1/orders/{given_up['order_id']}/cancel")
    town.minute()
    clock.advance(1)
    buys(ann, campaign, wallet(fid, 300)).expect(201)
    Bought(town, ann, bought["order_id"]).refund(SOLO - 4000 + 1000).expect(200)
    return fid, mum, ann, kid


ROWS = [
    ("order", "held", 300),
    ("order", "released", 700),
    ("order", "captured", SOLO),
    ("order", "captured", 4000),
    ("filled", None, 500),
]


def test_the_owner_sees_who_spent_whose_money_on_what(town: Town) -> None:
    fid, mum, ann, kid = living(town)
    said = ledger(mum, fid)
    rows = said["rows"]
    assert states(rows) == [*ROWS, ("adjusted", None, 30_000)]
    assert [(row["by"] or {}).get("user_id") for row in rows] == [ann.uid, ann.uid, kid.uid, ann.uid, mum.uid, None]
    assert {row["payer"]["user_id"] for row in rows[:4]} == {mum.uid}
    assert [row["back_fen"] for row in rows] == [0, 0, 0, 1000, 0, 0]
    assert [row["approved"] for row in rows] == [False, False, True, False, False, False]
    assert all(row["order_id"] and row["title"] for row in rows[:4])
    assert rows[0]["by"]["nickname"] == "微信用户"
    assert rows[0]["ended_at"] is None
    assert rows[3]["back_at"] > rows[3]["ended_at"] >= rows[3]["at"]
    paged: list[Any] = []
    cursor: str | None = ""
    while cursor is not None and len(paged) < len(rows):
        answer = ledger(mum, fid, f"?limit=1{cursor and '&cursor=' + cursor}")
        paged, cursor = [*paged, *answer["rows"]], answer["cursor"]
    assert (paged, cursor, said["cursor"]) == (rows, None, None)


@pytest.mark.parametrize("open_to_all", [{}, {"open_balance": 1}, {"mode": Mode.PURSE}])
def test_a_member_sees_his_own(town: Town, open_to_all: dict[str, Any]) -> None:
    fid, _, ann, kid = living(town, **open_to_all)
    moves = [("filled", None, 500), ("adjusted", None, 30_000)] if open_to_all else []
    assert states(ledger(kid, fid)["rows"]) == [("order", "captured", SOLO), *moves]
    said = month(ann, fid)
    assert [one["member"]["user_id"] for one in said["members"]] == [ann.uid]
    assert sum(one["granted_fen"] for one in said["moves"]) == sum(fen for _, _, fen in moves)


def test_strangers_see_nothing_and_the_last_owner_all(town: Town) -> None:
    fid, mum, ann, _ = living(town)
    assert ledger(town.person("eve"), fid)["code"] == "family_unknown"
    assert month(mum, "nobodys")["code"] == "family_unknown"
    people.member_act(mum, fid, ann, "remove").expect(200)
    assert ledger(ann, fid)["code"] == "family_unknown"
    people.acts(mum, fid, "close").expect(200)
    town.pass_time(1200)
    for person in (mum, ann):
        person.come_back()
    assert people.mine(mum)["family"] is None
    assert len(ledger(mum, fid)["rows"]) == 6
    assert len(month(mum, fid)["members"]) == 3
    assert month(ann, fid)["code"] == "family_unknown"


def test_a_month_sums_its_rows(town: Town) -> None:
    fid, mum, ann, kid = living(town)
    said = month(mum, fid)
    sums = {one["member"]["user_id"]: one for one in said["members"]}
    nothing = {"spent_fen": 0, "approved_fen": 0, "captured_fen": 0, "held_fen": 0, "back_fen": 0, "orders": 0}
    assert {**sums[mum.uid], "member": 0} == {**nothing, "member": 0}
    hers = {"spent_fen": 3300, "captured_fen": 4000, "held_fen": 300, "back_fen": 1000, "orders": 2}
    assert {**sums[ann.uid], "member": 0} == {**nothing, **hers, "member": 0}
    assert (sums[kid.uid]["approved_fen"], sums[kid.uid]["captured_fen"]) == (SOLO, SOLO)
    assert (sums[ann.uid]["spent_fen"], 0) == spent(town, fid, ann)
    assert (said["month"], said["whole"], said["cursor"]) == ("2026-11", True, None)
    moves = {one["why"]: one["granted_fen"] for one in said["moves"]}
    assert moves == {"filled": 500, "adjusted": 30_000}
    assert month(mum, fid, "?month=2026-10")["moves"] == []
    assert mum.api.call("GET", f"/v1/families/{fid}/summary?month=2026-13").status == 422
    assert mum.api.call("GET", f"/v1/families/{fid}/summary?cursor=bm8").status == 422


def test_a_long_month_comes_in_parts_that_add_up(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    mum = town.person("mum")
    fid = household(town, mum)
    mid, at = mid_of(town), clock.now()
    for n in range(7):
        place = spend_key(mid, fid, at, f"order{n}")
        facts = {"uid": mum.uid, "payer": mum.uid, "state": SpendState.CAPTURED, "granted": 10**n, "paid": 0}
        town.emulator.restore(Spend(*place, **facts, month="2026-11", title="tea", at=at))
        move = Move(
            *move_key(mid, fid, at, f"order{n}"), why=Why.CODE, granted=0, paid=10**n, by="-", subject="-", at=at
        )
        town.emulator.restore(move)
    monkeypatch.setattr(summary, "MOST_ROWS", 3)
    captured, bought, parts, cursor = 0, 0, 0, ""
    while cursor is not None:
        said = month(mum, fid, cursor and f"?cursor={cursor}")
        captured += said["members"][0]["captured_fen"]
        bought += sum(one["paid_fen"] for one in said["moves"])
        cursor, parts = said["cursor"], parts + 1
        assert not said["whole"]
    assert (captured, bought, parts) == (1_111_111, 1_111_111, 5)
    for item in [i for i in town.items() if isinstance(i, Spend | Move)]:
        town.emulator.forget(item.key)
