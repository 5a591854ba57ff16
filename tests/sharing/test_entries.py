"""Who came by whom: noted once, attributed to the last valid share, and never worth anything by itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.core import clock
from chalicelib.core.ids import MerchantId, UserId
from chalicelib.core.store import read_one
from chalicelib.sharing.items import Entry, entry_key
from chalicelib.sharing.rules import Attribution, attributed
from infra.local.client import Person
from infra.local.seed import demo_offer
from tests.sharing.friends import TIMELINE, comes_by, enters, invitation, openid, private_message, shared
from tests.town import Town


def entries(town: Town) -> list[Entry]:
    return [item for item in town.items() if isinstance(item, Entry)]


def credit(town: Town, person: Person, kind: str, ident: str) -> Attribution | None:
    mid, uid = MerchantId(town.merchant.mid), UserId(person.uid)
    return attributed(read_one(Entry, entry_key(mid, uid, kind, ident)), clock.now())


def test_an_entry_says_what_to_open_and_who_invited(town: Town) -> None:
    campaign = town.campaign()
    ann, ben = town.person("ann"), town.person("ben")
    ann.api.call("PATCH", "/v1/me", {"nickname": "安然"}).expect(200)
    share = shared(ann, campaign)
    said = comes_by(ben, share)
    assert said["open"] == {"kind": "campaign", "id": campaign, "path": share["path"]}
    assert said["inviter"] == {"nickname": "安**", "avatar_url": None}
    assert (said["counted"], said["why_not"], said["evidence"]) == (True, None, "opened")


def test_scene_query_and_text_lead_to_the_same(town: Town) -> None:
    ann, ben = town.person("ann"), town.person("ben")
    share = shared(ann, town.campaign())
    ways: list[dict[str, Any]] = [
        {"scene": share["scene"]},
        {"query": share["path"].partition("?")[2]},
        {"query": f"s={share['share_id']}&from=groupmessage"},
        {"text": f"快来看看 {share['path']} 一起拼"},
    ]
    assert len({str(enters(ben, **way).expect(200)["open"]) for way in ways}) == 1
    assert len(entries(town)) == 1


def test_a_group_is_opened_through_whoever_shared_it(town: Town) -> None:
    _, seat = town.opened(town.campaign())
    ann, ben = town.person("ann"), town.person("ben")
    comes_by(ben, ann.group(seat["group_id"])["share"])
    attribution = credit(town, ben, "group", seat["group_id"])
    assert attribution is not None
    assert attribution.sharer == ann.uid


@pytest.mark.parametrize(
    "way", [{}, {"scene": "s=0000000000000000", "text": "x"}, {"scene": "a", "query": "b", "text": "c"}]
)
def test_one_comes_in_exactly_one_way(town: Town, way: dict[str, Any]) -> None:
    refused = enters(town.person(), **way)
    assert (refused.status, refused.body["code"]) == (422, "invalid_field")


@pytest.mark.parametrize(
    "way",
    [
        {"scene": "s=0000000000000000"},
        {"scene": "x"},
        {"query": "g=1&share=s"},
        {"text": "12345678"},
        {"text": "你好"},
    ],
)
def test_an_unknown_share_is_said_so(town: Town, way: dict[str, Any]) -> None:
    refused = enters(town.person(), **way)
    assert (refused.status, refused.body["code"]) == (404, "share_unknown")
    assert entries(town) == []


def test_another_merchants_share_is_unknown(town: Town) -> None:
    from tests.town import send

    share = shared(town.person("ann"), town.campaign())
    stranger = Person.login(send, town.control, town.second().appid, "ben")
    assert enters(stranger, scene=share["scene"]).status == 404


def test_it_is_noted_once_whatever_is_opened_how_often(town: Town) -> None:
    ann, ben = town.person("ann"), town.person("ben")
    share = shared(ann, town.campaign())
    comes_by(ben, share)
    first = [entry.serialize() for entry in entries(town)]
    for _ in range(3):
        clock.advance(60)
        with town.emulator.counting() as calls:
            comes_by(ben, share)
        assert {call.operation for call in calls} == {"BatchGetItem"}
    assert [entry.serialize() for entry in entries(town)] == first


@pytest.mark.parametrize("scene_value", [1154, 1155])
def test_moments_invite_nobody(town: Town, scene_value: int) -> None:
    share = shared(town.person("ann"), town.campaign())
    said = comes_by(town.person("ben"), share, scene_value=scene_value)
    assert (said["counted"], said["why_not"], said["open"]["kind"]) == (False, "timeline", "campaign")
    assert entries(town) == []


def test_ones_own_share_opens_and_does_not_count(town: Town) -> None:
    ann = town.person("ann")
    said = comes_by(ann, shared(ann, town.campaign()))
    assert (said["counted"], said["why_not"], said["inviter"]) == (False, "own", None)
    assert entries(town) == []


def test_a_campaign_that_is_over_attributes_nothing(town: Town) -> None:
    now = clock.now()
    offer = demo_offer(now=now) | {"ends_at": (now + timedelta(days=2)).isoformat()}
    campaign, ann, ben = town.campaign(offer), town.person("ann"), town.person("ben")
    share = shared(ann, campaign)
    comes_by(ben, share)
    clock.advance(2 * 86_400 - 1)
    assert credit(town, ben, "campaign", campaign) is not None
    clock.advance(1)
    assert credit(town, ben, "campaign", campaign) is None
    late = town.person("late")
    assert comes_by(late, share)["why_not"] == "ended"


def test_the_last_valid_share_has_the_credit_and_the_first_opening_is_kept(town: Town) -> None:
    campaign = town.campaign()
    ann, ben, cat = town.person("ann"), town.person("ben"), town.person("cat")
    comes_by(cat, shared(ann, campaign))
    came = clock.now()
    clock.advance(60)
    comes_by(cat, shared(ben, campaign))
    [entry] = entries(town)
    assert (entry.sharer, entry.first_at, entry.opened_at) == (ben.uid, came, clock.now())
    comes_by(cat, shared(ann, campaign), scene_value=TIMELINE)
    attribution = credit(town, cat, "campaign", campaign)
    assert attribution is not None
    assert attribution.sharer == ben.uid


def test_an_invitation_has_thirty_days_and_may_be_opened_again(town: Town) -> None:
    ann, ben = town.person("ann"), town.person("ben")
    share = invitation(ann)
    comes_by(ben, share)
    clock.advance(30 * 86_400 - 1)
    assert credit(town, ben, "invite", "ALL") is not None
    clock.advance(1)
    assert credit(town, ben, "invite", "ALL") is None
    ben.come_back()
    comes_by(ben, share)
    assert credit(town, ben, "invite", "ALL") is not None
    assert len(entries(town)) == 1


def test_an_entry_grants_nothing(town: Town) -> None:
    """Whatever is opened, by whomever, in whatever way: one entry is written and nothing else in the world changes."""
    campaign = town.campaign(size=3)
    leader, seat = town.opened(campaign)
    for name, share in (
        ("ben", leader.group(seat["group_id"])["share"]),
        ("cat", shared(leader, campaign)),
        ("dan", invitation(leader)),
    ):
        friend = town.person(name)
        before = {item.key: item.serialize() for item in town.items()}
        comes_by(friend, share)
        after = {item.key: item for item in town.items()}
        assert [type(after[key]) for key in after.keys() - before.keys()] == [Entry]
        assert all(after[key].serialize() == raw for key, raw in before.items())
        assert not any(item.due for item in after.values() if isinstance(item, Entry))


def test_two_shares_at_once_are_noted_one_after_the_other(town: Town) -> None:
    campaign = town.campaign()
    ann, ben, cat = town.person("ann"), town.person("ben"), town.person("cat")
    shares = [shared(person, campaign) for person in (ann, ben)]
    town.emulator.meanwhile(lambda: comes_by(cat, shares[0]), "UpdateItem")
    comes_by(cat, shares[1])
    [entry] = entries(town)
    assert entry.sharer == ben.uid


class Card:
    """A private card that ann sent to ben."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.ann, self.ben = town.person("ann"), town.person("ben")
        self.share = shared(self.ann, town.campaign())
        path = f"/v1/shares/{self.share['share_id']}/private-card"
        self.activity: str = self.ann.api.post(path)["activity_id"]

    def opened(self, by: Person | None = None, **changes: Any) -> str:
        proof = {**private_message(self.town, by or self.ben, self.activity), **changes}
        evidence: str = comes_by(self.ben, self.share, private_message=proof)["evidence"]
        return evidence


