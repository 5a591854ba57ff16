"""Invitations to families: one person, once, for seven days; and no code tells a guesser anything."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from chalicelib.core import clock
from chalicelib.family import guesses, rules
from chalicelib.family.states import InvitationState, MemberState
from tests.family import people
from tests.family.people import acts, refused
from tests.family.shop import family_of, household, member_of
from tests.town import Town

WEEK = 7 * 86_400


def test_an_invitation_is_for_one_person_once(town: Town) -> None:
    ann, ben, cat = town.person("ann"), town.person("ben"), town.person("cat")
    ann.api.call("PATCH", "/v1/me", {"nickname": "安安"}).expect(200)
    fid = people.founded(ann)
    wish: dict[str, Any] = {"per_fen": 300, "cap_fen": 900}
    made = people.invites(ann, fid, key="one-key-for-an-invitation", **wish).expect(201)
    assert people.invites(ann, fid, key="one-key-for-an-invitation", **wish).expect(201) == made
    assert refused(people.invites(ann, fid, key="one-key-for-an-invitation")) == (409, "idempotency_key_reused")
    code = made["code"]
    assert made["share"] == {
        "title": "邀请您加入「小林一家」家庭账户",
        "path": f"pages/family/invitation?code={code.replace('-', '')}",
    }
    english = ann.api.call("GET", f"/v1/families/{fid}/invitations", headers={"Accept-Language": "en"}).expect(200)
    assert english["invitations"][0]["share"]["title"] == "You are invited to the family 小林一家"
    seen = people.previews(ben, code).expect(200)
    terms = seen["terms"]
    assert (seen["can_accept"], terms["family_name"], terms["owner"]) == (True, "小林一家", "安**")
    assert (terms["role"], terms["per_fen"], terms["cap_fen"]) == ("adult", 300, 900)
    assert (terms["cooling_hours"], terms["lock_days"], terms["people"]) == (24, 90, 1)
    assert "每次最多 ¥3.00，每月最多 ¥9.00" in str(terms["sentences"])
    joined = people.accepts(ben, code.lower(), key="one-key-to-join-it").expect(201)
    assert joined["why_not"]["spend"]["code"] == "family_cooling"
    assert people.accepts(ben, code, key="one-key-to-join-again").expect(201) == joined
    assert people.accepts(ben, code.lower(), key="one-key-to-join-it").expect(201) == joined
    assert refused(people.accepts(cat, code)) == (409, "family_invitation_over")
    over = people.previews(cat, code).expect(200)
    assert (over["state"], over["terms"], over["why_not"]["code"]) == ("used", None, "family_invitation_over")
    (listed,) = ann.api.get(f"/v1/families/{fid}/invitations")["invitations"]
    assert (listed["state"], listed["used_by"], listed["share"]) == ("used", ben.uid, None)
    people.cooled(ben)
    assert people.looks(ben, fid)["why_not"]["spend"] is None


def test_nobody_spends_in_his_first_day(town: Town) -> None:
    ann, ben = town.person("ann"), town.person("ben")
    fid = people.family(ann, ben)
    clock.advance(people.COOLING - 1)
    ben.come_back()
    assert people.looks(ben, fid)["why_not"]["spend"]["code"] == "family_cooling"
    clock.advance(1)
    assert people.looks(ben, fid)["why_not"]["spend"] is None


@pytest.mark.parametrize("code", ["K7M2Q-9XW01", "K7M2Q-9XW00", "nothing"])
def test_every_wrong_code_is_answered_alike(town: Town, code: str) -> None:
    ann, ben = town.person("ann"), town.person("ben")
    fid = people.founded(ann)
    answers = [people.previews(ben, code), people.accepts(ben, code), people.declines(ben, code)]
    answers += [acts(ann, fid, f"invitations/{code}/{act}") for act in ("revoke", "qr")]
    assert {refused(reply) for reply in answers} == {(404, "family_invitation_unknown")}
    (said,) = {(reply.body["detail"], reply.body["next"]) for reply in answers}
    assert said


@pytest.mark.parametrize("code", ["K7M2Q-9XW00", "nothing"])
def test_who_tries_wrong_codes_is_locked_out_for_a_while(town: Town, code: str) -> None:
    ann, ben, cat = town.person("ann"), town.person("ben"), town.person("cat")
    good = people.invited(ann, people.founded(ann))
    tries = (people.previews, people.accepts, people.declines)
    for n in range(4):
        assert refused(tries[n % 3](ben, code)) == (404, "family_invitation_unknown")
    clock.advance(60)
    assert refused(people.previews(ben, code)) == (429, "family_invitations_locked"), "the fifth"
    clock.advance(239)
    for one in (code, good):
        for tried in tries:
            assert refused(tried(ben, one)) == (429, "family_invitations_locked")
    people.previews(cat, good).expect(200)
    clock.advance(1)
    assert refused(people.previews(ben, code)) == (404, "family_invitation_unknown")
    people.joins(ben, good)


def test_twenty_wrong_codes_on_a_day_are_enough(town: Town) -> None:
    ann, ben = town.person("ann"), town.person("ben")
    code = people.invited(ann, people.founded(ann))
    said = []
    for _ in range(guesses.MANY):
        said.append(people.previews(ben, "nothing").status)
        clock.advance(100)
    assert said == [404] * 19 + [429]
    assert refused(people.accepts(ben, code)) == (429, "family_invitations_locked")
    clock.advance(86_400)
    for person in (ann, ben):
        person.come_back()
    assert people.previews(ben, "nothing").status == 404
    accepted = people.accepts(ben, code, key="one-key-to-join-it").expect(201)
    for _ in range(guesses.FEW):
        people.previews(ben, "nothing")
    assert people.accepts(ben, code, key="one-key-to-join-it").expect(201)["family_id"] == accepted["family_id"]


def test_of_two_wrong_codes_at_once_none_is_lost(town: Town) -> None:
    ben = town.person("ben")
    for _ in range(3):
        people.previews(ben, "nothing").expect(404)
    town.emulator.meanwhile(lambda: people.previews(ben, "nothing").expect(404), "UpdateItem")
    assert people.previews(ben, "nothing").status == 429


def test_an_invitation_is_its_familys_alone(town: Town) -> None:
    ann, ben = town.person("ann"), town.person("ben")
    code = people.invited(ann, people.founded(ann))
    other = people.founded(ben)
    for act in ("revoke", "qr"):
        assert refused(acts(ben, other, f"invitations/{code}/{act}")) == (404, "family_invitation_unknown")


def test_an_invitation_is_declined_or_revoked_for_good(town: Town) -> None:
    ann, ben = town.person("ann"), town.person("ben")
    fid = people.founded(ann)
    declined, revoked = people.invited(ann, fid), people.invited(ann, fid)
    for key in ("one-key-to-decline-it", "one-key-to-decline-it", "another-key-to-decline"):
        assert people.declines(ben, declined, key=key).expect(200)["state"] == "declined"
    for key in ("one-key-to-revoke-it", "one-key-to-revoke-it", "another-key-to-revoke-it"):
        assert acts(ann, fid, f"invitations/{revoked}/revoke", key=key).expect(200)["state"] == "revoked"
    for code in (declined, revoked):
        assert refused(people.accepts(ben, code)) == (409, "family_invitation_over")
        assert people.invitation_of(town, code).due is None
    assert refused(people.declines(ben, revoked)) == (409, "family_invitation_over")
    assert refused(acts(ann, fid, f"invitations/{declined}/revoke")) == (409, "family_invitation_over")


def test_an_invitation_is_good_for_seven_days_to_the_last_instant(town: Town) -> None:
    ann, ben, cat = town.person("ann"), town.person("ben"), town.person("cat")
    fid = people.founded(ann)
    first, second = people.invited(ann, fid), people.invited(ann, fid)
    clock.advance(WEEK)
    for person in (ann, ben, cat):
        person.come_back()
    town.minute()
    people.joins(ben, first)
    clock.advance(0.001)
    assert people.previews(cat, second).expect(200)["state"] == "expired", "whether or not it was written down"
    for reply in (people.accepts(cat, second), people.declines(cat, second)):
        assert refused(reply) == (409, "family_invitation_over")
    town.minute()
    assert people.invitation_of(town, second).state is InvitationState.EXPIRED
    assert people.invitation_of(town, first).state is InvitationState.USED


def test_a_minor_is_invited_with_his_guardians_consent(town: Town) -> None:
    ann, ben = town.person("ann"), town.person("ben")
    fid = people.founded(ann)
    unsaid: dict[str, Any] = {}
    for said in (unsaid, {"consent": False}):
        reply = people.invites(ann, fid, role="minor", **said)
        assert (*refused(reply), reply.body["errors"][0]["pointer"]) == (422, "family_consent_needed", "/consent")
    code = people.invited(ann, fid, role="minor", consent=True)
    asked_at = clock.now()
    clock.advance(5)
    assert "须经主人同意" in str(people.previews(ben, code).expect(200)["terms"]["sentences"])
    people.joins(ben, code)
    consent = member_of(town, fid, ben).consent
    assert consent is not None
    assert (consent.by, consent.at) == (ann.uid, asked_at)


def test_who_is_invited_to_a_purse_is_told_whose_it_is_in_the_end(town: Town) -> None:
    ann, ben = town.person("ann"), town.person("ben")
    code = people.invited(ann, fid := people.founded(ann))
    told = "家庭账户关闭后，余额归主人使用"
    assert told not in str(people.previews(ben, code).expect(200)["terms"]["sentences"])
    people.sets(ann, fid, mode="purse").expect(200)
    assert told in str(people.previews(ben, code).expect(200)["terms"]["sentences"])


def test_six_are_a_family(town: Town) -> None:
    ann = town.person("ann")
    fid = household(town, ann, *(town.person() for _ in range(4)))
    code, spare = people.invited(ann, fid), people.invited(ann, fid)
    last = town.person("last")
    people.joins(last, code)
    assert family_of(town, fid).size == rules.MOST_PEOPLE
    late = town.person("late")
    assert refused(people.accepts(late, spare)) == (409, "family_full")
    assert people.previews(late, spare).expect(200)["why_not"]["code"] == "family_full"
    assert refused(people.invites(ann, fid)) == (409, "family_full")
    people.member_act(ann, fid, last, "remove").expect(200)
    people.joins(late, spare)
    assert member_of(town, fid, last).state is MemberState.REMOVED


def test_one_person_is_in_one_family(town: Town) -> None:
    ann, ben, cat = town.person("ann"), town.person("ben"), town.person("cat")
    first, second = people.founded(ann), people.founded(ben)
    people.joins(cat, people.invited(ann, first))
    code = people.invited(ben, second)
    assert people.previews(cat, code).expect(200)["why_not"]["code"] == "family_already"
    for person in (ben, cat):
        assert refused(people.accepts(person, code)) == (409, "family_already")
    assert family_of(town, second).size == 1


def test_the_owner_lists_and_draws_his_invitations(town: Town) -> None:
    ann, ben = town.person("ann"), town.person("ben")
    fid = people.family(ann, ben)
    codes = []
    for _ in range(3):
        clock.advance(1)
        codes.append(people.invited(ann, fid))
    path = f"/v1/families/{fid}/invitations"
    page = ann.api.get(f"{path}?limit=2")
    assert [one["code"] for one in page["invitations"]] == [codes[2], codes[1]]
    rest = ann.api.get(f"{path}?limit=2&cursor={page['cursor']}")
    assert [one["state"] for one in rest["invitations"]] == ["open", "used"]
    assert refused(ben.api.call("GET", path)) == (403, "family_not_owner")
    drawn = acts(ann, fid, f"invitations/{codes[0]}/qr", {"form": "svg"}).expect(200)
    assert (drawn["text"], drawn["media"]) == (codes[0], "image/svg+xml")
    assert b"<svg" in base64.b64decode(drawn["content"])
    assert refused(acts(ben, fid, f"invitations/{codes[0]}/qr")) == (403, "family_not_owner")


def test_who_owned_a_family_invites_no_more(town: Town) -> None:
    ann, ben = town.person("ann"), town.person("ben")
    fid = household(town, ann, ben)
    code = people.invites(ann, fid, key="one-key-for-an-invitation").expect(201)["code"]
    people.offers(ann, fid, ben).expect(200)
    acts(ben, fid, "hand-over/accept").expect(200)
    for reply in (
        people.invites(ann, fid, key="one-key-for-an-invitation"),
        people.invites(ann, fid),
        acts(ann, fid, f"invitations/{code}/revoke"),
    ):
        assert refused(reply) == (403, "family_not_owner")
    acts(ben, fid, f"invitations/{code}/revoke").expect(200)
