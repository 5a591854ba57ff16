"""A merchant's people at work on one campaign at the same time."""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.core import clock
from infra.local.seed import demo_offer
from tests.campaigns.cash import sold
from tests.merchants.cash import set_up
from tests.merchants.scenes import says
from tests.proof.stage import Act, Scene
from tests.town import Town


def campaign_act(town: Town, campaign: str, act: str) -> Act:
    """Publish, pause, resume or end it."""
    path = f"/v1/admin/campaigns/{campaign}/{act}"
    return lambda: town.admin.call("POST", path, {}, key=f"one key to {act} it".replace(" ", "-"))


def edits(town: Town, campaign: str, title: str, edition: int = 1) -> Act:
    path, offer = f"/v1/admin/campaigns/{campaign}", demo_offer(title, now=clock.now())
    return lambda: town.admin.call("PUT", path, {"edition": edition, "offer": offer})


def drafting(town: Town) -> Mapping[str, Act]:
    """A draft that two people edit and a third publishes."""
    draft: str = town.admin.post("/v1/admin/campaigns", {"offer": demo_offer(now=clock.now())})["campaign_id"]
    return {
        "ann edits": edits(town, draft, "秋茶"),
        "ben edits": edits(town, draft, "春茶"),
        "cat publishes": campaign_act(town, draft, "publish"),
        "dan ends it": campaign_act(town, draft, "end"),
    }


def halting(town: Town) -> Mapping[str, Act]:
    """A running campaign that is halted while somebody opens a group."""
    campaign = town.campaign()
    opener = town.person("opener")
    return {
        "ann pauses": campaign_act(town, campaign, "pause"),
        "ben resumes": campaign_act(town, campaign, "resume"),
        "cat ends it": campaign_act(town, campaign, "end"),
        "somebody opens": lambda: opener.open(campaign, key="somebody-opens-a-group"),
    }


def allows(town: Town, campaign: str, edition: int, reason: str) -> Act:
    """Let the one word in the draft's description stand."""
    path = f"/v1/admin/campaigns/{campaign}/allowed-words"
    wish = {"pointer": "/description", "word": "顶级", "reason": reason}
    return lambda: town.admin.call("PUT", path, {"edition": edition, "allowed": [wish]})


def allowing(town: Town) -> Mapping[str, Act]:
    """A word that may stand while the draft is edited and published."""
    offer = {**demo_offer(now=clock.now()), "description": "顶级域名主题茶"}
    draft: str = town.admin.post("/v1/admin/campaigns", {"offer": offer})["campaign_id"]
    allows(town, draft, 1, "茶名")()
    return {
        "the owner says why": allows(town, draft, 2, "以互联网用语命名，并非评价"),
        "ann edits": edits(town, draft, "秋茶", edition=2),
        "cat publishes": campaign_act(town, draft, "publish"),
    }


def promising_cash(town: Town) -> Mapping[str, Act]:
    """A campaign that gives cash is published while its merchant changes how he pays it."""
    edition = set_up(town)["edition"]
    draft: str = town.admin.post("/v1/admin/campaigns", {"offer": sold()})["campaign_id"]
    return {
        "the owner pauses": says(town, edition, paused=True),
        "the other has topped up": says(town, edition, operations_fen=2_000_000),
        "cat publishes": campaign_act(town, draft, "publish"),
    }


SCENES = [Scene(build.__name__, build) for build in (drafting, halting, allowing, promising_cash)]
