"""Scenes of the books of cash: a morning, a day that somebody asks for, and a transfer that ends meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from chalicelib.cash.days import day_key
from chalicelib.core import clock
from chalicelib.merchants.cash import setup_key
from chalicelib.merchants.service import bill_due_at
from chalicelib.rewards.cash import cash_key, cash_of
from tests.cash import books_shop as books
from tests.cash import shop
from tests.orders.mornings import morning, today
from tests.proof.acts import falls_due, people
from tests.proof.stage import Act, Scene
from tests.town import Town


def booking(town: Town) -> Mapping[str, Act]:
    """The morning after ann was paid and ben asked, who has confirmed since; the day was asked for once already."""
    mid, campaign = shop.mid_of(town), books.opened(town)
    ann, ben = people(town, "ann", "ben")
    books.paid(town, campaign, ann)
    tapped = books.asked(town, campaign, ben)
    assert tapped.confirm is not None
    clock.advance(15 * 3600)
    ben.confirm_transfer(tapped.confirm).expect(200)
    yesterday = today() - timedelta(days=1)
    body = {"day": yesterday.isoformat()}
    town.admin.post("/v1/admin/cash/days", body)
    return {
        "the bill is compared": falls_due(town, setup_key(mid)),
        "the day is compared": falls_due(town, day_key(mid, yesterday)),
        "cat asks for the day": lambda: town.admin.call(
            "POST", "/v1/admin/cash/days", body, key="cat-asks-with-one-tap"
        ),
        "ben's cash falls due": falls_due(town, cash_key(mid, ben.uid, cash_of(shop.REF))),
    }


def second_morning(town: Town) -> Mapping[str, Act]:
    """What ann asked for was locked the day before yesterday, and came back yesterday."""
    mid, campaign, ann = shop.mid_of(town), books.opened(town), town.person("ann")
    books.asked(town, campaign, ann)
    morning(town)
    shop.wait_until(town, ann, "claimable")
    clock.advance((bill_due_at(today()) - clock.now()).total_seconds())
    yesterday = today() - timedelta(days=1)
    town.admin.post("/v1/admin/cash/days", {"day": yesterday.isoformat()})
    return {
        "the bill is compared": falls_due(town, setup_key(mid)),
        "the day is compared": falls_due(town, day_key(mid, yesterday)),
    }


SCENES = [Scene(build.__name__, build) for build in (booking, second_morning)]
