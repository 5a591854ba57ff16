"""What users are told of rewards and in families, while what it is about changes: a merchant who tells of all of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from chalicelib.campaigns.gifts import AsCash
from chalicelib.core import clock
from chalicelib.core.ids import MerchantId, UserId
from chalicelib.core.outbox import entry_key
from chalicelib.family.items import ask_key
from chalicelib.notices.items import plan_key
from chalicelib.notices.moments import Moment
from chalicelib.notices.telling import MESSAGE, number
from chalicelib.rewards.cash import cash_key
from chalicelib.rewards.reminding import POINTS
from infra.local.client import Person
from tests.cash import shop as cash
from tests.coupons import shop as coupons
from tests.family import shared_shop as families
from tests.family.asks_shop import asked
from tests.family.scenes_asks import deciding
from tests.family.shop import household
from tests.notices import shop
from tests.proof.acts import falls_due, one_key, people
from tests.proof.stage import Act, Scene
from tests.rewards import shop as rewards
from tests.rewards.scenes import grant_due, undoing
from tests.town import Town

DAY = 86_400
WEEK: dict[str, Any] = {"validity": {"kind": "after_claim", "days": 7}}


def mid_of(town: Town) -> MerchantId:
    return MerchantId(town.merchant.mid)


def message_due(town: Town, person: Person, moment: Moment, ident: str) -> Act:
    """The sweeper takes a message that is owed to somebody."""
    return falls_due(town, entry_key(mid_of(town), MESSAGE, number(UserId(person.uid), moment, ident)))


def wants(town: Town, person: Person, moment: Moment, kind: str, ident: str) -> None:
    """He wants to be reminded of it."""
    key = f"{person.name}-wants-{kind}-{ident}"
    shop.answers(town, person, moment, about=(kind, ident), key=key).expect(200)


def arriving(town: Town) -> Mapping[str, Act]:
    """A gift's hold is over, and so is that of cash which was given before; both may be undone, one consent is left."""
    ann = town.person("ann")
    shop.says(town, Moment.REWARD_ARRIVED)
    shop.consents(town, ann, Moment.REWARD_ARRIVED)
    campaign = cash.opened(town)
    given = cash.given(town, campaign, ann, "cash", 300, AsCash(hold_days=1, claim_days=1))
    rewards.promise(town, campaign, ann, "gift", 300, cash.AT_ONCE, seconds=DAY)
    clock.advance(DAY)
    return {
        "the gift falls due": grant_due(town, ann, "gift"),
        "the gift is undone": undoing(town, ann, "gift"),
        "the cash falls due": falls_due(town, cash_key(mid_of(town), ann.uid, given)),
        "the cash is undone": undoing(town, ann, "cash"),
        "it is told of the gift": message_due(town, ann, Moment.REWARD_ARRIVED, "gift"),
        "it is told of the cash": message_due(town, ann, Moment.REWARD_ARRIVED, "cash"),
    }


def ending(town: Town) -> Mapping[str, Act]:
    """A coupon is about to expire, of which its owner is to be reminded now; it may be used or taken back first.

    So are cash of his, what he shares with somebody, and points of hers.
    """
    ann, ben = people(town, "ann", "ben")
    shop.says(town, Moment.REWARD_ENDING, Moment.CASH_ENDING, reminders_a_day=5)
    household(town, ann, ben)
    mine = coupons.gets(town, ann, **WEEK)
    theirs = families.shared(town, ann, **WEEK)
    money = cash.given(town, cash.opened(town), ann, "cash", 300, AsCash(hold_days=0, claim_days=7))
    coupons.gift_of_points(town, ben, 300, clock.now() + timedelta(days=7))
    wants(town, ann, Moment.REWARD_ENDING, "coupon", mine)
    wants(town, ann, Moment.CASH_ENDING, "cash", money)
    wants(town, ben, Moment.REWARD_ENDING, "coupon", theirs)
    wants(town, ben, Moment.REWARD_ENDING, "reward", POINTS)
    campaign = town.campaign()
    clock.advance(6 * DAY + 13 * 3600)
    ann.come_back()
    return {
        "the plan falls due": falls_due(town, plan_key(mid_of(town), ann.uid, "coupon", mine)),
        "it is told": message_due(town, ann, Moment.REWARD_ENDING, mine),
        "ann uses it": lambda: coupons.buys(ann, campaign, mine, key=one_key(ann, "uses it")),
        "it is taken back": lambda: coupons.takes_back(town, ann, mine, key="one-key-to-take-it-back"),
    }


def answering(town: Town) -> Mapping[str, Act]:
    """At the last instant of a request its owner decides it, whoever asked takes it back, or nobody does anything."""
    mum, ann = people(town, "mum", "ann")
    shop.says(town, Moment.FAMILY_REQUEST, Moment.FAMILY_ANSWER)
    shop.consents(town, ann, Moment.FAMILY_ANSWER)
    fid, campaign = household(town, mum, ann, granted=30_000), town.campaign()
    ask_id = asked(ann, fid, campaign)
    clock.advance(DAY)
    for person in (mum, ann):
        person.come_back()
    return {
        "mum approves": deciding(mum, fid, ask_id, "approve"),
        "mum refuses": deciding(mum, fid, ask_id, "refuse"),
        "ann withdraws": deciding(ann, fid, ask_id, "withdraw"),
        "it falls due": falls_due(town, ask_key(mid_of(town), fid, ask_id)),
        "ann is told": message_due(town, ann, Moment.FAMILY_ANSWER, ask_id),
    }


SCENES = [Scene(f"told_{build.__name__}", build) for build in (arriving, ending, answering)]
