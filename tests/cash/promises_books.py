"""A town in which the books of cash are kept: somebody paid, a campaign whose cash waits, a day to be compared."""

from __future__ import annotations

from tests.cash import books_shop as books
from tests.cash import shop
from tests.orders.mornings import today
from tests.town import Town


def situation(town: Town) -> None:
    """One who was paid, one for whom the account has not enough, and today asked for."""
    campaign = books.opened(town)
    books.paid(town, campaign, town.person())
    short, empty = town.person(), town.campaign(shop.offer())
    shop.fill(town, -shop.operations(town)["available"])
    shop.given(town, empty, short)
    shop.tap(town, short)
    town.admin.post("/v1/admin/cash/days", {"day": today().isoformat()})
