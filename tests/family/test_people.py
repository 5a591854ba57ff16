"""A family from its making to its end: who belongs to it, as what, and what each may see and do."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.accounts.items import NameState, User
from chalicelib.core import clock
from chalicelib.family import rules
from chalicelib.family.items import Family, families_index, shard_of
from chalicelib.family.states import FamilyState, MemberState, Role
from infra.local.client import Person
from tests.accounts.texts import BAD, DOUBTFUL
from tests.family import people
from tests.family.desk import says_minor
from tests.family.people import acts, refused, unset
from tests.family.shop import family_of, household, member_of, mid_of
from tests.town import Town


def minor_since(town: Town, person: Person) -> Any:
    return next(item for item in town.items() if isinstance(item, User) and item.uid == person.uid).minor_since


def frozen_by_shop(town: Town, fid: str, who: Person | None = None) -> None:
    item = family_of(town, fid) if who is None else member_of(town, fid, who)
    if isinstance(item, Family):
        item.status = FamilyState.FROZEN
    else:
        item.state = MemberState.FROZEN
    item.frozen_by, item.frozen_at = "01KEY", clock.now()
    town.emulator.restore(item)


def test_who_makes_a_family_owns_it_and_may_spend_at_once(town: Town) -> None:
    ann = town.person("ann")
    assert people.mine(ann)["can_create"]
    first = people.founds(ann, " 小林一家 ", key="one-key-for-a-family").expect(201)
    assert (first["name"], first["role"], first["people"], first["status"]) == ("小林一家", "owner", 1, "active")
    assert first["balance"] == {"granted_fen": 0, "paid_fen": 0, "total_fen": 0}
    (me,) = first["members"]
    assert (me["user_id"], me["spending"]["cap_fen"], first["why_not"]["spend"]) == (ann.uid, None, None)
    assert people.founds(ann, " 小林一家 ", key="one-key-for-a-family").expect(201) == first
    assert refused(people.founds(ann, "别的", key="one-key-for-a-family")) == (409, "idempotency_key_reused")
    assert refused(people.founds(ann)) == (409, "family_already")
    assert people.mine(ann)["family"] == first
    there = family_of(town, first["family_id"])
    assert there.gsi3pk == families_index(mid_of(town), shard_of(there.fid))


def test_a_name_of_nothing_is_none(town: Town) -> None:
    reply = people.founds(town.person(), "　 ")
    assert (reply.status, reply.body["errors"][0]["pointer"]) == (422, "/name")


def test_a_name_in_doubt_is_its_owners_alone(town: Town) -> None:
    ann, ben = town.person("ann"), town.person("ben")
    reply = people.founds(ann, BAD)
    assert (*refused(reply), reply.body["errors"][0]["pointer"]) == (422, "text_refused", "/name")
    fid = people.founded(ann, DOUBTFUL)
    code = people.invited(ann, fid)
    assert DOUBTFUL not in str(people.previews(ben, code).expect(200))
    joined = people.joins(ben, code)
    assert (joined["name"], joined["name_state"]) == (None, None)
    assert DOUBTFUL not in acts(ann, fid, "invitations").expect(201)["share"]["title"]
    seen, there = people.looks(ann, fid), family_of(town, fid)
    assert (seen["name"], seen["name_state"]) == (DOUBTFUL, "review")
    assert there.gsi1pk == f"{there.mid}|FNAMES#0"
    assert there.gsi1sk == f"{clock.iso(clock.now())}#{fid}"
    asked = len(town.sim.world.checked)
    people.sets(ann, fid, name=DOUBTFUL).expect(200)
    assert len(town.sim.world.checked) == asked, "it is looked at once"
    clock.advance(1)
    people.sets(ann, fid, name="小林").expect(200)
    assert people.looks(ben, fid)["name"] == "小林"
    assert unset(family_of(town, fid), "gsi1pk", "gsi1sk")
    assert refused(people.sets(ann, fid, name=BAD)) == (422, "text_refused")
    assert people.looks(ann, fid)["name"] == "小林"


def test_a_name_that_wechat_did_not_look_at_waits_and_is_asked_about_again(town: Town) -> None:
    ann = town.person("ann")
    town.act("/_sim/faults", endpoint="content", kind="unreachable", count=1)
    fid = people.founded(ann)
    assert people.looks(ann, fid)["name_state"] == "unchecked"
    people.sets(ann, fid, name=people.NAME).expect(200)
    assert people.looks(ann, fid)["name_state"] == "shown"


def test_a_name_that_the_merchant_refused_meanwhile_stays_refused(town: Town) -> None:
    ann = town.person("ann")
    town.act("/_sim/faults", endpoint="content", kind="unreachable", count=1)
    fid = people.founded(ann)

    def refuse() -> None:
        there = family_of(town, fid)
        there.name_state, there.gsi1pk, there.gsi1sk = NameState.REFUSED, None, None
        town.emulator.restore(there)

    town.emulator.meanwhile(refuse)
    assert refused(people.sets(ann, fid, name=people.NAME)) == (422, "text_refused")
    assert people.looks(ann, fid)["name_state"] == "refused"


def test_the_owner_sees_everybody_and_the_others_themselves(town: Town) -> None:
    ann, ben, cat = town.person("ann"), town.person("ben"), town.person("cat")
    ben.api.call("PATCH", "/v1/me", {"nickname": "本本"}).expect(200)
    fid = household(town, ann, ben, cat, granted=700, paid=300)
    with people.counting(town, lambda: member_of(town, fid, ben), month="2026-11", spent=1_500, approved=400):
        by_id = {one["user_id"]: one for one in people.looks(ann, fid)["members"]}
    assert by_id[ben.uid]["spending"] == {
        "per_fen": 5_000,
        "cap_fen": 20_000,
        "month": "2026-11",
        "spent_fen": 1_500,
        "approved_fen": 400,
        "left_fen": 18_500,
    }
    assert (by_id[ben.uid]["nickname"], by_id[ben.uid]["state"]) == ("本**", "active")
    assert people.looks(ann, fid)["balance"]["total_fen"] == 1_000
    seen = people.looks(cat, fid)
    others = [one for one in seen["members"] if not one["me"]]
    hidden = ("state", "spends_from", "joined_at", "spending")
    assert [[one[name] for name in hidden] for one in others] == [[None] * 4] * 2
    assert {one["user_id"] for one in others} == {ann.uid, ben.uid}
    assert {(one["nickname"], one["role"]) for one in others} == {("微信用户", "owner"), ("本**", "adult")}
    assert seen["balance"] is seen["cap"] is seen["offer"] is None
    assert people.seen_by(cat, fid, cat)["spending"]["left_fen"] == 20_000
    assert {act for act, why in seen["why_not"].items() if why} == {
        "fill",
        "invite",
        "hand_over",
        "freeze",
        "unfreeze",
        "close",
    }
    assert refused(people.sets(cat, fid, open_balance=True)) == (403, "family_not_owner")
    people.sets(ann, fid, open_balance=True).expect(200)
    assert people.looks(cat, fid)["balance"] == {"granted_fen": 700, "paid_fen": 300, "total_fen": 1_000}
    people.sets(ann, fid, open_balance=False).expect(200)
    assert people.looks(cat, fid)["balance"] is None
    people.sets(ann, fid, mode="purse").expect(200)
    assert people.looks(cat, fid)["balance"]["total_fen"] == 1_000
    stranger = town.person()
    assert refused(stranger.api.call("GET", f"/v1/families/{fid}")) == (404, "family_unknown")


def test_a_family_is_set_up_in_part(town: Town) -> None:
    ann, ben = town.person("ann"), town.person("ben")
    fid = people.family(ann, ben)
    seen = people.sets(ann, fid, cap_fen=50_000, restores=True).expect(200)
    assert seen["cap"] == {"cap_fen": 50_000, "month": "2026-11", "spent_fen": 0, "left_fen": 50_000}
    assert (seen["restores"], seen["open_balance"], seen["mode"]) == (True, False, "owner_pays")
    with people.counting(town, lambda: family_of(town, fid), month="2026-11", spent=60_000):
        assert people.looks(ann, fid)["cap"]["left_fen"] == 0
        assert people.looks(ben, fid)["cap"] is None
        clock.advance(30 * 86_400)
        for person in (ann, ben):
            person.come_back()
        assert people.looks(ann, fid)["cap"]["spent_fen"] == 0, "another month"
    both = people.sets(ann, fid, cap_fen=1, uncapped=True)
    assert (*refused(both), both.body["errors"][0]["pointer"]) == (422, "invalid_field", "/uncapped")
    assert people.sets(ann, fid, uncapped=True, restores=False).expect(200)["cap"] is None
    assert unset(family_of(town, fid), "cap", "restores")
    people.sets(ann, fid).expect(200)


def test_caps_and_roles_are_the_owners_to_say(town: Town) -> None:
    ann, ben = town.person("ann"), town.person("ben")
    fid = people.family(ann, ben)
    people.edits(ann, fid, ben, per_fen=0).expect(200)
    people.edits(ann, fid, ben, cap_fen=700).expect(200)
    spending = people.seen_by(ben, fid, ben)["spending"]
    assert (spending["per_fen"], spending["cap_fen"]) == (0, 700)
    assert refused(people.edits(ben, fid, ben, cap_fen=9)) == (403, "family_not_owner")
    assert refused(people.edits(ann, fid, ann, cap_fen=9)) == (409, "family_owner_stays")
    assert refused(people.edits(ann, fid, town.person(), cap_fen=9)) == (404, "family_member_unknown")
    people.edits(ann, fid, ben, role="adult").expect(200)
    assert refused(people.edits(ann, fid, ben, role="minor")) == (422, "invalid_field")
    assert (member_of(town, fid, ben).role, minor_since(town, ben)) == (Role.ADULT, None)


def test_a_minor_grows_up_once_his_owner_says_so(town: Town) -> None:
    ann, ben = town.person("ann"), town.person("ben")
    fid = people.family(ann, minors=(ben,))
    member = member_of(town, fid, ben)
    assert (member.role, member.consent and member.consent.by) == (Role.MINOR, ann.uid)
    assert town.admin.get(f"/v1/admin/users/{ben.uid}/family")["minor_by"] == "family"
    for _ in range(2):
        people.edits(ann, fid, ben, role="adult").expect(200)
    assert unset(member_of(town, fid, ben), "consent")
    assert minor_since(town, ben) is None


@pytest.mark.parametrize("first", [False, True])
def test_what_the_shop_said_of_a_minor_no_family_undoes(town: Town, first: bool) -> None:
    ann, ben, cat = town.person("ann"), town.person("ben"), town.person("cat")
    if first:
        fid = people.family(ann, minors=(ben,))
    since = clock.now()
    for _ in range(2):
        said = says_minor(town.admin, ben, minor=True).expect(200)
    assert (clock.parse(said["minor_since"]), said["minor_by"]) == (since, said["minor_by"])
    assert str(said["minor_by"]) in str(town.admin.token)
    clock.advance(1)
    if not first:
        fid = people.family(ann, minors=(ben,))
    people.edits(ann, fid, ben, role="adult").expect(200)
    assert minor_since(town, ben) == since
    acts(ben, fid, "leave").expect(200)
    clock.advance(people.LOCK)
    for person in (ann, ben, cat):
        person.come_back()
    people.family(cat, ben)
    assert minor_since(town, ben) == since
    assert says_minor(town.admin, ben, minor=False).expect(200)["minor_by"] is None
    assert minor_since(town, ben) is None


def test_a_family_says_of_nobody_what_the_shop_is_just_saying(town: Town) -> None:
    ann, ben = town.person("ann"), town.person("ben")
    code = people.invited(ann, people.founded(ann), role="minor", consent=True)
    town.emulator.meanwhile(lambda: says_minor(town.admin, ben, minor=True).expect(200))
    people.joins(ben, code)
    assert town.admin.get(f"/v1/admin/users/{ben.uid}/family")["minor_by"] != "family"


def test_a_minor_stays_until_he_is_removed_and_stays_a_minor(town: Town) -> None:
    ann, ben, cat = town.person("ann"), town.person("ben"), town.person("cat")
    fid = people.family(ann, minors=(ben,))
    assert member_of(town, fid, ben).consent is not None
    assert minor_since(town, ben) == clock.now()
    assert people.looks(ben, fid)["why_not"]["leave"]["code"] == "family_minor_stays"
    assert refused(acts(ben, fid, "leave")) == (403, "family_minor_stays")
    people.member_act(ann, fid, ben, "remove").expect(200)
    clock.advance(people.LOCK)
    for person in (ann, ben, cat):
        person.come_back()
    assert people.mine(ben)["why_not"]["code"] == "family_minor_owns_none"
    assert refused(people.founds(ben)) == (403, "family_minor_owns_none")
    other = people.family(cat, ben)
    assert minor_since(town, ben) is None, "he joined as an adult"
    assert people.looks(ben, other)["role"] == "adult"


@pytest.mark.parametrize("by_owner", [False, True])
def test_who_leaves_is_locked_for_ninety_days_and_keeps_his_month(town: Town, by_owner: bool) -> None:
    ann, ben = town.person("ann"), town.person("ben")
    fid = household(town, ann, ben)
    with people.counting(town, lambda: member_of(town, fid, ben), month="2026-11", spent=1_500):
        if by_owner:
            people.member_act(ann, fid, ben, "remove", key="one-key-to-remove-him").expect(200)
            people.member_act(ann, fid, ben, "remove", key="one-key-to-remove-him").expect(200)
            assert refused(people.member_act(ann, fid, ben, "remove")) == (404, "family_member_unknown")
        else:
            left = acts(ben, fid, "leave", key="one-key-to-leave-it").expect(200)
            assert acts(ben, fid, "leave", key="one-key-to-leave-it").expect(200) == left
            assert refused(acts(ben, fid, "leave")) == (404, "family_unknown")
        assert family_of(town, fid).size == 1
        assert [one["user_id"] for one in people.looks(ann, fid)["members"]] == [ann.uid]
        until = clock.iso(clock.now() + rules.LOCK).replace(".000", "")
        assert (people.mine(ben)["family"], people.mine(ben)["locked_until"]) == (None, until)
        code = people.invited(ann, fid)
        assert people.previews(ben, code).expect(200)["why_not"]["code"] == "family_locked"
        for reply in (people.accepts(ben, code), people.founds(ben)):
            assert refused(reply) == (409, "family_locked")
        clock.advance(people.LOCK)
        for person in (ann, ben):
            person.come_back()
        assert people.mine(ben)["locked_until"] is None
        people.joins(ben, people.invited(ann, fid, per_fen=7, cap_fen=70))
        again = member_of(town, fid, ben)
        assert (again.month, again.spent, again.per, again.cap) == ("2026-11", 1_500, 7, 70)
        assert (again.state, again.active_from) == (MemberState.ACTIVE, clock.now() + rules.COOLING)
        assert unset(again, "left_at") and unset(people.belonging_of(town, ben), "locked_until")


def test_a_freeze_is_for_all_or_for_one(town: Town) -> None:
    ann, ben = town.person("ann"), town.person("ben")
    fid = household(town, ann, ben)
    assert refused(acts(ben, fid, "freeze")) == (403, "family_not_owner")
    for _ in range(2):
        assert acts(ann, fid, "freeze", key="one-key-for-a-freeze").expect(200)["frozen_by"] == "owner"
    assert acts(ann, fid, "freeze").expect(200)["status"] == "frozen"
    assert people.looks(ben, fid)["why_not"]["spend"]["code"] == "family_frozen"
    assert refused(people.invites(ann, fid)) == (409, "family_frozen")
    assert acts(ann, fid, "freeze", key="one-key-for-a-freeze").status == 200
    acts(ann, fid, "unfreeze").expect(200)
    assert acts(ann, fid, "unfreeze").expect(200)["frozen_by"] is None
    for _ in range(2):
        people.member_act(ann, fid, ben, "freeze").expect(200)
    assert people.looks(ben, fid)["why_not"]["spend"]["code"] == "family_member_frozen"
    assert refused(people.member_act(ann, fid, ann, "freeze")) == (409, "family_owner_stays")
    for _ in range(2):
        people.member_act(ann, fid, ben, "unfreeze").expect(200)
    assert people.looks(ben, fid)["why_not"]["spend"] is None


def test_what_the_shop_froze_only_the_shop_unfreezes(town: Town) -> None:
    ann, ben = town.person("ann"), town.person("ben")
    fid = household(town, ann, ben)
    frozen_by_shop(town, fid, ben)
    assert refused(people.member_act(ann, fid, ben, "unfreeze")) == (409, "family_frozen_by_shop")
    frozen_by_shop(town, fid)
    seen = people.looks(ann, fid)
    assert (seen["frozen_by"], seen["why_not"]["unfreeze"]["code"], seen["why_not"]["close"]["code"]) == (
        "shop",
        "family_frozen_by_shop",
        "family_frozen_by_shop",
    )
    for what in ("unfreeze", "close"):
        assert refused(acts(ann, fid, what)) == (409, "family_frozen_by_shop")


def test_a_family_is_handed_over_when_both_agree(town: Town) -> None:
    ann, ben, cat, dan = (town.person(name) for name in ("ann", "ben", "cat", "dan"))
    fid = household(town, ann, ben, cat, minors=(dan,))
    for heir, code in ((dan, "family_heir_unfit"), (ann, "family_owner_stays")):
        assert refused(people.offers(ann, fid, heir)) == (409, code)
    people.member_act(ann, fid, cat, "freeze").expect(200)
    assert people.looks(ann, fid)["why_not"]["hand_over"] is None
    assert refused(people.offers(ann, fid, cat)) == (409, "family_heir_unfit")
    assert refused(acts(ben, fid, "hand-over/accept")) == (409, "family_not_offered")
    assert people.offers(ann, fid, ben).expect(200)["offer"]["user_id"] == ben.uid
    seen = people.looks(ben, fid)["offer"]
    assert (seen["to_me"], "能看到以前的每一笔消费" in str(seen["sentences"])) == (True, True)
    assert people.looks(dan, fid)["offer"] is None
    assert refused(acts(dan, fid, "hand-over/decline")) == (409, "family_not_offered")
    for person in (ben, ann):
        people.offers(ann, fid, ben).expect(200)
        assert acts(person, fid, "hand-over/decline").expect(200)["offer"] is None
    assert refused(acts(ann, fid, "hand-over/decline")) == (409, "family_not_offered")
    people.offers(ann, fid, ben).expect(200)
    for _ in range(2):
        now = acts(ben, fid, "hand-over/accept", key="one-key-to-take-over").expect(200)
        assert (now["role"], now["offer"], now["why_not"]["close"]) == ("owner", None, None)
    now_owner, former = member_of(town, fid, ben), member_of(town, fid, ann)
    assert now_owner.role is Role.OWNER and unset(now_owner, "per", "cap")
    assert (former.role, former.per, former.cap) == (Role.ADULT, rules.PER, rules.CAP)
    assert refused(acts(ann, fid, "close")) == (403, "family_not_owner")
    acts(ann, fid, "leave").expect(200)


def test_nobody_is_told_to_hand_a_family_over_to_nobody(town: Town) -> None:
    ann, ben, kid = town.person("ann"), town.person("ben"), town.person("kid")
    fid = household(town, ann, ben, minors=(kid,))
    people.member_act(ann, fid, ben, "freeze").expect(200)
    assert people.looks(ann, fid)["why_not"]["hand_over"]["code"] == "family_heir_unfit"
    assert people.looks(ann, fid)["why_not"]["fill"] is None
    people.sets(ann, fid, mode="purse").expect(200)
    told = [people.looks(person, fid)["why_not"]["fill"]["code"] for person in (ben, kid)]
    assert told == ["family_member_frozen", "family_adults_only"]


def test_an_offer_ends_with_its_heir(town: Town) -> None:
    ann, ben, cat = town.person("ann"), town.person("ben"), town.person("cat")
    fid = household(town, ann, ben, cat)
    people.offers(ann, fid, ben).expect(200)
    people.member_act(ann, fid, cat, "remove").expect(200)
    assert family_of(town, fid).offered_to == ben.uid
    people.member_act(ann, fid, ben, "freeze").expect(200)
    assert refused(acts(ben, fid, "hand-over/accept")) == (409, "family_heir_unfit")
    people.member_act(ann, fid, ben, "unfreeze").expect(200)
    acts(ben, fid, "leave").expect(200)
    assert family_of(town, fid).offered_to is None


def test_a_closed_family_frees_everybody_and_its_wallet_stays_the_owners(town: Town) -> None:
    ann, ben = town.person("ann"), town.person("ben")
    fid = household(town, ann, ben, granted=500, paid=40)
    people.offers(ann, fid, ben).expect(200)
    people.holds(town, fid, 1)
    code = people.invited(ann, fid)
    for _ in range(2):
        ends = acts(ann, fid, "close", key="one-key-to-close-it").expect(200)
        assert (ends["status"], ends["closed_at"], ends["balance"]["total_fen"]) == ("closing", None, 540)
    town.minute()
    assert people.looks(ben, fid)["why_not"]["spend"]["code"] == "family_ended"
    for reply in (
        acts(ann, fid, "close"),
        acts(ann, fid, "freeze"),
        acts(ben, fid, "leave"),
        people.member_act(ann, fid, ben, "remove"),
        people.sets(ann, fid, restores=True),
        people.offers(ann, fid, ben),
        people.accepts(town.person(), code),
    ):
        assert refused(reply) == (409, "family_ended")
    people.holds(town, fid, 0)
    town.pass_time(60)
    assert acts(ann, fid, "close", key="one-key-to-close-it").expect(200)["status"] == "closed"
    there = family_of(town, fid)
    assert there.size == 0
    assert unset(there, "offered_to", "offered_at", "gsi2pk", "frozen_by")
    own, free = people.mine(ann), people.mine(ben)
    (wallet,) = own["wallets"]
    assert (wallet["family_id"], wallet["balance"]["total_fen"]) == (fid, 540)
    assert (own["can_create"], free["can_create"], free["wallets"], free["locked_until"]) == (True, True, [], None)
    assert member_of(town, fid, ben).state is MemberState.REMOVED
    assert people.accepts(town.person(), code).status == 409
    second = people.family(ben, ann)
    people.offers(ben, second, ann).expect(200)
    acts(ann, second, "hand-over/accept").expect(200)
    acts(ann, second, "close").expect(200)
    town.minute()
    assert [wallet["family_id"] for wallet in people.mine(ann)["wallets"]] == [fid, second]


@pytest.mark.parametrize("operation", ["BatchGetItem", "Query"])
def test_a_family_that_is_closed_while_somebody_looks_is_no_failure(town: Town, operation: str) -> None:
    ann, ben = town.person("ann"), town.person("ben")
    fid = household(town, ann, ben)

    def closes() -> None:
        acts(ann, fid, "close").expect(200)
        town.minute()

    def looks() -> None:
        """Just before the second of two reads."""
        town.emulator.meanwhile(closes, operation)

    if operation == "BatchGetItem":
        town.emulator.meanwhile(looks, operation)
    else:
        looks()
    assert people.mine(ben)["now"]
    assert people.mine(ben)["family"] is None


def test_who_has_many_closed_wallets_owns_no_other(town: Town) -> None:
    ann, ben = town.person("ann"), town.person("ben")
    fid = household(town, ann, ben)
    for person in (ann, ben):
        belonging = people.belonging_of(town, person)
        belonging.wallets = [str(n) for n in range(rules.MOST_WALLETS)]
        town.emulator.restore(belonging)
    people.offers(ann, fid, ben).expect(200)
    assert refused(acts(ben, fid, "hand-over/accept")) == (409, "family_limit")
    acts(ben, fid, "leave").expect(200)
    clock.advance(people.LOCK)
    ben.come_back()
    assert people.mine(ben)["why_not"]["code"] == "family_limit"
    assert refused(people.founds(ben)) == (409, "family_limit")


def test_what_is_done_once_stays_done_whatever_came_after(town: Town) -> None:
    """A request that is sent again after its answer was lost is answered, and changes nothing any more."""
    ann, ben = town.person("ann"), town.person("ben")
    fid = household(town, ann, ben)
    acts(ann, fid, "freeze", key="one-key-for-a-freeze").expect(200)
    acts(ann, fid, "unfreeze").expect(200)
    acts(ann, fid, "freeze", key="one-key-for-a-freeze").expect(200)
    assert family_of(town, fid).status is FamilyState.ACTIVE
    people.offers(ann, fid, ben, key="one-key-for-an-offer").expect(200)
    acts(ben, fid, "hand-over/decline", key="one-key-to-decline").expect(200)
    people.offers(ann, fid, ben, key="one-key-for-an-offer").expect(200)
    assert family_of(town, fid).offered_to is None
    people.offers(ann, fid, ben).expect(200)
    acts(ben, fid, "hand-over/decline", key="one-key-to-decline").expect(200)
    assert family_of(town, fid).offered_to == ben.uid
