"""The situations of rewarded invitations in which things may happen at the same time."""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.core import clock
from chalicelib.core.ids import MerchantId
from chalicelib.core.outbox import entry_key
from chalicelib.core.table import Key
from chalicelib.invite.friends import commission_ref, friend_key, stage_ref, threshold_ref
from chalicelib.orders.follows import FOLLOWS
from chalicelib.rewards.items import grant_key
from chalicelib.sharing.firsts import FIRST_HELP
from infra.local.client import Person
from tests.bargain import shop as bargains
from tests.bargain.scenes import a_help, decides
from tests.fulfilment.scenes import SHIPPING, desk, later
from tests.invite.family import by_share
from tests.inviting.shop import COUPON, GIFT, bare, buys_alone, friend_of, received
from tests.proof.acts import falls_due, one_key, people, told
from tests.proof.stage import Act, Scene
from tests.sharing.friends import shared
from tests.town import Town


def accepting(person: Person, inviter: Person, campaign: str) -> Act:
    """One tap on an invitation."""
    share = shared(inviter, campaign)
    return lambda: by_share(person, share, key=one_key(person, f"accepts {inviter.name}"))


def granted(town: Town, person: Person, ref: str) -> Act:
    """A worker takes a grant of his whose time has come."""
    key = grant_key(MerchantId(town.merchant.mid), person.uid, ref)
    taken = falls_due(town, key)

    def act() -> None:
        raw = next((raw for raw in town.emulator.items() if (raw["pk"]["S"], raw["sk"]["S"]) == tuple(key)), {})
        if "gsi2sk" in raw and raw["gsi2sk"]["S"] <= f"{clock.iso(clock.now())}~":
            taken()

    return act


def looked_after(town: Town, friend: Person) -> Act:
    """A worker takes what a friend may bring."""
    return falls_due(town, friend_key(MerchantId(town.merchant.mid), friend.uid))


def heard(town: Town, effect: str, number: str) -> Act:
    """A worker takes what is owed to whoever waits."""
    key: Key = entry_key(MerchantId(town.merchant.mid), effect, number)
    return falls_due(town, key)


def last_budget(town: Town) -> Mapping[str, Act]:
    """What is left reaches for one friend more, and two tap; one of them has two cards."""
    stages = [{"on": "accepted", "gift": GIFT, "hold_days": 0}]
    campaign = town.campaign(bare(stages=stages, welcome={"gift": COUPON}, budget={"fen": 1599}, promise_days=1))
    ann, zoe = people(town, "ann", "zoe")
    clock.advance(1)
    ben, cat, dan = people(town, "ben", "cat", "dan")
    by_share(dan, shared(ann, campaign)).expect(201)
    clock.advance(1)
    return {
        "ben accepts ann": accepting(ben, ann, campaign),
        "ben accepts zoe": accepting(ben, zoe, campaign),
        "cat accepts ann": accepting(cat, ann, campaign),
        "dan's acceptance falls due": granted(town, ann, stage_ref(dan.uid, "accepted")),
    }


def counting(town: Town) -> Mapping[str, Act]:
    """Two inviters have two friends each who count now; what is left reaches for one of the two thresholds."""
    thresholds = [{"friends": 2, "gift": GIFT}]
    campaign = town.campaign(bare(thresholds=thresholds, count_after_days=0, promise_days=1, budget={"fen": 500}))
    ann, zoe = people(town, "ann", "zoe")
    ben, cat = (friend_of(town, ann, campaign, name) for name in ("ben", "cat"))
    dan, eve = (friend_of(town, zoe, campaign, name) for name in ("dan", "eve"))
    looked_after(town, dan)()
    return {
        "ben counts": looked_after(town, ben),
        "cat counts": looked_after(town, cat),
        "eve counts": looked_after(town, eve),
        "ann's threshold falls due": granted(town, ann, threshold_ref(campaign, 2)),
    }


