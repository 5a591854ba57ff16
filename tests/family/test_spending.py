"""Orders that a family's wallet pays, in part or whole: held, used, free again, and back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.accounts.items import NameState
from chalicelib.core import clock
from chalicelib.core.table import Item
from chalicelib.family.states import FamilyState, MemberState, SpendState
from infra.local.client import Person
from tests.family import people
from tests.family.acts import (
    GROUP,
    SOLO,
    approves,
    asks,
    buys,
    spends,
    spent,
    stands,
    wallet,
)
from tests.family.shop import family_of, household, member_of
from tests.fulfilment.shop import Bought
from tests.orders.test_late_payment import pay_late
from tests.town import Town


def becomes(town: Town, item: Item, **values: Any) -> None:
    """It was changed by somebody else."""
    for name, value in values.items():
        setattr(item, name, value)
    town.emulator.restore(item)


def refused(person: Person, campaign: str, *parts: dict[str, Any]) -> str:
    code: str = buys(person, campaign, *parts).expect(403, 404, 409, 422)["code"]
    return code


def test_money_pays_what_the_caps_leave(town: Town) -> None:
    mum, ann = town.person("mum"), town.person("ann")
    fid = household(town, mum, ann, granted=2000, paid=9000)
    held = buys(ann, town.campaign(), wallet(fid)).expect(201)
    assert (held["cash_fen"], held["state"]) == (SOLO - 5000, "held")
    assert (stands(town, fid), spent(town, fid, ann)) == ((0, 6000, 1), (5000, 0))
    ann.pay(held).expect(200)
    town.hear()
    assert (stands(town, fid), spent(town, fid, ann)) == ((0, 6000, 0), (5000, 0))
    bought = Bought(town, ann, held["order_id"])
    bought.refund(SOLO - 5000 + 1000).expect(200)
    assert stands(town, fid) == (0, 7000, 0)
    clock.advance(61)
    bought.refund().expect(200)
    assert (stands(town, fid), spent(town, fid, ann)) == ((2000, 9000, 0), (5000, 0))
    (spend,) = spends(town)
    assert (spend.payer, spend.uid, spend.total, spend.live) == (mum.uid, ann.uid, 5000, 0)


def test_what_is_never_paid_is_free_again_and_late_money_takes_it_again(town: Town) -> None:
    mum, ann, ben = town.person("mum"), town.person("ann"), town.person("ben")
    fid = household(town, mum, ann, ben, granted=3000, cap=10_000)
    held = buys(ann, town.campaign(), wallet(fid)).expect(201)
    assert (stands(town, fid), family_of(town, fid).spent) == ((0, 0, 1), 3000)
    town.pass_time(1200)
    for person in (mum, ann, ben):
        person.come_back()
    assert ann.order(held["order_id"])["state"] == "released"
    assert (stands(town, fid), spent(town, fid, ann), family_of(town, fid).spent) == ((3000, 0, 0), (0, 0), 0)
    people.handed(mum, fid, ben)
    assert pay_late(town, held["order_id"]) == "bought"
    assert (stands(town, fid), spent(town, fid, ann)) == ((0, 0, 0), (3000, 0))
    (spend,) = spends(town)
    assert (spend.state, spend.payer) == (SpendState.CAPTURED, ben.uid)
    assert spend.released_at is None


@pytest.mark.parametrize("why", ["frozen", "spent", "month"])
def test_late_money_is_owed_back_where_the_wallet_is_not_there_again(town: Town, why: str) -> None:
    mum, ann = town.person("mum"), town.person("ann")
    fid = household(town, mum, ann, granted=9000, cap=5000)
    campaign = town.campaign()
    held = buys(ann, campaign, wallet(fid, 3000)).expect(201)
    town.pass_time(1200)
    ann.come_back()
    if why == "frozen":
        becomes(town, member_of(town, fid, ann), state=MemberState.FROZEN)
    elif why == "spent":
        buys(ann, campaign, wallet(fid, 2001)).expect(201)
    else:
        clock.advance(30 * 86_400)
        ann.come_back()
        buys(ann, town.campaign(), wallet(fid, 1)).expect(201)
    before = stands(town, fid)
    assert pay_late(town, held["order_id"]) == "owed"
    assert stands(town, fid) == before


def test_all_of_it_pays_at_once_and_a_group_that_fails_gives_it_back(town: Town) -> None:
    mum, ann = town.person("mum"), town.person("ann")
    fid = household(town, mum, ann, granted=1000, paid=9000, per=9000)
    campaign = town.campaign(group_seconds=3600)
    made = buys(ann, campaign, wallet(fid), what="groups", key="one-tap-opens-it-once").expect(201)
    assert buys(ann, campaign, wallet(fid), what="groups", key="one-tap-opens-it-once").expect(201) == made
    assert (made["cash_fen"], stands(town, fid)) == (0, (0, 10_000 - GROUP, 0))
    clock.advance(3600)
    town.minute()
    assert (stands(town, fid), spent(town, fid, ann)) == ((1000, 9000, 0), (GROUP, 0))


@pytest.mark.parametrize("month_later", [False, True])
def test_a_family_may_let_what_came_back_be_spent_again_in_its_month(town: Town, month_later: bool) -> None:
    mum, ann = town.person("mum"), town.person("ann")
    fid = household(town, mum, ann, granted=20_000, per=9000, cap=9000, restores=1)
    campaign = town.campaign()
    bought = Bought(town, ann, buys(ann, campaign, wallet(fid)).expect(201)["order_id"])
    if month_later:
        clock.advance(30 * 86_400)
        ann.come_back()
        buys(ann, town.campaign(), wallet(fid, 1)).expect(201)
    bought.refund(4000).expect(200)
    bought.refund(3000).expect(200)
    member, family = member_of(town, fid, ann), family_of(town, fid)
    assert (member.spent, family.spent) == ((1, 1) if month_later else (SOLO - 7000, SOLO - 7000))
    assert sum(spend.restored or 0 for spend in spends(town)) == (0 if month_later else 7000)


def test_a_month_is_chinas_and_goes_one_way(town: Town) -> None:
    mum, ann = town.person("mum"), town.person("ann")
    fid = household(town, mum, ann, granted=50_000, per=5000, cap=6000)
    campaign = town.campaign()
    buys(ann, campaign, wallet(fid, 5000)).expect(201)
    answer = buys(ann, campaign, wallet(fid, 5000)).expect(201)
    assert answer["cash_fen"] == SOLO - 1000
    told = buys(ann, campaign, wallet(fid)).expect(409)
    assert (told["code"], told["per_fen"], told["left_fen"]) == ("family_above_cap", 5000, 0)
    clock.advance((datetime(2026, 11, 30, 15, 59, 59, tzinfo=UTC) - clock.now()).total_seconds())
    ann.come_back()
    campaign = town.campaign()
    assert refused(ann, campaign, wallet(fid)) == "family_above_cap"
    clock.advance(1)
    buys(ann, campaign, wallet(fid, 4000)).expect(201)
    member, family = member_of(town, fid, ann), family_of(town, fid)
    assert (member.month, member.spent, family.month, family.spent) == ("2026-12", 4000, "2026-12", 4000)


def test_a_cap_of_the_whole_family_binds_everybody(town: Town) -> None:
    mum, ann = town.person("mum"), town.person("ann")
    fid = household(town, mum, ann, granted=50_000)
    campaign = town.campaign()
    buys(ann, campaign, wallet(fid, 2000)).expect(201)
    becomes(town, family_of(town, fid), cap=10_000)
    assert buys(mum, campaign, wallet(fid)).expect(201)["cash_fen"] == SOLO - 8000
    told = buys(ann, campaign, wallet(fid)).expect(409)
    assert (told["code"], told["left_fen"]) == ("family_cap_reached", 0)


def test_a_minor_takes_all_that_is_wanted_or_asks(town: Town) -> None:
    mum, kid = town.person("mum"), town.person("kid")
    fid = household(town, mum, minors=(kid,), granted=50_000)
    campaign = town.campaign()
    assert refused(kid, campaign, wallet(fid)) == "family_above_cap"
    assert buys(kid, campaign, wallet(fid, 5000)).expect(201)["cash_fen"] == SOLO - 5000


@pytest.mark.parametrize(
    ("act", "granted", "code"),
    [
        ("freeze", 9000, "family_frozen"),
        ("close", 9000, "family_ended"),
        (None, 0, "family_wallet_empty"),
    ],
)
def test_a_wallet_says_why_it_does_not_pay(town: Town, act: str | None, granted: int, code: str) -> None:
    mum, ann, eve = town.person("mum"), town.person("ann"), town.person("eve")
    fid, campaign = household(town, mum, ann, granted=granted), town.campaign()
    if act is not None:
        people.acts(mum, fid, act).expect(200)
    assert refused(ann, campaign, wallet(fid)) == code
    assert refused(eve, campaign, wallet(fid)) == "family_unknown"
    assert refused(ann, campaign, wallet("nobodys")) == "family_unknown"
    assert refused(ann, campaign, wallet(f"{fid}.ask1")) == "tender_unknown"
    assert refused(ann, campaign, wallet(f"{fid}.")) == "tender_unknown"


@pytest.mark.parametrize(
    ("act", "code"),
    [("freeze", "family_member_frozen"), ("remove", "family_unknown"), (None, "family_cooling")],
)
def test_a_member_is_told_why_he_does_not_spend(town: Town, act: str | None, code: str) -> None:
    mum, ann = town.person("mum"), town.person("ann")
    fid = household(town, mum, ann, granted=9000, cooled=act is not None)
    if act is not None:
        people.member_act(mum, fid, ann, act).expect(200)
    assert refused(ann, town.campaign(), wallet(fid)) == code


def test_the_wallet_of_a_closed_family_is_its_last_owners(town: Town) -> None:
    mum, ann = town.person("mum"), town.person("ann")
    fid, campaign = household(town, mum, ann, granted=5000, paid=9000), town.campaign()
    people.sets(mum, fid, cap_fen=1).expect(200)
    held = buys(ann, campaign, wallet(fid, 1)).expect(201)
    ann.pay(held).expect(200)
    town.hear()
    people.closed(town, mum, fid)
    assert buys(mum, campaign, wallet(fid)).expect(201)["cash_fen"] == 0
    assert refused(ann, campaign, wallet(fid)) == "family_unknown"
    assert stands(town, fid) == (0, 14_000 - 1 - SOLO, 0)
    Bought(town, ann, held["order_id"]).refund().expect(200)
    assert stands(town, fid) == (1, 14_000 - 1 - SOLO, 0)


def test_what_the_owner_approves_knows_no_caps_and_happens_once(town: Town) -> None:
    mum, kid = town.person("mum"), town.person("kid")
    fid = household(town, mum, minors=(kid,), granted=5000, paid=9000, cap=6000, restores=1)
    campaign = town.campaign()
    ask_id = asks(town, fid, kid, campaign)
    assert approves(town, fid, kid, kid, campaign, ask_id) == "family_not_owner"
    assert approves(town, fid, mum, kid, campaign, ask_id) == "confirmed"
    assert approves(town, fid, mum, kid, campaign, ask_id) == "confirmed"
    assert (stands(town, fid), spent(town, fid, kid)) == ((0, 14_000 - SOLO, 0), (0, SOLO))
    (spend,) = spends(town)
    Bought(town, kid, spend.oid).refund(1000).expect(200)
    assert (stands(town, fid), spent(town, fid, kid)) == ((0, 14_000 - SOLO + 1000, 0), (0, SOLO))
    assert family_of(town, fid).spent == SOLO


@pytest.mark.parametrize(
    ("total", "changes", "code"),
    [
        (SOLO + 1, {}, "family_price_changed"),
        (SOLO, {"granted": SOLO - 1}, "family_wallet_short"),
        (SOLO, {"cap": SOLO - 1}, "family_cap_reached"),
        (SOLO, {"status": FamilyState.FROZEN}, "family_frozen"),
    ],
)
def test_an_approval_stands_on_the_moment(town: Town, total: int, changes: dict[str, Any], code: str) -> None:
    mum, kid = town.person("mum"), town.person("kid")
    fid = household(town, mum, minors=(kid,), granted=20_000)
    becomes(town, family_of(town, fid), **{name: value for name, value in changes.items() if name != "granted"})
    if "granted" in changes:
        fid = household(town, mum, minors=(kid,), **changes)
    campaign = town.campaign()
    assert approves(town, fid, mum, kid, campaign, asks(town, fid, kid, campaign, total)) == code
    assert not spends(town)


def test_an_approval_in_time_and_of_whoever_asked(town: Town) -> None:
    mum, ann, ben = town.person("mum"), town.person("ann"), town.person("ben")
    fid = household(town, mum, ann, ben, granted=20_000)
    campaign = town.campaign()
    ask_id = asks(town, fid, ann, campaign)
    assert approves(town, fid, mum, ben, campaign, ask_id) == "family_ask_over"
    clock.advance(24 * 3600 + 0.001)
    assert approves(town, fid, mum, ann, campaign, ask_id) == "family_ask_over"


def closed_and_open(town: Town, owner: Person, person: Person) -> tuple[str, str]:
    """Somebody had a family with 3,000 fen, which he closed, and is in another's with 9,000."""
    old = household(town, person, granted=3000)
    people.closed(town, person, old)
    return old, household(town, owner, person, granted=9000)


