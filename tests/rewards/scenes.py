"""The situations of value in which things may happen at the same time: rewards' side of the proof harness."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.campaigns.gifts import Currency
from chalicelib.core import clock
from chalicelib.core.decision import decided
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import read
from chalicelib.core.transaction import Transaction
from chalicelib.orders.items import order_key
from chalicelib.rewards import balances, grants, posting
from chalicelib.rewards.cash import cash_key
from chalicelib.rewards.items import account_key, grant_key, posting_key, watch_key
from chalicelib.rewards.states import GrantState
from infra.local.client import Person
from tests.cash import shop as cash
from tests.proof.acts import falls_due, one_key, people, told
from tests.proof.stage import Act, Scene
from tests.rewards import shop
from tests.rewards.shop import BALANCE, COUPON, POINTS, with_balance
from tests.town import Town


def mid_of(town: Town) -> MerchantId:
    return MerchantId(town.merchant.mid)


def grant_due(town: Town, person: Person, ref: str) -> Act:
    return falls_due(town, grant_key(mid_of(town), person.uid, ref))


def undoing(town: Town, person: Person, ref: str) -> Act:
    return lambda: shop.undo(town, person, ref)


def decides(town: Town, held_id: str, what: str) -> Act:
    """The merchant decides about a grant that waits."""
    path = f"/v1/admin/held/{held_id}/{what}"
    return lambda: town.admin.call("POST", path, {}, key=f"one-key-to-{what}-it")


def holding(town: Town) -> Mapping[str, Act]:
    """A gift's hold is over and it may be undone; a promise may come true, or lapse."""
    ann, campaign = town.person("ann"), town.campaign(shop.offer(fen=1000, points=None))
    shop.promise(town, campaign, ann, "gift", 300, seconds=60)
    shop.promise(town, campaign, ann, "promise", 300, COUPON, state=GrantState.PROMISED, seconds=60)
    clock.advance(60)

    def reached() -> None:
        def attempt() -> None:
            grant = shop.grant(town, ann, "promise")
            if grant.state is GrantState.PROMISED:
                tx = Transaction()
                grants.add_reached(tx, grant, clock.now())
                tx.commit()

        decided(attempt)

    return {
        "the gift falls due": grant_due(town, ann, "gift"),
        "the gift is undone": undoing(town, ann, "gift"),
        "the promise falls due": grant_due(town, ann, "promise"),
        "the promise comes true": reached,
        "the promise is undone": undoing(town, ann, "promise"),
    }


def reviewing(town: Town) -> Mapping[str, Act]:
    """A doubtful gift waits for its merchant, whose time is over."""
    ann, campaign = town.person("ann"), town.campaign(shop.offer(fen=1000, points=None))
    shop.promise(town, campaign, ann, "doubt", 300, subject="doubtful", seconds=0)
    shop.fall_due(town, ann, "doubt")
    (row,) = town.admin.get("/v1/admin/held")["held"]
    clock.advance(7 * 86_400)
    return {
        "the merchant approves": decides(town, row["held_id"], "approve"),
        "the merchant rejects": decides(town, row["held_id"], "reject"),
        "it falls due": grant_due(town, ann, "doubt"),
        "it is undone": undoing(town, ann, "doubt"),
    }


def doubting(town: Town) -> Mapping[str, Act]:
    """A doubtful gift is about to be looked at, and a coupon is being taken back, while all of it is undone."""
    ann, campaign = town.person("ann"), town.campaign(shop.offer(fen=1000, points=None))
    shop.promise(town, campaign, ann, "doubt", 300, subject="doubtful", seconds=0)
    shop.promise(town, campaign, ann, "later", 300, subject="later", seconds=0)
    shop.give(town, campaign, ann, "coupon", 300, COUPON)
    return {
        "the doubtful one falls due": grant_due(town, ann, "doubt"),
        "the doubtful one is undone": undoing(town, ann, "doubt"),
        "the later one falls due": grant_due(town, ann, "later"),
        "the later one is undone": undoing(town, ann, "later"),
        "the coupon is undone": undoing(town, ann, "coupon"),
        "the coupon falls due": grant_due(town, ann, "coupon"),
    }


def owning(town: Town) -> Mapping[str, Act]:
    """A gift of cash is about to be given, and one that nobody has claimed in time is undone."""
    ann, campaign = town.person("ann"), cash.opened(town, cash=1000)
    shop.promise(town, campaign, ann, "gift", 300, cash.AT_ONCE, seconds=60)
    given = cash.given(town, campaign, ann, "given", 300)
    clock.advance(30 * cash.DAY + 1)
    return {
        "the gift falls due": grant_due(town, ann, "gift"),
        "the gift is undone": undoing(town, ann, "gift"),
        "what was given is undone": undoing(town, ann, "given"),
        "what was given is taken back": grant_due(town, ann, "given"),
        "the time of what was given is over": falls_due(town, cash_key(mid_of(town), ann.uid, given)),
    }


def spends(town: Town, campaign: str, person: Person, points: int, ref: str) -> Act:
    """He pays with points, if he has them, once."""
    mid, uid = mid_of(town), person.uid

    def attempt() -> bool:
        keys = account_key(mid, uid, Currency.POINTS), posting_key(mid, uid, ref)
        found = read(*keys)
        if found[keys[1]] is not None:
            return True
        if balances.there(found, mid, uid, Currency.POINTS) < points:
            return False
        tx = Transaction()
        posting.add_points_spent(tx, mid, uid, points, ref, "a coupon", campaign, 1, found)
        tx.commit()
        return True

    return lambda: decided(attempt)


