"""The situations of segments and recalls in which things may happen at the same time."""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.core import clock
from chalicelib.notices.moments import Moment
from tests.coupons.shop import claims, template
from tests.family.desk import says_minor
from tests.invite.family import accepts, counted
from tests.notices import shop as notices
from tests.proof.acts import falls_due, one_key, people
from tests.proof.stage import Act, Scene
from tests.recall.shop import asleep, buys, cancels, entries, key_of, recalls, sorts, starts
from tests.town import Town


def counting(town: Town) -> Mapping[str, Act]:
    """Ann has an order that counts, and one that nobody was told of, as ben has; money of each goes back."""
    sorts(town)
    ann, ben = people(town, "ann", "ben")
    campaign = town.campaign()
    earlier = buys(town, campaign, ann)
    town.stream()
    later, bens = buys(town, campaign, ann), buys(town, campaign, ben)
    return {
        "ann's order is told": falls_due(town, entries(town, later)[0]),
        "all of her earlier one goes back": lambda: earlier.refund(key=one_key(ann, "all of it")),
        "ben's order is told": falls_due(town, entries(town, bens)[0]),
        "a part of it goes back": lambda: bens.refund(900, key=one_key(ben, "a part")),
    }


def calling(town: Town) -> Mapping[str, Act]:
    """Two recalls are about to tell ann and ben the same; of one's coupons one is left, which cat is about to claim."""
    asleep(town, "ann", "ben")
    scarce, plenty, cat = template(town, total=1), template(town), town.person("cat")
    first, second = recalls(town, scarce), recalls(town, plenty)
    return {
        "the recall falls due": falls_due(town, key_of(town, first)),
        "another falls due": falls_due(town, key_of(town, second)),
        "the merchant ends the other": lambda: cancels(town, second, key="one-key-to-end-it-all"),
        "cat claims the last coupon": lambda: claims(cat, scarce, key=one_key(cat, "claims")),
    }


def thanking(town: Town) -> Mapping[str, Act]:
    """Ann has brought a friend and is about to be thanked, when her merchant hears how young she is."""
    sorts(town, inviter_friends=1)
    notices.says(town, Moment.THANKS)
    ann = town.person("ann")
    notices.consents(town, ann, Moment.THANKS)
    clock.advance(1)
    accepts(town.person("ben"), ann).expect(201)
    counted(town)
    campaign = template(town)
    rid = recalls(town, campaign, "active_inviters", moment="thanks")
    asked = "one-key-to-thank-again"
    return {
        "the thanks fall due": falls_due(town, key_of(town, rid)),
        "she is said to be a minor": lambda: says_minor(town.admin, ann, minor=True, key="one-key-for-a-minor-"),
        "she is to be thanked again": lambda: starts(town, campaign, "active_inviters", moment="thanks", key=asked),
    }


SCENES = [Scene(f"recall_{build.__name__}", build) for build in (counting, calling, thanking)]
