"""Friends who share, open and ask for links and codes at the same time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.core import clock
from chalicelib.sharing.minicodes import LEASE
from infra.local.client import Person, Reply
from tests.proof.acts import people
from tests.proof.stage import Act, Scene
from tests.sharing.friends import enters, invitation, shared
from tests.town import Town


def cards(town: Town) -> Mapping[str, Act]:
    """A campaign that three people share; ben has come by ann's card before."""
    campaign = town.campaign()
    ann, ben, cat, dan = people(town, "ann", "ben", "cat", "dan")
    anns, cats = shared(ann, campaign), shared(cat, campaign)
    enters(ben, scene=anns["scene"]).expect(200)
    path = f"/v1/shares/{anns['share_id']}"
    return {
        "dan looks": lambda: dan.api.call("GET", f"/v1/campaigns/{campaign}"),
        "dan opens ann's card": lambda: enters(dan, scene=anns["scene"]),
        "ben opens cat's card": lambda: enters(ben, scene=cats["scene"]),
        "ann opens her own": lambda: enters(ann, scene=anns["scene"]),
        "ann asks for a link": lambda: ann.api.call("POST", f"{path}/short-link"),
        "ann asks for a private card": lambda: ann.api.call("POST", f"{path}/private-card"),
    }


MOST_TIMES = 9
"""How often somebody comes back for a code that others are having made."""


def asks_for_code(person: Person, share: Mapping[str, Any]) -> Act:
    """He asks for the code of his share; told to come back, he does when nobody who died has it leased any more."""

    def act() -> Reply:
        for _ in range(MOST_TIMES):
            reply = person.api.call("POST", f"/v1/shares/{share['share_id']}/code")
            if reply.status not in (429, 503):
                break
            clock.advance(LEASE.total_seconds())
        return reply

    return act


def mini_codes(town: Town) -> Mapping[str, Act]:
    """Ann and ben may have codes made of a campaign; the page of invitations is not released."""
    campaign = town.campaign()
    ann, ben = people(town, "ann", "ben")
    anns, bens, invites = shared(ann, campaign), shared(ben, campaign), invitation(ann)
    town.act("/_sim/pages", appid=town.merchant.appid, page="pages/invite/index", released=False)
    return {
        "ann asks for a code": asks_for_code(ann, anns),
        "ben asks for a code": asks_for_code(ben, bens),
        "ann asks for one of a page that is not there": asks_for_code(ann, invites),
    }


SCENES = [Scene("cards", cards), Scene("mini_codes", mini_codes)]
