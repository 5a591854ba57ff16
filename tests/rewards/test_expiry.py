"""Points whose time is over leave, each lot once, and are spent by nobody before somebody has looked."""

from __future__ import annotations

from datetime import timedelta

from chalicelib.campaigns.gifts import Currency
from chalicelib.core import clock
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import read
from chalicelib.core.transaction import Transaction
from chalicelib.rewards import balances
from chalicelib.rewards.items import account_key
from chalicelib.rewards.posting import add_points_spent
from infra.local.client import Person
from tests import invariants
from tests.rewards import shop
from tests.rewards.shop import POINTS, rewards
from tests.town import Town

MONTH = 31 * 86_400


def pass_to(town: Town, person: Person) -> None:
    """To the instant at which the first of somebody's points expire."""
    lots = shop.account(town, person, "points").lots
    assert lots
    clock.advance((lots[0].until - clock.now()).total_seconds())


def test_points_leave_when_their_time_is_over(town: Town) -> None:
    ann, campaign = town.person("ann"), town.campaign(shop.offer())
    shop.give(town, campaign, ann, "early", 300, POINTS)
    clock.advance(MONTH)
    shop.give(town, campaign, ann, "late", 200, POINTS)
    pass_to(town, ann)
    clock.advance(-1)
    town.minute()
    ann.come_back()
    assert ann.api.get("/v1/me/accounts")["points"]["balance"] == 500
    clock.advance(1)
    shown = ann.api.get("/v1/me/accounts")["points"]
    assert (shown["balance"], [lot["amount"] for lot in shown["lots"]]) == (200, [200]), "gone before anybody looked"
    town.minute()
    line = rewards(ann)[0]
    assert (line["why"], line["state"], line["amount"], line["campaign"]) == ("points_expired", "expired", -300, None)
    own = shop.account(town, ann, "points")
    assert own.lots
    assert (own.balance, own.due) == (200, own.lots[0].until)
    assert shop.rebuilt(town, ann)["agree"]
    pass_to(town, ann)
    town.minute()
    own = shop.account(town, ann, "points")
    assert (own.balance, own.lots, own.due) == (0, [], None)
    invariants.check(town.books())


def test_expired_points_are_not_spent(town: Town) -> None:
    ann, campaign = town.person("ann"), town.campaign(shop.offer())
    shop.give(town, campaign, ann, "points", 300, POINTS)
    pass_to(town, ann)
    mid = MerchantId(town.merchant.mid)
    assert balances.there(read(account_key(mid, ann.uid, Currency.POINTS)), mid, ann.uid, Currency.POINTS) == 0
    shop.undo(town, ann, "points")
    shop.fall_due(town, ann, "points")
    ann.come_back()
    assert shop.grant(town, ann, "points").debt == 300, "what has expired cannot be taken back"
    town.minute()
    assert (shop.account(town, ann, "points").balance, rewards(ann)[0]["amount"]) == (0, -300)
    invariants.check(town.books())


def test_points_of_one_month_are_one_lot(town: Town) -> None:
    ann, campaign = town.person("ann"), town.campaign(shop.offer())
    shop.give(town, campaign, ann, "one", 300, POINTS)
    clock.advance(60)
    shop.give(town, campaign, ann, "two", 200, POINTS)
    (lot,) = ann.api.get("/v1/me/accounts")["points"]["lots"]
    assert lot["amount"] == 500


def test_the_earliest_are_spent_first(town: Town) -> None:
    ann, campaign = town.person("ann"), town.campaign(shop.offer())
    shop.give(town, campaign, ann, "early", 300, POINTS)
    clock.advance(MONTH)
    shop.give(town, campaign, ann, "late", 200, POINTS)
    mid, tx = MerchantId(town.merchant.mid), Transaction()
    found = read(account_key(mid, ann.uid, Currency.POINTS))
    add_points_spent(tx, mid, ann.uid, 350, "claim-1", "a coupon", campaign, 1, found)
    tx.commit()
    lots = shop.account(town, ann, "points").lots
    assert lots
    assert [lot.amount for lot in lots] == [150]
    assert lots[0].until > clock.now() + timedelta(days=30)
