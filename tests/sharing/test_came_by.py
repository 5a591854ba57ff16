"""What somebody does is attributed to the last valid share that he came by; it is written down and worth nothing."""

from __future__ import annotations

from typing import Any

from infra.local.client import Person
from tests.bargain.shop import grown, helps, offer, page, started
from tests.town import Town


def opens(person: Person, share: dict[str, Any], scene_value: int = 1007) -> None:
    person.api.call("POST", "/v1/entries", {"scene": share["scene"], "scene_value": scene_value}).expect(200)


def test_a_seat_says_by_whose_share_its_owner_came(town: Town) -> None:
    leader, opened = town.opened(town.campaign(size=4))
    ann, ben, cat = (town.person(name) for name in ("ann", "ben", "cat"))
    opens(ann, leader.group(opened["group_id"])["share"])
    ann.join(opened["group_id"]).expect(201)
    opens(ben, leader.group(opened["group_id"])["share"])
    opens(ben, ann.group(opened["group_id"])["share"])
    ben.join(opened["group_id"]).expect(201)
    cat.join(opened["group_id"]).expect(201)
    seats = town.admin.get(f"/v1/admin/groups/{opened['group_id']}")["seats"]
    came = [seat["came_by"] and (seat["came_by"]["user_id"], seat["came_by"]["evidence"]) for seat in seats]
    assert sorted(came, key=str) == sorted([None, None, (leader.uid, "opened"), (ann.uid, "opened")], key=str)


def test_moments_bring_nobody(town: Town) -> None:
    leader, opened = town.opened(town.campaign())
    ann = town.person("ann")
    opens(ann, leader.group(opened["group_id"])["share"], scene_value=1155)
    ann.join(opened["group_id"]).expect(201)
    seats = town.admin.get(f"/v1/admin/groups/{opened['group_id']}")["seats"]
    assert [seat["came_by"] for seat in seats] == [None, None]


def test_a_help_says_by_whose_share_he_came(town: Town) -> None:
    ann, ben, cat = grown(town, "ann", "ben", "cat")
    bid = started(ann, town.campaign(offer()))
    opens(ben, page(ann, bid)["share"])
    helps(ben, bid).expect(201)
    helps(cat, bid).expect(201)
    given = town.admin.get(f"/v1/admin/bargains/{bid}")["helps"]
    assert [one["came_by"] and one["came_by"]["user_id"] for one in given] == [ann.uid, None]