@pytest.fixture
def card(town: Town) -> Card:
    return Card(town)


def test_a_receiver_proves_that_he_is_one(card: Card) -> None:
    assert card.opened() == "proved"
    [entry] = entries(card.town)
    assert entry.evidence == "proved"


def test_what_the_client_says_is_a_claim(card: Card) -> None:
    assert comes_by(card.ben, card.share, private_message={"valid": True})["evidence"] == "claimed"
    assert comes_by(card.ben, card.share, private_message={"valid": False})["evidence"] == "opened"


def test_stronger_evidence_is_noted_and_weaker_is_not(card: Card) -> None:
    comes_by(card.ben, card.share)
    for evidence, proof in (("claimed", {"valid": True}), ("proved", None), ("proved", {"valid": False})):
        if proof is None:
            card.opened()
        else:
            comes_by(card.ben, card.share, private_message=proof)
        [entry] = entries(card.town)
        assert entry.evidence == evidence


def test_another_cards_proof_is_none(card: Card) -> None:
    cat = card.town.person("cat")
    share = shared(cat, card.share["path"].partition("c=")[2].partition("&")[0])
    other = cat.api.post(f"/v1/shares/{share['share_id']}/private-card")["activity_id"]
    proof = private_message(card.town, card.ben, other)
    assert comes_by(card.ben, card.share, private_message=proof)["evidence"] == "opened"