def helping(town: Town) -> Mapping[str, Act]:
    """Ben is awaited and about to help two people; a third help of his waits for the merchant."""
    stages = [{"on": "first_help", "gift": GIFT, "hold_days": 0}]
    campaign = town.campaign(bare(stages=stages, promise_days=1))
    (ann,) = people(town, "ann")
    ben = friend_of(town, ann, campaign, "ben")
    cat, dan = bargains.grown(town, "cat", "dan")
    goods = town.campaign(bargains.offer(cuts=2, limits={"starts": 9, "active": 9, "helps": 9, "helps_a_day": 9}))
    bargains.befriend(dan, goods, ben)
    held = bargains.started(dan, goods)
    bargains.helps(ben, held).expect(201)
    first, second = (bargains.started(cat, goods) for _ in range(2))
    one = a_help(ben, first)
    ticket = bargains.ticket(ben, second)
    clock.advance(bargains.LOOKED)
    return {
        "ben helps": one,
        "ben helps again": lambda: bargains.gives(ben, second, ticket, key=one_key(ben, "helps again")),
        "the merchant takes ben's help": decides(town, held, ben, yes=True),
        "his stage falls due": granted(town, ann, stage_ref(ben.uid, "first_help")),
        "somebody looks after him too early": looked_after(town, ben),
    }


def heard_late(town: Town) -> Mapping[str, Act]:
    """Ben has helped in time, nobody has heard of it, and his time with its grace is over."""
    stages = [{"on": "first_help", "gift": GIFT, "hold_days": 0}, {"on": "first_order", "gift": GIFT}]
    campaign = town.campaign(bare(stages=stages, promise_days=1))
    (ann,) = people(town, "ann")
    ben = friend_of(town, ann, campaign, "ben")
    (cat,) = bargains.grown(town, "cat")
    bid = bargains.started(cat, town.campaign(bargains.offer(cuts=2)))
    bargains.helps(ben, bid).expect(201)
    later(town, 2)
    return {
        "it is heard": heard(town, FIRST_HELP, f"{ben.uid}.bargain:{bid}"),
        "ben's time is over": looked_after(town, ben),
        "his help falls due": granted(town, ann, stage_ref(ben.uid, "first_help")),
    }


COMMISSION = {"percent_bp": 1000, "most": 2000, "levels": 2, "second_bp": 100, "hold_days": 0}


def ordering(town: Town) -> Mapping[str, Act]:
    """Ben's first order is confirmed and nobody has heard of it, his second is paid, and the first may go back.

    The budget reaches for the stage, for one order's commission, and for half of the other's.
    """
    stages = [{"on": "first_order", "gift": GIFT, "hold_days": 0}]
    campaign = town.campaign(bare(stages=stages, commission=COMMISSION, budget={"fen": 2000 + 500}, promise_days=1))
    goods = town.campaign(shipping=SHIPPING)
    (zoe,) = people(town, "zoe")
    ann = friend_of(town, zoe, campaign, "ann")
    ben = friend_of(town, ann, campaign, "ben")
    order = buys_alone(town, ben, goods)
    second = ben.buy(goods).expect(201)
    ben.pay(second, notify=False).expect(200)
    return {
        "it is heard": heard(town, FOLLOWS, order.order_id),
        "the second is told": told(town, second),
        "all of it goes back": desk(order, "ann", "refund", {"note": "sold out"}),
        "a part of it goes back": desk(order, "ben", "refund", {"note": "a scratch", "amount_fen": 900}),
    }


def over(town: Town) -> Mapping[str, Act]:
    """What ben bought cannot go back any more, its stage and commission are due, and the merchant is generous."""
    stages = [{"on": "first_order", "gift": GIFT, "hold_days": 0}]
    campaign = town.campaign(bare(stages=stages, commission=COMMISSION, promise_days=1))
    goods = town.campaign(shipping=SHIPPING)
    (zoe,) = people(town, "zoe")
    ann = friend_of(town, zoe, campaign, "ann")
    ben = friend_of(town, ann, campaign, "ben")
    order = buys_alone(town, ben, goods)
    town.stream()
    received(order)
    town.stream()
    later(town, 2)
    return {
        "its stage falls due": granted(town, ann, stage_ref(ben.uid, "first_order")),
        "its commission falls due": granted(town, ann, commission_ref(campaign, order.order_id, 1)),
        "all of it goes back": desk(order, "ann", "refund", {"note": "we are sorry"}),
        "a part of it goes back": desk(order, "ben", "refund", {"note": "a scratch", "amount_fen": 900}),
    }


SCENES = [
    Scene(f"inviting_{build.__name__}", build) for build in (last_budget, counting, helping, heard_late, ordering, over)
]