def expiring(town: Town) -> Mapping[str, Act]:
    """Points expire at this instant, others later; some are spent, come, or are taken back."""
    ann, campaign = town.person("ann"), town.campaign(shop.offer(fen=None))
    shop.give(town, campaign, ann, "early", 300, POINTS)
    clock.advance(31 * 86_400)
    shop.give(town, campaign, ann, "late", 300, POINTS)
    lots = shop.account(town, ann, "points").lots
    assert lots
    clock.advance((lots[0].until - clock.now()).total_seconds())
    shop.promise(town, campaign, ann, "more", 100, POINTS, seconds=0)
    return {
        "the points fall due": falls_due(town, account_key(mid_of(town), ann.uid, Currency.POINTS)),
        "some are spent": spends(town, campaign, ann, 200, "claim-1"),
        "as many are spent again": spends(town, campaign, ann, 200, "claim-2"),
        "more are given": grant_due(town, ann, "more"),
        "the late ones are undone": undoing(town, ann, "late"),
        "the early ones are undone": undoing(town, ann, "early"),
        "the late ones fall due": grant_due(town, ann, "late"),
        "the early ones fall due": grant_due(town, ann, "early"),
    }


def paying(town: Town) -> Mapping[str, Act]:
    """Ann's balance reaches for one order more; another holds some of it and is paid or given up; a gift is undone."""
    ann, giving = town.person("ann"), town.campaign(shop.offer(fen=20_000, points=None))
    campaign = town.campaign(size=2)
    shop.give(town, giving, ann, "gift", 12_000)
    path = f"/v1/campaigns/{campaign}"
    held = ann.api.call("POST", f"{path}/orders", {"pay_with": [with_balance(3000)]}).expect(201)
    ann.pay(held, notify=False).expect(200)

    def orders(what: str, **pay: Any) -> Act:
        body = {"pay_with": [{**with_balance(), **pay}]}
        return lambda: ann.api.call("POST", f"{path}/{what}", body, key=one_key(ann, what))

    return {
        "ann buys with all of it": orders("orders"),
        "ann opens with some of it": orders("groups", fen=1000),
        "ann cancels": lambda: ann.api.call("POST", f"/v1/orders/{held['order_id']}/cancel", {}),
        "ann's payment is told": told(town, held),
        "ann's order falls due": falls_due(town, order_key(mid_of(town), held["order_id"])),
        "the gift is undone": undoing(town, ann, "gift"),
        "the gift falls due": grant_due(town, ann, "gift"),
    }


def returning(town: Town) -> Mapping[str, Act]:
    """An order that balance paid alone goes back in two parts, while the gift behind it is taken back."""
    ann, giving = town.person("ann"), town.campaign(shop.offer(fen=20_000, points=None))
    shop.give(town, giving, ann, "gift", 9000)
    path = f"/v1/campaigns/{town.campaign()}/orders"
    bought = ann.api.call("POST", path, {"pay_with": [with_balance()]}).expect(201)
    back = f"/v1/admin/orders/{bought['order_id']}/refund"

    def refunds(who: str, fen: int) -> Act:
        body = {"note": "sorry", "amount_fen": fen}
        return lambda: town.admin.call("POST", back, body, key=f"{who}-gives-it-back-once")

    return {
        "one clerk gives some back": refunds("one", 5000),
        "another gives some back": refunds("another", 3000),
        "the gift is undone": undoing(town, ann, "gift"),
        "the gift falls due": grant_due(town, ann, "gift"),
    }


def budgeting(town: Town) -> Mapping[str, Act]:
    """The last of a budget is promised, put to, released and given back; somebody watches."""
    ann, ben = people(town, "ann", "ben")
    campaign = town.campaign(shop.offer(fen=300, points=None))
    shop.promise(town, campaign, ann, "before", 100, seconds=86_400)

    def changes(act: str, amount: int) -> Act:
        return lambda: shop.change(town, campaign, act, amount, key=f"one-key-to-{act}-it")

    return {
        "ann is promised": lambda: shop.promise(town, campaign, ann, "anns", 150),
        "ben is promised": lambda: shop.promise(town, campaign, ben, "bens", 150),
        "the owner tops it up": changes("top-up", 100),
        "the owner releases": changes("release", 100),
        "what was before is undone": undoing(town, ann, "before"),
        "somebody watches": falls_due(town, watch_key(mid_of(town), campaign)),
    }


def watching(town: Town) -> Mapping[str, Act]:
    """A campaign has run away, the stream has told of it, and its merchant is at it too."""
    ann, campaign = town.person("ann"), town.campaign(shop.offer(fen=1000, points=None))
    for n in range(6):
        shop.promise(town, campaign, ann, f"hour-{n}", 10, seconds=86_400)
        town.stream()
        town.pass_time(120, tick=30)
        clock.advance(3600)
    ann.come_back()
    shop.promise(town, campaign, ann, "much", 800, BALANCE, seconds=86_400)
    town.stream()
    clock.advance(30)
    path = f"/v1/admin/campaigns/{campaign}"
    return {
        "somebody watches": falls_due(town, watch_key(mid_of(town), campaign)),
        "more is promised": lambda: shop.promise(town, campaign, ann, "more", 100, seconds=86_400),
        "the merchant pauses": lambda: town.admin.call("POST", f"{path}/pause", {}, key="one-key-to-pause-it"),
        "the merchant resumes": lambda: town.admin.call("POST", f"{path}/resume", {}, key="one-key-to-resume-it"),
        "the owner tops it up": lambda: shop.change(town, campaign, "top-up", 9000, key="one-key-to-top-it-up"),
    }


SCENES = [
    Scene(f"rewards {build.__name__}", build)
    for build in (holding, reviewing, doubting, owning, expiring, paying, returning, budgeting, watching)
]