def test_another_persons_proof_is_none(card: Card) -> None:
    assert card.opened(card.town.person("cat")) == "opened"


def test_a_proof_works_under_the_session_of_its_login_alone(card: Card) -> None:
    proof = private_message(card.town, card.ben, card.activity)
    card.town.act("/_sim/login-codes", appid=card.town.merchant.appid, openid=openid(card.town, card.ben))
    assert comes_by(card.ben, card.share, private_message=proof)["evidence"] == "opened"


@pytest.mark.parametrize("changes", [{"code": "made up"}, {"iv": "A" * 22 + "=="}, {"encrypted_data": "A" * 43 + "="}])
def test_what_does_not_open_proves_nothing_and_stops_nobody(card: Card, changes: dict[str, Any]) -> None:
    assert card.opened(**changes) == "opened"


def test_without_wechat_a_proof_is_a_claim(card: Card) -> None:
    proof = private_message(card.town, card.ben, card.activity)
    card.town.act("/_sim/faults", endpoint="login", kind="unreachable", count=1)
    assert comes_by(card.ben, card.share, private_message=proof)["evidence"] == "claimed"


@pytest.mark.parametrize(("seconds", "evidence"), [(-1, "proved"), (0, "opened")])
def test_a_card_is_proved_for_a_hundred_and_twenty_days(town: Town, seconds: int, evidence: str) -> None:
    ann, ben = town.person("ann"), town.person("ben")
    share = invitation(ann)
    activity = ann.api.post(f"/v1/shares/{share['share_id']}/private-card")["activity_id"]
    clock.advance(120 * 86_400 + seconds)
    ben.come_back()
    proof = {**private_message(town, ben, activity), "valid": True}
    assert comes_by(ben, share, private_message=proof)["evidence"] == evidence
