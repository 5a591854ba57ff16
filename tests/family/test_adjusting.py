"""Putting a wallet right: little at once, more with another person's key, each once, and never below zero."""

from __future__ import annotations

import pytest

from chalicelib.core import clock, due
from chalicelib.family import admin_rules
from chalicelib.family.items import Family
from chalicelib.family.states import AdjustmentState
from chalicelib.merchants.wallet import UNNAMED_FEN
from tests.emulator import Call
from tests.family import desk, people
from tests.family.acts import buys
from tests.family.acts import wallet as in_wallet
from tests.family.desk import MUCH, WHY, adjusts, approves, asked, moves, refuses, wallet
from tests.family.shop import household
from tests.merchants.wallet import files
from tests.town import Town
from tests.voucher.files import colleague

DAY = 86_400


def refused(reply: object) -> str:
    return str(reply.expect(409)["code"])  # type: ignore[attr-defined]


def test_little_happens_at_once_and_is_written_everywhere(town: Town) -> None:
    fid = household(town, town.person("ann"), granted=500)
    made = adjusts(town.admin, fid, 9_500).expect(201)
    assert (made["state"], made["fen"], made["note"], made["asked_by_name"]) == ("done", 9_500, WHY, "first owner")
    assert wallet(town, fid) == (10_000, 0)
    (move,) = moves(town, fid)
    assert (move.granted, move.paid, move.note, move.subject) == (9_500, 0, WHY, made["adjustment_id"])
    assert move.by == made["asked_by"]
    assert desk.logged(town) == [("family.adjust", made["asked_by"], f"{fid}/{made['adjustment_id']}")]


def test_the_same_request_again_is_the_same_adjustment(town: Town) -> None:
    fid = household(town, town.person("ann"))
    first = adjusts(town.admin, fid, 100, key="one-key-for-one-tap-").expect(201)
    assert adjusts(town.admin, fid, 100, key="one-key-for-one-tap-").expect(201) == first
    assert wallet(town, fid) == (100, 0)
    assert adjusts(town.admin, fid, 200, key="one-key-for-one-tap-").expect(409)["code"] == "idempotency_key_reused"


def test_a_minus_takes_what_is_there_and_no_more(town: Town) -> None:
    fid = household(town, town.person("ann"), granted=700, paid=300)
    adjusts(town.admin, fid, -700).expect(201)
    adjusts(town.admin, fid, -300, "paid").expect(201)
    refusal = adjusts(town.admin, fid, -1).expect(409)
    assert (refusal["code"], refusal["left_fen"]) == ("family_adjust_short", 0)
    assert wallet(town, fid) == (0, 0)


def test_bought_value_stays_below_its_legal_cap(town: Town) -> None:
    fid = household(town, town.person("ann"), paid=UNNAMED_FEN - 50)
    assert adjusts(town.admin, fid, 50, "paid").expect(409)["code"] == "family_paid_cap", "nothing is filed"
    files(town)
    assert adjusts(town.admin, fid, 51, "paid").expect(409)["code"] == "family_paid_cap"
    adjusts(town.admin, fid, 50, "paid").expect(201)
    adjusts(town.admin, fid, 51).expect(201)


def test_what_is_more_waits_for_another_persons_key(town: Town) -> None:
    fid, fang = household(town, town.person("ann")), colleague(town)
    waits = asked(town.admin, fid)
    assert wallet(town, fid) == (0, 0)
    (listed,) = fang.get("/v1/admin/families/adjustments")["adjustments"]
    assert (listed["adjustment_id"], listed["family_id"], listed["fen"]) == (waits, fid, MUCH)
    done = approves(fang, fid, waits, key="one-key-for-one-tap-").expect(200)
    assert approves(fang, fid, waits, key="one-key-for-one-tap-").expect(200) == done
    assert (done["state"], wallet(town, fid)) == ("done", (MUCH, 0))
    assert done["decided_by"] != done["asked_by"]
    assert fang.get("/v1/admin/families/adjustments")["adjustments"] == []
    asking, agreed = desk.logged(town)[::-1]
    assert (asking[0], agreed[0]) == ("family.adjust.ask", "family.adjust.approve")
    assert len({asking[1], agreed[1]}) == 2
    assert refused(approves(fang, fid, waits)) == "family_adjust_decided"
    assert len(moves(town, fid)) == 1


def test_neither_the_same_key_nor_the_same_name_approves(town: Town) -> None:
    fid = household(town, town.person("ann"))
    fang, again = colleague(town), colleague(town, " 王 芳", "owner")
    waits = asked(fang, fid)
    for one in (fang, again):
        assert refused(approves(one, fid, waits)) == "family_adjust_needs_another"
    viewer = colleague(town, "李雷", "viewer")
    approves(viewer, fid, waits).expect(403)
    assert wallet(town, fid) == (0, 0)


def test_many_little_ones_take_another_key_too(town: Town) -> None:
    fid = household(town, town.person("ann"), granted=50_000)
    adjusts(town.admin, fid, 6_000).expect(201)
    adjusts(town.admin, fid, -4_000).expect(201)
    assert adjusts(town.admin, fid, 1).expect(201)["state"] == "waiting"
    clock.advance(DAY)
    assert adjusts(town.admin, fid, 10_000).expect(201)["state"] == "done"
    assert adjusts(colleague(town), fid, 1).expect(201)["state"] == "waiting"


