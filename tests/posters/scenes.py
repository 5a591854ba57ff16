"""The situations of posters in which things may happen at the same time: their side of the proof harness."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from infra.local.seed import demo_offer
from tests.posters import shop
from tests.proof.stage import Act, Scene
from tests.town import Town


def releasing(town: Town) -> Mapping[str, Act]:
    """Two people release a draft that a third one changes."""
    ident = shop.written(town)
    shop.looks(town, ident)
    return {
        "one releases it": lambda: shop.releases(town, ident, key="one-key-of-ones-release"),
        "another releases it": lambda: shop.releases(town, ident, key="one-key-of-anothers-release"),
        "a third one changes it": lambda: shop.edits(town, ident),
    }


def withdrawing(town: Town) -> Mapping[str, Act]:
    """A poster is withdrawn while it is released anew, and changed, and somebody wants his."""
    ident = shop.released(town)
    _, person, share = shop.offered(town, ident)
    person.api.call("POST", f"/v1/shares/{share['share_id']}/code").expect(200)
    return {
        "it is withdrawn": lambda: shop.withdraws(town, ident, key="one-key-to-withdraw-it"),
        "it is released anew": lambda: shop.releases(town, ident, key="one-key-to-release-it"),
        "somebody wants his": lambda: shop.asks(person, share),
        "the draft is changed": lambda: shop.edits(town, ident),
    }


def writing(town: Town) -> Mapping[str, Act]:
    """A poster is written with a picture that is sent twice."""
    content, ident = shop.picture(), shop.sent(town)
    with_it = shop.document(picture=ident, layout="photo")
    return {
        "a picture is sent": lambda: shop.sends(town.admin, content, key="one-key-for-a-picture"),
        "it is sent again": lambda: shop.sends(town.admin, content, key="one-key-for-a-picture"),
        "a poster is written": lambda: shop.writes(town, with_it, key="one-key-for-a-poster"),
    }


def standing(town: Town) -> Mapping[str, Act]:
    """Two people choose the everyday poster, and one of the posters is withdrawn."""
    one, other = shop.released(town), shop.released(town, shop.document(name="另一张"))
    return {
        "one is chosen": lambda: shop.stands(town, "campaign", tall=one),
        "the other is chosen": lambda: shop.stands(town, "campaign", tall=other),
        "one is withdrawn": lambda: shop.withdraws(town, one, key="one-key-to-withdraw-it"),
    }


def publishing(town: Town) -> Mapping[str, Act]:
    """A campaign is published whose poster is withdrawn."""
    ident = shop.released(town)
    document = {**demo_offer(), "posters": [ident]}
    cid = town.admin.post("/v1/admin/campaigns", {"offer": document})["campaign_id"]
    return {
        "the campaign is published": lambda: town.admin.call(
            "POST", f"/v1/admin/campaigns/{cid}/publish", key="one-key-to-publish-it"
        ),
        "the poster is withdrawn": lambda: shop.withdraws(town, ident, key="one-key-to-withdraw-it"),
    }


BUILDS: tuple[Callable[[Town], Mapping[str, Act]], ...] = (releasing, withdrawing, writing, standing, publishing)
SCENES = [Scene(f"poster_{build.__name__}", build) for build in BUILDS]
