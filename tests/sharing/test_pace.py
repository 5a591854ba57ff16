"""Somebody who helps everywhere at once is looked at; counting him delays and refuses nobody."""

from __future__ import annotations

from botocore.exceptions import EndpointConnectionError

from chalicelib.core import clock
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import read
from chalicelib.sharing import pace
from chalicelib.sharing.verdict import FAST_AN_HOUR
from tests.bargain.shop import grown, helps, offer, started
from tests.emulator import Call
from tests.town import Town


def acts(town: Town, uid: str) -> int:
    key = pace.pace_key(MerchantId(town.merchant.mid), uid)
    return pace.acts_this_hour(read(key), key, clock.now())


def test_helps_of_an_hour_are_counted_over_all_campaigns(town: Town) -> None:
    ben, *owners = grown(town, "ben", "ann", "cat")
    for owner in owners:
        helps(ben, started(owner, town.campaign(offer()))).expect(201)
    assert acts(town, ben.uid) == 2
    clock.advance(3600)
    assert acts(town, ben.uid) == 0
    helps(ben, started(owners[0], town.campaign(offer()))).expect(201)
    assert acts(town, ben.uid) == 1


def test_who_helps_at_a_pace_no_friend_has_is_doubtful(town: Town) -> None:
    ben, ann = grown(town, "ben", "ann")
    key = pace.pace_key(MerchantId(town.merchant.mid), ben.uid)
    for _ in range(FAST_AN_HOUR):
        pace.note(key, read(key), clock.now())
    town.act("/_sim/ranks", name="ben", rank=1)
    bid = started(ann, town.campaign(offer()))
    assert helps(ben, bid).expect(201)["my_help"]["state"] == "checking"
    (given,) = town.admin.get(f"/v1/admin/bargains/{bid}")["helps"]
    assert sorted(given["reasons"]) == ["fast_user", "rank_raised"]


def test_a_count_that_cannot_be_written_fails_nothing(town: Town) -> None:
    ben, ann = grown(town, "ben", "ann")
    bid = started(ann, town.campaign(offer()))
    key = pace.pace_key(MerchantId(town.merchant.mid), ben.uid)

    def before(call: Call) -> Exception | None:
        lost = call.operation == "UpdateItem" and key.sk.encode() in call.body
        return EndpointConnectionError(endpoint_url="x") if lost else None

    town.emulator.before = before
    assert helps(ben, bid).expect(201)["my_help"]["state"] == "counted"
    town.emulator.before = None
    assert acts(town, ben.uid) == 0
