"""Friends who share, open and ask for links at the same time."""

from __future__ import annotations

from collections.abc import Mapping

from tests.proof.acts import people
from tests.proof.stage import Act, Scene
from tests.sharing.friends import enters, shared
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


SCENES = [Scene("cards", cards)]