def test_two_wallets_pay_for_one_order(town: Town) -> None:
    """His family's, and that of a closed family whose last owner he was."""
    mum, ann = town.person("mum"), town.person("ann")
    old, fid = closed_and_open(town, mum, ann)
    campaign = town.campaign()
    held = buys(ann, campaign, wallet(fid), wallet(old)).expect(201)
    assert (held["cash_fen"], stands(town, fid)[2], stands(town, old)[2]) == (900, 1, 1)
    town.pass_time(1200)
    assert (stands(town, fid), stands(town, old)) == ((9000, 0, 0), (3000, 0, 0))


def test_a_quote_says_what_the_wallet_would_pay_or_why_not(town: Town) -> None:
    mum, ann = town.person("mum"), town.person("ann")
    old, fid = closed_and_open(town, mum, ann)
    campaign = town.campaign()
    quote = ann.api.post(f"/v1/campaigns/{campaign}/quote", {"role": "solo", "pay_with": [wallet(fid)]})
    assert (quote["cash_fen"], [part["amount_fen"] for part in quote["parts"]]) == (SOLO - 5000, [5000])
    choices = [(one["ref"], one["worth_fen"], one["why_not"]) for one in quote["choices"]]
    assert choices == [(fid, 5000, None), (old, 3000, None)]
    titles = [(one["title_zh"], one["title_en"]) for one in quote["choices"]]
    assert titles == [
        ("家庭钱包「小林一家」", "Family wallet “小林一家”"),
        ("家庭钱包「小林一家」（已关闭）", "Family wallet “小林一家” (closed)"),
    ]
    becomes(town, family_of(town, fid), name_state=NameState.REVIEW)
    (hidden, _) = ann.api.post(f"/v1/campaigns/{campaign}/quote", {"role": "solo"})["choices"]
    assert hidden["title_zh"] == "家庭钱包"
    becomes(town, family_of(town, fid), name_state=NameState.SHOWN)
    becomes(town, member_of(town, fid, ann), cap=0)
    (first, _) = ann.api.post(f"/v1/campaigns/{campaign}/quote", {"role": "solo"})["choices"]
    assert (first["worth_fen"], first["why_not"]) == (0, "family_above_cap")
    assert first["why_not_zh"].endswith("；向家庭主人申请，或自行支付")
    assert first["why_not_en"].endswith(" Ask the owner, or pay yourself.")
    assert not town.person("eve").api.post(f"/v1/campaigns/{campaign}/quote", {"role": "solo"})["choices"]
