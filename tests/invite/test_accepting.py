"""Accepting an invitation: once for good, by an act of its own."""

from __future__ import annotations

import pytest

from chalicelib.accounts import tombstone
from chalicelib.accounts.items import User, UserState, openid_key, user_key
from chalicelib.core import clock
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import read_one
from chalicelib.core.transaction import Transaction, update_one
from chalicelib.invite.items import Edge
from infra.local.client import Person
from tests.invite.family import accepts, by_code, by_share, chain, code_of
from tests.sharing.friends import comes_by, enters, invitation, private_message, shared
from tests.town import Town, send


def edges(town: Town) -> dict[str, Edge]:
    return {item.child: item for item in town.items() if isinstance(item, Edge)}


def user(town: Town, person: Person) -> User:
    found = read_one(User, user_key(MerchantId(town.merchant.mid), person.uid))
    assert found is not None
    return found


@pytest.fixture
def pair(town: Town) -> tuple[Person, Person]:
    ann = town.person("ann")
    clock.advance(60)
    return ann, town.person("ben")


def test_who_accepts_has_an_inviter(town: Town, pair: tuple[Person, Person]) -> None:
    ann, ben = pair
    ann.api.call("PATCH", "/v1/me", {"nickname": "安然"}).expect(200)
    said = accepts(ben, ann).expect(201)
    assert said["inviter"] == {"nickname": "安**", "avatar_url": None}
    assert said["new_user"] is True
    assert ben.api.get("/v1/invites")["inviter"] == said["inviter"]
    assert edges(town)[ben.uid].parent == ann.uid


def test_neither_a_login_nor_an_opening_binds(town: Town, pair: tuple[Person, Person]) -> None:
    ann, ben = pair
    comes_by(ben, invitation(ann))
    ben.come_back()
    assert edges(town) == {}


def test_an_edge_keeps_how_sure_it_is(town: Town, pair: tuple[Person, Person]) -> None:
    ann, ben = pair
    share = invitation(ann)
    activity = ann.api.post(f"/v1/shares/{share['share_id']}/private-card")["activity_id"]
    comes_by(ben, share, scene_value=1008, private_message=private_message(town, ben, activity))
    by_share(ben, share).expect(201)
    edge = edges(town)[ben.uid]
    assert (edge.evidence, edge.scene_value, edge.share) == ("proved", 1008, share["share_id"])


def test_without_an_entry_by_that_share_there_is_no_evidence(town: Town, pair: tuple[Person, Person]) -> None:
    ann, ben = pair
    cat = town.person("cat")
    comes_by(ben, invitation(cat))
    accepts(ben, ann).expect(201)
    edge = edges(town)[ben.uid]
    assert {edge.evidence, edge.scene_value} == {None}


def later(town: Town, name: str) -> Person:
    """Somebody who registers after the others."""
    clock.advance(1)
    return town.person(name)


def test_the_first_inviter_stays(town: Town, pair: tuple[Person, Person]) -> None:
    ann, ben = pair
    cat = later(town, "cat")
    accepts(cat, ann).expect(201)
    refused = accepts(cat, ben)
    assert (refused.status, refused.body["code"]) == (409, "invite_already_bound")
    assert edges(town)[cat.uid].parent == ann.uid


def test_accepting_the_same_inviter_again_changes_nothing(town: Town, pair: tuple[Person, Person]) -> None:
    ann, ben = pair
    said = accepts(ben, ann, key="one-tap-of-ben").expect(201)
    before = town.emulator.items()
    clock.advance(1)
    for again in (accepts(ben, ann, key="one-tap-of-ben"), accepts(ben, ann, key="another-tap")):
        assert {**again.expect(201), "now": None} == {**said, "now": None}
    assert town.emulator.items() == before


def test_a_key_is_for_one_invitation(town: Town, pair: tuple[Person, Person]) -> None:
    ann, ben = pair
    cat = later(town, "cat")
    accepts(cat, ann, key="one-tap-of-cat").expect(201)
    refused = accepts(cat, ben, key="one-tap-of-cat")
    assert (refused.status, refused.body["code"]) == (409, "idempotency_key_reused")


def test_nobody_invites_himself(town: Town, pair: tuple[Person, Person]) -> None:
    ann, _ = pair
    for refused in (accepts(ann, ann), by_code(ann, code_of(ann))):
        assert (refused.status, refused.body["code"]) == (409, "invite_self")
    assert edges(town) == {}


def test_who_registered_first_is_invited_by_nobody_newer(town: Town, pair: tuple[Person, Person]) -> None:
    ann, ben = pair
    refused = accepts(ann, ben)
    assert (refused.status, refused.body["code"]) == (409, "inviter_newer")
    assert edges(town) == {}


def test_of_two_who_accept_each_other_at_once_one_does(town: Town, pair: tuple[Person, Person]) -> None:
    ann, ben = pair
    shares = invitation(ann), invitation(ben)
    answers = []
    town.emulator.meanwhile(lambda: answers.append(by_share(ann, shares[1]).status))
    answers.append(by_share(ben, shares[0]).status)
    assert answers == [409, 201]
    assert list(edges(town)) == [ben.uid]


def test_two_inviters_at_once_are_one(town: Town, pair: tuple[Person, Person]) -> None:
    ann, ben = pair
    cat = later(town, "cat")
    shares = invitation(ann), invitation(ben)
    town.emulator.meanwhile(lambda: by_share(cat, shares[0]).expect(201))
    refused = by_share(cat, shares[1])
    assert (refused.status, refused.body["code"]) == (409, "invite_already_bound")
    assert edges(town)[cat.uid].parent == ann.uid


