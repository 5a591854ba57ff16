"""The merchant's desk: families in pages, one with all of it, freezing that only he undoes, names, and the log."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.accounts.items import NameState
from chalicelib.core import clock
from chalicelib.family import rules
from chalicelib.family.states import FamilyState
from tests.family import desk, people
from tests.family.acts import SOLO, balance, buys, fills, wallet
from tests.family.asks_shop import asked, decides
from tests.family.desk import ROOT, decides_name, freezes, listed, unfreezes
from tests.family.shop import NAME, PER, family_of, household, member_of, uid_of
from tests.fulfilment.shop import Bought
from tests.town import Town
from tests.voucher.files import colleague


def test_families_are_listed_page_by_page_newest_first(town: Town) -> None:
    made = []
    for _ in range(5):
        clock.advance(1)
        made.append(listed(town, town.person()))
    frozen = listed(town, town.person(), status=FamilyState.FROZEN)
    seen, cursor = [], ""
    for _ in range(3):
        page = town.admin.get(f"{ROOT}?limit=2{cursor}")
        seen += [one["family_id"] for one in page["families"]]
        cursor = f"&cursor={page['cursor']}" if page["cursor"] else ""
    assert cursor == ""
    assert sorted(seen[:2]) == sorted([frozen, made[4]])
    assert seen[2:] == made[3::-1]
    (only,) = town.admin.get(f"{ROOT}?status=frozen")["families"]
    assert (only["family_id"], only["status"], only["people"]) == (frozen, "frozen", 1)
    assert town.admin.call("GET", f"{ROOT}?cursor=x").expect(422)["errors"][0]["pointer"] == "?cursor"


def test_a_family_is_shown_with_all_that_stands_of_it(town: Town) -> None:
    ann, ben, cat = (town.person(name) for name in ("ann", "ben", "cat"))
    fid = household(town, ann, ben, granted=370, paid=230, cap=5_000, open_balance=1)
    people.invited(ann, fid)
    clock.advance(rules.INVITATION_LIFE.total_seconds() + 1)
    for person in (ann, ben, cat):
        person.come_back()
    people.invited(ann, fid)
    people.joins(cat, people.invited(ann, fid))
    campaign = town.campaign()
    asked(ben, fid, campaign)
    decides(ann, fid, asked(ben, fid, campaign), "refuse").expect(200)
    order = buys(ben, campaign, wallet(fid, 400)).expect(201)
    ben.pay(order).expect(200)
    town.hear()
    Bought(town, ben, order["order_id"]).refund(SOLO - 400 + 20).expect(200)
    balance(town, ann, 5)
    clock.advance(1)
    fills(ann, fid, 5).expect(201)
    first = ann.uid
    shown = town.admin.get(f"{ROOT}/{fid}")
    assert (shown["name"], shown["granted_fen"], shown["paid_fen"], shown["members_see_balance"]) == (
        NAME,
        5,
        220,
        True,
    )
    assert (shown["open_invitations"], shown["open_asks"], shown["refunds_restore_caps"]) == (1, 1, False)
    members = {one["user_id"]: one for one in shown["members"]}
    assert (members[first]["role"], members[first]["cap_fen"]) == ("owner", None)
    other = members[ben.uid]
    assert (other["role"], other["per_fen"], other["cap_fen"], other["guardian_id"]) == ("adult", PER, 5_000, None)
    newest, before, _ = shown["ledger"]
    assert (newest["why"], newest["granted_fen"], newest["subject"]) == ("filled", 5, first)
    said = (before["why"], before["subject"], before["back_fen"], before["payer_id"])
    assert said == ("order", order["order_id"], 20, first)
    assert desk.logged(town) == []


def test_who_looks_at_a_family_with_a_minor_is_in_the_log(town: Town) -> None:
    ann, kid = town.person("ann"), town.person("kid")
    fid, lei = household(town, ann, minors=(kid,)), colleague(town, "李雷", "viewer")
    (child,) = [one for one in lei.get(f"{ROOT}/{fid}")["members"] if one["role"] == "minor"]
    assert (child["guardian_id"], child["user_id"]) == (uid_of(ann), uid_of(kid))
    ((action, actor, subject),) = desk.logged(town)
    assert (action, subject) == ("family.view", fid)
    assert actor in lei.token  # type: ignore[operator]
    people.member_act(ann, fid, kid, "remove").expect(200)
    assert [one["state"] for one in lei.get(f"{ROOT}/{fid}")["members"] if one["role"] == "minor"] == ["removed"]
    assert desk.logged(town) == [(action, actor, subject)] * 2, "who was a minor there is shown, too"


def test_a_users_family_is_found_by_himself(town: Town) -> None:
    ann, ben, cat = (town.person(name) for name in ("ann", "ben", "cat"))
    fid = household(town, ann, ben)
    shown = town.admin.get(f"/v1/admin/users/{uid_of(ben)}/family")
    assert (shown["family"]["family_id"], shown["member"]["role"], shown["minor_since"]) == (fid, "adult", None)
    nowhere = town.admin.get(f"/v1/admin/users/{uid_of(cat)}/family")
    assert (nowhere["family"], nowhere["member"], nowhere["closed_families"]) == (None, None, [])
    old = people.founded(cat)
    people.closed(town, cat, old)
    people.joins(cat, people.invited(ann, fid))
    people.acts(cat, fid, "leave").expect(200)
    until = clock.now() + rules.LOCK
    left = town.admin.get(f"/v1/admin/users/{uid_of(cat)}/family")
    assert (clock.parse(left["locked_until"]), left["closed_families"]) == (until, [old])
    assert desk.logged(town, "user.") == []
    desk.minor(town, ben)
    town.admin.get(f"/v1/admin/users/{uid_of(ben)}/family")
    assert [(one[0], one[2]) for one in desk.logged(town, "user.")] == [("user.family.view", uid_of(ben))]
    town.admin.call("GET", "/v1/admin/users/NOBODY/family").expect(404)


@pytest.mark.parametrize("of_member", [False, True])
def test_what_the_merchant_froze_he_unfreezes(town: Town, of_member: bool) -> None:
    ann, ben = town.person("ann"), town.person("ben")
    fid = household(town, ann, ben)
    who = ben if of_member else None

    def stands() -> tuple[str, str | None]:
        if of_member:
            return member_of(town, fid, ben).state.value, member_of(town, fid, ben).frozen_by
        return family_of(town, fid).status.value, family_of(town, fid).frozen_by

    lei = colleague(town, "李雷")
    freezes(lei, fid, who=who, key="one-key-for-one-tap-").expect(200)
    state, by = stands()
    assert (state, by is not None and by in str(lei.token)) == ("frozen", True)
    freezes(lei, fid, who=who, key="one-key-for-one-tap-").expect(200)
    freezes(town.admin, fid, who=who).expect(200)
    assert stands() == (state, by)
    unfreezes(town.admin, fid, who=who).expect(200)
    unfreezes(town.admin, fid, who=who).expect(200)
    assert stands() == ("active", None)
    what = "family.member." if of_member else "family."
    assert {action for action, _, _ in desk.logged(town)} == {f"{what}freeze", f"{what}unfreeze"}
    assert len(desk.logged(town)) == 2


@pytest.mark.parametrize("of_member", [False, True])
def test_what_the_owner_froze_is_his_again_when_the_merchant_lets_go(town: Town, of_member: bool) -> None:
    ann, ben = town.person("ann"), town.person("ben")
    fid = household(town, ann, ben)
    people.acts(ann, fid, f"members/{ben.uid}/freeze" if of_member else "freeze").expect(200)
    who = ben if of_member else None

    def by() -> str | None:
        return member_of(town, fid, ben).frozen_by if of_member else family_of(town, fid).frozen_by

    assert unfreezes(town.admin, fid, who=who).expect(409)["code"] == "family_frozen_by_owner"
    freezes(town.admin, fid, who=who).expect(200)
    assert (by() or "").endswith(",owner")
    unfreezes(town.admin, fid, who=who).expect(200)
    assert by() == "owner"
    assert (member_of(town, fid, ben).state if of_member else family_of(town, fid).status).value == "frozen"


def test_what_is_over_is_not_frozen(town: Town) -> None:
    ann, ben = town.person("ann"), town.person("ben")
    fid = household(town, ann, ben)
    people.member_act(ann, fid, ben, "remove").expect(200)
    people.acts(ann, fid, "close").expect(200)
    assert freezes(town.admin, fid).expect(409)["code"] == "family_ended"
    freezes(town.admin, fid, who=ben).expect(404)
    freezes(town.admin, "NOWHERE").expect(404)


def test_names_in_doubt_wait_for_the_merchant(town: Town) -> None:
    fid = listed(town, town.person("ann"), name_state=NameState.REVIEW)
    other = listed(town, town.person("ben"), name_state=NameState.UNCHECKED, at=clock.now() - timedelta(hours=1))
    first, second = town.admin.get(f"{ROOT}/names")["names"]
    assert (first["family_id"], first["state"]) == (other, "unchecked")
    assert (second["family_id"], second["name"], second["label"], second["trace_id"]) == (fid, NAME, 10001, "trace")
    assert decides_name(town.admin, fid, "别的", shown=True).expect(409)["code"] == "family_name_not_waiting"
    for _ in range(2):
        shown = decides_name(town.admin, fid, NAME, shown=True, key="one-key-for-one-tap-").expect(200)
        assert shown["state"] == "shown"
    assert decides_name(town.admin, other, NAME, shown=False).expect(200)["state"] == "refused"
    assert family_of(town, other).name_state is NameState.REFUSED
    assert town.admin.get(f"{ROOT}/names")["names"] == []
    assert decides_name(town.admin, other, NAME, shown=True).expect(409)["code"] == "family_name_not_waiting"
    assert {one[0] for one in desk.logged(town)} == {"family.name.approve", "family.name.reject"}
