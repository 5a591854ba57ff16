"""The merchant's desk: families in pages, one with all of it, freezing that only he undoes, names, and the log."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.accounts.items import NameState
from chalicelib.core import clock
from chalicelib.family.items import (
    Ask,
    Belonging,
    Cart,
    Invitation,
    Member,
    Move,
    Spend,
    ask_key,
    belonging_key,
    invitation_key,
    move_key,
    people_index,
    place,
    spend_key,
)
from chalicelib.family.states import (
    AskState,
    FamilyState,
    InvitationState,
    MemberState,
    Role,
    SpendState,
    Why,
)
from tests.family import desk
from tests.family.desk import ROOT, decides_name, freezes, listed, unfreezes
from tests.family.shop import NAME, PER, family_of, household, member_of, mid_of, uid_of
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
    ann, ben, now = town.person("ann"), town.person("ben"), clock.now()
    fid = household(town, ann, ben, granted=300, paid=200, cap=5_000, open_balance=1)
    mid, first = mid_of(town), uid_of(ann)
    for n, (state, until) in enumerate(
        ((InvitationState.OPEN, 7), (InvitationState.OPEN, -1), (InvitationState.USED, 7))
    ):
        code = f"CODE{n}"
        invited = Invitation(
            *invitation_key(mid, code),
            fid=fid,
            state=state,
            role=Role.ADULT,
            per=1,
            cap=1,
            by=first,
            until=now + timedelta(days=until),
            fingerprint="-",
            created_at=now,
        )
        invited.gsi1pk, invited.gsi1sk = people_index(mid, fid), f"I#{place(now, code)}"
        town.emulator.restore(invited)
    for n, asks in enumerate((AskState.OPEN, AskState.REFUSED)):
        ask = Ask(
            *ask_key(mid, fid, f"ASK{n}"),
            uid=uid_of(ben),
            state=asks,
            cart=Cart(act="solo", target="x"),
            title="茶",
            total_fen=1,
            until=now + timedelta(days=1),
            fingerprint="-",
            created_at=now,
        )
        ask.gsi1pk, ask.gsi1sk = people_index(mid, fid), f"A#{place(now, ask.ask_id)}"
        town.emulator.restore(ask)
    spent = Spend(
        *spend_key(mid, fid, now, "ORDER"),
        uid=uid_of(ben),
        payer=first,
        state=SpendState.CAPTURED,
        granted=70,
        paid=30,
        back_paid=20,
        month="2026-11",
        title="茶",
        at=now,
    )
    later = now + timedelta(1)
    put = Move(*move_key(mid, fid, later, "m"), why=Why.CODE, granted=5, paid=0, by=first, subject="c", at=later)
    town.emulator.restore(spent)
    town.emulator.restore(put)
    shown = town.admin.get(f"{ROOT}/{fid}")
    assert (shown["name"], shown["granted_fen"], shown["paid_fen"], shown["members_see_balance"]) == (
        NAME,
        300,
        200,
        True,
    )
    assert (shown["open_invitations"], shown["open_asks"], shown["refunds_restore_caps"]) == (1, 1, False)
    members = {one["user_id"]: one for one in shown["members"]}
    assert (members[first]["role"], members[first]["cap_fen"]) == ("owner", None)
    other = members[uid_of(ben)]
    assert (other["role"], other["per_fen"], other["cap_fen"], other["guardian_id"]) == ("adult", PER, 5_000, None)
    newest, before = shown["ledger"]
    assert (newest["why"], newest["granted_fen"], newest["subject"]) == ("code", 5, "c")
    assert (before["why"], before["subject"], before["back_fen"], before["payer_id"]) == ("order", "ORDER", 20, first)
    assert desk.logged(town) == []


def test_who_looks_at_a_family_with_a_minor_is_in_the_log(town: Town) -> None:
    ann, kid = town.person("ann"), town.person("kid")
    fid, lei = household(town, ann, minors=(kid,)), colleague(town, "李雷", "viewer")
    (child,) = [one for one in lei.get(f"{ROOT}/{fid}")["members"] if one["role"] == "minor"]
    assert (child["guardian_id"], child["user_id"]) == (uid_of(ann), uid_of(kid))
    ((action, actor, subject),) = desk.logged(town)
    assert (action, subject) == ("family.view", fid)
    assert actor in lei.token  # type: ignore[operator]
    gone = member_of(town, fid, kid)
    gone.state = MemberState.REMOVED
    town.emulator.restore(gone)
    lei.get(f"{ROOT}/{fid}")
    assert len(desk.logged(town)) == 1


def test_a_users_family_is_found_by_himself(town: Town) -> None:
    ann, ben, cat = (town.person(name) for name in ("ann", "ben", "cat"))
    fid = household(town, ann, ben)
    shown = town.admin.get(f"/v1/admin/users/{uid_of(ben)}/family")
    assert (shown["family"]["family_id"], shown["member"]["role"], shown["minor_since"]) == (fid, "adult", None)
    nowhere = town.admin.get(f"/v1/admin/users/{uid_of(cat)}/family")
    assert (nowhere["family"], nowhere["member"], nowhere["closed_families"]) == (None, None, [])
    until = clock.now() + timedelta(days=90)
    town.emulator.restore(Belonging(*belonging_key(mid_of(town), uid_of(cat)), locked_until=until, wallets=["OLD"]))
    left = town.admin.get(f"/v1/admin/users/{uid_of(cat)}/family")
    assert (clock.parse(left["locked_until"]), left["closed_families"]) == (until, ["OLD"])
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
    fid = household(town, ann, ben, status=FamilyState.ACTIVE if of_member else FamilyState.FROZEN)
    frozen: object = member_of(town, fid, ben) if of_member else family_of(town, fid)
    if isinstance(frozen, Member):
        frozen.state = MemberState.FROZEN
    frozen.frozen_by = "owner"  # type: ignore[attr-defined]
    town.emulator.restore(frozen)  # type: ignore[arg-type]
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
    fid = household(town, ann, ben, status=FamilyState.CLOSING)
    assert freezes(town.admin, fid).expect(409)["code"] == "family_ended"
    gone = member_of(town, fid, ben)
    gone.state = MemberState.REMOVED
    town.emulator.restore(gone)
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