def test_who_asked_may_take_it_back_and_another_may_refuse(town: Town) -> None:
    fid, fang = household(town, town.person("ann")), colleague(town)
    mine, hers = asked(town.admin, fid), asked(town.admin, fid)
    assert refuses(town.admin, fid, mine).expect(200)["state"] == "refused"
    assert refuses(fang, fid, hers, key="one-key-for-one-tap-").expect(200)["state"] == "refused"
    assert refuses(fang, fid, hers, key="one-key-for-one-tap-").expect(200)["state"] == "refused"
    assert refused(approves(fang, fid, mine)) == "family_adjust_decided"
    assert refused(refuses(fang, fid, hers)) == "family_adjust_decided"
    assert [one.due for one in desk.adjustments(town, fid)] == [None, None]


def test_what_nobody_approves_in_a_week_lapses(town: Town) -> None:
    fid, fang = household(town, town.person("ann")), colleague(town)
    waits = asked(town.admin, fid)
    town.pass_time(7 * DAY - 60, tick=DAY)
    assert desk.adjustments(town, fid)[0].state is AdjustmentState.WAITING
    clock.advance(60)
    refusal = approves(fang, fid, waits).expect(409)
    assert (refusal["code"], refusal["state"]) == ("family_adjust_decided", "lapsed")
    town.minute()
    (over,) = desk.adjustments(town, fid)
    assert over.state is AdjustmentState.LAPSED
    assert over.due is None
    assert over.gsi1sk is None


def test_a_worker_who_comes_too_early_waits(town: Town) -> None:
    fid = household(town, town.person("ann"))
    asked(town.admin, fid)
    (waits,) = desk.adjustments(town, fid)
    due.handle(waits.key, waits.gsi2sk or "")
    (still,) = desk.adjustments(town, fid)
    assert (still.state, still.due) == (AdjustmentState.WAITING, waits.until)


def test_what_was_spent_meanwhile_is_not_taken_twice(town: Town) -> None:
    ann, fang = town.person("ann"), colleague(town)
    fid = household(town, ann, granted=MUCH)
    waits = asked(town.admin, fid, -MUCH)
    buys(ann, town.campaign(), in_wallet(fid, 1)).expect(201)
    assert refused(approves(fang, fid, waits)) == "family_adjust_short"
    assert desk.adjustments(town, fid)[0].state is AdjustmentState.WAITING
    adjusts(town.admin, fid, 1).expect(201)
    approves(fang, fid, waits).expect(200)
    assert wallet(town, fid) == (0, 0)


def test_a_minus_that_meets_a_spend_is_decided_again(town: Town) -> None:
    ann, campaign = town.person("ann"), town.campaign()
    fid = household(town, ann, granted=900)
    town.emulator.meanwhile(lambda: buys(ann, campaign, in_wallet(fid, 800)).expect(201))
    assert refused(adjusts(town.admin, fid, -900)) == "family_adjust_short"
    assert (wallet(town, fid), moves(town, fid)) == ((100, 0), [])


def test_of_two_who_approve_at_once_one_does(town: Town) -> None:
    fid, fang, lei = household(town, town.person("ann")), colleague(town), colleague(town, "李雷")
    waits = asked(town.admin, fid)
    replies = []

    def meanwhile(call: Call) -> None:
        if call.operation == "TransactWriteItems":
            town.emulator.before = None
            replies.append(approves(lei, fid, waits).expect(200))

    town.emulator.before = meanwhile
    assert refused(approves(fang, fid, waits)) == "family_adjust_decided"
    assert (len(replies), wallet(town, fid), len(moves(town, fid))) == (1, (MUCH, 0), 1)


def test_a_closed_familys_wallet_can_be_put_right(town: Town) -> None:
    ann = town.person("ann")
    fid = household(town, ann, granted=5)
    people.closed(town, ann, fid)
    adjusts(town.admin, fid, 100).expect(201)
    assert wallet(town, fid) == (105, 0)


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"kind": "granted", "fen": 0, "note": WHY}, "/fen"),
        ({"kind": "granted", "fen": 10_000_001, "note": WHY}, "/fen"),
        ({"kind": "cash", "fen": 1, "note": WHY}, "/kind"),
        ({"kind": "granted", "fen": 1, "note": ""}, "/note"),
        ({"kind": "granted", "fen": 1}, "/note"),
    ],
)
def test_bad_input_names_its_field(town: Town, body: dict[str, object], pointer: str) -> None:
    fid = household(town, town.person("ann"))
    refusal = desk.acts(town.admin, fid, "adjustments", body).expect(422)
    assert refusal["errors"][0]["pointer"] == pointer


def test_the_day_is_chinas() -> None:
    family = Family(adjusted=9_000, adjusted_on="2026-11-11")
    late, midnight = clock.parse("2026-11-11T15:59:59.999Z"), clock.parse("2026-11-11T16:00:00.000Z")
    assert (admin_rules.alone(family, -1_000, late), admin_rules.alone(family, -1_000, midnight)) == (10_000, 1_000)
