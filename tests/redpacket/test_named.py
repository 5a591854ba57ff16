"""A claim takes what its button named, or nothing."""

from __future__ import annotations

from chalicelib.core import clock
from tests.redpacket.shop import BALANCE, LOOKED, bought, claim_of, claims, goods, grown, of_order, page
from tests.town import Town


def test_a_share_that_somebody_took_first_is_not_given_for_another(town: Town) -> None:
    ann, ben, cat = grown(town, "ann", "ben", "cat")
    shares = [{"friend": 400, "own": 200}, {"friend": 200, "own": 200}]
    campaign = town.campaign(goods(shares, packet={"form": BALANCE}))
    rid = of_order(campaign, bought(town, ann, campaign))
    town.stream()
    seen = page(cat, rid)
    named = seen["next"]["you"]["amount"]
    assert named == 400
    claims(ben, rid).expect(201)
    clock.advance(LOOKED)
    path, body = f"/v1/packets/{rid}/claims", {"help_ticket": seen["help_ticket"], "amount": named}
    refused = cat.api.call("POST", path, body).expect(409)
    assert (refused["code"], refused["amount"], refused["errors"][0]["pointer"]) == (
        "packet_share_moved",
        200,
        "/amount",
    )
    assert cat.api.call("POST", path, {**body, "amount": 200}).expect(201)["my_act"]["state"] == "on_its_way"
    assert claim_of(town, rid, cat).friend == 200