def test_a_blocked_inviter_is_unknown_even_at_the_last_moment(town: Town, pair: tuple[Person, Person]) -> None:
    ann, ben = pair
    share = invitation(ann)
    blocked = user_key(MerchantId(town.merchant.mid), ann.uid)
    town.emulator.meanwhile(lambda: update_one(blocked, [User.status.set(UserState.BLOCKED)], when={}))
    refused = by_share(ben, share)
    assert (refused.status, refused.body["code"]) == (404, "invite_unknown")
    assert by_share(ben, share).status == 404
    assert edges(town) == {}


@pytest.mark.parametrize(
    "body", [{}, {"share_id": "0" * 16, "code": "12345678"}, {"code": "1234567"}, {"share_id": "x"}]
)
def test_an_invitation_is_one_share_or_one_code(town: Town, body: dict[str, str]) -> None:
    refused = town.person().api.call("POST", "/v1/invites", body)
    assert (refused.status, refused.body["code"]) == (422, "invalid_field")


@pytest.mark.parametrize("body", [{"share_id": "0" * 16}, {"code": "12345678"}])
def test_an_invitation_that_is_not_there_is_unknown(town: Town, body: dict[str, str]) -> None:
    refused = town.person().api.call("POST", "/v1/invites", body)
    assert (refused.status, refused.body["code"]) == (404, "invite_unknown")


def test_another_merchants_invitation_is_unknown(town: Town) -> None:
    ann = town.person("ann")
    stranger = Person.login(send, town.control, town.second().appid, "ben")
    assert accepts(stranger, ann).status == 404
    assert by_code(stranger, code_of(ann)).status == 404


def test_a_code_is_eight_digits_one_a_user_and_leads_to_the_same_edge(town: Town, pair: tuple[Person, Person]) -> None:
    ann, ben = pair
    assert ann.api.get("/v1/invites")["code"] is None
    code = code_of(ann)
    assert (len(code), code.isdigit()) == (8, True)
    assert code_of(ann) == ann.api.get("/v1/invites")["code"] == code
    opened = enters(ben, text=f"我的邀请码是{code},快来").expect(200)
    assert opened["open"] == {"kind": "invite", "id": "ALL", "path": invitation(ann)["path"]}
    by_code(ben, code).expect(201)
    edge = edges(town)[ben.uid]
    assert (edge.parent, edge.via, edge.evidence) == (ann.uid, "code", "opened")
    assert edge.share == invitation(ann)["share_id"]


def test_full_width_digits_are_digits(town: Town, pair: tuple[Person, Person]) -> None:
    ann, ben = pair
    wide = code_of(ann).translate({ord(str(n)): chr(0xFF10 + n) for n in range(10)})
    assert enters(ben, text=wide).expect(200)["open"]["kind"] == "invite"


def test_a_code_that_is_taken_is_drawn_again(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter([7, 7, 8])
    monkeypatch.setattr("chalicelib.core.chance.below", lambda limit: next(drawn))
    assert [code_of(town.person("ann")), code_of(town.person("ben"))] == ["00000007", "00000008"]


def test_two_who_ask_for_a_code_at_once_have_one(town: Town) -> None:
    ann = town.person("ann")
    codes = []
    town.emulator.meanwhile(lambda: codes.append(code_of(ann)))
    codes.append(code_of(ann))
    assert codes[0] == codes[1]


def test_who_has_ordered_is_not_new(town: Town, pair: tuple[Person, Person]) -> None:
    ann, ben = pair
    update_one(user_key(MerchantId(town.merchant.mid), ben.uid), [User.last_order_at.set(clock.now())], when={})
    assert accepts(ben, ann).expect(201)["new_user"] is False


def test_who_is_new_is_as_the_campaign_says(town: Town, pair: tuple[Person, Person]) -> None:
    ann, ben = pair
    clock.advance(3600)
    start = clock.now().isoformat()
    campaign = town.campaign(starts_at=start, new_user={"definition": "never_seen"})
    clock.advance(1)
    share = shared(ann, campaign)
    assert by_share(ben, share).expect(201)["new_user"] is False
    assert by_share(town.person("cat"), share).expect(201)["new_user"] is True


def deleted(town: Town, person: Person) -> None:
    """What the deletion of an account does of this."""
    gone, tx = user(town, person), Transaction()
    tombstone.bury(tx, gone)
    tx.delete("user", gone, when={})
    tx.delete("openid", openid_key(gone.appid, gone.openid), when={})
    tx.commit()


@pytest.mark.parametrize("unionid", [True, False])
def test_who_deletes_his_account_and_comes_back_is_not_new(town: Town, unionid: bool) -> None:
    town.act("/_sim/users", name="ben", unionid=unionid)
    ann = town.person("ann")
    first = town.person("ben")
    deleted(town, first)
    clock.advance(60)
    back = town.person("ben")
    assert back.uid != first.uid
    assert accepts(back, ann).expect(201)["new_user"] is False
    assert edges(town)[back.uid].verdict.returned
    stone = next(item for item in town.items() if isinstance(item, tombstone.Tombstone))
    known = user(town, back)
    assert not any(
        str(secret) in str(stone.serialize()) for secret in (known.openid, known.unionid, first.uid) if secret
    )
    assert stone.ttl is not None


def test_a_stone_is_nobody_elses(town: Town) -> None:
    deleted(town, town.person("ben"))
    ann = town.person("ann")
    clock.advance(1)
    assert accepts(town.person("cat"), ann).expect(201)["new_user"] is True


def test_ancestors_are_the_nearest_five_at_the_time(town: Town) -> None:
    people = chain(town, *"abcdefgh")
    found = edges(town)
    for n, person in enumerate(people[1:], 1):
        assert found[person.uid].ancestors == [p.uid for p in reversed(people[max(0, n - 5) : n])]
