"""Whom the merchant froze stays frozen, whatever he and his family do: close it, leave, come back or make another."""

from __future__ import annotations

import pytest

from chalicelib.core import clock
from chalicelib.family.states import FamilyState, MemberState
from tests.family import people
from tests.family.acts import SOLO, buys, wallet
from tests.family.desk import acts, freezes, logged, unfreezes
from tests.family.people import refused
from tests.family.shop import family_of, household, member_of
from tests.town import Town
from tests.voucher.files import colleague


def test_an_owner_whom_the_shop_froze_does_not_close_his_family(town: Town) -> None:
    ann, ben = town.person("ann"), town.person("ben")
    fid = household(town, ann, ben, granted=9_000)
    freezes(town.admin, fid, who=ann).expect(200)
    seen = people.looks(ann, fid)
    assert (seen["frozen_by"], seen["why_not"]["close"]["code"]) == (None, "family_frozen_by_shop")
    assert refused(people.acts(ann, fid, "close")) == (409, "family_frozen_by_shop")
    unfreezes(town.admin, fid, who=ann).expect(200)
    people.closed(town, ann, fid)


def test_an_owner_who_is_frozen_while_it_closes_spends_nothing_of_its_wallet(town: Town) -> None:
    ann, campaign = town.person("ann"), town.campaign()
    fid = household(town, ann, granted=9_000)
    people.acts(ann, fid, "close").expect(200)
    freezes(town.admin, fid, who=ann).expect(200)
    town.minute()
    assert family_of(town, fid).status is FamilyState.CLOSED
    assert refused(buys(ann, campaign, wallet(fid))) == (409, "family_member_frozen")
    (choice,) = ann.api.call("POST", f"/v1/campaigns/{campaign}/quote", {"role": "solo"}).expect(200)["choices"]
    assert (choice["worth_fen"], choice["why_not"]) == (0, "family_member_frozen")
    for _ in range(2):
        unfreezes(town.admin, fid).expect(200)
    buys(ann, campaign, wallet(fid, 100)).expect(201)


def test_a_closed_wallet_is_frozen_at_the_desk(town: Town) -> None:
    ann, ben, campaign = town.person("ann"), town.person("ben"), town.campaign()
    fid, lei = household(town, ann, ben, granted=SOLO), colleague(town, "李雷")
    people.closed(town, ann, fid)
    shown = freezes(lei, fid, key="one-key-for-one-tap-").expect(200)
    freezes(lei, fid, key="one-key-for-one-tap-").expect(200)
    freezes(town.admin, fid).expect(200)
    (owner,) = [one for one in shown["members"] if one["user_id"] == ann.uid]
    assert (shown["status"], owner["state"], str(owner["frozen_by"]) in str(lei.token)) == ("closed", "removed", True)
    assert refused(buys(ann, campaign, wallet(fid))) == (409, "family_member_frozen")
    freezes(lei, fid, who=ben).expect(404)
    unfreezes(lei, fid).expect(200)
    buys(ann, campaign, wallet(fid)).expect(201)
    assert sorted(logged(town)) == sorted(
        [(f"family.{one}", owner["frozen_by"], fid) for one in ("freeze", "unfreeze")]
    )


def test_a_closed_wallet_that_is_frozen_meanwhile_pays_nothing(town: Town) -> None:
    ann, campaign = town.person("ann"), town.campaign()
    fid = household(town, ann, granted=9_000)
    people.closed(town, ann, fid)
    town.emulator.meanwhile(lambda: freezes(town.admin, fid).expect(200))
    assert refused(buys(ann, campaign, wallet(fid))) == (409, "family_member_frozen")


@pytest.mark.parametrize("how", ["leaves", "is removed", "is closed out"])
@pytest.mark.parametrize("then", ["comes back", "joins another", "makes his own"])
def test_whom_the_shop_froze_is_frozen_in_his_next_family(town: Town, how: str, then: str) -> None:
    ann, ben = town.person("ann"), town.person("ben")
    fid = household(town, ann, ben, granted=9_000)
    people.member_act(ann, fid, ben, "freeze").expect(200)
    freezes(town.admin, fid, who=ben).expect(200)
    if how == "leaves":
        people.acts(ben, fid, "leave").expect(200)
    elif how == "is removed":
        people.member_act(ann, fid, ben, "remove").expect(200)
    else:
        people.closed(town, ann, fid)
    clock.advance(people.LOCK)
    ann, ben, cat = town.person("ann"), town.person("ben"), town.person("cat")
    if then == "makes his own":
        new = people.founded(ben)
        assert refused(people.acts(ben, new, "close")) == (409, "family_frozen_by_shop")
    else:
        owner = ann if then == "comes back" else cat
        new = people.founded(owner) if owner is cat or how == "is closed out" else fid
        people.joins(ben, people.invited(owner, new))
        assert refused(people.member_act(owner, new, ben, "unfreeze")) == (409, "family_frozen_by_shop")
    member = member_of(town, new, ben)
    assert (member.state, "owner" in str(member.frozen_by)) == (MemberState.FROZEN, False)
    assert member.frozen_at == clock.now()
    assert people.looks(ben, new)["why_not"]["spend"]["code"] == "family_member_frozen"
    unfreezes(town.admin, new, who=ben).expect(200)
    assert member_of(town, new, ben).state is MemberState.ACTIVE


@pytest.mark.parametrize("by_owner", [False, True])
def test_who_is_unfrozen_after_he_left_or_was_frozen_by_the_owner_comes_back_as_anybody(
    town: Town, by_owner: bool
) -> None:
    ann, ben = town.person("ann"), town.person("ben")
    fid = household(town, ann, ben)
    if by_owner:
        people.member_act(ann, fid, ben, "freeze").expect(200)
    else:
        freezes(town.admin, fid, who=ben).expect(200)
    people.member_act(ann, fid, ben, "remove").expect(200)
    shown = acts(town.admin, fid, f"members/{ben.uid}/unfreeze", {"note": "已核实"})
    assert shown.status == (404 if by_owner else 200)
    unfreezes(town.admin, fid, who=ben).expect(404)
    clock.advance(people.LOCK)
    ann, ben = town.person("ann"), town.person("ben")
    people.joins(ben, people.invited(ann, fid))
    member = member_of(town, fid, ben)
    assert member.state is MemberState.ACTIVE
    assert member.frozen_by is None
